//! Text from articles must not act on a terminal: no escape sequences, no overrides of direction.

use std::path::Path;

/// The character as it may be shown: control characters as U+FFFD, white space as a space, invisible characters that
/// change the direction of text as U+FFFD.
pub(crate) fn safe_char(c: char) -> char {
    match c {
        '\n' | '\t' | '\r' => ' ',
        c if c.is_control() || is_direction(c) => '\u{FFFD}',
        c => c,
    }
}

/// The text as it may be shown, on one line.
pub(crate) fn safe(text: &str) -> String {
    text.chars().map(safe_char).collect()
}

/// The path as it may be shown: what is not text or would act is escaped, as in `a\nb`.
pub(crate) fn safe_path(path: &Path) -> String {
    let mut shown = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        for c in chunk.valid().chars() {
            if c.is_control() || is_direction(c) {
                shown.extend(c.escape_default());
            } else {
                shown.push(c);
            }
        }
        shown.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    shown
}

/// The path from the current folder where it lies below it.
pub(crate) fn relative(path: &Path) -> &Path {
    use std::sync::OnceLock;
    static CURRENT: OnceLock<Option<std::path::PathBuf>> = OnceLock::new();
    let current = CURRENT.get_or_init(|| std::env::current_dir().ok());
    current.as_ref().and_then(|current| path.strip_prefix(current).ok()).unwrap_or(path)
}

fn is_direction(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_acts_is_shown() {
        assert_eq!(safe("a\u{1b}[2Jb\u{202E}c\nd\u{9b}e"), "a\u{FFFD}[2Jb\u{FFFD}c d\u{FFFD}e");
        assert_eq!(safe_path(Path::new("a\nb.txt")), "a\\nb.txt");
    }
}
