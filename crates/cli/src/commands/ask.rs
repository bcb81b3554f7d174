//! What commands ask of the engine about a query: its hits, their number, or whether there are any.

use std::io::{self, Write};
use std::time::Duration;

use engine::{Hit, Phases, SearchError, SearchRequest, Sort, Stopwatch, Total};
use query::Sitting;
use syntax::Query;

use super::batch::{self, processors};
use super::undated::{self, undated};
use super::{is_talkative, read_query, search};
use crate::args::{Args, QueryArgs, SearchArgs};
use crate::collection;
use crate::failure::Failure;
use crate::output::{Outcome, Output};
use crate::render::times::Times;
use crate::render::{Asked, lines};

/// What is asked.
#[derive(Clone, Copy)]
pub(crate) enum Ask<'a> {
    /// The best hits.
    Hits(&'a SearchArgs),
    /// How many articles match.
    Count,
    /// Whether any does. Nothing is printed.
    Whether,
}

/// What the engine says.
pub(crate) struct Answer {
    pub(crate) hits: Vec<Hit>,
    /// How many articles match, where they were counted, else how many hits there are.
    pub(crate) found: u64,
    pub(crate) total: Option<Total>,
    /// Articles that would match if they had a date, where they could be counted.
    undated: Option<u64>,
    pub(crate) took: Duration,
    pub(crate) phases: Phases,
}

impl Ask<'_> {
    /// Asks about one query, or about each of a file.
    pub(crate) fn run(self, args: &Args, options: &QueryArgs) -> Result<Outcome, Failure> {
        match &options.queries {
            Some(file) => batch::run(args, options, file, self),
            None => self.run_one(args, options),
        }
    }

    fn run_one(self, args: &Args, options: &QueryArgs) -> Result<Outcome, Failure> {
        let mut times = Times::start(options.stats);
        let text = options.query.join(" ");
        let query = if options.all {
            Query::everything()
        } else {
            read_query(args, &text, options.lookup.any, &options.actors)?
        };
        times.parse = times.watch.lap();
        let threads = options.threads.map_or_else(|| u32::try_from(processors()).unwrap_or(1), u32::from);
        let engine = collection::open(args)?.with_timeout(options.timeout).with_threads(threads);
        times.open = times.watch.lap();
        let request = self.request(args, options, query);
        let sitting = engine.sitting();
        let answer = self.answer(&sitting, &request).map_err(|error| Failure::search(error, &text))?;
        times.add(&answer.phases);
        times.watch.lap();
        let mut out = Output::open();
        self.print(&mut out, None, &answer)?;
        out.flush()?;
        times.output = times.watch.lap();
        answer.tell("", is_talkative(args) && answer.found > 0);
        if let (Ask::Hits(_), 0) = (self, answer.found) {
            if options.all {
                say!("the index has no articles");
            } else {
                search::explain_nothing(&sitting, &request)?;
            }
        }
        times.print(1, 1);
        Ok(Outcome::of(answer.found))
    }

    pub(crate) fn request(self, args: &Args, options: &QueryArgs, query: Query) -> SearchRequest {
        let (lookup, phases) = (options.lookup.into(), options.stats);
        let request = SearchRequest { lookup, phases, fold: options.fold_dups, ..SearchRequest::new(query) };
        let Ask::Hits(search) = self else {
            // Of copies that are folded, only the number is wanted; and no order has less to do than that by date.
            return SearchRequest { limit: 0, sort: Sort::DateAscending, fragments: 0, ..request };
        };
        SearchRequest {
            limit: search.limit,
            offset: search.offset,
            sort: search.order().into(),
            fragments: if search.paths_only() { 0 } else { search.snippets },
            // Who reads only the best hits need not wait for the others to be counted; a page without hits must know why.
            count: is_talkative(args) || search.offset > 0 || search.limit == 0,
            ..request
        }
    }

    pub(crate) fn answer(
        self,
        sitting: &Sitting<'_>,
        request: &SearchRequest,
    ) -> Result<Answer, SearchError> {
        let (query, lookup) = (&request.query, request.lookup);
        if let Ask::Hits(_) = self {
            let response = sitting.search(request)?;
            return Ok(Answer {
                found: response.total.map_or(response.hits.len() as u64, |total| total.articles),
                hits: response.hits,
                total: response.total,
                undated: undated(sitting, query, lookup)?,
                took: response.took,
                phases: response.phases.unwrap_or_default(),
            });
        }
        let mut watch = Stopwatch::start(request.phases);
        let (found, total, took) = self.count(sitting, request)?;
        let count = watch.lap();
        Ok(Answer {
            hits: Vec::new(),
            found,
            total,
            undated: if let Ask::Count = self { undated(sitting, query, lookup)? } else { Some(0) },
            took,
            phases: Phases { count, ..Phases::default() },
        })
    }

    /// How many articles match; all counts where copies are folded, and how long that took.
    fn count(
        self,
        sitting: &Sitting<'_>,
        request: &SearchRequest,
    ) -> Result<(u64, Option<Total>, Duration), SearchError> {
        if let (Ask::Count, true) = (self, request.fold) {
            let response = sitting.search(request)?;
            if let Some(total) = response.total {
                return Ok((total.folded.unwrap_or(total.articles), Some(total), response.took));
            }
        }
        Ok((sitting.count(&request.query, request.lookup)?, None, Duration::ZERO))
    }

    /// The data of an answer; `asked` is the query where there are several.
    pub(crate) fn print(self, out: &mut Output, asked: Option<Asked<'_>>, answer: &Answer) -> io::Result<()> {
        match self {
            Ask::Hits(search) => search::print(out, search, asked, &answer.hits),
            Ask::Count => lines::count(out, asked, answer.found),
            Ask::Whether => Ok(()),
        }
    }
}

impl Answer {
    /// What is said about it, after the `place` of its query where there are several; with a `summary` where it is wanted.
    pub(crate) fn tell(&self, place: &str, summary: bool) {
        if let Some(warning) = undated::warning(self.undated) {
            say!("{place}{warning}");
        }
        if let (Some(total), true) = (self.total, summary) {
            search::summarise(place, total, self.took);
        }
    }
}
