//! The best articles that have any of some words: block-max `MaxScore` in windows.
//!
//! In a window that lies within one block of every word, a word scores at most its block's maximum. Words whose maxima together
//! cannot lift an article over the threshold are not essential: only articles that have another word are looked at, and what
//! the others add is looked up where it can matter (Turtle and Flood 1995; the windows and block maxima after Ding and Suel
//! 2011 and Lucene 10's bulk scorer).

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::query::{
    Bm25Weight, BooleanQuery, EnableScoring, Explanation, Occur, Query, Scorer, TermQuery, Weight,
};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocId, Score, SegmentReader, TERMINATED};

use crate::deadline::Deadline;
use crate::plan::PRUNED_CLAUSES;
use crate::share::Share;
use crate::top::Callback;

/// The longest window, in articles.
const WINDOW: usize = 4096;
const WORD_BITS: usize = 64;

/// Words become passive that add no more than this part of the threshold together. Of words that add more the maxima of blocks leave out
/// more than is saved: an OR of two frequent words takes 1.2 times as long with all of it.
const PASSIVE_PART: Score = 0.5;

/// Articles that have any of some words in a field, scored by the sum of the words' scores. Where there are several segments, the
/// threshold must allow for [`crate::slack`].
#[derive(Clone, Debug)]
pub(crate) struct UnionQuery {
    field: Field,
    words: Vec<String>,
    share: Share,
    deadline: Deadline,
}

impl UnionQuery {
    /// Of at most [`PRUNED_CLAUSES`] words.
    pub(crate) fn new(field: Field, words: Vec<String>, share: Share, deadline: Deadline) -> UnionQuery {
        UnionQuery { field, words, share, deadline }
    }
}

impl Query for UnionQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let terms: Vec<Term> =
            self.words.iter().map(|word| Term::from_field_text(self.field, word)).collect();
        let clause = |term: &Term| -> (Occur, Box<dyn Query>) {
            (Occur::Should, Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs)))
        };
        let plain = BooleanQuery::new(terms.iter().map(clause).collect());
        let plain = self.share.restrict(Box::new(plain)).weight(scoring)?;
        let mut words = Vec::with_capacity(terms.len());
        if let EnableScoring::Enabled { statistics_provider, .. } = scoring {
            for term in terms {
                let bm25 = Bm25Weight::for_terms(statistics_provider, std::slice::from_ref(&term))?;
                words.push((term, bm25));
            }
        }
        let (field, deadline) = (self.field, self.deadline.clone());
        Ok(Box::new(UnionWeight { field, words, plain, share: self.share, deadline }))
    }
}

struct UnionWeight {
    field: Field,
    words: Vec<(Term, Bm25Weight)>,
    /// The engine's own union, for all but the best hits.
    plain: Box<dyn Weight>,
    share: Share,
    deadline: Deadline,
}

impl Weight for UnionWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        self.plain.scorer(reader, boost)
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.plain.explain(reader, doc)
    }

    fn count(&self, reader: &SegmentReader) -> tantivy::Result<u32> {
        self.plain.count(reader)
    }

    fn for_each_no_score(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        self.plain.for_each_no_score(reader, callback)
    }

    fn for_each_pruning(
        &self,
        threshold: Score,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        let lengths = reader.get_fieldnorms_reader(self.field)?;
        let index = reader.inverted_index(self.field)?;
        let articles = self.share.articles(reader);
        let mut cursors = Vec::with_capacity(self.words.len());
        for (number, (term, bm25)) in self.words.iter().enumerate() {
            if let Some(postings) = index.read_block_postings(term, IndexRecordOption::WithFreqs)? {
                let mut cursor = Box::new(Cursor::new(number, postings, bm25.clone(), &lengths));
                cursor.seek(articles.start, &lengths);
                cursors.push(cursor);
            }
        }
        let accumulator = Accumulator { scores: vec![0.0; WINDOW], seen: vec![0; WINDOW / WORD_BITS] };
        let (passive, passive_rest) = (Vec::new(), 0.0);
        Union { cursors, passive, passive_rest, lengths, accumulator, threshold, deadline: &self.deadline }
            .run(articles.end, callback);
        Ok(())
    }
}

