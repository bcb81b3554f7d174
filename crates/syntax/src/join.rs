//! Operands put together to trees that keep the promises of [`Node`]: lists have two items or more and are
//! flat, places cover what they hold. Knows nothing of the text.

use crate::ast::{Node, Query, Span};
use crate::operators::Operator;

/// A part of a list, and whether AND joins it without parentheses.
pub(crate) struct Part {
    pub(crate) query: Query,
    pub(crate) is_bare_and: bool,
    /// A `+` before it.
    pub(crate) plus: Option<Span>,
}

impl Part {
    pub(crate) fn is_negated(&self) -> bool {
        matches!(self.query.node, Node::Not(_))
    }
}

/// Everything but the operand.
pub(crate) fn negate(sign: Span, operand: Query) -> Query {
    let span = sign.to(operand.span);
    Query { node: Node::Not(Box::new(operand)), span }
}

/// Two sides under a span operator.
pub(crate) fn join(operator: Operator, left: Query, right: Query) -> Query {
    let span = left.span.to(right.span);
    let (left, right) = (Box::new(left), Box::new(right));
    let node = match operator {
        Operator::Sentence => Node::Sentence(left, right),
        Operator::Paragraph => Node::Paragraph(left, right),
        Operator::Pre(distance) => Node::Near { left, right, distance, ordered: true },
        Operator::Near(distance) => Node::Near { left, right, distance, ordered: false },
        Operator::And | Operator::Or | Operator::Xrank | Operator::Not | Operator::AtLeast(_) => {
            return *left;
        }
    };
    Query { node, span }
}

/// What matches the first, with the score of the second where that matches too.
pub(crate) fn prefer(wanted: Query, bonus: Query) -> Query {
    let span = wanted.span.to(bonus.span);
    let node = match wanted.node {
        Node::Prefer(wanted, first) => Node::Prefer(wanted, Box::new(any_of(vec![*first, bonus]))),
        _ => Node::Prefer(Box::new(wanted), Box::new(bonus)),
    };
    Query { node, span }
}

/// A row of operands of which any is enough, where none has a `+`: else all that have one must be there, and the others add to the
/// score. None of the negated.
pub(crate) fn row(parts: Vec<Part>) -> Query {
    let (negated, wanted): (Vec<Part>, Vec<Part>) = parts.into_iter().partition(Part::is_negated);
    let (needed, others): (Vec<Part>, Vec<Part>) = wanted.into_iter().partition(|part| part.plus.is_some());
    let queries = |parts: Vec<Part>| parts.into_iter().map(|part| part.query).collect::<Vec<_>>();
    let (mut needed, others, negated) = (queries(needed), queries(others), queries(negated));
    if needed.is_empty() {
        needed.extend((!others.is_empty()).then(|| any_of(others)));
        needed.extend(negated);
        return all_of(needed);
    }
    needed.extend(negated);
    let needed = all_of(needed);
    if others.is_empty() { needed } else { prefer(needed, any_of(others)) }
}

/// All of the items; the one where there is but one.
pub(crate) fn all_of(items: Vec<Query>) -> Query {
    list(items, Node::And, |node| if let Node::And(inner) = node { Ok(inner) } else { Err(node) })
}

/// Any of the items; the one where there is but one.
pub(crate) fn any_of(items: Vec<Query>) -> Query {
    list(items, Node::Or, |node| if let Node::Or(inner) = node { Ok(inner) } else { Err(node) })
}

/// One list of all items, those that are such lists themselves being taken apart.
fn list(
    mut items: Vec<Query>,
    make: fn(Vec<Query>) -> Node,
    take_apart: fn(Node) -> Result<Vec<Query>, Node>,
) -> Query {
    if items.len() == 1 {
        return items.remove(0);
    }
    let span = items.iter().map(|item| item.span).reduce(Span::to).unwrap_or_default();
    let mut flat = Vec::with_capacity(items.len());
    for Query { node, span } in items {
        match take_apart(node) {
            Ok(inner) => flat.extend(inner),
            Err(node) => flat.push(Query { node, span }),
        }
    }
    Query { node: make(flat), span }
}
