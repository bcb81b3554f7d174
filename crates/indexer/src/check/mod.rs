//! Looks for damage: every file is read and compared with its checksum, and what the files say with each other.
//!
//! No lock is held meanwhile. Where a writer replaces files under a check, it begins anew.

mod cross;
mod folder;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use schema::{
    Commit, Damage, Fault, FileRow, MANIFEST_FILE, META_FILE, Manifest, ManifestError, checksums, state,
};
use tantivy::{Directory, Index};

use crate::checked::Needed;
use crate::config::Config;
use crate::error::IndexError;
use crate::generation::Payload;
use crate::ledger::Ledger;
use crate::live::has_commits;
use crate::lock::WriterLock;
use crate::opening::{directory, directory_to_read, needed_files};
use crate::place::IndexPlace;
use crate::system;
use crate::words::damaged_lists;

/// How often a check begins anew because the index was replaced under it.
const ATTEMPTS: usize = 5;

/// How many articles are compared with their postings unless another number is asked for.
pub const SAMPLE: u64 = 200;

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// What is wrong. Empty: the index is sound.
    pub damages: Vec<Finding>,
    /// What is not wrong, but should be known: files that belong to nothing.
    pub remarks: Vec<Finding>,
    /// Files read.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The index has a table of checksums; one that was made before there were tables has none.
    pub has_table: bool,
    /// Articles in the index, where they could be counted.
    pub articles: u64,
    /// Articles that were compared with their postings.
    pub compared: u64,
    /// Terms of these that were looked up.
    pub terms: u64,
    /// Looks of files that were noted anew, because they were copied or touched since they were written.
    pub noted: u64,
    /// How long it took.
    pub took: Duration,
}

/// Something about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file.
    pub path: PathBuf,
    /// What is to be said of it, as the rest of a sentence: `is missing`.
    pub what: String,
}

impl Finding {
    pub(crate) fn new(path: impl Into<PathBuf>, what: impl Into<String>) -> Finding {
        Finding { path: path.into(), what: what.into() }
    }
}

impl From<&Damage> for Finding {
    fn from(damage: &Damage) -> Finding {
        Finding::new(&damage.path, damage.fault.to_string())
    }
}

impl Verdict {
    /// Is nothing wrong?
    pub fn is_sound(&self) -> bool {
        self.damages.is_empty()
    }

    fn damage(&mut self, path: impl Into<PathBuf>, what: impl Into<String>) {
        self.damages.push(Finding::new(path, what));
    }
}

/// How much of a check is done.
pub type Progress<'a> = &'a (dyn Fn(u64, u64) + Sync);

/// Checks the index in a folder. So many articles are taken from all over it and compared with their postings. `progress` is told
/// of the bytes read and of all that will be.
///
/// Where files look other than when they were written, but their content is right, their looks are noted, so that searches need
/// not read them again. That needs the lock for a moment, and is left out where it cannot be had.
///
/// # Errors
/// When there is no index, or it cannot be read, or is of another version. Damage is no error.
pub fn check(index: &Path, sample: u64, progress: Progress<'_>) -> Result<Verdict, IndexError> {
    check_place(&Config::new(index.to_owned(), Vec::new()).place(), sample, progress)
}

pub(crate) fn check_place(
    place: &IndexPlace,
    sample: u64,
    progress: Progress<'_>,
) -> Result<Verdict, IndexError> {
    let (start, index) = (Instant::now(), place.folder.as_path());
    let mut attempt = 1;
    loop {
        let before = state(index);
        let mut check = Check { place, index, sample, progress, verdict: Verdict::default() };
        let sound = check.run()?;
        if !check.verdict.is_sound() && attempt < ATTEMPTS && state(index) != before {
            attempt += 1;
            continue;
        }
        if let (Some(sound), true) = (sound, check.verdict.is_sound()) {
            check.verdict.noted = sound.note_looks(place);
        }
        check.verdict.took = start.elapsed();
        return Ok(check.verdict);
    }
}

struct Check<'a> {
    place: &'a IndexPlace,
    index: &'a Path,
    sample: u64,
    progress: Progress<'a>,
    verdict: Verdict,
}

/// A generation whose files have been read and found sound, as they looked before that.
struct Read {
    folder: PathBuf,
    commit: Commit,
    files: Vec<FileRow>,
}

