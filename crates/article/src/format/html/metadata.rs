//! What the head of a page says about its article: tags of meta data, JSON-LD, and marks in the text.

use std::borrow::Cow;

use jiff::civil::{Date, date};
use url::Url;

use super::scan::{Scan, Tag, Token, decoded, scan};
use super::{linked, one_line};
use crate::format::record::Fields;
use crate::{date as dates, language, names};

/// Names of meta data, in lower case, the surest first. Where a page has several of a row, the first of the row wins.
const TITLES: [&str; 9] = [
    "og:title",
    "citation_title",
    "parsely-title",
    "dc.title",
    "dcterms.title",
    "dcterm.title",
    "dc:title",
    "twitter:title",
    "title",
];
const DATES: [&str; 24] = [
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "citation_publication_date",
    "citation_online_date",
    "citation_date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date.created",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "pubdate",
    "ptime",
    "publish-date",
    "publishdate",
    "publish_date",
    "date.created",
    "originalpublicationdate",
    "date",
];
const AUTHORS: [&str; 11] = [
    "author",
    "article:author",
    "citation_author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "dcterm.creator",
    "dc:creator",
    "byl",
    "article:author_name",
];
const OUTLETS: [&str; 7] = [
    "og:site_name",
    "citation_journal_title",
    "dc.publisher",
    "dcterms.publisher",
    "article:publisher",
    "application-name",
    "publisher",
];
const LANGUAGES: [&str; 4] = ["content-language", "og:locale", "dc.language", "language"];
/// No name is longer than this; a longer one is a paragraph that was marked by mistake.
const NAME_BYTES: usize = 160;

/// What a page says about its article.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    /// `title` is left empty where only `<title>` says it. `body` is the text in JSON-LD.
    pub(super) fields: Fields,
    /// The text of `<title>`.
    pub(super) window_title: Option<String>,
    /// The text of the first `<h1>`.
    pub(super) first_heading: Option<String>,
}

/// Reads the meta data of a page; `published` is what a mark in its text says of when that was.
pub(super) fn read(html: &str, published: Option<Date>) -> Metadata {
    let mut found = Found { published, ..Found::default() };
    let mut tokens = scan(html);
    while let Some(token) = tokens.next() {
        match token {
            Token::Open(tag) => found.open(&tag, &tokens),
            Token::Raw(tag, text) => found.raw(&tag, text),
            _ => {}
        }
    }
    found.into_metadata()
}

/// What was met so far.
#[derive(Default)]
struct Found<'a> {
    /// Name in lower case and value of every meta data element that might matter.
    meta: Vec<(String, String)>,
    scripts: Vec<&'a str>,
    html_language: Option<String>,
    canonical: Option<String>,
    window_title: Option<String>,
    first_heading: Option<String>,
    /// Names of authors marked in the text.
    marked_authors: Vec<String>,
    published: Option<Date>,
    base: Option<String>,
}

impl<'a> Found<'a> {
    fn open(&mut self, tag: &Tag<'a>, behind: &Scan<'a>) {
        match tag.name.to_ascii_lowercase().as_str() {
            "meta" => self.meta(tag),
            "html" if self.html_language.is_none() => {
                let value = tag.attribute("lang").or_else(|| tag.attribute("xml:lang"));
                self.html_language = value.map(Cow::into_owned);
            }
            "link" if self.canonical.is_none() && has_word(tag, "rel", "canonical") => {
                self.canonical = tag.attribute("href").map(|url| url.trim().to_owned());
            }
            "h1" if self.first_heading.is_none() => self.first_heading = text_of(behind, tag.name),
            "base" if self.base.is_none() => self.base = tag.attribute("href").map(Cow::into_owned),
            "a" | "span" | "div" | "p" if self.marked_authors.is_empty() && is_author(tag) => {
                let name = text_of(behind, tag.name).filter(|name| name.len() <= NAME_BYTES);
                self.marked_authors = name.map(|name| super::byline_names(&name)).unwrap_or_default();
            }
            _ => {}
        }
    }

