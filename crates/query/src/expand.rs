//! Patterns to terms: what a prefix, a wildcard, a fuzzy word or a regular expression stands for in an index.

use std::collections::BTreeSet;

use frostem::{Algorithm, Stemmer};
use tantivy::Searcher;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{Field, Term};
use tantivy::termdict::{TermDictionary, TermStreamer};

use crate::deadline::Deadline;

/// The most terms a pattern may stand for in a ranking.
pub(crate) const TERM_LIMIT: usize = 1024;

/// A pattern over whole terms, folded as terms are.
#[derive(Clone, Debug)]
pub(crate) enum Pattern {
    /// `*` stands for any run of characters, `?` for one.
    Wildcard(String),
    /// At most so many edits away; a transposition is one.
    Fuzzy(String, u8),
    Regex(regex::Regex),
    /// The word and every other of its English stem.
    Stem(String),
}

/// Looks a pattern up in the term dictionaries of a field: its terms, each once, in order.
pub(crate) fn expand(
    pattern: &Pattern,
    field: Field,
    searcher: &Searcher,
    deadline: &Deadline,
) -> tantivy::Result<Vec<String>> {
    let mut terms = BTreeSet::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(field)?;
        match pattern {
            Pattern::Wildcard(glob) => {
                let prefix = &glob[..glob.find(['*', '?']).unwrap_or(glob.len())];
                let beginning_so = terms_from(index.terms(), prefix)?;
                collect(beginning_so, &mut terms, deadline, |term| matches_glob(glob, term));
            }
            Pattern::Regex(regex) => {
                collect(index.terms().stream()?, &mut terms, deadline, |term| regex.is_match(term));
            }
            Pattern::Stem(word) => {
                let stemmer = Stemmer::new(Algorithm::English);
                let stem = stemmer.stem(word);
                let prefix = shared_beginning(word, &stem);
                let beginning_so = terms_from(index.terms(), prefix)?;
                collect(beginning_so, &mut terms, deadline, |term| {
                    term == word || stemmer.stem(term) == stem
                });
            }
            Pattern::Fuzzy(word, distance) => {
                let query = FuzzyTermQuery::new(Term::from_field_text(field, word), *distance, true);
                let automaton = query.automaton()?;
                let mut stream = index.terms().search(automaton).into_stream()?;
                while stream.advance() && !deadline.is_over() {
                    insert(stream.key(), &mut terms, |_| true);
                }
            }
        }
    }
    Ok(terms.into_iter().collect())
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

fn collect(
    mut stream: TermStreamer<'_>,
    terms: &mut BTreeSet<String>,
    deadline: &Deadline,
    matches: impl Fn(&str) -> bool,
) {
    while stream.advance() && !deadline.is_over() {
        insert(stream.key(), terms, &matches);
    }
}

/// What all words of the stem begin with, as far as can be known: a stem and its words may differ in the last two letters of
/// the stem (`happi` and `happy`, `die` and `dying`).
fn shared_beginning<'a>(word: &'a str, stem: &str) -> &'a str {
    let shared = word.bytes().zip(stem.bytes()).take_while(|(a, b)| a == b).count();
    &word[..shared.saturating_sub(2).max(1).min(word.len())]
}

/// Takes a term that is a word: terms of places and of capitals begin with other characters.
fn insert(key: &[u8], terms: &mut BTreeSet<String>, matches: impl Fn(&str) -> bool) {
    if let Ok(term) = std::str::from_utf8(key)
        && term.starts_with(char::is_alphanumeric)
        && matches(term)
    {
        terms.insert(term.to_owned());
    }
}

/// The smallest byte string greater than every string with this prefix; `None` for the empty prefix.
fn prefix_end(prefix: &str) -> Option<Vec<u8>> {
    let mut end = prefix.as_bytes().to_vec();
    let last = end.last_mut()?;
    *last += 1; // a byte of UTF-8 is never 0xFF
    Some(end)
}

/// Does the whole of `text` match the glob? Goes back to the last `*` only, so it takes |glob| × |text| steps at most.
fn matches_glob(glob: &str, text: &str) -> bool {
    let (glob, text): (Vec<char>, Vec<char>) = (glob.chars().collect(), text.chars().collect());
    let (mut g, mut t) = (0, 0);
    let mut star = None;
    while t < text.len() {
        if glob.get(g) == Some(&'*') {
            star = Some((g, t));
            g += 1;
        } else if g < glob.len() && (glob[g] == '?' || glob[g] == text[t]) {
            (g, t) = (g + 1, t + 1);
        } else if let Some((star_glob, star_text)) = star {
            star = Some((star_glob, star_text + 1));
            (g, t) = (star_glob + 1, star_text + 1);
        } else {
            return false;
        }
    }
    glob[g..].iter().all(|&c| c == '*')
}

#[cfg(test)]
mod tests {
    use super::{matches_glob, prefix_end};

    #[test]
    fn globs_match_whole_terms() {
        for (glob, yes, no) in [
            ("inva*", "invasion", "reinvade"),
            ("*ship", "friendship", "shipping"),
            ("ukr*ne", "ukraine", "ukrainer"),
            ("te?t", "test", "tet"),
            ("*a*b*", "xaxxbx", "ba"),
        ] {
            assert!(matches_glob(glob, yes), "{glob} {yes}");
            assert!(!matches_glob(glob, no), "{glob} {no}");
        }
    }

    #[test]
    fn the_end_of_a_prefix_is_behind_all_its_words() {
        let end = prefix_end("é").unwrap();
        assert!("ézzz\u{10FFFF}".as_bytes() < end.as_slice());
        assert!("ê".as_bytes() >= end.as_slice());
    }
}
