//! Articles that were read from several places: after any run there is one of each content, with all its places.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use engine::{Engine, Hit, SearchRequest};
use indexer::{Config, Event, Report, optimize, remove, update};
use proptest::prelude::*;

use crate::support::{Collection, files, request};

type Places = BTreeSet<(String, u32)>;

/// The texts of a model collection: some alike, all found by the word `harbour`.
fn text(number: usize) -> String {
    format!("The harbour master number {number} wrote a long report on the night of the storm and the ferry.")
}

/// One line of a file of records.
fn record(number: usize) -> String {
    serde_json::json!({ "body": text(number) }).to_string()
}

/// What lies on disk: the numbers of the texts of each file, one a line. A file of JSON lines or a single text.
type Model = BTreeMap<String, Vec<usize>>;

fn write(collection: &Collection, name: &str, numbers: &[usize]) {
    if name.ends_with("txt") {
        collection.write(name, &text(numbers[0]));
    } else {
        collection.write(name, &numbers.iter().map(|number| record(*number) + "\n").collect::<String>());
    }
}

fn name_of(path: &std::path::Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn places_of(hit: &Hit) -> Vec<(PathBuf, u32)> {
    let others = hit.also.iter().map(|place| (place.path.clone(), place.line));
    std::iter::once((hit.source.path.clone(), hit.source.line)).chain(others).collect()
}

/// The places of each article in the index, and that they stand in order.
fn found(collection: &Collection) -> Vec<Places> {
    let hits = collection.engine().search(&request("harbour OR Moscow")).unwrap().hits;
    let mut all: Vec<Places> = hits
        .iter()
        .map(|hit| {
            let places = places_of(hit);
            assert!(places.is_sorted(), "the least comes first: {places:?}");
            places.iter().map(|(path, line)| (name_of(path), *line)).collect()
        })
        .collect();
    all.sort();
    all
}

/// What should be there. A text alone and one of a record are different articles, because of their lines.
fn expected(model: &Model) -> Vec<Places> {
    let mut contents: BTreeMap<(bool, usize), Places> = BTreeMap::new();
    for (name, numbers) in model {
        for (line, number) in (1..).zip(numbers) {
            contents.entry((name.ends_with("txt"), *number)).or_default().insert((name.clone(), line));
        }
    }
    let mut all: Vec<Places> = contents.into_values().collect();
    all.sort();
    all
}

/// A change of the collection.
#[derive(Clone, Debug)]
enum Step {
    Write(usize, Vec<usize>),
    Remove(usize),
    Rename(usize, usize),
    Delete(usize),
    Rebuild,
    Optimize,
}

const NAMES: [&str; 8] = ["a.txt", "b.txt", "c.txt", "d.txt", "p.jsonl", "q.jsonl", "r.jsonl", "s.jsonl"];

fn step() -> impl Strategy<Value = Step> {
    let file = || 0..NAMES.len();
    prop_oneof![
        6 => (file(), prop::collection::vec(0..5_usize, 1..6)).prop_map(|(file, texts)| Step::Write(file, texts)),
        2 => file().prop_map(Step::Remove),
        2 => (0..4_usize, 0..4_usize, any::<bool>())
            .prop_map(|(a, b, text)| if text { Step::Rename(a, b) } else { Step::Rename(a + 4, b + 4) }),
        1 => file().prop_map(Step::Delete),
        1 => Just(Step::Rebuild),
        1 => Just(Step::Optimize),
    ]
}

/// Changes the folder and the model. A file that was taken out of the index comes back with the next update.
fn change(collection: &Collection, model: &mut Model, step: &Step) {
    match step {
        Step::Write(file, numbers) => {
            let numbers = if NAMES[*file].ends_with("txt") { &numbers[..1] } else { numbers };
            write(collection, NAMES[*file], numbers);
            model.insert(NAMES[*file].to_owned(), numbers.to_vec());
        }
        Step::Remove(file) if model.remove(NAMES[*file]).is_some() => collection.remove(NAMES[*file]),
        Step::Rename(from, to) if from != to => {
            if let Some(numbers) = model.remove(NAMES[*from]) {
                let path = |file: usize| collection.articles().join(NAMES[file]);
                fs::rename(path(*from), path(*to)).unwrap();
                model.insert(NAMES[*to].to_owned(), numbers);
            }
        }
        Step::Delete(file) if collection.index.exists() => {
            remove(&collection.index, &[collection.articles().join(NAMES[*file])]).unwrap();
            let is_there = |places: &Places| places.iter().any(|(name, _)| name == NAMES[*file]);
            assert!(!found(collection).iter().any(is_there));
        }
        Step::Optimize if collection.index.exists() => drop(optimize(&collection.index).unwrap()),
        _ => {}
    }
}

fn run(collection: &Collection, rebuild: bool) -> Report {
    let config =
        Config { threads: 3, rebuild, ..Config::new(collection.index.clone(), vec![collection.articles()]) };
    update(&config, &|_: &Event<'_>| {}).unwrap()
}

/// Random collections in the fast suite; `MORGUE_CASES` asks for more.
fn cases() -> u32 {
    std::env::var("MORGUE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn after_any_steps_there_is_one_article_of_each_content_with_all_its_places(
        runs in prop::collection::vec(prop::collection::vec(step(), 1..6), 1..6),
    ) {
        let collection = Collection::new();
        let mut model = Model::new();
        for steps in runs {
            steps.iter().for_each(|step| change(&collection, &mut model, step));
            let report = run(&collection, steps.iter().any(|step| matches!(step, Step::Rebuild)));
            let expected = expected(&model);
            let places: usize = model.values().map(Vec::len).sum();
            prop_assert_eq!(report.found, report.indexed + report.unchanged + report.skipped_total());
            prop_assert_eq!(report.found as usize, places);
            prop_assert_eq!(report.articles as usize, expected.len());
            prop_assert!(report.duplicates <= report.indexed);
            prop_assert_eq!(found(&collection), expected, "{:?}", model);
            let stats = collection.engine().stats().unwrap();
            prop_assert_eq!((stats.articles, stats.places), (report.articles, places as u64));
            for (name, numbers) in &model {
                let path = collection.articles().join(name);
                let articles = collection.engine().articles(path.as_os_str(), 99).unwrap();
                let different: BTreeSet<_> = numbers.iter().collect();
                prop_assert_eq!(articles.len(), different.len(), "articles of {}", name);
            }
            let again = run(&collection, false);
            prop_assert_eq!((again.indexed, again.removed, again.unchanged as usize), (0, 0, places));
        }
    }
}

const MOSCOW: &str = "Xi met Putin in Moscow on Tuesday for the first of several long talks.";

#[test]
fn thousands_of_copies_are_one_article_and_go_as_fast_as_others() {
    const FILES: usize = 3_000;
    let collection = Collection::new();
    for number in 0..FILES {
        collection.write(&format!("{number:05}.txt"), MOSCOW);
    }
    let report = run(&collection, false);
    assert_eq!((report.indexed, report.duplicates, report.articles), (FILES as u64, FILES as u64 - 1, 1));
    let hit = collection.engine().search(&request("Moscow")).unwrap().hits.remove(0);
    assert_eq!((hit.also.len(), name_of(&hit.source.path)), (FILES - 1, "00000.txt".to_owned()));
    // All but one go at once, and many others come.
    for number in 1..FILES {
        collection.remove(&format!("{number:05}.txt"));
    }
    collection.write("new.jsonl", &(record(1) + "\n").repeat(FILES));
    let report = run(&collection, false);
    assert_eq!((report.removed, report.indexed, report.articles), (FILES as u64 - 1, FILES as u64, 2));
    assert_eq!(found(&collection).iter().map(BTreeSet::len).collect::<Vec<_>>(), [1, FILES]);
    assert!(report.took.as_secs() < 60, "{report:?}");
}

/// Above 16 MB several threads write segments, and deletes must find what other threads have added.
#[test]
#[ignore = "takes a minute"]
fn copies_are_one_article_whichever_threads_add_them() {
    let collection = Collection::new();
    let (mut model, mut random) = (Model::new(), fastrand::Rng::with_seed(7));
    let filler = "and the pilots of both boats said that they had seen nothing of the kind ".repeat(20);
    for file in 0..24 {
        let name = format!("{file:02}.jsonl");
        let numbers: Vec<usize> = (0..600).map(|_| random.usize(..4_000)).collect();
        let line = |number: &usize| {
            serde_json::json!({ "body": format!("{} {filler}", text(*number)) }).to_string() + "\n"
        };
        collection.write(&name, &numbers.iter().map(line).collect::<String>());
        model.insert(name, numbers);
    }
    let config = Config { threads: 8, ..Config::new(collection.index.clone(), vec![collection.articles()]) };
    let report = update(&config, &|_: &Event<'_>| {}).unwrap();
    assert_eq!(report.articles + report.duplicates, 24 * 600);
    assert_eq!(found(&collection), expected(&model));
}

#[test]
fn a_renamed_file_keeps_its_article_and_is_no_copy() {
    let collection = Collection::new();
    collection.write("a.txt", MOSCOW);
    collection.update();
    let id = |query: &str| collection.engine().search(&request(query)).unwrap().hits.remove(0).id;
    let before = id("Moscow");
    fs::rename(collection.articles().join("a.txt"), collection.articles().join("b.txt")).unwrap();
    let report = collection.update();
    assert_eq!((report.indexed, report.removed, report.duplicates, report.articles), (1, 1, 0, 1));
    assert_eq!(id("Moscow"), before);
    assert_eq!(found(&collection), [[("b.txt".to_owned(), 1)].into()]);
}

#[test]
fn records_of_one_id_and_unlike_content_stay_apart() {
    let collection = Collection::new();
    let record =
        |outlet: &str| serde_json::json!({ "id": "x", "outlet": outlet, "body": MOSCOW }).to_string();
    collection.write("all.jsonl", &[record("Times"), record("Post"), record("Times")].join("\n"));
    let report = collection.update();
    assert_eq!((report.indexed, report.duplicates, report.articles), (3, 1, 2));
    assert_eq!(
        collection.engine().count(&request("outlet:Times").query, engine::Lookup::default()).unwrap(),
        1
    );
    assert_eq!(
        found(&collection),
        [
            [("all.jsonl".to_owned(), 1), ("all.jsonl".to_owned(), 3)].into(),
            [("all.jsonl".to_owned(), 2)].into()
        ]
    );
}

#[test]
fn every_path_finds_the_article_after_it_was_put_in_order() {
    let collection = Collection::new();
    for name in ["alpha.txt", "beta.txt", "gamma.txt"] {
        collection.write(name, MOSCOW);
        collection.update();
    }
    collection.write("other.txt", &text(1));
    collection.update();
    for _ in 0..2 {
        for path in ["alpha", "beta", "gamma"] {
            let query = SearchRequest { fragments: 0, ..request(&format!("path:{path}")) };
            let hits = collection.engine().search(&query).unwrap().hits;
            assert_eq!(hits.len(), 1, "{path}");
            assert_eq!((name_of(&hits[0].source.path).as_str(), hits[0].also.len()), ("alpha.txt", 2));
        }
        optimize(&collection.index).unwrap();
    }
    collection.remove("alpha.txt");
    collection.update();
    assert_eq!(files(&collection.engine(), &request("Moscow"), '.').unwrap(), ["beta".to_owned()].into());
}
