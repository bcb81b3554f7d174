//! Block-max pruning for articles that have a word, and others that must be there too or only add to the score.
//!
//! The blocks of the first word, which should be the rarest, are gone through. A block is passed over where its maximum and those of the
//! other words' blocks that it meets cannot make an article score more than the threshold (Ding and Suel 2011); an article is where its
//! own score of the first word and those maxima cannot. So the blocks with the greatest bounds come first, a few of them, which gives a
//! threshold to the others.

use std::mem;
use std::ops::Range;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::Bm25Weight;
use tantivy::{DocId, Score};

use crate::blocks::BLOCK;
use crate::deadline::Deadline;
use crate::norms::Norms;
use crate::postings::{Best, BlockBound, Cursor, Lookup, Mention, Postings, greatest_first};
use crate::top::Callback;

/// The part of the blocks of the first word that comes first, and how many these are at the most.
const PART_FIRST: usize = 8;
const MOST_FIRST: usize = 32;

/// Another word than the first.
pub(super) struct Other<'a> {
    cursor: Cursor,
    bm25: &'a Bm25Weight,
    /// Must an article have it?
    is_needed: bool,
    /// The most that any article scores.
    most: f64,
    /// The most that an article of the first word's block scores.
    bound: f64,
}

impl<'a> Other<'a> {
    pub(super) fn new((postings, bm25): (Postings, &'a Bm25Weight), is_needed: bool) -> Other<'a> {
        let most = f64::from(bm25.score(0, u32::MAX));
        Other { cursor: Cursor::new(postings), bm25, is_needed, most, bound: most }
    }

    /// Bounds what an article from `first` to `last` scores.
    fn bound_within(&mut self, first: DocId, last: DocId) -> f64 {
        let mut most: Score = 0.0;
        let is_known = self.cursor.best_within(first, last, |best| most = most.max(best.score(self.bm25)));
        self.bound = if is_known { f64::from(most) } else { self.most };
        self.bound
    }

    /// Takes over the candidates that have the word, or all where it is not needed, and with it and what `rest` other words may add score
    /// more than the threshold.
    fn filter(
        &mut self,
        candidates: &Candidates,
        kept: &mut Candidates,
        lookup: &mut Lookup,
        rest: f64,
        threshold: Score,
    ) -> tantivy::Result<()> {
        let Candidates { docs, lengths, scores, count } = candidates;
        let docs = &docs[..*count];
        kept.count = 0;
        // Articles that could not score enough with the word and the rest do not without it either, so it is not added to their scores.
        let is_worth_it = |here: Range<usize>, best: Best| {
            let most = f64::from(best.score(self.bm25)) + rest;
            scores[here].iter().any(|score| (score + most) as Score > threshold)
        };
        let mut keep = |number: usize, score: f64| {
            kept.push(docs[number], lengths[number], score, (score + rest) as Score > threshold);
        };
        let score =
            |mention: &Mention| f64::from(self.bm25.score(lengths[mention.number], mention.frequency));
        if self.is_needed {
            return self.cursor.find(docs, lookup, is_worth_it, |met| {
                met.mentions()
                    .for_each(|mention| keep(mention.number, scores[mention.number] + score(&mention)));
            });
        }
        let mut with_word = *scores;
        self.cursor.find(docs, lookup, is_worth_it, |met| {
            met.mentions().for_each(|mention| with_word[mention.number] += score(&mention));
        })?;
        (0..docs.len()).for_each(|number| keep(number, with_word[number]));
        Ok(())
    }
}

/// Articles of a block that may be among the best, with the scores of the words that they are known to have.
struct Candidates {
    docs: [DocId; BLOCK],
    /// As ids of tantivy's.
    lengths: [u8; BLOCK],
    scores: [f64; BLOCK],
    count: usize,
}

impl Candidates {
    fn new() -> Box<Candidates> {
        Box::new(Candidates { docs: [0; BLOCK], lengths: [0; BLOCK], scores: [0.0; BLOCK], count: 0 })
    }

    /// Adds an article if it `may_be` among the best. It is written in any case: a branch here would be guessed wrong too often.
    #[inline]
    fn push(&mut self, doc: DocId, length: u8, score: f64, may_be: bool) {
        let at = self.count % BLOCK;
        (self.docs[at], self.lengths[at], self.scores[at]) = (doc, length, score);
        self.count += usize::from(may_be);
    }
}

/// The evaluation.
pub(super) struct BlockMax<'a> {
    first: Postings,
    bm25: &'a Bm25Weight,
    /// From the rarest to the most frequent.
    others: Vec<Other<'a>>,
    lengths: FieldNormReader,
    norms: &'a Norms,
    threshold: Score,
    candidates: Box<Candidates>,
    /// Those that the next word leaves.
    kept: Box<Candidates>,
    lookup: Lookup,
    deadline: &'a Deadline,
}

impl<'a> BlockMax<'a> {
    /// Of articles that score more than the threshold. The rarest of the others should be the first of them.
    pub(super) fn new(
        (first, bm25): (Postings, &'a Bm25Weight),
        others: Vec<Other<'a>>,
        lengths: FieldNormReader,
        norms: &'a Norms,
        threshold: Score,
        deadline: &'a Deadline,
    ) -> BlockMax<'a> {
        let (candidates, kept, lookup) = (Candidates::new(), Candidates::new(), Lookup::new());
        BlockMax { first, bm25, others, lengths, norms, threshold, candidates, kept, lookup, deadline }
    }

