//! tantivy's directory, made durable, and changed through the door that all of an index is changed through.
//!
//! tantivy 0.27 syncs the folder *before* it renames `meta.json`, so a commit that was reported can be gone
//! after a loss of power. Here the rename is followed by a sync before the commit returns. Files written
//! atomically also get the usual permissions, so that other users can read an index.

use std::fs::{File, TryLockError};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use disk::{Disk, NewFile};
use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, TerminatingWrite,
    WatchCallback, WatchHandle, WritePtr,
};

use crate::lock::LockedFile;

/// A folder of index files whose commits survive a loss of power.
#[derive(Clone, Debug)]
pub(crate) struct DurableDirectory {
    /// Reads.
    files: MmapDirectory,
    /// Changes.
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    /// Readers take no lock: they may be not allowed to make its file.
    is_for_reading: bool,
}

impl DurableDirectory {
    pub(crate) fn open(folder: &Path, disk: Arc<dyn Disk>) -> Result<DurableDirectory, OpenDirectoryError> {
        let files = MmapDirectory::open(folder)?;
        Ok(DurableDirectory { files, disk, folder: folder.to_owned(), is_for_reading: false })
    }

    /// The same for who only reads. A file may go away under it, where a writer replaces it.
    pub(crate) fn for_reading(self) -> DurableDirectory {
        DurableDirectory { is_for_reading: true, ..self }
    }
}

/// A file of a segment. It is durable when the engine has terminated it, before a commit names it.
struct SegmentFile(Box<dyn NewFile>);

impl Write for SegmentFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl TerminatingWrite for SegmentFile {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        self.0.sync()
    }
}

impl Directory for DurableDirectory {
    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.disk.replace_file(&self.folder.join(path), data)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        match self.disk.create_new(&self.folder.join(path)) {
            Ok(file) => Ok(BufWriter::new(Box::new(SegmentFile(file)))),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Err(OpenWriteError::FileAlreadyExists(path.to_owned()))
            }
            Err(error) => Err(OpenWriteError::wrap_io_error(error, path.to_owned())),
        }
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.disk.remove_file(&self.folder.join(path)).map_err(|error| match error.kind() {
            ErrorKind::NotFound => DeleteError::FileDoesNotExist(path.to_owned()),
            _ => DeleteError::IoError { io_error: Arc::new(error), filepath: path.to_owned() },
        })
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.disk.sync_folder(&self.folder)
    }

    /// The system's lock, as tantivy's own directory takes it, which readers use.
    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        if self.is_for_reading {
            return Ok(DirectoryLock::from(Box::new(())));
        }
        let path = self.folder.join(&lock.filepath);
        let file = self.disk.open_lock(&path).map_err(LockError::wrap_io_error)?;
        take(&file, lock.is_blocking)?;
        Ok(DirectoryLock::from(Box::new(LockedFile(file))))
    }

    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.files.get_file_handle(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.files.exists(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.files.atomic_read(path)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.files.watch(callback)
    }
}

fn take(file: &File, is_blocking: bool) -> Result<(), LockError> {
    if is_blocking {
        return file.lock().map_err(LockError::wrap_io_error);
    }
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => LockError::LockBusy,
        TryLockError::Error(error) => LockError::wrap_io_error(error),
    })
}
