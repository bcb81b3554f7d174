//! Block-max `MaxScore` in windows.
//!
//! In a window that lies within one block of every word, a word scores at most its block's maximum. Words whose maxima together
//! cannot lift an article over the threshold are not essential: only articles that have another word are looked at, and what
//! the others add is looked up where it can matter (Turtle and Flood 1995; the windows and block maxima after Ding and Suel
//! 2011 and Lucene 10's bulk scorer).

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::query::Bm25Weight;
use tantivy::{DocId, Score, TERMINATED};

use crate::deadline::Deadline;
use crate::top::Callback;

/// The longest window, in articles.
const WINDOW: usize = 4096;
const WORD_BITS: usize = 64;

/// Words become passive that add no more than this part of the threshold together. Of words that add more the maxima of blocks leave out
/// more than is saved: an OR of two frequent words takes 1.2 times as long with all of it.
const PASSIVE_PART: Score = 0.5;

/// A walk over the postings of a word.
pub(super) struct UnionCursor {
    postings: BlockSegmentPostings,
    /// Where it stands in the block.
    at: usize,
    bm25: Bm25Weight,
    /// The most that any article scores, however short and full of the word.
    most: Score,
    /// The most that an article of the block scores.
    block_max: Score,
    /// The most that an article of the window scores.
    bound: Score,
    /// Articles without the word are none of the union's.
    is_needed: bool,
}

impl UnionCursor {
    /// A walk that stands at the first article at or behind `start`.
    pub(super) fn new(
        mut postings: BlockSegmentPostings,
        bm25: Bm25Weight,
        lengths: &FieldNormReader,
        start: DocId,
    ) -> UnionCursor {
        let block_max = postings.block_max_score(lengths, &bm25);
        let most = bm25.score(0, u32::MAX);
        let mut cursor = UnionCursor { postings, at: 0, bm25, most, block_max, bound: 0.0, is_needed: false };
        cursor.seek(start, lengths);
        cursor
    }

    fn doc(&self) -> DocId {
        self.postings.docs().get(self.at).copied().unwrap_or(TERMINATED)
    }

    /// The last article of the block.
    fn last(&self) -> DocId {
        self.postings.docs().last().copied().unwrap_or(TERMINATED)
    }

    /// Moves to the first article at or behind `target`, in whatever block.
    fn seek(&mut self, target: DocId, lengths: &FieldNormReader) {
        let is_behind = self.last() < target;
        self.look_up(target);
        if is_behind {
            self.block_max = self.postings.block_max_score(lengths, &self.bm25);
        }
    }

    /// The same, where maxima of blocks do not matter any more.
    fn look_up(&mut self, target: DocId) {
        if self.last() < target {
            self.at = self.postings.seek(target);
        } else {
            self.seek_in_block(target);
        }
    }

    /// Moves to the first article at or behind `target`, which the block reaches up to.
    fn seek_in_block(&mut self, target: DocId) {
        let rest = &self.postings.docs()[self.at..];
        // Mostly it is near.
        self.at += match rest.iter().take(8).position(|&doc| doc >= target) {
            Some(near) => near,
            None => rest.partition_point(|&doc| doc < target),
        };
    }

    /// The articles of the window, which ends at `end`, and how often they have the word.
    fn window(&self, end: DocId) -> impl Iterator<Item = (DocId, u32)> + '_ {
        let docs = self.postings.docs()[self.at..].iter().copied();
        let freqs = self.postings.freqs()[self.at..].iter().copied();
        docs.zip(freqs).take_while(move |&(doc, _)| doc <= end)
    }
}

/// Scores of the articles of a window. Words are added in an order that differs between windows, and equal articles must have equal
/// scores: sums of twice the precision do not lose what the order could change.
#[derive(Default)]
struct Accumulator {
    scores: Vec<f64>,
    /// A bit for each article that has a score.
    seen: Vec<u64>,
}

