//! A disk that writes down what is done, and what a file system may hold of it after a loss of power.
//!
//! The model is that of POSIX, which promises less than any one file system keeps. What a file holds is certain up to its last
//! sync; of what was written later anything may be there: all, nothing, a part, zeros or garbage in the place of what is missing. A
//! name that was made, changed or removed after the last sync of its folder is there or not, each for itself. What one call
//! changes is changed whole.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use disk::{Disk, NewFile, RealDisk};
use fastrand::Rng;

/// Names a file, whatever its path.
type FileId = usize;

/// Something that was done.
#[derive(Clone, Debug)]
enum Entry {
    Create { path: PathBuf, file: FileId },
    Write { file: FileId, bytes: Vec<u8> },
    Sync { file: FileId },
    Rename { from: PathBuf, to: PathBuf, file: Option<FileId> },
    Remove { path: PathBuf },
    CreateFolder { path: PathBuf },
    RemoveFolder { path: PathBuf },
    SyncFolder { path: PathBuf },
}

impl Entry {
    /// The name that it changes.
    fn name(&self) -> Option<&Path> {
        match self {
            Entry::Create { path, .. }
            | Entry::Remove { path }
            | Entry::CreateFolder { path }
            | Entry::RemoveFolder { path } => Some(path),
            Entry::Rename { to, .. } => Some(to),
            Entry::Write { .. } | Entry::Sync { .. } | Entry::SyncFolder { .. } => None,
        }
    }
}

/// What was done below a folder, in order.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    entries: Vec<Entry>,
}

/// How much is lost of what was not synced.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Loss {
    /// All of it.
    All,
    /// Nothing, as when a process is killed.
    Nothing,
    /// Each name and each write with this probability.
    Some(f64),
}

impl Loss {
    fn hits(self, random: &mut Rng) -> bool {
        match self {
            Loss::All => true,
            Loss::Nothing => false,
            Loss::Some(probability) => random.f64() < probability,
        }
    }
}

/// What stands under a name.
#[derive(Clone, Copy)]
enum Node {
    Folder,
    File(FileId),
}

impl Journal {
    /// How many steps it has.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Has nothing been done?
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The same as if no folder had ever been synced: what a test must find fault with.
    #[must_use]
    pub fn without_folder_syncs(&self) -> Journal {
        let mut journal = self.clone();
        for entry in &mut journal.entries {
            if matches!(entry, Entry::SyncFolder { .. }) {
                // A sync of a folder that nothing is in, so that steps keep their numbers.
                *entry = Entry::SyncFolder { path: PathBuf::new() };
            }
        }
        journal
    }

    /// Writes into the empty folder `target` what may be left of the folder `root` when the power is lost after the first `steps`
    /// steps.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write_state(
        &self,
        steps: usize,
        loss: Loss,
        random: &mut Rng,
        root: &Path,
        target: &Path,
    ) -> io::Result<()> {
        let entries = &self.entries[..steps];
        let contents = contents(entries, loss, random);
        for (path, node) in names(entries, loss, random) {
            let Ok(below) = path.strip_prefix(root) else { continue };
            let path = target.join(below);
            match node {
                // What is in a folder whose own name is lost is lost with it.
                _ if !path.parent().is_some_and(Path::is_dir) => {}
                Node::Folder => fs::create_dir(path)?,
                Node::File(file) => fs::write(path, contents.get(&file).map_or(&[][..], Vec::as_slice))?,
            }
        }
        Ok(())
    }
}

/// The names that are left, folders before what is in them.
fn names(entries: &[Entry], loss: Loss, random: &mut Rng) -> BTreeMap<PathBuf, Node> {
    let mut names = BTreeMap::new();
    let durable = durable_names(entries);
    for (number, entry) in entries.iter().enumerate() {
        if !durable[number] && loss.hits(random) {
            continue;
        }
        match entry {
            Entry::Create { path, file } => {
                names.insert(path.clone(), Node::File(*file));
            }
            Entry::Rename { from, to, file } => {
                names.remove(from);
                if let Some(file) = file {
                    names.insert(to.clone(), Node::File(*file));
                }
            }
            Entry::Remove { path } => {
                names.remove(path);
            }
            Entry::CreateFolder { path } => {
                names.insert(path.clone(), Node::Folder);
            }
            Entry::RemoveFolder { path } => names.retain(|name, _| !name.starts_with(path)),
            Entry::Write { .. } | Entry::Sync { .. } | Entry::SyncFolder { .. } => {}
        }
    }
    names
}

