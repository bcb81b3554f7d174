//! Records of named values to articles: which key means what, in every format that has keys.

use std::fmt;

use jiff::civil::Date;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::keys::{Key, key_of};
use super::values::{authors_of, body_of, is_prose, one_line, short_body_of, text_of};
use super::{Mapping, Record, decode_bytes, dissect, lone_surrogates, not_numbers};
use crate::anatomy::{Anatomy, Hints};
use crate::article::{Article, Kind};
use crate::error::ReadError;
use crate::{date, id, language, names};

/// What a record says about its article.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) id: Option<String>,
    pub(super) title: Option<String>,
    pub(super) subtitle: Option<String>,
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
            Key::Subtitle => self.subtitle.is_some(),
            Key::Body => self.body.is_some(),
            Key::Description => self.description.is_some(),
            Key::Date => self.date.is_some(),
            Key::Outlet => self.outlet.is_some(),
            Key::Author => !self.authors.is_empty(),
            Key::Url => self.url.is_some(),
            Key::Language => self.language.is_some(),
        }
    }

    /// Sets a field if the value says something about it; whether it did.
    fn set(&mut self, key: Key, value: Value) -> bool {
        match key {
            Key::Id => fill(&mut self.id, one_line(value)),
            Key::Title => fill(&mut self.title, one_line(value)),
            Key::Subtitle => fill(&mut self.subtitle, one_line(value)),
            Key::Body => fill(&mut self.body, body_of(value)),
            Key::Description => fill(&mut self.description, body_of(value)),
            Key::Date => fill(&mut self.date, date_of(value)),
            Key::Outlet => fill(&mut self.outlet, one_line(value).filter(|name| !names::is_nothing(name))),
            Key::Author => {
                let authors = authors_of(value);
                let names_some = !authors.is_empty();
                if names_some {
                    self.authors = authors;
                }
                names_some
            }
            Key::Url => fill(&mut self.url, one_line(value)),
            Key::Language => {
                fill(&mut self.language, one_line(value).and_then(|name| language::code_of_name(&name)))
            }
        }
    }

    /// The article: what the fields say goes before what was found in the text.
    pub(super) fn into_article(self, record: &Record, text: String, anatomy: Anatomy) -> Article {
        Article {
            id: self.id.map_or_else(|| id::of_content(&text), |id| id::of_name(&id).into_owned()),
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

fn fill<T>(slot: &mut Option<T>, found: Option<T>) -> bool {
    let is_some = found.is_some();
    if is_some {
        *slot = found;
    }
    is_some
}

/// Makes a record in JSON an article.
pub(super) fn parse(record: &Record) -> Result<Article, ReadError> {
    let (mapping, json) = Mapping::take_off(&record.bytes);
    let text = decode_bytes(record, json)?;
    let fields = read(&text, &mapping).or_else(|error| {
        let readable = readable(&text).ok_or(error)?;
        read(&readable, &mapping)
    });
    let fields = fields.map_err(|error| malformed(record, &error))?;
    article(fields, record)
}

/// The text of an object without what some programs write though JSON does not have it; `None` where it has nothing of it.
pub(super) fn readable(json: &str) -> Option<String> {
    let numbers = not_numbers::replaced(json);
    lone_surrogates::replaced(numbers.as_deref().unwrap_or(json)).or(numbers)
}

/// The article of a record of which the fields are known.
pub(super) fn article(fields: Fields, record: &Record) -> Result<Article, ReadError> {
    let written = Written::of(&fields);
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

/// Of several values of one key that say something, the one whose name goes before the others.
#[derive(Default)]
pub(super) struct Choice {
    fields: Fields,
    ranks: Vec<(Key, usize)>,
}

impl Choice {
    /// Takes a value that says something, unless one of a lower `rank` is there.
    pub(super) fn offer(&mut self, key: Key, rank: usize, value: Value) {
        let place = self.ranks.iter().position(|(known, _)| *known == key);
        if place.is_some_and(|place| self.ranks[place].1 <= rank) || !self.fields.set(key, value) {
            return;
        }
        match place {
            Some(place) => self.ranks[place].1 = rank,
            None => self.ranks.push((key, rank)),
        }
    }

    /// Takes the members of an object that holds what the record says; those beside it go before them.
    fn offer_members(&mut self, members: Map<String, Value>, mapping: &Mapping) {
        for (name, value) in members {
            match (Meaning::of(&name, mapping), value) {
                (Meaning::Wrapper(_), Value::Object(inner)) => self.offer_members(inner, mapping),
                (Meaning::Key(key, rank) | Meaning::Wrapper(Some((key, rank))), value) => {
                    self.offer(key, rank + INNER_RANK, value);
                }
                _ => {}
            }
        }
    }

    pub(super) fn into_fields(self) -> Fields {
        self.fields
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
    fn of(fields: &Fields) -> Written {
        let (title, subtitle) = (fields.title.as_deref(), fields.subtitle.as_deref());
        let body = fields.body.as_deref().unwrap_or_default();
        let mut text = String::with_capacity(title.map_or(0, str::len) + body.len() + 2);
        let repeated = title.and_then(|title| line_of_title(title, body));
        let title_line = title.map(|_| 0);
        let is_new = |text: &&str| !contains(body, text);
        let subtitle = subtitle.filter(is_new).filter(|subtitle| title != Some(*subtitle));
        let description = fields.description.as_deref().filter(is_new);
        let subtitle = subtitle.filter(|subtitle| !description.is_some_and(|text| contains(text, subtitle)));
        let opening = [title.filter(|_| repeated.is_none()), subtitle, description];
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
    let mut fields = json.deserialize_map(FieldsVisitor(mapping))?;
    json.end()?;
    if fields.body.is_none() {
        let members: Map<String, Value> = serde_json::from_str(text)?;
        let short = short_body(&members);
        fields.body = prose(members, mapping).or(short);
    }
    Ok(fields)
}

/// What a record without a body has as its text, in it or in an object that holds what it says.
fn short_body(members: &Map<String, Value>) -> Option<String> {
    let inner = || WRAPPERS.iter().find_map(|name| short_body_of(members.get(*name)?.as_object()?));
    short_body_of(members).or_else(inner)
}

/// The longest prose under a key that is not known, for records that have no body under one that is.
fn prose(members: Map<String, Value>, mapping: &Mapping) -> Option<String> {
    let unknown =
        members.into_iter().filter_map(|(name, value)| match (Meaning::of(&name, mapping), value) {
            (Meaning::Wrapper(_), Value::Object(inner)) => prose(inner, mapping),
            (Meaning::Unknown | Meaning::Wrapper(None), value) => body_of(value),
            _ => None,
        });
    longest_prose(unknown)
}

/// Of these texts the longest that reads as prose.
pub(super) fn longest_prose(texts: impl Iterator<Item = String>) -> Option<String> {
    texts.filter(|text| is_prose(text)).max_by_key(String::len)
}

/// Objects inside a record that hold what it says, as databases and services of news put them there.
const WRAPPERS: [&str; 8] = ["_source", "fields", "attributes", "article", "document", "doc", "post", "data"];
/// An object of this name holds what its record says.
pub(super) fn is_wrapper(name: &str) -> bool {
    WRAPPERS.contains(&name)
}

/// What is added to the rank of names inside of these.
const INNER_RANK: usize = 1000;

/// What a name of a record stands for.
enum Meaning {
    Key(Key, usize),
    /// An object of this name holds what the record says; anything else is the value of the key.
    Wrapper(Option<(Key, usize)>),
    Unknown,
}

impl Meaning {
    fn of(name: &str, mapping: &Mapping) -> Meaning {
        if WRAPPERS.contains(&name) && !mapping.has(name) {
            // `_source` is no outlet.
            return Meaning::Wrapper(mapping.key_of(name).filter(|_| !name.starts_with('_')));
        }
        mapping.key_of(name).map_or(Meaning::Unknown, |(key, rank)| Meaning::Key(key, rank))
    }
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
        while let Some(meaning) = map.next_key_seed(KeySeed(self.0))? {
            match meaning {
                Meaning::Key(key, rank) => choice.offer(key, rank, map.next_value()?),
                Meaning::Wrapper(known) => match (map.next_value()?, known) {
                    (Value::Object(members), _) => choice.offer_members(members, self.0),
                    (value, Some((key, rank))) => choice.offer(key, rank, value),
                    _ => {}
                },
                Meaning::Unknown => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(choice.into_fields())
    }
}

struct KeySeed<'a>(&'a Mapping);

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Meaning;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = Meaning;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Meaning::of(name, self.0))
    }
}

fn date_of(value: Value) -> Option<Date> {
    match value {
        Value::Number(number) => {
            date::of_number(number.as_i64().or_else(|| number.as_f64().map(|n| n as i64))?)
        }
        Value::Object(mut members) => {
            date_of(members.remove("$date").or_else(|| members.remove("$numberLong"))?)
        }
        other => date::parse(&text_of(other)?),
    }
}
