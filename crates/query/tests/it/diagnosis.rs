//! Why a query has no hits, and how long it may take to find out.

use std::time::{Duration, Instant};

use engine::{Lookup, SearchError};
use query::Diagnosis;

use crate::support::{Collection, tree};

/// Words that are in one article, and words that are in another.
fn two_articles(words_each: u32) -> Collection {
    let collection = Collection::new();
    for letter in ["a", "b"] {
        let words: Vec<String> = (0..words_each).map(|number| format!("{letter}{number}x")).collect();
        collection
            .write(&format!("{letter}.txt"), &format!("All of them.\n\nThey are: {}.\n", words.join(" ")));
    }
    collection.update();
    collection
}

fn diagnose(collection: &Collection, query: &str) -> Diagnosis {
    collection.engine().sitting().diagnose(&tree(query), Lookup::default()).unwrap()
}

#[test]
fn of_many_clauses_those_that_the_fewest_articles_have_are_told_in_their_order() {
    let collection = two_articles(100);
    let query = format!("{} a7x all zza9x", "all ".repeat(40));
    let found = diagnose(&collection, &query);
    assert_eq!((found.clauses.len(), found.left_out, found.is_complete), (16, 27, true));
    let told: Vec<_> = found.clauses.iter().map(|clause| (clause.clause.as_str(), clause.articles)).collect();
    assert_eq!(told[12..], [("all", 2), ("all", 2), ("a7x", 1), ("zza9x", 0)]);
    assert_eq!(found.clauses[15].near, ["a9x"]);
}

#[test]
fn only_without_all_that_is_nowhere_there_would_be_hits() {
    let collection = two_articles(100);
    let without = |query: &str| -> Vec<Option<u64>> {
        diagnose(&collection, query).clauses.iter().map(|clause| clause.without).collect()
    };
    assert_eq!(without("all a7x zzzz"), [Some(0), Some(0), Some(1)]);
    assert_eq!(without("all zzzz a7x yyyy"), [Some(0); 4]);
    assert_eq!(without("all a7x b7x"), [Some(0), Some(1), Some(1)]);
    assert_eq!(without("yyyy OR zzzz"), [None, None]);
}

#[test]
fn patterns_are_looked_up_no_more_often_for_all_clauses_together_than_for_one_query() {
    let collection = two_articles(50_000);
    let patterns: Vec<String> = (1_000..1_060)
        .map(|number| format!("/{}{number}.*x/", if number % 2 == 0 { "a" } else { "b" }))
        .collect();
    let started = Instant::now();
    let found = diagnose(&collection, &patterns.join(" AND "));
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert!(!found.is_complete && found.clauses.iter().any(|clause| clause.without.is_none()));
}

#[test]
fn what_is_asked_in_one_sitting_shares_its_time() {
    let collection = two_articles(10);
    let time = Duration::from_millis(500);
    let engine = collection.engine().with_timeout(Some(time));
    let (sitting, query) = (engine.sitting(), tree("zzzz date:2020"));
    assert_eq!(sitting.count(&query, Lookup::default()).unwrap(), 0);
    std::thread::sleep(time);
    let late = sitting.count(&query, Lookup::default());
    assert!(matches!(late, Err(SearchError::TimedOut(given)) if given == time), "{late:?}");
    let found = sitting.diagnose(&query, Lookup::default()).unwrap();
    assert!(!found.is_complete && found.clauses.is_empty());
    assert_eq!(engine.sitting().count(&query, Lookup::default()).unwrap(), 0);
}
