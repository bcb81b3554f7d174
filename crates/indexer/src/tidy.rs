//! What a crash, a failed run or a merge left in an index folder, and its removal.
//!
//! The engine removes files only after a commit, so a run that changes nothing would leave everything. Here the live files are
//! those that the last commit names; other files whose names are ours are removed.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use disk::DRAFT;
use schema::Generation;
use tantivy::directory::META_LOCK;
use tantivy::{Directory, Index};

use crate::checked::{MANAGED_FILE, is_segment_file};
use crate::error::IndexError;
use crate::ledger::FILE_PREFIX;
use crate::place::IndexPlace;

/// Removes half-written files, ledgers that the last commit does not name, and files of segments that it does not have. What the
/// last commit names must be durable.
pub(crate) fn remove_leftovers(
    place: &IndexPlace,
    folder: &Path,
    index: &Index,
    ledger: &str,
) -> Result<(), IndexError> {
    let live = index.load_metas().map_err(place.engine_error())?.list_segment_files();
    let entries = fs::read_dir(folder).map_err(IndexError::file(folder))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let dead: Vec<String> = names.filter(|name| is_left_over(name, ledger, &live)).collect();
    if dead.is_empty() {
        return Ok(());
    }
    // A reader that is opening an earlier commit holds this; it has its files open when it lets go.
    let locked = index.directory().acquire_lock(&META_LOCK);
    let _lock = locked.map_err(|error| place.engine_error()(error.into()))?;
    for name in dead {
        let path = folder.join(name);
        place.disk().remove_file(&path).map_err(IndexError::file(&path))?;
    }
    Ok(())
}

/// Names that are not ours are left alone.
fn is_left_over(name: &str, ledger: &str, live: &HashSet<PathBuf>) -> bool {
    let is_draft =
        Path::new(name).extension().is_some_and(|ending| ending == DRAFT) || name.starts_with(".tmp");
    let is_old_ledger = name.starts_with(FILE_PREFIX) && name != ledger;
    let is_dead = is_segment_file(name) && !live.contains(Path::new(name));
    is_draft || is_old_ledger || is_dead || name == MANAGED_FILE
}

/// Removes all generations but one. That one must be durable, and so must be the manifest that names it.
pub(crate) fn remove_other_generations(place: &IndexPlace, live: Generation) -> Result<(), IndexError> {
    for generation in generations(&place.folder)? {
        if generation != live {
            let folder = generation.folder(&place.folder);
            place.disk().remove_folder_whole(&folder).map_err(IndexError::file(&folder))?;
        }
    }
    Ok(())
}

/// The generations in an index folder, live or not.
pub(crate) fn generations(index_folder: &Path) -> Result<Vec<Generation>, IndexError> {
    let entries = fs::read_dir(index_folder).map_err(IndexError::file(index_folder))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    Ok(names.filter_map(|name| Generation::from_folder_name(&name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_ours_that_no_commit_names_are_left_over() {
        let id = "0123456789abcdef0123456789abcdef";
        let live = HashSet::from([PathBuf::from(format!("{id}.term"))]);
        for (name, expected) in [
            (format!("{id}.term"), false),
            (format!("{id}.17.del"), true),
            ("fedcba98765432100123456789abcdef.texts".to_owned(), true),
            ("meta.json.draft".to_owned(), true),
            (".tmpX1y2".to_owned(), true),
            ("sources-now.jsonl".to_owned(), false),
            ("sources-before.jsonl".to_owned(), true),
            ("meta.json".to_owned(), false),
            (".managed.json".to_owned(), true),
            ("notes-of-mine.txt".to_owned(), false),
        ] {
            assert_eq!(is_left_over(&name, "sources-now.jsonl", &live), expected, "{name}");
        }
    }
}
