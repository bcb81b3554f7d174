//! Cuts a stream of mark-up into the elements that are records, by looking at tags alone: cheap, in one pass, and
//! whatever is wrong inside a record. What a comment or CDATA holds is no tag.

use std::io::{self, BufRead};
use std::ops::ControlFlow;

use memchr::{memchr, memchr_iter, memmem};

use super::{Origin, Sink};
use crate::error::ReadError;

/// As much of a tag as is looked at; a tag that begins a record is never as long.
const HEAD_BYTES: usize = 64 * 1024;

/// A start or end tag outside comments.
pub(super) struct Tag<'a> {
    /// Its bytes, up to [`HEAD_BYTES`], from `<` on.
    pub(super) head: &'a [u8],
    /// The line it begins in.
    pub(super) line: u32,
}

impl<'a> Tag<'a> {
    pub(super) fn is_end(&self) -> bool {
        self.head.starts_with(b"</")
    }

    /// The name as written, with its prefix; empty where there is none.
    pub(super) fn name(&self) -> &'a [u8] {
        let from = 1 + usize::from(self.is_end());
        let name = self.head.get(from..).unwrap_or_default();
        let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>');
        &name[..name.iter().position(ends).unwrap_or(name.len())]
    }

    /// The name without its prefix.
    pub(super) fn local_name(&self) -> &'a [u8] {
        let name = self.name();
        name.iter().rposition(|byte| *byte == b':').map_or(name, |colon| &name[colon + 1..])
    }
}

