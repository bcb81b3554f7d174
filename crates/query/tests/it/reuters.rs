//! Random queries over real articles: the Reuters-21578 newswire, against brute force.
//!
//! What a line is (headline, noise, paragraph) is taken from the index, because it is not the language's business; where
//! sentences end and what a word is, brute force decides for itself.

use std::collections::BTreeSet;
use std::fs;

use article::{Article, Kind};
use engine::{Engine, SearchRequest};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::json;

use crate::naive::Text;
use crate::support::{Collection, request, shared};

/// Articles compared; brute force reads all of them for each query.
const ARTICLES: usize = 250;

/// Title and body of every article of a file of Reuters-21578 that has both.
fn stories(sgml: &str) -> Vec<(String, String)> {
    let between = |text: &str, open: &str, close: &str| {
        let start = text.find(open)? + open.len();
        let end = start + text[start..].find(close)?;
        Some(text[start..end].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    };
    let story = |part: &str| {
        let body = between(part, "<BODY>", "&#3;")?;
        Some((between(part, "<TITLE>", "</TITLE>")?.trim().to_owned(), body))
    };
    sgml.split("<REUTERS")
        .filter_map(story)
        .filter(|(title, body)| title.is_ascii() && body.is_ascii())
        .collect()
}

/// The text as brute force reads it: the headline, and paragraphs cut into sentences.
fn text_of(article: &Article) -> Text {
    let mut title = "";
    let mut paragraphs: Vec<String> = Vec::new();
    let mut kind = Kind::Blank;
    for line in article.lines.iter().filter(|line| line.kind != Kind::Blank && !line.kind.is_noise()) {
        let text = &article.text[line.range.clone()];
        if line.kind == Kind::Headline {
            title = text;
            continue;
        }
        match paragraphs.last_mut() {
            Some(last) if !line.starts_paragraph && line.kind == kind => *last = format!("{last}\n{text}"),
            _ => paragraphs.push(text.to_owned()),
        }
        kind = line.kind;
    }
    let cut: Vec<Vec<&str>> = paragraphs.iter().map(|paragraph| sentences(paragraph)).collect();
    Text::new(title, &cut)
}

/// Sentences by the rule of the language, for ASCII: a stop, closing quotes, white space, then a capital or digit, with
/// opening quotes before it; not behind abbreviations and initials.
fn sentences(paragraph: &str) -> Vec<&str> {
    let bytes = paragraph.as_bytes();
    let mut found = Vec::new();
    let (mut start, mut i) = (0, 0);
    while i < bytes.len() {
        if !b".!?".contains(&bytes[i]) {
            i += 1;
            continue;
        }
        let stop = i;
        while i < bytes.len() && b".!?".contains(&bytes[i]) {
            i += 1;
        }
        let mut next = i;
        while next < bytes.len() && b"\"')]".contains(&bytes[next]) {
            next += 1;
        }
        let quotes_end = next;
        while next < bytes.len() && bytes[next].is_ascii_whitespace() {
            next += 1;
        }
        let mut letter = next;
        while letter < bytes.len() && b"\"'([-#$".contains(&bytes[letter]) {
            letter += 1;
        }
        let begins = bytes.get(letter).is_some_and(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        let single = i - stop == 1 && bytes[stop] == b'.';
        if next > quotes_end && begins && !(single && abbreviated(&paragraph[..stop], bytes[letter])) {
            found.push(&paragraph[start..next]);
            start = next;
        }
    }
    found.push(&paragraph[start..]);
    found
}

fn abbreviated(before: &str, next: u8) -> bool {
    const ALWAYS: &str = " adm amb approx brig capt cf cmdr col dr drs esp fr gen gov hon lt maj messrs mlle mme mr mrs \
        ms mt ph.d pres prof rep reps rev sec sen sens sgt sr st supt vs viz ";
    const NUMBERED: &str = " apr art aug ca dec feb fig jan jul jun mar no nos nov oct pp sep sept vol ";
    let start =
        before.len() - before.bytes().rev().take_while(|c| c.is_ascii_alphanumeric() || *c == b'.').count();
    let (before, word) = before.split_at(start);
    let dotted = |text: &str| {
        !text.is_empty()
            && text.split('.').all(|part| part.len() == 1 && part.as_bytes()[0].is_ascii_alphabetic())
    };
    match word.as_bytes() {
        [letter] if letter.is_ascii_alphabetic() => {
            let small = *letter == b'v' || (next.is_ascii_digit() && b"bcdp".contains(letter));
            return alone(before, &dotted) && (letter.is_ascii_uppercase() || small);
        }
        _ if dotted(word) => return true,
        _ => {}
    }
    let listed = |list: &str| !word.is_empty() && list.contains(&format!(" {} ", word.to_lowercase()));
    listed(ALWAYS) || (next.is_ascii_digit() && listed(NUMBERED))
}

/// Is a letter behind `before` a word of its own? In `J.-P.` the second is one, as the first is.
fn alone(before: &str, dotted: &dyn Fn(&str) -> bool) -> bool {
    if let Some(before) = before.strip_suffix(".-") {
        return before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '.').next().is_some_and(dotted);
    }
    let bytes = before.as_bytes();
    match bytes {
        [] => true,
        [.., c, b'\''] => !c.is_ascii_alphanumeric(),
        [.., c] => c.is_ascii_whitespace() || b"'\"([".contains(c),
    }
}

/// Queries over words of the articles: frequent ones more often than rare ones.
fn query(words: &[String]) -> impl Strategy<Value = String> + use<> {
    let word = proptest::sample::select(words.to_vec());
    let beginning = word.clone().prop_map(|word| word.chars().take(4).collect::<String>());
    let leaf = proptest::prop_oneof![
        6 => word.clone(),
        2 => (word.clone(), word.clone()).prop_map(|(a, b)| format!("\"{a} {b}\"")),
        1 => (word.clone(), word.clone(), 1..8u32).prop_map(|(a, b, slop)| format!("\"{a} {b}\"~{slop}")),
        1 => beginning.prop_filter("long enough", |text| text.len() == 4).prop_map(|text| format!("{text}*")),
        1 => word.clone().prop_filter("long", |word| word.len() > 5).prop_map(|word| format!("{word}~1")),
        1 => proptest::strategy::Just("=US".to_owned()),
    ];
    let operand = leaf.prop_recursive(3, 8, 2, |inner| {
        let (a, b) = (inner.clone(), inner.clone());
        proptest::prop_oneof![
            (a.clone(), 1..20u32, b.clone()).prop_map(|(a, n, b)| format!("({a} NEAR/{n} {b})")),
            (a.clone(), 1..20u32, b.clone()).prop_map(|(a, n, b)| format!("({a} PRE/{n} {b})")),
            (a.clone(), b.clone()).prop_map(|(a, b)| format!("({a} SENTENCE {b})")),
            (a.clone(), b.clone()).prop_map(|(a, b)| format!("({a} PARAGRAPH {b})")),
            (a, b).prop_map(|(a, b)| format!("({a} OR {b})")),
        ]
    });
    let clause = proptest::prop_oneof![
        5 => operand.clone(),
        1 => operand.clone().prop_map(|operand| format!("title:({operand})")),
        1 => (1..5u32, operand).prop_map(|(count, operand)| format!("ATLEAST/{count} {operand}")),
    ];
    let whole = clause.clone().prop_recursive(3, 8, 3, |inner| {
        proptest::prop_oneof![
            proptest::collection::vec(inner.clone(), 2..4)
                .prop_map(|parts| format!("({})", parts.join(" AND "))),
            proptest::collection::vec(inner.clone(), 2..4)
                .prop_map(|parts| format!("({})", parts.join(" OR "))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} NOT {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} XRANK {b})")),
            inner.prop_map(|a| format!("(NOT {a})")),
        ]
    });
    // Spans alone are evaluated in another way than in company.
    proptest::prop_oneof![1 => clause, 3 => whole]
}

