//! How files were found and read stays so in later runs that do not say otherwise.

use std::fs;

use crate::run::Run;
use crate::support::Place;

/// Articles that only an option finds, and one that is always found.
fn place() -> Place {
    let place = Place::new();
    fs::create_dir_all(place.path("articles/.archive")).unwrap();
    place.write("articles/open.txt", "An open story about lions, which everybody may read on Monday.");
    place.write("articles/.archive/a.txt", "A hidden story about zebras, which nobody saw on Tuesday.");
    place.write("articles/.ignore", "drafts.txt\n");
    place.write("articles/drafts.txt", "A draft about giraffes, which was not finished by Wednesday.");
    place
}

fn succeed(place: &Place, args: &[&str]) -> Run {
    let run = place.run(args);
    assert_eq!(run.code, 0, "{args:?}: {run:?}");
    run
}

fn counts<const N: usize>(place: &Place, words: [&str; N]) -> [String; N] {
    words.map(|word| place.run(&["count", word]).out.trim().to_owned())
}

#[test]
fn a_run_that_does_not_name_a_folder_finds_in_it_what_the_last_one_that_did_found() {
    let place = place();
    succeed(&place, &["index", "articles", "--hidden", "--no-ignore"]);
    place.write("other.txt", "Another story, about wombats, which came in later than all of the others.");
    for args in [&["index"][..], &["index", "--rebuild"], &["index", "other.txt"], &["index", "--rebuild"]] {
        succeed(&place, args);
        assert_eq!(counts(&place, ["lions", "zebras", "giraffes"]), ["1", "1", "1"], "{args:?}");
    }
}

#[test]
fn a_run_that_names_a_folder_finds_in_it_what_it_asks_for() {
    let place = place();
    succeed(&place, &["index", "articles", "--hidden", "--no-ignore"]);
    succeed(&place, &["index", "articles"]);
    assert_eq!(counts(&place, ["lions", "zebras", "giraffes"]), ["1", "0", "0"]);
    succeed(&place, &["index"]);
    assert_eq!(counts(&place, ["lions", "zebras", "giraffes"]), ["1", "0", "0"]);
}

#[test]
fn a_run_without_paths_adds_what_it_asks_for_to_all_of_them() {
    let place = place();
    succeed(&place, &["index", "articles", "--hidden"]);
    succeed(&place, &["index", "--no-ignore"]);
    succeed(&place, &["index"]);
    assert_eq!(counts(&place, ["lions", "zebras", "giraffes"]), ["1", "1", "1"]);
}

#[test]
fn a_run_that_names_a_part_of_a_folder_takes_out_nothing_of_it() {
    let place = place();
    fs::create_dir(place.path("articles/in")).unwrap();
    place.write("articles/in/.b.txt", "A hidden story about koalas, which nobody saw on Thursday either.");
    succeed(&place, &["index", "articles", "--hidden"]);
    for _ in 0..2 {
        succeed(&place, &["index", "articles/in"]);
        assert_eq!(counts(&place, ["zebras", "koalas"]), ["1", "1"]);
    }
}

#[cfg(unix)]
#[test]
fn links_are_followed_in_later_runs_too() {
    let place = place();
    place.write("elsewhere.txt", "A story from elsewhere about quolls, which a link leads to since Friday.");
    std::os::unix::fs::symlink(place.path("elsewhere.txt"), place.path("articles/link.txt")).unwrap();
    succeed(&place, &["index", "articles", "-L"]);
    succeed(&place, &["index"]);
    assert_eq!(counts(&place, ["quolls"]), ["1"]);
}

#[test]
fn files_are_read_in_the_same_format_in_later_runs_and_in_another_where_that_is_asked_for() {
    let place = Place::new();
    let record = |id: u32, word: &str| format!("{{\"id\": \"{id}\", \"body\": \"They spoke of {word}.\"}}\n");
    place.write("articles/a.txt", record(1, "wombats"));
    succeed(&place, &["index", "articles", "--format", "json-lines"]);
    place.write("articles/a.txt", record(1, "wombats") + &record(2, "koalas"));
    succeed(&place, &["index"]);
    assert_eq!(counts(&place, ["wombats", "koalas", "body"]), ["1", "1", "0"]);
    succeed(&place, &["index", "--rebuild"]);
    assert_eq!(counts(&place, ["wombats", "koalas", "body"]), ["1", "1", "0"]);
    // The file has not changed, but is another text.
    succeed(&place, &["index", "articles"]);
    assert_ne!(counts(&place, ["body"]), ["0"]);
}

#[test]
fn what_was_forgotten_as_a_root_is_walked_as_the_next_run_says() {
    let place = place();
    succeed(&place, &["index", "articles", "--hidden"]);
    succeed(&place, &["index", "--delete", "articles"]);
    succeed(&place, &["index", "articles"]);
    succeed(&place, &["index"]);
    assert_eq!(counts(&place, ["lions", "zebras"]), ["1", "0"]);
}
