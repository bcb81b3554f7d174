//! Documents that are not deleted.

use std::iter;

use tantivy::postings::SegmentPostings;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED};

/// The documents of some postings that are not deleted, in their order.
pub fn alive(segment: &SegmentReader, mut postings: SegmentPostings) -> impl Iterator<Item = DocId> {
    let docs = iter::from_fn(move || {
        let doc = postings.doc();
        postings.advance();
        Some(doc).filter(|&doc| doc != TERMINATED)
    });
    docs.filter(|&doc| !segment.is_deleted(doc))
}
