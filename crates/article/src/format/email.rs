//! E-mail: one message a file. Its subject is the headline, who wrote it the author; its text is the plain one where it has
//! one that is no mere hint, else that of its page in HTML. Text and messages that are attached belong to it; what else is
//! attached is passed over.
//!
//! Parts are taken apart here, to a depth that is bounded; what a header means and how a part is encoded is known by
//! `mail-parser`.

use std::borrow::Cow;

use jiff::civil::Date;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::{base64::base64_decode, quoted_printable::quoted_printable_decode};
use mail_parser::{ContentType, DateTime, HeaderName, Message, MessageParser, MimeHeaders};
use memchr::memmem;

use super::keys::Key;
use super::record::{Choice, Fields};
use super::{Format, Reader, Record, encoded_words, flowed, html, malformed, place, split_whole};
use crate::article::Article;
use crate::error::ReadError;
use crate::{date, encoding};

pub(super) const READER: Reader =
    Reader { format: Format::Email, name: "email", extensions: &["eml"], split: split_whole, parse };

/// As deep as parts may lie in parts; programs make no more than four.
const DEEPEST: usize = 10;
/// A text has much more than another that has so many times its words.
const MUCH_MORE: usize = 2;
/// As many parts of a part are looked at.
const MOST_PARTS: usize = 1000;

fn parse(record: &Record) -> Result<Article, ReadError> {
    parse_message(record, &record.bytes, None)
}

/// Makes the message in `bytes` an article; `posted` is its day if its headers do not say one.
pub(super) fn parse_message(
    record: &Record,
    bytes: &[u8],
    posted: Option<Date>,
) -> Result<Article, ReadError> {
    let (path, line) = place(record);
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    if bytes.is_empty() {
        return Err(ReadError::Empty { path, line });
    }
    let part = Part::read(bytes).ok_or(ReadError::Binary { path, line })?;
    let Some(fields) = part.head().as_ref().and_then(fields) else {
        return Err(malformed(
            record,
            "it has no From, Subject, Date or Message-ID, which an e-mail begins with",
        ));
    };
    let words = encoding::clean(Cow::Owned(part.text(0, false).words)).into_owned();
    let fields = Fields { body: Some(words).filter(|words| !words.trim().is_empty()), ..fields };
    let fields = Fields { date: fields.date.or(posted), ..fields };
    super::record::article(fields, record)
}

/// The text begins with the headers of a message: one that says where it is from, and another.
pub(super) fn is_message(text: &str) -> bool {
    let mut from = false;
    let mut others = 0;
    for line in text.lines() {
        if line.trim().is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some(name) = header_name(line) else { return false };
        match name.to_ascii_lowercase().as_str() {
            "from" | "return-path" | "received" => from = true,
            "date" | "subject" | "to" | "message-id" | "mime-version" | "newsgroups" => others += 1,
            _ => {}
        }
    }
    from && others > 0
}

/// The name of a line such as `Subject: The ferry`.
pub(super) fn header_name(line: &str) -> Option<&str> {
    let (name, _) = line.split_once(':')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
    is_name.then_some(name)
}

/// What the headers say; `None` when they are none of a message.
fn fields(head: &Message<'_>) -> Option<Fields> {
    let known = [HeaderName::From, HeaderName::Subject, HeaderName::Date, HeaderName::MessageId];
    if !known.into_iter().any(|name| head.header(name).is_some()) {
        return None;
    }
    let mut choice = Choice::default();
    choice.offer(Key::Title, 0, head.subject().unwrap_or_default().into());
    choice.offer(Key::Id, 0, head.message_id().unwrap_or_default().into());
    let mut fields = choice.into_fields();
    let authors = head.from().into_iter().flat_map(|people| people.iter());
    fields.authors = authors
        .filter_map(|person| person.name().or(person.address()))
        .map(|name| person_of(name).split_whitespace().collect::<Vec<&str>>().join(" "))
        .filter(|name| !name.is_empty())
        .collect();
    let written = || head.header_raw(HeaderName::Date).map(str::trim);
    fields.date =
        head.date().and_then(day).or_else(|| date::parse(written()?).or_else(|| day_of_old(written()?)));
    Some(fields)
}

/// The name in `ana at post.example (Ana Lind)`, as archives of mailing lists write it; else `from` as it is.
fn person_of(from: &str) -> &str {
    let parted = from.trim().strip_suffix(')').and_then(|rest| rest.split_once(" ("));
    match parted {
        Some((address, name)) if address.contains(" at ") || address.contains('@') => name,
        _ => from,
    }
}

/// The day as it is written, whatever the zone.
fn day(moment: &DateTime) -> Option<Date> {
    let is_plausible = (1960..2200).contains(&moment.year);
    let year = i16::try_from(moment.year).ok().filter(|_| is_plausible)?;
    Date::new(year, i8::try_from(moment.month).ok()?, i8::try_from(moment.day).ok()?).ok()
}

