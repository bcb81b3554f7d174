//! The postings of a field, turned around: not what terms a document has, but what documents a term has.

use std::ops::Range;
use std::thread;

use store::push_number;
use tantivy::DocId;

use crate::draft::{FieldDraft, InDocument};

/// How much of the postings is turned around at once, in bytes: what a processor's larger cache can hold beside other things. But all of them
/// are read for each part, so that there are not more than [`MOST_RANGES`].
const RANGE_BYTES: u32 = 12 << 20;
const MOST_RANGES: u32 = 4;

/// What becomes of the postings of a field.
pub(crate) struct Turned<'a> {
    pub(crate) field: &'a FieldDraft,
    documents: Vec<(DocId, InDocument)>,
    /// The numbers of the terms that are left, in the order of the terms.
    pub(crate) order: Vec<u32>,
    /// By number.
    pub(crate) sizes: Vec<Size>,
    /// Stretches of `order` that are turned around together.
    pub(crate) ranges: Vec<Range<usize>>,
}

/// What a term takes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Size {
    /// How many documents have it.
    pub(crate) documents: u32,
    /// Its postings: for each document how many numbers it is after the one before, and the places of the term in it.
    pub(crate) bytes: u32,
}

/// Where a term stands while postings are written, or measured.
#[derive(Clone, Copy, Default)]
struct Cursor {
    /// The last document.
    last: DocId,
    /// Where its next posting goes.
    at: u32,
    range: u32,
}

impl<'a> Turned<'a> {
    /// Measures the postings of documents, which have these numbers, in their order.
    pub(crate) fn measure(field: &'a FieldDraft, documents: Vec<(DocId, InDocument)>) -> Turned<'a> {
        let (mut order, sizes) = thread::scope(|scope| {
            let order = scope.spawn(|| field.terms.sorted());
            let sizes = sizes(field, &documents);
            (order.join().unwrap_or_else(|_| field.terms.sorted()), sizes)
        });
        order.retain(|&term| sizes[term as usize].documents > 0);
        let mut ranges = Vec::new();
        let most = sizes.iter().map(|size| size.bytes).sum::<u32>().div_ceil(MOST_RANGES).max(RANGE_BYTES);
        let (mut start, mut bytes) = (0, 0);
        for (number, &term) in order.iter().enumerate() {
            let size = sizes[term as usize].bytes;
            if bytes + size > most && number > start {
                ranges.push(start..number);
                (start, bytes) = (number, 0);
            }
            bytes += size;
        }
        ranges.push(start..order.len());
        Turned { field, documents, order, sizes, ranges }
    }

    /// How many terms the documents have, counted as often as they are there.
    pub(crate) fn tokens(&self) -> u64 {
        self.documents.iter().map(|(_, document)| u64::from(document.length)).sum()
    }

    /// Calls back with the postings of each range of terms, one term after the other, as long as the answer is true.
    pub(crate) fn each_range(&self, mut take: impl FnMut(Range<usize>, Vec<u8>) -> bool) {
        let mut cursors = vec![Cursor::default(); self.sizes.len()];
        for (number, range) in (0..).zip(&self.ranges) {
            let mut end = 0;
            for &term in &self.order[range.clone()] {
                cursors[term as usize] = Cursor { last: 0, at: end, range: number };
                end += self.sizes[term as usize].bytes;
            }
        }
        for (number, range) in (0..).zip(&self.ranges) {
            let bytes =
                self.order[range.clone()].iter().map(|&term| self.sizes[term as usize].bytes as usize);
            let mut postings = vec![0; bytes.sum()];
            let mut delta = Vec::with_capacity(8);
            each_posting(self.field, &self.documents, |doc, term, places| {
                let cursor = &mut cursors[term as usize];
                if cursor.range != number {
                    return;
                }
                delta.clear();
                push_number(&mut delta, u64::from(doc - cursor.last));
                let at = cursor.at as usize;
                let middle = at + delta.len();
                let end = middle + places.len();
                postings[at..middle].copy_from_slice(&delta);
                postings[middle..end].copy_from_slice(places);
                (cursor.last, cursor.at) = (doc, end as u32);
            });
            if !take(range.clone(), postings) {
                return;
            }
        }
    }
}

/// What the terms of a field take, by number.
fn sizes(field: &FieldDraft, documents: &[(DocId, InDocument)]) -> Vec<Size> {
    let mut sizes = vec![Size::default(); field.terms.len()];
    let mut last: Vec<DocId> = vec![0; field.terms.len()];
    each_posting(field, documents, |doc, term, places| {
        let (size, last) = (&mut sizes[term as usize], &mut last[term as usize]);
        size.documents += 1;
        size.bytes += number_bytes(doc - *last) + places.len() as u32;
        *last = doc;
    });
    sizes
}

/// Calls back with document, term and places of every posting.
#[inline]
fn each_posting(
    field: &FieldDraft,
    documents: &[(DocId, InDocument)],
    mut found: impl FnMut(DocId, u32, &[u8]),
) {
    for (doc, document) in documents {
        for (term, places) in field.terms_of(document) {
            found(*doc, term, places);
        }
    }
}

/// How long a number is that is written with [`push_number`].
fn number_bytes(number: u32) -> u32 {
    (u32::BITS - (number | 1).leading_zeros()).div_ceil(7)
}
