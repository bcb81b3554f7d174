//! What a server's answer is: what it is said to be, else what its beginning shows.

use super::head::MediaType;
use super::{BUFFER_BYTES, Format};
use crate::encoding;

/// What the payload of a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Html,
    Text,
    Json,
    /// Its type says nothing, or that it is XML of some kind: the content tells.
    Unknown,
}

/// Media types of nothing that is read, and what begins the names of others.
const OTHER_TYPES: [&str; 16] = [
    "text/css",
    "text/javascript",
    "text/ecmascript",
    "text/x-javascript",
    "text/calendar",
    "text/vcard",
    "text/vtt",
    "text/dns",
    "application/javascript",
    "application/x-javascript",
    "application/ecmascript",
    "application/pdf",
    "application/zip",
    "application/gzip",
    "application/msword",
    "application/wasm",
];
const OTHER_BEGINNINGS: [&str; 11] = [
    "image/",
    "audio/",
    "video/",
    "font/",
    "model/",
    "multipart/",
    "application/vnd.",
    "application/font",
    "application/x-font",
    "application/x-shockwave",
    "application/x-mpegurl",
];
/// Endings of addresses that tell the same, where no type does.
const OTHER_ENDINGS: [&str; 28] = [
    "js", "mjs", "css", "map", "png", "jpg", "jpeg", "gif", "webp", "avif", "ico", "svg", "bmp", "woff",
    "woff2", "ttf", "otf", "eot", "mp3", "mp4", "m4a", "webm", "ogg", "mov", "wasm", "swf", "pdf", "zip",
];

impl Kind {
    /// The kind of what came from `address` as of this type; `None` where that is not read.
    pub(super) fn of(media: MediaType<'_>, address: &str) -> Option<Kind> {
        let essence = media.essence();
        match essence.as_str() {
            "text/html" | "application/xhtml+xml" => return Some(Kind::Html),
            "text/plain" => return Some(Kind::Text),
            "application/json" | "text/json" | "application/ld+json" => return Some(Kind::Json),
            _ => {}
        }
        let is_other = OTHER_TYPES.contains(&essence.as_str())
            || OTHER_BEGINNINGS.iter().any(|start| essence.starts_with(start));
        let ending = ending_of(address).to_ascii_lowercase();
        (!is_other && !OTHER_ENDINGS.contains(&ending.as_str())).then_some(Kind::Unknown)
    }

    /// The same of content that is looked at where nothing else tells.
    pub(super) fn of_content(self, content: &[u8]) -> Kind {
        match self {
            Kind::Unknown => match format_of(content) {
                Format::Html => Kind::Html,
                Format::Json => Kind::Json,
                _ => Kind::Text,
            },
            known => known,
        }
    }
}

/// The format that content looks like.
fn format_of(content: &[u8]) -> Format {
    Format::of_content(beginning_of(content))
}

fn beginning_of(content: &[u8]) -> &[u8] {
    &content[..content.len().min(BUFFER_BYTES)]
}

/// The same of an answer of which no type says what it is. `None` for what a crawl leaves behind that is no article: nothing,
/// pictures and other bytes, XML that is no feed and no page, code.
pub(super) fn format_of_unknown(content: &[u8]) -> Option<Format> {
    let text = encoding::decode(beginning_of(content)).ok()?;
    match format_of(content) {
        Format::Xml => None,
        Format::Text => is_prose(&text).then_some(Format::Text),
        known => Some(known),
    }
}

/// A text has so many words at least.
const LEAST_WORDS: usize = 3;
/// Of a script that writes no spaces between words, so many letters.
const LEAST_LETTERS: usize = 6;

/// Cue: some words, four of five pieces between spaces being words, and hardly a sign that code is full of.
fn is_prose(text: &str) -> bool {
    let is_sign = |byte: &u8| matches!(byte, b'{' | b'}' | b'=' | b'<' | b'>');
    if text.bytes().filter(is_sign).count() * 50 > text.len() {
        return false;
    }
    let (mut pieces, mut words) = (0, 0);
    for piece in text.split_whitespace() {
        pieces += 1;
        words += usize::from(is_word(piece));
    }
    let has_letters =
        || text.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()).nth(LEAST_LETTERS - 1).is_some();
    words * 5 >= pieces * 4 && (words >= LEAST_WORDS || words > 0 && has_letters())
}

/// Letters and figures with marks of a sentence around them. Marks of other scripts may stand between.
fn is_word(piece: &str) -> bool {
    let word = piece.trim_matches(|c: char| {
        matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '"' | '\'' | '(' | ')' | '[' | ']' | '*' | '_' | '#')
    });
    word.contains(char::is_alphanumeric)
        && word.chars().all(|c| !c.is_ascii() || c.is_ascii_alphanumeric() || matches!(c, '-' | '\''))
}

/// `js` of `https://post.example/a.js?b=c`.
fn ending_of(address: &str) -> &str {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let path =
        path.split_once("://").map_or(path, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_no_type_reads_as_prose() {
        for prose in [
            "The ferry is back.",
            "# Ferry returns\n\nIt's \"back\" (after all) - and well-known.",
            "渡し船が港に戻った。",
            "Паром вернулся в гавань.",
        ] {
            assert_eq!(format_of_unknown(prose.as_bytes()), Some(Format::Text), "{prose}");
        }
        for other in [
            "",
            " \n",
            "(function(){var a=1;function b(){return document.getElementById('x')}})();",
            "function add(one, other) {\n  return one + other;\n}\n",
            "body{color:red} .ferry{margin:0}",
            "body { color: red; margin: 0 }",
            "#EXTM3U\n#EXT-X-VERSION:3\nseg1.ts\n",
            "a=1&b=2&token=ferry",
            "post.example, pub-123, DIRECT, f08c",
            "OK",
            "<svg xmlns='http://www.w3.org/2000/svg'><text>The ferry is back.</text></svg>",
            "<?xml version='1.0'?><urlset><url/></urlset>",
            "\u{1}\u{0}\u{2}",
        ] {
            assert_eq!(format_of_unknown(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn an_address_has_the_ending_of_its_file() {
        for (address, ending) in [
            ("https://post.example/a.js?b=c.d", "js"),
            ("https://post.example", ""),
            ("https://post.example/2.0/a", ""),
            ("a.css", "css"),
        ] {
            assert_eq!(ending_of(address), ending, "{address}");
        }
    }
}
