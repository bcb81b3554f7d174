//! The formats articles come in. Each has a file of its own and a row in [`FORMATS`]: how to cut a file into records,
//! and how to make a record an article. To add one, copy `text.rs` and add the row; a test demands fixtures for it.

mod answer;
mod collection;
mod csv;
mod cutter;
mod email;
mod encoded_words;
mod feed;
mod flowed;
mod front_matter;
mod head;
mod html;
mod json;
mod json_lines;
mod keys;
mod listing;
mod lone_surrogates;
mod mapping;
mod markdown;
mod markup;
mod mbox;
mod news_xml;
mod not_numbers;
mod payload;
mod prose;
mod record;
mod sgml;
mod text;
mod tree;
mod values;
mod warc;
mod wiki;
mod wikitext;
mod wikitext_aside;
mod xml;

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::str::FromStr;

pub use mapping::{Mapping, MappingError};
use memchr::memchr_iter;

use crate::anatomy::{self, Anatomy, Hints, Recurring};
use crate::article::{Article, Source};
use crate::encoding;
use crate::error::ReadError;
use crate::limits::{Limits, MOST_LINES};
use crate::open::open;
use crate::unpack::{self, Wanted};
use crate::walk::{Input, STANDARD_INPUT};

/// Bytes read from a file at a time, and looked at to tell its format.
pub(crate) const BUFFER_BYTES: usize = 128 * 1024;

/// A format of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// One article in plain text.
    Text,
    /// One article in Markdown.
    Markdown,
    /// One record, an array of records, or records one after the other.
    Json,
    /// One record a line.
    JsonLines,
    /// The SGML of Reuters-21578.
    Sgml,
    /// NITF and NewsML-G2.
    NewsXml,
    /// RSS and Atom.
    Feed,
    /// A dump of a wiki of MediaWiki, in XML.
    Wiki,
    /// XML of which the content must tell which of the others it is.
    Xml,
    /// A table with the names of its columns in the first line, and a record in every other.
    Csv,
    /// One message of e-mail.
    Email,
    /// A mailbox: messages one after the other.
    Mbox,
    /// An archive of the web: what servers answered, record after record.
    Warc,
    /// One page with one article.
    Html,
}

/// How a format is recognised and read.
#[derive(Debug)]
pub struct Reader {
    /// The format.
    pub format: Format,
    /// Its name for people, and for its folder of fixtures.
    pub name: &'static str,
    /// The endings of file names, in lower case.
    pub extensions: &'static [&'static str],
    split: SplitFn,
    parse: fn(&Record) -> Result<Article, ReadError>,
}

type SplitFn = fn(Box<dyn BufRead + '_>, &Origin<'_>, &mut Sink<'_>) -> ControlFlow<()>;

/// What takes the records of a file; it breaks to have no more.
pub(crate) type Sink<'a> = dyn FnMut(Result<Record, ReadError>) -> ControlFlow<()> + 'a;

/// Every format.
pub const FORMATS: [Reader; 14] = [
    text::READER,
    markdown::READER,
    json::READER,
    json_lines::READER,
    sgml::READER,
    news_xml::READER,
    feed::READER,
    wiki::READER,
    xml::READER,
    csv::READER,
    email::READER,
    mbox::READER,
    warc::READER,
    html::READER,
];

impl Format {
    /// The format the ending of a file name tells.
    pub fn of_name(path: &Path) -> Option<Format> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        FORMATS
            .iter()
            .find(|reader| reader.extensions.contains(&extension.as_str()))
            .map(|reader| reader.format)
    }

    /// The format the beginning of a file suggests: records of JSON begin with a brace or a bracket, and JSON lines
    /// with a brace on every line; XML with its declaration or a root that is known; a table begins with names of columns
    /// that are known, a message with its headers, an archive of the web with `WARC/`, and a page of HTML with its type or
    /// an outer element. All else is text.
    pub fn of_content(beginning: &[u8]) -> Format {
        Format::of_mapped_content(beginning, &mapping::NOTHING)
    }

    fn of_mapped_content(beginning: &[u8], mapping: &Mapping) -> Format {
        if beginning.starts_with(warc::MAGIC) {
            return Format::Warc;
        }
        let Ok(text) = encoding::decode(beginning) else { return Format::Text };
        if html::is_html(&text) {
            return Format::Html;
        }
        if let Some(format) = Format::of_markup(text.trim_start()) {
            return format;
        }
        let mut lines = text.lines().map(str::trim_start).filter(|line| !line.is_empty());
        let (first, second) = (lines.next().unwrap_or_default(), lines.next());
        match first.as_bytes().first() {
            Some(b'{')
                if first.trim_end().ends_with('}') && second.is_some_and(|line| line.starts_with('{')) =>
            {
                Format::JsonLines
            }
            Some(b'{') => Format::Json,
            Some(b'[')
                if first[1..].trim_start().is_empty() || first[1..].trim_start().starts_with(['{', ']']) =>
            {
                Format::Json
            }
            _ if mbox::is_mailbox(&text) => Format::Mbox,
            _ if email::is_message(&text) => Format::Email,
            _ if csv::is_table(&text, mapping) => Format::Csv,
            _ => Format::Text,
        }
    }

    /// The format of XML, and of SGML that is known.
    fn of_markup(text: &str) -> Option<Format> {
        if !text.starts_with('<') {
            return None;
        }
        let root = xml::root(text);
        if let Some(format) = root.and_then(|root| xml::format_of_root(root.as_bytes())) {
            return Some(format);
        }
        text.starts_with("<?xml").then_some(Format::Xml)
    }

    /// Its name for people.
    pub fn name(self) -> &'static str {
        self.reader().name
    }

    fn reader(self) -> &'static Reader {
        const { &FORMATS }.iter().find(|reader| reader.format == self).unwrap_or(&FORMATS[0])
    }
}

