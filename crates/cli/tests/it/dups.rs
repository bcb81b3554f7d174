//! Articles that are copies of each other: listed by `dups`, left out by `--fold-dups`.

use serde_json::Value;

use crate::support::Place;

const REPORT: &str = "The river left its banks on Thursday after two days of rain, and the lower part of the town stood under \
    water until the evening. Nobody was hurt, the mayor said, but the bridge at the mill would stay closed to all traffic until \
    engineers have looked at its northern pier, which the current had hit with trunks of trees.";

/// The articles of other tests, and a report in three versions, two of them the same.
fn place() -> Place {
    let place = Place::with_articles();
    let report = format!("The river leaves its banks\n\nAugust 18, 2022\n\n{REPORT}\n");
    place.write("articles/river.txt", &report);
    place.write("articles/river-again.txt", &report);
    let wrapped =
        format!("A town under water\n\nAugust 17, 2022\n\nOur desk has this from an agency. {REPORT}\n");
    place.write("articles/river-wrapped.txt", wrapped);
    assert_eq!(place.run(&["index"]).code, 0);
    place
}

#[test]
fn clusters_are_listed_in_every_form() {
    let place = place();
    let run = place.run(&["dups"]);
    assert_eq!(
        (run.code, run.out.as_str(), run.err.as_str()),
        (
            0,
            "1:articles/river-wrapped.txt:1:A town under water\n\
             1:articles/river-again.txt:1:The river leaves its banks\n\
             1:articles/river.txt:1:The river leaves its banks\n",
            ""
        )
    );
    let cluster: Value = serde_json::from_str(&place.run(&["dups", "--json"]).out).unwrap();
    assert_eq!((cluster["cluster"].as_u64(), cluster["count"].as_u64()), (Some(1), Some(3)));
    assert_eq!(cluster["articles"][0]["date"], "2022-08-17");
    assert_eq!(cluster["articles"][1]["exact"], false);
    assert!(cluster["articles"][1]["overlap"].as_f64().unwrap() > 0.5);
    assert_eq!(place.run(&["dups", "-l", "--exact"]).out, "articles/river-again.txt\narticles/river.txt\n");
    assert_eq!(place.run(&["dups", "-0"]).out.matches('\0').count(), 3);
    assert_eq!(place.run(&["dups", "-n", "0"]).out, "");
    let run = place.run(&["dups", "-v", "-n", "0"]);
    assert_eq!(run.err, "3 articles in 1 cluster: 1 without copies\n");
}

#[test]
fn without_copies_there_is_nothing_and_no_time_is_an_error() {
    let place = Place::with_articles();
    let run = place.run(&["dups"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (1, "", "no article is a copy of another\n"));
    assert_eq!(place.run(&["dups", "--timeout", "0s"]).code, 2);
}

#[test]
fn folded_hits_say_how_many_copies_they_stand_for() {
    let place = place();
    let hits = |args: &[&str]| place.run(&[&["search", "--fold-dups", "river OR summer"], args].concat());
    let run = hits(&["--json", "-v", "--sort", "date"]);
    let found: Vec<Value> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let copies: Vec<_> = found.iter().map(|hit| hit["copies"].as_u64().unwrap()).collect();
    assert_eq!(copies, [0, 2, 0, 0]);
    assert_eq!(found[1]["path"], "articles/river-wrapped.txt");
    assert!(run.err.contains("6 articles, 4 without copies (1 undated) in "), "{}", run.err);
    assert_eq!(
        hits(&["-l", "--sort", "date", "--offset", "1", "-n", "1"]).out,
        "articles/river-wrapped.txt\n"
    );
    for line in hits(&["--format", "plain"]).out.lines() {
        assert_eq!(line.split('\t').count(), 9, "{line}");
    }
    let unfolded = place.run(&["search", "--json", "river"]);
    assert_eq!(unfolded.out.lines().count(), 3);
    assert!(!unfolded.out.contains("copies"), "{}", unfolded.out);
}

#[test]
fn counts_are_of_what_is_left_and_both_are_told() {
    let place = place();
    let run = place.run(&["count", "--fold-dups", "river", "-v"]);
    assert_eq!((run.code, run.out.as_str()), (0, "1\n"));
    assert!(run.err.contains("3 articles, 1 without copies in "), "{}", run.err);
    assert_eq!(place.run(&["search", "-c", "--fold-dups", "river"]).out, "1\n");
    assert_eq!(place.run(&["count", "river"]).out, "3\n");
    assert_eq!(place.run(&["count", "--fold-dups", "Zelensky"]).code, 1);
    let run = place.run_with_input(&["count", "--fold-dups", "-f", "-"], "river\nsummer\n");
    assert_eq!(run.out, "1:1:river\n2:3:summer\n");
    assert_eq!(place.run(&["count", "--fold-dups", "river", "--timeout", "0s"]).code, 2);
}
