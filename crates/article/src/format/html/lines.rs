//! What a reader sees of a page: its visible text line by line, each with the place it stands in. White space is as a
//! browser shows it; a block begins a new paragraph, `<br>` and rows of tables a new line.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::scan::{Tag, Token, decoded, scan};
use super::stack::{Element, Place, Stack};
use super::{metadata, names};
use crate::date;
use crate::limits::MOST_LINES;

/// A table with a longer cell is there for the layout: its cells are paragraphs.
const CELL_BYTES: usize = 120;

/// A line of visible text.
#[derive(Clone, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is true by itself")]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) place: Place,
    /// It is the text of links, but for a word or two.
    pub(super) is_link: bool,
    /// It stands in `<pre>`.
    pub(super) is_preformatted: bool,
    /// A paragraph begins with it, not just a line.
    pub(super) begins_paragraph: bool,
    /// It stands in an `<article>`.
    pub(super) is_in_article: bool,
    /// It stands in an `<h1>` that is of no menu, sidebar or footer.
    pub(super) is_top_heading: bool,
    /// It begins with a link to the first page of the site.
    pub(super) is_home_link: bool,
    /// The day of the first `<time>` in it that is of no comment, menu or sidebar.
    pub(super) time: Option<Date>,
}

/// What is seen of a page.
#[derive(Debug)]
pub(super) struct Visible {
    /// None of them is blank. One more than [`MOST_LINES`] stands for any number.
    pub(super) lines: Vec<Line>,
    /// The first `<time>` that says it is when the article was published.
    pub(super) published: Option<Date>,
    /// See [`Stack::is_too_much`].
    pub(super) is_too_much_for_a_tree: bool,
}

/// What is seen of `html`.
pub(super) fn visible(html: &str) -> Visible {
    let mut writer = Writer::default();
    for token in scan(html) {
        match token {
            Token::Text(text) => writer.text(text),
            Token::Raw(tag, text) if tag.is("textarea") || tag.is("xmp") => writer.text(text),
            Token::Raw(..) => {}
            Token::Open(tag) => writer.open(&tag),
            Token::Close(name) => writer.close(name),
        }
        if writer.lines.len() > MOST_LINES {
            break;
        }
    }
    writer.end_line();
    let is_too_much_for_a_tree = writer.stack.is_too_much();
    Visible { lines: writer.lines, published: writer.published, is_too_much_for_a_tree }
}

/// The lines as one text: a blank line between paragraphs.
pub(super) fn joined<'a>(lines: impl Iterator<Item = &'a Line>) -> String {
    let mut text = String::new();
    for line in lines {
        let gap = match (text.is_empty(), line.begins_paragraph) {
            (true, _) => "",
            (false, true) => "\n\n",
            (false, false) => "\n",
        };
        let _ = write!(text, "{gap}{}", line.text);
    }
    text
}

/// What follows an element's tag.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Break {
    /// Nothing: it stands in a line.
    None,
    Cell,
    Line,
    Paragraph,
}

fn break_of(name: &str) -> Break {
    match name {
        "td" | "th" => Break::Cell,
        "br" | "tr" | "dt" | "dd" => Break::Line,
        _ if names::is_inline(name) => Break::None,
        _ => Break::Paragraph,
    }
}

/// Collects the lines.
#[derive(Default)]
struct Writer {
    stack: Stack,
    lines: Vec<Line>,
    /// The line under way.
    line: String,
    /// What the elements of its first word make of it.
    element: Element,
    link_bytes: usize,
    time: Option<Date>,
    published: Option<Date>,
    /// White space was read since the last word.
    space: bool,
    /// Where the cells of the line under way begin, but for the first.
    cells: Vec<usize>,
    /// The next line begins a paragraph.
    paragraph: bool,
}

impl Writer {
    fn open(&mut self, tag: &Tag<'_>) {
        let name = tag.name.to_ascii_lowercase();
        // Two line ends make a paragraph.
        self.paragraph |= name == "br" && self.line.is_empty();
        self.break_line(break_of(&name));
        self.stack.open(tag, &name);
        if name == "time" {
            self.take_time(tag);
        }
    }

