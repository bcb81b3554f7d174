//! A directory that knows what was written through it: the checksum of every file is taken while its bytes flow through, and
//! `meta.json` is given a table of them (see [`schema::Commit`]).
//!
//! The engine keeps a list of its files, `.managed.json`, to find what a crash left. It is written anew for every file, and a
//! damaged one makes the engine blind or worse. Under the lock the folder itself is that list, so here it is made up from the
//! folder and never written.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crc32fast::Hasher;
use schema::{Commit, FileRow, META_FILE, Stamp};
use serde::Deserialize;
use tantivy::SegmentMeta;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, Directory, DirectoryLock, FileHandle, Lock, TerminatingWrite, WatchCallback, WatchHandle,
    WritePtr,
};

/// The engine's list of its files.
pub(crate) const MANAGED_FILE: &str = ".managed.json";

/// Digits of the id of a segment, with which the names of its files begin.
const ID_DIGITS: usize = 32;

/// A directory around another.
#[derive(Clone, Debug)]
pub(crate) struct CheckedDirectory<D> {
    inner: D,
    folder: PathBuf,
    files: Files,
}

/// The rows of files, by name; shared with those that are being written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files(Arc<Mutex<BTreeMap<String, FileRow>>>);

impl<D> CheckedDirectory<D> {
    /// The directory of `folder`, in which these files are known.
    pub(crate) fn new(inner: D, folder: &Path, known: Vec<FileRow>) -> CheckedDirectory<D> {
        let files = Files::default();
        files.lock().extend(known.into_iter().map(|row| (row.name.clone(), row)));
        CheckedDirectory { inner, folder: folder.to_owned(), files }
    }

    /// What is known of the files.
    pub(crate) fn files(&self) -> Files {
        self.files.clone()
    }
}

impl Files {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, FileRow>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those that are needed.
    pub(crate) fn needed_by(&self, needed: &Needed) -> Vec<FileRow> {
        self.lock().values().filter(|row| needed.has(&row.name)).cloned().collect()
    }
}

/// The files that the segments of a `meta.json` are made of, as far as names tell.
pub(crate) struct Needed(Vec<Segment>);

#[derive(Deserialize)]
struct Meta {
    segments: Vec<Segment>,
}

#[derive(Deserialize)]
struct Segment {
    segment_id: String,
    deletes: Option<Deletes>,
}

#[derive(Deserialize)]
struct Deletes {
    opstamp: u64,
}

impl Needed {
    /// Those of this `meta.json`.
    pub(crate) fn by(meta: &[u8]) -> serde_json::Result<Needed> {
        let mut meta: Meta = serde_json::from_slice(meta)?;
        meta.segments.iter_mut().for_each(|segment| segment.segment_id.retain(|c| c != '-'));
        Ok(Needed(meta.segments))
    }

    /// Those of these segments.
    pub(crate) fn by_segments<'a>(segments: impl Iterator<Item = &'a SegmentMeta>) -> Needed {
        let segment = |meta: &SegmentMeta| Segment {
            segment_id: meta.id().uuid_string(),
            deletes: meta.delete_opstamp().map(|opstamp| Deletes { opstamp }),
        };
        Needed(segments.map(segment).collect())
    }

    /// The ids of the segments.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|segment| segment.segment_id.as_str())
    }

    /// Is a file of this name one of them? Of the lists of deleted articles of a segment one is.
    pub(crate) fn has(&self, name: &str) -> bool {
        let Some((id, extension)) = name.split_once('.') else { return false };
        let Some(segment) = self.0.iter().find(|segment| segment.segment_id == id) else { return false };
        match extension.strip_suffix(".del") {
            Some(opstamp) => {
                segment.deletes.as_ref().is_some_and(|deletes| deletes.opstamp.to_string() == opstamp)
            }
            None => !extension.ends_with("temp"),
        }
    }
}

/// Is it the name of a file of a segment?
pub(crate) fn is_segment_file(name: &str) -> bool {
    let id = name.split_once('.').map_or("", |(id, _)| id);
    id.len() == ID_DIGITS && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl<D: Directory + Clone> CheckedDirectory<D> {
    /// `meta.json` with the table of the files it needs.
    fn with_table(&self, meta: &[u8]) -> io::Result<Vec<u8>> {
        let needed = Needed::by(meta)?;
        Commit::with_files(meta, self.files.needed_by(&needed))
    }

    /// The engine's files that are in the folder, as the engine lists them.
    fn list(&self) -> io::Result<Vec<u8>> {
        let mut names = vec![META_FILE.to_owned()];
        for entry in fs::read_dir(&self.folder)? {
            names.extend(entry?.file_name().into_string().ok().filter(|name| is_segment_file(name)));
        }
        Ok(serde_json::to_vec(&names)?)
    }
}

impl<D: Directory + Clone> Directory for CheckedDirectory<D> {
    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        if path == Path::new(MANAGED_FILE) {
            return Ok(());
        }
        if path == Path::new(META_FILE) {
            return self.inner.atomic_write(path, &self.with_table(data)?);
        }
        self.inner.atomic_write(path, data)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        if path == Path::new(MANAGED_FILE) {
            return self.list().map_err(|error| OpenReadError::wrap_io_error(error, path.to_owned()));
        }
        self.inner.atomic_read(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let failed = |error: io::Error| OpenWriteError::wrap_io_error(error, path.to_owned());
        let file = self.inner.open_write(path)?.into_inner().map_err(|error| failed(error.into_error()))?;
        Ok(BufWriter::new(Box::new(CheckedFile {
            file,
            hasher: Hasher::new(),
            bytes: 0,
            path: self.folder.join(path),
            name: path.to_string_lossy().into_owned(),
            files: self.files.clone(),
        })))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.inner.delete(path)?;
        self.files.lock().remove(&*path.to_string_lossy());
        Ok(())
    }

    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.inner.get_file_handle(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.inner.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.inner.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

/// A file that is being written.
struct CheckedFile {
    file: Box<dyn TerminatingWrite + Send + Sync>,
    hasher: Hasher,
    bytes: u64,
    path: PathBuf,
    name: String,
    files: Files,
}

impl Write for CheckedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl TerminatingWrite for CheckedFile {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.file.terminate_ref(token)?;
        let stamp = Stamp::of(&fs::metadata(&self.path)?);
        let (name, crc) = (self.name.clone(), self.hasher.clone().finalize());
        self.files.lock().insert(name.clone(), FileRow { name, bytes: self.bytes, crc, stamp });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_needs_the_files_of_its_segments_and_the_last_list_of_deleted_ones() {
        let id = "d9a124aa2a4242ef968de1e0aa8cb0d5";
        let meta = br#"{"segments":[{"segment_id":"d9a124aa-2a42-42ef-968d-e1e0aa8cb0d5","max_doc":3,
            "deletes":{"num_deleted_docs":1,"opstamp":17}}],"opstamp":17}"#;
        let needed = Needed::by(meta).unwrap();
        let names = ["idx", "17.del", "4.del", "store.temp", "texts"].map(|end| format!("{id}.{end}"));
        assert_eq!(names.each_ref().map(|name| needed.has(name)), [true, true, false, false, true]);
        assert!(!needed.has("0000000000000000000000000000000f.idx") && !needed.has("meta.json"));
        assert!(names.iter().all(|name| is_segment_file(name)) && !is_segment_file("words-0f.idx"));
    }
}
