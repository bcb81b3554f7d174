//! Bytes to text: which encoding they are in, and line ends and control characters made uniform.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, BufRead, BufReader, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, Encoding, UTF_16BE, UTF_16LE};
use memchr::{memchr, memmem};

/// As many bytes as are looked at to tell text from binary content.
const SAMPLE_BYTES: usize = 16 * 1024;
/// As many bytes as the guess between old eight-bit encodings may take.
const GUESS_BYTES: usize = 1024 * 1024;

/// The bytes are not text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotText;

/// The text in `bytes`, without byte order mark, as [`clean`] leaves it. UTF-8 and UTF-16 (by mark or by its pattern of
/// zeros) are recognised; what else is not valid UTF-8 is in the encoding its letters suggest, mostly Windows-1252.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, NotText> {
    if bytes.starts_with(b"\xFF\xFE\0\0") || bytes.starts_with(b"\0\0\xFE\xFF") {
        return Err(NotText); // UTF-32, which nothing here can decode
    }
    if let Some((encoding, mark_bytes)) = Encoding::for_bom(bytes) {
        let rest = &bytes[mark_bytes..];
        return if encoding == encoding_rs::UTF_8 {
            utf8_or_older(rest)
        } else {
            Ok(decode_as(encoding, rest))
        };
    }
    if let Some(encoding) = utf16_by_pattern(bytes) {
        return Ok(decode_as(encoding, bytes));
    }
    utf8_or_older(bytes)
}

/// As [`decode`], for text that names its encoding by one of the labels of the web. The name is believed where the bytes
/// are neither UTF-16 nor valid UTF-8, or are in an encoding that looks like ASCII.
pub(crate) fn decode_labelled<'a>(bytes: &'a [u8], label: Option<&str>) -> Result<Cow<'a, str>, NotText> {
    let named = label.and_then(|label| Encoding::for_label_no_replacement(label.as_bytes()));
    let is_marked = Encoding::for_bom(bytes).is_some() || utf16_by_pattern(bytes).is_some();
    let Some(encoding) = named.filter(|_| !is_marked && !is_binary(bytes)) else { return decode(bytes) };
    let is_wide = encoding == UTF_16LE || encoding == UTF_16BE;
    let is_like_ascii = encoding == encoding_rs::ISO_2022_JP;
    if is_wide || encoding == encoding_rs::UTF_8 || (!is_like_ascii && std::str::from_utf8(bytes).is_ok()) {
        return decode(bytes);
    }
    Ok(decode_as(encoding, bytes))
}

fn utf8_or_older(bytes: &[u8]) -> Result<Cow<'_, str>, NotText> {
    if is_binary(bytes) {
        return Err(NotText);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(clean(Cow::Borrowed(text))),
        Err(_) if is_damaged_utf8(bytes) => Ok(clean(String::from_utf8_lossy(bytes))),
        Err(error) => Ok(decode_as(guess(&bytes[error.valid_up_to()..]), bytes)),
    }
}

fn decode_as<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Cow<'a, str> {
    clean(encoding.decode_without_bom_handling(bytes).0)
}

/// `\r\n` and `\r` become `\n`, other control characters a space (so that places stay where they are), and U+FEFF goes.
/// Text that has none of them is not copied.
pub(crate) fn clean(text: Cow<'_, str>) -> Cow<'_, str> {
    if !has_control(text.as_bytes()) && memmem::find(text.as_bytes(), "\u{feff}".as_bytes()).is_none() {
        return text;
    }
    let mut cleaned = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' if characters.peek() == Some(&'\n') => {}
            '\r' => cleaned.push('\n'),
            '\u{feff}' => {}
            '\n' | '\t' => cleaned.push(character),
            control if control < ' ' => cleaned.push(' '),
            other => cleaned.push(other),
        }
    }
    Cow::Owned(cleaned)
}

/// A control character other than line end and tab. Looks at a stretch at a time, which the compiler can do at once.
fn has_control(bytes: &[u8]) -> bool {
    let with = |found: u8, byte: &u8| found | u8::from(*byte < b' ' && *byte != b'\n' && *byte != b'\t');
    bytes.chunks(256).any(|stretch| stretch.iter().fold(0, with) != 0)
}

