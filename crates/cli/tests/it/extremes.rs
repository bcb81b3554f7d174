//! Queries and options at their extremes: an answer or a message, never a panic, a hang or an overflow.

use std::time::{Duration, Instant};

use crate::support::Place;

/// What a run may take here, in the slowest build.
const SOON: Duration = Duration::from_secs(20);

/// Neither a signal nor a mistake of ours, and soon.
#[track_caller]
fn bear(place: &Place, args: &[&str]) -> (i32, String) {
    let begin = Instant::now();
    let run = place.run(args);
    let shown = args.iter().map(|arg| arg.chars().take(60).collect::<String>()).collect::<Vec<_>>().join(" ");
    assert!(!run.err.contains("a bug of morgue"), "{shown}: {}", run.err);
    assert!((0..=2).contains(&run.code), "{shown}: {}", run.code);
    assert!(begin.elapsed() < SOON, "{shown}: {:?}", begin.elapsed());
    assert!(
        run.err.len() < 100_000 && run.out.len() < 10_000_000,
        "{shown}: {} bytes",
        run.err.len() + run.out.len()
    );
    (run.code, run.err)
}

#[test]
fn queries_without_measure_are_refused_or_answered() {
    let place = Place::with_articles();
    for (query, message) in [
        ("a".repeat(120_000), "longer than 64 KiB"),
        (format!("{}Xi", "(".repeat(100_000)), "longer than 64 KiB"),
        (format!("{}Xi{}", "(".repeat(30_000), ")".repeat(30_000)), "nested more than 64 deep"),
        ((0..5_000).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" OR "), "more than 1,024 clauses"),
        ("NOT ".repeat(16_000), "nested more than 64 deep"),
        (vec!["x"; 6_000].join(" NEAR/3 "), "nested more than 64 deep"),
        ("Xi NEAR/18446744073709551616 NATO".to_owned(), "at most 255"),
        ("Xi~99999999999999999999".to_owned(), "~"),
        ("Xi^1e40".to_owned(), ""),
        (format!("/{}/", "(a*)*".repeat(5_000)), ""),
        ("/(((a{1000}){1000}){1000})/".to_owned(), ""),
        (format!("{}x", "*".repeat(60_000)), ""),
        ("?".repeat(60_000), ""),
        ("date:99999999999-01-01..".to_owned(), "date"),
        ("ATLEAST/18446744073709551616 Xi".to_owned(), ""),
        ("\"".repeat(60_001), ""),
        ("\u{301}".repeat(30_000), ""),
        ("@".repeat(60_000), ""),
    ] {
        let (_, said) = bear(&place, &["search", "--", &query]);
        assert!(said.contains(message), "{message}: {}", said.chars().take(500).collect::<String>());
        bear(&place, &["explain", "--", &query]);
    }
    let million = place.path("million.txt");
    std::fs::write(&million, vec!["w"; 500_000].join(" ")).unwrap();
    let (code, said) = bear(&place, &["search", "-f", "million.txt"]);
    assert!(code == 2 && said.contains("million.txt:1: query is longer than 64 KiB"), "{said}");
}

#[test]
fn as_many_clauses_as_may_be_are_answered() {
    let place = Place::with_articles();
    let list =
        |joint: &str, word: &str| (0..1024).map(|n| format!("{word}{n}")).collect::<Vec<_>>().join(joint);
    for query in [
        format!("{} OR NATO", list(" OR ", "w").replace("w1023", "Xi")),
        list(" AND ", "w"),
        list(" OR ", "w*").chars().take(5_000).collect(),
        (0..500).map(|n| format!("/[a-z]+{n}/")).collect::<Vec<_>>().join(" OR "),
        (0..500).map(|n| format!("words{n}~2")).collect::<Vec<_>>().join(" OR "),
        vec!["*a*"; 60].join(" NEAR/255 "),
        vec!["/.*/"; 60].join(" OR "),
        "(a* SENTENCE e*) NEAR/255 (t* SENTENCE s*)".to_owned(),
    ] {
        bear(&place, &["search", "-n", "5", "--timeout", "10s", "--", &query]);
    }
}

