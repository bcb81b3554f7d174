//! Fragments of HTML, as feeds have them in their descriptions, to paragraphs of text; and entities to characters.
//! Whole pages, with menus and banners, are not for here.

use std::borrow::Cow;

use memchr::{memchr, memmem};

/// Elements that begin and end a paragraph.
const BLOCKS: [&str; 36] = [
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "section",
    "article",
    "header",
    "footer",
    "figure",
    "figcaption",
    "table",
    "tr",
    "pre",
    "hr",
    "dl",
    "dt",
    "dd",
    "form",
    "address",
    "main",
    "aside",
    "nav",
    "body",
    "title",
    "caption",
    "fieldset",
    "details",
    "summary",
];
/// Elements whose content is no text.
const DROPPED: [&str; 7] = ["script", "style", "template", "noscript", "iframe", "svg", "object"];
/// No entity has a longer name.
const ENTITY_BYTES: usize = 34;

/// The name begins and ends a paragraph in HTML.
pub(super) fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name)
}

/// What is in elements of this name is no text.
pub(super) fn is_dropped(name: &str) -> bool {
    DROPPED.contains(&name)
}

/// The text of a fragment of HTML: paragraphs with a blank line between them. A fragment without any tag is plain text
/// and keeps its lines.
pub(super) fn text_of_html(html: &str) -> String {
    let mut reader = HtmlReader::default();
    let mut rest = html;
    while let Some(at) = memchr(b'<', rest.as_bytes()) {
        reader.text.push_decoded(&rest[..at]);
        rest = reader.markup(&rest[at..]);
    }
    if !reader.has_tags {
        return decode_entities(html).trim().to_owned();
    }
    reader.text.push_decoded(rest);
    reader.text.written
}

#[derive(Default)]
struct HtmlReader {
    text: Paragraphs,
    has_tags: bool,
    /// No further comment ends, so none is sought again.
    comments_stay_open: bool,
}

impl HtmlReader {
    /// Reads the mark-up `rest` begins with and returns what follows it.
    fn markup<'a>(&mut self, rest: &'a str) -> &'a str {
        if let Some(comment) = rest.strip_prefix("<!--") {
            self.has_tags = true;
            return self.behind_comment(comment);
        }
        if let Some(content) = rest.strip_prefix("<![CDATA[") {
            return content;
        }
        let Some(tag) = Tag::read(rest) else {
            self.text.push("<");
            return &rest[1..];
        };
        self.has_tags = true;
        let behind = &rest[tag.length..];
        match tag.name.as_str() {
            name if is_dropped(name) && tag.opens => return behind_element(name, behind),
            "br" => self.text.end_line(),
            "td" | "th" => self.text.push(" "),
            name if is_block(name) => self.text.end_paragraph(),
            _ => {}
        }
        behind
    }

    fn behind_comment<'a>(&mut self, comment: &'a str) -> &'a str {
        if self.comments_stay_open {
            return comment;
        }
        if let Some(end) = memmem::find(comment.as_bytes(), b"-->") {
            return &comment[end + 3..];
        }
        self.comments_stay_open = true;
        comment
    }
}

/// What follows the end tag of `name`; nothing when there is none.
fn behind_element<'a>(name: &str, text: &'a str) -> &'a str {
    let mut rest = text;
    while let Some(at) = memmem::find(rest.as_bytes(), b"</") {
        rest = &rest[at + 2..];
        if rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return memchr(b'>', rest.as_bytes()).map_or("", |end| &rest[end + 1..]);
        }
    }
    ""
}

/// A tag of HTML.
pub(super) struct Tag {
    /// In lower case.
    pub(super) name: String,
    /// It is neither an end tag nor closed in itself.
    pub(super) opens: bool,
    /// Bytes of the tag.
    pub(super) length: usize,
}

impl Tag {
    /// The tag `text` begins with; `None` when its first `<` is text.
    pub(super) fn read(text: &str) -> Option<Tag> {
        let inner = text.strip_prefix('<')?;
        let is_end = inner.starts_with('/');
        let name = &inner[usize::from(is_end)..];
        if !name.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '!' | '?')) {
            return None;
        }
        let length = tag_length(text.as_bytes())?;
        let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(name.len());
        let closed = text[..length].ends_with("/>");
        Some(Tag { name: name[..end].to_ascii_lowercase(), opens: !is_end && !closed, length })
    }
}

/// Bytes up to the `>` that ends a tag; one in a quoted value does not, and a `<` outside shows that there is no tag.
fn tag_length(tag: &[u8]) -> Option<usize> {
    let (mut quote, mut before) = (None, b'<');
    for (at, &byte) in tag.iter().enumerate().skip(1) {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
            (None, b'>') => return Some(at + 1),
            (None, b'<') => return None,
            _ => {}
        }
        before = if byte.is_ascii_whitespace() { before } else { byte };
    }
    None
}

