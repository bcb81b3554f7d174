//! The postings of a field, turned around: not what terms a document has, but what documents a term has.

use std::ops::Range;

use tantivy::DocId;

use crate::draft::{FieldDraft, InDocument};
use crate::numbers::put_number;

/// How much of the postings is turned around at once, in bytes: what a processor's larger cache can hold beside other things. But all
/// of a part of the alphabet are read for each range in it, so that there are not more than [`MOST_RANGES`].
const RANGE_BYTES: usize = 12 << 20;
const MOST_RANGES: usize = 4;

/// A number of 32 bits takes so many bytes at the most.
const NUMBER_BYTES: u32 = 5;

/// What the terms of a field take, in whatever order its documents come.
pub(crate) struct Measured {
    /// The numbers of the terms that are left, in the order of the terms.
    pub(crate) order: Vec<u32>,
    /// By number.
    pub(crate) sizes: Vec<Size>,
}

/// What a term takes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Size {
    /// How many documents have it.
    pub(crate) documents: u32,
    /// Bytes of its places in all of them.
    places: u32,
}

/// What becomes of the postings of a field.
pub(crate) struct Turned<'a> {
    field: &'a FieldDraft,
    documents: Vec<(DocId, InDocument)>,
    pub(crate) measured: &'a Measured,
    /// Of how many documents the segment is.
    all: u32,
    ranges: Vec<TermRange>,
}

/// A stretch of the order of the terms that is turned around at once.
struct TermRange {
    terms: Range<usize>,
    /// The part of the alphabet that it is in.
    part: usize,
}

/// Where a term stands while postings are written.
#[derive(Clone, Copy, Default)]
struct Cursor {
    /// The last document.
    last: DocId,
    /// Where its next posting goes.
    at: u32,
    range: u32,
}

impl Measured {
    /// Of all numbers in the order of their terms.
    pub(crate) fn new(mut order: Vec<u32>, sizes: Vec<Size>) -> Measured {
        order.retain(|&term| sizes[term as usize].documents > 0);
        Measured { order, sizes }
    }
}

/// What the terms of a field take in these documents, by number.
pub(crate) fn sizes(field: &FieldDraft, documents: &[(DocId, InDocument)]) -> Vec<Size> {
    let mut sizes = vec![Size::default(); field.terms.len()];
    for part in 0..field.parts() {
        for (_, document) in documents {
            for (term, places) in field.terms_in(part, document) {
                let size = &mut sizes[term as usize];
                size.documents += 1;
                size.places += places.len() as u32;
            }
        }
    }
    sizes
}

impl Size {
    /// The most bytes that the postings can take, of so many documents in all: the places, and for each document how many numbers it is
    /// after the one before. These add up to no more than there are, so that few of them take more than a byte.
    pub(crate) fn most_bytes(self, all: u32) -> usize {
        let longer = (1..NUMBER_BYTES).map(|bytes| self.documents.min(all >> (7 * bytes)) as usize);
        self.places as usize + self.documents as usize + longer.sum::<usize>()
    }
}

impl<'a> Turned<'a> {
    /// The postings of these documents, which have these numbers among all of the segment, in their order.
    pub(crate) fn new(
        field: &'a FieldDraft,
        documents: Vec<(DocId, InDocument)>,
        measured: &'a Measured,
        all: u32,
    ) -> Turned<'a> {
        let bytes = |term: u32| measured.sizes[term as usize].most_bytes(all);
        let mut ranges = Vec::new();
        for (part, terms) in field.stretches(&measured.order).into_iter().enumerate() {
            let bytes_of_all: usize = measured.order[terms.clone()].iter().map(|&term| bytes(term)).sum();
            let most = bytes_of_all.div_ceil(MOST_RANGES).max(RANGE_BYTES);
            let (mut start, mut in_range) = (terms.start, 0);
            for number in terms.clone() {
                let bytes = bytes(measured.order[number]);
                if in_range + bytes > most && number > start {
                    ranges.push(TermRange { terms: start..number, part });
                    (start, in_range) = (number, 0);
                }
                in_range += bytes;
            }
            if start < terms.end {
                ranges.push(TermRange { terms: start..terms.end, part });
            }
        }
        Turned { field, documents, measured, all, ranges }
    }

    /// The terms that are left, in order.
    pub(crate) fn terms(&self) -> impl Iterator<Item = &'a [u8]> {
        let field = self.field;
        self.measured.order.iter().map(|&term| field.terms.term(term))
    }

    /// How many documents have a term.
    pub(crate) fn documents_of(&self, term: u32) -> u32 {
        self.measured.sizes[term as usize].documents
    }

    /// The most bytes that the postings of a term take.
    pub(crate) fn most_bytes(&self, term: u32) -> usize {
        self.measured.sizes[term as usize].most_bytes(self.all)
    }

    /// How many terms the documents have, counted as often as they are there.
    pub(crate) fn tokens(&self) -> u64 {
        self.documents.iter().map(|(_, document)| u64::from(document.length)).sum()
    }

    /// Calls back with the postings of each range of terms, each in as much room as it can take at the most. The first error ends it.
    pub(crate) fn each_range(
        &self,
        mut take: impl FnMut(Range<usize>, Vec<u8>) -> tantivy::Result<()>,
    ) -> tantivy::Result<()> {
        let mut cursors = vec![Cursor::default(); self.measured.sizes.len()];
        let mut lengths = Vec::with_capacity(self.ranges.len());
        for (number, range) in (0..).zip(&self.ranges) {
            let mut end = 0;
            for &term in &self.measured.order[range.terms.clone()] {
                cursors[term as usize] = Cursor { last: 0, at: end as u32, range: number };
                end += self.most_bytes(term);
            }
            lengths.push(end);
        }
        for ((number, range), length) in (0..).zip(&self.ranges).zip(lengths) {
            let mut postings = vec![0; length];
            for (doc, document) in &self.documents {
                for (term, places) in self.field.terms_in(range.part, document) {
                    let cursor = &mut cursors[term as usize];
                    if cursor.range != number {
                        continue;
                    }
                    let start = put_number(&mut postings, cursor.at as usize, doc - cursor.last);
                    let end = start + places.len();
                    copy_places(&mut postings[start..end], places);
                    (cursor.last, cursor.at) = (*doc, end as u32);
                }
            }
            take(range.terms.clone(), postings)?;
        }
        Ok(())
    }
}

/// Copies places. Most terms stand in a document once, which takes two bytes or three: a call would take longer than the copy.
#[inline]
fn copy_places(to: &mut [u8], places: &[u8]) {
    match (to, places) {
        ([a, b], [first, second]) => (*a, *b) = (*first, *second),
        ([a, b, c], [first, second, third]) => (*a, *b, *c) = (*first, *second, *third),
        (to, places) => to.copy_from_slice(places),
    }
}
