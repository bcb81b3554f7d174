//! Where sentences and paragraphs start, read from the notes beside the postings.

use schema::{Sentence, Sentences, paragraph_starts};
use store::Notes;
use tantivy::{DocId, SegmentReader};

use super::Bound;

/// The sentences or paragraphs of one article after the other.
#[derive(Clone)]
pub(super) struct Bounds {
    bound: Bound,
    notes: Notes,
}

/// Those of one article.
pub(super) enum ArticleBounds<'a> {
    Sentences(Sentences<'a>, Sentence),
    Paragraphs(Vec<u32>),
}

impl Bounds {
    pub(super) fn open(bound: Bound, segment: &SegmentReader) -> tantivy::Result<Bounds> {
        Ok(Bounds { bound, notes: Notes::open(segment)? })
    }

    /// # Panics
    /// Where the file is damaged, as tantivy does on damaged postings: scorers cannot return errors, and the engine makes one of
    /// the panic.
    pub(super) fn of(&self, doc: DocId) -> ArticleBounds<'_> {
        let note = self.notes.of(doc).unwrap_or_else(|error| panic!("{error}"));
        let bounds = match self.bound {
            Bound::Sentence => {
                Sentences::of(note).map(|found| ArticleBounds::Sentences(found, Sentence::default()))
            }
            Bound::Paragraph => paragraph_starts(note).map(ArticleBounds::Paragraphs),
        };
        bounds.unwrap_or_else(|| panic!("the sentences of an article are damaged"))
    }
}

impl ArticleBounds<'_> {
    /// Does another sentence, or paragraph, start behind the one position and up to the other? Cheap where no question goes
    /// back behind the one before.
    pub(super) fn part(&mut self, before: u32, behind: u32) -> bool {
        match self {
            ArticleBounds::Sentences(sentences, _) if behind - before >= sentences.longest() => true,
            ArticleBounds::Sentences(sentences, at) => {
                let from = if at.start <= before { *at } else { Sentence::default() };
                *at = sentences.seek(from, before);
                let length = sentences.length(at.number);
                length.is_some_and(|length| behind >= at.start.saturating_add(length))
            }
            ArticleBounds::Paragraphs(starts) => {
                let next = starts.partition_point(|&start| start <= before);
                starts.get(next).is_some_and(|&start| start <= behind)
            }
        }
    }
}
