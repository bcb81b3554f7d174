//! Tables: values parted by commas, tabs, semicolons or bars, a record a row. The first row names the columns, as the keys
//! of a record in JSON do; which mark parts them is seen there. A record is its row as it stands in the file, and before
//! it what the columns mean.
//!
//! Quotes are read as `csv_core` does, with one exception: where a quote is opened and what follows shows that it
//! was never meant to span lines, the line is read with its quotes as they stand, and the next ones are not lost in it.

mod cutter;

use std::cell::RefCell;
use std::fmt::Write as _;
use std::io::BufRead;
use std::ops::ControlFlow;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use memchr::{memchr, memchr_iter};
use serde_json::Value;

use cutter::{Bytes, Cutter, Lines};

use super::keys::{Key, key_of};
use super::record::{Choice, longest_prose};
use super::values::body_of;
use super::{Format, Mapping, Origin, Record, Sink, decode_bytes, malformed};
use crate::article::Article;
use crate::encoding;
use crate::error::ReadError;

pub(super) const READER: super::Reader = super::Reader {
    format: Format::Csv,
    name: "csv",
    extensions: &["csv", "tsv", "tab", "psv"],
    split,
    parse,
};

/// What may part values; of equals the first.
const DELIMITERS: [u8; 4] = *b",\t;|";
/// More than this is no row of names.
const HEADER_BYTES: u64 = 1024 * 1024;
/// No name of a column is longer, where the format is to be told by them.
const NAME_CHARACTERS: usize = 40;
/// Names shown of a table that has none that is known.
const NAMES_SHOWN: usize = 20;
/// As many values more than columns are looked at, of which all must be blank.
const SPARE_VALUES: usize = 1000;
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
        let row = values(line, Dialect { delimiter, has_quotes: true }, HEADER_BYTES as usize)?;
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

thread_local! {
    /// The last reader of rows. To build one takes longer than to read a short row, and its `clone` lacks its tables.
    static READER_OF_ROWS: RefCell<Option<(Dialect, Reader)>> = const { RefCell::new(None) };
}

/// The values of one row; `None` when it is more than one row or has more values than `most`.
fn values(row: &str, dialect: Dialect, most: usize) -> Option<Vec<String>> {
    let build = || ReaderBuilder::new().delimiter(dialect.delimiter).quoting(dialect.has_quotes).build();
    let kept = READER_OF_ROWS.take().filter(|(known, _)| *known == dialect);
    let mut reader = kept.map_or_else(build, |(_, reader)| reader);
    reader.reset();
    let values = values_by(&mut reader, row, most, dialect.delimiter);
    READER_OF_ROWS.set(Some((dialect, reader)));
    values
}

fn values_by(reader: &mut Reader, row: &str, most: usize, delimiter: u8) -> Option<Vec<String>> {
    let delimiters = memchr_iter(delimiter, row.as_bytes()).count();
    let (mut text, mut ends) = (vec![0; row.len() + 1], vec![0; most.min(delimiters + 2)]);
    let (mut read, mut written, mut ended) = (0, 0, 0);
    // The end of the row is told by no more bytes, where it has no line end.
    loop {
        let (result, used, given, found) =
            reader.read_record(&row.as_bytes()[read..], &mut text[written..], &mut ends[ended..]);
        (read, written, ended) = (read + used, written + given, ended + found);
        match result {
            ReadRecordResult::InputEmpty => {}
            ReadRecordResult::Record => break,
            _ => return None,
        }
    }
    if !row.as_bytes()[read..].trim_ascii().is_empty() {
        return None;
    }
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let pieces = starts.zip(&ends).take(ended).map(|(start, end)| text.get(start..*end));
    pieces.map(|piece| Some(std::str::from_utf8(piece?).ok()?.to_owned())).collect()
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
            columns.push((column.parse().ok()?, key_of(name)?.0));
        }
        let dialect = Dialect { delimiter, has_quotes: quote == b'"' };
        Some((Layout { dialect, width, columns }, &rest[end + 1..]))
    }
}

fn parse(record: &Record) -> Result<Article, ReadError> {
    let (layout, row) = Layout::take_off(&record.bytes)
        .ok_or_else(|| malformed(record, "the meaning of its columns is not known"))?;
    let text = decode_bytes(record, row)?;
    let mut row = values(&text, layout.dialect, layout.width.saturating_add(SPARE_VALUES))
        .ok_or_else(|| malformed(record, "it cannot be read as one row of values"))?;
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
        if let Some(value) = row.get_mut(column).map(std::mem::take) {
            choice.offer(key, rank, Value::String(of_list(key, value)));
        }
    }
    let mut fields = choice.into_fields();
    if fields.body.is_none() {
        // What is known was taken out of the row.
        fields.body = longest_prose(row.into_iter().filter_map(|value| body_of(Value::String(value))));
    }
    super::record::article(fields, record)
}

/// Lists of authors are written by programs as `['Ana Lind', 'Jonas Berg']`.
fn of_list(key: Key, value: String) -> String {
    let list = value.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match list.filter(|_| key == Key::Author) {
        Some(list) => list.replace("', '", "; ").replace("\", \"", "; ").trim_matches(['\'', '"']).to_owned(),
        None => value,
    }
}

fn split(reader: Box<dyn BufRead + '_>, origin: &Origin<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let reader = match encoding::without_utf16(reader) {
        Ok(reader) => reader,
        Err(error) => return sink(Err(origin.unreadable(error))),
    };
    let mut bytes = Bytes::new(reader);
    let mut lines = Lines::new();
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
        let line = lines.line();
        let row = bytes.next_row(lines, HEADER_BYTES).map_err(|error| origin.unreadable(error))?;
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
        if let Some(&[mark]) = text.trim_end_matches('\n').strip_prefix("sep=").map(str::as_bytes)
            && mark != b'"'
        {
            delimiter = Some(mark);
            continue;
        }
        let header = Header::read(&text, delimiter, origin.mapping)
            .ok_or_else(|| broken("the names of the columns cannot be read"))?;
        return if header.has_text() { Ok(header) } else { Err(header.no_column(origin, line)) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_parted() {
        let dialect = Dialect { delimiter: b',', has_quotes: true };
        let check = |row: &str, parts: Option<&[&str]>| {
            let found = values(row, dialect, 4);
            assert_eq!(
                found,
                parts.map(|parts| parts.iter().map(|part| (*part).to_owned()).collect()),
                "{row:?}"
            );
        };
        check("a,b", Some(&["a", "b"]));
        check("a,b\n", Some(&["a", "b"]));
        check("\"a,\nb\",,\"\"\"c\"\"\"\n", Some(&["a,\nb", "", "\"c\""]));
        check("ä,", Some(&["ä", ""]));
        check("a,b,c,d", Some(&["a", "b", "c", "d"]));
        check("a,b,c,d,e", None);
        check("a\nb", None);
    }
}
