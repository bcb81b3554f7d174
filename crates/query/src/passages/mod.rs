//! Hits with fragments of their text.
//!
//! What this costs depends on what is shown, not on how long the article is: the positions of the matching words come
//! from the postings, the stored layout leads from a position to its sentence, and only the sentences that are
//! shown are unpacked and tokenized.
//!
//! `place` finds the sentences of the matches, `pick` chooses which to show, and `cut` makes them fit, at the ends of characters (`stacks`).

mod cut;
mod pick;
mod place;
mod stacks;

use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};

use article::Kind;
use engine::{Fragment, Hit, SearchError};
use schema::{DecodeError, StoredArticle};
use tantivy::query::{EnableScoring, Scorer};
use tantivy::{DocId, SegmentReader};

use crate::deadline::Deadline;
use crate::local::{LocalEngine, in_time};
use crate::open::Segment;
use crate::plan::{Plan, Shown, Words};
use crate::spans::{Interval, Spans, Walker};
use crate::top::Ranked;
use cut::{Mark, Piece, WHOLE_CHARS, clip, cut};
use pick::Picker;
use place::Places;

/// Characters of a title made of the first words.
const TITLE_CHARS: usize = 80;

/// Of so many articles what is stored is asked for at once.
const FETCHED_AHEAD: usize = 16;

/// Makes hits of ranked addresses.
pub(crate) struct Passages<'a> {
    pub(crate) engine: &'a LocalEngine,
    pub(crate) plan: &'a Plan,
    /// The most fragments a hit shows.
    pub(crate) limit: usize,
    pub(crate) deadline: &'a Deadline,
}

/// What a query is shown by in a segment.
#[derive(Default)]
struct Clauses {
    list: Vec<Clause>,
    conditions: Vec<Condition>,
}

/// A part of the query whose words are shown only where the article matches it.
struct Condition {
    scorer: Box<dyn Scorer>,
    /// Does the article match that was looked at last?
    holds: bool,
}

/// A clause that can make an article match.
struct Clause {
    /// The conditions under which it is shown.
    conditions: Vec<usize>,
    /// A walk over the words it is shown by.
    walker: Walker,
    /// Its words stand in noise, not in the clean text.
    in_noise: bool,
    /// Where it stands in the article that was looked at last, in order.
    spans: Vec<Interval>,
}

impl Clauses {
    /// Looks at an article behind those before.
    fn find(&mut self, doc: DocId) {
        for Condition { scorer, holds } in &mut self.conditions {
            *holds = scorer.doc() <= doc && scorer.seek(doc) == doc;
        }
        for clause in &mut self.list {
            clause.spans.clear();
            let is_shown = clause.conditions.iter().all(|&condition| self.conditions[condition].holds);
            if is_shown && clause.walker.seek(doc) == doc {
                clause.walker.push_spans(doc, &mut clause.spans);
            }
        }
    }
}

/// Those of some spans that lie in some positions.
fn inside(spans: &[Interval], positions: Range<u32>) -> Cow<'_, [Interval]> {
    let first = spans.partition_point(|span| span.start < positions.start);
    let behind = first + spans[first..].partition_point(|span| span.start < positions.end);
    let ends_inside = |span: &&Interval| span.end < positions.end;
    let starting = &spans[first..behind];
    if starting.iter().all(|span| ends_inside(&span)) {
        Cow::Borrowed(starting)
    } else {
        starting.iter().filter(ends_inside).copied().collect()
    }
}

