//! What the query language promises, one claim a line.

mod dates;
mod errors;
mod limits;
mod notes;
mod properties;
mod reads;

use syntax::{Diagnostic, Options, Parsed, Query, Severity, parse};

const ANY: Options = Options { any: true };

fn parsed(text: &str) -> Parsed {
    parse(text, &Options::default())
}

/// The tree of a query that must have one.
fn tree(text: &str) -> Query {
    tree_with(text, Options::default())
}

fn tree_with(text: &str, options: Options) -> Query {
    let parsed = parse(text, &options);
    parsed.query.unwrap_or_else(|| panic!("{text:?} does not parse: {:#?}", parsed.diagnostics))
}

/// `text` means what the canonical form `expected` says, and prints as that.
#[track_caller]
fn reads(text: &str, expected: &str) {
    let query = tree(text);
    assert_eq!(query.to_string(), expected, "{text:?} prints");
    assert_eq!(query, tree(expected), "{text:?} means");
}

/// The same where operands side by side are joined by OR.
#[track_caller]
fn reads_any(text: &str, expected: &str) {
    let query = tree_with(text, ANY);
    assert_eq!(query.to_string(), expected, "{text:?} prints");
    assert_eq!(query, tree(expected), "{text:?} means");
}

fn of(text: &str, severity: Severity) -> Vec<Diagnostic> {
    parsed(text).diagnostics.into_iter().filter(|diagnostic| diagnostic.severity == severity).collect()
}

/// `text` has exactly this error, and its caret stands under this character.
#[track_caller]
fn error(text: &str, column: usize, message: &str) {
    errors(text, &[(column, message)]);
}

/// `text` has exactly these errors, in this order.
#[track_caller]
fn errors(text: &str, expected: &[(usize, &str)]) {
    assert_eq!(parsed(text).query, None, "{text:?} has no tree");
    let found: Vec<(usize, String)> = of(text, Severity::Error)
        .into_iter()
        .map(|error| (text[..error.span.start].chars().count(), error.message))
        .collect();
    let found: Vec<(usize, &str)> =
        found.iter().map(|(column, message)| (*column, message.as_str())).collect();
    assert_eq!(found, expected, "errors of {text:?}");
}

/// The hint of the first diagnostic.
fn hint(text: &str) -> String {
    parsed(text).diagnostics.into_iter().find_map(|diagnostic| diagnostic.hint).unwrap_or_default()
}

/// The text under the caret of the first diagnostic.
fn underlined(text: &str) -> &str {
    let span = parsed(text).diagnostics.first().map(|diagnostic| diagnostic.span).unwrap_or_default();
    &text[span.start..span.end]
}
