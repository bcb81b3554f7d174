//! What a query without hits says.

use crate::support::Place;

/// What is said of a query that no article matches.
#[track_caller]
fn said(place: &Place, query: &[&str]) -> Vec<String> {
    let run = place.run(&[&["search"], query].concat());
    assert_eq!((run.code, run.out.as_str()), (1, ""), "{query:?}: {run:?}");
    let mut lines = run.err.lines().map(str::to_owned);
    assert_eq!(lines.next().as_deref(), Some("no article matches"));
    lines.collect()
}

#[test]
fn a_word_that_is_nowhere_is_named_with_its_count() {
    let place = Place::with_articles();
    assert_eq!(said(&place, &["zzzzzz"]), ["  zzzzzz: 0 articles"]);
    assert_eq!(said(&place, &["alliace"]), ["  alliace: 0 articles; spelt like it: alliance"]);
    assert_eq!(said(&place, &["zzq*"]), ["  zzq*: 0 articles"]);
}

#[test]
fn the_words_of_a_phrase_or_a_span_are_counted_where_it_is_nowhere() {
    let place = Place::with_articles();
    assert_eq!(
        said(&place, &["\"the alliace met\""]),
        [
            "  \"the alliace met\": 0 articles",
            "    the: 3 articles",
            "    alliace: 0 articles; spelt like it: alliance",
            "    met: 1 article",
        ]
    );
    assert_eq!(
        said(&place, &["summer NEAR/2 Madird"]),
        [
            "  summer NEAR/2 Madird: 0 articles",
            "    summer: 3 articles",
            "    madird: 0 articles; spelt like it: madrid",
        ]
    );
    assert_eq!(
        said(&place, &["ATLEAST/2 (\"two leaders\" SENTENCE zzq*)"]),
        [
            "  ATLEAST/2 (\"two leaders\" SENTENCE zzq*): 0 articles",
            "    two: 3 articles",
            "    leaders: 3 articles",
            "    zzq*: 0 articles",
        ]
    );
    assert_eq!(said(&place, &["leaders leaders-speak"])[1], "  leaders-speak: 0 articles; without it: 3");
}

#[test]
fn the_words_of_a_field_are_counted_in_that_field() {
    let place = Place::with_articles();
    assert_eq!(said(&place, &["title:zzzq"]), ["  title:zzzq: 0 articles"]);
    assert_eq!(said(&place, &["title:Mascow"]), ["  title:Mascow: 0 articles; spelt like it: moscow"]);
    assert_eq!(said(&place, &["hlead:alliace"]), ["  hlead:alliace: 0 articles; spelt like it: alliance"]);
    assert_eq!(
        said(&place, &["title:(NATO Mascow)"]),
        ["  title:NATO: 1 article", "  title:Mascow: 0 articles; without it: 1; spelt like it: moscow"]
    );
    assert_eq!(
        said(&place, &["title:(NATO NEAR/2 summer)"]),
        [
            "  title:(NATO NEAR/2 summer): 0 articles",
            "    title:nato: 1 article",
            "    title:summer: 0 articles"
        ]
    );
    assert_eq!(said(&place, &["lang:xx"]), ["  lang:xx: 0 articles"]);
}

#[test]
fn an_actor_that_is_nowhere_shows_its_forms() {
    let place = Place::with_articles();
    let said = said(&place, &["@modi"]);
    assert_eq!(said[0], "  @modi: 0 articles");
    assert!(said.len() > 1 && said[1..].iter().all(|line| line.starts_with("    \"")), "{said:?}");
}

#[test]
fn the_words_of_a_phrase_are_counted_exactly_where_others_are_counted_by_their_stem() {
    let place = Place::with_articles();
    assert_eq!(
        said(&place, &["--stem", "\"speaking leaders\""]),
        ["  \"speaking leaders\": 0 articles", "    \"speaking\": 0 articles", "    \"leaders\": 3 articles"]
    );
}

#[test]
fn of_many_clauses_only_some_are_told() {
    let place = Place::with_articles();
    let said = said(&place, &["zzzzzz ".repeat(40).trim_end()]);
    assert_eq!(said.len(), 17, "{said:?}");
    assert_eq!(said[16], "  … and 24 more clauses");
}