#[test]
fn options_at_their_ends_are_refused_or_taken() {
    let place = Place::with_articles();
    let most = "18446744073709551615";
    for (option, values) in [
        ("--limit", &["0", "1", most, "18446744073709551616", "-1"][..]),
        ("--offset", &["0", most]),
        ("--snippets", &["0", most]),
        ("--timeout", &["0", "0s", "1ms", "99999999999999999999s", "1e9s", ".", "-1s"]),
    ] {
        for value in values {
            bear(&place, &["search", &format!("{option}={value}"), "NATO OR trade"]);
            bear(
                &place,
                &["search", &format!("{option}={value}"), "--sort", "date", "--fold-dups", "NATO OR trade"],
            );
        }
    }
    let (code, _) = bear(&place, &["search", "-n", most, "--offset", most, "--snippets", most, "NATO"]);
    assert_eq!(code, 0, "there are hits, but not on this page");
    bear(&place, &["dups", "-n", most]);
    for (option, values) in [
        ("--threads", &["0", "256", "257", "65536", "-1"][..]),
        ("--memory", &["0", "1", "16M", most, "18446744073709551616", "1024G", "999999999999G"]),
    ] {
        for value in values {
            let index = place.path("other").to_string_lossy().into_owned();
            let _ = std::fs::remove_dir_all(&index);
            bear(&place, &["index", "articles", "--index", &index, &format!("{option}={value}")]);
        }
    }
}

#[test]
fn a_thousand_million_hits_are_not_made_room_for() {
    let place = Place::with_articles();
    let run = place.run(&["search", "-n", "1000000000000", "--offset", "1", "NATO OR draw"]);
    assert_eq!((run.code, run.out.lines().count()), (0, 2), "{run:?}");
}

#[test]
fn files_of_actors_without_measure_are_refused_or_taken() {
    let place = Place::with_articles();
    let actor = |id: &str, forms: &str| {
        format!("[[actor]]\nid = \"{id}\"\nname = \"N\"\nkind = \"person\"\nforms = [{forms}]\n")
    };
    for text in [
        (0..5_000).map(|n| actor(&format!("a{n}"), "\"x\"")).collect::<String>(),
        actor("team", &(0..50_000).map(|n| format!("\"form {n}\"")).collect::<Vec<_>>().join(",")),
        actor("team", "\"@team\", \"@nato\""),
        actor("team", &format!("\"{}\"", "word ".repeat(100_000))),
        format!("x = {}", "[".repeat(100_000)),
        format!("{} = 1", "a.".repeat(50_000) + "b"),
        "[[actor]]\n".repeat(50_000),
        "\0\u{1b}[2J".repeat(1_000),
    ] {
        place.write("actors.toml", text);
        bear(&place, &["search", "@team OR @nato"]);
        bear(&place, &["actors", "check"]);
    }
}

#[test]
fn mappings_of_any_size_are_refused_or_taken() {
    let place = Place::with_articles();
    place.write("articles/table.csv", "Kopf,Inhalt\nFerry,The ferry sank.\n");
    for mapping in [
        "title=".to_owned(),
        "=".to_owned(),
        "title=Kopf".repeat(5_000),
        format!("title={}", "x".repeat(100_000)),
    ] {
        bear(&place, &["index", "articles", "--map", &mapping]);
    }
}

#[cfg(unix)]
#[test]
fn files_without_end_are_refused() {
    let place = Place::with_articles();
    place.write("queries.txt", "NATO\n");
    for args in [
        &["search", "-f", "/dev/zero"][..],
        &["search", "--actors", "/dev/zero", "@nato"],
        &["bench", "-f", "/dev/zero"],
        &["bench", "-f", "queries.txt", "--baseline", "/dev/zero"],
    ] {
        let (code, said) = bear(&place, args);
        assert!(code == 2 && said.contains("/dev/zero") && said.contains("more than"), "{said}");
    }
}

#[test]
fn an_article_of_an_id_without_end_is_found_by_it_and_the_index_is_sound() {
    let place = Place::new();
    let id = "N".repeat(70_000);
    place.write(
        "long.jsonl",
        format!(r#"{{"id":"{id}","title":"A long name","body":"Found all the same."}}"#),
    );
    place.run(&["index", "long.jsonl"]);
    place.run_with_input(&["index", "-"], &format!(r#"{{"id":"{id}","title":"By wire","body":"Another."}}"#));
    let checked = place.run(&["check"]);
    assert_eq!(checked.code, 0, "{}", checked.out);
    let shown = place.run(&["show", &id]);
    assert!(shown.out.contains("A long name") && shown.out.contains("By wire"), "{}", shown.err);
    let found = place.run(&["search", "--json", &format!("id:{}", "N".repeat(600))]);
    assert_eq!(found.code, 1, "another id with the same beginning is another");
    assert_eq!(place.run(&["index", "--delete", &id]).code, 0);
    assert_eq!(place.run(&["count", "\"by wire\" OR found"]).out, "1\n");
}
