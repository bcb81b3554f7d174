//! XML of every known kind: the root element tells which elements are records, and each kind has a file of its own
//! ([`super::news_xml`], [`super::feed`], [`super::wiki`], and [`super::sgml`] for the SGML that looks like it).
//!
//! A file is cut at the tags of its records and never parsed as a whole. What stands before the first record and holds
//! for all (the name of a feed, the site of a wiki) goes with every record as an instruction before its bytes. Any other
//! root is an error that names it.

use std::io::BufRead;
use std::ops::ControlFlow;

use super::collection::Collection;
use super::cutter::{self, Plan, Tag};
use super::tree::Element;
use super::{Format, Origin, Reader, Record, Sink, decode, feed, news_xml, record, sgml, wiki};
use crate::article::Article;
use crate::encoding;
use crate::error::ReadError;

pub(super) const READER: Reader =
    Reader { format: Format::Xml, name: "xml", extensions: &["xml"], split, parse };

/// As much before the first record as is looked at for what holds for all.
const OPENING_BYTES: usize = 256 * 1024;

/// The roots that are read, and the format of their records.
const ROOTS: [(&str, Format); 9] = [
    ("rss", Format::Feed),
    ("RDF", Format::Feed),
    ("feed", Format::Feed),
    ("mediawiki", Format::Wiki),
    ("nitf", Format::NewsXml),
    ("newsMessage", Format::NewsXml),
    ("newsItem", Format::NewsXml),
    ("newsitem", Format::NewsXml),
    ("REUTERS", Format::Sgml),
];

/// The elements that are records, by the format of their root.
const RECORDS: [(Format, &[&str]); 4] = [
    (Format::Feed, &["item", "entry"]),
    (Format::Wiki, &["page"]),
    (Format::NewsXml, &["nitf", "newsItem", "newsitem"]),
    (Format::Sgml, &["REUTERS"]),
];

/// The format of a root of this name, given without prefix.
pub(super) fn format_of_root(name: &[u8]) -> Option<Format> {
    ROOTS.iter().find(|(root, _)| root.as_bytes() == name).map(|(_, format)| *format)
}

/// The root in the beginning of a file: its first start tag, prefix left out.
pub(super) fn root(beginning: &str) -> Option<&str> {
    let mut rest = beginning;
    loop {
        rest = &rest[memchr::memchr(b'<', rest.as_bytes())? + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->")?.1;
        } else if let Some(instruction) = rest.strip_prefix('?') {
            rest = instruction.split_once("?>")?.1;
        } else if rest.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))?;
            return Some(super::tree::local(&rest[..end]));
        }
    }
}

/// Cuts a file of any root into records.
pub(super) fn split(
    reader: Box<dyn BufRead + '_>,
    origin: &Origin<'_>,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    match encoding::as_xml_declares(reader) {
        Ok(mut reader) => cutter::cut(reader.as_mut(), origin, &mut Document::new(origin), sink),
        Err(error) => sink(Err(origin.unreadable(error))),
    }
}

/// Makes the element of a record an article.
pub(super) fn parse(record: &Record) -> Result<Article, ReadError> {
    let text = decode(record)?;
    let (instruction, element) = Element::read(&text).map_err(|mistake| {
        let upto = &text.as_bytes()[..mistake.at.min(text.len())];
        let line = record.source.line + memchr::memchr_iter(b'\n', upto).count() as u32;
        ReadError::Malformed { path: record.source.path.clone(), line, message: mistake.message }
    })?;
    let collection = Collection::of_instruction(instruction.unwrap_or_default());
    let fields = match element.local_name() {
        "item" | "entry" => feed::fields(&element, collection),
        "page" => wiki::fields(&element, &collection),
        "nitf" | "newsItem" | "newsitem" => news_xml::fields(&element),
        "REUTERS" => sgml::fields(&element),
        other => {
            let path = record.source.path.clone();
            return Err(ReadError::UnknownRoot { path, line: record.source.line, root: other.to_owned() });
        }
    };
    record::article(fields, record)
}

/// The document under way.
struct Document<'a> {
    origin: &'a Origin<'a>,
    /// What its root says its records are.
    format: Option<Format>,
    /// The name of an element that holds records, and has not ended.
    open: Option<Vec<u8>>,
    /// What stands before the first record, and then what that says about all of them.
    opening: Vec<u8>,
    collection: Option<Collection>,
    found: bool,
    /// The first line where a record ends that has not begun.
    stray: Option<u32>,
}

