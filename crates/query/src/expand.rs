//! Patterns to terms: what a prefix, a wildcard, a fuzzy word or a regular expression stands for in an index.

use std::collections::BTreeSet;
use std::io;
use std::ops::ControlFlow;
use std::path::Path;

use frostem::{Algorithm, Stemmer};
use schema::is_word_term;
use store::{open_words, read_words};
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{Field, Term};
use tantivy::termdict::{TermDictionary, TermStreamer};
use tantivy::{Searcher, SegmentReader};

use crate::deadline::Deadline;
use crate::glob::Glob;

/// The most terms a pattern may stand for in a ranking.
pub(crate) const TERM_LIMIT: usize = 1024;

/// A pattern over whole terms, folded as terms are.
#[derive(Clone, Debug)]
pub(crate) enum Pattern {
    Wildcard(Glob),
    /// At most so many edits away; a transposition is one.
    Fuzzy(String, u8),
    Regex(regex::Regex),
    /// The word and every other of its English stem.
    Stem(String),
}

/// The term dictionaries of a field.
#[derive(Clone, Copy)]
pub(crate) struct Dictionaries<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) field: Field,
    /// Where the segments have lists of the words of the field beside them, if they have.
    pub(crate) lists: Option<&'a Path>,
    pub(crate) deadline: &'a Deadline,
}

