//! Which articles of a segment have a frequent word: a bit an article, kept for the next query.

use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;
use rustc_hash::FxBuildHasher;
use tantivy::columnar::{Column, ColumnIndex};
use tantivy::schema::Field;
use tantivy::{DocId, SegmentOrdinal};

use crate::postings::Postings;

/// Articles in a word of bits.
pub(crate) const BITS: u32 = u64::BITS;

/// All sets together take no more memory, in bytes. Those that were asked for longest ago are forgotten first.
const MOST_BYTES: usize = 64 << 20;

/// A bit for each article of a segment, the lowest first.
pub(crate) type Set = Arc<[u64]>;

/// What an article of a set has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// The word of this field whose postings start there.
    Word(SegmentOrdinal, Field, usize),
    /// A date.
    Date(SegmentOrdinal),
}

/// Sets that were made for earlier queries.
pub(crate) struct Sets {
    known: Mutex<Known>,
}

struct Known {
    sets: LruCache<Key, Set, FxBuildHasher>,
    bytes: usize,
    most_bytes: usize,
}

impl Default for Sets {
    fn default() -> Sets {
        Sets::of_at_most(MOST_BYTES)
    }
}

impl Sets {
    pub(crate) fn of_at_most(most_bytes: usize) -> Sets {
        let sets = LruCache::unbounded_with_hasher(FxBuildHasher);
        Sets { known: Mutex::new(Known { sets, bytes: 0, most_bytes }) }
    }

    /// How many sets of so many articles there is room for.
    pub(crate) fn fitting(&self, articles: DocId) -> usize {
        let most_bytes = self.known.lock().unwrap_or_else(PoisonError::into_inner).most_bytes;
        most_bytes / (words(articles) * size_of::<u64>()).max(1)
    }

    /// The set, if it is known.
    pub(crate) fn get(&self, key: Key) -> Option<Set> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).sets.get(&key).cloned()
    }

    /// Keeps a set, for as long as there is room.
    pub(crate) fn keep(&self, key: Key, set: &Set) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.bytes += size_of_val(&**set);
        if let Some(before) = known.sets.put(key, Arc::clone(set)) {
            known.bytes -= size_of_val(&*before);
        }
        while known.bytes > known.most_bytes
            && let Some((_, forgotten)) = known.sets.pop_lru()
        {
            known.bytes -= size_of_val(&*forgotten);
        }
    }
}

/// The articles of a word, of a segment of so many.
///
/// # Errors
/// When the file is cut off.
pub(crate) fn of_word(mut postings: Postings, articles: DocId) -> tantivy::Result<Set> {
    let mut set = vec![0; words(articles)];
    for block in 0..postings.blocks() {
        insert_all(&mut set, postings.docs(block)?, 0);
    }
    Ok(set.into())
}

/// Words of bits for so many articles.
pub(crate) fn words(articles: DocId) -> usize {
    articles.div_ceil(BITS) as usize
}

/// The articles that have a value, of a segment of so many.
pub(crate) fn of_column(column: &Column<i64>, articles: DocId) -> Set {
    let mut set = vec![0; words(articles)];
    match &column.index {
        ColumnIndex::Optional(index) => index.iter_non_null_docs().for_each(|doc| insert(&mut set, doc)),
        index => (0..articles).filter(|&doc| index.has_value(doc)).for_each(|doc| insert(&mut set, doc)),
    }
    set.into()
}

/// Adds articles, which are in order, to the bits from the article `start` on.
#[inline]
pub(crate) fn insert_all(set: &mut [u64], docs: &[DocId], start: DocId) {
    // A bit is written when the one before it in the same word is there. So four of the block take turns that are far from each other.
    const PART: usize = 32;
    let (parts, rest) = docs.as_chunks::<PART>();
    let (fours, few) = parts.as_chunks::<4>();
    for [a, b, c, d] in fours {
        for at in 0..PART {
            [a[at], b[at], c[at], d[at]].into_iter().for_each(|doc| insert(set, doc - start));
        }
    }
    few.as_flattened().iter().for_each(|doc| insert(set, doc - start));
    rest.iter().for_each(|doc| insert(set, doc - start));
}

#[inline]
fn insert(set: &mut [u64], doc: DocId) {
    set[(doc / BITS) as usize] |= 1 << (doc % BITS);
}

/// Is the article in the set?
#[inline]
pub(crate) fn contains(set: &[u64], doc: DocId) -> bool {
    set[(doc / BITS) as usize] & 1 << (doc % BITS) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(words: usize) -> Set {
        vec![1; words].into()
    }

    #[test]
    fn what_was_asked_for_longest_ago_is_forgotten_first() {
        let key = |postings| Key::Word(0, Field::from_field_id(0), postings);
        let sets = Sets::of_at_most(100 * 8);
        sets.keep(key(1), &set(40));
        sets.keep(key(2), &set(40));
        assert!(sets.get(key(1)).is_some());
        sets.keep(key(3), &set(40));
        assert_eq!([1, 2, 3].map(|postings| sets.get(key(postings)).is_some()), [true, false, true]);

        // A set that takes the place of another counts once, and one that is too large is not kept.
        assert_eq!((sets.fitting(40 * BITS), sets.fitting(0)), (2, 800));
        (0..10).for_each(|_| sets.keep(key(3), &set(40)));
        assert!(sets.get(key(1)).is_some());
        sets.keep(key(4), &set(101));
        assert!(sets.get(key(4)).is_none());
    }

    #[test]
    fn every_article_of_a_block_is_in_the_set() {
        for count in [0, 1, 31, 127, 128, 300] {
            let docs: Vec<DocId> =
                (0..count).map(|number| 1_000 + number * number % 7 + 7 * number).collect();
            let mut set = vec![0; 200];
            insert_all(&mut set, &docs, 1_000);
            let found: Vec<DocId> = (0..200 * BITS).filter(|&doc| contains(&set, doc)).collect();
            assert_eq!(found, docs.iter().map(|doc| doc - 1_000).collect::<Vec<_>>());
        }
    }
}
