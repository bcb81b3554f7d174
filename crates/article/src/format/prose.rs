//! The running text of an element of NITF, XHTML and their like: paragraphs, and which of them are headings, captions
//! and credits.

use super::markup::{self, Paragraphs};
use super::tree::{Element, Node};
use crate::article::Kind;

/// Elements of news formats that begin and end a paragraph, beside those of HTML.
const BLOCKS: [&str; 27] = [
    "block",
    "hl1",
    "hl2",
    "hedline",
    "bq",
    "fn",
    "note",
    "media",
    "media-caption",
    "media-producer",
    "abstract",
    "tagline",
    "bibliography",
    "nitf-table",
    "nitf-col",
    "datasource",
    "byline",
    "byttl",
    "distributor",
    "dateline",
    "copyrite",
    "body.head",
    "body.content",
    "body.end",
    "headline",
    "copyright",
    "text",
];
/// Elements of news formats whose content is no text of the article.
const DROPPED: [&str; 6] = ["media-metadata", "media-object", "head", "docdata", "pubdata", "metadata"];

/// Paragraphs, and lines of them (from 0) whose kind their elements tell.
#[derive(Debug, Default)]
pub(super) struct Prose {
    paragraphs: Paragraphs,
    kinds: Vec<(usize, Kind)>,
}

impl Prose {
    /// All that stands in an element.
    pub(super) fn of(element: &Element) -> Prose {
        let mut prose = Prose::default();
        prose.add(element);
        prose
    }

    /// Adds all that stands in an element.
    pub(super) fn add(&mut self, element: &Element) {
        self.paragraphs.end_paragraph();
        self.add_children(element);
        self.paragraphs.end_paragraph();
    }

    /// Adds a line of a known kind as a paragraph.
    pub(super) fn add_line(&mut self, line: &str, kind: Kind) {
        self.paragraphs.end_paragraph();
        self.add_as(kind, |prose| prose.paragraphs.push(line));
        self.paragraphs.end_paragraph();
    }

    /// Adds a paragraph of text.
    pub(super) fn add_paragraph(&mut self, text: &str) {
        self.paragraphs.end_paragraph();
        self.paragraphs.push(text);
        self.paragraphs.end_paragraph();
    }

    /// The text and its known lines.
    pub(super) fn into_parts(self) -> (String, Vec<(usize, Kind)>) {
        (self.paragraphs.written, self.kinds)
    }

    fn add_children(&mut self, element: &Element) {
        for child in &element.children {
            match child {
                Node::Text(text) => self.paragraphs.push(text),
                Node::Element(element) => self.add_element(element),
            }
        }
    }

    fn add_element(&mut self, element: &Element) {
        let name = element.local_name();
        if markup::is_dropped(name) || DROPPED.contains(&name) {
            return;
        }
        match name {
            "br" => self.paragraphs.end_line(),
            "td" | "th" => {
                self.paragraphs.push(" ");
                self.add_children(element);
            }
            name if markup::is_block(name) || BLOCKS.contains(&name) => {
                self.paragraphs.end_paragraph();
                match kind_of(name) {
                    Some(kind) => self.add_as(kind, |prose| prose.add_children(element)),
                    None => self.add_children(element),
                }
                self.paragraphs.end_paragraph();
            }
            _ => self.add_children(element),
        }
    }

    /// Gives the lines that `write` adds a kind.
    fn add_as(&mut self, kind: Kind, write: impl FnOnce(&mut Prose)) {
        let (first, from) = (self.paragraphs.next_line(), self.paragraphs.written.len());
        let already = self.kinds.len();
        write(self);
        // The new text begins with the breaks before its first line.
        let new = self.paragraphs.written[from..].trim_start_matches('\n');
        if !new.is_empty() && self.kinds.len() == already {
            let lines = new.split('\n').enumerate().filter(|(_, line)| !line.is_empty());
            self.kinds.extend(lines.map(|(line, _)| (first + line, kind)));
        }
    }
}

fn kind_of(name: &str) -> Option<Kind> {
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hl1" | "hl2" => Some(Kind::Heading),
        "figcaption" | "media-caption" => Some(Kind::Caption),
        "media-producer" | "datasource" | "copyright" | "copyrite" => Some(Kind::Credit),
        "tagline" => Some(Kind::AuthorBio),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_captions_are_known_by_their_elements() {
        let xml = "<body.content><p>One <em>fine</em>\nday.</p><hl2>What next</hl2><block><p>Two.</p>
            <media><media-caption>The ship<br/>at sea</media-caption><media-producer>A. Lind</media-producer></media>
            </block></body.content>";
        let (text, kinds) = Prose::of(&Element::read(xml).unwrap().1).into_parts();
        assert_eq!(text, "One fine day.\n\nWhat next\n\nTwo.\n\nThe ship\nat sea\n\nA. Lind");
        let expected = [(2, Kind::Heading), (6, Kind::Caption), (7, Kind::Caption), (9, Kind::Credit)];
        assert_eq!(kinds, expected);
    }
}
