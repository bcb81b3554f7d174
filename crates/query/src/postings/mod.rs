//! The postings of a word, of which any block can be read.
//!
//! The engine's own reader unpacks the articles and the frequencies of every block that it comes to, one block after the other. This one
//! tells from the entry of a block whether it is worth it, goes to any block at once, knows where the positions of its articles stand,
//! and unpacks frequencies only where they are asked for. The layout is that of tantivy 0.27 (`postings::skip` and
//! `postings::compression` there): the length of the entries; an entry for each full block of 128 articles, with the last of them, the
//! bits of an article and of a frequency, the sum of the frequencies, and the length and the frequency that score best; the full blocks;
//! the articles that are left, in variable bytes. What is indexed without frequencies, such as a language, has articles and their bits alone.

mod bound;
mod cursor;
mod positions;

use std::sync::Arc;

use bitpacking::{BitPacker, BitPacker4x};
pub(crate) use bound::{BlockBound, greatest_first};
pub(crate) use cursor::{Cursor, Lookup, Mention, Sums};
pub(crate) use positions::Positions;
use tantivy::directory::{CompositeFile, FileSlice, OwnedBytes};
use tantivy::index::{SegmentComponent, SegmentId};
use tantivy::postings::TermInfo;
use tantivy::query::Bm25Weight;
use tantivy::schema::{Field, FieldEntry, IndexRecordOption};
use tantivy::{DocId, Score, SegmentReader, TERMINATED, TantivyError};

use crate::blocks::BLOCK;

/// Before the postings of a field stands the number of its tokens.
const TOKENS_BYTES: usize = 8;

/// Bytes of an entry of words that are indexed with their positions, and of what is indexed without frequencies.
const ENTRY_BYTES: usize = 12;
const SHORT_ENTRY_BYTES: usize = 5;

/// Of the byte that tells how many bits an article takes, what says that differences are kept less one. It always is set: only a reader of
/// older files would have to look.
const BITS: u8 = 0x1f;

/// A packed number has no more bits.
const MOST_BITS: u8 = 32;

/// Of a frequency of more than a byte, only that is known.
const MUCH: u8 = u8::MAX;

/// No block has this number.
const NONE: usize = usize::MAX;

/// The postings and positions of all segments of an index.
#[derive(Clone)]
pub(crate) struct Files(Arc<[SegmentFiles]>);

struct SegmentFiles {
    segment: SegmentId,
    /// By the numbers of the fields.
    fields: Vec<Option<FieldFiles>>,
}

/// Those of the words in a field of a segment.
pub(crate) struct FieldFiles {
    postings: FileSlice,
    /// Where the words are indexed with their positions; else they are without frequencies.
    positions: Option<FileSlice>,
}

impl Files {
    pub(crate) fn open(segments: &[SegmentReader]) -> tantivy::Result<Files> {
        Ok(Files(segments.iter().map(SegmentFiles::open).collect::<tantivy::Result<_>>()?))
    }

    /// # Errors
    /// When the segment has no postings of the field.
    #[inline]
    pub(crate) fn of(&self, segment: &SegmentReader, field: Field) -> tantivy::Result<&FieldFiles> {
        let id = segment.segment_id();
        let files = self.0.iter().find(|files| files.segment == id);
        let files = files.and_then(|files| files.fields.get(field.field_id() as usize)?.as_ref());
        files.ok_or_else(|| TantivyError::InternalError("a field has no postings".to_owned()))
    }
}

impl SegmentFiles {
    fn open(segment: &SegmentReader) -> tantivy::Result<SegmentFiles> {
        let open = |component| -> tantivy::Result<CompositeFile> {
            Ok(CompositeFile::open(&segment.open_read(component)?)?)
        };
        let (postings, positions) = (open(SegmentComponent::Postings)?, open(SegmentComponent::Positions)?);
        let files = |(field, entry): (Field, &FieldEntry)| {
            let positions = match entry.field_type().get_index_record_option()? {
                IndexRecordOption::Basic => None,
                IndexRecordOption::WithFreqs => return None,
                IndexRecordOption::WithFreqsAndPositions => Some(positions.open_read(field)?),
            };
            Some(FieldFiles { postings: postings.open_read(field)?.slice_from(TOKENS_BYTES), positions })
        };
        Ok(SegmentFiles {
            segment: segment.segment_id(),
            fields: segment.schema().fields().map(files).collect(),
        })
    }
}

/// Looks up a word in a field of a segment; `None` where no article there has it.
pub(crate) fn look_up(
    segment: &SegmentReader,
    field: Field,
    word: &str,
) -> tantivy::Result<Option<TermInfo>> {
    Ok(segment.inverted_index(field)?.terms().get(word)?)
}

