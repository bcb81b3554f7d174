//! What a segment keeps of its articles besides postings: two side files that are written and merged with it.
//!
//! * `notes`: a short note on each article, as it is, to be read in passing (where its sentences start, say);
//! * `texts`: what is shown of the articles, in blocks of [`BLOCK_BYTES`] that are written in symbols of a dictionary trained on the
//!   collection, so that half a page costs the same to read from a note and from a book.
//!
//! Beside them, made from a segment when it is done, lies a list of its [`words`], and the [`peaks`] of those that are frequent.
//!
//! The engine's own document store keeps 16 kB and whole articles together, and unpacks all of it for one line.
//!
//! This crate knows neither what an article is nor what is asked about it: a [`Record`] is bytes.

mod error;
mod gathered;
mod number;
mod older;
mod packed;
mod peaks;
mod plugin;
mod reader;
mod section;
mod symbols;
mod words;
mod writer;

pub use error::StoreError;
pub use gathered::{Gathered, PackedRecord, PackedRecords, RecordPacker, Training};
pub use number::{push_number, take_length, take_number};
pub use packed::BLOCK_BYTES;
pub use peaks::{LEAST_ARTICLES, PEAK_RANKS, PEAK_UNITS, Peaks, PeaksOfWord, PeaksWriter};
pub use plugin::{StorePlugin, record_field};
pub use reader::{Notes, Store, StoredText};
pub use words::{WORDS_PREFIX, WordsWriter, behind_words, open_words, read_words, words_file};

use tantivy::TantivyError;

/// Type name of the schema's field whose values are [`Record`]s.
pub const FIELD_TYPE: &str = "record";

/// What is kept of one article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// Kept as it is.
    pub note: &'a [u8],
    /// What every reader of the article wants; compressed together with the start of the text.
    pub card: &'a [u8],
    /// Compressed in blocks.
    pub text: &'a [u8],
}

impl<'a> Record<'a> {
    /// As the value of a field.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.note.len() + self.card.len() + self.text.len() + 16);
        push_number(&mut bytes, self.note.len() as u64);
        push_number(&mut bytes, self.card.len() as u64);
        bytes.extend_from_slice(self.note);
        bytes.extend_from_slice(self.card);
        bytes.extend_from_slice(self.text);
        bytes
    }

    /// From the value of a field; of a document without one it is empty.
    ///
    /// # Errors
    /// When the value is not what [`to_bytes`](Self::to_bytes) gave.
    pub fn of_value(value: Option<&'a [u8]>) -> tantivy::Result<Record<'a>> {
        let record = Record::from_bytes(value.unwrap_or(&[0, 0]));
        record.ok_or_else(|| TantivyError::InvalidArgument("not a record".to_owned()))
    }

    /// From what [`to_bytes`](Self::to_bytes) gave; `None` for other bytes.
    pub fn from_bytes(mut bytes: &'a [u8]) -> Option<Record<'a>> {
        let note = take_length(&mut bytes)?;
        let card = take_length(&mut bytes)?;
        let (note, rest) = bytes.split_at_checked(note)?;
        let (card, text) = rest.split_at_checked(card)?;
        Some(Record { note, card, text })
    }
}
