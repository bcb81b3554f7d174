//! Reading the side files of a segment.

use std::cell::RefCell;
use std::collections::hash_map::Entry;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::directory::FileSlice;
use tantivy::index::SegmentComponent;
use tantivy::{DocId, SegmentReader};
use zstd::bulk::Decompressor;

use crate::chunk::{CHUNK_BYTES, Packed};
use crate::error::StoreError;
use crate::number::take_number;
use crate::plugin::{NOTES, TEXTS};
use crate::section::Section;

/// The notes on the articles of a segment.
#[derive(Clone)]
pub struct Notes(Section);

impl Notes {
    /// Opens the file; nothing of it is read yet.
    ///
    /// # Errors
    /// When there is no such file, or it is damaged.
    pub fn open(segment: &SegmentReader) -> Result<Notes, StoreError> {
        let file = segment.open_read(SegmentComponent::Custom(NOTES.to_owned()))?;
        Ok(Notes(Section::open(&file, NOTES)?))
    }

    /// Opens it where it is not reached by way of a segment: the file without what the engine puts behind it.
    ///
    /// # Errors
    /// When it is damaged.
    pub fn of_file(file: &FileSlice) -> Result<Notes, StoreError> {
        Ok(Notes(Section::open(file, NOTES)?))
    }

    /// How many articles there are, deleted ones included.
    pub fn articles(&self) -> usize {
        self.0.articles()
    }

    /// The note on an article.
    ///
    /// # Errors
    /// When the file is damaged.
    #[inline]
    pub fn of(&self, doc: DocId) -> Result<&[u8], StoreError> {
        let mut bytes = self.0.record(doc)?;
        let length = take_number(&mut bytes).and_then(|length| usize::try_from(length).ok());
        length.and_then(|length| bytes.get(..length)).ok_or(StoreError::Damaged(NOTES))
    }
}

/// The texts of the articles of a segment. One reader serves any number of threads.
pub struct Store {
    texts: Section,
    /// Ready with the dictionary; as many as have been needed at once.
    decompressors: Mutex<Vec<Decompressor<'static>>>,
}

/// The text of one article. Chunks are unpacked when they are first needed.
pub struct StoredText<'a> {
    store: &'a Store,
    packed: Packed<'a>,
    unpacked: RefCell<FxHashMap<usize, Vec<u8>>>,
}

impl Store {
    /// Opens the file; nothing of it is read yet.
    ///
    /// # Errors
    /// When there is no such file, or it is damaged.
    pub fn open(segment: &SegmentReader) -> Result<Store, StoreError> {
        let file = segment.open_read(SegmentComponent::Custom(TEXTS.to_owned()))?;
        Ok(Store { texts: Section::open(&file, TEXTS)?, decompressors: Mutex::default() })
    }

    /// Opens it where it is not reached by way of a segment: the file without what the engine puts behind it.
    ///
    /// # Errors
    /// When it is damaged.
    pub fn of_file(file: &FileSlice) -> Result<Store, StoreError> {
        Ok(Store { texts: Section::open(file, TEXTS)?, decompressors: Mutex::default() })
    }

    /// The text of an article.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn text(&self, doc: DocId) -> Result<StoredText<'_>, StoreError> {
        let packed = Packed::open(self.texts.record(doc)?)?;
        Ok(StoredText { store: self, packed, unpacked: RefCell::default() })
    }

    /// How many articles there are, deleted ones included.
    pub fn articles(&self) -> usize {
        self.texts.articles()
    }

    pub(crate) fn dictionary(&self) -> &[u8] {
        &self.texts.dictionary
    }

    /// The packed bytes of an article.
    pub(crate) fn packed(&self, doc: DocId) -> Result<&[u8], StoreError> {
        let bytes = self.texts.record(doc)?;
        Packed::open(bytes)?; // what is damaged must not be copied into a new segment
        Ok(bytes)
    }

    fn unpack(&self, packed: &Packed<'_>, chunk: usize) -> Result<Vec<u8>, StoreError> {
        let pool = || self.decompressors.lock().unwrap_or_else(PoisonError::into_inner);
        let ready = pool().pop();
        let mut decompressor = match ready {
            Some(decompressor) => decompressor,
            None => Decompressor::with_dictionary(self.dictionary())?,
        };
        let unpacked = packed.unpack(chunk, &mut decompressor);
        pool().push(decompressor);
        unpacked
    }
}

impl StoredText<'_> {
    /// How long the text is, in bytes.
    pub fn len(&self) -> usize {
        self.packed.text
    }

    /// Is there no text?
    pub fn is_empty(&self) -> bool {
        self.packed.text == 0
    }

    /// The card.
    ///
    /// # Errors
    /// When the chunks that have it are damaged.
    pub fn card(&self) -> Result<Vec<u8>, StoreError> {
        self.unpack(0..self.packed.card)
    }

    /// A part of the text.
    ///
    /// # Errors
    /// When the chunks that have it are damaged, or it does not lie in the text.
    pub fn part(&self, bytes: Range<usize>) -> Result<Vec<u8>, StoreError> {
        if bytes.start > bytes.end || bytes.end > self.len() {
            return Err(StoreError::Damaged("notes"));
        }
        self.unpack(self.packed.card + bytes.start..self.packed.card + bytes.end)
    }

    /// Card and text.
    ///
    /// # Errors
    /// When a chunk is damaged.
    pub fn whole(&self) -> Result<(Vec<u8>, Vec<u8>), StoreError> {
        let mut card = self.unpack(0..self.packed.unpacked())?;
        let text = card.split_off(self.packed.card);
        Ok((card, text))
    }

    fn unpack(&self, bytes: Range<usize>) -> Result<Vec<u8>, StoreError> {
        if bytes.is_empty() {
            return Ok(Vec::new());
        }
        let mut known = self.unpacked.borrow_mut();
        let mut out = Vec::with_capacity(bytes.len());
        for chunk in bytes.start / CHUNK_BYTES..bytes.end.div_ceil(CHUNK_BYTES) {
            let unpacked = match known.entry(chunk) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => entry.insert(self.store.unpack(&self.packed, chunk)?),
            };
            let start = chunk * CHUNK_BYTES;
            let part = bytes.start.saturating_sub(start)..(bytes.end - start).min(unpacked.len());
            out.extend_from_slice(unpacked.get(part).ok_or(StoreError::Damaged(TEXTS))?);
        }
        Ok(out)
    }
}
