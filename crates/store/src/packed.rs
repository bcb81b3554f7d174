//! Packed articles: blocks of symbols, and the list of their lengths before them.

use std::ops::Range;

use tantivy::directory::OwnedBytes;

use crate::error::StoreError;
use crate::number::{push_number, take_length};
use crate::symbols::{Coder, LONGEST, NO_SYMBOLS, Symbols, train};

/// How much is packed at once, in bytes: what is read begins with a block.
pub const BLOCK_BYTES: usize = 1024;

/// Fewer bytes of articles go without symbols.
pub(crate) const LEAST_BYTES: usize = 128 * 1024;

/// Bytes of the length of a packed block, which is 0 for one that would not get smaller and stands as it is.
const LENGTH_BYTES: usize = 2;

/// Packs articles with one dictionary.
pub(crate) struct Packer {
    pub(crate) dictionary: OwnedBytes,
    coder: Option<Coder>,
}

impl Packer {
    /// With a dictionary of symbols.
    pub(crate) fn new(dictionary: OwnedBytes) -> Result<Packer, StoreError> {
        let symbols = Symbols::open(&dictionary).ok_or(StoreError::Damaged("symbols"))?;
        Ok(Packer { coder: Coder::new(&symbols)?, dictionary })
    }

    /// With the best dictionary for parts of articles; without one where they are so few that it would take more room than it saves.
    pub(crate) fn trained<'s, T: AsRef<[u8]> + 's>(
        sample: impl IntoIterator<Item = &'s T>,
    ) -> Result<Packer, StoreError> {
        let blocks: Vec<&[u8]> =
            sample.into_iter().flat_map(|part| part.as_ref().chunks(BLOCK_BYTES)).collect();
        if blocks.iter().map(|block| block.len()).sum::<usize>() < LEAST_BYTES {
            return Ok(Packer { dictionary: OwnedBytes::new(NO_SYMBOLS), coder: None });
        }
        Packer::new(OwnedBytes::new(train(&blocks)))
    }

    /// Has it a dictionary that can serve other articles?
    pub(crate) fn has_symbols(&self) -> bool {
        self.coder.is_some()
    }

    /// How long parts of articles are when they are packed, and when they are not.
    pub(crate) fn lengths<'s, T: AsRef<[u8]> + 's>(
        &self,
        sample: impl IntoIterator<Item = &'s T>,
    ) -> Lengths {
        let mut lengths = Lengths::default();
        for part in sample {
            lengths.packed += self.pack(b"", part.as_ref()).len();
            lengths.unpacked += part.as_ref().len();
        }
        lengths
    }

    /// Card and text, one behind the other, in blocks: the lengths of both, those of the blocks, and the blocks.
    pub(crate) fn pack(&self, card: &[u8], text: &[u8]) -> Vec<u8> {
        let stream = [card, text].concat();
        let mut packed = Vec::with_capacity(stream.len());
        push_number(&mut packed, card.len() as u64);
        push_number(&mut packed, text.len() as u64);
        let lengths = packed.len();
        packed.resize(lengths + stream.len().div_ceil(BLOCK_BYTES) * LENGTH_BYTES, 0);
        for (number, block) in stream.chunks(BLOCK_BYTES).enumerate() {
            let start = packed.len();
            if let Some(coder) = &self.coder {
                coder.write(block, &mut packed);
            }
            let length = packed.len() - start;
            if 0 < length && length < block.len() {
                let at = lengths + number * LENGTH_BYTES;
                packed[at..at + LENGTH_BYTES].copy_from_slice(&(length as u16).to_le_bytes());
            } else {
                packed.truncate(start);
                packed.extend_from_slice(block);
            }
        }
        packed
    }
}

/// Of parts of articles, in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lengths {
    pub(crate) packed: usize,
    unpacked: usize,
}

impl Lengths {
    /// Is the dictionary made for articles like these? Most languages take 0.35 to 0.4 with one of their own, and more than all with another's.
    pub(crate) fn are_served(&self) -> bool {
        self.packed <= self.unpacked / 20 * 9
    }
}

/// A packed article.
pub(crate) struct Packed<'a> {
    pub(crate) card: usize,
    pub(crate) text: usize,
    lengths: &'a [u8],
    blocks: &'a [u8],
}

