//! Scripts that put no spaces between words, which are indexed as overlapping pairs of characters.

use engine::{Engine, Lookup, SearchError};
use query::LocalEngine;

use crate::support::{Collection, request};

/// One article, in which the run has the positions 2 to 6 and `today` has 7.
fn engine(collection: &Collection) -> LocalEngine {
    collection.write("one.txt", "Erste\n\nWe saw 北京奥运会 today and it was fine.\n");
    collection.update();
    collection.engine()
}

#[test]
fn a_run_is_found_by_any_part_of_it_with_or_without_stars() {
    let collection = Collection::new();
    let engine = engine(&collection);
    for query in ["北京奥运会", "京奥", "会", "北京*", "北京奥*", "*京奥运会", "*奥运*", "北*", "*会"]
    {
        assert_eq!(engine.count(&request(query).query, Lookup::default()).unwrap(), 1, "{query}");
        let marked = &engine.search(&request(query)).unwrap().hits[0].fragments[0];
        assert_eq!(marked.highlights.len(), 1, "{query}");
    }
    assert_eq!(engine.count(&request("NOT 北京奥*").query, Lookup::default()).unwrap(), 0);
    assert_eq!(engine.count(&request("京北*").query, Lookup::default()).unwrap(), 0);
}

#[test]
fn patterns_that_need_words_are_refused() {
    let collection = Collection::new();
    let engine = engine(&collection);
    for query in ["北*会", "北京奥?", "/北京.*/", "Beijing北京*", "title:北?", "saw NEAR/3 北?会"]
    {
        match engine.count(&request(query).query, Lookup::default()) {
            Err(SearchError::Query(said)) => assert!(said[0].message.contains("without spaces"), "{query}"),
            other => panic!("{query}: {other:?}"),
        }
    }
}

#[test]
fn distances_are_counted_from_the_last_character() {
    let collection = Collection::new();
    let engine = engine(&collection);
    for (query, articles) in [
        (r#""北京奥运会 today""#, 1),
        ("北京奥运会 PRE/1 today", 1),
        ("today NEAR/1 北京奥运会", 1),
        ("运会 PRE/1 today", 1),
        ("奥运 PRE/1 today", 0),
        ("奥运 PRE/2 today", 1),
        ("会 PRE/1 today", 1),
        ("saw PRE/1 北京奥运会", 1),
        ("北京 NEAR/1 奥运", 1),
        ("北京奥运 PRE/1 会", 1),
        ("北京 SENTENCE today", 1),
        ("(北京 PRE/1 奥运) PRE/2 today", 1),
        ("(北京 PRE/1 奥运) PRE/1 today", 0),
    ] {
        assert_eq!(engine.count(&request(query).query, Lookup::default()).unwrap(), articles, "{query}");
    }
}

#[test]
fn sides_that_share_a_character_do_not_match_together() {
    let collection = Collection::new();
    let engine = engine(&collection);
    for query in ["北京 NEAR/1 京奥", "北京 NEAR/9 京奥", "北京 SENTENCE 京奥", "ATLEAST/2 (北京 OR 京奥)"]
    {
        assert_eq!(engine.count(&request(query).query, Lookup::default()).unwrap(), 0, "{query}");
    }
    let both = request("ATLEAST/2 (北京 OR 奥运)");
    assert_eq!(engine.count(&both.query, Lookup::default()).unwrap(), 1);
}

#[test]
fn only_the_characters_that_were_asked_for_are_marked() {
    let collection = Collection::new();
    let engine = engine(&collection);
    for (query, expected) in [
        ("北京 PRE/1 奥运", &["北京奥运"][..]),
        ("北京 NEAR/9 today", &["北京", "today"]),
        ("saw NEAR/2 京奥", &["saw", "京奥"]),
    ] {
        let shown = engine.search(&request(query)).unwrap().hits.remove(0).fragments.remove(0);
        let marked: Vec<&str> = shown.highlights.iter().map(|range| &shown.text[range.clone()]).collect();
        assert_eq!(marked, expected, "{query}");
    }
}
