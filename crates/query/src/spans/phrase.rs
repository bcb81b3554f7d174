//! Words at fixed distances from each other, without lists of intervals.

use tantivy::DocId;

use super::interval::Interval;
use super::occurrences::{Occurrences, seek_together};

/// The words of a phrase.
#[derive(Clone)]
pub(super) struct Phrase {
    /// From the word of the fewest articles to that of the most.
    words: Vec<Word>,
    /// Distance from the first word to the last.
    length: u32,
    found: Vec<Interval>,
    /// How far each word's positions have been passed.
    rests: Vec<usize>,
}

#[derive(Clone)]
struct Word {
    /// Distance from the first word of the phrase.
    offset: u32,
    occurrences: Occurrences,
}

impl Phrase {
    /// Of words and their distances from the first.
    pub(super) fn new(words: Vec<Occurrences>, offsets: &[u32]) -> Phrase {
        let words = words.into_iter().zip(offsets).map(|(occurrences, &offset)| Word { offset, occurrences });
        let mut words: Vec<Word> = words.collect();
        words.sort_by_key(|word| word.occurrences.articles());
        Phrase { words, length: offsets.last().copied().unwrap_or(0), found: Vec::new(), rests: Vec::new() }
    }

    pub(super) fn cost(&self) -> u32 {
        self.words.first().map_or(0, |rarest| rarest.occurrences.articles())
    }

    /// Moves to the first article at or behind `target` that has all words.
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        let words = &mut self.words;
        seek_together(words.len(), target, |word, target| words[word].occurrences.seek(target))
    }

    /// The frequency of the word that the article has least often.
    pub(super) fn least_frequency(&mut self, doc: DocId) -> u32 {
        self.words.iter_mut().map(|word| word.occurrences.frequency(doc)).min().unwrap_or(0)
    }

    /// Is there a phrase in an article that has all words? Less work than to find them all.
    pub(super) fn is_in(&mut self, doc: DocId) -> bool {
        if self.words.len() > 2 {
            return !self.spans(doc, 1).is_empty();
        }
        for word in &mut self.words {
            word.occurrences.at(doc);
        }
        let least = self.words.iter().min_by_key(|word| word.occurrences.positions().len());
        let Some(least) = least else { return false };
        let starts = least.occurrences.positions().iter().filter_map(|at| at.checked_sub(least.offset));
        self.rests.clear();
        self.rests.resize(self.words.len(), 0);
        'start: for start in starts {
            for (word, rest) in self.words.iter().zip(&mut self.rests) {
                let (positions, wanted) = (word.occurrences.positions(), start + word.offset);
                while *rest < positions.len() && positions[*rest] < wanted {
                    *rest += 1;
                }
                if *rest == positions.len() {
                    return false;
                }
                if positions[*rest] != wanted {
                    continue 'start;
                }
            }
            return true;
        }
        false
    }

    /// The phrases in an article, in order; none, perhaps, where their weights add up to less than `least`.
    pub(super) fn spans(&mut self, doc: DocId, least: u32) -> &[Interval] {
        self.found.clear();
        let words = &mut self.words;
        let first = (0..words.len()).min_by_key(|&word| words[word].occurrences.frequency(doc));
        let Some(first) = first else { return &self.found };
        let Word { offset, occurrences } = &mut self.words[first];
        for run in occurrences.at(doc).chunk_by(|a, b| a == b) {
            if let Some(start) = run[0].checked_sub(*offset) {
                self.found.push(Interval { start, end: start + self.length, weight: run.len() as u32 });
            }
        }
        for (number, word) in self.words.iter_mut().enumerate() {
            if number != first {
                keep_those_with(&mut self.found, word.occurrences.at(doc), word.offset);
            }
            if self.found.iter().map(|span| span.weight).sum::<u32>() < least {
                self.found.clear();
            }
            if self.found.is_empty() {
                break;
            }
        }
        &self.found
    }
}

/// Keeps the intervals that have one of the positions at `offset` from their start.
fn keep_those_with(intervals: &mut Vec<Interval>, positions: &[u32], offset: u32) {
    let mut at = 0;
    intervals.retain_mut(|interval| {
        let wanted = interval.start + offset;
        while positions.get(at).is_some_and(|&position| position < wanted) {
            at += 1;
        }
        let times = positions[at..].iter().take_while(|&&position| position == wanted).count() as u32;
        interval.weight = interval.weight.min(times);
        times > 0
    });
}
