//! The best articles of spans, without reading where words stand in the others.
//!
//! How often the words are in an article bounds how many spans it can have, and so its score. Where single words bound them,
//! the articles of a window that could score most are read first, which puts the threshold above the bounds of most others.

use std::cell::Cell;
use std::ops::Range;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::Bm25Weight;
use tantivy::schema::Field;
use tantivy::{DocId, Score, SegmentReader};

use super::occurrences::find;
use super::pair_scout::TwoRarest;
use super::placed::Place;
use super::scout::{Scout, Scouting, Sighting};
use super::{BoundingWords, Spans, Walker};
use crate::blocks::BLOCK;
use crate::deadline::Deadline;
use crate::top::Callback;

/// Blocks of 128 articles, of the rarest word, in the first window, which gives a threshold to the next ones: a third of all, within
/// bounds. Each window is twice as long as the one before, up to the longest.
const PART_IN_FIRST_WINDOW: usize = 3;
const FEWEST_WINDOW_BLOCKS: usize = 16;
const MOST_WINDOW_BLOCKS: usize = 256;

/// How many articles of the first window are read first, and how many of the others then, as of any other window: always those
/// that could score most.
const FIRSTS: [usize; 2] = [32, 128];

/// What an evaluation in one segment needs.
pub(super) struct Pruning<'a> {
    pub(super) spans: &'a Spans,
    pub(super) field: Field,
    pub(super) segment: &'a SegmentReader,
    /// Those of the segment that are looked at.
    pub(super) articles: Range<DocId>,
    pub(super) bm25: &'a Bm25Weight,
    pub(super) lengths: FieldNormReader,
    pub(super) deadline: &'a Deadline,
}

/// An article that has all words.
struct Candidate {
    doc: DocId,
    /// As an id of tantivy's.
    length: u8,
    /// What it would score with as many spans as its words let it have.
    bound: Score,
    /// In its window.
    number: u32,
}

/// Room for the articles of a window.
#[derive(Default)]
struct Room {
    candidates: Vec<Candidate>,
    /// Of each candidate that there has been in the window.
    places: Vec<[Place; 2]>,
}

thread_local! {
    /// It is kept for the next query: the system takes longer to give and take so much than a query does to fill it.
    static ROOM: Cell<Room> = Cell::default();
}

