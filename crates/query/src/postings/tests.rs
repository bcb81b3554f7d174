//! What the engine reads is what we read.

use tantivy::index::InvertedIndexReader;
use tantivy::schema::{IndexRecordOption, Schema, TEXT, Term, TextFieldIndexing, TextOptions};
use tantivy::{DocSet, Index, Searcher, doc};

use super::*;

pub(crate) const ARTICLES: u32 = 40_000;

/// A field without frequencies.
const PLAIN: &str = "plain";

/// How often an article has a word.
pub(crate) type Frequency = fn(u32) -> u32;

/// Alike, one far rarer, so rare that a block of them is longer than the table, in less than a block, in one block, far oftener in
/// an article than a byte can tell, and in one article.
pub(crate) const WORDS: [(&str, Frequency); 8] = [
    ("common", |doc| u32::from(mixed(doc) % 3 < 1) * (1 + doc % 4)),
    ("usual", |doc| u32::from(mixed(doc + 7) % 5 < 2) * (1 + doc % 3)),
    ("seldom", |doc| u32::from(mixed(doc) % 21 < 1) * (1 + doc % 7)),
    ("rare", |doc| u32::from(mixed(doc) % 147 < 1) * (1 + doc % 2)),
    ("few", |doc| u32::from(doc % 400 == 3) * (1 + doc % 5)),
    ("block", |doc| u32::from(doc % 2 == 0 && doc < 256)),
    ("much", |doc| u32::from(doc % 150 == 0) * (1 + doc % 700)),
    ("once", |doc| u32::from(doc == 31_000)),
];

/// Multiplicative hashing (Knuth 1973), so that no two blocks of postings are alike.
fn mixed(doc: u32) -> u32 {
    doc.wrapping_mul(2_654_435_761) >> 8
}

/// One segment of articles that have the words.
pub(crate) fn searcher() -> (Searcher, Field) {
    let mut schema = Schema::builder();
    let field = schema.add_text_field("text", TEXT);
    let indexing = TextFieldIndexing::default().set_fieldnorms(false);
    let indexing = indexing.set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let pairs = schema.add_text_field("pairs", TextOptions::default().set_indexing_options(indexing.clone()));
    let plain = indexing.set_index_option(IndexRecordOption::Basic);
    let plain = schema.add_text_field(PLAIN, TextOptions::default().set_indexing_options(plain));
    let index = Index::create_in_ram(schema.build());
    let mut writer = index.writer_with_num_threads(1, 100_000_000).expect("a writer");
    for doc in 0..ARTICLES {
        let mut text: Vec<&str> =
            WORDS.iter().flat_map(|(word, times)| vec![*word; times(doc) as usize]).collect();
        let first = mixed(doc) as usize % text.len().max(1);
        text.rotate_left(first);
        let text = text.join(" ");
        writer
            .add_document(doc!(field => text.clone(), pairs => text.clone(), plain => text))
            .expect("added");
    }
    writer.commit().expect("committed");
    (index.reader().expect("a reader").searcher(), field)
}

/// An article that has a word, how often all before have it, and where it stands.
type Article = (DocId, u64, Vec<u32>);

/// As the engine reads them.
fn articles_of(index: &InvertedIndexReader, info: &TermInfo) -> Vec<Article> {
    let option = IndexRecordOption::WithFreqsAndPositions;
    let mut postings = index.read_postings_from_terminfo(info, option).expect("postings");
    let (mut articles, mut before) = (Vec::new(), 0);
    while postings.doc() != TERMINATED {
        let mut positions = Vec::new();
        tantivy::postings::Postings::positions(&mut postings, &mut positions);
        let mentions = positions.len() as u64;
        articles.push((postings.doc(), before, positions));
        before += mentions;
        postings.advance();
    }
    articles
}

#[test]
fn any_block_is_read_as_the_engine_reads_it_and_no_article_scores_more_than_its_best() {
    for_each_word(|word, segment, files, field, info, expected| {
        let tokens = segment.inverted_index(field).expect("an index").total_num_tokens();
        let average = tokens as Score / ARTICLES as Score;
        let bm25 = Bm25Weight::for_one_term_without_explain(info.doc_freq.into(), ARTICLES.into(), average);
        let text = segment.schema().get_field("text").expect("a field");
        let lengths = segment.get_fieldnorms_reader(text).expect("lengths");
        let mut postings = Postings::open(files, info).expect("opened");
        assert_eq!(postings.articles() as usize, expected.len());
        let blocks = postings.blocks();
        // Backwards, and each second one first.
        for block in (0..blocks).rev().step_by(2).chain((0..blocks).rev()) {
            let (most, last) = (postings.most(block, &bm25), postings.last(block));
            let mut before = postings.mentions_before(block);
            let (docs, frequencies) = postings.block(block).expect("read");
            let of_block = &expected[block * BLOCK..expected.len().min((block + 1) * BLOCK)];
            assert_eq!(docs.len(), of_block.len(), "{word}, block {block}");
            for ((doc, frequency), expected) in docs.iter().zip(frequencies).zip(of_block) {
                assert_eq!((*doc, before, *frequency as usize), (expected.0, expected.1, expected.2.len()));
                let score = bm25.score(lengths.fieldnorm_id(*doc), *frequency);
                assert!(score <= most * 1.000_001, "{word} in {doc}: {score} and {most}");
                before += u64::from(*frequency);
            }
            assert!(if block + 1 < blocks { docs.last() == Some(&last) } else { last == TERMINATED });
        }
        // No article is behind that, but in damaged files.
        assert_eq!(postings.block_of(0, u32::MAX), blocks - 1);
        for (number, (doc, ..)) in expected.iter().enumerate() {
            assert_eq!(postings.block_of(0, *doc), number / BLOCK);
            assert_eq!(postings.block_of((number / BLOCK).saturating_sub(1), *doc), number / BLOCK);
        }
    });
}