/// Words of the texts, each as often as it stands there, but no operators.
fn vocabulary(texts: &[(String, Text)]) -> Vec<String> {
    let operators = ["and", "or", "not", "near", "pre", "same", "sentence", "paragraph"];
    let words = texts.iter().flat_map(|(_, text)| text.words.iter().map(|word| word.text.clone()));
    words.filter(|word| word.len() > 1 && !operators.contains(&word.as_str())).step_by(7).collect()
}

fn compare(queries: usize) {
    let Some(folder) = shared("data/news/reuters21578") else { return };
    let sgml = String::from_utf8_lossy(&fs::read(folder.join("reut2-000.sgm")).unwrap()).into_owned();
    let collection = Collection::new();
    let records: String = stories(&sgml)
        .iter()
        .take(ARTICLES)
        .enumerate()
        .map(|(id, (title, body))| {
            json!({ "id": format!("{id:04}"), "title": title, "body": body }).to_string() + "\n"
        })
        .collect();
    collection.write("reuters.jsonl", &records);
    assert_eq!(collection.update().articles as usize, ARTICLES);
    let engine = collection.engine();
    let texts: Vec<(String, Text)> = (0..ARTICLES)
        .map(|id| {
            let id = format!("{id:04}");
            let text = text_of(&engine.articles(id.as_ref(), 1).unwrap()[0]);
            (id, text)
        })
        .collect();
    let strategy = query(&vocabulary(&texts));
    let mut runner =
        TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let mut wrong = Vec::new();
    let mut hits = 0;
    for _ in 0..queries {
        let text = strategy.new_tree(&mut runner).unwrap().current();
        let request = request(&text);
        let found: BTreeSet<String> = match engine.search(&SearchRequest { fragments: 1, ..request.clone() })
        {
            Ok(response) => response.hits.into_iter().map(|hit| hit.id).collect(),
            Err(error) => panic!("{text}: {error}"),
        };
        let matching = texts.iter().filter(|(_, article)| article.matches(&request.query));
        let expected: BTreeSet<String> = matching.map(|(id, _)| id.clone()).collect();
        hits += expected.len();
        if found != expected {
            wrong.push(format!(
                "{text}: only engine {:?}, only brute force {:?}",
                found.difference(&expected).collect::<Vec<_>>(),
                expected.difference(&found).collect::<Vec<_>>()
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {queries} wrong:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(20)].join("\n")
    );
    println!("{queries} queries agree on {ARTICLES} articles, {hits} hits in all");
}

#[test]
fn the_engine_agrees_with_brute_force_on_newswire() {
    compare(150);
}

/// `cargo test --release -p query -- --ignored newswire_at_length`
#[test]
#[ignore = "takes minutes"]
fn newswire_at_length() {
    compare(20_000);
}
