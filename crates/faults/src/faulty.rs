//! A disk that counts its steps and fails at one of them.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use disk::{Disk, NewFile, RealDisk};

/// What fails, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The step, from 1; 0: none.
    pub at: u64,
    /// How.
    pub manner: Manner,
    /// All steps after it fail too.
    pub lasts: bool,
}

impl Fault {
    /// Nothing fails.
    pub const NONE: Fault = Fault { at: 0, manner: Manner::Refused, lasts: false };
}

/// How a step fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Nothing is done, for an error of the device (`EIO`).
    Refused,
    /// Of a write half of the bytes arrive, anything else is done; then an error of the device is reported.
    Torn,
    /// There is no room (`ENOSPC`): what makes files or writes fails, half of the bytes arrive. Removing and renaming is done.
    Full,
}

/// Error codes of Unix.
const EIO: i32 = 5;
const ENOSPC: i32 = 28;

/// A disk that fails as it is told, and syncs nothing.
#[derive(Clone, Debug)]
pub struct FaultyDisk {
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    fault: Fault,
    steps: u64,
    failed: Option<String>,
    closed: bool,
    late: Vec<String>,
}

/// What becomes of a step.
enum Verdict {
    Done,
    /// This error, after it was done, or done by half.
    After(io::Error),
    Refused(io::Error),
}

/// What kind of step it is, as far as that matters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs {
    Room,
    NoRoom,
}

impl FaultyDisk {
    /// A disk with this fault.
    pub fn new(fault: Fault) -> FaultyDisk {
        let state = State { fault, steps: 0, failed: None, closed: false, late: Vec::new() };
        FaultyDisk { state: Arc::new(Mutex::new(state)) }
    }

    /// How many steps were asked for.
    pub fn steps(&self) -> u64 {
        self.with(|state| state.steps)
    }

    /// The first step that failed, and on which file.
    pub fn failed(&self) -> Option<String> {
        self.with(|state| state.failed.clone())
    }

    /// From here on nobody should ask for anything.
    pub fn close(&self) {
        self.with(|state| state.closed = true);
    }

    /// What was asked for after the end.
    pub fn late(&self) -> Vec<String> {
        self.with(|state| state.late.clone())
    }

    fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn judge(&self, step: &str, path: &Path, needs: Needs) -> Verdict {
        self.with(|state| {
            let name = || format!("{step} {}", path.display());
            if state.closed {
                state.late.push(name());
            }
            state.steps += 1;
            let Fault { at, manner, lasts } = state.fault;
            let is_hit = at > 0 && (state.steps == at || (lasts && state.steps > at));
            if !is_hit || (manner == Manner::Full && needs == Needs::NoRoom) {
                return Verdict::Done;
            }
            state.failed.get_or_insert_with(name);
            match manner {
                Manner::Refused => Verdict::Refused(io::Error::from_raw_os_error(EIO)),
                Manner::Torn => Verdict::After(io::Error::from_raw_os_error(EIO)),
                Manner::Full if step == "write" => Verdict::After(io::Error::from_raw_os_error(ENOSPC)),
                Manner::Full => Verdict::Refused(io::Error::from_raw_os_error(ENOSPC)),
            }
        })
    }

    fn step<T>(
        &self,
        step: &str,
        path: &Path,
        needs: Needs,
        act: impl FnOnce() -> io::Result<T>,
    ) -> io::Result<T> {
        match self.judge(step, path, needs) {
            Verdict::Done => act(),
            Verdict::After(error) => act().and(Err(error)),
            Verdict::Refused(error) => Err(error),
        }
    }
}

impl Disk for FaultyDisk {
    fn create_new(&self, path: &Path) -> io::Result<Box<dyn NewFile>> {
        let file = self.step("create", path, Needs::Room, || File::create_new(path))?;
        Ok(Box::new(FaultyFile { file, path: path.to_owned(), disk: self.clone() }))
    }

    fn open_lock(&self, path: &Path) -> io::Result<File> {
        let needs = if path.exists() { Needs::NoRoom } else { Needs::Room };
        self.step("lock", path, needs, || RealDisk.open_lock(path))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step("rename", to, Needs::NoRoom, || RealDisk.rename(from, to))
    }

    fn keep_also_as(&self, file: &Path, other: &Path) -> io::Result<()> {
        self.step("keep", other, Needs::Room, || RealDisk.keep_also_as(file, other))
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.step("remove", path, Needs::NoRoom, || RealDisk.remove_file(path))
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.step("create folder", path, Needs::Room, || RealDisk.create_folder(path))
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.step("remove folder", path, Needs::NoRoom, || RealDisk.remove_folder(path))
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.step("sync folder", path, Needs::Room, || Ok(()))
    }
}

struct FaultyFile {
    file: File,
    path: PathBuf,
    disk: FaultyDisk,
}

impl Write for FaultyFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.disk.judge("write", &self.path, Needs::Room) {
            Verdict::Done => self.file.write(bytes),
            Verdict::After(error) => self.file.write_all(&bytes[..bytes.len() / 2]).and(Err(error)),
            Verdict::Refused(error) => Err(error),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl NewFile for FaultyFile {
    fn sync(&mut self) -> io::Result<()> {
        self.disk.step("sync", &self.path, Needs::Room, || Ok(()))
    }
}
