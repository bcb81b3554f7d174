//! What the values of records say: the text in a string, a list or an object, and in HTML.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::keys::is_same_name;
use super::markup;
use crate::{encoding, names};

/// Members that name an object, the first that says something.
const NAMES: [&str; 9] = ["name", "title", "text", "value", "rendered", "label", "$oid", "main", "original"];
/// Names of texts that are the body of a record that has no other: the page of its text, or what it begins with.
const SHORT_BODIES: [&str; 2] = ["html", "lead_paragraph"];
/// Members that are the heading of a part of a body.
const HEADINGS: [&str; 4] = ["title", "heading", "headline", "name"];
/// Members that are the text of a part of a body.
const TEXTS: [&str; 14] = [
    "text",
    "body",
    "content",
    "contents",
    "value",
    "html",
    "rendered",
    "plain",
    "plaintext",
    "paragraphs",
    "sections",
    "children",
    "data",
    "items",
];
/// Members whose text is HTML.
const HTML: [&str; 2] = ["html", "rendered"];
/// Prose has so many characters at least.
const PROSE_CHARACTERS: usize = 200;
/// Prose has no longer words, on average.
const WORD_CHARACTERS: usize = 20;

/// The text in a value: strings and numbers as they are, lists as a paragraph an item, objects by what names them.
pub(super) fn text_of(value: Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        Value::Array(items) => items.into_iter().filter_map(text_of).collect::<Vec<String>>().join("\n"),
        Value::Object(members) => return first_of(members, &NAMES, text_of),
        Value::Null | Value::Bool(_) => return None,
    };
    not_blank(cleaned(text))
}

/// The running text in a value. HTML becomes text; of an object, as of each in a list, the heading and the text count.
pub(super) fn body_of(value: Value) -> Option<String> {
    match value {
        Value::String(text) if has_blocks(&text) => not_blank(cleaned(markup::text_of_html(&text))),
        Value::Array(items) => {
            not_blank(items.into_iter().filter_map(body_of).collect::<Vec<String>>().join("\n"))
        }
        Value::Object(mut members) => {
            let (headings, rest) = std::mem::take(&mut members)
                .into_iter()
                .partition::<Map<String, Value>, _>(|(name, _)| has_name(&HEADINGS, name));
            let heading = first_of(headings, &HEADINGS, text_of);
            let text = first_of(rest, &TEXTS, body_of);
            let parts: Vec<String> = heading.into_iter().chain(text).collect();
            not_blank(parts.join("\n"))
        }
        other => text_of(other),
    }
}

/// The body of a record that has none under any other name.
pub(super) fn short_body_of(members: &Map<String, Value>) -> Option<String> {
    let is_it = |(name, _): &(&String, &Value)| has_name(&SHORT_BODIES, name);
    let found = members.iter().filter(is_it).map(|(name, value)| (name.clone(), value.clone())).collect();
    first_of(found, &SHORT_BODIES, body_of)
}

/// The same on one line.
pub(super) fn one_line(value: Value) -> Option<String> {
    let text = text_of(value)?;
    Some(text.split_whitespace().collect::<Vec<&str>>().join(" "))
}

/// The names of people; a number names nobody.
pub(super) fn authors_of(value: Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.into_iter().flat_map(authors_of).collect(),
        Value::Number(_) => Vec::new(),
        other => one_line(other).map(|text| names::split(&text)).unwrap_or_default(),
    }
}

/// Cue: some hundred characters, with white space between words, or with the marks of scripts that have none.
pub(super) fn is_prose(text: &str) -> bool {
    let characters = text.chars().count();
    let spaces = text.split_whitespace().count();
    let is_spaced = spaces * WORD_CHARACTERS >= characters;
    characters >= PROSE_CHARACTERS && (is_spaced || text.contains(['。', '、', '，', '।', '።']))
}

/// The first of `names` that has something to say. What is named HTML is read as such.
fn first_of(
    mut members: Map<String, Value>,
    names: &[&str],
    read: impl Fn(Value) -> Option<String>,
) -> Option<String> {
    names.iter().find_map(|name| {
        let key = members.keys().find(|key| is_same_name(name, key))?.clone();
        match members.remove(&key)? {
            Value::String(html) if HTML.contains(name) => not_blank(cleaned(markup::text_of_html(&html))),
            other => read(other),
        }
    })
}

fn has_name(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| is_same_name(known, name))
}

/// Cue: a tag that begins a paragraph or a line, and a tag of its kind that ends or follows it.
fn has_blocks(text: &str) -> bool {
    let begins_paragraph = |name: &str| name == "br" || markup::is_block(name);
    let mut rest = text;
    let mut opened = false;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        rest = &rest[at..];
        let Some(tag) = markup::Tag::read(rest) else {
            rest = &rest[1..];
            continue;
        };
        let is_block = begins_paragraph(&tag.name);
        if is_block && (opened || tag.name == "br") {
            return true;
        }
        // A text that only speaks of a tag has no other, and does not begin with it.
        opened |= is_block && tag.opens;
        if is_block && rest.len() == text.trim_start().len() {
            return true;
        }
        rest = &rest[tag.length..];
    }
    false
}

fn not_blank(text: String) -> Option<String> {
    Some(text).filter(|text| !text.trim().is_empty())
}

/// What had to be changed comes back as a copy; what is clean goes on as it is.
fn cleaned(text: String) -> String {
    let changed = match encoding::clean(Cow::Borrowed(&text)) {
        Cow::Owned(changed) => Some(changed),
        Cow::Borrowed(_) => None,
    };
    changed.unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bodies_come_in_many_shapes() {
        let check = |value: Value, text: Option<&str>| {
            assert_eq!(body_of(value.clone()).as_deref(), text, "{value}");
        };
        check(json!("One.\n\nTwo."), Some("One.\n\nTwo."));
        check(json!("<p>One <b>big</b>.</p><script>x()</script><p>Two.</p>"), Some("One big.\n\nTwo."));
        check(json!({"html": "<i>One</i> &amp; two"}), Some("One & two"));
        check(json!({"name": null, "text": "One"}), Some("One"));
        check(json!([{"title": "Intro", "text": "One"}, "Two", {"text": ""}]), Some("Intro\nOne\nTwo"));
        check(json!({"blocks": 3}), None);
        check(json!(false), None);
    }

    #[test]
    fn only_what_has_tags_of_paragraphs_is_html() {
        for html in ["<p>One", "a<br>b", "a <div>b</div>", "\n<ul><li>a</ul>"] {
            assert!(has_blocks(html), "{html}");
        }
        for text in ["a <b>b</b>", "1 < 2", "The tag <p> begins a paragraph.", "<3 and <them>"] {
            assert!(!has_blocks(text), "{text}");
        }
    }

    #[test]
    fn prose_is_long_and_has_spaces() {
        assert!(is_prose(&"the ferry is back ".repeat(20)));
        assert!(!is_prose("the ferry is back"));
        assert!(!is_prose(&"0f3a".repeat(100)));
    }
}
