use std::io;
use std::path::PathBuf;

use schema::{Damage, ManifestError};

/// Why an index was not built or updated. The index on disk is as it was at its last commit, or, where the error came in the
/// last step of a commit, as that makes it; never anything between.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Another process writes to it.
    #[error("{} is being written by {holder}", .index.display())]
    Busy {
        /// The index folder.
        index: PathBuf,
        /// The process, as it named itself.
        holder: String,
    },
    /// The manifest does not allow an update.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// A file of the index cannot be read, written or removed.
    #[error("cannot use {}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file of the index is not as it was written.
    #[error(transparent)]
    Damaged(Damage),
    /// The list of sources is damaged.
    #[error("{} is damaged: {message}", .path.display())]
    Ledger {
        /// The list.
        path: PathBuf,
        /// How.
        message: String,
    },
    /// The engine failed.
    #[error("writing the index in {} failed", .index.display())]
    Engine {
        /// The index folder.
        index: PathBuf,
        /// Why.
        source: Box<tantivy::TantivyError>,
    },
    /// None of the paths given is there.
    #[error("there is no {}", .0.display())]
    NoSuchPath(PathBuf),
    /// A rebuild would lose articles that cannot be read again.
    #[error("a rebuild would lose {what}")]
    WouldLose {
        /// Which, and why they cannot be read.
        what: String,
    },
    /// Nothing can be had of a damaged index, and it is not known what it was made from.
    #[error("nothing is left of the index in {}: it is not known what is lost, nor what it was made from", .0.display())]
    NothingLeft(PathBuf),
    /// There is nothing to read: no path was given and none is known.
    #[error("nothing to index: no path given, and {} holds none from an earlier run", .0.display())]
    NoRoots(PathBuf),
}

impl IndexError {
    /// Makes an error about a file of the index.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> IndexError {
        let path = path.into();
        move |source| IndexError::File { path, source }
    }
}
