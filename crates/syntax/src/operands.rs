//! What may stand beside a span operator, as far as the tree tells: words with positions, in one field. What
//! the analyzer makes of the words is not known here.

use crate::ast::{Field, Node, Query, Span};
use crate::operators::Operator;
use crate::report::Report;

/// Reports an operand that has no positions `operator` could compare or count.
pub(crate) fn check_positions(operator: Operator, operand: &Query, report: &mut Report) {
    if let Some((span, what, hint)) = without_positions(operator, operand) {
        let message = format!("{} needs words with positions: {what} has none", operator.name());
        report.error(span, message, hint);
    }
}

/// Reports operands that ask for different fields, or of which only some ask for one; `true` where they do not.
pub(crate) fn check_fields(operator: Operator, operands: &[&Query], report: &mut Report) -> bool {
    let mut fields = Vec::new();
    operands.iter().for_each(|operand| collect_fields(operand, &mut fields));
    let Some(&(first, first_span)) = fields.first() else { return true };
    let Some(&(other, other_span)) = fields.iter().find(|(field, _)| *field != first) else { return true };
    let (Some(field), span) = (if first.is_some() { (first, other_span) } else { (other, first_span) })
    else {
        return true;
    };
    let message = match (first, other) {
        (Some(first), Some(other)) => {
            format!("{} needs all words in one field, not {first}: and {other}:", operator.name())
        }
        _ => format!("{} needs all words in one field, and this is not in {field}:", operator.name()),
    };
    let whole = match operator {
        Operator::AtLeast(_) => format!("{operator} …"),
        _ => format!("… {operator} …"),
    };
    report.error(span, message, format!("name one field for all: {field}:({whole})"));
    false
}

/// The first part of an operand without positions: its place, its name and what to do. What is below another
/// span operator has been checked with that.
fn without_positions(operator: Operator, operand: &Query) -> Option<(Span, &'static str, String)> {
    let found = |what, hint: String| Some((operand.span, what, hint));
    match &operand.node {
        Node::Not(_) => found("NOT", format!("take the NOT out of the {}, or quote it", operator.name())),
        Node::And(_) => found("AND", "use OR or NEAR inside, or quote a phrase".to_owned()),
        Node::Boost(..) => found("a boost", format!("boost the whole: (… {operator} …)^2")),
        Node::Date(_) => found("a date", "join it with AND: … AND date:2022".to_owned()),
        Node::AtLeast(..) => found("ATLEAST", "count the whole: ATLEAST/3 (a NEAR/5 b)".to_owned()),
        Node::Or(items) => items.iter().find_map(|item| without_positions(operator, item)),
        Node::Field(_, inner) => without_positions(operator, inner),
        _ => None,
    }
}

/// The field of each word, `None` where it has none.
fn collect_fields(query: &Query, fields: &mut Vec<(Option<Field>, Span)>) {
    match &query.node {
        Node::Field(field, _) => fields.push((Some(*field), query.span)),
        Node::Or(items) => items.iter().for_each(|item| collect_fields(item, fields)),
        Node::Near { left, right, .. } | Node::Sentence(left, right) | Node::Paragraph(left, right) => {
            collect_fields(left, fields);
            collect_fields(right, fields);
        }
        // These have been reported.
        Node::And(_) | Node::Not(_) | Node::Boost(..) | Node::Date(_) | Node::AtLeast(..) => {}
        _ => fields.push((None, query.span)),
    }
}
