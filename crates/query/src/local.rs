//! The engine over one index on this machine.

use std::ffi::OsStr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use article::Article;
use engine::{
    Copies, CopiesRequest, Engine, Explanation, Lookup, Phases, SearchError, SearchRequest, SearchResponse,
    Sort, Stats, Stopwatch, Total,
};
use schema::{DecodeError, Fields, StoredArticle, first_damage};
use syntax::Query;
use tantivy::{DocAddress, Searcher, TantivyError};

use crate::copies::Folded;
use crate::deadline::Deadline;
use crate::effort::Effort;
use crate::lower::{Lowering, Role};
use crate::open::{OpenError, Opened, Segment, open};
use crate::passages::Passages;
use crate::plan::{Context, Plan};
use crate::postings::Files;
use crate::sets::Sets;
use crate::share::{Division, Share, WORTH_THREADS};
use crate::spans::Weights;
use crate::tally::Tally;
use crate::top::{Ranked, Totals, sum_of};

/// An index opened for reading. It answers from the state it was opened at.
pub struct LocalEngine {
    pub(crate) searcher: Searcher,
    pub(crate) fields: Fields,
    pub(crate) folder: PathBuf,
    /// The folder of its files, in that folder.
    pub(crate) generation: PathBuf,
    timeout: Option<Duration>,
    pub(crate) threads: u32,
    /// So many articles each of several threads must have to look at for one query, at the least.
    least_articles: u64,
    pub(crate) segments: Vec<Segment>,
    pub(crate) files: Files,
    sets: Sets,
    pub(crate) text_weights: OnceLock<Arc<Weights>>,
    /// Has a search been begun that could use peaks?
    pub(crate) has_searched: AtomicBool,
}

impl LocalEngine {
    /// Opens the index in a folder.
    ///
    /// # Errors
    /// When there is none, it is of another version, or its files cannot be opened.
    pub fn open(folder: &Path) -> Result<LocalEngine, OpenError> {
        let Opened { generation, searcher, segments, files } = open(folder)?;
        let (fields, folder) = (Fields::of_schema(), folder.to_owned());
        let (timeout, threads, least_articles) = (None, 1, WORTH_THREADS);
        let (sets, has_searched) = (Sets::default(), AtomicBool::new(false));
        Ok(LocalEngine {
            searcher,
            fields,
            folder,
            generation,
            timeout,
            threads,
            least_articles,
            segments,
            files,
            sets,
            text_weights: OnceLock::new(),
            has_searched,
        })
    }

    /// The same engine, which gives an answer in that time or none: the error is [`SearchError::TimedOut`].
    #[must_use]
    pub fn with_timeout(self, timeout: Option<Duration>) -> LocalEngine {
        LocalEngine { timeout, ..self }
    }

    /// The same engine, which puts at most so many threads to one query, where that is worth it; 1 at first.
    #[must_use]
    pub fn with_threads(self, threads: u32) -> LocalEngine {
        LocalEngine { threads, ..self }
    }

    /// Puts threads to a query where it has to look at so many articles, instead of as many as are worth it. For tests.
    #[doc(hidden)]
    #[must_use]
    pub fn with_least_articles(self, least_articles: u64) -> LocalEngine {
        LocalEngine { least_articles, ..self }
    }

    /// Keeps sets of frequent words up to so many bytes. For tests.
    #[doc(hidden)]
    #[must_use]
    pub fn with_set_bytes(self, most_bytes: usize) -> LocalEngine {
        LocalEngine { sets: Sets::of_at_most(most_bytes), ..self }
    }

    /// The deadline of an answer that is begun now.
    pub(crate) fn deadline(&self) -> Deadline {
        Deadline::after(self.timeout)
    }

    /// What queries are made with.
    pub(crate) fn context<'a>(&'a self, deadline: &'a Deadline) -> Context<'a> {
        let weights = self.weights(self.fields.text).ok();
        Context { fields: &self.fields, files: &self.files, weights, deadline }
    }

    pub(crate) fn plan(
        &self,
        query: &Query,
        lookup: Lookup,
        ranked: bool,
        deadline: &Deadline,
    ) -> Result<Plan, SearchError> {
        self.plan_within(&Effort::default(), query, lookup, ranked, deadline)
    }

    /// The plan of one query of several that may make so much work together.
    pub(crate) fn plan_within(
        &self,
        effort: &Effort,
        query: &Query,
        lookup: Lookup,
        ranked: bool,
        deadline: &Deadline,
    ) -> Result<Plan, SearchError> {
        let (fields, searcher, word_lists) = (&self.fields, &self.searcher, self.generation.as_path());
        let role = if ranked { Role::Ranking } else { Role::Filter };
        let lowering = Lowering { fields, searcher, word_lists, lookup, role, effort, deadline };
        let plan = lowering.plan(query)?;
        in_time(deadline, plan)
    }

