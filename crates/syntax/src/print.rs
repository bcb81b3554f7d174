//! The tree as text, in one canonical form: every operator written out in capitals, parentheses wherever
//! operators of different strength meet. Parsing what is printed gives the same tree.

use std::fmt::{self, Display, Formatter, Write};

use crate::ast::{Node, Query};
use crate::operators::{self, Operator};

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_node(f, &self.node)
    }
}

/// Levels of parentheses, NOT and ATLEAST in the canonical form.
pub(crate) fn nesting(query: &Query) -> usize {
    let inner = |child: &Query, least| usize::from(strength(&child.node) < least) + nesting(child);
    match &query.node {
        Node::And(items) | Node::Or(items) => {
            items.iter().map(|item| inner(item, Strength::Not)).max().unwrap_or(0)
        }
        Node::Prefer(wanted, bonus) => inner(wanted, Strength::Not).max(inner(bonus, Strength::Not)),
        Node::Not(operand) => 1 + inner(operand, Strength::Not),
        Node::Near { left, right, .. } | Node::Sentence(left, right) | Node::Paragraph(left, right) => {
            inner(left, Strength::Span).max(inner(right, Strength::Boost))
        }
        Node::Boost(operand, _) => inner(operand, Strength::Prefix),
        Node::AtLeast(_, operand) => 1 + inner(operand, Strength::Prefix),
        Node::Field(_, operand) => inner(operand, Strength::Leaf),
        _ => 0,
    }
}

/// How tightly a node holds together; one that is weaker than its place asks for stands in parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// A list of operands, or a word that is an operator where it does not stand alone.
    Loose,
    Not,
    Span,
    Boost,
    Prefix,
    Leaf,
}

fn strength(node: &Node) -> Strength {
    match node {
        Node::And(_) | Node::Or(_) | Node::Prefer(..) => Strength::Loose,
        Node::Word(text) if operators::contextual(text).is_some() => Strength::Loose,
        Node::Not(_) => Strength::Not,
        Node::Near { .. } | Node::Sentence(..) | Node::Paragraph(..) => Strength::Span,
        Node::Boost(..) => Strength::Boost,
        Node::AtLeast(..) | Node::Field(..) => Strength::Prefix,
        _ => Strength::Leaf,
    }
}

fn write_node(f: &mut Formatter<'_>, node: &Node) -> fmt::Result {
    match node {
        Node::And(items) => write_list(f, items, Operator::And),
        Node::Or(items) => write_list(f, items, Operator::Or),
        Node::Prefer(wanted, bonus) => write_list(f, [&**wanted, &**bonus], Operator::Xrank),
        Node::Not(operand) => {
            f.write_str("NOT ")?;
            write_inner(f, operand, Strength::Not)
        }
        Node::Near { left, right, distance, ordered } => {
            let operator = if *ordered { Operator::Pre(*distance) } else { Operator::Near(*distance) };
            write_span(f, left, operator, right)
        }
        Node::Sentence(left, right) => write_span(f, left, Operator::Sentence, right),
        Node::Paragraph(left, right) => write_span(f, left, Operator::Paragraph, right),
        Node::AtLeast(count, operand) => {
            write!(f, "{} ", Operator::AtLeast(*count))?;
            write_inner(f, operand, Strength::Prefix)
        }
        Node::Field(field, operand) => {
            write!(f, "{field}:")?;
            write_inner(f, operand, Strength::Leaf)
        }
        Node::Boost(operand, factor) => {
            write_inner(f, operand, Strength::Prefix)?;
            write!(f, "^{factor}")
        }
        leaf => write_leaf(f, leaf),
    }
}

fn write_leaf(f: &mut Formatter<'_>, leaf: &Node) -> fmt::Result {
    match leaf {
        Node::Word(text) | Node::Wildcard(text) => f.write_str(text),
        Node::Exact(text) => write!(f, "={text}"),
        Node::Phrase(text, 0) => write!(f, "\"{text}\""),
        Node::Phrase(text, slop) => write!(f, "\"{text}\"~{slop}"),
        Node::Fuzzy(text, None) => write!(f, "{text}~"),
        Node::Fuzzy(text, Some(edits)) => write!(f, "{text}~{edits}"),
        Node::Regex(pattern) => write!(f, "/{pattern}/"),
        Node::Actor(name, _) => write!(f, "@{name}"),
        Node::Date(filter) => write!(f, "date:{filter}"),
        _ => Ok(()),
    }
}

fn write_list<'a>(
    f: &mut Formatter<'_>,
    items: impl IntoIterator<Item = &'a Query>,
    operator: Operator,
) -> fmt::Result {
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            write!(f, " {operator} ")?;
        }
        write_inner(f, item, Strength::Not)?;
    }
    Ok(())
}

fn write_span(f: &mut Formatter<'_>, left: &Query, operator: Operator, right: &Query) -> fmt::Result {
    write_inner(f, left, Strength::Span)?;
    write!(f, " {operator} ")?;
    write_inner(f, right, Strength::Boost)
}

fn write_inner(f: &mut Formatter<'_>, query: &Query, least: Strength) -> fmt::Result {
    if strength(&query.node) >= least {
        return write_node(f, &query.node);
    }
    f.write_char('(')?;
    write_node(f, &query.node)?;
    f.write_char(')')
}
