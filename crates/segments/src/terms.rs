//! Terms and their numbers.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// The terms of a field, numbered in the order in which they come up.
#[derive(Default)]
pub(crate) struct Terms {
    /// Open addressing, at most two thirds taken: hash and number of a term, or [`FREE`].
    slots: Vec<Slot>,
    /// Where each term ends in `bytes`; it starts where the one before it ends.
    ends: Vec<u32>,
    bytes: Vec<u8>,
}

#[derive(Clone, Copy)]
struct Slot {
    hash: u32,
    number: u32,
}

/// A slot without a term.
const FREE: Slot = Slot { hash: 0, number: NO_NUMBER };

/// What a term has for a number that is none of a field.
pub(crate) const NO_NUMBER: u32 = u32::MAX;

/// The slots of the first terms.
const FIRST_SLOTS: usize = 1024;

/// A term as numbers: those of as many bytes that have the same ones are the same, if they are not longer than [`KEY_BYTES`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key {
    start: u64,
    end: u64,
    length: u32,
}

/// Terms that are longer must be compared byte for byte.
const KEY_BYTES: usize = 16;

impl Key {
    /// The first and the last bytes of a term, which overlap in one of another length than 2, 4, 8 and 16.
    #[inline]
    pub(crate) fn of(term: &[u8]) -> Key {
        let (start, end) = match (term.first_chunk(), term.last_chunk()) {
            (Some(start), Some(end)) => (u64::from_le_bytes(*start), u64::from_le_bytes(*end)),
            _ => match (term.first_chunk(), term.last_chunk()) {
                (Some(start), Some(end)) => {
                    (u64::from(u32::from_le_bytes(*start)), u64::from(u32::from_le_bytes(*end)))
                }
                _ => match term {
                    [] => (0, 0),
                    [only] => (u64::from(*only), 0),
                    [first, second] => (u64::from(*first), u64::from(*second)),
                    [first, middle @ .., last] => {
                        (u64::from(*first) << 8 | u64::from(middle[0]), u64::from(*last))
                    }
                },
            },
        };
        Key { start, end, length: term.len() as u32 }
    }

    /// Says of two terms of the same key whether they may be different.
    #[inline]
    pub(crate) fn is_part(self) -> bool {
        self.length as usize > KEY_BYTES
    }

    /// What the term of this key is looked up by. Any bits of it tell terms apart as well as any others.
    #[inline]
    pub(crate) fn hash(self, term: &[u8]) -> u32 {
        let hash = if self.is_part() {
            let mut hasher = FxHasher::default();
            hasher.write(term);
            folded(hasher.finish() ^ FACTORS[0], FACTORS[1])
        } else {
            folded(self.start ^ FACTORS[0], self.end ^ u64::from(self.length) << 56 ^ FACTORS[1])
        };
        (hash ^ hash >> 32) as u32
    }
}

/// Numbers with as many ones as zeros in no order: the first digits of π behind the point, in hexadecimal.
const FACTORS: [u64; 2] = [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344];

