//! The best hits of a query, in an order that is the same every time.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use engine::{Sort, Total};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::Weight;
use tantivy::{DocAddress, DocId, Score, Searcher, SegmentOrdinal, SegmentReader};

use crate::deadline::Deadline;
use crate::exclusions::Exclusions;
use crate::open::{Columns, Segment};
use crate::plan::Plan;

/// A hit before its text is fetched.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ranked {
    pub(crate) address: DocAddress,
    pub(crate) score: Option<Score>,
    /// A smaller one is better.
    rank: u32,
}

impl Ranked {
    fn segment(&self) -> SegmentOrdinal {
        self.address.segment_ord
    }
}

/// Collects the first `limit` hits in the order of `sort`. Ties go by id, then by the key of the record.
pub(crate) struct Top<'a> {
    pub(crate) segments: &'a [Segment],
    pub(crate) limit: usize,
    pub(crate) sort: Sort,
    /// Filters that a hit's date must pass, if hits are sorted by score.
    pub(crate) dates: &'a [&'a Plan],
    /// What a hit must not match, if hits are sorted by score.
    pub(crate) excluded: Exclusions<'a>,
    pub(crate) deadline: Deadline,
    /// By what thresholds must be lowered, for each segment (see [`crate::slack`]).
    pub(crate) slack: Vec<Score>,
    /// What a score must exceed after what has been searched: a little less than the worst of enough hits.
    pub(crate) floor: &'a Floor,
}

/// What an evaluation gives its hits to: takes an article and its score, returns the score that others must exceed.
pub(crate) type Callback<'a> = dyn FnMut(DocId, Score) -> Score + 'a;

/// A score that only rises, common to the searches of all segments and shares.
#[derive(Default)]
pub(crate) struct Floor(AtomicU32);

impl Floor {
    /// Less than any score as long as nothing is known.
    fn get(&self) -> Score {
        match self.0.load(Relaxed) {
            0 => Score::MIN,
            bits => Score::from_bits(bits),
        }
    }

    /// Scores of this and more, and those that are held to be the same, exceed it from now on.
    pub(crate) fn raise_below(&self, score: Score) {
        self.raise(just_below(score));
    }

    /// Bits of scores, which are 0 or more, are in the order of the scores.
    fn raise(&self, score: Score) {
        let bits = score.max(0.0).to_bits();
        if bits > self.0.load(Relaxed) {
            self.0.fetch_max(bits, Relaxed);
        }
    }
}

/// A rank, of which a smaller one is better, and an article behind it, as one number that is quick to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Found(u64);

impl Found {
    fn new(rank: u32, doc: DocId) -> Found {
        Found(u64::from(rank) << 32 | u64::from(doc))
    }

    fn rank(self) -> u32 {
        (self.0 >> 32) as u32
    }

    fn doc(self) -> DocId {
        self.0 as DocId
    }
}

/// The best hits of one segment. Ids, which cost a look into a column each, are read only where ranks tie.
pub(crate) struct SegmentTop {
    segment: SegmentOrdinal,
    limit: usize,
    sort: Sort,
    columns: Arc<Columns>,
    /// The worst is on top.
    best: BinaryHeap<Found>,
    /// Those that have the rank of the worst and are not among the best, though they may be better by their ids.
    tied: Vec<DocId>,
    /// What a score must exceed to get in, or to tie.
    threshold: Score,
}

/// Room is made for so many hits before any is found.
const EXPECTED: usize = 128;

/// So many that tie are kept, or as many as there are best hits, before it is settled which of them are better.
const MOST_TIED: usize = 1024;

