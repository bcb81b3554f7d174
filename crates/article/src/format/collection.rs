//! What a feed or a dump says once about all its articles: its name, its language, where it lies.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::markup::{decode_entities, entity, text_of_html};
use super::tree::{Instruction, escaped, local, one_line};

/// What holds for all records of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Collection {
    /// The feed's or wiki's name.
    pub(super) name: Option<String>,
    /// As written: a name or a code.
    pub(super) language: Option<String>,
    /// Who wrote the entries of a feed of Atom that do not say it, with semicolons between them.
    pub(super) authors: Option<String>,
    /// The address of a page of a wiki, or what addresses in a feed begin with that are not complete.
    pub(super) base: Option<String>,
    /// The names of a wiki's namespaces whose links show no text (files and categories), with a colon between them.
    pub(super) hidden: String,
    /// Already as an instruction, which every record gets.
    instruction: String,
}

/// The target of the instruction.
const TARGET: &str = "collection";

impl Collection {
    /// Reads the beginning of a document, up to its first record.
    pub(super) fn read(opening: &str) -> Collection {
        let mut found = Finder::default();
        let mut reader = Reader::from_str(opening);
        reader.config_mut().allow_dangling_amp = true;
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_unmatched_ends = true;
        // A mistake in it ends it: the records are read all the same.
        while let Ok(event) = reader.read_event() {
            match event {
                Event::Start(start) => found.begin(start.name().as_ref(), start.html_attributes()),
                Event::Empty(start) => {
                    found.begin(start.name().as_ref(), start.html_attributes());
                    found.open.pop();
                }
                Event::End(_) => found.end(),
                Event::Text(text) => found.text.push_str(&text),
                Event::CData(text) => found.text.push_str(&text),
                Event::GeneralRef(name) => found.text.push_str(&entity(&name).unwrap_or_default()),
                Event::Eof => break,
                _ => {}
            }
        }
        let mut collection = found.collection;
        collection.instruction = collection.written();
        collection
    }

    /// What an instruction says that [`Collection::instruction`] wrote.
    pub(super) fn of_instruction(pairs: Instruction) -> Collection {
        let mut collection = Collection::default();
        for (name, value) in pairs {
            match name.as_str() {
                "name" => collection.name = Some(value),
                "language" => collection.language = Some(value),
                "authors" => collection.authors = Some(value),
                "base" => collection.base = Some(value),
                "hidden" => collection.hidden = value,
                _ => {}
            }
        }
        collection
    }

    /// The instruction on one line that stands before a record; empty when there is nothing to say.
    pub(super) fn instruction(&self) -> &str {
        &self.instruction
    }

    fn written(&self) -> String {
        let hidden = Some(&self.hidden).filter(|hidden| !hidden.is_empty());
        let pairs = [
            ("name", self.name.as_ref()),
            ("language", self.language.as_ref()),
            ("authors", self.authors.as_ref()),
            ("base", self.base.as_ref()),
            ("hidden", hidden),
        ];
        let written: String = pairs
            .into_iter()
            .filter_map(|(name, value)| Some(format!(" {name}=\"{}\"", escaped(&one_line(value?)?))))
            .collect();
        if written.is_empty() { written } else { format!("<?{TARGET}{written}?>") }
    }
}

/// Looks for what is known.
#[derive(Default)]
struct Finder {
    collection: Collection,
    /// The names of the elements that are open, the outermost first.
    open: Vec<String>,
    /// The text since the last tag.
    text: String,
    /// The key of the namespace under way.
    namespace: Option<String>,
}

impl Finder {
    fn begin(&mut self, name: &str, attributes: quick_xml::events::attributes::Attributes<'_>) {
        self.text.clear();
        self.namespace = None;
        let is_link_of_feed = self.open.len() == 1 && local(name) == "link" && self.open[0] == "feed";
        let is_root = self.open.is_empty();
        let (mut link, mut is_to_itself) = (None, true);
        for pair in attributes.flatten() {
            match pair.key.as_ref() {
                // What the root says goes before the links below it.
                "xml:base" if is_root || (self.open.len() == 1 && local(name) == "channel") => {
                    self.take_base(&decode_entities(&pair.value));
                }
                "href" if is_link_of_feed => link = Some(decode_entities(&pair.value).into_owned()),
                // Others lead to a hub, a licence or another feed.
                "rel" => is_to_itself = matches!(pair.value.trim(), "self" | "alternate"),
                "xml:lang" if self.open.is_empty() => {
                    self.collection.language = Some(decode_entities(&pair.value).into_owned());
                }
                "key" => self.namespace = Some(pair.value.to_string()),
                _ => {}
            }
        }
        if let Some(link) = link.filter(|_| is_to_itself) {
            self.take_base(&link);
        }
        self.open.push(local(name).to_owned());
    }

    /// The first complete address stays.
    fn take_base(&mut self, address: &str) {
        if self.collection.base.is_none() && address.trim().starts_with("http") {
            self.collection.base = Some(address.trim().to_owned());
        }
    }

    fn end(&mut self) {
        let Some(name) = self.open.pop() else { return };
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        let is_of_feed = self.open.len() == 2 && self.open.first().is_some_and(|root| root == "feed");
        let collection = &mut self.collection;
        match (self.open.last().map_or("", String::as_str), name.as_str()) {
            _ if text.is_empty() => {}
            ("channel" | "feed", "title") | ("siteinfo", "sitename") if collection.name.is_none() => {
                collection.name = one_line(&text_of_html(text));
            }
            ("author", "name") if is_of_feed => {
                let authors = collection.authors.get_or_insert_default();
                if !authors.is_empty() {
                    authors.push_str("; ");
                }
                authors.push_str(&decode_entities(text));
            }
            ("channel", "language") => collection.language = Some(text.to_owned()),
            ("channel", "link") => self.take_base(&decode_entities(text)),
            ("siteinfo", "base") => collection.base = Some(text.to_owned()),
            ("namespaces", "namespace") if matches!(self.namespace.as_deref(), Some("6" | "14")) => {
                collection.hidden.push_str(text);
                collection.hidden.push(':');
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tree::Element;

    #[test]
    fn what_a_feed_says_of_itself_goes_with_every_record() {
        let opening = "<rss><channel><image><title>Logo</title></image><title>A &lt;b&gt;\"fine\"&lt;/b&gt;\n R&amp;D ?></title>
            <language>en-gb</language><item>";
        let collection = Collection::read(opening);
        assert_eq!(collection.name.as_deref(), Some("A \"fine\" R&D ?>"));
        let text = format!("{}<item/>", collection.instruction());
        let (instruction, _) = Element::read(&text).unwrap();
        let again = Collection::of_instruction(instruction.unwrap());
        assert_eq!((again.name, again.language), (collection.name, collection.language));
    }
}
