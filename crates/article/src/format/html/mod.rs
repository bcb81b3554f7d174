//! HTML: a page with one article. The text begins with the article as a reader sees it: headline, byline and date where
//! the page shows them, paragraphs. Behind it come the lines around it, marked as menu, link or footer, so that nothing
//! of the page is lost.

mod charset;
mod extract;
mod heading;
mod lines;
mod linked;
mod metadata;
mod names;
mod notice;
mod printed;
mod scan;
mod stack;

use jiff::civil::Date;

use super::record::Fields;
use super::{Format, Reader, Record, check_lines, dissect, split_whole};
use crate::anatomy::Hints;
use crate::article::{Article, Kind};
use crate::error::ReadError;
use crate::{date, id};
use extract::{Parts, extract};
use lines::{Line, visible};
use stack::Place;

pub(super) use charset::decode;

pub(super) const READER: Reader = Reader {
    format: Format::Html,
    name: "html",
    extensions: &["html", "htm", "xhtml"],
    split: split_whole,
    parse,
};

/// A line that names an author has at most this many bytes more than the name.
const BYLINE_BYTES: usize = 60;
/// A line that is a date is at most this long.
const DATE_BYTES: usize = 60;
/// The title stands in one of the first lines of an article if it is repeated there.
const TITLE_LINES: usize = 3;

fn parse(record: &Record) -> Result<Article, ReadError> {
    let html = decode(record, &record.bytes, None)?;
    read(record, &html, Fields::default(), Fields::default())
}

/// Makes a page an article. What is `known` about it goes before what the page says of itself, which goes before
/// `otherwise`. Of `record` only the source is looked at.
///
/// # Errors
/// The page shows no text and has no title.
pub(super) fn read(
    record: &Record,
    html: &str,
    known: Fields,
    otherwise: Fields,
) -> Result<Article, ReadError> {
    let visible = visible(html);
    check_lines(record, visible.lines.len())?;
    let metadata = metadata::read(html, visible.published);
    let mut found = metadata.fields;
    let window_title = metadata.window_title;
    let mut parts = extract(html, visible, &mut found, window_title.as_deref());
    let mut fields = first_of(known, found);
    let outlet = fields.outlet.as_deref();
    fields.title = fields.title.filter(|title| parts.heading.is_none() || !says_nothing(title, outlet));
    fields.title =
        fields.title.or_else(|| title_of(&mut parts, window_title, metadata.first_heading, outlet));
    fields.title = fields.title.map(|title| without_outlet(title, fields.outlet.as_deref()));
    let mut fields = first_of(fields, otherwise);
    if fields.authors.is_empty() {
        fields.authors = parts.byline.as_deref().map(byline_names).unwrap_or_default();
    }
    let time = parts.time;
    let text = Written::of(parts, &fields);
    if text.text.trim().is_empty() {
        return Err(ReadError::NoText { path: record.source.path.clone(), line: record.source.line });
    }
    let has_title = fields.title.is_some();
    let hints =
        Hints { known: &text.known, headline_is_known: has_title, is_record: has_title, recurring: None };
    let mut anatomy = dissect(record, &text.text, &hints)?;
    anatomy.date = anatomy.date.or(time);
    fields.id =
        fields.id.or_else(|| Some(id::of_content(text.text.get(..text.own_bytes).unwrap_or_default())));
    Ok(fields.into_article(record, text.text, anatomy))
}

/// The text of a piece of HTML that is an article, not a page with one around it: what is seen of it, a blank line
/// between paragraphs.
pub(super) fn text_of(html: &str) -> String {
    lines::joined(visible(html).lines.iter())
}

/// A page begins with its type or one of its outer elements, behind white space and comments.
pub(super) fn is_html(beginning: &str) -> bool {
    let mut rest = beginning.trim_start();
    loop {
        let skipped = match rest {
            _ if rest.starts_with("<!--") => rest.split_once("-->"),
            _ if rest.starts_with("<?xml") => rest.split_once("?>"),
            _ => None,
        };
        let Some((_, behind)) = skipped else { break };
        rest = behind.trim_start();
    }
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|start| {
        let is_it = rest.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start));
        is_it
            && rest
                .get(start.len()..)
                .is_some_and(|behind| !behind.starts_with(|c: char| c.is_alphanumeric()))
    })
}

/// `first`, and where it says nothing, `second`.
fn first_of(first: Fields, second: Fields) -> Fields {
    Fields {
        id: first.id.or(second.id),
        title: first.title.or(second.title),
        subtitle: first.subtitle.or(second.subtitle),
        body: first.body.or(second.body),
        description: first.description.or(second.description),
        date: first.date.or(second.date),
        outlet: first.outlet.or(second.outlet),
        authors: if first.authors.is_empty() { second.authors } else { first.authors },
        url: first.url.or(second.url),
        language: first.language.or(second.language),
        body_kinds: first.body_kinds,
        is_clean: first.is_clean,
    }
}

/// The title of a page that has none in its meta data: the headline that it shows, else what its window is called. A title
/// of the window that says something else than the headline stays as noise; before it goes no word that may be the name of
/// a section.
fn title_of(
    parts: &mut Parts,
    window_title: Option<String>,
    first_heading: Option<String>,
    outlet: Option<&str>,
) -> Option<String> {
    let is_told = |heading: &&String| {
        !heading::is_label(heading)
            || window_title
                .as_ref()
                .is_none_or(|title| title.contains(heading.as_str()) || says_nothing(title, outlet))
    };
    if let Some(heading) = parts.heading.as_ref().filter(is_told) {
        if let Some(text) = window_title.filter(|title| !title.contains(heading.as_str())) {
            parts.around.push((Line { text, ..Line::default() }, Kind::Banner));
        }
        return Some(heading.clone());
    }
    let in_window =
        |heading: &String| window_title.as_ref().is_some_and(|title| title.contains(heading.as_str()));
    let heading = first_heading.clone().filter(in_window);
    heading.or_else(|| parts.title.clone()).or(window_title).or(first_heading)
}

