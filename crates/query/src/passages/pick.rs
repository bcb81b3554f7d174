//! Which sentences to show: few that together have every clause, the telling ones first.

use std::cmp::Reverse;
use std::collections::binary_heap::PeekMut;
use std::collections::{BTreeMap, BinaryHeap};
use std::mem;
use std::ops::RangeInclusive;

use article::Kind;

use super::Clause;
use super::place::Places;
use crate::deadline::Deadline;

/// The first and the last of some rows.
type Rows = (usize, usize);

/// Rows that could be shown together, because a match begins in the first and ends in the last of them. The greatest is to be
/// shown first: it shows the most clauses not shown yet; of equals the one in running text, with more clauses, with more matches,
/// of fewer rows, and then the first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    /// How many of its clauses were not shown when they were counted last. They never become more.
    new: usize,
    /// How telling the kind of its first row is.
    telling: u8,
    /// How many clauses it shows.
    clauses: usize,
    matches: usize,
    /// How many rows it has behind the first, and which these are. No other candidate has the same.
    rows: Reverse<(usize, Rows)>,
    /// Where its clauses begin in the list of them.
    start: usize,
}

/// Matches of a clause that begin and end in the same rows.
struct Run {
    rows: Rows,
    clause: usize,
    matches: usize,
}

/// So many fragments are looked for among all stretches, one after the other; more than that are taken from a heap, which takes longer
/// to make.
const SCANS: usize = 4;

/// Chooses what to show of one article after the other. Its lists are kept for the next one.
#[derive(Default)]
pub(super) struct Picker {
    runs: Vec<Run>,
    /// The stretches that could be shown, until they have been scanned so often, and then the best on top.
    candidates: Vec<Candidate>,
    scans: usize,
    heap: BinaryHeap<Candidate>,
    /// The clauses of one candidate after the other.
    clauses: Vec<usize>,
    missing: Missing,
    /// The rows of the fragments chosen so far.
    covered: Covered,
}

/// Clauses of which nothing is shown yet.
#[derive(Default)]
struct Missing {
    is_missing: Vec<bool>,
    count: usize,
}

/// Rows that are shown: the last by the first of each stretch, and no two stretches have a row in common.
#[derive(Default)]
struct Covered(BTreeMap<usize, usize>);

impl Picker {
    /// At most `limit` fragments in the order of the text, each of one or more stretches of rows. Together they have
    /// every clause that was found: what does not fit into a fragment of its own is added to the last one.
    /// Once the deadline is over they have anything.
    pub(super) fn pick(
        &mut self,
        places: &Places<'_>,
        found: &[Clause],
        limit: usize,
        deadline: &Deadline,
    ) -> Vec<Vec<RangeInclusive<usize>>> {
        self.gather(places, found);
        let mut chosen: Vec<Vec<Rows>> = Vec::new();
        while (chosen.len() < limit || self.missing.count > 0) && !deadline.is_over() {
            let Some(best) = self.take_best() else { break };
            let Reverse((_, rows)) = best.rows;
            let is_new = self.show(&best);
            if chosen.len() == limit && !is_new {
                break;
            }
            let is_apart = !self.covered.touch(rows);
            if is_apart && chosen.len() < limit {
                chosen.push(vec![rows]);
            } else if is_apart {
                chosen.last_mut().into_iter().for_each(|fragment| fragment.push(rows));
            } else if is_new {
                // All that it touches become one fragment.
                let touches = |fragment: &Vec<Rows>| fragment.iter().any(|&other| overlap(other, rows));
                let (touched, apart): (Vec<_>, Vec<_>) = chosen.into_iter().partition(touches);
                chosen = apart;
                chosen.push(touched.into_iter().flatten().chain([rows]).collect());
            }
            if is_apart || is_new {
                self.covered.add(rows);
            }
        }
        let mut fragments: Vec<_> = chosen.into_iter().map(join).collect();
        fragments.sort_by_key(|stretches| *stretches[0].start());
        fragments
    }

    /// Finds the stretches that could be shown.
    fn gather(&mut self, places: &Places<'_>, found: &[Clause]) {
        let Picker { runs, candidates, scans, heap, clauses, missing, covered } = self;
        *scans = 0;
        heap.clear();
        covered.0.clear();
        runs.clear();
        for (clause, Clause { spans, in_noise, .. }) in found.iter().enumerate() {
            let (before, mut walk) = (runs.len(), places.walk(*in_noise));
            for rows in spans.iter().filter_map(|&span| walk.rows_of(span)) {
                match runs[before..].last_mut() {
                    Some(last) if last.rows == rows => last.matches += 1,
                    _ => runs.push(Run { rows, clause, matches: 1 }),
                }
            }
        }
        runs.sort_by_key(|run| run.rows); // a few lists in order, which this merges
        candidates.clear();
        clauses.clear();
        for of_rows in runs.chunk_by(|a, b| a.rows == b.rows) {
            let (start, (first, last)) = (clauses.len(), of_rows[0].rows);
            clauses
                .extend(of_rows.chunk_by(|a, b| a.clause == b.clause).map(|of_clause| of_clause[0].clause));
            let count = clauses.len() - start;
            candidates.push(Candidate {
                new: count,
                telling: telling(places.row(first).kind),
                clauses: count,
                matches: of_rows.iter().map(|run| run.matches).sum(),
                rows: Reverse((last - first, (first, last))),
                start,
            });
        }
        missing.set(clauses, found.len());
    }

