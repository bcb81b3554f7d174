//! The forms of an answer: what stands on standard output.

use std::process::Stdio;

use serde_json::Value;

use crate::support::Place;

#[test]
fn in_a_pipe_a_hit_is_path_line_and_text() {
    let run = Place::with_articles().run(&["search", "Xi AND NATO"]);
    assert_eq!(run.code, 0);
    assert_eq!(
        run.out,
        "articles/moscow.txt:5:Xi Jinping left Moscow, and NATO took note.\n\
         articles/moscow.txt:1:Xi flies home from Moscow\n"
            .lines()
            .rev()
            .collect::<Vec<_>>()
            .join("\n")
            + "\n"
    );
    assert_eq!(run.err, "", "talk is for terminals");
}

#[test]
fn paths_alone_end_with_a_line_or_a_nul() {
    let place = Place::with_articles();
    assert_eq!(place.run(&["search", "-l", "NATO", "--sort", "id"]).out.lines().count(), 2);
    assert_eq!(place.run(&["search", "-0", "Xi"]).out, "articles/moscow.txt\0");
}

#[test]
fn counts_are_a_number_and_quiet_is_silent() {
    let place = Place::with_articles();
    for args in [&["count", "NATO"][..], &["search", "-c", "NATO"]] {
        let run = place.run(args);
        assert_eq!((run.code, run.out.as_str()), (0, "2\n"), "{args:?}");
    }
    let none = place.run(&["count", "Zelensky"]);
    assert_eq!((none.code, none.out.as_str()), (1, "0\n"));
    let quiet = place.run(&["search", "-q", "NATO"]);
    assert_eq!((quiet.code, quiet.out.as_str(), quiet.err.as_str()), (0, "", ""));
    assert_eq!(place.run(&["search", "-q", "Zelensky"]).code, 1);
}

#[test]
fn json_is_an_object_a_line_with_highlights_in_characters() {
    let run = Place::with_articles().run(&["search", "--json", "Moscow"]);
    let hit: Value = serde_json::from_str(run.out.lines().next().unwrap()).unwrap();
    assert_eq!((hit["v"].as_u64(), hit["rank"].as_u64()), (Some(1), Some(1)));
    assert_eq!(hit["date"], "2023-03-22");
    assert_eq!(hit["title"], "Xi flies home from Moscow");
    for fragment in hit["fragments"].as_array().unwrap() {
        let text: Vec<char> = fragment["text"].as_str().unwrap().chars().collect();
        for range in fragment["highlights"].as_array().unwrap() {
            let (start, end) = (range[0].as_u64().unwrap() as usize, range[1].as_u64().unwrap() as usize);
            assert_eq!(text[start..end].iter().collect::<String>(), "Moscow");
        }
    }
}

#[test]
fn plain_lines_have_eight_fields() {
    let run = Place::with_articles().run(&["search", "--format", "plain", "NATO OR chess OR draw"]);
    assert_eq!(run.out.lines().count(), 3);
    for line in run.out.lines() {
        assert_eq!(line.split('\t').count(), 8, "{line}");
    }
}

