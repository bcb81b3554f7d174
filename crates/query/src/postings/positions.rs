//! Where a word stands in articles, of which any can be read.
//!
//! The engine's own reader unpacks 128 numbers for every one that is asked for, and has to start anew to go back. The layout is that of
//! tantivy 0.27 (`positions` there): how many full blocks there are, in variable bytes; the bits of a number in each; the full blocks;
//! the numbers that are left, in variable bytes. A number is the distance from the position before, in an article from the first on.

use std::ops::Range;

use bitpacking::{BitPacker, BitPacker4x};
use tantivy::TantivyError;
use tantivy::directory::OwnedBytes;
use tantivy::postings::TermInfo;

use super::{FieldFiles, MOST_BITS, NONE, bytes_of, cut_off, take_number};
use crate::blocks::BLOCK;

/// Up to so many numbers are taken out of a block one by one: to unpack all of it takes longer.
const FEW: usize = 16;

/// More positions have nearly all bits.
const MANY: usize = 128;

/// Numbers that are packed together stand in so many lanes of 32 bits in turn.
const LANES: usize = 4;

/// The positions of a word in all articles of a segment.
#[derive(Clone)]
pub(crate) struct Positions {
    /// Of a number in each full block.
    bits: OwnedBytes,
    packed: OwnedBytes,
    /// The first bytes of blocks, as far as they are known.
    starts: Vec<u32>,
    /// The block that was read last, and that which is unpacked.
    read: usize,
    unpacked: usize,
    numbers: Box<[u32; BLOCK]>,
}

impl Positions {
    /// # Errors
    /// When the field is indexed without positions, and when the file is cut off.
    pub(crate) fn open(files: &FieldFiles, info: &TermInfo) -> tantivy::Result<Positions> {
        let Some(positions) = &files.positions else {
            return Err(TantivyError::InternalError("a field has no positions".to_owned()));
        };
        let mut bytes = positions.slice(info.positions_range.clone()).read_bytes()?;
        let mut rest = &bytes[..];
        let blocks = take_number(&mut rest)? as usize;
        if blocks > rest.len() {
            return Err(cut_off());
        }
        bytes.advance(bytes.len() - rest.len());
        let (bits, packed) = bytes.split(blocks);
        Ok(Positions {
            bits,
            packed,
            starts: vec![0],
            read: NONE,
            unpacked: NONE,
            numbers: Box::new([0; BLOCK]),
        })
    }

    /// Puts the positions in an article into `positions`, in their order. Before them stand `before` of other articles. Gives a set of
    /// bits, of which one is there for the position by 64 of each; of many positions all are.
    ///
    /// # Errors
    /// When the file is cut off.
    pub(crate) fn read(
        &mut self,
        before: u64,
        frequency: u32,
        positions: &mut Vec<u32>,
    ) -> tantivy::Result<u64> {
        positions.clear();
        let (mut block, mut from) = (before as usize / BLOCK, before as usize % BLOCK);
        let (mut left, mut position) = (frequency as usize, 0_u32);
        let are_many = left > MANY;
        let mut bits_of_all = if are_many { u64::MAX } else { 0 };
        let mut behind = |distance: u32| {
            position = position.wrapping_add(distance);
            if !are_many {
                bits_of_all |= 1 << (position % u64::BITS);
            }
            position
        };
        while left > 0 {
            let here = left.min(BLOCK - from);
            // What is asked for a second time is likely to be asked for again.
            if here <= FEW && block < self.bits.len() && block != self.unpacked && block != self.read {
                let (bytes, bits) = self.block(block)?;
                let packed = &self.packed[bytes];
                positions.extend((from..from + here).map(|at| behind(number_at(packed, bits, at))));
            } else {
                if block != self.unpacked {
                    self.unpack(block)?;
                }
                positions.extend(self.numbers[from..from + here].iter().map(|&number| behind(number)));
            }
            self.read = block;
            left -= here;
            (block, from) = (block + 1, 0);
        }
        Ok(bits_of_all)
    }

    /// Where the bytes of a full block stand, and the bits of a number.
    #[inline]
    fn block(&mut self, block: usize) -> tantivy::Result<(Range<usize>, u8)> {
        let bits = *self.bits.get(block).ok_or_else(cut_off)?;
        let start = self.start(block) as usize;
        let bytes = start..start + bytes_of(bits);
        if bits > MOST_BITS || bytes.end > self.packed.len() { Err(cut_off()) } else { Ok((bytes, bits)) }
    }

    fn start(&mut self, block: usize) -> u32 {
        if self.starts.len() <= block {
            let known = self.starts.len() - 1;
            let mut start = self.starts[known];
            self.starts.extend(self.bits[known..block.min(self.bits.len())].iter().map(|&bits| {
                start += bytes_of(bits) as u32;
                start
            }));
        }
        self.starts.get(block).copied().unwrap_or(u32::MAX)
    }

    fn unpack(&mut self, block: usize) -> tantivy::Result<()> {
        self.unpacked = NONE;
        if block == self.bits.len() {
            let start = self.start(block) as usize;
            let mut rest = self.packed.get(start..).ok_or_else(cut_off)?;
            for number in self.numbers.iter_mut() {
                *number = if rest.is_empty() { 0 } else { take_number(&mut rest)? };
            }
        } else {
            let (bytes, bits) = self.block(block)?;
            BitPacker4x::new().decompress(&self.packed[bytes], &mut *self.numbers, bits);
        }
        self.unpacked = block;
        Ok(())
    }
}

/// A number of a full block that is packed as `BitPacker4x` does: the numbers of a lane follow each other bit by bit, and of each 16 bytes
/// a lane has four.
#[inline]
fn number_at(packed: &[u8], bits: u8, at: usize) -> u32 {
    let word = |row: usize| {
        let word = packed.get((row * LANES + at % LANES) * 4..).and_then(<[u8]>::first_chunk);
        word.map_or(0, |&bytes| u64::from(u32::from_le_bytes(bytes)))
    };
    let bit = at / LANES * usize::from(bits);
    let (row, shift) = (bit / 32, bit % 32);
    let two = word(row) | word(row + 1) << 32;
    (two >> shift & ((1 << bits) - 1)) as u32
}

#[cfg(test)]
mod tests {
    use bitpacking::{BitPacker, BitPacker4x};

    use super::*;

    #[test]
    fn any_number_of_a_packed_block_is_found() {
        let mixed = |number: u32| number.wrapping_mul(2_654_435_761);
        for bits in 0..=32_u8 {
            let numbers: Vec<u32> =
                (0..128).map(|at| (u64::from(mixed(at)) & ((1 << bits) - 1)) as u32).collect();
            let mut packed = vec![0; bytes_of(bits)];
            BitPacker4x::new().compress(&numbers, &mut packed, bits);
            for (at, &number) in numbers.iter().enumerate() {
                assert_eq!(number_at(&packed, bits, at), number, "number {at} of {bits} bits");
            }
        }
    }
}
