//! The algebra of intervals on one article. Lists are sorted by start, then end.

use std::ops::ControlFlow;

/// A stretch of positions, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Interval {
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// How much it counts in the frequency: 1, more in headline and lead.
    pub(crate) weight: u32,
}

impl Interval {
    fn hull(left: Interval, right: Interval) -> Interval {
        let weight = left.weight.min(right.weight);
        Interval { start: left.start.min(right.start), end: left.end.max(right.end), weight }
    }
}

/// One interval for each position; a position that is listed n times weighs n.
pub(crate) fn of_positions(positions: &[u32], out: &mut Vec<Interval>) {
    out.reserve(positions.len());
    for run in positions.chunk_by(|a, b| a == b) {
        out.push(Interval { start: run[0], end: run[0], weight: run.len() as u32 });
    }
}

/// The intervals of all lists, each once, in order.
pub(crate) fn union(intervals: &mut Vec<Interval>) {
    intervals.sort(); // mostly a few lists one behind the other, each in order, which this merges
    intervals.dedup_by(|b, a| {
        (a.start, a.end) == (b.start, b.end) && {
            a.weight = a.weight.max(b.weight);
            true
        }
    });
}

/// Keeps the intervals that contain no other one: afterwards starts and ends both increase.
pub(crate) fn keep_minimal(intervals: &mut Vec<Interval>) {
    union(intervals);
    let mut least_end = u32::MAX;
    let mut kept = 0;
    for i in (0..intervals.len()).rev() {
        let interval = intervals[i];
        // Of those with the same start only the shortest, which comes first, may stay.
        let has_shorter_twin = i > 0 && intervals[i - 1].start == interval.start;
        if interval.end < least_end && !has_shorter_twin {
            least_end = interval.end;
            kept += 1;
            let place = intervals.len() - kept;
            intervals[place] = interval;
        }
    }
    intervals.drain(..intervals.len() - kept);
}

/// Minimal intervals of a `left` and a later `right` that starts at most `distance` positions behind its end.
pub(crate) fn ordered_near(left: &[Interval], right: &[Interval], distance: u32, out: &mut Vec<Interval>) {
    for &l in left {
        let from = right.partition_point(|r| r.start <= l.end);
        let mut nearest: Option<Interval> = None;
        for &r in right[from..].iter().take_while(|r| r.start - l.end <= distance) {
            match nearest {
                Some(found) if found.end < r.start => break, // all others end behind it, too
                Some(found) if found.end <= r.end => {}
                _ => nearest = Some(r),
            }
        }
        out.extend(nearest.map(|r| Interval::hull(l, r)));
    }
}

/// Minimal intervals of a `left` and a later `right` that nothing parts. Both lists must be minimal.
pub(crate) fn ordered_within(
    left: &[Interval],
    right: &[Interval],
    mut part: impl FnMut(u32, u32) -> bool,
    out: &mut Vec<Interval>,
) {
    let mut rest = right.iter().peekable();
    for &l in left {
        while rest.next_if(|r| r.start <= l.end).is_some() {}
        let Some(&&r) = rest.peek() else { return };
        if !part(l.start, r.end) {
            out.push(Interval::hull(l, r));
        }
    }
}

/// The weights of intervals, added up.
pub(crate) fn weight(intervals: &[Interval]) -> u32 {
    intervals.iter().map(|interval| interval.weight).sum()
}

/// What two lists of positions have next to each other: calls `found` with every interval from a position in the one list to
/// a position in the other that has no position of either in between, and with the most that those after it can weigh together,
/// until it says to stop. A position that is listed n times weighs n.
///
/// These are all minimal intervals of two words, since any longer one contains one of them.
pub(crate) fn neighbours(
    left: &[u32],
    right: &[u32],
    ordered: bool,
    mut found: impl FnMut(Interval, usize) -> ControlFlow<()>,
) {
    let (mut l, mut r) = (0, 0);
    // The position before, and how often each list has it.
    let (mut start, mut left_before, mut right_before) = (0, 0, 0);
    loop {
        let (at_left, at_right) = match (left.get(l), right.get(r)) {
            (Some(&at_left), Some(&at_right)) => (at_left, at_right),
            // With nothing before in the other list, there is nothing left to find.
            (Some(&at_left), None) if right_before > 0 && !ordered => (at_left, u32::MAX),
            (None, Some(&at_right)) if left_before > 0 => (u32::MAX, at_right),
            _ => return,
        };
        let end = at_left.min(at_right);
        let in_left = if at_left == end { times(left, &mut l) } else { 0 };
        let in_right = if at_right == end { times(right, &mut r) } else { 0 };
        let reversed = if ordered { 0 } else { right_before.min(in_left) };
        let weight = reversed.max(left_before.min(in_right));
        if weight > 0 {
            // Every mention that is left may end one and start one; the last may start one.
            let most_after = |times, left| times as usize + 2 * left;
            let after = most_after(in_left, left.len() - l).min(most_after(in_right, right.len() - r));
            if found(Interval { start, end, weight }, after).is_break() {
                return;
            }
        }
        (start, left_before, right_before) = (end, in_left, in_right);
    }
}

/// How often the list has the position at `at`, which moves behind it.
#[inline]
pub(super) fn times(list: &[u32], at: &mut usize) -> u32 {
    let first = *at;
    *at += 1;
    while list.get(*at) == Some(&list[first]) {
        *at += 1;
    }
    (*at - first) as u32
}

