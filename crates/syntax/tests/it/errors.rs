//! Queries that are not read, and where the caret stands.

use crate::{error, errors, hint, parsed, underlined};

#[test]
fn a_plus_has_no_place_beside_or() {
    error("+Xi OR NATO", 0, "+ beside OR");
    error("Xi OR +NATO", 6, "+ beside OR");
    error("Xi OR NATO +Iran", 11, "+ beside OR");
    assert!(hint("+Xi OR NATO").contains("a XRANK b"));
    error("Xi||+NATO", 4, "+ beside OR");
    error("+", 0, "nothing to search for in `+`");
    error("\"Xi\"+NATO", 4, "no space before +");
    error("(Xi)+NATO", 4, "no space before +");
    error("ATLEAST/2 +Xi", 10, "+ before a part of an operand");
    error("Xi NEAR/5 +NATO", 10, "+ before a part of an operand");
}

#[test]
fn xrank_has_no_place_in_the_text() {
    error("(Xi XRANK NATO) NEAR/5 Iran", 0, "NEAR needs words with positions: XRANK has none");
    error("ATLEAST/2 (Xi XRANK NATO)", 10, "ATLEAST needs words with positions: XRANK has none");
    error("lang:(en XRANK d*)", 15, "lang: holds one value, which is compared as a whole");
    error("XRANK Xi", 0, "operator with no left side");
    error("Xi XRANK", 3, "operator with no right side");
}

#[test]
fn an_operator_wants_both_sides() {
    error("Xi AND", 3, "operator with no right side");
    error("AND NATO", 0, "operator with no left side");
    error("OR", 0, "operator with no left side");
    error("Xi NOT", 3, "operator with no right side");
    error("(Xi OR) NATO", 4, "operator with no right side");
    error("Xi (OR NATO)", 4, "operator with no left side");
    error("Xi NEAR/3", 3, "operator with no right side");
    error("ATLEAST/3", 0, "operator with no right side");
    error("Xi &&", 3, "operator with no right side");
    errors("AND Xi OR", &[(0, "operator with no left side"), (7, "operator with no right side")]);
    assert_eq!(hint("Xi AND"), "drop it, or quote \"AND\" to search for the word");
    assert_eq!(hint("Xi &&"), "drop the &&");
    assert_eq!(underlined("Xi AND"), "AND");
}

#[test]
fn two_operators_in_a_row_are_one_error_at_the_second() {
    error("Xi AND OR NATO", 7, "two operators in a row");
    error("Xi AND OR AND NATO", 7, "two operators in a row");
    error("Xi OR AND", 6, "two operators in a row");
    error("Xi NOT AND NATO", 7, "two operators in a row");
    error("Xi && || NATO", 6, "two operators in a row");
    error("AND OR NATO", 0, "operator with no left side");
}

#[test]
fn parentheses_come_in_pairs() {
    error("(Xi AND NATO", 0, "missing closing parenthesis");
    errors("((Xi", &[(0, "missing closing parenthesis"), (1, "missing closing parenthesis")]);
    error("title:(Xi", 6, "missing closing parenthesis");
    error("Xi) NATO", 2, "closing parenthesis without an opening one");
    error("Xi) AND NATO", 2, "closing parenthesis without an opening one");
    error(")", 0, "closing parenthesis without an opening one");
    error("Xi ()", 3, "nothing between the parentheses");
    error("title:()", 6, "nothing between the parentheses");
    assert_eq!(hint("(Xi AND NATO"), "close it: (Xi AND NATO)");
    assert_eq!(hint("((Xi "), "close it: ((Xi))");
    assert_eq!(underlined("(Xi AND NATO"), "(");
}