    /// Takes the best candidate.
    fn take_best(&mut self) -> Option<Candidate> {
        if self.scans < SCANS {
            self.scans += 1;
            return self.scan();
        }
        if !self.candidates.is_empty() {
            self.heap = BinaryHeap::from(mem::take(&mut self.candidates));
        }
        self.take_top()
    }

    /// Looks for the best of all candidates.
    fn scan(&mut self) -> Option<Candidate> {
        let Picker { candidates, clauses, missing, .. } = self;
        candidates.iter_mut().for_each(|candidate| candidate.new = missing.of(candidate, clauses));
        let (best, _) = candidates.iter().enumerate().max_by_key(|(_, candidate)| *candidate)?;
        Some(candidates.swap_remove(best))
    }

    /// Takes the best candidate of the heap. One on top that shows less by now than when it was looked at last is put where it belongs;
    /// since none ever shows more, what stays on top is the best.
    fn take_top(&mut self) -> Option<Candidate> {
        let Picker { heap, clauses, missing, .. } = self;
        loop {
            let mut top = heap.peek_mut()?;
            let new = missing.of(&top, clauses);
            if top.new == new {
                return Some(PeekMut::pop(top));
            }
            top.new = new;
        }
    }

    /// Takes note of what a candidate shows. Is any of it new?
    fn show(&mut self, candidate: &Candidate) -> bool {
        let before = self.missing.count;
        for &clause in &self.clauses[candidate.start..candidate.start + candidate.clauses] {
            self.missing.show(clause);
        }
        self.missing.count < before
    }
}

impl Missing {
    /// Of so many clauses those that are in the list are missing.
    fn set(&mut self, clauses: &[usize], all: usize) {
        self.is_missing.clear();
        self.is_missing.resize(all, false);
        clauses.iter().for_each(|&clause| self.is_missing[clause] = true);
        self.count = self.is_missing.iter().filter(|is_missing| **is_missing).count();
    }

    /// How many of a candidate's clauses are missing.
    fn of(&self, candidate: &Candidate, clauses: &[usize]) -> usize {
        let of_candidate = &clauses[candidate.start..candidate.start + candidate.clauses];
        of_candidate.iter().filter(|&&clause| self.is_missing[clause]).count()
    }

    /// A clause is shown from now on.
    fn show(&mut self, clause: usize) {
        self.count -= usize::from(mem::take(&mut self.is_missing[clause]));
    }
}

impl Covered {
    /// Have some rows one in common with these?
    fn touch(&self, (first, last): Rows) -> bool {
        self.0.range(..=last).next_back().is_some_and(|(_, &end)| end >= first)
    }

    fn add(&mut self, (mut first, mut last): Rows) {
        while let Some((&start, &end)) = self.0.range(..=last).next_back()
            && end >= first
        {
            self.0.remove(&start);
            (first, last) = (first.min(start), last.max(end));
        }
        self.0.insert(first, last);
    }
}

fn telling(kind: Kind) -> u8 {
    match kind {
        Kind::Lead | Kind::Body => 2,
        Kind::Headline | Kind::Heading | Kind::Caption => 1,
        _ => 0,
    }
}

fn overlap(a: Rows, b: Rows) -> bool {
    a.0 <= b.1 && b.0 <= a.1
}

/// Stretches in order, those that overlap made one.
fn join(mut stretches: Vec<Rows>) -> Vec<RangeInclusive<usize>> {
    stretches.sort_unstable();
    let mut joined: Vec<Rows> = Vec::new();
    for rows in stretches {
        match joined.last_mut() {
            Some(last) if overlap(*last, rows) => last.1 = last.1.max(rows.1),
            _ => joined.push(rows),
        }
    }
    joined.into_iter().map(|(first, last)| first..=last).collect()
}

#[cfg(test)]
mod tests {
    use super::Covered;

    #[test]
    fn rows_touch_those_that_are_covered_where_they_have_one_in_common() {
        let (mut covered, mut is_covered) = (Covered::default(), [false; 64]);
        for step in 0..200_usize {
            let first = step * 37 % 60;
            let last = first + step * 11 % 4;
            let touches = is_covered[first..=last].contains(&true);
            assert_eq!(covered.touch((first, last)), touches, "{first}..={last} at {step}");
            if step % 3 == 0 {
                covered.add((first, last));
                is_covered[first..=last].fill(true);
            }
        }
    }
}
