//! Hits with fragments of their text.
//!
//! What this costs depends on what is shown, not on how long the article is: the positions of the matching words come
//! from the postings, the stored layout leads from a position to its sentence, and only the sentences that are
//! shown are unpacked and tokenized.
//!
//! `place` finds the sentences of the matches, `pick` chooses which to show, and `cut` makes them fit.

mod cut;
mod pick;
mod place;

use std::ops::RangeInclusive;

use article::Kind;
use engine::{Fragment, Hit, SearchError};
use schema::{DecodeError, StoredArticle};
use tantivy::{DocId, SegmentReader};

use crate::local::LocalEngine;
use crate::plan::{Plan, Words};
use crate::spans::{Interval, Spans, Walker};
use crate::top::Ranked;
use cut::{Mark, Piece, clip, cut};
use place::Places;

/// Characters of a title made of the first words.
const TITLE_CHARS: usize = 80;

/// Makes hits of ranked addresses.
pub(crate) struct Passages<'a> {
    pub(crate) engine: &'a LocalEngine,
    pub(crate) plan: &'a Plan,
    /// The most fragments a hit shows.
    pub(crate) limit: usize,
}

/// A clause that can make an article match, and the walk over the words it is shown by.
struct Clause {
    walker: Walker,
    /// Its words stand in noise, not in the clean text.
    in_noise: bool,
}

/// Where a clause stands in an article.
struct Found {
    /// In order.
    spans: Vec<Interval>,
    in_noise: bool,
}

impl Found {
    fn new(clause: &mut Clause, doc: DocId) -> Found {
        let has_words = clause.walker.seek(doc) == doc;
        let spans = if has_words { clause.walker.spans(doc) } else { Vec::new() };
        Found { spans, in_noise: clause.in_noise }
    }

    /// What of it lies in some rows.
    fn inside(&self, places: &Places<'_>, rows: &RangeInclusive<usize>) -> Vec<Interval> {
        if self.spans.is_empty() {
            return Vec::new();
        }
        let positions = places.positions(rows, self.in_noise);
        let first = self.spans.partition_point(|span| span.start < positions.start);
        let starting = self.spans[first..].iter().take_while(|span| span.start < positions.end);
        starting.filter(|span| span.end < positions.end).copied().collect()
    }
}

impl Passages<'_> {
    /// The hits, in the order of `ranked`.
    pub(crate) fn hits(&self, ranked: &[Ranked]) -> Result<Vec<Hit>, SearchError> {
        let mut hits: Vec<Option<Hit>> = vec![None; ranked.len()];
        let mut order: Vec<usize> = (0..ranked.len()).collect();
        order.sort_by_key(|&i| ranked[i].address);
        for run in order.chunk_by(|&a, &b| ranked[a].address.segment_ord == ranked[b].address.segment_ord) {
            let segment = self.engine.searcher.segment_reader(ranked[run[0]].address.segment_ord);
            let failed = |error| self.engine.failed("reading positions", error);
            let mut clauses =
                if self.limit > 0 { self.clauses(segment).map_err(failed)? } else { Vec::new() };
            for &i in run {
                hits[i] = Some(self.hit(&ranked[i], &mut clauses)?);
            }
        }
        Ok(hits.into_iter().flatten().collect())
    }

    fn clauses(&self, segment: &SegmentReader) -> tantivy::Result<Vec<Clause>> {
        let LocalEngine { fields, files, .. } = self.engine;
        let mut clauses = Vec::new();
        for Words { field, spans, zones } in self.plan.shown_words() {
            let in_noise = *field == fields.noise;
            let walker = match zones {
                None => Walker::open(spans, *field, segment, files)?,
                Some(zones) => {
                    let shown = Spans::InZone(zones.clone(), Box::new(spans.clone()));
                    Walker::open(&shown, fields.text, segment, files)?
                }
            };
            clauses.push(Clause { walker, in_noise });
        }
        Ok(clauses)
    }

    fn hit(&self, ranked: &Ranked, clauses: &mut [Clause]) -> Result<Hit, SearchError> {
        let stored = self.engine.fetch(ranked.address)?;
        let damaged = |error| self.engine.damaged(error);
        let fragments = if self.limit > 0 {
            self.fragments(&stored, ranked.address.doc_id, clauses).map_err(damaged)?
        } else {
            Vec::new()
        };
        let (source, also) = (stored.source(), stored.also());
        let has_headline = stored.card.headline.is_some();
        let title = title(&stored).map_err(damaged)?;
        Ok(Hit {
            score: ranked.score,
            id: stored.card.id,
            source,
            also,
            title,
            has_headline,
            date: stored.card.date,
            authors: stored.card.authors,
            outlet: stored.card.outlet,
            language: stored.card.lang,
            url: stored.card.url,
            copies: None,
            fragments,
        })
    }

    fn fragments(
        &self,
        stored: &StoredArticle<'_>,
        doc: DocId,
        clauses: &mut [Clause],
    ) -> Result<Vec<Fragment>, DecodeError> {
        let places = Places::new(stored);
        let found: Vec<Found> = clauses.iter_mut().map(|clause| Found::new(clause, doc)).collect();
        let picked = pick::pick(&places, &found, self.limit);
        if picked.is_empty() {
            return opening_row(stored)
                .map(|row| cut(&places, &[Piece { rows: row..=row, marks: Vec::new() }]))
                .into_iter()
                .collect();
        }
        picked
            .into_iter()
            .map(|pieces| {
                let pieces = pieces.into_iter().map(|rows| piece(&places, rows, &found, doc, clauses));
                cut(&places, &pieces.collect::<Result<Vec<Piece>, _>>()?)
            })
            .collect()
    }
}

