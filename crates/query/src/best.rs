//! The search for the best hits of a plan.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use engine::{SearchError, Sort};
use store::PEAK_RANKS;
use tantivy::Score;
use tantivy::query::EnableScoring;
use tantivy::schema::Field;

use crate::dates::Dated;
use crate::deadline::Deadline;
use crate::exclusions::{Excluding, Exclusions};
use crate::local::{LocalEngine, in_time};
use crate::plan::{Needed, Plan};
use crate::scored::Scored;
use crate::slack::slack;
use crate::spans::Weights;
use crate::top::{Floor, Ranked, Top};
use crate::words::KnownWords;

impl LocalEngine {
    /// The best hits, of which nothing has been read.
    pub(crate) fn best(
        &self,
        plan: &Plan,
        sort: Sort,
        limit: usize,
        deadline: &Deadline,
    ) -> Result<Vec<Ranked>, SearchError> {
        let best = self.search(plan, sort, limit, deadline);
        in_time(deadline, best.map_err(|error| self.failed("searching", error))?)
    }

    fn search(
        &self,
        plan: &Plan,
        sort: Sort,
        limit: usize,
        deadline: &Deadline,
    ) -> tantivy::Result<Vec<Ranked>> {
        let is_ranked = sort == Sort::Score;
        let columns = self.segments.iter().map(|segment| &segment.columns.dates);
        let dated = is_ranked.then(|| Dated::of(plan, columns)).flatten();
        let (plan, dates) = match &dated {
            Some(Dated { rest, filters }) => (rest, &filters[..]),
            None => (plan, &[][..]),
        };
        let excluding = is_ranked.then(|| Excluding::of(plan, self.fields.text)).flatten();
        let (plan, excluded) = match &excluding {
            Some(Excluding { rest, excluded }) => (rest, &excluded[..]),
            None => (plan, &[][..]),
        };
        let context = &self.context(deadline);
        let excluded = Exclusions::of(excluded, context, &self.searcher)?;
        let (floor, slack) = (&Floor::default(), slack(plan, &self.searcher)?);
        let words = if is_ranked { self.known_words(plan)? } else { None };
        if let Some(words) = &words
            && dates.is_empty()
            && excluded.is_empty()
        {
            self.raise_to_peaks(floor, words, limit, &slack);
        }
        let in_order = excluded.need_order();
        let top = Top {
            segments: &self.segments,
            limit,
            sort,
            dates,
            excluded,
            deadline: deadline.clone(),
            slack,
            floor,
        };
        let searcher = &self.searcher;
        let search = |share| match &words {
            Some(words) => {
                let scored = Scored { words, searcher, share, in_order, deadline };
                top.by_score(searcher, |threshold, segment, found| scored.best(threshold, segment, found))
            }
            None if is_ranked => {
                let scoring = EnableScoring::enabled_from_searcher(searcher);
                let weight = plan.query_of(share, context).weight(scoring)?;
                top.by_score(searcher, |threshold, segment, found| {
                    weight.for_each_pruning(threshold, segment, found)
                })
            }
            None => {
                let unscored = EnableScoring::disabled_from_searcher(searcher);
                top.of_all(searcher, &*plan.query_of(share, context).weight(unscored)?)
            }
        };
        // All hits, which come in one order, would have to be put in order again.
        let threads = if limit == usize::MAX { 1 } else { self.threads };
        self.in_shares(plan, threads, search, |shares| top.merge_shares(shares))
    }

    /// The words of a union or an intersection, looked up.
    fn known_words<'a>(&'a self, plan: &'a Plan) -> tantivy::Result<Option<KnownWords<'a>>> {
        let Some(words) = plan.scored_words() else { return Ok(None) };
        let weights = self.weights(words.field)?;
        KnownWords::look_up(words, &self.searcher, &self.files, weights).map(Some)
    }

    /// The weights of words in a field; those of the text, which most are for, are kept.
    pub(crate) fn weights(&self, field: Field) -> tantivy::Result<Arc<Weights>> {
        let make = || Ok(Arc::new(Weights::of(&self.searcher, field)?));
        if field != self.fields.text {
            return make();
        }
        if let Some(known) = self.text_weights.get() {
            return Ok(Arc::clone(known));
        }
        let weights = make()?;
        Ok(Arc::clone(self.text_weights.get_or_init(|| weights)))
    }

    /// Begins with the score that the best hits of one of the words have, whatever the others add. Not for the first search, since
    /// to read the peaks takes longer than they save in one.
    fn raise_to_peaks(&self, floor: &Floor, words: &KnownWords<'_>, limit: usize, slack: &[Score]) {
        let is_known = words.field == self.fields.text
            && words.needed != Needed::All
            && (1..=PEAK_RANKS[PEAK_RANKS.len() - 1]).contains(&limit);
        if !is_known || !self.has_searched.swap(true, Relaxed) {
            return;
        }
        let segments = self.segments.iter().zip(self.searcher.segment_readers()).zip(slack);
        for ((segment, reader), slack) in segments {
            if let Some(peaks) = segment.peaks(&self.generation, reader, words.field) {
                // Peaks are of the average length of their segment, as bounds of blocks are.
                floor.raise_below(words.threshold(reader, peaks, limit) / slack);
            }
        }
    }
}
