//! Archives of the web (WARC): what servers answered, record after record. Pages, plain text and JSON that came are
//! articles, and so is each item of a feed; requests, pictures, redirections and what else is recorded are none and are passed
//! over. What came with no type, or one that says little, is what it looks like, if it looks like anything that is read.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;

use super::answer::{self, Kind};
use super::head::Head;
use super::json_lines::read_line;
use super::payload::{self, Failure};
use super::record::Fields;
use super::{Format, Limits, Origin, Reader, Record, Sink, SplitOptions, html, malformed, place, split_as};
use crate::article::Article;
use crate::error::ReadError;
use crate::{date, encoding};

pub(super) const READER: Reader =
    Reader { format: Format::Warc, name: "warc", extensions: &["warc", "wet"], split, parse };

/// What every record begins with.
pub(super) const MAGIC: &[u8] = b"WARC/";
/// As much of a record is read to tell whether it is an article, and no head is longer.
const HEAD_BYTES: u64 = 64 * 1024;
/// What servers say who answer with nothing.
const NO_CONTENT: [u16; 2] = [204, 205];

/// What a record holds, `block` being the beginning of it; `None` when it is no article.
fn kind_of(head: &Head, block: &[u8]) -> Option<Kind> {
    let address = address_of(head);
    if address.ends_with("/robots.txt") {
        return None;
    }
    match head.value("warc-type") {
        "response" if is_http(head, block) => {
            let (http, _) = Head::read(block)?;
            let has_content = |status: &u16| (200..300).contains(status) && !NO_CONTENT.contains(status);
            http.status().filter(has_content).and_then(|_| Kind::of(http.media_type(), address))
        }
        "response" | "resource" | "conversion" => Kind::of(head.media_type(), address),
        _ => None,
    }
}

fn address_of(head: &Head) -> &str {
    head.value("warc-target-uri").trim_matches(['<', '>'])
}

/// The block is an answer with its head, as its type says, or its beginning where there is no type.
fn is_http(head: &Head, block: &[u8]) -> bool {
    match head.media_type().essence().as_str() {
        "" => block.starts_with(b"HTTP/"),
        essence => essence == "application/http",
    }
}

fn split(reader: Box<dyn BufRead + '_>, origin: &Origin<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let mut archive = Archive { reader, origin, line: 1, next: None, found: false };
    loop {
        match archive.next_record() {
            Err(error) => return sink(Err(origin.unreadable(error))),
            Ok(None) => break,
            Ok(Some(Found::NoArticle)) => {}
            Ok(Some(Found::Article(record))) => sink(Ok(record))?,
            Ok(Some(Found::Unknown(record))) => hand_out_unknown(record, origin, sink)?,
            Ok(Some(Found::Broken(error))) => sink(Err(error))?,
        }
    }
    if archive.found { ControlFlow::Continue(()) } else { sink(Err(origin.empty())) }
}

/// Hands out a record of which the content tells what it is: of what may hold several articles, each.
fn hand_out_unknown(record: Record, origin: &Origin<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let content = match content_of(&record) {
        Ok(content) => content.bytes,
        Err(error) => return sink(Err(error)),
    };
    // What a crawl leaves behind is no article that could not be read.
    let Some(format) = answer::format_of_unknown(&content) else { return ControlFlow::Continue(()) };
    match format {
        // An archive in an archive could hold the next one.
        Format::Warc => sink(Err(malformed(&record, "it is an archive of the web in another"))),
        Format::Text | Format::Html | Format::Json | Format::Markdown => {
            drop(content);
            sink(Ok(record))
        }
        _ => {
            let above = record.bytes.len().saturating_sub(content.len());
            let lines = memchr::memchr_iter(b'\n', &record.bytes[..above]).count() as u32;
            let lines = record.source.line.saturating_add(lines).saturating_sub(1);
            let options = SplitOptions { limits: origin.limits, mapping: origin.mapping };
            split_as(Some(format), origin.path, Box::new(&*content), options, &mut |found| {
                sink(match found {
                    Ok(mut record) => {
                        record.source.line = record.source.line.saturating_add(lines);
                        Ok(record)
                    }
                    Err(error) => Err(error.moved_down(lines)),
                })
            })
        }
    }
}

/// The beginning of a record of no type is no article's.
fn is_leftover(record: &Record) -> bool {
    content_of(record).is_ok_and(|content| answer::format_of_unknown(&content.bytes).is_none())
}

