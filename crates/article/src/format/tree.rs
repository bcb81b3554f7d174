//! One XML element as a tree, small enough to be held: depth and number of elements are bounded. Entities are those of
//! HTML and numbers; none that a document declares are expanded, and nothing outside the record is ever read.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::markup::{decode_entities, entity};

/// Deeper elements are a mistake, or meant to harm.
const MOST_DEPTH: usize = 200;
/// As many elements as one article may have.
const MOST_ELEMENTS: usize = 500_000;

/// An element with what is in it.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// As written, with its prefix.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
}

/// What stands in an element. Comments and instructions are left out.
#[derive(Debug)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

/// Why a text is not one element, and the byte where that shows.
#[derive(Debug)]
pub(super) struct Mistake {
    pub(super) at: usize,
    pub(super) message: String,
}

impl Element {
    /// The element in `text`, and what stands in an instruction before it.
    pub(super) fn read(text: &str) -> Result<(Option<Instruction>, Element), Mistake> {
        Builder::default().read(text)
    }

    /// The name without its prefix.
    pub(super) fn local_name(&self) -> &str {
        local(&self.name)
    }

    /// The value of the attribute of this name, prefix included.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let (_, value) = self.attributes.iter().find(|(known, _)| known == name)?;
        Some(value.trim()).filter(|value| !value.is_empty())
    }

    /// The elements directly in this one.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The elements of a name (without prefix) directly in this one.
    pub(super) fn all<'a, 'n>(
        &'a self,
        local_name: &'n str,
    ) -> impl Iterator<Item = &'a Element> + use<'a, 'n> {
        self.elements().filter(move |element| element.local_name() == local_name)
    }

    /// The first element of a path of names, each directly in the one before.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Element> {
        let Some((first, rest)) = path.split_first() else { return Some(self) };
        self.all(first).find_map(|element| element.at(rest))
    }

    /// The first element of a name, however deep.
    pub(super) fn anywhere(&self, local_name: &str) -> Option<&Element> {
        self.elements().find_map(|element| {
            if element.local_name() == local_name { Some(element) } else { element.anywhere(local_name) }
        })
    }

    /// All text in it, as written.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.write_text(&mut text);
        text
    }

    fn write_text(&self, text: &mut String) {
        for child in &self.children {
            match child {
                Node::Text(piece) => text.push_str(piece),
                Node::Element(element) => element.write_text(text),
            }
        }
    }

    /// All text in it on one line; `None` when there is none.
    pub(super) fn line(&self) -> Option<String> {
        one_line(&self.text())
    }
}

/// The words of `text` with one space between them; `None` when there are none.
pub(super) fn one_line(text: &str) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    Some(line).filter(|line| !line.is_empty())
}

/// A name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The attributes of a processing instruction.
pub(super) type Instruction = Vec<(String, String)>;

/// Builds the tree from what the parser meets.
#[derive(Default)]
struct Builder {
    /// Elements that are not closed yet, the outermost first.
    open: Vec<Element>,
    count: usize,
    instruction: Option<Instruction>,
}

impl Builder {
    fn read(mut self, text: &str) -> Result<(Option<Instruction>, Element), Mistake> {
        let mut reader = Reader::from_str(text);
        // A lone ampersand is the most frequent mistake of feeds and hides nothing.
        reader.config_mut().allow_dangling_amp = true;
        loop {
            let at = reader.buffer_position() as usize;
            let event = reader.read_event().map_err(|error| Mistake {
                at: reader.error_position() as usize,
                message: error.to_string(),
            })?;
            match self.take(event) {
                Ok(None) => {}
                Ok(Some(root)) => return Ok((self.instruction, root)),
                Err(message) => return Err(Mistake { at, message }),
            }
        }
    }

