//! How a query was understood, and why an article has its score.

use std::ffi::OsStr;

use engine::{ClauseCount, Explanation, Lookup, Part, PlanLine, ScoreExplanation, SearchError};
use syntax::{Node, Query};
use tantivy::query::{EnableScoring, Explanation as EngineExplanation};
use tantivy::{DocAddress, DocSet};

use crate::deadline::Deadline;
use crate::diagnosis::clauses;
use crate::local::LocalEngine;
use crate::plan::Plan;

/// The most terms a line of the plan lists.
const TERMS_SHOWN: usize = 8;

pub(crate) fn explain(
    engine: &LocalEngine,
    query: &Query,
    lookup: Lookup,
    name: Option<&str>,
) -> Result<Explanation, SearchError> {
    let deadline = engine.deadline();
    let plan = engine.plan(query, lookup, true, &deadline)?;
    let mut lines = Vec::new();
    describe(&plan, engine, 0, &deadline, &mut lines)?;
    let total = lines.first().map_or(0, |whole: &PlanLine| whole.actual);
    let clauses = clauses(query).into_iter().map(|clause| count(&clause, engine, lookup, &deadline));
    let clauses = clauses.collect::<Result<_, _>>()?;
    let score = name.map(|name| explain_score(engine, query, lookup, name)).transpose()?;
    Ok(Explanation { reading: query.to_string(), plan: lines, clauses, total, score })
}

fn count(
    clause: &Query,
    engine: &LocalEngine,
    lookup: Lookup,
    deadline: &Deadline,
) -> Result<ClauseCount, SearchError> {
    let plan = engine.plan(clause, lookup, false, deadline)?;
    let articles = engine.totals(&plan, deadline)?.articles;
    Ok(ClauseCount { clause: clause.to_string(), span: clause.span, articles })
}

fn describe(
    plan: &Plan,
    engine: &LocalEngine,
    depth: usize,
    deadline: &Deadline,
    lines: &mut Vec<PlanLine>,
) -> Result<(), SearchError> {
    let actual = engine.totals(plan, deadline)?.articles;
    let estimated = estimate(plan, engine, deadline).map_err(|error| engine.failed("estimating", error))?;
    lines.push(PlanLine { depth, text: name(plan, engine), estimated, actual });
    match plan {
        Plan::All(plans) | Plan::Any(plans) => {
            plans.iter().try_for_each(|plan| describe(plan, engine, depth + 1, deadline, lines))
        }
        Plan::Prefer(wanted, bonus) => [wanted, bonus]
            .into_iter()
            .try_for_each(|plan| describe(plan, engine, depth + 1, deadline, lines)),
        Plan::Not(inner) | Plan::Boost(inner, _) => describe(inner, engine, depth + 1, deadline, lines),
        Plan::Words(_) | Plan::Value(..) | Plan::Days { .. } | Plan::Undated => Ok(()),
    }
}

/// What the engine expects before it begins: the size hints of its scorers.
fn estimate(plan: &Plan, engine: &LocalEngine, deadline: &Deadline) -> tantivy::Result<u64> {
    let scoring = EnableScoring::disabled_from_searcher(&engine.searcher);
    let weight = plan.query(&engine.context(deadline)).weight(scoring)?;
    let mut sum = 0;
    for segment in engine.searcher.segment_readers() {
        sum += u64::from(weight.scorer(segment, 1.0)?.size_hint());
    }
    Ok(sum)
}

fn name(plan: &Plan, engine: &LocalEngine) -> String {
    let schema = engine.searcher.schema();
    match plan {
        Plan::All(_) => "all of".to_owned(),
        Plan::Any(_) => "any of".to_owned(),
        Plan::Prefer(..) => "the first, ranked by both".to_owned(),
        Plan::Not(_) => "none of".to_owned(),
        Plan::Undated => "undated".to_owned(),
        Plan::Boost(_, factor) => format!("score × {factor}"),
        Plan::Value(field, value) => format!("{} = {value}", schema.get_field_name(*field)),
        Plan::Days { first, last } => {
            let day =
                |day: &Option<i64>| day.and_then(schema::day_of).map_or(String::new(), |day| day.to_string());
            format!("date {}..{}", day(first), day(last))
        }
        Plan::Words(words) => {
            let terms = words.spans.terms();
            let shown = terms.iter().take(TERMS_SHOWN).copied().collect::<Vec<_>>().join(" ");
            let rest = match terms.len().saturating_sub(TERMS_SHOWN) {
                0 => String::new(),
                rest => format!(" and {rest} more"),
            };
            format!("{} {} [{shown}{rest}]", schema.get_field_name(words.field), words.spans.kind())
        }
    }
}

/// Of several articles of one name that which scores most is explained, of those that score the same the first of the file; any of them
/// where none matches.
fn explain_score(
    engine: &LocalEngine,
    query: &Query,
    lookup: Lookup,
    name: &str,
) -> Result<ScoreExplanation, SearchError> {
    let failed = |error| engine.failed("explaining a score", error);
    let named = engine.named(OsStr::new(name))?;
    let plan = engine.plan(query, lookup, true, &Deadline::default())?;
    let matching = scores_of(engine, &plan, &named.addresses).map_err(failed)?;
    let best = matching.iter().map(|(score, _)| *score).max_by(f32::total_cmp);
    let alike: Vec<DocAddress> = match best {
        Some(best) => {
            let alike = matching.iter().filter(|(score, _)| score.total_cmp(&best).is_eq());
            alike.map(|(_, address)| *address).collect()
        }
        None => named.addresses.first().copied().into_iter().collect(),
    };
    let placed = alike.into_iter().map(|address| Ok((engine.place_of(address, &named)?, address)));
    let first = placed.collect::<Result<Vec<_>, SearchError>>()?.into_iter().min();
    let Some((place, address)) = first else { return Err(SearchError::NoSuchArticle(name.to_owned())) };
    let mut parts = Vec::new();
    let score = collect_parts(engine, query, lookup, 1.0, address, &mut parts)?.unwrap_or(0.0);
    let id = engine.fetch(address)?.card.id;
    let (named, matching) = (named.addresses.len() as u64, matching.len() as u64);
    Ok(ScoreExplanation { id, place, named, matching, score, parts })
}

