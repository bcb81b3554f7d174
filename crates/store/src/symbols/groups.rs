//! Which symbols share a group, and what codes that gives.

use super::{GROUP_BITS, GROUPS, WIDEST};

/// Groups of symbols, whose numbers follow each other: that of `widths[i]` bits has `2^widths[i]` of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Groups {
    rows: [Group; GROUPS],
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Group {
    /// The number of the first symbol.
    first: u32,
    width: u32,
}

impl Groups {
    /// Groups of these widths; `None` where one is too wide.
    pub(super) fn of(widths: [u8; GROUPS]) -> Option<Groups> {
        let mut groups = Groups::default();
        let mut first = 0;
        for (group, width) in groups.rows.iter_mut().zip(widths) {
            let width = u32::from(width);
            if width > WIDEST {
                return None;
            }
            *group = Group { first, width };
            first += 1 << width;
        }
        Some(groups)
    }

    /// The groups that make the shortest codes for symbols that occur so often, the most frequent first; not more symbols than all groups hold.
    pub(super) fn best(counts: &[u64]) -> Groups {
        let mut before = vec![0];
        for count in counts {
            before.push(before[before.len() - 1] + count);
        }
        let all = counts.len();
        // The least bits for the first symbols with the groups so far, and for each number of groups the width of the last.
        let mut least = vec![u64::MAX; all + 1];
        least[0] = 0;
        let mut lasts: Vec<Vec<(usize, u32)>> = Vec::new();
        for _ in 0..GROUPS {
            let mut next = vec![u64::MAX; all + 1];
            let mut last = vec![(0, 0); all + 1];
            for (start, &bits) in least.iter().enumerate().filter(|(_, bits)| **bits < u64::MAX) {
                for width in 0..=WIDEST {
                    let end = (start + (1 << width)).min(all);
                    let with = bits + (before[end] - before[start]) * u64::from(GROUP_BITS + width);
                    if with < next[end] {
                        (next[end], last[end]) = (with, (start, width));
                    }
                    if end == all {
                        break;
                    }
                }
            }
            least = next;
            lasts.push(last);
        }
        let mut widths = [0; GROUPS];
        let mut end = all;
        for (width, last) in widths.iter_mut().zip(&lasts).rev() {
            (end, *width) = (last[end].0, last[end].1 as u8);
        }
        Groups::of(widths).unwrap_or_default()
    }

    pub(super) fn widths(&self) -> [u8; GROUPS] {
        self.rows.map(|group| group.width as u8)
    }

    /// The number of the symbol whose code the lowest bits are, and how many bits it has.
    #[inline]
    pub(super) fn number(&self, window: u64) -> (usize, u32) {
        let Group { first, width } = self.rows[window as usize % GROUPS];
        let place = (window >> GROUP_BITS) as u32 & ((1 << width) - 1);
        ((first + place) as usize, GROUP_BITS + width)
    }

    /// The code of a symbol and its bits; `None` where there is no such symbol.
    pub(super) fn code(&self, number: usize) -> Option<(u32, u32)> {
        let number = u32::try_from(number).ok()?;
        let group = self.rows.iter().rposition(|group| group.first <= number)?;
        let Group { first, width } = self.rows[group];
        let place = number - first;
        (place >> width == 0).then_some((place << GROUP_BITS | group as u32, GROUP_BITS + width))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn every_symbol_has_a_code_that_is_read_as_its_number(
            mut counts in proptest::collection::vec(0u64..1 << 40, 1..600),
            behind: u64,
        ) {
            counts.sort_unstable_by(|a, b| b.cmp(a));
            let groups = Groups::best(&counts);
            proptest::prop_assert_eq!(Groups::of(groups.widths()), Some(groups.clone()));
            for number in 0..counts.len() {
                let (code, bits) = groups.code(number).unwrap();
                let window = behind << bits | u64::from(code);
                proptest::prop_assert_eq!(groups.number(window), (number, bits));
            }
        }
    }

    #[test]
    fn frequent_symbols_have_short_codes() {
        let counts: Vec<u64> = (1..=30_000).map(|rank| 10_000_000 / rank).collect();
        let groups = Groups::best(&counts);
        let bits = |number| groups.code(number).unwrap().1;
        assert!(bits(0) <= 7 && bits(29_999) >= 15, "{groups:?}");
        assert!((1..counts.len()).all(|number| bits(number) >= bits(number - 1)));
        let all: u64 = counts.iter().sum();
        let entropy: f64 = counts.iter().map(|&n| n as f64 * (all as f64 / n as f64).log2()).sum();
        let written: f64 = counts.iter().enumerate().map(|(i, &n)| n as f64 * f64::from(bits(i))).sum();
        assert!(written < entropy * 1.02, "{}", written / entropy);
    }

    #[test]
    fn groups_that_are_too_wide_are_damage() {
        assert_eq!(Groups::of([WIDEST as u8 + 1; GROUPS]), None);
    }
}
