//! What may stand beside a span operator, as far as the tree tells: words with positions, in one field; and what
//! a field can hold that is compared as a whole; and what has a score. What the analyzer makes of the words is not known here.

use crate::ast::{Field, Node, Query, Span};
use crate::operators::Operator;
use crate::report::{Report, shown};

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
fn without_positions(operator: Operator, operand: &Query) -> Option<(Span, String, String)> {
    let found = |what: &str, hint: String| Some((operand.span, what.to_owned(), hint));
    match &operand.node {
        Node::Not(_) => found("NOT", format!("take the NOT out of the {}, or quote it", operator.name())),
        Node::And(_) => found("AND", "use OR or NEAR inside, or quote a phrase".to_owned()),
        Node::Prefer(..) => found("XRANK", format!("put it outside: (… {operator} …) XRANK …")),
        Node::Boost(..) => found("a boost", format!("boost the whole: (… {operator} …)^2")),
        Node::Date(_) => found("a date", "join it with AND: … AND date:2022".to_owned()),
        Node::AtLeast(..) => found("ATLEAST", "count the whole: ATLEAST/3 (a NEAR/5 b)".to_owned()),
        Node::Or(items) => items.iter().find_map(|item| without_positions(operator, item)),
        Node::Field(field, _) if field.is_whole() => {
            found(&format!("{field}:"), format!("join it with AND: … AND {}", shown(&operand.to_string())))
        }
        Node::Field(_, inner) => without_positions(operator, inner),
        _ => None,
    }
}

/// Has any of it a score? The rest only says yes or no.
pub(crate) fn scores(query: &Query) -> bool {
    match &query.node {
        Node::And(items) | Node::Or(items) => items.iter().any(scores),
        Node::Prefer(wanted, bonus) => scores(wanted) || scores(bonus),
        Node::Not(_) | Node::Date(_) => false,
        Node::Field(field, inner) => !field.is_whole() && scores(inner),
        Node::Boost(inner, _) => scores(inner),
        _ => true,
    }
}

/// Reports what a field that is compared as a whole cannot be asked for: patterns, and words by where they stand.
pub(crate) fn check_whole(field: Field, value: &Query, report: &mut Report) {
    if !field.is_whole() {
        return;
    }
    let Some(part) = not_whole(value) else { return };
    let message = match span_operator(&part.node) {
        Some(operator) => format!("{} needs words with positions: {field}: has none", operator.name()),
        None => format!("{field}: holds one value, which is compared as a whole"),
    };
    let hint = match field {
        Field::Lang => "write it out, such as lang:en; for several, lang:(en OR de)",
        _ => "write it out, as --json shows it; for several, id:(… OR …)",
    };
    report.error(part.span, message, hint);
}

/// The first part that is no value to compare with.
fn not_whole(query: &Query) -> Option<&Query> {
    match &query.node {
        Node::And(items) | Node::Or(items) => items.iter().find_map(not_whole),
        Node::Prefer(wanted, bonus) => not_whole(wanted).or_else(|| not_whole(bonus)),
        Node::Not(inner) | Node::Boost(inner, _) => not_whole(inner),
        // Fields and dates in here have been reported.
        Node::Word(_) | Node::Phrase(_, 0) | Node::Field(..) | Node::Date(_) => None,
        _ => Some(query),
    }
}

fn span_operator(node: &Node) -> Option<Operator> {
    match *node {
        Node::Near { distance, ordered: false, .. } => Some(Operator::Near(distance)),
        Node::Near { distance, ordered: true, .. } => Some(Operator::Pre(distance)),
        Node::Sentence(..) => Some(Operator::Sentence),
        Node::Paragraph(..) => Some(Operator::Paragraph),
        Node::AtLeast(count, _) => Some(Operator::AtLeast(count)),
        _ => None,
    }
}

/// The field of each word, `None` where it has none.
fn collect_fields(query: &Query, fields: &mut Vec<(Option<Field>, Span)>) {
    match &query.node {
        Node::Field(field, _) if field.is_whole() => {} // This has been reported.
        Node::Field(field, _) => fields.push((Some(*field), query.span)),
        Node::Or(items) => items.iter().for_each(|item| collect_fields(item, fields)),
        Node::Near { left, right, .. } | Node::Sentence(left, right) | Node::Paragraph(left, right) => {
            collect_fields(left, fields);
            collect_fields(right, fields);
        }
        // These have been reported.
        Node::And(_)
        | Node::Prefer(..)
        | Node::Not(_)
        | Node::Boost(..)
        | Node::Date(_)
        | Node::AtLeast(..) => {}
        _ => fields.push((None, query.span)),
    }
}