/// The score of one article; `None` where it does not match.
fn score_of(engine: &LocalEngine, plan: &Plan, address: DocAddress) -> tantivy::Result<Option<f32>> {
    Ok(scores_of(engine, plan, &[address])?.first().map(|(score, _)| *score))
}

/// The articles that match, of some in the order of the index, and their scores.
fn scores_of(
    engine: &LocalEngine,
    plan: &Plan,
    addresses: &[DocAddress],
) -> tantivy::Result<Vec<(f32, DocAddress)>> {
    let scoring = EnableScoring::enabled_from_searcher(&engine.searcher);
    let weight = plan.query(&engine.context(&Deadline::default())).weight(scoring)?;
    let mut scores = Vec::new();
    for addresses in addresses.chunk_by(|a, b| a.segment_ord == b.segment_ord) {
        let mut scorer = weight.scorer(engine.searcher.segment_reader(addresses[0].segment_ord), 1.0)?;
        for &address in addresses {
            if scorer.doc() <= address.doc_id && scorer.seek(address.doc_id) == address.doc_id {
                scores.push((scorer.score(), address));
            }
        }
    }
    Ok(scores)
}

/// The score of a query, `None` where the article does not match, and one part for each operand that scores. An operand that the article does not match adds nothing, whatever is in it.
fn collect_parts(
    engine: &LocalEngine,
    query: &Query,
    lookup: Lookup,
    factor: f32,
    address: DocAddress,
    parts: &mut Vec<Part>,
) -> Result<Option<f32>, SearchError> {
    let failed = |error| engine.failed("explaining a score", error);
    let plan = engine.plan(query, lookup, true, &Deadline::default())?;
    let Some(score) = score_of(engine, &plan, address).map_err(failed)? else { return Ok(None) };
    match &query.node {
        Node::And(clauses) | Node::Or(clauses) => {
            for clause in clauses {
                collect_parts(engine, clause, lookup, factor, address, parts)?;
            }
        }
        Node::Prefer(wanted, bonus) => {
            collect_parts(engine, wanted, lookup, factor, address, parts)?;
            collect_parts(engine, bonus, lookup, factor, address, parts)?;
        }
        Node::Boost(inner, boost) => {
            collect_parts(engine, inner, lookup, factor * boost, address, parts)?;
        }
        Node::Not(_) => {}
        _ => {
            let mut formula = formula_of(engine, &plan, address).map_err(failed)?;
            if (factor - 1.0).abs() > f32::EPSILON {
                formula = format!("{factor} × ({formula})");
            }
            parts.push(Part { clause: query.to_string(), score: score * factor, formula });
        }
    }
    Ok(Some(score))
}

/// The numbers behind the score of a clause.
fn formula_of(engine: &LocalEngine, plan: &Plan, address: DocAddress) -> tantivy::Result<String> {
    let is_union = matches!(plan, Plan::Words(words) if words.spans.is_union());
    if is_union {
        return Ok("sum over its words".to_owned());
    }
    let Plan::Words(_) = plan else {
        return Ok(if plan.shown_words().is_empty() {
            "a filter does not score"
        } else {
            "sum over its fields"
        }
        .to_owned());
    };
    let scoring = EnableScoring::enabled_from_searcher(&engine.searcher);
    let weight = plan.query(&engine.context(&Deadline::default())).weight(scoring)?;
    let segment = engine.searcher.segment_reader(address.segment_ord);
    let explanation = weight.explain(segment, address.doc_id)?;
    Ok(describe_bm25(&explanation).unwrap_or_else(|| "sum over its words".to_owned()))
}

/// BM25 in one line: `2.2 × idf 0.29 × tf 0.62; frequency 4, length 1208 (1142 on average)`.
fn describe_bm25(explanation: &EngineExplanation) -> Option<String> {
    let json: serde_json::Value = serde_json::from_str(&explanation.to_pretty_json()).ok()?;
    let find = |name: &str| find_number(&json, name);
    let (score, tf) = (find_number(&json, "")?, find("freq / (freq")?);
    let (mentions, length, average) = (find("freq, ")?, find("dl, ")?, find("avgdl, ")?);
    let idf = find("idf").unwrap_or(score / tf / 2.2);
    Some(format!(
        "2.2 × idf {idf:.3} × tf {tf:.3}; frequency {mentions}, length {length} ({average:.0} on average)"
    ))
}

/// The value of the first node whose description begins with `name`.
fn find_number(json: &serde_json::Value, name: &str) -> Option<f64> {
    let here =
        json.get("description").and_then(|text| text.as_str()).is_some_and(|text| text.starts_with(name));
    if here {
        return json.get("value")?.as_f64();
    }
    json.get("details")?.as_array()?.iter().find_map(|part| find_number(part, name))
}
