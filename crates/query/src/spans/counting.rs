//! Counting the articles that have spans of two words, or of one.

use std::ops::Range;

use tantivy::{DocId, SegmentReader};

use super::Spans;
use super::occurrences::FoundWord;
use super::pair_scout::PairScout;
use super::placed::PlacedPair;
use super::scout::{Scouting, Sighting};
use crate::deadline::Deadline;

/// What is counted, and where.
pub(super) struct Counting<'a> {
    pub(super) spans: &'a Spans,
    pub(super) segment: &'a SegmentReader,
    /// Those of the segment that are looked at.
    pub(super) articles: Range<DocId>,
    pub(super) deadline: &'a Deadline,
}

impl Counting<'_> {
    /// How many articles have the spans, which are made of these words; `None` where the spans are of other things, or where the one
    /// word is in far more articles than the other, so that walking is less work.
    pub(super) fn run(&self, words: &[FoundWord<'_>]) -> tantivy::Result<Option<u32>> {
        let Some(scout) = PairScout::open(words, self.segment, &self.articles)? else { return Ok(None) };
        Ok(PlacedPair::open(self.spans, words, self.segment)?.map(|pair| self.count(scout, pair)))
    }

    fn count(&self, mut scout: PairScout, mut pair: PlacedPair) -> u32 {
        let alive = self.segment.alive_bitset();
        let mut count = 0;
        while scout.next().is_some() && !self.deadline.is_over() {
            let found = |seen: Sighting| {
                let is_alive = alive.is_none_or(|alive| alive.is_alive(seen.doc));
                count += u32::from(is_alive && pair.has_spans(seen.doc, seen.places));
            };
            scout.read_block(|_, _| Some(1), found);
        }
        count
    }
}
