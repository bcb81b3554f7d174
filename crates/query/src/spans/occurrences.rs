//! Where a term stands.

use tantivy::postings::{Postings, SegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED};

use super::phrase::Part;

/// A word, and where its postings and positions are in a segment.
pub(super) type FoundWord<'a> = (&'a Part, TermInfo);

/// Looks up words, and puts them in order from the rarest to the most frequent; `None` where one of them is in no article of the
/// segment.
pub(super) fn find<'a>(
    words: &'a [Part],
    segment: &SegmentReader,
) -> tantivy::Result<Option<Vec<FoundWord<'a>>>> {
    let mut found = Vec::new();
    for word in words {
        let index = segment.inverted_index(word.field)?;
        match index.get_term_info(&Term::from_field_text(word.field, &word.term))? {
            Some(info) => found.push((word, info)),
            None => return Ok(None),
        }
    }
    found.sort_by_key(|(_, info)| info.doc_freq);
    Ok(Some(found))
}

/// The postings of a term.
#[derive(Clone)]
pub(super) struct Occurrences {
    postings: SegmentPostings,
    positions: Vec<u32>,
}

impl Occurrences {
    /// `None` where no article of the segment has the term.
    pub(super) fn open(
        term: &str,
        field: Field,
        segment: &SegmentReader,
    ) -> tantivy::Result<Option<Occurrences>> {
        let term = Term::from_field_text(field, term);
        let index = segment.inverted_index(field)?;
        let postings = index.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?;
        Ok(postings.map(|postings| Occurrences { postings, positions: Vec::new() }))
    }

    pub(super) fn of((word, info): &FoundWord<'_>, segment: &SegmentReader) -> tantivy::Result<Occurrences> {
        let index = segment.inverted_index(word.field)?;
        let postings = index.read_postings_from_terminfo(info, IndexRecordOption::WithFreqsAndPositions)?;
        Ok(Occurrences { postings, positions: Vec::new() })
    }

    /// In how many articles.
    pub(super) fn articles(&self) -> u32 {
        self.postings.size_hint()
    }

    #[inline]
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        let doc = self.postings.doc();
        if doc >= target {
            doc
        } else if doc + 1 == target {
            self.postings.advance() // far less than to look for it
        } else {
            self.postings.seek(target)
        }
    }

    /// How often in an article, as zones weigh it.
    pub(super) fn frequency(&mut self, doc: DocId) -> u32 {
        if self.seek(doc) == doc { self.postings.term_freq() } else { 0 }
    }

    /// The positions in an article; none where the article does not have the term.
    pub(super) fn at(&mut self, doc: DocId) -> &[u32] {
        self.positions.clear();
        if self.seek(doc) == doc {
            self.postings.positions(&mut self.positions);
        }
        &self.positions
    }
}

/// Moves so many walks to the first article at or behind `target` that all of them have; `seek` moves one, by its number. The
/// walk that has the fewest articles should be the first.
#[inline]
pub(super) fn seek_together(
    walks: usize,
    target: DocId,
    mut seek: impl FnMut(usize, DocId) -> DocId,
) -> DocId {
    let mut candidate = target;
    'candidate: while candidate != TERMINATED {
        for walk in 0..walks {
            let doc = seek(walk, candidate);
            if doc != candidate {
                candidate = doc;
                continue 'candidate;
            }
        }
        break;
    }
    candidate
}
