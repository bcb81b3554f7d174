//! The project's own collection: what must be understood and found.

use std::collections::{BTreeMap, BTreeSet};

use article::{Article, Kind};
use engine::Engine;

use crate::support::{Collection, request, rows, seeds};

fn articles(collection: &Collection, file: &str) -> Vec<Article> {
    let path = seeds().join(file);
    let articles = collection.engine().articles(path.as_os_str(), 100).unwrap();
    assert!(!articles.is_empty(), "{file} is not in the index");
    articles
}

/// The number of a file, or the id of a record.
fn short_name(hit: &engine::Hit) -> String {
    if hit.source.lines_are_file_lines {
        hit.source.path.file_name().unwrap().to_string_lossy()[..2].to_owned()
    } else {
        hit.id.clone()
    }
}

#[test]
fn every_line_is_taken_for_what_it_is() {
    let collection = Collection::of(&[&seeds()]);
    let mut gold: BTreeMap<String, BTreeMap<usize, String>> = BTreeMap::new();
    for row in rows(&seeds().join("gold/lines.tsv")) {
        gold.entry(row[0].clone()).or_default().insert(row[1].parse().unwrap(), row[2].clone());
    }
    let mut wrong = Vec::new();
    for (file, kinds) in gold {
        let article = articles(&collection, &file).remove(0);
        for (number, line) in (1..).zip(&article.lines).filter(|(_, line)| line.kind != Kind::Blank) {
            let expected = kinds.get(&number).map_or("body", String::as_str);
            if expected != "-" && line.kind.name() != expected {
                let text: String = article.text[line.range.clone()].chars().take(60).collect();
                wrong.push(format!("{file}:{number}: {} instead of {expected}: {text}", line.kind.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_article_is_known_by_its_headline_date_authors_outlet_and_language() {
    let collection = Collection::of(&[&seeds()]);
    let mut wrong = Vec::new();
    for row in rows(&seeds().join("gold/articles.tsv")) {
        let (file, line) = row[0].split_once(':').unwrap_or((&row[0], "1"));
        let article = articles(&collection, file)
            .into_iter()
            .find(|article| article.source.line.to_string() == line)
            .unwrap_or_else(|| panic!("{} is not in the index", row[0]));
        let or_dash = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
        let authors = (!article.authors.is_empty()).then(|| article.authors.join(", "));
        let found = [
            or_dash(article.headline),
            or_dash(article.date.map(|date| date.to_string())),
            or_dash(authors),
            or_dash(article.outlet),
            or_dash(article.language),
        ];
        if found != row[1..6] {
            wrong.push(format!("{}: found {found:?}, expected {:?}", row[0], &row[1..6]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_query_finds_exactly_its_articles() {
    let engine = Collection::of(&[&seeds()]);
    let engine = engine.engine();
    let mut wrong = Vec::new();
    for row in rows(&seeds().join("gold/queries.tsv")) {
        let expected: BTreeSet<String> =
            row[1].split(' ').filter(|name| *name != "(none)").map(str::to_owned).collect();
        let response = engine.search(&request(&row[0])).unwrap_or_else(|error| panic!("{}: {error}", row[0]));
        let found: BTreeSet<String> = response.hits.iter().map(short_name).collect();
        if found != expected {
            wrong.push(format!("{}: found {found:?}, expected {expected:?}", row[0]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_fragment_stands_at_the_line_it_names() {
    let collection = Collection::of(&[&seeds()]);
    let engine = collection.engine();
    for query in
        ["Xi AND NATO", "the OR die OR 北约", "Putin", "\"Winter Olympics\"", "title:the OR lead:the"]
    {
        for hit in engine.search(&request(query)).unwrap().hits {
            let article = engine.articles(hit.id.as_ref(), 1).unwrap().remove(0);
            for fragment in &hit.fragments {
                let Some(first) = fragment.highlights.first() else { continue };
                let word = &fragment.text[first.clone()];
                let first_word = word.split_whitespace().next().unwrap();
                if hit.source.lines_are_file_lines {
                    let line = &article.lines[fragment.line as usize - 1];
                    let text = &article.text[line.range.clone()];
                    assert!(
                        text.contains(first_word),
                        "{query}: {first_word:?} is not in line {}: {text}",
                        fragment.line
                    );
                    assert_eq!(line.kind, fragment.kind);
                } else {
                    assert_eq!(fragment.line, hit.source.line);
                    assert!(article.text.contains(first_word));
                }
            }
        }
    }
}
