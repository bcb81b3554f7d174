//! What is found is what every article's score says.

use std::collections::HashSet;

use tantivy::query::Bm25Weight;
use tantivy::{DocId, Score};

use super::Scored;
use crate::deadline::Deadline;
use crate::plan::{Needed, ScoredWords};
use crate::postings::Files;
use crate::postings::tests::{ARTICLES, Frequency, WORDS, searcher};
use crate::share::Share;
use crate::spans::Weights;
use crate::words::KnownWords;

/// Few words and many, the first of them the rarest or not, one twice.
const ASKED: &[&[&str]] = &[
    &["common", "usual"],
    &["rare", "usual"],
    &["usual", "once"],
    &["common", "common", "much"],
    &["seldom", "usual", "common"],
    &["few", "rare", "seldom", "usual"],
    &["common", "much", "block", "few", "once"],
    &["usual", "common", "seldom", "rare", "few", "much"],
    &["much", "once", "block", "few", "rare", "seldom", "usual", "common"],
    &["once", "much", "block", "few", "rare", "seldom", "usual", "common"],
];

fn times_of(text: &str) -> Frequency {
    WORDS.iter().find(|(word, _)| *word == text).expect("a word").1
}

/// In how many articles a word is.
fn frequency(text: &str) -> u64 {
    (0..ARTICLES).filter(|&doc| times_of(text)(doc) > 0).count() as u64
}

#[test]
fn the_best_articles_of_a_few_words_are_found_each_once() {
    let (searcher, field) = searcher();
    let files = Files::open(searcher.segment_readers()).expect("opened");
    let [segment] = searcher.segment_readers() else { panic!("one segment") };
    let lengths = segment.get_fieldnorms_reader(field).expect("lengths");
    let deadline = Deadline::after(None);
    for texts in ASKED {
        for needed in [Needed::Any, Needed::First, Needed::All] {
            let weights = || Weights::of(&searcher, field).expect("statistics");
            let asked = ScoredWords { field, words: texts.to_vec(), needed };
            let words = KnownWords::look_up(asked, &searcher, &files, weights().into()).expect("looked up");
            let bm25: Vec<Bm25Weight> = texts.iter().map(|text| weights().of_word(frequency(text))).collect();
            let mut expected: Vec<Score> = (0..ARTICLES)
                .filter_map(|doc| {
                    let times: Vec<u32> = texts.iter().map(|text| times_of(text)(doc)).collect();
                    let is_hit = match needed {
                        Needed::Any => true,
                        Needed::First => times[0] > 0,
                        Needed::All => times.iter().all(|&times| times > 0),
                    };
                    let words = times.iter().zip(&bm25).filter(|(times, _)| **times > 0);
                    let length = lengths.fieldnorm_id(doc);
                    let score: f64 = words.map(|(&times, bm25)| f64::from(bm25.score(length, times))).sum();
                    Some(score as Score).filter(|&score| is_hit && score > 0.0)
                })
                .collect();
            expected.sort_by(|a, b| b.total_cmp(a));
            for limit in [1, 10, 100, 3_000] {
                let scored = Scored {
                    words: &words,
                    searcher: &searcher,
                    share: Share::WHOLE,
                    in_order: false,
                    deadline: &deadline,
                };
                let (mut found, mut seen): (Vec<Score>, HashSet<DocId>) = Default::default();
                let mut take = |doc, score: Score| {
                    assert!(seen.insert(doc), "{doc} comes twice: {texts:?}, {needed:?}");
                    let at = found.partition_point(|&other| other >= score);
                    found.insert(at, score);
                    found.truncate(limit);
                    if found.len() == limit { found[limit - 1].next_down() } else { Score::MIN }
                };
                scored.best(Score::MIN, segment, &mut take).expect("evaluated");
                let expected = &expected[..limit.min(expected.len())];
                assert_eq!(found.len(), expected.len(), "{limit} of {texts:?}, {needed:?}");
                let differs = found.iter().zip(expected).position(|(a, b)| (a - b).abs() > 1e-5 * b);
                assert_eq!(differs, None, "{limit} of {texts:?}, {needed:?}");
            }
        }
    }
}
