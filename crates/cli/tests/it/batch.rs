//! `search -f` and `count -f`: the queries of a file. `--stats`: where the time goes.

use serde_json::Value;

use crate::support::{Place, Run};

/// Lines 2, 4 and 6 are queries; that of line 4 finds nothing.
const QUERIES: &str = "# who met\nNATO\n\n  Zelensky  \n# and\nXi AND Moscow\n";

fn place() -> Place {
    let place = Place::with_articles();
    place.write("queries.txt", QUERIES);
    place
}

/// What a search for one query prints, with its line's number and `mark` before each line.
fn alone(place: &Place, line: usize, mark: &str, args: &[&str]) -> String {
    let lines = place.run(&[&["search"], args].concat()).out;
    let begin = format!("{line}{mark}");
    lines.split_inclusive('\n').flat_map(|text| [begin.as_str(), text]).collect()
}

#[test]
fn each_query_is_answered_as_it_is_alone_in_the_order_of_the_lines() {
    let place = place();
    for (mark, form) in [(":", &[][..]), ("\t", &["--format", "plain"]), (":", &["-l"]), (":", &["-n", "1"])]
    {
        let run = place.run(&[&["search", "-f", "queries.txt"], form].concat());
        let first = alone(&place, 2, mark, &[&["NATO"], form].concat());
        let last = alone(&place, 6, mark, &[&["Xi AND Moscow"], form].concat());
        assert_eq!((run.code, run.out), (0, first + &last), "{form:?}");
        assert_eq!(run.err, "", "talk is for terminals");
    }
}

#[test]
fn a_hit_in_json_names_its_query() {
    let run = place().run(&["search", "-f", "queries.txt", "--json"]);
    let hits: Vec<Value> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let asked: Vec<_> = hits
        .iter()
        .map(|hit| {
            (hit["query_line"].as_u64().unwrap(), hit["query"].as_str().unwrap(), hit["rank"].as_u64())
        })
        .collect();
    assert_eq!(asked, [(2, "NATO", Some(1)), (2, "NATO", Some(2)), (6, "Xi AND Moscow", Some(1))]);
    let one = place().run(&["search", "--json", "NATO"]);
    assert!(!one.out.contains("query"), "a search for one query has no need to: {}", one.out);
}

#[test]
fn paths_that_end_with_a_nul_keep_their_number() {
    let run = place().run(&["search", "-f", "queries.txt", "-0", "--sort", "date"]);
    assert_eq!(run.out, "2:articles/madrid.txt\x002:articles/moscow.txt\x006:articles/moscow.txt\0");
}

#[test]
fn counts_stand_between_the_line_and_the_query() {
    let place = place();
    for args in [&["count", "-f", "queries.txt"][..], &["search", "-c", "-f", "queries.txt"]] {
        let run = place.run(args);
        assert_eq!((run.code, run.out.as_str()), (0, "2:2:NATO\n4:0:Zelensky\n6:1:Xi AND Moscow\n"));
    }
}

#[test]
fn standard_input_is_a_file_too() {
    let place = place();
    let run = place.run_with_input(&["count", "-f", "-"], "\u{feff}NATO\r\nXi AND\r\n");
    assert_eq!((run.code, run.out.as_str()), (2, "1:2:NATO\n"));
    assert!(run.err.contains("error: standard input:2: "), "{}", run.err);
}

#[test]
fn an_erroneous_query_is_named_and_the_others_are_answered() {
    let place = place();
    place.write("queries.txt", b"NATO\n(Xi\n\xff\xfe\n@nobodyatall\nMoscow\n");
    let run = place.run(&["search", "-l", "-f", "queries.txt"]);
    assert_eq!(run.code, 2, "as grep has it, whatever else was found");
    assert_eq!(run.out.lines().filter(|line| line.starts_with("1:")).count(), 2);
    assert!(run.out.ends_with("5:articles/moscow.txt\n"), "{}", run.out);
    let messages = [
        "error: queries.txt:2: missing closing parenthesis\n  (Xi\n  ^\n",
        "error: queries.txt:3: not UTF-8\nhint: save the file as UTF-8\n",
        "error: queries.txt:4: no such actor: @nobodyatall\n  @nobodyatall\n  ^^^^^^^^^^^^\n",
    ];
    for message in messages {
        assert!(run.err.contains(message), "{message}: {}", run.err);
    }
}

#[test]
fn the_exit_code_is_that_of_grep() {
    let place = place();
    let code = |queries: &str| {
        let run = place.run_with_input(&["search", "-q", "-f", "-"], queries);
        assert_eq!(run.out, "");
        run.code
    };
    assert_eq!(code("Zelensky\nNATO"), 0);
    assert_eq!(code("Zelensky\nModi"), 1);
    assert_eq!(code("NATO\nXi AND"), 2);
}

