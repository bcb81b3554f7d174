//! What the writer makes is what the engine's own would have made.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::sync::Arc;

use segments::{Alike, Options, Writer};
use store::{FIELD_TYPE, Notes, Record, Store, StorePlugin};
use tantivy::collector::DocSetCollector;
use tantivy::index::SegmentComponent;
use tantivy::indexer::NoMergePolicy;
use tantivy::query::TermQuery;
use tantivy::schema::{
    BytesOptions, FAST, Field, INDEXED, IndexRecordOption, NumericOptions, STRING, Schema, TEXT, Term,
    TextFieldIndexing, TextOptions, Value,
};
use tantivy::{Index, IndexWriter, Searcher, TantivyDocument};

/// More than any test adds.
const NEVER_FULL: usize = 1_000_000_000;

const WORDS: [&str; 12] = [
    "the",
    "of",
    "alliance",
    "met",
    "Madrid",
    "envoys",
    "trade",
    "summit",
    "北京",
    "émigré",
    "a",
    "unprecedentedly",
];

struct Fields {
    text: Field,
    name: Field,
    pairs: Field,
    key: Field,
    day: Field,
    content: Field,
    record: Field,
}

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let unscored = TextFieldIndexing::default()
        .set_tokenizer("default")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions)
        .set_fieldnorms(false);
    let fields = Fields {
        text: schema.add_text_field("text", TEXT),
        name: schema.add_text_field("name", STRING | FAST),
        pairs: schema.add_text_field("pairs", TextOptions::default().set_indexing_options(unscored)),
        key: schema.add_u64_field("key", NumericOptions::from(INDEXED | FAST)),
        day: schema.add_i64_field("day", NumericOptions::from(INDEXED | FAST)),
        content: schema.add_bytes_field("content", BytesOptions::default().set_indexed()),
        record: schema.add_custom_field("record", FIELD_TYPE, serde_json::Value::Null),
    };
    (schema.build(), fields)
}

fn index() -> (Index, Arc<StorePlugin>, Fields) {
    let (schema, fields) = schema();
    let plugin = Arc::new(StorePlugin::default());
    let index = Index::builder().schema(schema).register_plugin(plugin.clone()).create_in_ram().unwrap();
    (index, plugin, fields)
}

/// A document that is another for every number; a few are empty.
fn document(number: u64, fields: &Fields) -> TantivyDocument {
    let mut random = fastrand::Rng::with_seed(number);
    let mut document = TantivyDocument::new();
    document.add_u64(fields.key, number);
    if number.is_multiple_of(97) {
        return document;
    }
    let mut text = String::new();
    for _ in 0..random.usize(0..if number.is_multiple_of(50) { 4_000 } else { 200 }) {
        // The first words more often than the last, and some that are in no other document.
        let word = WORDS[random.usize(0..WORDS.len()).min(random.usize(0..WORDS.len()))];
        text += if random.u8(..) == 0 { format!("w{}", random.u16(..)) } else { word.to_owned() }.as_str();
        text += if random.u8(..20) == 0 { ". " } else { " " };
    }
    document.add_text(fields.text, &text);
    document.add_text(fields.pairs, &text);
    if random.bool() {
        document.add_text(fields.text, "a second value of the field");
    }
    document.add_text(fields.name, format!("name {number}"));
    document.add_text(fields.name, ["", "other", "another"][random.usize(0..3)]);
    document.add_u64(fields.key, random.u64(0..50));
    if random.bool() {
        document.add_i64(fields.day, random.i64(-400..400));
    }
    document.add_bytes(fields.content, &number.to_be_bytes()[..random.usize(4..8)]);
    let note = format!("note {number}");
    let record = Record { note: note.as_bytes(), card: b"{}", text: text.as_bytes() };
    document.add_custom(fields.record, &record.to_bytes());
    document
}

fn options(segment_bytes: usize) -> Options {
    Options { segment_bytes, analysis: |_| None, derived: None, alike: None }
}

fn searcher(index: &Index) -> Searcher {
    index.reader().unwrap().searcher()
}

/// All files of the only segment.
fn files(index: &Index) -> Vec<(String, Vec<u8>)> {
    let searcher = searcher(index);
    let [segment] = searcher.segment_readers() else { panic!("not one segment") };
    ["idx", "pos", "term", "fieldnorm", "fast", "store", "notes", "texts"]
        .map(|name| {
            let file = segment.open_read(SegmentComponent::try_from(name).unwrap()).unwrap();
            (name.to_owned(), file.read_bytes().unwrap().to_vec())
        })
        .to_vec()
}

