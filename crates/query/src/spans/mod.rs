//! Where words stand: phrases, distances, sentences, zones.
//!
//! A [`Spans`] describes which stretches of a field to look for. [`walker`] finds the articles that have them and
//! the stretches themselves, by the algebra of minimal intervals (Clarke, Cormack and Burkowski 1995) that
//! [`interval`] holds; [`query`] makes it a scored query of the engine.

mod bounds;
mod interval;
mod occurrences;
mod pair;
mod phrase;
mod pruning;
mod query;
mod walker;

pub(crate) use interval::Interval;
pub(crate) use query::{SpanQuery, Statistics};
use schema::Zone;
pub(crate) use walker::Walker;

/// Stretches of one field to look for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Spans {
    /// Every occurrence of a term.
    Term(String),
    /// Every occurrence of any of these.
    Any(Vec<Spans>),
    /// These in order, each so many positions behind the first, with at most `slop` positions more in all.
    Phrase {
        /// Distance from the first part, and the part; parts are one position long.
        parts: Vec<(u32, Spans)>,
        slop: u32,
    },
    /// Both, at most so many positions apart, in either order unless `ordered`.
    Near { left: Box<Spans>, right: Box<Spans>, distance: u32, ordered: bool },
    /// Both between the same two bounds.
    Within { bound: Bound, left: Box<Spans>, right: Box<Spans> },
    /// These, where there are at least so many in the article.
    AtLeast(u32, Box<Spans>),
    /// These, where they stand in one of the zones.
    InZone(Vec<Zone>, Box<Spans>),
}

/// What two words must not have between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    Sentence,
    Paragraph,
}

impl Spans {
    /// The terms of words, without those of bounds and zones.
    pub(crate) fn terms(&self) -> Vec<&str> {
        let mut terms = Vec::new();
        self.collect_terms(&mut terms);
        terms
    }

    fn collect_terms<'a>(&'a self, terms: &mut Vec<&'a str>) {
        match self {
            Spans::Term(term) => terms.push(term),
            Spans::Any(parts) => parts.iter().for_each(|part| part.collect_terms(terms)),
            Spans::Phrase { parts, .. } => parts.iter().for_each(|(_, part)| part.collect_terms(terms)),
            Spans::Near { left, right, .. } | Spans::Within { left, right, .. } => {
                left.collect_terms(terms);
                right.collect_terms(terms);
            }
            Spans::AtLeast(_, inner) | Spans::InZone(_, inner) => inner.collect_terms(terms),
        }
    }
}

/// Words each of which bounds the number of certain spans in an article.
pub(crate) struct BoundingWords<'a> {
    pub(crate) words: Vec<&'a str>,
    /// There are at most so many times as many spans as mentions of any one of the words.
    pub(crate) factor: u32,
}

impl Spans {
    /// The words that bound the number of these spans, where there are any.
    pub(crate) fn bounding_words(&self) -> Option<BoundingWords<'_>> {
        let is_word = |spans: &Spans| matches!(spans, Spans::Term(_));
        let factor = match self {
            Spans::Phrase { parts, slop: 0 } if parts.iter().all(|(_, part)| is_word(part)) => 1,
            Spans::Near { left, right, ordered: true, .. } if is_word(left) && is_word(right) => 1,
            // A mention may be the start of one span and the end of another.
            Spans::Near { left, right, .. } | Spans::Within { left, right, .. }
                if is_word(left) && is_word(right) =>
            {
                2
            }
            Spans::InZone(_, inner) => inner.bounding_words()?.factor,
            _ => return None,
        };
        Some(BoundingWords { words: self.terms(), factor })
    }

    /// Alternatives that are words, each with a score of its own.
    pub(crate) fn is_union(&self) -> bool {
        matches!(self, Spans::Any(parts) if parts.iter().all(|part| matches!(part, Spans::Term(_))))
    }

    /// A word for people: how the terms belong together.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Spans::Term(_) => "word",
            Spans::Any(_) => "any of",
            Spans::Phrase { slop: 0, .. } => "phrase",
            Spans::Phrase { .. } => "sloppy phrase",
            Spans::Near { ordered: false, .. } => "near",
            Spans::Near { ordered: true, .. } => "in order, near",
            Spans::Within { bound: Bound::Sentence, .. } => "in one sentence",
            Spans::Within { bound: Bound::Paragraph, .. } => "in one paragraph",
            Spans::AtLeast(..) => "at least so often",
            Spans::InZone(..) => "in a part of the text",
        }
    }
}
