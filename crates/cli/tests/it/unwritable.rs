//! Output that cannot be written: `/dev/full` is a disk that is full.

use std::fs::File;
use std::process::{Command, Stdio};

use crate::support::Place;

fn full() -> File {
    File::options().write(true).open("/dev/full").unwrap()
}

/// The program, to be run in the place.
fn program(place: &Place, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_morgue"));
    command.current_dir(place.folder.path()).args(args).env_remove("MORGUE_INDEX");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[test]
fn what_cannot_be_said_is_dropped_and_the_exit_code_is_that_of_the_work() {
    let place = Place::with_articles();
    place.write("articles/empty.txt", "");
    place.write("queries", "NATO\nXi (\n");
    for (args, code) in [
        (&["index", "articles"][..], 0),
        (&["index", "articles", "--strict"], 2),
        (&["index", "articles", "--rebuild", "-v"], 0),
        (&["search", "Xi ("], 2),
        (&["search", "NATO", "-v", "--stats"], 0),
        (&["search", "NATO AND Modi"], 1),
        (&["search", "--file", "queries"], 2),
        (&["count", "summer date:2022"], 0),
        (&["search", "NATO", "--no-such-option"], 2),
        (&["show", "nobody"], 2),
        (&["optimize"], 0),
        (&["check"], 0),
        (&["actors", "check"], 0),
        (&["dups", "-v"], 1),
        (&["bench", "--file", "queries"], 2),
        (&["index", "--delete", "articles/chess.txt", "nobody"], 2),
    ] {
        let status = program(&place, args).stderr(full()).status().unwrap();
        assert_eq!(status.code(), Some(code), "{args:?}");
    }
    assert_eq!(place.run(&["count", "--all"]).out, "2\n");
}

#[test]
fn a_watch_goes_on_when_it_cannot_say_anything() {
    let place = Place::with_articles();
    place.write("articles/later.txt", "Later\n\nA walrus came later.\n");
    let mut watch = program(&place, &["index", "--watch", "articles"]).stderr(full()).spawn().unwrap();
    let is_indexed = (0..200).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        place.run(&["count", "walrus"]).out == "1\n"
    });
    std::thread::sleep(std::time::Duration::from_millis(500)); // to say so
    let ended = watch.try_wait().unwrap();
    watch.kill().unwrap();
    watch.wait().unwrap();
    assert!(is_indexed && ended.is_none(), "{ended:?}");
}

#[test]
fn an_error_of_standard_output_names_it() {
    let place = Place::with_articles();
    for args in [
        &["search", "NATO"][..],
        &["count", "NATO"],
        &["index", "--json", "articles"],
        &["help"],
        &["--help"],
        &["--version"],
    ] {
        let output = program(&place, args).stdout(full()).stderr(Stdio::piped()).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(said.contains("cannot write to standard output: No space left"), "{args:?}: {said}");
    }
}
