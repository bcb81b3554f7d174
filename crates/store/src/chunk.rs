//! Compressed chunks of one article, and the list of their lengths before them.

use std::io;

use zstd::bulk::{Compressor, Decompressor};

use crate::error::StoreError;
use crate::number::{push_number, take_number};

/// How much is compressed at once, in bytes. A larger chunk takes less room and longer to read: on Wikipedia 2 kB come to
/// 0.42 of the text and 6.0 µs a chunk, 4 kB to 0.41 and 7.5 µs, 8 kB to 0.40 and 8.7 µs.
pub const CHUNK_BYTES: usize = 4096;

/// Higher levels pack three times slower for a hundredth of the text.
const LEVEL: i32 = 3;

/// Compresses articles with one dictionary, which may be empty.
pub(crate) struct Packer {
    compressor: Compressor<'static>,
}

impl Packer {
    pub(crate) fn new(dictionary: &[u8]) -> io::Result<Packer> {
        let mut compressor = Compressor::with_dictionary(LEVEL, dictionary)?;
        compressor.include_contentsize(false)?;
        compressor.include_dictid(false)?;
        Ok(Packer { compressor })
    }

    /// Card and text, one behind the other, in chunks: the lengths of both, those of the chunks, and the chunks. A length
    /// of 0 is that of a chunk which does not get smaller and stands as it is.
    pub(crate) fn pack(&mut self, card: &[u8], text: &[u8]) -> io::Result<Vec<u8>> {
        let stream = [card, text].concat();
        let mut packed = Vec::with_capacity(stream.len() / 2);
        push_number(&mut packed, card.len() as u64);
        push_number(&mut packed, text.len() as u64);
        let mut chunks = Vec::with_capacity(stream.len() / 2);
        for chunk in stream.chunks(CHUNK_BYTES) {
            let compressed = self.compressor.compress(chunk)?;
            if compressed.len() < chunk.len() {
                push_number(&mut packed, compressed.len() as u64);
                chunks.extend_from_slice(&compressed);
            } else {
                push_number(&mut packed, 0);
                chunks.extend_from_slice(chunk);
            }
        }
        packed.extend_from_slice(&chunks);
        Ok(packed)
    }
}

/// A packed article, whose chunks are unpacked when they are asked for.
pub(crate) struct Packed<'a> {
    pub(crate) card: usize,
    pub(crate) text: usize,
    /// Where the chunks start in `bytes`, and where the last one ends.
    starts: Vec<usize>,
    bytes: &'a [u8],
}

impl<'a> Packed<'a> {
    /// From bytes that begin with a packed article.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Packed<'a>, StoreError> {
        Packed::read_lengths(bytes).ok_or(StoreError::Damaged("lengths"))
    }

    fn read_lengths(bytes: &'a [u8]) -> Option<Packed<'a>> {
        let mut rest = bytes;
        let card = usize::try_from(take_number(&mut rest)?).ok()?;
        let text = usize::try_from(take_number(&mut rest)?).ok()?;
        let whole = card.checked_add(text)?;
        let count = whole.div_ceil(CHUNK_BYTES);
        let mut starts = Vec::with_capacity(count.min(1 << 16) + 1);
        let mut end = 0usize;
        for chunk in 0..count {
            starts.push(end);
            let length = usize::try_from(take_number(&mut rest)?).ok()?;
            let unpacked = CHUNK_BYTES.min(whole - chunk * CHUNK_BYTES);
            end = end.checked_add(if length == 0 { unpacked } else { length })?;
        }
        starts.push(end);
        Some(Packed { card, text, starts, bytes: rest.get(..end)? })
    }

    /// The length of card and text.
    pub(crate) fn unpacked(&self) -> usize {
        self.card + self.text
    }

    /// The bytes of a chunk.
    pub(crate) fn unpack(
        &self,
        chunk: usize,
        decompressor: &mut Decompressor<'static>,
    ) -> Result<Vec<u8>, StoreError> {
        let damaged = || StoreError::Damaged("chunks");
        let length = CHUNK_BYTES.min(self.unpacked().saturating_sub(chunk * CHUNK_BYTES));
        let packed = self.starts.get(chunk).zip(self.starts.get(chunk + 1));
        let packed = packed.and_then(|(&start, &end)| self.bytes.get(start..end)).ok_or_else(damaged)?;
        if packed.len() == length {
            return Ok(packed.to_vec());
        }
        let unpacked = decompressor.decompress(packed, length).map_err(|_| damaged())?;
        if unpacked.len() == length { Ok(unpacked) } else { Err(damaged()) }
    }
}
