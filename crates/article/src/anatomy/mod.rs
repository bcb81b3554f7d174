//! The anatomy of an article: what each line of a text is, and what the lines tell about the article.
//!
//! The text is laid out as blocks (a line, or the lines of a hard-wrapped paragraph). The [`RULES`] then look at the
//! blocks in turn, and each takes those it knows; the first rule to take a block keeps it, and what no rule takes is the
//! article itself. Every rule is a function that says its cue. Rules are careful: a paragraph taken for a menu is lost to
//! the reader, a menu taken for a paragraph only disturbs.

mod byline;
mod caption;
mod credit;
mod date_line;
mod date_words;
mod dateline;
mod frame;
mod headline;
mod layout;
mod noise;
mod phrase_list;
mod phrases;
mod recurring;
mod shape;

use std::ops::Range;

use jiff::civil::Date;

use crate::article::{Kind, Line};
use crate::date::Order;

pub use recurring::{Recurrences, Recurring};

/// What is known about a text before it is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hints<'a> {
    /// Lines (from 0) whose kind is known from the marks of their format.
    pub known: &'a [(usize, Kind)],
    /// The headline is known; none is sought in the text.
    pub headline_is_known: bool,
    /// The text is a clean field of a record, not the dump of a page: what is not plainly noise stays.
    pub is_record: bool,
    /// What other articles of the source have as well.
    pub recurring: Option<&'a Recurring>,
}

/// What a text was found to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Anatomy {
    /// Every line in order; see [`crate::Article::lines`].
    pub lines: Vec<Line>,
    /// The text of the headline.
    pub headline: Option<String>,
    /// Publication date.
    pub date: Option<Date>,
    /// Authors in the order named.
    pub authors: Vec<String>,
    /// The publication.
    pub outlet: Option<String>,
}

impl Anatomy {
    /// The lines of `text` that are the article's own words.
    pub fn content<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a str> {
        let own =
            |kind| matches!(kind, Kind::Headline | Kind::Lead | Kind::Body | Kind::Heading | Kind::Caption);
        self.lines.iter().filter(move |line| own(line.kind)).map(|line| &text[line.range.clone()])
    }
}

/// The text is a menu, or words that sites put about their articles.
pub(crate) fn is_furniture(text: &str) -> bool {
    noise::is_furniture(text)
}

/// The line is a date and nothing else, but for a time or a word that says of what.
pub(crate) fn is_date_line(line: &str) -> bool {
    date_line::date_line(line).is_some()
}

/// The rules, in the order they look at a page.
const RULES: [fn(&mut Page<'_>); 14] = [
    noise::mark_banners,
    noise::mark_menus,
    noise::mark_stacked_menus,
    noise::mark_related_links,
    noise::mark_footers,
    noise::keep_sole_text,
    credit::mark_credits,
    caption::mark_captions,
    dateline::mark_date_lines,
    byline::mark_bylines,
    byline::mark_author_bios,
    headline::mark_headline,
    headline::mark_headings,
    headline::mark_lead,
];

/// Finds what each line of `text` is. Lines end with `\n` only.
pub fn dissect(text: &str, hints: &Hints<'_>) -> Anatomy {
    let mut lines = layout::lines(text);
    let recurring = hints.recurring.map(|recurring| recurring::recurring_lines(text, &lines, recurring));
    let recurring = recurring.unwrap_or_default();
    let known = [hints.known, &recurring].concat();
    let mut blocks = layout::blocks(text, &mut lines, &known);
    for block in &mut blocks {
        block.range = trimmed(text, &block.range);
    }
    let recurs = |block: &Block| recurring.iter().any(|(line, _)| *line == block.lines.start);
    let recurring = if recurring.is_empty() { Vec::new() } else { blocks.iter().map(recurs).collect() };
    let mut page = Page {
        text,
        blocks,
        recurring,
        hints: *hints,
        date: None,
        updated: None,
        has_unread_date: false,
        order: None,
        authors: Vec::new(),
        outlet: None,
    };
    for rule in RULES {
        rule(&mut page);
    }
    dateline::read_dateline(&mut page);
    for block in &page.blocks {
        for line in &mut lines[block.lines.clone()] {
            line.kind = block.kind.unwrap_or(Kind::Body);
        }
    }
    let headline = page.blocks.iter().find(|block| block.kind == Some(Kind::Headline));
    let headline = headline.map(|block| shape::one_line(&text[block.range.clone()]));
    let updated = page.updated.filter(|_| !page.has_unread_date);
    Anatomy { lines, headline, date: page.date.or(updated), authors: page.authors, outlet: page.outlet }
}

/// A text under examination, and what was found so far.
struct Page<'t> {
    text: &'t str,
    blocks: Vec<Block>,
    /// Which blocks recur in the folder; empty where none does.
    recurring: Vec<bool>,
    hints: Hints<'t>,
    date: Option<Date>,
    /// The day of a change, for an article that says no other.
    updated: Option<Date>,
    /// The article says a day of publication that can be read in two ways.
    has_unread_date: bool,
    /// Which figure of a day comes first, where a line of the page proves it.
    order: Option<Order>,
    authors: Vec<String>,
    outlet: Option<String>,
}

/// A line, or the lines of a hard-wrapped paragraph.
#[derive(Debug)]
struct Block {
    lines: Range<usize>,
    /// Its bytes in the text, without the white space at its ends.
    range: Range<usize>,
    /// `None` until a rule takes it.
    kind: Option<Kind>,
}

impl<'t> Page<'t> {
    /// The text of a block, trimmed.
    fn text_of(&self, block: usize) -> &'t str {
        &self.text[self.blocks[block].range.clone()]
    }

    fn is_free(&self, block: usize) -> bool {
        self.blocks[block].kind.is_none()
    }

    fn kind_of(&self, block: usize) -> Option<Kind> {
        self.blocks.get(block)?.kind
    }

    /// What recurs in the folder and no rule has taken back for the article.
    fn recurs(&self, block: usize) -> bool {
        let is_frame = matches!(self.blocks[block].kind, Some(Kind::Nav | Kind::Footer));
        is_frame && self.recurring.get(block) == Some(&true)
    }

    /// The blocks above `end` that [recur](Self::recurs): site furniture, or what the articles of a day or an author share.
    fn recurring_above(&self, end: usize) -> Vec<usize> {
        (0..end.min(self.recurring.len())).filter(|block| self.recurs(*block)).collect()
    }

    /// Blocks below this one.
    fn below(&self, block: usize) -> usize {
        self.blocks.len() - 1 - block
    }

    /// Gives every free block of at most `longest` bytes that `is_it` knows the kind `kind`.
    fn mark(&mut self, kind: Kind, longest: usize, is_it: impl Fn(&Page<'t>, usize, &str) -> bool) {
        for block in 0..self.blocks.len() {
            if self.is_free(block)
                && self.blocks[block].range.len() <= longest
                && is_it(self, block, self.text_of(block))
            {
                self.blocks[block].kind = Some(kind);
            }
        }
    }

    /// The first free block that reads like a paragraph; the number of blocks when there is none.
    fn first_paragraph(&self) -> usize {
        let is_paragraph = |block: &usize| self.is_free(*block) && shape::is_paragraph(self.text_of(*block));
        (0..self.blocks.len()).find(is_paragraph).unwrap_or(self.blocks.len())
    }
}

fn trimmed(text: &str, range: &Range<usize>) -> Range<usize> {
    let block = &text[range.clone()];
    let end = range.start + block.trim_end().len();
    end - block.trim().len()..end
}

#[cfg(test)]
mod tests;
