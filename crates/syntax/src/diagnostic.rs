//! What the parser has to say about a query, with the place it speaks of.

use crate::ast::Span;

/// How grave it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The query cannot be answered.
    Error,
    /// The query is answered; this is how it was read.
    Note,
}

/// One message about one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How grave it is.
    pub severity: Severity,
    /// Lower case, no full stop: `missing closing parenthesis`.
    pub message: String,
    /// The exact place; empty at the end of the text where something is missing there.
    pub span: Span,
    /// What to do: `quote "and" to search for the word`.
    pub hint: Option<String>,
}
