//! Two words near each other, in articles taken in any order.
//!
//! A walk reads the postings again to come to the positions of an article. Whoever has read all postings of a word already knows
//! where the positions stand: behind those of all articles before.

use std::ops::ControlFlow;

use tantivy::directory::{CompositeFile, FileSlice};
use tantivy::index::SegmentComponent;
use tantivy::positions::PositionReader;
use tantivy::postings::TermInfo;
use tantivy::{DocId, SegmentReader};

use super::Spans;
use super::interval::weight;
use super::occurrences::FoundWord;
use super::pair::{Reach, Rule};
use super::phrase::{are_phrase, phrases_of_two};

/// Where the positions of a word in an article stand among those of all articles, and how many there are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub(super) before: u64,
    pub(super) frequency: u32,
}

/// Two words, and what holds between them.
pub(super) struct PlacedPair {
    /// As the scout has them: the rarer first.
    words: [Mentions; 2],
    relation: Relation,
}

enum Relation {
    /// `is_swapped`: the rarer word is the right one.
    Rule { rule: Rule, is_swapped: bool },
    /// They are words of a phrase, at these distances from its start.
    Phrase { offsets: [u32; 2] },
}

impl PlacedPair {
    /// For two of the words that the spans are made of, the rarer first. `None` where they are not two, or the spans are other than
    /// phrases, and distances and sentences of words.
    pub(super) fn open(
        spans: &Spans,
        words: &[FoundWord<'_>],
        segment: &SegmentReader,
    ) -> tantivy::Result<Option<PlacedPair>> {
        let [(first, first_info), (second, second_info)] = words else { return Ok(None) };
        let rule = |left: &Spans, ordered, reach| match left {
            Spans::Term(left) => {
                let rule = Rule::new(ordered, reach);
                Some(Relation::Rule { rule, is_swapped: first.term != *left })
            }
            _ => None,
        };
        let relation = match spans {
            Spans::Near { left, distance, ordered, .. } => rule(left, *ordered, Reach::Positions(*distance)),
            Spans::Within { left, bound, .. } => rule(left, false, Reach::within(*bound, segment)?),
            Spans::Phrase { slop: 0, .. } => {
                Some(Relation::Phrase { offsets: [first.offset, second.offset] })
            }
            _ => None,
        };
        let Some(relation) = relation else { return Ok(None) };
        let files = CompositeFile::open(&segment.open_read(SegmentComponent::Positions)?)?;
        let files = [files.open_read(first.field), files.open_read(second.field)];
        let [Some(first), Some(second)] = files else { return Ok(None) };
        let words = [Mentions::open(&first, first_info)?, Mentions::open(&second, second_info)?];
        Ok(Some(PlacedPair { words, relation }))
    }

    /// As [`Walker::frequency`](super::Walker::frequency), of an article with these places.
    pub(super) fn frequency(&mut self, doc: DocId, places: [Place; 2], least: u32) -> u32 {
        let [first, second] = &mut self.words;
        let (first, second) = (first.at(places[0]), second.at(places[1]));
        match &mut self.relation {
            Relation::Rule { rule, is_swapped } => {
                let (left, right) = if *is_swapped { (second, first) } else { (first, second) };
                weight(rule.spans(left, right, doc, least))
            }
            Relation::Phrase { offsets } => {
                let mut sum = 0;
                phrases_of_two([first, second], *offsets, |_, weight| {
                    sum += weight;
                    ControlFlow::Continue(())
                });
                sum
            }
        }
    }

    /// As [`Walker::has_spans`](super::Walker::has_spans), of an article with these places.
    pub(super) fn has_spans(&mut self, doc: DocId, places: [Place; 2]) -> bool {
        let [first, second] = &mut self.words;
        let (first, second) = (first.at(places[0]), second.at(places[1]));
        match &mut self.relation {
            Relation::Rule { rule, is_swapped } => {
                let (left, right) = if *is_swapped { (second, first) } else { (first, second) };
                rule.holds(left, right, doc)
            }
            Relation::Phrase { offsets } => are_phrase([first, second], *offsets),
        }
    }
}

/// The positions of a word in all articles.
struct Mentions {
    reader: PositionReader,
    positions: Vec<u32>,
}

impl Mentions {
    fn open(file: &FileSlice, info: &TermInfo) -> tantivy::Result<Mentions> {
        let bytes = file.slice(info.positions_range.clone()).read_bytes()?;
        Ok(Mentions { reader: PositionReader::open(bytes)?, positions: Vec::new() })
    }

    /// Those of one article.
    fn at(&mut self, place: Place) -> &[u32] {
        self.positions.resize(place.frequency as usize, 0);
        self.reader.read(place.before, &mut self.positions);
        let mut position = 0;
        for step in &mut self.positions {
            position += *step;
            *step = position;
        }
        &self.positions
    }
}