#[test]
fn any_positions_are_read_as_the_engine_reads_them() {
    for_each_word(|word, _, files, _, info, expected| {
        let mut positions = Positions::open(files, info).expect("opened");
        let mut cursor = Cursor::new(Postings::open(files, info).expect("opened"));
        let mut here = Vec::new();
        let backwards = expected.iter().rev().step_by(3);
        for (doc, before, of_article) in expected.iter().step_by(5).chain(expected).chain(backwards) {
            let frequency = of_article.len() as u32;
            let bits = positions.read(*before, frequency, &mut here).expect("read");
            assert_eq!(&here, of_article, "{word} in {doc}");
            assert!(of_article.iter().all(|position| bits >> (position % 64) & 1 == 1));
            assert_eq!(cursor.place_of(*doc).expect("read"), Some((*before, frequency)), "{word} in {doc}");
            if expected.binary_search_by_key(&(doc + 1), |(doc, ..)| *doc).is_err() {
                assert_eq!(cursor.place_of(doc + 1).expect("read"), None, "{word} behind {doc}");
            }
        }
    });
}

/// Calls back with each word in each field, and the articles that have it.
fn for_each_word(check: impl Fn(&str, &SegmentReader, &FieldFiles, Field, &TermInfo, &[Article])) {
    let (searcher, _) = searcher();
    let [segment] = searcher.segment_readers() else { panic!("one segment") };
    let files = Files::open(searcher.segment_readers()).expect("opened");
    for (field, _) in segment.schema().fields().filter(|(_, entry)| entry.name() != PLAIN) {
        let index = segment.inverted_index(field).expect("an index");
        for (word, _) in WORDS {
            let info = index.get_term_info(&Term::from_field_text(field, word)).expect("read");
            let info = info.expect("a word");
            let articles = articles_of(&index, &info);
            check(word, segment, files.of(segment, field).expect("files"), field, &info, &articles);
        }
    }
}

#[test]
fn what_is_indexed_without_frequencies_is_read_as_the_same_with_them() {
    let (searcher, _) = searcher();
    let [segment] = searcher.segment_readers() else { panic!("one segment") };
    let plain = segment.schema().get_field(PLAIN).expect("a field");
    let files = Files::open(searcher.segment_readers()).expect("opened");
    for_each_word(|word, _, _, _, _, expected| {
        let info = look_up(segment, plain, word).expect("read").expect("a word");
        let files = files.of(segment, plain).expect("files");
        assert!(Positions::open(files, &info).is_err());
        let mut postings = Postings::open(files, &info).expect("opened");
        for (block, expected) in (0..postings.blocks()).zip(expected.chunks(BLOCK)).rev() {
            assert_eq!(postings.best(block), Best::OF_ALL);
            assert_eq!(postings.mentions_before(block) as usize, block * BLOCK);
            let (docs, frequencies) = postings.block(block).expect("read");
            assert!(docs.iter().eq(expected.iter().map(|(doc, ..)| doc)), "{word}, block {block}");
            assert!(frequencies.iter().all(|&frequency| frequency == 1));
        }
    });
}

#[test]
fn a_walk_marks_the_articles_that_have_the_word_and_goes_on_where_it_was() {
    for_each_word(|word, _, files, _, info, expected| {
        let has = |doc: &DocId| expected.binary_search_by_key(doc, |(doc, ..)| *doc).is_ok();
        let open = || Cursor::new(Postings::open(files, info).expect("opened"));
        // So far apart that there is a block, a few or one of them in a block of the word.
        for step in [1, 30, 2_000] {
            let (mut cursor, mut lookup) = (open(), Lookup::new());
            let docs: Vec<DocId> = (0..ARTICLES).filter(|doc| mixed(doc + 3) % 2 < 1).step_by(step).collect();
            for docs in docs.chunks(BLOCK) {
                let mut marks = [false; BLOCK];
                cursor.mark(docs, &mut marks, &mut lookup).expect("read");
                assert!(
                    marks[..docs.len()].iter().copied().eq(docs.iter().map(has)),
                    "{word}, each {step}th"
                );
            }
        }
        let (mut cursor, mut walked) = (open(), Vec::new());
        for end in [1, 100, 101, 256, 16_384, ARTICLES] {
            cursor.walk_to(end, |docs| walked.extend_from_slice(docs)).expect("read");
            assert!(walked.iter().eq(expected.iter().map(|(doc, ..)| doc).take_while(|&&doc| doc < end)));
        }
    });
}

#[test]
fn a_search_for_an_article_that_cannot_be_comes_to_an_end() {
    for_each_word(|word, _, files, _, info, expected| {
        let open = || Cursor::new(Postings::open(files, info).expect("opened"));
        let (last, ..) = expected[expected.len() - 1];
        // As the list of another word has it that is damaged.
        let (docs, mut lookup) = ([last, DocId::MAX - 1, DocId::MAX], Lookup::new());
        let mut met = 0;
        let count = |found: &mut super::cursor::Met<'_>| met += found.mentions().count();
        open().find(&docs, &mut lookup, |_, _| true, count).expect("read");
        assert_eq!(met, 1, "{word}");
        let mut marks = [false; BLOCK];
        open().mark(&docs, &mut marks, &mut lookup).expect("read");
        assert_eq!(marks[..3], [true, false, false], "{word}");
    });
}
