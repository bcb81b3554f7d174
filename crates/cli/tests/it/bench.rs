//! `morgue bench` and `morgue optimize` as people run them.

use std::fs;

use serde_json::Value;

use crate::support::{Place, Run};

const WORKLOAD: &str = "# class: words\nXi\nNATO\npairs\t@xi AND NATO\n\n# class: phrases\n\"Xi Jinping\"\n";

fn place() -> Place {
    let place = Place::with_articles();
    place.write("queries.txt", WORKLOAD);
    place
}

#[test]
fn a_workload_is_timed_by_class() {
    let place = place();
    let run = place.run(&["bench", "-f", "queries.txt", "--rounds", "3", "--warm-up", "1", "-j", "2"]);
    assert_eq!(run.code, 0, "{run:?}");
    for line in ["words ", "pairs ", "phrases ", "all of them "] {
        assert!(run.out.lines().any(|found| found.starts_with(line)), "{line}: {}", run.out);
    }
    assert!(run.out.contains("3 articles, 1 segment"), "{}", run.out);
}

#[test]
fn a_report_in_json_has_every_time() {
    let place = place();
    for task in [&["--top-k", "5"][..], &["--count"], &["--rate", "500"], &["--cold"]] {
        let run = place.run(&[&["bench", "-f", "queries.txt", "--rounds", "2", "--json"], task].concat());
        assert_eq!(run.code, 0, "{task:?} {run:?}");
        let report: Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(report["all"]["n"], 8);
        assert_eq!(report["classes"]["words"]["n"], 4);
        let queries = report["queries"].as_array().unwrap();
        assert!(queries.iter().all(|query| query["times"].as_array().is_some_and(|times| times.len() == 2)));
    }
}

/// The report with all times multiplied.
fn scaled(report: &Value, factor: f64) -> String {
    let mut report = report.clone();
    for query in report["queries"].as_array_mut().unwrap() {
        for time in query["times"].as_array_mut().unwrap() {
            *time = (time.as_f64().unwrap() * factor).into();
        }
    }
    report.to_string()
}

#[test]
fn a_slow_down_against_the_baseline_fails_and_a_speed_up_does_not() {
    let place = place();
    let bench = ["bench", "-f", "queries.txt", "--rounds", "5"];
    assert_eq!(place.run(&[&bench[..], &["--save", "then.json"]].concat()).code, 0);
    let report: Value = serde_json::from_slice(&fs::read(place.path("then.json")).unwrap()).unwrap();
    let against = [&bench[..], &["--baseline", "then.json", "--fail-over", "10%"]].concat();
    place.write("then.json", scaled(&report, 0.01));
    let slower = place.run(&against);
    assert_eq!(slower.code, 1, "{slower:?}");
    assert!(slower.err.contains("slower than the baseline"), "{slower:?}");
    assert!(!slower.err.contains("note:"), "it is the same index: {slower:?}");
    place.write("then.json", scaled(&report, 100.0));
    let faster = place.run(&against);
    assert_eq!(faster.code, 0, "{faster:?}");
    assert!(faster.out.contains("against the baseline"), "{faster:?}");
    place.write("then.json", report.to_string().replace("3 articles", "4 articles"));
    let elsewhere = place.run(&against);
    assert!(elsewhere.err.contains("note: the baseline was taken on"), "{elsewhere:?}");
    let other = place.run(&[&against[..], &["--count"]].concat());
    assert_eq!(other.code, 2, "counting is not compared with searching: {other:?}");
}

#[test]
fn a_report_in_json_has_the_changes_from_its_baseline_and_can_be_one() {
    let place = place();
    let bench = ["bench", "-f", "queries.txt", "--rounds", "3", "--json"];
    place.write("then.json", place.run(&[&bench[..], &["--save", "saved.json"]].concat()).out);
    for baseline in ["then.json", "saved.json"] {
        let run = place.run(&[&bench[..], &["--baseline", baseline]].concat());
        let report: Value = serde_json::from_str(&run.out).unwrap();
        let change = &report["changes"]["all"];
        assert_eq!(change["queries"], 4, "{report}");
        let [low, ratio, high] = ["low", "ratio", "high"].map(|name| change[name].as_f64().unwrap());
        assert!(0.0 < low && low <= high && ratio > 0.0, "{change}");
        assert_eq!(report["changes"]["classes"].as_object().unwrap().len(), 3, "{report}");
        place.write("then.json", run.out);
    }
    assert_eq!(place.run(&[&bench[..], &["--baseline", "then.json"]].concat()).code, 0);
}

#[test]
fn one_query_timed_once_is_not_judged_and_that_is_said() {
    let place = place();
    place.write("one.txt", "Xi\n");
    let bench = ["bench", "-f", "one.txt", "--rounds", "1"];
    assert_eq!(place.run(&[&bench[..], &["--save", "then.json"]].concat()).code, 0);
    let report: Value = serde_json::from_slice(&fs::read(place.path("then.json")).unwrap()).unwrap();
    place.write("then.json", scaled(&report, 0.01));
    let run = place.run(&[&bench[..], &["--baseline", "then.json", "--fail-over", "5%"]].concat());
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.err.contains("not judged"), "{run:?}");
}

