//! Tables: values parted by commas, tabs, semicolons or bars, a record a row. The first row names the columns, as the keys
//! of a record in JSON do; which mark parts them is seen there. A record is its row as it stands in the file, and before
//! it what the columns mean.
//!
//! Quotes are read as the `csv` crate does, with one exception: where a quote is opened and what follows shows that it
//! was never meant to span lines, the line is read with its quotes as they stand, and the next ones are not lost in it.

use std::fmt::Write as _;
use std::io::{self, BufRead};
use std::ops::ControlFlow;

use ::csv::{ReaderBuilder, StringRecord};
use memchr::{memchr, memchr_iter, memchr2};
use serde_json::Value;

use super::record::{Choice, Key};
use super::{Format, Mapping, Origin, Reader, Record, Sink, decode_bytes, malformed};
use crate::article::Article;
use crate::encoding;
use crate::error::ReadError;

pub(super) const READER: Reader =
    Reader { format: Format::Csv, name: "csv", extensions: &["csv", "tsv", "tab", "psv"], split, parse };

/// What may part values; of equals the first.
const DELIMITERS: [u8; 4] = *b",\t;|";
/// More than this is no row of names.
const HEADER_BYTES: u64 = 1024 * 1024;
/// No name of a column is longer, where the format is to be told by them.
const NAME_CHARACTERS: usize = 40;
/// Names shown of a table that has none that is known.
const NAMES_SHOWN: usize = 20;
/// What begins a record of a table.
const MARK: &[u8] = b"\0csv ";

/// The text begins with a row of names, of which at least two are known and one is of a title or text, and goes on with
/// another row.
pub(super) fn is_table(text: &str, mapping: &Mapping) -> bool {
    let (line, rest) = first_row(text.trim_start_matches('\n'));
    if line.len() as u64 > HEADER_BYTES {
        return false;
    }
    let Some(header) = Header::read(line, None, mapping) else { return false };
    let second = rest.lines().find(|line| !line.is_empty()).unwrap_or_default();
    let are_names = header.names.iter().all(|name| name.chars().count() <= NAME_CHARACTERS);
    header.has_text()
        && header.columns.len() > 1
        && are_names
        && second.contains(char::from(header.delimiter))
}

/// The lines up to one that ends outside quotes, and the rest.
fn first_row(text: &str) -> (&str, &str) {
    let (mut quotes, mut start) = (0, 0);
    for (end, _) in text.match_indices('\n') {
        quotes += text[start..end].matches('"').count();
        start = end;
        if quotes.is_multiple_of(2) {
            return text.split_at(end + 1);
        }
    }
    (text, "")
}

/// What the first row says of the others.
struct Header {
    delimiter: u8,
    names: Vec<String>,
    /// Where known columns stand (from 0), and what they mean; of several of one key the first that has a value counts.
    columns: Vec<(usize, Key)>,
}

impl Header {
    /// Reads the row with the delimiter that gives the most names that are known, else the most names. `None` for a row
    /// that cannot be read.
    fn read(line: &str, delimiter: Option<u8>, mapping: &Mapping) -> Option<Header> {
        let of = |delimiter: u8| Header::with(line, delimiter, mapping);
        if let Some(delimiter) = delimiter {
            return of(delimiter);
        }
        let headers = DELIMITERS.into_iter().rev().filter_map(of);
        headers.max_by_key(|header| (header.columns.len(), header.names.len()))
    }

    fn with(line: &str, delimiter: u8, mapping: &Mapping) -> Option<Header> {
        let row = values(line, Dialect { delimiter, has_quotes: true })?;
        let names: Vec<String> = row.iter().map(|name| name.trim().to_owned()).collect();
        let mut known: Vec<(usize, usize, Key)> = Vec::new();
        for (column, name) in names.iter().enumerate() {
            let key = mapping.key_of(name).or_else(|| mapping.key_of(&name.replace([' ', '-'], "_")));
            known.extend(key.map(|(key, rank)| (rank, column, key)));
        }
        known.sort_by_key(|(rank, column, _)| (*rank, *column));
        let columns = known.into_iter().map(|(_, column, key)| (column, key)).collect();
        Some(Header { delimiter, names, columns })
    }

    fn has_text(&self) -> bool {
        self.columns.iter().any(|(_, key)| matches!(key, Key::Title | Key::Body | Key::Description))
    }

    /// What a record brings along to be parsed.
    fn layout(&self) -> Layout {
        let dialect = Dialect { delimiter: self.delimiter, has_quotes: true };
        Layout { dialect, width: self.names.len(), columns: self.columns.clone() }
    }

