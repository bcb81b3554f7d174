//! Opening an index for reading.

use std::path::{Path, PathBuf};

use schema::{Manifest, ManifestError, register_tokenizers};
use tantivy::directory::MmapDirectory;
use tantivy::{Index, ReloadPolicy, Searcher, TantivyError};

/// How often the manifest is read again when the generation it names is gone: a rebuild replaced it meanwhile.
const ATTEMPTS: usize = 5;

/// Why an index cannot be searched.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The manifest does not allow it.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The engine cannot open its files.
    #[error("cannot open the index in {}: {source}", .index.display())]
    Engine {
        /// The index folder.
        index: PathBuf,
        /// Why.
        source: Box<TantivyError>,
    },
}

/// The index as it is now: what is committed later is not seen.
pub(crate) fn open(index: &Path) -> Result<Searcher, OpenError> {
    let mut attempt = 1;
    loop {
        let manifest = Manifest::read(index)?;
        let folder = manifest.generation.folder(index);
        match open_generation(&folder) {
            Ok(searcher) => return Ok(searcher),
            Err(_) if attempt < ATTEMPTS && Manifest::read(index)? != manifest => attempt += 1,
            Err(source) => {
                return Err(OpenError::Engine { index: index.to_owned(), source: Box::new(source) });
            }
        }
    }
}

fn open_generation(folder: &Path) -> tantivy::Result<Searcher> {
    let index = Index::open(MmapDirectory::open(folder)?)?;
    register_tokenizers(&index);
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    Ok(reader.searcher())
}
