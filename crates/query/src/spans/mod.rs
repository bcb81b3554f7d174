//! Where words stand: phrases, distances, sentences, zones.
//!
//! A [`Spans`] describes which stretches of a field to look for. [`walker`] finds the articles that have them and
//! the stretches themselves, by the algebra of minimal intervals (Clarke, Cormack and Burkowski 1995) that
//! [`interval`] holds; [`query`] makes it a scored query of the engine.

mod bounds;
mod interval;
mod merge;
mod occurrences;
mod pair;
mod phrase;
mod placed;
mod pruning;
mod query;
mod scout;
mod sought;
mod walker;

pub(crate) use interval::Interval;
pub(crate) use query::{SpanQuery, Statistics, Weights};
use schema::Zone;
use tantivy::SegmentReader;
use tantivy::schema::Field;
pub(crate) use walker::Walker;

use self::phrase::{Part, parts_of_phrase};
use self::sought::Sought;

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
    /// These, which end in a pair of characters that takes the position behind it too: overlapping pairs are how scripts without
    /// spaces are indexed.
    Wider(Box<Spans>),
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
        self.for_each_term(&mut |term| terms.push(term));
        terms
    }

    /// How many there are.
    pub(crate) fn count_terms(&self) -> usize {
        let mut count = 0;
        self.for_each_term(&mut |_| count += 1);
        count
    }

    fn for_each_term<'a>(&'a self, work: &mut impl FnMut(&'a str)) {
        match self {
            Spans::Term(term) => work(term),
            Spans::Any(parts) => parts.iter().for_each(|part| part.for_each_term(work)),
            Spans::Phrase { parts, .. } => parts.iter().for_each(|(_, part)| part.for_each_term(work)),
            Spans::Near { left, right, .. } | Spans::Within { left, right, .. } => {
                left.for_each_term(work);
                right.for_each_term(work);
            }
            Spans::Wider(inner) | Spans::AtLeast(_, inner) | Spans::InZone(_, inner) => {
                inner.for_each_term(work);
            }
        }
    }
}

/// Words, or pairs of them, each of which bounds the number of certain spans in an article.
struct BoundingWords {
    words: Vec<Part>,
    /// Is a mention perhaps the start of one span and the end of another?
    either_order: bool,
}

impl BoundingWords {
    /// How many spans there can be in an article that has one of the words so often.
    #[inline]
    fn most_of_one(&self, frequency: u32) -> u32 {
        if self.either_order { frequency.saturating_mul(2) } else { frequency }
    }

    /// How many there can be in an article that has all words.
    #[inline]
    fn most(&self, frequencies: Frequencies) -> u32 {
        if self.either_order { frequencies.either_order() } else { frequencies.least }
    }
}

/// How often an article has words.
#[derive(Clone, Copy)]
struct Frequencies {
    /// The word that it has least often, and all words together.
    least: u32,
    sum: u32,
}

impl Frequencies {
    #[inline]
    fn of_one(frequency: u32) -> Frequencies {
        Frequencies { least: frequency, sum: frequency }
    }

    #[inline]
    fn and(self, frequency: u32) -> Frequencies {
        Frequencies { least: self.least.min(frequency), sum: self.sum.saturating_add(frequency) }
    }

    /// How many minimal intervals there can be from a mention of one of two words to one of the other, in either order. They
    /// start at different mentions and end at different mentions: in each order there are at most as many as the rarer word
    /// has mentions, and they link mentions to chains, each of one link fewer than it has mentions.
    #[inline]
    fn either_order(self) -> u32 {
        self.least.saturating_mul(2).min(self.sum.saturating_sub(1))
    }
}

impl Spans {
    /// The words that bound the number of these spans, where there are any.
    fn bounding_words(&self, field: Field, segment: &SegmentReader) -> Option<BoundingWords> {
        fn term(spans: &Spans) -> Option<&str> {
            match spans {
                Spans::Term(term) => Some(term),
                Spans::InZone(_, inner) => term(inner),
                _ => None,
            }
        }
        let word = |spans: &Spans| Some(Part { offset: 0, field, term: term(spans)?.to_owned() });
        let (words, either_order) = match self {
            Spans::Phrase { parts, slop: 0 } => (parts_of_phrase(parts, field, segment)?, false),
            Spans::Near { left, right, ordered, .. } => (vec![word(left)?, word(right)?], !ordered),
            Spans::Within { left, right, .. } => (vec![word(left)?, word(right)?], true),
            Spans::InZone(_, inner) => return inner.bounding_words(field, segment),
            _ => return None,
        };
        Some(BoundingWords { words, either_order })
    }

    /// Alternatives that are words, each with a score of its own.
    pub(crate) fn is_union(&self) -> bool {
        matches!(self, Spans::Any(parts) if parts.iter().all(Spans::is_word))
    }

    /// The field and the term by which they are looked up, where it is one: a phrase of two frequent words is a pair.
    pub(crate) fn as_one_term(&self, field: Field, segment: &SegmentReader) -> Option<(Field, String)> {
        let Spans::Phrase { parts, slop: 0 } = self else { return None };
        if parts.len() > 2 {
            return None;
        }
        let mut parts = parts_of_phrase(parts, field, segment)?;
        let part = parts.pop()?;
        parts.is_empty().then_some((part.field, part.term))
    }

    /// The same, where every word stands in one of the zones; what is between them may stand elsewhere.
    pub(crate) fn in_zones(self, zones: &[Zone]) -> Spans {
        let inner = |spans: Box<Spans>| Box::new(spans.in_zones(zones));
        match self {
            Spans::Near { left, right, distance, ordered } => {
                Spans::Near { left: inner(left), right: inner(right), distance, ordered }
            }
            Spans::Within { bound, left, right } => {
                Spans::Within { bound, left: inner(left), right: inner(right) }
            }
            Spans::AtLeast(count, spans) => Spans::AtLeast(count, inner(spans)),
            Spans::Any(parts) if !parts.iter().all(Spans::is_word) => {
                Spans::Any(parts.into_iter().map(|part| part.in_zones(zones)).collect())
            }
            Spans::Phrase { parts, slop } if slop > 0 => {
                let parts = parts.into_iter().map(|(offset, part)| (offset, part.in_zones(zones)));
                Spans::Phrase { parts: parts.collect(), slop }
            }
            // Words that follow each other without a gap are all in zones where the whole is.
            spans => Spans::InZone(zones.to_vec(), Box::new(spans)),
        }
    }

    fn is_word(&self) -> bool {
        matches!(self, Spans::Term(_))
    }

    /// Are they words alone, each by itself?
    pub(crate) fn is_of_words(&self) -> bool {
        self.is_word() || self.is_union()
    }

    /// A word for people: how the terms belong together.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Spans::Term(_) => "word",
            Spans::Wider(inner) => inner.kind(),
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
