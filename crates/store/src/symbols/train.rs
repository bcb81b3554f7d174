//! Finding the symbols of a collection.

use std::cmp::Reverse;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::{BYTES_PER_SYMBOL, Cutter, LONGEST, MOST, Symbols};

/// How often pairs are counted and the most frequent joined. More rounds find few better symbols.
const ROUNDS: i32 = 12;

/// Of so many candidates as symbols are wanted (in quarters), the best are kept: most parts of longer symbols are no longer needed.
const QUARTERS: usize = 5;

/// A pair that occurs less often is not joined.
const LEAST: u32 = 3;

/// A text has about one pair in so many of its symbols, so that a table of them need not grow.
const SYMBOLS_PER_PAIR: usize = 16;

/// Between blocks. It has no string.
const BREAK: u16 = u16::MAX;

/// The dictionary of the most useful symbols of blocks of text, as [`Symbols::open`] takes it. It is the same for the same blocks.
pub(crate) fn train(blocks: &[&[u8]]) -> Vec<u8> {
    let bytes: usize = blocks.iter().map(|block| block.len()).sum();
    let wanted = (bytes / BYTES_PER_SYMBOL).clamp(1 << 8, MOST);
    let mut strings = candidates(blocks, wanted * QUARTERS / 4);
    let counts = counts(&strings, blocks);
    let mut longer: Vec<usize> = (1 << 8..strings.len()).filter(|&i| counts[i] > 1).collect();
    longer.sort_unstable_by_key(|&i| Reverse((counts[i] * (strings[i].len() as u64 + 1), i)));
    longer.truncate(wanted - (1 << 8));
    longer.sort_unstable();
    let kept = (0..1 << 8).chain(longer);
    strings = kept.map(|i| std::mem::take(&mut strings[i])).collect();
    let counts = self::counts(&strings, blocks);
    let mut ranked: Vec<(&[u8], u64)> = strings.iter().map(Vec::as_slice).zip(counts).collect();
    ranked.sort_unstable_by_key(|&(string, count)| (Reverse(count), string));
    Symbols::write(&ranked)
}

/// How often each string is used.
fn counts(strings: &[Vec<u8>], blocks: &[&[u8]]) -> Vec<u64> {
    let cutter = Cutter::new(strings);
    let mut counts = vec![0; strings.len()];
    for block in blocks {
        cutter.cut(block).for_each(|number| counts[usize::from(number)] += 1);
    }
    counts
}

/// All single bytes, and strings that were joined of the most frequent pairs until there were about so many.
fn candidates(blocks: &[&[u8]], most: usize) -> Vec<Vec<u8>> {
    let mut strings: Vec<Vec<u8>> = (0..=u8::MAX).map(|byte| vec![byte]).collect();
    let mut numbers: FxHashMap<Vec<u8>, u16> = strings.iter().cloned().zip(0..).collect();
    let mut text: Vec<u16> = Vec::new();
    for block in blocks {
        text.extend(block.iter().map(|&byte| u16::from(byte)));
        text.push(BREAK);
    }
    let growth = (most as f64 / strings.len() as f64).powf(1.0 / f64::from(ROUNDS));
    for round in 1..=ROUNDS {
        let goal = (f64::from(1 << 8) * growth.powi(round)) as usize;
        let mut joined = Joined::default();
        for pair in frequent_pairs(&text, &strings, goal.saturating_sub(strings.len())) {
            let string = [&strings[(pair >> 16) as usize][..], &strings[pair as u16 as usize]].concat();
            let number = *numbers.entry(string.clone()).or_insert(strings.len() as u16);
            if usize::from(number) == strings.len() {
                strings.push(string);
            }
            joined.insert(pair, number);
        }
        join(&mut text, &joined);
    }
    strings
}

/// The number of the first in the upper half, that of the second in the lower.
type Pair = u32;

fn pair_of(first: u16, second: u16) -> Pair {
    Pair::from(first) << 16 | Pair::from(second)
}

/// The most frequent pairs that are not too long together.
fn frequent_pairs(text: &[u16], strings: &[Vec<u8>], most: usize) -> Vec<Pair> {
    let lengths: Vec<usize> = strings.iter().map(Vec::len).collect();
    let is_short = |pair: Pair| {
        let [first, second] = [pair >> 16, pair & 0xffff].map(|number| lengths.get(number as usize));
        first.zip(second).is_some_and(|(first, second)| first + second <= LONGEST)
    };
    let mut counts: FxHashMap<Pair, u32> =
        FxHashMap::with_capacity_and_hasher(text.len() / SYMBOLS_PER_PAIR, FxBuildHasher);
    for &[first, second] in text.array_windows() {
        *counts.entry(pair_of(first, second)).or_default() += 1;
    }
    let is_wanted = |&(pair, count): &(Pair, u32)| count >= LEAST && is_short(pair);
    let mut pairs: Vec<_> = counts.into_iter().filter(is_wanted).collect();
    pairs.sort_unstable_by_key(|&(pair, count)| (Reverse(count), pair));
    pairs.truncate(most);
    pairs.into_iter().map(|(pair, _)| pair).collect()
}

/// Which pairs become which strings.
struct Joined {
    numbers: FxHashMap<Pair, u16>,
    /// The hashes of all of them: most pairs are told not to be there without a look at the table.
    hashes: [u64; HASHES / u64::BITS as usize],
}

/// A hash of a pair is less.
const HASHES: usize = 1 << 16;

impl Default for Joined {
    fn default() -> Joined {
        Joined { numbers: FxHashMap::default(), hashes: [0; HASHES / u64::BITS as usize] }
    }
}

impl Joined {
    fn insert(&mut self, pair: Pair, number: u16) {
        let (word, bit) = Joined::bit(pair);
        self.hashes[word] |= bit;
        self.numbers.insert(pair, number);
    }

    #[inline]
    fn get(&self, pair: Pair) -> Option<u16> {
        let (word, bit) = Joined::bit(pair);
        if self.hashes[word] & bit == 0 { None } else { self.numbers.get(&pair).copied() }
    }

    /// The place of the hash of a pair, by the golden ratio (Knuth 1973).
    #[inline]
    fn bit(pair: Pair) -> (usize, u64) {
        let hash = pair.wrapping_mul(0x9e37_79b9) >> 16;
        (hash as usize / u64::BITS as usize, 1 << (hash % u64::BITS))
    }
}

/// Puts the number of the whole in place of each pair, from the left.
fn join(text: &mut Vec<u16>, joined: &Joined) {
    let (mut from, mut to) = (0, 0);
    while from < text.len() {
        let second = text.get(from + 1);
        let whole = second.and_then(|&second| joined.get(pair_of(text[from], second)));
        let (number, length) = whole.map_or((text[from], 1), |whole| (whole, 2));
        text[to] = number;
        from += length;
        to += 1;
    }
    text.truncate(to);
}
