//! Texts as numbers of symbols: strings that are frequent in the collection, listed once in a dictionary.
//!
//! A general compressor looks back into what it has unpacked, so it has to unpack much to show little. A symbol stands for the same
//! string wherever it occurs: reading can begin at any block, ends where enough is read, and copies a few bytes a symbol.
//! On Wikipedia symbols take 0.37 of the text, and chunks of 4 kB packed by zstd with a dictionary 0.41.
//!
//! * The symbols are found by pair encoding (P. Gage, "A new algorithm for data compression", 1994): what stands side by side most often is
//!   joined, again and again ([`train()`]). All single bytes are symbols, so any bytes can be written.
//! * A text is cut into symbols greedily, the longest first.
//! * Symbols are numbered by how frequent they are, and parted into [`GROUPS`] of a power of two each ([`groups`]). A code is the number of
//!   the group and the place in it, in as many bits as the group needs: within half a percent of Huffman's code, and a table of 16 rows
//!   is all that reading it takes.

mod cutter;
mod groups;
mod train;

use std::collections::BTreeSet;
use std::io;

use tantivy::directory::OwnedBytes;

use cutter::Cutter;
use groups::Groups;
pub(crate) use train::train;

/// The longest symbol, in bytes. So many are copied for each, since a fixed number is faster than the right one.
pub(crate) const LONGEST: usize = 16;

/// Bytes of sample for each symbol: what is rarer saves less than its place in the dictionary takes.
const BYTES_PER_SYMBOL: usize = 192;

/// The most symbols.
const MOST: usize = 16_384;

/// Groups of symbols.
const GROUPS: usize = 16;

/// Bits that say the group.
const GROUP_BITS: u32 = GROUPS.ilog2();

/// The most bits for the place in a group.
const WIDEST: u32 = MOST.ilog2() - 1;

/// Codes that surely lie in 57 bits, as many as can be taken from any bit of eight bytes.
const CODES_AT_ONCE: usize = 57 / (GROUP_BITS + WIDEST) as usize;

/// What a dictionary begins with. Those of older versions were zstd's, or empty.
const MAGIC: &[u8; 4] = b"sym1";

/// Bytes of an entry: where the symbol starts in the list of all, and in the lowest bits how long it is.
const ENTRY_BYTES: usize = 4;
const LENGTH_BITS: u32 = 5;

/// A dictionary as it stands in a file: [`MAGIC`], widths of the groups, number of symbols, entries, symbols, and zeros, so that [`LONGEST`]
/// bytes can be read from the start of any. Nothing is done with it on opening. One of the magic alone has no symbols.
pub(crate) struct Symbols {
    groups: Groups,
    entries: OwnedBytes,
    strings: OwnedBytes,
}

/// The dictionary of a segment that has none.
pub(crate) const NO_SYMBOLS: &[u8] = MAGIC;

