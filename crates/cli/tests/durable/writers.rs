//! One writer at a time, who is named to the second; readers wait for none.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::Child;
use std::time::{Duration, Instant};

use fastrand::Rng;

use crate::collection::{ARTICLES, COMMON, Collection};
use crate::observe::{leftovers, rows_of_program, same};
use crate::place::Place;

/// A place with an index, in which a run with `--pre ./slow` goes on until it is told to end.
fn place_with_slow_run() -> (Place, Collection, Child) {
    let collection = Collection::new(12, 0, &mut Rng::with_seed(1));
    let place = Place::new(&collection);
    place.must(&["index", ARTICLES]);
    fs::write(place.articles().join("scan.xyz"), "nothing to read").unwrap();
    let script = place.folder().join("slow");
    fs::write(
        &script,
        "#!/bin/sh\ntouch started\ni=0\nwhile [ ! -e go ] && [ $i -lt 600 ]; do sleep 0.1; i=$((i+1)); done\n\
         echo 'A report of one more ferry in another town, which nobody has met before.'\n",
    )
    .unwrap();
    fs::set_permissions(&script, Permissions::from_mode(0o755)).unwrap();
    let writer = place.start(&["index", "--pre", "./slow"], "");
    wait_for(|| place.folder().join("started").exists());
    (place, collection, writer)
}

fn wait_for(mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_mins(1), "nothing happens");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_second_writer_is_told_at_once_who_the_first_is() {
    let (place, collection, mut writer) = place_with_slow_run();
    for args in [&["index"][..], &["index", "--rebuild"], &["optimize"], &["index", "--delete", ARTICLES]] {
        let start = Instant::now();
        let refused = place.run(args);
        assert_eq!(refused.code, 2, "{args:?}: {refused:?}");
        let name = format!("is being written by process {} on ", writer.id());
        assert!(refused.err.contains(&name), "{args:?}: {}", refused.err);
        assert!(refused.err.contains("morgue index --pre ./slow)"), "{args:?}: {}", refused.err);
        assert!(start.elapsed() < Duration::from_secs(5), "it waited {:?}", start.elapsed());
    }
    same(&rows_of_program(&place).unwrap(), &collection.rows()).unwrap();
    assert_eq!(place.run(&["count", "ferry AND nobody"]).out, "0\n", "half of the run is seen");
    fs::write(place.folder().join("go"), "").unwrap();
    assert!(writer.wait().unwrap().success());
    assert_eq!(place.run(&["count", "ferry AND nobody"]).out, "1\n");
    assert_eq!(fs::read_to_string(place.index().join("writer.lock")).unwrap(), "", "nobody has it");
    place.must(&["index"]);
}

#[test]
fn the_lock_of_a_writer_that_was_killed_needs_nobody() {
    let (place, _, mut writer) = place_with_slow_run();
    writer.kill().unwrap();
    writer.wait().unwrap();
    assert!(fs::read_to_string(place.index().join("writer.lock")).unwrap().contains("process"));
    fs::write(place.folder().join("go"), "").unwrap();
    place.must(&["index"]);
    assert_eq!(leftovers(&place.index()), Vec::<String>::new());
}

/// The engine's own readers wait for this lock, which a writer holds while it looks for files to remove.
#[test]
fn no_lock_keeps_a_reader_waiting() {
    let collection = Collection::new(12, 0, &mut Rng::with_seed(2));
    let place = Place::new(&collection);
    place.must(&["index", ARTICLES]);
    let generation = place.index().join("generation-1");
    let locks = [
        place.index().join("writer.lock"),
        generation.join(".tantivy-meta.lock"),
        generation.join(".tantivy-writer.lock"),
    ];
    let held = locks.map(|path| {
        let file = File::options().create(true).append(true).open(path).unwrap();
        file.lock().unwrap();
        file
    });
    same(&rows_of_program(&place).unwrap(), &collection.rows()).unwrap();
    drop(held);
}

#[test]
fn a_writer_that_is_stopped_at_any_moment_keeps_no_reader_waiting() {
    let mut rng = Rng::with_seed(3);
    let mut before = Collection::new(30, 0, &mut rng);
    let place = Place::new(&before);
    place.must(&["index", ARTICLES]);
    let signal = |writer: &Child, name: &str| {
        let sent =
            std::process::Command::new("kill").args([name, &writer.id().to_string()]).status().unwrap();
        sent.success()
    };
    for turn in 0..6 {
        let mut after = before.clone();
        after.change(&mut rng);
        after.write(&place.articles(), &before);
        let args: &[&str] = if turn % 2 == 0 { &["index"] } else { &["index", "--rebuild"] };
        let mut writer = place.start(args, "");
        std::thread::sleep(Duration::from_millis(rng.u64(10..200)));
        signal(&writer, "-STOP");
        let start = Instant::now();
        let rows = rows_of_program(&place).unwrap();
        assert!(start.elapsed() < Duration::from_secs(30), "{COMMON} took {:?}", start.elapsed());
        if rows != before.rows() {
            same(&rows, &after.rows()).unwrap();
        }
        signal(&writer, "-CONT");
        assert!(writer.wait().unwrap().success());
        before = after;
    }
}