impl<'a> Document<'a> {
    fn new(origin: &'a Origin<'a>) -> Document<'a> {
        Document {
            origin,
            format: None,
            open: None,
            opening: Vec::new(),
            collection: None,
            found: false,
            stray: None,
        }
    }

    /// A root begins a document; several may follow each other in a stream.
    fn begin(&mut self, format: Format, tag: &Tag<'_>) {
        if self.format.is_some() {
            self.opening = tag.head.to_vec();
        }
        self.format = Some(format);
        self.collection = None;
        let holds_records = is_outer_root(tag.local_name()) && !tag.head.ends_with(b"/>");
        self.open = holds_records.then(|| tag.local_name().to_vec());
    }

    fn refuse(&self, tag: &Tag<'_>) -> ReadError {
        ReadError::UnknownRoot {
            path: self.origin.path.to_owned(),
            line: tag.line,
            root: String::from_utf8_lossy(tag.name()).chars().take(100).collect(),
        }
    }

    fn collection(&mut self) -> &Collection {
        let opening = &mut self.opening;
        self.collection.get_or_insert_with(|| {
            let opening = std::mem::take(opening);
            encoding::decode(&opening).map(|text| Collection::read(&text)).unwrap_or_default()
        })
    }
}

impl Plan for Document<'_> {
    fn begins_record(&mut self, tag: &Tag<'_>) -> Result<bool, ReadError> {
        if tag.is_end() && self.open.as_deref() == Some(tag.local_name()) {
            self.open = None;
        }
        if tag.is_end() && self.format.is_some_and(|format| is_record(format, tag.local_name())) {
            self.stray.get_or_insert(tag.line);
        }
        if tag.is_end() || !tag.name().first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_')
        {
            return Ok(false);
        }
        let name = tag.local_name();
        match format_of_root(name) {
            Some(format) if self.format != Some(format) || is_outer_root(name) => self.begin(format, tag),
            None if self.format.is_none() => return Err(self.refuse(tag)),
            _ => {}
        }
        Ok(self.format.is_some_and(|format| is_record(format, name)))
    }

    fn take_outside(&mut self, piece: &[u8]) {
        if self.collection.is_none() {
            let room = OPENING_BYTES.saturating_sub(self.opening.len());
            self.opening.extend_from_slice(&piece[..piece.len().min(room)]);
        }
    }

    fn hand_out(&mut self, line: u32, bytes: &[u8], sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.found = true;
        let Some(format) = self.format else { return ControlFlow::Continue(()) };
        let instruction = match format {
            Format::Feed | Format::Wiki => self.collection().instruction().to_owned(),
            _ => String::new(),
        };
        if format == Format::Wiki && wiki::is_passed_over(bytes) {
            return ControlFlow::Continue(());
        }
        let mut record = self.origin.record(line, [instruction.as_bytes(), bytes].concat());
        record.format = format;
        sink(Ok(record))
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if let Some(name) = &self.open {
            let message = format!("<{}> has no end", String::from_utf8_lossy(name));
            return sink(Err(self.origin.cut_off(&message)));
        }
        if let Some(line) = self.stray {
            let message = "a record ends here whose beginning is damaged".to_owned();
            return sink(Err(ReadError::Malformed { path: self.origin.path.to_owned(), line, message }));
        }
        if self.found {
            return ControlFlow::Continue(());
        }
        let path = self.origin.path.to_owned();
        let is_blank = self.opening.trim_ascii().is_empty();
        match self.format {
            Some(_) => sink(Err(ReadError::Empty { path, line: 1 })),
            None if is_blank => sink(Err(ReadError::Empty { path, line: 1 })),
            None if encoding::decode(&self.opening).is_err() => {
                sink(Err(ReadError::Binary { path, line: 1 }))
            }
            None => {
                let message = "there is no element of XML".to_owned();
                sink(Err(ReadError::Malformed { path, line: 1, message }))
            }
        }
    }
}

/// A root that holds records and is none itself.
fn is_outer_root(name: &[u8]) -> bool {
    matches!(name, b"rss" | b"RDF" | b"feed" | b"mediawiki" | b"newsMessage")
}

fn is_record(format: Format, name: &[u8]) -> bool {
    let names = RECORDS.iter().find(|(known, _)| *known == format).map_or(&[][..], |(_, names)| names);
    names.iter().any(|known| known.as_bytes() == name)
}