/// A walk over the postings of a word.
struct Cursor {
    /// Which word of the query it is.
    number: usize,
    postings: BlockSegmentPostings,
    /// Where it stands in the block.
    at: usize,
    bm25: Bm25Weight,
    /// The most that any article scores, however short and full of the word.
    most: Score,
    /// The most that an article of the block scores.
    block_max: Score,
    /// The most that an article of the window scores.
    bound: Score,
}

impl Cursor {
    fn new(
        number: usize,
        mut postings: BlockSegmentPostings,
        bm25: Bm25Weight,
        lengths: &FieldNormReader,
    ) -> Cursor {
        let block_max = postings.block_max_score(lengths, &bm25);
        let most = bm25.score(0, u32::MAX);
        Cursor { number, postings, at: 0, bm25, most, block_max, bound: 0.0 }
    }

    fn doc(&self) -> DocId {
        self.postings.docs().get(self.at).copied().unwrap_or(TERMINATED)
    }

    /// The last article of the block.
    fn last(&self) -> DocId {
        self.postings.docs().last().copied().unwrap_or(TERMINATED)
    }

    /// Moves to the first article at or behind `target`, in whatever block.
    fn seek(&mut self, target: DocId, lengths: &FieldNormReader) {
        let is_behind = self.last() < target;
        self.look_up(target);
        if is_behind {
            self.block_max = self.postings.block_max_score(lengths, &self.bm25);
        }
    }

    /// The same, where maxima of blocks do not matter any more.
    fn look_up(&mut self, target: DocId) {
        if self.last() < target {
            self.at = self.postings.seek(target);
        } else {
            self.seek_in_block(target);
        }
    }

    /// Moves to the first article at or behind `target`, which the block reaches up to.
    fn seek_in_block(&mut self, target: DocId) {
        let rest = &self.postings.docs()[self.at..];
        // Mostly it is near.
        self.at += match rest.iter().take(8).position(|&doc| doc >= target) {
            Some(near) => near,
            None => rest.partition_point(|&doc| doc < target),
        };
    }

    /// The score of an article of the block.
    fn score_of(&self, doc: DocId, length: u8) -> Score {
        match self.postings.docs().binary_search(&doc) {
            Ok(at) => self.bm25.score(length, self.postings.freq(at)),
            Err(_) => 0.0,
        }
    }

    /// The articles of the window, which ends at `end`, and how often they have the word.
    fn window(&self, end: DocId) -> impl Iterator<Item = (DocId, u32)> + '_ {
        let docs = self.postings.docs()[self.at..].iter().copied();
        let freqs = self.postings.freqs()[self.at..].iter().copied();
        docs.zip(freqs).take_while(move |&(doc, _)| doc <= end)
    }
}

/// Scores of the articles of a window.
struct Accumulator {
    scores: Vec<Score>,
    /// A bit for each article that has a score.
    seen: Vec<u64>,
}

struct Union<'a> {
    /// Boxed, because they are sorted in every window, and large.
    #[allow(clippy::vec_box)]
    cursors: Vec<Box<Cursor>>,
    /// Those that are passive, from the one that scores least, and the most that they add together.
    #[allow(clippy::vec_box)]
    passive: Vec<Box<Cursor>>,
    passive_rest: Score,
    lengths: FieldNormReader,
    accumulator: Accumulator,
    threshold: Score,
    deadline: &'a Deadline,
}