#[test]
fn a_plot_is_a_picture() {
    let place = place();
    assert_eq!(place.run(&["bench", "-f", "queries.txt", "--plot", "times.svg"]).code, 0);
    let picture = fs::read_to_string(place.path("times.svg")).unwrap();
    assert!(
        picture.starts_with("<svg") && picture.trim_end().ends_with("</svg>") && picture.contains("phrases")
    );
}

#[test]
fn lines_that_are_no_queries_are_named() {
    let place = place();
    place.write("queries.txt", "Xi\nXi AND\n(NATO\n");
    let run = place.run(&["bench", "-f", "queries.txt"]);
    assert_eq!(run.code, 2, "{run:?}");
    let lines: Vec<&str> = run.err.lines().collect();
    assert_eq!(lines[0], "error: queries.txt has lines that are no queries");
    assert!(
        lines[1].starts_with("  line 2: Xi AND") && lines[2].starts_with("  line 3: (NATO"),
        "{}",
        run.err
    );
    place.write("queries.txt", "(NATO\n".repeat(8));
    let run = place.run(&["bench", "-f", "queries.txt"]);
    assert_eq!((run.err.lines().count(), run.err.lines().last()), (7, Some("  … and 3 more")));
    place.write("queries.txt", "# nothing\n");
    assert_eq!(place.run(&["bench", "-f", "queries.txt"]).code, 2);
    assert_eq!(place.run(&["bench", "-f", "missing.txt"]).code, 2);
    assert_eq!(place.run(&["bench"]).code, 2);
}

#[test]
fn an_adapter_answers_a_line_with_a_line() {
    let place = place();
    let input = "NOP\tx\nCOUNT\t+xi +nato\nCOUNT\txi nato\nTOP_10\t\"xi jinping\"\nIDS_10\txi\nCOUNT\t-xi\nWHAT\txi\nTOP_10_SNIPPET\txi\n";
    let mut command = place.command(&["bench", "--adapter", "index"]);
    command.env("MORGUE_INDEX", "elsewhere").env("MORGUE_ACTORS", "elsewhere.toml");
    let run = Run::of(command.write_stdin(input));
    assert_eq!(run.code, 0, "{run:?}");
    let answers: Vec<&str> = run.out.lines().map(|line| line.split_once('\t').unwrap().0).collect();
    assert_eq!([&answers[..4], &answers[5..7]].concat(), ["0", "1", "2", "1", "UNSUPPORTED", "UNSUPPORTED"]);
    assert!(answers[4].split_once(':').is_some_and(|(_, score)| score.parse::<f32>().is_ok()), "{answers:?}");
    assert!(answers[7].parse::<usize>().unwrap() > 20, "the snippet has some length: {answers:?}");
}

#[test]
fn an_updated_index_is_optimized_once() {
    let place = place();
    let talks = "spoke for an hour about trade, and agreed to speak again before the summer";
    place.write("articles/new.txt", format!("Talks go on\n\nXi and Putin {talks}.\n"));
    assert_eq!(place.run(&["index", "articles"]).code, 0);
    assert!(place.run(&["stats"]).out.contains("segments   2"));
    let run = place.run(&["optimize"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""));
    assert!(run.err.starts_with("made 2 segments into one in order: 4 articles"), "{run:?}");
    assert!(place.run(&["optimize"]).err.contains("nothing to do"));
    assert_eq!(place.run(&["count", "Xi"]).out, "2\n");
    assert_eq!(place.run(&["optimize", "--index", "nowhere"]).code, 2);
}

#[cfg(unix)]
#[test]
fn a_report_that_cannot_be_saved_leaves_the_former_one() {
    let place = place();
    let bench = "bench -f queries.txt --rounds 3";
    place.write("then.json", "the former one");
    // Files may have no more than a block or two, as if the disk were full then.
    let script =
        format!("trap '' XFSZ; ulimit -f 1; {:?} {bench} --save then.json", env!("CARGO_BIN_EXE_morgue"));
    let mut shell = assert_cmd::Command::new("sh");
    let run = Run::of(shell.current_dir(place.folder.path()).args(["-c", &script]));
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("then.json: "), "{run:?}");
    assert_eq!(fs::read_to_string(place.path("then.json")).unwrap(), "the former one");
    let names = fs::read_dir(place.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(names.into_iter().all(|name| !name.to_string_lossy().starts_with(".morgue-")));
    // A link stays one, and what is no file is written to.
    std::os::unix::fs::symlink("then.json", place.path("link.json")).unwrap();
    for to in ["link.json", "/dev/null"] {
        let args: Vec<&str> = bench.split(' ').chain(["--save", to]).collect();
        assert_eq!(place.run(&args).code, 0, "{to}");
    }
    assert!(fs::symlink_metadata(place.path("link.json")).unwrap().is_symlink());
    assert!(fs::read_to_string(place.path("then.json")).unwrap().starts_with('{'));
}
