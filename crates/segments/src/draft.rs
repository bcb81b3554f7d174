//! A segment that is being made, in memory.

use std::collections::HashMap;

use rustc_hash::FxHashMap;
use store::{Gathered, PackedRecord, Record, RecordPacker, StoreError, Training, push_number, take_number};
use tantivy::schema::{Schema, Term};
use tantivy::{DocId, TantivyDocument};

use crate::inverter::{Inverted, has_positions};
use crate::terms::{Terms, hash};

/// What a term has for a number that is not among those of the segment yet.
const NO_NUMBER: u32 = u32::MAX;

/// The documents of a segment.
pub(crate) struct Draft {
    /// By number.
    pub(crate) fields: Vec<FieldDraft>,
    /// What of each document goes into columns.
    pub(crate) columns: Vec<TantivyDocument>,
    pub(crate) records: Gathered,
    column_bytes: usize,
    deletions: Vec<Deletion>,
}

/// The terms of a field.
pub(crate) struct FieldDraft {
    pub(crate) terms: Terms,
    pub(crate) has_places: bool,
    /// Of each document that has the field: how many numbers it is after the one before it, how many terms it has, and each of them:
    /// its number, and where positions matter its places (see [`Inverted`]).
    postings: Vec<u8>,
    /// The documents that have the field, and its length in each.
    pub(crate) lengths: Vec<(DocId, u32)>,
}

/// All documents before one that have a term are gone.
struct Deletion {
    field: usize,
    term: u32,
    before: DocId,
}

/// The numbers in a draft of the terms of a document, as far as they have any.
#[derive(Default)]
pub(crate) struct Numbers(Vec<u32>);

impl Draft {
    pub(crate) fn new(schema: &Schema, records: Gathered) -> Draft {
        let fields = schema.fields().map(|(_, entry)| FieldDraft::new(has_positions(entry))).collect();
        Draft { fields, columns: Vec::new(), records, column_bytes: 0, deletions: Vec::new() }
    }

    /// The numbers of the terms of a document. This takes most of the time of adding it, and changes nothing.
    pub(crate) fn find(&self, inverted: &Inverted, numbers: &mut Numbers) {
        numbers.0.clear();
        for field in &inverted.fields {
            let terms = &self.fields[field.field.field_id() as usize].terms;
            let found = inverted.terms(field).map(|term| terms.find(term.bytes, term.hash));
            numbers.0.extend(found.map(|number| number.unwrap_or(NO_NUMBER)));
        }
    }

    /// Adds a document. Where `numbers` were not found in this draft they are found now. Returns a dictionary to train when it is time for
    /// one.
    pub(crate) fn push(
        &mut self,
        inverted: &Inverted,
        numbers: Option<&Numbers>,
        columns: TantivyDocument,
        record: &Record<'_>,
        packed: Option<PackedRecord>,
    ) -> Result<Option<Training>, StoreError> {
        let doc = self.columns.len() as DocId;
        let mut numbers = numbers.into_iter().flat_map(|numbers| &numbers.0);
        for field in &inverted.fields {
            let draft = &mut self.fields[field.field.field_id() as usize];
            let last = draft.lengths.last().map_or(0, |(last, _)| *last);
            draft.lengths.push((doc, field.tokens));
            let terms = inverted.terms(field);
            push_number(&mut draft.postings, u64::from(doc - last));
            push_number(&mut draft.postings, terms.len() as u64);
            for term in terms {
                let number = match numbers.next() {
                    Some(&number) if number != NO_NUMBER => number,
                    _ => draft.terms.number(term.bytes, term.hash),
                };
                push_number(&mut draft.postings, u64::from(number));
                draft.postings.extend_from_slice(term.places);
            }
        }
        self.column_bytes += columns.len() * COLUMN_BYTES;
        self.columns.push(columns);
        self.records.push(record, packed)
    }

    /// What packs the records of this draft.
    pub(crate) fn packer(&self) -> Option<RecordPacker> {
        self.records.packer()
    }

    /// Takes away the documents that have a term.
    pub(crate) fn delete(&mut self, term: &Term) {
        let field = term.field().field_id() as usize;
        let bytes = term.serialized_value_bytes();
        if let Some(term) = self.fields[field].terms.find(bytes, hash(bytes)) {
            self.deletions.push(Deletion { field, term, before: self.columns.len() as DocId });
        }
    }

