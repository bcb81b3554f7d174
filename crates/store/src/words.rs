//! The words of a segment as one text, a line each, for patterns that begin with a wildcard: to look for their letters in it takes
//! a small part of the time of a walk through the engine's term dictionary.
//!
//! Behind the list stand the [`peaks`](crate::peaks) of frequent words.
//!
//! The list is a file beside the segment's own, and can be made again from the dictionary at any time. Where it is missing,
//! damaged or of another dictionary, nothing is lost but time.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use tantivy::SegmentReader;
use zstd::{Decoder, Encoder, zstd_safe};

/// What the names of lists begin with.
pub const WORDS_PREFIX: &str = "words-";

/// Bytes of the list that are handed out at a time, or one line where that is longer.
const STRETCH_BYTES: usize = 256 * 1024;

/// Fast, and half the size of what no compression gives.
const LEVEL: i32 = 1;

/// Logarithm of the most bytes that a list may ask for to be unpacked; the level asks for less. What asks for more is damaged.
const WINDOW_LOG: u32 = 22;

/// The list of a segment, by the id of the segment.
pub fn words_file(folder: &Path, segment: &str) -> PathBuf {
    folder.join(format!("{WORDS_PREFIX}{segment}"))
}

/// Opens the list of a segment to be read. A pipe or a device of its name is not opened, since reading it might not end.
///
/// # Errors
/// When there is none, or it cannot be opened.
pub fn open_words(folder: &Path, segment: &SegmentReader) -> io::Result<File> {
    let path = words_file(folder, &segment.segment_id().uuid_string());
    if path.metadata()?.is_file() { File::open(path) } else { Err(ErrorKind::InvalidData.into()) }
}

/// Writes a list.
pub struct WordsWriter {
    encoder: Encoder<'static, Vec<u8>>,
}

impl WordsWriter {
    /// The list of a dictionary of so many terms, which need not all be words.
    ///
    /// # Errors
    /// When there is no memory.
    pub fn new(terms: u64) -> io::Result<WordsWriter> {
        let mut encoder = Encoder::new(Vec::new(), LEVEL)?;
        encoder.include_checksum(true)?;
        writeln!(encoder, "{terms}")?;
        Ok(WordsWriter { encoder })
    }

    /// Adds a word, which has no line end.
    ///
    /// # Errors
    /// When there is no memory.
    pub fn push(&mut self, word: &str) -> io::Result<()> {
        self.encoder.write_all(word.as_bytes())?;
        self.encoder.write_all(b"\n")
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// When there is no memory.
    pub fn finish(self) -> io::Result<Vec<u8>> {
        self.encoder.finish()
    }
}

/// Hands out the words of a list in stretches of whole lines, in order, until `stretch` breaks.
///
/// # Errors
/// When it cannot be read, is damaged, or is of a dictionary of another number of terms. Damage may come to light after stretches
/// have been handed out: they are then to be forgotten.
pub fn read_words(
    file: impl Read,
    terms: u64,
    mut stretch: impl FnMut(&str) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut decoder = Decoder::new(file)?;
    decoder.window_log_max(WINDOW_LOG)?;
    let mut reader = BufReader::with_capacity(STRETCH_BYTES, decoder);
    let mut first = String::new();
    reader.by_ref().take(32).read_line(&mut first)?;
    if first.trim_end().parse() != Ok(terms) {
        return Err(io::Error::new(ErrorKind::InvalidData, "the words of another dictionary"));
    }
    let mut lines = Vec::with_capacity(STRETCH_BYTES + 64);
    loop {
        lines.clear();
        let length = reader.by_ref().take(STRETCH_BYTES as u64).read_to_end(&mut lines)?;
        if length == 0 {
            return Ok(());
        }
        if lines.last() != Some(&b'\n') {
            reader.read_until(b'\n', &mut lines)?;
        }
        let lines = std::str::from_utf8(&lines).map_err(|_| ErrorKind::InvalidData)?;
        if stretch(lines).is_break() {
            return Ok(());
        }
    }
}

/// What stands behind a list.
///
/// # Errors
/// When the list is damaged.
pub fn behind_words(file: &[u8]) -> io::Result<&[u8]> {
    let length = zstd_safe::find_frame_compressed_size(file);
    length.ok().and_then(|length| file.get(length..)).ok_or_else(|| ErrorKind::InvalidData.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PeaksWriter;

    fn list(words: &[&str]) -> Vec<u8> {
        let mut writer = WordsWriter::new(words.len() as u64).unwrap();
        words.iter().for_each(|word| writer.push(word).unwrap());
        [writer.finish().unwrap(), peaks()].concat()
    }

    fn peaks() -> Vec<u8> {
        let mut peaks = PeaksWriter::default();
        peaks.push(0, [3, 2, 1]);
        peaks.finish(4)
    }

    fn read(file: &[u8], terms: u64) -> io::Result<Vec<String>> {
        let mut words = Vec::new();
        read_words(file, terms, |lines| {
            words.extend(lines.lines().map(str::to_owned));
            ControlFlow::Continue(())
        })?;
        Ok(words)
    }

    #[test]
    fn a_list_of_any_length_comes_back_in_whole_lines() {
        let long = "é".repeat(STRETCH_BYTES);
        for words in [vec![], vec!["a", "über", long.as_str(), "z"], vec!["friendship"; 100_000]] {
            assert_eq!(read(&list(&words), words.len() as u64).unwrap(), words);
        }
    }

    #[test]
    fn no_damage_and_no_other_dictionary_goes_unnoticed() {
        let words = ["archipelago", "ecology", "friendship", "geology"];
        let file = list(&words);
        assert!(read(&file, 5).is_err());
        assert_eq!(behind_words(&file).unwrap(), peaks());
        for length in 0..file.len() - peaks().len() {
            assert!(read(&file[..length], 4).is_err(), "cut to {length}");
        }
        for at in 0..file.len() {
            let mut damaged = file.clone();
            damaged[at] ^= 0x10;
            assert!(read(&damaged, 4).map_or(true, |read| read == words), "byte {at}");
        }
    }
}
