//! What a server's answer is: what it is said to be, else what its beginning shows.

use super::head::MediaType;
use super::{BUFFER_BYTES, Format};

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
pub(super) fn format_of(content: &[u8]) -> Format {
    Format::of_content(&content[..content.len().min(BUFFER_BYTES)])
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