impl Top<'_> {
    /// The best by score. `evaluate` finds them in a segment as [`Weight::for_each_pruning`] does.
    ///
    /// By score an evaluation may leave out what cannot get in. It passes scores above a threshold only, so the threshold is kept just below
    /// the worst score: one that is held to be equal may still win by its id.
    pub(crate) fn by_score(
        &self,
        searcher: &Searcher,
        evaluate: impl Fn(Score, &SegmentReader, &mut Callback<'_>) -> tantivy::Result<()>,
    ) -> tantivy::Result<Vec<Ranked>> {
        self.in_segments(searcher, |reader, collector| {
            let alive = reader.alive_bitset();
            let mut excluded = self.excluded.in_segment(reader)?;
            let (mut last, mut failed) = (0, None);
            let mut is_excluded = |doc| {
                excluded.have(doc).unwrap_or_else(|error| {
                    failed = Some(error);
                    true
                })
            };
            let slack = self.slack[collector.segment as usize];
            evaluate(self.floor.get() / slack, reader, &mut |doc, score| {
                debug_assert!(!self.excluded.need_order() || last <= doc, "{doc} comes behind {last}");
                last = doc;
                if self.deadline.is_over() {
                    return Score::MAX;
                }
                let gets_in = score > self.floor.get();
                if gets_in
                    && alive.is_none_or(|alive| alive.is_alive(doc))
                    && self.passes(doc, collector)
                    && !is_excluded(doc)
                {
                    collector.collect(doc, score);
                    self.floor.raise(collector.threshold);
                }
                self.floor.get() / slack
            })?;
            failed.map_or(Ok(()), Err)
        })
    }

    /// The best of all that match, which have no scores.
    pub(crate) fn of_all(&self, searcher: &Searcher, weight: &dyn Weight) -> tantivy::Result<Vec<Ranked>> {
        self.in_segments(searcher, |reader, collector| collect_all(weight, reader, &self.deadline, collector))
    }

    fn in_segments(
        &self,
        searcher: &Searcher,
        collect: impl Fn(&SegmentReader, &mut SegmentTop) -> tantivy::Result<()>,
    ) -> tantivy::Result<Vec<Ranked>> {
        if self.limit == 0 {
            return Ok(Vec::new());
        }
        let best_of = |(segment, reader): (usize, &SegmentReader)| {
            let mut collector = SegmentTop::new(self, segment as SegmentOrdinal);
            collect(reader, &mut collector)?;
            Ok(collector.harvest())
        };
        match searcher.segment_readers() {
            [segment] => best_of((0, segment)),
            segments => {
                let best = segments.iter().enumerate().map(best_of).collect::<tantivy::Result<_>>()?;
                self.merge(best, |tied| tied.iter().any(|hit| hit.segment() != tied[0].segment()))
            }
        }
    }

    /// The best of the best hits of shares of the articles.
    pub(crate) fn merge_shares(&self, shares: Vec<Vec<Ranked>>) -> tantivy::Result<Vec<Ranked>> {
        self.merge(shares, |tied| tied.len() > 1)
    }

    /// Those that tie are in no order yet where `is_unsettled` says so.
    fn merge(
        &self,
        parts: Vec<Vec<Ranked>>,
        is_unsettled: impl Fn(&[Ranked]) -> bool,
    ) -> tantivy::Result<Vec<Ranked>> {
        let mut hits: Vec<Ranked> = parts.into_iter().flatten().collect();
        hits.sort_by_key(|hit| hit.rank); // keeps the order inside each part
        self.settle_ties(&mut hits, is_unsettled)?;
        hits.truncate(self.limit);
        Ok(hits)
    }

    fn passes(&self, doc: DocId, collector: &SegmentTop) -> bool {
        self.dates.is_empty() || {
            let day = collector.columns.dates.first(doc);
            self.dates.iter().all(|filter| filter.admits(day))
        }
    }

    /// Orders hits of one rank by id. Ids are read only where hits of several parts have ids that begin alike: in one
    /// part, their places among its ids tell the order.
    fn settle_ties(
        &self,
        hits: &mut [Ranked],
        is_unsettled: impl Fn(&[Ranked]) -> bool,
    ) -> tantivy::Result<()> {
        for tied in runs(hits, self.limit, |hit| hit.rank, &is_unsettled) {
            tied.sort_by_cached_key(|hit| self.columns_of(hit).id_starts.first(hit.address.doc_id));
            let id_start = |hit: &Ranked| self.columns_of(hit).id_starts.first(hit.address.doc_id);
            for alike in runs(tied, usize::MAX, id_start, &is_unsettled) {
                let mut named = Vec::with_capacity(alike.len());
                for hit in alike.iter() {
                    named.push((self.id_of(hit)?, self.columns_of(hit).key(hit.address.doc_id), hit.clone()));
                }
                named.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
                alike.iter_mut().zip(named).for_each(|(hit, (_, _, next))| *hit = next);
            }
        }
        Ok(())
    }

    fn columns_of(&self, hit: &Ranked) -> &Columns {
        &self.segments[hit.address.segment_ord as usize].columns
    }

    fn id_of(&self, hit: &Ranked) -> tantivy::Result<String> {
        self.columns_of(hit).id(hit.address.doc_id)
    }
}