impl<'a> Packed<'a> {
    /// The record of an article.
    pub(crate) fn open(record: &'a [u8]) -> Result<Packed<'a>, StoreError> {
        Packed::parts(record).ok_or(StoreError::Damaged("lengths"))
    }

    fn parts(mut record: &'a [u8]) -> Option<Packed<'a>> {
        let card = take_length(&mut record)?;
        let text = take_length(&mut record)?;
        let count = card.checked_add(text)?.div_ceil(BLOCK_BYTES);
        let (lengths, blocks) = record.split_at_checked(count.checked_mul(LENGTH_BYTES)?)?;
        Some(Packed { card, text, lengths, blocks })
    }

    /// The length of card and text.
    pub(crate) fn unpacked(&self) -> usize {
        self.card + self.text
    }

    /// Do the blocks end where the record does?
    pub(crate) fn is_whole(&self) -> bool {
        let count = self.lengths.len() / LENGTH_BYTES;
        let last = count.checked_sub(1).map_or(0, |last| self.start(last) + self.packed_length(last));
        last == self.blocks.len()
    }

    /// A part of card and text.
    pub(crate) fn unpack(&self, bytes: Range<usize>, symbols: &Symbols) -> Result<Vec<u8>, StoreError> {
        let mut out = Vec::with_capacity(bytes.len());
        let first = bytes.start / BLOCK_BYTES;
        let mut start = self.start(first);
        for block in first..bytes.end.div_ceil(BLOCK_BYTES) {
            let end = start.saturating_add(self.packed_length(block));
            let packed = self.blocks.get(start..end).ok_or(StoreError::Damaged("blocks"))?;
            let before = block * BLOCK_BYTES;
            let wanted = bytes.start.saturating_sub(before)..(bytes.end - before).min(BLOCK_BYTES);
            if packed.len() == self.unpacked_length(block) {
                out.extend_from_slice(packed.get(wanted).ok_or(StoreError::Damaged("blocks"))?);
            } else {
                // Codes may be read from beyond the block, which is faster than to look where it ends.
                let mut buffer = [0; BLOCK_BYTES + LONGEST];
                let read = symbols.read(&self.blocks[start..], wanted.end, &mut buffer);
                let is_sound = |&(written, bits): &(usize, usize)| {
                    let is_all = wanted.end == self.unpacked_length(block);
                    let is_exact = written == wanted.end && bits.div_ceil(8) == packed.len();
                    is_exact || !is_all && written >= wanted.end && bits <= packed.len() * 8
                };
                read.filter(is_sound).ok_or(StoreError::Damaged("blocks"))?;
                out.extend_from_slice(&buffer[wanted]);
            }
            start = end;
        }
        Ok(out)
    }

    fn unpacked_length(&self, block: usize) -> usize {
        BLOCK_BYTES.min(self.unpacked().saturating_sub(block * BLOCK_BYTES))
    }

    fn packed_length(&self, block: usize) -> usize {
        let at = block * LENGTH_BYTES;
        let length = self.lengths.get(at..at + LENGTH_BYTES).map_or(0, length_of);
        if length == 0 { self.unpacked_length(block) } else { length }
    }

    /// Where a block starts. All before it are full when they are unpacked.
    fn start(&self, block: usize) -> usize {
        let before = self.lengths.chunks_exact(LENGTH_BYTES).take(block).map(length_of);
        before.map(|length| if length == 0 { BLOCK_BYTES } else { length }).sum()
    }
}

fn length_of(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) | usize::from(bytes[1]) << 8
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    /// A packer that knows words, some letters beyond ASCII and a little of anything.
    fn packer() -> &'static Packer {
        static PACKER: LazyLock<Packer> = LazyLock::new(trained);
        &PACKER
    }

    fn trained() -> Packer {
        let sentences = (0..9_000).map(|n| format!("Ministers met in Zürich on day {n}; 北京. "));
        let packer = Packer::trained(&sentences.collect::<Vec<_>>()).unwrap();
        assert!(packer.has_symbols());
        packer
    }

    #[test]
    fn a_few_articles_stand_as_they_are() {
        let packer = Packer::trained([b"a short note"]).unwrap();
        assert!(!packer.has_symbols());
        let packed = packer.pack(b"card", b"text");
        assert!(packed.ends_with(b"cardtext"));
    }

    #[test]
    fn language_takes_less_than_half_and_noise_no_more_than_it_is() {
        let packer = packer();
        let language = "Ministers met in Zürich on day 17. ".repeat(200);
        assert!(packer.pack(b"", language.as_bytes()).len() < language.len() / 2);
        let noise: Vec<u8> = std::iter::repeat_with(|| fastrand::u8(..)).take(50 * BLOCK_BYTES).collect();
        assert!(packer.pack(b"", &noise).len() <= noise.len() + 50 * LENGTH_BYTES + 8);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn any_part_of_anything_comes_back(
            card in "\\PC{0,40}",
            texts in prop::collection::vec(
                prop_oneof![prop::collection::vec(any::<u8>(), 0..3_000), "(met in|day |[a-z]{1,9}|京| ){0,900}".prop_map(String::into_bytes)],
                0..3,
            ),
            from: prop::sample::Index,
            length: prop::sample::Index,
        ) {
            let text = texts.concat();
            let packer = packer();
            let symbols = Symbols::open(&packer.dictionary).unwrap();
            let record = packer.pack(card.as_bytes(), &text);
            let packed = Packed::open(&record).unwrap();
            let stream = [card.as_bytes(), &text].concat();
            prop_assert_eq!((packed.card, packed.text), (card.len(), text.len()));
            prop_assert!(packed.is_whole());
            prop_assert_eq!(&packed.unpack(0..stream.len(), &symbols).unwrap(), &stream);
            let start = from.index(stream.len() + 1);
            let part = start..start + length.index(stream.len() - start + 1);
            if !part.is_empty() {
                prop_assert_eq!(&packed.unpack(part.clone(), &symbols).unwrap(), &stream[part]);
            }
        }

        #[test]
        fn damage_gives_an_error_or_text_of_the_length_that_is_told(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
            in_dictionary: bool,
        ) {
            let packer = packer();
            let text = "Ministers met in Zürich on day 12. ".repeat(90);
            let mut record = packer.pack(b"a card", text.as_bytes());
            let mut dictionary = packer.dictionary.to_vec();
            let changed = if in_dictionary { &mut dictionary } else { &mut record };
            for (at, byte) in changes {
                let at = at.index(changed.len());
                changed[at] = byte;
            }
            if let Some(symbols) = Symbols::open(&OwnedBytes::new(dictionary))
                && let Ok(packed) = Packed::open(&record)
                && let Ok(all) = packed.unpack(0..packed.unpacked(), &symbols)
            {
                prop_assert_eq!(all.len(), packed.unpacked());
            }
        }
    }
}
