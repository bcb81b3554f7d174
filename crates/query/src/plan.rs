//! A query as it will be run: terms in fields, ranges, and how they combine.

use std::ops::Bound::{Excluded, Included, Unbounded};
use std::sync::Arc;

use schema::{Fields, Zone};
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, ExistsQuery, Occur, Query, RangeQuery,
    TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Term};

use crate::deadline::Deadline;
use crate::expand::TERM_LIMIT;
use crate::postings::Files;
use crate::share::Share;
use crate::spans::{SpanQuery, Spans, Weights};

/// A union of more alternatives is not pruned, which would cost more with each than it saves, but scanned.
pub(crate) const PRUNED_CLAUSES: usize = 64;

/// What to run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Plan {
    /// Words in a field; scored.
    Words(Words),
    /// Articles with exactly this value; not scored.
    Value(Field, String),
    /// Articles published in this range of day numbers; not scored.
    Days { first: Option<i64>, last: Option<i64> },
    /// Articles without a date; not scored.
    Undated,
    /// All of them.
    All(Vec<Plan>),
    /// Any of them.
    Any(Vec<Plan>),
    /// What the first has; the score of the second is added where that has it too.
    Prefer(Box<Plan>, Box<Plan>),
    /// All others; not scored.
    Not(Box<Plan>),
    /// The same, with the score times a factor.
    Boost(Box<Plan>, f32),
}

/// Words of a field that are scored each by itself.
#[derive(Debug)]
pub(crate) struct ScoredWords<'a> {
    pub(crate) field: Field,
    pub(crate) words: Vec<&'a str>,
    pub(crate) needed: Needed,
}

/// Which of some words an article must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needed {
    Any,
    First,
    All,
}

/// What queries of the engine are made with.
pub(crate) struct Context<'a> {
    pub(crate) fields: &'a Fields,
    pub(crate) files: &'a Files,
    /// Of the field of the text, where they are known.
    pub(crate) weights: Option<Arc<Weights>>,
    pub(crate) deadline: &'a Deadline,
}

/// What hits are shown by.
#[derive(Debug, Default)]
pub(crate) struct Shown<'a> {
    /// Each with the numbers of the conditions under which it is shown.
    pub(crate) words: Vec<(&'a Words, Vec<usize>)>,
    /// Parts of the query that a hit need not match: of `a OR (b AND c)` the second alternative.
    pub(crate) conditions: Vec<&'a Plan>,
}

/// Words in a field, and where a hit shows them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Words {
    pub(crate) field: Field,
    pub(crate) spans: Spans,
    /// The part of the shown text that the field is a copy of; `None` for the whole of it.
    pub(crate) zones: Option<Vec<Zone>>,
}

impl Plan {
    /// The plan as a query of the engine.
    pub(crate) fn query(&self, context: &Context<'_>) -> Box<dyn Query> {
        self.query_of(Share::WHOLE, context)
    }

    /// As [`query`](Self::query), of a share of the articles.
    pub(crate) fn query_of(&self, share: Share, context: &Context<'_>) -> Box<dyn Query> {
        let fields = context.fields;
        let query = match self {
            Plan::Words(words) => return words.query(share, context),
            Plan::Value(field, value) => {
                let term = Term::from_field_text(*field, value);
                unscored(Box::new(TermQuery::new(term, IndexRecordOption::Basic)))
            }
            Plan::Days { first, last } => {
                let bound = |day: Option<i64>| {
                    day.map_or(Unbounded, |day| Included(Term::from_field_i64(fields.date, day)))
                };
                let (lower, upper) = match (first, last) {
                    (None, None) => (Excluded(Term::from_field_i64(fields.date, i64::MIN)), Unbounded),
                    _ => (bound(*first), bound(*last)),
                };
                unscored(Box::new(RangeQuery::new(lower, upper)))
            }
            Plan::Undated => without(Box::new(ExistsQuery::new("date".to_owned(), false))),
            Plan::Not(inner) => without(inner.query(context)),
            Plan::Boost(inner, factor) => Box::new(BoostQuery::new(inner.query(context), *factor)),
            Plan::Any(plans) => match words_of_one_field(plans.iter()) {
                Some((field, words)) => return any_word(field, words.into_iter(), share),
                None => any(plans.iter().map(|plan| plan.query(context)).collect()),
            },
            Plan::All(plans) => all(plans, context),
            Plan::Prefer(wanted, bonus) => prefer(wanted.query(context), bonus.query(context)),
        };
        share.restrict(query)
    }

