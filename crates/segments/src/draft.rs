//! A segment that is being made, in memory.

use std::collections::HashMap;
use std::ops::Range;

use rustc_hash::FxHashMap;
use store::{Gathered, PackedRecord, Record, RecordPacker, StoreError, Training, push_number};
use tantivy::schema::{Schema, Term};
use tantivy::{DocId, TantivyDocument};

use crate::bisection::{ForwardIndex, is_telling};
use crate::inverter::{Inverted, TermInDocument, has_positions};
use crate::numbers::Numbers;
use crate::terms::{NO_NUMBER, Terms, hash};
use crate::turned::Size;

/// The documents of a segment.
pub(crate) struct Draft {
    /// By number.
    pub(crate) fields: Vec<FieldDraft>,
    /// What of each document goes into columns.
    pub(crate) columns: Vec<TantivyDocument>,
    pub(crate) records: Gathered,
    /// What the documents are put in order by.
    places: Vec<u64>,
    column_bytes: usize,
    deletions: Vec<Deletion>,
}

/// The terms of a field.
pub(crate) struct FieldDraft {
    pub(crate) terms: Terms,
    pub(crate) has_places: bool,
    /// The documents that have the field.
    pub(crate) documents: Vec<InDocument>,
    /// By part of the alphabet, the terms of each document: their numbers, each with the length of its places where positions matter,
    /// and these (see [`Inverted`]). So that what is turned around at once, a stretch of the alphabet, is read alone.
    postings: Vec<Vec<u8>>,
    /// Where those of each document start in each part.
    starts: Vec<u32>,
}

/// With which bytes terms begin, from the second part of the alphabet on: about as much is in each part of English texts.
const FIRST_BYTES: [u8; PARTS - 1] = [b'c', b'g', b'n', b't'];
const PARTS: usize = 5;

/// A field in a document.
#[derive(Clone, Copy)]
pub(crate) struct InDocument {
    pub(crate) doc: DocId,
    /// How many terms it has there, counted as often as they are there.
    pub(crate) length: u32,
    /// The how many'th it is of those that have the field.
    number: u32,
}

/// All documents before one that have a term are gone.
struct Deletion {
    field: usize,
    term: u32,
    before: DocId,
}

/// What a draft, the how many'th it is, takes of a document: made beside it, so that little is done while others wait.
#[derive(Default)]
pub(crate) struct Encoded {
    pub(crate) draft: u64,
    /// Of the terms of all fields those that the draft has, or [`NO_NUMBER`].
    numbers: Vec<u32>,
    /// One for each field that the document has, and perhaps more.
    fields: Vec<EncodedField>,
}

/// A field of a document.
#[derive(Default)]
struct EncodedField {
    has_places: bool,
    /// Postings by part of the alphabet, of terms that the draft has.
    postings: [Vec<u8>; PARTS],
    /// Places of the others in the list of the field's terms.
    new: Vec<usize>,
}

impl Encoded {
    /// Makes postings of the terms whose numbers were found.
    pub(crate) fn encode(&mut self, inverted: &Inverted) {
        let mut numbers = self.numbers.iter();
        for (field, encoded) in inverted.fields.iter().zip(&mut self.fields) {
            encoded.postings.iter_mut().for_each(Vec::clear);
            encoded.new.clear();
            for ((place, term), &number) in inverted.terms(field).enumerate().zip(&mut numbers) {
                if number == NO_NUMBER {
                    encoded.new.push(place);
                } else {
                    let part = part_of(term.bytes, encoded.has_places);
                    push_posting(&mut encoded.postings[part], number, &term, encoded.has_places);
                }
            }
        }
    }
}

/// Appends a term of a document by its number, with the length of its places where positions matter, and these.
#[inline]
fn push_posting(postings: &mut Vec<u8>, number: u32, term: &TermInDocument<'_>, has_places: bool) {
    push_number(postings, u64::from(number));
    if has_places {
        push_number(postings, term.places.len() as u64);
        postings.extend_from_slice(term.places);
    }
}

/// The part of the alphabet that a term is in, of a field with places. Those of one part follow each other in the order of the terms.
#[inline]
fn part_of(term: &[u8], has_places: bool) -> usize {
    let first = term.first().copied().filter(|_| has_places).unwrap_or_default();
    FIRST_BYTES.iter().map(|&bound| usize::from(first >= bound)).sum()
}

