//! Which sentences to show: few that together have every clause, the telling ones first.

use std::mem;
use std::ops::{Range, RangeInclusive};

use article::Kind;

use super::Clause;
use super::place::Places;

/// The first and the last of some rows.
type Rows = (usize, usize);

/// Rows that could be shown together, because a match begins in the first and ends in the last of them.
#[derive(Debug)]
struct Candidate {
    rows: Rows,
    /// Where its clauses are in the list of them.
    clauses: Range<usize>,
    matches: usize,
}

/// Matches of a clause that begin and end in the same rows.
struct Run {
    rows: Rows,
    clause: usize,
    matches: usize,
}

/// Chooses what to show of one article after the other. Its lists are kept for the next one.
#[derive(Default)]
pub(super) struct Picker {
    runs: Vec<Run>,
    /// The stretches that could be shown, in the order of the text.
    candidates: Vec<Candidate>,
    /// The clauses of one candidate after the other.
    clauses: Vec<usize>,
    /// By clause: is nothing of it shown yet?
    missing: Vec<bool>,
}

impl Picker {
    /// At most `limit` fragments in the order of the text, each of one or more stretches of rows. Together they have
    /// every clause that was found: what does not fit into a fragment of its own is added to the last one.
    pub(super) fn pick(
        &mut self,
        places: &Places<'_>,
        found: &[Clause],
        limit: usize,
    ) -> Vec<Vec<RangeInclusive<usize>>> {
        self.gather(places, found);
        let mut chosen: Vec<Vec<Rows>> = Vec::new();
        while chosen.len() < limit || self.missing.contains(&true) {
            let Some(best) = self.take_best(places) else { break };
            let rows = best.rows;
            let is_new = self.show(best);
            if chosen.len() == limit && !is_new {
                break;
            }
            let touches = |fragment: &Vec<Rows>| fragment.iter().any(|&other| overlap(other, rows));
            let is_apart = !chosen.iter().any(touches);
            if is_apart && chosen.len() < limit {
                chosen.push(vec![rows]);
            } else if is_apart {
                chosen.last_mut().into_iter().for_each(|fragment| fragment.push(rows));
            } else if is_new {
                // All that it touches become one fragment.
                let (touched, apart): (Vec<_>, Vec<_>) = chosen.into_iter().partition(touches);
                chosen = apart;
                chosen.push(touched.into_iter().flatten().chain([rows]).collect());
            }
        }
        let mut fragments: Vec<_> = chosen.into_iter().map(join).collect();
        fragments.sort_by_key(|stretches| *stretches[0].start());
        fragments
    }

    /// Finds the stretches that could be shown.
    fn gather(&mut self, places: &Places<'_>, found: &[Clause]) {
        let Picker { runs, candidates, clauses, missing } = self;
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
        missing.clear();
        for of_rows in runs.chunk_by(|a, b| a.rows == b.rows) {
            let start = clauses.len();
            clauses
                .extend(of_rows.chunk_by(|a, b| a.clause == b.clause).map(|of_clause| of_clause[0].clause));
            candidates.push(Candidate {
                rows: of_rows[0].rows,
                clauses: start..clauses.len(),
                matches: of_rows.iter().map(|run| run.matches).sum(),
            });
        }
        missing.resize(found.len(), false);
        clauses.iter().for_each(|&clause| missing[clause] = true);
    }

    /// Takes the candidate that shows the most clauses not shown yet; of equals the one in running text, with more clauses,
    /// with more matches, of fewer rows, and then the first.
    fn take_best(&mut self, places: &Places<'_>) -> Option<Candidate> {
        let worth = |candidate: &Candidate| {
            let new = self.clauses[candidate.clauses.clone()].iter().filter(|&&clause| self.missing[clause]);
            let (first, last) = candidate.rows;
            let order = std::cmp::Reverse((last - first, candidate.rows));
            let kind = places.row(first).kind;
            (new.count(), telling(kind), candidate.clauses.len(), candidate.matches, order)
        };
        let best = (0..self.candidates.len()).max_by_key(|&number| worth(&self.candidates[number]))?;
        Some(self.candidates.remove(best))
    }

    /// Takes note of what a candidate shows. Is any of it new?
    fn show(&mut self, candidate: Candidate) -> bool {
        let mut is_new = false;
        for &clause in &self.clauses[candidate.clauses] {
            is_new |= mem::take(&mut self.missing[clause]);
        }
        is_new
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
