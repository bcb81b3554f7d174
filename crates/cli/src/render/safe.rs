//! Text from articles must not act on a terminal: no escape sequences, no overrides of direction.

use std::path::Path;

use article::{Shown, acts};

/// The character as it may be shown: control characters as U+FFFD, white space as a space, invisible characters that
/// change the direction of text as U+FFFD.
pub(crate) fn safe_char(c: char) -> char {
    match c {
        '\n' | '\t' | '\r' | '\u{2028}' | '\u{2029}' => ' ',
        c if acts(c) => '\u{FFFD}',
        c => c,
    }
}

/// The text as it may be shown, on one line.
pub(crate) fn safe(text: &str) -> String {
    text.chars().map(safe_char).collect()
}

/// The path as it may be shown: what is not text or would act is escaped, as in `a\nb`.
pub(crate) fn safe_path(path: &Path) -> String {
    Shown(path).to_string()
}

/// The text as a cell of a table: safe, and no formula to a program that opens the table. Such a program computes what begins
/// with one of four characters, which an apostrophe makes text. A dash alone is a cell without a value.
pub(crate) fn cell(text: &str) -> String {
    let text = safe(text);
    if text.len() > 1 && text.trim_start().starts_with(['=', '+', '-', '@']) {
        return format!("'{text}");
    }
    text
}

/// The path from the current folder where it lies below it.
pub(crate) fn relative(path: &Path) -> &Path {
    use std::sync::OnceLock;
    static CURRENT: OnceLock<Option<std::path::PathBuf>> = OnceLock::new();
    let current = CURRENT.get_or_init(|| std::env::current_dir().ok());
    current.as_ref().and_then(|current| path.strip_prefix(current).ok()).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_acts_is_shown() {
        assert_eq!(safe("a\u{1b}[2Jb\u{202E}c\nd\u{9b}e"), "a\u{FFFD}[2Jb\u{FFFD}c d\u{FFFD}e");
        assert_eq!(safe("a\u{2028}b\u{206A}"), "a b\u{FFFD}");
        assert_eq!(safe_path(Path::new("a\nb.txt")), "a\\nb.txt");
    }

    #[test]
    fn no_cell_is_a_formula() {
        for text in ["=1+1", "@SUM(A1)", "+1", "-1", " =1", "\t=1", "=\u{202E}"] {
            assert!(cell(text).starts_with('\''), "{text}");
        }
        assert_eq!((cell("-").as_str(), cell("a=b").as_str(), cell("").as_str()), ("-", "a=b", ""));
    }
}