    fn no_column(&self, origin: &Origin<'_>, line: u32) -> ReadError {
        let shown: Vec<&str> = self.names.iter().take(NAMES_SHOWN).map(|name| shortened(name)).collect();
        let mut columns = shown.join(", ");
        if self.names.len() > NAMES_SHOWN {
            let _ = write!(columns, " and {} more", self.names.len() - NAMES_SHOWN);
        }
        let first = shown.into_iter().find(|name| !name.is_empty()).unwrap_or("NAME").to_owned();
        ReadError::NoColumn { path: origin.path.to_owned(), line, columns, first }
    }
}

fn shortened(name: &str) -> &str {
    let end = name.char_indices().nth(NAME_CHARACTERS).map_or(name.len(), |(at, _)| at);
    &name[..end]
}

/// How values are parted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Dialect {
    delimiter: u8,
    /// A quote at the beginning of a value encloses it; else quotes are as good as letters.
    has_quotes: bool,
}

/// The values of one row; `None` when it is more than one.
fn values(row: &str, dialect: Dialect) -> Option<StringRecord> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(dialect.delimiter)
        .quoting(dialect.has_quotes)
        .from_reader(row.as_bytes());
    let (mut first, mut second) = (StringRecord::new(), StringRecord::new());
    reader.read_record(&mut first).ok()?;
    let has_more = reader.read_record(&mut second).unwrap_or(true);
    (!has_more).then_some(first)
}

/// What stands before the row in the bytes of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Layout {
    dialect: Dialect,
    /// Columns that have a name.
    width: usize,
    columns: Vec<(usize, Key)>,
}

impl Layout {
    /// `,"5 0=title 2=body`: the delimiter, whether quotes enclose values, the number of columns and what they mean.
    fn to_bytes(&self) -> Vec<u8> {
        let quote = if self.dialect.has_quotes { b'"' } else { b'-' };
        let mut bytes = [MARK, &[self.dialect.delimiter, quote], self.width.to_string().as_bytes()].concat();
        for (column, key) in &self.columns {
            bytes.extend_from_slice(format!(" {column}={}", key.name()).as_bytes());
        }
        bytes.push(b'\n');
        bytes
    }

    /// The layout before a row, and the row.
    fn take_off(bytes: &[u8]) -> Option<(Layout, &[u8])> {
        let (&[delimiter, quote], rest) = bytes.strip_prefix(MARK)?.split_first_chunk()?;
        if !delimiter.is_ascii() {
            return None;
        }
        let end = memchr(b'\n', rest)?;
        let mut words = std::str::from_utf8(&rest[..end]).ok()?.split(' ');
        let width = words.next()?.parse().ok()?;
        let mut columns = Vec::new();
        for word in words {
            let (column, name) = word.split_once('=')?;
            columns.push((column.parse().ok()?, super::record::key_of(name)?.0));
        }
        let dialect = Dialect { delimiter, has_quotes: quote == b'"' };
        Some((Layout { dialect, width, columns }, &rest[end + 1..]))
    }
}

fn parse(record: &Record) -> Result<Article, ReadError> {
    let (layout, row) = Layout::take_off(&record.bytes)
        .ok_or_else(|| malformed(record, "the meaning of its columns is not known"))?;
    let text = decode_bytes(record, row)?;
    let row = values(&text, layout.dialect)
        .ok_or_else(|| malformed(record, "line breaks outside quotes are part of the row"))?;
    if row.iter().skip(layout.width).any(|value| !value.trim().is_empty()) {
        let message = format!(
            "{} values for {} columns; a value with {:?} in it must be in quotes",
            row.len(),
            layout.width,
            char::from(layout.dialect.delimiter)
        );
        return Err(malformed(record, message));
    }
    let mut choice = Choice::default();
    for (rank, (column, key)) in layout.columns.into_iter().enumerate() {
        if let Some(value) = row.get(column) {
            choice.offer(key, rank, Value::String(of_list(key, value)));
        }
    }
    choice.into_fields().into_written_article(record)
}

/// Lists of authors are written by programs as `['Ana Lind', 'Jonas Berg']`.
fn of_list(key: Key, value: &str) -> String {
    let list = value.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match list.filter(|_| key == Key::Author) {
        Some(list) => list.replace("', '", "; ").replace("\", \"", "; ").trim_matches(['\'', '"']).to_owned(),
        None => value.to_owned(),
    }
}

fn split(reader: Box<dyn BufRead + '_>, origin: &Origin<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let reader = match encoding::without_utf16(reader) {
        Ok(reader) => reader,
        Err(error) => return sink(Err(origin.unreadable(error))),
    };
    let mut bytes = Bytes { reader, again: Vec::new(), at: 0 };
    let mut lines = Lines { line: 1, after_return: false };
    match read_header(&mut bytes, &mut lines, origin) {
        Ok(header) => Cutter::new(origin, header.layout(), lines).run(&mut bytes, sink),
        Err(error) => sink(Err(error)),
    }
}