/// The title is the name of the site, or what programs write where nobody gave one.
fn says_nothing(title: &str, outlet: Option<&str>) -> bool {
    const NOTHING: [&str; 6] =
        ["untitled", "untitleddocument", "untitledpage", "home", "homepage", "document"];
    outlet.is_some_and(|outlet| same_words(title, outlet)) || NOTHING.contains(&letters(title).as_str())
}

/// The title without the name of the outlet behind a mark at its end.
fn without_outlet(title: String, outlet: Option<&str>) -> String {
    let Some(outlet) = outlet else { return title };
    let stripped = [" | ", " - ", " – ", " — ", " · ", " » ", " :: "].iter().find_map(|mark| {
        let (before, last) = title.rsplit_once(mark)?;
        (last.trim().eq_ignore_ascii_case(outlet.trim()) && !before.trim().is_empty())
            .then(|| before.trim().to_owned())
    });
    stripped.unwrap_or(title)
}

/// The names in a byline that a page marks: only what looks like names, since dates and counts of comments are marked with
/// them.
fn byline_names(byline: &str) -> Vec<String> {
    let line = one_line(byline);
    if line.len() > BYLINE_BYTES * 2 {
        return Vec::new();
    }
    let list = [" - ", " | ", " – "]
        .iter()
        .fold(line.as_str(), |list, mark| list.split(mark).next().unwrap_or(list));
    crate::names::split(list).into_iter().filter(|name| crate::names::is_name(name)).collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// The text of an article from a page, and the kinds of lines that are known.
#[derive(Default)]
struct Written {
    text: String,
    known: Vec<(usize, Kind)>,
    lines: usize,
    /// The text up to here is the article.
    own_bytes: usize,
}

impl Written {
    fn of(parts: Parts, fields: &Fields) -> Written {
        let Parts { own, mut around, time, .. } = parts;
        let mut written = Written::default();
        let title = fields.title.as_deref().map(one_line);
        let is_title = |line: &Line| title.as_deref().is_some_and(|title| same_words(&line.text, title));
        let repeated = own.iter().take(TITLE_LINES).position(is_title);
        if let (Some(title), None) = (&title, repeated) {
            written.push(title, true, Some(Kind::Headline));
            around.retain(|(line, _)| !is_title(line));
        }
        let mut opening = Opening::take(&mut around, fields, time);
        let shown = own.first().filter(|line| line.place == Place::Headline).map(|_| 0);
        let headline = repeated.or(shown);
        if headline.is_none() {
            opening.write(&mut written);
        }
        for (number, line) in own.iter().enumerate() {
            let kind = if headline == Some(number) { Some(Kind::Headline) } else { own_kind(line) };
            written.push(&line.text, line.begins_paragraph, kind);
            if headline == Some(number) {
                opening.write(&mut written);
            }
        }
        written.own_bytes = written.text.len();
        for (line, kind) in &around {
            written.push(&line.text, true, Some(*kind));
        }
        written
    }

    fn push(&mut self, line: &str, begins_paragraph: bool, kind: Option<Kind>) {
        let gap = if self.text.is_empty() { 0 } else { 1 + usize::from(begins_paragraph) };
        self.text.extend(std::iter::repeat_n('\n', gap));
        self.lines += gap;
        self.text.push_str(line);
        self.known.extend(kind.map(|kind| (self.lines, kind)));
    }
}

/// The lines of author and date that stand outside of the article's elements.
#[derive(Default)]
struct Opening(Vec<(String, Kind)>);

impl Opening {
    fn take(around: &mut Vec<(Line, Kind)>, fields: &Fields, time: Option<Date>) -> Opening {
        let mut opening = Opening::default();
        // A publisher that is its own author is named all over the page.
        let is_person = |name: &&String| fields.outlet.as_ref() != Some(*name);
        let is_byline = |line: &Line| {
            !matches!(line.place, Place::Nav | Place::Footer)
                && fields.authors.iter().filter(is_person).any(|name| {
                    line.text.len() <= name.len() + BYLINE_BYTES && line.text.contains(name.as_str())
                })
        };
        let day = fields.date.or(time);
        let is_date =
            |line: &Line| line.text.len() <= DATE_BYTES && day.is_some() && date::parse(&line.text) == day;
        opening.take_first(around, Kind::Byline, is_byline);
        opening.take_first(around, Kind::Date, is_date);
        opening
    }

    fn take_first(&mut self, around: &mut Vec<(Line, Kind)>, kind: Kind, is_it: impl Fn(&Line) -> bool) {
        if let Some(place) = around.iter().position(|(line, _)| is_it(line)) {
            self.0.push((around.remove(place).0.text, kind));
        }
    }

    fn write(&mut self, written: &mut Written) {
        for (line, kind) in self.0.drain(..) {
            written.push(&line, true, Some(kind));
        }
    }
}

/// What the element of a line of the article says about it.
fn own_kind(line: &Line) -> Option<Kind> {
    match line.place {
        Place::Heading => Some(Kind::Heading),
        Place::Headline => Some(Kind::Headline),
        Place::Caption => Some(Kind::Caption),
        Place::Byline => Some(Kind::Byline),
        Place::Date => Some(Kind::Date),
        _ => None,
    }
}

/// The same letters and digits, whatever their case and the marks between them.
fn same_words(one: &str, other: &str) -> bool {
    one.len() <= other.len() * 2 && letters(one) == letters(other)
}

/// The letters and digits of a text, in lower case.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