/// A name that no format has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}: no such format; there are {}", names())]
pub struct UnknownFormatName {
    /// The name.
    pub name: String,
}

fn names() -> String {
    const { &FORMATS }.iter().map(|reader| reader.name).collect::<Vec<&str>>().join(", ")
}

impl FromStr for Format {
    type Err = UnknownFormatName;

    /// The format of this name or ending, in any case.
    fn from_str(name: &str) -> Result<Format, UnknownFormatName> {
        let wanted = name.trim().trim_start_matches('.').to_ascii_lowercase();
        let reader = const { &FORMATS }
            .iter()
            .find(|reader| reader.name == wanted || reader.extensions.contains(&wanted.as_str()));
        reader.map(|reader| reader.format).ok_or_else(|| UnknownFormatName { name: name.to_owned() })
    }
}

/// How files are read.
#[derive(Clone, Copy, Debug)]
pub struct SplitOptions<'a> {
    /// What is not read.
    pub limits: Limits,
    /// What the names of columns and keys mean, beside those that are known.
    pub mapping: &'a Mapping,
}

impl From<&Limits> for SplitOptions<'_> {
    fn from(limits: &Limits) -> Self {
        SplitOptions { limits: *limits, mapping: &mapping::NOTHING }
    }
}

/// The bytes of one article as they stand in their file. What else its parsing needs stands before them: the meaning
/// of the columns of a table, or the user's mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Where it begins.
    pub source: Source,
    /// What to parse it as.
    pub format: Format,
    /// The bytes, not yet decoded.
    pub bytes: Vec<u8>,
}

/// What the splitters know about the file they read.
pub(crate) struct Origin<'a> {
    pub(crate) path: &'a Path,
    pub(crate) format: Format,
    pub(crate) limits: Limits,
    pub(crate) mapping: &'a Mapping,
}

impl Origin<'_> {
    fn record(&self, line: u32, bytes: Vec<u8>) -> Record {
        let has_keys = matches!(self.format, Format::Json | Format::JsonLines);
        let bytes = if has_keys { self.mapping.put_before(bytes) } else { bytes };
        let lines_are_file_lines = matches!(self.format, Format::Text | Format::Markdown);
        let source = Source { path: self.path.to_owned(), line, lines_are_file_lines };
        Record { source, format: self.format, bytes }
    }

    fn unreadable(&self, source: io::Error) -> ReadError {
        ReadError::Unreadable { path: self.path.to_owned(), source }
    }

    fn too_large(&self, line: u32, bytes: u64) -> ReadError {
        ReadError::TooLarge { path: self.path.to_owned(), line, bytes, limit: self.limits.article_bytes }
    }

    /// What holds the records does not end.
    fn cut_off(&self, message: &str) -> ReadError {
        ReadError::Damaged { path: self.path.to_owned(), message: message.to_owned() }
    }

    fn empty(&self) -> ReadError {
        ReadError::Empty { path: self.path.to_owned(), line: 1 }
    }
}

/// Reads a file and hands out its records in order, until `sink` breaks. Of a file of many records only one at a time
/// is held. Compressed files and archives are read through. The path `-` reads standard input.
pub fn split<'a>(
    input: &Input,
    options: impl Into<SplitOptions<'a>>,
    sink: &mut dyn FnMut(Result<Record, ReadError>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let path = &input.path;
    let wanted = Wanted { format: input.format, hidden: input.hidden, options: options.into() };
    if path == Path::new(STANDARD_INPUT) {
        return unpack::split_stream(path, Box::new(io::stdin().lock()), wanted, sink);
    }
    match open(input, wanted.options.limits) {
        Err(error) => sink(Err(error)),
        Ok(file) => match &input.preprocessor {
            Some(command) => command.split(path, file, input.format, wanted.options, sink),
            None => unpack::split_file(path, file, wanted, sink),
        },
    }
}

