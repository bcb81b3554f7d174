//! Reading the side files of a segment.

use std::ops::Range;

use tantivy::directory::{FileSlice, OwnedBytes};
use tantivy::index::SegmentComponent;
use tantivy::{DocId, SegmentReader};

use crate::error::StoreError;
use crate::number::take_length;
use crate::older::Chunks;
use crate::packed::Packed;
use crate::plugin::{NOTES, TEXTS};
use crate::section::Section;
use crate::symbols::{Symbols, is_dictionary};

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

    /// Has the beginnings of the notes on some articles brought to the processor, all at once.
    pub fn fetch_ahead(&self, docs: impl Iterator<Item = DocId>) {
        self.0.fetch_ahead(docs);
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
        let length = take_length(&mut bytes);
        length.and_then(|length| bytes.get(..length)).ok_or(StoreError::Damaged(NOTES))
    }
}

/// The texts of the articles of a segment. One reader serves any number of threads.
pub struct Store {
    texts: Section,
    /// `None` where an older version wrote the file.
    symbols: Option<Symbols>,
}

/// The text of one article, of which only what is asked for is unpacked.
pub struct StoredText<'a> {
    card: usize,
    text: usize,
    form: Form<'a>,
}

/// How an article is packed.
enum Form<'a> {
    Blocks(Packed<'a>, &'a Symbols),
    Chunks(Chunks<'a>, &'a [u8]),
}

impl Store {
    /// Opens the file; nothing of it is read yet.
    ///
    /// # Errors
    /// When there is no such file, or it is damaged.
    pub fn open(segment: &SegmentReader) -> Result<Store, StoreError> {
        Store::of_file(&segment.open_read(SegmentComponent::Custom(TEXTS.to_owned()))?)
    }

    /// Opens it where it is not reached by way of a segment: the file without what the engine puts behind it.
    ///
    /// # Errors
    /// When it is damaged.
    pub fn of_file(file: &FileSlice) -> Result<Store, StoreError> {
        let texts = Section::open(file, TEXTS)?;
        let is_ours = is_dictionary(&texts.dictionary);
        let symbols = is_ours.then(|| Symbols::open(&texts.dictionary).ok_or(StoreError::Damaged("symbols")));
        Ok(Store { symbols: symbols.transpose()?, texts })
    }

    /// The text of an article.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn text(&self, doc: DocId) -> Result<StoredText<'_>, StoreError> {
        let record = self.texts.record(doc)?;
        Ok(if let Some(symbols) = &self.symbols {
            let packed = Packed::open(record)?;
            StoredText { card: packed.card, text: packed.text, form: Form::Blocks(packed, symbols) }
        } else {
            let chunks = Chunks::open(record)?;
            let (card, text) = (chunks.card, chunks.text);
            StoredText { card, text, form: Form::Chunks(chunks, &self.texts.dictionary) }
        })
    }

    /// Has the beginnings of some articles brought to the processor, all at once.
    pub fn fetch_ahead(&self, docs: impl Iterator<Item = DocId>) {
        self.texts.fetch_ahead(docs);
    }

    /// How many articles there are, deleted ones included.
    pub fn articles(&self) -> usize {
        self.texts.articles()
    }

    /// How many bytes the packed articles have.
    pub(crate) fn bytes(&self) -> usize {
        self.texts.bytes()
    }

    pub(crate) fn dictionary(&self) -> &OwnedBytes {
        &self.texts.dictionary
    }

    /// The symbols that the articles are written in; `None` where an older version wrote the file.
    pub(crate) fn symbols(&self) -> Option<&Symbols> {
        self.symbols.as_ref()
    }

    /// The packed bytes of an article.
    pub(crate) fn packed(&self, doc: DocId) -> Result<&[u8], StoreError> {
        let record = self.texts.record(doc)?;
        // What is damaged must not be copied into a new segment.
        if Packed::open(record)?.is_whole() { Ok(record) } else { Err(StoreError::Damaged(TEXTS)) }
    }
}

impl StoredText<'_> {
    /// How long the text is, in bytes.
    pub fn len(&self) -> usize {
        self.text
    }

    /// Is there no text?
    pub fn is_empty(&self) -> bool {
        self.text == 0
    }

    /// The card.
    ///
    /// # Errors
    /// When the blocks that have it are damaged.
    pub fn card(&self) -> Result<Vec<u8>, StoreError> {
        self.unpack(0..self.card)
    }

    /// A part of the text.
    ///
    /// # Errors
    /// When the blocks that have it are damaged, or it does not lie in the text.
    pub fn part(&self, bytes: Range<usize>) -> Result<Vec<u8>, StoreError> {
        if bytes.start > bytes.end || bytes.end > self.text {
            return Err(StoreError::Damaged("notes"));
        }
        self.unpack(self.card + bytes.start..self.card + bytes.end)
    }

    /// Card and text.
    ///
    /// # Errors
    /// When a block is damaged.
    pub fn whole(&self) -> Result<(Vec<u8>, Vec<u8>), StoreError> {
        let mut card = self.unpack(0..self.card + self.text)?;
        let text = card.split_off(self.card);
        Ok((card, text))
    }

    fn unpack(&self, bytes: Range<usize>) -> Result<Vec<u8>, StoreError> {
        if bytes.is_empty() {
            return Ok(Vec::new());
        }
        match &self.form {
            Form::Blocks(packed, symbols) => packed.unpack(bytes, symbols),
            Form::Chunks(chunks, dictionary) => chunks.unpack(bytes, dictionary),
        }
    }
}