/// UTF-16 without a mark: zeros stand at one side of most pairs of bytes and hardly ever at the other.
fn utf16_by_pattern(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(SAMPLE_BYTES)];
    memchr(0, sample)?;
    let pairs = sample.chunks_exact(2);
    let pair_count = pairs.len();
    let (mut first, mut second) = (0, 0);
    for pair in pairs {
        first += usize::from(pair[0] == 0);
        second += usize::from(pair[1] == 0);
    }
    // A text in a script of few spaces still has a zero in one pair of ten.
    let clear = |many: usize, few: usize| many * 10 >= pair_count && few * 20 <= many && many > 0;
    let (encoding, high_byte) = match (clear(first, second), clear(second, first)) {
        (true, false) => (UTF_16BE, 0),
        (false, true) => (UTF_16LE, 1),
        _ => return None,
    };
    // The high bytes are the blocks of Unicode the text uses: few.
    let blocks: HashSet<u8> = sample.chunks_exact(2).map(|pair| pair[high_byte]).collect();
    if blocks.len() > 3 && blocks.len() * 4 > pair_count {
        return None;
    }
    let even = &sample[..sample.len() & !1];
    let (text, _) = encoding.decode_without_bom_handling(even);
    let odd_characters =
        text.chars().filter(|c| *c == '\u{fffd}' || (c.is_control() && !c.is_whitespace())).count();
    (odd_characters * 50 <= text.chars().count()).then_some(encoding)
}

/// The first bytes of packed, printed and pictured files that are now and then named `.txt`.
const MAGIC: [&[u8]; 7] =
    [b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"\x7fELF", b"GIF8"];

/// More than one byte of fifty (and two for good measure) is a control character that text does not use.
fn is_binary(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(SAMPLE_BYTES)];
    if MAGIC.iter().any(|magic| bytes.starts_with(magic)) {
        return true;
    }
    let control = if has_control(sample) { count_control(sample) } else { 0 };
    control * 50 > sample.len() + 100
}

fn count_control(sample: &[u8]) -> usize {
    sample.iter().filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31)).count()
}

/// UTF-8 with a few bad bytes: at least four good letters beyond ASCII for each bad place.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().bytes().filter(|byte| *byte >= 0xc0).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good >= bad * 4
}

fn guess(from_first_bad_byte: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&from_first_bad_byte[..from_first_bad_byte.len().min(GUESS_BYTES)], true);
    detector.guess(None, Utf8Detection::Deny)
}

/// `reader` with UTF-16 made UTF-8 on the way, for formats that are cut at bytes; everything else passes unchanged.
pub(crate) fn without_utf16<'a>(mut reader: Box<dyn BufRead + 'a>) -> io::Result<Box<dyn BufRead + 'a>> {
    let start = reader.fill_buf()?;
    let marked = Encoding::for_bom(start).map(|(encoding, _)| encoding);
    match marked.filter(|encoding| *encoding != encoding_rs::UTF_8).or_else(|| utf16_by_pattern(start)) {
        None => Ok(reader),
        Some(encoding) => Ok(transcoded(reader, encoding)),
    }
}

fn transcoded<'a>(reader: Box<dyn BufRead + 'a>, encoding: &'static Encoding) -> Box<dyn BufRead + 'a> {
    let decoder = encoding.new_decoder_with_bom_removal();
    let transcoded = Transcoded { reader, decoder, ready: Vec::new(), given: 0, ended: false };
    Box::new(BufReader::with_capacity(SAMPLE_BYTES, transcoded))
}

/// `reader` as UTF-8, from UTF-16 or from the encoding that its XML declaration names. A beginning with letters beyond
/// ASCII that is good UTF-8 is UTF-8 whatever it says, and so is what says nothing.
pub(crate) fn as_xml_declares<'a>(reader: Box<dyn BufRead + 'a>) -> io::Result<Box<dyn BufRead + 'a>> {
    let mut reader = without_utf16(reader)?;
    let start = reader.fill_buf()?;
    let Some(encoding) = declared(start).filter(|_| !is_utf8_beyond_ascii(start)) else {
        return Ok(reader);
    };
    Ok(transcoded(reader, encoding))
}

