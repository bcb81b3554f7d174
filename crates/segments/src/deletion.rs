//! Deleting in segments that are there, and not in those that come.

use std::collections::HashSet;
use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, TermQuery, Weight};
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocId, Score, SegmentReader};

/// All documents of some segments that have a term. (The engine applies a deletion also to segments that it is given later, if it has not
/// got round to it before.)
#[derive(Clone, Debug)]
pub(crate) struct InSegments {
    term: TermQuery,
    segments: Arc<HashSet<SegmentId>>,
}

impl InSegments {
    pub(crate) fn new(term: Term, segments: Arc<HashSet<SegmentId>>) -> InSegments {
        InSegments { term: TermQuery::new(term, IndexRecordOption::Basic), segments }
    }
}

impl Query for InSegments {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(InSegmentsWeight {
            term: self.term.weight(scoring)?,
            segments: Arc::clone(&self.segments),
        }))
    }
}

struct InSegmentsWeight {
    term: Box<dyn Weight>,
    segments: Arc<HashSet<SegmentId>>,
}

impl Weight for InSegmentsWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        if self.segments.contains(&reader.segment_id()) {
            self.term.scorer(reader, boost)
        } else {
            Ok(Box::new(EmptyScorer))
        }
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.term.explain(reader, doc)
    }
}