/// Which entries a later sync of the folder has made certain.
fn durable_names(entries: &[Entry]) -> Vec<bool> {
    let mut synced = HashMap::new();
    for (number, entry) in entries.iter().enumerate() {
        if let Entry::SyncFolder { path } = entry {
            synced.insert(path.as_path(), number);
        }
    }
    let is_durable = |(number, entry): (usize, &Entry)| {
        let folder = entry.name().and_then(Path::parent);
        folder.and_then(|folder| synced.get(folder)).is_some_and(|last| number < *last)
    };
    entries.iter().enumerate().map(is_durable).collect()
}

/// What each file holds.
fn contents(entries: &[Entry], loss: Loss, random: &mut Rng) -> HashMap<FileId, Vec<u8>> {
    let mut synced = HashMap::new();
    for (number, entry) in entries.iter().enumerate() {
        if let Entry::Sync { file } = entry {
            synced.insert(*file, number);
        }
    }
    let mut contents: HashMap<FileId, Vec<u8>> = HashMap::new();
    for (number, entry) in entries.iter().enumerate() {
        let Entry::Write { file, bytes } = entry else { continue };
        let content = contents.entry(*file).or_default();
        let is_certain = synced.get(file).is_some_and(|last| number < *last);
        if is_certain || !loss.hits(random) {
            content.extend_from_slice(bytes);
        } else if loss != Loss::All {
            content.extend(damaged(bytes, random));
        }
    }
    contents
}

/// What may be found in the place of bytes that did not arrive, where the file has that length.
fn damaged(bytes: &[u8], random: &mut Rng) -> Vec<u8> {
    let mut left = bytes.to_vec();
    let from = random.usize(..=bytes.len());
    match random.u8(..4) {
        0 => left.clear(),
        1 => left.truncate(from),
        2 => left[from..].fill(0),
        _ => left[from..].iter_mut().for_each(|byte| *byte = random.u8(..)),
    }
    left
}

/// A disk that keeps a journal, and syncs nothing.
#[derive(Clone, Debug, Default)]
pub struct JournalDisk {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    journal: Journal,
    files: usize,
    /// Which file stands under a path now.
    paths: HashMap<PathBuf, FileId>,
}

impl JournalDisk {
    /// What was done so far.
    pub fn journal(&self) -> Journal {
        self.state().journal.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn new_file(&self, path: &Path) -> FileId {
        let mut state = self.state();
        let file = state.files;
        state.files += 1;
        state.paths.insert(path.to_owned(), file);
        state.journal.entries.push(Entry::Create { path: path.to_owned(), file });
        file
    }

    fn push(&self, entry: Entry) {
        self.state().journal.entries.push(entry);
    }
}

impl Disk for JournalDisk {
    fn create_new(&self, path: &Path) -> io::Result<Box<dyn NewFile>> {
        let real = File::create_new(path)?;
        let file = self.new_file(path);
        Ok(Box::new(JournalFile { real, file, disk: self.clone() }))
    }

    fn open_lock(&self, path: &Path) -> io::Result<File> {
        let is_new = !path.exists();
        let file = RealDisk.open_lock(path)?;
        if is_new {
            self.new_file(path);
        }
        Ok(file)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.rename(from, to)?;
        let mut state = self.state();
        let file = state.paths.remove(from);
        if let Some(file) = file {
            state.paths.insert(to.to_owned(), file);
        }
        state.journal.entries.push(Entry::Rename { from: from.to_owned(), to: to.to_owned(), file });
        Ok(())
    }

    fn keep_also_as(&self, file: &Path, other: &Path) -> io::Result<()> {
        fs::hard_link(file, other)?;
        let mut state = self.state();
        let id =
            state.paths.get(file).copied().ok_or_else(|| io::Error::other("a file of unknown origin"))?;
        state.paths.insert(other.to_owned(), id);
        state.journal.entries.push(Entry::Create { path: other.to_owned(), file: id });
        Ok(())
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove_file(path)?;
        self.state().paths.remove(path);
        self.push(Entry::Remove { path: path.to_owned() });
        Ok(())
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        RealDisk.create_folder(path)?;
        self.push(Entry::CreateFolder { path: path.to_owned() });
        Ok(())
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove_folder(path)?;
        self.push(Entry::RemoveFolder { path: path.to_owned() });
        Ok(())
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.push(Entry::SyncFolder { path: path.to_owned() });
        Ok(())
    }
}

struct JournalFile {
    real: File,
    file: FileId,
    disk: JournalDisk,
}

impl Write for JournalFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.real.write(bytes)?;
        self.disk.push(Entry::Write { file: self.file, bytes: bytes[..written].to_vec() });
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl NewFile for JournalFile {
    fn sync(&mut self) -> io::Result<()> {
        self.disk.push(Entry::Sync { file: self.file });
        Ok(())
    }
}
