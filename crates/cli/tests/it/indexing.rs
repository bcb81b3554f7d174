//! `morgue index`, from the shell.

use serde_json::Value;

use crate::support::Place;

#[test]
fn the_first_search_builds_the_default_index() {
    let place = Place::new();
    place.copy_seeds();
    let first = place.run(&["search", "Xi AND NATO"]);
    assert_eq!(first.code, 0, "{first:?}");
    assert!(first.err.contains("indexed 17 articles"), "{}", first.err);
    let second = place.run(&["search", "Xi AND NATO"]);
    assert_eq!((second.code, &second.out, second.err.as_str()), (0, &first.out, ""));
}

#[test]
fn an_index_whose_manifest_is_gone_is_not_taken_for_none() {
    let place = Place::with_articles();
    place.copy_seeds();
    let records = "{\"id\":\"1\",\"body\":\"Xi spoke of wombats.\"}\n";
    assert_eq!(place.run_with_input(&["index", "-"], records).code, 0);
    let remove = || std::fs::remove_file(place.path("index/manifest.json")).unwrap();
    remove();
    assert_eq!(place.run(&["search", "NATO"]).code, 2);
    let run = place.run(&["index", "--rebuild"]);
    assert!(run.code == 2 && run.err.contains("1 article that came from standard input"), "{run:?}");
    remove();
    let run = place.run(&["index"]);
    assert!(run.code == 0 && run.err.contains("3 unchanged; 4 articles in the index"), "{run:?}");
    assert_eq!(place.run(&["count", "wombats"]).out, "1\n");
}

#[test]
fn what_is_skipped_is_named_and_strict_makes_it_count() {
    let place = Place::with_articles();
    place.write("articles/broken.jsonl", "{\"body\": \"a good record about NATO\"}\n{oops\n");
    let run = place.run(&["index"]);
    assert_eq!(run.code, 0);
    assert!(run.err.contains("skipped: ") && run.err.contains("broken.jsonl:2"), "{}", run.err);
    assert!(run.err.contains("1 skipped (1 malformed)"), "{}", run.err);
    assert_eq!(place.run(&["index", "--strict"]).code, 2);
    assert_eq!(place.run(&["count", "NATO"]).out, "3\n");
}