impl Draft {
    pub(crate) fn new(schema: &Schema, records: Gathered) -> Draft {
        let fields = schema.fields().map(|(_, entry)| FieldDraft::new(has_positions(entry))).collect();
        let (columns, places, deletions) = (Vec::new(), Vec::new(), Vec::new());
        Draft { fields, columns, records, places, column_bytes: 0, deletions }
    }

    /// Finds the numbers of the terms of a document in this draft, the how many'th it is. This takes most of the time of adding it,
    /// and changes nothing.
    pub(crate) fn find(&self, number: u64, inverted: &Inverted, encoded: &mut Encoded) {
        encoded.draft = number;
        encoded.numbers.clear();
        let fields = inverted.fields.len().max(encoded.fields.len());
        encoded.fields.resize_with(fields, EncodedField::default);
        for (field, encoded_field) in inverted.fields.iter().zip(&mut encoded.fields) {
            let draft = &self.fields[field.field.field_id() as usize];
            let terms = inverted.terms(field).map(|term| (term.bytes, term.hash));
            draft.terms.find_all(terms, &mut encoded.numbers);
            encoded_field.has_places = draft.has_places;
        }
    }

    /// Adds a document, as it is `encoded` for this draft, if it is. Returns a dictionary to train when it is time for one.
    pub(crate) fn push(
        &mut self,
        place: u64,
        inverted: &Inverted,
        encoded: Option<&Encoded>,
        columns: TantivyDocument,
        record: &Record<'_>,
        packed: Option<PackedRecord>,
    ) -> Result<Option<Training>, StoreError> {
        let doc = self.columns.len() as DocId;
        for (number, field) in inverted.fields.iter().enumerate() {
            let draft = &mut self.fields[field.field.field_id() as usize];
            draft.begin_document(doc, field.tokens);
            let mut terms = inverted.terms(field);
            let Some(encoded) = encoded.map(|encoded| &encoded.fields[number]) else {
                terms.for_each(|term| draft.push_term(&term));
                continue;
            };
            for (part, postings) in draft.postings.iter_mut().zip(&encoded.postings) {
                part.extend_from_slice(postings);
            }
            let mut before = 0;
            for &place in &encoded.new {
                terms.nth(place - before).iter().for_each(|term| draft.push_term(term));
                before = place + 1;
            }
        }
        self.column_bytes += columns.len() * COLUMN_BYTES;
        self.columns.push(columns);
        self.places.push(place);
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

    /// The documents that are not deleted, in the order of their places.
    pub(crate) fn kept(&self) -> Kept {
        let mut of_field: FxHashMap<usize, FxHashMap<u32, DocId>> = HashMap::default();
        for deletion in &self.deletions {
            // The last deletion of a term reaches farthest.
            of_field.entry(deletion.field).or_default().insert(deletion.term, deletion.before);
        }
        let mut is_gone = vec![false; self.columns.len()];
        for (field, before) in of_field {
            for document in &self.fields[field].documents {
                let is_deleted = |(term, _)| before.get(&term).is_some_and(|before| document.doc < *before);
                let mut parts = 0..self.fields[field].parts();
                is_gone[document.doc as usize] |=
                    parts.any(|part| self.fields[field].terms_in(part, document).any(is_deleted));
            }
        }
        let mut documents: Vec<DocId> =
            (0..).zip(is_gone).filter(|(_, gone)| !gone).map(|(doc, _)| doc).collect();
        documents.sort_by_key(|doc| self.places[*doc as usize]);
        Kept::new(documents, self.len())
    }

    /// Do the documents come with places of their own?
    pub(crate) fn are_placed(&self) -> bool {
        self.places.iter().any(|place| *place != self.places[0])
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
        let parts = if has_places { PARTS } else { 1 };
        FieldDraft {
            terms: Terms::default(),
            has_places,
            documents: Vec::new(),
            postings: vec![Vec::new(); parts],
            starts: Vec::new(),
        }
    }

    /// Begins a document that has so many terms.
    fn begin_document(&mut self, doc: DocId, length: u32) {
        self.documents.push(InDocument { doc, length, number: self.documents.len() as u32 });
        self.starts.extend(self.postings.iter().map(|part| part.len() as u32));
    }

    /// Adds a term of the last document.
    fn push_term(&mut self, term: &TermInDocument<'_>) {
        let number = self.terms.number(term.bytes, term.hash);
        let part = part_of(term.bytes, self.has_places);
        push_posting(&mut self.postings[part], number, term, self.has_places);
    }

    /// In how many parts of the alphabet its terms are.
    pub(crate) fn parts(&self) -> usize {
        self.postings.len()
    }

    /// The stretches of terms in order that are in each part.
    pub(crate) fn stretches(&self, order: &[u32]) -> Vec<Range<usize>> {
        let part_of = |term| part_of(self.terms.term(term), self.has_places);
        let end = |part| order.partition_point(|&term| part_of(term) <= part);
        let ends: Vec<usize> = (0..self.postings.len()).map(end).collect();
        let starts = [0].into_iter().chain(ends.iter().copied());
        starts.zip(&ends).map(|(start, &end)| start..end).collect()
    }

    /// The terms of a document that are in a part, and their places.
    #[inline]
    pub(crate) fn terms_in(&self, part: usize, document: &InDocument) -> TermsOfDocument<'_> {
        let at = document.number as usize * self.parts() + part;
        let end = self.starts.get(at + self.parts());
        let end = end.map_or(self.postings[part].len(), |&end| end as usize);
        let bytes = &self.postings[part][self.starts[at] as usize..end];
        TermsOfDocument { numbers: Numbers::new(bytes), has_places: self.has_places }
    }

