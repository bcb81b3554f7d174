//! tantivy's directory for readers that may not write: a published index on a read-only disk, or another user's.
//!
//! A reader of tantivy waits for a lock while it opens the segments, so that no writer removes them in between. A writer that was
//! stopped while it held that lock would keep all readers waiting, so readers take none: a commit that comes in between makes opening
//! fail, and it is tried again ([`crate::open`]). Once open, files can be read on after they were removed.
//!
//! The commit that is opened is the one whose files have been verified, whatever is committed meanwhile.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use schema::META_FILE;
#[cfg(unix)]
use tantivy::directory::Advice;
use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
};

/// A folder of index files that are only read.
#[derive(Clone, Debug)]
pub(crate) struct ReadOnlyDirectory {
    files: MmapDirectory,
    /// `meta.json` as it was verified.
    meta: Arc<[u8]>,
}

impl ReadOnlyDirectory {
    pub(crate) fn open(folder: &Path, meta: &[u8]) -> Result<ReadOnlyDirectory, OpenDirectoryError> {
        Ok(ReadOnlyDirectory { files: open_files(folder)?, meta: meta.into() })
    }
}

/// The system is told not to read ahead: a query touches a few pages in many places.
#[cfg(unix)]
fn open_files(folder: &Path) -> Result<MmapDirectory, OpenDirectoryError> {
    MmapDirectory::open_with_madvice(folder, Advice::Random)
}

#[cfg(not(unix))]
fn open_files(folder: &Path) -> Result<MmapDirectory, OpenDirectoryError> {
    MmapDirectory::open(folder)
}

fn refused() -> io::Error {
    io::Error::new(io::ErrorKind::ReadOnlyFilesystem, "the index is open for reading only")
}

impl Directory for ReadOnlyDirectory {
    fn acquire_lock(&self, _: &Lock) -> Result<DirectoryLock, LockError> {
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.files.get_file_handle(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.files.exists(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        if path == Path::new(META_FILE) {
            return Ok(self.meta.to_vec());
        }
        // Which files there are is the business of writers; an old list of them may be damaged.
        if path == Path::new(".managed.json") {
            return Err(OpenReadError::FileDoesNotExist(path.to_owned()));
        }
        self.files.atomic_read(path)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.files.watch(callback)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError { io_error: Arc::new(refused()), filepath: path.to_owned() })
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::wrap_io_error(refused(), PathBuf::from(path)))
    }

    fn atomic_write(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        Err(refused())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }
}