impl Passages<'_> {
    /// The hits, in the order of `ranked`.
    ///
    /// # Errors
    /// When what is stored cannot be read, and when the time is over.
    pub(crate) fn hits(&self, ranked: &[Ranked]) -> Result<Vec<Hit>, SearchError> {
        let mut hits: Vec<Option<Hit>> = vec![None; ranked.len()];
        let mut order: Vec<usize> = (0..ranked.len()).collect();
        order.sort_by_key(|&i| ranked[i].address);
        let mut picker = Picker::default();
        for run in order.chunk_by(|&a, &b| ranked[a].address.segment_ord == ranked[b].address.segment_ord) {
            let segment = self.engine.searcher.segment_reader(ranked[run[0]].address.segment_ord);
            let Segment { store, notes, .. } = self.engine.segment(ranked[run[0]].address);
            let failed = |error| self.engine.failed("reading positions", error);
            let mut clauses =
                if self.limit > 0 { self.clauses(segment).map_err(failed)? } else { Clauses::default() };
            for run in run.chunks(FETCHED_AHEAD) {
                let docs = || run.iter().map(|&i| ranked[i].address.doc_id);
                store.fetch_ahead(docs());
                notes.fetch_ahead(docs());
                for &i in run {
                    in_time(self.deadline, ())?;
                    hits[i] = Some(self.hit(&ranked[i], &mut clauses, &mut picker)?);
                }
            }
        }
        Ok(hits.into_iter().flatten().collect())
    }

    fn clauses(&self, segment: &SegmentReader) -> tantivy::Result<Clauses> {
        let LocalEngine { fields, files, .. } = self.engine;
        let Shown { words, conditions } = self.plan.shown();
        let conditions = conditions.into_iter().map(|plan| self.condition(plan, segment));
        let mut clauses = Clauses { list: Vec::new(), conditions: conditions.collect::<Result<_, _>>()? };
        for (Words { field, spans, zones }, conditions) in words {
            let in_noise = *field == fields.noise;
            let walker = match zones {
                None => Walker::open(spans, *field, segment, files)?,
                Some(zones) => {
                    let shown = Spans::InZone(zones.clone(), Box::new(spans.clone()));
                    Walker::open(&shown, fields.text, segment, files)?
                }
            };
            clauses.list.push(Clause { conditions, walker, in_noise, spans: Vec::new() });
        }
        Ok(clauses)
    }

    fn condition(&self, plan: &Plan, segment: &SegmentReader) -> tantivy::Result<Condition> {
        let unscored = EnableScoring::disabled_from_searcher(&self.engine.searcher);
        let weight = plan.query(&self.engine.context(self.deadline)).weight(unscored)?;
        Ok(Condition { scorer: weight.scorer(segment, 1.0)?, holds: false })
    }

    fn hit(&self, ranked: &Ranked, clauses: &mut Clauses, picker: &mut Picker) -> Result<Hit, SearchError> {
        let stored = self.engine.fetch(ranked.address)?;
        let damaged = |error| self.engine.damaged(error);
        let fragments = if self.limit > 0 {
            self.fragments(&stored, ranked.address.doc_id, clauses, picker).map_err(damaged)?
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

    /// What is shown of an article; anything once the time is over.
    fn fragments(
        &self,
        stored: &StoredArticle<'_>,
        doc: DocId,
        clauses: &mut Clauses,
        picker: &mut Picker,
    ) -> Result<Vec<Fragment>, DecodeError> {
        let places = Places::new(stored);
        clauses.find(doc);
        let clauses = &mut clauses.list;
        let picked = picker.pick(&places, clauses, self.limit, self.deadline);
        if picked.is_empty() {
            return opening_row(stored)
                .map(|row| cut(&places, &[Piece { rows: row..=row, marks: Vec::new() }]))
                .into_iter()
                .collect();
        }
        let in_time = picked.into_iter().take_while(|_| self.deadline.missed().is_none());
        in_time
            .map(|pieces| {
                let pieces = pieces.into_iter().map(|rows| piece(&places, rows, doc, clauses));
                cut(&places, &pieces.collect::<Result<Vec<Piece>, _>>()?)
            })
            .collect()
    }
}

/// Rows to show, with the words in them that made the article match.
fn piece(
    places: &Places<'_>,
    rows: RangeInclusive<usize>,
    doc: DocId,
    clauses: &mut [Clause],
) -> Result<Piece, DecodeError> {
    let mut words = Vec::new();
    for Clause { walker, in_noise, spans, .. } in clauses {
        if spans.is_empty() {
            continue;
        }
        let spans = inside(spans, places.positions(&rows, *in_noise));
        if let Some(&first) = spans.first() {
            let is_essential = |word: &Interval| first.start <= word.start && word.end <= first.end;
            let of_clause = walker.words(doc, &spans);
            words.extend(of_clause.iter().map(|word| (*word, *in_noise, is_essential(word))));
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

/// The headline, as much of it as fits on a line, or the first words where there is none.
pub(crate) fn title(stored: &StoredArticle<'_>) -> Result<String, DecodeError> {
    match &stored.card.headline {
        Some(headline) if headline.is_ascii() && headline.len() <= WHOLE_CHARS => Ok(headline.clone()),
        Some(headline) => Ok(clip(headline, WHOLE_CHARS)),
        None => first_words(stored),
    }
}

fn first_words(stored: &StoredArticle<'_>) -> Result<String, DecodeError> {
    let Some(row) = opening_row(stored) else { return Ok(String::new()) };
    Ok(clip(&Places::new(stored).text(&(row..=row))?, TITLE_CHARS))
}
