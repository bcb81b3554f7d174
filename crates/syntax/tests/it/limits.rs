//! How large a query may be, and that nothing larger does harm.

use std::time::{Duration, Instant};

use crate::{error, parsed, tree};

#[test]
fn sixty_four_kibibytes_of_text() {
    let text = format!("a{}", " ".repeat(64 * 1024 - 1));
    assert!(parsed(&text).query.is_some());
    error(&format!("{text} "), 64 * 1024, "query is longer than 64 KiB");
    error(&"é".repeat(40_000), 32 * 1024, "query is longer than 64 KiB");
}

#[test]
fn one_thousand_and_twenty_four_clauses() {
    for separator in [" ", " OR ", " AND "] {
        let text = vec!["ab"; 1024].join(separator);
        assert!(parsed(&text).query.is_some(), "{separator}");
        error(&format!("{text}{separator}c"), text.len() + separator.len(), "more than 1,024 clauses");
    }
}

#[test]
fn each_word_of_a_phrase_is_a_clause() {
    for (open, separator, close) in
        [("\"", " ", "\"~255"), ("", "-", ""), ("", "/", ""), ("title:\"", ", ", "\"")]
    {
        let phrase = |words: usize| format!("{open}{}{close}", vec!["don't"; words].join(separator));
        assert!(parsed(&phrase(1024)).query.is_some(), "{open}{separator}");
        error(&phrase(1025), open.find('"').unwrap_or(0), "more than 1,024 clauses");
        assert!(parsed(&format!("x {}", phrase(1023))).query.is_some());
        error(&format!("{} x", phrase(1024)), phrase(1024).len() + 1, "more than 1,024 clauses");
    }
    assert!(parsed(&"京".repeat(1024)).query.is_some());
    error(&"京".repeat(1025), 0, "more than 1,024 clauses");
}

#[test]
fn nesting_of_sixty_four_levels() {
    for (open, close) in [("(", ")"), ("NOT ", ""), ("-", ""), ("(NOT (", "))")] {
        let each = open.len();
        let levels = open.matches('(').count() + open.matches(['-', 'N']).count();
        let wrap = |times: usize| format!("{}x{}", open.repeat(times), close.repeat(times));
        assert!(parsed(&wrap(64 / levels)).query.is_some(), "{open}");
        let text = wrap(64 / levels + 1);
        let diagnostics = parsed(&text).diagnostics;
        assert_eq!(diagnostics.len(), 1, "{open}: {diagnostics:?}");
        assert_eq!(diagnostics[0].message, "nested more than 64 deep");
        assert!(diagnostics[0].span.start >= 64 / levels * each, "{open}");
    }
}

#[test]
fn chains_of_sixty_four_span_operators() {
    let text = vec!["x"; 65].join(" NEAR/3 ");
    assert!(parsed(&text).query.is_some());
    error(&format!("{text} SENTENCE x"), text.len() + 1, "nested more than 64 deep");
}

#[test]
fn lists_in_lists_count_even_where_the_text_has_few_parentheses() {
    let wrap = |times: usize| format!("{}x{}", "a OR b (".repeat(times), ")".repeat(times));
    assert!(parsed(&wrap(32)).query.is_some());
    error(&wrap(33), 0, "nested more than 64 deep");
}

#[test]
fn what_is_read_at_the_limit_can_be_read_again() {
    for text in [format!("{}x", "NOT ".repeat(64)), format!("{}not{}", "(".repeat(64), ")".repeat(64))] {
        assert_eq!(tree(&tree(&text).to_string()), tree(&text));
    }
    error(&format!("{}and", "NOT ".repeat(64)), 0, "nested more than 64 deep");
}

#[test]
fn boosts_that_multiply_to_ten_to_the_thirtieth() {
    let boost = |zeros: usize| format!("^1{}", "0".repeat(zeros));
    let (most, half, more) = (boost(30), boost(15), boost(16));
    for text in [format!("a x{most}"), format!("(x{half} OR y){half}"), format!("x{half} y{more}")] {
        assert!(parsed(&text).query.is_some(), "{text}");
    }
    error(&format!("a x{}", boost(31)), 2, "boost above 10^30");
    error(&format!("(a OR x{half}){more}"), 6, "boost above 10^30");
}

/// Repeated, these bring as much of one thing as a text can hold.
const PIECES: &[&str] = &[
    "(",
    ")",
    "NOT ",
    "-",
    "!",
    "title:(",
    "title:",
    "titel:",
    "titel:(",
    "title:-",
    "a:",
    "x NEAR/3 ",
    "(x NEAR/3 ",
    "x NEAR/3 (",
    "ATLEAST/3 ",
    "x ",
    "x OR ",
    "\"",
    "\"x",
    "\"x\"~",
    "/a",
    "(/",
    "(/\\",
    "/(",
    "\\/",
    "*",
    "?",
    "a?",
    "~",
    "^",
    "x^",
    "&&",
    "||",
    "&",
    "|",
    "x&",
    "AND ",
    "and ",
    "same ",
    "same x ",
    ", ",
    "@",
    "=",
    "date:",
    "date:1,",
    "date:2022,",
    "2022..",
    ":",
    "é",
    "\u{a0}",
    "(a OR -b c)^2 ",
    "x(",
    "-(",
    "-\"a\" ",
    "- ",
    "a~",
    "x^2)",
    "(title:lead:(",
];

#[test]
fn no_text_takes_long_or_overflows_the_stack() {
    for piece in PIECES {
        for length in [64 * 1024, 1024 * 1024] {
            let text = piece.repeat(length / piece.len());
            let started = Instant::now();
            let parsed = parsed(&text);
            let took = started.elapsed();
            drop(parsed);
            assert!(took < Duration::from_secs(1), "{piece:?} took {took:?}");
        }
    }
}
