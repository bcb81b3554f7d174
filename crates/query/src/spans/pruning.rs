//! The best articles of spans, without reading where words stand in the others.
//!
//! How often the words are in an article bounds how many spans it can have, and so its score. Where single words bound them,
//! the articles of a window that could score most are read first, which puts the threshold above the bounds of most others.

use std::cell::Cell;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::Bm25Weight;
use tantivy::{DocId, Score};

use super::occurrences::{KnownTerms, find};
use super::placed::Place;
use super::scout::{Scout, Sighting};
use super::sought::{Finder, Sought};
use super::{BoundingWords, Walker};
use crate::blocks::BLOCK;
use crate::norms::{Enough, Norms, lengths_of};
use crate::postings::{Best, BlockBound, greatest_first};
use crate::top::Callback;

/// Of the blocks of the rarest word, those with the greatest bounds make the first window, which gives a threshold to the next ones: a
/// part of all, within bounds. The next windows are twice as large each, until they would be as large as those in which the others come in
/// their order.
const PART_FIRST: usize = 6;
const FEWEST_FIRST: usize = 6;
const MOST_FIRST: usize = 64;
const WINDOW_BLOCKS: usize = 256;

/// How many articles of a window that grows are read, always those that could score most, before the next window; how many of one of the
/// others, before the rest of it.
const FIRST: usize = 64;
const FIRST_OF_REST: usize = 128;

/// What an evaluation in one segment needs.
pub(super) struct Pruning<'a> {
    pub(super) sought: Sought<'a>,
    pub(super) bm25: &'a Bm25Weight,
    pub(super) lengths: FieldNormReader,
    pub(super) norms: &'a Norms,
    pub(super) known: &'a KnownTerms,
    /// How many times the bound of a block an article may score (see [`crate::slack`]).
    pub(super) slack: Score,
}

/// An article that has all words.
struct Candidate {
    doc: DocId,
    /// As an id of tantivy's.
    length: u8,
    /// What it would score with as many spans as its words let it have.
    most: Score,
    places: [Place; 2],
}

thread_local! {
    /// Room for the articles of a window, kept for the next query: the system takes longer to give and take so much than a query does to
    /// fill it.
    static ROOM: Cell<Vec<Candidate>> = Cell::default();
}

impl Pruning<'_> {
    /// Calls back with every article that scores more than the threshold, which is at least 0 and rises as the callback says.
    /// The articles come in no order.
    pub(super) fn run(&self, threshold: Score, callback: &mut Callback<'_>) -> tantivy::Result<()> {
        // What has no spans scores 0, and must not come in while the threshold is lower still.
        let mut threshold = Threshold::new(self.bm25, self.norms, threshold.max(0.0));
        let mut callback = |doc, score| callback(doc, score).max(0.0);
        let Sought { spans, field, segment, files, ref articles, .. } = self.sought;
        let Some(bounding) = spans.bounding_words(field, segment) else {
            self.run_in_order(Walker::open(spans, field, segment, files)?, &mut threshold, &mut callback);
            return Ok(());
        };
        let Some(words) = find(&bounding.words, segment, Some(self.known))? else { return Ok(()) };
        if let Some(Finder { scout, mut placed }) = self.sought.finder(&words)? {
            let count = |found: &Candidate, _, least| placed.frequency(found.doc, found.places, least);
            return self.run_in_windows(count, scout, &bounding, &mut threshold, &mut callback);
        }
        let walker = self.sought.walker(&words)?;
        let Some(scout) = Scout::open(&words, segment, files, articles)? else { return Ok(()) };
        let (mut walk, mut turn_of_walk, mut last) = (walker.clone(), 0, 0);
        let count = |found: &Candidate, turn, least| {
            if turn != turn_of_walk {
                (walk, turn_of_walk, last) = (walker.clone(), turn, 0);
            }
            debug_assert!(found.doc >= last, "a walk never goes back");
            last = found.doc;
            Ok(walk.frequency_at(found.doc, least))
        };
        self.run_in_windows(count, scout, &bounding, &mut threshold, &mut callback)
    }

    fn run_in_order(&self, mut walker: Walker, threshold: &mut Threshold<'_>, callback: &mut Callback<'_>) {
        let Sought { articles, deadline, .. } = &self.sought;
        let mut doc = walker.seek(articles.start);
        while doc < articles.end && !deadline.is_over() {
            let length = self.lengths.fieldnorm_id(doc);
            // Whatever has spans scores more than nothing.
            let frequency = if threshold.score > 0.0 { walker.frequency_bound(doc) } else { u32::MAX };
            if self.bm25.score(length, frequency) > threshold.score {
                let frequency = walker.frequency(doc, threshold.enough.least(length));
                self.take(doc, length, frequency, threshold, callback);
            }
            doc = walker.seek(doc + 1);
        }
    }

    /// `count` tells how many spans an article has. It is told of articles in turns, in each in their order.
    fn run_in_windows(
        &self,
        count: impl FnMut(&Candidate, usize, u32) -> tantivy::Result<u32>,
        mut scout: Scout,
        bounding: &BoundingWords,
        threshold: &mut Threshold<'_>,
        callback: &mut Callback<'_>,
    ) -> tantivy::Result<()> {
        let mut blocks = scout.bounds(|best| self.most_of_block(best, bounding));
        let mut candidates = ROOM.take();
        let mut visitor = Visitor { pruning: self, count, threshold, callback, turn: 0 };

        let mut size = (blocks.len() / PART_FIRST).clamp(FEWEST_FIRST, MOST_FIRST);
        let mut rest = &mut blocks[..];
        while size < WINDOW_BLOCKS && !rest.is_empty() {
            let (window, others) = greatest_first(rest, size);
            (rest, size) = (others, 2 * size);
            self.gather(window, &mut scout, bounding, visitor.threshold, &mut candidates)?;
            visitor.visit_window(&mut candidates, FIRST, rest.is_empty())?;
            scout.rewind();
        }
        for window in rest.chunks(WINDOW_BLOCKS) {
            self.gather(window, &mut scout, bounding, visitor.threshold, &mut candidates)?;
            visitor.visit_window(&mut candidates, FIRST_OF_REST, true)?;
        }
        candidates.clear();
        ROOM.set(candidates);
        Ok(())
    }

    /// Adds the articles of these blocks that have all words and could score more than the threshold.
    fn gather(
        &self,
        blocks: &[BlockBound],
        scout: &mut Scout,
        bounding: &BoundingWords,
        threshold: &Threshold<'_>,
        candidates: &mut Vec<Candidate>,
    ) -> tantivy::Result<()> {
        let (score, enough) = (threshold.score, &threshold.enough);
        let of_one = if bounding.either_order { enough.of_half() } else { *enough };
        let select = |docs: &[DocId], frequencies: &[u32], places: &mut [u8; BLOCK]| {
            of_one.select(&lengths_of(docs, &self.lengths), frequencies, places)
        };
        let may_have = |best| self.most_of_block(best, bounding) > score;
        let admits =
            |doc, frequencies| enough.is_enough(self.lengths.fieldnorm_id(doc), bounding.most(frequencies));
        for bound in blocks.iter().filter(|bound| bound.most > score) {
            if self.sought.deadline.is_over() {
                break;
            }
            scout.read(bound.block, select, may_have, admits, |&Sighting { doc, frequencies, places }| {
                let length = self.lengths.fieldnorm_id(doc);
                let most = self.bm25.score(length, bounding.most(frequencies));
                candidates.push(Candidate { doc, length, most, places });
            })?;
        }
        Ok(())
    }

    /// The most that an article of a block scores, of which this is the best of one word.
    fn most_of_block(&self, best: Best, bounding: &BoundingWords) -> Score {
        self.bm25.score(best.length, bounding.most_of_one(best.frequency)) * self.slack
    }

    /// An article that has so many spans, or less where that would not be enough.
    fn take(
        &self,
        doc: DocId,
        length: u8,
        frequency: u32,
        threshold: &mut Threshold<'_>,
        callback: &mut Callback<'_>,
    ) {
        let score = self.bm25.score(length, frequency);
        if score > threshold.score {
            threshold.set(callback(doc, score));
        }
    }
}

