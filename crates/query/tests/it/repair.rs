//! A damaged index is made whole: from its sources, or from what is stored of the articles.

use std::fs;
use std::path::{Path, PathBuf};

use engine::{Engine, Lookup};
use indexer::{Action, Config, Event, IndexError, Rebuilt, Repaired, SAMPLE, check, has_index, update};
use query::LocalEngine;
use schema::{Manifest, ManifestError};

use crate::support::{Collection, request};

fn repair(index: &Path, roots: Vec<PathBuf>) -> Repaired {
    indexer::repair(&Config::new(index.to_owned(), roots), &|_: &Event<'_>| {}, &|_, _| {}).unwrap()
}

fn rebuilt(index: &Path) -> Rebuilt {
    match repair(index, Vec::new()).action {
        Action::Rebuilt(rebuilt) => *rebuilt,
        other => panic!("{other:?}"),
    }
}

fn wrote_the_manifest(done: &Repaired) -> bool {
    done.manifest && done.action == Action::Nothing
}

fn count(index: &Path, query: &str) -> u64 {
    LocalEngine::open(index).unwrap().count(&request(query).query, Lookup::default()).unwrap()
}

fn is_sound(index: &Path) -> bool {
    check(index, SAMPLE, &|_, _| {}).unwrap().is_sound()
}

/// Articles in two folders, the second of which can be taken away.
fn collection() -> Collection {
    let collection = Collection::new();
    fs::create_dir(elsewhere(&collection)).unwrap();
    for number in 0..12 {
        let text =
            format!("Xi met Putin in Moscow for talk number{number}.\n\nNATO was told of it on Tuesday.\n");
        collection.write(&format!("{number}.txt"), &text);
        fs::write(elsewhere(&collection).join(format!("far{number}.txt")), text.replace("Moscow", "Ankara"))
            .unwrap();
    }
    let roots = vec![collection.articles(), elsewhere(&collection)];
    update(&Config::new(collection.index.clone(), roots), &|_: &Event<'_>| {}).unwrap();
    collection
}

fn elsewhere(collection: &Collection) -> PathBuf {
    collection.folder.path().join("elsewhere")
}

fn live(index: &Path) -> PathBuf {
    Manifest::read(index).unwrap().generation.folder(index)
}

/// Flips a bit in the middle of the file whose name ends, or begins, so.
fn flip(index: &Path, name: &str) -> PathBuf {
    let entries = fs::read_dir(live(index)).unwrap().map(|entry| entry.unwrap().path());
    let is_it = |path: &PathBuf| {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        file.ends_with(name) || file.starts_with(name)
    };
    let path = entries.into_iter().find(is_it).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 8;
    fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn a_sound_index_is_not_touched() {
    let collection = collection();
    let before = live(&collection.index);
    assert_eq!(repair(&collection.index, Vec::new()).action, Action::Nothing);
    assert_eq!(live(&collection.index), before);
}

#[test]
fn any_damaged_file_is_made_good_from_the_sources_and_kept_aside() {
    for name in [
        ".idx",
        ".term",
        ".pos",
        ".fast",
        ".fieldnorm",
        ".store",
        ".notes",
        ".texts",
        "meta.json",
        "sources-",
    ] {
        let collection = collection();
        let damaged = flip(&collection.index, name);
        assert!(!is_sound(&collection.index), "{name}");
        let bytes = fs::read(&damaged).unwrap();
        let done = rebuilt(&collection.index);
        let roots_are_known = name != "sources-";
        if roots_are_known {
            assert_eq!((done.report.indexed, done.carried, &done.lost[..]), (24, 0, &[][..]), "{name}");
        } else {
            assert_eq!((done.report.indexed, done.carried), (0, 24), "{name}");
        }
        assert_eq!(
            (count(&collection.index, "moscow"), count(&collection.index, "ankara")),
            (12, 12),
            "{name}"
        );
        assert!(is_sound(&collection.index), "{name}");
        assert_eq!(fs::read(done.aside[0].join(damaged.file_name().unwrap())).unwrap(), bytes, "{name}");
        let config =
            Config::new(collection.index.clone(), vec![collection.articles(), elsewhere(&collection)]);
        let report = update(&config, &|_: &Event<'_>| {}).unwrap();
        assert_eq!(report.articles, 24, "{name}");
        assert!(done.aside[0].is_dir(), "no run removes what is kept aside");
    }
}

#[test]
fn what_cannot_be_read_again_is_taken_from_what_was_stored() {
    let collection = collection();
    let away = collection.folder.path().join("away");
    fs::rename(elsewhere(&collection), &away).unwrap();
    flip(&collection.index, ".idx");
    let done = rebuilt(&collection.index);
    assert_eq!((done.report.indexed, done.carried, &done.lost[..]), (12, 12, &[][..]));
    assert_eq!((count(&collection.index, "moscow"), count(&collection.index, "ankara")), (12, 12));
    assert!(is_sound(&collection.index));

    fs::rename(&away, elsewhere(&collection)).unwrap();
    let config = Config::new(collection.index.clone(), Vec::new());
    let report = update(&config, &|_: &Event<'_>| {}).unwrap();
    assert_eq!(report.articles, 24, "carried articles are replaced by their files");
    assert!(is_sound(&collection.index));
}

/// Files that will be cut off: an archive, and an array of records in one line.
fn write_lists(collection: &Collection, bodies: [&str; 3]) -> [(PathBuf, Vec<u8>); 2] {
    let archive: Vec<_> =
        bodies.iter().enumerate().map(|(number, body)| (format!("{number}.txt"), *body)).collect();
    let archive: Vec<(&str, &str)> = archive.iter().map(|(name, body)| (name.as_str(), *body)).collect();
    crate::archives::write(collection, "news.tar", &archive);
    let records = bodies.map(|body| format!("{{\"body\": \"Record. {body}\"}}"));
    collection.write("all.json", &format!("[{}]", records.join(",")));
    ["news.tar", "all.json"].map(|name| {
        let path = collection.articles().join(name);
        (path.clone(), fs::read(path).unwrap())
    })
}

#[test]
fn of_files_that_cannot_be_read_to_their_end_the_rest_is_taken_from_what_was_stored() {
    let collection = collection();
    let bodies = ["Wombats met in Hobart.", "Koalas met in Cairns.", "Dingos met in Darwin."];
    let whole = write_lists(&collection, bodies);
    assert_eq!(collection.update().articles, 30);
    // What a record was before it changed cannot be told from what was not reached.
    let [(archive, tar), (records, json)] =
        write_lists(&collection, ["Wombats met in Perth.", bodies[1], bodies[2]]);
    fs::write(archive, &tar[..1024 + 100]).unwrap();
    let last = json.windows(2).rposition(|part| part == b",{").unwrap();
    fs::write(records, &json[..=last]).unwrap();
    flip(&collection.index, ".idx");
    let done = rebuilt(&collection.index);
    assert_eq!((done.report.indexed, done.carried, &done.lost[..]), (24 + 1 + 2, 3 + 2, &[][..]));
    assert!(is_sound(&collection.index));
    let counts = |queries: [&str; 4]| queries.map(|query| count(&collection.index, query));
    assert_eq!(counts(["perth", "hobart", "cairns", "darwin"]), [2, 2, 2, 2]);
    for (path, bytes) in whole {
        fs::write(path, bytes).unwrap();
    }
    assert_eq!(collection.update().articles, 30);
    assert_eq!(counts(["perth", "hobart", "cairns", "darwin"]), [0, 2, 2, 2]);
    assert!(is_sound(&collection.index));
}

#[test]
fn of_a_file_that_cannot_be_read_to_its_end_what_was_not_stored_soundly_is_lost_by_name() {
    let collection = collection();
    let whole = write_lists(
        &collection,
        ["Wombats met in Hobart.", "Koalas met in Cairns.", "Dingos met in Darwin."],
    );
    assert_eq!(collection.update().articles, 30);
    indexer::optimize(&collection.index).unwrap();
    fs::write(&whole[0].0, &whole[0].1[..1024 + 100]).unwrap();
    flip(&collection.index, ".texts");
    let done = rebuilt(&collection.index);
    assert_eq!((done.report.indexed, done.carried), (24 + 1 + 3, 0));
    assert_eq!(done.lost, [(whole[0].0.display().to_string(), 2)]);
    assert!(is_sound(&collection.index));
}

#[test]
fn members_of_an_archive_that_is_read_again_are_not_carried_over_where_the_sources_are_not_known() {
    let collection = Collection::new();
    let members = [("a.txt", "Wombats met in Hobart."), ("in/b.txt", "Koalas met in Cairns.")];
    crate::archives::write(&collection, "news.tar", &members);
    assert_eq!(collection.update().articles, 2);
    flip(&collection.index, "sources-");
    let Action::Rebuilt(done) = repair(&collection.index, vec![collection.articles()]).action else {
        panic!("it is not made anew")
    };
    assert_eq!((done.report.indexed, done.carried), (2, 0));
    assert_eq!(collection.engine().stats().unwrap().places, 2);
}

#[test]
fn what_is_lost_is_named() {
    let collection = collection();
    fs::remove_dir_all(elsewhere(&collection)).unwrap();
    flip(&collection.index, ".texts");
    let done = rebuilt(&collection.index);
    assert_eq!((done.report.indexed, done.carried, done.lost.len()), (12, 0, 12));
    assert!(done.lost.iter().all(|(source, articles)| source.contains("/elsewhere/far") && *articles == 1));
    assert!(is_sound(&collection.index));
    assert_eq!(count(&collection.index, "ankara"), 0);
}

#[test]
fn a_damaged_manifest_and_damaged_lists_of_words_are_just_written_again() {
    let collection = collection();
    let (before, manifest) = (live(&collection.index), collection.index.join("manifest.json"));
    fs::write(&manifest, "{}").unwrap();
    assert!(wrote_the_manifest(&repair(&collection.index, Vec::new())));
    assert_eq!(live(&collection.index), before);
    fs::remove_file(&manifest).unwrap();
    assert!(wrote_the_manifest(&repair(&collection.index, Vec::new())));
    let list = flip(&collection.index, "words-");
    assert_eq!(repair(&collection.index, Vec::new()).action, Action::Words(vec![list.clone()]));
    let mut bytes = fs::read(&list).unwrap();
    *bytes.last_mut().unwrap() ^= 1; // of the peaks, which stand behind the words
    fs::write(&list, bytes).unwrap();
    assert_eq!(repair(&collection.index, Vec::new()).action, Action::Words(vec![list]));
    assert!(is_sound(&collection.index));
    assert_eq!(live(&collection.index), before);
    assert_eq!(count(&collection.index, "*scow"), 12);
}

#[test]
fn a_rebuild_of_a_damaged_index_keeps_the_damaged_files_too() {
    let collection = collection();
    flip(&collection.index, ".texts");
    let roots = vec![collection.articles()];
    let config = Config { rebuild: true, ..Config::new(collection.index.clone(), roots) };
    update(&config, &|_: &Event<'_>| {}).unwrap();
    assert!(collection.index.join("damaged-1").is_dir());
    assert!(is_sound(&collection.index));
}

#[test]
fn an_update_of_an_index_whose_manifest_is_gone_loses_nothing() {
    let collection = collection();
    let before = live(&collection.index);
    fs::remove_file(collection.index.join("manifest.json")).unwrap();
    assert!(has_index(&collection.index));
    let other = collection.folder.path().join("other.txt");
    fs::write(&other, "Xi met Modi in Kazan on Wednesday for the first of several short talks.").unwrap();
    let config = Config::new(collection.index.clone(), vec![other]);
    assert_eq!(update(&config, &|_: &Event<'_>| {}).unwrap().articles, 25);
    assert_eq!(live(&collection.index), before);
    assert!(is_sound(&collection.index));
}

#[test]
fn of_generations_without_a_manifest_the_last_sound_one_is_live_and_the_others_are_kept() {
    let collection = collection();
    let (first, second) = (live(&collection.index), collection.index.join("generation-2"));
    fs::create_dir(&second).unwrap();
    for entry in fs::read_dir(&first).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
        fs::copy(entry.path(), second.join(entry.file_name())).unwrap();
    }
    flip(&collection.index, ".texts");
    fs::remove_file(collection.index.join("manifest.json")).unwrap();
    assert_eq!(collection.update().articles, 24);
    assert_eq!(live(&collection.index), second);
    assert!(!first.exists() && collection.index.join("damaged-1").is_dir());
}

#[test]
fn an_index_without_a_manifest_that_is_damaged_is_refused_and_a_rebuild_keeps_its_files() {
    let collection = collection();
    flip(&collection.index, ".texts");
    fs::remove_file(collection.index.join("manifest.json")).unwrap();
    let config = Config::new(collection.index.clone(), vec![collection.articles()]);
    let error = update(&config, &|_: &Event<'_>| {}).unwrap_err();
    assert!(
        matches!(&error, IndexError::Damaged(damage) if damage.path.ends_with("manifest.json")),
        "{error}"
    );
    assert!(collection.index.join("generation-1").is_dir());
    let report = update(&Config { rebuild: true, ..config }, &|_: &Event<'_>| {}).unwrap();
    assert_eq!(report.articles, 12);
    assert!(collection.index.join("damaged-1").is_dir() && is_sound(&collection.index));
}

#[test]
fn a_rebuild_of_a_sound_index_whose_manifest_is_damaged_forgets_no_root() {
    let collection = collection();
    fs::write(collection.index.join("manifest.json"), "{}").unwrap();
    let rebuild = Config { rebuild: true, ..Config::new(collection.index.clone(), Vec::new()) };
    assert_eq!(update(&rebuild, &|_: &Event<'_>| {}).unwrap().articles, 24);
}

#[test]
fn a_rebuild_leaves_an_index_whose_manifest_cannot_be_read_alone() {
    let collection = collection();
    let before = live(&collection.index);
    let manifest = collection.index.join("manifest.json");
    fs::remove_file(&manifest).unwrap();
    fs::create_dir(&manifest).unwrap();
    let roots = vec![collection.articles()];
    let rebuild = Config { rebuild: true, ..Config::new(collection.index.clone(), roots) };
    let error = update(&rebuild, &|_: &Event<'_>| {}).unwrap_err();
    assert!(matches!(error, IndexError::Manifest(ManifestError::Unreadable { .. })), "{error}");
    assert!(before.join("meta.json").is_file());
}

#[test]
fn what_a_first_build_left_that_was_killed_before_its_commit_is_no_index() {
    let (killed, whole) = (Collection::new(), collection());
    let folder = killed.index.join("generation-1");
    fs::create_dir_all(&folder).unwrap();
    let meta = fs::read_to_string(live(&whole.index).join("meta.json")).unwrap();
    let (meta, _) = meta.rsplit_once(",\n  \"checksum\"").unwrap();
    let meta = format!("{}}}", meta.replace("\"payload\"", "\"none\""));
    fs::write(folder.join("meta.json"), schema::seal(meta.as_bytes()).unwrap()).unwrap();
    assert!(!has_index(&killed.index));
    killed.write("a.txt", "Xi met Putin in Moscow on Tuesday for the first of several long talks.");
    assert_eq!(killed.update().articles, 1);
    assert!(!folder.exists() && is_sound(&killed.index));
}
