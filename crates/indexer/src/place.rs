//! The index folder and the disk that it is changed through.
//!
//! The engine tells little of what went wrong in its threads, and names no file. So the first step that fails is remembered here,
//! with its file, and the error of the run says that.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use disk::{Disk, NewFile};
use tantivy::TantivyError;

use crate::error::IndexError;

/// An index folder, and how it is changed.
#[derive(Clone, Debug)]
pub(crate) struct IndexPlace {
    /// The index folder.
    pub(crate) folder: PathBuf,
    disk: Arc<Witness>,
}

impl IndexPlace {
    pub(crate) fn new(folder: &Path, disk: &Arc<dyn Disk>) -> IndexPlace {
        let witness = Witness { disk: Arc::clone(disk), failed: Arc::default() };
        IndexPlace { folder: folder.to_owned(), disk: Arc::new(witness) }
    }

    /// What everything in the folder is changed through.
    pub(crate) fn disk(&self) -> &dyn Disk {
        &*self.disk
    }

    /// The same, to be kept.
    pub(crate) fn shared_disk(&self) -> Arc<dyn Disk> {
        Arc::<Witness>::clone(&self.disk)
    }

    /// Has a step failed?
    pub(crate) fn has_failed(&self) -> bool {
        self.disk.failed.get().is_some()
    }

    /// Makes an error of the engine one of this index: of the file whose fault it was, if that is known.
    pub(crate) fn engine_error(&self) -> impl Fn(TantivyError) -> IndexError + use<> {
        let place = self.clone();
        move |source| match place.disk.failed.get() {
            Some(failure) => failure.to_error(),
            None => IndexError::Engine { index: place.folder.clone(), source: Box::new(source) },
        }
    }
}

/// Hands everything on to a disk, and remembers the first step that failed.
#[derive(Debug)]
struct Witness {
    disk: Arc<dyn Disk>,
    failed: Arc<OnceLock<Failure>>,
}

/// A step that failed.
#[derive(Debug)]
struct Failure {
    path: PathBuf,
    error: io::Error,
}

impl Failure {
    fn to_error(&self) -> IndexError {
        IndexError::File { path: self.path.clone(), source: copy(&self.error) }
    }
}

fn copy(error: &io::Error) -> io::Error {
    let other = || io::Error::new(error.kind(), error.to_string());
    error.raw_os_error().map_or_else(other, io::Error::from_raw_os_error)
}

/// Remembers the error of a step, if it is one and the first. That a file is there or is not is an answer, no failure.
fn remember<T>(failed: &OnceLock<Failure>, path: &Path, done: io::Result<T>) -> io::Result<T> {
    if let Err(error) = &done
        && !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::AlreadyExists | ErrorKind::Interrupted)
    {
        let _ = failed.set(Failure { path: path.to_owned(), error: copy(error) });
    }
    done
}

impl Disk for Witness {
    fn create_new(&self, path: &Path) -> io::Result<Box<dyn NewFile>> {
        let file = remember(&self.failed, path, self.disk.create_new(path))?;
        Ok(Box::new(WitnessedFile { file, path: path.to_owned(), failed: Arc::clone(&self.failed) }))
    }

    fn open_lock(&self, path: &Path) -> io::Result<File> {
        remember(&self.failed, path, self.disk.open_lock(path))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        remember(&self.failed, to, self.disk.rename(from, to))
    }

    fn keep_also_as(&self, file: &Path, other: &Path) -> io::Result<()> {
        remember(&self.failed, other, self.disk.keep_also_as(file, other))
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        remember(&self.failed, path, self.disk.remove_file(path))
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        remember(&self.failed, path, self.disk.create_folder(path))
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        remember(&self.failed, path, self.disk.remove_folder(path))
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        remember(&self.failed, path, self.disk.sync_folder(path))
    }
}

struct WitnessedFile {
    file: Box<dyn NewFile>,
    path: PathBuf,
    failed: Arc<OnceLock<Failure>>,
}

impl Write for WitnessedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        remember(&self.failed, &self.path, self.file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        remember(&self.failed, &self.path, self.file.flush())
    }
}

impl NewFile for WitnessedFile {
    fn sync(&mut self) -> io::Result<()> {
        remember(&self.failed, &self.path, self.file.sync())
    }
}
