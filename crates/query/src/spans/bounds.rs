//! Where sentences and paragraphs start, read from the notes beside the postings.

use schema::SentenceStarts;
use store::Notes;
use tantivy::{DocId, SegmentReader};

use super::Bound;

/// The sentences or paragraphs of one article after the other.
pub(super) struct Bounds {
    bound: Bound,
    notes: Notes,
    /// Those of the article that is turned to.
    starts: Vec<u32>,
}

impl Bounds {
    pub(super) fn open(bound: Bound, segment: &SegmentReader) -> tantivy::Result<Bounds> {
        Ok(Bounds { bound, notes: Notes::open(segment)?, starts: Vec::new() })
    }

    /// Turns to an article, of which nothing will be asked behind the position `last`.
    pub(super) fn turn_to(&mut self, doc: DocId, last: u32) {
        let paragraphs_only = self.bound == Bound::Paragraph;
        self.starts.clear();
        let note = self.notes.of(doc).unwrap_or_default();
        let starts = SentenceStarts::new(note).take_while(|start| start.position <= last);
        let starts = starts.filter(|start| start.starts_paragraph || !paragraphs_only);
        self.starts.extend(starts.map(|start| start.position));
    }

    /// Does another sentence, or paragraph, start behind the one position and up to the other?
    pub(super) fn part(&self, before: u32, behind: u32) -> bool {
        let next = self.starts.partition_point(|&start| start <= before);
        self.starts.get(next).is_some_and(|&start| start <= behind)
    }
}
