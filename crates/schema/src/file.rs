//! Reading the small files of an index.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

/// The bytes of a small file of an index. A pipe or a device of its name is not opened, since reading it might not end.
///
/// # Errors
/// [`ErrorKind::InvalidData`] where it is no file, and what the system says where it cannot be read.
pub fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = fs::metadata(path)?;
    // Of a folder the system tells by itself that it cannot be read.
    if metadata.is_file() || metadata.is_dir() {
        return fs::read(path);
    }
    Err(io::Error::new(ErrorKind::InvalidData, "it is no file"))
}
