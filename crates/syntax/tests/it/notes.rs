//! What is said about a query that is read.

use syntax::{Options, Severity, parse};

use crate::{ANY, hint, of, underlined};

#[track_caller]
fn notes(text: &str, expected: &[&str]) {
    notes_with(text, Options::default(), expected);
}

#[track_caller]
fn notes_with(text: &str, options: Options, expected: &[&str]) {
    let parsed = parse(text, &options);
    assert!(parsed.query.is_some(), "{text:?} is read: {:?}", parsed.diagnostics);
    let found: Vec<String> = parsed.diagnostics.into_iter().map(|diagnostic| diagnostic.message).collect();
    assert_eq!(found, expected, "notes of {text:?}");
}

#[test]
fn and_beside_or_is_read_out_once() {
    notes("NATO OR sanctions AND Iran", &["read as NATO OR (sanctions AND Iran)"]);
    notes("NATO OR sanctions Iran", &["read as NATO OR (sanctions AND Iran)"]);
    notes("a b OR c AND (d OR e f)", &["read as (a AND b) OR (c AND (d OR (e AND f)))"]);
    notes("x (a OR b c)", &["read as x AND (a OR (b AND c))"]);
    assert_eq!(underlined(" a OR b c "), "a OR b c");
    assert_eq!(of("a OR b c", Severity::Note).len(), 1);
}

#[test]
fn parentheses_need_no_reading_out() {
    notes("NATO OR (sanctions AND Iran)", &[]);
    notes("(NATO OR sanctions) AND Iran", &[]);
    notes("a OR NOT b", &[]);
    notes("a b c", &[]);
}

#[test]
fn side_by_side_as_or_is_read_out_beside_and() {
    notes_with("Xi NATO", ANY, &[]);
    notes_with("Xi -NATO", ANY, &[]);
    notes_with("Xi NATO AND Iran", ANY, &["read as Xi OR (NATO AND Iran)"]);
    notes_with("Xi Putin -NATO", ANY, &["read as (Xi OR Putin) AND NOT NATO"]);
}

#[test]
fn what_is_preferred_and_does_not_score_is_said() {
    let nothing = "this adds nothing to the score";
    notes("Xi XRANK NATO", &[]);
    notes("Xi XRANK (NATO date:2022)", &[]);
    notes("Xi XRANK date:2022", &[nothing]);
    notes("Xi XRANK (NATO OR NOT Iran OR title:oil OR lang:en)", &[nothing, nothing]);
    assert_eq!(underlined("Xi XRANK (NATO OR NOT Iran)"), "NOT Iran");
    notes_with("+Xi NATO date:2022", ANY, &[nothing]);
    notes_with("+Xi +date:2022 NATO", ANY, &[]);
}

#[test]
fn foreign_operators_are_read_out() {
    notes("Xi same NATO", &["read \"same\" as PARAGRAPH"]);
    notes("Xi w/6 NATO", &["read \"w/6\" as NEAR/6"]);
    notes("Xi ADJ6 NATO", &["read \"ADJ6\" as PRE/6"]);
    notes("Xi w/s NATO w/p x", &["read \"w/s\" as SENTENCE", "read \"w/p\" as PARAGRAPH"]);
    notes("atleast3 alliance", &["read \"atleast3\" as ATLEAST/3"]);
    notes("Xi near/6 NATO", &["read \"near/6\" as NEAR/6"]);
    assert_eq!(hint("Xi same NATO"), "quote \"same\" to search for the word");
    assert_eq!(underlined("Xi same NATO"), "same");
}

#[test]
fn plain_operators_and_plain_words_are_not() {
    notes("Xi and NATO or not Iran", &["read as (Xi AND NATO) OR NOT Iran"]);
    notes("Xi and NATO", &[]);
    notes("Xi not NATO", &[]);
    notes("same NATO", &[]);
    notes("NATO same", &[]);
}

#[test]
fn a_question_mark_read_as_punctuation_is_said() {
    notes("was it repeated?", &["read the ? of a question as punctuation"]);
    notes("repeated?!", &["read this ? as punctuation"]);
    notes("te?t", &[]);
    notes("repeated?", &[]);
    notes("wh*t?", &[]);
    assert_eq!(underlined("is it =US??!"), "??");
    assert_eq!(underlined("was it repeated?"), "?");
}

#[test]
fn a_star_between_quotes_is_said_to_be_punctuation() {
    notes("\"invad* us\"", &["read a * between quotes as punctuation"]);
    notes("\"invade us\" inva*", &[]);
}
