//! Words as a query finds them in the term dictionaries, where each is looked up once.

use std::sync::Arc;

use tantivy::index::{InvertedIndexReader, SegmentId};
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::query::Bm25Weight;
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{Searcher, SegmentReader};

use crate::spans::Statistics;

/// Words in a field, and what scores them.
pub(crate) struct KnownWords {
    weights: Vec<Bm25Weight>,
    segments: Vec<(SegmentId, Found)>,
}

/// What a segment has of them.
struct Found {
    index: Arc<InvertedIndexReader>,
    /// In the order of the words.
    terms: Vec<Option<TermInfo>>,
}

impl KnownWords {
    pub(crate) fn look_up(
        words: &[String],
        field: Field,
        searcher: &Searcher,
    ) -> tantivy::Result<KnownWords> {
        let terms: Vec<Term> = words.iter().map(|word| Term::from_field_text(field, word)).collect();
        let found = |segment: &SegmentReader| -> tantivy::Result<(SegmentId, Found)> {
            let index = segment.inverted_index(field)?;
            let terms = terms.iter().map(|term| index.get_term_info(term)).collect::<Result<_, _>>()?;
            Ok((segment.segment_id(), Found { index, terms }))
        };
        let segments: Vec<_> = searcher.segment_readers().iter().map(found).collect::<Result<_, _>>()?;
        let frequency = |word: usize| -> u64 {
            let infos = segments.iter().filter_map(|(_, found)| found.terms[word].as_ref());
            infos.map(|info| u64::from(info.doc_freq)).sum()
        };
        let weight_of = Statistics::new(searcher, field)?.word_weights();
        let weights = (0..words.len()).map(|word| weight_of(frequency(word))).collect();
        Ok(KnownWords { weights, segments })
    }

    /// The postings of those that a segment has, with what scores them.
    pub(crate) fn postings(
        &self,
        segment: &SegmentReader,
    ) -> tantivy::Result<Vec<(BlockSegmentPostings, &Bm25Weight)>> {
        let Some((_, found)) = self.segments.iter().find(|(id, _)| *id == segment.segment_id()) else {
            return Ok(Vec::new());
        };
        let terms = found.terms.iter().zip(&self.weights);
        let known = terms.filter_map(|(info, weight)| info.as_ref().map(|info| (info, weight)));
        known
            .map(|(info, weight)| {
                let option = IndexRecordOption::WithFreqs;
                Ok((found.index.read_block_postings_from_terminfo(info, option)?, weight))
            })
            .collect()
    }
}
