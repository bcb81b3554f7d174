//! How much the best articles of each frequent word score, so that a search for the best hits of several words need not find out
//! that most articles are not among them (threshold estimation: Petri, Moffat, Mackenzie, Culpepper and Beck 2019; Mallia,
//! Siedlaczek, Sun and Suel 2020).
//!
//! They stand behind the list of words of a segment, in a frame that readers of the list skip. Whoever reads them compares their checksum:
//! wrong ones would hide hits. Where they are missing or damaged, nothing is lost but time.

use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use tantivy::SegmentReader;
use tantivy::schema::Field;

use crate::words::open_words;

/// Of how many articles the worst score is kept: of so many the best, each.
pub const PEAK_RANKS: [usize; 3] = [10, 100, 1000];

/// What the most that a word can score has of the units of peaks.
pub const PEAK_UNITS: f32 = 65_536.0;

/// A word that fewer articles have has no peaks.
pub const LEAST_ARTICLES: u32 = 64;

/// Scores of a word's best articles: the worst of so many as [`PEAK_RANKS`] says, as parts of the most that the word can
/// score, in units of which that has [`PEAK_UNITS`], rounded down; 0 where there are fewer.
pub type PeaksOfWord = [u16; PEAK_RANKS.len()];

/// What a frame begins with that readers of the list skip (RFC 8878, section 3.1.2); the length of the rest follows.
const SKIPPED: [u8; 4] = 0x184D_2A50_u32.to_le_bytes();

const START_BYTES: usize = size_of::<u64>();
const ROW_BYTES: usize = START_BYTES + size_of::<PeaksOfWord>();

/// Number of terms in the dictionary, number of rows, checksum of all before.
const TAIL_BYTES: usize = 8 + 4 + 4;

/// The peaks of a segment.
pub struct Peaks {
    /// Starts of postings and peaks, in the order of the starts.
    rows: Vec<u8>,
}

impl Peaks {
    /// Reads those of a segment, in the folder of its index, of a field.
    ///
    /// # Errors
    /// When there are none, or they are damaged.
    pub fn open(folder: &Path, segment: &SegmentReader, field: Field) -> io::Result<Peaks> {
        let file = open_words(folder, segment)?;
        let index = segment.inverted_index(field).map_err(io::Error::other)?;
        Peaks::read(file, index.terms().num_terms() as u64)
    }

    /// Reads what stands at the end of a list of words.
    ///
    /// # Errors
    /// When there are none, they are damaged, or of a dictionary of another number of terms.
    pub fn read(mut file: impl Read + Seek, terms: u64) -> io::Result<Peaks> {
        let damaged = || io::Error::from(ErrorKind::InvalidData);
        let end = file.seek(SeekFrom::End(0))?;
        let mut count = [0; 4];
        file.seek(SeekFrom::Start(end.checked_sub(8).ok_or_else(damaged)?))?;
        file.read_exact(&mut count)?;
        let length = u64::from(u32::from_le_bytes(count)) * ROW_BYTES as u64 + TAIL_BYTES as u64;
        file.seek(SeekFrom::Start(end.checked_sub(length).ok_or_else(damaged)?))?;
        let mut rows = vec![0; length as usize];
        file.read_exact(&mut rows)?;
        let tail = rows.split_off(rows.len() - TAIL_BYTES);
        if tail != tail_of(&rows, terms) {
            return Err(damaged());
        }
        Ok(Peaks { rows })
    }

    /// The peaks of a word, by where its postings start in their file; `None` where it is rare.
    pub fn of(&self, start: u64) -> Option<PeaksOfWord> {
        let (rows, _) = self.rows.as_chunks::<ROW_BYTES>();
        let found = rows.binary_search_by_key(&start, |row| {
            row.first_chunk().map_or(0, |&start| u64::from_le_bytes(start))
        });
        let (peaks, _) = rows[found.ok()?][START_BYTES..].as_chunks();
        let mut of_word = PeaksOfWord::default();
        of_word.iter_mut().zip(peaks).for_each(|(peak, &bytes)| *peak = u16::from_le_bytes(bytes));
        Some(of_word)
    }
}