    /// The terms that tell which documents belong together, of so many documents, of which these have the field.
    pub(crate) fn forward_index(
        &self,
        in_field: &[(DocId, InDocument)],
        documents: usize,
        sizes: &[Size],
    ) -> ForwardIndex {
        let mut count = 0;
        let number = |size: &Size| {
            is_telling(size.documents, documents as u32).then(|| {
                count += 1;
                count - 1
            })
        };
        let numbers: Vec<Option<u32>> = sizes.iter().map(number).collect();
        let mut forward = ForwardIndex { starts: vec![0], list: Vec::new(), count: count as usize };
        let mut in_field = in_field.iter().peekable();
        for doc in 0..documents as DocId {
            if let Some((_, document)) = in_field.next_if(|(next, _)| *next == doc) {
                for part in 0..self.parts() {
                    let terms = self.terms_in(part, document);
                    forward.list.extend(terms.filter_map(|(term, _)| numbers[term as usize]));
                }
            }
            forward.starts.push(forward.list.len());
        }
        forward
    }

    fn memory(&self) -> usize {
        let postings: usize = self.postings.iter().map(Vec::len).sum();
        let documents = self.documents.len() * size_of::<InDocument>() + self.starts.len() * size_of::<u32>();
        self.terms.memory() + postings + documents
    }
}

/// The terms of a document, one after the other.
pub(crate) struct TermsOfDocument<'a> {
    numbers: Numbers<'a>,
    has_places: bool,
}

impl<'a> Iterator for TermsOfDocument<'a> {
    /// The number of the term, and its places.
    type Item = (u32, &'a [u8]);

    #[inline]
    fn next(&mut self) -> Option<(u32, &'a [u8])> {
        if self.numbers.is_empty() {
            return None;
        }
        let term = self.numbers.take();
        let length = if self.has_places { self.numbers.take() } else { 0 };
        Some((term, self.numbers.take_bytes(length as usize)))
    }
}

/// The documents of a draft that become documents of a segment.
pub(crate) struct Kept {
    /// In their new order.
    pub(crate) documents: Vec<DocId>,
    /// The new number of each document, or [`GONE`].
    numbers: Vec<DocId>,
}

/// In place of the number of a document that is not kept.
const GONE: DocId = DocId::MAX;

impl Kept {
    fn new(documents: Vec<DocId>, all: usize) -> Kept {
        let mut numbers = vec![GONE; all];
        for (number, &doc) in (0..).zip(&documents) {
            numbers[doc as usize] = number;
        }
        Kept { documents, numbers }
    }

    /// The same, where that one comes first which has the first of these numbers.
    pub(crate) fn in_order(&self, order: Vec<u32>) -> Kept {
        let documents = order.into_iter().map(|number| self.documents[number as usize]).collect();
        Kept::new(documents, self.numbers.len())
    }

    /// The documents that have a field, each with its new number, in the new order.
    pub(crate) fn of_field(&self, field: &FieldDraft) -> Vec<(DocId, InDocument)> {
        let number = |document: &InDocument| self.numbers[document.doc as usize];
        let documents = field.documents.iter().map(|document| (number(document), *document));
        let mut documents: Vec<_> = documents.filter(|(number, _)| *number != GONE).collect();
        documents.sort_by_key(|(number, _)| *number);
        documents
    }
}