#[test]
fn a_time_that_is_over_is_an_error_of_its_query() {
    let run = place().run(&["search", "-f", "queries.txt", "--timeout", "0s"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("error: queries.txt:2: no answer within 0ns"), "{}", run.err);
    assert!(run.err.contains("error: queries.txt:6: no answer within 0ns"), "{}", run.err);
}

#[test]
fn any_number_of_threads_prints_the_same() {
    let place = place();
    let words = "NATO\nXi\nsummer\nalliance OR chess\n\"two leaders\"\n(Xi\ndraw\nModi\n";
    place.write("many.txt", words.repeat(50));
    let run = |threads: &str| -> Run { place.run(&["search", "-f", "many.txt", "-j", threads]) };
    let one = run("1");
    assert_eq!(one.code, 2, "some are errors");
    for threads in ["2", "7", "256"] {
        let many = run(threads);
        assert_eq!((many.code, &many.out, &many.err), (2, &one.out, &one.err), "{threads} threads");
    }
}

#[test]
fn one_query_is_answered_the_same_by_any_number_of_threads() {
    let place = place();
    let run = |threads: &str| place.run(&["search", "-j", threads, "NATO OR \"two leaders\""]);
    assert_eq!(run("1").code, 0);
    assert_eq!(run("2").out, run("1").out);
    assert_eq!(run("0").code, 2);
}

#[test]
fn threads_answer_queries_as_deep_as_they_may_be() {
    let place = place();
    for (outer, inner) in [("AND", "OR"), ("NEAR/3", "OR"), ("SENTENCE", "NEAR/5")] {
        let nest = |query, depth| format!("({query} {} NATO)", if depth % 2 == 0 { outer } else { inner });
        let query = (0..62).fold("Xi".to_owned(), nest);
        let alone = place.run(&["count", &query]);
        assert_eq!(alone.err, "", "{outer}");
        let run = place.run_with_input(&["count", "-f", "-", "-j", "2"], &format!("{query}\n{query}\n"));
        let count = alone.out.trim();
        assert_eq!(
            (run.code, run.out),
            (alone.code, format!("1:{count}:{query}\n2:{count}:{query}\n")),
            "{outer}"
        );
    }
}

#[test]
fn a_file_must_be_there_and_have_queries() {
    let place = place();
    let run = place.run(&["search", "-f", "nowhere.txt"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("cannot read the queries in nowhere.txt"), "{}", run.err);
    place.write("empty.txt", "# nothing\n\n");
    let run = place.run(&["search", "-f", "empty.txt"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("empty.txt has no queries"), "{}", run.err);
    for args in [&["search", "-f", "queries.txt", "NATO"][..], &["search"]] {
        assert_eq!(place.run(args).code, 2, "{args:?}");
    }
}

#[test]
fn undated_articles_that_are_left_out_are_told_of_each_query() {
    let run = place().run_with_input(&["count", "-f", "-"], "NATO\nsummer date:2022\n");
    assert_eq!(run.out, "1:2:NATO\n2:1:summer date:2022\n");
    assert!(run.err.starts_with("standard input:2: 1 article without a date left out"), "{}", run.err);
}

#[test]
fn a_summary_of_each_query_comes_when_it_is_asked_for() {
    let run = place().run(&["search", "-v", "-f", "queries.txt"]);
    assert!(run.err.contains("queries.txt:2: 2 articles in "), "{}", run.err);
    assert!(run.err.contains("queries.txt:4: 0 articles in "), "{}", run.err);
}

/// The rows of the table: names and milliseconds.
fn times(run: &Run) -> Vec<(&str, f64)> {
    let rows = run.err.lines().filter_map(|line| line.strip_prefix("  ")?.trim().split_once(' '));
    rows.filter_map(|(part, time)| Some((part, time.trim().parse().ok()?))).collect()
}

#[test]
fn where_the_time_went_is_said_on_standard_error() {
    let place = place();
    for form in [&[][..], &["--json"], &["-l"]] {
        let asked = place.run(&[&["search", "NATO", "--stats"], form].concat());
        let plain = place.run(&[&["search", "NATO"], form].concat());
        assert_eq!((asked.code, &asked.out, plain.err.as_str()), (0, &plain.out, ""), "{form:?}");
        let rows = times(&asked);
        let parts: Vec<&str> = rows.iter().map(|(part, _)| *part).collect();
        assert_eq!(parts, ["parse", "open", "plan", "search", "text", "output", "all"], "{}", asked.err);
        let sum: f64 = rows[..6].iter().map(|(_, time)| time).sum();
        assert!(sum <= rows[6].1 + 0.01, "parts of one query follow one another: {}", asked.err);
    }
}

#[test]
fn counting_has_times_too() {
    let run = place().run(&["count", "NATO", "--stats"]);
    assert_eq!(run.out, "2\n");
    let rows = times(&run);
    let parts: Vec<&str> = rows.iter().map(|(part, _)| *part).collect();
    assert_eq!(parts, ["parse", "open", "count", "output", "all"], "{}", run.err);
}

#[test]
fn times_of_a_file_are_those_of_all_its_queries() {
    let run = place().run(&["search", "-f", "queries.txt", "-j", "2", "--stats"]);
    assert!(run.err.starts_with("time in ms of 3 queries, 2 at once\n"), "{}", run.err);
    assert_eq!(times(&run).len(), 7, "{}", run.err);
}
