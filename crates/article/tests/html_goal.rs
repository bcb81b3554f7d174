//! The text kept of 130 wild pages, measured against the text that people agreed on (the pages are the test pages of
//! Readability.js). They are not part of the project: where they are absent the test says so and passes.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use article::{Article, Format, Kind, Record, Source, parse};

/// The pages in the folder `shared` beside the project, or the one that `MORGUE_SHARED` names.
fn pages() -> Option<PathBuf> {
    let named = std::env::var_os("MORGUE_SHARED").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let folder = folder.join("data/news/html-readability/test/test-pages");
    if !folder.is_dir() {
        // Written past the capture of test output: a skipped test must be seen.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: the 130 wild pages are not here; set MORGUE_SHARED to the folder that has them"
        );
        return None;
    }
    Some(folder)
}

fn article(path: &Path, bytes: Vec<u8>) -> Option<Article> {
    let source = Source { path: path.to_owned(), line: 1, lines_are_file_lines: false };
    parse(&Record { source, format: Format::Html, bytes }).ok()
}

/// The article's text without what is known to be around it. Headline, byline and date have fields of their own, and the
/// expected texts leave them out.
fn kept(article: &Article) -> String {
    let is_text = |kind: Kind| {
        !kind.is_noise() && !matches!(kind, Kind::Headline | Kind::Byline | Kind::Date | Kind::Blank)
    };
    let lines = article.lines.iter().filter(|line| is_text(line.kind));
    lines.map(|line| &article.text[line.range.clone()]).collect::<Vec<&str>>().join("\n")
}

/// The text of a clean piece of HTML, found independently of the crate: tags that stand in a line vanish, others part words.
fn text_of(html: &str) -> String {
    const INLINE: [&str; 27] = [
        "a", "abbr", "b", "big", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "label", "mark",
        "nobr", "q", "s", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
    ];
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let (mut quote, mut last) = (None, ' ');
        let end = tag.find(|c: char| {
            match (quote, c) {
                (None, '"' | '\'') if last == '=' => quote = Some(c),
                (Some(open), _) if open == c => quote = None,
                _ => {}
            }
            last = c;
            quote.is_none() && c == '>'
        });
        let end = end.unwrap_or(tag.len() - 1);
        let name = tag[..end].trim_start_matches('/').split([' ', '\n', '/', '>']).next().unwrap_or_default();
        if !INLINE.contains(&name) {
            text.push(' ');
        }
        rest = &tag[end + 1..];
        if matches!(name, "script" | "style") && !tag.starts_with('/') {
            rest = rest.split_once("</").map_or("", |(_, behind)| &behind[behind.find('>').unwrap_or(0)..]);
        }
    }
    text.push_str(rest);
    htmlize::unescape(text).into_owned()
}

fn tokens(text: &str) -> HashMap<String, usize> {
    let mut tokens = HashMap::new();
    for token in text.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty()) {
        *tokens.entry(token.to_lowercase()).or_default() += 1;
    }
    tokens
}

/// The F1 measure of two bags of tokens.
fn f1(found: &str, expected: &str) -> f64 {
    let (found, expected) = (tokens(found), tokens(expected));
    let all: usize = found.values().sum::<usize>() + expected.values().sum::<usize>();
    let both = |(token, count): (&String, &usize)| (*count).min(expected.get(token).copied().unwrap_or(0));
    let common: usize = found.iter().map(both).sum();
    if all == 0 { 1.0 } else { 2.0 * common as f64 / all as f64 }
}

#[test]
fn the_text_kept_of_wild_pages_is_the_articles() {
    let Some(folder) = pages() else { return };
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut scores = Vec::new();
    let (mut bytes_read, mut took) = (0, Duration::ZERO);
    let mut metadata = Agreement::default();
    for path in &paths {
        let bytes = std::fs::read(path.join("source.html")).unwrap();
        let expected = std::fs::read_to_string(path.join("expected.html")).unwrap();
        bytes_read += bytes.len();
        let start = Instant::now();
        let article = article(path, bytes);
        took += start.elapsed();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let found = article.as_ref().map(kept).unwrap_or_default();
        scores.push((f1(&found, &text_of(&expected)), name.clone()));
        if let Some(article) = &article {
            metadata.count(
                &name,
                article,
                &std::fs::read_to_string(path.join("expected-metadata.json")).unwrap(),
            );
        }
    }
    scores.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mean = scores.iter().map(|(score, _)| score).sum::<f64>() / scores.len() as f64;
    println!("mean F1 {mean:.4} of {} pages, {bytes_read} bytes in {took:.2?}", scores.len());
    println!("{metadata:?}");
    for (score, name) in scores.iter().take(10) {
        println!("  {score:.3} {name}");
    }
    assert_eq!(scores.len(), 130);
    assert!(mean >= 0.98, "{mean}");
}

/// How often what was found is what is expected, of the pages that have it.
#[derive(Debug, Default)]
struct Agreement {
    title: (usize, usize),
    day: (usize, usize),
    outlet: (usize, usize),
    author: (usize, usize),
    language: (usize, usize),
}

impl Agreement {
    fn count(&mut self, name: &str, article: &Article, expected: &str) {
        let expected: serde_json::Value = serde_json::from_str(expected).expect("JSON");
        let of = |key: &str| expected[key].as_str().map(str::to_owned);
        let add = |pair: &mut (usize, usize), key: &str, found: Option<String>| {
            let Some(wanted) = of(key) else { return };
            pair.1 += 1;
            let same = found.as_ref().is_some_and(|found| wanted.contains(found.as_str()));
            pair.0 += usize::from(same);
            if !same {
                println!("  {name}: {key} is {found:?}, not {wanted:?}");
            }
        };
        add(&mut self.title, "title", article.headline.clone());
        add(&mut self.day, "publishedTime", article.date.map(|date| date.to_string()));
        add(&mut self.outlet, "siteName", article.outlet.clone());
        add(&mut self.author, "byline", article.authors.first().cloned());
        add(&mut self.language, "lang", article.language.clone());
    }
}