/// Reads the row of names, of which one must be of a title or text.
fn read_header(bytes: &mut Bytes<'_>, lines: &mut Lines, origin: &Origin<'_>) -> Result<Header, ReadError> {
    let path = || origin.path.to_owned();
    let mut delimiter = None;
    loop {
        let line = lines.line;
        let row = bytes.next_row(lines).map_err(|error| origin.unreadable(error))?;
        if row.is_empty() {
            return Err(origin.empty());
        }
        let broken = |message: &str| ReadError::Malformed { path: path(), line, message: message.to_owned() };
        if row.len() as u64 > HEADER_BYTES {
            return Err(broken("the first line is too long to be the names of columns"));
        }
        let text = encoding::decode(&row).map_err(|_| ReadError::Binary { path: path(), line })?;
        if text.trim().is_empty() {
            continue;
        }
        // Some programs say the delimiter first.
        if let Some(&[mark]) = text.trim_end_matches('\n').strip_prefix("sep=").map(str::as_bytes) {
            delimiter = Some(mark);
            continue;
        }
        let header = Header::read(&text, delimiter, origin.mapping)
            .ok_or_else(|| broken("the names of the columns cannot be read"))?;
        return if header.has_text() { Ok(header) } else { Err(header.no_column(origin, line)) };
    }
}

/// The bytes of a table, of which some may be given back to be read again.
struct Bytes<'a> {
    reader: Box<dyn BufRead + 'a>,
    /// What was given back, and how much of it is read.
    again: Vec<u8>,
    at: usize,
}

impl Bytes<'_> {
    fn fill(&mut self) -> io::Result<&[u8]> {
        if self.at < self.again.len() {
            return Ok(&self.again[self.at..]);
        }
        while let Err(error) = self.reader.fill_buf() {
            if error.kind() != io::ErrorKind::Interrupted {
                return Err(error);
            }
        }
        // What was read is in the buffer: this gives it without reading.
        self.reader.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        if self.at < self.again.len() {
            self.at += count;
        } else {
            self.reader.consume(count);
        }
    }

    fn give_back(&mut self, bytes: &[u8]) {
        let mut again = bytes.to_vec();
        again.extend_from_slice(self.again.get(self.at..).unwrap_or_default());
        self.again = again;
        self.at = 0;
    }

    /// The bytes up to a line end outside quotes, for the row of names. Reads little more than such a row may have.
    fn next_row(&mut self, lines: &mut Lines) -> io::Result<Vec<u8>> {
        let mut row = Vec::new();
        let mut quotes = 0_usize;
        while (row.len() as u64) <= HEADER_BYTES {
            let buffer = self.fill()?;
            let end = memchr2(b'\n', b'\r', buffer);
            let used = end.map_or(buffer.len(), |end| end + 1);
            let piece = &buffer[..used];
            piece.iter().for_each(|byte| lines.pass(*byte));
            quotes += memchr_iter(b'"', piece).count();
            row.extend_from_slice(piece);
            self.consume(used);
            if used == 0 || (end.is_some() && quotes.is_multiple_of(2)) {
                break;
            }
        }
        Ok(row)
    }
}

/// Counts lines, which `\n`, `\r` and `\r\n` end.
#[derive(Clone, Copy, Debug)]
struct Lines {
    line: u32,
    after_return: bool,
}

impl Lines {
    fn pass(&mut self, byte: u8) {
        self.line += u32::from(byte == b'\r' || (byte == b'\n' && !self.after_return));
        self.after_return = byte == b'\r';
    }
}

/// Where the cutter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Between rows.
    Outside,
    /// At the beginning of a value.
    Start,
    /// In a value without quotes, or behind them.
    Plain,
    /// In a value in quotes.
    Quoted,
    /// Behind a quote in a value in quotes: the end of it, or one half of a quote that is meant.
    Quote,
}

/// What became of a stretch of bytes.
enum Cut {
    /// The row goes on.
    Open,
    /// The row is complete.
    Row,
    /// A quote spans lines that it was not meant to: the first line is the row.
    FirstLine,
}

/// Cuts a table into rows.
struct Cutter<'a> {
    origin: &'a Origin<'a>,
    layout: Layout,
    lines: Lines,
    place: Place,
    start_line: u32,
    /// The row under way.
    row: Vec<u8>,
    /// Its length, more than `row` when over the limit.
    length: u64,
    /// Its length up to the first line end in quotes.
    first_line: Option<u64>,
    /// The byte before the one looked at, and the one before the last quote in quotes.
    last: u8,
    before_quote: u8,
    /// Bytes read more than once.
    read_again: u64,
    found: bool,
}

