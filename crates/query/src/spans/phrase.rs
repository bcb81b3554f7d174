//! Words at fixed distances from each other, without lists of intervals.

use std::ops::ControlFlow;

use schema::{Fields, is_frequent, pair_term};
use tantivy::schema::Field;
use tantivy::{DocId, SegmentReader};

use super::Spans;
use super::interval::{Interval, times, weight};
use super::occurrences::{FoundWord, Occurrences, seek_together};
use crate::blocks::first_from;
use crate::postings::Files;

/// Of a word that has so many times more positions in an article than another, those are looked at that the other could make a phrase with.
const MANY_TIMES: usize = 8;

/// A term that stands for one word, or two, of a phrase.
pub(super) struct Part {
    /// Distance from the first word of the phrase.
    pub(super) offset: u32,
    pub(super) field: Field,
    pub(super) term: String,
}

/// The terms that make up a phrase of words: frequent words that follow each other are looked up as pairs, of which there are
/// far fewer. `None` where a part of the phrase is not a word.
pub(super) fn parts_of_phrase(
    parts: &[(u32, Spans)],
    field: Field,
    segment: &SegmentReader,
) -> Option<Vec<Part>> {
    fn word((offset, part): &(u32, Spans)) -> Option<(u32, &str)> {
        match part {
            Spans::Term(term) => Some((*offset, term)),
            _ => None,
        }
    }
    let words: Vec<(u32, &str)> = parts.iter().map(word).collect::<Option<_>>()?;
    let pairs = Fields::pairs_of(field, segment.schema());
    let is_pair = |first: usize| {
        words.get(first + 1).is_some_and(|(offset, second)| {
            *offset == words[first].0 + 1 && is_frequent(words[first].1) && is_frequent(second)
        })
    };
    let mut terms = Vec::with_capacity(words.len());
    let mut at = 0;
    while let Some((offset, word)) = words.get(at) {
        // The last of an odd number of frequent words makes a pair with the one before it, which another pair has too.
        let first = if is_pair(at) || at == 0 || !is_pair(at - 1) { at } else { at - 1 };
        match pairs {
            Some(field) if is_pair(first) => {
                let term = pair_term(words[first].1, words[first + 1].1);
                terms.push(Part { offset: words[first].0, field, term });
                at = first + 2;
            }
            _ => {
                terms.push(Part { offset: *offset, field, term: (*word).to_owned() });
                at += 1;
            }
        }
    }
    Some(terms)
}

/// The words of a phrase, or pairs of them.
#[derive(Clone)]
pub(super) struct Phrase {
    /// From the word of the fewest articles to that of the most.
    words: Vec<Word>,
    /// Distance from the first word to the last.
    length: u32,
    found: Vec<Interval>,
}

#[derive(Clone)]
struct Word {
    /// Distance from the first word of the phrase.
    offset: u32,
    occurrences: Occurrences,
}

impl Phrase {
    /// Of words from the rarest to the most frequent. `length` is the distance from the first word of the phrase to its last.
    pub(super) fn of(
        words: &[FoundWord<'_>],
        length: u32,
        segment: &SegmentReader,
        files: &Files,
    ) -> tantivy::Result<Phrase> {
        let word = |(part, info): &FoundWord<'_>| {
            let occurrences = Occurrences::of(part.field, info, segment, files)?;
            Ok(Word { offset: part.offset, occurrences })
        };
        let words: tantivy::Result<_> = words.iter().map(word).collect();
        Ok(Phrase { words: words?, length, found: Vec::new() })
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
        match &mut self.words[..] {
            [_] => true,
            [one, other] => {
                let (places, others) = (one.occurrences.at(doc), other.occurrences.at(doc));
                are_phrase([places, others], [one.offset, other.offset])
            }
            _ => !self.spans(doc, 1).is_empty(),
        }
    }

    /// The weights of the phrases in an article, added up; 0, perhaps, where that is less than `least`.
    pub(super) fn frequency(&mut self, doc: DocId, least: u32) -> u32 {
        match &mut self.words[..] {
            [word] => word.occurrences.frequency(doc),
            _ => weight(self.spans(doc, least)),
        }
    }

