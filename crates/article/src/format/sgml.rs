//! The SGML of the collection Reuters-21578: `<REUTERS NEWID="…">` elements one after the other, without a root, with
//! control characters as `&#3;`. Other SGML is named and not read.
//!
//! `NEWID` is the id. The text is what stands in `TEXT`, in its order: headline, byline, and the body behind its dateline.
//! The agency's signature at its end is a credit. Topics and notes are not read, nor the stars of bulletins and
//! what the makers put in place of a missing body ("Blah blah blah.").

use super::markup::Paragraphs;
use super::record::Fields;
use super::tree::{Element, Node, one_line};
use super::{Format, Reader, xml};
use crate::article::Kind;
use crate::{date, names};

pub(super) const READER: Reader = Reader {
    format: Format::Sgml,
    name: "sgml",
    extensions: &["sgm", "sgml"],
    split: xml::split,
    parse: xml::parse,
};

/// What a `REUTERS` element says.
pub(super) fn fields(element: &Element) -> Fields {
    let mut fields = Fields {
        id: element.attribute("NEWID").map(str::to_owned),
        date: element.at(&["DATE"]).and_then(|date| date::parse(&date.text())),
        outlet: Some("Reuters".to_owned()),
        is_clean: true,
        ..Fields::default()
    };
    let Some(text) = element.at(&["TEXT"]) else { return fields };
    let mut story = Story { is_wrapped: text.attribute("TYPE") != Some("UNPROC"), ..Story::default() };
    for child in &text.children {
        match child {
            Node::Text(loose) => story.add(loose),
            Node::Element(part) => story.add_part(part, &mut fields),
        }
    }
    if fields.title.is_none() {
        fields.title = story.take_title();
    }
    story.into_fields(&mut fields);
    fields
}

/// The lines of a story.
#[derive(Default)]
struct Story {
    /// Lines are those of a page of fixed width, to be joined; otherwise each stands for itself.
    is_wrapped: bool,
    lines: Vec<String>,
    /// Which of them are bylines.
    bylines: Vec<usize>,
    /// A dateline that the next line continues.
    dateline: Option<String>,
}

impl Story {
    fn add_part(&mut self, part: &Element, fields: &mut Fields) {
        match part.name.as_str() {
            "TITLE" if fields.title.is_none() => fields.title = part.line(),
            "AUTHOR" => {
                if let Some(author) = part.line() {
                    fields.authors = authors(&author);
                    self.bylines.push(self.lines.len());
                    self.lines.push(author);
                }
            }
            "DATELINE" => self.dateline = part.line(),
            _ => self.add(&part.text()),
        }
    }

    /// Adds text of which an indent, a table's columns or a blank line begin a paragraph.
    fn add(&mut self, text: &str) {
        let mut goes_on = false;
        for line in text.lines() {
            let Some(words) = one_line(line).filter(|words| !is_filler(words)) else {
                goes_on = false;
                continue;
            };
            // The first line of a body follows its tag and has no indent.
            let is_flush = self.is_wrapped && !line.starts_with([' ', '\t']) && !has_columns(line);
            match self.lines.last_mut() {
                Some(last) if goes_on && is_flush => {
                    last.push(' ');
                    last.push_str(&words);
                }
                _ => self.begin_line(words),
            }
            goes_on = self.is_wrapped && !has_columns(line);
        }
    }

    fn begin_line(&mut self, words: String) {
        self.lines.push(match self.dateline.take() {
            Some(dateline) => format!("{dateline} {words}"),
            None => words,
        });
    }

    /// The first line, when it is in capitals: stories that nobody took apart begin so.
    fn take_title(&mut self) -> Option<String> {
        let line = self.lines.first().filter(|_| self.bylines.is_empty())?;
        let is_title = line.chars().any(char::is_uppercase) && !line.chars().any(char::is_lowercase);
        is_title.then(|| self.lines.remove(0))
    }

    fn into_fields(mut self, fields: &mut Fields) {
        self.lines.extend(self.dateline.take());
        let mut body = Paragraphs::default();
        for (number, line) in self.lines.iter().enumerate() {
            body.end_paragraph();
            if self.bylines.contains(&number) {
                fields.body_kinds.push((body.next_line(), Kind::Byline));
            } else if is_signature(line) {
                fields.body_kinds.push((body.next_line(), Kind::Credit));
            }
            body.push(line);
        }
        fields.body = Some(body.written).filter(|body| !body.is_empty());
    }
}

/// Columns are parted by spaces in the middle of the line.
fn has_columns(line: &str) -> bool {
    line.trim().contains("   ")
}

/// The agency's name alone on its line.
fn is_signature(line: &str) -> bool {
    line.eq_ignore_ascii_case("reuter") || line.eq_ignore_ascii_case("reuters")
}

/// Stars of a bulletin, and what stands for a missing body.
fn is_filler(line: &str) -> bool {
    line == "Blah blah blah." || line.chars().all(|c| c == '*')
}

/// `By Jane Doe, Reuters` names Jane Doe.
fn authors(line: &str) -> Vec<String> {
    let mut authors = names::split(&line.replace(" AND ", " and "));
    for author in &mut authors {
        let agency = author.rsplit_once([' ', ',']).filter(|(_, last)| is_signature(last));
        if let Some((person, _)) = agency {
            *author = person.trim_end_matches([',', ' ']).to_owned();
        }
    }
    authors.retain(|author| !is_signature(author) && !author.is_empty());
    authors
}