#[test]
fn quotes_come_in_pairs_around_words() {
    error("\"Xi NATO", 0, "unclosed quote");
    error("Xi “NATO", 3, "unclosed quote");
    error("(Xi AND \"NATO)", 8, "unclosed quote");
    errors("(Xi AND \"NATO", &[(0, "missing closing parenthesis"), (8, "unclosed quote")]);
    error("\"\"", 0, "nothing to search for between the quotes");
    error("Xi \" – \"", 3, "nothing to search for between the quotes");
    error("\"a b\"~", 5, "~ after a phrase needs a number 0-255");
    error("\"a b\"~256", 5, "~ after a phrase needs a number 0-255");
    error("\"a b\"~x", 5, "~ after a phrase needs a number 0-255");
    assert_eq!(hint("\"Xi NATO"), "close it: \"Xi NATO\"");
}

#[test]
fn a_distance_is_a_number_from_1_to_255() {
    error("Xi NEAR/x NATO", 8, "NEAR needs a number 1-255");
    error("Xi NEAR/0 NATO", 8, "distance must be at least 1");
    error("Xi NEAR/256 NATO", 8, "distance must be at most 255");
    error("Xi NEAR/99999999999 NATO", 8, "distance must be at most 255");
    error("Xi NEAR NATO", 3, "NEAR needs a number 1-255");
    error("Xi NEAR/ NATO", 3, "NEAR needs a number 1-255");
    error("Xi PRE/-1 NATO", 7, "PRE needs a number 1-255");
    error("Xi PRE NATO", 3, "PRE needs a number 1-255");
    error("ATLEAST/0 Xi", 8, "count must be at least 1");
    error("ATLEAST Xi", 0, "ATLEAST needs a number 1-255");
    error("Xi near/0 NATO", 8, "distance must be at least 1");
    error("Xi w/256 NATO", 5, "distance must be at most 255");
    assert!(hint("Xi NEAR NATO").contains("write NEAR/5"));
    assert_eq!(underlined("Xi NEAR/x NATO"), "x");
}

#[test]
fn a_slip_in_a_field_is_not_searched_as_a_word() {
    error("titel:Xi", 0, "unknown field titel");
    error("Xi Titel:\"a b\"", 3, "unknown field Titel");
    error("auther:(Xi)", 0, "unknown field auther");
    assert_eq!(underlined("titel:Xi"), "titel");
    assert!(hint("titel:Xi").starts_with("did you mean title:? fields are title, lead, hlead, body"));
    assert!(hint("data:2022").starts_with("did you mean date:?"));
}

#[test]
fn a_field_wants_its_value_directly_after_the_colon() {
    error("title: Xi", 0, "title: needs a value directly after the colon");
    error("title:", 0, "title: needs a value directly after the colon");
    error("(title:)", 1, "title: needs a value directly after the colon");
    error("title:^2", 0, "title: needs a value directly after the colon");
    error("title:AND Xi", 6, "title: needs a value directly after the colon");
    error("date: 2022", 0, "date: needs a value directly after the colon");
    error("title:-Xi", 6, "- cannot stand directly after title:");
    error("title:,", 6, "nothing to search for in `,`");
    assert_eq!(hint("title: Xi"), "write it without a space: title:Xi");
    assert_eq!(hint("title:-Xi"), "write -title:… or title:(NOT …)");
    assert_eq!(underlined("Xi title: Xi"), "title:");
}

#[test]
fn a_field_does_not_stand_in_a_field() {
    error("title:(Xi lead:NATO)", 10, "lead: inside title:( … )");
    error("title:lead:NATO", 6, "lead: inside title:( … )");
    error("title:(Xi date:2022)", 10, "date: inside title:( … )");
    error("title:(title:(Xi))", 7, "title: inside title:( … )");
}

#[test]
fn there_must_be_something_to_search_for() {
    error("", 0, "empty query");
    error(" \u{a0}\n", 0, "empty query");
    error("a - b", 2, "nothing to search for in `-`");
    error("Xi – Putin", 3, "nothing to search for in `–`");
    error("->", 0, "nothing to search for in `->`");
    error("½*", 0, "nothing to search for in `½*`");
    error("? Xi", 0, "nothing to search for in `?`");
    error("//", 0, "nothing to search for in `//`");
    errors(", Xi .", &[(0, "nothing to search for in `,`"), (5, "nothing to search for in `.`")]);
    assert!(hint("").contains("Xi AND NATO"));
    assert_eq!(parsed("").diagnostics[0].span, syntax::Span::default());
}

