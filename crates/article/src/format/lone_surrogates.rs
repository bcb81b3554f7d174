//! Halves of characters: JSON writes what is beyond 16 bits as two escapes, and where a program has cut a text between them, one of
//! them is left, `\ud83d`, which stands for nothing.

use memchr::memchr;

/// What stands in the place of one: the character for what is none, as long as it.
const REPLACEMENT: &str = "\\ufffd";

/// `json` with [`REPLACEMENT`] in their place; `None` where it has none of them.
pub(super) fn replaced(json: &str) -> Option<String> {
    let mut lone = next_lone(json, 0)?;
    let mut readable = String::with_capacity(json.len());
    loop {
        readable.push_str(&json[readable.len()..lone]);
        readable.push_str(REPLACEMENT);
        match next_lone(json, readable.len()) {
            Some(next) => lone = next,
            None => break,
        }
    }
    readable.push_str(&json[readable.len()..]);
    Some(readable)
}

/// Where the first half without the other stands, from a place on that is in no escape.
fn next_lone(json: &str, from: usize) -> Option<usize> {
    let mut from = from;
    loop {
        let at = from + memchr(b'\\', json.as_bytes().get(from..)?)?;
        from = at
            + match unit_at(json, at) {
                None => 2,
                Some(0xD800..=0xDBFF) if matches!(unit_at(json, at + 6), Some(0xDC00..=0xDFFF)) => 12,
                Some(0xD800..=0xDFFF) => return Some(at),
                Some(_) => 6,
            };
    }
}

/// The number of the escape that stands there, if it is one of four digits.
fn unit_at(json: &str, at: usize) -> Option<u16> {
    let digits = json.as_bytes().get(at..at + 6)?.strip_prefix(b"\\u")?;
    let digit =
        |number: Option<u16>, digit: &u8| Some(number? << 4 | char::from(*digit).to_digit(16)? as u16);
    digits.iter().fold(Some(0), digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_without_the_other_is_replaced_and_whole_characters_stay() {
        let check =
            |json: &str, readable: Option<&str>| assert_eq!(replaced(json).as_deref(), readable, "{json}");
        check(r#"{"a": "\ud83d", "b": "\uDE00ä"}"#, Some(r#"{"a": "\ufffd", "b": "\ufffdä"}"#));
        check(
            r#""\ud83d\ude00 \ud83d\ud83d\ude00 \ude00""#,
            Some(r#""\ud83d\ude00 \ufffd\ud83d\ude00 \ufffd""#),
        );
        check(r#""\ud83d\u0041\ud83d\n""#, Some(r#""\ufffd\u0041\ufffd\n""#));
        check(r#""\ud83d\ude00 \\ud83d \u00e9 \" é""#, None);
        check(r#""\ud83é \ud83"#, None);
        check("\\", None);
        check("", None);
    }
}
