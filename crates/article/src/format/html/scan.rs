//! HTML as a stream of tags and texts, read once from front to back without a tree. Anything is HTML: what is no tag is
//! text. The work is linear in the length of the page, however broken it is.

use std::borrow::Cow;

use memchr::{memchr, memmem};

/// Elements whose content is text up to their own end tag.
const RAW_ELEMENTS: [&str; 7] = ["script", "style", "textarea", "title", "xmp", "iframe", "noframes"];

/// A piece of a page.
#[derive(Clone, Copy, Debug)]
pub(super) enum Token<'a> {
    /// Text between tags, entities not yet decoded.
    Text(&'a str),
    /// What stands in an element that holds no tags, such as a script.
    Raw(Tag<'a>, &'a str),
    /// A start tag.
    Open(Tag<'a>),
    /// The name in an end tag.
    Close(&'a str),
}

/// A start tag.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag<'a> {
    /// The name as written.
    pub(super) name: &'a str,
    /// Everything behind the name.
    attributes: &'a str,
    pub(super) attribute_count: usize,
}

impl<'a> Tag<'a> {
    /// The names and values of its attributes, values not yet decoded.
    pub(super) fn attributes(&self) -> Attributes<'a> {
        Attributes { text: self.attributes, at: 0 }
    }

    /// The value of an attribute, `name` in lower case; empty where it has none.
    pub(super) fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        self.attributes().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| decoded(value))
    }

    /// It ends with a slash.
    pub(super) fn is_self_closing(&self) -> bool {
        self.attributes.ends_with('/')
    }

    /// Whether its name is `name`, in lower case.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// `text` with its entities decoded.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    if memchr(b'&', text.as_bytes()).is_none() { Cow::Borrowed(text) } else { htmlize::unescape(text) }
}

/// The tokens of `html`.
pub(super) fn scan(html: &str) -> Scan<'_> {
    Scan { html, at: 0, raw: None }
}

/// See [`scan`].
#[derive(Clone, Debug)]
pub(super) struct Scan<'a> {
    html: &'a str,
    at: usize,
    /// The element just opened, whose content is text.
    raw: Option<Tag<'a>>,
}

impl<'a> Iterator for Scan<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(tag) = self.raw.take() {
            return Some(self.raw_text(tag));
        }
        while self.at < self.html.len() {
            let rest = self.rest();
            let text_bytes = bytes_before_markup(rest);
            if text_bytes > 0 {
                self.at += text_bytes;
                return rest.get(..text_bytes).map(Token::Text);
            }
            if let Some(token) = self.markup(rest) {
                return Some(token);
            }
        }
        None
    }
}

