//! What is written for numbers that are none: `NaN` and `Infinity`, which JSON does not have and some programs write all the
//! same.

use memchr::memmem;

/// The words, the longest first.
const WORDS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];

/// `json` with `null` in their place; `None` where it has none of them outside of its strings.
pub(super) fn replaced(json: &str) -> Option<String> {
    if WORDS[1..].iter().all(|word| memmem::find(json.as_bytes(), word.as_bytes()).is_none()) {
        return None;
    }
    let mut readable = String::with_capacity(json.len() + 16);
    let mut rest = json;
    let mut is_changed = false;
    while let Some(at) = rest.find(['"', '-', 'I', 'N']) {
        let (before, behind) = rest.split_at(at);
        readable.push_str(before);
        let word = WORDS.iter().find(|word| behind.starts_with(**word));
        let length = match word {
            Some(word) => word.len(),
            None if behind.starts_with('"') => string_bytes(behind),
            None => 1,
        };
        let (taken, left) = behind.split_at(length);
        readable.push_str(if word.is_some() { "null" } else { taken });
        is_changed |= word.is_some();
        rest = left;
    }
    readable.push_str(rest);
    is_changed.then_some(readable)
}

/// The length of the string that `text` begins with, with its quotes; all of the text where it does not end.
fn string_bytes(text: &str) -> usize {
    let mut bytes = text.bytes().enumerate().skip(1);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return at + 1,
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_is_nothing_and_strings_stay() {
        let check =
            |json: &str, readable: Option<&str>| assert_eq!(replaced(json).as_deref(), readable, "{json}");
        check(r#"{"a": NaN, "b": [-Infinity,Infinity]}"#, Some(r#"{"a": null, "b": [null,null]}"#));
        check(r#"{"a \" NaN": "\\", "b": NaN}"#, Some(r#"{"a \" NaN": "\\", "b": null}"#));
        check(r#"{"a": "NaN \" Infinity"}"#, None);
        check(r#"{"a": -1}"#, None);
        check(r#"NaN "ä"#, Some(r#"null "ä"#));
        check("", None);
    }
}
