//! The best articles that have any of some words.

mod max_score;

use std::ops::Range;
use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::query::{Bm25Weight, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, Score, Searcher, SegmentReader};

use crate::deadline::Deadline;
use crate::plan::{any_word, prefer};
use crate::share::Share;
use crate::top::Callback;
use crate::words::KnownWords;
use max_score::{Cursor, Union};

/// A word alone is scanned where it has at most so many articles. In longer lists the engine leaves out blocks of postings without
/// reading them, which our walk cannot.
const SCANNED: u32 = 1024;

/// Articles that have any of some words in a field, or one, or the first of them, scored by the sum of the words' scores. Where there
/// are several segments, the threshold must allow for [`crate::slack`].
#[derive(Clone, Debug)]
pub(crate) struct UnionQuery {
    words: Arc<KnownWords>,
    share: Share,
    deadline: Deadline,
}

impl UnionQuery {
    /// Of at most [`PRUNED_CLAUSES`](crate::plan::PRUNED_CLAUSES) words.
    pub(crate) fn new(words: Arc<KnownWords>, share: Share, deadline: Deadline) -> UnionQuery {
        UnionQuery { words, share, deadline }
    }

    /// The engine's own query, for the best hits of a frequent word, and for what else a query is asked.
    fn plain(&self) -> Box<dyn Query> {
        let KnownWords { field, texts, needs_first, .. } = &*self.words;
        let any = |words: &[String]| any_word(*field, words.iter().map(String::as_str), self.share);
        match &texts[..] {
            [needed, others @ ..] if *needs_first => prefer(any(std::slice::from_ref(needed)), any(others)),
            words => any(words),
        }
    }
}

impl Query for UnionQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        match scoring {
            EnableScoring::Disabled { .. } => self.plain().weight(scoring),
            EnableScoring::Enabled { searcher, .. } => {
                Ok(Box::new(UnionWeight { query: self.clone(), searcher: searcher.clone() }))
            }
        }
    }
}

struct UnionWeight {
    query: UnionQuery,
    searcher: Searcher,
}

impl UnionWeight {
    fn plain(&self) -> tantivy::Result<Box<dyn Weight>> {
        self.query.plain().weight(EnableScoring::enabled_from_searcher(&self.searcher))
    }
}

impl Weight for UnionWeight {
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
        let UnionQuery { words, share, deadline } = &self.query;
        let (field, articles) = (words.field, share.articles(reader));
        let mut postings = words.postings(reader)?;
        match &mut postings[..] {
            [] => {}
            [(word, _)] if !words.needs_first && word.doc_freq() > SCANNED && share.is_whole() => {
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
                Union::new(cursors, words.needs_first, lengths, threshold, deadline)
                    .run(articles.end, callback);
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