    /// The documents that are not deleted, under their new numbers.
    pub(crate) fn kept(&self) -> Kept {
        let mut of_field: FxHashMap<usize, FxHashMap<u32, DocId>> = HashMap::default();
        for deletion in &self.deletions {
            // The last deletion of a term reaches farthest.
            of_field.entry(deletion.field).or_default().insert(deletion.term, deletion.before);
        }
        let mut is_gone = vec![false; self.columns.len()];
        for (field, before) in of_field {
            let mut postings = self.fields[field].postings();
            while let Some(doc) = postings.next_document() {
                while let Some((term, _)) = postings.next_term() {
                    is_gone[doc as usize] |= before.get(&term).is_some_and(|before| doc < *before);
                }
            }
        }
        Kept::without(&is_gone)
    }

    /// How many documents have been added.
    pub(crate) fn len(&self) -> usize {
        self.columns.len()
    }

    /// Bytes of memory it takes, about.
    pub(crate) fn memory(&self) -> usize {
        let fields = self.fields.iter().map(FieldDraft::memory).sum::<usize>();
        fields + self.column_bytes + self.columns.len() * size_of::<TantivyDocument>() + self.records.memory()
    }
}

/// What a value of a column takes.
const COLUMN_BYTES: usize = 24;

impl FieldDraft {
    fn new(has_places: bool) -> FieldDraft {
        FieldDraft { terms: Terms::default(), has_places, postings: Vec::new(), lengths: Vec::new() }
    }

    pub(crate) fn postings(&self) -> Postings<'_> {
        Postings { rest: &self.postings, doc: 0, terms: 0, has_places: self.has_places }
    }

    fn memory(&self) -> usize {
        self.terms.memory() + self.postings.len() + self.lengths.len() * size_of::<(DocId, u32)>()
    }
}

/// The postings of a field, a document after the other.
pub(crate) struct Postings<'a> {
    rest: &'a [u8],
    doc: DocId,
    /// Terms of the document that are still to be read.
    terms: u32,
    pub(crate) has_places: bool,
}

impl<'a> Postings<'a> {
    /// The next document, once all terms of the one before it have been read.
    pub(crate) fn next_document(&mut self) -> Option<DocId> {
        if self.rest.is_empty() {
            return None;
        }
        self.doc += self.take();
        self.terms = self.take();
        Some(self.doc)
    }

    /// The next term of the document, and its places.
    #[inline]
    pub(crate) fn next_term(&mut self) -> Option<(u32, &'a [u8])> {
        self.terms = self.terms.checked_sub(1)?;
        let term = self.take();
        let places = if self.has_places { self.take_places() } else { &[] };
        Some((term, places))
    }

    #[inline]
    fn take(&mut self) -> u32 {
        take_number(&mut self.rest).unwrap_or_default() as u32
    }

    /// As many numbers as the first one says, and that.
    #[inline]
    fn take_places(&mut self) -> &'a [u8] {
        let start = self.rest;
        let mut numbers = self.take();
        let is_last = |byte: &u8| {
            numbers -= u32::from(*byte < 0x80);
            numbers == 0
        };
        let end = self.rest.iter().position(is_last).map_or(0, |last| last + 1);
        self.rest = &self.rest[end..];
        &start[..start.len() - self.rest.len()]
    }
}

/// The documents of a draft that become documents of a segment.
pub(crate) struct Kept {
    /// The new number of each, or [`GONE`]; `None` where all are kept.
    numbers: Option<Vec<DocId>>,
    pub(crate) count: DocId,
}

/// In place of the number of a document that is not kept.
const GONE: DocId = DocId::MAX;

impl Kept {
    fn without(is_gone: &[bool]) -> Kept {
        let mut count = 0;
        let numbers = is_gone.iter().map(|&is_gone| {
            if is_gone {
                return GONE;
            }
            count += 1;
            count - 1
        });
        let numbers: Vec<DocId> = numbers.collect();
        Kept { numbers: Some(numbers).filter(|_| is_gone.contains(&true)), count }
    }

    /// The new number of a document.
    #[inline]
    pub(crate) fn number(&self, doc: DocId) -> Option<DocId> {
        match &self.numbers {
            None => Some(doc),
            Some(numbers) => Some(numbers[doc as usize]).filter(|number| *number != GONE),
        }
    }
}
