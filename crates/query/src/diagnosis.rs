//! Which clause of a query is to blame where nothing matches: how many articles have each, and of one that none has, its words with
//! words of like spelling.
//!
//! Nobody waits long to be told why there is nothing: all of it is bounded together, and what is not known by then is left out.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::time::Duration;

use engine::{Lookup, SearchError};
use schema::tokens;
use syntax::{Field, Node, Query, Span};
use tantivy::schema::Term;

use crate::deadline::Deadline;
use crate::effort::Effort;
use crate::expand::{Dictionaries, Pattern};
use crate::local::{LocalEngine, in_time};
use crate::lower::places;

/// The time for a diagnosis.
const MOST_TIME: Duration = Duration::from_secs(1);

/// The most clauses that are told, those that the fewest articles have.
const MOST_CLAUSES: usize = 16;

/// The most words that are proposed for one that no article has.
const NEAR_WORDS: usize = 5;

/// The most parts of a clause that are looked at.
const MOST_PARTS: usize = 16;

/// Why a query has no hits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// The operands of the outermost AND or OR, in the order of the query; of many those that the fewest articles have.
    pub clauses: Vec<Finding>,
    /// How many operands are not among them.
    pub left_out: usize,
    /// Is nothing missing that would have taken too long to find out?
    pub is_complete: bool,
}

/// What is known of a part of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The part in canonical form.
    pub clause: String,
    /// Articles that match it.
    pub articles: u64,
    /// Articles that would match the query without it, where it is one of several that all must match.
    pub without: Option<u64>,
    /// For a word that no article has: words of the collection that are spelt much like it, the frequent ones first.
    pub near: Vec<String>,
    /// For a clause that no article has, and that is more than a word: the words, patterns and forms of actors in it, of many the
    /// first.
    pub parts: Vec<Finding>,
}

/// Says why a query has no hits, as far as can be found out before the deadline and within [`MOST_TIME`].
///
/// # Errors
/// When the engine fails.
pub(crate) fn diagnose(
    engine: &LocalEngine,
    query: &Query,
    lookup: Lookup,
    deadline: &Deadline,
) -> Result<Diagnosis, SearchError> {
    let (deadline, effort, is_complete) = (deadline.within(MOST_TIME), Effort::default(), Cell::new(true));
    let examination = Examination { engine, lookup, deadline, effort, is_complete };
    let (operands, is_and) = operands(query);
    let mut clauses = examination.rarest(&operands)?;
    for (place, clause) in &mut clauses {
        examination.look_into(&operands[*place], clause)?;
    }
    if is_and {
        examination.leave_out_each(&operands, &mut clauses)?;
    }
    let left_out = operands.len() - clauses.len();
    let clauses = clauses.into_iter().map(|(_, clause)| clause).collect();
    Ok(Diagnosis { clauses, left_out, is_complete: examination.is_complete.get() })
}

/// The operands of the outermost AND or OR of a query.
pub(crate) fn clauses(query: &Query) -> Vec<Query> {
    operands(query).0
}

struct Examination<'a> {
    engine: &'a LocalEngine,
    lookup: Lookup,
    deadline: Deadline,
    effort: Effort,
    /// Has everything been found out so far?
    is_complete: Cell<bool>,
}