    fn raw(&mut self, tag: &Tag<'a>, text: &'a str) {
        if tag.is("title") && self.window_title.is_none() {
            self.window_title = Some(one_line(&decoded(text))).filter(|title| !title.is_empty());
        } else if tag.is("script") && has_word(tag, "type", "application/ld+json") {
            self.scripts.push(text);
        }
    }

    fn meta(&mut self, tag: &Tag<'_>) {
        let Some(content) = tag.attribute("content") else { return };
        let content = one_line(&content);
        if content.is_empty() {
            return;
        }
        for key in ["property", "name", "itemprop", "http-equiv"] {
            let Some(value) = tag.attribute(key) else { continue };
            for name in value.split_whitespace() {
                self.meta.push((name.to_ascii_lowercase(), content.clone()));
            }
        }
    }

    /// The values of the first name of `row` that the page has, and that `is_good`.
    fn values(&self, row: &[&str], is_good: impl Fn(&str) -> bool) -> Vec<&str> {
        let of = |name: &str| -> Vec<&str> {
            let named = self.meta.iter().filter(|(key, value)| key == name && is_good(value));
            named.map(|(_, value)| value.as_str()).collect()
        };
        row.iter().map(|name| of(name)).find(|values| !values.is_empty()).unwrap_or_default()
    }

    fn value(&self, row: &[&str]) -> Option<String> {
        self.values(row, |value| !value.starts_with("http")).first().map(|value| (*value).to_owned())
    }

    fn into_metadata(self) -> Metadata {
        let mut fields = Fields::default();
        let canonical = self.canonical.as_deref().and_then(|url| resolved(url, self.base.as_deref()));
        let address =
            canonical.or_else(|| self.values(&["og:url"], is_address).first().map(|url| (*url).to_owned()));
        let meta_title = self.value(&TITLES);
        let titles = [self.window_title.as_deref(), meta_title.as_deref(), self.first_heading.as_deref()];
        let page = linked::Page {
            window_title: self.window_title.as_deref(),
            titles: titles.into_iter().flatten().collect(),
            address: address.as_deref(),
        };
        linked::read(&self.scripts, &page, &mut fields);
        fields.title = fields.title.or(meta_title);
        fields.outlet =
            fields.outlet.or_else(|| self.value(&OUTLETS)).filter(|name| name.len() <= NAME_BYTES);
        fields.date = fields.date.or_else(|| self.date());
        if fields.authors.is_empty() {
            fields.authors = self.authors();
        }
        fields.url = address.or(fields.url);
        // One that cannot be resolved may have the day all the same.
        let addresses = [fields.url.as_deref(), self.canonical.as_deref()];
        fields.date = fields.date.or_else(|| addresses.into_iter().flatten().find_map(date_in_address));
        let declared = self.html_language.clone().or_else(|| self.value(&LANGUAGES));
        fields.language = fields.language.or_else(|| language::code_of_name(&declared?));
        Metadata { fields, window_title: self.window_title, first_heading: self.first_heading }
    }

    fn date(&self) -> Option<Date> {
        let meta = self.values(&DATES, |value| dates::parse(value).is_some());
        let meta = meta.first().and_then(|value| dates::parse(value));
        meta.or(self.published)
    }

    fn authors(&self) -> Vec<String> {
        let is_name = |value: &str| !value.contains("://") && value.len() <= NAME_BYTES;
        let values = self.values(&AUTHORS, is_name);
        if values.is_empty() {
            return self.marked_authors.clone();
        }
        values.into_iter().flat_map(names::split).collect()
    }
}

/// The value of an attribute is a list of words, and `word` (in lower case) one of them.
pub(super) fn has_word(tag: &Tag<'_>, attribute: &str, word: &str) -> bool {
    tag.attribute(attribute)
        .is_some_and(|value| value.split([' ', ';']).any(|part| part.trim().eq_ignore_ascii_case(word)))
}

fn is_author(tag: &Tag<'_>) -> bool {
    has_word(tag, "rel", "author") || has_word(tag, "itemprop", "author")
}

fn is_address(url: &str) -> bool {
    url.starts_with("http://") || url.starts_with("https://")
}

