//! Counting the articles that have spans of two words, or of one.

use std::ops::Range;

use tantivy::schema::Field;
use tantivy::{DocId, SegmentReader};

use super::Spans;
use super::placed::PlacedPair;
use super::scout::{self, Scout};
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
    /// How many articles have the spans; `None` where the spans are of other things, or where the one word is in far more articles than
    /// the other, so that walking is less work.
    pub(super) fn run(&self) -> tantivy::Result<Option<u32>> {
        let Some(bounding) = self.spans.bounding_words(self.field, self.segment) else { return Ok(None) };
        let Some(words) = scout::find(&bounding.words, self.segment)? else { return Ok(Some(0)) };
        let scout = Scout::open(&words, self.segment, &self.articles)?;
        let Some(scout) = scout.filter(Scout::knows_places) else { return Ok(None) };
        Ok(PlacedPair::open(self.spans, &words, self.segment)?.map(|pair| self.count(scout, pair)))
    }

    fn count(&self, mut scout: Scout, mut pair: PlacedPair) -> u32 {
        let alive = self.segment.alive_bitset();
        let (mut docs, mut places) = (Vec::new(), Vec::new());
        let mut count = 0;
        while !scout.is_at_end() && !self.deadline.is_over() {
            docs.clear();
            places.clear();
            let found = |doc, _, _| {
                let is_alive = alive.is_none_or(|alive| alive.is_alive(doc));
                if is_alive {
                    docs.push(doc);
                }
                is_alive
            };
            scout.read_block(|_, _| Some(1), found, |place| places.push(place));
            let articles = docs.iter().zip(&places);
            count += articles.filter(|&(&doc, &places)| pair.has_spans(doc, places)).count() as u32;
        }
        count
    }
}
