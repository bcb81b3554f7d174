//! What is written comes back, through dictionaries, deletions and merges.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use store::{BLOCK_BYTES, FIELD_TYPE, Notes, Record, Store, StorePlugin};
use tantivy::index::SegmentComponent;
use tantivy::indexer::NoMergePolicy;
use tantivy::schema::{FAST, Field, INDEXED, Schema, Term};
use tantivy::{HasLen, Index, IndexWriter, SegmentReader, TantivyDocument};

/// Texts from this number on are Chinese.
const CHINESE: u64 = 100_000;

/// A collection of numbered texts.
struct Texts {
    index: Index,
    writer: IndexWriter,
    number: Field,
    record: Field,
}

/// Text of about so many bytes that looks a little like language, and is another for every number.
fn text(number: u64, bytes: usize) -> String {
    let english = ["the", "alliance", "met", "in", "Madrid", "and", "spoke", "of", "trade", "with", "envoys"];
    let chinese = ["联盟", "在", "马德里", "开会", "与", "使者", "谈论", "贸易", "大臣", "北京", "的"];
    let words = if number < CHINESE { english } else { chinese };
    let mut numbers = fastrand::Rng::with_seed(number);
    let mut text = String::new();
    while text.len() < bytes {
        text += words[numbers.usize(..words.len())];
        text += if numbers.u8(..16) == 0 { ". " } else { " " };
    }
    text
}

impl Texts {
    fn new() -> Texts {
        let mut schema = Schema::builder();
        let number = schema.add_u64_field("number", INDEXED | FAST);
        let record = schema.add_custom_field("record", FIELD_TYPE, serde_json::Value::Null);
        let builder = Index::builder().schema(schema.build());
        let index = builder.register_plugin(Arc::new(StorePlugin::default())).create_in_ram().unwrap();
        let writer: IndexWriter = index.writer_with_num_threads(1, 50_000_000).unwrap();
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Texts { index, writer, number, record }
    }

    fn add(&mut self, numbers: std::ops::Range<u64>, bytes: usize) {
        for number in numbers {
            let mut document = TantivyDocument::new();
            document.add_u64(self.number, number);
            let (note, card, text) =
                (format!("note {number}"), format!("card {number}"), text(number, bytes));
            let record = Record { note: note.as_bytes(), card: card.as_bytes(), text: text.as_bytes() };
            document.add_custom(self.record, &record.to_bytes());
            self.writer.add_document(document).unwrap();
        }
        self.writer.commit().unwrap();
    }

    fn segments(&self) -> Vec<SegmentReader> {
        self.index.reader().unwrap().searcher().segment_readers().to_vec()
    }

    /// Reads everything back, and returns the numbers.
    fn check(&self, bytes: impl Fn(u64) -> usize) -> Vec<u64> {
        let mut numbers = Vec::new();
        for segment in self.segments() {
            let (store, notes) = (Store::open(&segment).unwrap(), Notes::open(&segment).unwrap());
            let column = segment.fast_fields().u64("number").unwrap();
            assert_eq!(store.articles(), segment.max_doc() as usize);
            for doc in segment.doc_ids_alive() {
                let number = column.first(doc).unwrap();
                let expected = text(number, bytes(number));
                let stored = store.text(doc).unwrap();
                assert_eq!(notes.of(doc).unwrap(), format!("note {number}").as_bytes());
                assert_eq!(stored.card().unwrap(), format!("card {number}").as_bytes());
                assert_eq!(stored.len(), expected.len());
                let cut = expected.len() / 3..expected.len() - expected.len() / 5;
                assert_eq!(stored.part(cut.clone()).unwrap(), expected.as_bytes()[cut]);
                assert_eq!(stored.whole().unwrap().1, expected.as_bytes());
                assert!(stored.part(0..expected.len() + 1).is_err());
                numbers.push(number);
            }
        }
        numbers.sort_unstable();
        numbers
    }

    fn merge(&mut self) {
        let segments = self.index.searchable_segment_ids().unwrap();
        self.writer.merge(&segments).wait().unwrap();
        assert_eq!(self.segments().len(), 1);
    }

    fn packed_bytes(&self) -> usize {
        let file = |segment: &SegmentReader| segment.open_read(SegmentComponent::Custom("texts".to_owned()));
        self.segments().iter().map(|segment| file(segment).unwrap().len()).sum()
    }
}

#[test]
fn small_collections_come_back_without_a_dictionary() {
    let mut texts = Texts::new();
    texts.add(0..3, 200);
    texts.add(3..4, 3 * BLOCK_BYTES + 17);
    texts.add(4..5, 0);
    let bytes = |number| [200, 200, 200, 3 * BLOCK_BYTES + 17, 0][number as usize];
    assert_eq!(texts.check(bytes), [0, 1, 2, 3, 4]);
    texts.merge();
    assert_eq!(texts.check(bytes), [0, 1, 2, 3, 4]);
}

#[test]
fn large_and_small_segments_are_merged_under_one_dictionary_without_what_was_deleted() {
    let mut texts = Texts::new();
    // The first trains a dictionary, the second takes it, the third is too small to have one.
    texts.add(0..900, 3_000);
    texts.add(900..1_300, 3_000);
    texts.add(1_300..1_303, 3_000);
    assert_eq!(texts.segments().len(), 3);
    assert_eq!(texts.check(|_| 3_000).len(), 1_303);
    let raw = 1_303 * 3_000;
    assert!(texts.packed_bytes() < raw * 6 / 10, "{} of {raw}", texts.packed_bytes());
    for number in [5, 901, 1_301] {
        texts.writer.delete_term(Term::from_field_u64(texts.number, number));
    }
    texts.writer.commit().unwrap();
    texts.merge();
    let numbers = texts.check(|_| 3_000);
    assert_eq!(numbers.len(), 1_300);
    assert!(texts.packed_bytes() < raw * 5 / 10, "{} of {raw}", texts.packed_bytes());
    assert!([5, 901, 1_301].iter().all(|gone| numbers.binary_search(gone).is_err()));
}

#[test]
fn a_dictionary_of_one_language_does_not_spoil_the_texts_of_another() {
    let mut texts = Texts::new();
    texts.add(0..200, 3_000);
    texts.add(CHINESE..CHINESE + 200, 3_000);
    let apart = texts.packed_bytes();
    texts.merge();
    assert_eq!(texts.check(|_| 3_000).len(), 400);
    let raw = 400 * 3_000;
    assert!(apart < raw / 2 && texts.packed_bytes() < raw / 2, "{apart}, {} of {raw}", texts.packed_bytes());
}

#[test]
fn records_are_read_as_they_were_written() {
    let record = Record { note: b"n", card: b"", text: b"some text" };
    assert_eq!(Record::from_bytes(&record.to_bytes()), Some(record));
    assert_eq!(Record::from_bytes(&[]), None);
    assert_eq!(Record::from_bytes(&[9, 9, 1]), None);
}
