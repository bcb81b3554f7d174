//! Which generation is live. The manifest says so; where it is gone, the generations themselves tell.

use std::cmp::Reverse;
use std::fs;
use std::path::Path;

use schema::{Commit, Damage, Fault, Generation, MANIFEST_FILE, Manifest, ManifestError, SCHEMA_VERSION};

use crate::aside::keep_aside;
use crate::error::IndexError;
use crate::generation::{Payload, Target};
use crate::ledger::FILE_PREFIX;
use crate::place::IndexPlace;
use crate::tidy::generations;

/// Is there an index in a folder? One whose manifest is gone, or cannot be read, is an index too, and must not be taken for none.
pub fn has_index(folder: &Path) -> bool {
    match Manifest::read(folder) {
        Err(ManifestError::Missing(_)) => has_commits(folder),
        _ => true,
    }
}

/// Is there a generation that was committed? One that a killed first build left was not.
pub(crate) fn has_commits(folder: &Path) -> bool {
    !committed(folder).is_empty()
}

/// The manifest of an index. Where it is gone and a generation is complete and sound, it is written again: a file was lost, or a first
/// build was killed between its commit and its manifest. The caller holds the lock.
///
/// # Errors
/// When there is no index, the manifest does not allow an update, or it is gone and no generation is sound.
pub(crate) fn manifest(place: &IndexPlace) -> Result<Manifest, IndexError> {
    match Manifest::read(&place.folder) {
        Err(ManifestError::Missing(_)) if has_commits(&place.folder) => {
            let missing = || Damage::new(place.folder.join(MANIFEST_FILE), Fault::Missing);
            restore(place)?.ok_or_else(|| IndexError::Damaged(missing()))
        }
        read => Ok(read?),
    }
}

/// Writes the manifest again, naming the last generation that is sound; `None` where none is. Others are kept under another name, since
/// it is not known which one was live. The caller holds the lock.
pub(crate) fn restore(place: &IndexPlace) -> Result<Option<Manifest>, IndexError> {
    let Some(live) = sound_generation(place)? else { return Ok(None) };
    for other in committed(&place.folder).into_iter().filter(|generation| *generation != live) {
        keep_aside(place, other)?;
    }
    // Who made the commit may have been killed before it was durable. The manifest must not outlast what it names.
    let folder = live.folder(&place.folder);
    place.disk().sync_folder(&folder).map_err(IndexError::file(&folder))?;
    let manifest = Manifest::new(live);
    let written = manifest.write_on(place.disk(), &place.folder);
    written.map_err(IndexError::file(place.folder.join(MANIFEST_FILE)))?;
    Ok(Some(manifest))
}

/// The last generation that is complete and all of whose files are as they were written.
fn sound_generation(place: &IndexPlace) -> Result<Option<Generation>, IndexError> {
    let mut generations = committed(&place.folder);
    generations.sort_by_key(|Generation(number)| Reverse(*number));
    for generation in generations.into_iter().filter(|generation| is_of_this_version(place, *generation)) {
        match Target::open_generation(place, generation).and_then(|target| target.verify()) {
            Ok(()) => return Ok(Some(generation)),
            // On a disk that fails, or where it cannot be read, it may be whole all the same.
            Err(error) if place.has_failed() || error.is_of_the_system() => return Err(error),
            Err(_) => {}
        }
    }
    Ok(None)
}

fn is_of_this_version(place: &IndexPlace, generation: Generation) -> bool {
    let commit = Commit::read(&generation.folder(&place.folder));
    commit.is_ok_and(|commit| commit.schema_version == Some(SCHEMA_VERSION))
}

/// The generations that were committed, whatever has become of them since.
fn committed(folder: &Path) -> Vec<Generation> {
    let generations = generations(folder).unwrap_or_default();
    generations.into_iter().filter(|generation| was_committed(&generation.folder(folder))).collect()
}

/// The engine writes its `meta.json` before anything else, and a commit then puts the name of a ledger into it.
fn was_committed(generation: &Path) -> bool {
    match Commit::read_older(generation) {
        Ok(commit) => Payload::of(&commit.bytes).is_some(),
        Err(Damage { fault: Fault::Missing, .. }) => has_ledger(generation),
        Err(_) => true,
    }
}

fn has_ledger(generation: &Path) -> bool {
    let entries = fs::read_dir(generation).into_iter().flatten().filter_map(Result::ok);
    entries.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with(FILE_PREFIX))
}
