//! `--all`: every article instead of those that a query finds.

use serde_json::Value;

use crate::support::Place;

/// The paths of what `search --all` lists.
fn listed(place: &Place, options: &[&str]) -> Vec<String> {
    let run = place.run(&[&["search", "--all", "--json"][..], options].concat());
    assert_eq!(run.code, 0, "{run:?}");
    let path = |line: &str| serde_json::from_str::<Value>(line).unwrap()["path"].as_str().unwrap().to_owned();
    run.out.lines().map(path).collect()
}

const MOSCOW: &str = "articles/moscow.txt";
const MADRID: &str = "articles/madrid.txt";
const CHESS: &str = "articles/chess.txt";

#[test]
fn all_lists_every_article_the_newest_first_and_the_undated_last() {
    let place = Place::with_articles();
    assert_eq!(listed(&place, &[]), [MOSCOW, MADRID, CHESS]);
    assert_eq!(listed(&place, &["--sort", "date"]), [MADRID, MOSCOW, CHESS]);
    assert_eq!(listed(&place, &["--sort", "id"]).len(), 3);
    assert_eq!(listed(&place, &["--sort", "score"]).len(), 3);
    assert_eq!(listed(&place, &["-n", "1", "--offset", "1"]), [MADRID]);
    assert_eq!(place.run(&["search", "--all", "-l"]).out, format!("{MOSCOW}\n{MADRID}\n{CHESS}\n"));
    assert_eq!(place.run(&["search", "--all"]).err, "");
}

#[test]
fn all_counts_every_article() {
    let place = Place::with_articles();
    for args in [&["count", "--all"][..], &["search", "--all", "-c"], &["count", "--all", "--fold-dups"]] {
        let run = place.run(args);
        assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "3\n", ""), "{args:?}");
    }
    assert_eq!(place.run(&["search", "--all", "-q"]).code, 0);
}

#[test]
fn all_of_an_index_that_has_no_articles_is_none() {
    let place = Place::with_articles();
    assert_eq!(place.run(&["index", "--delete", "articles"]).code, 0);
    let run = place.run(&["search", "--all"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (1, "", "the index has no articles\n"));
    assert_eq!(place.run(&["count", "--all"]).out, "0\n");
}

#[test]
fn all_and_a_query_are_an_error() {
    let place = Place::with_articles();
    place.write("queries.txt", "NATO\n");
    for args in [
        &["search", "--all", "NATO"][..],
        &["count", "--all", "NATO"],
        &["search", "--all", "-f", "queries.txt"],
    ] {
        let run = place.run(args);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{args:?}");
        assert!(run.err.contains("--all"), "{}", run.err);
    }
}

#[test]
fn a_bare_star_names_what_there_is_instead() {
    let place = Place::with_articles();
    let run = place.run(&["search", "*"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("to list everything use --all"), "{}", run.err);
}