/// Writes running text as paragraphs: white space becomes one space, and breaks come only between words.
#[derive(Debug, Default)]
pub(super) struct Paragraphs {
    pub(super) written: String,
    /// Line ends in `written`.
    line_ends: usize,
    /// What comes before the next word.
    pending: Pending,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Pending {
    #[default]
    Nothing,
    Space,
    Line,
    Paragraph,
}

impl Paragraphs {
    /// Adds running text in which entities are still to be read.
    pub(super) fn push_decoded(&mut self, text: &str) {
        self.push(&decode_entities(text));
    }

    /// Adds running text.
    pub(super) fn push(&mut self, text: &str) {
        for piece in text.split_inclusive(char::is_whitespace) {
            let word = piece.trim_end();
            if !word.is_empty() {
                self.write_pending();
                self.written.push_str(word);
            }
            if word.len() < piece.len() {
                self.pending = self.pending.max(Pending::Space);
            }
        }
    }

    /// The next word begins a line; after a second one a paragraph.
    pub(super) fn end_line(&mut self) {
        self.pending = if self.pending >= Pending::Line { Pending::Paragraph } else { Pending::Line };
    }

    /// The next word begins a paragraph.
    pub(super) fn end_paragraph(&mut self) {
        self.pending = Pending::Paragraph;
    }

    /// The line (from 0) the next word will stand in.
    pub(super) fn next_line(&self) -> usize {
        if self.written.is_empty() { 0 } else { self.line_ends + self.pending.line_ends() }
    }

    fn write_pending(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        if self.written.is_empty() {
            return;
        }
        self.line_ends += pending.line_ends();
        self.written.push_str(match pending {
            Pending::Nothing => "",
            Pending::Space => " ",
            Pending::Line => "\n",
            Pending::Paragraph => "\n\n",
        });
    }
}

impl Pending {
    fn line_ends(self) -> usize {
        match self {
            Pending::Nothing | Pending::Space => 0,
            Pending::Line => 1,
            Pending::Paragraph => 2,
        }
    }
}

/// `text` with entities made characters. What is no entity stays as it is.
pub(super) fn decode_entities(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr(b'&', text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut decoded = String::with_capacity(text.len());
    decoded.push_str(&text[..first]);
    let mut rest = &text[first..];
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        decoded.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let nearby = &rest.as_bytes()[..rest.len().min(ENTITY_BYTES)];
        match memchr(b';', nearby).and_then(|end| Some((entity(&rest[..end])?, end))) {
            Some((value, end)) => {
                decoded.push_str(&value);
                rest = &rest[end + 1..];
            }
            None => decoded.push('&'),
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// What the name between `&` and `;` stands for: `amp`, `eacute`, `#233`, `#xe9`. A control character is a space.
pub(super) fn entity(name: &str) -> Option<Cow<'static, str>> {
    let Some(number) = name.strip_prefix('#') else {
        return quick_xml::escape::resolve_html5_entity(name).map(Cow::Borrowed);
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    // Numbers that no character has are those of Windows-1252 in all pages that use them.
    let character = match u8::try_from(code) {
        Ok(byte @ 0x80..=0x9f) => encoding_rs::WINDOWS_1252.decode(&[byte]).0.chars().next()?,
        _ => char::from_u32(code)?,
    };
    let shown = if character.is_control() && !matches!(character, '\n' | '\t') { ' ' } else { character };
    Some(Cow::Owned(shown.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, text: &str) {
        assert_eq!(text_of_html(html), text);
    }

    #[test]
    fn blocks_are_paragraphs_and_breaks_are_lines() {
        check(
            "<p>One <b>big</b>\n ship.</p><p>Two<br/>lines<br><br>more",
            "One big ship.\n\nTwo\nlines\n\nmore",
        );
        check("<ul><li>a</li><li>b</li></ul>", "a\n\nb");
        check("<table><tr><td>1</td><td>2</td></tr></table>", "1 2");
    }

    #[test]
    fn scripts_styles_and_comments_are_no_text() {
        check(
            "a <script>if (a < b) { x(\"</p>\") }</SCRIPT > b <style>p {}</style><!-- <p>c</p> -->d",
            "a b d",
        );
        check("a <!-- open <p>b", "a open\n\nb");
        check("a <script>open", "a");
    }

    #[test]
    fn what_only_looks_like_a_tag_is_text() {
        check("1 < 2 and <3 & more", "1 < 2 and <3 & more");
        check("<p>1 < 2, a <b", "1 < 2, a <b");
        check("<a title=\"x > y\" href='z'>link</a>", "link");
    }

    #[test]
    fn text_without_tags_keeps_its_lines() {
        check(" One &amp; two.\n\nThree.\n", "One & two.\n\nThree.");
    }

    #[test]
    fn entities_are_characters() {
        check(
            "&eacute;&#233;&#xE9;&nbsp;&hellip; &unknown; &amp;lt; AT&T; &#150;",
            "ééé\u{a0}… &unknown; &lt; AT&T; –",
        );
        check("<p>a&nbsp;b", "a b");
        assert_eq!(decode_entities("&#0;&#3;&#x110000;"), "  &#x110000;");
    }
}
