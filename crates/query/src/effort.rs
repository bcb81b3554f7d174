//! How much work one query may ask for. What is here bounds what the limits of the language leave open: how many words of the index
//! patterns make it look at, and how often it has to look where frequent words stand.
//!
//! The bounds grow with the index, so that what is refused would take long on any, and small indexes have room for everything.

use std::cell::Cell;

use engine::SearchError;
use syntax::Span;
use tantivy::schema::{Field, Term};
use tantivy::{Searcher, TantivyError};

use crate::expand::TERM_LIMIT;
use crate::plan::{Plan, Words};
use crate::spans::Spans;

/// The patterns of a query may look at all words of the index so many times.
const PASSES: u64 = 8;
/// So many words patterns may look at in any index.
const FREE_LOOKS: u64 = 4_000_000;
/// The most words that the patterns of a ranking, or beside words, may stand for together.
const RANKED_WORDS: usize = 64 * TERM_LIMIT;
/// In a filter no other pattern is looked up behind those that stand for so many.
const FILTER_WORDS: usize = 256 * TERM_LIMIT;

/// In each article of the index so many words of spans may be looked up, on average.
const PLACES_AN_ARTICLE: u64 = 64;
/// So few words are within that bound, whatever they are and however they combine.
const FEW_WORDS: usize = 6;
/// So often words of spans may be looked up in any index.
const FREE_PLACES: u64 = 2_500_000;

// What else is done in an article, as measured, in words that are looked up.
/// To know the zones of spans.
const ZONES: u64 = 3;
/// To know the sentences or paragraphs of two words.
const BOUNDS: u64 = 3;
/// To put lists of spans together where an operator stands inside another.
const NESTED: u64 = 4;

const PATTERNS_HINT: &str = "give them more letters at their beginning, use fewer, or ask in parts";

/// The work that the patterns of a query have made so far.
#[derive(Debug, Default)]
pub(crate) struct Effort {
    looks: Cell<u64>,
    ranked: Cell<usize>,
    filtered: Cell<usize>,
}

impl Effort {
    /// Asks for leave to look at so many words more, of so many that there are.
    pub(crate) fn look(&self, words: u64, all: u64, span: Span) -> Result<(), SearchError> {
        self.looks.set(self.looks.get().saturating_add(words));
        if self.looks.get() > FREE_LOOKS.max(all.saturating_mul(PASSES)) {
            let message = "up to here the patterns of the query look through too many words";
            return Err(SearchError::query(message, span, Some(PATTERNS_HINT.to_owned())));
        }
        let filtered = self.filtered.get();
        if filtered > FILTER_WORDS { Err(too_many_words(filtered, FILTER_WORDS, span)) } else { Ok(()) }
    }

    /// Takes note of the words that a pattern stands for.
    pub(crate) fn found(&self, words: usize, is_limited: bool, span: Span) -> Result<(), SearchError> {
        if !is_limited {
            self.filtered.set(self.filtered.get().saturating_add(words));
            return Ok(());
        }
        let ranked = self.ranked.get().saturating_add(words);
        self.ranked.set(ranked);
        if ranked > RANKED_WORDS { Err(too_many_words(ranked, RANKED_WORDS, span)) } else { Ok(()) }
    }
}

fn too_many_words(words: usize, limit: usize, span: Span) -> SearchError {
    let message = format!(
        "up to here the patterns of the query stand for {words} words; the limit is {limit} together"
    );
    SearchError::query(message, span, Some(PATTERNS_HINT.to_owned()))
}

/// Refuses a plan that has to look too often where words stand.
pub(crate) fn check_spans(plan: &Plan, searcher: &Searcher, span: Span) -> Result<(), SearchError> {
    if words_of(plan) <= FEW_WORDS {
        return Ok(());
    }
    let most = FREE_PLACES.max(searcher.num_docs().saturating_mul(PLACES_AN_ARTICLE));
    let counted = places_of(plan, searcher).map_err(|error| SearchError::Engine {
        context: "looking up how frequent words are".to_owned(),
        source: Box::new(error),
    })?;
    if counted <= most {
        return Ok(());
    }
    let message = "too many frequent words in phrases and beside NEAR, PRE, SENTENCE and PARAGRAPH";
    let hint = "leave out words that nearly every article has, use fewer of these operators, or ask in parts";
    Err(SearchError::query(message, span, Some(hint.to_owned())))
}

fn words_of(plan: &Plan) -> usize {
    match plan {
        Plan::Words(words) => words.spans.count_terms(),
        Plan::All(plans) | Plan::Any(plans) => plans.iter().map(words_of).sum(),
        Plan::Prefer(wanted, bonus) => words_of(wanted) + words_of(bonus),
        Plan::Not(inner) | Plan::Boost(inner, _) => words_of(inner),
        Plan::Value(..) | Plan::Days { .. } | Plan::Undated => 0,
    }
}

