//! What can be wrong with a file of an index.

use std::io;
use std::path::PathBuf;

/// A file of an index that is not as it was written.
#[derive(Debug, thiserror::Error)]
#[error("{} {fault}", .path.display())]
pub struct Damage {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a file.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// It is not there.
    #[error("is missing")]
    Missing,
    /// It has been cut, or something was added to it.
    #[error("is damaged: it has {found} bytes instead of {expected}")]
    Length {
        /// Its bytes.
        found: u64,
        /// Those that were written.
        expected: u64,
    },
    /// Its bytes are not those that were written.
    #[error("is damaged: its content does not match its checksum")]
    Content,
    /// It makes no sense.
    #[error("is damaged: {0}")]
    Malformed(String),
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
}

impl Damage {
    /// Damage of this file.
    pub fn new(path: impl Into<PathBuf>, fault: Fault) -> Damage {
        Damage { path: path.into(), fault }
    }

    /// The damage that an error of the system means.
    pub fn of(path: impl Into<PathBuf>, error: io::Error) -> Damage {
        let fault = match error.kind() {
            io::ErrorKind::NotFound => Fault::Missing,
            // As `read_file` says of what is no file.
            io::ErrorKind::InvalidData => Fault::Malformed(error.to_string()),
            _ => Fault::Unreadable(error),
        };
        Damage::new(path, fault)
    }

    /// Might another attempt at the same file go well, as when permissions are set right? What cannot be read is not known to be damaged.
    pub fn is_unreadable(&self) -> bool {
        matches!(self.fault, Fault::Unreadable(_))
    }
}
