//! Walks the articles of a segment that have certain spans. Postings are moved lazily: of clauses that must all be
//! there the rarest leads, and positions are read only where all are.

use std::borrow::Cow;

use schema::Zone;
use tantivy::schema::Field;
use tantivy::{DocId, SegmentReader, TERMINATED};

use super::bounds::Bounds;
use super::interval::{
    Interval, count_apart, exact_phrases, keep_minimal, of_positions, ordered_near, ordered_within,
    sloppy_phrases, union, weight,
};
use super::occurrences::{FoundWord, Occurrences, find, seek_together};
use super::pair::{Pair, Reach};
use super::phrase::{Phrase, parts_of_phrase};
use super::{Frequencies, Spans};
use crate::postings::Files;

/// A walk over the articles that may have the spans.
#[derive(Clone)]
pub(crate) struct Walker {
    node: Node,
}

#[derive(Clone)]
enum Node {
    /// A term that the segment does not have.
    Absent,
    Term(Box<Occurrences>),
    Any(Vec<Node>),
    /// Two words near each other or within bounds.
    Pair(Box<Pair>),
    /// Words at fixed distances.
    Phrase(Box<Phrase>),
    /// All children are there.
    All {
        children: Vec<Node>,
        /// Children from rarest to most frequent.
        by_cost: Vec<usize>,
        rule: Rule,
        /// Room for the spans of each child.
        lists: Vec<Vec<Interval>>,
    },
    /// Each with the position behind it.
    Wider(Box<Node>),
    AtLeast(u32, Box<Node>),
    InZone {
        zones: Vec<Zone>,
        bounds: Vec<(Zone, Occurrences)>,
        inner: Box<Node>,
    },
}

/// What holds between children that are all there.
#[derive(Clone)]
enum Rule {
    Phrase { offsets: Vec<u32>, slop: u32 },
    Near { distance: u32, ordered: bool },
    Within(Bounds),
}

impl Walker {
    /// A walk that stands at its first article.
    pub(crate) fn open(
        spans: &Spans,
        field: Field,
        segment: &SegmentReader,
        files: &Files,
    ) -> tantivy::Result<Walker> {
        Ok(Walker { node: Node::open(spans, field, segment, files)? })
    }

    /// The same, of words that have been looked up.
    pub(super) fn of(
        words: &[FoundWord<'_>],
        spans: &Spans,
        field: Field,
        segment: &SegmentReader,
        files: &Files,
    ) -> tantivy::Result<Walker> {
        match spans {
            Spans::Phrase { parts, slop: 0 } => {
                Ok(Walker { node: Node::phrase(words, parts, segment, files)? })
            }
            _ => Walker::open(spans, field, segment, files),
        }
    }

    /// Moves to the first article at or behind `target` that has the words, wherever they stand.
    pub(crate) fn seek(&mut self, target: DocId) -> DocId {
        self.node.seek(target)
    }

    /// About how many articles it will visit.
    pub(crate) fn cost(&self) -> u32 {
        self.node.cost()
    }

    /// Puts the spans in the article it stands at into a list, which is empty.
    pub(crate) fn push_spans(&mut self, doc: DocId, spans: &mut Vec<Interval>) {
        self.node.push_spans(doc, spans);
    }

    /// The weights of the spans in the article, added up; 0, perhaps, where that is less than `least`. Alternatives that are
    /// words are counted without reading where they stand.
    pub(crate) fn frequency(&mut self, doc: DocId, least: u32) -> u32 {
        self.node.frequency(doc, least)
    }

    /// The same of an article behind those asked for before, which need not have all words.
    pub(super) fn frequency_at(&mut self, doc: DocId, least: u32) -> u32 {
        if self.seek(doc) == doc { self.frequency(doc, least) } else { 0 }
    }

    /// Has the article, which has the words, any of the spans?
    pub(crate) fn has_spans(&mut self, doc: DocId) -> bool {
        match &mut self.node {
            Node::Phrase(phrase) => phrase.is_in(doc),
            Node::Pair(pair) => pair.is_in(doc),
            node => node.frequency(doc, 0) > 0,
        }
    }

    /// No less than the [`frequency`](Self::frequency), known from the postings alone, without positions.
    pub(crate) fn frequency_bound(&mut self, doc: DocId) -> u32 {
        self.node.frequency_bound(doc)
    }

    /// The words that make up some of the [spans](Self::push_spans) of the article, which must be in order: one interval for
    /// each run of words.
    pub(crate) fn words<'a>(&mut self, doc: DocId, wholes: &'a [Interval]) -> Cow<'a, [Interval]> {
        if let Node::Term(_) | Node::Phrase(_) = self.node {
            return Cow::Borrowed(wholes);
        }
        let mut words = Vec::new();
        self.node.words(doc, &Wholes { spans: wholes, fit: Fit::Exact }, &mut words);
        union(&mut words);
        Cow::Owned(words)
    }
}