/// Is this a dictionary of symbols?
pub(crate) fn is_dictionary(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

impl Symbols {
    /// The symbols of a dictionary; `None` where it is damaged.
    pub(crate) fn open(dictionary: &OwnedBytes) -> Option<Symbols> {
        let rest = dictionary.strip_prefix(MAGIC)?;
        if rest.is_empty() {
            let none = || dictionary.slice(0..0);
            return Some(Symbols { groups: Groups::default(), entries: none(), strings: none() });
        }
        let (widths, rest) = rest.split_first_chunk::<GROUPS>()?;
        let (count, rest) = rest.split_first_chunk::<4>()?;
        let entries = u32::from_le_bytes(*count) as usize * ENTRY_BYTES;
        let start = dictionary.len() - rest.len();
        let strings = start.checked_add(entries).filter(|&strings| strings <= dictionary.len())?;
        Some(Symbols {
            groups: Groups::of(*widths)?,
            entries: dictionary.slice(start..strings),
            strings: dictionary.slice(strings..dictionary.len()),
        })
    }

    /// Writes a dictionary of strings, the most frequent first, each with how often it occurs.
    fn write(strings: &[(&[u8], u64)]) -> Vec<u8> {
        let counts: Vec<u64> = strings.iter().map(|(_, count)| *count).collect();
        let mut dictionary = MAGIC.to_vec();
        dictionary.extend_from_slice(&Groups::best(&counts).widths());
        dictionary.extend_from_slice(&(strings.len() as u32).to_le_bytes());
        let mut start = 0u32;
        for (string, _) in strings {
            let entry = start << LENGTH_BITS | string.len() as u32;
            dictionary.extend_from_slice(&entry.to_le_bytes());
            start += string.len() as u32;
        }
        dictionary.extend(strings.iter().flat_map(|(string, _)| *string));
        dictionary.extend_from_slice(&[0; LONGEST]);
        dictionary
    }

    /// How many there are.
    fn count(&self) -> usize {
        self.entries.len() / ENTRY_BYTES
    }

    /// Would a collection of so many packed bytes have several times as many symbols?
    pub(crate) fn are_few_for(&self, packed_bytes: usize) -> bool {
        self.count() < MOST / 2 && self.count() * BYTES_PER_SYMBOL * 2 < packed_bytes
    }

    /// Reads codes until they stand for `wanted` bytes or more, and writes these to the front of `out`, whose length must be [`LONGEST`] more
    /// at the least. Returns how many bytes it wrote and how many bits it read; `None` where the codes are none of ours. Bits are taken from
    /// `codes` as far as it goes, and zeros behind it.
    #[inline]
    pub(crate) fn read(&self, codes: &[u8], wanted: usize, out: &mut [u8]) -> Option<(usize, usize)> {
        let (entries, strings) = (&self.entries[..], &self.strings[..]);
        let (mut written, mut bit) = (0, 0);
        while written < wanted && bit < codes.len() * 8 {
            let mut window = window(codes, bit);
            for _ in 0..CODES_AT_ONCE {
                if written >= wanted {
                    break;
                }
                let (number, bits) = self.groups.number(window);
                window >>= bits;
                bit += bits as usize;
                let (start, length) = place(*entries.get(number * ENTRY_BYTES..)?.first_chunk()?);
                let string = strings.get(start..)?.first_chunk::<LONGEST>()?;
                out.get_mut(written..)?.first_chunk_mut::<LONGEST>()?.copy_from_slice(string);
                written += length;
            }
        }
        Some((written, bit))
    }

    /// Each string; `None` for those of entries that are damaged.
    fn strings(&self) -> impl Iterator<Item = Option<&[u8]>> {
        self.entries.chunks_exact(ENTRY_BYTES).map(|entry| {
            let (start, length) = place(*entry.first_chunk()?);
            self.strings.get(start..start + length)
        })
    }
}

/// Where the symbol of an entry starts, and its length.
#[inline]
fn place(entry: [u8; ENTRY_BYTES]) -> (usize, usize) {
    let entry = u32::from_le_bytes(entry);
    ((entry >> LENGTH_BITS) as usize, (entry & ((1 << LENGTH_BITS) - 1)) as usize)
}

/// The eight bytes that have a bit, that bit the lowest: 57 of them at the least are those that follow it.
#[inline]
fn window(bytes: &[u8], bit: usize) -> u64 {
    let rest = bytes.get(bit / 8..).unwrap_or_default();
    let word = match rest.first_chunk() {
        Some(word) => u64::from_le_bytes(*word),
        None => rest.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)),
    };
    word >> (bit % 8)
}

/// Writes texts as codes.
pub(crate) struct Coder {
    cutter: Cutter,
    /// The code of each symbol and its bits.
    codes: Vec<(u32, u32)>,
}

impl Coder {
    /// Of a dictionary; `None` where it has no symbols.
    ///
    /// # Errors
    /// When it is damaged.
    pub(crate) fn new(symbols: &Symbols) -> io::Result<Option<Coder>> {
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "a dictionary of texts is damaged");
        let strings: Option<Vec<&[u8]>> = symbols.strings().collect();
        let strings = strings.ok_or_else(damaged)?;
        if strings.is_empty() {
            return Ok(None);
        }
        let bytes: BTreeSet<u8> = strings.iter().filter(|s| s.len() == 1).map(|s| s[0]).collect();
        // A text is cut for ever where a byte is no symbol.
        if bytes.len() < 1 << u8::BITS || strings.len() > usize::from(u16::MAX) {
            return Err(damaged());
        }
        let codes = (0..strings.len()).map(|number| symbols.groups.code(number)).collect::<Option<_>>();
        let codes = codes.ok_or_else(damaged)?;
        Ok(Some(Coder { cutter: Cutter::new(&strings), codes }))
    }

    /// Appends the codes of a text.
    pub(crate) fn write(&self, text: &[u8], out: &mut Vec<u8>) {
        // The lowest bits of `word` wait; a code has fewer than the 32 that are free at the least.
        let (mut word, mut filled) = (0u64, 0);
        for number in self.cutter.cut(text) {
            let (code, bits) = self.codes[usize::from(number)];
            word |= u64::from(code) << filled;
            filled += bits;
            if filled >= u32::BITS {
                out.extend_from_slice(&(word as u32).to_le_bytes());
                word >>= u32::BITS;
                filled -= u32::BITS;
            }
        }
        let rest = filled.div_ceil(u8::BITS) as usize;
        out.extend_from_slice(&word.to_le_bytes()[..rest]);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_dictionary_that_lacks_a_byte_or_has_too_many_symbols_is_damaged() {
        let coder = |strings: &[Vec<u8>]| {
            let counted: Vec<(&[u8], u64)> = strings.iter().map(|string| (&string[..], 1)).collect();
            let dictionary = OwnedBytes::new(Symbols::write(&counted));
            Coder::new(&Symbols::open(&dictionary).unwrap()).map(|coder| coder.is_some())
        };
        let mut strings: Vec<Vec<u8>> = (0..=u8::MAX).map(|byte| vec![byte]).collect();
        assert!(coder(&strings).unwrap());
        assert!(coder(&strings[1..]).is_err());
        strings.extend((0..u32::from(u16::MAX)).map(|number| number.to_le_bytes().to_vec()));
        strings.rotate_left(1);
        assert!(coder(&strings).is_err());
    }
}
