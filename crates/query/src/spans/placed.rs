//! Two words near each other, or the words of a phrase, in articles taken in any order.
//!
//! A walk reads the postings again to come to the positions of an article. Whoever has read the postings of a word already knows where
//! the positions stand: behind those of all articles before.

use std::ops::ControlFlow;

use tantivy::DocId;

use super::interval::{Interval, weight};
use super::occurrences::FoundWord;
use super::pair::{PairRule, Reach};
use super::phrase::{are_phrase, keep_those_with, phrases_of_two};
use super::{Sought, Spans};
use crate::postings::{Cursor, Positions, Postings};

/// Where the positions of a word in an article stand among those of all articles, and how many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) before: u64,
    pub(super) frequency: u32,
}

/// Words, and what holds between them.
pub(super) struct Placed {
    /// The two rarest, the rarer first.
    words: [Mentions; 2],
    relation: Relation,
}

enum Relation {
    /// `is_swapped`: the rarer word is the right one.
    Rule { rule: PairRule, is_swapped: bool },
    /// The two are words of a phrase, at these distances from its start. Few articles have them as they should stand: only there the
    /// other words are looked for.
    Phrase { offsets: [u32; 2], others: Vec<Another>, found: Vec<Interval> },
}

/// Another word of a phrase.
struct Another {
    offset: u32,
    cursor: Cursor,
    mentions: Mentions,
}

impl Placed {
    /// Of all words that the spans are made of, as [`find`](super::occurrences::find) gives them. `None` where they are one, or the spans
    /// are other than phrases, and distances and sentences of words.
    pub(super) fn open(sought: &Sought<'_>, words: &[FoundWord<'_>]) -> tantivy::Result<Option<Placed>> {
        let [first, second, others @ ..] = words else { return Ok(None) };
        let rule = |left: &Spans, ordered, reach| match left {
            Spans::Term(left) => {
                let rule = PairRule::new(ordered, reach);
                Some(Relation::Rule { rule, is_swapped: first.0.term != *left })
            }
            _ => None,
        };
        let relation = match sought.spans {
            Spans::Near { left, distance, ordered, .. } => rule(left, *ordered, Reach::Positions(*distance)),
            Spans::Within { left, bound, .. } => rule(left, false, Reach::within(*bound, sought.segment)?),
            Spans::Phrase { slop: 0, .. } => {
                let others =
                    others.iter().map(|word| Another::open(sought, word)).collect::<Result<_, _>>()?;
                let offsets = [first.0.offset, second.0.offset];
                Some(Relation::Phrase { offsets, others, found: Vec::new() })
            }
            _ => None,
        };
        let Some(relation) = relation else { return Ok(None) };
        let words = [Mentions::open(sought, first)?, Mentions::open(sought, second)?];
        Ok(Some(Placed { words, relation }))
    }

    /// As [`Walker::frequency`](super::Walker::frequency), of an article that has the two rarest words at these places.
    ///
    /// # Errors
    /// When a file is cut off.
    pub(super) fn frequency(&mut self, doc: DocId, places: [Place; 2], least: u32) -> tantivy::Result<u32> {
        self.read(places)?;
        self.count(doc, least)
    }

    /// Reads where the two rarest words stand in an article.
    fn read(&mut self, places: [Place; 2]) -> tantivy::Result<()> {
        let [first, second] = &mut self.words;
        first.read(places[0])?;
        second.read(places[1])
    }

    /// The weights of the spans in the article that was read, added up.
    fn count(&mut self, doc: DocId, least: u32) -> tantivy::Result<u32> {
        let [first, second] = &self.words;
        let (offsets, others, found) = match &mut self.relation {
            Relation::Rule { rule, is_swapped } => {
                let (left, right) = if *is_swapped { (second, first) } else { (first, second) };
                return Ok(weight(rule.spans(&left.here, &right.here, doc, least)));
            }
            Relation::Phrase { offsets, others, found } => (*offsets, others, found),
        };
        if !may_be_phrase([first, second], offsets) {
            return Ok(0);
        }
        found.clear();
        let mut sum = 0;
        phrases_of_two([&first.here, &second.here], offsets, |position, weight| {
            if let Some(start) = position.checked_sub(offsets[0]) {
                found.push(Interval { start, end: start, weight });
                sum += weight;
            }
            ControlFlow::Continue(())
        });
        for other in others {
            if sum == 0 || sum < least {
                return Ok(0);
            }
            let offset = other.offset;
            keep_those_with(found, other.at(doc)?, offset);
            sum = weight(found);
        }
        Ok(sum)
    }

    /// As [`Walker::has_spans`](super::Walker::has_spans), of an article that has the two rarest words at these places.
    ///
    /// # Errors
    /// When a file is cut off.
    pub(super) fn has_spans(&mut self, doc: DocId, places: [Place; 2]) -> tantivy::Result<bool> {
        self.read(places)?;
        let [first, second] = &self.words;
        match &self.relation {
            Relation::Phrase { others, .. } if !others.is_empty() => Ok(self.count(doc, 1)? > 0),
            Relation::Rule { rule, is_swapped } => {
                let (left, right) = if *is_swapped { (second, first) } else { (first, second) };
                Ok(rule.holds(&left.here, &right.here, doc))
            }
            Relation::Phrase { offsets, .. } => {
                Ok(may_be_phrase([first, second], *offsets)
                    && are_phrase([&first.here, &second.here], *offsets))
            }
        }
    }
}

/// The positions of a word.
struct Mentions {
    positions: Positions,
    /// Those in the article that was read last, and a set of bits of them.
    here: Vec<u32>,
    bits: u64,
}

/// Is there a phrase of two words, perhaps? Most articles have none, and most of these are told at once.
#[inline]
fn may_be_phrase([first, second]: [&Mentions; 2], [first_offset, second_offset]: [u32; 2]) -> bool {
    let starts = first.bits.rotate_left(second_offset % u64::BITS);
    starts & second.bits.rotate_left(first_offset % u64::BITS) > 0
}

impl Mentions {
    fn open(sought: &Sought<'_>, (word, info): &FoundWord<'_>) -> tantivy::Result<Mentions> {
        let files = sought.files.of(sought.segment, word.field)?;
        Ok(Mentions { positions: Positions::open(files, info)?, here: Vec::new(), bits: 0 })
    }

    /// Those of one article.
    fn read(&mut self, place: Place) -> tantivy::Result<()> {
        self.bits = self.positions.read(place.before, place.frequency, &mut self.here)?;
        Ok(())
    }
}

impl Another {
    fn open(sought: &Sought<'_>, word: &FoundWord<'_>) -> tantivy::Result<Another> {
        let files = sought.files.of(sought.segment, word.0.field)?;
        let cursor = Cursor::new(Postings::open(files, &word.1)?);
        Ok(Another { offset: word.0.offset, cursor, mentions: Mentions::open(sought, word)? })
    }

    /// Its positions in an article; none where the article does not have it.
    fn at(&mut self, doc: DocId) -> tantivy::Result<&[u32]> {
        let Some((before, frequency)) = self.cursor.place_of(doc)? else { return Ok(&[]) };
        self.mentions.read(Place { before, frequency })?;
        Ok(&self.mentions.here)
    }
}
