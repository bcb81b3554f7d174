//! Two words near each other, or between the same bounds: the spans that are asked for most, without lists of intervals.

use std::ops::ControlFlow;

use tantivy::{DocId, SegmentReader, TERMINATED};

use super::bounds::Bounds;
use super::interval::{Interval, neighbours};
use super::merge::merge_neighbours;
use super::occurrences::Occurrences;
use super::{Bound, Frequencies};

/// Words with so many positions each are merged without branches.
const MANY: usize = 32;

/// Two words and what holds between them.
#[derive(Clone)]
pub(super) struct Pair {
    left: Occurrences,
    right: Occurrences,
    rule: PairRule,
}

/// What holds between two words.
#[derive(Clone)]
pub(super) struct PairRule {
    ordered: bool,
    reach: Reach,
    candidates: Vec<Interval>,
}

/// How far apart the two may be.
#[derive(Clone)]
pub(super) enum Reach {
    Positions(u32),
    Within(Bounds),
}

impl Reach {
    pub(super) fn within(bound: Bound, segment: &SegmentReader) -> tantivy::Result<Reach> {
        Bounds::open(bound, segment).map(Reach::Within)
    }
}

impl Pair {
    pub(super) fn new(left: Occurrences, right: Occurrences, ordered: bool, reach: Reach) -> Pair {
        Pair { left, right, rule: PairRule::new(ordered, reach) }
    }

    pub(super) fn cost(&self) -> u32 {
        self.left.articles().min(self.right.articles())
    }

    /// Moves to the first article at or behind `target` that has both. Two walks need no list to go through: `seek_together`
    /// would make a proximity a sixth slower.
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        let mut doc = self.left.seek(target);
        while doc != TERMINATED {
            let other = self.right.seek(doc);
            if other == doc {
                break;
            }
            doc = self.left.seek(other);
            if doc == other {
                break;
            }
        }
        doc
    }

    pub(super) fn frequencies(&mut self, doc: DocId) -> Frequencies {
        Frequencies::of_one(self.left.frequency(doc)).and(self.right.frequency(doc))
    }

    /// The words themselves, each alone.
    pub(super) fn words_mut(&mut self) -> [&mut Occurrences; 2] {
        [&mut self.left, &mut self.right]
    }

    /// As [`PairRule::holds`].
    pub(super) fn is_in(&mut self, doc: DocId) -> bool {
        self.rule.holds(self.left.at(doc), self.right.at(doc), doc)
    }

    /// As [`PairRule::spans`].
    pub(super) fn spans(&mut self, doc: DocId, least: u32) -> &[Interval] {
        self.rule.spans(self.left.at(doc), self.right.at(doc), doc, least)
    }
}

impl PairRule {
    pub(super) fn new(ordered: bool, reach: Reach) -> PairRule {
        PairRule { ordered, reach, candidates: Vec::new() }
    }

    /// The spans in an article with the words at these positions, in order; none, perhaps, where their weights add up to less than
    /// `least`.
    pub(super) fn spans(&mut self, left: &[u32], right: &[u32], doc: DocId, least: u32) -> &[Interval] {
        let reach = match self.reach {
            Reach::Positions(distance) => distance,
            // Where every two that are next to each other are candidates, there is nothing to be left out early.
            Reach::Within(_) if left.len().min(right.len()) >= MANY => {
                debug_assert!(!self.ordered, "a sentence has no order");
                if let Some(weight) = merge_neighbours([left, right], least, &mut self.candidates) {
                    return self.within(doc, weight, least);
                }
                u32::MAX
            }
            Reach::Within(_) => u32::MAX,
        };
        self.candidates.clear();
        let mut weight = 0;
        neighbours(left, right, self.ordered, |span, after| {
            if span.end - span.start <= reach {
                weight += span.weight;
                self.candidates.push(span);
            } else if weight as usize + after < least as usize {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
        self.within(doc, weight, least)
    }

    /// Those of the candidates, which weigh so much together, that no bound parts; none where they weigh less than `least`.
    #[inline]
    fn within(&mut self, doc: DocId, mut weight: u32, least: u32) -> &[Interval] {
        if let Reach::Within(bounds) = &self.reach
            && weight >= least
        {
            let mut bounds = bounds.of(doc);
            self.candidates.retain(|span| {
                let stays = weight >= least && !bounds.part(span.start, span.end);
                weight -= if stays { 0 } else { span.weight };
                stays
            });
        }
        if weight < least {
            self.candidates.clear();
        }
        &self.candidates
    }

    /// Is there any span in an article with the words at these positions? Less work than to find them all.
    pub(super) fn holds(&self, left: &[u32], right: &[u32], doc: DocId) -> bool {
        let mut found = false;
        let mut until = |holds| {
            found = holds;
            if holds { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        match &self.reach {
            Reach::Positions(distance) => {
                neighbours(left, right, self.ordered, |span, _| until(span.end - span.start <= *distance));
            }
            Reach::Within(bounds) => {
                let mut bounds = bounds.of(doc);
                neighbours(left, right, self.ordered, |span, _| until(!bounds.part(span.start, span.end)));
            }
        }
        found
    }
}
