//! Mistakes and how they are answered.

use crate::support::Place;

/// A bad query: exit 2, nothing on standard output, the message, and the first caret under the given column.
#[track_caller]
fn error(place: &Place, query: &str, column: usize, message: &str) {
    let run = place.run(&["search", "--", query]);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{query}: {run:?}");
    assert!(run.err.contains(message), "{query}: {}", run.err);
    let mut lines = run.err.lines().skip_while(|line| !line.ends_with(query) || query.is_empty());
    if let (Some(echo), Some(carets)) = (lines.next(), lines.next()) {
        assert_eq!(carets.find('^'), Some(echo.len() - query.len() + column), "{query}:\n{}", run.err);
    } else {
        assert_eq!(query, "", "{}", run.err);
    }
}

#[test]
fn bad_queries_are_errors_with_a_caret() {
    let place = Place::with_articles();
    error(&place, "(Xi AND NATO", 0, "missing closing parenthesis");
    error(&place, "Xi AND", 3, "AND");
    error(&place, "AND NATO", 0, "AND");
    error(&place, "Xi AND OR NATO", 7, "OR");
    error(&place, "\"Xi NATO", 0, "quote");
    error(&place, "Xi NEAR/x NATO", 8, "1-255");
    error(&place, "Xi NEAR/0 NATO", 8, "1");
    error(&place, "titel:Xi", 0, "title:");
    error(&place, "date:2022-13-01", 5, "no such date");
    error(&place, "date:2022-02-02..2021-01-01", 5, "backwards");
    error(&place, "*", 0, "prefix");
    error(&place, "", 0, "empty query");
    error(&place, "=Xi", 0, "capitals");
    error(&place, "/(a/", 0, "regular expression");
}

#[test]
fn odd_queries_that_mean_something_are_answered() {
    let place = Place::with_articles();
    for (query, code) in [
        ("http://x.y/z", 1),
        ("China's rise", 1),
        ("don’t", 1),
        ("Xi(NATO)", 0),
        ("NATO OR chess AND Sunday", 0),
    ] {
        let run = place.run(&["search", query]);
        assert_eq!(run.code, code, "{query}: {run:?}");
    }
}

#[test]
fn a_missing_index_is_an_error_that_says_how_to_build_one() {
    let place = Place::new();
    for args in [&["search", "Xi"][..], &["count", "Xi"], &["stats"], &["show", "x"], &["explain", "Xi"]] {
        let run = place.run(args);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{args:?}");
        assert!(run.err.contains("no index in index") && run.err.contains("morgue index"), "{}", run.err);
    }
    let run = place.run(&["index"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("nothing to index") && run.err.contains("hint:"), "{}", run.err);
}

#[test]
fn a_query_without_hits_says_which_clause_is_to_blame() {
    let place = Place::with_articles();
    let run = place.run(&["search", "NATO AND Modi"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.err.contains("NATO: 2 articles") && run.err.contains("Modi: 0 articles"), "{}", run.err);
}

#[test]
fn an_unknown_article_is_an_error() {
    let place = Place::with_articles();
    let run = place.run(&["show", "nothing"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("no article \"nothing\""), "{}", run.err);
}