/// `address` as it is, or what it is from `base`.
fn resolved(address: &str, base: Option<&str>) -> Option<String> {
    if is_address(address) {
        return Some(address.to_owned());
    }
    let found = Url::parse(base?.trim()).ok()?.join(address).ok()?;
    Some(found.into()).filter(|found: &String| is_address(found))
}

/// The text up to the end tag `name`, on one line; `None` where there is none, or the end is far away.
fn text_of(behind: &Scan<'_>, name: &str) -> Option<String> {
    let mut text = String::new();
    for token in behind.clone().take(60) {
        match token {
            Token::Close(end) if end.eq_ignore_ascii_case(name) => {
                return Some(one_line(&text)).filter(|text| !text.is_empty());
            }
            Token::Text(part) => text.push_str(&decoded(part)),
            Token::Open(tag) if tag.is("br") => text.push(' '),
            _ => {}
        }
        if text.len() > 2_000 {
            return None;
        }
    }
    None
}

/// The day in an address such as `https://post.example/2022/05/04/ferry`.
fn date_in_address(url: &str) -> Option<Date> {
    let parts: Vec<&str> = url.split('/').collect();
    parts.windows(3).find_map(|part| {
        let [year, month, day] = part else { return None };
        let is_number =
            |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(year, 4) || !is_number(month, 2) || !is_number(day, 2) {
            return None;
        }
        let year: i16 = year.parse().ok()?;
        let is_plausible = (1900..2100).contains(&year);
        let day = Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()?;
        (is_plausible && day > date(1900, 1, 1)).then_some(day)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(html: &str) -> Metadata {
        read(html, super::super::visible(html).published)
    }

    #[test]
    fn meta_data_comes_in_many_spellings() {
        let found = found(
            "<html lang=de-AT><title>A &amp; B | Post</title><meta content='A &amp; B' property='og:title twitter:title'>\
             <meta name=Author content='By Ana Lind and Jonas Berg'><meta name=DC.date.issued content=2022-05-04>\
             <meta property=og:site_name content='The Island Post'><link href=https://post.example/a rel='x canonical'>",
        );
        assert_eq!(found.window_title.as_deref(), Some("A & B | Post"));
        assert_eq!(found.fields.title.as_deref(), Some("A & B"));
        assert_eq!(found.fields.authors, ["Ana Lind", "Jonas Berg"]);
        assert_eq!(found.fields.date.unwrap().to_string(), "2022-05-04");
        assert_eq!(found.fields.outlet.as_deref(), Some("The Island Post"));
        assert_eq!(found.fields.url.as_deref(), Some("https://post.example/a"));
        assert_eq!(found.fields.language.as_deref(), Some("de"));
    }

    #[test]
    fn marks_in_the_text_say_who_and_when() {
        let found = found(
            "<h1>A <b>headline</b></h1><a rel=author href=/x>Ana Lind</a><time datetime='2021-01-01'>1 Jan</time>\
             <time itemprop=datePublished datetime='2022-05-04T10:00'>4 May</time>",
        );
        assert_eq!(found.first_heading.as_deref(), Some("A headline"));
        assert_eq!(found.fields.authors, ["Ana Lind"]);
        assert_eq!(found.fields.date.unwrap().to_string(), "2022-05-04");
    }

    #[test]
    fn an_address_is_resolved_where_there_is_a_base() {
        let link = "<link rel=canonical href='/2021/03/03/a?b'>";
        let url = |html: String| found(&html).fields.url;
        assert_eq!(
            url(format!("<base href='https://post.example/x/'>{link}")).as_deref(),
            Some("https://post.example/2021/03/03/a?b")
        );
        assert_eq!(url(format!("{link}<base href='x/'>")), None);
        assert_eq!(url(link.to_owned()), None);
        assert_eq!(found(link).fields.date.unwrap().to_string(), "2021-03-03");
    }

    #[test]
    fn addresses_may_have_a_date() {
        let day = |url| date_in_address(url).map(|day| day.to_string());
        assert_eq!(day("https://post.example/news/2022/05/04/ferry").as_deref(), Some("2022-05-04"));
        assert_eq!(day("https://post.example/2022/05/ferry"), None);
        assert_eq!(day("https://post.example/2022/15/04"), None);
    }
}
