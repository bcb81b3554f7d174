//! Damaged generations are kept under a name that no run removes.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use disk::DRAFT;
use schema::Generation;

use crate::error::IndexError;
use crate::place::IndexPlace;

/// What the names of their folders begin with.
pub(crate) const ASIDE_PREFIX: &str = "damaged-";

/// Gives all files of a generation a second name in a folder beside it, and returns that; the generation stays where it is, so that
/// nothing is missing if this is interrupted. Where the file system has no second names, the files are copied.
///
/// # Errors
/// When a file cannot be read, or not be given another name.
pub(crate) fn keep_aside(place: &IndexPlace, generation: Generation) -> Result<PathBuf, IndexError> {
    let from = generation.folder(&place.folder);
    let to = free_folder(&place.folder, generation);
    place.disk().create_folders(&to).map_err(IndexError::file(&to))?;
    for name in names(&from).map_err(IndexError::file(&from))? {
        let (file, kept) = (from.join(&name), to.join(&name));
        let is_lock = name.to_string_lossy().ends_with(".lock");
        if !is_lock && file.is_file() && !kept.exists() {
            place.disk().keep_also_as(&file, &kept).map_err(IndexError::file(&file))?;
        }
    }
    place.disk().sync_folder(&to).map_err(IndexError::file(&to))?;
    Ok(to)
}

/// The folder that a damaged generation is kept in: of `damaged-7`, `damaged-7-2` and so on the first one that is not there, or that has
/// nothing but files of this generation, because keeping it was interrupted. Numbers of generations come again when an index is built
/// anew, and files of two indexes must not be mixed.
fn free_folder(index_folder: &Path, generation: Generation) -> PathBuf {
    let Generation(number) = generation;
    let from = generation.folder(index_folder);
    let first = index_folder.join(format!("{ASIDE_PREFIX}{number}"));
    let others = (2_u32..).map(|time| index_folder.join(format!("{ASIDE_PREFIX}{number}-{time}")));
    let mut folders = std::iter::once(first.clone()).chain(others);
    folders.find(|folder| !folder.exists() || has_only_files_of(folder, &from)).unwrap_or(first)
}

fn has_only_files_of(folder: &Path, from: &Path) -> bool {
    let is_of = |name: &OsString| is_draft(name) || is_same(&folder.join(name), &from.join(name));
    names(folder).is_ok_and(|names| names.iter().all(is_of))
}

/// Is it half of a copy, which is made anew?
fn is_draft(name: &OsStr) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending == DRAFT)
}

/// Have two files the same content?
fn is_same(one: &Path, other: &Path) -> bool {
    let is_long = |path: &Path| fs::metadata(path).ok().filter(Metadata::is_file).map(|file| file.len());
    let (Some(length), Some(other_length)) = (is_long(one), is_long(other)) else { return false };
    let hash = |path: &Path| -> io::Result<blake3::Hash> {
        Ok(blake3::Hasher::new().update_reader(File::open(path)?)?.finalize())
    };
    length == other_length && matches!((hash(one), hash(other)), (Ok(one), Ok(other)) if one == other)
}

fn names(folder: &Path) -> io::Result<Vec<OsString>> {
    Ok(fs::read_dir(folder)?.filter_map(Result::ok).map(|entry| entry.file_name()).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use disk::{Disk, RealDisk};

    use super::*;

    #[test]
    fn what_was_kept_of_another_index_is_not_mixed_with_what_is_kept_now() {
        let folder = tempfile::tempdir().unwrap();
        let disk: Arc<dyn Disk> = Arc::new(RealDisk);
        let place = IndexPlace::new(folder.path(), &disk);
        let path = |name: &str| folder.path().join(name);
        for (name, text) in [("generation-1/meta.json", "new"), ("damaged-1/meta.json", "old")] {
            fs::create_dir(path(name).parent().unwrap()).unwrap();
            fs::write(path(name), text).unwrap();
        }
        fs::write(path("generation-1/words-1"), "words").unwrap();
        assert_eq!(keep_aside(&place, Generation(1)).unwrap(), path("damaged-1-2"));
        assert_eq!(fs::read_to_string(path("damaged-1/meta.json")).unwrap(), "old");
        assert!(!path("damaged-1/words-1").exists());
        // One that was interrupted goes on where it was.
        fs::remove_file(path("damaged-1-2/words-1")).unwrap();
        assert_eq!(keep_aside(&place, Generation(1)).unwrap(), path("damaged-1-2"));
        assert_eq!(fs::read_to_string(path("damaged-1-2/words-1")).unwrap(), "words");
        assert!(!path("damaged-1-3").exists());
    }
}
