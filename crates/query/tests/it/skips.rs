//! What is said of files that are passed over, in whole or in part.

use std::collections::BTreeMap;
use std::fs::{self, File, FileTimes};
use std::sync::Mutex;
use std::time::{Duration, UNIX_EPOCH};

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

/// Nothing tells that a file was read but what became of it: here it is altered and looks as before.
#[test]
fn a_file_that_looks_as_before_is_not_read_again_whatever_was_passed_over_in_it() {
    let collection = Collection::new();
    let path = collection.articles().join("news.jsonl");
    let write = |text: &str| {
        fs::write(&path, text).unwrap();
        let times = FileTimes::new().set_modified(UNIX_EPOCH + Duration::from_secs(1_700_000_000));
        File::options().write(true).open(&path).unwrap().set_times(times).unwrap();
    };
    let run = |config: &Config| {
        let said = Mutex::new(Vec::new());
        let report = update(config, &|event: &Event<'_>| {
            if let Event::Skipped(skip) = event {
                said.lock().unwrap().push((*skip).clone());
            }
        });
        (report.unwrap(), said.into_inner().unwrap())
    };
    let mut config = Config::new(collection.index.clone(), vec![collection.articles()]);
    write("{\"body\":\"Xi met Putin in Moscow\"}\n{\"body\":\n\n{\"other\":1}\n");
    let (first, said) = run(&config);
    assert_eq!((first.indexed, said.len()), (1, 2));
    let (_, said_again) = run(&config);
    assert_eq!(said_again, said);

    write("{\"body\":\"Xi met Modi in Moscow!\"}\n{\"body\":\n\n{\"other\":1}\n");
    let (second, said_again) = run(&config);
    assert_eq!((second.indexed, second.unchanged, second.found), (0, 1, 3));
    assert_eq!((second.skipped, said_again), (first.skipped, said));

    config.limits.article_bytes = 1000;
    assert_eq!(run(&config).0.replaced, 1);
}
