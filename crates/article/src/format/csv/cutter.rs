//! Cuts a table into rows without parting their values. It knows of quotes what it must to find line ends that are none,
//! and gives up on those that were never meant.

use std::io::{self, BufRead};
use std::ops::ControlFlow;

use memchr::{memchr_iter, memchr2, memchr3};

use super::super::{Origin, Sink};
use super::Layout;
use crate::error::ReadError;

/// The bytes of a table, of which some may be given back to be read again.
pub(super) struct Bytes<'a> {
    reader: Box<dyn BufRead + 'a>,
    /// What was given back, and how much of it is read.
    again: Vec<u8>,
    at: usize,
}

impl<'a> Bytes<'a> {
    pub(super) fn new(reader: Box<dyn BufRead + 'a>) -> Bytes<'a> {
        Bytes { reader, again: Vec::new(), at: 0 }
    }

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

    /// The bytes up to a line end outside quotes, for the row of names. Stops when there are more
    /// than `most_bytes`.
    pub(super) fn next_row(&mut self, lines: &mut Lines, most_bytes: u64) -> io::Result<Vec<u8>> {
        let mut row = Vec::new();
        let mut quotes = 0_usize;
        while (row.len() as u64) <= most_bytes {
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
pub(super) struct Lines {
    line: u32,
    after_return: bool,
}

impl Lines {
    pub(super) fn new() -> Lines {
        Lines { line: 1, after_return: false }
    }

    /// The line the next byte is in.
    pub(super) fn line(self) -> u32 {
        self.line
    }

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
pub(super) struct Cutter<'a> {
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
    /// The line of a row with a quote that the table ends in.
    open_quote: Option<u32>,
}

impl<'a> Cutter<'a> {
    pub(super) fn new(origin: &'a Origin<'a>, layout: Layout, lines: Lines) -> Cutter<'a> {
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
            open_quote: None,
        }
    }

    pub(super) fn run(mut self, bytes: &mut Bytes<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        loop {
            let (used, cut) = match bytes.fill() {
                Err(error) => return sink(Err(self.origin.unreadable(error))),
                Ok([]) if self.place == Place::Outside => break,
                Ok([]) if self.place == Place::Quoted && self.open_quote.is_none() => {
                    self.open_quote = Some(self.start_line);
                    continue;
                }
                Ok([]) if self.place == Place::Quoted && self.is_held() => (0, Cut::FirstLine),
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
        if let Some(line) = self.open_quote {
            let message =
                "a quote has no end; the lines from here on are read as rows of their own".to_owned();
            return sink(Err(ReadError::Malformed { path: self.origin.path.to_owned(), line, message }));
        }
        if self.found { ControlFlow::Continue(()) } else { sink(Err(self.origin.empty())) }
    }

    /// Moves over bytes up to the end of a row; returns how many.
    fn take(&mut self, buffer: &[u8]) -> (usize, Cut) {
        let (mut from, mut at) = (0, 0);
        loop {
            at += self.pass_plain(&buffer[at..]);
            let Some(&byte) = buffer.get(at) else { break };
            if self.place == Place::Outside && is_line_end(byte) {
                self.lines.pass(byte);
                at += 1;
                from = at;
                continue;
            }
            if self.place == Place::Outside {
                self.place = Place::Start;
                self.start_line = self.lines.line;
            }
            at += 1;
            let cut = self.step(byte, self.length + (at - from) as u64);
            self.lines.pass(byte);
            self.last = byte;
            if !matches!(cut, Cut::Open) {
                self.keep(&buffer[from..at]);
                return (at, cut);
            }
        }
        self.keep(&buffer[from..]);
        (buffer.len(), Cut::Open)
    }

    /// Moves over bytes that change nothing where the cutter stands; returns how many.
    fn pass_plain(&mut self, bytes: &[u8]) -> usize {
        let mark = match self.place {
            Place::Quoted => b'"',
            Place::Plain => self.layout.dialect.delimiter,
            _ => return 0,
        };
        let count = memchr3(mark, b'\n', b'\r', bytes).unwrap_or(bytes.len());
        if let Some(last) = bytes[..count].last() {
            self.last = *last;
            self.lines.pass(*last);
        }
        count
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
            (Place::Start | Place::Quote, b'"') => self.place = Place::Quoted,
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

    /// The row spans lines, and they are still held.
    fn can_go_back(&self) -> bool {
        self.first_line.is_some() && self.is_held()
    }

    /// The row is within the limit. Much is not read again and again.
    fn is_held(&self) -> bool {
        let limit = self.origin.limits.article_bytes;
        self.length <= limit && self.read_again <= limit.saturating_mul(4)
    }

    fn keep(&mut self, piece: &[u8]) {
        self.length += piece.len() as u64;
        if self.length <= self.origin.limits.article_bytes {
            self.row.extend_from_slice(piece);
        }
    }

    /// Hands out the first line of the row, its quotes as they stand, and gives back the others if there are any.
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
        let record = self.origin.record(self.start_line, record);
        // A row with a quote that has no end is named for that, at the end; what else is wrong with it comes from there.
        if !has_quotes && self.open_quote == Some(self.start_line) && super::parse(&record).is_err() {
            return ControlFlow::Continue(());
        }
        sink(Ok(record))
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
