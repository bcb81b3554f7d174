//! Counting the articles that have some words, or any of them, or none, without asking the engine for one after the other.
//!
//! Frequent words have [`sets`] of bits, others are read from their postings. Either all articles are gone through a
//! window at a time, as a row of bits of which each clause clears those that it excludes; or those of the rarest word are, and each is
//! looked for in the other clauses. Of alternatives the most frequent word counts as it is, and of the others those articles that none of the
//! more frequent ones has.

mod clause;
mod filter;

use std::mem;

use engine::Total;
use tantivy::columnar::ColumnIndex;
use tantivy::{DocId, Searcher, SegmentOrdinal, SegmentReader};

use crate::blocks::BLOCK;
use crate::deadline::Deadline;
use crate::open::Segment;
use crate::plan::Plan;
use crate::postings::{Files, Lookup};
use crate::sets::{self, Key, Set, Sets};
use crate::top::sum_of;
use clause::{Clause, Finder, Lead, Opener, Skips};
use filter::{Filter, WINDOW, Window};

/// Counts in one state of an index.
pub(crate) struct Tally<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) segments: &'a [Segment],
    pub(crate) files: &'a Files,
    pub(crate) sets: &'a Sets,
    pub(crate) deadline: &'a Deadline,
    /// Those without a date are wanted, too.
    pub(crate) undated: bool,
}

/// One segment to count in.
struct Part<'a> {
    ordinal: SegmentOrdinal,
    segment: &'a SegmentReader,
    clause: Clause<'a>,
}

/// How to count.
enum Way<'a> {
    /// All articles, a window at a time.
    Windows,
    /// Those of some words, each of which is looked for in other clauses.
    Skips(Skips<'a>),
}

/// Which articles of a segment have a date.
enum DatedArticles {
    /// Or it does not matter.
    All,
    None,
    Some(Set),
}

