//! Paths as text, without loss: an index stores text, and a path on Unix is any bytes.
//!
//! A byte that is not part of valid UTF-8 becomes a character of the last private-use plane,
//! U+10FF00 plus the byte, and comes back as that byte. So do the bytes of those characters themselves.

use std::path::{Path, PathBuf};

const ESCAPE_BASE: u32 = 0x10_FF00;

/// The path as text.
pub fn to_text(path: &Path) -> String {
    match path.to_str() {
        Some(text) if !text.chars().any(is_escape) => text.to_owned(),
        _ => escape(path.as_os_str().as_encoded_bytes()),
    }
}

/// The path that [`to_text`] was given.
pub fn from_text(text: &str) -> PathBuf {
    if !text.chars().any(is_escape) {
        return PathBuf::from(text);
    }
    unescape(text)
}

fn escape(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let escaped = |byte: u8| char::from_u32(ESCAPE_BASE + u32::from(byte));
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            if is_escape(c) {
                text.extend(c.encode_utf8(&mut [0; 4]).bytes().filter_map(escaped));
            } else {
                text.push(c);
            }
        }
        text.extend(chunk.invalid().iter().copied().filter_map(escaped));
    }
    text
}

#[cfg(unix)]
fn unescape(text: &str) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        if is_escape(c) {
            bytes.push((c as u32 - ESCAPE_BASE) as u8);
        } else {
            bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn unescape(text: &str) -> PathBuf {
    PathBuf::from(text)
}

fn is_escape(c: char) -> bool {
    (ESCAPE_BASE + 0x80..=ESCAPE_BASE + 0xFF).contains(&(c as u32))
}

#[cfg(all(test, unix))]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::path::Path;

    use super::{from_text, to_text};

    #[test]
    fn any_path_comes_back_as_it_was() {
        for bytes in
            [&b"/a/b.txt"[..], "/ü/北".as_bytes(), b"/bad\xFF\xC3/\n.txt", "/\u{10FFFF}.txt".as_bytes()]
        {
            let path = Path::new(OsStr::from_bytes(bytes));
            assert_eq!(from_text(&to_text(path)), path);
        }
    }

    #[test]
    fn no_two_paths_are_one_text() {
        let (character, byte) = ("/\u{10FFFF}".as_bytes(), b"/\xFF");
        assert_ne!(
            to_text(Path::new(OsStr::from_bytes(character))),
            to_text(Path::new(OsStr::from_bytes(byte)))
        );
    }
}
