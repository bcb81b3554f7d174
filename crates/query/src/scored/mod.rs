//! The best articles that have any or all of some words.

mod block_max;
mod max_score;
#[cfg(test)]
mod tests;

use std::ops::Range;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::query::{Bm25Weight, EnableScoring};
use tantivy::{DocId, Score, Searcher, SegmentReader};

use crate::deadline::Deadline;
use crate::plan::{Needed, ScoredWords, any_word};
use crate::share::Share;
use crate::top::Callback;
use crate::words::KnownWords;
use block_max::{BlockMax, Word};
use max_score::{Union, UnionCursor};

/// A word alone is scanned where it has at most so many articles. In longer lists the engine leaves out blocks of postings without
/// reading them, which our walk cannot.
const SCANNED: u32 = 1024;

/// Up to so many words are evaluated in passes, each of which has to ask for all other words. More are added up in windows, unless one pass
/// is enough.
const FEW: usize = 6;

/// Are words evaluated by the union's `MaxScore`, which takes shares of the articles? Passes leave so little to do that more threads take longer.
pub(crate) fn are_added_up(words: &ScoredWords<'_>) -> bool {
    words.needed != Needed::All && words.words.len() > FEW
}

/// One pass over a word that is needed is less work than windows, unless another is in so many times fewer articles.
const MOST_TIMES: u32 = 8;

/// The evaluation of words.
pub(crate) struct Scored<'a> {
    pub(crate) words: &'a KnownWords<'a>,
    pub(crate) searcher: &'a Searcher,
    /// Words that are evaluated in passes are looked for in no share.
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
        let Scored { words, share, in_order, .. } = *self;
        debug_assert!(words.needed != Needed::All || share.is_whole(), "a share of an intersection");
        let is_few = (2..=FEW).contains(&words.texts.len());
        let takes_passes = match words.needed {
            Needed::All => true,
            _ if !share.is_whole() || in_order => false,
            Needed::First => is_few || words.first_is_rare(reader, MOST_TIMES),
            Needed::Any => is_few,
        };
        if takes_passes {
            self.best_in_passes(threshold, reader, callback)
        } else {
            self.best_of_any(threshold, reader, callback)
        }
    }

    /// In the first pass the articles of the word that can score most; in the next those of the next one that do not have the first, and so
    /// on, until all that are left cannot score enough together, or articles would not have a word that is needed.
    fn best_in_passes(
        &self,
        threshold: Score,
        reader: &SegmentReader,
        callback: &mut Callback<'_>,
    ) -> tantivy::Result<()> {
        let Scored { words, in_order, deadline, .. } = *self;
        let is_needed = |number: usize| match words.needed {
            Needed::All => true,
            Needed::First => number == 0,
            Needed::Any => false,
        };
        let opened = words.to_skip_through(reader)?.into_iter().enumerate();
        let mut of_words: Vec<Word<'_>> =
            opened.map(|(number, word)| Word::new(word, is_needed(number))).collect();
        of_words.sort_by(|a, b| b.most().total_cmp(&a.most()));
        if words.texts.len() > FEW {
            of_words.sort_by_key(|word| !word.is_needed); // so that one pass is enough
        }
        let lengths = reader.get_fieldnorms_reader(words.field)?;
        let mut evaluation = BlockMax::new(lengths, words.norms(), in_order, threshold, deadline);
        for number in 0..of_words.len() {
            let (before, rest) = of_words.split_at_mut(number);
            let most: Score = rest.iter().map(Word::most).sum();
            let Some((first, others)) = rest.split_first_mut().filter(|_| most > evaluation.threshold())
            else {
                break;
            };
            evaluation.run(first, others, before, callback)?;
            if first.is_needed {
                break;
            }
        }
        Ok(())
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
                    Box::new(UnionCursor::new(postings, bm25.clone(), &lengths, articles.start))
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
