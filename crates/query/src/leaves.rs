//! Parts of a query that can be wrong by themselves, whatever is in the index.

use engine::SearchError;
use regex::{Regex, RegexBuilder};
use schema::{capitals_term, has_unspaced, tokens};
use syntax::{Diagnostic, Node, Query, Span};

use crate::spans::Spans;

/// The largest compiled regular expression, in bytes.
const REGEX_BYTES: usize = 1 << 20;

/// What in a query no index could be asked for, in order, as far as it takes no time to know. The engine refuses a query for the
/// first mistake; who has several to tell of tells of all.
pub fn mistakes(query: &Query) -> Vec<Diagnostic> {
    let found = match &query.node {
        Node::Regex(pattern) => check_regex(pattern, query.span).err(),
        Node::Exact(text) => exact(text, query.span).err(),
        // A value is compared as a whole, so that patterns have no place in it at all.
        Node::Field(field, _) if field.is_whole() => return Vec::new(),
        _ => return query.parts().into_iter().flat_map(mistakes).collect(),
    };
    match found {
        Some(SearchError::Query(diagnostics)) => diagnostics,
        _ => Vec::new(),
    }
}

/// `=US`: the term of the token written in capitals.
pub(crate) fn exact(text: &str, span: Span) -> Result<Spans, SearchError> {
    let mut walk = tokens(text);
    let is_one_acronym = walk.next().is_some_and(|token| token.capitals);
    let term = capitals_term(walk.text());
    if is_one_acronym && walk.next().is_none() {
        return Ok(Spans::Term(term));
    }
    let message = "exact case is known for words all in capitals, such as =NATO";
    Err(SearchError::query(message, span, Some(format!("without =, {text} is found in any case"))))
}

/// A regular expression over whole words, in any case: words are indexed in small letters.
///
/// # Errors
/// Where the pattern is none by itself, or compiles to too much.
pub(crate) fn regex(pattern: &str, span: Span) -> Result<Regex, SearchError> {
    // By itself first: `a)|(b` would be read within a group, and leave it.
    check_regex(pattern, span)?;
    let whole = compiled(&format!("^(?:{pattern})$"));
    // A comment at its end (`(?x)`) takes in what stands behind it on the line.
    whole.or_else(|_| compiled(&format!("^(?:{pattern}\n)$"))).map_err(|_| {
        let hint = "repeat less: words have few letters, so {1,30} is enough".to_owned();
        SearchError::query("this regular expression is too large", span, Some(hint))
    })
}

fn compiled(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).size_limit(REGEX_BYTES).case_insensitive(true).build()
}

/// Is it a regular expression? How much it compiles to is not known by this, which takes far less time.
fn check_regex(pattern: &str, span: Span) -> Result<(), SearchError> {
    check_spaced(pattern, span)?;
    regex_syntax::parse(pattern).map(drop).map_err(|error| {
        let message = format!("not a regular expression: {}", last_line(&error.to_string()));
        let hint = "for example /colou?rs?/; to search for the text, quote it".to_owned();
        SearchError::query(message, span, Some(hint))
    })
}

/// A pattern is compared with words, which scripts without spaces do not have.
pub(crate) fn check_spaced(pattern: &str, span: Span) -> Result<(), SearchError> {
    if !has_unspaced(pattern) {
        return Ok(());
    }
    let message = "a script without spaces has no words that a pattern could be compared with";
    let hint = "write the characters alone: they are found inside any text".to_owned();
    Err(SearchError::query(message, span, Some(hint)))
}

fn last_line(text: &str) -> &str {
    text.lines().next_back().unwrap_or_default().trim_start_matches("error: ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a regular expression that is none.
    fn said_of(pattern: &str) -> (String, String) {
        let Err(SearchError::Query(mut said)) = regex(pattern, Span::default()) else { panic!("{pattern}") };
        let said = said.remove(0);
        (said.message, said.hint.unwrap())
    }

    #[test]
    fn a_regular_expression_that_cannot_be_read_brings_one_that_can() {
        let (message, hint) = said_of("(");
        assert_eq!(message, "not a regular expression: unclosed group");
        assert!(hint.contains("quote it"));
    }

    #[test]
    fn all_that_is_wrong_by_itself_is_found_wherever_it_stands() {
        let text = "=Xi OR title:(/(/ NEAR/3 ok) NOT (/[/^2 XRANK =NATO) AND lang:en";
        let query = syntax::parse(text, &syntax::Options::default()).query.unwrap();
        let places: Vec<usize> = mistakes(&query).iter().map(|mistake| mistake.span.start).collect();
        assert_eq!(places, ["=Xi", "/(/", "/[/"].map(|part| text.find(part).unwrap()));
    }

    #[test]
    fn a_regular_expression_cannot_leave_its_anchors() {
        assert_eq!(said_of("a)|(b").0, "not a regular expression: unopened group");
        let whole = |pattern| regex(pattern, Span::default()).unwrap();
        assert!(whole("a|b").is_match("b") && !whole("a|b").is_match("ab"));
        assert!(whole("(?m)^a$").is_match("a") && !whole("(?m)^a$").is_match("a\nb"));
    }

    #[test]
    fn a_comment_in_a_regular_expression_ends_with_it() {
        for pattern in ["ab(?x)#", "(?x) a b # and no more)", "(?x)ab#)|(.*"] {
            let whole = regex(pattern, Span::default()).unwrap();
            assert!(whole.is_match("ab") && !whole.is_match("abc") && !whole.is_match("xab"), "{pattern}");
        }
    }

    #[test]
    fn a_regular_expression_that_is_too_large_is_told_so() {
        let (message, hint) = said_of("a{1000000}");
        assert_eq!(message, "this regular expression is too large");
        assert!(hint.contains("repeat less"));
    }
}
