//! One writer at a time. The lock is the operating system's, so it ends with the process that holds it,
//! however that ends; the file's content only tells others who it is.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use schema::LOCK_FILE;

use crate::error::IndexError;

/// Held while this process may write to the index.
pub(crate) struct WriterLock {
    _file: File,
}

impl WriterLock {
    /// Takes the lock of the index in `folder`, or says who has it.
    pub(crate) fn acquire(folder: &Path) -> Result<WriterLock, IndexError> {
        let path = folder.join(LOCK_FILE);
        let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = open.map_err(IndexError::file(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                let holder = if holder.trim().is_empty() { "another process" } else { holder.trim() };
                return Err(IndexError::Busy { index: folder.to_owned(), holder: holder.to_owned() });
            }
            Err(TryLockError::Error(source)) => return Err(IndexError::File { path, source }),
        }
        let name = format!("process {}\n", std::process::id());
        let named =
            file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(name.as_bytes()));
        named.map_err(IndexError::file(&path))?;
        Ok(WriterLock { _file: file })
    }
}
