//! The query tree. Every node knows its place in the text; two trees are equal when they mean the same,
//! wherever they stood.

use std::fmt;

/// A byte range in the query text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A node and its place. Equality ignores the place.
#[derive(Clone, Debug)]
pub struct Query {
    /// What it means.
    pub node: Node,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

impl Query {
    /// What every article matches: any date, and none.
    pub fn everything() -> Query {
        let filter = DateFilter { ranges: vec![DateRange::default()], undated: true };
        Query { node: Node::Date(filter), span: Span::default() }
    }

    /// What stands right below it, in order.
    pub fn parts(&self) -> Vec<&Query> {
        match &self.node {
            Node::And(parts) | Node::Or(parts) | Node::Actor(_, parts) => parts.iter().collect(),
            Node::Not(inner) | Node::Field(_, inner) | Node::Boost(inner, _) | Node::AtLeast(_, inner) => {
                vec![inner]
            }
            Node::Prefer(left, right)
            | Node::Near { left, right, .. }
            | Node::Sentence(left, right)
            | Node::Paragraph(left, right) => vec![left, right],
            Node::Date(_)
            | Node::Word(_)
            | Node::Exact(_)
            | Node::Phrase(..)
            | Node::Wildcard(_)
            | Node::Fuzzy(..)
            | Node::Regex(_) => Vec::new(),
        }
    }

    /// Visits this node and all below it, from the top. What a visit puts in is visited too.
    pub fn each_mut(&mut self, visit: &mut dyn FnMut(&mut Query)) {
        visit(self);
        match &mut self.node {
            Node::And(parts) | Node::Or(parts) | Node::Actor(_, parts) => {
                for part in parts {
                    part.each_mut(visit);
                }
            }
            Node::Not(inner) | Node::Field(_, inner) | Node::Boost(inner, _) | Node::AtLeast(_, inner) => {
                inner.each_mut(visit);
            }
            Node::Prefer(left, right)
            | Node::Near { left, right, .. }
            | Node::Sentence(left, right)
            | Node::Paragraph(left, right) => {
                left.each_mut(visit);
                right.each_mut(visit);
            }
            Node::Date(_)
            | Node::Word(_)
            | Node::Exact(_)
            | Node::Phrase(..)
            | Node::Wildcard(_)
            | Node::Fuzzy(..)
            | Node::Regex(_) => {}
        }
    }
}

/// What a query can be. Words are raw text here: how they become terms is the analyzer's business.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// All of them, at least two, none itself an `And`.
    And(Vec<Query>),
    /// Any of them, at least two, none itself an `Or`.
    Or(Vec<Query>),
    /// `a XRANK b`: what matches the first, which is no `Prefer` itself; the score of the second is added where that matches too.
    Prefer(Box<Query>, Box<Query>),
    /// Articles that do not match.
    Not(Box<Query>),
    /// `title:x`, `title:(x OR y)`. A field inside a field is an error of the parser.
    Field(Field, Box<Query>),
    /// `date:2022`, `date:2021-12..2022-02,none`.
    Date(DateFilter),
    /// `x^2`: the score of `x` times a factor above 0.
    Boost(Box<Query>, f32),
    /// `a NEAR/6 b`, `a PRE/6 b`.
    Near {
        /// The left side.
        left: Box<Query>,
        /// The right side.
        right: Box<Query>,
        /// Largest position difference, 1 to 255.
        distance: u32,
        /// `PRE`: left stands before right.
        ordered: bool,
    },
    /// `a SENTENCE b`.
    Sentence(Box<Query>, Box<Query>),
    /// `a PARAGRAPH b`.
    Paragraph(Box<Query>, Box<Query>),
    /// `ATLEAST/3 x`: at least so many mentions, 1 to 255.
    AtLeast(u32, Box<Query>),
    /// A run of text without white space: one token, or a phrase where punctuation splits it.
    Word(String),
    /// `=US`: the token in exactly this case.
    Exact(String),
    /// `"a b c"`, `"a b"~2`: the text between the quotes and the extra positions allowed.
    Phrase(String, u32),
    /// `inva*`, `te?t`: `*` any run, `?` one character.
    Wildcard(String),
    /// `bidden~1`: text and edit distance 1 or 2; `None` where the query says only `~`.
    Fuzzy(String, Option<u8>),
    /// `/regex/` over whole tokens.
    Regex(String),
    /// `@nato`: the id without the `@`, and the forms of the actor, which the parser leaves empty: who is who is not
    /// its business (see [`Query::each_mut`]).
    Actor(String, Vec<Query>),
}

/// The fields a query can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The headline.
    Title,
    /// The first body paragraph.
    Lead,
    /// Headline or lead.
    Hlead,
    /// Running text: lead, paragraphs and headings.
    Body,
    /// Picture captions.
    Caption,
    /// Byline and author's note.
    Author,
    /// The publication.
    Outlet,
    /// Language, as an ISO 639-1 code.
    Lang,
    /// Where the article was read from.
    Path,
    /// The article's id.
    Id,
}

impl Field {
    /// Every field with its name in queries, in the order they are listed to people. `date` is apart: it
    /// takes dates, not text (see [`Node::Date`]).
    pub const NAMES: [(Field, &'static str); 10] = [
        (Field::Title, "title"),
        (Field::Lead, "lead"),
        (Field::Hlead, "hlead"),
        (Field::Body, "body"),
        (Field::Caption, "caption"),
        (Field::Author, "author"),
        (Field::Outlet, "outlet"),
        (Field::Lang, "lang"),
        (Field::Path, "path"),
        (Field::Id, "id"),
    ];

    /// Has the field one value, which is compared as a whole, and no words?
    pub fn is_whole(self) -> bool {
        matches!(self, Field::Lang | Field::Id)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Field::NAMES.iter().find(|(field, _)| field == self).map_or("", |(_, name)| name);
        f.write_str(name)
    }
}

/// Publication dates to keep: inside any of the ranges, or undated where `undated` is set.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct DateFilter {
    /// Inclusive ranges, each already widened to whole days.
    pub ranges: Vec<DateRange>,
    /// `none` was in the list.
    pub undated: bool,
}

/// An inclusive range of days; an open side is `None`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct DateRange {
    /// First day.
    pub first: Option<Day>,
    /// Last day.
    pub last: Option<Day>,
}

/// A day of the Gregorian calendar that exists. Ordered by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    /// 0 to 9999.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31.
    pub day: i8,
}
