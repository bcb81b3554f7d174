//! Pages in HTML that stand inside other formats: e-mail and archives of the web. The only place that knows how HTML is
//! read for them.

use super::Record;
use super::record::{Choice, Key};
use crate::article::Article;
use crate::encoding;
use crate::error::ReadError;

/// The article of a page. `charset` is the encoding that its server named, where it did.
pub(super) fn article(record: &Record, page: &[u8], charset: Option<&str>) -> Result<Article, ReadError> {
    let page = decode(record, page, charset)?;
    let mut choice = Choice::default();
    choice.offer(Key::Title, 0, title(&page).into());
    choice.offer(Key::Body, 0, text(&page).into());
    super::record::article(choice.into_fields(), record)
}

/// The text of a page, without its head, scripts and styles.
pub(super) fn text(page: &str) -> String {
    mail_parser::decoders::html::html_to_text(page)
}

/// What `bytes` say in the encoding `charset`, or in the one they look like.
pub(super) fn decode(record: &Record, bytes: &[u8], charset: Option<&str>) -> Result<String, ReadError> {
    // What says that it is UTF-8 is often not; a guess that looks at the bytes is right about both.
    let named = charset.and_then(|label| encoding_rs::Encoding::for_label(label.trim().as_bytes()));
    if let Some(encoding) = named.filter(|encoding| *encoding != encoding_rs::UTF_8) {
        return Ok(encoding::clean(encoding.decode(bytes).0).into_owned());
    }
    encoding::decode(bytes).map(std::borrow::Cow::into_owned).map_err(|_| {
        let (path, line) = super::place(record);
        ReadError::Binary { path, line }
    })
}

/// What stands between `<title>` and `</title>`.
fn title(page: &str) -> String {
    let lower = page.to_ascii_lowercase();
    let found = lower.find("<title").and_then(|start| {
        let start = start + lower[start..].find('>')? + 1;
        let end = start + lower[start..].find("</title")?;
        page.get(start..end)
    });
    found.map(text).unwrap_or_default()
}
