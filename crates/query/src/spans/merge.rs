//! Two words next to each other, by a merge without branches: which of two words comes next in an article cannot be guessed, and each wrong
//! guess takes longer than all else that is done with a position.

use super::interval::Interval;

/// So many positions are merged before it is asked whether enough can come of the rest.
const STRETCH: usize = 16;

/// Puts what [`neighbours`](super::interval::neighbours) finds in either order into `out`, but not all of it where the weights add up to less than `least`. Gives
/// these weights; `None` where both lists have a position, of which this knows nothing.
pub(super) fn merge_neighbours(
    [left, right]: [&[u32]; 2],
    least: u32,
    out: &mut Vec<Interval>,
) -> Option<u32> {
    // Every position of the shorter list ends one and starts one; and what is found to be none is written behind them.
    let room = 2 * left.len().min(right.len()) + 1;
    out.resize(room, Interval { start: 0, end: 0, weight: 0 });
    let mut merge = Merge { here: Run::default(), before: Run::default(), count: 0, weight: 0, out };
    let (mut l, mut r, mut meet) = (0, 0, false);
    while l < left.len() && r < right.len() {
        // Each position that is left may end one and start one, as those that were taken last may.
        let taken = merge.here.times + merge.before.times + merge.weight;
        if 2 * (left.len() - l).min(right.len() - r) + (taken as usize) < least as usize {
            return (!meet).then_some(merge.weight);
        }
        for _ in 0..STRETCH {
            let (Some(&at_left), Some(&at_right)) = (left.get(l), right.get(r)) else { break };
            let is_left = at_left < at_right;
            meet |= at_left == at_right;
            merge.take(at_left.min(at_right), is_left);
            l += usize::from(is_left);
            r += usize::from(!is_left);
        }
    }
    // Of the list that is left the next position may end one more.
    let (rest, is_left) = if l < left.len() { (&left[l..], true) } else { (&right[r..], false) };
    for &position in rest.iter().take_while(|position| Some(*position) == rest.first()) {
        merge.take(position, is_left);
    }
    let Merge { count, weight, .. } = merge;
    out.truncate(count);
    (!meet).then_some(weight)
}

/// A merge of two lists.
struct Merge<'a> {
    /// The position that was taken last, and the one before.
    here: Run,
    before: Run,
    count: usize,
    weight: u32,
    out: &'a mut [Interval],
}

/// A position of one list, and how often it was taken.
#[derive(Clone, Copy, Default)]
struct Run {
    position: u32,
    is_left: bool,
    times: u32,
}

impl Merge<'_> {
    #[inline(always)]
    #[allow(clippy::inline_always, clippy::needless_bitwise_bool)] // it is all that the merge does, and has no branches
    fn take(&mut self, position: u32, is_left: bool) {
        let is_again = position == self.here.position;
        if !is_again {
            self.before = self.here;
        }
        let times = if is_again { self.here.times + 1 } else { 1 };
        self.here = Run { position, is_left, times };
        let Run { position: start, is_left: is_behind_left, times: times_before } = self.before;
        let is_found = (is_behind_left != is_left) & (times <= times_before);
        // What is listed n times weighs n: one more each time that it is taken.
        let place = self.count.saturating_sub(usize::from(is_found & (times > 1)));
        self.out[place] = Interval { start, end: position, weight: times };
        self.count = place + usize::from(is_found);
        self.weight += u32::from(is_found);
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::super::interval::{neighbours, weight};
    use super::*;

    /// Positions that are listed up to three times, at the start more often than behind it.
    fn list(random: &mut fastrand::Rng, most: u32, step: u32) -> Vec<u32> {
        let (mut positions, mut position) = (Vec::new(), random.u32(..2));
        while position < most {
            let times = if position < most / 4 { random.usize(1..=3) } else { 1 };
            positions.extend(vec![position; times]);
            position += random.u32(1..=step);
        }
        positions
    }

    #[test]
    fn the_merge_finds_all_neighbours() {
        let mut random = fastrand::Rng::with_seed(7);
        let (mut merged, mut out) = (0, Vec::new());
        for round in 0..40_000 {
            let most = [0, 3, 12, 600][round % 4];
            let steps = [random.u32(1..20), random.u32(1..20)];
            let [left, mut right] = steps.map(|step| list(&mut random, most, step));
            // Mostly no position is in both lists, as in a text.
            if round % 5 > 0 {
                right.retain(|position| left.binary_search(position).is_err());
            }
            let mut expected = Vec::new();
            neighbours(&left, &right, false, |found, _| {
                expected.push(found);
                ControlFlow::Continue(())
            });
            let all = weight(&expected);
            let do_meet = left.iter().any(|position| right.contains(position));
            for least in [0, 1, all, all + 1, all + 40] {
                match merge_neighbours([&left, &right], least, &mut out) {
                    None => assert!(do_meet, "{left:?} {right:?}"),
                    Some(found) if found < least => assert!(all < least, "{left:?} {right:?} {least}"),
                    Some(found) => {
                        assert_eq!((found, &out), (all, &expected), "{left:?} {right:?}");
                        merged += 1;
                    }
                }
            }
        }
        assert!(merged > 80_000, "{merged}");
    }
}
