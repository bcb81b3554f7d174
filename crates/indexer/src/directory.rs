//! tantivy's directory, made durable.
//!
//! tantivy 0.27 syncs the folder *before* it renames `meta.json`, so a commit that was reported can be gone
//! after a loss of power. Here the rename is followed by a sync before the commit returns. Files written
//! atomically also get the usual permissions, so that other users can read an index.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use schema::replace_file;
use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
};

/// A folder of index files whose commits survive a loss of power.
#[derive(Clone, Debug)]
pub(crate) struct DurableDirectory {
    files: MmapDirectory,
    folder: PathBuf,
}

impl DurableDirectory {
    pub(crate) fn open(folder: &Path) -> Result<DurableDirectory, OpenDirectoryError> {
        Ok(DurableDirectory { files: MmapDirectory::open(folder)?, folder: folder.to_owned() })
    }
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

impl Directory for DurableDirectory {
    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        replace_file(&self.folder.join(path), data)
    }

    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.files.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.files.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.files.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.files.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.files.atomic_read(path)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.files.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.files.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.files.watch(callback)
    }
}
