//! How many words a pattern may stand for.

use std::time::{Duration, Instant};

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
}

#[test]
fn beside_words_a_pattern_is_limited_in_filters_too() {
    let collection = Collection::new();
    let many: Vec<String> = (0..1_100).map(|number| format!("word{number}")).collect();
    collection.write("many.txt", &format!("All of them.\n\nHere they are: {}.\n", many.join(" ")));
    collection.update();
    let engine = collection.engine();
    let count = |text: &str| engine.count(&request(text).query, Lookup::default());
    for text in ["here NEAR/9 word*", "word* SENTENCE here", "ATLEAST/2 word*", "body:word*"] {
        match count(text) {
            Err(SearchError::Query(diagnostics)) => {
                assert!(diagnostics[0].message.contains("1100 words; the limit is 1024"), "{text}");
                assert!(!diagnostics[0].hint.as_ref().unwrap().contains("sort"), "{text}");
            }
            other => panic!("{text}: {other:?}"),
        }
        assert_eq!(count(&text.replace("word*", "word1*")).unwrap(), 1, "{text}");
    }
}

#[test]
fn too_many_frequent_words_beside_each_other_are_refused_and_said_to_be() {
    let collection = Collection::new();
    let article = |number: usize| {
        format!("{{\"id\": \"{number}\", \"title\": \"One\", \"body\": \"the of and in\"}}\n")
    };
    collection.write("frequent.jsonl", &(0..1_200).map(article).collect::<String>());
    collection.update();
    let engine = collection.engine();
    let count = |clauses: usize| {
        let text = vec!["the NEAR/255 of NEAR/255 and"; clauses].join(" OR ");
        engine.count(&request(&text).query, Lookup::default())
    };
    assert_eq!(count(100).unwrap(), 1_200);
    match count(341) {
        Err(SearchError::Query(diagnostics)) => assert!(diagnostics[0].message.contains("frequent words")),
        other => panic!("{other:?}"),
    }
}

#[test]
fn looking_up_patterns_ends_with_the_time_for_the_answer() {
    let collection = Collection::new();
    let many: Vec<String> = (0..200_000).map(|number| format!("w{number}x")).collect();
    collection.write("many.txt", &format!("All of them.\n\nHere they are: {}.\n", many.join(" ")));
    collection.update();
    let time = Duration::from_millis(50);
    let engine = collection.engine().with_timeout(Some(time));
    for pattern in ["/.*{}.*x/", "*{}*x*", "w*{}*", "w{}x~2"] {
        let texts: Vec<String> =
            (1_000..1_900).map(|number| pattern.replace("{}", &number.to_string())).collect();
        let query = request(&texts.join(" OR ")).query;
        let started = Instant::now();
        let answer = engine.count(&query, Lookup::default());
        assert!(answer.is_err(), "{pattern}");
        assert!(
            started.elapsed() < time + Duration::from_millis(500),
            "{pattern} took {:?}",
            started.elapsed()
        );
    }
}

#[test]
fn a_pattern_stands_for_the_same_words_with_lists_of_words_and_without() {
    let collection = Collection::new();
    collection.write(
        "a.txt",
        "The ecology of Zürich.\n\nA geologist wrote of its geology, and NATO of ideology.\n",
    );
    collection.update();
    collection.write(
        "b.txt",
        "Theology and zoology.\n\nAnother text, which makes another segment of this index.\n",
    );
    collection.update();
    let lists = || -> Vec<_> {
        let folder = collection.index.join("generation-1");
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("words-")).collect()
    };
    let counts = || -> Vec<u64> {
        let engine = collection.engine();
        let count = |text: &&str| engine.count(&request(text).query, Lookup::default()).unwrap();
        [
            "*ology",
            "*olog*",
            "?ato",
            "*ürich",
            "/.*theo.*/",
            "/(eco|zoo)logy/",
            "/NATO|.*OLOGIST/",
            "*nothing",
        ]
        .iter()
        .map(count)
        .collect()
    };
    assert_eq!(lists().len(), 2);
    let expected = counts();
    assert_eq!(expected, [2, 2, 1, 1, 1, 2, 1, 0]);
    for list in lists() {
        let whole = std::fs::read(&list).unwrap();
        std::fs::write(&list, &whole[..whole.len() - 1]).unwrap();
    }
    assert_eq!(counts(), expected);
    lists().iter().for_each(|list| std::fs::remove_file(list).unwrap());
    assert_eq!(counts(), expected);
    indexer::optimize(&collection.index).unwrap();
    let folders = std::fs::read_dir(&collection.index).unwrap().map(|entry| entry.unwrap().path());
    let names = folders.filter(|path| path.is_dir()).flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let is_list = |name: &str| name.starts_with("words-");
    assert_eq!(
        names.filter(|entry| is_list(entry.as_ref().unwrap().file_name().to_str().unwrap())).count(),
        1
    );
    assert_eq!(counts(), expected);
}

#[test]
fn a_regular_expression_that_leaves_its_group_is_refused_and_one_that_ends_in_a_comment_is_not() {
    let collection = Collection::new();
    collection
        .write("a.txt", "Apples and berries.\n\nNobody knows why the apple fell so near to the berry.\n");
    collection.update();
    let engine = collection.engine();
    match engine.count(&request("/[(]a)|(y/").query, Lookup::default()) {
        Err(SearchError::Query(found)) => assert!(found[0].message.ends_with("unopened group"), "{found:?}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(engine.count(&request("/appl(?x)#/").query, Lookup::default()).unwrap(), 0);
    assert_eq!(engine.count(&request("/apple(?x)#/").query, Lookup::default()).unwrap(), 1);
}
