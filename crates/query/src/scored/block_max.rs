//! Block-max pruning for articles that have a word, and others that must be there too, only add to the score, or must not be there.
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
use crate::norms::{Enough, Norms, lengths_of};
use crate::postings::{Best, BlockBound, Cursor, Lookup, Mention, Postings, greatest_first};
use crate::top::Callback;

/// The part of the blocks of the first word that comes first, and how many these are at the most.
const PART_FIRST: usize = 8;
const MOST_FIRST: usize = 32;

/// A word that is looked for.
pub(super) struct Word<'a> {
    cursor: Cursor,
    bm25: &'a Bm25Weight,
    /// Must articles have it?
    pub(super) is_needed: bool,
}

impl<'a> Word<'a> {
    pub(super) fn new((postings, bm25): (Postings, &'a Bm25Weight), is_needed: bool) -> Word<'a> {
        Word { cursor: Cursor::new(postings), bm25, is_needed }
    }

    /// No article scores more by it.
    pub(super) fn most(&self) -> Score {
        self.bm25.score(0, u32::MAX)
    }
}

/// What another word than the first does, in the order in which they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    /// Articles must have it.
    Needed,
    /// It adds to the score.
    Added,
    /// Articles must not have it.
    Barred,
}

/// Another word than the first.
struct Other<'a> {
    cursor: &'a mut Cursor,
    bm25: &'a Bm25Weight,
    role: Role,
    /// The most that any article scores.
    most: f64,
    /// The most that an article of the first word's block scores.
    bound: f64,
}

impl<'a> Other<'a> {
    fn new(word: &'a mut Word<'_>, role: Role) -> Other<'a> {
        let most = if role == Role::Barred { 0.0 } else { f64::from(word.most()) };
        word.cursor.rewind(); // another pass may have moved it
        Other { cursor: &mut word.cursor, bm25: word.bm25, role, most, bound: most }
    }

    /// Bounds what an article from `first` to `last` scores.
    fn bound_within(&mut self, first: DocId, last: DocId) -> f64 {
        if self.role == Role::Barred {
            return 0.0;
        }
        let mut most: Score = 0.0;
        let is_known = self.cursor.best_within(first, last, |best| most = most.max(best.score(self.bm25)));
        self.bound = if is_known { f64::from(most) } else { self.most };
        self.bound
    }

    /// Must articles have it that score more than the threshold, in a block of the first word where they score no more than `most`? What
    /// only adds to scores is needed where nothing scores enough without it.
    fn is_needed(&self, most: f64, threshold: Score) -> bool {
        match self.role {
            Role::Needed => true,
            Role::Added => (most - self.bound) as Score <= threshold,
            Role::Barred => false,
        }
    }

    /// Takes over the candidates that have the word where it is needed, or do not have it where it is barred, or all, if with it and what
    /// `rest` other words may add they score more than the threshold.
    fn filter(
        &mut self,
        is_needed: bool,
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
            if self.role == Role::Barred {
                return true;
            }
            let most = f64::from(best.score(self.bm25)) + rest;
            scores[here].iter().any(|score| (score + most) as Score > threshold)
        };
        let score =
            |mention: &Mention| f64::from(self.bm25.score(lengths[mention.number], mention.frequency));
        let may_be = |score: f64| (score + rest) as Score > threshold;
        if is_needed {
            return self.cursor.find(docs, lookup, is_worth_it, |met| {
                met.mentions().for_each(|mention| {
                    let (number, score) = (mention.number, scores[mention.number] + score(&mention));
                    kept.push(docs[number], lengths[number], score, may_be(score));
                });
            });
        }
        let with_word = &mut kept.scores;
        with_word[..docs.len()].copy_from_slice(&scores[..docs.len()]);
        self.cursor.find(docs, lookup, is_worth_it, |met| {
            met.mentions().for_each(|mention| {
                with_word[mention.number] += match self.role {
                    Role::Barred => f64::NEG_INFINITY,
                    _ => score(&mention),
                }
            });
        })?;
        for (number, (&doc, &length)) in docs.iter().zip(lengths).enumerate() {
            // Those before it that are kept take no more room than they did.
            let score = kept.scores[number];
            kept.push(doc, length, score, may_be(score));
        }
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

/// The evaluation of one pass after the other.
pub(super) struct BlockMax<'a> {
    lengths: FieldNormReader,
    norms: &'a Norms,
    /// Do articles come in their order in a pass? That takes longer.
    in_order: bool,
    threshold: Score,
    candidates: Box<Candidates>,
    /// Those that the next word leaves.
    kept: Box<Candidates>,
    lookup: Lookup,
    deadline: &'a Deadline,
}

