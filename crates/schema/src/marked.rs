//! Text with marks in it: how the zones of an article reach the index.
//!
//! The `text` field is fed one string, in which control characters say what starts where. The tokenizer
//! turns the marks into terms that no word can be ([`Zone::term`]), at the position of the token that
//! follows, and into weights: a token of a zone of weight 3 is counted three times *at one position*,
//! which is BM25F's weighted term frequency (Robertson, Zaragoza and Taylor 2004) in a single field, while
//! phrases and distances see each word once.

use article::{Article, Kind};

use crate::elision::elides;
use crate::layout::{Layout, Row};

const ROW_MARK: char = '\u{2}';
const GAP_MARK: char = '\u{4}';
const PLAIN_MARK: char = '\u{5}';
/// Begins a value in which words may be elided (see [`crate::elision`]), marked or not.
pub(crate) const ELISION_MARK: char = '\u{6}';

/// The lead counts more only where it is at most this part of the text: in a short notice that is all lead, more of every
/// word would only wear off faster (nDCG@10 of Cranfield falls from 0.520 to 0.498).
const LEAD_PART: u32 = 4;

/// What part of an article a token belongs to, as far as queries and ranking tell parts apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Zone {
    /// The headline.
    Title,
    /// The first body paragraph.
    Lead,
    /// The other paragraphs and the headings.
    Body,
    /// Picture captions.
    Caption,
    /// Bylines and notes on authors.
    Author,
    /// Dates, credits and what else is neither noise nor running text.
    Other,
}

impl Zone {
    /// Every zone.
    pub const ALL: [Zone; 6] =
        [Zone::Title, Zone::Lead, Zone::Body, Zone::Caption, Zone::Author, Zone::Other];

    /// The zone of a line; `None` for noise and blank lines, which are not in the text field.
    pub fn of(kind: Kind) -> Option<Zone> {
        match kind {
            Kind::Headline => Some(Zone::Title),
            Kind::Lead => Some(Zone::Lead),
            Kind::Body | Kind::Heading => Some(Zone::Body),
            Kind::Caption => Some(Zone::Caption),
            Kind::Byline | Kind::AuthorBio => Some(Zone::Author),
            Kind::Date | Kind::Credit => Some(Zone::Other),
            Kind::Blank | Kind::Nav | Kind::Banner | Kind::Related | Kind::Footer => None,
        }
    }

    /// How often a token of the zone counts in the term frequency. Three for the headline is what served best on four judged
    /// collections (nDCG@10, once against three times: Cranfield 0.520, 0.521; CISI 0.287, 0.287; `SciFact` 0.661, 0.667;
    /// ADI 0.394, 0.409).
    pub fn weight(self) -> u32 {
        match self {
            Zone::Title => 3,
            Zone::Lead => 2,
            Zone::Body | Zone::Caption | Zone::Author | Zone::Other => 1,
        }
    }

    /// The term at the first token of every run of this zone.
    pub fn term(self) -> &'static str {
        match self {
            Zone::Title => "\u{10}",
            Zone::Lead => "\u{11}",
            Zone::Body => "\u{12}",
            Zone::Caption => "\u{13}",
            Zone::Author => "\u{14}",
            Zone::Other => "\u{15}",
        }
    }

    /// The zone that a term of the field begins, if it is none of a word.
    #[inline]
    pub(crate) fn of_term(term: &[u8]) -> Option<Zone> {
        term.first().filter(|&&byte| byte < b' ').and_then(|&byte| Zone::from_mark(char::from(byte)))
    }

    fn from_mark(mark: char) -> Option<Zone> {
        Zone::ALL.into_iter().find(|zone| zone.term().starts_with(mark))
    }
}

/// What a mark means to the tokenizer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// A row of the layout starts: no word goes on across it.
    Row,
    Gap,
    /// Tokens count once from here to the next zone.
    Plain,
    /// Words may be elided.
    Elision,
    Zone(Zone),
}

impl Mark {
    pub(crate) fn from_char(c: char) -> Option<Mark> {
        match c {
            ROW_MARK => Some(Mark::Row),
            GAP_MARK => Some(Mark::Gap),
            PLAIN_MARK => Some(Mark::Plain),
            ELISION_MARK => Some(Mark::Elision),
            c if c < ' ' => Zone::from_mark(c).map(Mark::Zone),
            _ => None,
        }
    }
}

/// The value of the `text` field: the article without noise, marked.
pub(crate) fn marked_text(article: &Article, layout: &Layout) -> String {
    let mut out = String::with_capacity(article.text.len() + layout.rows.len() * 2 + 1);
    out.extend(elides(article.language.as_deref()).then_some(ELISION_MARK));
    let mut zone = None;
    let plain_lead = !has_short_lead(layout);
    each_row(article, layout, |row, text| {
        let Some(row_zone) = Zone::of(row.kind) else { return };
        if zone == Some(Zone::Title) && row_zone != Zone::Title {
            out.push(GAP_MARK);
        }
        if zone != Some(row_zone) {
            out.push_str(row_zone.term());
            if row_zone == Zone::Lead && plain_lead {
                out.push(PLAIN_MARK);
            }
            zone = Some(row_zone);
        }
        out.push(ROW_MARK);
        push_unmarked(&mut out, text);
    });
    out
}

fn has_short_lead(layout: &Layout) -> bool {
    let positions = |wanted: &dyn Fn(Kind) -> bool| -> u32 {
        layout.rows.iter().filter(|row| wanted(row.kind)).map(|row| row.positions).sum()
    };
    positions(&|kind| kind == Kind::Lead) * LEAD_PART <= positions(&|kind| Zone::of(kind).is_some())
}

/// The value of the `noise` field: menus, banners, links, footers.
pub(crate) fn noise_text(article: &Article, layout: &Layout) -> String {
    gather(article, layout, Kind::is_noise)
}

/// The text of all rows of the kinds that `belongs` picks.
pub(crate) fn gather(article: &Article, layout: &Layout, belongs: impl Fn(Kind) -> bool) -> String {
    let mut out = String::new();
    each_row(article, layout, |row, text| {
        if belongs(row.kind) {
            out.push_str(text);
        }
    });
    out
}

fn each_row<'a>(article: &'a Article, layout: &Layout, mut visit: impl FnMut(&Row, &'a str)) {
    let mut start = 0;
    for row in &layout.rows {
        let end = start + row.bytes as usize;
        visit(row, &article.text[start..end]);
        start = end;
    }
}

/// Control characters of the article's own must not act as marks.
fn push_unmarked(out: &mut String, text: &str) {
    if text.bytes().all(|byte| byte >= b' ' || byte == b'\n' || byte == b'\t') {
        out.push_str(text);
    } else {
        out.extend(text.chars().map(|c| if c.is_ascii_control() { ' ' } else { c }));
    }
}
