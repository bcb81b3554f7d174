//! The parts of a query at work.

use tantivy::DocId;

use crate::blocks::BLOCK;
use crate::postings::{Cursor, Lookup};
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
    Word(Cursor),
    Known(Set),
    Any(Vec<Filter>),
    All(Vec<Filter>),
    Not(Box<Filter>),
}

impl Filter {
    /// Marks those of some articles that it matches. There are no more than 128.
    ///
    /// # Errors
    /// When a file is cut off.
    pub(super) fn mark(&mut self, docs: &[DocId], lookup: &mut Lookup) -> tantivy::Result<[bool; BLOCK]> {
        let mut marks = [false; BLOCK];
        match self {
            Filter::Word(cursor) => cursor.mark(docs, &mut marks, lookup)?,
            Filter::Known(set) => {
                marks.iter_mut().zip(docs).for_each(|(mark, &doc)| *mark = sets::contains(set, doc));
            }
            Filter::Any(filters) => {
                for filter in filters {
                    let matched = filter.mark(docs, lookup)?;
                    marks.iter_mut().zip(matched).for_each(|(mark, matched)| *mark |= matched);
                }
            }
            Filter::All(filters) => {
                marks = [true; BLOCK];
                for filter in filters {
                    let matched = filter.mark(docs, lookup)?;
                    marks.iter_mut().zip(matched).for_each(|(mark, matched)| *mark &= matched);
                }
            }
            Filter::Not(inner) => marks = inner.mark(docs, lookup)?.map(|matched| !matched),
        }
        Ok(marks)
    }

    /// Clears the bits of what it does not match.
    ///
    /// # Errors
    /// When a file is cut off.
    pub(super) fn restrict(&mut self, window: Window, bits: &mut [u64]) -> tantivy::Result<()> {
        match self {
            Filter::Known(set) => {
                bits.iter_mut().zip(&set[window.first..]).for_each(|(bits, of)| *bits &= of);
            }
            Filter::All(filters) => {
                filters.iter_mut().try_for_each(|filter| filter.restrict(window, bits))?;
            }
            Filter::Not(inner) => {
                let mut excluded = [0; WINDOW];
                inner.add(window, &mut excluded[..window.words()])?;
                bits.iter_mut().zip(excluded).for_each(|(bits, excluded)| *bits &= !excluded);
            }
            Filter::Word(_) | Filter::Any(_) => {
                let mut matched = [0; WINDOW];
                self.add(window, &mut matched[..window.words()])?;
                bits.iter_mut().zip(matched).for_each(|(bits, matched)| *bits &= matched);
            }
        }
        Ok(())
    }

    /// Sets the bits of what it matches.
    fn add(&mut self, window: Window, bits: &mut [u64]) -> tantivy::Result<()> {
        match self {
            Filter::Known(set) => {
                bits.iter_mut().zip(&set[window.first..]).for_each(|(bits, of)| *bits |= of);
            }
            Filter::Any(filters) => filters.iter_mut().try_for_each(|filter| filter.add(window, bits))?,
            Filter::Word(cursor) => {
                cursor.walk_to(window.end(), |docs| sets::insert_all(bits, docs, window.start()))?;
            }
            Filter::All(_) | Filter::Not(_) => {
                let mut matched = [0; WINDOW];
                let matched = &mut matched[..window.words()];
                window.fill(matched);
                self.restrict(window, matched)?;
                bits.iter_mut().zip(matched).for_each(|(bits, matched)| *bits |= *matched);
            }
        }
        Ok(())
    }
}