impl Check<'_> {
    fn run(&mut self) -> Result<Option<Read>, IndexError> {
        let folder = match Manifest::read(self.index) {
            Ok(manifest) => manifest.generation.folder(self.index),
            Err(ManifestError::Damaged(damage)) => {
                self.verdict.damages.push(Finding::from(&damage));
                return Ok(None);
            }
            Err(ManifestError::Missing(_)) if has_commits(self.index) => {
                self.verdict.damage(self.index.join(MANIFEST_FILE), Fault::Missing.to_string());
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        let commit = match Commit::read(&folder) {
            Ok(commit) => commit,
            Err(damage) if damage.is_unreadable() => return Err(IndexError::Damaged(damage)),
            Err(damage) => {
                self.verdict.damages.push(Finding::from(&damage));
                return Ok(None);
            }
        };
        self.verdict.has_table = commit.files.is_some();
        let files = self.read_files(&folder, &commit)?;
        let ledger = self.read_ledger(&folder, &commit)?;
        self.verdict.remarks.extend(folder::strays(self.index, &folder, &commit, ledger.as_ref()));
        if self.verdict.is_sound() {
            self.cross_check(&folder, &files, ledger.as_ref())?;
        }
        Ok(Some(Read { folder, commit, files }))
    }

    /// Reads the files of the engine. Returns them with the looks they had before.
    fn read_files(&mut self, folder: &Path, commit: &Commit) -> Result<Vec<FileRow>, IndexError> {
        let Some(rows) = &commit.files else { return self.read_untabled(folder, commit) };
        let (mut present, mut unreadable) = (Vec::new(), None);
        for row in rows {
            match row.look(folder) {
                Ok(stamp) => present.push(FileRow { stamp, ..row.clone() }),
                Err(damage) => self.verdict.damages.push(Finding::from(&damage)),
            }
        }
        let (total, read) = (present.iter().map(|row| row.bytes).sum(), AtomicU64::new(0));
        let progress = self.progress;
        let damages = checksums(folder, &present, &|bytes| {
            progress(read.fetch_add(bytes, Ordering::Relaxed) + bytes, total);
        });
        for damage in damages {
            self.verdict.damages.push(Finding::from(&damage));
            unreadable = unreadable.or(damage.is_unreadable().then_some(damage));
        }
        (self.verdict.files, self.verdict.bytes) = (present.len() as u64, total);
        unreadable.map_or(Ok(present), |damage| Err(IndexError::Damaged(damage)))
    }

    /// Files of the time before tables: the engine's own checksums, which do not cover their own place in the files.
    fn read_untabled(&mut self, folder: &Path, commit: &Commit) -> Result<Vec<FileRow>, IndexError> {
        let needed = Needed::by(&commit.bytes);
        let files = needed.map(|needed| needed_files(folder, &needed)).unwrap_or_default();
        let index = directory_to_read(self.place, folder, Vec::new())
            .and_then(Index::open)
            .map_err(self.place.engine_error())?;
        for name in files {
            let path = folder.join(&name);
            match index.directory().validate_checksum(Path::new(&name)) {
                Ok(true) => {}
                Ok(false) => {
                    self.verdict.damages.push(Finding::from(&Damage::new(path.clone(), Fault::Content)));
                }
                Err(error) => self.verdict.damage(path.clone(), format!("is damaged: {error}")),
            }
            self.verdict.files += 1;
            self.verdict.bytes += fs::metadata(path).map_or(0, |metadata| metadata.len());
        }
        Ok(Vec::new())
    }

    fn read_ledger(
        &mut self,
        folder: &Path,
        commit: &Commit,
    ) -> Result<Option<(String, Ledger)>, IndexError> {
        let Some(payload) = Payload::of(&commit.bytes) else {
            self.verdict.damage(folder.join(META_FILE), "is damaged: it names no list of sources");
            return Ok(None);
        };
        match Ledger::read(folder, &payload.ledger) {
            Ok(ledger) => Ok(Some((payload.ledger, ledger))),
            Err(error) if error.is_of_the_system() => Err(error),
            Err(error) => {
                let what = match error {
                    IndexError::Ledger { message, .. } => format!("is damaged: {message}"),
                    other => other.to_string(),
                };
                self.verdict.damage(folder.join(payload.ledger), what);
                Ok(None)
            }
        }
    }

    /// Compares what sound files say. A panic of the engine means that they do not agree; where the system refuses something, it is not
    /// known whether they do.
    fn cross_check(
        &mut self,
        folder: &Path,
        files: &[FileRow],
        ledger: Option<&(String, Ledger)>,
    ) -> Result<(), IndexError> {
        let place = self.place;
        let work = || -> tantivy::Result<()> {
            let directory = directory_to_read(place, folder, files.to_vec())?;
            let opened = cross::Opened::open(Index::open(directory)?)?;
            for (path, error) in damaged_lists(folder, opened.fields.text, &opened.searcher) {
                if let Some(error) = system::of_reading(&error) {
                    return Err(error.into());
                }
                self.verdict.damage(path, format!("is damaged: {error}"));
            }
            cross::compare(&opened, folder, ledger, self.sample, &mut self.verdict)
        };
        match catch_unwind(AssertUnwindSafe(work)) {
            Ok(Ok(())) => {}
            Ok(Err(error)) if let Some(error) = system::of_engine(&error) => {
                return Err(IndexError::file(folder)(error));
            }
            Ok(Err(error)) => self.verdict.damage(folder, format!("cannot be read by the engine: {error}")),
            Err(_) => self.verdict.damage(folder, "makes the engine fail: what its files say does not agree"),
        }
        Ok(())
    }
}

impl Read {
    /// Notes how the files look now, where that is not how they looked when they were written. Returns how many there are.
    fn note_looks(&self, place: &IndexPlace) -> u64 {
        let changed =
            self.files.iter().filter(|row| !self.commit.files.iter().flatten().any(|old| old == *row));
        let changed = changed.count() as u64;
        let Some(_lock) = (changed > 0).then(|| WriterLock::acquire(place).ok()).flatten() else { return 0 };
        let is_the_same = Commit::read(&self.folder).is_ok_and(|commit| commit.bytes == self.commit.bytes);
        let Ok(directory) = directory(place, &self.folder, self.files.clone()) else { return 0 };
        let written = is_the_same && directory.atomic_write(Path::new(META_FILE), &self.commit.bytes).is_ok();
        if written { changed } else { 0 }
    }
}
