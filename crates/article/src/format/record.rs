//! Records of named values to articles: which key means what, in every format that has keys.

use std::fmt;

use jiff::civil::Date;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use super::{Mapping, Record, decode_bytes, dissect};
use crate::anatomy::{Anatomy, Hints};
use crate::article::{Article, Kind};
use crate::error::ReadError;
use crate::{date, encoding, id, language, names};

/// What a key of a record means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Id,
    Title,
    Body,
    Description,
    Date,
    Outlet,
    Author,
    Url,
    Language,
}

/// The names each key goes by, in any case. Where a record has several of one row, the first of the row wins.
const SYNONYMS: [(Key, &[&str]); 9] = [
    (Key::Id, &["id", "_id", "uid", "docid", "doc_id", "guid"]),
    (Key::Title, &["title", "headline", "heading", "name"]),
    (Key::Body, &["body", "text", "content", "article", "contents", "body_text", "maintext", "full_text"]),
    (Key::Description, &["description", "summary", "abstract"]),
    (
        Key::Date,
        &[
            "date",
            "published",
            "published_at",
            "publish_date",
            "pubdate",
            "date_publish",
            "datepublished",
            "created_at",
            "time",
            "timestamp",
        ],
    ),
    (Key::Outlet, &["source", "outlet", "publication", "publisher", "site_name"]),
    (Key::Author, &["author", "authors", "byline", "creator"]),
    (Key::Url, &["url", "link", "uri", "canonical_url"]),
    (Key::Language, &["lang", "language"]),
];

impl Key {
    /// The first of its names.
    pub(super) fn name(self) -> &'static str {
        let row = SYNONYMS.iter().find(|(key, _)| *key == self);
        row.and_then(|(_, names)| names.first()).copied().unwrap_or_default()
    }

    /// The names of all keys, for people.
    pub(super) fn known_names() -> String {
        SYNONYMS.iter().map(|(key, _)| key.name()).collect::<Vec<&str>>().join(", ")
    }
}

/// The key a name means, and its place in its row.
pub(super) fn key_of(name: &str) -> Option<(Key, usize)> {
    SYNONYMS.iter().find_map(|(key, names)| {
        let place = names.iter().position(|synonym| synonym.eq_ignore_ascii_case(name))?;
        Some((*key, place))
    })
}

/// What a record says about its article.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) id: Option<String>,
    pub(super) title: Option<String>,
    pub(super) body: Option<String>,
    pub(super) description: Option<String>,
    pub(super) date: Option<Date>,
    pub(super) outlet: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) url: Option<String>,
    pub(super) language: Option<String>,
    /// Lines of the body (from 0) whose kind the marks of the format tell.
    pub(super) body_kinds: Vec<(usize, Kind)>,
    /// The text comes from a clean field even where it has no title.
    pub(super) is_clean: bool,
}

impl Fields {
    /// Sets a field from a line such as `title: "A headline"`, unless it is set; returns what the key means.
    pub(super) fn set_text(&mut self, name: &str, value: &str) -> Option<Key> {
        let (key, _) = key_of(name.trim())?;
        let value = value.trim().trim_matches(['"', '\'', '[', ']']).replace("\", \"", "; ");
        if !value.is_empty() && !self.has(key) {
            self.set(key, Value::String(value));
        }
        Some(key)
    }

    fn has(&self, key: Key) -> bool {
        match key {
            Key::Id => self.id.is_some(),
            Key::Title => self.title.is_some(),
            Key::Body => self.body.is_some(),
            Key::Description => self.description.is_some(),
            Key::Date => self.date.is_some(),
            Key::Outlet => self.outlet.is_some(),
            Key::Author => !self.authors.is_empty(),
            Key::Url => self.url.is_some(),
            Key::Language => self.language.is_some(),
        }
    }

