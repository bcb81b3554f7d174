//! What a run sets aside and reads back at its end: in memory while it is little, then in a file without a name, which goes with
//! the process.

use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use tempfile::{SpooledTempFile, spooled_tempfile_in};

/// Bytes up to which there is no file.
const MEMORY_BYTES: usize = 4_000_000;

/// Bytes that are written one after the other.
pub(crate) struct Spool {
    file: BufWriter<SpooledTempFile>,
    written: u64,
}

impl Spool {
    /// An empty one, which takes its room in `folder`.
    pub(crate) fn new(folder: &Path) -> Spool {
        Spool { file: BufWriter::new(spooled_tempfile_in(MEMORY_BYTES, folder)), written: 0 }
    }

    /// Adds bytes, and returns where they begin.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> io::Result<u64> {
        let start = self.written;
        self.file.write_all(bytes)?;
        self.written += bytes.len() as u64;
        Ok(start)
    }

    /// Reads what was written so far, from its start. More can be added afterwards.
    pub(crate) fn read_back<T>(
        &mut self,
        read: impl FnOnce(&mut BufReader<&mut SpooledTempFile>) -> io::Result<T>,
    ) -> io::Result<T> {
        self.file.flush()?;
        let file = self.file.get_mut();
        file.seek(SeekFrom::Start(0))?;
        let done = read(&mut BufReader::new(file))?;
        self.file.get_mut().seek(SeekFrom::End(0))?;
        Ok(done)
    }

    /// All that was written, to be read from its start or any other place.
    pub(crate) fn into_reader(self) -> io::Result<BufReader<SpooledTempFile>> {
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(BufReader::new(file))
    }
}

/// Reads so many bytes.
pub(crate) fn take<const N: usize>(from: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_set_aside_comes_back_however_much_it_is() {
        let folder = tempfile::tempdir().unwrap();
        for count in [0_u32, 10, 2_000_000] {
            let mut spool = Spool::new(folder.path());
            for number in 0..count {
                assert_eq!(spool.push(&number.to_le_bytes()).unwrap(), u64::from(number) * 4);
                if number % 700_000 == 3 {
                    assert_eq!(spool.read_back(|file| take(file)).unwrap(), 0_u32.to_le_bytes());
                }
            }
            let mut reader = spool.into_reader().unwrap();
            assert!((0..count).all(|number| take(&mut reader).unwrap() == number.to_le_bytes()));
            assert!(take::<1>(&mut reader).is_err(), "that was all");
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "no file has a name");
        }
    }
}
