//! Damage is found by `check`, named by every other command, and mended by `check --repair`.

use std::fs;
use std::path::PathBuf;

use crate::support::Place;

/// Flips a bit in the middle of a file of the index, and returns its name.
fn flip(place: &Place, extension: &str) -> String {
    let generation = fs::read_dir(place.path("index")).unwrap().map(|entry| entry.unwrap().path());
    let generation = generation.into_iter().find(|path| path.is_dir()).unwrap();
    let mut files = fs::read_dir(generation).unwrap().map(|entry| entry.unwrap().path());
    let path: PathBuf = files.find(|path| path.extension().is_some_and(|found| found == extension)).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).unwrap();
    path.file_name().unwrap().to_string_lossy().into_owned()
}

#[test]
fn a_sound_index_is_said_to_be_sound_and_left_alone() {
    let place = Place::with_articles();
    let run = place.run(&["check"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{run:?}");
    assert!(run.err.starts_with("sound") && run.err.contains("3 articles, 3 of them"), "{}", run.err);
    let run = place.run(&["check", "--repair"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.err.contains("nothing to repair"), "{}", run.err);
}

#[test]
fn every_command_names_the_damaged_file_and_the_repair() {
    let place = Place::with_articles();
    let file = flip(&place, "pos");
    place.write("queries.txt", "NATO\n");
    place.write("articles/new.txt", "One more article, about trade between many countries of the world.");
    for args in [
        &["search", "NATO"][..],
        &["count", "NATO"],
        &["show", "articles/moscow.txt"],
        &["stats"],
        &["explain", "NATO"],
        &["dups"],
        &["search", "-f", "queries.txt"],
        &["bench", "-f", "queries.txt"],
        &["index", "articles"],
        &["index", "--delete", "articles/moscow.txt"],
        &["optimize"],
    ] {
        let run = place.run(args);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{args:?}: {run:?}");
        assert!(run.err.contains(&file) && run.err.contains("checksum"), "{args:?}: {}", run.err);
        assert!(run.err.contains("morgue check --repair"), "{args:?}: {}", run.err);
    }
}

#[test]
fn check_finds_damage_and_mends_it() {
    let place = Place::with_articles();
    let file = flip(&place, "texts");
    let run = place.run(&["check"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.out.contains(&file) && run.out.lines().count() == 1, "{}", run.out);
    assert!(run.err.starts_with("damaged: 1 finding"), "{}", run.err);
    let run = place.run(&["check", "--json"]);
    let events: Vec<serde_json::Value> =
        run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.iter().map(|event| &event["event"]).collect::<Vec<_>>(), ["damage", "done"]);

    let run = place.run(&["check", "--repair"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.err.contains("3 articles read again") && run.err.contains("index/damaged-1"), "{}", run.err);
    assert_eq!(place.run(&["check"]).code, 0);
    assert_eq!(place.run(&["count", "NATO"]).out, "2\n");
}

#[test]
fn a_repair_that_reads_standard_input_keeps_what_came_from_it_before() {
    let place = Place::with_articles();
    let record = |id: u32, word: &str| format!("{{\"id\":\"{id}\",\"body\":\"Xi spoke of {word}.\"}}\n");
    let first = record(1, "wombats") + &record(2, "koalas");
    assert_eq!(place.run_with_input(&["index", "-"], &first).code, 0);
    flip(&place, "idx");
    let run = place.run_with_input(&["check", "--repair", "-"], &record(2, "dingos"));
    assert!(run.code == 0 && run.err.contains("4 articles read again, 1 article taken"), "{run:?}");
    let counts = || ["wombats", "koalas", "dingos", "quolls"].map(|word| place.run(&["count", word]).out);
    assert_eq!(counts(), ["1\n", "0\n", "1\n", "0\n"]);
    assert_eq!(place.run_with_input(&["index"], &record(3, "quolls")).code, 0);
    assert_eq!(counts(), ["1\n", "0\n", "1\n", "0\n"], "standard input is not read unless it is asked for");
}

#[test]
fn a_repair_reads_the_articles_as_they_were_read_before() {
    let place = Place::new();
    fs::create_dir(place.path("articles/.archive")).unwrap();
    place.write("articles/.archive/a.txt", "A hidden story about zebras, which nobody saw on Tuesday.");
    place.write(
        "records.txt",
        "{\"id\":\"1\",\"body\":\"Of lions.\"}\n{\"id\":\"2\",\"body\":\"Of quolls.\"}\n",
    );
    assert_eq!(place.run(&["index", "articles", "--hidden"]).code, 0);
    assert_eq!(place.run(&["index", "records.txt", "--format", "json-lines"]).code, 0);
    flip(&place, "pos");
    let run = place.run(&["check", "--repair"]);
    assert!(
        run.code == 0 && run.err.contains("3 articles read again") && run.err.contains("nothing lost"),
        "{run:?}"
    );
    let counts = ["zebras", "lions", "quolls", "body"].map(|word| place.run(&["count", word]).out);
    assert_eq!(counts, ["1\n", "1\n", "1\n", "0\n"]);
}

#[test]
fn a_repair_keeps_what_is_stored_of_files_that_are_gone_and_the_next_run_takes_it_out() {
    let place = Place::with_articles();
    for name in ["moscow", "madrid", "chess"] {
        fs::remove_file(place.path(&format!("articles/{name}.txt"))).unwrap();
    }
    flip(&place, "pos");
    let run = place.run(&["check", "--repair"]);
    assert!(run.code == 0 && run.err.contains("3 articles taken from what was stored (3 files"), "{run:?}");
    assert_eq!(place.run(&["count", "NATO"]).out, "2\n");
    assert_eq!(place.run(&["index"]).code, 0);
    assert_eq!(place.run(&["count", "NATO"]).out, "0\n");
}

#[test]
fn a_repair_names_files_that_are_gone_where_nothing_sound_is_stored_of_them() {
    let place = Place::with_articles();
    fs::remove_file(place.path("articles/moscow.txt")).unwrap();
    flip(&place, "texts");
    let run = place.run(&["check", "--repair"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.out.contains("lost: 1 article of ") && run.out.contains("articles/moscow.txt"),
        "{}",
        run.out
    );
    assert!(run.err.contains("2 articles read again") && !run.err.contains("nothing lost"), "{}", run.err);
}

#[test]
fn a_repair_says_that_it_does_not_know_what_is_lost_where_the_index_does_not_tell_any_more() {
    type Damage = fn(&std::path::Path);
    let cut: Damage = |path| fs::write(path, &fs::read(path).unwrap()[..10]).unwrap();
    let delete: Damage = |path| fs::remove_file(path).unwrap();
    for (damage, end) in [(cut, "texts"), (delete, "texts"), (cut, "notes"), (delete, "notes")] {
        let place = Place::with_articles();
        let record = "{\"id\":\"1\",\"body\":\"Xi spoke of quokkas.\"}\n";
        assert_eq!(place.run_with_input(&["index", "-"], record).code, 0);
        for entry in fs::read_dir(place.path("index/generation-1")).unwrap().map(Result::unwrap) {
            let name = entry.file_name().into_string().unwrap();
            if name == "meta.json" || name.ends_with(end) {
                damage(&entry.path());
            }
        }
        let run = place.run(&["check", "--repair"]);
        assert_eq!(run.code, 1, "{end}: {run:?}");
        assert!(run.out.contains("lost: it is not known what"), "{end}: {run:?}");
        assert!(run.err.contains("3 articles read again") && !run.err.contains("nothing lost"), "{run:?}");
    }
}

#[test]
fn a_repair_without_the_commit_knows_that_nothing_is_lost_where_all_that_was_stored_is_there() {
    let place = Place::with_articles();
    let record = "{\"id\":\"1\",\"body\":\"Xi spoke of quokkas.\"}\n";
    assert_eq!(place.run_with_input(&["index", "-"], record).code, 0);
    fs::remove_file(place.path("index/generation-1/meta.json")).unwrap();
    let run = place.run(&["check", "--repair"]);
    assert!(run.code == 0 && run.err.contains("nothing lost"), "{run:?}");
    assert_eq!(place.run(&["count", "quokkas"]).out, "1\n");
}

#[test]
fn a_repair_of_an_index_of_which_nothing_is_left_makes_no_empty_one_of_it() {
    let place = Place::with_articles();
    fs::remove_dir_all(place.path("index/generation-1")).unwrap();
    for _ in 0..2 {
        let run = place.run(&["check", "--repair"]);
        assert!(run.code == 2 && run.err.contains("not known what is lost"), "{run:?}");
        assert!(run.err.contains("morgue check --repair FOLDER"), "{run:?}");
        assert_eq!(place.run(&["check"]).code, 1);
    }
    let run = place.run(&["check", "--repair", "artcles"]);
    assert!(run.code == 2 && run.err.contains("there is no artcles"), "{run:?}");
    let run = place.run(&["check", "--repair", "articles"]);
    assert!(run.code == 1 && run.err.contains("it is not known what is lost"), "{run:?}");
    assert!(!run.err.contains("kept in"), "{run:?}");
    assert_eq!(place.run(&["check"]).code, 0);
    assert_eq!(place.run(&["count", "NATO"]).out, "2\n");
}

#[test]
fn an_index_in_which_no_lock_can_be_made_is_checked_all_the_same() {
    let place = Place::with_articles();
    let lock = place.path("index/generation-1/.tantivy-meta.lock");
    let _ = fs::remove_file(&lock);
    fs::create_dir(&lock).unwrap();
    let run = place.run(&["check"]);
    assert!(run.code == 0 && run.err.starts_with("sound"), "{run:?}");
    assert!(place.run(&["check", "--repair"]).err.contains("nothing to repair"));
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_file_is_damage_and_makes_nothing_wait() {
    for name in ["manifest.json", "generation-1/meta.json", "sources-", "words-"] {
        let place = Place::with_articles();
        let names =
            fs::read_dir(place.path("index/generation-1")).unwrap().map(|entry| entry.unwrap().path());
        let is_it = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().starts_with(name);
        let path = names.into_iter().find(is_it).unwrap_or_else(|| place.path("index").join(name));
        fs::remove_file(&path).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        let run = |args: &[&str]| {
            let output = place.command(args).timeout(std::time::Duration::from_secs(20)).output().unwrap();
            output.status.code().unwrap_or_else(|| panic!("{args:?} hangs at {name}"))
        };
        assert_eq!(run(&["check"]), 1, "{name}");
        if !name.starts_with("words-") {
            assert_eq!(run(&["index", "articles"]), 2, "{name}");
        }
        assert_eq!(run(&["check", "--repair"]), 0, "{name}");
        assert_eq!(run(&["check"]), 0, "{name}");
        assert_eq!(place.run(&["count", "NATO"]).out, "2\n", "{name}");
    }
}

#[test]
fn where_only_the_manifest_is_missing_every_command_says_so_and_names_the_repair() {
    let place = Place::with_articles();
    fs::remove_file(place.path("index/manifest.json")).unwrap();
    for args in [
        &["search", "NATO"][..],
        &["count", "NATO"],
        &["stats"],
        &["dups"],
        &["optimize"],
        &["index", "--delete", "articles/moscow.txt"],
    ] {
        let run = place.run(args);
        assert_eq!(run.code, 2, "{args:?}: {run:?}");
        assert!(run.err.contains("index/manifest.json is missing"), "{args:?}: {}", run.err);
        assert!(run.err.contains("morgue check --repair") && !run.err.contains("build"), "{}", run.err);
    }
}

#[test]
fn a_rebuild_without_paths_of_a_damaged_index_names_the_damage_and_the_repair() {
    for end in ["pos", "texts", "jsonl"] {
        let place = Place::with_articles();
        let file = flip(&place, end);
        let run = place.run(&["index", "--rebuild"]);
        assert!(run.code == 2 && run.err.contains(&file), "{run:?}");
        assert!(run.err.contains("morgue check --repair") && !run.err.contains("no path given"), "{run:?}");
        assert_eq!(place.run(&["index", "--rebuild", "articles"]).code, 0);
    }
}

#[test]
fn one_repair_mends_the_manifest_and_what_else_is_damaged() {
    let cut = |path: PathBuf| fs::write(&path, &fs::read(&path).unwrap()[..10]).unwrap();
    let place = Place::with_articles();
    cut(place.path("index/manifest.json"));
    let names = fs::read_dir(place.path("index/generation-1")).unwrap().map(|entry| entry.unwrap().path());
    let is_list = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("words-");
    cut(names.into_iter().find(is_list).unwrap());
    let run = place.run(&["check", "--repair"]);
    assert!(run.code == 0 && run.out.lines().count() == 2, "{run:?}");
    assert!(run.err.contains("wrote the manifest again; made 1 list of words again"), "{}", run.err);
    assert_eq!(place.run(&["check"]).code, 0);
    cut(place.path("index/manifest.json"));
    let run = place.run(&["check", "--repair"]);
    assert!(run.err.contains("wrote the manifest again; everything else is sound"), "{run:?}");
}

#[test]
fn who_asks_while_an_index_is_built_for_the_first_time_is_told_to_wait() {
    let place = Place::new();
    place.write("articles/a.txt", "Xi met Putin in Moscow on Tuesday for the first of several long talks.");
    fs::create_dir(place.path("index")).unwrap();
    let lock = fs::File::create(place.path("index/writer.lock")).unwrap();
    lock.lock().unwrap();
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    place
        .write("index/writer.lock", format!("process {} on {} (a build)\n", std::process::id(), host.trim()));
    let run = place.run(&["search", "Moscow"]);
    assert!(
        run.code == 2 && run.err.contains("no index in index yet, it is being built by process"),
        "{run:?}"
    );
    assert!(!run.err.contains("morgue index"), "{}", run.err);
    let run = place.run(&["index", "articles"]);
    assert!(run.code == 2 && run.err.contains("wait for it to finish"), "{run:?}");
    assert!(!run.err.contains("searched meanwhile"), "{}", run.err);
}

#[test]
fn without_an_index_there_is_nothing_to_check() {
    let run = Place::new().run(&["check"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{run:?}");
    assert!(run.err.contains("no index in index"), "{}", run.err);
}
