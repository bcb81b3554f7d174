//! The query language: text to a tree with places, and back.
//!
//! [`parse`] never fails and never panics. It hands back a tree, or the reasons why there is none, and how it
//! read what could be read in more than one way. What it parses it can print: `parse(tree.to_string())` is the
//! same tree.
//!
//! ```
//! use syntax::{Options, parse};
//!
//! let parsed = parse("Xi -NATO", &Options::default());
//! assert_eq!(parsed.query.unwrap().to_string(), "Xi AND NOT NATO");
//! ```
//!
//! What this crate must not know: any other crate, any engine, the analyzer (a word is raw text here), the
//! terminal (a diagnostic is a message and a place; how it is drawn is not decided here). It has no
//! dependencies.
//!
//! The way of a query: `lexer` cuts the text, with `operators`, `fields`, `dates` and `words` reading
//! the pieces; `parser` builds the tree, `join` putting operands together and `operands` checking what
//! stands beside a span operator; `print` writes the tree as text. `limits` guards all of it, and `report`
//! gathers what each has to say.

mod ast;
mod dates;
mod diagnostic;
mod fields;
mod join;
mod lexer;
mod limits;
mod operands;
mod operators;
mod parser;
mod print;
mod question;
mod report;
mod words;

pub use ast::{DateFilter, DateRange, Day, Field, Node, Query, Span};
pub use diagnostic::{Diagnostic, Severity};

use report::Report;

/// How to read what the text leaves open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Operands side by side are joined by OR instead of AND.
    ///
    /// A negated operand among them still takes away: `Xi Putin -NATO` is `(Xi OR Putin) AND NOT NATO`, and
    /// operands that are all negated are all taken away: `-Xi -NATO` is `NOT Xi AND NOT NATO`. An explicit OR
    /// parts such lists: `Iran OR Xi -NATO` is `Iran OR (Xi AND NOT NATO)`, with this option and without it.
    pub any: bool,
}

/// What came of a query text.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The tree; `None` as soon as there is one error.
    pub query: Option<Query>,
    /// Where there is an error: what could be read all the same, with something harmless in its place. Who knows of more mistakes
    /// than this crate can look for them in it; it is not to be answered.
    pub draft: Option<Query>,
    /// Every error, or else every note, in the order of their places. Of more than 20 errors the first 20.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a query.
pub fn parse(text: &str, options: &Options) -> Parsed {
    let mut report = Report::default();
    let query = limits::check_text(text, &mut report).then(|| {
        let text = question::without_mark(text, &mut report);
        let lexemes = lexer::lex(text, &mut report);
        parser::tree(text, lexemes, *options, &mut report)
    });
    let diagnostics = report.finish();
    let failed = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    let (query, draft) = if failed { (None, query) } else { (query, None) };
    Parsed { query, draft, diagnostics }
}
