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
    assert_eq!(copies, [0, 1, 0, 0], "the two that are the same are one article");
    assert_eq!(found[1]["path"], "articles/river-wrapped.txt");
    assert!(run.err.contains("5 articles, 4 without copies (1 undated) in "), "{}", run.err);
    assert_eq!(
        hits(&["-l", "--sort", "date", "--offset", "1", "-n", "1"]).out,
        "articles/river-wrapped.txt\n"
    );
    for line in hits(&["--format", "plain"]).out.lines() {
        let fields = if line.contains("river") { 10 } else { 9 };
        assert_eq!(line.split('\t').count(), fields, "the other paths come after the copies: {line}");
    }
    let unfolded = place.run(&["search", "--json", "river"]);
    assert_eq!(unfolded.out.lines().count(), 2);
    assert!(!unfolded.out.contains("copies"), "{}", unfolded.out);
}

#[test]
fn counts_are_of_what_is_left_and_both_are_told() {
    let place = place();
    let run = place.run(&["count", "--fold-dups", "river", "-v"]);
    assert_eq!((run.code, run.out.as_str()), (0, "1\n"));
    assert!(run.err.contains("2 articles, 1 without copies in "), "{}", run.err);
    assert_eq!(place.run(&["search", "-c", "--fold-dups", "river"]).out, "1\n");
    assert_eq!(place.run(&["count", "river"]).out, "2\n");
    assert_eq!(place.run(&["count", "--fold-dups", "Zelensky"]).code, 1);
    let run = place.run_with_input(&["count", "--fold-dups", "-f", "-"], "river\nsummer\n");
    assert_eq!(run.out, "1:1:river\n2:3:summer\n");
    assert_eq!(place.run(&["count", "--fold-dups", "river", "--timeout", "0s"]).code, 2);
}

#[test]
fn an_article_of_several_paths_is_one_hit_that_names_them_all() {
    let place = place();
    let one = ["banks AND bridge", "date:2022-08-18"].join(" AND ");
    let search = |args: &[&str]| place.run(&[&["search", &one], args].concat()).out;
    assert!(
        search(&[]).ends_with("articles/river-again.txt:1:also articles/river.txt:1\n"),
        "the least path is the first: {}",
        search(&[])
    );
    assert_eq!(search(&["-l"]), "articles/river-again.txt\narticles/river.txt\n");
    assert_eq!(search(&["-0"]), "articles/river-again.txt\0articles/river.txt\0");
    assert!(search(&["--format", "plain"]).ends_with("\t+1 path\n"), "{}", search(&["--format", "plain"]));
    let hit: Value = serde_json::from_str(&search(&["--json"])).unwrap();
    assert_eq!((&hit["path"], &hit["line"]), (&"articles/river-again.txt".into(), &1.into()));
    assert_eq!(hit["also"], serde_json::json!([{ "path": "articles/river.txt", "line": 1 }]));
    let other = place.run(&["search", "--json", "wrapped OR agency"]).out;
    assert!(!other.contains("\"also\""), "{other}");

    let shown = place.run(&["show", "articles/river.txt"]);
    assert!(shown.out.contains("also      articles/river.txt:1\n"), "{}", shown.out);
    assert_eq!(shown.out, place.run(&["show", "articles/river-again.txt"]).out);
    assert!(!place.run(&["show", "articles/chess.txt"]).out.contains("also"));
    for path in ["path:river", "path:again", "path:\"river txt\""] {
        assert_eq!(place.run(&["count", &format!("{path} AND {one}")]).out, "1\n", "{path}");
    }
    assert!(place.run(&["stats"]).out.starts_with("articles   5\nplaces     6\n"));
    let exact = place.run(&["dups", "--exact", "--json"]);
    assert_eq!(exact.out.matches("\"exact\":true").count(), 2, "{}", exact.out);
}

#[test]
fn a_path_that_goes_leaves_the_article_with_the_others() {
    let place = place();
    let deleted = place.run(&["index", "--delete", "articles/river-again.txt"]);
    assert!(
        deleted.err.contains("removed 1 article (1 still there under other paths); 5 articles in the index"),
        "{}",
        deleted.err
    );
    assert_eq!(place.run(&["search", "-l", "date:2022-08-18"]).out, "articles/river.txt\n");
    let again = place.run(&["index"]);
    assert!(again.err.contains("indexed 1 article (1 the same as others)"), "{}", again.err);
    assert_eq!(place.run(&["search", "-l", "date:2022-08-18"]).out.lines().count(), 2);
    let events = place.run(&["index", "--rebuild", "--json"]).out;
    let done: Value = serde_json::from_str(events.lines().last().unwrap()).unwrap();
    let number = |name: &str| done[name].as_u64().unwrap();
    assert_eq!((number("found"), number("indexed"), number("duplicates"), number("articles")), (6, 6, 1, 5));
}

#[test]
fn what_comes_from_standard_input_and_from_files_is_one_article_while_it_is_the_same() {
    let place = Place::new();
    let record = |id: &str, body: &str| serde_json::json!({ "id": id, "body": body }).to_string() + "\n";
    place.write("articles/all.jsonl", record("a", REPORT) + &record("b", "The ferry sank in the harbour."));
    assert_eq!(place.run(&["index", "articles"]).code, 0);
    let feed = |records: &str| place.run_with_input(&["index", "-"], records).err;
    let paths = || place.run(&["search", "-l", "river", "--sort", "id"]).out;
    for _ in 0..2 {
        // The second is replaced by the third, of which a file has the same.
        let said = feed(&(record("c", REPORT) + &record("a", "No more.") + &record("a", REPORT)));
        assert!(said.contains("3 articles in the index"), "{said}");
        assert_eq!(paths(), "articles/all.jsonl\n-\n", "files come before standard input");
    }
    assert_eq!(place.run(&["count", "river"]).out, "2\n", "of another id, so another article");
    let said = feed(&record("a", "The river was never higher."));
    assert!(said.contains("4 articles in the index"), "{said}");
    assert_eq!(place.run(&["search", "-l", "banks AND mayor", "--sort", "id"]).out.lines().count(), 2);
    let said = place.run(&["index", "--delete", "articles/all.jsonl"]).err;
    assert!(said.contains("removed 2 articles; 2 articles in the index"), "{said}");
    assert_eq!(feed(&record("c", "x y z")).matches("2 articles in the index").count(), 1);
    assert_eq!(place.run(&["count", "banks"]).out, "0\n");
}
