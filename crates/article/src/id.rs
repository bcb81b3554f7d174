//! The id of an article that brought none.

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
    use super::of_content;

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