/// The encoding in `<?xml version="1.0" encoding="ISO-8859-1"?>`, when it is none of Unicode.
fn declared(start: &[u8]) -> Option<&'static Encoding> {
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let declaration = &start.strip_prefix(b"<?xml")?[..memchr(b'>', start)?.checked_sub(5)?];
    let value = &declaration[memmem::find(declaration, b"encoding")? + b"encoding".len()..];
    let value = value.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, value) = value.split_first()?;
    let encoding = Encoding::for_label(&value[..memchr(*quote, value)?])?;
    [encoding_rs::UTF_8, UTF_16BE, UTF_16LE].iter().all(|unicode| *unicode != encoding).then_some(encoding)
}

/// Letters beyond ASCII that are good UTF-8; the last of `start` may be cut in two.
fn is_utf8_beyond_ascii(start: &[u8]) -> bool {
    let good = match std::str::from_utf8(start) {
        Ok(_) => start,
        Err(error) if error.error_len().is_none() => &start[..error.valid_up_to()],
        Err(_) => return false,
    };
    !good.is_ascii()
}

/// A reader that gives UTF-8 for another encoding.
struct Transcoded<'a> {
    reader: Box<dyn BufRead + 'a>,
    decoder: Decoder,
    ready: Vec<u8>,
    given: usize,
    ended: bool,
}

impl Read for Transcoded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() && !self.ended {
            self.refill()?;
        }
        let count = (&self.ready[self.given..]).read(buffer)?;
        self.given += count;
        Ok(count)
    }
}

impl Transcoded<'_> {
    fn refill(&mut self) -> io::Result<()> {
        let source = self.reader.fill_buf()?;
        self.ended = source.is_empty();
        let mut text = String::with_capacity(source.len() * 2 + 16);
        let (_, used, _) = self.decoder.decode_to_string(source, &mut text, self.ended);
        self.reader.consume(used);
        self.ready = text.into_bytes();
        self.given = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], text: &str) {
        assert_eq!(decode(bytes).as_deref(), Ok(text));
    }

    fn utf16(text: &str, bytes_of: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes_of).collect()
    }

    #[test]
    fn utf8_comes_with_and_without_a_mark() {
        check("Zürich – ok".as_bytes(), "Zürich – ok");
        check("\u{feff}Zürich".as_bytes(), "Zürich");
    }

    #[test]
    fn utf16_is_known_by_its_mark_or_its_zeros() {
        check(&utf16("\u{feff}Łódź", u16::to_le_bytes), "Łódź");
        check(&utf16("\u{feff}Łódź", u16::to_be_bytes), "Łódź");
        check(&utf16("A plain line of text.", u16::to_le_bytes), "A plain line of text.");
        check(
            &utf16("Это простая строка, в ней есть пробелы.\n", u16::to_be_bytes),
            "Это простая строка, в ней есть пробелы.\n",
        );
    }

    #[test]
    fn windows_1252_is_the_answer_when_utf8_is_not() {
        check(b"caf\xe9 \x93quoted\x94 na\xefve r\xe9sum\xe9", "café “quoted” naïve résumé");
    }

    #[test]
    fn a_bad_byte_in_utf8_does_not_spoil_the_rest() {
        check(b"\xc3\xa9\xc3\xa8\xc3\xa0\xc3\xbc and \xff here", "éèàü and \u{fffd} here");
    }

    #[test]
    fn line_ends_are_uniform_and_control_characters_are_spaces() {
        check(b"a\r\nb\rc\0d\x0be", "a\nb\nc d e");
    }

    #[test]
    fn binary_content_is_not_text() {
        assert_eq!(decode(&[0, 1, 2, 3, 0, 0, 7, 9, 200, 0]), Err(NotText));
        assert_eq!(decode(b"%PDF-1.7 looks like text"), Err(NotText));
    }

    #[test]
    fn a_utf16_stream_is_read_as_utf8() {
        let bytes = utf16("\u{feff}{\"title\": \"Łódź\"}\n", u16::to_le_bytes);
        let mut text = String::new();
        without_utf16(Box::new(bytes.as_slice())).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "{\"title\": \"Łódź\"}\n");
    }
}
