//! The user's five seed articles, understood line by line. They are not part of the project: where they are absent the
//! test says so and passes.

use std::collections::HashMap;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;

use article::{Article, Kind, Limits, WalkOptions, parse, split, walk};

/// The folder `shared` beside the project, or the one that `MORGUE_SHARED` names.
fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("MORGUE_SHARED").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let is_here = folder.join("seeds").is_dir();
    if !is_here {
        // Written past the capture of test output: a skipped test must be seen.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: the shared seeds are not here; set MORGUE_SHARED to their folder"
        );
    }
    is_here.then_some(folder)
}

/// The seeds by the three digits their names begin with.
fn seeds(folder: &std::path::Path) -> HashMap<String, Article> {
    let mut articles = HashMap::new();
    for input in walk(&[folder.join("seeds")], &WalkOptions::default()) {
        let flow = split(&input.expect("a seed"), &Limits::default(), &mut |record| {
            let article = parse(&record.expect("a record")).expect("an article");
            let name = article.source.path.file_name().expect("a name").to_string_lossy()[..3].to_owned();
            articles.insert(name, article);
            ControlFlow::Continue(())
        });
        assert!(flow.is_continue());
    }
    articles
}

#[test]
fn every_line_of_the_seeds_has_its_kind() {
    let Some(folder) = shared() else { return };
    let articles = seeds(&folder);
    let table = std::fs::read_to_string(folder.join("oracle/seeds_lines.tsv")).unwrap();
    let mut expected: HashMap<(String, usize), String> = HashMap::new();
    for row in table.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        expected.insert((cells[0].to_owned(), cells[1].parse().unwrap()), cells[2].to_owned());
    }
    let mut wrong = Vec::new();
    for (name, article) in &articles {
        for (number, line) in article.lines.iter().enumerate().filter(|(_, line)| line.kind != Kind::Blank) {
            let kind = expected.get(&(name.clone(), number + 1)).map_or("body", String::as_str);
            if line.kind.name() != kind {
                let text = &article.text[line.range.clone()];
                let start: String = text.chars().take(60).collect();
                wrong.push(format!("{name}:{}: {} is {kind}: {start}", number + 1, line.kind.name()));
            }
        }
    }
    assert_eq!(articles.len(), 5);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[track_caller]
fn check(article: &Article, headline_words: usize, date: &str, authors: &[&str], outlet: Option<&str>) {
    let words = article.headline.as_deref().map_or(0, |headline| headline.split_whitespace().count());
    assert_eq!(words, headline_words, "{:?}", article.headline);
    assert_eq!(article.date.map_or("none".to_owned(), |date| date.to_string()), date);
    assert_eq!(article.authors, authors);
    assert_eq!(article.outlet.as_deref(), outlet);
    assert_eq!(article.language.as_deref(), Some("en"));
}

#[test]
fn the_seeds_say_who_when_and_where() {
    let Some(folder) = shared() else { return };
    let articles = seeds(&folder);
    check(&articles["000"], 0, "2022-02-02", &[], None);
    check(&articles["001"], 9, "none", &["Mălina Mîndruțescu"], None);
    check(&articles["002"], 12, "2022-02-02", &["Velina"], None);
    check(&articles["003"], 0, "none", &["M K Bhadrakumar"], Some("Asia Times"));
    check(&articles["004"], 10, "none", &[], None);
}
