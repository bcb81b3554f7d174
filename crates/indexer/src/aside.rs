//! Damaged generations are kept under a name that no run removes.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use schema::Generation;

use crate::error::IndexError;
use crate::place::Place;

/// What the names of their folders begin with.
pub(crate) const ASIDE_PREFIX: &str = "damaged-";

/// The folder that a damaged generation is kept in.
pub(crate) fn aside(index_folder: &Path, Generation(number): Generation) -> PathBuf {
    index_folder.join(format!("{ASIDE_PREFIX}{number}"))
}

/// Gives all files of a generation a second name in a folder beside it; the generation stays where it is, so that nothing is missing
/// if this is interrupted. Where the file system has no second names, the files are copied.
pub(crate) fn keep_aside(place: &Place, generation: Generation) -> Result<(), IndexError> {
    let (from, to) = (generation.folder(&place.folder), aside(&place.folder, generation));
    let failed = |path: &Path, error: io::Error| IndexError::File { path: path.to_owned(), source: error };
    place.disk().create_folders(&to).map_err(|error| failed(&to, error))?;
    for entry in fs::read_dir(&from).map_err(|error| failed(&from, error))?.filter_map(Result::ok) {
        let (file, kept) = (entry.path(), to.join(entry.file_name()));
        let is_lock = entry.file_name().to_string_lossy().ends_with(".lock");
        if !is_lock && file.is_file() && !kept.exists() {
            place.disk().keep_also_as(&file, &kept).map_err(|error| failed(&file, error))?;
        }
    }
    place.disk().sync_folder(&to).map_err(|error| failed(&to, error))
}
