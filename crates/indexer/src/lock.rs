//! One writer at a time. The lock is the operating system's, so it ends with the process that holds it,
//! however that ends; the file's content only tells others who it is.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};

use schema::LOCK_FILE;

use crate::error::IndexError;
use crate::place::Place;

/// Held while this process may write to the index.
pub(crate) struct WriterLock {
    _file: File,
}

impl WriterLock {
    /// Takes the lock of the index in a folder, or says who has it.
    pub(crate) fn acquire(place: &Place) -> Result<WriterLock, IndexError> {
        let path = place.folder.join(LOCK_FILE);
        let mut file = place.disk().open_lock(&path).map_err(IndexError::file(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                let holder = if holder.trim().is_empty() { "another process" } else { holder.trim() };
                return Err(IndexError::Busy { index: place.folder.clone(), holder: holder.to_owned() });
            }
            Err(TryLockError::Error(source)) => return Err(IndexError::File { path, source }),
        }
        if let Err(error) = name_holder(&mut file) {
            // Held it is all the same, and on a full disk articles can still be taken out.
            tracing::warn!(path = %path.display(), %error, "others cannot be told who writes the index");
        }
        Ok(WriterLock { _file: file })
    }
}

fn name_holder(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(format!("process {}\n", std::process::id()).as_bytes())
}