impl<'a> Cutter<'a> {
    fn new(origin: &'a Origin<'a>, layout: Layout, lines: Lines) -> Cutter<'a> {
        Cutter {
            origin,
            layout,
            lines,
            place: Place::Outside,
            start_line: 1,
            row: Vec::new(),
            length: 0,
            first_line: None,
            last: 0,
            before_quote: 0,
            read_again: 0,
            found: false,
        }
    }

    fn run(mut self, bytes: &mut Bytes<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        loop {
            let (used, cut) = match bytes.fill() {
                Err(error) => return sink(Err(self.origin.unreadable(error))),
                Ok([]) if self.place == Place::Outside => break,
                Ok([]) if self.place == Place::Quoted && self.can_go_back() => (0, Cut::FirstLine),
                Ok([]) => (0, Cut::Row),
                Ok(buffer) => self.take(buffer),
            };
            bytes.consume(used);
            match cut {
                Cut::Open => {}
                Cut::Row => self.hand_out(true, sink)?,
                Cut::FirstLine => self.go_back(bytes, sink)?,
            }
        }
        if self.found { ControlFlow::Continue(()) } else { sink(Err(self.origin.empty())) }
    }

    /// Moves over bytes up to the end of a row; returns how many.
    fn take(&mut self, buffer: &[u8]) -> (usize, Cut) {
        let mut from = 0;
        for (at, &byte) in buffer.iter().enumerate() {
            if self.place == Place::Outside {
                from = at + usize::from(is_line_end(byte));
                if is_line_end(byte) {
                    self.lines.pass(byte);
                    continue;
                }
                self.place = Place::Start;
                self.start_line = self.lines.line;
            }
            let cut = self.step(byte, self.length + (at + 1 - from) as u64);
            self.lines.pass(byte);
            self.last = byte;
            if !matches!(cut, Cut::Open) {
                self.keep(&buffer[from..=at]);
                return (at + 1, cut);
            }
        }
        self.keep(&buffer[from..]);
        (buffer.len(), Cut::Open)
    }

    /// Moves over one byte, with which the row is `length` bytes long.
    fn step(&mut self, byte: u8, length: u64) -> Cut {
        match (self.place, byte) {
            (Place::Quoted, b'"') => {
                self.place = Place::Quote;
                self.before_quote = self.last;
            }
            (Place::Quoted, _) => {
                if is_line_end(byte) && self.first_line.is_none() {
                    self.first_line = Some(length);
                }
            }
            (Place::Start, b'"') | (Place::Quote, b'"') => self.place = Place::Quoted,
            _ if is_line_end(byte) => return Cut::Row,
            _ if byte == self.layout.dialect.delimiter => self.place = Place::Start,
            (Place::Quote, _) if self.begins_value() && self.can_go_back() => return Cut::FirstLine,
            _ => self.place = Place::Plain,
        }
        Cut::Open
    }

    /// The quote before this place, met in quotes, stands where a value begins.
    fn begins_value(&self) -> bool {
        is_line_end(self.before_quote) || self.before_quote == self.layout.dialect.delimiter
    }

    /// The row spans lines, and they are still held. Much is not read again and again.
    fn can_go_back(&self) -> bool {
        let limit = self.origin.limits.article_bytes;
        self.first_line.is_some() && self.length <= limit && self.read_again <= limit.saturating_mul(4)
    }

    fn keep(&mut self, piece: &[u8]) {
        self.length += piece.len() as u64;
        if self.length <= self.origin.limits.article_bytes {
            self.row.extend_from_slice(piece);
        }
    }

    /// Hands out the first line of the row, its quotes as they stand, and gives back the others.
    fn go_back(&mut self, bytes: &mut Bytes<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let end = self.first_line.map_or(self.row.len(), |end| self.row.len().min(end as usize));
        let rest = self.row.split_off(end);
        self.read_again += rest.len() as u64;
        self.length = end as u64;
        self.lines = Lines { line: self.start_line + 1, after_return: self.row.last() == Some(&b'\r') };
        bytes.give_back(&rest);
        self.hand_out(false, sink)
    }

    fn hand_out(&mut self, has_quotes: bool, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let row = std::mem::take(&mut self.row);
        let length = std::mem::take(&mut self.length);
        self.place = Place::Outside;
        self.first_line = None;
        self.last = 0;
        if length > self.origin.limits.article_bytes {
            self.found = true;
            return sink(Err(self.origin.too_large(self.start_line, length)));
        }
        if self.is_blank(&row) {
            return ControlFlow::Continue(());
        }
        self.found = true;
        self.layout.dialect.has_quotes = has_quotes;
        let mut record = self.layout.to_bytes();
        record.extend_from_slice(&row);
        sink(Ok(self.origin.record(self.start_line, record)))
    }

    /// Spreadsheets end in rows of nothing but delimiters.
    fn is_blank(&self, row: &[u8]) -> bool {
        row.iter().all(|byte| {
            byte.is_ascii_whitespace()
                || matches!(*byte, b'"' | b'\x1a')
                || *byte == self.layout.dialect.delimiter
        })
    }
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}
