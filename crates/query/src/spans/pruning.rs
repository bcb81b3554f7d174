//! The best articles of spans, without reading where words stand in the others.
//!
//! How often the words are in an article bounds how many spans it can have, and so its score. Where single words bound them,
//! the articles of a window that could score most are read first, which puts the threshold above the bounds of most others.

use std::ops::RangeInclusive;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::query::Bm25Weight;
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocId, Score, SegmentReader, TERMINATED};

use super::{Spans, Walker};
use crate::deadline::Deadline;
use crate::top::Callback;

/// Blocks of 128 articles, of the rarest word, in the first window, which gives a threshold to the next ones. Each is twice as
/// long as the one before, up to the longest.
const FIRST_WINDOW_BLOCKS: usize = 24;
const MOST_WINDOW_BLOCKS: usize = 256;

/// How many articles of a window are read first.
const FIRST: usize = 32;

/// Where the rarest word is in no more articles, they are read in their order, which needs one walk instead of three.
const MANY: usize = 1024;

/// What an evaluation in one segment needs.
pub(super) struct Pruning<'a> {
    pub(super) spans: &'a Spans,
    pub(super) field: Field,
    pub(super) segment: &'a SegmentReader,
    pub(super) bm25: &'a Bm25Weight,
    pub(super) lengths: FieldNormReader,
    pub(super) deadline: &'a Deadline,
}

/// An article that has all words, and the most it can score.
struct Candidate {
    doc: DocId,
    bound: Score,
}

impl Pruning<'_> {
    /// Calls back with every article that scores more than the threshold, which is at least 0 and changes as the callback says.
    /// The articles come in no order.
    pub(super) fn run(&self, threshold: Score, callback: &mut Callback<'_>) -> tantivy::Result<()> {
        // What has no spans scores 0, and must not come in while the threshold is lower still.
        let threshold = threshold.max(0.0);
        let mut callback = |doc, score| callback(doc, score).max(0.0);
        if let Some(bounding) = self.spans.bounding_words() {
            return match self.rarest(&bounding.words)? {
                Some(rarest) if rarest.doc_freq() as usize > MANY => {
                    self.run_in_windows(rarest, bounding.factor, threshold, &mut callback)
                }
                Some(_) => self.run_in_order(threshold, &mut callback),
                None => Ok(()),
            };
        }
        self.run_in_order(threshold, &mut callback)
    }

    fn run_in_order(&self, mut threshold: Score, callback: &mut Callback<'_>) -> tantivy::Result<()> {
        let mut walker = self.walker()?;
        let mut doc = walker.seek(0);
        while doc != TERMINATED && !self.deadline.is_over() {
            threshold = self.visit(&mut walker, doc, threshold, callback);
            doc = walker.seek(doc + 1);
        }
        Ok(())
    }

    fn run_in_windows(
        &self,
        mut rarest: BlockSegmentPostings,
        factor: u32,
        mut threshold: Score,
        callback: &mut Callback<'_>,
    ) -> tantivy::Result<()> {
        let [mut scout, mut first, mut rest] = [self.walker()?, self.walker()?, self.walker()?];
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut blocks = FIRST_WINDOW_BLOCKS;
        while !rarest.docs().is_empty() && !self.deadline.is_over() {
            candidates.clear();
            for _ in 0..blocks {
                if rarest.docs().is_empty() {
                    break;
                }
                for (&doc, &frequency) in rarest.docs().iter().zip(rarest.freqs()) {
                    if self.deadline.is_over() {
                        return Ok(());
                    }
                    let length = self.lengths.fieldnorm_id(doc);
                    let most = frequency.saturating_mul(factor);
                    if self.bm25.score(length, most) > threshold && scout.seek(doc) == doc {
                        let bound = self.bm25.score(length, scout.frequency_bound(doc));
                        candidates.push(Candidate { doc, bound });
                    }
                }
                rarest.advance();
            }
            blocks = (2 * blocks).min(MOST_WINDOW_BLOCKS);
            let is_first = bound_of_first(&candidates);
            for candidate in candidates.iter().filter(|candidate| candidate.bound >= is_first) {
                first.seek(candidate.doc);
                threshold = self.visit(&mut first, candidate.doc, threshold, callback);
            }
            for candidate in candidates.iter().filter(|candidate| candidate.bound < is_first) {
                if candidate.bound > threshold {
                    rest.seek(candidate.doc);
                    threshold = self.visit(&mut rest, candidate.doc, threshold, callback);
                }
            }
        }
        Ok(())
    }

    /// Counts the spans of an article at which the walker stands, if it could score enough.
    fn visit(&self, walker: &mut Walker, doc: DocId, threshold: Score, callback: &mut Callback<'_>) -> Score {
        if self.deadline.is_over() {
            return Score::MAX;
        }
        let length = self.lengths.fieldnorm_id(doc);
        let most = walker.frequency_bound(doc);
        let is_enough = |frequency| self.bm25.score(length, frequency) > threshold;
        let Some(least) = least_where(1..=most, is_enough) else { return threshold };
        let score = self.bm25.score(length, walker.frequency(doc, least));
        if score > threshold { callback(doc, score) } else { threshold }
    }

    fn walker(&self) -> tantivy::Result<Walker> {
        Walker::open(self.spans, self.field, self.segment)
    }

    /// The postings of the word that the fewest articles have; `None` where one of the words is in none.
    fn rarest(&self, words: &[&str]) -> tantivy::Result<Option<BlockSegmentPostings>> {
        let index = self.segment.inverted_index(self.field)?;
        let mut rarest: Option<TermInfo> = None;
        for word in words {
            let info = index.get_term_info(&Term::from_field_text(self.field, word))?;
            let Some(info) = info else { return Ok(None) };
            if rarest.as_ref().is_none_or(|rarest| info.doc_freq < rarest.doc_freq) {
                rarest = Some(info);
            }
        }
        let open = |info| index.read_block_postings_from_terminfo(&info, IndexRecordOption::WithFreqs);
        Ok(rarest.map(open).transpose()?)
    }
}

/// The least bound of the candidates that are read first; that of none where they are few.
fn bound_of_first(candidates: &[Candidate]) -> Score {
    if candidates.len() < 2 * FIRST {
        return Score::INFINITY;
    }
    let mut bounds: Vec<Score> = candidates.iter().map(|candidate| candidate.bound).collect();
    let (_, bound, _) = bounds.select_nth_unstable_by(FIRST, |a, b| b.total_cmp(a));
    *bound
}

/// The least number of the range for which `holds`, which holds for all greater ones too.
fn least_where(range: RangeInclusive<u32>, holds: impl Fn(u32) -> bool) -> Option<u32> {
    let (mut low, mut high) = range.into_inner();
    if low > high || !holds(high) {
        return None;
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(low)
}
