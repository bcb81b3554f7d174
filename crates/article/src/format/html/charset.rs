//! The encoding of a page: what its bytes tell, else what its beginning or its transport says, else what its letters
//! suggest.

use std::borrow::Cow;

use super::scan::{Token, scan};
use crate::encoding;
use crate::error::ReadError;
use crate::format::Record;

/// As much of a page as is searched for the name of its encoding.
const SAMPLE_BYTES: usize = 4 * 1024;

/// The text of a page; `label` is the encoding its transport named. `record` is who an error is about.
///
/// # Errors
/// The bytes are no text, or none but white space.
pub(in crate::format) fn decode<'a>(
    record: &Record,
    bytes: &'a [u8],
    label: Option<&str>,
) -> Result<Cow<'a, str>, ReadError> {
    let named = label.map(str::to_owned).or_else(|| label_in(bytes));
    let (path, line) = (record.source.path.clone(), record.source.line);
    let Ok(text) = encoding::decode_labelled(bytes, named.as_deref()) else {
        return Err(ReadError::Binary { path, line });
    };
    if text.trim().is_empty() { Err(ReadError::Empty { path, line }) } else { Ok(text) }
}

/// The encoding that `<meta charset>` or its older form names, or an XML declaration.
fn label_in(bytes: &[u8]) -> Option<String> {
    let sample = String::from_utf8_lossy(bytes.get(..SAMPLE_BYTES).unwrap_or(bytes));
    if sample.starts_with("<?xml") {
        let declaration = sample.split("?>").next().unwrap_or_default();
        let name = declaration.split("encoding=").nth(1).and_then(|value| value.split(['"', '\'']).nth(1));
        if let Some(name) = name {
            return Some(name.to_owned());
        }
    }
    scan(&sample).find_map(|token| match token {
        Token::Open(tag) if tag.is("meta") => {
            let charset = tag.attribute("charset").map(Cow::into_owned);
            charset.or_else(|| charset_in(&tag.attribute("content")?))
        }
        _ => None,
    })
}

/// The encoding in `text/html; charset=iso-8859-2`.
fn charset_in(content: &str) -> Option<String> {
    let lower = content.to_ascii_lowercase();
    let value = lower.split_once("charset")?.1.trim_start().strip_prefix('=')?.trim_start();
    let name = value.trim_start_matches(['"', '\'']).split(['"', '\'', ';', ' ']).next()?;
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::label_in;

    #[test]
    fn a_page_names_its_encoding_in_three_ways() {
        let label = |html: &str| label_in(html.as_bytes());
        assert_eq!(label("<html><meta charset=Shift_JIS>").as_deref(), Some("Shift_JIS"));
        let older = "<META http-equiv=Content-Type content='text/html; charset=iso-8859-2'>";
        assert_eq!(label(older).as_deref(), Some("iso-8859-2"));
        assert_eq!(
            label("<?xml version='1.0' encoding='windows-1251'?><html>").as_deref(),
            Some("windows-1251")
        );
        assert_eq!(label("<!-- <meta charset=x> --><p>a"), None);
    }
}
