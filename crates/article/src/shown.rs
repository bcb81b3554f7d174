//! Paths as they may be shown: whatever a file is called, its name does nothing to a terminal and stays on one line.

use std::fmt::{self, Write};
use std::path::Path;

/// Shows a path: what is no text, or would act on a terminal, is escaped, as in `a\nb` and `\xff`.
pub struct Shown<'a>(pub &'a Path);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.as_os_str().as_encoded_bytes().utf8_chunks() {
            for c in chunk.valid().chars() {
                if acts(c) {
                    write!(formatter, "{}", c.escape_default())?;
                } else {
                    formatter.write_char(c)?;
                }
            }
            for byte in chunk.invalid() {
                write!(formatter, "\\x{byte:02x}")?;
            }
        }
        Ok(())
    }
}

/// Would the character do something other than to be seen? Control characters do, ends of lines and paragraphs, and the
/// invisible characters that change the direction or the shape of the text around them.
pub fn acts(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61C}'
                | '\u{200E}'
                | '\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2066}'..='\u{206F}'
                | '\u{FFF9}'..='\u{FFFB}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_shown_on_one_line_and_does_nothing() {
        let shown = |path: &str| Shown(Path::new(path)).to_string();
        assert_eq!(shown("a b/ç–北.txt"), "a b/ç–北.txt");
        assert_eq!(shown("a\nb\u{1b}[2J\u{202E}\u{9b}\u{2028}"), "a\\nb\\u{1b}[2J\\u{202e}\\u{9b}\\u{2028}");
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_no_text_are_shown_as_such() {
        use std::os::unix::ffi::OsStrExt;
        let name = std::ffi::OsStr::from_bytes(b"caf\xe9.txt");
        assert_eq!(Shown(Path::new(name)).to_string(), "caf\\xe9.txt");
    }
}