    fn set(&mut self, key: Key, value: Value) {
        match key {
            Key::Id => self.id = one_line(value),
            Key::Title => self.title = one_line(value),
            Key::Body => self.body = text_of(value),
            Key::Description => self.description = text_of(value),
            Key::Date => self.date = date_of(value),
            Key::Outlet => self.outlet = one_line(value).filter(|name| !names::is_nothing(name)),
            Key::Author => self.authors = authors_of(value),
            Key::Url => self.url = one_line(value),
            Key::Language => self.language = one_line(value).and_then(|name| language::code_of_name(&name)),
        }
    }

    /// The article: what the fields say goes before what was found in the text.
    pub(super) fn into_article(self, record: &Record, text: String, anatomy: Anatomy) -> Article {
        Article {
            id: self.id.unwrap_or_else(|| id::of_content(&text)),
            source: record.source.clone(),
            also: Vec::new(),
            language: self.language.or_else(|| language::detect(anatomy.content(&text))),
            headline: self.title.or(anatomy.headline),
            date: self.date.or(anatomy.date).or_else(|| self.url.as_deref().and_then(date::in_url)),
            authors: if self.authors.is_empty() { anatomy.authors } else { self.authors },
            outlet: self.outlet.or(anatomy.outlet),
            url: self.url,
            lines: anatomy.lines,
            text,
        }
    }
}

/// Makes a record in JSON an article.
pub(super) fn parse(record: &Record) -> Result<Article, ReadError> {
    let (mapping, json) = Mapping::take_off(&record.bytes);
    let fields = read(&decode_bytes(record, json)?, &mapping).map_err(|error| malformed(record, &error))?;
    article(fields, record)
}

/// The article of a record of which the fields are known.
pub(super) fn article(fields: Fields, record: &Record) -> Result<Article, ReadError> {
    let written = Written::of(fields.title.as_deref(), fields.description.as_deref(), fields.body.as_deref());
    if written.text.trim().is_empty() {
        return Err(ReadError::NoText { path: record.source.path.clone(), line: record.source.line });
    }
    let Written { text, title_line, body_line } = written;
    let mut known: Vec<(usize, Kind)> = title_line.map(|line| (line, Kind::Headline)).into_iter().collect();
    known.extend(fields.body_kinds.iter().map(|(line, kind)| (line + body_line, *kind)));
    let has_title = fields.title.is_some();
    let is_record = has_title || fields.is_clean;
    let hints = Hints { known: &known, headline_is_known: has_title, is_record, recurring: None };
    let anatomy = dissect(record, &text, &hints)?;
    Ok(fields.into_article(record, text, anatomy))
}

/// Of several values of one key, the one whose name goes before the others.
#[derive(Default)]
pub(super) struct Choice {
    found: Vec<(Key, usize, Value)>,
}

impl Choice {
    /// Takes a value that is not blank, unless one of a lower `rank` is there.
    pub(super) fn offer(&mut self, key: Key, rank: usize, value: Value) {
        match self.found.iter_mut().find(|(known, ..)| *known == key) {
            _ if is_blank(&value) => {}
            None => self.found.push((key, rank, value)),
            Some(slot) if rank < slot.1 => *slot = (key, rank, value),
            Some(_) => {}
        }
    }

    pub(super) fn into_fields(self) -> Fields {
        let mut fields = Fields::default();
        for (key, _, value) in self.found {
            fields.set(key, value);
        }
        fields
    }
}

/// The text of a record: title, a blank line, body.
struct Written {
    text: String,
    title_line: Option<usize>,
    /// The line the body begins in.
    body_line: usize,
}