/// Spans of the whole whose parts are sought.
struct Wholes<'a> {
    /// In order. Where parts may stand at an end, none contains another.
    spans: &'a [Interval],
    fit: Fit,
}

impl Wholes<'_> {
    /// Does the part belong to one of them?
    fn admit(&self, part: Interval) -> bool {
        let start = self.spans.partition_point(|whole| whole.start < part.start);
        match self.fit {
            Fit::Exact => self.spans[start..]
                .iter()
                .take_while(|whole| whole.start == part.start)
                .any(|whole| whole.end == part.end),
            Fit::AtAnEnd => {
                let at_start = self.spans.get(start);
                let at_end = self.spans.get(self.spans.partition_point(|whole| whole.end < part.end));
                at_start.is_some_and(|whole| whole.start == part.start && part.end <= whole.end)
                    || at_end.is_some_and(|whole| whole.end == part.end && whole.start <= part.start)
            }
        }
    }
}

/// Which spans of a part belong to a span of the whole.
#[derive(Clone, Copy, PartialEq)]
enum Fit {
    Exact,
    /// Inside, and at one of its ends.
    AtAnEnd,
}

impl Node {
    fn open(spans: &Spans, field: Field, segment: &SegmentReader, files: &Files) -> tantivy::Result<Node> {
        let open = |spans: &Spans| Node::open(spans, field, segment, files);
        Ok(match spans {
            Spans::Term(term) => Occurrences::open(term, field, segment, files)?
                .map_or(Node::Absent, |found| Node::Term(Box::new(found))),
            Spans::Any(parts) => Node::Any(parts.iter().map(open).collect::<Result<_, _>>()?),
            Spans::Phrase { parts, slop } => {
                let words = if *slop == 0 { parts_of_phrase(parts, field, segment) } else { None };
                if let Some(words) = words {
                    return find(&words, segment, None)?
                        .map_or(Ok(Node::Absent), |words| Node::phrase(&words, parts, segment, files));
                }
                let offsets = parts.iter().map(|(offset, _)| *offset).collect();
                let children = parts.iter().map(|(_, part)| open(part)).collect::<Result<_, _>>()?;
                Node::all(children, Rule::Phrase { offsets, slop: *slop })
            }
            Spans::Near { left, right, distance, ordered } => match (open(left)?, open(right)?) {
                (Node::Term(left), Node::Term(right)) => {
                    Node::Pair(Box::new(Pair::new(*left, *right, *ordered, Reach::Positions(*distance))))
                }
                (left, right) => {
                    let rule = Rule::Near { distance: *distance, ordered: *ordered };
                    Node::all(vec![left, right], rule)
                }
            },
            Spans::Within { bound, left, right } => match (open(left)?, open(right)?) {
                (Node::Term(left), Node::Term(right)) => {
                    let reach = Reach::within(*bound, segment)?;
                    Node::Pair(Box::new(Pair::new(*left, *right, false, reach)))
                }
                (left, right) => Node::all(vec![left, right], Rule::Within(Bounds::open(*bound, segment)?)),
            },
            Spans::Wider(inner) => Node::Wider(Box::new(open(inner)?)),
            Spans::AtLeast(count, inner) => Node::AtLeast(*count, Box::new(open(inner)?)),
            Spans::InZone(zones, inner) => {
                let mut bounds = Vec::new();
                for zone in Zone::ALL {
                    let found = Occurrences::open(zone.term(), field, segment, files)?;
                    bounds.extend(found.map(|occurrences| (zone, occurrences)));
                }
                Node::InZone { zones: zones.clone(), bounds, inner: Box::new(open(inner)?) }
            }
        })
    }