#[test]
fn orders_and_pages() {
    let place = Place::with_articles();
    let paths = |args: &[&str]| {
        let mut all = vec!["search", "-l", "summer"];
        all.extend(args);
        place
            .run(&all)
            .out
            .lines()
            .map(|line| line["articles/".len()..].to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(paths(&["--sort", "date"]), "madrid.txt moscow.txt chess.txt");
    assert_eq!(paths(&["--sort", "-date"]), "moscow.txt madrid.txt chess.txt");
    assert_eq!(paths(&["--sort=date", "--offset", "1", "-n", "1"]), "moscow.txt");
    assert_eq!(paths(&["--sort=date", "--offset", "3"]), "");
}

#[test]
fn colours_come_when_they_are_asked_for() {
    let place = Place::with_articles();
    let plain = place.run(&["search", "NATO"]);
    assert!(!plain.out.contains('\u{1b}'));
    let mut always = place.command(&["explain", "AND", "--color", "always"]);
    let error = always.env_remove("NO_COLOR").output().unwrap().stderr;
    assert!(error.contains(&0x1b), "{}", String::from_utf8_lossy(&error));
}

#[test]
fn a_closed_pipe_is_quiet_success() {
    let place = Place::with_articles();
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("morgue"))
        .current_dir(place.folder.path())
        .args(["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn what_articles_contain_cannot_act() {
    let place = Place::new();
    place.write(
        "articles/evil.txt",
        "Evil \u{1b}[2J\u{1b}]0;title\u{7} \u{202E}text with NATO in it, which goes on for a while.\n",
    );
    place.run(&["index", "articles"]);
    for format in ["text", "plain"] {
        let run = place.run(&["search", "NATO", "--format", format]);
        assert!(!run.out.contains(['\u{1b}', '\u{7}', '\u{202E}']), "{format}: {:?}", run.out);
    }
    for args in [&["show", "articles/evil.txt"][..], &["show", "--anatomy", "articles/evil.txt"]] {
        assert!(!place.run(args).out.contains(['\u{1b}', '\u{7}', '\u{202E}']));
    }
}

#[test]
fn an_article_is_shown_by_id_and_by_path_with_its_anatomy() {
    let place = Place::with_articles();
    let hit: Value = serde_json::from_str(&place.run(&["search", "--json", "chess OR draw"]).out).unwrap();
    let by_id = place.run(&["show", hit["id"].as_str().unwrap(), "--anatomy"]);
    assert_eq!(by_id.out, place.run(&["show", "articles/chess.txt", "--anatomy"]).out);
    assert!(by_id.out.contains("    1  headline    A match ends in a draw"), "{}", by_id.out);
    assert!(by_id.out.contains("    3  lead        Nobody won on Sunday."), "{}", by_id.out);
}

#[test]
fn a_score_is_explained_as_a_sum() {
    let run = Place::with_articles().run(&["explain", "Xi AND NATO", "articles/moscow.txt"]);
    assert_eq!(run.code, 0, "{run:?}");
    let numbers: Vec<f32> =
        run.out.lines().filter_map(|line| line.split_whitespace().next()?.parse().ok()).collect();
    let total: f32 = run.out.split("score     ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!(!numbers.is_empty() && (numbers.iter().sum::<f32>() - total).abs() < 1e-3, "{}", run.out);
    assert!(run.out.contains("frequency"), "{}", run.out);
}

#[test]
fn a_stem_finds_all_its_words_and_phrases_stay_exact() {
    let place = Place::with_articles();
    let count = |args: &[&str]| place.run(&[&["count"][..], args].concat()).out;
    assert_eq!(count(&["speaking"]), "0\n");
    assert_eq!(count(&["--stem", "speaking"]), "3\n");
    assert_eq!(count(&["--stem", "\"two leader\""]), "0\n");
    let hit: Value =
        serde_json::from_str(place.run(&["search", "--stem", "--json", "leader AND draw"]).out.trim())
            .unwrap();
    let fragments = hit["fragments"].to_string();
    assert!(fragments.contains("leaders"), "{fragments}");
}

#[test]
fn help_is_there_for_commands_and_for_the_language() {
    let place = Place::new();
    assert!(place.run(&["help", "query"]).out.contains("tightest first"));
    assert!(place.run(&["help", "index"]).out.contains("--rebuild"));
    assert!(place.run(&["help"]).out.contains("search"));
    let own = place.run(&["help", "actors", "list"]);
    assert!(own.code == 0 && own.out.contains("Only those whose id"), "{own:?}");
    let run = place.run(&["help", "actors", "nothing"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("no help on actors nothing") && run.err.contains("list, test"), "{run:?}");
    assert!(!place.run(&["help", "count"]).out.contains("--sort"), "it has no order");
    let run = place.run(&["help", "nothing"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("there is help on query"), "{}", run.err);
}

#[test]
fn colours_reach_a_pipe_when_they_must() {
    let place = Place::with_articles();
    let mut always = place.command(&["search", "NATO", "--color", "always"]);
    let out = always.env_remove("NO_COLOR").output().unwrap().stdout;
    assert!(String::from_utf8(out).unwrap().contains("\u{1b}[1m\u{1b}[31mNATO\u{1b}[0m"));
}

#[test]
fn every_path_and_line_that_is_printed_names_its_article() {
    let place = Place::with_articles();
    place.copy_seeds();
    place.write("seeds/front.md", "---\ntitle: Tea\n---\n\nSummer tea.\n\n\nMore tea of the summer.\n");
    place.write(
        "seeds/deep.json",
        "[\n {\n  \"body\": \"Winter.\"\n },\n {\n  \"body\": \"The summer.\"\n }\n]\n",
    );
    assert_eq!(place.run(&["index", "articles", "seeds"]).code, 0);
    for query in ["the", "NATO OR summer OR winter", "a* AND date:none"] {
        let found = place.run(&["search", query, "-n", "99", "--snippets", "3", "--format", "plain"]).out;
        let ids: Vec<&str> = found.lines().map(|line| line.split('\t').nth(3).unwrap()).collect();
        let lines = place.run(&["search", query, "-n", "99", "--snippets", "3"]).out;
        for line in lines.lines() {
            let (name, _) = line.match_indices(':').nth(1).map(|(at, _)| line.split_at(at)).unwrap();
            let shown = place.run(&["show", name]);
            assert!(
                ids.iter().any(|id| shown.out.starts_with(&format!("id        {id}\n"))),
                "{name}: {shown:?}"
            );
            assert_eq!(shown.out.matches("\nheadline  ").count(), 1, "{name}");
            assert_eq!(place.run(&["explain", query, name]).code, 0, "{name}");
        }
    }
}

#[test]
fn an_explanation_of_several_articles_says_which_it_is_about() {
    let place = Place::new();
    let record = "{\"title\":\"Same story\",\"body\":\"zebra text here\"";
    place.write("articles/e1.jsonl", format!("{record},\"date\":\"2020-01-01\"}}\n"));
    place.write("articles/e2.jsonl", format!("{record}}}\n"));
    assert_eq!(place.run(&["index", "articles"]).code, 0);
    let id = place.run(&["search", "zebra", "-n1", "--format", "plain"]).out;
    let id = id.split('\t').nth(3).unwrap();
    let explained = |query: &str, name: &str| place.run(&["explain", query, name]).out;
    let said = "article   articles/e2.jsonl:1, the best of 1 that matches, of 2 of this name\n";
    assert!(explained("date:none", id).contains(said), "{}", explained("date:none", id));
    assert!(explained("zebra", id).contains("e1.jsonl:1, the best of 2 that match, of 2 of this name\n"));
    assert!(explained("okapi", id).contains("score     none of the 2 articles of this name matches\n"));
    assert!(explained("okapi", "articles/e1.jsonl").ends_with(&format!("score     {id} does not match\n")));
    assert!(explained("NOT okapi", "articles/e1.jsonl").ends_with(": nothing that it matches scores\n"));
}
