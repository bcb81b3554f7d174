//! The parts of a query at work.

use tantivy::DocId;
use tantivy::postings::BlockSegmentPostings;

use crate::blocks::first_from;
use crate::sets::{self, BITS, Set};

/// Words of bits in a window, which should stay in the innermost cache with those of its clauses.
pub(super) const WINDOW: usize = 256;

/// Articles whose bits are looked at together.
#[derive(Clone, Copy)]
pub(super) struct Window {
    /// The number of its first word of bits.
    pub(super) first: usize,
    /// Those of the segment.
    pub(super) articles: DocId,
}

impl Window {
    fn start(self) -> DocId {
        self.first as DocId * BITS
    }

    /// One behind its last article.
    fn end(self) -> DocId {
        self.start().saturating_add(WINDOW as DocId * BITS).min(self.articles)
    }

    pub(super) fn words(self) -> usize {
        sets::words(self.end() - self.start())
    }

    /// Sets the bits of all its articles.
    pub(super) fn fill(self, bits: &mut [u64]) {
        bits.fill(u64::MAX);
        let beyond = bits.len() as DocId * BITS - (self.end() - self.start());
        if let Some(last) = bits.last_mut() {
            *last >>= beyond;
        }
    }

    /// Clears the bits of those for which it does not hold.
    pub(super) fn retain(self, bits: &mut [u64], holds: impl Fn(DocId) -> bool) {
        for (start, bits) in (self.start()..).step_by(BITS as usize).zip(bits) {
            let mut left = *bits;
            while left != 0 {
                let bit = left.trailing_zeros();
                left &= left - 1;
                if !holds(start + bit) {
                    *bits &= !(1 << bit);
                }
            }
        }
    }
}

/// A part of a query. It is asked for windows, or for articles, in their order.
pub(super) enum Filter {
    Walk(Box<Walk>),
    Known(Set),
    Any(Vec<Filter>),
    All(Vec<Filter>),
    Not(Box<Filter>),
}

impl Filter {
    /// Does it match the article?
    pub(super) fn has(&mut self, doc: DocId) -> bool {
        match self {
            Filter::Walk(walk) => walk.has(doc),
            Filter::Known(set) => sets::contains(set, doc),
            Filter::Any(filters) => filters.iter_mut().any(|filter| filter.has(doc)),
            Filter::All(filters) => filters.iter_mut().all(|filter| filter.has(doc)),
            Filter::Not(inner) => !inner.has(doc),
        }
    }

    /// Clears the bits of what it does not match.
    pub(super) fn restrict(&mut self, window: Window, bits: &mut [u64]) {
        match self {
            Filter::Known(set) => {
                bits.iter_mut().zip(&set[window.first..]).for_each(|(bits, of)| *bits &= of);
            }
            Filter::All(filters) => filters.iter_mut().for_each(|filter| filter.restrict(window, bits)),
            Filter::Not(inner) => {
                let excluded = inner.of(window);
                bits.iter_mut().zip(excluded).for_each(|(bits, excluded)| *bits &= !excluded);
            }
            Filter::Walk(_) | Filter::Any(_) => {
                let matched = self.of(window);
                bits.iter_mut().zip(matched).for_each(|(bits, matched)| *bits &= matched);
            }
        }
    }

    /// Sets the bits of what it matches.
    fn add(&mut self, window: Window, bits: &mut [u64]) {
        match self {
            Filter::Known(set) => {
                bits.iter_mut().zip(&set[window.first..]).for_each(|(bits, of)| *bits |= of);
            }
            Filter::Any(filters) => filters.iter_mut().for_each(|filter| filter.add(window, bits)),
            Filter::Walk(walk) => walk.add(window, bits),
            Filter::All(_) | Filter::Not(_) => {
                let mut matched = [0; WINDOW];
                let matched = &mut matched[..window.words()];
                window.fill(matched);
                self.restrict(window, matched);
                bits.iter_mut().zip(matched).for_each(|(bits, matched)| *bits |= *matched);
            }
        }
    }

    /// The bits of what it matches.
    fn of(&mut self, window: Window) -> [u64; WINDOW] {
        let mut bits = [0; WINDOW];
        self.add(window, &mut bits[..window.words()]);
        bits
    }
}

/// A walk over the articles of a word.
pub(super) struct Walk {
    postings: BlockSegmentPostings,
    /// Where it stands in the block.
    at: usize,
}

impl Walk {
    pub(super) fn new(postings: BlockSegmentPostings) -> Walk {
        Walk { postings, at: 0 }
    }

    /// The articles of a block, then those of the next one.
    pub(super) fn next_block(&mut self) -> Option<&[DocId]> {
        // They are left when the next ones are asked for.
        if self.at > 0 {
            self.postings.advance();
        }
        self.at = self.postings.docs().len();
        (self.at > 0).then(|| self.postings.docs())
    }

    fn has(&mut self, doc: DocId) -> bool {
        if self.postings.docs().last().is_none_or(|&last| last < doc) {
            self.at = self.postings.seek(doc);
        } else {
            self.at = first_from(self.postings.docs(), self.at, doc);
        }
        self.postings.docs().get(self.at) == Some(&doc)
    }

    fn add(&mut self, window: Window, bits: &mut [u64]) {
        let (start, end) = (window.start(), window.end());
        loop {
            let docs = &self.postings.docs()[self.at..];
            let Some(last) = docs.last() else { return };
            let is_inside = *last < end;
            let inside = if is_inside { docs.len() } else { docs.partition_point(|&doc| doc < end) };
            sets::insert_all(bits, &docs[..inside], start);
            if !is_inside {
                self.at += inside;
                return;
            }
            self.postings.advance();
            self.at = 0;
        }
    }
}