/// The postings of a word in a segment. Blocks have numbers from 0 on; the last one, which may be empty, has less than 128 articles. Where
/// there are no frequencies, each is 1.
#[derive(Clone)]
pub(crate) struct Postings {
    entries: OwnedBytes,
    /// Of one.
    entry_bytes: usize,
    packed: OwnedBytes,
    /// Where blocks begin, as far as that is known.
    starts: Vec<Start>,
    articles: u32,
    /// The block whose articles are unpacked, and that whose frequencies are.
    docs_of: usize,
    frequencies_of: usize,
    unpacked: Box<Unpacked>,
}

#[derive(Clone)]
struct Unpacked {
    docs: [DocId; BLOCK],
    frequencies: [u32; BLOCK],
}

/// Where a block begins.
#[derive(Clone, Copy, Default)]
struct Start {
    /// Its first byte.
    byte: u32,
    /// How often the word is in the articles before.
    mentions: u64,
}

/// The length, as an id of tantivy's, and the frequency that score best in a block with the average length of the segment (see
/// [`crate::slack`]), or better ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Best {
    pub(crate) length: u8,
    pub(crate) frequency: u32,
}

impl Best {
    /// No article scores better.
    pub(crate) const OF_ALL: Best = Best { length: 0, frequency: u32::MAX };

    #[inline]
    pub(crate) fn score(self, bm25: &Bm25Weight) -> Score {
        bm25.score(self.length, self.frequency)
    }
}

impl Postings {
    /// # Errors
    /// When the file is cut off.
    pub(crate) fn open(files: &FieldFiles, info: &TermInfo) -> tantivy::Result<Postings> {
        let entry_bytes = if files.positions.is_some() { ENTRY_BYTES } else { SHORT_ENTRY_BYTES };
        let mut bytes = files.postings.slice(info.postings_range.clone()).read_bytes()?;
        let (articles, full) = (info.doc_freq, info.doc_freq as usize / BLOCK);
        let length = if full > 0 {
            let mut rest = &bytes[..];
            let length = take_number(&mut rest)? as usize;
            bytes.advance(bytes.len() - rest.len());
            length
        } else {
            0
        };
        if length != full * entry_bytes || length > bytes.len() {
            return Err(cut_off());
        }
        let (entries, packed) = bytes.split(length);
        Ok(Postings {
            entries,
            entry_bytes,
            packed,
            starts: vec![Start::default()],
            articles,
            docs_of: NONE,
            frequencies_of: NONE,
            unpacked: Box::new(Unpacked { docs: [0; BLOCK], frequencies: [0; BLOCK] }),
        })
    }

    /// In how many articles the word is.
    pub(crate) fn articles(&self) -> u32 {
        self.articles
    }

    fn full_blocks(&self) -> usize {
        self.articles as usize / BLOCK
    }

    /// How many blocks there are, the last one among them.
    pub(crate) fn blocks(&self) -> usize {
        self.full_blocks() + 1
    }

    /// That of a full block.
    #[inline]
    fn entry(&self, block: usize) -> Option<&[u8]> {
        self.entries.get(block * self.entry_bytes..(block + 1) * self.entry_bytes)
    }

    /// The last article of a block; behind all articles for the last block.
    #[inline]
    pub(crate) fn last(&self, block: usize) -> DocId {
        match self.entry(block) {
            Some(&[a, b, c, d, ..]) => u32::from_le_bytes([a, b, c, d]),
            _ => TERMINATED,
        }
    }

    /// The first block from `block` on that reaches up to an article.
    #[inline]
    pub(crate) fn block_of(&self, mut block: usize, doc: DocId) -> usize {
        const NEAR: usize = 8;
        let doc = doc.min(TERMINATED); // behind it there is no block, whatever a damaged file says
        for _ in 0..NEAR {
            if self.last(block) >= doc {
                return block;
            }
            block += 1;
        }
        let (mut end, mut step) = (block, NEAR);
        while self.last(end) < doc {
            block = end + 1;
            end += step;
            step *= 2;
        }
        while block < end {
            let middle = block + (end - block) / 2;
            if self.last(middle) < doc {
                block = middle + 1;
            } else {
                end = middle;
            }
        }
        block
    }

    /// What scores best in a block, where that is known: in fields without lengths it is not.
    #[inline]
    pub(crate) fn best(&self, block: usize) -> Best {
        match self.entry(block) {
            Some(&[_, _, _, _, _, _, _, _, _, _, length, frequency]) if frequency > 0 => {
                Best { length, frequency: if frequency == MUCH { u32::MAX } else { frequency.into() } }
            }
            _ => Best::OF_ALL,
        }
    }

    /// The most that an article of a block scores.
    #[inline]
    pub(crate) fn most(&self, block: usize, bm25: &Bm25Weight) -> Score {
        self.best(block).score(bm25)
    }

    /// How often the word is in all articles before a block.
    pub(crate) fn mentions_before(&mut self, block: usize) -> u64 {
        self.start(block).mentions
    }

