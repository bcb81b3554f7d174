//! Feeds: RSS 2.0 and its elders, RSS 1.0 and Atom. Each item is an article, and the feed's name its outlet, unless the
//! item says from which feed it was taken. A name that stands below the items is not seen. HTML in titles and texts
//! becomes text.

use url::Url;

use super::collection::Collection;
use super::markup::text_of_html;
use super::prose::Prose;
use super::record::Fields;
use super::tree::{Element, one_line};
use super::{Format, Reader, xml};
use crate::{date, language, names};

pub(super) const READER: Reader = Reader {
    format: Format::Feed,
    name: "feed",
    extensions: &["rss", "atom", "rdf"],
    split: xml::split,
    parse: xml::parse,
};

/// What an item says.
pub(super) fn fields(item: &Element, collection: Collection) -> Fields {
    let item = Item(item);
    let source = item.source();
    let said_language =
        item.0.attribute("xml:lang").map(str::to_owned).or_else(|| item.line(&["dc:language"]));
    let mut fields = Fields {
        id: item.line(&["guid", "id"]).or_else(|| item.0.attribute("rdf:about").map(str::to_owned)),
        title: item.title(),
        date: item.date(),
        outlet: source.or(collection.name),
        authors: item.authors_or(collection.authors.as_deref()),
        url: item.address(collection.base.as_deref()),
        language: said_language.or(collection.language).and_then(|said| language::code_of_name(&said)),
        is_clean: true,
        ..Fields::default()
    };
    let summary = item.text(&["description", "summary", "dc:description", "itunes:summary"]);
    let summary = summary.or_else(|| item.text_of_media());
    match item.text(&["content:encoded", "content"]) {
        Some(content) => {
            fields.description = summary.filter(|summary| !repeats(&content, summary));
            fields.body = Some(content);
        }
        None => fields.body = summary,
    }
    fields
}

/// An item of RSS or an entry of Atom.
struct Item<'a>(&'a Element);

