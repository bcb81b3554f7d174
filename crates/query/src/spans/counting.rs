//! Counting the articles that have spans of two words, or phrases of more.

use std::ops::Range;

use tantivy::schema::Field;
use tantivy::{DocId, SegmentReader};

use super::Spans;
use super::occurrences::FoundWord;
use super::pair_scout::TwoRarest;
use super::scout::{Scouting, Sighting};
use crate::deadline::Deadline;

/// What is counted, and where.
pub(super) struct Counting<'a> {
    pub(super) spans: &'a Spans,
    pub(super) field: Field,
    pub(super) segment: &'a SegmentReader,
    /// Those of the segment that are looked at.
    pub(super) articles: Range<DocId>,
    pub(super) deadline: &'a Deadline,
}

impl Counting<'_> {
    /// How many articles have the spans, which are made of these words, from the rarest on; `None` where the spans are of other things,
    /// or where the second word is in far more articles than the rarest, so that walking is less work.
    pub(super) fn run(&self, words: &[FoundWord<'_>]) -> tantivy::Result<Option<u32>> {
        let two = TwoRarest::open(words, self.spans, self.field, self.segment, &self.articles)?;
        Ok(two.map(|two| self.count(two)))
    }

    fn count(&self, two: TwoRarest) -> u32 {
        let TwoRarest { mut scout, mut pair, mut whole } = two;
        let alive = self.segment.alive_bitset();
        let mut count = 0;
        while scout.next().is_some() && !self.deadline.is_over() {
            let found = |seen: Sighting| {
                let has_spans = alive.is_none_or(|alive| alive.is_alive(seen.doc))
                    && pair.has_spans(seen.doc, seen.places)
                    && whole.as_mut().is_none_or(|walker| walker.frequency_at(seen.doc, 1) > 0);
                count += u32::from(has_spans);
            };
            scout.read_block(|_, _| Some(1), found);
        }
        count
    }
}
