//! Opening a generation to write to it: nothing is added to what is damaged.

use std::fs;
use std::path::Path;

use schema::{Commit, Damage, Fault, FileRow, META_FILE};
use tantivy::{Directory, Index, TantivyError};

use crate::checked::{CheckedDirectory, Files, Needed, is_segment_file};
use crate::directory::DurableDirectory;
use crate::error::IndexError;
use crate::place::IndexPlace;

/// The files of a generation, as everything of it is read and written.
pub(crate) fn directory(
    place: &IndexPlace,
    folder: &Path,
    known: Vec<FileRow>,
) -> tantivy::Result<CheckedDirectory<DurableDirectory>> {
    Ok(CheckedDirectory::new(DurableDirectory::open(folder, place.shared_disk())?, folder, known))
}

/// The same for who only reads, and takes no lock.
pub(crate) fn directory_to_read(
    place: &IndexPlace,
    folder: &Path,
    known: Vec<FileRow>,
) -> tantivy::Result<CheckedDirectory<DurableDirectory>> {
    let inner = DurableDirectory::open(folder, place.shared_disk())?.for_reading();
    Ok(CheckedDirectory::new(inner, folder, known))
}

/// Opens the engine over a generation whose files are as they were written. Files that were copied or touched since are noted as they
/// look now. The caller holds the lock.
pub(crate) fn open_verified(
    place: &IndexPlace,
    folder: &Path,
    commit: &Commit,
) -> Result<(Index, Files), IndexError> {
    let engine = place.engine_error();
    let changed = commit.verify(folder).map_err(IndexError::Damaged)?;
    let Some(rows) = commit.files.clone() else { return adopt(place, folder, commit) };
    // Of two rows of a name the last one counts.
    let known = rows.into_iter().chain(changed.iter().cloned()).collect();
    let directory = directory(place, folder, known).map_err(&engine)?;
    if !changed.is_empty() {
        let meta = folder.join(META_FILE);
        directory.atomic_write(Path::new(META_FILE), &commit.bytes).map_err(IndexError::file(meta))?;
    }
    let files = directory.files();
    Ok((Index::open(directory).map_err(&engine)?, files))
}

/// Opens a generation of the time before tables: the engine's own checksums are compared, and the next commit has a table.
fn adopt(place: &IndexPlace, folder: &Path, commit: &Commit) -> Result<(Index, Files), IndexError> {
    let engine = place.engine_error();
    let open = |known| Index::open(directory(place, folder, known)?);
    let damaged = open(Vec::new()).and_then(|index| index.validate_checksum()).map_err(&engine)?;
    if let Some(name) = damaged.into_iter().next() {
        return Err(IndexError::Damaged(Damage::new(folder.join(name), Fault::Content)));
    }
    let needed =
        Needed::by(&commit.bytes).map_err(|error| engine(TantivyError::InternalError(error.to_string())))?;
    let mut known = Vec::new();
    for name in needed_files(folder, &needed) {
        known.push(FileRow::read(folder, &name).map_err(IndexError::file(folder.join(&name)))?);
    }
    let directory = directory(place, folder, known).map_err(&engine)?;
    let files = directory.files();
    Ok((Index::open(directory).map_err(&engine)?, files))
}

/// The names of the files in a folder that are needed.
pub(crate) fn needed_files(folder: &Path, needed: &Needed) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.filter(|name| is_segment_file(name) && needed.has(name)).collect()
}