impl Examination<'_> {
    /// The operands that the fewest articles have, in their order.
    fn rarest(&self, operands: &[Query]) -> Result<Vec<(usize, Finding)>, SearchError> {
        let mut counted = Vec::new();
        for (place, operand) in operands.iter().enumerate() {
            counted.extend(self.counted(operand)?.map(|clause| (place, clause)));
        }
        counted.sort_by_key(|(_, clause)| clause.articles);
        counted.truncate(MOST_CLAUSES);
        counted.sort_by_key(|(place, _)| *place);
        Ok(counted)
    }

    /// Of a clause that no article has, what it is made of, or words of like spelling.
    fn look_into(&self, clause: &Query, finding: &mut Finding) -> Result<(), SearchError> {
        self.look_around(clause, finding)?;
        if finding.articles > 0 || only_word(clause).is_some() {
            return Ok(());
        }
        for part in self.parts(clause) {
            let Some(mut of_part) = self.counted(&part)? else { continue };
            self.look_around(&part, &mut of_part)?;
            finding.parts.push(of_part);
        }
        Ok(())
    }

    /// Of a word that no article has, words of like spelling.
    fn look_around(&self, part: &Query, finding: &mut Finding) -> Result<(), SearchError> {
        if finding.articles == 0
            && let Some((field, word)) = only_word(part)
        {
            finding.near = self.found_out(self.near_words(&word, field, part.span))?.unwrap_or_default();
        }
        Ok(())
    }

    /// How many articles match a conjunction without each of some clauses. Nothing matches it without one where another is nowhere.
    fn leave_out_each(
        &self,
        operands: &[Query],
        clauses: &mut [(usize, Finding)],
    ) -> Result<(), SearchError> {
        let nowhere = clauses.iter().filter(|(_, clause)| clause.articles == 0).count();
        for (place, clause) in clauses {
            let is_another_nowhere = nowhere > usize::from(clause.articles == 0);
            clause.without =
                if is_another_nowhere { Some(0) } else { self.count(&without(operands, *place))? };
        }
        Ok(())
    }

    /// A part with the number of its articles, if that can be found out.
    fn counted(&self, part: &Query) -> Result<Option<Finding>, SearchError> {
        let articles = self.count(part)?;
        let (clause, near, parts) = (part.to_string(), Vec::new(), Vec::new());
        Ok(articles.map(|articles| Finding { clause, articles, without: None, near, parts }))
    }

    /// How many articles match, if that can be found out.
    fn count(&self, query: &Query) -> Result<Option<u64>, SearchError> {
        let plan = self.engine.plan_within(&self.effort, query, self.lookup, false, &self.deadline);
        let total = plan.and_then(|plan| self.engine.totals(&plan, &self.deadline));
        self.found_out(total.map(|total| total.articles))
    }

    /// What was found; `None` where that would take too much work or time, which is taken note of.
    fn found_out<T>(&self, found: Result<T, SearchError>) -> Result<Option<T>, SearchError> {
        match found {
            Ok(found) => Ok(Some(found)),
            Err(SearchError::TimedOut(_) | SearchError::Query(_)) => {
                self.is_complete.set(false);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The words, patterns and forms of actors in a clause, each once and in its field.
    fn parts(&self, clause: &Query) -> Vec<Query> {
        let mut parts = Vec::new();
        self.collect_parts(clause, None, &mut parts);
        parts.retain(|part| part != clause);
        parts
    }

    fn collect_parts(&self, query: &Query, field: Option<Field>, parts: &mut Vec<Query>) {
        match &query.node {
            Node::And(clauses) | Node::Or(clauses) => {
                clauses.iter().for_each(|clause| self.collect_parts(clause, field, parts));
            }
            // Nothing that only adds to scores is missed.
            Node::Prefer(wanted, _) => self.collect_parts(wanted, field, parts),
            Node::Actor(_, forms) => forms.iter().for_each(|form| add(form.clone(), field, parts)),
            Node::Near { left, right, .. } | Node::Sentence(left, right) | Node::Paragraph(left, right) => {
                self.collect_parts(left, field, parts);
                self.collect_parts(right, field, parts);
            }
            Node::Field(field, inner) => self.collect_parts(inner, Some(*field), parts),
            Node::Boost(inner, _) | Node::AtLeast(_, inner) => self.collect_parts(inner, field, parts),
            Node::Word(text) | Node::Phrase(text, _) if !field.is_some_and(Field::is_whole) => {
                for word in tokens(text).collect_texts() {
                    // A word of a phrase has no stem.
                    let node = if self.lookup.stem { Node::Phrase(word, 0) } else { Node::Word(word) };
                    add(Query { node, span: query.span }, field, parts);
                }
            }
            Node::Not(_) => {} // Where it matches nothing, its words are in every article.
            _ => add(query.clone(), field, parts),
        }
    }

    /// Words of the collection within two edits of a word that no article has, the frequent ones first.
    fn near_words(&self, word: &str, field: Option<Field>, span: Span) -> Result<Vec<String>, SearchError> {
        let engine = self.engine;
        let failed = |error| engine.failed("looking for words of like spelling", error);
        let distance = if word.chars().count() <= 4 { 1 } else { 2 };
        let pattern = Pattern::Fuzzy(word.to_owned(), distance);
        let mut near: BTreeMap<String, u64> = BTreeMap::new();
        for (field, _) in places(&engine.fields, self.lookup, field) {
            let dictionaries =
                Dictionaries { searcher: &engine.searcher, field, lists: None, deadline: &self.deadline };
            let words = dictionaries.words().map_err(failed)?;
            self.effort.look(dictionaries.looks(&pattern, words), words, span)?;
            for word in in_time(&self.deadline, dictionaries.expand(&pattern).map_err(failed)?)? {
                let term = Term::from_field_text(field, &word);
                *near.entry(word).or_default() += engine.searcher.doc_freq(&term).map_err(failed)?;
            }
        }
        let mut near: Vec<(String, u64)> = near.into_iter().collect();
        near.sort_by_key(|(_, articles)| std::cmp::Reverse(*articles));
        Ok(near.into_iter().take(NEAR_WORDS).map(|(word, _)| word).collect())
    }
}

/// The operands of the outermost AND or OR, and whether it is an AND. Those of a field are in that field.
fn operands(query: &Query) -> (Vec<Query>, bool) {
    match &query.node {
        Node::And(clauses) => (clauses.clone(), true),
        Node::Or(clauses) => (clauses.clone(), false),
        Node::Prefer(wanted, _) => operands(wanted),
        Node::Boost(inner, _) if is_list(inner) => operands(inner),
        Node::Field(field, inner) if is_list(inner) => {
            let (clauses, is_and) = operands(inner);
            (clauses.into_iter().map(|clause| in_field(clause, Some(*field))).collect(), is_and)
        }
        _ => (vec![query.clone()], false),
    }
}

fn is_list(query: &Query) -> bool {
    matches!(query.node, Node::And(_) | Node::Or(_) | Node::Prefer(..))
}

/// The conjunction of all operands but one.
fn without(operands: &[Query], left_out: usize) -> Query {
    let mut rest = operands.to_vec();
    rest.remove(left_out);
    if rest.len() == 1 {
        return rest.remove(0);
    }
    Query { span: rest[0].span, node: Node::And(rest) }
}

/// The word that a query is, and its field.
fn only_word(query: &Query) -> Option<(Option<Field>, String)> {
    match &query.node {
        Node::Field(field, inner) => only_word(inner).map(|(_, word)| (Some(*field), word)),
        Node::Boost(inner, _) => only_word(inner),
        Node::Word(text) | Node::Phrase(text, _) | Node::Exact(text) | Node::Fuzzy(text, _) => {
            let mut words = tokens(text).collect_texts();
            words.pop().filter(|_| words.is_empty()).map(|word| (None, word))
        }
        _ => None,
    }
}

fn add(query: Query, field: Option<Field>, parts: &mut Vec<Query>) {
    let part = in_field(query, field);
    if parts.len() < MOST_PARTS && !parts.contains(&part) {
        parts.push(part);
    }
}

fn in_field(query: Query, field: Option<Field>) -> Query {
    match field {
        Some(field) => Query { span: query.span, node: Node::Field(field, Box::new(query)) },
        None => query,
    }
}