impl Written {
    fn of(title: Option<&str>, description: Option<&str>, body: Option<&str>) -> Written {
        let body = body.unwrap_or_default();
        let mut text = String::with_capacity(title.map_or(0, str::len) + body.len() + 2);
        let repeated = title.and_then(|title| line_of_title(title, body));
        let title_line = title.map(|_| 0);
        let opening =
            [title.filter(|_| repeated.is_none()), description.filter(|text| !contains(body, text))];
        for paragraph in opening.into_iter().flatten().chain((!body.is_empty()).then_some(body)) {
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(paragraph);
        }
        let body_line = text[..text.len() - body.len()].matches('\n').count();
        // A description before a body that begins with the title moves the title down.
        let title_line = repeated.map(|line| line + body_line).or(title_line);
        Written { text, title_line, body_line }
    }
}

/// The line of `body` (from 0) that is the title, when it is the first that is not blank.
fn line_of_title(title: &str, body: &str) -> Option<usize> {
    let (number, line) = body.split('\n').enumerate().find(|(_, line)| !line.trim().is_empty())?;
    let same =
        line.split_whitespace().map(str::to_lowercase).eq(title.split_whitespace().map(str::to_lowercase));
    same.then_some(number)
}

/// `body` already says what the description says; descriptions are often cut off with an ellipsis.
fn contains(body: &str, description: &str) -> bool {
    body.contains(description.trim_end_matches(['.', '…', ' ', '\n']))
}

fn malformed(record: &Record, error: &serde_json::Error) -> ReadError {
    let line = record.source.line + (error.line() as u32).saturating_sub(1);
    let place = format!(" at line {} column {}", error.line(), error.column());
    let said = error.to_string();
    let message = match said.strip_suffix(&place) {
        Some(what) => format!("{what} at column {}", error.column()),
        None => said,
    };
    ReadError::Malformed { path: record.source.path.clone(), line, message }
}

fn read(text: &str, mapping: &Mapping) -> Result<Fields, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(text);
    let fields = json.deserialize_map(FieldsVisitor(mapping))?;
    json.end()?;
    Ok(fields)
}

/// Takes the values of known keys and passes over the others without keeping them.
struct FieldsVisitor<'a>(&'a Mapping);

impl<'de> Visitor<'de> for FieldsVisitor<'_> {
    type Value = Fields;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a record in braces")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut choice = Choice::default();
        while let Some(key) = map.next_key_seed(KeySeed(self.0))? {
            let Some((key, rank)) = key else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            choice.offer(key, rank, map.next_value()?);
        }
        Ok(choice.into_fields())
    }
}

struct KeySeed<'a>(&'a Mapping);

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Option<(Key, usize)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = Option<(Key, usize)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.key_of(name))
    }
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.iter().all(is_blank),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Strings and numbers as they are, lists as a paragraph an item, objects by what names them.
fn text_of(value: Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        Value::Array(items) => items.into_iter().filter_map(text_of).collect::<Vec<String>>().join("\n"),
        Value::Object(mut members) => {
            let named =
                ["name", "title", "text", "value", "$oid"].iter().find_map(|key| members.remove(*key));
            return text_of(named?);
        }
        Value::Null | Value::Bool(_) => return None,
    };
    // What had to be changed comes back as a copy; what is clean goes on as it is.
    let cleaned = match encoding::clean(std::borrow::Cow::Borrowed(&text)) {
        std::borrow::Cow::Owned(cleaned) => Some(cleaned),
        std::borrow::Cow::Borrowed(_) => None,
    };
    Some(cleaned.unwrap_or(text)).filter(|text| !text.trim().is_empty())
}

fn one_line(value: Value) -> Option<String> {
    let text = text_of(value)?;
    Some(text.split_whitespace().collect::<Vec<&str>>().join(" "))
}

fn date_of(value: Value) -> Option<Date> {
    match value {
        Value::Number(number) => {
            date::of_number(number.as_i64().or_else(|| number.as_f64().map(|n| n as i64))?)
        }
        Value::Object(mut members) => date_of(members.remove("$date")?),
        other => date::parse(&text_of(other)?),
    }
}

fn authors_of(value: Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.into_iter().flat_map(authors_of).collect(),
        other => one_line(other).map(|text| names::split(&text)).unwrap_or_default(),
    }
}
