//! Texts as versions 3 to 5 of an index keep them, to be written anew: chunks of 4 kB that zstd has packed with a dictionary.

use std::ops::Range;

use zstd::bulk::Decompressor;

use crate::error::StoreError;
use crate::number::take_length;

const CHUNK_BYTES: usize = 4096;

/// A packed article.
pub(crate) struct Chunks<'a> {
    pub(crate) card: usize,
    pub(crate) text: usize,
    /// Where the chunks start in `bytes`, and where the last one ends.
    starts: Vec<usize>,
    bytes: &'a [u8],
}

impl<'a> Chunks<'a> {
    /// The record of an article: the lengths of card and text, those of the chunks, and the chunks. A length of 0 is that of
    /// a chunk which stands as it is.
    pub(crate) fn open(record: &'a [u8]) -> Result<Chunks<'a>, StoreError> {
        Chunks::parts(record).ok_or(StoreError::Damaged("lengths"))
    }

    fn parts(mut record: &'a [u8]) -> Option<Chunks<'a>> {
        let card = take_length(&mut record)?;
        let text = take_length(&mut record)?;
        let whole = card.checked_add(text)?;
        let count = whole.div_ceil(CHUNK_BYTES);
        let mut starts = Vec::with_capacity(count.min(1 << 16) + 1);
        let mut end = 0usize;
        for chunk in 0..count {
            starts.push(end);
            let length = take_length(&mut record)?;
            let unpacked = CHUNK_BYTES.min(whole - chunk * CHUNK_BYTES);
            end = end.checked_add(if length == 0 { unpacked } else { length })?;
        }
        starts.push(end);
        Some(Chunks { card, text, starts, bytes: record.get(..end)? })
    }

    /// A part of card and text.
    pub(crate) fn unpack(&self, bytes: Range<usize>, dictionary: &[u8]) -> Result<Vec<u8>, StoreError> {
        let mut decompressor = Decompressor::with_dictionary(dictionary)?;
        let first = bytes.start / CHUNK_BYTES;
        let mut out = Vec::with_capacity(bytes.len());
        for chunk in first..bytes.end.div_ceil(CHUNK_BYTES) {
            let damaged = || StoreError::Damaged("chunks");
            let length = CHUNK_BYTES.min(self.card + self.text - chunk * CHUNK_BYTES);
            let packed = self.bytes.get(self.starts[chunk]..self.starts[chunk + 1]).ok_or_else(damaged)?;
            if packed.len() == length {
                out.extend_from_slice(packed);
                continue;
            }
            let unpacked = decompressor.decompress(packed, length).map_err(|_| damaged())?;
            if unpacked.len() != length {
                return Err(damaged());
            }
            out.extend_from_slice(&unpacked);
        }
        let start = bytes.start - first * CHUNK_BYTES;
        out.drain(..start);
        out.truncate(bytes.len());
        Ok(out)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use zstd::bulk::Compressor;

    use super::*;
    use crate::push_number;

    #[test]
    fn every_part_of_an_older_article_comes_back() {
        let text: Vec<u8> =
            (0..700).flat_map(|number| format!("Ship {number} left. ").into_bytes()).collect();
        let dictionary: Vec<u8> = text.iter().copied().rev().take(3_000).rev().collect();
        let mut compressor = Compressor::with_dictionary(3, &dictionary).unwrap();
        compressor.include_contentsize(false).unwrap();
        compressor.include_dictid(false).unwrap();
        let card = 10;
        let mut record = Vec::new();
        push_number(&mut record, card as u64);
        push_number(&mut record, (text.len() - card) as u64);
        let mut chunks = Vec::new();
        for (number, chunk) in text.chunks(CHUNK_BYTES).enumerate() {
            let packed = compressor.compress(chunk).unwrap();
            let as_it_is = number == 1;
            push_number(&mut record, if as_it_is { 0 } else { packed.len() as u64 });
            chunks.extend_from_slice(if as_it_is { chunk } else { &packed });
        }
        record.extend(chunks);
        let stored = Chunks::open(&record).unwrap();
        assert_eq!((stored.card, stored.text), (card, text.len() - card));
        for part in [0..text.len(), 0..1, 4_000..4_200, 8_192..8_193, 9_000..text.len()] {
            assert_eq!(stored.unpack(part.clone(), &dictionary).unwrap(), text[part]);
        }
        assert!(Chunks::open(&record[..record.len() - 1]).is_err());
    }
}
