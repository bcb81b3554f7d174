//! Where the diagnostics of one query are gathered. Knows nothing of what they say.

use crate::ast::Span;
use crate::diagnostic::{Diagnostic, Severity};

/// Most errors of one query: a text of nothing but mistakes would bring thousands.
const MAX_ERRORS: usize = 20;

/// The diagnostics so far, in no order.
#[derive(Default)]
pub(crate) struct Report {
    errors: Vec<Diagnostic>,
    notes: Vec<Diagnostic>,
}

impl Report {
    /// Adds an error and what repairs it.
    pub(crate) fn error(&mut self, span: Span, message: impl Into<String>, hint: impl Into<String>) {
        if self.errors.len() >= 2 * MAX_ERRORS {
            self.keep_first_errors();
        }
        self.errors.push(diagnostic(Severity::Error, span, message.into(), hint.into()));
    }

    /// Adds a note on how something was read and how to say otherwise.
    pub(crate) fn note(&mut self, span: Span, message: impl Into<String>, hint: impl Into<String>) {
        self.notes.push(diagnostic(Severity::Note, span, message.into(), hint.into()));
    }

    /// Whether the query has failed already.
    pub(crate) fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// The errors in the order of place, or else the notes: they tell how a query was read.
    pub(crate) fn finish(mut self) -> Vec<Diagnostic> {
        if self.has_errors() {
            self.keep_first_errors();
            return self.errors;
        }
        self.notes.sort_by_key(|note| note.span.start);
        self.notes
    }

    fn keep_first_errors(&mut self) {
        self.errors.sort_by_key(|error| error.span.start);
        self.errors.truncate(MAX_ERRORS);
    }
}

fn diagnostic(severity: Severity, span: Span, message: String, hint: String) -> Diagnostic {
    Diagnostic { severity, message, span, hint: Some(hint) }
}

/// The text for a message: whole when short, else its beginning.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

impl Span {
    /// From `start` up to `end`.
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Span { start, end }
    }

    /// From the start of this to the end of the other.
    pub(crate) fn to(self, other: Span) -> Self {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}
