//! What an index holds of archives after they were added, changed and removed.

use std::fs;
use std::path::Path;

use engine::Engine;

use crate::support::{Collection, files, request};

/// Writes an archive of members.
pub(crate) fn write(collection: &Collection, name: &str, members: &[(&str, &str)]) {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, text) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, text.as_bytes()).unwrap();
    }
    fs::write(collection.articles().join(name), builder.into_inner().unwrap()).unwrap();
}

/// How many articles are found under a name.
fn named(collection: &Collection, path: &Path) -> usize {
    collection.engine().articles(path.as_os_str(), 100).unwrap().len()
}

const MOSCOW: &str = "Xi met Putin in Moscow on Tuesday for the first of several long talks.\n";
const MADRID: &str = "NATO met in Madrid and spoke of many things until late in the evening.\n";
const KAZAN: &str = "Xi met Modi in Kazan on Wednesday for the first of several short talks.\n";
const RECORDS: &str = "{\"title\": \"Xi flew home\"}\n{\"title\": \"NATO stayed\"}\n";

#[test]
fn an_archive_is_updated_member_by_member_and_removed_as_a_whole() {
    let collection = Collection::new();
    let archive = collection.articles().join("news.tar");
    collection.write("other.txt", MOSCOW);
    // The last two are one member twice, as when an archive was appended to.
    let mut members =
        vec![("a.txt", MOSCOW), ("in/b.txt", MADRID), ("c.jsonl", RECORDS), ("c.jsonl", RECORDS)];
    write(&collection, "news.tar", &members);
    let report = collection.update();
    assert_eq!((report.indexed, report.duplicates, report.articles), (7, 3, 4));
    assert_eq!(named(&collection, &archive), 4);
    assert_eq!(named(&collection, &archive.join("in/b.txt")), 1);
    assert_eq!(named(&collection, &archive.join("c.jsonl")), 2);
    let hits = files(&collection.engine(), &request("Madrid"), '.').unwrap();
    assert!(hits.iter().eq(["b"]), "{hits:?}");

    members[1] = ("in/b.txt", KAZAN);
    members.pop();
    write(&collection, "news.tar", &members);
    let report = collection.update();
    assert_eq!((report.indexed, report.replaced, report.removed), (1, 1, 2));
    assert_eq!((report.unchanged, report.articles), (4, 4));
    assert_eq!(collection.update().unchanged, 5);

    // What was written in a better order still belongs to its archive.
    indexer::optimize(&collection.index).unwrap();
    assert_eq!((collection.update().unchanged, named(&collection, &archive)), (5, 4));
    collection.remove("news.tar");
    let report = collection.update();
    assert_eq!((report.removed, report.articles), (4, 1));
}

#[test]
fn of_an_archive_that_is_cut_off_the_rest_is_kept() {
    let collection = Collection::new();
    write(&collection, "news.tar", &[("a.txt", MOSCOW), ("b.txt", MADRID), ("c.txt", KAZAN)]);
    assert_eq!(collection.update().articles, 3);
    let path = collection.articles().join("news.tar");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..1024 + 512 + 20]).unwrap();
    let report = collection.update();
    assert_eq!((report.removed, report.skipped.get("damaged")), (0, Some(&1)));
    assert_eq!(named(&collection, &path.join("c.txt")), 1);
    fs::write(&path, &whole).unwrap();
    let report = collection.update();
    assert_eq!((report.articles, report.skipped_total()), (3, 0));
}
