//! Which of some articles have a word.

use std::mem;
use std::ops::Range;

use tantivy::DocId;
use tantivy::fieldnorm::FieldNormReader;

use super::{Best, Postings};
use crate::blocks::{BLOCK, Meeting, Slots, first_from};

/// So many articles are found in a block by a table, and less by search.
const MANY: usize = 12;

/// What less than this part of all articles have is seldom.
const SELDOM: u32 = 8;

/// Where some articles meet more blocks of a word, what scores best in these is not worth looking at.
const MOST_MET: usize = 16;

/// A walk over the blocks of a word, either from article to article ([`find`](Self::find), [`mark`](Self::mark)) or to any
/// ([`place_of`](Self::place_of), [`has`](Self::has)).
pub(crate) struct Cursor {
    pub(crate) postings: Postings,
    /// Where it is.
    block: usize,
    /// Where in the block it is.
    at: usize,
}

/// Room to find articles in a block.
pub(crate) struct Lookup {
    /// Made when it is first needed.
    slots: Option<Slots>,
    meetings: [Meeting; BLOCK + 1],
}

/// Articles that were looked for and are in a block of a word.
pub(crate) struct Met<'a> {
    /// The first of the articles that are looked for that could be in the block.
    first: usize,
    meetings: &'a mut [Meeting],
    frequencies: &'a [u32],
    /// How often the word is in all articles before the block.
    before: u64,
}

/// An article that was looked for and has the word.
pub(crate) struct Mention {
    /// Which of the articles it is.
    pub(crate) number: usize,
    pub(crate) frequency: u32,
    /// Where it stands in the block.
    pub(crate) at: usize,
}

/// How often a word is in all articles before each one of a block.
pub(crate) struct Sums {
    before: u64,
    in_block: [u32; BLOCK],
}

impl Lookup {
    pub(crate) fn new() -> Lookup {
        Lookup { slots: None, meetings: [(0, 0); BLOCK + 1] }
    }
}

impl Met<'_> {
    /// The articles, in their order.
    #[inline]
    pub(crate) fn mentions(&self) -> impl Iterator<Item = Mention> {
        self.meetings.iter().map(|&meeting| self.mention(meeting))
    }

    #[inline]
    fn mention(&self, (number, at): Meeting) -> Mention {
        let (number, at) = (self.first + usize::from(number) - 1, usize::from(at));
        Mention { number, frequency: self.frequencies[at], at }
    }

    /// Keeps those for which `admits` says yes; tells whether there are any.
    #[inline]
    pub(crate) fn keep(&mut self, admits: impl Fn(&Mention) -> bool) -> bool {
        let mut kept = 0;
        for at in 0..self.meetings.len() {
            let meeting = self.meetings[at];
            // What is not kept is overwritten by the next: a branch here would be guessed wrong too often.
            self.meetings[kept] = meeting;
            kept += usize::from(admits(&self.mention(meeting)));
        }
        self.meetings = &mut mem::take(&mut self.meetings)[..kept];
        kept > 0
    }

    pub(crate) fn sums(&self) -> Sums {
        Sums::new(self.frequencies, self.before)
    }
}

impl Sums {
    /// `before`: in all articles before the block.
    #[inline]
    pub(crate) fn new(frequencies: &[u32], before: u64) -> Sums {
        let (mut in_block, mut sum) = ([0; BLOCK], 0);
        for (before, frequency) in in_block.iter_mut().zip(frequencies) {
            *before = sum;
            sum += frequency;
        }
        Sums { before, in_block }
    }

    /// Before the one that stands at this place in the block.
    #[inline]
    pub(crate) fn before(&self, at: usize) -> u64 {
        self.before + u64::from(self.in_block[at])
    }
}

impl Cursor {
    pub(crate) fn new(postings: Postings) -> Cursor {
        Cursor { postings, block: 0, at: 0 }
    }

    /// Is the word in few of all articles, and so in few of those of another word?
    pub(crate) fn is_seldom(&self, lengths: &FieldNormReader) -> bool {
        self.postings.articles() < lengths.num_docs() / SELDOM
    }

    /// Goes back to the first article.
    pub(crate) fn rewind(&mut self) {
        (self.block, self.at) = (0, 0);
    }

    /// Moves to the block that reaches up to an article, which comes behind those asked for before.
    #[inline]
    fn move_to(&mut self, doc: DocId) {
        let is_behind = self.block == 0 || self.postings.last(self.block - 1) < doc;
        debug_assert!(is_behind, "{doc} comes before what was asked for");
        let block = self.postings.block_of(self.block, doc);
        if block != self.block {
            (self.block, self.at) = (block, 0);
        }
    }

    /// Moves to the block that reaches up to the first of some articles, which are in order; tells how many of them are not behind it. The first
    /// never is, wherever a damaged list has it stand, so that who looks for all of them comes to an end.
    #[inline]
    fn move_to_first_of(&mut self, docs: &[DocId]) -> usize {
        let Some(&first) = docs.first() else { return 0 };
        self.move_to(first);
        let last = self.postings.last(self.block);
        docs.partition_point(|&doc| doc <= last).max(1)
    }

