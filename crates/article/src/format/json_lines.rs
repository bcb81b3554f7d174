//! JSON lines: one record a line. The file is never held as a whole.

use std::io::{self, BufRead};
use std::ops::ControlFlow;

use memchr::memchr;

use super::{Format, Origin, Reader, Sink, listing, record};
use crate::encoding;

pub(super) const READER: Reader = Reader {
    format: Format::JsonLines,
    name: "json-lines",
    extensions: &["jsonl", "ndjson"],
    split,
    parse: record::parse,
};

fn split(reader: Box<dyn BufRead + '_>, origin: &Origin<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let mut reader = match encoding::without_utf16(reader) {
        Ok(reader) => reader,
        Err(error) => return sink(Err(origin.unreadable(error))),
    };
    let mut found = false;
    for line in 1_u32.. {
        let mut bytes = Vec::new();
        match read_line(reader.as_mut(), origin.limits.article_bytes, &mut bytes) {
            Err(error) => return sink(Err(origin.unreadable(error))),
            Ok(0) => break,
            Ok(length) if length > origin.limits.article_bytes => sink(Err(origin.too_large(line, length)))?,
            Ok(_) if bytes.trim_ascii().is_empty() => continue,
            Ok(_) => listing::hand_out(origin, line, bytes, sink)?,
        }
        found = true;
    }
    if found { ControlFlow::Continue(()) } else { sink(Err(origin.empty())) }
}

/// Reads a line with its end into `bytes` and returns its length; 0 at the end of the file. Of a line over the limit
/// the rest is passed over.
pub(super) fn read_line(reader: &mut dyn BufRead, limit_bytes: u64, bytes: &mut Vec<u8>) -> io::Result<u64> {
    let mut length = 0;
    loop {
        let buffer = match reader.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            other => other?,
        };
        let end = memchr(b'\n', buffer);
        let used = end.map_or(buffer.len(), |end| end + 1);
        length += used as u64;
        if length <= limit_bytes {
            bytes.extend_from_slice(&buffer[..used]);
        }
        reader.consume(used);
        if end.is_some() || used == 0 {
            return Ok(length);
        }
    }
}
