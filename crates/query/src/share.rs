//! One query on several threads: each works on a share of the articles of every segment.

use std::iter;
use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED};

use crate::plan::{Plan, Words};
use crate::scored::are_added_up;
use crate::spans::{Spans, Statistics};

/// Of how many articles positions or scores may have to be read by a thread, at the least, for it to be worth its start: so many
/// take about a millisecond.
pub(crate) const WORTH_THREADS: u64 = 1 << 14;

/// So many shares are made for each thread where all articles are looked at, which may be unlike each other; fewer where a query
/// has more words than these together, since each share opens the postings of all of them.
const SHARES_A_THREAD: usize = 8;
const WORDS_A_THREAD: usize = 64;

/// A share of the articles of every segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Share {
    number: u32,
    of: u32,
}

impl Share {
    pub(crate) const WHOLE: Share = Share { number: 0, of: 1 };

    pub(crate) fn is_whole(self) -> bool {
        self.of == 1
    }

    /// The articles of a segment that belong to it.
    pub(crate) fn articles(self, segment: &SegmentReader) -> Range<DocId> {
        self.part_of(segment.max_doc())
    }

    fn part_of(self, articles: u32) -> Range<DocId> {
        let end_of = |shares: u32| (u64::from(articles) * u64::from(shares) / u64::from(self.of)) as DocId;
        end_of(self.number)..end_of(self.number + 1)
    }

    /// The query, restricted to the share.
    pub(crate) fn restrict(self, query: Box<dyn Query>) -> Box<dyn Query> {
        if self.is_whole() { query } else { Box::new(ShareQuery { query, share: self }) }
    }

    /// The scorer, restricted to the share.
    pub(crate) fn restrict_scorer(
        self,
        mut scorer: Box<dyn Scorer>,
        segment: &SegmentReader,
    ) -> Box<dyn Scorer> {
        if self.is_whole() {
            return scorer;
        }
        let articles = self.articles(segment);
        if articles.is_empty() {
            return Box::new(EmptyScorer);
        }
        if scorer.doc() < articles.start {
            scorer.seek(articles.start);
        }
        Box::new(ShareScorer { scorer, end: articles.end })
    }
}

/// How one query is worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Division {
    threads: u32,
    shares: u32,
}

impl Division {
    pub(crate) const NONE: Division = Division { threads: 1, shares: 1 };

    /// The best for so many threads. Each has at least `least_articles` that may match to look at, and one does all of what is not
    /// scanned.
    pub(crate) fn of(
        plan: &Plan,
        searcher: &Searcher,
        threads: u32,
        least_articles: u64,
    ) -> tantivy::Result<Division> {
        if threads < 2 || !is_scanned(plan) {
            return Ok(Division::NONE);
        }
        let worth = most_articles(plan, searcher)?.checked_div(least_articles);
        let threads = worth.map_or(threads, |worth| threads.min(u32::try_from(worth).unwrap_or(u32::MAX)));
        if threads < 2 {
            return Ok(Division::NONE);
        }
        let words: usize = plan.shown_words().iter().map(|words| words.spans.count_terms()).sum();
        let shares_a_thread = if matches!(plan, Plan::Words(_)) || plan.scored_words().is_some() {
            1 // what prunes has to find a threshold in each share anew
        } else {
            (WORDS_A_THREAD / words.max(1)).clamp(1, SHARES_A_THREAD)
        };
        Ok(Division { threads, shares: threads.saturating_mul(shares_a_thread as u32) })
    }

    /// Does work on each share; gives what comes of them, in no order. Each thread takes the next share when it is done with one,
    /// so that later ones begin with the threshold that earlier ones have found.
    pub(crate) fn for_each<T: Send>(self, work: impl Fn(Share) -> T + Sync) -> Vec<T> {
        let next = AtomicU32::new(0);
        let take = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|&number| number < self.shares);
        let share = |number| Share { number, of: self.shares };
        let work_on = || iter::from_fn(take).map(|number| work(share(number))).collect::<Vec<T>>();
        thread::scope(|scope| {
            // Where the system has no more threads, those there are do it all.
            let thread = || thread::Builder::new().stack_size(engine::STACK_BYTES);
            let spawn = |_| thread().spawn_scoped(scope, work_on).ok();
            let others: Vec<_> = (1..self.threads).filter_map(spawn).collect();
            let mut results = work_on();
            for thread in others {
                results.extend(thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
            }
            results
        })
    }
}