    /// Moves to the block of `first`, and calls `best` with what scores best in each block that has articles from `first` to `last`.
    /// There may be too many for that: then the answer is no, and what it was called with is not all.
    #[inline]
    pub(crate) fn best_within(&mut self, first: DocId, last: DocId, mut best: impl FnMut(Best)) -> bool {
        self.move_to(first);
        let blocks = self.block..(self.block + MOST_MET).min(self.postings.blocks());
        for block in blocks {
            best(self.postings.best(block));
            if self.postings.last(block) >= last {
                return true;
            }
        }
        false
    }

    /// Finds those of some articles, which are in order and behind those asked for before, that have the word. `is_worth_it` tells from
    /// the numbers of those that could be in a block, and from what scores best there, whether to look; `found` is called block by block.
    ///
    /// # Errors
    /// When the file is cut off.
    #[inline]
    pub(crate) fn find(
        &mut self,
        docs: &[DocId],
        lookup: &mut Lookup,
        mut is_worth_it: impl FnMut(Range<usize>, Best) -> bool,
        mut found: impl FnMut(&mut Met<'_>),
    ) -> tantivy::Result<()> {
        let mut next = 0;
        while next < docs.len() {
            let first = next;
            next += self.move_to_first_of(&docs[first..]);
            if !is_worth_it(first..next, self.postings.best(self.block)) {
                continue;
            }
            let met = self.meet(&docs[first..next], lookup)?;
            if met > 0 {
                let before = self.postings.mentions_before(self.block);
                let (_, frequencies) = self.postings.block(self.block)?;
                found(&mut Met { first, meetings: &mut lookup.meetings[..met], frequencies, before });
            }
        }
        Ok(())
    }

    /// Calls back with the articles before `end` and behind those asked for before, a block or a part of it at a time.
    ///
    /// # Errors
    /// When the file is cut off.
    #[inline]
    pub(crate) fn walk_to(&mut self, end: DocId, mut work: impl FnMut(&[DocId])) -> tantivy::Result<()> {
        while self.block < self.postings.blocks() {
            let docs = &self.postings.docs(self.block)?[self.at..];
            let is_inside = docs.last().is_none_or(|&last| last < end);
            let inside = if is_inside { docs.len() } else { docs.partition_point(|&doc| doc < end) };
            work(&docs[..inside]);
            if !is_inside {
                self.at += inside;
                return Ok(());
            }
            (self.block, self.at) = (self.block + 1, 0);
        }
        Ok(())
    }

    /// Marks those of some articles that have the word. There are no more than 128, which are in order and behind those asked for before.
    ///
    /// # Errors
    /// When the file is cut off.
    pub(crate) fn mark(
        &mut self,
        docs: &[DocId],
        marks: &mut [bool; BLOCK],
        lookup: &mut Lookup,
    ) -> tantivy::Result<()> {
        let mut next = 0;
        while next < docs.len() {
            let first = next;
            next += self.move_to_first_of(&docs[first..]);
            let met = self.meet(&docs[first..next], lookup)?;
            lookup.meetings[..met]
                .iter()
                .for_each(|&(number, _)| marks[first + usize::from(number) - 1] = true);
        }
        Ok(())
    }

    /// How often the word is in all articles before one, which may come before those asked for before, and how often in that;
    /// `None` where it is not there.
    ///
    /// # Errors
    /// When the file is cut off.
    pub(crate) fn place_of(&mut self, doc: DocId) -> tantivy::Result<Option<(u64, u32)>> {
        let Some(at) = self.look_up(doc)? else { return Ok(None) };
        let before = self.postings.mentions_before(self.block);
        let (_, frequencies) = self.postings.block(self.block)?;
        let before_in_block: u32 = frequencies[..at].iter().sum();
        Ok(Some((before + u64::from(before_in_block), frequencies[at])))
    }

    /// Has an article, which may come before those asked for before, the word?
    ///
    /// # Errors
    /// When the file is cut off.
    pub(crate) fn has(&mut self, doc: DocId) -> tantivy::Result<bool> {
        Ok(self.look_up(doc)?.is_some())
    }

    /// Moves to the block that reaches up to any article; tells where that stands in it, if it is there.
    #[inline]
    fn look_up(&mut self, doc: DocId) -> tantivy::Result<Option<usize>> {
        if self.block > 0 && self.postings.last(self.block - 1) >= doc {
            self.rewind();
        }
        self.block = self.postings.block_of(self.block, doc);
        Ok(self.postings.docs(self.block)?.binary_search(&doc).ok())
    }

    /// Finds articles that are not behind the block; tells how many are in it.
    fn meet(&mut self, docs: &[DocId], lookup: &mut Lookup) -> tantivy::Result<usize> {
        let of_word = self.postings.docs(self.block)?;
        let Lookup { slots, meetings } = lookup;
        let slots = if docs.len() < MANY { None } else { slots.get_or_insert_with(Slots::new).filled(docs) };
        let (Some(slots), [first, .., last]) = (slots, docs) else {
            let mut met = 0;
            for (number, &doc) in (1..).zip(docs) {
                self.at += of_word[self.at..].partition_point(|&of_word| of_word < doc);
                meetings[met] = (number, self.at as u8);
                met += usize::from(of_word.get(self.at) == Some(&doc));
            }
            return Ok(met);
        };
        let from = first_from(of_word, self.at, *first);
        self.at = from + of_word[from..].partition_point(|doc| doc <= last);
        let met = slots.meet(&of_word[from..self.at], meetings);
        slots.clear(docs);
        meetings[..met].iter_mut().for_each(|(_, at)| *at += from as u8);
        Ok(met)
    }
}
