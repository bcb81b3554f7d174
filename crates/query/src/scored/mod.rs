//! The best articles that have any or all of some words.

mod block_max;
mod max_score;

use std::ops::Range;
use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::query::{Bm25Weight, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, Score, Searcher, SegmentReader};

use crate::deadline::Deadline;
use crate::plan::{Needed, any_word, every_word, prefer};
use crate::postings::Postings;
use crate::share::Share;
use crate::top::Callback;
use crate::words::KnownWords;
use block_max::{BlockMax, Other};
use max_score::{Cursor, Union};

/// A word alone is scanned where it has at most so many articles. In longer lists the engine leaves out blocks of postings without
/// reading them, which our walk cannot.
const SCANNED: u32 = 1024;

/// Where a word is needed that is in so many times as many articles as one that only adds to the score, that one leads.
const MOST_TIMES: u32 = 8;

/// Articles that have any of some words in a field, or the first of them, or all, scored by the sum of the words' scores. Where there
/// are several segments, the threshold must allow for [`crate::slack`].
#[derive(Clone, Debug)]
pub(crate) struct ScoredQuery {
    words: Arc<KnownWords>,
    share: Share,
    /// Are the articles wanted in their order?
    in_order: bool,
    deadline: Deadline,
}

impl ScoredQuery {
    /// Of at most [`PRUNED_CLAUSES`](crate::plan::PRUNED_CLAUSES) words. All of them are looked for in no share.
    pub(crate) fn new(
        words: Arc<KnownWords>,
        share: Share,
        in_order: bool,
        deadline: Deadline,
    ) -> ScoredQuery {
        debug_assert!(words.needed != Needed::All || share.is_whole(), "a share of an intersection");
        ScoredQuery { words, share, in_order, deadline }
    }

    /// The engine's own query, for the best hits of a frequent word, and for what else a query is asked.
    fn plain(&self) -> Box<dyn Query> {
        let KnownWords { field, texts, needed, .. } = &*self.words;
        let any = |words: &[String]| any_word(*field, words.iter().map(String::as_str), self.share);
        match (needed, &texts[..]) {
            (Needed::All, words) => every_word(*field, words),
            (Needed::First, [first, others @ ..]) => prefer(any(std::slice::from_ref(first)), any(others)),
            (_, words) => any(words),
        }
    }
}

impl Query for ScoredQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        match scoring {
            EnableScoring::Disabled { .. } => self.plain().weight(scoring),
            EnableScoring::Enabled { searcher, .. } => {
                Ok(Box::new(ScoredWeight { query: self.clone(), searcher: searcher.clone() }))
            }
        }
    }
}

struct ScoredWeight {
    query: ScoredQuery,
    searcher: Searcher,
}

impl ScoredWeight {
    fn plain(&self) -> tantivy::Result<Box<dyn Weight>> {
        self.query.plain().weight(EnableScoring::enabled_from_searcher(&self.searcher))
    }

    /// Of articles that have any of the words, or the first.
    fn best_of_any(
        &self,
        threshold: Score,
        reader: &SegmentReader,
        callback: &mut Callback<'_>,
    ) -> tantivy::Result<()> {
        let ScoredQuery { words, share, deadline, .. } = &self.query;
        let (field, articles, needs_first) =
            (words.field, share.articles(reader), words.needed == Needed::First);
        let mut postings = words.postings(reader)?;
        match &mut postings[..] {
            [] => {}
            [(word, _)] if !needs_first && word.doc_freq() > SCANNED && share.is_whole() => {
                self.plain()?.for_each_pruning(threshold, reader, callback)?;
            }
            [(word, bm25)] if word.doc_freq() <= SCANNED => {
                scan(word, bm25, articles, &reader.get_fieldnorms_reader(field)?, threshold, callback);
            }
            _ => {
                let lengths = reader.get_fieldnorms_reader(field)?;
                let cursor = |(postings, bm25): (_, &Bm25Weight)| {
                    Box::new(Cursor::new(postings, bm25.clone(), &lengths, articles.start))
                };
                let cursors = postings.into_iter().map(cursor).collect();
                Union::new(cursors, needs_first, lengths, threshold, deadline).run(articles.end, callback);
            }
        }
        Ok(())
    }
}

impl Weight for ScoredWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        self.plain()?.scorer(reader, boost)
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.plain()?.explain(reader, doc)
    }

    fn for_each_pruning(
        &self,
        threshold: Score,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        let ScoredQuery { words, share, in_order, deadline } = &self.query;
        if words.needed == Needed::Any || !share.is_whole() {
            return self.best_of_any(threshold, reader, callback);
        }
        let mut postings = words.to_skip_through(reader)?;
        let are_needed = words.needed == Needed::All;
        let leading = usize::from(!are_needed).min(postings.len());
        postings[leading..].sort_by_key(|(postings, _)| postings.articles());
        let mut postings = postings.into_iter();
        let Some(first) = postings.next() else { return Ok(()) };
        let is_rarer = |(other, _): &(Postings, _)| other.articles() < first.0.articles() / MOST_TIMES;
        if !are_needed && postings.as_slice().iter().any(is_rarer) {
            return self.best_of_any(threshold, reader, callback);
        }
        let lengths = reader.get_fieldnorms_reader(words.field)?;
        let others = postings.map(|word| Other::new(word, are_needed)).collect();
        BlockMax::new(first, others, lengths, words.norms(), threshold, deadline).run(*in_order, callback)
    }
}

/// Scores every article that has a word.
fn scan(
    postings: &mut BlockSegmentPostings,
    bm25: &Bm25Weight,
    articles: Range<DocId>,
    lengths: &FieldNormReader,
    mut threshold: Score,
    callback: &mut Callback<'_>,
) {
    while !postings.docs().is_empty() {
        for (&doc, &frequency) in postings.docs().iter().zip(postings.freqs()) {
            let score = bm25.score(lengths.fieldnorm_id(doc), frequency);
            if score > threshold && articles.contains(&doc) {
                threshold = callback(doc, score);
            }
        }
        postings.advance();
    }
}
