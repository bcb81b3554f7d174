//! Where sentences and paragraphs start, read from a column: a question about two places costs a binary search over the
//! sentences of the article, none of which needs to be decoded beforehand.

use std::ops::Range;

use schema::Bound as Start;
use tantivy::columnar::{Column, RowId};
use tantivy::{DocId, SegmentReader};

use super::Bound;

/// The sentences or paragraphs of one article after the other.
pub(super) struct Bounds {
    bound: Bound,
    column: Column<u64>,
    rows: Range<RowId>,
}

impl Bounds {
    pub(super) fn open(bound: Bound, segment: &SegmentReader) -> tantivy::Result<Bounds> {
        Ok(Bounds { bound, column: segment.fast_fields().u64("sentences")?, rows: 0..0 })
    }

    /// Turns to an article.
    pub(super) fn turn_to(&mut self, doc: DocId) {
        self.rows = self.column.index.value_row_ids(doc);
    }

    /// Does another sentence, or paragraph, start behind the one position and up to the other?
    pub(super) fn part(&self, before: u32, behind: u32) -> bool {
        let first = self.first_row_behind(before);
        let mut starts = (first..self.rows.end)
            .map(|row| Start::from_number(self.column.values.get_val(row)))
            .take_while(|start| start.position <= behind);
        match self.bound {
            Bound::Sentence => starts.next().is_some(),
            Bound::Paragraph => starts.any(|start| start.starts_paragraph),
        }
    }

    fn first_row_behind(&self, position: u32) -> RowId {
        let Range { start: mut low, end: mut high } = self.rows;
        while low < high {
            let middle = low + (high - low) / 2;
            if Start::from_number(self.column.values.get_val(middle)).position <= position {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}
