//! What is said of files that are passed over, in whole or in part.

use std::collections::BTreeMap;
use std::fs::{self, File, FileTimes};
use std::sync::Mutex;
use std::thread::sleep;
use std::time::Duration;

use indexer::{Config, Event, update};

use crate::support::Collection;

#[test]
fn what_cannot_be_read_is_counted_and_named_and_costs_nothing_else() {
    let collection = Collection::new();
    collection.write("good.txt", "Xi met Putin in Moscow on Tuesday for the first of several long talks.");
    collection.write("empty.txt", " \n\t\n");
    collection.write("binary.txt", "\0\u{1}\0\u{2}\0\0\0\0\u{3}\0\0\0");
    collection.write("notes.docx", "not a format that is known");
    collection
        .write("broken.jsonl", "{\"body\":\"one good record about NATO\"}\n{\"body\":\n{\"other\":1}\n");
    fs::create_dir(collection.articles().join("folder.txt")).unwrap();
    let report = collection.update();
    let skipped: BTreeMap<_, _> =
        [("empty", 1), ("binary", 1), ("unknown format", 1), ("malformed", 1), ("no text", 1)].into();
    let skipped: BTreeMap<_, _> = skipped.into_iter().map(|(reason, count)| (reason.into(), count)).collect();
    assert_eq!(report.skipped, skipped);
    assert_eq!(report.found, report.indexed + report.unchanged + report.skipped_total());
    assert_eq!(report.articles, 2);

    let again = collection.update();
    assert_eq!((again.indexed, again.unchanged, again.skipped, again.articles), (0, 2, skipped, 2));
}

#[test]
fn a_file_that_looks_as_before_is_not_read_again_whatever_was_passed_over_in_it() {
    let collection = Collection::new();
    let path = collection.articles().join("news.jsonl");
    let write = |text: &str| fs::write(&path, text).unwrap();
    let run = |config: &Config| {
        let (said, read) = (Mutex::new(Vec::new()), Mutex::new(0));
        let report = update(config, &|event: &Event<'_>| match event {
            Event::Skipped(skip) => said.lock().unwrap().push((*skip).clone()),
            Event::Planned { files, .. } => *read.lock().unwrap() = *files,
            _ => {}
        });
        let mut said = said.into_inner().unwrap();
        // Two threads may have said it, in either order.
        said.sort_by(|a, b| a.message.cmp(&b.message));
        (report.unwrap(), said, read.into_inner().unwrap())
    };
    let mut config = Config::new(collection.index.clone(), vec![collection.articles()]);
    write("{\"body\":\"Xi met Putin in Moscow\"}\n{\"body\":\n\n{\"other\":1}\n");
    let (first, said, _) = run(&config);
    assert_eq!((first.indexed, said.len()), (1, 2));
    sleep(Duration::from_secs(3)); // what was changed just now is not relied on
    assert_eq!(run(&config).2, 1);
    let (again, said_again, read) = run(&config);
    assert_eq!((again.indexed, again.unchanged, again.found, read), (0, 1, 3, 0));
    assert_eq!((again.skipped, said_again), (first.skipped, said));

    let before = fs::metadata(&path).unwrap().modified().unwrap();
    write("{\"body\":\"Xi met Modi in Moscow!\"}\n{\"body\":\n\n{\"other\":1}\n");
    let file = File::options().write(true).open(&path).unwrap();
    file.set_times(FileTimes::new().set_modified(before)).unwrap();
    let (altered, _, read) = run(&config);
    assert_eq!((altered.replaced, read), (1, 1), "it looks as before, but for the time that nobody can set");
    sleep(Duration::from_secs(3));
    assert_eq!((run(&config).2, run(&config).2), (1, 0));
    config.limits.article_bytes = 1000;
    assert_eq!(run(&config).2, 1);
}