    /// `in_order`: articles come in their order, which takes longer.
    pub(super) fn run(mut self, in_order: bool, callback: &mut Callback<'_>) -> tantivy::Result<()> {
        let mut bounds = self.bounds();
        let first = (bounds.len() / PART_FIRST).min(MOST_FIRST);
        if in_order || first == 0 {
            return self.visit_all(&bounds, callback);
        }
        let (best, rest) = greatest_first(&mut bounds, first);
        self.visit_all(best, callback)?;
        self.visit_all(rest, callback)
    }

    /// Of each block of the first word.
    fn bounds(&mut self) -> Vec<BlockBound> {
        let mut first = 0;
        let bound = |block| {
            let last = self.first.last(block);
            let others: f64 = self.others.iter_mut().map(|other| other.bound_within(first, last)).sum();
            let most = (f64::from(self.first.most(block, self.bm25)) + others) as Score;
            first = last.saturating_add(1);
            BlockBound { block, most }
        };
        (0..self.first.blocks()).map(bound).collect()
    }

    /// Visits blocks, which are in their order.
    fn visit_all(&mut self, bounds: &[BlockBound], callback: &mut Callback<'_>) -> tantivy::Result<()> {
        self.others.iter_mut().for_each(|other| other.cursor.rewind());
        for bound in bounds {
            if self.deadline.is_over() {
                break;
            }
            if bound.most > self.threshold {
                self.visit(bound.block, callback)?;
            }
        }
        Ok(())
    }

    fn visit(&mut self, block: usize, callback: &mut Callback<'_>) -> tantivy::Result<()> {
        let first = if block == 0 { 0 } else { self.first.last(block - 1).saturating_add(1) };
        let last = self.first.last(block);
        let mut rest: f64 = self.others.iter_mut().map(|other| other.bound_within(first, last)).sum();
        self.gather(block, rest)?;
        for other in &mut self.others {
            rest -= other.bound;
            other.filter(&self.candidates, &mut self.kept, &mut self.lookup, rest, self.threshold)?;
            mem::swap(&mut self.candidates, &mut self.kept);
        }
        let Candidates { docs, scores, count, .. } = &*self.candidates;
        for (&doc, &score) in docs.iter().zip(scores).take(*count) {
            if score as Score > self.threshold {
                self.threshold = callback(doc, score as Score).max(self.threshold);
            }
        }
        Ok(())
    }

    /// Takes the articles of a block that score more than the threshold with what `rest` other words may add.
    fn gather(&mut self, block: usize, rest: f64) -> tantivy::Result<()> {
        let (docs, frequencies) = self.first.block(block)?;
        let least = f64::from(self.threshold) - rest;
        let enough = self.norms.enough(least, self.bm25);
        // One thing after the other and without branches, so that the processor does several at once.
        let (mut lengths, mut passed, mut count) = ([0; BLOCK], [0_u8; BLOCK], 0);
        for (length, &doc) in lengths.iter_mut().zip(docs) {
            *length = self.lengths.fieldnorm_id(doc);
        }
        for (at, (&length, &frequency)) in (0..).zip(lengths.iter().zip(frequencies)) {
            passed[count % BLOCK] = at;
            count += usize::from(enough.is_enough(length, frequency));
        }
        self.candidates.count = 0;
        for &at in &passed[..count] {
            let at = usize::from(at);
            let score = f64::from(self.bm25.score(lengths[at], frequencies[at]));
            self.candidates.push(docs[at], lengths[at], score, score > least);
        }
        Ok(())
    }
}
