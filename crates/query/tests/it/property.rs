//! Random collections and random queries: the engine finds what brute force finds.

use std::collections::BTreeSet;

use engine::{Engine, SearchRequest, Sort};
use proptest::prelude::*;
use serde_json::json;

use crate::naive::Text;
use crate::support::{Collection, request};

/// Few words, so that everything meets everything.
const VOCABULARY: [&str; 8] = ["xi", "putin", "NATO", "summit", "talks", "US", "us", "moscow"];

type Sentences = Vec<Vec<usize>>;

/// A headline and paragraphs of sentences.
#[derive(Clone, Debug)]
struct Story {
    title: Vec<usize>,
    paragraphs: Vec<Sentences>,
}

fn story() -> impl Strategy<Value = Story> {
    let sentence = || prop::collection::vec(0..VOCABULARY.len(), 1..6);
    let paragraphs = prop::collection::vec(prop::collection::vec(sentence(), 1..4), 1..4);
    (prop::collection::vec(0..VOCABULARY.len(), 1..4), paragraphs)
        .prop_map(|(title, paragraphs)| Story { title, paragraphs })
}

impl Story {
    fn title(&self) -> String {
        join(&self.title)
    }

    /// Every sentence begins with a capital: a word of its own, which no query asks for.
    fn sentences(&self) -> Vec<Vec<String>> {
        let sentence = |words: &Vec<usize>| format!("Then {}.", join(words));
        self.paragraphs.iter().map(|sentences| sentences.iter().map(sentence).collect()).collect()
    }

    fn record(&self, id: usize) -> String {
        let paragraphs: Vec<String> = self.sentences().iter().map(|sentences| sentences.join(" ")).collect();
        let body = paragraphs.join("\n\n");
        json!({ "id": format!("{id:03}"), "title": self.title(), "body": body }).to_string() + "\n"
    }

    fn text(&self) -> Text {
        let sentences = self.sentences();
        let paragraphs: Vec<Vec<&str>> =
            sentences.iter().map(|sentences| sentences.iter().map(String::as_str).collect()).collect();
        Text::new(&self.title(), &paragraphs)
    }
}

fn join(words: &[usize]) -> String {
    words.iter().map(|&word| VOCABULARY[word]).collect::<Vec<_>>().join(" ")
}

/// Something with a place in the text.
fn operand() -> impl Strategy<Value = String> {
    let word = || prop::sample::select(&VOCABULARY[..]);
    let leaf = prop_oneof![
        6 => word().prop_map(str::to_owned),
        2 => prop::collection::vec(word(), 2..4).prop_map(|words| format!("\"{}\"", words.join(" "))),
        1 => (word(), word(), 1..4u32).prop_map(|(a, b, slop)| format!("\"{a} {b}\"~{slop}")),
        1 => (word(), word()).prop_map(|(a, b)| format!("{a}-{b}")),
        1 => Just("=US".to_owned()),
        1 => prop::sample::select(&["su*", "*ow", "t*s", "?s", "n?to", "mosc*"][..]).prop_map(str::to_owned),
        1 => prop::sample::select(&["mosocw~1", "nat~", "summat~2", "usx~1"][..]).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            (inner.clone(), 1..6u32, inner.clone()).prop_map(|(a, n, b)| format!("({a} NEAR/{n} {b})")),
            (inner.clone(), 1..6u32, inner.clone()).prop_map(|(a, n, b)| format!("({a} PRE/{n} {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} SENTENCE {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} PARAGRAPH {b})")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("({a} OR {b})")),
        ]
    })
}

/// Any query.
fn query() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        5 => operand(),
        1 => operand().prop_map(|operand| format!("title:({operand})")),
        1 => (1..4u32, operand()).prop_map(|(count, operand)| format!("ATLEAST/{count} {operand}")),
    ];
    let whole = leaf.clone().prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" AND "))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" OR "))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} NOT {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} XRANK {b})")),
            inner.prop_map(|a| format!("(NOT {a})")),
        ]
    });
    // Spans alone are evaluated in another way than in company.
    prop_oneof![1 => leaf, 3 => whole]
}

/// Every hit of a query that can be shown has highlights, and they are words of the text.
fn check_fragments(engine: &impl Engine, request: &SearchRequest) -> Result<(), TestCaseError> {
    for hit in engine.search(&SearchRequest { fragments: 2, ..request.clone() }).unwrap().hits {
        prop_assert!((1..=2).contains(&hit.fragments.len()), "{}: {:?}", request.query, hit.fragments);
        for fragment in &hit.fragments {
            let mut at = 0;
            for range in &fragment.highlights {
                prop_assert!(at <= range.start && range.start < range.end);
                let words = fragment.text.get(range.clone()).map(crate::naive::tokenize).unwrap_or_default();
                let known = |word: &str| VOCABULARY.iter().any(|known| known.to_lowercase() == *word);
                prop_assert!(
                    !words.is_empty() && words.iter().all(|(word, _)| known(word)),
                    "{:?}",
                    fragment
                );
                at = range.end;
            }
        }
    }
    Ok(())
}

fn ids(engine: &impl Engine, request: &SearchRequest) -> Vec<String> {
    engine.search(request).unwrap().hits.into_iter().map(|hit| hit.id).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, max_shrink_iters: 2000, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_finds_what_brute_force_finds(
        stories in prop::collection::vec(story(), 1..10),
        queries in prop::collection::vec(query(), 1..30),
    ) {
        let collection = Collection::new();
        let records: Vec<String> = stories.iter().enumerate().map(|(id, story)| story.record(id)).collect();
        // Two runs make two segments.
        for (file, half) in ["first.jsonl", "second.jsonl"].iter().zip(records.chunks(records.len().div_ceil(2))) {
            collection.write(file, &half.concat());
            collection.update();
        }
        let engine = collection.engine();
        for text in queries {
            let request = request(&text);
            let expected: BTreeSet<String> = stories
                .iter()
                .enumerate()
                .filter(|(_, story)| story.text().matches(&request.query))
                .map(|(id, _)| format!("{id:03}"))
                .collect();
            let found = ids(&engine, &request);
            prop_assert_eq!(found.iter().cloned().collect::<BTreeSet<_>>(), expected.clone(), "{}", text);
            prop_assert_eq!(engine.count(&request.query, engine::Lookup::default()).unwrap() as usize, expected.len(), "count {}", text);
            let by_id = ids(&engine, &SearchRequest { sort: Sort::Id, ..request.clone() });
            prop_assert_eq!(by_id, expected.into_iter().collect::<Vec<_>>());
            check_fragments(&engine, &request)?;
            // A page of the ranking is a part of the whole ranking.
            let page = ids(&engine, &SearchRequest { limit: 2, offset: 1, ..request });
            let cut: Vec<_> = found.into_iter().skip(1).take(2).collect();
            prop_assert_eq!(page, cut, "page of {}", text);
        }
    }
}
