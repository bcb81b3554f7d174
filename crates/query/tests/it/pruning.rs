//! What is left out for speed is never one of the best.

use std::collections::BTreeMap;

use engine::{Engine, Hit, Lookup, SearchRequest, Sort};
use fastrand::Rng;
use serde_json::json;

use crate::support::{Collection, request};

/// Enough for many blocks of postings, in two segments.
const ARTICLES: usize = 3_000;

const WORDS: [&str; 9] = ["the", "of", "war", "peace", "treaty", "river", "accord", "envoy", "ceasefire"];

/// The first words far more often than the last.
fn word(numbers: &mut Rng) -> &'static str {
    let bound = numbers.usize(1..=WORDS.len());
    WORDS[numbers.usize(..bound)]
}

/// Two segments, whose articles have up to so many sentences.
fn collection(sentences: [usize; 2]) -> Collection {
    let mut numbers = Rng::with_seed(20_211_215);
    let collection = Collection::new();
    for (part, sentences) in ["a", "b"].into_iter().zip(sentences) {
        let mut records = String::new();
        for number in 0..ARTICLES / 2 {
            let body: Vec<String> = (0..=numbers.usize(..sentences))
                .map(|_| {
                    let words: Vec<_> = (0..2 + numbers.usize(..9)).map(|_| word(&mut numbers)).collect();
                    format!("Then {}.", words.join(" "))
                })
                .collect();
            let (id, body) = (format!("{part}{number:04}"), body.join(" "));
            records += &(json!({ "id": id, "title": word(&mut numbers), "body": body }).to_string() + "\n");
        }
        collection.write(&format!("{part}.jsonl"), &records);
        collection.update();
    }
    collection
}

fn query(numbers: &mut Rng) -> String {
    let mut words =
        |count: usize, between: &str| (0..count).map(|_| word(numbers)).collect::<Vec<_>>().join(between);
    match words(1, "").len() + words(1, "").len() * 7 {
        n if n % 24 == 6 => format!("{} NOT {}", words(2, " AND "), words(1, "")),
        n if n % 6 == 0 => words(2 + n / 6 % 4, " AND "),
        n if n % 6 == 1 => format!("\"{}\"", words(2 + n % 2, " ")),
        n if n % 6 == 2 => words(2, if n % 4 == 0 { " NEAR/3 " } else { " PRE/4 " }),
        n if n % 6 == 3 => words(2, " SENTENCE "),
        n if n % 12 == 4 => words(1, ""),
        n if n % 24 == 5 => format!("{} XRANK ({})", words(1, ""), words(1 + n % 3, " OR ")),
        n if n % 24 == 17 => format!("{} XRANK {}", words(1, ""), words(1, "")),
        n if n % 12 == 10 => {
            format!("body:({})", words(2, if n % 4 == 0 { " NEAR/3 " } else { " SENTENCE " }))
        }
        n => words(2 + n % 5, " OR "),
    }
}

#[test]
fn the_best_are_the_first_of_all() {
    compare(60, [8, 8]);
}

#[test]
fn the_best_are_the_first_of_all_where_segments_are_unlike() {
    compare(60, [14, 3]);
    compare(20, [1, 60]);
}

#[test]
fn the_best_are_the_first_of_all_where_some_of_the_best_were_deleted() {
    let collection = collection([8, 8]);
    let engine = collection.engine();
    let best =
        |text| engine.search(&SearchRequest { limit: 40, fragments: 0, ..request(text) }).unwrap().hits;
    let deleted: Vec<String> = WORDS.into_iter().flat_map(best).map(|hit| format!("{:?}", hit.id)).collect();
    for file in ["a.jsonl", "b.jsonl"] {
        let records = std::fs::read_to_string(collection.articles().join(file)).unwrap();
        let is_deleted = |record: &str| deleted.iter().any(|id| record.contains(id));
        // The lines of the others stay what they are, so that these are not written anew.
        let left = records.lines().map(|record| if is_deleted(record) { "" } else { record });
        collection.write(file, &left.collect::<Vec<_>>().join("\n"));
    }
    collection.update();
    compare_in(&collection, 60);
}

/// Where the best of many candidates come first, those that were left must be found all the same, in whatever order they are walked to.
#[test]
fn spans_in_fields_and_pairs_of_frequent_words_are_found_in_all_of_many_articles() {
    let collection = Collection::new();
    let article = |number: usize| {
        let body = "The house of the man. ".repeat(1 + number % 7) + &"pad ".repeat(5 + number % 50);
        json!({ "id": format!("m{number}"), "title": "man of the house", "body": body }).to_string() + "\n"
    };
    collection.write("a.jsonl", &(0..ARTICLES).map(article).collect::<String>());
    collection.update();
    let engine = collection.engine();
    for text in [
        "\"of the\"",
        "\"the house\"",
        "\"house of the man\"",
        "body:\"house of the man\"",
        "body:(house NEAR/2 man)",
        "body:(man SENTENCE house)",
        "title:\"man of the house\"",
        "title:(house NEAR/3 man)",
        "house PRE/3 man",
    ] {
        let best = |limit| {
            let found = engine.search(&SearchRequest { limit, fragments: 0, ..request(text) }).unwrap();
            (found.total, found.hits.into_iter().map(|hit| hit.id).collect::<Vec<_>>())
        };
        let (total, all) = best(2 * ARTICLES);
        assert_eq!(total.map(|total| total.articles), Some(all.len() as u64), "{text}");
        assert!(all.len() > ARTICLES / 2, "{text}: {}", all.len());
        for limit in [1, 10, 65, 100, 500, ARTICLES / 2] {
            assert_eq!(best(limit).1, all[..limit], "{text}, {limit} best");
        }
    }
}

