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

/// What is known of each term while two halves are balanced; all 0 between two uses.
struct Sides {
    left: Vec<Side>,
    right: Vec<Side>,
    /// The terms of the documents.
    present: Vec<u32>,
}

/// A term in one of the halves.
#[derive(Clone, Copy, Default)]
struct Side {
    /// How many documents have it.
    documents: u32,
    /// How many bits its postings lose when one of them goes to the other half.
    gain: f32,
}

impl Sides {
    fn new(terms: usize) -> Sides {
        Sides { left: vec![Side::default(); terms], right: vec![Side::default(); terms], present: Vec::new() }
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
                let [left, right] = [&mut sides.left[term as usize], &mut sides.right[term as usize]];
                if left.documents + right.documents == 0 {
                    sides.present.push(term);
                }
                if number < half { left.documents += 1 } else { right.documents += 1 }
            }
        }
        let mut ranked: Vec<(f32, u32)> = Vec::with_capacity(documents.len());
        for _ in 0..ROUNDS {
            self.find_gains(sides, sizes);
            ranked.clear();
            for (number, &document) in documents.iter().enumerate() {
                let side = if number < half { &sides.left } else { &sides.right };
                let gains = self.terms.of(document).iter().map(|&term| side[term as usize].gain);
                ranked.push((gains.sum(), document));
            }
            let (left, right) = ranked.split_at_mut(half);
            for side in [&mut *left, &mut *right] {
                side.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            }
            let mut exchanged = 0;
            for (from_left, from_right) in left.iter_mut().zip(right) {
                if from_left.0 + from_right.0 <= 0.0 {
                    break;
                }
                for &term in self.terms.of(from_left.1) {
                    sides.left[term as usize].documents -= 1;
                    sides.right[term as usize].documents += 1;
                }
                for &term in self.terms.of(from_right.1) {
                    sides.right[term as usize].documents -= 1;
                    sides.left[term as usize].documents += 1;
                }
                std::mem::swap(from_left, from_right);
                exchanged += 1;
            }
            for (place, (_, document)) in documents.iter_mut().zip(&ranked) {
                *place = *document;
            }
            if exchanged * LEAST_PART <= half {
                break;
            }
        }
        for term in sides.present.drain(..) {
            sides.left[term as usize] = Side::default();
            sides.right[term as usize] = Side::default();
        }
    }

    /// What is gained when an document that has a term goes to the other half. `sizes` are the logarithms of how many documents
    /// the halves have.
    fn find_gains(self, sides: &mut Sides, [left_size, right_size]: [f32; 2]) {
        for &term in &sides.present {
            let [left, right] = [&mut sides.left[term as usize], &mut sides.right[term as usize]];
            let bits = |left: u32, right: u32| self.bits(left, left_size) + self.bits(right, right_size);
            let (l, r) = (left.documents, right.documents);
            let now = bits(l, r);
            left.gain = if l > 0 { now - bits(l - 1, r + 1) } else { 0.0 };
            right.gain = if r > 0 { now - bits(l + 1, r - 1) } else { 0.0 };
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