    pub(crate) fn totals(&self, plan: &Plan, deadline: &Deadline) -> Result<Total, SearchError> {
        let counted =
            self.tally(true, deadline).total(plan).map_err(|error| self.failed("counting", error))?;
        if let Some(total) = counted {
            return in_time(deadline, total);
        }
        let total = |share| {
            let query = plan.query_of(share, &self.context(deadline));
            self.searcher.search(&query, &Totals { segments: &self.segments, deadline: deadline.clone() })
        };
        let total = self.in_shares(plan, self.threads, total, |totals| Ok(sum_of(totals)));
        in_time(deadline, total.map_err(|error| self.failed("counting", error))?)
    }

    /// `undated`: those without a date are wanted, too.
    fn tally<'a>(&'a self, undated: bool, deadline: &'a Deadline) -> Tally<'a> {
        let (searcher, segments) = (&self.searcher, &self.segments[..]);
        Tally { searcher, segments, files: &self.files, sets: &self.sets, deadline, undated }
    }

    /// What comes of all articles: of shares of them, each on a thread of its own, where the plan is worth more than one, which are joined.
    pub(crate) fn in_shares<T: Send>(
        &self,
        plan: &Plan,
        threads: u32,
        work: impl Fn(Share) -> tantivy::Result<T> + Sync,
        join: impl FnOnce(Vec<T>) -> tantivy::Result<T>,
    ) -> tantivy::Result<T> {
        match Division::of(plan, &self.searcher, threads, self.least_articles)? {
            Division::NONE => work(Share::WHOLE),
            division => join(division.for_each(work).into_iter().collect::<tantivy::Result<_>>()?),
        }
    }

    /// An error of the engine, with what was being done.
    pub(crate) fn failed(&self, doing: &str, error: TantivyError) -> SearchError {
        let context = format!("{doing} in the index {}", self.folder.display());
        SearchError::Engine { context, source: Box::new(error) }
    }

    /// What is beside the postings of the segment of an article.
    pub(crate) fn segment(&self, address: DocAddress) -> &Segment {
        &self.segments[address.segment_ord as usize]
    }

    pub(crate) fn fetch(&self, address: DocAddress) -> Result<StoredArticle<'_>, SearchError> {
        let Segment { store, notes, .. } = self.segment(address);
        StoredArticle::open(store, notes, address.doc_id).map_err(|error| self.damaged(error))
    }

    pub(crate) fn damaged(&self, error: DecodeError) -> SearchError {
        let context = format!("reading an article in the index {}", self.folder.display());
        SearchError::Engine { context, source: Box::new(error) }
    }
}

impl LocalEngine {
    /// tantivy panics on some damaged files. That must not take the program down: it is an error that names the index.
    pub(crate) fn guarded<T>(&self, work: impl FnOnce() -> Result<T, SearchError>) -> Result<T, SearchError> {
        self.caught(work).map_err(|error| match error {
            SearchError::Engine { context, source } => self.explained(context, source),
            other => other,
        })
    }

    /// An error of the engine may mean that a file is damaged: then it is that file that is named.
    fn explained(&self, context: String, source: Box<dyn std::error::Error + Send + Sync>) -> SearchError {
        match first_damage(&self.generation) {
            Some(damage) => SearchError::Engine { context, source: Box::new(damage) },
            None => SearchError::Engine { context, source },
        }
    }