    /// Of the words of the parts.
    fn phrase(
        words: &[FoundWord<'_>],
        parts: &[(u32, Spans)],
        segment: &SegmentReader,
        files: &Files,
    ) -> tantivy::Result<Node> {
        let length = parts.last().map_or(0, |(offset, _)| *offset);
        Ok(Node::Phrase(Box::new(Phrase::of(words, length, segment, files)?)))
    }

    fn all(children: Vec<Node>, rule: Rule) -> Node {
        let mut by_cost: Vec<usize> = (0..children.len()).collect();
        by_cost.sort_by_key(|&child| children[child].cost());
        let lists = vec![Vec::new(); children.len()];
        Node::All { children, by_cost, rule, lists }
    }

    fn cost(&self) -> u32 {
        match self {
            Node::Absent => 0,
            Node::Term(occurrences) => occurrences.articles(),
            Node::Pair(pair) => pair.cost(),
            Node::Phrase(phrase) => phrase.cost(),
            Node::Any(children) => children.iter().map(Node::cost).fold(0, u32::saturating_add),
            Node::All { children, .. } => children.iter().map(Node::cost).min().unwrap_or(0),
            Node::Wider(inner) | Node::AtLeast(_, inner) | Node::InZone { inner, .. } => inner.cost(),
        }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        match self {
            Node::Absent => TERMINATED,
            Node::Term(occurrences) => occurrences.seek(target),
            Node::Pair(pair) => pair.seek(target),
            Node::Phrase(phrase) => phrase.seek(target),
            Node::Any(children) => {
                children.iter_mut().map(|child| child.seek(target)).min().unwrap_or(TERMINATED)
            }
            Node::All { children, by_cost, .. } => {
                seek_together(by_cost.len(), target, |walk, target| children[by_cost[walk]].seek(target))
            }
            Node::Wider(inner) | Node::AtLeast(_, inner) | Node::InZone { inner, .. } => inner.seek(target),
        }
    }

    fn frequency(&mut self, doc: DocId, least: u32) -> u32 {
        match self {
            Node::Term(occurrences) => occurrences.frequency(doc),
            Node::Any(children) => children.iter_mut().map(|child| child.frequency(doc, 0)).sum(),
            Node::Pair(pair) => weight(pair.spans(doc, least)),
            Node::Phrase(phrase) => phrase.frequency(doc, least),
            Node::Wider(inner) => inner.frequency(doc, least),
            _ => weight(&self.spans(doc)),
        }
    }

    fn frequency_bound(&mut self, doc: DocId) -> u32 {
        match self {
            Node::Absent => 0,
            Node::Term(occurrences) => occurrences.frequency(doc),
            Node::Pair(pair) => pair.frequencies(doc).either_order(),
            Node::Phrase(phrase) => phrase.least_frequency(doc),
            Node::Any(children) => children
                .iter_mut()
                .map(|child| if child.seek(doc) == doc { child.frequency_bound(doc) } else { 0 })
                .fold(0, u32::saturating_add),
            Node::All { children, rule, .. } => {
                let mut bounds = children.iter_mut().map(|child| child.frequency_bound(doc));
                let first = Frequencies::of_one(bounds.next().unwrap_or(0));
                match rule {
                    // Every first word has its own way, though ways may end in the same word.
                    Rule::Phrase { slop: 1.., .. } => first.least,
                    Rule::Phrase { .. } | Rule::Near { ordered: true, .. } => {
                        bounds.fold(first, Frequencies::and).least
                    }
                    Rule::Near { .. } | Rule::Within(_) => {
                        bounds.fold(first, Frequencies::and).either_order()
                    }
                }
            }
            Node::Wider(inner) | Node::AtLeast(_, inner) | Node::InZone { inner, .. } => {
                inner.frequency_bound(doc)
            }
        }
    }

    fn spans(&mut self, doc: DocId) -> Vec<Interval> {
        let mut out = Vec::new();
        self.push_spans(doc, &mut out);
        out
    }

    /// Appends the spans to `out`, which is empty.
    fn push_spans(&mut self, doc: DocId, out: &mut Vec<Interval>) {
        match self {
            Node::Absent => {}
            Node::Term(occurrences) => of_positions(occurrences.at(doc), out),
            Node::Pair(pair) => out.extend_from_slice(pair.spans(doc, 0)),
            Node::Phrase(phrase) => out.extend_from_slice(phrase.spans(doc, 0)),
            Node::Any(children) => {
                let mut one = Vec::new();
                for child in children {
                    child.push_spans(doc, &mut one);
                    out.append(&mut one);
                }
                union(out);
            }
            Node::All { children, rule, lists, .. } => {
                for (child, list) in children.iter_mut().zip(lists.iter_mut()) {
                    list.clear();
                    child.push_spans(doc, list);
                    if list.is_empty() {
                        return;
                    }
                }
                rule.apply(lists, doc, out);
            }
            Node::Wider(inner) => {
                inner.push_spans(doc, out);
                out.iter_mut().for_each(|span| span.end += 1);
            }
            Node::AtLeast(count, inner) => {
                inner.push_spans(doc, out);
                if count_apart(out) < *count {
                    out.clear();
                }
            }
            Node::InZone { zones, bounds, inner } => {
                inner.push_spans(doc, out);
                if !out.is_empty() {
                    let starts = zone_starts(bounds, doc);
                    out.retain(|span| is_in_zone(zones, &starts, *span));
                }
            }
        }
    }

    fn words(&mut self, doc: DocId, wholes: &Wholes<'_>, out: &mut Vec<Interval>) {
        match self {
            Node::Absent => {}
            Node::Term(_) | Node::Phrase(_) => {
                out.extend(self.spans(doc).into_iter().filter(|span| wholes.admit(*span)));
            }
            Node::Any(children) => children.iter_mut().for_each(|child| child.words(doc, wholes, out)),
            Node::Wider(inner) => {
                let admitted = |span: &Interval| wholes.admit(Interval { end: span.end + 1, ..*span });
                let spans: Vec<_> = inner.spans(doc).into_iter().filter(admitted).collect();
                inner.words(doc, &Wholes { spans: &spans, fit: Fit::Exact }, out);
            }
            Node::AtLeast(_, inner) | Node::InZone { inner, .. } => inner.words(doc, wholes, out),
            Node::All { children, rule: Rule::Phrase { offsets, slop }, .. } => {
                let lists: Vec<_> = children.iter_mut().map(|child| child.spans(doc)).collect();
                let mut spans = Vec::new();
                phrases(offsets, &lists, *slop, &mut spans);
                spans.retain(|span| wholes.admit(*span));
                let wholes = Wholes { spans: &spans, fit: Fit::Exact };
                each_phrase(offsets, &lists, *slop, |phrase, words| {
                    if wholes.admit(phrase) {
                        out.extend(words);
                    }
                });
            }
            Node::Pair(pair) => {
                let spans = pair
                    .spans(doc, 0)
                    .iter()
                    .filter(|span| wholes.admit(**span))
                    .copied()
                    .collect::<Vec<_>>();
                let wholes = Wholes { spans: &spans, fit: Fit::AtAnEnd };
                for word in pair.words_mut() {
                    let mut places = Vec::new();
                    of_positions(word.at(doc), &mut places);
                    out.extend(places.into_iter().filter(|place| wholes.admit(*place)));
                }
            }
            Node::All { .. } => {
                let spans: Vec<_> = self.spans(doc).into_iter().filter(|span| wholes.admit(*span)).collect();
                let Node::All { children, .. } = self else { return };
                let wholes = Wholes { spans: &spans, fit: Fit::AtAnEnd };
                children.iter_mut().for_each(|child| child.words(doc, &wholes, out));
            }
        }
    }
}

impl Rule {
    fn apply(&mut self, lists: &mut [Vec<Interval>], doc: DocId, out: &mut Vec<Interval>) {
        match self {
            Rule::Phrase { offsets, slop } => phrases(offsets, lists, *slop, out),
            Rule::Near { distance, ordered } => {
                let [left, right] = lists else { return };
                ordered_near(left, right, *distance, out);
                if !*ordered {
                    ordered_near(right, left, *distance, out);
                }
                keep_minimal(out);
            }
            Rule::Within(bounds) => {
                lists.iter_mut().for_each(keep_minimal);
                let [left, right] = lists else { return };
                let mut bounds = bounds.of(doc);
                ordered_within(left, right, |before, behind| bounds.part(before, behind), out);
                ordered_within(right, left, |before, behind| bounds.part(before, behind), out);
                keep_minimal(out);
            }
        }
    }
}

/// The phrases that contain no other one.
fn phrases(offsets: &[u32], lists: &[Vec<Interval>], slop: u32, out: &mut Vec<Interval>) {
    each_phrase(offsets, lists, slop, |phrase, _| out.push(phrase));
    if slop > 0 {
        keep_minimal(out);
    }
}

/// Calls `found` with the shortest phrase from every place of the first part, and its runs of words.
fn each_phrase(
    offsets: &[u32],
    lists: &[Vec<Interval>],
    slop: u32,
    mut found: impl FnMut(Interval, &[Interval]),
) {
    if slop == 0 {
        exact_phrases(offsets, lists, |phrase| found(phrase, &[phrase]));
    } else {
        sloppy_phrases(offsets, lists, slop, |places| {
            let weight = places.iter().map(|place| place.weight).min().unwrap_or(1);
            let (first, last) = (places[0], places[places.len() - 1]);
            found(Interval { start: first.start, end: last.end, weight }, places);
        });
    }
}

/// Where runs of zones start, in order.
fn zone_starts(bounds: &mut [(Zone, Occurrences)], doc: DocId) -> Vec<(u32, Zone)> {
    let mut starts = Vec::new();
    for (zone, occurrences) in bounds {
        starts.extend(occurrences.at(doc).iter().map(|&start| (start, *zone)));
    }
    starts.sort_unstable();
    starts
}

fn is_in_zone(zones: &[Zone], starts: &[(u32, Zone)], span: Interval) -> bool {
    let run = |position| starts.partition_point(|(start, _)| *start <= position);
    let (first, last) = (run(span.start), run(span.end));
    first > 0 && starts[first - 1..last].iter().all(|(_, zone)| zones.contains(zone))
}