/// The day in `Wed, 12 Mar 97 10:00 GMT`: years had two figures, of which those below 50 are of this century.
fn day_of_old(written: &str) -> Option<Date> {
    let mut words = written.split([' ', '\t', ',', '-']).filter(|word| !word.is_empty()).peekable();
    words.next_if(|word| word.starts_with(char::is_alphabetic));
    let (day, month, year) = (words.next()?, words.next()?, words.next()?);
    let is_old = year.len() == 2 && year.bytes().all(|byte| byte.is_ascii_digit());
    let century = if year < "50" { "20" } else { "19" };
    let has_time = words.next().is_some_and(|time| date::time_length(time).is_some());
    if is_old && has_time { date::parse(&format!("{day} {month} {century}{year}")) } else { None }
}

/// A message, or a part of one.
struct Part<'a> {
    head: Cow<'a, [u8]>,
    body: &'a [u8],
}

/// How the text of a part is marked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Markup {
    None,
    Enriched,
    Html,
}

/// The text of a part, and whether it was written as such.
#[derive(Default)]
struct Text {
    words: String,
    is_plain: bool,
}

impl<'a> Part<'a> {
    /// `None` where the headers are no text.
    fn read(bytes: &'a [u8]) -> Option<Part<'a>> {
        let (head, body) = halves(bytes);
        let head = match std::str::from_utf8(head) {
            Ok(_) if !head.contains(&0) => Cow::Borrowed(head),
            // Headers are to be ASCII; where they are not they are read as other text is.
            _ => Cow::Owned(encoding::decode(head).ok()?.into_owned().into_bytes()),
        };
        Some(Part { head: encoded_words::in_utf8(head), body })
    }

    /// The headers; `None` where there are none.
    fn head(&self) -> Option<Message<'_>> {
        MessageParser::default().parse_headers(self.head.as_ref()).filter(|head| !head.parts.is_empty())
    }

    /// `is_message` where a part that names no type is a message, as in a digest.
    fn text(&self, depth: usize, is_message: bool) -> Text {
        let Some(head) = self.head() else {
            return if is_message { self.message(depth) } else { self.leaf(None, "", Markup::None) };
        };
        let is_attached = depth > 0 && head.content_disposition().is_some_and(ContentType::is_attachment);
        let encoded = head.content_transfer_encoding().unwrap_or_default();
        let Some(kind) = head.content_type() else {
            return match (is_message, is_attached) {
                (true, _) => self.message(depth),
                (false, true) => Text::default(),
                (false, false) => self.leaf(None, encoded, Markup::None),
            };
        };
        let is = |name: &str| kind.subtype().is_some_and(|subtype| subtype.eq_ignore_ascii_case(name));
        let charset = kind.attribute("charset");
        match kind.ctype().to_ascii_lowercase().as_str() {
            "multipart" => {
                match kind.attribute("boundary").map(str::as_bytes).or_else(|| boundary_in(self.body)) {
                    Some(boundary) if depth < DEEPEST => {
                        let parts = parts(self.body, boundary);
                        self.of_parts(&parts, is("alternative"), is("digest"), depth)
                    }
                    // Nothing tells its parts apart.
                    None => self.leaf(None, encoded, Markup::None),
                    Some(_) => Text::default(),
                }
            }
            "message" if is("rfc822") || is("global") => self.message(depth),
            "text" if is("html") => self.leaf(charset, encoded, Markup::Html),
            "text" if is("enriched") || is("richtext") => self.leaf(charset, encoded, Markup::Enriched),
            "text" if is("plain") || is("markdown") || depth == 0 => {
                let text = self.leaf(charset, encoded, Markup::None);
                let says = |name: &str, value: &str| {
                    kind.attribute(name).is_some_and(|said| said.eq_ignore_ascii_case(value))
                };
                let is_cut = says("format", "flowed") && says("delsp", "yes");
                if is_cut { Text { words: flowed::joined(&text.words), ..text } } else { text }
            }
            // Not of the form that a type has.
            _ if kind.subtype().is_none() && !is_attached => self.leaf(charset, encoded, Markup::None),
            _ => Text::default(),
        }
    }

    /// The text of the message that a part is: its subject, who wrote it, and its text.
    fn message(&self, depth: usize) -> Text {
        let Some(message) = Part::read(self.body.trim_ascii_start()).filter(|_| depth < DEEPEST) else {
            return Text::default();
        };
        let said = message.head().as_ref().and_then(fields);
        let text = message.text(depth + 1, false);
        let Some(said) = said else { return text };
        let authors = Some(said.authors.join(", ")).filter(|names| !names.is_empty());
        let head: Vec<String> = said.title.into_iter().chain(authors).collect();
        let paragraphs = head.iter().map(String::as_str).chain([text.words.as_str()]);
        Text { words: paragraphs.collect::<Vec<&str>>().join("\n\n"), is_plain: text.is_plain }
    }

