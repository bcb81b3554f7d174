//! Words of headers such as `=?unknown-8bit?Q?caf=E9?=`, whose encoding is not the one they name, or none at all. The parser of
//! headers cannot guess; here they are written anew in UTF-8.

use std::borrow::Cow;
use std::fmt::Write as _;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use memchr::memmem;

use crate::encoding;

/// No encoded word is longer; the standard allows 75 bytes.
const MOST_BYTES: usize = 2_000;

/// The headers with all such words in UTF-8.
pub(super) fn in_utf8(head: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let mut written: Option<Vec<u8>> = None;
    let mut copied = 0;
    let mut from = 0;
    while let Some(at) = memmem::find(&head[from..], b"=?").map(|at| at + from) {
        from = at + 2;
        let Some((word, length)) = word(&head[at..]) else { continue };
        from = at + length;
        if let Some(text) = word.guessed() {
            let written = written.get_or_insert_default();
            written.extend_from_slice(&head[copied..at]);
            written.extend_from_slice(encoded(&text).as_bytes());
            copied = from;
        }
    }
    match written {
        None => head,
        Some(mut written) => {
            written.extend_from_slice(&head[copied..]);
            Cow::Owned(written)
        }
    }
}

/// A word in its parts.
struct Word<'a> {
    charset: &'a [u8],
    is_base64: bool,
    content: &'a [u8],
}

/// The word that `bytes` begin with, and its length.
fn word(bytes: &[u8]) -> Option<(Word<'_>, usize)> {
    let bytes = &bytes[..bytes.len().min(MOST_BYTES)];
    let mut marks = memchr::memchr_iter(b'?', bytes).skip(1);
    let (charset, kind) = (marks.next()?, marks.next()?);
    let end = kind + 1 + memmem::find(&bytes[kind + 1..], b"?=")?;
    let is_base64 = match &bytes[charset + 1..kind] {
        b"b" | b"B" => true,
        b"q" | b"Q" => false,
        _ => return None,
    };
    let content = &bytes[kind + 1..end];
    let is_one = !bytes[..end].iter().any(u8::is_ascii_whitespace);
    is_one.then_some((Word { charset: &bytes[2..charset], is_base64, content }, end + 2))
}

impl Word<'_> {
    /// What it says where that has to be guessed: its encoding is not known, or ASCII or UTF-8 and it is neither.
    fn guessed(&self) -> Option<String> {
        // A language may stand behind a star.
        let charset =
            self.charset.split(|byte| *byte == b'*').next().unwrap_or_default().to_ascii_lowercase();
        let is_doubtful = matches!(charset.as_slice(), b"us-ascii" | b"ascii" | b"utf-8" | b"utf8");
        if !is_doubtful && charset_decoder(&charset).is_some() {
            return None;
        }
        let bytes = if self.is_base64 {
            base64_decode(self.content)?
        } else {
            let spaced: Vec<u8> =
                self.content.iter().map(|byte| if *byte == b'_' { b' ' } else { *byte }).collect();
            quoted_printable_decode(&spaced)?
        };
        if is_doubtful && std::str::from_utf8(&bytes).is_ok() {
            return None;
        }
        encoding::decode(&bytes).ok().map(Cow::into_owned)
    }
}

/// The text as a word of UTF-8 that any parser of headers knows.
fn encoded(text: &str) -> String {
    let mut word = "=?utf-8?Q?".to_owned();
    for byte in text.bytes() {
        let _ = write!(word, "={byte:02X}");
    }
    word + "?="
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_must_be_guessed_is_written_anew() {
        let check = |head: &str, written: &str| {
            let found = in_utf8(Cow::Borrowed(head.as_bytes()));
            assert_eq!(String::from_utf8_lossy(&found), written, "{head}");
        };
        let word = "=?utf-8?Q?=63=61=66=C3=A9?=";
        check("Subject: =?unknown-8bit?Q?caf=E9?= menu", &format!("Subject: {word} menu"));
        check("Subject: =?X-UNKNOWN?b?Y2Fm6Q==?=", &format!("Subject: {word}"));
        check("Subject: =?us-ascii?q?caf=E9?=", &format!("Subject: {word}"));
        for head in [
            "Subject: =?iso-8859-2?Q?caf=E9?= =?utf-8?Q?caf=C3=A9?=",
            "Subject: =?us-ascii?Q?caf?=",
            "Subject: =? what ?Q? is it?=",
            "Subject: =?x?Q?",
            "Subject: =?=?=?=?",
            "",
        ] {
            check(head, head);
        }
    }
}