/// The same without the texts, whose dictionary depends on what came first.
fn but_texts(index: &Index) -> Vec<(String, Vec<u8>)> {
    files(index).into_iter().filter(|(name, _)| name != "texts").collect()
}

/// The keys by which the documents of an index are told apart.
fn keys(index: &Index) -> Vec<u64> {
    let mut keys = Vec::new();
    for segment in searcher(index).segment_readers() {
        let (column, notes) = (segment.fast_fields().u64("key").unwrap(), Notes::open(segment).unwrap());
        let store = Store::open(segment).unwrap();
        for doc in segment.doc_ids_alive() {
            let key = column.first(doc).unwrap();
            let expected = if key.is_multiple_of(97) { String::new() } else { format!("note {key}") };
            assert_eq!(notes.of(doc).unwrap(), expected.as_bytes());
            assert_eq!(
                store.text(doc).unwrap().card().unwrap(),
                if key.is_multiple_of(97) { "" } else { "{}" }.as_bytes()
            );
            keys.push(key);
        }
    }
    keys.sort_unstable();
    keys
}

fn built_by_the_engine(numbers: impl Iterator<Item = u64>) -> Index {
    let (index, _, fields) = index();
    let mut engine: IndexWriter = index.writer_with_num_threads(1, 500_000_000).unwrap();
    engine.set_merge_policy(Box::new(NoMergePolicy));
    for number in numbers {
        engine.add_document(document(number, &fields)).unwrap();
    }
    engine.commit().unwrap();
    index
}

#[test]
fn the_files_are_byte_for_byte_those_of_the_engine() {
    for count in [1, 127, 128, 129, 3_000] {
        let (index, plugin, fields) = index();
        let writer = Writer::new(&index, plugin, options(NEVER_FULL)).unwrap();
        (0..count).for_each(|number| writer.add_document(&document(number, &fields)).unwrap());
        writer.finish().unwrap().engine.commit().unwrap();
        for (ours, theirs) in files(&index).into_iter().zip(files(&built_by_the_engine(0..count))) {
            assert!(ours == theirs, "{} of {count} documents differs", ours.0);
        }
    }
}

#[test]
fn documents_stand_in_the_order_of_their_places_whatever_order_they_come_in() {
    let (index, plugin, fields) = index();
    let writer = Writer::new(&index, plugin, options(NEVER_FULL)).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..3 {
            let (writer, fields) = (&writer, &fields);
            scope.spawn(move || {
                for number in (0..700).rev().filter(|number| number % 3 == thread) {
                    writer.add_document_at(number * 2, &document(number, fields)).unwrap();
                }
            });
        }
    });
    writer.delete_term(Term::from_field_text(fields.name, "name 300")).unwrap();
    writer.finish().unwrap().engine.commit().unwrap();
    let expected = built_by_the_engine((0..700).filter(|number| *number != 300));
    assert!(but_texts(&index) == but_texts(&expected));
    assert_eq!(keys(&index), keys(&expected));
}

#[test]
fn documents_that_are_alike_come_to_stand_together_and_all_are_there() {
    let (index, plugin, fields) = index();
    let alike = Some(Alike { field: fields.text, threads: 2 });
    let writer = Writer::new(&index, plugin, Options { alike, ..options(NEVER_FULL) }).unwrap();
    for number in 0..2_000 {
        let mut document = TantivyDocument::new();
        document.add_u64(fields.key, number * 97);
        if number % 10 != 9 {
            document.add_text(fields.text, format!("a{0} b{0} c{0} d{1}", number % 10, number % 7));
        }
        writer.add_document(&document).unwrap();
    }
    writer.delete_term(Term::from_field_u64(fields.key, 97)).unwrap();
    writer.finish().unwrap().engine.commit().unwrap();
    assert_eq!(keys(&index), (0..2_000).filter(|n| *n != 1).map(|n| n * 97).collect::<Vec<_>>());
    let searcher = searcher(&index);
    let segment = searcher.segment_reader(0);
    let keys = segment.fast_fields().u64("key").unwrap();
    let topics: Vec<u64> = segment.doc_ids_alive().map(|doc| keys.first(doc).unwrap() / 97 % 10).collect();
    let changes = topics.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!(changes < 600, "the topic changes {changes} times");
}

