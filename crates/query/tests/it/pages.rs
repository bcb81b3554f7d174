//! What the pages of a folder have in common is no part of its articles, and is found with `--raw`.

use engine::{Engine, Lookup, SearchRequest};

use crate::support::{Collection, request, tree};

const CLEAN: Lookup = Lookup { raw: false, stem: false };
const RAW: Lookup = Lookup { raw: true, stem: false };

/// A page as a site makes them: its name above every story, and what it always says below.
fn page(number: usize) -> String {
    let story: Vec<String> = (0..8)
        .map(|part| format!("In part {part} of story {number} the river rose by {number}{part} inches and everybody left the town."))
        .collect();
    format!(
        "The Valley Herald since 1921\n\nStory {number} is told here\n\n{}\n\nNothing on these pages may be reprinted.\n",
        story.join("\n\n")
    )
}

fn collection(pages: usize) -> Collection {
    let collection = Collection::new();
    (0..pages).for_each(|number| collection.write(&format!("{number}.txt"), &page(number)));
    collection.update();
    collection
}

fn count(collection: &Collection, query: &str, lookup: Lookup) -> u64 {
    collection.engine().count(&tree(query), lookup).unwrap()
}

#[test]
fn heads_and_feet_of_pages_are_found_with_raw_only() {
    let collection = collection(30);
    for frame in ["herald", "reprinted"] {
        assert_eq!(count(&collection, frame, CLEAN), 0, "{frame}");
        assert_eq!(count(&collection, frame, RAW), 30, "{frame}");
    }
    assert_eq!(count(&collection, "river AND inches", CLEAN), 30);
    let hits = collection.engine().search(&SearchRequest { limit: 1, ..request("title:told") }).unwrap().hits;
    assert!(hits[0].title.ends_with("is told here"), "{hits:?}");
}

#[test]
fn a_page_that_comes_later_is_read_as_the_others_were() {
    let collection = collection(30);
    collection.write("late.txt", &page(77));
    assert_eq!(collection.update().indexed, 1);
    assert_eq!(count(&collection, "herald", CLEAN), 0);
    assert_eq!(count(&collection, "herald", RAW), 31);
    assert_eq!(collection.update().unchanged, 31);
}

#[test]
fn a_few_pages_tell_nothing() {
    assert_eq!(count(&collection(10), "herald", CLEAN), 10);
}