    fn caught<T>(&self, work: impl FnOnce() -> Result<T, SearchError>) -> Result<T, SearchError> {
        catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
            let message = panic.downcast_ref::<String>().cloned();
            let message = message.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Err(SearchError::Engine {
                context: format!(
                    "reading the index {}, which is damaged or met a bug,",
                    self.folder.display()
                ),
                source: message.unwrap_or_else(|| "no message".to_owned()).into(),
            })
        })
    }

    pub(crate) fn run(
        &self,
        request: &SearchRequest,
        deadline: &Deadline,
    ) -> Result<SearchResponse, SearchError> {
        let start = Instant::now();
        let (mut phases, mut watch) = (Phases::default(), Stopwatch::start(request.phases));
        let ranked = request.sort == Sort::Score;
        let plan = self.plan(&request.query, request.lookup, ranked, deadline)?;
        phases.plan = watch.lap();
        let Page { best, copies, total } = if request.fold {
            self.folded_page(&plan, request, deadline)?
        } else {
            self.page(&plan, request, deadline)?
        };
        phases.search = watch.lap();
        let total = match total {
            None if request.count => Some(self.totals(&plan, deadline)?),
            total => total,
        };
        if request.count {
            phases.count = watch.lap();
        }
        let hits = Passages { engine: self, plan: &plan, limit: request.fragments, deadline }.hits(&best)?;
        let mut hits = in_time(deadline, hits)?;
        hits.iter_mut().zip(copies).for_each(|(hit, count)| hit.copies = Some(count));
        phases.text = watch.lap();
        let phases = request.phases.then_some(phases);
        Ok(SearchResponse { hits, total, took: start.elapsed(), phases })
    }

    /// The hits asked for.
    fn page(&self, plan: &Plan, request: &SearchRequest, deadline: &Deadline) -> Result<Page, SearchError> {
        let limit = request.offset.saturating_add(request.limit);
        let limit = if request.limit == 0 { 0 } else { limit };
        let mut best = self.best(plan, request.sort, limit, deadline)?;
        best.drain(..request.offset.min(best.len()));
        Ok(Page { best, copies: Vec::new(), total: None })
    }

    /// The hits asked for, without copies. Any hit may be a copy of any other, so all are found.
    fn folded_page(
        &self,
        plan: &Plan,
        request: &SearchRequest,
        deadline: &Deadline,
    ) -> Result<Page, SearchError> {
        let best = self.best(plan, request.sort, usize::MAX, deadline)?;
        let Folded { hits, articles, undated } = self.fold(best, deadline)?;
        let total = Total { articles, undated, folded: Some(hits.len() as u64) };
        let (best, copies) = hits.into_iter().skip(request.offset).take(request.limit).unzip();
        Ok(Page { best, copies, total: request.count.then_some(total) })
    }

    fn run_rank(&self, query: &Query, lookup: Lookup, limit: usize) -> Result<usize, SearchError> {
        let deadline = self.deadline();
        let plan = self.plan(query, lookup, true, &deadline)?;
        Ok(self.best(&plan, Sort::Score, limit, &deadline)?.len())
    }

    pub(crate) fn run_count(
        &self,
        query: &Query,
        lookup: Lookup,
        deadline: &Deadline,
    ) -> Result<u64, SearchError> {
        let plan = self.plan(query, lookup, false, deadline)?;
        let count = match self.tally(false, deadline).total(&plan) {
            Ok(None) => {
                let count = |share| plan.query_of(share, &self.context(deadline)).count(&self.searcher);
                let count = self.in_shares(&plan, self.threads, count, |counts| Ok(counts.iter().sum()));
                count.map(|count| count as u64)
            }
            Ok(Some(total)) => Ok(total.articles),
            Err(error) => Err(error),
        };
        in_time(deadline, count.map_err(|error| self.failed("counting", error))?)
    }
}

impl Engine for LocalEngine {
    fn search(&self, request: &SearchRequest) -> Result<SearchResponse, SearchError> {
        self.sitting().search(request)
    }

    fn rank(&self, query: &Query, lookup: Lookup, limit: usize) -> Result<usize, SearchError> {
        self.guarded(|| self.run_rank(query, lookup, limit))
    }

    fn count(&self, query: &Query, lookup: Lookup) -> Result<u64, SearchError> {
        self.sitting().count(query, lookup)
    }

    fn explain(&self, query: &Query, lookup: Lookup, name: Option<&str>) -> Result<Explanation, SearchError> {
        self.guarded(|| crate::explain::explain(self, query, lookup, name))
    }

    fn articles(&self, name: &OsStr, limit: usize) -> Result<Vec<Article>, SearchError> {
        self.guarded(|| self.find_articles(name, limit))
    }

    fn copies(&self, request: &CopiesRequest) -> Result<Copies, SearchError> {
        self.guarded(|| self.run_copies(*request))
    }

    fn stats(&self) -> Result<Stats, SearchError> {
        self.guarded(|| crate::stats::stats(self).map_err(|error| self.failed("reading statistics", error)))
    }
}

/// Some of the hits, before their text is read.
struct Page {
    best: Vec<Ranked>,
    /// For each the number of its copies, where copies are folded.
    copies: Vec<u64>,
    /// Where it was counted on the way.
    total: Option<Total>,
}

/// What was found, unless the time was over before it was complete.
pub(crate) fn in_time<T>(deadline: &Deadline, found: T) -> Result<T, SearchError> {
    match deadline.missed() {
        Some(time) => Err(SearchError::TimedOut(time)),
        None => Ok(found),
    }
}