#[test]
fn a_bare_star_names_the_option_that_lists_everything() {
    error("*", 0, "a bare * needs a prefix");
    error("Xi AND *", 7, "a bare * needs a prefix");
    error("title:*", 6, "a bare * needs a prefix");
    error("-*?", 1, "a bare * needs a prefix");
    assert_eq!(hint("*"), "to list everything use --all");
}

#[test]
fn a_sign_for_not_stands_apart() {
    error("\"Xi\"-NATO", 4, "no space before -");
    error("(Xi)!NATO", 4, "no space before !");
}

#[test]
fn wildcards_and_fuzzy_words_are_one_word() {
    error("face-to-f*", 0, "wildcards work on one word");
    error("http://x.y/z?q=1", 0, "wildcards work on one word");
    error("face-to~1", 0, "~ works on one word");
    error("bid*~1", 0, "~ and wildcards do not go together");
    error("bidden~3", 7, "edit distance is at most 2");
    error("bidden~0", 7, "edit distance must be at least 1");
    error("bidden~0.8", 7, "~ needs a number, 1 or 2");
    error("Xi ~2", 3, "~ needs a word or phrase directly before it");
    error("(a b)~2", 5, "~ follows a word or a phrase, not a group");
}

#[test]
fn a_boost_is_a_number_above_0_after_an_operand() {
    for text in ["x^", "x^a", "x^0", "x^-1", "x^inf", "x^nan", "x^1e3", "x^2^3", "x^."] {
        error(text, 1, "^ needs a number above 0");
    }
    error(&format!("x^{}", "9".repeat(1_000)), 1, "the number after ^ is too large");
    error("x ^2", 2, "^ needs something directly before it");
    error("^2", 0, "^ needs something directly before it");
}

#[test]
fn exact_words_and_actors_touch_their_sign() {
    error("= US", 0, "= needs a word directly after it");
    error("=\"US\"", 0, "= needs a word directly after it");
    error("==US", 0, "= needs a word directly after it");
    error("=U*", 0, "= finds one exact word: no *, ? or ~ with it");
    error("=US~1", 0, "= finds one exact word: no *, ? or ~ with it");
    error("@", 0, "@ needs an actor's name directly after it");
    error("@-", 0, "@ needs an actor's name directly after it");
    error("@nato's", 0, "an actor's name has only letters, digits, _, - and .");
}

#[test]
fn a_span_operator_wants_words_with_positions() {
    error("title:Xi NEAR/3 date:2022", 16, "NEAR needs words with positions: a date has none");
    error("Xi NEAR/3 NOT NATO", 10, "NEAR needs words with positions: NOT has none");
    error("Xi NEAR/3 -NATO", 10, "NEAR needs words with positions: NOT has none");
    error("(NOT Xi) PRE/3 NATO", 0, "PRE needs words with positions: NOT has none");
    error("Xi^2 SENTENCE NATO", 0, "SENTENCE needs words with positions: a boost has none");
    error("(a AND b) PARAGRAPH c", 0, "PARAGRAPH needs words with positions: AND has none");
    error("(a OR (b c)) NEAR/3 d", 6, "NEAR needs words with positions: AND has none");
    error("title:(a b) NEAR/3 title:c", 6, "NEAR needs words with positions: AND has none");
    error("ATLEAST/3 a NEAR/5 b", 0, "NEAR needs words with positions: ATLEAST has none");
    error("ATLEAST/3 NOT a", 10, "ATLEAST needs words with positions: NOT has none");
    error("ATLEAST/3 date:2022", 10, "ATLEAST needs words with positions: a date has none");
    error("lang:en SENTENCE Xi", 0, "SENTENCE needs words with positions: lang: has none");
    error("Xi NEAR/2 id:A1", 10, "NEAR needs words with positions: id: has none");
    error("ATLEAST/2 lang:en", 10, "ATLEAST needs words with positions: lang: has none");
    error("lang:(en SENTENCE xi)", 5, "SENTENCE needs words with positions: lang: has none");
    error("id:(a OR b PRE/2 c)", 9, "PRE needs words with positions: id: has none");
    assert_eq!(hint("lang:en SENTENCE Xi"), "join it with AND: … AND lang:en");
    assert_eq!(hint("Xi NEAR/2 id:A1"), "join it with AND: … AND id:A1");
    assert_eq!(hint("(a AND b) NEAR/3 c"), "use OR or NEAR inside, or quote a phrase");
}