impl<'a> BlockMax<'a> {
    /// Of articles that score more than the threshold.
    pub(super) fn new(
        lengths: FieldNormReader,
        norms: &'a Norms,
        in_order: bool,
        threshold: Score,
        deadline: &'a Deadline,
    ) -> BlockMax<'a> {
        let (candidates, kept, lookup) = (Candidates::new(), Candidates::new(), Lookup::new());
        BlockMax { lengths, norms, in_order, threshold, candidates, kept, lookup, deadline }
    }

    /// What an article must score more than by now.
    pub(super) fn threshold(&self) -> Score {
        self.threshold
    }

    /// Finds the articles that have the word `first`, and none of those that are `barred`. The others add to the score, and some of them are
    /// needed; the rarest should come first.
    pub(super) fn run(
        &mut self,
        first: &mut Word<'_>,
        others: &mut [Word<'_>],
        barred: &mut [Word<'_>],
        callback: &mut Callback<'_>,
    ) -> tantivy::Result<()> {
        let mut of_others = Vec::with_capacity(others.len() + barred.len());
        for word in others {
            let role = if word.is_needed { Role::Needed } else { Role::Added };
            of_others.push(Other::new(word, role));
        }
        of_others.sort_by_key(|other| other.role); // keeps the order of the words
        of_others.extend(barred.iter_mut().map(|word| Other::new(word, Role::Barred)));
        let (first, bm25) = (&mut first.cursor.postings, first.bm25);
        Pass { evaluation: self, first, bm25, others: of_others }.run(callback)
    }
}

/// A pass over the articles of a word.
struct Pass<'a, 'b> {
    evaluation: &'b mut BlockMax<'a>,
    first: &'b mut Postings,
    bm25: &'b Bm25Weight,
    /// In the order in which they are asked.
    others: Vec<Other<'b>>,
}

impl Pass<'_, '_> {
    fn run(mut self, callback: &mut Callback<'_>) -> tantivy::Result<()> {
        let mut bounds = self.bounds();
        let first = (bounds.len() / PART_FIRST).min(MOST_FIRST);
        if self.evaluation.in_order || first == 0 {
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
            if self.evaluation.deadline.is_over() {
                break;
            }
            if bound.most > self.evaluation.threshold {
                self.visit(bound.block, callback)?;
            }
        }
        Ok(())
    }

    fn visit(&mut self, block: usize, callback: &mut Callback<'_>) -> tantivy::Result<()> {
        let first = if block == 0 { 0 } else { self.first.last(block - 1).saturating_add(1) };
        let last = self.first.last(block);
        let mut rest: f64 = self.others.iter_mut().map(|other| other.bound_within(first, last)).sum();
        let most = f64::from(self.first.most(block, self.bm25)) + rest;
        let threshold = self.evaluation.threshold;
        let enough = self.evaluation.norms.enough(f64::from(threshold) - rest, self.bm25);
        let seldom = self.others.first().filter(|other| {
            other.is_needed(most, threshold)
                && enough.lets_most_pass()
                && other.cursor.is_seldom(&self.evaluation.lengths)
        });
        let asked = usize::from(seldom.is_some());
        if let Some(other) = seldom {
            rest -= other.bound;
            self.gather_met(block, rest)?;
        } else {
            self.gather(block, rest, enough)?;
        }
        let BlockMax { candidates, kept, lookup, threshold, .. } = &mut *self.evaluation;
        for other in &mut self.others[asked..] {
            rest -= other.bound;
            let is_needed = other.is_needed(most, *threshold);
            other.filter(is_needed, candidates, kept, lookup, rest, *threshold)?;
            mem::swap(candidates, kept);
        }
        let Candidates { docs, scores, count, .. } = &**candidates;
        for (&doc, &score) in docs.iter().zip(scores).take(*count) {
            if score as Score > *threshold {
                *threshold = callback(doc, score as Score).max(*threshold);
            }
        }
        Ok(())
    }

    /// Takes the articles of a block that score more than the threshold with what `rest` other words may add, for which frequencies are
    /// `enough`.
    fn gather(&mut self, block: usize, rest: f64, enough: Enough<'_>) -> tantivy::Result<()> {
        let BlockMax { candidates, threshold, lengths: of_articles, .. } = &mut *self.evaluation;
        let (docs, frequencies) = self.first.block(block)?;
        let least = f64::from(*threshold) - rest;
        let lengths = lengths_of(docs, of_articles);
        let mut passed = [0; BLOCK];
        let count = enough.select(&lengths, frequencies, &mut passed);
        candidates.count = 0;
        for &at in &passed[..count] {
            let at = usize::from(at);
            let score = f64::from(self.bm25.score(lengths[at], frequencies[at]));
            candidates.push(docs[at], lengths[at], score, score > least);
        }
        Ok(())
    }

    /// The same of those alone that have the first other word: where most articles would be taken and few have that word, it is less work
    /// to look for it in all of them than to look at the lengths and frequencies of all.
    fn gather_met(&mut self, block: usize, rest: f64) -> tantivy::Result<()> {
        let BlockMax { candidates, threshold, lookup, lengths, .. } = &mut *self.evaluation;
        candidates.count = 0;
        let Some(other) = self.others.first_mut() else { return Ok(()) };
        let most = f64::from(self.first.most(block, self.bm25)) + rest;
        let is_worth_it = |_, best: Best| (most + f64::from(best.score(other.bm25))) as Score > *threshold;
        let (mut met, mut count) = ([(0, 0); BLOCK], 0);
        other.cursor.find(self.first.docs(block)?, lookup, is_worth_it, |found| {
            for (place, Mention { number, frequency, .. }) in met[count..].iter_mut().zip(found.mentions()) {
                *place = (number, frequency);
                count += 1;
            }
        })?;
        if count == 0 {
            return Ok(());
        }
        let (docs, frequencies) = self.first.block(block)?;
        for &(number, frequency) in &met[..count] {
            let length = lengths.fieldnorm_id(docs[number]);
            let score = f64::from(self.bm25.score(length, frequencies[number]))
                + f64::from(other.bm25.score(length, frequency));
            candidates.push(docs[number], length, score, (score + rest) as Score > *threshold);
        }
        Ok(())
    }
}
