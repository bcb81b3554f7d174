//! Articles that a query leaves out because they have no date.

use engine::{Lookup, SearchError};
use query::Sitting;
use syntax::{DateFilter, Node, Query};

use crate::render::counted;

/// A date filter leaves out articles that have no date. Nobody should lose them without noticing: so many would match if the
/// filters let them in, and match in no other way. `None` where counting them takes too long: there may be some.
///
/// # Errors
/// When the engine fails.
pub(crate) fn undated(
    sitting: &Sitting<'_>,
    query: &Query,
    lookup: Lookup,
) -> Result<Option<u64>, SearchError> {
    let mut wanted = query.clone();
    if !ask_for_undated(&mut wanted) {
        return Ok(Some(0));
    }
    if !needs_date(query) {
        wanted = without(wanted, query.clone());
    }
    match sitting.count(&wanted, lookup) {
        Ok(articles) => Ok(Some(articles)),
        Err(SearchError::TimedOut(_) | SearchError::Query(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What is said of them, if anything.
pub(crate) fn warning(undated: Option<u64>) -> Option<String> {
    let left_out = match undated {
        Some(0) => return None,
        Some(articles) => format!("{} without a date left out", counted(articles, "article")),
        None => {
            "articles without a date are left out, if there are any: counting them takes too long".to_owned()
        }
    };
    Some(format!("{left_out}; add `,none` to the dates to have them"))
}

/// Turns the date filters that an article can match by into ones for undated articles alone. False where none of them leaves any
/// out. What stands under a NOT leaves out articles that have a date.
fn ask_for_undated(query: &mut Query) -> bool {
    match &mut query.node {
        Node::Date(filter) if !filter.undated => {
            *filter = DateFilter { ranges: Vec::new(), undated: true };
            true
        }
        Node::And(parts) | Node::Or(parts) => {
            let asking = parts.iter_mut().map(ask_for_undated).filter(|asks| *asks);
            asking.count() > 0
        }
        Node::Prefer(inner, _) | Node::Boost(inner, _) => ask_for_undated(inner),
        _ => false,
    }
}

/// Can only an article with a date match? Then none that is undated has to be taken away.
fn needs_date(query: &Query) -> bool {
    match &query.node {
        Node::Date(filter) => !filter.undated,
        Node::And(parts) => parts.iter().any(needs_date),
        Node::Or(parts) => parts.iter().all(needs_date),
        Node::Prefer(inner, _) | Node::Boost(inner, _) => needs_date(inner),
        _ => false,
    }
}

/// Articles that match one query and not another.
fn without(wanted: Query, other: Query) -> Query {
    let span = other.span;
    let not = Query { span, node: Node::Not(Box::new(other)) };
    let mut parts = match wanted.node {
        Node::And(parts) => parts,
        node => vec![Query { span, node }],
    };
    parts.push(not);
    Query { span, node: Node::And(parts) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use indexer::{Config, Event, update};
    use query::LocalEngine;
    use syntax::{Options, parse};

    use super::*;

    #[test]
    fn articles_that_there_was_no_time_to_count_are_not_taken_for_none() {
        let folder = tempfile::tempdir().unwrap();
        let article = folder.path().join("chess.txt");
        std::fs::write(
            &article,
            "Chess in Astana.\n\nA match of chess ended in a draw, and nobody says when.\n",
        )
        .unwrap();
        let index = folder.path().join("index");
        update(&Config::new(index.clone(), vec![article]), &|_: &Event<'_>| {}).unwrap();
        let query = parse("chess date:2020", &Options::default()).query.unwrap();
        let undated_within = |time| {
            let engine = LocalEngine::open(&index).unwrap().with_timeout(time);
            undated(&engine.sitting(), &query, Lookup::default()).unwrap()
        };
        assert_eq!(undated_within(None), Some(1));
        assert_eq!(undated_within(Some(Duration::ZERO)), None);
    }

    #[test]
    fn something_is_said_of_articles_that_are_left_out_and_of_those_that_may_be() {
        let said = |undated| warning(undated).unwrap_or_default();
        assert_eq!(said(Some(0)), "");
        assert_eq!(said(Some(1)), "1 article without a date left out; add `,none` to the dates to have them");
        assert!(said(None).starts_with("articles without a date are left out, if there are any"));
    }
}