impl Union<'_> {
    /// Up to the article before `all`.
    fn run(mut self, all: DocId, callback: &mut Callback<'_>) {
        loop {
            self.cursors.retain(|cursor| cursor.doc() != TERMINATED);
            self.set_aside();
            let (mut start, mut end) = (TERMINATED, TERMINATED);
            for cursor in &self.cursors {
                (start, end) = (start.min(cursor.doc()), end.min(cursor.last()));
            }
            if start >= all || self.deadline.is_over() {
                return;
            }
            end = end.min(start.saturating_add(WINDOW as u32 - 1)).min(all - 1);
            for cursor in &mut self.cursors {
                cursor.bound = if cursor.doc() <= end { cursor.block_max } else { 0.0 };
            }
            self.cursors.sort_unstable_by(|a, b| a.bound.total_cmp(&b.bound));
            let (others, rest) = self.not_essential();
            match self.cursors.len() - others {
                0 => {}
                1 => self.run_one(end, rest, callback),
                _ => self.run_many(start, end, others, rest, callback),
            }
            for cursor in &mut self.cursors {
                cursor.seek(end + 1, &self.lengths);
            }
        }
    }

    /// Makes those passive that have come to be.
    fn set_aside(&mut self) {
        while let Some(least) =
            (0..self.cursors.len()).min_by(|&a, &b| self.cursors[a].most.total_cmp(&self.cursors[b].most))
            && self.passive_rest + self.cursors[least].most <= PASSIVE_PART * self.threshold
        {
            let mut cursor = self.cursors.swap_remove(least);
            cursor.bound = cursor.most;
            self.passive_rest += cursor.most;
            self.passive.push(cursor);
        }
    }

    /// How many of the cursors, in the order of their bounds, cannot lift an article over the threshold, and the most they add.
    fn not_essential(&self) -> (usize, Score) {
        let mut sum = self.passive_rest;
        for (number, cursor) in self.cursors.iter().enumerate() {
            if sum + cursor.bound > self.threshold {
                return (number, sum);
            }
            sum += cursor.bound;
        }
        (self.cursors.len(), sum)
    }

    /// A window in which the last cursor alone is essential.
    fn run_one(&mut self, end: DocId, rest: Score, callback: &mut Callback<'_>) {
        let Some((essential, others)) = self.cursors.split_last_mut() else { return };
        let passive = &mut self.passive[..];
        for (doc, frequency) in essential.window(end) {
            let length = self.lengths.fieldnorm_id(doc);
            let score = essential.bm25.score(length, frequency);
            if score + rest > self.threshold
                && may_pass([passive, others], doc, length, score, rest, self.threshold)
            {
                let cursors = passive.iter().chain(&*others).chain([&*essential]);
                self.threshold = callback(doc, exact_score(cursors, doc, length)).max(self.threshold);
            }
        }
    }

    /// A window in which all but the first `others` cursors are essential.
    fn run_many(
        &mut self,
        start: DocId,
        end: DocId,
        others: usize,
        rest: Score,
        callback: &mut Callback<'_>,
    ) {
        let Accumulator { scores, seen } = &mut self.accumulator;
        let (others, essential) = self.cursors.split_at_mut(others);
        let passive = &mut self.passive[..];
        for cursor in &*essential {
            for (doc, frequency) in cursor.window(end) {
                let place = (doc - start) as usize;
                scores[place] += cursor.bm25.score(self.lengths.fieldnorm_id(doc), frequency);
                seen[place / WORD_BITS] |= 1 << (place % WORD_BITS);
            }
        }
        let words = (end - start) as usize / WORD_BITS + 1;
        for (number, word) in seen[..words].iter_mut().enumerate() {
            let mut bits = std::mem::take(word);
            while bits != 0 {
                let place = number * WORD_BITS + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let score = std::mem::take(&mut scores[place]);
                let doc = start + place as u32;
                if score + rest <= self.threshold {
                    continue;
                }
                let length = self.lengths.fieldnorm_id(doc);
                if may_pass([passive, others], doc, length, score, rest, self.threshold) {
                    let cursors = passive.iter().chain(&*others).chain(&*essential);
                    self.threshold = callback(doc, exact_score(cursors, doc, length)).max(self.threshold);
                }
            }
        }
    }
}

/// Does the article score more than the threshold, with what the other words add? Passive ones are asked last, and those of the
/// greatest bounds first.
fn may_pass(
    [passive, others]: [&mut [Box<Cursor>]; 2],
    doc: DocId,
    length: u8,
    mut score: Score,
    mut rest: Score,
    threshold: Score,
) -> bool {
    for cursor in others.iter_mut().rev().chain(passive.iter_mut().rev()) {
        if score + rest <= threshold {
            return false;
        }
        rest -= cursor.bound;
        cursor.look_up(doc);
        if cursor.doc() == doc {
            score += cursor.bm25.score(length, cursor.postings.freq(cursor.at));
        }
    }
    score > threshold
}

/// The score of an article, added up in the order of the words: equal articles must have equal scores to the last bit, in
/// whatever order a window looked at them.
fn exact_score<'a>(cursors: impl Iterator<Item = &'a Box<Cursor>>, doc: DocId, length: u8) -> Score {
    let mut scores = [0.0; PRUNED_CLAUSES];
    let mut words = 0;
    for cursor in cursors {
        scores[cursor.number] = cursor.score_of(doc, length);
        words = words.max(cursor.number + 1);
    }
    scores[..words].iter().sum()
}