    /// The words that the score is of, if that is all there is to it, and if they are few enough to be pruned.
    pub(crate) fn scored_words(&self) -> Option<ScoredWords<'_>> {
        let scored = match self {
            Plan::Any(plans) => {
                let (field, words) = words_of_one_field(plans.iter())?;
                ScoredWords { field, words, needed: Needed::Any }
            }
            Plan::All(plans) => {
                let (field, words) = words_of_one_field(plans.iter())?;
                ScoredWords { field, words, needed: Needed::All }
            }
            Plan::Words(Words { field, spans, .. }) if spans.is_of_words() => {
                ScoredWords { field: *field, words: spans.terms(), needed: Needed::Any }
            }
            Plan::Prefer(wanted, bonus) => {
                let (mut wanted, bonus) = (wanted.scored_words()?, bonus.scored_words()?);
                if wanted.words.len() > 1 || wanted.field != bonus.field || bonus.needed != Needed::Any {
                    return None;
                }
                wanted.words.extend(bonus.words);
                ScoredWords { needed: Needed::First, ..wanted }
            }
            _ => return None,
        };
        (1..=PRUNED_CLAUSES).contains(&scored.words.len()).then_some(scored)
    }

    /// What has all of these, one or more.
    pub(crate) fn all_of(mut plans: Vec<&Plan>) -> Plan {
        match plans.len() {
            1 => plans.remove(0).clone(),
            _ => Plan::All(plans.into_iter().cloned().collect()),
        }
    }

    /// The words that can make an article match: those that stand under no NOT.
    pub(crate) fn shown_words(&self) -> Vec<&Words> {
        self.shown().words.into_iter().map(|(words, _)| words).collect()
    }

    /// What a hit is shown by.
    pub(crate) fn shown(&self) -> Shown<'_> {
        let mut shown = Shown::default();
        self.collect_shown(&[], &mut shown);
        shown
    }

    /// Adds what is shown of it if the article matches it, as it does if it matches the `conditions`.
    fn collect_shown<'a>(&'a self, conditions: &[usize], out: &mut Shown<'a>) {
        match self {
            Plan::Words(words) => out.words.push((words, conditions.to_vec())),
            Plan::All(plans) => plans.iter().for_each(|plan| plan.collect_shown(conditions, out)),
            Plan::Any(plans) => plans.iter().for_each(|plan| plan.collect_if_matching(conditions, out)),
            Plan::Prefer(wanted, bonus) => {
                wanted.collect_shown(conditions, out);
                bonus.collect_if_matching(conditions, out);
            }
            Plan::Boost(inner, _) => inner.collect_shown(conditions, out),
            Plan::Value(..) | Plan::Days { .. } | Plan::Undated | Plan::Not(_) => {}
        }
    }

    /// Adds what is shown of it if the article matches it, as it need not.
    fn collect_if_matching<'a>(&'a self, conditions: &[usize], out: &mut Shown<'a>) {
        match self {
            // Words that are there make it match by themselves.
            Plan::Words(_) | Plan::Any(_) => self.collect_shown(conditions, out),
            Plan::Boost(inner, _) => inner.collect_if_matching(conditions, out),
            _ => {
                out.conditions.push(self);
                self.collect_shown(&[conditions, &[out.conditions.len() - 1]].concat(), out);
            }
        }
    }
}

/// A conjunction: what is negated is taken from the rest, or from everything where there is no rest.
fn all(plans: &[Plan], context: &Context<'_>) -> Box<dyn Query> {
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::with_capacity(plans.len() + 1);
    for plan in plans {
        match plan {
            Plan::Not(inner) => clauses.push((Occur::MustNot, inner.query(context))),
            plan => clauses.push((Occur::Must, plan.query(context))),
        }
    }
    if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
        clauses.push((Occur::Must, unscored(Box::new(AllQuery))));
    }
    Box::new(BooleanQuery::new(clauses))
}

fn any(queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    if queries.is_empty() {
        return Box::new(EmptyQuery);
    }
    let wide = queries.len() > PRUNED_CLAUSES;
    let union = BooleanQuery::union(queries);
    // A boost is not seen through by the pruning union, which makes it a plain scan.
    if wide { Box::new(BoostQuery::new(Box::new(union), 1.0)) } else { Box::new(union) }
}

/// Articles that have any of some words, as the engine evaluates them.
pub(crate) fn any_word<'a>(
    field: Field,
    words: impl Iterator<Item = &'a str>,
    share: Share,
) -> Box<dyn Query> {
    let mut words: Vec<Box<dyn Query>> = words.map(|text| word(field, text)).collect();
    share.restrict(if words.len() == 1 { words.remove(0) } else { any(words) })
}

fn word(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs))
}

/// What one query matches, with the scores of both.
fn prefer(wanted: Box<dyn Query>, bonus: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(BooleanQuery::new(vec![(Occur::Must, wanted), (Occur::Should, bonus)]))
}

/// The words of plans that are each a word in the same field.
pub(crate) fn words_of_one_field<'a>(plans: impl Iterator<Item = &'a Plan>) -> Option<(Field, Vec<&'a str>)> {
    let word = |plan: &'a Plan| match plan {
        Plan::Words(Words { field, spans: Spans::Term(word), .. }) => Some((*field, word.as_str())),
        _ => None,
    };
    let words: Vec<(Field, &str)> = plans.map(word).collect::<Option<_>>()?;
    let (field, _) = *words.first()?;
    let is_one_field = words.iter().all(|(other, _)| *other == field);
    is_one_field.then(|| (field, words.into_iter().map(|(_, word)| word).collect()))
}

fn without(query: Box<dyn Query>) -> Box<dyn Query> {
    let everything = unscored(Box::new(AllQuery));
    Box::new(BooleanQuery::new(vec![(Occur::Must, everything), (Occur::MustNot, query)]))
}

fn unscored(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

impl Words {
    /// The engine's own query for words, ours for all that depends on where words stand. (tantivy 0.27's phrase query
    /// moves backwards under a NOT, against the contract of its own scorers, so it is not used.)
    fn query(&self, share: Share, context: &Context<'_>) -> Box<dyn Query> {
        match &self.spans {
            // So many stand in filters only, which need no scores: their postings are read one after the other into a bit set.
            Spans::Any(parts) if self.spans.is_union() && parts.len() > TERM_LIMIT => {
                let term = |text| Term::from_field_text(self.field, text);
                share
                    .restrict(unscored(Box::new(TermSetQuery::new(self.spans.terms().into_iter().map(term)))))
            }
            spans if spans.is_of_words() => any_word(self.field, spans.terms().into_iter(), share),
            _ => Box::new(SpanQuery::new(self.field, self.spans.clone(), share, context)),
        }
    }
}