/// What was read of an archive.
enum Found {
    NoArticle,
    Article(Record),
    /// Its content has to tell what it is.
    Unknown(Record),
    Broken(ReadError),
}

/// An archive as it is read.
struct Archive<'a> {
    reader: Box<dyn BufRead + 'a>,
    origin: &'a Origin<'a>,
    /// The line the next byte is in.
    line: u32,
    /// The first line of the next record, where it was read already.
    next: Option<Vec<u8>>,
    /// There was anything but blank lines.
    found: bool,
}

impl Archive<'_> {
    /// Reads one record, or what stands where one should be.
    fn next_record(&mut self) -> io::Result<Option<Found>> {
        let Some(first) = self.first_line()? else { return Ok(None) };
        self.found = true;
        let start = self.line - 1;
        if !first.starts_with(MAGIC) {
            self.seek_next_record()?;
            let message = "no record begins here; the length of the one before may be wrong";
            return Ok(Some(self.broken(start, message)));
        }
        let Some(mut bytes) = self.rest_of_head(first)? else {
            self.seek_next_record()?;
            return Ok(Some(self.broken(start, "its head does not end")));
        };
        let head = Head::read(&bytes).map(|(head, _)| head);
        let length = head.as_ref().and_then(|head| head.value("content-length").parse::<u64>().ok());
        let (Some(head), Some(length)) = (head, length) else {
            self.seek_next_record()?;
            return Ok(Some(self.broken(start, "it has no Content-Length")));
        };
        let head_bytes = bytes.len();
        let mut taken = self.keep(length.min(HEAD_BYTES), &mut bytes)?;
        let kind = kind_of(&head, &bytes[head_bytes..]);
        let is_article = kind.is_some();
        let all_bytes = length.saturating_add(head_bytes as u64);
        let fits = all_bytes <= self.origin.limits.article_bytes;
        taken += if is_article && fits {
            self.keep(length - taken, &mut bytes)?
        } else {
            self.pass_over(length - taken)?
        };
        Ok(Some(match (taken == length, is_article) {
            (false, _) => self.broken(start, &format!("the file ends after {taken} of its {length} bytes")),
            (true, false) if head.value("warc-type").is_empty() => self.broken(start, "it has no WARC-Type"),
            (true, false) => Found::NoArticle,
            (true, true) if fits && kind == Some(Kind::Unknown) => {
                Found::Unknown(self.origin.record(start, bytes))
            }
            (true, true) if fits => Found::Article(self.origin.record(start, bytes)),
            (true, true) if kind == Some(Kind::Unknown) && is_leftover(&self.origin.record(start, bytes)) => {
                Found::NoArticle
            }
            (true, true) => Found::Broken(self.origin.too_large(start, all_bytes)),
        }))
    }

    fn broken(&self, line: u32, message: &str) -> Found {
        let (path, message) = (self.origin.path.to_owned(), message.to_owned());
        Found::Broken(ReadError::Malformed { path, line, message })
    }

    /// The next line that is not blank.
    fn first_line(&mut self) -> io::Result<Option<Vec<u8>>> {
        if let Some(line) = self.next.take() {
            return Ok(Some(line));
        }
        loop {
            match self.line()? {
                None => return Ok(None),
                Some(line) if line.trim_ascii().is_empty() => {}
                Some(line) => return Ok(Some(line)),
            }
        }
    }

    /// A line with its end, of which no more than a head may have is kept. `None` at the end of the file.
    fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let length = read_line(self.reader.as_mut(), HEAD_BYTES, &mut line)?;
        self.line = self.line.saturating_add(u32::from(length > 0));
        // A line that is too long is not blank, even if its kept beginning is.
        if length > HEAD_BYTES {
            line.push(b'?');
        }
        Ok((length > 0).then_some(line))
    }

    /// The head that begins with `first`, up to its blank line; `None` when it is too long or cut off.
    fn rest_of_head(&mut self, first: Vec<u8>) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = first;
        while bytes.len() as u64 <= HEAD_BYTES {
            let Some(line) = self.line()? else { return Ok(None) };
            bytes.extend_from_slice(&line);
            if line.trim_ascii().is_empty() {
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }

    /// Moves on to a line that a record begins with.
    fn seek_next_record(&mut self) -> io::Result<()> {
        while let Some(line) = self.line()? {
            if line.starts_with(MAGIC) {
                self.next = Some(line);
                break;
            }
        }
        Ok(())
    }

    /// Reads up to `count` bytes into `bytes`; returns how many there were.
    fn keep(&mut self, count: u64, bytes: &mut Vec<u8>) -> io::Result<u64> {
        let before = bytes.len();
        let taken = self.reader.by_ref().take(count).read_to_end(bytes)?;
        self.count_lines(&bytes[before..]);
        Ok(taken as u64)
    }

    /// As [`Archive::keep`], without keeping them.
    fn pass_over(&mut self, count: u64) -> io::Result<u64> {
        let mut left = count;
        while left > 0 {
            let buffer = match self.reader.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            let used = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            if used == 0 {
                break;
            }
            let lines = memchr::memchr_iter(b'\n', &buffer[..used]).count();
            self.line = self.line.saturating_add(lines as u32);
            self.reader.consume(used);
            left -= used as u64;
        }
        Ok(count - left)
    }

    fn count_lines(&mut self, bytes: &[u8]) {
        self.line = self.line.saturating_add(memchr::memchr_iter(b'\n', bytes).count() as u32);
    }
}

