//! An order of documents in which those that share terms stand together: recursive graph bisection (Dhulipala, Kabiljo, Karrer,
//! Ottaviano, Pupyrev and Shalita 2016; in the simple form that Mackenzie, Petri and Moffat 2021 compare with).
//!
//! The documents are cut into two halves, and documents are exchanged between them as long as that makes the postings shorter, in
//! bits of the gaps between their numbers; then each half is treated alike. Postings get smaller, and the documents that score
//! best for some terms come to stand in few blocks, so that more blocks can be skipped.

use rayon::ThreadPoolBuilder;

/// A list of so few documents is left as it is.
const LEAF: usize = 32;

/// How often documents are exchanged between two halves, at the most. On Wikipedia more rounds than two or three make an index neither
/// smaller nor faster.
const ROUNDS: usize = 3;

/// It ends when fewer than this part of them is exchanged.
const LEAST_PART: usize = 50;

/// Down to this depth the two halves may be worked on at once.
const SHARED_DEPTH: u32 = 6;

/// Logarithms up to this number are looked up.
const TABLE: usize = 4096;

/// What is in fewer documents, or in a smaller part of them, says little on what belongs together.
const LEAST_FREQUENCY: u32 = 8;
const MOST_TIMES_RARER: u32 = 256;

/// The terms of every document.
pub struct ForwardIndex {
    /// Where those of a document start in the list, and where those of the last one end.
    pub starts: Vec<usize>,
    /// Numbers of terms.
    pub list: Vec<u32>,
    /// How many different terms there are; they are numbered from 0.
    pub count: usize,
}

/// Does a term that is in so many documents of all tell which of them belong together? One of few says little, and only of these, and
/// one of most nothing.
pub fn is_telling(frequency: u32, documents: u32) -> bool {
    (LEAST_FREQUENCY.max(documents / MOST_TIMES_RARER)..=documents / 2).contains(&frequency)
}

impl ForwardIndex {
    fn of(&self, document: u32) -> &[u32] {
        let document = document as usize;
        &self.list[self.starts[document]..self.starts[document + 1]]
    }
}

/// The documents in their new order, found on so many threads.
pub fn order(terms: &ForwardIndex, threads: usize) -> Vec<u32> {
    let mut documents: Vec<u32> = (0..terms.starts.len().saturating_sub(1) as u32).collect();
    let logarithms: Vec<f32> = (0..TABLE).map(|number| (number.max(1) as f32).log2()).collect();
    let bisection = Bisection { terms, logarithms: &logarithms };
    let mut halve = |depth| bisection.halve(&mut documents, depth, &mut Sides::new(terms.count));
    match ThreadPoolBuilder::new().num_threads(threads.max(1)).build() {
        Ok(pool) => pool.install(|| halve(0)),
        // There are no more threads to be had.
        Err(_) => halve(SHARED_DEPTH),
    }
    documents
}

#[derive(Clone, Copy)]
struct Bisection<'a> {
    terms: &'a ForwardIndex,
    logarithms: &'a [f32],
}

/// What is known of each term while two halves are balanced.
struct Sides {
    /// How many documents of the left and the right half have it; 0 between two uses.
    documents: Vec<[u32; 2]>,
    /// How much shorter its postings get when one of them goes from the left half to the right one, in [`UNIT`]s, and the other way.
    gains: [Vec<i32>; 2],
    /// The terms of the documents.
    present: Vec<u32>,
}

/// Parts of a bit in which gains are counted: whole numbers are added at once, in whatever order.
const UNIT: f32 = 1024.0;

/// What is gained by moving a document, and the document: in the order of these numbers, the greatest gain comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Ranked(u64);

impl Ranked {
    fn new(gain: i64, document: u32) -> Ranked {
        let gain = gain.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32;
        Ranked(u64::from(!(gain.cast_unsigned() ^ 1 << 31)) << 32 | u64::from(document))
    }

    fn gain(self) -> i64 {
        i64::from((!((self.0 >> 32) as u32) ^ 1 << 31).cast_signed())
    }

    fn document(self) -> u32 {
        self.0 as u32
    }
}

impl Sides {
    fn new(terms: usize) -> Sides {
        let gains = || vec![0; terms];
        Sides { documents: vec![[0; 2]; terms], gains: [gains(), gains()], present: Vec::new() }
    }
}

