//! Many fragments of a long article: which they are, and how long they may take.

use std::time::{Duration, Instant};

use engine::{Engine, SearchError, SearchRequest};
use proptest::prelude::*;

use crate::support::{Collection, request};

/// An article with a word in each of so many lines, every second of which is blank.
fn long_article(sentences: usize) -> Collection {
    let collection = Collection::new();
    let line = |number| format!("The word stands in sentence {number} of them all.\n\n");
    let text: String = (1..=sentences).map(line).collect();
    collection.write("long.txt", &format!("A long article.\n\n{text}"));
    collection.update();
    collection
}

fn every_fragment(query: &str) -> SearchRequest {
    SearchRequest { fragments: usize::MAX, ..request(query) }
}

#[test]
fn every_sentence_is_shown_once_and_with_its_line_where_that_is_asked_for() {
    let collection = long_article(2_000);
    let hits = collection.engine().search(&every_fragment("word OR sentence")).unwrap().hits;
    let shown: Vec<(u32, &str)> =
        hits[0].fragments.iter().map(|fragment| (fragment.line, fragment.text.as_str())).collect();
    let expected: Vec<String> =
        (1..=2_000).map(|number| format!("The word stands in sentence {number} of them all.")).collect();
    assert!(
        shown.into_iter().eq((1..).map(|number| 2 * number + 1).zip(expected.iter().map(String::as_str)))
    );
}

#[test]
fn picking_fragments_ends_with_the_time_for_the_answer() {
    let collection = long_article(20_000);
    let time = Duration::from_millis(20);
    let engine = collection.engine().with_timeout(Some(time));
    let started = Instant::now();
    let answer = engine.search(&every_fragment("word"));
    assert!(matches!(answer, Err(SearchError::TimedOut(_))), "{:?}", answer.map(|answer| answer.hits.len()));
    assert!(started.elapsed() < time + Duration::from_secs(2), "{:?}", started.elapsed());
}

#[test]
fn a_word_without_end_and_a_letter_under_thousands_of_accents_do_not_fill_the_screen() {
    let collection = Collection::new();
    let (long, accents) = ("a".repeat(60_000), "\u{301}".repeat(2_000));
    collection.write(
        "odd.jsonl",
        &format!(
            "{}\n{}\n{}\n",
            serde_json::json!({ "title": long, "body": format!("The word is {long} and it ends.") }),
            serde_json::json!({ "title": "Accents", "body": format!("An a{accents} here.") }),
            serde_json::json!({ "title": format!("a{accents}"), "body": "An empty body." }),
        ),
    );
    collection.update();
    let hits = collection.engine().search(&every_fragment("a*")).unwrap().hits;
    assert_eq!(hits.len(), 3);
    for hit in hits {
        let shown = hit.fragments.iter().map(|fragment| fragment.text.chars().count()).sum::<usize>();
        assert!(shown < 1_000 && hit.title.chars().count() < 310, "{shown} {}", hit.title);
        for fragment in &hit.fragments {
            assert!(!fragment.highlights.is_empty(), "{fragment:?}");
            assert!(
                fragment.highlights.iter().all(|range| fragment.text[range.clone()].starts_with(['a', 'A']))
            );
        }
    }
}

/// Pieces of text, some of them long.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => Just("zebra"), 4 => Just(" "), 2 => Just(". "), 2 => Just("-"), 1 => Just("\n\n"), 2 => Just("é"),
        2 => Just("\u{301}"), 2 => Just("\u{200D}"), 2 => Just("👩\u{1F3FD}"), 2 => Just("北京"), 1 => Just("’"), 1 => Just("U.S. "),
    ];
    let count = prop_oneof![6 => 1..4_usize, 1 => 20..400_usize];
    let run = (piece, count).prop_map(|(piece, count)| piece.repeat(count));
    prop::collection::vec(run, 1..40).prop_map(|runs| runs.concat())
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_fragment_is_a_part_of_its_article_that_fits_and_marks_words(text in pieces()) {
        let collection = Collection::new();
        collection.write("odd.txt", &text);
        collection.update();
        let engine = collection.engine();
        for query in ["z* OR U.S. OR é*", "北京 OR \"zebra zebra\"", "*ebra OR \"北京 北京\""] {
            for hit in engine.search(&SearchRequest { fragments: 3, ..request(query) }).unwrap().hits {
                let whole = on_one_line(&engine.articles(hit.id.as_ref(), 1).unwrap()[0].text);
                prop_assert!(hit.title.chars().count() <= 310, "{:?}", hit);
                for fragment in &hit.fragments {
                    let mut parts = fragment.text.split('…').map(|part| part.trim_matches(' '));
                    prop_assert!(parts.all(|part| whole.contains(part)), "{:?}", fragment);
                    prop_assert!(fragment.text.chars().count() < 4_000, "{:?}", fragment);
                    for range in &fragment.highlights {
                        let tokens = fragment.text.get(range.clone()).map_or(0, schema::count_tokens);
                        prop_assert!(tokens > 0, "{:?}", fragment);
                    }
                }
            }
        }
    }
}