impl<'a> Scan<'a> {
    fn rest(&self) -> &'a str {
        self.html.get(self.at..).unwrap_or_default()
    }

    /// Takes what begins with `<`; comments and the like give nothing.
    fn markup(&mut self, rest: &'a str) -> Option<Token<'a>> {
        if rest.starts_with("<!--") {
            self.at += end_of_comment(rest);
            return None;
        }
        let is_close = rest.starts_with("</");
        let name_start = if is_close { 2 } else { 1 };
        let behind = rest.get(name_start..).unwrap_or_default();
        if !behind.starts_with(|c: char| c.is_ascii_alphabetic()) {
            self.at += memchr(b'>', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
            return None;
        }
        let is_end = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>');
        let name = behind.split(is_end).next().unwrap_or_default();
        let attributes = behind.get(name.len()..).unwrap_or_default();
        let mut reader = Attributes { text: attributes, at: 0 };
        let attribute_count = reader.by_ref().count();
        let attributes = attributes.get(..reader.at).unwrap_or_default();
        self.at += name_start + name.len() + (reader.at + 1).min(behind.len() - name.len());
        if is_close {
            return Some(Token::Close(name));
        }
        let tag = Tag { name, attributes, attribute_count };
        if RAW_ELEMENTS.iter().any(|raw| tag.is(raw)) {
            self.raw = Some(tag);
        }
        Some(Token::Open(tag))
    }

    /// The content of `tag`, up to its end tag, which is left to be read.
    fn raw_text(&mut self, tag: Tag<'a>) -> Token<'a> {
        let rest = self.rest();
        let is_end = |at: &usize| {
            let behind = rest.as_bytes().get(at + 2..at + 3 + tag.name.len()).unwrap_or_default();
            behind.split_last().is_some_and(|(after, name)| {
                name.eq_ignore_ascii_case(tag.name.as_bytes())
                    && (after.is_ascii_whitespace() || matches!(after, b'>' | b'/'))
            })
        };
        let end = memmem::find_iter(rest.as_bytes(), "</").find(is_end).unwrap_or(rest.len());
        self.at += end;
        Token::Raw(tag, rest.get(..end).unwrap_or_default())
    }
}

/// How much of `rest` comes before the next tag or comment.
fn bytes_before_markup(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let begins_markup = |at: &usize| {
        bytes.get(at + 1).is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?'))
    };
    memchr::memchr_iter(b'<', bytes).find(begins_markup).unwrap_or(bytes.len())
}

/// The length of the comment that `rest` begins with: to its end mark, or to the end of the page.
fn end_of_comment(rest: &str) -> usize {
    if rest.starts_with("<!-->") {
        return 5;
    }
    memmem::find(rest.as_bytes(), b"-->").map_or(rest.len(), |end| end + 3)
}

/// The attributes of a tag, one after the other.
#[derive(Debug)]
pub(super) struct Attributes<'a> {
    text: &'a str,
    /// Where the next one begins; at the end, the place of the `>`.
    at: usize,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        self.pass(|byte| byte.is_ascii_whitespace() || byte == b'/');
        let name_start = self.at;
        // An equals sign at the start belongs to the name.
        self.at += usize::from(self.byte() == Some(b'='));
        self.pass(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>' | b'='));
        let name = self.text.get(name_start..self.at)?;
        if name.is_empty() {
            return None;
        }
        let name_end = self.at;
        self.pass(|byte| byte.is_ascii_whitespace());
        if self.byte() != Some(b'=') {
            self.at = name_end;
            return Some((name, ""));
        }
        self.at += 1;
        self.pass(|byte| byte.is_ascii_whitespace());
        Some((name, self.value()))
    }
}

impl<'a> Attributes<'a> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn pass(&mut self, is_passed: impl Fn(u8) -> bool) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += rest.iter().position(|byte| !is_passed(*byte)).unwrap_or(rest.len());
    }

    fn value(&mut self) -> &'a str {
        if let Some(quote @ (b'"' | b'\'')) = self.byte() {
            let start = self.at + 1;
            let rest = self.text.get(start..).unwrap_or_default();
            let length = memchr(quote, rest.as_bytes()).unwrap_or(rest.len());
            self.at = (start + length + 1).min(self.text.len());
            return rest.get(..length).unwrap_or_default();
        }
        let start = self.at;
        self.pass(|byte| !byte.is_ascii_whitespace() && byte != b'>');
        self.text.get(start..self.at).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, tokens: &[&str]) {
        let found: Vec<String> = scan(html)
            .map(|token| match token {
                Token::Text(text) => text.to_owned(),
                Token::Raw(tag, text) => format!("{}: {text}", tag.name),
                Token::Close(name) => format!("/{name}"),
                Token::Open(tag) => {
                    let attributes = tag.attributes().map(|(name, value)| format!(" {name}={value}"));
                    format!("<{}{}>", tag.name, attributes.collect::<String>())
                }
            })
            .collect();
        assert_eq!(found, tokens);
    }

    #[test]
    fn tags_have_names_and_attributes_however_they_are_quoted() {
        check("<p>a</p>", &["<p>", "a", "/p"]);
        check("<a href='x>y' b=1 c d = \"2\"/>z", &["<a href=x>y b=1 c= d=2>", "z"]);
        check("<br/><img src=a/b>", &["<br>", "<img src=a/b>"]);
    }

    #[test]
    fn what_is_no_tag_is_text() {
        check("a < b & c<3", &["a < b & c<3"]);
        check("a <!-- <p> --> b<!DOCTYPE html><?php x?>", &["a ", " b"]);
        check("a<", &["a<"]);
    }

    #[test]
    fn scripts_and_titles_hold_no_tags() {
        check("<script>a<b>'</p>'</script >c", &["<script>", "script: a<b>'</p>'", "/script", "c"]);
        check("<title>A <b> B</title>", &["<title>", "title: A <b> B", "/title"]);
    }

    #[test]
    fn what_is_broken_off_ends_the_page() {
        check("<p", &["<p>"]);
        check("a<!-- b", &["a"]);
        check("<script>a", &["<script>", "script: a"]);
        check("<a href='x", &["<a href=x>"]);
    }
}
