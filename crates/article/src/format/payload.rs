//! What a server answered, as it was sent: in chunks, compressed, or plainly. Archives keep the headers that tell of it
//! even where they undid it, so the bytes are asked too.

use std::borrow::Cow;
use std::io::{self, Read};

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use memchr::memmem;

use super::head::Head;

/// Why an answer cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// It is larger than allowed when unpacked.
    TooLarge,
    /// What is wrong with it, for people.
    Broken(String),
}

/// The content below `head`, at most `limit_bytes` of it.
pub(super) fn content<'a>(head: &Head, body: &'a [u8], limit_bytes: u64) -> Result<Cow<'a, [u8]>, Failure> {
    let is_chunked = head.value("transfer-encoding").to_ascii_lowercase().contains("chunked");
    let mut content = Cow::Borrowed(body);
    if is_chunked && let Some(joined) = join_chunks(body) {
        content = Cow::Owned(joined);
    }
    let encodings = head.value("content-encoding").to_ascii_lowercase();
    let encodings: Vec<&str> =
        encodings.split(',').map(str::trim).filter(|name| !name.is_empty() && *name != "identity").collect();
    // More than two are never sent in earnest.
    for name in encodings.iter().rev().take(2) {
        if let Some(plain) = unpack(name, &content, limit_bytes)? {
            content = Cow::Owned(plain);
        }
    }
    Ok(content)
}

/// `None` where the content is not packed this way, as in archives that unpacked it.
fn unpack(encoding: &str, content: &[u8], limit_bytes: u64) -> Result<Option<Vec<u8>>, Failure> {
    match encoding {
        "gzip" | "x-gzip" if content.starts_with(b"\x1f\x8b") => {
            read(MultiGzDecoder::new(content), limit_bytes).map(Some)
        }
        "deflate" if !looks_like_text(content) => {
            let is_zlib = content.first().is_some_and(|byte| byte & 0x0f == 8);
            let plain =
                if is_zlib { read(ZlibDecoder::new(content), limit_bytes) } else { Err(Failure::TooLarge) };
            plain.or_else(|_| read(DeflateDecoder::new(content), limit_bytes)).map(Some)
        }
        "gzip" | "x-gzip" | "deflate" => Ok(None),
        _ if looks_like_text(content) => Ok(None),
        other => Err(Failure::Broken(format!("its content encoding {other:?} cannot be unpacked"))),
    }
}

fn read(packed: impl Read, limit_bytes: u64) -> Result<Vec<u8>, Failure> {
    let mut plain = Vec::new();
    let broken = |error: io::Error| Failure::Broken(format!("its content cannot be unpacked: {error}"));
    packed.take(limit_bytes.saturating_add(1)).read_to_end(&mut plain).map_err(broken)?;
    if plain.len() as u64 > limit_bytes { Err(Failure::TooLarge) } else { Ok(plain) }
}

/// No control characters in the beginning that text does not have.
fn looks_like_text(content: &[u8]) -> bool {
    let beginning = &content[..content.len().min(512)];
    !beginning.iter().any(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31))
}

/// The chunks without the lines that tell their lengths; `None` when the first such line is none. What is cut off in the
/// middle is kept as far as it is there.
fn join_chunks(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut joined = Vec::with_capacity(body.len());
    let mut is_first = true;
    loop {
        let end = memmem::find(&body[..body.len().min(4096)], b"\n");
        let length = end.and_then(|end| chunk_length(&body[..end]));
        let (Some(end), Some(length)) = (end, length) else {
            return (!is_first).then_some(joined);
        };
        let rest = &body[end + 1..];
        let taken = length.min(rest.len());
        joined.extend_from_slice(&rest[..taken]);
        if length == 0 || taken < length {
            return Some(joined);
        }
        is_first = false;
        let behind = &rest[taken..];
        body = behind.strip_prefix(b"\r\n").or_else(|| behind.strip_prefix(b"\n")).unwrap_or(behind);
    }
}

/// The length in a line such as `1a3; name=value`.
fn chunk_length(line: &[u8]) -> Option<usize> {
    let digits = std::str::from_utf8(line).ok()?.split(';').next()?.trim();
    let is_plain = (1..=8).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    usize::from_str_radix(digits, 16).ok().filter(|_| is_plain)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    fn content_of(fields: &str, body: &[u8]) -> Result<Vec<u8>, Failure> {
        let bytes = format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\n");
        let (head, _) = Head::read(bytes.as_bytes()).expect("a head");
        content(&head, body, 1000).map(Cow::into_owned)
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn chunks_are_joined_where_there_are_any() {
        let chunked = "Transfer-Encoding: chunked";
        let check = |body: &[u8], text: &[u8]| assert_eq!(content_of(chunked, body).as_deref(), Ok(text));
        check(b"4\r\nThe \r\n5;a=b\r\nferry\r\n0\r\n\r\n", b"The ferry");
        check(b"4\r\nThe \r\nff\r\nferry", b"The ferry");
        check(b"<p>Not in chunks</p>", b"<p>Not in chunks</p>");
        check(b"ffffffff\r\nferry", b"ferry");
        check(b"", b"");
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        let text = b"The ferry is back.";
        assert_eq!(content_of("Content-Encoding: gzip", &gzip(text)).as_deref(), Ok(&text[..]));
        assert_eq!(content_of("Content-Encoding: gzip", text).as_deref(), Ok(&text[..]));
        assert_eq!(content_of("content-encoding: br", text).as_deref(), Ok(&text[..]));
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(text).unwrap();
        assert_eq!(
            content_of("Content-Encoding: deflate", &zlib.finish().unwrap()).as_deref(),
            Ok(&text[..])
        );
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::default());
        raw.write_all(text).unwrap();
        assert_eq!(content_of("Content-Encoding: deflate", &raw.finish().unwrap()).as_deref(), Ok(&text[..]));
    }

    #[test]
    fn unpacking_has_a_bound_and_says_what_is_wrong() {
        let bomb = gzip(&vec![b'x'; 100_000]);
        assert_eq!(content_of("Content-Encoding: gzip", &bomb), Err(Failure::TooLarge));
        let cut = &gzip(b"The ferry is back.")[..20];
        assert!(matches!(content_of("Content-Encoding: gzip", cut), Err(Failure::Broken(_))));
        assert!(matches!(content_of("Content-Encoding: br", b"\x01\x02\x03"), Err(Failure::Broken(_))));
    }
}