/// Counts the spans of articles that could score enough.
struct Visitor<'a, 'b, 'c, Count> {
    pruning: &'a Pruning<'a>,
    count: Count,
    threshold: &'a mut Threshold<'b>,
    callback: &'a mut Callback<'c>,
    turn: usize,
}

impl<Count: FnMut(&Candidate, usize, u32) -> tantivy::Result<u32>> Visitor<'_, '_, '_, Count> {
    /// Visits so many articles that could score most, and then the rest where `visits_rest`, or where there is no threshold yet; otherwise
    /// those of the rest that could still score enough are left there.
    fn visit_window(
        &mut self,
        candidates: &mut Vec<Candidate>,
        articles: usize,
        visits_rest: bool,
    ) -> tantivy::Result<()> {
        // Before those of the window stands what others have left.
        candidates.sort_by_key(|found| found.doc);
        let bound = bound_of_first(candidates, articles);
        self.visit(candidates, |most| most >= bound)?;
        if visits_rest || self.threshold.score <= 0.0 {
            self.visit(candidates, |most| most < bound)?;
            candidates.clear();
        } else {
            let threshold = self.threshold.score;
            candidates.retain(|found| found.most < bound && found.most > threshold);
        }
        Ok(())
    }

    /// Visits articles that could score enough, of those whose bounds are `next`.
    fn visit(&mut self, candidates: &[Candidate], next: impl Fn(Score) -> bool) -> tantivy::Result<()> {
        self.turn += 1;
        for found in candidates {
            if next(found.most) && found.most > self.threshold.score {
                if self.pruning.sought.deadline.is_over() {
                    break;
                }
                let least = self.threshold.enough.least(found.length);
                let frequency = (self.count)(found, self.turn, least)?;
                self.pruning.take(found.doc, found.length, frequency, self.threshold, self.callback);
            }
        }
        Ok(())
    }
}

/// The score that an article must exceed, and the frequencies that are enough for it.
struct Threshold<'a> {
    bm25: &'a Bm25Weight,
    norms: &'a Norms,
    score: Score,
    enough: Enough<'a>,
}

impl<'a> Threshold<'a> {
    fn new(bm25: &'a Bm25Weight, norms: &'a Norms, score: Score) -> Threshold<'a> {
        Threshold { bm25, norms, score, enough: norms.enough(score.into(), bm25) }
    }

    fn set(&mut self, score: Score) {
        if score > self.score {
            *self = Threshold::new(self.bm25, self.norms, score);
        }
    }
}

/// The least of so many greatest bounds; less than all where there are not many more.
fn bound_of_first(candidates: &[Candidate], articles: usize) -> Score {
    if candidates.len() < 2 * articles {
        return Score::MIN;
    }
    let mut bounds: Vec<Score> = candidates.iter().map(|found| found.most).collect();
    let (_, bound, _) = bounds.select_nth_unstable_by(articles, |a, b| b.total_cmp(a));
    *bound
}