#[test]
fn what_is_deleted_before_a_segment_is_written_never_gets_into_it() {
    let (index, plugin, fields) = index();
    let writer = Writer::new(&index, plugin, options(NEVER_FULL)).unwrap();
    for number in 0..400 {
        writer.add_document(&document(number, &fields)).unwrap();
        if number >= 100 {
            // Also what was deleted before, and what is added later.
            writer.delete_term(Term::from_field_text(fields.name, &format!("name {}", number - 50))).unwrap();
            writer.delete_term(Term::from_field_text(fields.name, &format!("name {}", number + 1))).unwrap();
        }
    }
    writer.finish().unwrap().engine.commit().unwrap();
    assert!(searcher(&index).segment_readers().iter().all(|segment| !segment.has_deletes()));
    let is_left = |number: &u64| !(50..350).contains(number) || number.is_multiple_of(97);
    let expected = built_by_the_engine((0..400).filter(is_left));
    assert_eq!(keys(&index), keys(&expected));
    assert!(but_texts(&index) == but_texts(&expected));
}

#[test]
fn a_document_that_replaces_one_of_an_earlier_segment_stays_alone() {
    let (index, plugin, fields) = index();
    // Every few documents make a segment.
    let writer = Writer::new(&index, plugin, options(60_000)).unwrap();
    for round in 0..3 {
        for number in 0..150 {
            writer.delete_term(Term::from_field_text(fields.name, &format!("name {number}"))).unwrap();
            if number % 97 != 0 || round == 0 {
                writer.add_document(&document(number, &fields)).unwrap();
            }
        }
    }
    writer.finish().unwrap().engine.commit().unwrap();
    assert!(searcher(&index).segment_readers().len() > 3);
    assert_eq!(keys(&index), (0..150).collect::<Vec<_>>());
}

#[test]
fn many_threads_lose_nothing_and_double_nothing() {
    for segment_bytes in [300_000, NEVER_FULL] {
        let (index, plugin, fields) = index();
        let writer = Writer::new(&index, plugin, options(segment_bytes)).unwrap();
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let (writer, fields) = (&writer, &fields);
                scope.spawn(move || {
                    for number in (0..1_200).filter(|number| number % 4 == thread) {
                        writer.add_document(&document(number, fields)).unwrap();
                        if number % 10 == 3 && number > 200 {
                            let gone = format!("name {}", number - 200);
                            writer.delete_term(Term::from_field_text(fields.name, &gone)).unwrap();
                        }
                    }
                });
            }
        });
        writer.finish().unwrap().engine.commit().unwrap();
        // What thread 3 deleted, thread 3 had added, unless it has no name; the other threads may have been slower.
        let keys = keys(&index);
        let distinct: BTreeSet<u64> = keys.iter().copied().collect();
        assert_eq!(distinct.len(), keys.len());
        assert!((0..1_200).filter(|number| number % 10 != 3).all(|number| distinct.contains(&number)));
        let searcher = searcher(&index);
        for word in ["alliance", "the", "second"] {
            let term = Term::from_field_text(fields.text, word);
            let query = TermQuery::new(term, IndexRecordOption::Basic);
            let found = searcher.search(&query, &DocSetCollector).unwrap().len();
            let has = |number: &u64| {
                let document = document(*number, &fields);
                let mut texts = document.get_all(fields.text).filter_map(|value| value.as_str());
                texts.any(|text| text.split([' ', '.']).any(|token| token.eq_ignore_ascii_case(word)))
            };
            assert_eq!(found, keys.iter().filter(|key| has(key)).count(), "{word}");
        }
    }
}

#[test]
fn a_value_of_another_type_is_an_error_and_costs_nothing_else() {
    let (index, plugin, fields) = index();
    let writer = Writer::new(&index, plugin, options(NEVER_FULL)).unwrap();
    writer.add_document(&document(1, &fields)).unwrap();
    let mut wrong = document(2, &fields);
    wrong.add_u64(fields.text, 7);
    assert!(writer.add_document(&wrong).is_err());
    writer.add_document(&document(3, &fields)).unwrap();
    writer.finish().unwrap().engine.commit().unwrap();
    assert_eq!(keys(&index), [1, 3]);
}

#[test]
fn nothing_added_is_no_segment() {
    let (index, plugin, fields) = index();
    let writer = Writer::new(&index, plugin, options(NEVER_FULL)).unwrap();
    writer.add_document(&document(1, &fields)).unwrap();
    writer.delete_term(Term::from_field_u64(fields.key, 1)).unwrap();
    writer.finish().unwrap().engine.commit().unwrap();
    assert!(searcher(&index).segment_readers().is_empty());
}
