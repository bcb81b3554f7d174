//! Phrases of frequent words, which are looked up as pairs.

use engine::{Engine, Lookup};

use crate::support::{Collection, request};

#[test]
fn phrases_of_frequent_words_are_found_where_they_stand_and_nowhere_else() {
    let collection = Collection::new();
    collection.write(
        "hamlet.txt",
        "To be or not to be\n\nThat is the question of the day, and not of the night.\n",
    );
    collection.write(
        "others.txt",
        "Of the day\n\nTo be is to do. The question is that of a day or of the\nnight to be.\n",
    );
    collection.update();
    let engine = collection.engine();
    let count = |query: &str| engine.count(&request(query).query, Lookup::default()).unwrap();
    for (query, articles) in [
        (r#""to be or not to be""#, 1),
        (r#""be or not""#, 1),
        (r#""to be""#, 2),
        (r#""of the""#, 2),
        (r#""the of""#, 0),
        (r#""or of the night""#, 1), // over the end of a line
        (r#""question of the day""#, 1),
        (r#""and not of the night""#, 1),
        (r#""of the day to""#, 0), // a headline and what follows it are not one text
        (r#"title:"of the""#, 1),
        (r#"title:"to be or""#, 1),
        (r#"body:"to be or""#, 0),
        (r#"body:"of the""#, 2),
    ] {
        assert_eq!(count(query), articles, "{query}");
    }
    let shown = engine.search(&request(r#""be or not to""#)).unwrap().hits.remove(0);
    let marked: Vec<&str> = shown
        .fragments
        .iter()
        .flat_map(|shown| shown.highlights.iter().map(|range| &shown.text[range.clone()]))
        .collect();
    assert_eq!(marked, ["be or not to"]);
}