/// The two halves of a product, one on the other: every bit of both factors has a part in every bit, as in `wyhash` (Wang Yi 2019).
#[inline]
fn folded(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

/// What a term is looked up by, beside itself. It never changes, since what is made of it is stored (see [`Derive`](crate::Derive)).
pub fn hash(term: &[u8]) -> u32 {
    Key::of(term).hash(term)
}

impl Terms {
    /// The number of a term that has come up before.
    pub(crate) fn find(&self, term: &[u8], hash: u32) -> Option<u32> {
        self.probe(hash, |number| self.term(number) == term).ok()
    }

    /// The number of a term that has this hash and of which something is true, or the slot where it would be.
    #[inline]
    fn probe(&self, hash: u32, is_it: impl Fn(u32) -> bool) -> Result<u32, usize> {
        let mut slot = self.home(hash);
        loop {
            match self.slots.get(slot) {
                None | Some(&Slot { number: NO_NUMBER, .. }) => return Err(slot),
                Some(found) if found.hash == hash && is_it(found.number) => return Ok(found.number),
                Some(_) => slot = (slot + 1) & (self.slots.len() - 1),
            }
        }
    }

    /// The first slot of a hash, by its upper bits.
    #[inline]
    fn home(&self, hash: u32) -> usize {
        ((u64::from(hash) * self.slots.len() as u64) >> u32::BITS) as usize
    }

    /// The numbers of many terms, or [`NO_NUMBER`]. What they need of the table lies anywhere in memory, so all is asked for that the
    /// first step needs, then all for the next one: who waits for one waits for many.
    pub(crate) fn find_all<'t>(
        &self,
        terms: impl Iterator<Item = (&'t [u8], u32)> + Clone,
        numbers: &mut Vec<u32>,
    ) {
        let start = numbers.len();
        if self.slots.is_empty() {
            numbers.extend(terms.map(|_| NO_NUMBER));
            return;
        }
        let home = |hash: u32| self.slots[self.home(hash)];
        numbers.extend(terms.clone().map(|(_, hash)| {
            let slot = home(hash);
            // A term that is not in the first slot is looked up below.
            if slot.hash == hash { slot.number } else { NO_NUMBER }
        }));
        let mut touched = 0;
        for &number in &numbers[start..] {
            if number != NO_NUMBER {
                touched ^= self.term(number).first().copied().unwrap_or_default();
            }
        }
        std::hint::black_box(touched);
        for (number, (term, hash)) in numbers[start..].iter_mut().zip(terms) {
            if *number == NO_NUMBER || self.term(*number) != term {
                *number = self.find(term, hash).unwrap_or(NO_NUMBER);
            }
        }
    }

    /// The number of a term.
    pub(crate) fn number(&mut self, term: &[u8], hash: u32) -> u32 {
        if self.ends.len() * 3 >= self.slots.len() * 2 {
            self.grow();
        }
        match self.probe(hash, |number| self.term(number) == term) {
            Ok(number) => number,
            Err(slot) => {
                let number = self.ends.len() as u32;
                self.bytes.extend_from_slice(term);
                self.ends.push(self.bytes.len() as u32);
                self.slots[slot] = Slot { hash, number };
                number
            }
        }
    }

    fn grow(&mut self) {
        let slots = vec![FREE; (self.slots.len() * 2).max(FIRST_SLOTS)];
        for slot in std::mem::replace(&mut self.slots, slots) {
            if slot.number != NO_NUMBER
                && let Err(free) = self.probe(slot.hash, |_| false)
            {
                self.slots[free] = slot;
            }
        }
    }

    /// The term of a number.
    pub(crate) fn term(&self, number: u32) -> &[u8] {
        let number = number as usize;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start as usize..self.ends[number] as usize]
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// All numbers, in the order of their terms.
    pub(crate) fn sorted(&self) -> Vec<u32> {
        let start = |number: u32| {
            let term = self.term(number);
            let mut start = [0; 8];
            let length = term.len().min(start.len());
            start[..length].copy_from_slice(&term[..length]);
            u64::from_be_bytes(start)
        };
        let mut numbers: Vec<(u64, u32)> =
            (0..self.len() as u32).map(|number| (start(number), number)).collect();
        // Most terms differ in their first eight bytes, and are then compared without being looked at.
        numbers.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| self.term(a.1).cmp(self.term(b.1))));
        numbers.into_iter().map(|(_, number)| number).collect()
    }

    /// Bytes of memory it takes.
    pub(crate) fn memory(&self) -> usize {
        self.bytes.len() + 4 * self.ends.len() + size_of::<Slot>() * self.slots.len()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    proptest::proptest! {
        #[test]
        fn short_terms_have_the_same_key_only_if_they_are_the_same(terms in proptest::collection::vec("[ab]{0,18}", 0..300)) {
            for (a, b) in terms.iter().zip(terms.iter().skip(1)) {
                let [key, other] = [a, b].map(|term| Key::of(term.as_bytes()));
                proptest::prop_assert!((key == other) == (a == b) || key.is_part());
            }
        }

        #[test]
        fn every_term_has_one_number_and_they_sort_as_their_bytes(
            terms: Vec<Vec<u8>>,
            words in proptest::collection::vec("[ab]{0,10}", 0..200),
        ) {
            let mut numbered = Terms::default();
            let terms: Vec<Vec<u8>> = terms.into_iter().chain(words.into_iter().map(String::into_bytes)).collect();
            for term in &terms {
                let number = numbered.number(term, hash(term));
                proptest::prop_assert_eq!(numbered.find(term, hash(term)), Some(number));
                proptest::prop_assert_eq!(numbered.term(number), &term[..]);
            }
            let expected: BTreeSet<&[u8]> = terms.iter().map(|term| &term[..]).collect();
            let sorted: Vec<&[u8]> = numbered.sorted().into_iter().map(|number| numbered.term(number)).collect();
            proptest::prop_assert_eq!(sorted, expected.into_iter().collect::<Vec<_>>());
        }
    }

    /// How many slots are looked at in vain, in the mean, to find a term.
    fn steps_in_vain(terms: &Terms) -> f64 {
        let mask = terms.slots.len() - 1;
        let taken = terms.slots.iter().enumerate().filter(|(_, slot)| slot.number != NO_NUMBER);
        let steps: usize = taken.map(|(at, slot)| at.wrapping_sub(terms.home(slot.hash)) & mask).sum();
        steps as f64 / terms.len() as f64
    }

    #[test]
    fn terms_that_are_counted_up_do_not_crowd() {
        const COUNT: u64 = 50_000;
        let kinds: [fn(u64) -> Vec<u8>; 9] = [
            |n| n.to_string().into_bytes(),
            |n| format!("{n:08}").into_bytes(),
            |n| format!("{n:08x}").into_bytes(),
            |n| format!("id{n:06}").into_bytes(),
            |n| format!("doc-{n:08}").into_bytes(),
            |n| format!("an article of a long name, {n}").into_bytes(),
            |n| n.to_be_bytes().to_vec(),
            |n| n.to_le_bytes().to_vec(),
            |n| {
                (0..5).fold(b"id0".to_vec(), |mut id, place| {
                    id.push(
                        b"0123456789abcdefghijklmnopqrstuvwxyz"[(n / 36u64.pow(4 - place) % 36) as usize],
                    );
                    id
                })
            },
        ];
        for (kind, term) in kinds.iter().enumerate() {
            let mut terms = Terms::default();
            for term in (0..COUNT).map(term) {
                terms.number(&term, hash(&term));
            }
            assert!(steps_in_vain(&terms) < 2.0, "kind {kind}: {}", steps_in_vain(&terms));
        }
    }
}