/// The runs of hits that have the same key and are not settled, as far as they begin among the first `limit` hits.
fn runs<'a, K: PartialEq>(
    hits: &'a mut [Ranked],
    limit: usize,
    key: impl Fn(&Ranked) -> K + 'a,
    is_unsettled: &'a impl Fn(&[Ranked]) -> bool,
) -> impl Iterator<Item = &'a mut [Ranked]> {
    let mut before = 0;
    hits.chunk_by_mut(move |a, b| key(a) == key(b))
        .take_while(move |run| {
            before += run.len();
            before - run.len() < limit
        })
        .filter(|run| is_unsettled(run))
}

/// Collects every article that matches, until the time is over.
fn collect_all(
    weight: &dyn Weight,
    reader: &SegmentReader,
    deadline: &Deadline,
    collector: &mut impl SegmentCollector,
) -> tantivy::Result<()> {
    weight.for_each_no_score(reader, &mut |docs| {
        if !deadline.is_over() {
            docs.iter().filter(|&&doc| !reader.is_deleted(doc)).for_each(|&doc| collector.collect(doc, 0.0));
        }
    })
}

impl SegmentTop {
    fn new(top: &Top<'_>, segment: SegmentOrdinal) -> SegmentTop {
        let columns = Arc::clone(&top.segments[segment as usize].columns);
        let best = BinaryHeap::with_capacity(top.limit.min(EXPECTED));
        let (limit, sort, tied) = (top.limit, top.sort, Vec::new());
        SegmentTop { segment, limit, sort, columns, best, tied, threshold: Score::MIN }
    }

    /// Which of those that have the worst rank are among the best.
    fn settle(&mut self) {
        let Some(worst) = self.best.peek().map(|worst| worst.rank()) else { return };
        if self.tied.is_empty() {
            return;
        }
        let mut best = mem::take(&mut self.best).into_vec();
        best.retain(|found| {
            if found.rank() == worst {
                self.tied.push(found.doc());
            }
            found.rank() != worst
        });
        self.columns.put_in_order(&mut self.tied, |doc| doc);
        self.tied.truncate(self.limit - best.len());
        best.extend(self.tied.drain(..).map(|doc| Found::new(worst, doc)));
        self.best = best.into();
    }

    fn rank(&self, doc: DocId, score: Score) -> u32 {
        match self.sort {
            Sort::Score => rank_of(score),
            Sort::DateAscending => self.columns.dates.first(doc).map_or(u32::MAX, ordered),
            Sort::DateDescending => {
                self.columns.dates.first(doc).map_or(u32::MAX, |day| u32::MAX - 1 - ordered(day))
            }
            Sort::Id => 0,
        }
    }
}

impl SegmentCollector for SegmentTop {
    type Fruit = Vec<Ranked>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let rank = self.rank(doc, score);
        if self.best.len() < self.limit {
            self.best.push(Found::new(rank, doc));
            if self.best.len() < self.limit {
                return;
            }
        } else {
            let worst = self.best.peek().map_or(0, |worst| worst.rank());
            match rank.cmp(&worst) {
                Ordering::Greater => return,
                Ordering::Equal => self.tied.push(doc),
                Ordering::Less => {
                    let found = Found::new(rank, doc);
                    let out = self.best.peek_mut().map(|mut place| mem::replace(&mut *place, found));
                    if self.best.peek().is_some_and(|next| next.rank() == worst) {
                        self.tied.extend(out.map(Found::doc));
                    } else {
                        self.tied.clear();
                    }
                }
            }
            if self.tied.len() > self.limit.max(MOST_TIED) {
                self.settle();
            }
        }
        if let (Sort::Score, Some(worst)) = (self.sort, self.best.peek()) {
            self.threshold = just_below(score_of(worst.rank()));
        }
    }

    fn harvest(mut self) -> Vec<Ranked> {
        self.settle();
        let mut best = self.best.into_vec();
        best.sort_unstable();
        for tied in best.chunk_by_mut(|a, b| a.rank() == b.rank()).filter(|tied| tied.len() > 1) {
            self.columns.put_in_order(tied, Found::doc);
        }
        let hit = |found: Found| {
            let (rank, address) = (found.rank(), DocAddress::new(self.segment, found.doc()));
            Ranked { address, score: (self.sort == Sort::Score).then(|| score_of(rank)), rank }
        };
        best.into_iter().map(hit).collect()
    }
}

