use std::ops::Range;
use std::time::Duration;

use article::{Kind, Place, Source};
use jiff::civil::Date;

use crate::Phases;

/// The answer to a [`SearchRequest`](crate::SearchRequest).
#[derive(Clone, Debug, PartialEq)]
pub struct SearchResponse {
    /// The hits asked for, in order.
    pub hits: Vec<Hit>,
    /// How many articles match in all, where that was asked for.
    pub total: Option<Total>,
    /// Time from the query tree to the hits.
    pub took: Duration,
    /// Where that time went, where that was asked for and the engine knows.
    pub phases: Option<Phases>,
}

/// How many articles match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// All of them.
    pub articles: u64,
    /// Those without a date.
    pub undated: u64,
    /// How many are left without copies, where copies are folded.
    pub folded: Option<u64>,
}

/// An article that matches.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// BM25 score, 0 or more. `None` where the order does not ask for it.
    pub score: Option<f32>,
    /// The article's id.
    pub id: String,
    /// Where it was read from; the first of its places, by path and line, where the same article was read from several.
    pub source: Source,
    /// The other places, in order.
    pub also: Vec<Place>,
    /// The headline, or the first words where there is none.
    pub title: String,
    /// The title is the article's headline, not its first words.
    pub has_headline: bool,
    /// Publication date.
    pub date: Option<Date>,
    /// Authors.
    pub authors: Vec<String>,
    /// The publication.
    pub outlet: Option<String>,
    /// Language code.
    pub language: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// How many copies of it match and are left out, where copies are folded.
    pub copies: Option<u64>,
    /// Parts of the text, in the order of the text, that together show the clauses that matched.
    pub fragments: Vec<Fragment>,
}

/// The answer to a [`CopiesRequest`](crate::CopiesRequest).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Copies {
    /// Those asked for, the largest first.
    pub clusters: Vec<Cluster>,
    /// How many there are.
    pub count: u64,
    /// Articles in all of them, once for each of their places.
    pub articles: u64,
}

/// Articles that are copies of each other, at least two. One that was read from several places is there with each.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// The oldest first, undated last, then by path and line.
    pub articles: Vec<Member>,
}

/// An article of a cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its id.
    pub id: String,
    /// Where it was read from.
    pub source: Source,
    /// The headline, or the first words where there is none.
    pub title: String,
    /// Publication date.
    pub date: Option<Date>,
    /// It has the id and the text of the first of the cluster.
    pub exact: bool,
    /// The part that the shorter of it and the first of the cluster has in common with the longer one, from 0 to 1, about. It
    /// may be small where both are copies of a third.
    pub overlap: f32,
}

/// A part of an article's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// 1-based line of the source file where the first highlight stands, else where the fragment begins.
    pub line: u32,
    /// What that line is.
    pub kind: Kind,
    /// The text, on one line. `…` at an end says that a sentence was cut there.
    pub text: String,
    /// Byte ranges of the text that made the article match, in order, not overlapping.
    pub highlights: Vec<Range<usize>>,
}

/// What a collection is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Articles.
    pub articles: u64,
    /// Places that they were read from: more than articles, where the same one was read from several.
    pub places: u64,
    /// Articles without a date.
    pub undated: u64,
    /// First and last publication date.
    pub dates: Option<(Date, Date)>,
    /// Files the articles came from.
    pub sources: u64,
    /// Different terms of the text field, acronyms twice, summed over segments.
    pub terms: u64,
    /// What the lengths of articles add up to: tokens of the text field by their weights, acronyms twice, and the marks of
    /// zones.
    pub tokens: u64,
    /// Parts the index is made of.
    pub segments: u64,
    /// Bytes on disk.
    pub bytes: u64,
    /// Articles a language, most first; an empty name for those without.
    pub languages: Vec<(String, u64)>,
}
