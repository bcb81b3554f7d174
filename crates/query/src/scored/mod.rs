//! The best articles that have any or all of some words.

mod block_max;
mod max_score;

use std::ops::Range;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::query::{Bm25Weight, EnableScoring};
use tantivy::{DocId, Score, Searcher, SegmentReader};

use crate::deadline::Deadline;
use crate::plan::{Needed, any_word};
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

/// The evaluation of words.
pub(crate) struct Scored<'a> {
    pub(crate) words: &'a KnownWords<'a>,
    pub(crate) searcher: &'a Searcher,
    /// All of the words are looked for in no share.
    pub(crate) share: Share,
    /// Are the articles wanted in their order?
    pub(crate) in_order: bool,
    pub(crate) deadline: &'a Deadline,
}

impl Scored<'_> {
    /// Calls back with the articles of a segment that score more than the threshold, which rises as the callback says: those that have any of
    /// the words, or the first of them, or all, scored by the sum of the words' scores. Where there are several segments, the threshold must
    /// allow for [`crate::slack`].
    pub(crate) fn best(
        &self,
        threshold: Score,
        reader: &SegmentReader,
        callback: &mut Callback<'_>,
    ) -> tantivy::Result<()> {
        let Scored { words, share, in_order, deadline, .. } = *self;
        debug_assert!(words.needed != Needed::All || share.is_whole(), "a share of an intersection");
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
        BlockMax::new(first, others, lengths, words.norms(), threshold, deadline).run(in_order, callback)
    }

    /// Of articles that have any of the words, or the first.
    fn best_of_any(
        &self,
        threshold: Score,
        reader: &SegmentReader,
        callback: &mut Callback<'_>,
    ) -> tantivy::Result<()> {
        let Scored { words, share, deadline, .. } = *self;
        let (field, articles, needs_first) =
            (words.field, share.articles(reader), words.needed == Needed::First);
        let mut postings = words.postings(reader)?;
        match &mut postings[..] {
            [] => {}
            [(word, _)] if !needs_first && word.doc_freq() > SCANNED && share.is_whole() => {
                // A word that many articles have: the engine leaves out blocks of it.
                let query = any_word(field, words.texts.iter().copied(), share);
                let scoring = EnableScoring::enabled_from_searcher(self.searcher);
                query.weight(scoring)?.for_each_pruning(threshold, reader, callback)?;
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
