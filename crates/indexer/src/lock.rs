//! One writer at a time. The lock is the operating system's, so it ends with the process that holds it,
//! however that ends; the file's content only tells others who it is.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use schema::{LOCK_FILE, read_file};

use crate::error::IndexError;
use crate::place::IndexPlace;

/// How often, and how long apart, the name of the holder is looked for: it is written just after the lock was taken.
const LOOKS: u32 = 20;
const BETWEEN_LOOKS: Duration = Duration::from_millis(5);

/// The most characters of a command that are told.
const COMMAND_CHARS: usize = 200;

/// A file that this process has locked, until this is dropped: closing the file would not end the lock while a process that was
/// forked meanwhile, to run a command, still has the file as well.
pub(crate) struct LockedFile(pub(crate) File);

impl Drop for LockedFile {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// Held while this process may write to the index.
pub(crate) struct WriterLock {
    file: LockedFile,
}

impl WriterLock {
    /// Takes the lock of the index in a folder, or says who has it.
    pub(crate) fn acquire(place: &IndexPlace) -> Result<WriterLock, IndexError> {
        let path = place.folder.join(LOCK_FILE);
        let file = place.disk().open_lock(&path).map_err(IndexError::file(&path))?;
        let mut file = match file.try_lock() {
            Ok(()) => LockedFile(file),
            Err(TryLockError::WouldBlock) => {
                return Err(IndexError::Busy { index: place.folder.clone(), holder: holder_of(file) });
            }
            Err(TryLockError::Error(source)) => return Err(IndexError::File { path, source }),
        };
        if let Err(error) = name_holder(&mut file.0) {
            // Held it is all the same, and on a full disk articles can still be taken out.
            tracing::warn!(path = %path.display(), %error, "others cannot be told who writes the index");
        }
        Ok(WriterLock { file })
    }
}

impl Drop for WriterLock {
    /// The next holder must not be taken for this one in the moment before it writes its name.
    fn drop(&mut self) {
        let _ = self.file.0.set_len(0);
    }
}

fn name_holder(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(own_name().as_bytes())
}

/// `process 4711 on pc (morgue index --watch articles)`
fn own_name() -> String {
    let command: Vec<String> = std::env::args_os().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let command = command.join(" ").replace(char::is_control, " ");
    let command: String = command.chars().take(COMMAND_CHARS).collect();
    format!("process {} on {} ({command})\n", std::process::id(), host())
}

/// Who writes to the index in a folder, as it has named itself, without trying the lock; `None` where nobody does that is known of.
pub fn writer_of(folder: &Path) -> Option<String> {
    let name = String::from_utf8(read_file(&folder.join(LOCK_FILE)).ok()?).ok()?;
    (name.ends_with('\n') && !is_gone(&name)).then(|| name.trim().to_owned())
}

/// Who has the lock, as it named itself. A process that was killed has left its name, but not its lock.
fn holder_of(mut file: File) -> String {
    for _ in 0..LOOKS {
        let mut name = String::new();
        let read = file.rewind().and_then(|()| file.read_to_string(&mut name));
        if read.is_ok() && name.ends_with('\n') && !is_gone(&name) {
            return name.trim().to_owned();
        }
        sleep(BETWEEN_LOOKS);
    }
    "another process".to_owned()
}

/// Is it the name of a process of this machine that is no longer there? False where that cannot be told.
fn is_gone(name: &str) -> bool {
    let mut words = name.split(' ');
    let (Some("process"), Some(id), Some("on"), Some(there)) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return false;
    };
    let processes = Path::new("/proc");
    there == host() && processes.join("self").exists() && !processes.join(id).exists()
}

/// The name of this machine, where the system tells it.
fn host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim().replace(|c: char| c.is_control() || c.is_whitespace(), "-");
    if name.is_empty() { "localhost".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use disk::{Disk, RealDisk};

    use super::*;

    fn place(folder: &Path) -> IndexPlace {
        let disk: Arc<dyn Disk> = Arc::new(RealDisk);
        IndexPlace::new(folder, &disk)
    }

    #[test]
    fn a_lock_ends_although_a_forked_process_still_has_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path());
        let lock = WriterLock::acquire(&place).unwrap();
        let of_the_fork = lock.file.0.try_clone().unwrap();
        drop(lock);
        assert!(WriterLock::acquire(&place).is_ok());
        drop(of_the_fork);
    }

    #[test]
    fn the_holder_is_named_and_nobody_who_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path());
        let path = folder.path().join(LOCK_FILE);
        let lock = WriterLock::acquire(&place).unwrap();
        let busy = WriterLock::acquire(&place).err().unwrap().to_string();
        assert!(busy.contains(&format!("process {} on ", std::process::id())), "{busy}");
        assert!(writer_of(folder.path()).is_some_and(|writer| busy.contains(&writer)));
        // No system gives a process this number.
        std::fs::write(path, format!("process 4194399 on {} (morgue index)\n", host())).unwrap();
        let busy = WriterLock::acquire(&place).err().unwrap().to_string();
        assert!(busy.contains("another process") || !Path::new("/proc/self").exists(), "{busy}");
        drop(lock);
        assert_eq!(writer_of(folder.path()), None);
    }
}
