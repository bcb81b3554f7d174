//! JSON: one record, an array of records, or records one after the other. The file is cut at the records' braces, so
//! that an array of any size is read one record at a time and a broken record does not spoil the next.

use std::io::{self, BufRead};
use std::ops::ControlFlow;

use super::{Format, Origin, Reader, Sink, listing, record};
use crate::encoding;

pub(super) const READER: Reader =
    Reader { format: Format::Json, name: "json", extensions: &["json"], split, parse: record::parse };

fn split(reader: Box<dyn BufRead + '_>, origin: &Origin<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let mut reader = match encoding::without_utf16(reader) {
        Ok(reader) => reader,
        Err(error) => return sink(Err(origin.unreadable(error))),
    };
    let mut cutter = Cutter::new(origin);
    loop {
        let used = match reader.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return sink(Err(origin.unreadable(error))),
            Ok([]) => break,
            Ok(buffer) => {
                cutter.take(buffer, sink)?;
                buffer.len()
            }
        };
        reader.consume(used);
    }
    cutter.finish(sink)
}

/// Where the cutter stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Between records.
    Outside,
    /// In a record, not in a string.
    Inside,
    /// In a string of a record.
    Quoted,
    /// Behind a backslash in a string.
    Escaped,
}

/// Cuts a stream of bytes into records.
struct Cutter<'a> {
    origin: &'a Origin<'a>,
    place: Place,
    /// Open braces and brackets of the record under way; 0 in a bare value, which ends at a comma or white space.
    depth: u32,
    line: u32,
    /// The line the record under way began in.
    start_line: u32,
    bytes: Vec<u8>,
    /// Length of the record under way, more than `bytes` when over the limit.
    length: u64,
    /// An opening bracket at the top was seen: the file is an array and its end is no record.
    in_array: bool,
    found: bool,
}

impl<'a> Cutter<'a> {
    fn new(origin: &'a Origin<'a>) -> Cutter<'a> {
        Cutter {
            origin,
            place: Place::Outside,
            depth: 0,
            line: 1,
            start_line: 1,
            bytes: Vec::new(),
            length: 0,
            in_array: false,
            found: false,
        }
    }

    fn take(&mut self, buffer: &[u8], sink: &mut Sink<'_>) -> ControlFlow<()> {
        let mut from = 0;
        for (at, &byte) in buffer.iter().enumerate() {
            if self.ends_bare_value(byte) {
                self.keep(&buffer[from..at]);
                self.hand_out(sink)?;
            }
            if self.place == Place::Outside {
                from = at;
            }
            if self.step(byte) {
                self.keep(&buffer[from..=at]);
                self.hand_out(sink)?;
            }
        }
        if self.place != Place::Outside {
            self.keep(&buffer[from..]);
        }
        ControlFlow::Continue(())
    }

    fn ends_bare_value(&self, byte: u8) -> bool {
        self.depth == 0
            && self.place == Place::Inside
            && matches!(byte, b',' | b']' | b'{' | b' ' | b'\t' | b'\n' | b'\r')
    }

    /// Moves over one byte; true when it ends a record.
    fn step(&mut self, byte: u8) -> bool {
        self.line += u32::from(byte == b'\n');
        match (self.place, byte) {
            (Place::Outside, _) => self.step_outside(byte),
            (Place::Escaped, _) | (Place::Inside, b'"') => self.place = Place::Quoted,
            (Place::Quoted, b'"') => self.place = Place::Inside,
            (Place::Quoted, b'\\') => self.place = Place::Escaped,
            (Place::Inside, b'{' | b'[') => self.depth += 1,
            (Place::Inside, b'}' | b']') if self.depth > 0 => {
                self.depth -= 1;
                return self.depth == 0;
            }
            _ => {}
        }
        false
    }

    fn step_outside(&mut self, byte: u8) {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' | 0xef | 0xbb | 0xbf => {}
            b'[' if !self.in_array => self.in_array = true,
            b']' if self.in_array => self.in_array = false,
            b'"' => self.begin(Place::Quoted, 0),
            b'{' | b'[' => self.begin(Place::Inside, 1),
            _ => self.begin(Place::Inside, 0),
        }
    }

    fn begin(&mut self, place: Place, depth: u32) {
        self.place = place;
        self.depth = depth;
        self.start_line = self.line;
    }

    fn keep(&mut self, piece: &[u8]) {
        self.length += piece.len() as u64;
        if self.length <= self.origin.limits.article_bytes {
            self.bytes.extend_from_slice(piece);
        }
    }

    fn hand_out(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let bytes = std::mem::take(&mut self.bytes);
        let length = std::mem::take(&mut self.length);
        self.place = Place::Outside;
        self.found = true;
        if length > self.origin.limits.article_bytes {
            return sink(Err(self.origin.too_large(self.start_line, length)));
        }
        listing::hand_out(self.origin, self.start_line, bytes, sink)
    }

    /// The file is over: a record under way is broken off, which its parsing will say, and so is an array.
    fn finish(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if self.length > 0 {
            self.hand_out(sink)?;
        }
        if self.in_array {
            return sink(Err(self.origin.cut_off("the array of records has no end")));
        }
        if self.found { ControlFlow::Continue(()) } else { sink(Err(self.origin.empty())) }
    }
}
