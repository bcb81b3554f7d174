//! The formats articles come in. Each has a file of its own and a row in [`FORMATS`]: how to cut a file into records,
//! and how to make a record an article. To add one, copy `text.rs` and add the row; a test demands fixtures for it.

mod html;
mod json;
mod json_lines;
mod markdown;
mod record;
mod text;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::article::{Article, Source};
use crate::encoding;
use crate::error::ReadError;
use crate::walk::{Input, STANDARD_INPUT};

/// Bytes read from a file at a time, and looked at to tell its format.
const BUFFER_BYTES: usize = 128 * 1024;

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
pub const FORMATS: [Reader; 5] =
    [text::READER, markdown::READER, json::READER, json_lines::READER, html::READER];

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
    /// with a brace on every line; pages of HTML with their type or an outer element; all else is text.
    pub fn of_content(beginning: &[u8]) -> Format {
        let Ok(text) = encoding::decode(beginning) else { return Format::Text };
        if html::is_html(&text) {
            return Format::Html;
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
            _ => Format::Text,
        }
    }

    /// Its name for people.
    pub fn name(self) -> &'static str {
        self.reader().name
    }

    fn reader(self) -> &'static Reader {
        const { &FORMATS }.iter().find(|reader| reader.format == self).unwrap_or(&FORMATS[0])
    }
}

/// What is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest article, as bytes in its file.
    pub article_bytes: u64,
}

impl Default for Limits {
    /// 64 MiB an article.
    fn default() -> Limits {
        Limits { article_bytes: 64 * 1024 * 1024 }
    }
}

/// The bytes of one article as they stand in their file.
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
}

impl Origin<'_> {
    fn record(&self, line: u32, bytes: Vec<u8>) -> Record {
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

    fn empty(&self) -> ReadError {
        ReadError::Empty { path: self.path.to_owned(), line: 1 }
    }
}

/// Reads a file and hands out its records in order, until `sink` breaks. Of a file of many records only one at a time
/// is held. The path `-` reads standard input.
pub fn split(
    input: &Input,
    limits: &Limits,
    sink: &mut dyn FnMut(Result<Record, ReadError>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    if input.path == Path::new(STANDARD_INPUT) {
        return split_as(input.format, &input.path, Box::new(io::stdin().lock()), *limits, sink);
    }
    match File::open(&input.path) {
        Err(source) => sink(Err(ReadError::Unreadable { path: input.path.clone(), source })),
        Ok(file) => {
            let reader = BufReader::with_capacity(BUFFER_BYTES, file);
            split_as(input.format, &input.path, Box::new(reader), *limits, sink)
        }
    }
}

/// As [`split`], from any reader; `path` is the name its records get. The format is found from the content.
pub fn split_reader(
    path: &Path,
    reader: impl Read,
    limits: &Limits,
    sink: &mut dyn FnMut(Result<Record, ReadError>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    split_as(None, path, Box::new(BufReader::with_capacity(BUFFER_BYTES, reader)), *limits, sink)
}

fn split_as(
    format: Option<Format>,
    path: &Path,
    mut reader: Box<dyn BufRead + '_>,
    limits: Limits,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let format = match format {
        Some(format) => format,
        None => match begin(reader.as_mut()) {
            Ok(beginning) => {
                let format = Format::of_content(&beginning);
                reader = Box::new(io::Cursor::new(beginning).chain(reader));
                format
            }
            Err(source) => return sink(Err(ReadError::Unreadable { path: path.to_owned(), source })),
        },
    };
    (format.reader().split)(reader, &Origin { path, format, limits }, sink)
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
pub(crate) fn decode(record: &Record) -> Result<std::borrow::Cow<'_, str>, ReadError> {
    let (path, line) = place(record);
    let text = encoding::decode(&record.bytes).map_err(|_| ReadError::Binary { path: path.clone(), line })?;
    if text.trim().is_empty() { Err(ReadError::Empty { path, line }) } else { Ok(text) }
}

fn place(record: &Record) -> (PathBuf, u32) {
    (record.source.path.clone(), record.source.line)
}