/// Is every article looked at that may match, or are spans or many words looked for? The pruning of a few words, and of words in several
/// fields, knows no shares, and leaves little to do.
fn is_scanned(plan: &Plan) -> bool {
    if let Some(words) = plan.scored_words() {
        return are_added_up(&words);
    }
    let is_word = |plan: &Plan| matches!(plan, Plan::Words(Words { spans: Spans::Term(_), .. }));
    match plan {
        Plan::Any(plans) | Plan::All(plans) => !plans.iter().all(is_word),
        Plan::Words(_) | Plan::Prefer(..) => true,
        Plan::Boost(inner, _) => is_scanned(inner),
        Plan::Value(..) | Plan::Days { .. } | Plan::Undated | Plan::Not(_) => false,
    }
}

/// How many articles may match.
fn most_articles(plan: &Plan, searcher: &Searcher) -> tantivy::Result<u64> {
    let all = |plans: &[Plan]| -> tantivy::Result<Vec<u64>> {
        plans.iter().map(|plan| most_articles(plan, searcher)).collect()
    };
    Ok(match plan {
        Plan::Words(words) => Statistics::new(searcher, words.field)?.frequency(&words.spans)?,
        Plan::All(plans) => all(plans)?.into_iter().min().unwrap_or(0),
        Plan::Any(plans) => all(plans)?.into_iter().fold(0, u64::saturating_add),
        Plan::Prefer(inner, _) | Plan::Boost(inner, _) => most_articles(inner, searcher)?,
        Plan::Value(..) | Plan::Days { .. } | Plan::Undated | Plan::Not(_) => searcher.num_docs(),
    })
}

#[derive(Debug)]
struct ShareQuery {
    query: Box<dyn Query>,
    share: Share,
}

impl Clone for ShareQuery {
    fn clone(&self) -> ShareQuery {
        ShareQuery { query: self.query.box_clone(), share: self.share }
    }
}

impl Query for ShareQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(ShareWeight { weight: self.query.weight(scoring)?, share: self.share }))
    }
}

struct ShareWeight {
    weight: Box<dyn Weight>,
    share: Share,
}

impl Weight for ShareWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(self.share.restrict_scorer(self.weight.scorer(segment, boost)?, segment))
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.weight.explain(segment, doc)
    }
}

struct ShareScorer {
    scorer: Box<dyn Scorer>,
    /// The first article behind the share.
    end: DocId,
}

impl DocSet for ShareScorer {
    fn advance(&mut self) -> DocId {
        self.scorer.advance();
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.scorer.seek(target);
        self.doc()
    }

    fn doc(&self) -> DocId {
        let doc = self.scorer.doc();
        if doc < self.end { doc } else { TERMINATED }
    }

    fn size_hint(&self) -> u32 {
        self.scorer.size_hint()
    }
}

impl Scorer for ShareScorer {
    fn score(&mut self) -> Score {
        self.scorer.score()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_all_the_articles_and_none_twice() {
        for (articles, threads, shares) in [(0, 3, 9), (1, 2, 2), (7, 3, 3), (u32::MAX, 2, 200)] {
            let mut parts = Division { threads, shares }.for_each(|share| share.part_of(articles));
            parts.sort_by_key(|part| (part.start, part.end));
            assert_eq!((parts.len(), parts[0].start), (shares as usize, 0));
            assert_eq!(parts.last().unwrap().end, articles);
            assert!(parts.windows(2).all(|pair| pair[0].end == pair[1].start));
        }
        assert_eq!(Share::WHOLE.part_of(7), 0..7);
    }

    #[test]
    fn a_panic_on_any_thread_is_a_panic_here() {
        let caught = std::panic::catch_unwind(|| {
            Division { threads: 2, shares: 16 }.for_each(|share| assert!(share.number < 9, "one too many"));
        });
        assert!(caught.is_err());
    }
}
