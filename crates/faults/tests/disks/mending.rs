//! A fault at every single step of what makes a damaged index whole, and an older one new.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use disk::Disk;
use faults::{Fault, FaultyDisk};
use indexer::{Event, IndexError, SAMPLE, check, optimize_with, repair, update};
use query::LocalEngine;

use crate::faults::{Faults, Tally, sum_up};
use crate::support::{Bench, State, copy, history, in_time, left_over, quiet, small, state};

/// Finds every article: none has the word.
const ALL: &str = "NOT nonesuch";

/// What an index needs mending for.
#[derive(Clone, Copy, Debug)]
enum Ailment {
    /// A byte in the middle of a file whose name has this in it is another.
    Damaged(&'static str),
    /// Its manifest is gone; an update writes it again.
    WithoutManifest,
    /// A program of this version wrote it.
    Older(u32),
}

const AILMENTS: [Ailment; 8] = [
    Ailment::Damaged(".idx"),
    Ailment::Damaged(".texts"),
    Ailment::Damaged("sources-"),
    Ailment::Damaged("words-"),
    Ailment::Damaged("manifest"),
    Ailment::WithoutManifest,
    Ailment::Older(3),
    Ailment::Older(4),
];

impl Ailment {
    fn afflict(self, bench: &Bench, sound: &Path) {
        match self {
            Ailment::Damaged(part) => {
                copy(sound, &bench.place_of_index());
                let path = files(&bench.index())
                    .into_iter()
                    .find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().contains(part)));
                let path = path.unwrap_or_else(|| panic!("no file has {part} in its name"));
                let mut bytes = fs::read(&path).unwrap();
                let middle = bytes.len() / 2;
                bytes[middle] ^= 4;
                fs::write(path, bytes).unwrap();
            }
            Ailment::WithoutManifest => {
                copy(sound, &bench.place_of_index());
                fs::remove_file(bench.index().join("manifest.json")).unwrap();
            }
            Ailment::Older(version) => {
                let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cli/tests/fixtures/indexes");
                let _ = fs::remove_dir_all(bench.place_of_index());
                fs::create_dir_all(bench.index().parent().unwrap()).unwrap();
                copy(&fixtures.join(format!("version-{version}")), &bench.index());
            }
        }
    }

    fn mend(self, bench: &Bench, disk: Arc<dyn Disk>) -> Result<(), IndexError> {
        let config = small(&bench.index(), vec![bench.articles(), bench.path().join("extra.txt")], disk);
        in_time(move || match self {
            Ailment::Damaged(_) => repair(&config, &|_: &Event<'_>| {}, &|_, _| {}).map(drop),
            Ailment::WithoutManifest => update(&config, &|_: &Event<'_>| {}).map(drop),
            Ailment::Older(_) => optimize_with(&config).map(drop),
        })
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found.sort();
    found
}

/// All articles; `None` where the index is refused.
fn articles(index: &Path) -> Option<State> {
    LocalEngine::open(index).ok().map(|engine| state(&engine, ALL))
}

/// Sound, whole, and after the next run nothing beside it but damaged files that are kept.
fn assert_mended(bench: &Bench, whole: &State, place: &str) {
    let index = &bench.index();
    assert_eq!(articles(index).as_ref(), Some(whole), "mended after {place}");
    let verdict = check(index, SAMPLE, &|_, _| {}).unwrap();
    assert!(verdict.is_sound(), "{verdict:?} after {place}");
    // What is sound is not mended again, so what a removal that failed has left waits for the next run of another kind.
    optimize_with(&small(index, Vec::new(), quiet())).unwrap();
    assert_eq!(articles(index).as_ref(), Some(whole), "optimized after {place}");
    let left: Vec<String> =
        left_over(index).into_iter().filter(|name| !name.starts_with("damaged-")).collect();
    assert_eq!(left, Vec::<String>::new(), "left after {place}");
}

#[test]
fn a_fault_while_an_index_is_mended_leaves_it_refused_or_whole() {
    let bench = Bench::new();
    bench.reference(&history()[..2], |_| {});
    let sound = bench.path().join("sound");
    copy(&bench.place_of_index(), &sound);
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    let mut faults = Faults::of_environment();
    for ailment in AILMENTS {
        ailment.afflict(&bench, &sound);
        ailment.mend(&bench, quiet()).unwrap();
        let whole = articles(&bench.index()).unwrap();
        assert_mended(&bench, &whole, "no fault");
        faults.each(|fault| {
            ailment.afflict(&bench, &sound);
            try_fault(&bench, ailment, fault, &whole, tallies.entry(format!("{ailment:?}")).or_default())
        });
    }
    sum_up(&tallies);
}

/// Mends into one fault, and again without. False where it was done before the fault.
fn try_fault(bench: &Bench, ailment: Ailment, fault: Fault, whole: &State, tally: &mut Tally) -> bool {
    let disk = FaultyDisk::new(fault);
    let done = ailment.mend(bench, Arc::new(disk.clone()));
    disk.close();
    let Some(failed) = disk.failed() else {
        done.unwrap_or_else(|error| panic!("{ailment:?}: an error without a fault: {error:?}"));
        return disk.steps() >= fault.at;
    };
    let place = format!("{ailment:?}, {fault:?}: {failed}, {done:?}");
    let after = articles(&bench.index());
    assert!(
        after.as_ref().is_none_or(|after| after == whole),
        "neither refused nor whole after {place}: {after:?}"
    );
    assert!(after.is_some() || done.is_err(), "reported, but refused after {place}");
    if let Err(error) = &done {
        assert!(matches!(error, IndexError::File { .. }), "no file is named after {place}");
    }
    ailment.mend(bench, quiet()).unwrap_or_else(|error| panic!("not mended after {place}: {error:?}"));
    assert_mended(bench, whole, &place);
    assert_eq!(disk.late(), Vec::<String>::new(), "the run had ended, after {place}");
    tally.count(done.is_err(), after.is_some());
    true
}