/// Which elements are records, and what becomes of them.
pub(super) trait Plan {
    /// Whether the tag, outside of all records, begins one. An error ends the reading of the file.
    fn begins_record(&mut self, tag: &Tag<'_>) -> Result<bool, ReadError>;
    /// Takes what stands outside of records, and the tags that begin them.
    fn take_outside(&mut self, piece: &[u8]);
    /// Hands out a record, or passes over it.
    fn hand_out(&mut self, line: u32, bytes: &[u8], sink: &mut Sink<'_>) -> ControlFlow<()>;
    /// The file is over, and was read to its end.
    fn finish(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()>;
}

/// Reads all of `reader` and gives the records to `plan`.
pub(super) fn cut(
    reader: &mut dyn BufRead,
    origin: &Origin<'_>,
    plan: &mut dyn Plan,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let mut cutter = Cutter::new(origin, plan, sink);
    while !cutter.is_refused {
        let used = match reader.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return (cutter.sink)(Err(origin.unreadable(error))),
            Ok([]) => return cutter.finish(),
            Ok(buffer) => {
                cutter.take(buffer)?;
                buffer.len()
            }
        };
        reader.consume(used);
    }
    ControlFlow::Continue(())
}

/// Where the cutter stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    /// In a tag, and in a value of it between these quotes.
    Tag(Option<u8>),
    /// In a comment, CDATA or an instruction, which these bytes end.
    Until(&'static [u8]),
}

struct Cutter<'a, 's> {
    origin: &'a Origin<'a>,
    plan: &'a mut dyn Plan,
    sink: &'a mut Sink<'s>,
    /// The plan wants no more of this file.
    is_refused: bool,
    place: Place,
    line: u32,
    /// The first bytes of the tag or comment under way, and where it begins.
    head: Vec<u8>,
    head_line: u32,
    /// The last byte in a tag that is no white space.
    before: u8,
    /// The last two bytes read in a comment.
    tail: [u8; 2],
    /// The name of the record under way, and the line it began in.
    record: Option<(Vec<u8>, u32)>,
    /// The record under way; outside of records the tag under way, which may begin one.
    bytes: Vec<u8>,
    /// Length of the record under way, more than `bytes` when over the limit.
    length: u64,
    /// The length when the tag under way began.
    length_before_tag: u64,
}

impl<'a, 's> Cutter<'a, 's> {
    fn new(origin: &'a Origin<'a>, plan: &'a mut dyn Plan, sink: &'a mut Sink<'s>) -> Cutter<'a, 's> {
        Cutter {
            origin,
            plan,
            sink,
            is_refused: false,
            place: Place::Text,
            line: 1,
            head: Vec::new(),
            head_line: 1,
            before: 0,
            tail: [0; 2],
            record: None,
            bytes: Vec::new(),
            length: 0,
            length_before_tag: 0,
        }
    }

    fn take(&mut self, mut buffer: &[u8]) -> ControlFlow<()> {
        while !buffer.is_empty() && !self.is_refused {
            let used = match self.place {
                Place::Text => self.text(buffer),
                Place::Until(ending) => self.until(buffer, ending),
                Place::Tag(quote) => {
                    let (used, is_complete) = self.tag(buffer, quote);
                    if is_complete {
                        self.end_tag()?;
                    }
                    used
                }
            };
            buffer = &buffer[used..];
        }
        ControlFlow::Continue(())
    }

    /// Passes over text up to the next tag.
    fn text(&mut self, buffer: &[u8]) -> usize {
        let used = memchr(b'<', buffer).unwrap_or(buffer.len());
        self.keep(&buffer[..used]);
        if used < buffer.len() {
            self.begin_tag();
        }
        used
    }

    fn begin_tag(&mut self) {
        self.place = Place::Tag(None);
        self.head.clear();
        self.head_line = self.line;
        self.before = 0;
        if self.record.is_none() {
            self.bytes.clear();
            self.length = 0;
        }
        self.length_before_tag = self.length;
    }

    /// Passes over a tag or a piece of one; true when it ends there. A `<` in a tag begins another: the first was none.
    fn tag(&mut self, buffer: &[u8], mut quote: Option<u8>) -> (usize, bool) {
        for (at, &byte) in buffer.iter().enumerate() {
            if byte == b'<' && !self.head.is_empty() {
                self.keep(&buffer[..at]);
                self.begin_tag();
                return (at, false);
            }
            if self.head.len() < HEAD_BYTES {
                self.head.push(byte);
            }
            if let Some(ending) = ending_of(&self.head) {
                self.keep(&buffer[..=at]);
                self.place = Place::Until(ending);
                self.tail = [0; 2];
                return (at + 1, false);
            }
            match (quote, byte) {
                (Some(open), _) if open == byte => quote = None,
                (None, b'"' | b'\'') if self.before == b'=' => quote = Some(byte),
                (None, b'>') => {
                    self.keep(&buffer[..=at]);
                    self.place = Place::Text;
                    return (at + 1, true);
                }
                _ => {}
            }
            if !byte.is_ascii_whitespace() {
                self.before = byte;
            }
        }
        self.keep(buffer);
        self.place = Place::Tag(quote);
        (buffer.len(), false)
    }

    /// Passes over a comment or a piece of one.
    fn until(&mut self, buffer: &[u8], ending: &'static [u8]) -> usize {
        let mut used = buffer.len();
        for at in memchr_iter(b'>', buffer) {
            let before = last_two(self.tail, &buffer[..at]);
            if before.ends_with(&ending[..ending.len() - 1]) {
                self.place = Place::Text;
                used = at + 1;
                break;
            }
        }
        self.tail = last_two(self.tail, &buffer[..used]);
        self.keep(&buffer[..used]);
        used
    }

    fn keep(&mut self, piece: &[u8]) {
        self.line += memchr_iter(b'\n', piece).count() as u32;
        if self.record.is_none() {
            self.plan.take_outside(piece);
        }
        if self.record.is_some() || matches!(self.place, Place::Tag(_)) {
            self.length += piece.len() as u64;
            if self.length <= self.origin.limits.article_bytes {
                self.bytes.extend_from_slice(piece);
            }
        }
    }

    /// A tag is complete: it may begin a record or end one.
    fn end_tag(&mut self) -> ControlFlow<()> {
        let head = std::mem::take(&mut self.head);
        let tag = Tag { head: &head, line: self.head_line };
        let flow = match &self.record {
            Some((name, _)) if name == tag.name() && tag.is_end() => self.hand_out(),
            Some((name, _)) if name == tag.name() => self.begin_again(&tag),
            Some(_) => ControlFlow::Continue(()),
            None => self.tag_outside(&tag),
        };
        self.head = head;
        flow
    }

    fn tag_outside(&mut self, tag: &Tag<'_>) -> ControlFlow<()> {
        match self.plan.begins_record(tag) {
            Ok(true) => self.begin_record(tag),
            Ok(false) => ControlFlow::Continue(()),
            Err(error) => {
                self.is_refused = true;
                (self.sink)(Err(error))
            }
        }
    }

    fn begin_record(&mut self, tag: &Tag<'_>) -> ControlFlow<()> {
        self.record = Some((tag.name().to_vec(), tag.line));
        if tag.head.ends_with(b"/>") { self.hand_out() } else { ControlFlow::Continue(()) }
    }

    /// A record begins in a record: the one under way was broken off, which its parsing will say.
    fn begin_again(&mut self, tag: &Tag<'_>) -> ControlFlow<()> {
        self.length = self.length_before_tag;
        self.bytes.truncate(usize::try_from(self.length).unwrap_or(usize::MAX));
        self.hand_out()?;
        self.bytes.extend_from_slice(tag.head);
        self.length = tag.head.len() as u64;
        self.begin_record(tag)
    }

    fn hand_out(&mut self) -> ControlFlow<()> {
        let Some((name, line)) = self.record.take() else { return ControlFlow::Continue(()) };
        let length = std::mem::take(&mut self.length);
        let bytes = std::mem::take(&mut self.bytes);
        if length > self.origin.limits.article_bytes {
            return (self.sink)(Err(self.origin.too_large(line, length)));
        }
        let mut line = line;
        let mut rest = bytes.as_slice();
        while let Some(next) = swallowed(rest, &name) {
            let (first, others) = rest.split_at(next);
            self.plan.hand_out(line, first, self.sink)?;
            line += memchr_iter(b'\n', first).count() as u32;
            rest = others;
        }
        self.plan.hand_out(line, rest, self.sink)
    }

    fn finish(&mut self) -> ControlFlow<()> {
        if self.record.is_some() {
            self.hand_out()?;
        } else if self.place != Place::Text {
            let message = "a tag or comment is not closed; the file breaks off".to_owned();
            (self.sink)(Err(ReadError::Malformed {
                path: self.origin.path.to_owned(),
                line: self.head_line,
                message,
            }))?;
        }
        self.plan.finish(self.sink)
    }
}

/// What ends the comment, CDATA or instruction that `head` is the beginning of, when the last byte decided that.
fn ending_of(head: &[u8]) -> Option<&'static [u8]> {
    match head {
        b"<!--" => Some(b"-->"),
        b"<![CDATA[" => Some(b"]]>"),
        b"<?" => Some(b"?>"),
        _ => None,
    }
}

fn last_two(before: [u8; 2], bytes: &[u8]) -> [u8; 2] {
    match bytes {
        [.., first, second] => [*first, *second],
        [only] => [before[1], *only],
        [] => before,
    }
}

/// Where the next record begins when a comment or CDATA that is not closed has swallowed it: directly behind an end tag
/// of the same name.
fn swallowed(record: &[u8], name: &[u8]) -> Option<usize> {
    let end_tag = [b"</", name, b">"].concat();
    memmem::find_iter(record, &end_tag).find_map(|at| {
        let behind = at + end_tag.len();
        let rest = record[behind..].trim_ascii_start();
        let follows = rest.strip_prefix(b"<")?.strip_prefix(name)?;
        let is_whole_name = follows.first().is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'>');
        is_whole_name.then_some(record.len() - rest.len())
    })
}
