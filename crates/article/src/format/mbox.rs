//! Mailboxes: messages one after the other, each below a line such as `From ana@post.example Wed May  4 10:15:00 2022`. A
//! header stands below it, or it is a line of a message; one that would look the same has a `>` put before it.

use std::borrow::Cow;
use std::io::{self, BufRead};
use std::ops::ControlFlow;

use jiff::civil::Date;
use memchr::memmem;

use super::json_lines::read_line;
use super::{Format, Origin, Reader, Record, Sink, email};
use crate::article::Article;
use crate::date;
use crate::error::ReadError;

pub(super) const READER: Reader =
    Reader { format: Format::Mbox, name: "mbox", extensions: &["mbox", "mbx"], split, parse };

/// The text begins with a line between messages and a header.
pub(super) fn is_mailbox(text: &str) -> bool {
    let mut lines = text.trim_start_matches('\n').lines();
    let is_first = lines.next().is_some_and(|line| is_between(line.as_bytes()));
    is_first && lines.next().is_some_and(|line| is_header(line.as_bytes()))
}

/// What stands below a line between messages: a header, or another such line that was marked.
fn is_header(line: &[u8]) -> bool {
    let Ok(line) = std::str::from_utf8(line) else { return false };
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    line.starts_with(">From ") || email::header_name(line).is_some_and(is_name) && !line.contains("://")
}

/// A line between messages: `From `, who sent it, and when, with a time and a year.
fn is_between(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let Ok(rest) = std::str::from_utf8(rest) else { return false };
    let is_time = |word: &str| {
        let is_number = |part: &str| part.len() < 3 && part.parse::<u8>().is_ok();
        word.contains(':') && word.split(':').all(is_number)
    };
    let is_year = |word: &str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    rest.len() < 300 && rest.split_whitespace().any(is_time) && rest.split_whitespace().any(is_year)
}

fn split(mut reader: Box<dyn BufRead + '_>, origin: &Origin<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let mut message = Message::new(origin, 1);
    let mut found = false;
    let mut lines = Lookahead { reader: reader.as_mut(), limit: origin.limits.article_bytes, next: None };
    for number in 1_u32.. {
        let (line, length) = match lines.read() {
            Err(error) => return sink(Err(origin.unreadable(error))),
            Ok((_, 0)) => break,
            Ok(read) => read,
        };
        let is_start = match is_between(&line).then(|| lines.peek()) {
            Some(Err(error)) => return sink(Err(origin.unreadable(error))),
            Some(Ok(below)) => is_header(below),
            None => false,
        };
        if is_start {
            found |= message.has_words;
            std::mem::replace(&mut message, Message::new(origin, number)).hand_out(sink)?;
        }
        message.take(&line, length);
    }
    found |= message.has_words;
    message.hand_out(sink)?;
    if found { ControlFlow::Continue(()) } else { sink(Err(origin.empty())) }
}

/// Lines, of which the next may be looked at.
struct Lookahead<'a> {
    reader: &'a mut dyn BufRead,
    limit: u64,
    next: Option<(Vec<u8>, u64)>,
}

impl Lookahead<'_> {
    /// A line as far as it is kept, and its length.
    fn read(&mut self) -> io::Result<(Vec<u8>, u64)> {
        if let Some(next) = self.next.take() {
            return Ok(next);
        }
        let mut line = Vec::new();
        let length = read_line(self.reader, self.limit, &mut line)?;
        Ok((line, length))
    }

    fn peek(&mut self) -> io::Result<&[u8]> {
        let next = self.read()?;
        Ok(&self.next.insert(next).0)
    }
}

/// The message under way.
struct Message<'a> {
    origin: &'a Origin<'a>,
    start_line: u32,
    bytes: Vec<u8>,
    /// Its length, more than `bytes` when over the limit.
    length: u64,
    has_words: bool,
}

impl<'a> Message<'a> {
    fn new(origin: &'a Origin<'a>, start_line: u32) -> Message<'a> {
        Message { origin, start_line, bytes: Vec::new(), length: 0, has_words: false }
    }

    fn take(&mut self, line: &[u8], length: u64) {
        self.length += length;
        self.has_words |= length > 0 && !(line.trim_ascii().is_empty() && length == line.len() as u64);
        if self.length <= self.origin.limits.article_bytes {
            self.bytes.extend_from_slice(line);
        }
    }

    fn hand_out(self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if !self.has_words {
            return ControlFlow::Continue(());
        }
        if self.length > self.origin.limits.article_bytes {
            return sink(Err(self.origin.too_large(self.start_line, self.length)));
        }
        sink(Ok(self.origin.record(self.start_line, self.bytes)))
    }
}

fn parse(record: &Record) -> Result<Article, ReadError> {
    let bytes = record.bytes.as_slice();
    let first_end = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |end| end + 1);
    let (first, below) = bytes.split_at(first_end);
    let (message, posted) = if is_between(first) { (below, posted(first)) } else { (bytes, None) };
    email::parse_message(record, &without_marks(message), posted)
}

/// The day in `From ana@post.example Wed May  4 10:15:00 2022`.
fn posted(line: &[u8]) -> Option<Date> {
    let line = std::str::from_utf8(line).ok()?;
    let words: Vec<&str> = line.split_whitespace().collect();
    let time = words.iter().rposition(|word| word.contains(':'))?;
    let year = words[time..]
        .iter()
        .find(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()))?;
    let (day, month) = (words.get(time.checked_sub(1)?)?, words.get(time.checked_sub(2)?)?);
    date::parse(&format!("{day} {month} {year}"))
}

/// The message without the `>` that was put before each line that begins with `From `, `>From ` and so on.
fn without_marks(message: &[u8]) -> Cow<'_, [u8]> {
    if memmem::find(message, b">From ").is_none() {
        return Cow::Borrowed(message);
    }
    let mut plain = Vec::with_capacity(message.len());
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        let marks = line.iter().take_while(|byte| **byte == b'>').count();
        let is_marked = marks > 0 && line[marks..].starts_with(b"From ");
        plain.extend_from_slice(&line[usize::from(is_marked)..]);
    }
    Cow::Owned(plain)
}
