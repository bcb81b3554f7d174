//! Lists of articles inside one object, as JSON Feed and services of news and search answer: `{"articles": […]}`,
//! `{"response": {"results": […]}}`, `{"hits": {"hits": […]}}`. Each item of the list is a record.

use std::borrow::Cow;
use std::ops::ControlFlow;

use serde_json::value::RawValue;

use super::keys::{Key, is_same_name, key_of};
use super::values::is_prose;
use super::{Origin, Sink, lone_surrogates, record};
use crate::encoding;

/// Names of lists of articles.
const LISTS: [&str; 12] = [
    "articles",
    "items",
    "results",
    "hits",
    "docs",
    "documents",
    "posts",
    "entries",
    "records",
    "stories",
    "news",
    "data",
];
/// Names of objects that hold such a list.
const HOLDERS: [&str; 8] = ["response", "hits", "data", "result", "results", "feed", "channel", "articles"];
/// As deep as holders lie in holders.
const DEEPEST: usize = 4;

/// A member of an object: its name, and its value as it is written.
type Members<'a> = Vec<(Cow<'a, str>, &'a RawValue)>;

/// Hands out the items of the list in `bytes`, or `bytes` as one record where they have no list. `line` is the one they
/// begin in.
pub(super) fn hand_out(
    origin: &Origin<'_>,
    line: u32,
    bytes: Vec<u8>,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    if may_have_list(&bytes)
        && let Ok(text) = encoding::decode(&bytes)
        && let text = readable(text)
        && let Some(items) = object(&text).and_then(|members| list_in(&members, 0))
    {
        let (mut at, mut line) = (0, line);
        for item in items {
            // The item is a piece of the text.
            let start = (item.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
            line +=
                memchr::memchr_iter(b'\n', text.as_bytes().get(at..start).unwrap_or_default()).count() as u32;
            at = at.max(start);
            sink(Ok(origin.record(line, item.get().as_bytes().to_vec())))?;
        }
        return ControlFlow::Continue(());
    }
    sink(Ok(origin.record(line, bytes)))
}

/// The text of an object that can be read but for what JSON does not have. Half a character leaves the object readable, but not the member
/// that has it, by which it may be known for an article.
fn readable(text: Cow<'_, str>) -> Cow<'_, str> {
    let is_readable = object(&text).is_some();
    let replaced = if is_readable { lone_surrogates::replaced(&text) } else { record::readable(&text) };
    replaced.map_or(text, Cow::Owned)
}

/// Cue: a list that begins with an object. Most records have none, so that nothing more is looked at.
fn may_have_list(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'[', bytes).any(|at| bytes[at + 1..].trim_ascii_start().first() == Some(&b'{'))
}

/// The list of articles in an object that is none itself.
fn list_in<'a>(members: &Members<'a>, depth: usize) -> Option<Vec<&'a RawValue>> {
    let is_article = members.iter().any(|(name, value)| is_of_article(name, value));
    if depth > DEEPEST || is_article {
        return None;
    }
    let value_of =
        |wanted: &str| members.iter().find(|(name, _)| is_same_name(name, wanted)).map(|(_, value)| *value);
    let list = LISTS.iter().find_map(|name| list_of(value_of(name)?));
    list.or_else(|| HOLDERS.iter().find_map(|name| list_in(&object(value_of(name)?.get())?, depth + 1)))
}

/// The items of a list of objects of which the first is an article.
fn list_of(value: &RawValue) -> Option<Vec<&RawValue>> {
    let items: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
    let first = object(items.first()?.get())?;
    let is_wrapped = first.iter().any(|(name, value)| {
        record::is_wrapper(name) && object(value.get()).is_some_and(|members| is_telling(&members))
    });
    (is_telling(&first) || is_wrapped).then_some(items)
}

/// Cue: a text, or a title and when, where or what about. Tags and people have a name at most.
fn is_telling(members: &Members<'_>) -> bool {
    let has = |wanted: &[Key]| {
        members.iter().any(|(name, _)| key_of(name).is_some_and(|(key, _)| wanted.contains(&key)))
    };
    has(&[Key::Body]) || has(&[Key::Title]) && has(&[Key::Date, Key::Url, Key::Description])
}

/// What has a text or a day is an article, whatever lists it has.
fn is_of_article(name: &str, value: &RawValue) -> bool {
    let Ok(text) = serde_json::from_str::<Cow<'_, str>>(value.get()) else { return false };
    match key_of(name) {
        Some((Key::Body | Key::Date, _)) => !text.trim().is_empty(),
        _ => is_prose(&text),
    }
}

/// The members of an object, in their order; `None` for other values.
fn object(text: &str) -> Option<Members<'_>> {
    let text = text.trim_start();
    if !text.starts_with('{') {
        return None;
    }
    let members: std::collections::BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_str(text).ok()?;
    Some(members.into_iter().collect())
}