/// Rows to show, with the words in them that made the article match.
fn piece(
    places: &Places<'_>,
    rows: RangeInclusive<usize>,
    found: &[Found],
    doc: DocId,
    clauses: &mut [Clause],
) -> Result<Piece, DecodeError> {
    let mut words = Vec::new();
    for (clause, found) in clauses.iter_mut().zip(found) {
        let spans = found.inside(places, &rows);
        if let Some(&first) = spans.first() {
            let is_essential = |word: &Interval| first.start <= word.start && word.end <= first.end;
            let of_clause = clause.walker.words(doc, &spans).into_iter();
            words.extend(of_clause.map(|word| (word, clause.in_noise, is_essential(&word))));
        }
    }
    // The last one first, so that no row is tokenized twice, or further than that.
    words.sort_unstable_by_key(|(word, ..)| std::cmp::Reverse(word.end));
    let mut marks = Vec::with_capacity(words.len());
    for (word, in_noise, is_essential) in words {
        let range = places.bytes(&rows, word, in_noise)?;
        marks.extend(range.map(|range| Mark { range, is_essential }));
    }
    marks.sort_by_key(|mark| (mark.range.start, mark.range.end, !mark.is_essential));
    marks.dedup_by(|b, a| a.range == b.range);
    Ok(Piece { rows, marks })
}

/// Where an article begins to speak: its lead, or the first row that is not noise.
fn opening_row(stored: &StoredArticle<'_>) -> Option<usize> {
    let find = |wanted: &dyn Fn(Kind) -> bool| stored.layout.rows.iter().position(|row| wanted(row.kind));
    find(&|kind| kind == Kind::Lead)
        .or_else(|| find(&|kind| kind == Kind::Body))
        .or_else(|| find(&|kind| kind != Kind::Blank && !kind.is_noise()))
        .or_else(|| find(&|kind| kind != Kind::Blank))
}

/// The headline, or the first words where there is none.
pub(crate) fn title(stored: &StoredArticle<'_>) -> Result<String, DecodeError> {
    match &stored.card.headline {
        Some(headline) => Ok(headline.clone()),
        None => first_words(stored),
    }
}

fn first_words(stored: &StoredArticle<'_>) -> Result<String, DecodeError> {
    let Some(row) = opening_row(stored) else { return Ok(String::new()) };
    Ok(clip(&Places::new(stored).text(&(row..=row))?, TITLE_CHARS))
}