/// In how many articles words have to be looked up, at the most, added up.
fn places_of(plan: &Plan, searcher: &Searcher) -> Result<u64, TantivyError> {
    match plan {
        Plan::Words(Words { field, spans, .. }) if !spans.is_union() => {
            let costs = Costs { field: *field, articles: searcher.num_docs(), searcher };
            Ok(costs.of(spans)?.places)
        }
        Plan::All(plans) | Plan::Any(plans) => {
            plans.iter().map(|plan| places_of(plan, searcher)).sum::<Result<u64, _>>()
        }
        Plan::Prefer(wanted, bonus) => Ok(places_of(wanted, searcher)? + places_of(bonus, searcher)?),
        Plan::Not(inner) | Plan::Boost(inner, _) => places_of(inner, searcher),
        Plan::Words(_) | Plan::Value(..) | Plan::Days { .. } | Plan::Undated => Ok(0),
    }
}

/// What it takes to find spans.
struct Cost {
    /// The articles that may have them.
    articles: u64,
    /// Their words.
    words: u64,
    /// In how many articles a word has to be looked up, added up.
    places: u64,
}

struct Costs<'a> {
    field: Field,
    articles: u64,
    searcher: &'a Searcher,
}

impl Costs<'_> {
    fn of(&self, spans: &Spans) -> Result<Cost, TantivyError> {
        let each = |parts: &[&Spans]| parts.iter().map(|part| self.of(part)).collect::<Result<Vec<_>, _>>();
        Ok(match spans {
            Spans::Term(term) => {
                let articles = self.searcher.doc_freq(&Term::from_field_text(self.field, term))?;
                Cost { articles, words: 1, places: articles }
            }
            Spans::Any(parts) => self.any_of(&each(&parts.iter().collect::<Vec<_>>())?),
            Spans::Phrase { parts, slop } => {
                let lists = if *slop == 0 { 0 } else { parts.len() as u64 };
                all_of(&each(&parts.iter().map(|(_, part)| part).collect::<Vec<_>>())?, lists)
            }
            Spans::Near { left, right, .. } => {
                let lists = if is_pair(left, right) { 0 } else { NESTED };
                all_of(&each(&[left, right])?, lists)
            }
            Spans::Within { left, right, .. } => {
                let lists = if is_pair(left, right) { BOUNDS } else { NESTED };
                all_of(&each(&[left, right])?, lists)
            }
            Spans::Wider(inner) | Spans::AtLeast(_, inner) => self.of(inner)?,
            Spans::InZone(_, inner) => {
                let inner = self.of(inner)?;
                Cost { places: inner.places + ZONES * inner.articles, ..inner }
            }
        })
    }

    fn any_of(&self, parts: &[Cost]) -> Cost {
        let sum = |number: fn(&Cost) -> u64| parts.iter().map(number).sum::<u64>();
        Cost {
            articles: sum(|part| part.articles).min(self.articles),
            words: sum(|part| part.words),
            places: sum(|part| part.places),
        }
    }
}

fn is_pair(left: &Spans, right: &Spans) -> bool {
    matches!((left, right), (Spans::Term(_), Spans::Term(_)))
}

/// Only in articles that have all of them words are looked up. What else is done there is given in words.
fn all_of(parts: &[Cost], more: u64) -> Cost {
    let articles = parts.iter().map(|part| part.articles).min().unwrap_or(0);
    let places = |part: &Cost| part.places.min(articles.saturating_mul(part.words));
    Cost {
        articles,
        words: parts.iter().map(|part| part.words).sum::<u64>() + more,
        places: parts.iter().map(places).sum::<u64>() + more * articles,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Span = Span { start: 0, end: 1 };

    #[test]
    fn patterns_may_look_at_all_words_several_times_and_in_small_indexes_more_often() {
        let looks = |words: u64| {
            let effort = Effort::default();
            (0..10_000).take_while(|_| effort.look(words, words, HERE).is_ok()).count() as u64
        };
        assert_eq!(looks(1_000_000), PASSES);
        assert_eq!(looks(1_000), FREE_LOOKS / 1_000);
    }

    #[test]
    fn one_pattern_of_a_filter_stands_for_any_number_of_words_and_the_next_is_refused() {
        let effort = Effort::default();
        effort.look(1, 1, HERE).unwrap();
        effort.found(100_000_000, false, HERE).unwrap();
        let error = effort.look(1, 1, HERE).unwrap_err().to_string();
        assert!(error.contains("100000000 words"), "{error}");
    }

    #[test]
    fn patterns_of_a_ranking_are_limited_together() {
        let effort = Effort::default();
        assert!((0..64).all(|_| effort.found(TERM_LIMIT, true, HERE).is_ok()));
        assert!(effort.found(1, true, HERE).is_err());
    }

    #[test]
    fn what_stands_with_a_rare_word_is_looked_up_where_that_is() {
        let word = |articles| Cost { articles, words: 1, places: articles };
        let near = all_of(&[word(3), word(1_000_000)], 0);
        assert_eq!((near.articles, near.places), (3, 6));
        let nested = all_of(&[near, word(1_000_000)], NESTED);
        assert_eq!(nested.places, 9 + 3 * NESTED);
    }
}
