//! Why an article has its score.

use engine::{Engine, Lookup, ScoreExplanation};
use query::LocalEngine;

use crate::support::{Collection, request, tree};

/// Three articles about cells. Only the first has a stem.
fn cells() -> Collection {
    let collection = Collection::new();
    collection
        .write("stem.txt", "A stem and a cell.\n\nThe stem grows into a cell, and the cell into a plant.\n");
    collection.write("cell.txt", "A cell alone.\n\nThe cell is small, and nothing grows out of it.\n");
    collection.write("prison.txt", "No way out.\n\nThe cell of the prison is small; the plant is dead.\n");
    collection.update();
    collection
}

fn explain(engine: &LocalEngine, query: &str, id: &str) -> ScoreExplanation {
    engine.explain(&tree(query), Lookup::default(), Some(id)).unwrap().score.unwrap()
}

/// The id of the article with this headline.
fn id_of(engine: &LocalEngine, title: &str) -> String {
    let hits = engine.search(&request("cell")).unwrap().hits;
    hits.into_iter().find(|hit| hit.title.starts_with(title)).unwrap().id
}

#[test]
fn only_what_the_article_matches_is_a_part_of_its_score() {
    let collection = cells();
    let engine = collection.engine();
    let id = id_of(&engine, "A stem");
    for (query, expected) in [
        ("cell OR (stem AND zzzz)", &["cell"][..]),
        ("cell OR (stem NOT cell)", &["cell"]),
        ("NOT zzzz OR (stem AND zzzz)", &[]),
        ("cell OR (stem AND zzzz)^3", &["cell"]),
        ("cell OR title:(stem AND zzzz)", &["cell"]),
        ("cell AND (zzzz OR (plant AND (stem OR zzzz)))", &["cell", "plant", "stem"]),
        ("stem cell", &["stem", "cell"]),
    ] {
        let explained = explain(&engine, query, &id);
        let parts: Vec<&str> = explained.parts.iter().map(|part| part.clause.as_str()).collect();
        assert_eq!(parts, expected, "{query}");
    }
    assert!(explain(&engine, "stem AND zzzz", &id).parts.is_empty());
}

#[test]
fn a_score_is_the_sum_of_its_parts_and_that_of_the_hit() {
    let collection = cells();
    let engine = collection.engine();
    for query in [
        "cell OR (stem AND zzzz)",
        "cell OR (stem NOT cell)",
        "NOT zzzz OR (stem AND zzzz)",
        "cell OR cell",
        "cell cell^2",
        "(cell OR stem^2)^3 OR \"a cell\"",
        "title:(cell OR stem) OR (plant NEAR/9 cell)",
        "hlead:cell OR (NOT stem AND small) OR ATLEAST/2 cell",
        "c* OR st*^0.5 OR (date:none AND plant)",
    ] {
        for hit in engine.search(&request(query)).unwrap().hits {
            let explained = explain(&engine, query, &hit.id);
            let sum: f32 = explained.parts.iter().map(|part| part.score).sum();
            assert!((sum - explained.score).abs() < 1e-4, "{query}: {explained:?}");
            assert!((hit.score.unwrap() - explained.score).abs() < 1e-4, "{query}: {hit:?} {explained:?}");
        }
    }
}

#[test]
fn of_several_articles_of_one_name_the_best_that_matches_is_explained() {
    let collection = Collection::new();
    let record = |body: &str| format!("{{\"id\": \"k\", \"body\": \"{body}\"}}\n");
    let bodies =
        ["The giraffe is tall.", "The okapi is shy, and it is no giraffe.", "The okapi eats. An okapi!"];
    collection.write("k.jsonl", &bodies.map(record).concat());
    // Another segment.
    collection.update();
    collection.write("l.jsonl", &record("Okapi, okapi, okapi: an okapi."));
    collection.update();
    let engine = collection.engine();
    let file = collection.articles().join("k.jsonl");
    for (query, name, line, matching, named) in [
        ("giraffe", "k", 1, 2, 4),
        ("okapi", file.to_str().unwrap(), 3, 2, 3),
        ("okapi giraffe", "k", 2, 1, 4),
        ("okapi", &format!("{}:2", file.display()), 2, 1, 1),
        ("date:none", "k", 1, 4, 4),
    ] {
        let explained = explain(&engine, query, name);
        assert_eq!(
            (explained.place.line, explained.matching, explained.named),
            (line, matching, named),
            "{query}"
        );
        assert_eq!(explained.place.path, file, "{query}");
    }
    let best = explain(&engine, "okapi", "k");
    assert_eq!((best.place.path, best.matching), (collection.articles().join("l.jsonl"), 3));
    let none = explain(&engine, "zebra", "k");
    assert_eq!((none.matching, none.named, none.score, none.parts.len()), (0, 4, 0.0, 0));
}