impl Bisection<'_> {
    /// Orders a list of documents. Halves are work for several threads up to a depth, since the longer documents gather in one half.
    fn halve(self, documents: &mut [u32], depth: u32, sides: &mut Sides) {
        if documents.len() <= LEAF {
            documents.sort_unstable();
            return;
        }
        self.balance(documents, sides);
        let (left, right) = documents.split_at_mut(documents.len() / 2);
        if depth < SHARED_DEPTH {
            let other = || self.halve(right, depth + 1, &mut Sides::new(self.terms.count));
            rayon::join(|| self.halve(left, depth + 1, sides), other);
        } else {
            self.halve(left, depth + 1, sides);
            self.halve(right, depth + 1, sides);
        }
    }

    /// Exchanges documents between the halves of a list.
    fn balance(self, documents: &mut [u32], sides: &mut Sides) {
        let half = documents.len() / 2;
        let sizes = [half, documents.len() - half].map(|size| (size as f32).log2());
        for (number, &document) in documents.iter().enumerate() {
            for &term in self.terms.of(document) {
                let counts = &mut sides.documents[term as usize];
                if *counts == [0; 2] {
                    sides.present.push(term);
                }
                counts[usize::from(number >= half)] += 1;
            }
        }
        let mut ranked: Vec<Ranked> = Vec::with_capacity(documents.len());
        for _ in 0..ROUNDS {
            self.find_gains(sides, sizes);
            ranked.clear();
            for (number, &document) in documents.iter().enumerate() {
                let gains = &sides.gains[usize::from(number >= half)];
                let gain = self.terms.of(document).iter().map(|&term| i64::from(gains[term as usize])).sum();
                ranked.push(Ranked::new(gain, document));
            }
            let (left, right) = ranked.split_at_mut(half);
            left.sort_unstable();
            right.sort_unstable();
            let mut exchanged = 0;
            for (from_left, from_right) in left.iter_mut().zip(right) {
                if from_left.gain() + from_right.gain() <= 0 {
                    break;
                }
                for (document, from) in [(from_left.document(), 0), (from_right.document(), 1)] {
                    for &term in self.terms.of(document) {
                        let counts = &mut sides.documents[term as usize];
                        counts[from] -= 1;
                        counts[1 - from] += 1;
                    }
                }
                std::mem::swap(from_left, from_right);
                exchanged += 1;
            }
            for (place, ranked) in documents.iter_mut().zip(&ranked) {
                *place = ranked.document();
            }
            if exchanged * LEAST_PART <= half {
                break;
            }
        }
        for term in sides.present.drain(..) {
            sides.documents[term as usize] = [0; 2];
        }
    }

    /// What is gained when a document that has a term goes to the other half. `sizes` are the logarithms of how many documents
    /// the halves have.
    fn find_gains(self, sides: &mut Sides, [left_size, right_size]: [f32; 2]) {
        let bits = |left: u32, right: u32| self.bits(left, left_size) + self.bits(right, right_size);
        for &term in &sides.present {
            let [left, right] = sides.documents[term as usize];
            let now = bits(left, right);
            let gain = |then: f32| ((now - then) * UNIT) as i32;
            sides.gains[0][term as usize] = if left > 0 { gain(bits(left - 1, right + 1)) } else { 0 };
            sides.gains[1][term as usize] = if right > 0 { gain(bits(left + 1, right - 1)) } else { 0 };
        }
    }

    /// About how many bits the gaps take between so many documents among as many as `size` is the logarithm of.
    fn bits(self, documents: u32, size: f32) -> f32 {
        documents as f32 * (size - self.logarithm(documents as usize + 1))
    }

    fn logarithm(self, number: usize) -> f32 {
        self.logarithms.get(number).copied().unwrap_or_else(|| (number as f32).log2())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topic(document: u32) -> u32 {
        (document.wrapping_mul(2_654_435_761) >> 9) % 10
    }

    /// Articles of ten topics, mixed, each with terms of its topic and one that others have too.
    fn mixed(documents: u32) -> ForwardIndex {
        let mut terms = ForwardIndex { starts: vec![0], list: Vec::new(), count: 60 };
        for document in 0..documents {
            terms.list.extend((0..5).map(|term| topic(document) * 5 + term));
            terms.list.push(50 + document / 10 % 10);
            terms.starts.push(terms.list.len());
        }
        terms
    }

    #[test]
    fn every_document_has_one_place() {
        for (documents, threads) in [(0, 1), (1, 2), (33, 1), (1000, 3)] {
            let mut order = order(&mixed(documents), threads);
            order.sort_unstable();
            assert_eq!(order, (0..documents).collect::<Vec<_>>());
        }
    }

    #[test]
    fn documents_that_share_terms_come_to_stand_together() {
        let order = order(&mixed(1280), 2);
        let changes = order.windows(2).filter(|pair| topic(pair[0]) != topic(pair[1])).count();
        assert!(changes < 200, "the topic changes {changes} times");
    }

    #[test]
    fn the_order_does_not_depend_on_the_threads() {
        let terms = mixed(500);
        assert_eq!(order(&terms, 1), order(&terms, 4));
    }
}
