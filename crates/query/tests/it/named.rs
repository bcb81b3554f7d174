//! The articles of a file.

use engine::Engine;

use crate::support::Collection;

const TOPICS: [&str; 4] = [
    "The river left its banks after two days of rain and the bridge at the mill was closed.",
    "A chess match in the town hall ended in a draw after six hours and a cup of cold tea.",
    "Ministers spoke of tariffs on steel, of quotas for fish and of the price of grain.",
    "The orchestra played a symphony that nobody had heard since the old theatre burnt down.",
];

/// A file of so many records, of which like ones are far apart, so that the index has them in another order.
fn records(count: usize) -> String {
    let record = |number: usize| {
        let (title, body) = (format!("Report {number}"), TOPICS[number % TOPICS.len()]);
        format!("{{\"id\": \"r{number}\", \"title\": \"{title}\", \"body\": \"{body} {body}\"}}\n")
    };
    (1..=count).map(record).collect()
}

#[test]
fn the_first_articles_of_a_file_are_those_of_its_first_lines() {
    let collection = Collection::new();
    collection.write("records.jsonl", &records(400));
    collection.update();
    indexer::optimize(&collection.index).unwrap();
    let (engine, file) = (collection.engine(), collection.articles().join("records.jsonl"));
    let lines = |limit: usize| -> Vec<u32> {
        let articles = engine.articles(file.as_os_str(), limit).unwrap();
        articles.iter().map(|article| article.source.line).collect()
    };
    assert!(lines(7).into_iter().eq(1..=7), "{:?}", lines(7));
    assert!(lines(usize::MAX).into_iter().eq(1..=400));
    assert!(lines(0).is_empty());
}

#[test]
fn copies_are_counted_by_where_they_stand_in_the_file_that_is_named() {
    let collection = Collection::new();
    let lines: Vec<String> = records(8).lines().map(str::to_owned).collect();
    let backwards: String = lines.iter().rev().flat_map(|line| [line, "\n"]).collect();
    collection.write("a.jsonl", &records(8));
    collection.write("b.jsonl", &backwards);
    collection.update();
    let engine = collection.engine();
    let ids = |file: &str| -> Vec<String> {
        let articles = engine.articles(collection.articles().join(file).as_os_str(), 3).unwrap();
        articles.into_iter().map(|article| article.id).collect()
    };
    assert_eq!(ids("a.jsonl"), ["r1", "r2", "r3"]);
    assert_eq!(ids("b.jsonl"), ["r8", "r7", "r6"]);
}

#[test]
fn a_path_and_a_line_name_what_stands_there() {
    let collection = Collection::new();
    collection.write("records.jsonl", &records(8));
    collection.write("copy.jsonl", &records(3).lines().rev().collect::<Vec<_>>().join("\n"));
    collection.write("notes.txt", &format!("A night of storm\n\n{}\n\n{}\n", TOPICS[0], TOPICS[1]));
    let id = collection.articles().join("notes.txt:3");
    let odd = format!("{{\"id\": {id:?}, \"title\": \"An odd id\", \"body\": \"{}\"}}\n", TOPICS[2]);
    collection.write("odd.jsonl", &odd);
    collection.update();
    let engine = collection.engine();
    let named = |name: &str| -> Vec<String> {
        let name = collection.articles().join(name);
        let articles = engine.articles(name.as_os_str(), 9).unwrap();
        articles.into_iter().map(|article| article.headline.unwrap()).collect()
    };
    assert_eq!(named("records.jsonl:2"), ["Report 2"]);
    assert_eq!(named("copy.jsonl:1"), ["Report 3"]);
    assert_eq!(named("copy.jsonl:1").len() + named("copy.jsonl").len(), 4);
    for line in [1, 2, 5] {
        assert_eq!(named(&format!("notes.txt:{line}")), ["A night of storm"], "{line}");
    }
    assert_eq!(named("notes.txt:3"), ["An odd id"]);
    for nothing in [
        "records.jsonl:9",
        "records.jsonl:0",
        "records.jsonl:+2",
        "records.jsonl:",
        "notes.txt:99",
        "no.txt:1",
    ] {
        assert!(named(nothing).is_empty(), "{nothing}");
    }
}
