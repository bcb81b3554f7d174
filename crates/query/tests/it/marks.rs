//! What is marked in the fragments of a hit: what made it match, and nothing else.

use engine::{Engine, Lookup};

use crate::support::{Collection, request};

/// An article in which `banana` and `plum` come first and often, and `apple` late and once.
fn orchard() -> Collection {
    let collection = Collection::new();
    let lines = "The banana and the plum came from the tree in the garden today.\n".repeat(4);
    let text = format!(
        "An orchard\n\nMay 3, 2022\n\n{lines}\nMuch later in the text the apple was seen alone by the river.\n"
    );
    collection.write("orchard.txt", &text);
    collection
        .write("other.txt", "A garden\n\nThe zebra looked for a banana in the garden, and for a pear.\n");
    collection.update();
    collection
}

#[test]
fn words_of_an_alternative_that_does_not_match_are_not_marked() {
    let collection = orchard();
    let engine = collection.engine();
    for (query, expected) in [
        ("apple OR (banana AND plum AND zebra)", &["apple"][..]),
        ("(banana AND date:2021) OR apple", &["apple"]),
        ("(banana AND lang:fr) OR apple", &["apple"]),
        ("(banana AND NOT garden) OR apple", &["apple"]),
        ("apple XRANK (banana AND zebra)", &["apple"]),
        ("(zebra XRANK banana) OR apple", &["apple"]),
        ("((banana AND zebra) OR plum) AND apple", &["apple", "plum"]),
        ("apple OR (banana AND (zebra OR (plum AND zebra)))", &["apple"]),
        // What matches is marked, however it is nested.
        ("apple OR (banana AND date:2022)", &["apple", "banana"]),
        ("apple XRANK (banana AND plum)", &["apple", "banana", "plum"]),
        ("apple OR (zebra OR (banana AND NOT pear))", &["apple", "banana"]),
        ("apple OR (plum XRANK zebra)^2", &["apple", "plum"]),
    ] {
        let hits = engine.search(&request(query)).unwrap().hits;
        let shown = hits.iter().find(|hit| hit.title == "An orchard").unwrap();
        let marked = shown.fragments.iter().flat_map(|fragment| {
            fragment.highlights.iter().map(|range| fragment.text[range.clone()].to_lowercase())
        });
        let mut marked: Vec<String> = marked.collect();
        marked.sort_unstable();
        marked.dedup();
        assert_eq!(marked, expected, "{query}");
    }
}

#[test]
fn a_sloppy_phrase_in_a_proximity_counts_as_its_shortest_stretches() {
    let collection = Collection::new();
    collection.write("earlier.txt", "First\n\ncat xx xx ash yy ash birch zz.\n");
    collection.write("later.txt", "Second\n\nash birch yy birch xx xx cat zz.\n");
    collection.write("near.txt", "Third\n\ncat xx xx ash yy birch zz.\n");
    collection.update();
    let engine = collection.engine();
    let count = |query: &str| engine.count(&request(query).query, Lookup::default()).unwrap();
    assert_eq!(count(r#""ash birch"~2"#), 3);
    assert_eq!(count(r#""ash birch"~2 NEAR/3 cat"#), 1);
    assert_eq!(count(r#""ash birch"~2 NEAR/5 cat"#), 3);
}
