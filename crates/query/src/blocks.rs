//! Looking for articles in a block of postings.

use tantivy::DocId;

/// The articles of a block of postings; the last one may have less.
pub(crate) const BLOCK: usize = 128;

/// Where the first article at or behind `doc` stands, from `at` on; behind the last one where there is none.
#[inline(always)]
#[allow(clippy::inline_always)] // a tenth of the time of a proximity
pub(crate) fn first_from(docs: &[DocId], mut at: usize, doc: DocId) -> usize {
    // So many are compared at once, without a branch for each, which would be guessed wrong too often.
    const NEAR: usize = 8;
    while let Some(near) = docs.get(at..).and_then(<[DocId]>::first_chunk::<NEAR>) {
        let mut before = 0;
        for &near in near {
            before += usize::from(near < doc);
        }
        at += before;
        if before < NEAR {
            return at;
        }
    }
    at + docs[at..].iter().take_while(|&&at| at < doc).count()
}

/// So many articles from the first to the last, and those of two blocks are found by a table instead of searched.
const SLOTS: usize = 1 << 14;

/// An article of a block that is in another one, too: its number in the one from 1 on, and its place in the other.
pub(crate) type Meeting = (u8, u8);

/// A table of the articles of a block: for each, counted from the first, its number from 1 on, and 0 for the others.
pub(crate) struct Slots {
    numbers: Box<[u8; SLOTS]>,
    first: DocId,
}

impl Slots {
    pub(crate) fn new() -> Slots {
        Slots { numbers: Box::new([0; SLOTS]), first: 0 }
    }

    /// The table with the articles of a block, if they are near enough to each other. It is empty before.
    #[inline]
    pub(crate) fn filled(&mut self, docs: &[DocId]) -> Option<&mut Slots> {
        let (&first, &last) = (docs.first()?, docs.last()?);
        if (last - first) as usize >= SLOTS {
            return None;
        }
        self.first = first;
        for (number, &doc) in (1..).zip(docs) {
            self.numbers[slot(first, doc)] = number;
        }
        Some(self)
    }

    /// Makes the table empty that these articles were put in.
    #[inline]
    pub(crate) fn clear(&mut self, docs: &[DocId]) {
        for &doc in docs {
            self.numbers[slot(self.first, doc)] = 0;
        }
    }

    /// Which articles, of those from the first of the table to the last, are in the table; tells how many there are.
    #[inline]
    pub(crate) fn meet(&self, docs: &[DocId], meetings: &mut [Meeting; BLOCK + 1]) -> usize {
        let mut met = 0;
        for (at, &doc) in (0..).zip(docs) {
            let number = self.numbers[slot(self.first, doc)];
            // What is no meeting is overwritten by the next: a branch here would be guessed wrong too often.
            meetings[met] = (number, at);
            met += usize::from(number > 0);
        }
        met
    }
}

#[inline]
fn slot(first: DocId, doc: DocId) -> usize {
    doc.wrapping_sub(first) as usize % SLOTS
}
