//! The ids of articles.

use std::borrow::Cow;

use crate::shorten::shortened;

/// The longest id, in bytes.
const ID_BYTES: usize = 512;

/// The id of an article that brought this one: itself, or, since an index holds no terms of any length, its beginning and a hash of the
/// whole of it.
pub fn of_name(name: &str) -> Cow<'_, str> {
    shortened(name, ID_BYTES).map_or(Cow::Borrowed(name), Cow::Owned)
}

/// The first 16 hexadecimal digits of the BLAKE3 hash of `text`, white space at line ends and blank lines at the end
/// left out. It depends on the content alone: the same on every machine, wherever the file lies.
pub(crate) fn of_content(text: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    for line in text.trim_end().split('\n') {
        hasher.update(line.trim_end().as_bytes());
        hasher.update(b"\n");
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::{ID_BYTES, of_content, of_name};

    #[test]
    fn ids_without_end_stay_different() {
        let long = |tail: &str| of_name(&("é".repeat(40_000) + tail)).into_owned();
        assert!(long("a").len() <= ID_BYTES && long("a").starts_with("éé"));
        assert_ne!(long("a"), long("b"));
        assert_eq!(of_name(&long("a")), long("a"));
        assert_eq!(of_name("wire-1"), "wire-1");
    }

    #[test]
    fn white_space_at_line_ends_does_not_change_the_id() {
        assert_eq!(of_content("One \n\nTwo\t\n\n"), of_content("One\n\nTwo"));
    }

    #[test]
    fn another_text_has_another_id() {
        assert_ne!(of_content("One\nTwo"), of_content("One\n\nTwo"));
        assert_eq!(of_content("One").len(), 16);
    }
}