/// As [`split`], from any reader; `path` is the name its records get. The format is found from the content.
pub fn split_reader<'a>(
    path: &Path,
    reader: impl Read,
    options: impl Into<SplitOptions<'a>>,
    sink: &mut dyn FnMut(Result<Record, ReadError>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let reader = BufReader::with_capacity(BUFFER_BYTES, reader);
    let wanted = Wanted { format: None, hidden: false, options: options.into() };
    unpack::split_stream(path, Box::new(reader), wanted, sink)
}

/// Hands out the records of what is in no container; without a format, of the one its content tells.
pub(crate) fn split_as(
    format: Option<Format>,
    path: &Path,
    mut reader: Box<dyn BufRead + '_>,
    options: SplitOptions<'_>,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let SplitOptions { limits, mapping } = options;
    let format = match format {
        Some(format) => format,
        None => match begin(reader.as_mut()) {
            Ok(beginning) => {
                let format = Format::of_mapped_content(&beginning, mapping);
                reader = Box::new(io::Cursor::new(beginning).chain(reader));
                format
            }
            Err(source) => return sink(Err(ReadError::Unreadable { path: path.to_owned(), source })),
        },
    };
    (format.reader().split)(reader, &Origin { path, format, limits, mapping }, sink)
}

/// Enough of the beginning to tell the format. A pipe may give it in small pieces.
fn begin(reader: &mut dyn BufRead) -> io::Result<Vec<u8>> {
    let mut beginning = Vec::new();
    reader.take(BUFFER_BYTES as u64).read_to_end(&mut beginning)?;
    Ok(beginning)
}

/// Makes a record an article. It depends on the record alone.
///
/// # Errors
/// The record is empty, binary, malformed or has no text.
pub fn parse(record: &Record) -> Result<Article, ReadError> {
    (record.format.reader().parse)(record)
}

/// The same for a record of a source in whose articles some paragraphs recur: in text without marks these are no part of the
/// article.
///
/// # Errors
/// As those of [`parse`].
pub fn parse_among(record: &Record, recurring: &Recurring) -> Result<Article, ReadError> {
    match record.format {
        Format::Text => text::parse_among(record, recurring),
        _ => parse(record),
    }
}

/// Hands out everything `reader` gives as one record: the splitter of formats with one article a file.
pub(crate) fn split_whole(
    mut reader: Box<dyn BufRead + '_>,
    origin: &Origin<'_>,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let mut bytes = Vec::new();
    let limit = origin.limits.article_bytes;
    if let Err(error) = reader.by_ref().take(limit.saturating_add(1)).read_to_end(&mut bytes) {
        return sink(Err(origin.unreadable(error)));
    }
    if bytes.len() as u64 > limit {
        let rest = io::copy(&mut reader, &mut io::sink()).unwrap_or(0);
        return sink(Err(origin.too_large(1, bytes.len() as u64 + rest)));
    }
    sink(Ok(origin.record(1, bytes)))
}

/// The text of a record, or why there is none.
pub(crate) fn decode(record: &Record) -> Result<Cow<'_, str>, ReadError> {
    decode_bytes(record, &record.bytes)
}

/// The text in `bytes`, which are of `record`.
pub(crate) fn decode_bytes<'a>(record: &Record, bytes: &'a [u8]) -> Result<Cow<'a, str>, ReadError> {
    let (path, line) = place(record);
    let text = encoding::decode(bytes).map_err(|_| ReadError::Binary { path: path.clone(), line })?;
    if text.trim().is_empty() { Err(ReadError::Empty { path, line }) } else { Ok(text) }
}

/// What the lines of the text of a record are.
fn dissect(record: &Record, text: &str, hints: &Hints<'_>) -> Result<Anatomy, ReadError> {
    check_lines(record, memchr_iter(b'\n', text.as_bytes()).count() + 1)?;
    Ok(anatomy::dissect(text, hints))
}

/// An article of so many lines is read, or is over the limit.
fn check_lines(record: &Record, lines: usize) -> Result<(), ReadError> {
    let (path, line) = place(record);
    if lines > MOST_LINES { Err(ReadError::TooManyLines { path, line }) } else { Ok(()) }
}

fn place(record: &Record) -> (PathBuf, u32) {
    (record.source.path.clone(), record.source.line)
}

fn malformed(record: &Record, message: impl Into<String>) -> ReadError {
    let (path, line) = place(record);
    ReadError::Malformed { path, line, message: message.into() }
}
