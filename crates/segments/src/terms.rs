//! Terms and their numbers.

use std::hash::Hasher;

use hashbrown::HashTable;
use rustc_hash::FxHasher;

/// The terms of a field, numbered in the order in which they come up.
#[derive(Default)]
pub(crate) struct Terms {
    slots: HashTable<Slot>,
    /// Where each term ends in `bytes`; it starts where the one before it ends.
    ends: Vec<u32>,
    bytes: Vec<u8>,
}

struct Slot {
    number: u32,
    hash: u32,
}

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

    /// What the term of this key is looked up by.
    #[inline]
    pub(crate) fn hash(self, term: &[u8]) -> u32 {
        let mut hasher = FxHasher::default();
        if self.is_part() {
            hasher.write(term);
        } else {
            hasher.write_u64(self.start);
            hasher.write_u64(self.end ^ u64::from(self.length) << 56);
        }
        let hash = hasher.finish();
        (hash ^ hash >> 32) as u32
    }
}

/// What a term is looked up by, beside itself.
pub(crate) fn hash(term: &[u8]) -> u32 {
    Key::of(term).hash(term)
}

/// The hash as the table wants it, which looks at both ends of it.
fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

impl Terms {
    /// The number of a term that has come up before.
    pub(crate) fn find(&self, term: &[u8], hash: u32) -> Option<u32> {
        let is_it = |slot: &Slot| slot.hash == hash && self.term(slot.number) == term;
        self.slots.find(spread(hash), is_it).map(|slot| slot.number)
    }

    /// The number of a term.
    pub(crate) fn number(&mut self, term: &[u8], hash: u32) -> u32 {
        if let Some(number) = self.find(term, hash) {
            return number;
        }
        let number = self.ends.len() as u32;
        self.bytes.extend_from_slice(term);
        self.ends.push(self.bytes.len() as u32);
        self.slots.insert_unique(spread(hash), Slot { number, hash }, |slot| spread(slot.hash));
        number
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
        self.bytes.len() + 4 * self.ends.len() + 9 * self.slots.capacity()
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
}