impl Dictionaries<'_> {
    /// How many words there are, the same one in several segments several times.
    pub(crate) fn words(&self) -> tantivy::Result<u64> {
        let segments = self.searcher.segment_readers().iter();
        segments.map(|segment| Ok(segment.inverted_index(self.field)?.terms().num_terms() as u64)).sum()
    }

    /// How many of so many words a pattern makes it look at, about, as a walk through the dictionary does.
    pub(crate) fn looks(&self, pattern: &Pattern, words: u64) -> u64 {
        let beginning_so = |prefix: &str| words >> (4 * prefix.len().min(15));
        let listed = |share: u64| if self.lists.is_some() { words / share } else { words };
        match pattern {
            Pattern::Wildcard(glob) if !glob.prefix().is_empty() => beginning_so(glob.prefix()),
            Pattern::Wildcard(_) => listed(16),
            Pattern::Regex(_) => listed(3),
            Pattern::Stem(word) => beginning_so(shared_beginning(word, &stemmer().stem(word))),
            Pattern::Fuzzy(..) => words / 20,
        }
    }

    /// The terms that a pattern stands for, each once, in order.
    pub(crate) fn expand(&self, pattern: &Pattern) -> tantivy::Result<Vec<String>> {
        let mut terms = BTreeSet::new();
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(self.field)?;
            self.expand_in(segment, index.terms(), pattern, &mut terms)?;
        }
        Ok(terms.into_iter().collect())
    }

    fn expand_in(
        &self,
        segment: &SegmentReader,
        dictionary: &TermDictionary,
        pattern: &Pattern,
        terms: &mut BTreeSet<String>,
    ) -> tantivy::Result<()> {
        let mut take = |term: &str| {
            terms.insert(term.to_owned());
        };
        match pattern {
            Pattern::Wildcard(glob) if !glob.prefix().is_empty() => {
                let beginning_so = terms_from(dictionary, glob.prefix())?;
                self.walk(beginning_so, |term| glob.matches(term), take);
            }
            Pattern::Wildcard(glob) => {
                let find = |lines: &str, found: &mut Vec<String>| {
                    glob.find_lines(lines, |word| found.push(word.to_owned()));
                };
                self.look_at_all(segment, dictionary, find, |term| glob.matches(term), take)?;
            }
            Pattern::Regex(regex) => {
                let find = |lines: &str, found: &mut Vec<String>| {
                    let in_time = lines.lines().take_while(|_| !self.deadline.is_over());
                    found.extend(in_time.filter(|word| regex.is_match(word)).map(str::to_owned));
                };
                self.look_at_all(segment, dictionary, find, |term| regex.is_match(term), take)?;
            }
            Pattern::Stem(word) => {
                let stemmer = stemmer();
                let stem = stemmer.stem(word);
                let beginning_so = terms_from(dictionary, shared_beginning(word, &stem))?;
                self.walk(beginning_so, |term| term == word || stemmer.stem(term) == stem, take);
            }
            Pattern::Fuzzy(word, distance) => {
                let query = FuzzyTermQuery::new(Term::from_field_text(self.field, word), *distance, true);
                let automaton = query.automaton()?;
                let mut stream = dictionary.search(automaton).into_stream()?;
                while stream.advance() && !self.deadline.is_over() {
                    word_of(stream.key()).into_iter().for_each(&mut take);
                }
            }
        }
        Ok(())
    }

    /// Takes the words among the terms that match.
    fn walk(&self, mut stream: TermStreamer<'_>, matches: impl Fn(&str) -> bool, mut take: impl FnMut(&str)) {
        while stream.advance() && !self.deadline.is_over() {
            word_of(stream.key()).filter(|word| matches(word)).into_iter().for_each(&mut take);
        }
    }

    /// Takes the words that match wherever they begin: those that `find` finds in the list of the segment's words, or, where that
    /// cannot be had, those that a walk through the dictionary meets.
    fn look_at_all(
        &self,
        segment: &SegmentReader,
        dictionary: &TermDictionary,
        find: impl Fn(&str, &mut Vec<String>),
        matches: impl Fn(&str) -> bool,
        mut take: impl FnMut(&str),
    ) -> tantivy::Result<()> {
        match self.listed(segment, dictionary, find) {
            Ok(words) => words.iter().for_each(|word| take(word)),
            Err(_) => self.walk(dictionary.stream()?, matches, take),
        }
        Ok(())
    }

    /// What `find` finds in the list of the segment's words. An error where there is no such list, or it is damaged: the dictionary
    /// knows it all.
    fn listed(
        &self,
        segment: &SegmentReader,
        dictionary: &TermDictionary,
        find: impl Fn(&str, &mut Vec<String>),
    ) -> io::Result<Vec<String>> {
        let folder = self.lists.ok_or(io::ErrorKind::NotFound)?;
        let file = open_words(folder, segment)?;
        let mut found = Vec::new();
        read_words(file, dictionary.num_terms() as u64, |lines| {
            find(lines, &mut found);
            if self.deadline.missed().is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(found)
    }
}

fn stemmer() -> Stemmer {
    Stemmer::new(Algorithm::English)
}

/// The terms that begin so.
fn terms_from<'a>(dictionary: &'a TermDictionary, prefix: &str) -> tantivy::Result<TermStreamer<'a>> {
    let range = dictionary.range().ge(prefix);
    let range = match prefix_end(prefix) {
        Some(end) => range.lt(end),
        None => range,
    };
    Ok(range.into_stream()?)
}

/// What all words of the stem begin with, as far as can be known: a stem and its words may differ in the last two letters of
/// the stem (`happi` and `happy`, `die` and `dying`).
fn shared_beginning<'a>(word: &'a str, stem: &str) -> &'a str {
    let shared = word.bytes().zip(stem.bytes()).take_while(|(a, b)| a == b).count();
    &word[..shared.saturating_sub(2).max(1).min(word.len())]
}

fn word_of(key: &[u8]) -> Option<&str> {
    std::str::from_utf8(key).ok().filter(|term| is_word_term(term))
}

/// The smallest byte string greater than every string with this prefix; `None` for the empty prefix.
fn prefix_end(prefix: &str) -> Option<Vec<u8>> {
    let mut end = prefix.as_bytes().to_vec();
    let last = end.last_mut()?;
    *last += 1; // a byte of UTF-8 is never 0xFF
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::prefix_end;

    #[test]
    fn the_end_of_a_prefix_is_behind_all_its_words() {
        let end = prefix_end("é").unwrap();
        assert!("ézzz\u{10FFFF}".as_bytes() < end.as_slice());
        assert!("ê".as_bytes() >= end.as_slice());
    }
}