impl Accumulator {
    /// Makes room when it is first needed.
    fn with_room(&mut self) -> &mut Accumulator {
        if self.scores.is_empty() {
            (self.scores, self.seen) = (vec![0.0; WINDOW], vec![0; WINDOW / WORD_BITS]);
        }
        self
    }
}

/// The evaluation of a union.
pub(super) struct Union<'a> {
    /// Boxed, because they are sorted in every window, and large.
    #[allow(clippy::vec_box)]
    cursors: Vec<Box<UnionCursor>>,
    /// Those that are passive, from the one that scores least, and the most that they add together.
    #[allow(clippy::vec_box)]
    passive: Vec<Box<UnionCursor>>,
    passive_rest: Score,
    lengths: FieldNormReader,
    accumulator: Accumulator,
    threshold: Score,
    needs_first: bool,
    deadline: &'a Deadline,
}

impl<'a> Union<'a> {
    /// Of articles that score more than the threshold, and have the first word if they need it.
    #[allow(clippy::vec_box)]
    pub(super) fn new(
        mut cursors: Vec<Box<UnionCursor>>,
        needs_first: bool,
        lengths: FieldNormReader,
        threshold: Score,
        deadline: &'a Deadline,
    ) -> Union<'a> {
        let (passive, passive_rest, accumulator) = (Vec::new(), 0.0, Accumulator::default());
        if let Some(first) = cursors.first_mut() {
            first.is_needed = needs_first;
        }
        Union { cursors, passive, passive_rest, lengths, accumulator, threshold, needs_first, deadline }
    }

    /// Up to the article before `all`.
    pub(super) fn run(mut self, all: DocId, callback: &mut Callback<'_>) {
        loop {
            if self.needs_first && !self.seek_needed() {
                return;
            }
            self.cursors.retain(|cursor| cursor.doc() != TERMINATED);
            self.set_aside();
            let (mut start, mut end) = (TERMINATED, TERMINATED);
            for cursor in &self.cursors {
                (start, end) = (start.min(cursor.doc()), end.min(cursor.last()));
            }
            if start >= all || self.deadline.is_over() {
                return;
            }
            end = end.min(start.saturating_add(WINDOW as u32 - 1)).min(all - 1);
            for cursor in &mut self.cursors {
                cursor.bound = if cursor.doc() <= end { cursor.block_max } else { 0.0 };
            }
            self.cursors.sort_unstable_by(|a, b| a.bound.total_cmp(&b.bound));
            let (mut others, mut rest) = self.not_essential();
            if let Some(needed) = self.needed_to_follow(others) {
                let last = self.cursors.len() - 1;
                self.cursors.swap(needed, last);
                others = last;
                rest =
                    self.passive_rest + self.cursors[..last].iter().map(|cursor| cursor.bound).sum::<Score>();
            }
            match self.cursors.len() - others {
                0 => {}
                1 => self.run_one(end, rest, callback),
                _ => self.run_many(start, end, others, rest, callback),
            }
            for cursor in &mut self.cursors {
                cursor.seek(end + 1, &self.lengths);
            }
        }
    }

    /// Makes those passive that have come to be.
    fn set_aside(&mut self) {
        while let Some(least) = (0..self.cursors.len())
            .filter(|&cursor| !self.cursors[cursor].is_needed)
            .min_by(|&a, &b| self.cursors[a].most.total_cmp(&self.cursors[b].most))
            && self.passive_rest + self.cursors[least].most <= PASSIVE_PART * self.threshold
        {
            let mut cursor = self.cursors.swap_remove(least);
            cursor.bound = cursor.most;
            self.passive_rest += cursor.most;
            self.passive.push(cursor);
        }
    }

    /// How many of the cursors, in the order of their bounds, cannot lift an article over the threshold, and the most they add.
    fn not_essential(&self) -> (usize, Score) {
        let mut sum = self.passive_rest;
        for (number, cursor) in self.cursors.iter().enumerate() {
            if sum + cursor.bound > self.threshold {
                return (number, sum);
            }
            sum += cursor.bound;
        }
        (self.cursors.len(), sum)
    }

    /// Moves to the next article of the needed word, if there is one.
    fn seek_needed(&mut self) -> bool {
        let needed = self.cursors.iter().find(|cursor| cursor.is_needed);
        let Some(doc) = needed.map(|cursor| cursor.doc()).filter(|&doc| doc != TERMINATED) else {
            return false;
        };
        self.cursors.iter_mut().filter(|cursor| cursor.doc() < doc).for_each(|cursor| {
            cursor.seek(doc, &self.lengths);
        });
        true
    }

    /// The needed word, if its articles are to be gone through instead of those of the essential words: where it is one of these, or
    /// rarer than they are. None where no word is essential.
    fn needed_to_follow(&self, others: usize) -> Option<usize> {
        let needed = self.cursors.iter().position(|cursor| cursor.is_needed)?;
        let articles = |cursor: &UnionCursor| u64::from(cursor.postings.doc_freq());
        let essential = &self.cursors[others..];
        let is_rarer =
            || articles(&self.cursors[needed]) < essential.iter().map(|cursor| articles(cursor)).sum::<u64>();
        (!essential.is_empty() && (needed >= others || is_rarer())).then_some(needed)
    }

    /// A window in which the last cursor alone is essential.
    fn run_one(&mut self, end: DocId, rest: Score, callback: &mut Callback<'_>) {
        let Some((essential, others)) = self.cursors.split_last_mut() else { return };
        let passive = &mut self.passive[..];
        for (doc, frequency) in essential.window(end) {
            let length = self.lengths.fieldnorm_id(doc);
            let score = essential.bm25.score(length, frequency);
            if score + rest > self.threshold
                && let Some(score) =
                    whole_score([passive, others], doc, length, score.into(), rest, self.threshold)
            {
                self.threshold = callback(doc, score).max(self.threshold);
            }
        }
    }

    /// A window in which all but the first `others` cursors are essential.
    fn run_many(
        &mut self,
        start: DocId,
        end: DocId,
        others: usize,
        rest: Score,
        callback: &mut Callback<'_>,
    ) {
        let Accumulator { scores, seen } = self.accumulator.with_room();
        let (others, essential) = self.cursors.split_at_mut(others);
        let passive = &mut self.passive[..];
        for cursor in &*essential {
            for (doc, frequency) in cursor.window(end) {
                let place = (doc - start) as usize;
                scores[place] += f64::from(cursor.bm25.score(self.lengths.fieldnorm_id(doc), frequency));
                seen[place / WORD_BITS] |= 1 << (place % WORD_BITS);
            }
        }
        let words = (end - start) as usize / WORD_BITS + 1;
        for (number, word) in seen[..words].iter_mut().enumerate() {
            let mut bits = std::mem::take(word);
            while bits != 0 {
                let place = number * WORD_BITS + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let score = std::mem::take(&mut scores[place]);
                if score as Score + rest <= self.threshold {
                    continue;
                }
                let doc = start + place as u32;
                let length = self.lengths.fieldnorm_id(doc);
                if let Some(score) = whole_score([passive, others], doc, length, score, rest, self.threshold)
                {
                    self.threshold = callback(doc, score).max(self.threshold);
                }
            }
        }
    }
}

/// The score of an article, with what the other words add, if it is more than the threshold. Passive ones are asked last, and those
/// of the greatest bounds first.
fn whole_score(
    [passive, others]: [&mut [Box<UnionCursor>]; 2],
    doc: DocId,
    length: u8,
    mut score: f64,
    mut rest: Score,
    threshold: Score,
) -> Option<Score> {
    for cursor in others.iter_mut().rev().chain(passive.iter_mut().rev()) {
        if score as Score + rest <= threshold {
            return None;
        }
        rest -= cursor.bound;
        cursor.look_up(doc);
        if cursor.doc() == doc {
            score += f64::from(cursor.bm25.score(length, cursor.postings.freq(cursor.at)));
        } else if cursor.is_needed {
            return None;
        }
    }
    Some(score as Score).filter(|&score| score > threshold)
}
