//! Dumps of wikis of MediaWiki (`pages-articles.xml`): each page is an article, of any size a dump may have, because one
//! page is held at a time. Passed over without a word: redirects, and pages of other namespaces than that of articles
//! (talk, files, categories, templates). Of several revisions the last counts.
//!
//! The date is that of the revision, the outlet the wiki, the address that of the page. [`super::wikitext`] says what
//! becomes of the mark-up.

use memchr::memmem;

use super::collection::Collection;
use super::record::Fields;
use super::tree::Element;
use super::wikitext;
use super::{Format, Reader, xml};
use crate::article::Kind;
use crate::{date, language};

pub(super) const READER: Reader =
    Reader { format: Format::Wiki, name: "wiki", extensions: &[], split: xml::split, parse: xml::parse };

/// A redirect, or a page of another namespace. Looks at tags alone, so that such pages cost nothing.
pub(super) fn is_passed_over(page: &[u8]) -> bool {
    let head = &page[..memmem::find(page, b"<revision").unwrap_or(page.len())];
    if memmem::find(head, b"<redirect").is_some() {
        return true;
    }
    if let Some(namespace) = between(head, b"<ns>", b"</ns>") {
        return namespace.trim_ascii() != b"0";
    }
    // Dumps of old have neither mark.
    let text = memmem::find(page, b"<text").and_then(|at| between(&page[at..], b">", b"</text>"));
    text.is_some_and(|text| {
        text.trim_ascii_start().get(..9).is_some_and(|word| word.eq_ignore_ascii_case(b"#redirect"))
    })
}

fn between<'a>(bytes: &'a [u8], before: &[u8], behind: &[u8]) -> Option<&'a [u8]> {
    let rest = &bytes[memmem::find(bytes, before)? + before.len()..];
    Some(&rest[..memmem::find(rest, behind)?])
}

/// What a page says.
pub(super) fn fields(page: &Element, collection: &Collection) -> Fields {
    let revision = page.all("revision").last();
    let of_revision = |name| revision.and_then(|revision| revision.at(&[name]));
    let title = page.at(&["title"]).and_then(Element::line);
    let said = || of_revision("model").and_then(Element::line);
    let text = of_revision("text").map(Element::text).unwrap_or_default();
    let mut fields = Fields {
        id: page.at(&["id"]).and_then(Element::line),
        date: of_revision("timestamp").and_then(|stamp| date::parse(&stamp.text())),
        outlet: collection.name.clone(),
        url: title.as_deref().and_then(|title| address(collection.base.as_deref()?, title)),
        language: collection.language.as_deref().and_then(language::code_of_name),
        title,
        is_clean: true,
        ..Fields::default()
    };
    if said().is_some_and(|model| model != "wikitext") {
        fields.body = Some(text).filter(|text| !text.trim().is_empty());
        return fields;
    }
    let plain = wikitext::plain(&text, &collection.hidden);
    fields.body_kinds = plain.headings.iter().map(|line| (*line, Kind::Heading)).collect();
    let mut body = plain.text;
    if !body.is_empty() && !plain.aside.is_empty() {
        body.push_str("\n\n");
    }
    let first = memchr::memchr_iter(b'\n', body.as_bytes()).count();
    body.push_str(&plain.aside.join("\n"));
    // Where there is nothing else, as on lists, they are the text.
    fields.body_kinds.extend((first..first + plain.aside.len()).map(|line| (line, Kind::Footer)));
    fields.body = Some(body).filter(|text| !text.is_empty());
    fields
}

/// The address of a page, beside that of the page `base`.
fn address(base: &str, title: &str) -> Option<String> {
    let (folder, _) = base.rsplit_once('/')?;
    let mut address = format!("{folder}/");
    for character in title.chars() {
        match character {
            ' ' => address.push('_'),
            '%' | '?' | '"' | '<' | '>' | '#' => {
                address.extend(['%', hexadecimal(character, 4), hexadecimal(character, 0)]);
            }
            other => address.push(other),
        }
    }
    Some(address)
}

/// A digit of an ASCII character's code.
fn hexadecimal(character: char, shift: u32) -> char {
    char::from_digit(u32::from(character) >> shift & 15, 16).map_or('0', |digit| digit.to_ascii_uppercase())
}
