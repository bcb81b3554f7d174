//! Indexes that older versions of the program have made, and one that a newer one made.
//!
//! `tests/fixtures/indexes/version-N` was really written by the program of that version; see the README there.

use std::fs;
use std::path::Path;

use schema::{Commit, MANIFEST_FILE, META_FILE, Manifest, OLDEST_VERSION, SCHEMA_VERSION};
use serde_json::Value;

use crate::collection::Collection;
use crate::observe::leftovers;
use crate::place::{Place, Run};

/// The first version that has a table of checksums.
const SEALED_SINCE: u32 = 5;

/// Versions that a fixture was made by: all that are older than this one and can be read.
fn older() -> impl Iterator<Item = u32> {
    OLDEST_VERSION..SCHEMA_VERSION
}

/// A place with a copy of the index that a version has made. Nothing of what it was made from is there.
fn place_with(version: u32) -> Place {
    let place = Place::new(&Collection::default());
    let fixture =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/indexes/version-{version}"));
    copy(&fixture, &place.index());
    place
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn count(place: &Place, query: &str) -> String {
    let run = place.run(&["count", query]);
    assert!(run.code < 2, "{run:?}");
    run.out.trim().to_owned()
}

fn assert_names_optimize(run: &Run, version: u32) {
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains(&format!("schema version {version}")), "{}", run.err);
    assert!(run.err.contains("hint:") && run.err.contains("`morgue optimize`"), "{}", run.err);
}

#[test]
fn an_index_of_an_older_version_is_brought_to_this_one_without_the_sources() {
    for version in older() {
        let place = place_with(version);
        for args in [&["search", "NATO"][..], &["index"], &["stats"], &["index", "--delete", "x"]] {
            assert_names_optimize(&place.run(args), version);
        }
        let optimized = place.must(&["optimize"]);
        assert!(
            optimized.err.contains(&format!("the index was of schema version {version}")),
            "{}",
            optimized.err
        );
        assert_eq!(leftovers(&place.index()), Vec::<String>::new());
        // What the fixture was made of: see its README. Version 3 read no archives.
        let has_archives = version > 3;
        assert_eq!(count(&place, "NATO"), if has_archives { "5" } else { "3" }, "version {version}");
        assert_eq!(count(&place, "replaced"), "0", "a deleted article came back");
        assert_eq!(count(&place, "\"strategic concept\""), "2");
        assert_eq!(
            count(&place, "gr*in"),
            if has_archives { "2" } else { "1" },
            "the list of words is there"
        );
        assert_eq!(place.must(&["optimize"]).err.lines().count(), 1, "there is nothing to do");
        let by_id = place.run(&["show", "--json", "wire-1"]);
        let article: Value = serde_json::from_str(by_id.out.lines().next().unwrap()).unwrap();
        assert_eq!(article["path"], "-", "{article}");
        let paths = ["summit.txt", "packed.jsonl.gz", "summit-again.txt"];
        let paths = paths.map(|name| format!("/collection/articles/{name}"));
        for path in paths.iter().take(version as usize - 2) {
            assert_eq!(place.run(&["show", path]).code, 0, "{path}");
        }
        let removed = place.run(&["index", "--delete", "wire-1", "/collection/articles/summit.txt"]);
        assert_eq!(removed.code, 0, "{removed:?}");
        // The same article is in another file since version 5, which stays.
        let left = ["1", "3", "4", "4"][version as usize - 3];
        assert_eq!(count(&place, "NATO"), left);
        // Roots that are not there take nothing away, and what came from standard input is not thrown away.
        assert_eq!(place.run(&["index"]).code, 0);
        assert_eq!(count(&place, "NATO"), left);
        if has_archives {
            let copies = place.must(&["dups"]);
            assert!(
                copies.out.contains("A ship leaves Odesa") && copies.out.contains("Grain ship"),
                "{copies:?}"
            );
        }
    }
}

/// Alters a byte of a file of a generation, and has all files look as if they had not been altered since they were written.
fn damage_unseen(folder: &Path, ending: &str) -> String {
    let mut commit = Commit::read(folder).unwrap();
    let rows = commit.files.as_mut().unwrap();
    let name = rows.iter().find(|row| row.name.ends_with(ending)).unwrap().name.clone();
    let mut bytes = fs::read(folder.join(&name)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(folder.join(&name), bytes).unwrap();
    rows.iter_mut().for_each(|row| row.stamp = row.look(folder).unwrap());
    fs::write(folder.join(META_FILE), Commit::with_files(&commit.bytes, rows.clone()).unwrap()).unwrap();
    name
}

#[test]
fn damage_of_an_older_index_is_not_copied_into_the_new_one() {
    for version in SEALED_SINCE..SCHEMA_VERSION {
        for ending in [".texts", ".fast"] {
            let place = place_with(version);
            let manifest = fs::read(place.index().join(MANIFEST_FILE)).unwrap();
            let generation = Manifest::read_older(&place.index()).unwrap().unwrap().generation;
            let damaged = damage_unseen(&generation.folder(&place.index()), ending);
            let run = place.run(&["optimize"]);
            assert!(
                run.code == 2 && run.err.contains(&damaged) && run.err.contains("checksum"),
                "version {version}, {ending}: {run:?}"
            );
            assert!(
                run.err.contains("morgue index --rebuild FOLDER") && !run.err.contains("check --repair"),
                "an older index is not repaired: {run:?}"
            );
            assert_eq!(fs::read(place.index().join(MANIFEST_FILE)).unwrap(), manifest);
        }
    }
}

#[test]
fn a_rebuild_of_an_older_index_does_not_lose_what_came_from_standard_input() {
    for version in older() {
        let place = place_with(version);
        let refused = place.run(&["index", "--rebuild"]);
        assert!(
            refused.code == 2 && refused.err.contains("articles that came from standard input"),
            "{refused:?}"
        );
        assert_names_optimize(&place.run(&["count", "NATO"]), version);
        place.must(&["optimize"]);
        assert_eq!(count(&place, "wire"), "1");
    }
}

#[test]
fn an_index_of_a_newer_or_a_very_old_version_is_left_alone() {
    for (version, said) in [(99, "of a newer morgue"), (2, "this morgue knows versions 3 to")] {
        let place = place_with(4);
        let manifest = place.index().join("manifest.json");
        let text = fs::read_to_string(&manifest).unwrap().replace(": 4,", &format!(": {version},"));
        fs::write(&manifest, &text).unwrap();
        for args in [&["search", "NATO"][..], &["index"], &["optimize"]] {
            let run = place.run(args);
            assert!(
                run.code == 2 && run.err.contains(said) && run.err.contains("hint:"),
                "{args:?}: {run:?}"
            );
        }
        assert_eq!(fs::read_to_string(&manifest).unwrap(), text);
    }
}
