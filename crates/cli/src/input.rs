//! Small files that people name: read whole, up to a limit, so that a device or a slip of the pen does not fill the memory.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Bytes of a file of queries.
pub(crate) const MOST_QUERIES: u64 = 256 << 20;

/// Bytes of a report of `morgue bench`.
pub(crate) const MOST_REPORT: u64 = 256 << 20;

/// Bytes of a file of actors.
pub(crate) const MOST_ACTORS: u64 = 32 << 20;

/// The bytes of a file.
///
/// # Errors
/// It cannot be read, or has more than `most` bytes.
pub(crate) fn read_file(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    read(File::open(path)?, most)
}

/// The text of a file.
///
/// # Errors
/// As [`read_file`], and when it is not UTF-8.
pub(crate) fn read_text(path: &Path, most: u64) -> io::Result<String> {
    as_text(read_file(path, most)?)
}

/// Bytes as text.
///
/// # Errors
/// They are not UTF-8.
pub(crate) fn as_text(bytes: Vec<u8>) -> io::Result<String> {
    String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// As [`read_file`], of anything.
pub(crate) fn read(reader: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let message = format!("it has more than {most} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_end_is_refused() {
        assert_eq!(read(io::repeat(b' '), 1000).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(read(io::repeat(b' ').take(1000), 1000).unwrap().len(), 1000);
    }
}
