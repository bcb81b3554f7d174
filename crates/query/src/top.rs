//! The best hits of a query, in an order that is the same every time.

use std::collections::BinaryHeap;
use std::sync::atomic::{AtomicU32, Ordering};

use engine::{Sort, Total};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::Weight;
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use crate::deadline::Deadline;
use crate::open::{Columns, Segment};
use crate::plan::Plan;

/// A hit before its text is fetched.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ranked {
    pub(crate) address: DocAddress,
    pub(crate) score: Option<Score>,
    rank: u64,
    /// Place of the id among those of its segment.
    id: u64,
    /// The first bytes of the id.
    id_start: u64,
    key: u64,
}

/// Collects the first `limit` hits in the order of `sort`. Ties go by id, then by the key of the record.
pub(crate) struct Top<'a> {
    pub(crate) segments: &'a [Segment],
    pub(crate) limit: usize,
    pub(crate) sort: Sort,
    /// Filters that a hit's date must pass, if hits are sorted by score.
    pub(crate) dates: &'a [&'a Plan],
    pub(crate) deadline: Deadline,
    /// What a score must exceed after the segments that have been searched: a little less than the worst hit that they gave.
    pub(crate) floor: Floor,
}

/// What an evaluation gives its hits to: takes an article and its score, returns the score that others must exceed.
pub(crate) type Callback<'a> = dyn FnMut(DocId, Score) -> Score + 'a;

/// A score that only rises, shared by the searches of all segments.
#[derive(Default)]
pub(crate) struct Floor(AtomicU32);

impl Floor {
    fn get(&self) -> Score {
        Score::from_bits(self.0.load(Ordering::Relaxed))
    }

    /// Bits of scores, which are 0 or more, are in the order of the scores.
    fn raise(&self, score: Score) {
        self.0.fetch_max(score.max(0.0).to_bits(), Ordering::Relaxed);
    }
}

/// Where a hit stands among those of its segment: smaller is better.
type Place = (u64, u64, u64, DocId);

/// The best hits of one segment.
pub(crate) struct SegmentTop {
    segment: SegmentOrdinal,
    limit: usize,
    sort: Sort,
    /// The worst on top.
    best: BinaryHeap<Place>,
    columns: Columns,
}

impl Collector for Top<'_> {
    type Fruit = Vec<Ranked>;
    type Child = SegmentTop;

    fn for_segment(&self, segment: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<SegmentTop> {
        let columns = self.segments[segment as usize].columns.clone();
        let (limit, sort) = (self.limit, self.sort);
        Ok(SegmentTop { segment, limit, sort, best: BinaryHeap::new(), columns })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Score
    }

    fn merge_fruits(&self, segments: Vec<Vec<Ranked>>) -> tantivy::Result<Vec<Ranked>> {
        let mut hits: Vec<Ranked> = segments.into_iter().flatten().collect();
        hits.sort_by_key(|hit| hit.rank); // keeps the order inside each segment
        self.settle_ties(&mut hits)?;
        hits.truncate(self.limit);
        Ok(hits)
    }

    /// By score the engine may leave out what cannot get in. It passes scores above a threshold only, so the
    /// threshold is kept just below the worst score: one that is held to be equal may still win by its id.
    fn collect_segment(
        &self,
        weight: &dyn Weight,
        segment: u32,
        reader: &SegmentReader,
    ) -> tantivy::Result<Vec<Ranked>> {
        let mut collector = self.for_segment(segment, reader)?;
        if self.limit == 0 {
            return Ok(Vec::new());
        }
        if self.requires_scoring() {
            let alive = reader.alive_bitset();
            let floor = Some(self.floor.get()).filter(|&floor| floor > 0.0).unwrap_or(Score::MIN);
            weight.for_each_pruning(floor, reader, &mut |doc, score| {
                if self.deadline.is_over() {
                    return Score::MAX;
                }
                if alive.is_none_or(|alive| alive.is_alive(doc)) && self.passes(doc, &collector) {
                    collector.collect(doc, score);
                }
                collector.threshold().max(floor)
            })?;
            self.floor.raise(collector.threshold());
        } else {
            collect_all(weight, reader, &self.deadline, &mut collector)?;
        }
        Ok(collector.harvest())
    }
}