    /// Takes an event; the root when that closes it.
    fn take(&mut self, event: Event<'_>) -> Result<Option<Element>, String> {
        match event {
            Event::Start(start) => self.begin(&start)?,
            Event::Empty(start) => {
                self.begin(&start)?;
                return Ok(self.end());
            }
            Event::End(_) => return Ok(self.end()),
            Event::Text(text) => self.text(&text),
            Event::CData(text) => self.text(&text),
            Event::GeneralRef(name) => match entity(&name) {
                Some(value) => self.text(&value),
                None => self.text(&format!("&{};", &*name)),
            },
            Event::PI(instruction) if self.open.is_empty() => {
                let pairs = instruction.attributes().flatten();
                self.instruction = Some(pairs.map(|pair| (name_of(&pair), value_of(&pair))).collect());
            }
            Event::Eof => return Err(self.unfinished()),
            Event::PI(_) | Event::Comment(_) | Event::Decl(_) | Event::DocType(_) => {}
        }
        Ok(None)
    }

    fn begin(&mut self, start: &BytesStart<'_>) -> Result<(), String> {
        self.count += 1;
        if self.open.len() >= MOST_DEPTH {
            return Err(format!("elements are more than {MOST_DEPTH} deep"));
        }
        if self.count > MOST_ELEMENTS {
            return Err(format!("the record has more than {MOST_ELEMENTS} elements"));
        }
        let mut pairs = start.html_attributes();
        let attributes = pairs.with_checks(false).flatten().map(|pair| (name_of(&pair), value_of(&pair)));
        let name = start.name().as_ref().to_owned();
        self.open.push(Element { name, attributes: attributes.collect(), children: Vec::new() });
        Ok(())
    }

    fn end(&mut self) -> Option<Element> {
        let element = self.open.pop()?;
        let Some(parent) = self.open.last_mut() else { return Some(element) };
        parent.children.push(Node::Element(element));
        None
    }

    fn text(&mut self, piece: &str) {
        let Some(element) = self.open.last_mut() else { return };
        match element.children.last_mut() {
            Some(Node::Text(text)) => text.push_str(piece),
            _ => element.children.push(Node::Text(piece.to_owned())),
        }
    }

    fn unfinished(&self) -> String {
        match self.open.last() {
            Some(element) => format!("<{}> is not closed", element.name),
            None => "there is no element of XML".to_owned(),
        }
    }
}

type Pair<'a> = quick_xml::events::attributes::Attribute<'a>;

fn name_of(pair: &Pair<'_>) -> String {
    pair.key.as_ref().to_owned()
}

fn value_of(pair: &Pair<'_>) -> String {
    decode_entities(&pair.value).into_owned()
}

/// `text` with the characters that mark-up uses made entities.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    quick_xml::escape::escape(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn mistake(text: &str) -> String {
        Element::read(text).unwrap_err().message
    }

    #[test]
    fn entities_are_characters_and_unknown_ones_stay() {
        let (_, element) =
            Element::read("<a b='1 &lt; 2'>R&amp;D &eacute;&#233;&#xe9; &own; A & B</a>").unwrap();
        assert_eq!(element.text(), "R&D ééé &own; A & B");
        assert_eq!(element.attribute("b"), Some("1 < 2"));
    }

    #[test]
    fn elements_are_found_by_their_names_without_prefix() {
        let (_, element) = Element::read("<x:a><x:b><c>1</c></x:b><b><c>2</c><d>3</d></b></x:a>").unwrap();
        assert_eq!(element.at(&["b", "d"]).map(Element::text).as_deref(), Some("3"));
        assert_eq!(element.anywhere("c").map(Element::text).as_deref(), Some("1"));
    }

    #[test]
    fn what_is_broken_is_named() {
        assert_eq!(mistake("<a><b>text"), "<b> is not closed");
        assert!(mistake("<a><b></a>").contains('b'));
        assert_eq!(mistake("text"), "there is no element of XML");
        assert!(mistake(&"<a>".repeat(100_000)).contains("deep"));
    }

    #[test]
    fn declared_entities_are_not_expanded() {
        let bomb =
            "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]><a>&b;&c;</a>";
        assert_eq!(Element::read(bomb).unwrap().1.text(), "&b;&c;");
    }
}
