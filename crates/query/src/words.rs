//! Words as a query finds them in the term dictionaries, looked up once for all that is done with them here.

use std::sync::Arc;

use store::{LEAST_ARTICLES, PEAK_RANKS, PEAK_UNITS, Peaks};
use tantivy::index::{InvertedIndexReader, SegmentId};
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::query::Bm25Weight;
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{Score, Searcher, SegmentReader};

use crate::norms::Norms;
use crate::plan::{Needed, ScoredWords};
use crate::postings::{Files, Postings};
use crate::spans::Weights;

/// Words in a field, and what scores them.
pub(crate) struct KnownWords<'a> {
    pub(crate) field: Field,
    pub(crate) texts: Vec<&'a str>,
    pub(crate) needed: Needed,
    files: &'a Files,
    of_field: Arc<Weights>,
    weights: Vec<Bm25Weight>,
    segments: Vec<(SegmentId, Found)>,
}

/// What a segment has of them.
struct Found {
    index: Arc<InvertedIndexReader>,
    /// In the order of the words.
    terms: Vec<Option<TermInfo>>,
}

/// A word that a segment has.
struct InSegment<'a> {
    /// Among all words.
    number: usize,
    index: &'a Arc<InvertedIndexReader>,
    info: &'a TermInfo,
    weight: &'a Bm25Weight,
}

impl<'a> KnownWords<'a> {
    pub(crate) fn look_up(
        words: ScoredWords<'a>,
        searcher: &Searcher,
        files: &'a Files,
        of_field: Arc<Weights>,
    ) -> tantivy::Result<KnownWords<'a>> {
        let ScoredWords { field, words: texts, needed } = words;
        let found = |reader: &SegmentReader| -> tantivy::Result<(SegmentId, Found)> {
            let index = reader.inverted_index(field)?;
            let info = |word: &&str| index.get_term_info(&Term::from_field_text(field, word));
            let terms = texts.iter().map(info).collect::<Result<_, _>>()?;
            Ok((reader.segment_id(), Found { index, terms }))
        };
        let segments: Vec<_> = searcher.segment_readers().iter().map(found).collect::<Result<_, _>>()?;
        let frequency = |word: usize| -> u64 {
            let infos = segments.iter().filter_map(|(_, found)| found.terms[word].as_ref());
            infos.map(|info| u64::from(info.doc_freq)).sum()
        };
        let weight = |word: usize| match segments.len() {
            1 => of_field.of_word(frequency(word)),
            _ => of_field.of_word_exactly(frequency(word)),
        };
        let weights = (0..texts.len()).map(weight).collect();
        Ok(KnownWords { field, texts, needed, files, of_field, weights, segments })
    }

    /// The postings of those that a segment has, in their order, with what scores them; none where it does not have those that are
    /// needed.
    pub(crate) fn postings(
        &self,
        segment: &SegmentReader,
    ) -> tantivy::Result<Vec<(BlockSegmentPostings, &Bm25Weight)>> {
        if !self.has_needed(segment) {
            return Ok(Vec::new());
        }
        let mut postings = Vec::new();
        for InSegment { index, info, weight, .. } in self.in_segment(segment) {
            let of_word = index.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
            postings.push((of_word, weight));
        }
        Ok(postings)
    }

    /// The same, of which blocks can be left out.
    pub(crate) fn to_skip_through(
        &self,
        segment: &SegmentReader,
    ) -> tantivy::Result<Vec<(Postings, &Bm25Weight)>> {
        if !self.has_needed(segment) {
            return Ok(Vec::new());
        }
        let mut postings = Vec::with_capacity(self.texts.len());
        for InSegment { info, weight, .. } in self.in_segment(segment) {
            // A segment without any word in the field has no files of it.
            let files = self.files.of(segment, self.field)?;
            postings.push((Postings::open(files, info)?, weight));
        }
        Ok(postings)
    }

    /// Is no other word of a segment in so many times fewer articles than the first?
    pub(crate) fn first_is_rare(&self, segment: &SegmentReader, most_times: u32) -> bool {
        let mut frequencies = self.in_segment(segment).map(|word| word.info.doc_freq);
        let first = frequencies.next().unwrap_or(0);
        frequencies.all(|other| other >= first / most_times)
    }

    /// Does a segment have the words that every article must have?
    fn has_needed(&self, segment: &SegmentReader) -> bool {
        match self.needed {
            Needed::Any => true,
            Needed::First => self.in_segment(segment).next().is_some_and(|word| word.number == 0),
            Needed::All => self.in_segment(segment).count() == self.texts.len(),
        }
    }

    /// Of the lengths of the field.
    pub(crate) fn norms(&self) -> &Norms {
        &self.of_field.norms
    }

    /// A score that so many articles of a segment have, or more, as far as its peaks tell; with the average length of the segment.
    pub(crate) fn threshold(&self, segment: &SegmentReader, peaks: &Peaks, hits: usize) -> Score {
        // Any of the best may be deleted.
        let hits = hits.saturating_add(segment.num_deleted_docs() as usize);
        let Some(rank) = PEAK_RANKS.iter().position(|&rank| hits <= rank) else { return 0.0 };
        let peak = |InSegment { info, weight, .. }: InSegment<'_>| {
            if info.doc_freq < LEAST_ARTICLES {
                return 0.0;
            }
            let peak = peaks.of(info.postings_range.start as u64).map_or(0, |peaks| peaks[rank]);
            weight.score(0, u32::MAX) * Score::from(peak) / PEAK_UNITS
        };
        let counts = |word: &InSegment<'_>| match self.needed {
            Needed::Any => true,
            Needed::First => word.number == 0,
            Needed::All => false,
        };
        self.in_segment(segment).filter(counts).map(peak).fold(0.0, Score::max)
    }

    /// The words that a segment has.
    fn in_segment(&self, segment: &SegmentReader) -> impl Iterator<Item = InSegment<'_>> {
        let id = segment.segment_id();
        let found = self.segments.iter().filter(move |(of, _)| *of == id).map(|(_, found)| found);
        found.flat_map(|Found { index, terms }| {
            let terms = terms.iter().zip(&self.weights).enumerate();
            terms.filter_map(move |(number, (info, weight))| {
                info.as_ref().map(|info| InSegment { number, index, info, weight })
            })
        })
    }
}
