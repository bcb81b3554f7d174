//! Mistakes and how they are answered.

use crate::support::{Place, Run};

/// A bad query: exit 2, nothing on standard output, the message, and the first caret under the given column.
#[track_caller]
fn error(place: &Place, query: &str, column: usize, message: &str) {
    let run = place.run(&["search", "--", query]);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{query}: {run:?}");
    assert!(run.err.contains(message), "{query}: {}", run.err);
    let is_echo = |line: &&str| line.starts_with("  ") && line.ends_with(query) && !query.is_empty();
    let mut lines = run.err.lines().skip_while(|line| !is_echo(line));
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
fn all_mistakes_of_a_query_are_told_at_once_and_in_their_order() {
    let place = Place::with_articles();
    let run = place.run(&["search", "--", "/[(]a)|(b/ titel:Xi @nobodyatall /(a/ lang:/[/"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    let errors: Vec<&str> = run.err.lines().filter(|line| line.starts_with("error: ")).collect();
    let expected = [
        "unopened group",
        "unknown field titel",
        "no such actor: @nobodyatall",
        "unclosed group",
        "lang: holds one value",
    ];
    assert_eq!(errors.len(), expected.len(), "{}", run.err);
    let is_told = errors.iter().zip(expected).all(|(error, expected)| error.contains(expected));
    assert!(is_told, "{}", run.err);
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
fn an_empty_variable_is_as_good_as_none_and_an_empty_option_is_an_error() {
    let place = Place::with_articles();
    let run = |args: &[&str], index: &str, actors: &str| {
        Run::of(place.command(args).env("MORGUE_INDEX", index).env("MORGUE_ACTORS", actors))
    };
    for args in [&["count", "@xi"][..], &["actors", "test", "xi"], &["search", "-q", "@xi"], &["stats"]] {
        let run = run(args, "", "");
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{args:?}: {run:?}");
    }
    assert_eq!(run(&["count", "Xi", "--index", "index"], "", "").out, "1\n");
    for args in [&["count", "Xi", "--index", ""][..], &["count", "Xi", "--actors="]] {
        assert_eq!(run(args, "", "").code, 2, "{args:?}");
    }
    assert!(run(&["count", "Xi"], "elsewhere", "").err.contains("no index in elsewhere"));
    assert!(run(&["count", "@xi"], "", "elsewhere").err.contains("cannot read the actors in elsewhere"));
}

#[test]
fn an_unknown_article_is_an_error() {
    let place = Place::with_articles();
    let run = place.run(&["show", "nothing"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("no article \"nothing\""), "{}", run.err);
}

#[test]
fn a_date_filter_says_how_many_it_left_out_for_want_of_a_date() {
    let place = Place::with_articles();
    let run = place.run(&["count", "summer date:2022"]);
    assert_eq!((run.out.as_str(), run.code), ("1\n", 0));
    assert!(run.err.contains("1 article without a date left out"), "{}", run.err);
    let run = place.run(&["count", "summer date:2022,none"]);
    assert_eq!((run.out.as_str(), run.err.as_str()), ("2\n", ""));
}

#[test]
fn a_word_that_is_nowhere_brings_those_spelt_like_it() {
    let place = Place::with_articles();
    let run = place.run(&["search", "alliace AND summer"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("alliace: 0 articles; without it: 3; spelt like it: alliance"), "{}", run.err);
}

#[test]
fn no_time_is_an_error_and_never_a_part_of_an_answer() {
    let place = Place::with_articles();
    let run = place.run(&["search", "--timeout", "0s", "NATO"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("no answer within"), "{}", run.err);
    assert_eq!(place.run(&["search", "--timeout", "1m", "NATO"]).code, 0);
}

#[test]
fn actors_are_known_and_an_unknown_one_is_an_error() {
    let place = Place::with_articles();
    assert_eq!(place.run(&["count", "@nato AND @xi"]).out, "1\n");
    error(&place, "@xii", 0, "no such actor");
    error(&place, "NATO AND @nobodyatall", 9, "no such actor");
    place.write(
        "actors.toml",
        "[[actor]]\nid = \"team\"\nname = \"The team\"\nkind = \"organisation\"\nforms = [\"leaders\"]\n",
    );
    assert_eq!(place.run(&["count", "@team"]).out, "3\n");
    assert_eq!(
        place.run(&["actors", "list", "team"]).out.lines().filter(|line| line.starts_with("@team\t")).count(),
        1
    );
    assert_eq!(place.run(&["actors", "test", "@team"]).out, "@team\tleaders\t3\n@team\t*\t3\n");
    assert_eq!(place.run(&["actors", "check"]).code, 0);
    place.write("actors.toml", "[[actor]]\nid = \"team\"\nnam = 1\n");
    let run = place.run(&["count", "@team"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("actors.toml:"), "{}", run.err);
}

#[test]
fn mistakes_in_a_file_of_actors_are_named_one_a_line_and_none_forges_a_line() {
    let place = Place::with_articles();
    place.write("actors.toml", "[[actor]]\nid = \"team\"\nnam = 1\n\"x\\nerror: forged\" = 1\n");
    let run = place.run(&["count", "@team"]);
    assert_eq!(run.code, 2);
    let lines: Vec<&str> = run.err.lines().collect();
    assert_eq!(lines[0], "error: there are mistakes in actors.toml");
    assert!(
        lines.len() > 2 && lines[1..].iter().all(|line| line.starts_with("  actors.toml:")),
        "{}",
        run.err
    );
    place.write("two\nlines.toml", "[[actor]]\nid = \"team\"\nnam = 1\n");
    let run = place.run(&["count", "--actors", "two\nlines.toml", "@team"]);
    let lines: Vec<&str> = run.err.lines().collect();
    assert_eq!(lines[0], "error: there are mistakes in two lines.toml");
    assert!(lines[1..].iter().all(|line| line.starts_with("  two lines.toml:")), "{}", run.err);
}

#[test]
fn undated_articles_that_match_another_way_were_not_left_out() {
    let place = Place::with_articles();
    let run = place.run(&["count", "draw OR date:2022"]);
    assert_eq!((run.out.as_str(), run.err.as_str()), ("2\n", ""));
}

#[test]
fn undated_articles_that_a_date_in_an_or_left_out_are_told() {
    let place = Place::with_articles();
    for (query, count) in [
        ("summer AND (date:2022 OR date:2023)", "2\n"),
        ("summer AND (date:2022 OR Moscow)", "2\n"),
        ("date:2022 OR Moscow", "2\n"),
        ("date:2022 OR nowhere", "1\n"),
        ("(summer date:2022)^2 OR Moscow", "2\n"),
        ("date:2022 OR (Moscow NOT draw) OR NOT summer", "2\n"),
    ] {
        let run = place.run(&["count", query]);
        assert_eq!(run.out, count, "{query}");
        assert!(run.err.contains("1 article without a date left out"), "{query}: {}", run.err);
    }
}

#[test]
fn a_date_that_leaves_out_no_undated_article_tells_of_none() {
    let place = Place::with_articles();
    for query in [
        "summer",
        "summer NOT date:2022",
        "Sunday OR (summer date:2022)",
        "summer AND (date:2022 OR date:none)",
        "date:2022 OR NOT Moscow",
        "Moscow AND (date:2022 OR date:2023)",
    ] {
        assert_eq!(place.run(&["count", query]).err, "", "{query}");
    }
}

#[test]
fn an_unknown_actor_brings_the_one_that_was_meant_and_the_file_that_can_have_more() {
    let place = Place::with_articles();
    let run = place.run(&["search", "@xii"]);
    let own = place.path("actors.toml");
    assert!(run.err.contains("did you mean @xi?"), "{}", run.err);
    assert!(run.err.contains(&format!("add your own to {}", own.display())), "{}", run.err);
    place.write(
        "who.toml",
        "[[actor]]\nid = \"team\"\nname = \"Team\"\nkind = \"organisation\"\nforms = [\"team\"]\n",
    );
    let run = place.run(&["search", "--actors", "who.toml", "@tema"]);
    assert!(run.err.contains("did you mean @team?") && run.err.contains("who.toml"), "{}", run.err);
    assert!(!run.err.contains("actors.toml"), "{}", run.err);
}

#[test]
fn every_mistake_in_a_query_comes_with_a_hint() {
    let place = Place::with_articles();
    let large = format!("NATO^{}", "9".repeat(1_000));
    for query in [
        "/(/",
        "/a{1000000}/",
        "lang:en SENTENCE Xi",
        "id:A1 NEAR/2 Xi",
        "id:02f*",
        "lang:(en NEAR/2 de)",
        &large,
    ] {
        let run = place.run(&["search", query]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{query}");
        assert!(run.err.lines().last().is_some_and(|line| line.starts_with("hint: ")), "{}", run.err);
    }
    assert!(place.run(&["search", "/a{1000000}/"]).err.contains("too large"));
    assert!(place.run(&["search", &large]).err.contains("the number after ^ is too large"));
}
