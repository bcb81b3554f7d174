//! How large a query may be. Every limit has its own message, and nothing below can be made to hang or to
//! overflow the stack by a text that stays inside them.

use crate::ast::{Node, Query, Span};
use crate::print;
use crate::report::Report;

/// Longest query text, in bytes.
pub(crate) const MAX_BYTES: usize = 64 * 1024;
/// Most leaves of a tree: words, the words of phrases, patterns, actors, dates.
pub(crate) const MAX_CLAUSES: usize = 1024;
/// Most levels of parentheses, NOT and ATLEAST in the text, most levels of operators in the tree, and most
/// levels in the text the tree prints as.
pub(crate) const MAX_NESTING: usize = 64;
/// The most that boosts inside each other multiply to. Far above it scores would no longer be numbers.
const MAX_BOOST: f32 = 1e30;

/// Whether there is text to parse, and not too much of it.
pub(crate) fn check_text(text: &str, report: &mut Report) -> bool {
    if text.len() > MAX_BYTES {
        let span = Span::new(text.floor_char_boundary(MAX_BYTES), text.len());
        report.error(
            span,
            "query is longer than 64 KiB",
            "ask it in parts, or name an actor for a list of forms",
        );
        return false;
    }
    if text.trim().is_empty() {
        report.error(Span::default(), "empty query", "say what to look for: Xi AND NATO");
        return false;
    }
    true
}

/// Reports a query with too many clauses at the first that is too many.
pub(crate) fn too_many_clauses(span: Span, report: &mut Report) {
    let hint = "each word of a phrase is one; ask it in parts, or name an actor for a list of forms";
    report.error(span, "more than 1,024 clauses", hint);
}

/// Reports nesting that is too deep at the level that is too deep.
pub(crate) fn too_deep(span: Span, report: &mut Report) {
    report.error(
        span,
        "nested more than 64 deep",
        "drop parentheses that are not needed, or ask it in parts",
    );
}

/// Reports a finished tree that is too deep, itself or as it prints, or in which boosts multiply to too much.
pub(crate) fn check_tree(query: &Query, report: &mut Report) {
    if height(query) > MAX_NESTING || print::nesting(query) > MAX_NESTING {
        too_deep(query.span, report);
    } else {
        check_boosts(query, 1.0, report);
    }
}

/// Reports the boost that is too much, `outer` being what those around the query multiply to.
fn check_boosts(query: &Query, outer: f32, report: &mut Report) {
    let boost = if let Node::Boost(_, factor) = query.node { outer * factor } else { outer };
    if boost > MAX_BOOST {
        return report.error(query.span, "boost above 10^30", "boosts inside each other multiply; take less");
    }
    query.parts().into_iter().for_each(|child| check_boosts(child, boost, report));
}

/// Levels of operators over the leaves.
pub(crate) fn height(query: &Query) -> usize {
    query.parts().into_iter().map(|child| 1 + height(child)).max().unwrap_or(0)
}