/// Phrases: for every occurrence of the first part, the others at their offsets from it. Calls `found` with each.
pub(crate) fn exact_phrases(offsets: &[u32], lists: &[Vec<Interval>], mut found: impl FnMut(Interval)) {
    let Some((firsts, others)) = lists.split_first() else { return };
    let Some((_, offsets)) = offsets.split_first() else { return };
    'first: for &first in firsts {
        let mut phrase = first;
        for (offset, occurrences) in offsets.iter().zip(others) {
            let wanted = first.start + offset;
            let Ok(at) = occurrences.binary_search_by_key(&wanted, |occurrence| occurrence.start) else {
                continue 'first;
            };
            phrase = Interval::hull(phrase, occurrences[at]);
        }
        found(phrase);
    }
}

/// Phrases in order with at most `slop` extra positions. Calls `found` with the places of the parts.
pub(crate) fn sloppy_phrases(
    offsets: &[u32],
    lists: &[Vec<Interval>],
    slop: u32,
    mut found: impl FnMut(&[Interval]),
) {
    let Some((firsts, others)) = lists.split_first() else { return };
    let length = offsets.last().copied().unwrap_or(0);
    let mut places = Vec::with_capacity(lists.len());
    'first: for &first in firsts {
        places.clear();
        places.push(first);
        let mut before = first;
        for occurrences in others {
            let next = occurrences.partition_point(|occurrence| occurrence.start <= before.end);
            let Some(&occurrence) = occurrences.get(next) else { break 'first };
            if occurrence.end - first.start > length + slop {
                continue 'first; // and the others stand behind it
            }
            places.push(occurrence);
            before = occurrence;
        }
        found(&places);
    }
}

/// How many intervals there are that do not overlap, at the most.
pub(crate) fn count_apart(intervals: &[Interval]) -> u32 {
    let mut by_end: Vec<_> = intervals.iter().map(|interval| (interval.end, interval.start)).collect();
    by_end.sort_unstable();
    let mut count = 0;
    let mut last_end = None;
    for (end, start) in by_end {
        if last_end.is_none_or(|last| start > last) {
            count += 1;
            last_end = Some(end);
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(pairs: &[(u32, u32)]) -> Vec<Interval> {
        pairs.iter().map(|&(start, end)| Interval { start, end, weight: 1 }).collect()
    }

    #[test]
    fn minimal_intervals_contain_no_other() {
        let mut intervals = list(&[(0, 9), (0, 3), (2, 3), (2, 2), (5, 7), (6, 6), (8, 9), (8, 9)]);
        keep_minimal(&mut intervals);
        assert_eq!(intervals, list(&[(2, 2), (6, 6), (8, 9)]));
    }

    #[test]
    fn near_needs_two_mentions_and_measures_between_the_facing_ends() {
        let words = list(&[(3, 3), (8, 8)]);
        let near = |distance| {
            let mut out = Vec::new();
            ordered_near(&words, &words, distance, &mut out);
            out
        };
        assert_eq!(near(4), []);
        assert_eq!(near(5), list(&[(3, 8)]));
    }

    #[test]
    fn a_sloppy_phrase_keeps_the_order() {
        let lists = [list(&[(5, 5), (9, 9)]), list(&[(2, 2), (8, 8)])];
        let found = |slop| {
            let mut out = Vec::new();
            sloppy_phrases(&[0, 1], &lists, slop, |places| out.push((places[0].start, places[1].start)));
            out
        };
        assert_eq!(found(1), []);
        assert_eq!(found(2), [(5, 8)]);
    }

    #[test]
    fn overlapping_mentions_count_once() {
        assert_eq!(count_apart(&list(&[(0, 0), (0, 1), (1, 1), (4, 6), (6, 6)])), 3);
    }

    #[test]
    fn within_stops_at_the_bound() {
        let parts = |before, behind| (before + 1..=behind).any(|position| [0, 10, 20].contains(&position));
        let mut out = Vec::new();
        ordered_within(&list(&[(8, 8), (12, 12)]), &list(&[(11, 11), (15, 15)]), parts, &mut out);
        assert_eq!(out, list(&[(12, 15)]));
    }

    #[test]
    fn neighbours_are_what_the_algebra_of_two_words_gives() {
        let lists = [&[1, 1, 4, 9][..], &[2, 4, 4, 8], &[], &[9], &[3, 5, 5, 5, 9, 10]];
        for (left, right) in lists.iter().flat_map(|left| lists.iter().map(move |right| (*left, *right))) {
            for ordered in [false, true] {
                let [mut l, mut r] = [Vec::new(), Vec::new()];
                of_positions(left, &mut l);
                of_positions(right, &mut r);
                let mut expected = Vec::new();
                ordered_near(&l, &r, u32::MAX, &mut expected);
                if !ordered {
                    ordered_near(&r, &l, u32::MAX, &mut expected);
                }
                keep_minimal(&mut expected);
                let mut found = Vec::new();
                let mut bounds = Vec::new();
                neighbours(left, right, ordered, |interval, after| {
                    found.push(interval);
                    bounds.push(after);
                    ControlFlow::Continue(())
                });
                assert_eq!(found, expected, "{left:?} {right:?} {ordered}");
                for (number, after) in bounds.into_iter().enumerate() {
                    assert!(weight(&found[number + 1..]) as usize <= after, "{left:?} {right:?} {ordered}");
                }
            }
        }
    }
}