/// The engine adds the scores of words in an order that depends on what it skipped before, so equal articles can differ in
/// the last bits. Scores that differ by less than this part are held to be the same.
const ROUNDING: Score = 1e-5;

/// What scores that are held to be the same as this one exceed.
fn just_below(score: Score) -> Score {
    (score * (1.0 - ROUNDING)).next_down()
}

/// Bits of a score that are not looked at: a part of 2^-18, about a third of [`ROUNDING`].
const LOST_BITS: u32 = 5;

/// Scores are 0 or more, so their bits are in their order; the best score gets the smallest rank.
fn rank_of(score: Score) -> u32 {
    (u32::MAX >> LOST_BITS) - (score.max(0.0).to_bits() >> LOST_BITS)
}

fn score_of(rank: u32) -> Score {
    Score::from_bits(((u32::MAX >> LOST_BITS) - rank) << LOST_BITS)
}

/// Signed to unsigned, in the same order, with the largest value left free. All days of the calendar are far inside.
fn ordered(day: i64) -> u32 {
    (day.clamp(i64::from(i32::MIN) + 1, i64::from(i32::MAX) - 1) as i32 as u32) ^ (1 << 31)
}

/// How many articles match, and how many of them have no date.
pub(crate) struct Totals<'a> {
    pub(crate) segments: &'a [Segment],
    pub(crate) deadline: Deadline,
}

/// Of articles that were counted in parts.
pub(crate) fn sum_of(parts: Vec<Total>) -> Total {
    parts.into_iter().fold(Total::default(), |sum, part| Total {
        articles: sum.articles + part.articles,
        undated: sum.undated + part.undated,
        folded: None,
    })
}

pub(crate) struct SegmentTotals {
    dates: Column<i64>,
    total: Total,
}

impl Collector for Totals<'_> {
    type Fruit = Total;
    type Child = SegmentTotals;

    fn for_segment(&self, segment: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<SegmentTotals> {
        let dates = self.segments[segment as usize].columns.dates.clone();
        Ok(SegmentTotals { dates, total: Total::default() })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Total>) -> tantivy::Result<Total> {
        Ok(sum_of(segments))
    }

    /// Where all articles of a segment have dates, or none has, counting is enough.
    fn collect_segment(
        &self,
        weight: &dyn Weight,
        segment: u32,
        reader: &SegmentReader,
    ) -> tantivy::Result<Total> {
        let mut collector = self.for_segment(segment, reader)?;
        let dated = collector.dates.values.num_vals();
        if dated == 0 || dated == reader.max_doc() {
            let articles = u64::from(weight.count(reader)?);
            return Ok(Total { articles, undated: if dated == 0 { articles } else { 0 }, folded: None });
        }
        collect_all(weight, reader, &self.deadline, &mut collector)?;
        Ok(collector.harvest())
    }
}

impl SegmentCollector for SegmentTotals {
    type Fruit = Total;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.total.articles += 1;
        self.total.undated += u64::from(self.dates.first(doc).is_none());
    }

    fn harvest(self) -> Total {
        self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_keep_the_order_of_scores_and_dates() {
        for pair in [0.0, 1e-30, 0.5, 1.0, 7.25, 1e30].windows(2) {
            assert!(rank_of(pair[1]) < rank_of(pair[0]));
            assert!((score_of(rank_of(pair[1])) / pair[1] - 1.0).abs() < ROUNDING);
        }
        assert!(ordered(-1) < ordered(0) && ordered(0) < ordered(19_000) && ordered(i64::MAX) < u32::MAX);
    }
}