impl Peaks {
    /// Are they of the same words and, but for rounding, the same?
    pub fn agree(&self, others: &Peaks) -> bool {
        let [rows, others] = [self, others].map(|peaks| peaks.rows.as_chunks::<ROW_BYTES>().0);
        let are_near = |row: &[u8; ROW_BYTES], other: &[u8; ROW_BYTES]| {
            let [(peaks, _), (others, _)] = [row, other].map(|row| row[START_BYTES..].as_chunks());
            let mut pairs = peaks.iter().zip(others);
            row[..START_BYTES] == other[..START_BYTES]
                && pairs.all(|(&a, &b)| u16::from_le_bytes(a).abs_diff(u16::from_le_bytes(b)) <= 1)
        };
        rows.len() == others.len() && rows.iter().zip(others).all(|(row, other)| are_near(row, other))
    }
}

/// Writes peaks.
#[derive(Default)]
pub struct PeaksWriter {
    rows: Vec<u8>,
}

impl PeaksWriter {
    /// Adds those of the word whose postings start there, behind those of all words before.
    pub fn push(&mut self, start: u64, peaks: PeaksOfWord) {
        self.rows.extend(start.to_le_bytes());
        peaks.iter().for_each(|peak| self.rows.extend(peak.to_le_bytes()));
    }

    /// The bytes to put behind the list of a dictionary of so many terms.
    pub fn finish(self, terms: u64) -> Vec<u8> {
        let tail = tail_of(&self.rows, terms);
        let length = (self.rows.len() + tail.len()) as u32;
        [&SKIPPED[..], &length.to_le_bytes(), &self.rows, &tail].concat()
    }
}

fn tail_of(rows: &[u8], terms: u64) -> Vec<u8> {
    let count = (rows.len() / ROW_BYTES) as u32;
    let mut tail = [&terms.to_le_bytes()[..], &count.to_le_bytes()].concat();
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(rows);
    checksum.update(&tail);
    tail.extend(checksum.finalize().to_le_bytes());
    tail
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn file() -> Vec<u8> {
        let mut writer = PeaksWriter::default();
        writer.push(3, [9, 8, 7]);
        writer.push(700_000, [65_535, 1, 0]);
        [b"a list".to_vec(), writer.finish(1_000_000)].concat()
    }

    #[test]
    fn peaks_come_back_by_the_postings_of_words() {
        let peaks = Peaks::read(Cursor::new(file()), 1_000_000).unwrap();
        assert_eq!(peaks.of(3), Some([9, 8, 7]));
        assert_eq!(peaks.of(700_000), Some([65_535, 1, 0]));
        assert_eq!((peaks.of(0), peaks.of(4), peaks.of(700_001)), (None, None, None));
    }

    #[test]
    fn peaks_agree_where_only_rounding_parts_them() {
        let of = |start, peak| {
            let mut writer = PeaksWriter::default();
            writer.push(start, [500, peak, 0]);
            Peaks::read(Cursor::new(writer.finish(9)), 9).unwrap()
        };
        assert!(of(3, 100).agree(&of(3, 101)) && of(3, 100).agree(&of(3, 99)));
        assert!(!of(3, 100).agree(&of(3, 102)) && !of(3, 100).agree(&of(4, 100)));
        let none = Peaks::read(Cursor::new(PeaksWriter::default().finish(9)), 9).unwrap();
        assert!(!of(3, 100).agree(&none) && none.agree(&none));
    }

    #[test]
    fn no_damage_and_no_other_dictionary_goes_unnoticed() {
        let read = |file: &[u8], terms| Peaks::read(Cursor::new(file), terms);
        let (file, start) = (file(), b"a list".len() + SKIPPED.len() + 4);
        assert!(read(&file, 999_999).is_err());
        for length in 0..file.len() {
            assert!(read(&file[..length], 1_000_000).is_err(), "cut to {length}");
        }
        for at in start..file.len() {
            let mut damaged = file.clone();
            damaged[at] ^= 0x10;
            assert!(read(&damaged, 1_000_000).is_err(), "byte {at}");
        }
    }
}