#[test]
fn events_are_json_and_add_up() {
    let place = Place::with_articles();
    place.write(
        "articles/new.txt",
        "A new article about NATO and a number of other things, long enough to be one.\n",
    );
    place.write("articles/empty.txt", "");
    let run = place.run(&["index", "--json"]);
    let events: Vec<Value> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(events.iter().any(|event| event["event"] == "commit" && event["articles"] == 4), "{}", run.out);
    let done = events.last().unwrap();
    assert_eq!(done["event"], "done");
    let skipped: u64 =
        done["skipped"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    let number = |name: &str| done[name].as_u64().unwrap();
    assert_eq!(number("found"), number("indexed") + number("unchanged") + skipped);
    assert_eq!((number("indexed"), number("unchanged"), skipped), (1, 3, 1));
}

#[test]
fn standard_input_is_indexed_and_replaced_by_id() {
    let place = Place::new();
    let records = "{\"id\":\"1\",\"title\":\"One\",\"body\":\"Xi spoke of NATO.\"}\n{\"id\":\"2\",\"body\":\"Putin spoke.\"}\n";
    assert_eq!(place.run_with_input(&["index", "-"], records).code, 0);
    assert_eq!(place.run(&["count", "spoke"]).out, "2\n");
    place.run_with_input(
        &["index", "-"],
        "{\"id\":\"2\",\"body\":\"Modi spoke.\"}\n{\"id\":\"3\",\"body\":\"Lula spoke.\"}\n",
    );
    assert_eq!(place.run(&["count", "spoke"]).out, "3\n");
    assert_eq!(place.run(&["count", "Putin"]).out, "0\n");
    assert_eq!(place.run(&["search", "Modi"]).out, "-:1:Modi spoke.\n");
}

#[test]
fn a_folder_is_walked_as_ripgrep_walks_it() {
    let place = Place::new();
    for (name, text) in [
        ("articles/.hidden.txt", "A hidden article about NATO, long enough to be an article of its own."),
        ("articles/draft.txt", "A draft article about NATO, long enough to be an article of its own."),
        ("articles/final.txt", "A final article about NATO, long enough to be an article of its own."),
        ("articles/.ignore", "draft.txt\n"),
    ] {
        place.write(name, text);
    }
    let count = |args: &[&str]| {
        let index = place.path("other").to_string_lossy().into_owned();
        let _ = std::fs::remove_dir_all(&index);
        let mut all = vec!["index", "articles", "--index", &index];
        all.extend(args);
        assert_eq!(place.run(&all).code, 0);
        place.run(&["count", "NATO", "--index", &index]).out
    };
    assert_eq!(count(&[]), "1\n");
    assert_eq!(count(&["--hidden"]), "2\n");
    assert_eq!(count(&["--no-ignore"]), "2\n");
    assert_eq!(count(&["--hidden", "--no-ignore"]), "3\n");
}

#[test]
fn a_rebuild_does_not_lose_what_came_from_standard_input() {
    let place = Place::with_articles();
    place.run_with_input(&["index", "-"], "{\"id\":\"1\",\"body\":\"Xi spoke of NATO.\"}\n");
    let run = place.run(&["index", "--rebuild"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("1 article that came from standard input") && run.err.contains("hint:"),
        "{}",
        run.err
    );
    assert_eq!(place.run(&["count", "NATO"]).out, "3\n");
}

#[test]
fn articles_are_deleted_by_file_folder_and_id() {
    let place = Place::with_articles();
    place.run_with_input(
        &["index", "-"],
        "{\"id\":\"a\",\"body\":\"Xi spoke.\"}\n{\"id\":\"b\",\"body\":\"Xi wrote.\"}\n",
    );
    assert_eq!(place.run(&["count", "Xi"]).out, "3\n");
    let by_id = place.run(&["index", "--delete", "a"]);
    assert_eq!((by_id.code, place.run(&["count", "Xi"]).out.as_str()), (0, "2\n"), "{by_id:?}");
    let by_file = place.run(&["index", "--delete", "articles/moscow.txt"]);
    assert!(by_file.err.contains("removed 1 article"), "{}", by_file.err);
    assert!(
        by_file.err.contains("articles/moscow.txt: the next `morgue index` reads it again"),
        "{}",
        by_file.err
    );
    assert_eq!(place.run(&["count", "Xi"]).out, "1\n");
    assert_eq!(place.run(&["index", "--delete", "-"]).code, 0);
    assert_eq!(place.run(&["count", "Xi"]).out, "0\n");
    let by_folder = place.run(&["index", "--delete", "articles", "nowhere"]);
    assert_eq!(by_folder.code, 2);
    assert!(by_folder.err.contains("nowhere: the index has no"), "{}", by_folder.err);
    assert!(by_folder.err.contains("removed 2 articles; 0 articles in the index"), "{}", by_folder.err);
    // The folder is forgotten with its articles.
    assert_eq!(place.run(&["index"]).code, 2);
    assert_eq!(place.run(&["index", "articles"]).code, 0);
    assert_eq!(place.run(&["count", "Xi"]).out, "1\n");
}

#[test]
fn a_watched_folder_is_followed_until_the_process_ends() {
    let place = Place::with_articles();
    let watch = std::process::Command::new(assert_cmd::cargo::cargo_bin!("morgue"))
        .args(["index", "--watch", "--quiet", "articles"])
        .current_dir(place.folder.path())
        .spawn();
    let mut watch = Killed(watch.unwrap());
    let becomes = |query: &str, expected: &str| {
        let begin = std::time::Instant::now();
        while place.run(&["count", query]).out != expected {
            // Less than the time after which it looks again in any case.
            assert!(begin.elapsed().as_secs() < 40, "{query} is not {expected}");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    };
    place.write(
        "articles/new.txt",
        "A ferry sank.\n\nNobody was hurt when the old ferry sank in the harbour on Monday.\n",
    );
    becomes("ferry", "1\n");
    std::fs::create_dir(place.path("articles/deep")).unwrap();
    std::fs::rename(place.path("articles/new.txt"), place.path("articles/deep/moved.txt")).unwrap();
    place.write(
        "articles/other.txt",
        "Another boat.\n\nThe harbour bought another boat after the ferry had sunk.\n",
    );
    becomes("ferry", "2\n");
    std::fs::remove_dir_all(place.path("articles/deep")).unwrap();
    becomes("ferry", "1\n");
    std::fs::rename(place.path("articles"), place.path("before")).unwrap();
    std::fs::create_dir(place.path("articles")).unwrap();
    for (name, articles) in [("first", "1\n"), ("second", "2\n"), ("third", "3\n")] {
        place.write(
            &format!("articles/{name}.txt"),
            format!("The {name} pier\n\nThe {name} pier was built of oak.\n"),
        );
        becomes("pier", articles);
    }
    assert_eq!(watch.0.try_wait().unwrap(), None);
    drop(watch);
    assert_eq!(place.run(&["index"]).code, 0);
    let refused = place.run(&["index", "--watch", "-"]);
    assert!(refused.code == 2 && refused.err.contains("standard input cannot be watched"), "{refused:?}");
}

/// A process that is ended with the test.
struct Killed(std::process::Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn columns_formats_and_commands_are_as_the_user_says() {
    let place = Place::new();
    place.write(
        "articles/table.csv",
        "Kopf;Datum;Inhalt\nFerry sinks;2022-02-04;The old ferry sank in the harbour.\n",
    );
    place.write("articles/log.xyz", "The harbour master wrote a log of the night when the old ferry sank.\n");
    place.write("articles/scan.pdf", "no text");
    let plain = place.run(&["index", "articles"]);
    assert!(plain.err.contains("2 unknown format"), "{}", plain.err);
    assert_eq!(place.run(&["count", "ferry"]).out, "0\n");
    let mapped = place.run(&[
        "index",
        "--rebuild",
        "--map",
        "title=Kopf",
        "--map",
        "body=Inhalt",
        "--map",
        "date=Datum",
    ]);
    assert_eq!(mapped.code, 0, "{}", mapped.err);
    assert_eq!(place.run(&["count", "ferry AND date:2022-02"]).out, "1\n");
    assert_eq!(place.run(&["index", "--format", "text", "articles/log.xyz"]).code, 0);
    assert_eq!(place.run(&["count", "ferry"]).out, "2\n");
    for (args, said) in [
        (["--map", "titel=x"], "the keys are id, title, body"),
        (["--format", "word"], "there are text, markdown, json"),
        (["--pre-glob", "*.pdf"], "--pre"),
    ] {
        let refused = place.run(&[&["index", "articles"][..], &args[..]].concat());
        assert!(refused.code == 2 && refused.err.contains(said), "{refused:?}");
    }
}

#[test]
fn what_one_mapping_found_is_not_lost_to_another() {
    let place = Place::new();
    place.write("articles/first.csv", "Kopf;Inhalt\nFerry sinks;The old ferry sank in the harbour.\n");
    assert_eq!(place.run(&["index", "articles", "--map", "title=Kopf", "--map", "body=Inhalt"]).code, 0);
    place.write("articles/second.csv", "Titre;Texte\nLe pont;On a ouvert le pont.\n");
    // The first file is read again as well, since it is so new that it may have changed unnoticed.
    assert_eq!(place.run(&["index", "--map", "title=Titre", "--map", "body=Texte"]).code, 0);
    assert_eq!(place.run(&["count", "title:ferry AND harbour"]).out, "1\n");
    assert_eq!(place.run(&["count", "title:pont AND ouvert"]).out, "1\n");
    place.write("articles/first.csv", "Kopf;Inhalt\nFerry raised;The old ferry was raised in the harbour.\n");
    assert_eq!(place.run(&["index"]).code, 0);
    assert_eq!(place.run(&["count", "title:raised AND harbour"]).out, "1\n");
    assert_eq!(place.run(&["count", "ouvert"]).out, "1\n");
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_named_by_a_link_is_read_and_nothing_is_skipped() {
    let place = Place::new();
    std::fs::create_dir(place.path("real")).unwrap();
    place.write("real/harbour.txt", "A ferry\n\nThe old ferry sank in the harbour.\n");
    std::os::unix::fs::symlink("real", place.path("link")).unwrap();
    let run = place.run(&["index", "link", "--strict"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(place.run(&["count", "ferry"]).out, "1\n");
}

#[cfg(unix)]
#[test]
fn an_article_is_shown_by_a_path_of_any_bytes() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let place = Place::new();
    let name = OsStr::from_bytes(b"caf\xe9.txt");
    std::fs::write(place.path("articles").join(name), "A ferry\n\nThe old ferry sank.\n").unwrap();
    assert_eq!(place.run(&["index", "articles"]).code, 0);
    let shown = place.command(&["show"]).arg(place.path("articles").join(name)).output().unwrap();
    assert!(shown.status.success() && String::from_utf8_lossy(&shown.stdout).contains("The old ferry sank."));
}

#[cfg(unix)]
#[test]
fn what_a_command_made_text_of_stays_without_the_command() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::with_articles();
    place.write("articles/scan.pdf", "%PDF");
    place
        .write("to-text", "#!/bin/sh\necho \"A scan about a ferry, which sank in the harbour on Monday.\"\n");
    std::fs::set_permissions(place.path("to-text"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let command = place.path("to-text").to_string_lossy().into_owned();
    assert_eq!(place.run(&["index", "--pre", &command]).code, 0);
    assert_eq!(place.run(&["search", "-l", "ferry"]).out, "articles/scan.pdf\n");
    let without = place.run(&["index"]);
    assert!(without.err.contains("1 file kept that cannot be read now"), "{}", without.err);
    assert_eq!(place.run(&["count", "ferry"]).out, "1\n");
    std::fs::remove_file(place.path("articles/scan.pdf")).unwrap();
    assert_eq!(place.run(&["index"]).code, 0);
    assert_eq!(place.run(&["count", "ferry"]).out, "0\n");
}

#[test]
fn archives_are_read_through() {
    let place = Place::with_articles();
    let fixtures = crate::support::checkout().join("crates/article/tests/fixtures/containers");
    for name in ["pax.tgz", "mixed.zip", "padded.jsonl.gz"] {
        std::fs::copy(fixtures.join(name), place.path(&format!("articles/{name}"))).unwrap();
    }
    let run = place.run(&["index"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let found = place.run(&["search", "-l", "-n", "100", "path:zip OR path:tgz OR path:gz"]);
    assert!(found.out.lines().any(|path| path.starts_with("articles/pax.tgz/")), "{}", found.out);
    assert!(found.out.lines().any(|path| path == "articles/padded.jsonl.gz"), "{}", found.out);
    let member = found.out.lines().next().unwrap();
    assert_eq!(place.run(&["show", member]).code, 0);
    let deleted = place.run(&["index", "--delete", "articles/pax.tgz"]);
    assert_eq!(deleted.code, 0, "{deleted:?}");
    assert!(!place.run(&["search", "-l", "-n", "100", "path:tgz"]).out.contains("pax.tgz"));
}