impl Top<'_> {
    fn passes(&self, doc: DocId, collector: &SegmentTop) -> bool {
        self.dates.is_empty() || {
            let day = collector.columns.dates.first(doc);
            self.dates.iter().all(|filter| filter.admits(day))
        }
    }

    /// Orders hits of one rank by id. Ids are read only where hits of several segments have ids that begin alike: in one
    /// segment, their places among its ids tell the order.
    fn settle_ties(&self, hits: &mut [Ranked]) -> tantivy::Result<()> {
        for tied in runs(hits, self.limit, |hit| hit.rank) {
            tied.sort_by_key(|hit| hit.id_start);
            for alike in runs(tied, usize::MAX, |hit| hit.id_start) {
                let mut named = Vec::with_capacity(alike.len());
                for hit in alike.iter() {
                    named.push((self.id_of(hit)?, hit.key, hit.clone()));
                }
                named.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
                alike.iter_mut().zip(named).for_each(|(hit, (_, _, next))| *hit = next);
            }
        }
        Ok(())
    }

    fn id_of(&self, hit: &Ranked) -> tantivy::Result<String> {
        let mut id = String::new();
        if let Some(ids) = &self.segments[hit.address.segment_ord as usize].columns.ids {
            ids.ord_to_str(hit.id, &mut id)?;
        }
        Ok(id)
    }
}

/// The runs of hits that have the same key and are of several segments, as far as they begin among the first `limit` hits.
fn runs(
    hits: &mut [Ranked],
    limit: usize,
    key: impl Fn(&Ranked) -> u64,
) -> impl Iterator<Item = &mut [Ranked]> {
    let mut before = 0;
    hits.chunk_by_mut(move |a, b| key(a) == key(b))
        .take_while(move |run| {
            before += run.len();
            before - run.len() < limit
        })
        .filter(|run| run.iter().any(|hit| hit.address.segment_ord != run[0].address.segment_ord))
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
    fn threshold(&self) -> Score {
        match self.best.peek() {
            Some(worst) if self.best.len() == self.limit => {
                (score_of(worst.0) * (1.0 - ROUNDING)).next_down()
            }
            _ => Score::MIN,
        }
    }

    fn rank(&self, doc: DocId, score: Score) -> u64 {
        match self.sort {
            Sort::Score => rank_of(score),
            Sort::DateAscending => self.columns.dates.first(doc).map_or(u64::MAX, ordered),
            Sort::DateDescending => {
                self.columns.dates.first(doc).map_or(u64::MAX, |day| u64::MAX - 1 - ordered(day))
            }
            Sort::Id => 0,
        }
    }
}

impl SegmentCollector for SegmentTop {
    type Fruit = Vec<Ranked>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let rank = self.rank(doc, score);
        let is_full = self.best.len() == self.limit;
        if is_full && self.best.peek().is_some_and(|worst| worst.0 < rank) {
            return;
        }
        let id = self.columns.ids.as_ref().and_then(|ids| ids.ords().first(doc)).unwrap_or(u64::MAX);
        let place = (rank, id, self.columns.keys.first(doc).unwrap_or(u64::MAX), doc);
        if !is_full {
            self.best.push(place);
        } else if let Some(mut worst) = self.best.peek_mut()
            && place < *worst
        {
            *worst = place;
        }
    }

    fn harvest(self) -> Vec<Ranked> {
        let hit = |(rank, id, key, doc)| {
            let score = (self.sort == Sort::Score).then(|| score_of(rank));
            let id_start = self.columns.id_starts.first(doc).unwrap_or(0);
            Ranked { address: DocAddress::new(self.segment, doc), score, rank, id, id_start, key }
        };
        self.best.into_sorted_vec().into_iter().map(hit).collect()
    }
}

/// The engine adds the scores of words in an order that depends on what it skipped before, so equal articles can differ in
/// the last bits. Scores that differ by less than this part are held to be the same.
const ROUNDING: Score = 1e-5;

/// Bits of a score that are not looked at: a part of 2^-18, about a third of [`ROUNDING`].
const LOST_BITS: u32 = 5;

/// Scores are 0 or more, so their bits are in their order; the best score gets the smallest rank.
fn rank_of(score: Score) -> u64 {
    u64::from((u32::MAX >> LOST_BITS) - (score.max(0.0).to_bits() >> LOST_BITS))
}

fn score_of(rank: u64) -> Score {
    Score::from_bits(((u32::MAX >> LOST_BITS) - rank as u32) << LOST_BITS)
}

/// Signed to unsigned, in the same order, with the largest value left free.
fn ordered(day: i64) -> u64 {
    (day.clamp(i64::MIN + 1, i64::MAX - 1) as u64) ^ (1 << 63)
}

/// How many articles match, and how many of them have no date.
pub(crate) struct Totals<'a> {
    pub(crate) segments: &'a [Segment],
    pub(crate) deadline: Deadline,
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
        Ok(segments.into_iter().fold(Total::default(), |sum, segment| Total {
            articles: sum.articles + segment.articles,
            undated: sum.undated + segment.undated,
        }))
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
            return Ok(Total { articles, undated: if dated == 0 { articles } else { 0 } });
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
        assert!(ordered(-1) < ordered(0) && ordered(0) < ordered(19_000) && ordered(i64::MAX) < u64::MAX);
    }
}