fn parse(record: &Record) -> Result<Article, ReadError> {
    let Content { head, block, bytes: content, charset } = content_of(record)?;
    let kind = kind_of(&head, block);
    let kind = kind.ok_or_else(|| malformed(record, "it is no page, text or JSON"))?.of_content(&content);
    let mut article = read(record, kind, &content, charset.as_deref())?;
    article.url = Some(address_of(&head).to_owned()).filter(|address| !address.is_empty()).or(article.url);
    let in_address = || article.url.as_deref().and_then(date::in_url);
    article.date = article.date.or_else(in_address).or_else(|| date::parse(head.value("warc-date")));
    Ok(article)
}

/// What a record holds.
struct Content<'a> {
    head: Head,
    /// What stands behind the head.
    block: &'a [u8],
    /// What was to be sent.
    bytes: Cow<'a, [u8]>,
    /// The encoding that it is said to have.
    charset: Option<String>,
}

fn content_of(record: &Record) -> Result<Content<'_>, ReadError> {
    let broken = || malformed(record, "its head does not end");
    let (head, used) = Head::read(&record.bytes).ok_or_else(broken)?;
    let block = &record.bytes[used..];
    if !is_http(&head, block) {
        let charset = head.media_type().charset().map(str::to_owned);
        return Ok(Content { head, block, bytes: Cow::Borrowed(block), charset });
    }
    let (http, used) = Head::read(block).ok_or_else(broken)?;
    let limit = Limits::default().article_bytes;
    let bytes =
        payload::content(&http, &block[used..], limit).map_err(|failure| error_of(record, failure, limit))?;
    let charset = http.media_type().charset().map(str::to_owned);
    Ok(Content { head, block, bytes, charset })
}

fn error_of(record: &Record, failure: Failure, limit: u64) -> ReadError {
    let (path, line) = place(record);
    match failure {
        Failure::TooLarge => ReadError::TooLarge { path, line, bytes: limit + 1, limit },
        Failure::Broken(message) => ReadError::Malformed { path, line, message },
    }
}

/// The article that `content` is.
fn read(record: &Record, kind: Kind, content: &[u8], charset: Option<&str>) -> Result<Article, ReadError> {
    let format = match kind {
        Kind::Html => {
            let page = html::decode(record, content, charset)?;
            return html::read(record, &page, Fields::default(), Fields::default());
        }
        Kind::Text | Kind::Unknown => Format::Text,
        Kind::Json => Format::Json,
    };
    let bytes = decode(record, content, charset)?.into_bytes();
    super::parse(&Record { source: record.source.clone(), format, bytes })
}

/// What `bytes` say in the encoding `charset`, or in the one they look like.
fn decode(record: &Record, bytes: &[u8], charset: Option<&str>) -> Result<String, ReadError> {
    // What says that it is UTF-8 is often not; a guess that looks at the bytes is right about both.
    let named = charset.and_then(|label| encoding_rs::Encoding::for_label(label.trim().as_bytes()));
    if let Some(encoding) = named.filter(|encoding| *encoding != encoding_rs::UTF_8) {
        return Ok(encoding::clean(encoding.decode(bytes).0).into_owned());
    }
    encoding::decode(bytes).map(Cow::into_owned).map_err(|_| {
        let (path, line) = place(record);
        ReadError::Binary { path, line }
    })
}