#[test]
fn a_field_of_some_words_of_a_span_operator_is_not_taken_for_that_of_the_others() {
    error("title:Xi NEAR/3 talks", 16, "NEAR needs all words in one field, and this is not in title:");
    error(
        "(title:war OR army) NEAR/5 general",
        14,
        "NEAR needs all words in one field, and this is not in title:",
    );
    error("ATLEAST/3 (a OR lead:b)", 11, "ATLEAST needs all words in one field, and this is not in lead:");
    assert_eq!(hint("xi SENTENCE title:talks"), "name one field for all: title:(… SENTENCE …)");
    assert_eq!(hint("ATLEAST/3 (a OR lead:b)"), "name one field for all: lead:(ATLEAST/3 …)");
}

#[test]
fn a_span_operator_wants_one_field() {
    error("title:Xi NEAR/3 lead:NATO", 16, "NEAR needs all words in one field, not title: and lead:");
    error("(title:a OR lead:b) NEAR/3 c", 12, "NEAR needs all words in one field, not title: and lead:");
    error(
        "title:a NEAR/3 lead:b NEAR/3 title:c",
        15,
        "NEAR needs all words in one field, not title: and lead:",
    );
}

#[test]
fn all_errors_come_at_once_in_the_order_of_place() {
    errors(
        "titel:Xi AND (date:2022-13-01 OR * NEAR/0 x",
        &[
            (0, "unknown field titel"),
            (13, "missing closing parenthesis"),
            (19, "no such date 2022-13-01"),
            (33, "a bare * needs a prefix"),
            (40, "distance must be at least 1"),
        ],
    );
    errors(
        "Xi AND OR x) y^0",
        &[
            (7, "two operators in a row"),
            (11, "closing parenthesis without an opening one"),
            (14, "^ needs a number above 0"),
        ],
    );
}

#[test]
fn a_text_of_nothing_but_mistakes_brings_no_flood() {
    assert_eq!(parsed(&", ".repeat(1000)).diagnostics.len(), 20);
}

#[test]
fn notes_give_way_to_errors() {
    error("Xi same NATO AND", 13, "operator with no right side");
}

#[test]
fn a_field_that_is_compared_as_a_whole_takes_no_patterns() {
    for text in ["id:02f*", "id:/02f.*/", "id:02f~1", "id:\"a b\"~2", "id:=US", "id:@nato"] {
        error(text, 3, "id: holds one value, which is compared as a whole");
    }
    error("id:(a OR NOT b*)^2", 13, "id: holds one value, which is compared as a whole");
    assert_eq!(hint("id:02f*"), "write it out, as --json shows it; for several, id:(… OR …)");
    assert_eq!(hint("lang:e?n"), "write it out, such as lang:en; for several, lang:(en OR de)");
    for text in ["id:02f", "lang:\"en\"", "lang:(en OR NOT de^2)", "id:a-b"] {
        assert!(parsed(text).query.is_some(), "{text}");
    }
}

#[test]
fn a_query_with_errors_has_a_draft_of_what_could_be_read_and_any_other_has_none() {
    let draft = |text: &str| parsed(text).draft.map(|draft| draft.to_string());
    assert_eq!(draft("@xi AND (/re/"), Some("@xi AND /re/".to_owned()));
    assert!(draft("titel:x @xi").is_some_and(|draft| draft.ends_with("@xi")));
    assert_eq!(draft("@xi AND /re/"), None);
}
