//! Which words before a colon are fields, and which look like a slip of the hand. Knows nothing of values.

use crate::ast::Field;

/// What a word before a colon is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    /// A field of text.
    Field(Field),
    /// `date`, which takes dates.
    Date,
    /// Nearly a field: the one that was probably meant.
    NearMiss(&'static str),
    /// Ordinary text.
    Other,
}

/// Longest text that can be a slip for a name.
const LONGEST: usize = 12;

/// Reads the text before a colon.
pub(crate) fn read(text: &str) -> Name {
    if text.is_empty() || text.len() > LONGEST || !text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Name::Other;
    }
    let lower = text.to_ascii_lowercase();
    if lower == DATE {
        return Name::Date;
    }
    match Field::NAMES.into_iter().find(|(_, name)| *name == lower) {
        Some((field, _)) => Name::Field(field),
        None => nearest(&lower).map_or(Name::Other, Name::NearMiss),
    }
}

/// Every name that can stand before a colon, for people.
pub(crate) fn list() -> String {
    names().collect::<Vec<_>>().join(", ")
}

const DATE: &str = "date";

fn names() -> impl Iterator<Item = &'static str> {
    Field::NAMES.into_iter().map(|(_, name)| name).chain([DATE])
}

fn nearest(lower: &str) -> Option<&'static str> {
    names()
        .filter(|name| name.len().abs_diff(lower.len()) <= slips_allowed(name))
        .map(|name| (distance(lower, name), name))
        .filter(|(distance, name)| *distance <= slips_allowed(name))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Short names are near to too many words to guess.
fn slips_allowed(name: &str) -> usize {
    match name.len() {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    }
}

/// Edits between two ASCII words of at most [`LONGEST`] letters, a transposition of neighbours being one
/// (optimal string alignment).
fn distance(left: &str, right: &str) -> usize {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let mut edits = [[0; LONGEST + 1]; LONGEST + 1];
    for row in 0..=left.len() {
        for column in 0..=right.len() {
            edits[row][column] = if row == 0 || column == 0 {
                row + column
            } else {
                let differs = usize::from(left[row - 1] != right[column - 1]);
                let replaced = edits[row - 1][column - 1] + differs;
                let edited = replaced.min(edits[row - 1][column] + 1).min(edits[row][column - 1] + 1);
                if are_crossed(&left[..row], &right[..column]) {
                    edited.min(edits[row - 2][column - 2] + 1)
                } else {
                    edited
                }
            };
        }
    }
    edits[left.len()][right.len()]
}

/// Whether the last two letters of one are those of the other in reverse.
fn are_crossed(left: &[u8], right: &[u8]) -> bool {
    matches!((left, right), ([.., a, b], [.., c, d]) if a == d && b == c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_known_in_any_case() {
        assert_eq!(read("title"), Name::Field(Field::Title));
        assert_eq!(read("HLead"), Name::Field(Field::Hlead));
        assert_eq!(read("Date"), Name::Date);
    }

    #[test]
    fn a_slip_names_the_field_that_was_meant() {
        for (slip, meant) in [
            ("titel", "title"),
            ("titles", "title"),
            ("auhtro", "author"),
            ("dat", "date"),
            ("capton", "caption"),
        ] {
            assert_eq!(read(slip), Name::NearMiss(meant), "{slip}");
        }
    }

    #[test]
    fn other_words_are_text() {
        for word in
            ["http", "https", "note", "is", "mailto", "re", "", "12", "a-b", "thisislongerthananyfield"]
        {
            assert_eq!(read(word), Name::Other, "{word}");
        }
    }

    #[test]
    fn a_transposition_is_one_edit() {
        assert_eq!(distance("titel", "title"), 1);
        assert_eq!(distance("", "id"), 2);
        assert_eq!(distance("lead", "lead"), 0);
        assert_eq!(distance("outlets", "outlet"), 1);
    }
}