impl<'a> Item<'a> {
    /// The first element that has text, of the first of these names that has one. A name without prefix stands for the
    /// prefix of the item itself; other prefixes are those by which all feeds know these vocabularies.
    fn first(&self, names: &[&str]) -> Option<&'a Element> {
        let own = self.0.name.rsplit_once(':').map_or("", |(prefix, _)| prefix);
        names.iter().find_map(|name| {
            let (prefix, local) = name.split_once(':').unwrap_or((own, name));
            let mut named = self.0.all(local).filter(|element| prefix_of(element) == prefix);
            named.find(|element| element.line().is_some())
        })
    }

    /// Its text on one line.
    fn line(&self, names: &[&str]) -> Option<String> {
        self.first(names)?.line()
    }

    fn text(&self, names: &[&str]) -> Option<String> {
        Some(self.text_of(self.first(names)?)).filter(|text| !text.trim().is_empty())
    }

    /// The text of an element as its type says: XHTML inside it, plain text (which Atom means where it says nothing), or
    /// HTML that was escaped.
    fn text_of(&self, element: &Element) -> String {
        let is_plain = match element.attribute("type") {
            Some(said) => matches!(said, "text" | "text/plain"),
            None => self.0.local_name() == "entry",
        };
        if element.elements().next().is_some() {
            Prose::of(element).into_parts().0
        } else if is_plain {
            element.text().trim().to_owned()
        } else {
            text_of_html(&element.text())
        }
    }

    fn title(&self) -> Option<String> {
        one_line(&self.text_of(self.first(&["title", "dc:title"])?))
    }

    fn date(&self) -> Option<jiff::civil::Date> {
        let names = [
            "published",
            "issued",
            "pubDate",
            "dc:date",
            "dcterms:issued",
            "dcterms:created",
            "created",
            "updated",
            "modified",
            "dcterms:modified",
        ];
        names.iter().find_map(|name| date::parse(&self.line(&[name])?))
    }

    /// What a film or sound shows, of feeds that have nothing else.
    fn text_of_media(&self) -> Option<String> {
        let description = self.0.at(&["group", "description"]).filter(|found| prefix_of(found) == "media")?;
        Some(description.text().trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// The feed that an aggregated item comes from.
    fn source(&self) -> Option<String> {
        let source = self.first(&["source"])?;
        match source.at(&["title"]) {
            Some(title) => one_line(&self.text_of(title)),
            None if source.elements().next().is_none() => source.line(),
            None => None,
        }
    }

    /// Its authors; those of an entry of Atom without any are its source's, or the feed's.
    fn authors_or(&self, of_feed: Option<&str>) -> Vec<String> {
        let own = authors_in(self.0);
        if !own.is_empty() || self.0.local_name() != "entry" {
            return own;
        }
        let of_source = self.0.at(&["source"]).map(authors_in).unwrap_or_default();
        if of_source.is_empty() { of_feed.map(names::split).unwrap_or_default() } else { of_source }
    }

    /// The page of the item: a link of Atom to the article itself, of RSS, or an id that is an address. One that is not complete
    /// goes on from `base`, or from what the item or its link says.
    fn address(&self, base: Option<&str>) -> Option<String> {
        let is_own = |link: &Element| matches!(link.attribute("rel"), None | Some("alternate"));
        let links = || self.0.all("link").filter(|link| matches!(prefix_of(link), "" | "atom"));
        let base = based(base, self.0);
        let of_atom = || {
            let link = links().filter(|link| is_own(link)).find(|link| link.attribute("href").is_some())?;
            resolved(link.attribute("href")?, based(base.as_deref(), link).as_deref())
        };
        let of_rss =
            || links().find_map(|link| resolved(&link.line()?, based(base.as_deref(), link).as_deref()));
        let of_id = || {
            let guid = self.first(&["guid", "id"])?;
            let is_link = guid.attribute("isPermaLink") != Some("false");
            guid.line().filter(|id| is_link && id.starts_with("http"))
        };
        of_rss().or_else(of_atom).or_else(of_id)
    }
}

/// What addresses in `element` begin with, if those around it begin with `base`.
fn based(base: Option<&str>, element: &Element) -> Option<String> {
    element.attribute("xml:base").and_then(|own| resolved(own, base)).or_else(|| base.map(str::to_owned))
}

/// The address as it is where it is complete or cannot be completed, else what it is from `base`.
fn resolved(address: &str, base: Option<&str>) -> Option<String> {
    let address = address.trim();
    let is_complete = address.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    let base = base.filter(|_| !is_complete && !address.is_empty()).and_then(|base| Url::parse(base).ok());
    let found =
        base.and_then(|base| base.join(address).ok()).map_or_else(|| address.to_owned(), String::from);
    Some(found).filter(|found| !found.is_empty())
}

/// The authors that an item or its source names.
fn authors_in(item: &Element) -> Vec<String> {
    let mut found = Vec::new();
    for element in item.elements() {
        let is_author = match prefix_of(element) {
            "dc" => element.local_name() == "creator",
            "" | "atom" => element.local_name() == "author",
            _ => false,
        };
        if !is_author {
            continue;
        }
        let name = if element.elements().next().is_some() {
            element.at(&["name"]).and_then(Element::line)
        } else {
            element.line()
        };
        for author in names::split(&without_address(&name.unwrap_or_default())) {
            if !found.contains(&author) {
                found.push(author);
            }
        }
    }
    found
}

fn prefix_of(element: &Element) -> &str {
    element.name.rsplit_once(':').map_or("", |(prefix, _)| prefix)
}

/// The summary is the beginning of the content, cut off with an ellipsis or "[…]", or all of it.
fn repeats(content: &str, summary: &str) -> bool {
    let summary = one_line(summary).unwrap_or_default();
    let beginning = summary.trim_end_matches(['.', '…', ' ', '[', ']']);
    one_line(content).is_some_and(|content| content.contains(beginning))
}

/// `jane@post.example (Jane Doe)` and `Jane Doe <jane@post.example>` name Jane Doe; an address alone names nobody.
fn without_address(author: &str) -> String {
    if !author.contains('@') {
        return author.to_owned();
    }
    if let Some((_, name)) = author.split_once('(') {
        return name.trim_end_matches([')', ' ']).to_owned();
    }
    let words = author.split_whitespace().filter(|word| !word.contains('@'));
    words.collect::<Vec<&str>>().join(" ")
}
