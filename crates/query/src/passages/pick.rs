//! Which sentences to show: few that together have every clause, the telling ones first.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use article::Kind;

use super::place::{Match, Places};

/// Rows that could be shown together, because a match begins in the first and ends in the last of them.
#[derive(Debug, Default)]
struct Candidate {
    clauses: BTreeSet<usize>,
    matches: usize,
}

type Rows = (usize, usize);

/// At most `limit` fragments in the order of the text, each of one or more stretches of rows. Together they have
/// every clause of `matches`: what does not fit into a fragment of its own is added to the last one.
pub(super) fn pick(places: &Places<'_>, matches: &[Match], limit: usize) -> Vec<Vec<RangeInclusive<usize>>> {
    let mut candidates: BTreeMap<Rows, Candidate> = BTreeMap::new();
    for found in matches {
        let candidate = candidates.entry((found.first, found.last)).or_default();
        candidate.clauses.insert(found.clause);
        candidate.matches += 1;
    }
    let mut missing: BTreeSet<usize> = matches.iter().map(|found| found.clause).collect();
    let mut chosen: Vec<Vec<Rows>> = Vec::new();
    while let Some(rows) = best(places, &candidates, &missing) {
        let adds = candidates.remove(&rows).unwrap_or_default();
        let is_new = adds.clauses.iter().any(|clause| missing.contains(clause));
        if chosen.len() == limit && !is_new {
            break;
        }
        missing.retain(|clause| !adds.clauses.contains(clause));
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

/// The candidate that shows the most clauses not shown yet; of equals the one in running text, with more clauses,
/// with more matches, and then the first.
fn best(
    places: &Places<'_>,
    candidates: &BTreeMap<Rows, Candidate>,
    missing: &BTreeSet<usize>,
) -> Option<Rows> {
    let worth = |(rows, candidate): (&Rows, &Candidate)| {
        let new = candidate.clauses.intersection(missing).count();
        let length = rows.1 - rows.0;
        let order = std::cmp::Reverse((length, *rows));
        (new, telling(places.row(rows.0).kind), candidate.clauses.len(), candidate.matches, order)
    };
    candidates.iter().max_by_key(|(rows, candidate)| worth((rows, candidate))).map(|(rows, _)| *rows)
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