    /// The phrases in an article, in order; none, perhaps, where their weights add up to less than `least`.
    pub(super) fn spans(&mut self, doc: DocId, least: u32) -> &[Interval] {
        let Phrase { words, length, found } = self;
        found.clear();
        let mut push = |position: u32, offset: u32, weight: u32| {
            if let Some(start) = position.checked_sub(offset) {
                found.push(Interval { start, end: start + *length, weight });
            }
        };
        let mut words = words.iter_mut();
        let Some(one) = words.next() else { return found };
        if let Some(other) = words.next() {
            let (places, others) = (one.occurrences.at(doc), other.occurrences.at(doc));
            phrases_of_two([places, others], [one.offset, other.offset], |position, weight| {
                push(position, one.offset, weight);
                ControlFlow::Continue(())
            });
        } else {
            for run in one.occurrences.at(doc).chunk_by(|a, b| a == b) {
                push(run[0], one.offset, run.len() as u32);
            }
        }
        for Word { offset, occurrences } in words {
            if found.is_empty() || weight(found) < least {
                break;
            }
            keep_those_with(found, occurrences.at(doc), *offset);
        }
        if weight(found) < least {
            found.clear();
        }
        found
    }
}

/// Do two words, at these positions and at these distances from the start of a phrase, make it anywhere?
pub(super) fn are_phrase(places: [&[u32]; 2], offsets: [u32; 2]) -> bool {
    let mut found = false;
    phrases_of_two(places, offsets, |_, _| {
        found = true;
        ControlFlow::Break(())
    });
    found
}

/// Calls `found` with the position of the first of the two in every phrase that they make, and its weight, until it says to stop.
#[inline]
pub(super) fn phrases_of_two(
    [places, others]: [&[u32]; 2],
    [offset, other_offset]: [u32; 2],
    mut found: impl FnMut(u32, u32) -> ControlFlow<()>,
) {
    if others.len() > MANY_TIMES * places.len() {
        return phrases_of_few([places, others], [offset, other_offset], |position, _, weight| {
            found(position, weight)
        });
    }
    if places.len() > MANY_TIMES * others.len() {
        return phrases_of_few([others, places], [other_offset, offset], |_, position, weight| {
            found(position, weight)
        });
    }
    let (mut place, mut other) = (0, 0);
    while place < places.len() && other < others.len() {
        let (start, other_start) = (places[place] + other_offset, others[other] + offset);
        if start == other_start {
            let position = places[place];
            let weight = times(places, &mut place).min(times(others, &mut other));
            if found(position, weight).is_break() {
                return;
            }
        } else {
            // Without a branch for each, which would be guessed wrong too often.
            place += usize::from(start < other_start);
            other += usize::from(other_start < start);
        }
    }
}

/// The same where the first of the two has far fewer positions: those of the other are passed over. `found` is called with the positions
/// of both.
#[inline]
fn phrases_of_few(
    [few, many]: [&[u32]; 2],
    [offset, other_offset]: [u32; 2],
    mut found: impl FnMut(u32, u32, u32) -> ControlFlow<()>,
) {
    let (mut at, mut other) = (0, 0);
    while at < few.len() {
        let position = few[at];
        let times_of_few = times(few, &mut at);
        let Some(wanted) = (position + other_offset).checked_sub(offset) else { continue };
        other = first_from(many, other, wanted);
        if many.get(other) == Some(&wanted) {
            let weight = times_of_few.min(times(many, &mut other));
            if found(position, wanted, weight).is_break() {
                return;
            }
        }
    }
}

/// Keeps the intervals that have one of the positions at `offset` from their start.
pub(super) fn keep_those_with(intervals: &mut Vec<Interval>, positions: &[u32], offset: u32) {
    let mut at = 0;
    intervals.retain_mut(|interval| {
        let wanted = interval.start + offset;
        at = first_from(positions, at, wanted);
        let times = positions[at..].iter().take_while(|&&position| position == wanted).count() as u32;
        interval.weight = interval.weight.min(times);
        times > 0
    });
}
