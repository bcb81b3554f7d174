//! Which blocks to read first.

use tantivy::Score;

/// A block of a word's postings before it is read.
pub(crate) struct BlockBound {
    pub(crate) block: usize,
    /// The most that an article scores.
    pub(crate) most: Score,
}

/// Parts so many blocks that have the greatest bounds from the rest. In each part they are in their order.
pub(crate) fn greatest_first(
    bounds: &mut [BlockBound],
    greatest: usize,
) -> (&mut [BlockBound], &mut [BlockBound]) {
    let greatest = greatest.min(bounds.len());
    if greatest < bounds.len() {
        bounds.select_nth_unstable_by(greatest, |a, b| b.most.total_cmp(&a.most));
    }
    let (first, rest) = bounds.split_at_mut(greatest);
    first.sort_unstable_by_key(|bound| bound.block);
    rest.sort_unstable_by_key(|bound| bound.block);
    (first, rest)
}