    fn start(&mut self, block: usize) -> Start {
        while self.starts.len() <= block {
            let before = self.starts.len() - 1;
            let Start { mut byte, mut mentions } = self.starts[before];
            match self.entry(before) {
                Some(&[_, _, _, _, doc_bits, frequency_bits, a, b, c, d, ..]) => {
                    byte += (bytes_of(doc_bits & BITS) + bytes_of(frequency_bits)) as u32;
                    mentions += u64::from(u32::from_le_bytes([a, b, c, d]));
                }
                Some(&[_, _, _, _, doc_bits]) => {
                    byte += bytes_of(doc_bits & BITS) as u32;
                    mentions += BLOCK as u64;
                }
                _ => {}
            }
            self.starts.push(Start { byte, mentions });
        }
        self.starts[block]
    }

    fn length(&self, block: usize) -> usize {
        if block < self.full_blocks() { BLOCK } else { self.articles as usize % BLOCK }
    }

    /// The articles of a block.
    ///
    /// # Errors
    /// When the file is cut off.
    #[inline]
    pub(crate) fn docs(&mut self, block: usize) -> tantivy::Result<&[DocId]> {
        if self.docs_of != block {
            self.unpack_docs(block)?;
        }
        Ok(&self.unpacked.docs[..self.length(block)])
    }

    /// The articles of a block, and how often each has the word.
    ///
    /// # Errors
    /// When the file is cut off.
    #[inline]
    pub(crate) fn block(&mut self, block: usize) -> tantivy::Result<(&[DocId], &[u32])> {
        if self.docs_of != block {
            self.unpack_docs(block)?;
        }
        if self.frequencies_of != block {
            self.unpack_frequencies(block)?;
        }
        let length = self.length(block);
        Ok((&self.unpacked.docs[..length], &self.unpacked.frequencies[..length]))
    }

    fn unpack_docs(&mut self, block: usize) -> tantivy::Result<()> {
        let start = self.start(block).byte as usize;
        let before = if block == 0 { 0 } else { self.last(block - 1) };
        let Some(&[_, _, _, _, bits, ..]) = self.entry(block) else {
            return self.unpack_last(start, before);
        };
        let bits = bits & BITS;
        let docs = self.packed.get(start..start + bytes_of(bits)).ok_or_else(cut_off)?;
        let before = Some(before).filter(|&before| before > 0);
        BitPacker4x::new().decompress_strictly_sorted(before, docs, &mut self.unpacked.docs, bits);
        self.docs_of = block;
        Ok(())
    }

    fn unpack_frequencies(&mut self, block: usize) -> tantivy::Result<()> {
        let Some(&[_, _, _, _, doc_bits, bits, ..]) = self.entry(block) else {
            self.unpacked.frequencies.fill(1);
            self.frequencies_of = block;
            return Ok(());
        };
        let start = self.start(block).byte as usize + bytes_of(doc_bits & BITS);
        let frequencies = self.packed.get(start..start + bytes_of(bits)).filter(|_| bits <= MOST_BITS);
        let frequencies = frequencies.ok_or_else(cut_off)?;
        BitPacker4x::new().decompress(frequencies, &mut self.unpacked.frequencies, bits);
        self.unpacked.frequencies.iter_mut().for_each(|frequency| *frequency += 1);
        self.frequencies_of = block;
        Ok(())
    }

    /// The last block, in which the frequencies stand behind the articles.
    fn unpack_last(&mut self, start: usize, before: DocId) -> tantivy::Result<()> {
        let (mut rest, mut doc) = (self.packed.get(start..).ok_or_else(cut_off)?, before);
        let (last, length) = (self.full_blocks(), self.articles as usize % BLOCK);
        for place in &mut self.unpacked.docs[..length] {
            doc = doc.wrapping_add(take_number(&mut rest)?);
            *place = doc;
        }
        for place in &mut self.unpacked.frequencies[..length] {
            *place = if self.entry_bytes == ENTRY_BYTES { take_number(&mut rest)? } else { 1 };
        }
        (self.docs_of, self.frequencies_of) = (last, last);
        Ok(())
    }
}

/// Bytes of a full block of numbers of so many bits.
fn bytes_of(bits: u8) -> usize {
    usize::from(bits) * BLOCK / 8
}

/// A number in bytes of seven bits, the lowest first, the last of them marked.
#[inline]
fn take_number(bytes: &mut &[u8]) -> tantivy::Result<u32> {
    const LAST: u8 = 1 << 7;
    let mut number = 0;
    for (at, &byte) in bytes.iter().enumerate().take(5) {
        number |= u32::from(byte & !LAST) << (7 * at);
        if byte & LAST != 0 {
            *bytes = &bytes[at + 1..];
            return Ok(number);
        }
    }
    Err(cut_off())
}

fn cut_off() -> TantivyError {
    TantivyError::InternalError("a list of postings is cut off".to_owned())
}

#[cfg(test)]
pub(crate) mod tests;