impl Tally<'_> {
    /// How many articles a plan matches, and how many of them have no date, if that is wanted; `None` where it is not of words alone, or where it is
    /// less work for the engine.
    pub(crate) fn total(&self, plan: &Plan) -> tantivy::Result<Option<Total>> {
        let mut parts = Vec::new();
        for (ordinal, segment) in (0..).zip(self.searcher.segment_readers()) {
            let mut finder = Finder { ordinal, segment, files: self.files, sets: self.sets, words: 0 };
            let Some(clause) = finder.find(plan)? else { return Ok(None) };
            parts.push(Part { ordinal, segment, clause });
        }
        let ways: Option<Vec<Way<'_>>> = parts.iter().map(|part| self.way(part)).collect();
        let Some(ways) = ways else { return Ok(None) };
        let totals = parts.iter().zip(&ways).map(|(part, way)| self.count(part, way));
        Ok(Some(sum_of(totals.collect::<tantivy::Result<_>>()?)))
    }

    /// The way of least work; `None` where that is the engine's.
    fn way<'a>(&self, part: &'a Part<'a>) -> Option<Way<'a>> {
        let Part { ordinal, segment, clause } = part;
        let (all, dated) = (segment.max_doc(), self.known_dated(*ordinal));
        let dates = if dated.is_some() { 0 } else { u64::from(all) };
        // All articles count, and either all or none of them have dates, or it does not matter.
        let are_alike =
            matches!(dated, Some(DatedArticles::All | DatedArticles::None)) && !segment.has_deletes();
        let windows = clause.work_of_windows(all);
        let (way, work) = match clause.skips(are_alike).map(|skips| (skips.work(), skips)) {
            Some((work, skips)) if work < windows => (Way::Skips(skips), work),
            _ => (Way::Windows, windows),
        };
        (work + dates <= clause.work_of_engine(all)).then_some(way)
    }

    fn count(&self, part: &Part<'_>, way: &Way<'_>) -> tantivy::Result<Total> {
        let Part { ordinal, segment, clause } = part;
        let dated = self.dated(*ordinal, segment.max_doc());
        let mut counter = Counter { dated, total: Total::default() };
        match way {
            Way::Skips(Skips { known, leads }) => {
                counter.add(*known, |_| 0);
                for lead in leads {
                    self.count_by_skips(lead, segment, &mut counter)?;
                }
            }
            Way::Windows => {
                let filter = Opener::new(segment, self.sets).open(clause)?;
                self.count_by_windows(filter, segment, &mut counter)?;
            }
        }
        Ok(counter.total)
    }

    fn count_by_skips(
        &self,
        lead: &Lead<'_>,
        segment: &SegmentReader,
        counter: &mut Counter,
    ) -> tantivy::Result<()> {
        let (mut word, mut others) = lead.open()?;
        let (alive, mut lookup) = (segment.alive_bitset(), Lookup::new());
        for block in 0..word.blocks() {
            if self.deadline.is_over() {
                break;
            }
            let (mut here, mut count) = ([0; BLOCK], 0);
            for &doc in word.docs(block)? {
                here[count] = doc;
                count += usize::from(alive.is_none_or(|alive| alive.is_alive(doc)));
            }
            for other in &mut others {
                let marks = other.mark(&here[..count], &mut lookup)?;
                let before = mem::take(&mut count);
                for at in 0..before {
                    here[count] = here[at];
                    count += usize::from(marks[at] != lead.excluded);
                }
            }
            let undated =
                |dated: &[u64]| here[..count].iter().filter(|&&doc| !sets::contains(dated, doc)).count();
            counter.add(count as u64, |dated| undated(dated) as u64);
        }
        Ok(())
    }

    fn count_by_windows(
        &self,
        mut filter: Filter,
        segment: &SegmentReader,
        counter: &mut Counter,
    ) -> tantivy::Result<()> {
        let (articles, mut bits) = (segment.max_doc(), [0; WINDOW]);
        for first in (0..sets::words(articles)).step_by(WINDOW) {
            if self.deadline.is_over() {
                break;
            }
            let window = Window { first, articles };
            let bits = &mut bits[..window.words()];
            window.fill(bits);
            filter.restrict(window, bits)?;
            if let Some(alive) = segment.alive_bitset() {
                window.retain(bits, |doc| alive.is_alive(doc));
            }
            counter.add(count(bits.iter().copied()), |dated| {
                count(bits.iter().zip(&dated[first..]).map(|(bits, dated)| bits & !dated))
            });
        }
        Ok(())
    }

    fn dated(&self, ordinal: SegmentOrdinal, articles: DocId) -> DatedArticles {
        self.known_dated(ordinal).unwrap_or_else(|| {
            let set = sets::of_column(&self.segments[ordinal as usize].columns.dates, articles);
            self.sets.keep(Key::Date(ordinal), &set);
            DatedArticles::Some(set)
        })
    }

    /// `None` where a set is to be made first.
    fn known_dated(&self, ordinal: SegmentOrdinal) -> Option<DatedArticles> {
        match self.segments[ordinal as usize].columns.dates.index {
            _ if !self.undated => Some(DatedArticles::All),
            ColumnIndex::Empty { .. } => Some(DatedArticles::None),
            ColumnIndex::Full => Some(DatedArticles::All),
            _ => self.sets.get(Key::Date(ordinal)).map(DatedArticles::Some),
        }
    }
}

struct Counter {
    dated: DatedArticles,
    total: Total,
}

impl Counter {
    /// Some that match, and how many of them are not in the set of those with a date.
    fn add(&mut self, articles: u64, undated: impl FnOnce(&[u64]) -> u64) {
        self.total.articles += articles;
        self.total.undated += match &self.dated {
            DatedArticles::All => 0,
            DatedArticles::None => articles,
            DatedArticles::Some(dated) => undated(dated),
        };
    }
}

fn count(bits: impl Iterator<Item = u64>) -> u64 {
    bits.map(|bits| u64::from(bits.count_ones())).sum()
}
