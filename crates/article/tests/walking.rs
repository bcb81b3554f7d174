//! Which files a walk finds.

use std::fs;
use std::path::{Path, PathBuf};

use article::{Format, Input, ReadError, STANDARD_INPUT, WalkOptions, walk};

/// A folder with these files, each holding a word.
fn folder(files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for file in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, "word").expect("a file");
    }
    folder
}

/// The paths found below `root`, and the reasons of errors with the paths they name.
fn found(root: &Path, roots: &[&str], options: &WalkOptions) -> Vec<String> {
    let roots: Vec<PathBuf> = roots.iter().map(|name| root.join(name)).collect();
    let below = |path: &Path| path.strip_prefix(root).unwrap_or(path).display().to_string();
    walk(&roots, options)
        .map(|input| match input {
            Ok(input) => below(&input.path),
            Err(error) => format!("{}: {}", error.reason(), below(error.path())),
        })
        .collect()
}

#[test]
fn folders_give_known_formats_in_the_order_of_their_paths() {
    let folder = folder(&["b.txt", "a/2.json", "a/1.md", "a-x.txt", "c.pdf", ".hidden.txt"]);
    assert_eq!(
        found(folder.path(), &[""], &WalkOptions::default()),
        ["a/1.md", "a/2.json", "a-x.txt", "b.txt", "unknown format: c.pdf"]
    );
}

#[test]
fn ignored_and_hidden_files_come_when_asked_for() {
    let folder = folder(&["a.txt", "b.txt", ".c.txt"]);
    fs::write(folder.path().join(".ignore"), "b.txt\n").unwrap();
    assert_eq!(found(folder.path(), &[""], &WalkOptions::default()), ["a.txt"]);
    let all = WalkOptions { hidden: true, no_ignore: true, ..WalkOptions::default() };
    assert_eq!(found(folder.path(), &[""], &all), [".c.txt", "unknown format: .ignore", "a.txt", "b.txt"]);
}

#[test]
fn a_file_that_is_a_root_is_always_taken_and_every_file_once() {
    let folder = folder(&["a/1.txt", "a/2.log", "a/.3.txt"]);
    assert_eq!(
        found(folder.path(), &["a/.3.txt", "a", "a/2.log", "a", "a/1.txt"], &WalkOptions::default()),
        ["a/1.txt", "a/2.log", "a/.3.txt"]
    );
}

#[test]
fn a_missing_root_is_an_error_with_its_path() {
    let folder = folder(&["a.txt"]);
    assert_eq!(
        found(folder.path(), &["nowhere", "a.txt"], &WalkOptions::default()),
        ["a.txt", "unreadable: nowhere"]
    );
}

#[test]
fn standard_input_comes_first() {
    let folder = folder(&["a.txt"]);
    let roots = [folder.path().to_owned(), PathBuf::from(STANDARD_INPUT)];
    let inputs: Vec<Input> =
        walk(&roots, &WalkOptions::default()).map(|input| input.expect("an input")).collect();
    assert_eq!(inputs[0].path, Path::new("-"));
    assert_eq!((inputs[1].format, inputs[1].size), (Some(Format::Text), 4));
    assert!(inputs[1].path.is_absolute() && inputs[1].modified.is_some());
}

#[cfg(unix)]
#[test]
fn special_files_are_never_opened() {
    let folder = folder(&["a.txt"]);
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("s.txt")).unwrap();
    assert_eq!(found(folder.path(), &[""], &WalkOptions::default()), ["a.txt", "not a file: s.txt"]);
    let errors: Vec<ReadError> =
        walk(&[PathBuf::from("/dev/null")], &WalkOptions::default()).filter_map(Result::err).collect();
    assert_eq!(errors[0].reason(), "not a file");
}

#[cfg(unix)]
#[test]
fn links_are_followed_when_asked_for() {
    let folder = folder(&["a/1.txt"]);
    std::os::unix::fs::symlink(folder.path().join("a/1.txt"), folder.path().join("link.txt")).unwrap();
    assert_eq!(found(folder.path(), &[""], &WalkOptions::default()), ["a/1.txt"]);
    let follow = WalkOptions { follow_links: true, ..WalkOptions::default() };
    assert_eq!(found(folder.path(), &[""], &follow), ["a/1.txt", "link.txt"]);
    assert_eq!(found(folder.path(), &["link.txt"], &WalkOptions::default()), ["link.txt"]);
}
