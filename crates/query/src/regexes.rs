//! What to do about a regular expression that is none. Knows nothing of how words are looked up.

use engine::SearchError;
use regex::Regex;
use syntax::{Diagnostic, Node, Query};

/// The same error. Where it is about a regular expression of the query, it says what to do.
pub(crate) fn advise(error: SearchError, query: &Query) -> SearchError {
    let SearchError::Query(mut diagnostics) = error else { return error };
    query.clone().each_mut(&mut |part| {
        let Node::Regex(pattern) = &part.node else { return };
        let about_it = |found: &&mut Diagnostic| found.span == part.span && found.hint.is_none();
        for diagnostic in diagnostics.iter_mut().filter(about_it) {
            explain(pattern, diagnostic);
        }
    });
    SearchError::Query(diagnostics)
}

/// One that can be read was refused for its size.
fn explain(pattern: &str, diagnostic: &mut Diagnostic) {
    let hint = if let Err(regex::Error::Syntax(_)) = Regex::new(pattern) {
        "for example /colou?rs?/; to search for the text, quote it"
    } else {
        "this regular expression is too large".clone_into(&mut diagnostic.message);
        "repeat less: words have few letters, so {1,30} is enough"
    };
    diagnostic.hint = Some(hint.to_owned());
}

#[cfg(test)]
mod tests {
    use syntax::{Options, parse};

    use super::*;

    /// What is said of a query that the engine refused with this message and without a hint.
    fn advised(text: &str, message: &str) -> (String, Option<String>) {
        let query = parse(text, &Options::default()).query.unwrap();
        let error = SearchError::query(message, query.span, None);
        let SearchError::Query(mut diagnostics) = advise(error, &query) else { panic!("another error") };
        let diagnostic = diagnostics.remove(0);
        (diagnostic.message, diagnostic.hint)
    }

    #[test]
    fn a_regular_expression_that_cannot_be_read_brings_one_that_can() {
        let (message, hint) = advised("/(/", "unclosed group");
        assert_eq!(message, "unclosed group");
        assert!(hint.unwrap().contains("quote it"));
    }

    #[test]
    fn a_regular_expression_that_is_too_large_is_told_so() {
        let (message, hint) = advised("/a{1000000}/", "exceeds the limit");
        assert_eq!(message, "this regular expression is too large");
        assert!(hint.unwrap().contains("repeat less"));
    }

    #[test]
    fn what_is_no_regular_expression_gets_no_such_advice() {
        assert_eq!(advised("word", "nothing here"), ("nothing here".to_owned(), None));
    }
}
