//! Errors that tell something of the system, and nothing of the files: no permission, no memory, too many open files. An index in which
//! they come up is not known to be damaged.

use std::io::{self, ErrorKind};

use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError};

use crate::error::IndexError;

/// The error of the system behind one of reading, if there is one. That a file is not there is told of the files.
pub(crate) fn of_reading(error: &io::Error) -> Option<io::Error> {
    match error.raw_os_error() {
        Some(_) if error.kind() == ErrorKind::NotFound => None,
        Some(code) => Some(io::Error::from_raw_os_error(code)),
        None => error.get_ref()?.downcast_ref().and_then(of_engine),
    }
}

/// The error of the system behind one of the engine, if there is one.
pub(crate) fn of_engine(error: &TantivyError) -> Option<io::Error> {
    match error {
        TantivyError::IoError(error)
        | TantivyError::LockFailure(LockError::IoError(error), _)
        | TantivyError::OpenReadError(OpenReadError::IoError { io_error: error, .. })
        | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error: error, .. }) => {
            of_reading(error)
        }
        TantivyError::SystemError(message) => Some(io::Error::other(message.clone())),
        _ => None,
    }
}

impl IndexError {
    /// Might another attempt at the same files go well? Then it is not known that they are damaged.
    pub(crate) fn is_of_the_system(&self) -> bool {
        match self {
            IndexError::Damaged(damage) => damage.is_unreadable(),
            IndexError::File { source, .. } => of_reading(source).is_some(),
            IndexError::Engine { source, .. } => of_engine(source).is_some(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// Too many open files, and no such file, as Linux and others number them.
    const TOO_MANY: i32 = 24;
    const NOT_THERE: i32 = 2;

    #[test]
    fn what_the_system_refuses_is_no_damage_and_what_the_files_say_is() {
        let of_system = io::Error::from_raw_os_error;
        let opening = |error: io::Error| {
            TantivyError::OpenReadError(OpenReadError::wrap_io_error(error, "a.idx".into()))
        };
        assert!(of_reading(&of_system(TOO_MANY)).is_some());
        assert!(of_engine(&opening(of_system(TOO_MANY))).is_some());
        assert!(of_reading(&io::Error::other(opening(of_system(TOO_MANY)))).is_some());
        assert!(of_engine(&TantivyError::IoError(Arc::new(of_system(TOO_MANY)))).is_some());
        for error in [of_system(NOT_THERE), io::Error::from(ErrorKind::InvalidData), io::Error::other("odd")]
        {
            assert!(of_reading(&error).is_none(), "{error}");
            assert!(of_engine(&opening(error)).is_none());
        }
        assert!(of_engine(&TantivyError::InternalError("odd".to_owned())).is_none());
    }
}
