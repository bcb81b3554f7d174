//! Articles that a query leaves out because they have no date.

use engine::Lookup;
use query::Sitting;
use syntax::{DateFilter, Node, Query};

/// A date filter leaves out articles that have no date. Nobody should lose them without noticing: so many would match if the
/// filters let them in, and match in no other way.
pub(crate) fn undated(sitting: &Sitting<'_>, query: &Query, lookup: Lookup) -> u64 {
    let mut wanted = query.clone();
    if !ask_for_undated(&mut wanted) {
        return 0;
    }
    if !needs_date(query) {
        wanted = without(wanted, query.clone());
    }
    sitting.count(&wanted, lookup).unwrap_or(0)
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
