//! Spans that are looked for in a segment.

use std::ops::Range;

use tantivy::schema::Field;
use tantivy::{DocId, SegmentReader};

use super::occurrences::FoundWord;
use super::placed::Placed;
use super::scout::Scout;
use super::{Spans, Walker};
use crate::blocks::BLOCK;
use crate::deadline::Deadline;
use crate::postings::Files;

/// What is looked for, and where.
pub(super) struct Sought<'a> {
    pub(super) spans: &'a Spans,
    pub(super) field: Field,
    pub(super) segment: &'a SegmentReader,
    /// Those of the segment that are looked at.
    pub(super) articles: Range<DocId>,
    pub(super) files: &'a Files,
    pub(super) deadline: &'a Deadline,
}

/// The articles that may have the spans, and what looks into them.
pub(super) struct Finder {
    pub(super) scout: Scout,
    pub(super) placed: Placed,
}

impl Sought<'_> {
    /// Of all words that the spans are made of, as [`find`](super::occurrences::find) gives them; `None` where [`Placed`] does not serve.
    pub(super) fn finder(&self, words: &[FoundWord<'_>]) -> tantivy::Result<Option<Finder>> {
        let Some(placed) = Placed::open(self, words)? else { return Ok(None) };
        let scout = Scout::open(&words[..words.len().min(2)], self.segment, self.files, &self.articles)?;
        Ok(scout.map(|scout| Finder { scout, placed }))
    }

    /// A walk over the articles that have words that have been looked up.
    pub(super) fn walker(&self, words: &[FoundWord<'_>]) -> tantivy::Result<Walker> {
        Walker::of(words, self.spans, self.field, self.segment, self.files)
    }

    /// How many articles have the spans, which are made of these words, from the rarest on; `None` where [`Placed`] does not serve.
    pub(super) fn count(&self, words: &[FoundWord<'_>]) -> tantivy::Result<Option<u32>> {
        let Some(Finder { mut scout, mut placed }) = self.finder(words)? else { return Ok(None) };
        let alive = self.segment.alive_bitset();
        let mut count = 0;
        for block in scout.blocks() {
            if self.deadline.is_over() {
                break;
            }
            let mut failed = None;
            scout.read(
                block,
                all_of,
                |_| true,
                |_, _| true,
                |seen| {
                    if alive.is_none_or(|alive| alive.is_alive(seen.doc)) {
                        match placed.has_spans(seen.doc, seen.places) {
                            Ok(has_spans) => count += u32::from(has_spans),
                            Err(error) => failed = Some(error),
                        }
                    }
                },
            )?;
            if let Some(error) = failed {
                return Err(error);
            }
        }
        Ok(Some(count))
    }
}

/// Selects all articles of a block.
fn all_of(docs: &[DocId], _: &[u32], places: &mut [u8; BLOCK]) -> usize {
    places.iter_mut().zip(0..).for_each(|(place, at)| *place = at);
    docs.len()
}
