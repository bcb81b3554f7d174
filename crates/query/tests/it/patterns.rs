//! How many words a pattern may stand for.

use engine::{Engine, Lookup, SearchError, SearchRequest, Sort};

use crate::support::{Collection, request};

#[test]
fn in_a_ranking_a_pattern_is_limited_and_in_a_filter_it_is_not() {
    let collection = Collection::new();
    let many: Vec<String> = (0..1_100).map(|number| format!("word{number}")).collect();
    collection.write("many.txt", &format!("All of them.\n\nHere they are: {}.\n", many.join(" ")));
    collection.write("one.txt", "One of them.\n\nHere is nothing but word7 and a little more to read.\n");
    collection.write("none.txt", "None of them.\n\nHere is a text that has nothing to do with the others.\n");
    collection.update();
    let engine = collection.engine();
    let wide = request("word*");
    match engine.search(&wide) {
        Err(SearchError::Query(diagnostics)) => assert!(diagnostics[0].message.contains("1100 words")),
        other => panic!("{other:?}"),
    }
    assert_eq!(engine.count(&wide.query, Lookup::default()).unwrap(), 2);
    let by_id = engine.search(&SearchRequest { sort: Sort::Id, ..wide }).unwrap();
    assert_eq!(by_id.hits.len(), 2);
    assert!(by_id.hits.iter().all(|hit| hit.fragments.iter().any(|shown| !shown.highlights.is_empty())));
    let without = engine.search(&request("them NOT word*")).unwrap().hits;
    assert_eq!(without.len(), 1);
    assert!(without[0].title.starts_with("None"), "{without:?}");
    assert_eq!(engine.count(&request("here NEAR/9 word*").query, Lookup::default()).unwrap(), 2);
}
