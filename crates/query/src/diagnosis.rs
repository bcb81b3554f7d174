//! Which clause of a query is to blame where nothing matches: how many articles have each, and of one that none has, its words with
//! words of like spelling.

use std::collections::BTreeMap;

use engine::{ClauseCount, Lookup, SearchError};
use schema::tokens;
use syntax::{Field, Node, Query};
use tantivy::schema::Term;

use crate::deadline::Deadline;
use crate::expand::{Dictionaries, Pattern};
use crate::local::LocalEngine;
use crate::lower::places;

/// The most words that are proposed for one that no article has.
const NEAR_WORDS: usize = 5;

/// The most parts of a clause that are looked at.
const MOST_PARTS: usize = 16;

/// The operands of the outermost AND or OR, each with its count; of an AND also what is left without it.
pub(crate) fn clauses(
    engine: &LocalEngine,
    query: &Query,
    lookup: Lookup,
    deadline: &Deadline,
) -> Result<Vec<ClauseCount>, SearchError> {
    let diagnosis = Diagnosis { engine, lookup, deadline };
    let (operands, is_and) = operands(query);
    let mut counts = Vec::with_capacity(operands.len());
    for (place, clause) in operands.iter().enumerate() {
        let mut count = diagnosis.clause(clause)?;
        if is_and {
            count.without = Some(diagnosis.count(&without(&operands, place))?);
        }
        counts.push(count);
    }
    Ok(counts)
}

struct Diagnosis<'a> {
    engine: &'a LocalEngine,
    lookup: Lookup,
    deadline: &'a Deadline,
}

impl Diagnosis<'_> {
    /// A clause and, where no article has it, what it is made of.
    fn clause(&self, clause: &Query) -> Result<ClauseCount, SearchError> {
        let mut count = self.part(clause)?;
        if count.articles == 0 && only_word(clause).is_none() {
            let parts = self.parts(clause);
            count.parts = parts.iter().map(|part| self.part(part)).collect::<Result<_, _>>()?;
        }
        Ok(count)
    }

    /// How many articles have it; for a word that none has, also words of like spelling.
    fn part(&self, part: &Query) -> Result<ClauseCount, SearchError> {
        let articles = self.count(part)?;
        let near = match only_word(part) {
            Some((field, word)) if articles == 0 => self.near_words(&word, field)?,
            _ => Vec::new(),
        };
        let (clause, span) = (part.to_string(), part.span);
        Ok(ClauseCount { clause, span, articles, without: None, near, parts: Vec::new() })
    }

    fn count(&self, query: &Query) -> Result<u64, SearchError> {
        let plan = self.engine.plan(query, self.lookup, false, self.deadline)?;
        Ok(self.engine.totals(&plan, self.deadline)?.articles)
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
    fn near_words(&self, word: &str, field: Option<Field>) -> Result<Vec<String>, SearchError> {
        let engine = self.engine;
        let failed = |error| engine.failed("looking for words of like spelling", error);
        let distance = if word.chars().count() <= 4 { 1 } else { 2 };
        let pattern = Pattern::Fuzzy(word.to_owned(), distance);
        let mut near: BTreeMap<String, u64> = BTreeMap::new();
        for (field, _) in places(&engine.fields, self.lookup, field) {
            let dictionaries =
                Dictionaries { searcher: &engine.searcher, field, lists: None, deadline: self.deadline };
            for word in dictionaries.expand(&pattern).map_err(failed)? {
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
