//! Reads fixtures and texts as an index would.
#![allow(dead_code, reason = "not every test file needs all of it")]

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use article::{
    Article, Limits, ReadError, Record, SplitOptions, WalkOptions, parse, split, split_reader, walk,
};

pub(crate) type Found = Vec<Result<Article, ReadError>>;

/// Every article and error of a fixture.
pub(crate) fn read(fixture: &str) -> Found {
    read_mapped(fixture, &Limits::default())
}

/// As [`read`], with a mapping.
pub(crate) fn read_mapped<'a>(fixture: &str, options: impl Into<SplitOptions<'a>>) -> Found {
    read_file(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(fixture), options)
}

/// Every article and error of a file of this name with these bytes.
pub(crate) fn read_named(name: &str, bytes: &[u8]) -> Found {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("a file");
    read_file(&path, &Limits::default())
}

/// Every article and error of a file, or of the files of a folder.
pub(crate) fn read_file<'a>(path: &Path, options: impl Into<SplitOptions<'a>>) -> Found {
    let (options, mut found) = (options.into(), Vec::new());
    for input in walk(&[path.to_owned()], &WalkOptions::default()) {
        let flow = split(&input.expect("a file"), options, &mut |record| {
            found.push(record.and_then(|record| parse(&record)));
            ControlFlow::Continue(())
        });
        assert!(flow.is_continue());
    }
    found
}

/// What a text is read as that comes by a pipe.
pub(crate) fn read_text<'a>(text: &[u8], options: impl Into<SplitOptions<'a>>) -> Found {
    let mut found = Vec::new();
    split_text(text, options.into(), &mut |record| {
        found.push(record.and_then(|record| parse(&record)));
    });
    found
}

/// The records of a text that comes by a pipe.
pub(crate) fn split_text(
    text: &[u8],
    options: SplitOptions<'_>,
    take: &mut dyn FnMut(Result<Record, ReadError>),
) {
    let flow = split_reader(Path::new("-"), text, options, &mut |record| {
        take(record);
        ControlFlow::Continue(())
    });
    assert!(flow.is_continue());
}

/// What became of each record, in a word.
pub(crate) fn reasons(found: &[Result<Article, ReadError>]) -> Vec<&'static str> {
    found.iter().map(|result| result.as_ref().map_or_else(ReadError::reason, |_| "ok")).collect()
}