#[test]
fn what_is_preferred_adds_its_score_to_what_is_wanted_and_finds_nothing_more() {
    let collection = collection([8, 3]);
    let engine = collection.engine();
    let all = |text: &str| -> BTreeMap<String, f32> {
        let request = SearchRequest { limit: 2 * ARTICLES, fragments: 0, ..request(text) };
        engine.search(&request).unwrap().hits.into_iter().map(|hit| (hit.id, hit.score.unwrap())).collect()
    };
    for (wanted, bonus) in [
        ("ceasefire", "the"),
        ("the", "ceasefire"),
        ("the", "of OR war OR ceasefire"),
        ("ceasefire", "accord OR nowhere"),
        ("nowhere", "the"),
        ("war AND peace", "treaty"),
        ("treaty", "\"war peace\" OR river"),
        ("NOT war", "the"),
    ] {
        let [wanted_alone, bonus_alone] = [wanted, bonus].map(all);
        let both = all(&format!("({wanted}) XRANK ({bonus})"));
        assert_eq!(both.len(), wanted_alone.len(), "{wanted} XRANK {bonus}");
        assert!(both.is_empty() == (wanted == "nowhere"), "{wanted}");
        for (id, score) in both {
            let expected = wanted_alone[&id] + bonus_alone.get(&id).unwrap_or(&0.0);
            assert!(
                (score - expected).abs() <= 1e-5 * expected,
                "{wanted} XRANK {bonus}: {score}, {expected}"
            );
        }
    }
}

#[test]
fn on_several_threads_every_order_and_count_is_the_same() {
    let collection = collection([8, 3]);
    collection.write("c.txt", "The river of the war.");
    collection.remove("b.jsonl"); // some articles are deleted, and some are in a third segment
    collection.update();
    let engine = collection.engine();
    let in_shares = collection.engine().with_threads(4).with_least_articles(0);
    for text in [
        "war",
        "the AND of",
        "the OR of OR war",
        "the NEAR/5 of",
        "war XRANK (the OR peace)",
        "(war NEAR/9 the) XRANK peace",
        "NOT (war XRANK the)",
        "\"of the\" OR \"the of\"",
        "war AND \"of the\"",
        "(war NEAR/3 peace)^2",
        "the AND NOT (of SENTENCE war)",
        "w* AND the",
        "NOT war",
        "date:none AND the",
        "river PRE/9 the",
    ] {
        for sort in [Sort::Score, Sort::DateAscending, Sort::DateDescending, Sort::Id] {
            for limit in [0, 1, 10, ARTICLES] {
                let request = SearchRequest { sort, limit, offset: limit / 5, fragments: 0, ..request(text) };
                let [alone, together] = [&engine, &in_shares].map(|engine| engine.search(&request).unwrap());
                assert_eq!(alone.total, together.total, "{text}, {sort:?}");
                let ids =
                    |hits: Vec<Hit>| hits.into_iter().map(|hit| (hit.id, hit.score)).collect::<Vec<_>>();
                assert_eq!(ids(alone.hits), ids(together.hits), "{text}, {sort:?}, {limit} best");
            }
        }
        let query = request(text).query;
        let [alone, together] =
            [&engine, &in_shares].map(|engine| engine.count(&query, Lookup::default()).unwrap());
        assert_eq!(alone, together, "{text}");
    }
}

/// `cargo test --release -p query -- --ignored the_best_of_5000`
#[test]
#[ignore = "takes a minute in release"]
fn the_best_of_5000_queries_are_the_first_of_all() {
    compare(2_500, [8, 8]);
    compare(2_500, [1, 60]);
}

fn compare(queries: usize, sentences: [usize; 2]) {
    compare_in(&collection(sentences), queries);
}

fn compare_in(collection: &Collection, queries: usize) {
    let engine = collection.engine();
    let in_shares = collection.engine().with_threads(3).with_least_articles(0);
    let mut numbers = Rng::with_seed(7);
    for mut text in (0..queries).map(|_| query(&mut numbers)).collect::<Vec<_>>() {
        if numbers.u8(..4) == 0 {
            text =
                format!("({text}) NOT {}", ["peace", "\"the war\"", "(envoy OR accord)"][numbers.usize(..3)]);
        }
        // With room for all of them nothing is left out.
        let whole =
            engine.search(&SearchRequest { limit: ARTICLES, fragments: 0, ..request(&text) }).unwrap();
        assert_eq!(whole.total.map(|total| total.articles), Some(whole.hits.len() as u64), "{text}");
        for (limit, engine) in
            [1, 10, 100].into_iter().flat_map(|limit| [(limit, &engine), (limit, &in_shares)])
        {
            let best = engine.search(&SearchRequest { limit, fragments: 0, ..request(&text) }).unwrap().hits;
            assert_eq!(best.len(), whole.hits.len().min(limit), "{text}");
            for (found, expected) in best.iter().zip(&whole.hits) {
                assert_eq!(found.id, expected.id, "{text}, {limit} best");
                let (score, other) = (found.score.unwrap(), expected.score.unwrap());
                assert!((score - other).abs() <= 1e-5 * other, "{text}: {score} and {other}");
            }
        }
    }
}