impl Pruning<'_> {
    /// Calls back with every article that scores more than the threshold, which is at least 0 and rises as the callback says.
    /// The articles come in no order.
    pub(super) fn run(&self, threshold: Score, callback: &mut Callback<'_>) -> tantivy::Result<()> {
        // What has no spans scores 0, and must not come in while the threshold is lower still.
        let mut threshold = Threshold::new(self.bm25, threshold.max(0.0));
        let mut callback = |doc, score| callback(doc, score).max(0.0);
        let bounding = self.spans.bounding_words(self.field, self.segment);
        let Some(bounding) = bounding else {
            let walker = Walker::open(self.spans, self.field, self.segment)?;
            self.run_in_order(walker, self.articles.start, &mut threshold, &mut callback);
            return Ok(());
        };
        let Some(words) = find(&bounding.words, self.segment)? else { return Ok(()) };
        if let Some(two) = TwoRarest::open(&words, self.spans, self.field, self.segment, &self.articles)? {
            let TwoRarest { scout, mut pair, whole } = two;
            let mut walkers = whole.map(in_turns);
            let count = |candidate: &Candidate, places, turn: usize, least| {
                let of_two = pair.frequency(candidate.doc, places, least);
                match &mut walkers {
                    None => of_two,
                    Some(_) if of_two < least => 0,
                    Some(walkers) => walkers[turn].frequency_at(candidate.doc, least),
                }
            };
            self.run_in_windows(count, scout, &bounding, &mut threshold, &mut callback, |_| true);
            return Ok(());
        }
        let walker = Walker::of(&words, self.spans, self.field, self.segment)?;
        let Some(scout) = Scout::open(&words, self.segment, &self.articles)? else {
            self.run_in_order(walker, self.articles.start, &mut threshold, &mut callback);
            return Ok(());
        };
        let mut walkers = in_turns(walker);
        let count =
            |candidate: &Candidate, _, turn: usize, least| walkers[turn].frequency_at(candidate.doc, least);
        // Where the spans are so rare that there is no threshold yet, two walks are more work than one.
        let is_worth_it = |threshold: &Threshold<'_>| threshold.score > 0.0;
        let rest = self.run_in_windows(count, scout, &bounding, &mut threshold, &mut callback, is_worth_it);
        let [.., walker] = walkers;
        self.run_in_order(walker, rest, &mut threshold, &mut callback);
        Ok(())
    }

    /// From the article `first` on.
    fn run_in_order(
        &self,
        mut walker: Walker,
        first: DocId,
        threshold: &mut Threshold<'_>,
        callback: &mut Callback<'_>,
    ) {
        let mut doc = walker.seek(first);
        while doc < self.articles.end && !self.deadline.is_over() {
            let length = self.lengths.fieldnorm_id(doc);
            // Whatever has spans scores more than nothing.
            let frequency = if threshold.score > 0.0 { walker.frequency_bound(doc) } else { u32::MAX };
            let bound = self.bm25.score(length, frequency);
            let candidate = Candidate { doc, length, bound, number: 0 };
            self.visit(&candidate, |least| walker.frequency(doc, least), threshold, callback);
            doc = walker.seek(doc + 1);
        }
    }

    /// `count` tells how many spans an article has. In one turn, of three, the articles come in their order. Goes on after a window
    /// where `goes_on`; gives the article that comes next then.
    fn run_in_windows(
        &self,
        mut count: impl FnMut(&Candidate, [Place; 2], usize, u32) -> u32,
        mut scout: impl Scouting,
        bounding: &BoundingWords,
        threshold: &mut Threshold<'_>,
        callback: &mut Callback<'_>,
        goes_on: impl Fn(&Threshold<'_>) -> bool,
    ) -> DocId {
        let Room { mut candidates, mut places } = ROOM.take();
        let mut rest = self.articles.end;
        let first_blocks = scout.articles() as usize / BLOCK / PART_IN_FIRST_WINDOW;
        let first_blocks = first_blocks.clamp(FEWEST_WINDOW_BLOCKS, MOST_WINDOW_BLOCKS);
        let mut blocks = first_blocks;
        while scout.next().is_some() {
            candidates.clear();
            places.clear();
            for _ in 0..blocks {
                if scout.next().is_none() {
                    break;
                }
                if self.deadline.is_over() {
                    return rest;
                }
                let may_be = |doc, frequency| {
                    let least = threshold.least(self.lengths.fieldnorm_id(doc));
                    (bounding.most_of_one(frequency) >= least).then_some(least)
                };
                let found = |seen: Sighting| {
                    let most = bounding.most(seen.frequencies);
                    if most >= seen.least {
                        let (length, number) = (self.lengths.fieldnorm_id(seen.doc), places.len() as u32);
                        let bound = self.bm25.score(length, most);
                        candidates.push(Candidate { doc: seen.doc, length, bound, number });
                        places.push(seen.places);
                    }
                };
                scout.read_block(may_be, found);
            }
            let mut visit = |candidate: &Candidate, turn: usize, threshold: &mut Threshold<'_>| {
                let places = places[candidate.number as usize];
                self.visit(candidate, |least| count(candidate, places, turn, least), threshold, callback);
            };
            let passed = usize::from(blocks > first_blocks);
            for (turn, articles) in FIRSTS.into_iter().enumerate().skip(passed) {
                let bound = bound_of_first(&candidates, articles);
                candidates.retain(|candidate| {
                    if candidate.bound < bound {
                        return candidate.bound > threshold.score;
                    }
                    visit(candidate, turn, threshold);
                    false
                });
            }
            candidates.iter().for_each(|candidate| visit(candidate, FIRSTS.len(), threshold));
            blocks = (2 * blocks).min(MOST_WINDOW_BLOCKS);
            if !goes_on(threshold) {
                rest = scout.next().unwrap_or(rest);
                break;
            }
        }
        ROOM.set(Room { candidates, places });
        rest
    }

    /// Counts the spans of an article, if it could score enough; none, perhaps, where there are less than are enough.
    fn visit(
        &self,
        candidate: &Candidate,
        count: impl FnOnce(u32) -> u32,
        threshold: &mut Threshold<'_>,
        callback: &mut Callback<'_>,
    ) {
        let &Candidate { doc, length, bound, .. } = candidate;
        if bound <= threshold.score || self.deadline.is_over() {
            return;
        }
        let score = self.bm25.score(length, count(threshold.least(length)));
        if score > threshold.score {
            threshold.set(callback(doc, score));
        }
    }
}

/// A walker for each turn.
fn in_turns(walker: Walker) -> [Walker; FIRSTS.len() + 1] {
    [walker.clone(), walker.clone(), walker]
}

/// The score that an article must exceed, and the frequencies that are enough for it.
struct Threshold<'a> {
    bm25: &'a Bm25Weight,
    score: Score,
    /// For each length the least frequency that was enough when it was asked for, and for which threshold of those there have
    /// been. As the threshold only rises, no less is enough now.
    least: [(u32, u32); 256],
    number: u32,
}

impl<'a> Threshold<'a> {
    fn new(bm25: &'a Bm25Weight, score: Score) -> Threshold<'a> {
        Threshold { bm25, score, least: [(1, 0); 256], number: 1 }
    }

    fn set(&mut self, score: Score) {
        if score > self.score {
            self.score = score;
            self.number += 1;
        }
    }

    /// The least frequency that makes an article of this length, as an id of tantivy's, score more; `u32::MAX` where none does.
    #[inline]
    fn least(&mut self, length: u8) -> u32 {
        let (least, number) = &mut self.least[usize::from(length)];
        if *number != self.number {
            *least = least_where(*least, |frequency| self.bm25.score(length, frequency) > self.score);
            *number = self.number;
        }
        *least
    }
}

/// The least bound of the candidates that are read first; that of none where they are few.
fn bound_of_first(candidates: &[Candidate], articles: usize) -> Score {
    if candidates.len() < 2 * articles {
        return Score::INFINITY;
    }
    let mut bounds: Vec<Score> = candidates.iter().map(|candidate| candidate.bound).collect();
    let (_, bound, _) = bounds.select_nth_unstable_by(articles, |a, b| b.total_cmp(a));
    *bound
}

/// The least number from `low` on for which `holds`, which then holds for all greater ones too; `u32::MAX` where it is a
/// thousand million or more.
fn least_where(mut low: u32, holds: impl Fn(u32) -> bool) -> u32 {
    let (mut high, mut step) = (low, 1);
    while !holds(high) {
        if high >= 1 << 30 {
            return u32::MAX;
        }
        low = high + 1;
        high += step;
        step *= 2;
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    high
}