    fn take_time(&mut self, tag: &Tag<'_>) {
        let element = self.stack.top();
        let is_aside = matches!(element.place, Place::Nav | Place::Related) || element.is_comment;
        let Some(day) = tag.attribute("datetime").and_then(|value| date::parse(&value)).filter(|_| !is_aside)
        else {
            return;
        };
        let is_publication = metadata::has_word(tag, "itemprop", "datepublished")
            || tag.attributes().any(|(key, _)| key.eq_ignore_ascii_case("pubdate"));
        self.published = self.published.or(Some(day).filter(|_| is_publication));
        self.time = self.time.or(Some(day));
    }

    fn close(&mut self, name: &str) {
        let name = name.to_ascii_lowercase();
        self.break_line(break_of(&name));
        self.stack.close(&name);
    }

    fn break_line(&mut self, kind: Break) {
        match kind {
            Break::None => {}
            Break::Cell if self.line.is_empty() => {}
            Break::Cell => {
                if self.cells.last() != Some(&self.line.len()) {
                    self.cells.push(self.line.len());
                }
            }
            Break::Line => self.end_line(),
            Break::Paragraph => {
                self.end_line();
                self.paragraph = true;
            }
        }
    }

    fn text(&mut self, text: &str) {
        let element = self.stack.top();
        if element.is_hidden {
            return;
        }
        let text = decoded(text);
        if !element.keeps_lines {
            return self.words(&text, element);
        }
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                self.paragraph |= self.line.trim().is_empty();
                self.end_line();
            }
            self.preformatted(line, element);
        }
    }

    /// Adds text whose white space is one space each.
    fn words(&mut self, text: &str, element: Element) {
        let is_space = |c: char| c.is_whitespace() || c.is_control();
        self.space |= text.starts_with(is_space);
        let mut words = text.split(is_space).filter(|word| !word.is_empty()).peekable();
        while let Some(word) = words.next() {
            self.push(word, element);
            self.space = words.peek().is_some();
        }
        self.space |= text.ends_with(is_space);
    }

    fn push(&mut self, word: &str, element: Element) {
        if self.line.is_empty() {
            self.element = element;
            self.link_bytes = 0;
        } else if self.cells.last() == Some(&self.line.len()) {
            self.line.push('\t');
        } else if self.space {
            self.line.push(' ');
        }
        self.space = false;
        self.line.push_str(word);
        self.link_bytes += if element.is_link { word.len() + 1 } else { 0 };
    }

    /// Adds a line of `<pre>` with its indent.
    fn preformatted(&mut self, line: &str, element: Element) {
        if self.line.is_empty() {
            self.element = element;
            self.link_bytes = 0;
        }
        self.link_bytes += if element.is_link { line.len() } else { 0 };
        let spaced = |c: char| if c != '\t' && (c.is_control() || c.is_whitespace()) { ' ' } else { c };
        self.line.extend(line.chars().map(spaced));
    }

    fn end_line(&mut self) {
        self.space = false;
        let cells = std::mem::take(&mut self.cells);
        let time = self.time.take();
        let mut text = std::mem::take(&mut self.line);
        text.truncate(text.trim_end().len());
        if text.is_empty() {
            return;
        }
        let is_link = self.link_bytes * 10 >= text.len() * 9;
        let element = self.element;
        let line = |text: String, begins_paragraph| Line {
            text,
            place: element.place,
            is_link,
            is_preformatted: element.keeps_lines,
            begins_paragraph,
            is_in_article: element.is_in_article,
            is_top_heading: element.is_top_heading && element.place == Place::Heading,
            is_home_link: element.is_home_link,
            time,
        };
        let pieces = cut_at(&text, &cells);
        let begins_paragraph = std::mem::take(&mut self.paragraph);
        if cells.is_empty() || pieces.iter().all(|piece| piece.len() <= CELL_BYTES) {
            self.lines.push(line(text, begins_paragraph));
            return;
        }
        let pieces = pieces.into_iter().map(str::trim).filter(|piece| !piece.is_empty());
        self.lines.extend(pieces.map(|piece| line(piece.to_owned(), true)));
    }
}

/// `text` in pieces that end at `places`; a text without places is no row, and one piece however long.
fn cut_at<'t>(text: &'t str, places: &[usize]) -> Vec<&'t str> {
    let mut pieces = Vec::with_capacity(places.len() + 1);
    let mut start = 0;
    for end in places.iter().copied().chain([text.len()]) {
        pieces.extend(text.get(start..end));
        start = end;
    }
    pieces
}
