//! A command makes text of files that are none.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod packs;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use article::{Limits, Preprocessor, ReadError, WalkOptions, split, walk};
use packs::{Found, read_with};

/// A folder with a file of no known format, a known one, and a command of these lines beside it.
fn folder(script: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("in");
    fs::create_dir(&files).unwrap();
    fs::write(files.join("paper's $HOME;.PDF"), "%PDF-1.4 not text").unwrap();
    fs::write(files.join("a.txt"), "Ferry returns\n").unwrap();
    let command = folder.path().join("command");
    fs::write(&command, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&command, fs::Permissions::from_mode(0o755)).unwrap();
    (folder, command)
}

fn read(script: &str, globs: &[&str], limits: Limits) -> Found {
    let (folder, command) = folder(script);
    read_with(&folder.path().join("in"), &options(&command, globs), limits)
}

fn options(command: &Path, globs: &[&str]) -> WalkOptions {
    let globs: Vec<String> = globs.iter().map(|glob| (*glob).to_owned()).collect();
    let preprocessor = Preprocessor::new(command, &globs).unwrap();
    WalkOptions { preprocessor: Some(Arc::new(preprocessor)), ..WalkOptions::default() }
}

/// The message of the only error.
fn complaint(script: &str) -> String {
    let (folder, command) = folder(script);
    let mut messages = Vec::new();
    for input in walk(&[folder.path().join("in")], &options(&command, &["*.pdf"])) {
        let _ = split(&input.unwrap(), &Limits::default(), &mut |record| {
            messages.extend(record.err().map(|error: ReadError| error.to_string()));
            std::ops::ControlFlow::Continue(())
        });
    }
    assert_eq!(messages.len(), 1, "{messages:?}");
    messages.remove(0)
}

#[test]
fn files_of_no_known_format_go_through_the_command() {
    let expected = ["in/a.txt:1 Ferry returns", "in/paper's $HOME;.PDF:1 Mill reopens"];
    assert_eq!(read("echo Mill reopens", &[], Limits::default()), expected);
    // The file is its argument and its input.
    let found = read("test -f \"$1\" && test $# = 1 && cut -c 10-", &[], Limits::default());
    assert_eq!(found[1], "in/paper's $HOME;.PDF:1 not text");
}

#[test]
fn globs_say_which_files_the_command_is_for() {
    let say = "echo Mill reopens";
    assert_eq!(read(say, &["*.pdf"], Limits::default())[1], "in/paper's $HOME;.PDF:1 Mill reopens");
    assert_eq!(read(say, &["*.epub"], Limits::default())[1], "in/paper's $HOME;.PDF: unknown format");
    assert_eq!(read(say, &["*.txt"], Limits::default())[0], "in/a.txt:1 Mill reopens");
    assert_eq!(read(say, &["in/*.txt"], Limits::default())[0], "in/a.txt:1 Mill reopens");
    assert_eq!(read(say, &["out/*.txt"], Limits::default())[0], "in/a.txt:1 Ferry returns");
    let error = Preprocessor::new("x", &["*.{pdf".to_owned()]).unwrap_err().to_string();
    assert!(error.starts_with("*.{pdf: not a glob: "), "{error}");
}

#[test]
fn a_command_that_fails_gives_no_article_and_says_why() {
    let message = complaint("echo half a text; echo; echo '  broken page 3' >&2; echo more >&2; exit 3");
    assert!(message.contains("command failed: broken page 3; "), "{message}");
    assert!(complaint("exit 3").contains("failed: it ended with exit status: 3"));
    assert!(complaint("kill -9 $$").contains("failed: it ended with signal: 9"));
    let nowhere = options(Path::new("/nowhere/command"), &["*.pdf"]);
    let (folder, _) = folder("");
    let found = read_with(&folder.path().join("in"), &nowhere, Limits::default());
    assert_eq!(found[1], "in/paper's $HOME;.PDF: command failed");
}

#[test]
fn a_command_without_end_is_ended() {
    let start = Instant::now();
    let limits = Limits { article_bytes: 1 << 20, ..Limits::default() };
    assert_eq!(read("yes", &["*.pdf"], limits)[1], "in/paper's $HOME;.PDF: too large");
    assert!(start.elapsed().as_secs() < 20);
}

#[test]
fn a_command_that_complains_at_length_is_heard_out() {
    let script = "i=0; while [ $i -lt 3000 ]; do echo 'a warning that is of no use to anyone, once more' >&2; i=$((i+1)); done; echo Mill reopens";
    assert_eq!(read(script, &[], Limits::default())[1], "in/paper's $HOME;.PDF:1 Mill reopens");
}

#[test]
fn what_a_command_writes_can_be_of_a_format() {
    let (folder, command) = folder("printf '{\"title\": \"A\"}\\n{\"title\": \"B\"}\\n'");
    let mut options = options(&command, &["*"]);
    options.format = Some("jsonl".parse().unwrap());
    assert_eq!(read_with(&folder.path().join("in"), &options, Limits::default()).len(), 4);
}

/// The reason and the seconds it took with a time limit of half a second.
fn limited(script: &str) -> (String, u64) {
    let (folder, command) = folder(script);
    let mut options = options(&command, &["*.pdf"]);
    let preprocessor = options.preprocessor.take().unwrap();
    let limit = std::time::Duration::from_millis(500);
    options.preprocessor = Some(Arc::new(Preprocessor::clone(&preprocessor).with_timeout(limit)));
    let begin = Instant::now();
    let found = read_with(&folder.path().join("in"), &options, Limits::default());
    (found[1].clone(), begin.elapsed().as_secs())
}

#[test]
fn a_command_that_hangs_is_ended_and_its_file_named() {
    for script in [
        "sleep 60",
        "echo half an article; sleep 60",
        // Its output is closed, but it goes on; it complains without end; it writes a little, again and again.
        "exec >&-; sleep 60",
        "yes >&2",
        "while true; do echo a line; sleep 0.1; done",
        "trap '' TERM HUP INT; sleep 60",
    ] {
        let (found, seconds) = limited(script);
        assert_eq!(found, "in/paper's $HOME;.PDF: command failed", "{script}");
        assert!(seconds < 20, "{script}: {seconds} s");
    }
}

#[test]
fn what_a_command_has_started_ends_with_it_and_is_not_waited_for() {
    let marker = tempfile::tempdir().unwrap();
    let alive = marker.path().join("alive");
    let (found, _) = limited(&format!("(sleep 2; touch '{}') & sleep 60", alive.display()));
    assert_eq!(found, "in/paper's $HOME;.PDF: command failed");
    // A helper that outlives a command which has done its work holds nobody up.
    let (found, seconds) = limited("echo Mill reopens; exec >&-; sleep 30 &");
    assert_eq!((found.as_str(), seconds < 20), ("in/paper's $HOME;.PDF:1 Mill reopens", true));
    std::thread::sleep(std::time::Duration::from_millis(2500));
    assert!(!alive.exists(), "what the command has started went on");
}