    /// Of alternatives the one in plain text, if the other does not say much more; of others all.
    fn of_parts(&self, parts: &[&[u8]], are_alternatives: bool, are_messages: bool, depth: usize) -> Text {
        if parts.is_empty() {
            return self.leaf(None, "", Markup::None);
        }
        let parts = parts.iter().take(MOST_PARTS).filter_map(|part| Part::read(part));
        let texts = parts.map(|part| part.text(depth + 1, are_messages));
        let mut texts: Vec<Text> = texts.filter(|text| !text.words.trim().is_empty()).collect();
        if are_alternatives {
            let words = |text: &Text| text.words.split_whitespace().count();
            let longest = texts.iter().map(words).max().unwrap_or(0);
            let tells = |text: &Text| text.is_plain && words(text) * MUCH_MORE >= longest;
            let best = texts.iter().position(tells);
            let best = best.or_else(|| texts.iter().position(|text| words(text) == longest)).unwrap_or(0);
            return if texts.is_empty() { Text::default() } else { texts.swap_remove(best) };
        }
        let is_plain = texts.iter().all(|text| text.is_plain);
        let words: Vec<&str> = texts.iter().map(|text| text.words.trim_end()).collect();
        Text { words: words.join("\n\n"), is_plain }
    }

    /// The text of a part that has no parts; nothing where it is no text.
    fn leaf(&self, charset: Option<&str>, encoded: &str, markup: Markup) -> Text {
        let bytes = match encoded.trim().to_ascii_lowercase().as_str() {
            "base64" => base64_decode(&lines_of_base64(self.body)).unwrap_or_default().into(),
            "quoted-printable" => {
                quoted_printable_decode(self.body).map_or(Cow::Borrowed(self.body), Cow::Owned)
            }
            _ => Cow::Borrowed(self.body),
        };
        let words = decode(&bytes, charset);
        match markup {
            Markup::None => Text { words, is_plain: true },
            Markup::Enriched => Text { words: without_commands(&words), is_plain: true },
            Markup::Html => Text { words: html::text_of(&words), is_plain: false },
        }
    }
}

/// Text of `text/enriched` without its commands: `<bold>` and their like, and what stands between `<param>` and its end.
fn without_commands(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('<') {
        plain.push_str(before);
        if let Some(behind) = behind.strip_prefix('<') {
            plain.push('<');
            rest = behind;
            continue;
        }
        let Some((command, behind)) = behind.split_once('>') else {
            plain.push('<');
            rest = behind;
            break;
        };
        let is_parameter = command.eq_ignore_ascii_case("param");
        rest = behind
            .split_once("</")
            .filter(|_| is_parameter)
            .map_or(behind, |(_, end)| end.split_once('>').map_or("", |(_, behind)| behind));
    }
    plain + rest
}

/// The headers with their last line end, and what is below the blank line behind them.
fn halves(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', bytes) {
        if bytes[start..end].trim_ascii().is_empty() {
            return (&bytes[..start], &bytes[end + 1..]);
        }
        start = end + 1;
    }
    (bytes, &[])
}

/// The boundary that the parts of a body seem to have where its header names none: the first line that begins with `--`, where
/// the header of a part stands below it.
fn boundary_in(body: &[u8]) -> Option<&[u8]> {
    let at = if body.starts_with(b"--") { 0 } else { memmem::find(body, b"\n--")? + 1 };
    let rest = &body[at + 2..];
    let (line, below) = rest.split_at(memchr::memchr(b'\n', rest)?);
    let boundary = line.trim_ascii_end();
    let is_header = below.get(1..9).is_some_and(|start| start.eq_ignore_ascii_case(b"content-"));
    (is_header && !boundary.is_empty()).then_some(boundary)
}

/// What stands between the lines that begin with `--` and the boundary. The last part may lack its end.
fn parts<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let mark = [b"--", boundary].concat();
    let mut found = Vec::new();
    let mut start = None;
    for at in memmem::find_iter(body, &mark) {
        if at > 0 && body[at - 1] != b'\n' {
            continue;
        }
        let rest = &body[at + mark.len()..];
        let line_bytes = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        let line = rest[..line_bytes].trim_ascii_end();
        // Another boundary may begin with this one.
        if !line.is_empty() && line != b"--" {
            continue;
        }
        found.extend(start.map(|start: usize| &body[start.min(at)..at]));
        start = (line != b"--").then_some(at + mark.len() + line_bytes);
        if start.is_none() {
            return found;
        }
    }
    found.extend(start.map(|start| &body[start..]));
    found
}

/// The lines up to one that is no base64, such as the plain footer that a mailing list puts below.
fn lines_of_base64(body: &[u8]) -> Vec<u8> {
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let lines = body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    lines.take_while(|line| line.iter().all(is_base64)).flatten().copied().collect()
}

/// The text in `bytes`; nothing where they are none. What says that it is ASCII or UTF-8 is often neither, so the bytes
/// are looked at.
fn decode(bytes: &[u8], charset: Option<&str>) -> String {
    let told = charset.map(|name| name.trim().to_ascii_lowercase());
    let told = told.filter(|name| !matches!(name.as_str(), "utf-8" | "utf8" | "us-ascii" | "ascii"));
    if let Some(decoder) = told.and_then(|name| charset_decoder(name.as_bytes())) {
        return encoding::clean(Cow::Owned(decoder(bytes))).into_owned();
    }
    encoding::decode(bytes).map(Cow::into_owned).unwrap_or_default()
}
