//! `morgue search`: ranked hits with the sentences that match.

use std::io::Write;
use std::time::Duration;

use engine::{Engine, Lookup, SearchRequest, SearchResponse, Total};
use query::LocalEngine;
use syntax::Query;

use super::count::print_count;
use super::{read_query, tell_undated};
use crate::args::{Args, Format, SearchArgs};
use crate::collection;
use crate::failure::Failure;
use crate::output::{Outcome, Output, talks};
use crate::render::safe::safe;
use crate::render::{counted, grouped, json, lasting, lines, plain, terminal};

pub(crate) fn run(args: &Args, search: &SearchArgs) -> Result<Outcome, Failure> {
    if search.count {
        return print_count(args, &search.query);
    }
    let text = search.query.query.join(" ");
    let query = read_query(args, &text, search.query.any, &search.query.actors)?;
    let engine = collection::open(args)?.with_timeout(search.query.timeout);
    if search.quiet {
        let count = engine
            .count(&query, search.query.lookup.into())
            .map_err(|error| Failure::search(error, &text))?;
        return Ok(Outcome::of(count));
    }
    let request = SearchRequest {
        query,
        limit: search.limit,
        offset: search.offset,
        sort: search.sort.into(),
        fragments: if search.paths_only() { 0 } else { search.snippets },
        lookup: search.query.lookup.into(),
        // Who reads only the best hits need not wait for the others to be counted; a page without hits must know why.
        count: args.verbose || talks() || search.offset > 0 || search.limit == 0,
        phases: false,
    };
    let response = engine.search(&request).map_err(|error| Failure::search(error, &text))?;
    print(search, &response)?;
    tell_undated(&engine, &request.query, request.lookup);
    let found = response.total.map_or(response.hits.len() as u64, |total| total.articles);
    match response.total {
        _ if found == 0 => explain_nothing(&engine, &request.query, request.lookup),
        Some(total) if args.verbose || talks() => summarise(total, response.took),
        _ => {}
    }
    Ok(Outcome::of(found))
}

impl SearchArgs {
    fn paths_only(&self) -> bool {
        self.files || self.null
    }
}

fn print(search: &SearchArgs, response: &SearchResponse) -> Result<(), Failure> {
    let mut out = Output::open();
    let format = if search.json { Format::Json } else { search.format };
    let mut paths = std::collections::HashSet::new();
    for (rank, hit) in (search.offset.saturating_add(1)..).zip(&response.hits) {
        match format {
            _ if search.paths_only() => {
                if paths.insert(&hit.source.path) {
                    lines::path(&mut out, hit, if search.null { 0 } else { b'\n' })?;
                }
            }
            Format::Json => json::hit(&mut out, rank, hit)?,
            Format::Plain => plain::hit(&mut out, rank, hit)?,
            Format::Text if out.is_terminal => terminal::hit(&mut out, rank, hit)?,
            Format::Text => lines::hit(&mut out, hit)?,
        }
    }
    out.flush()?;
    Ok(())
}

fn summarise(total: Total, took: Duration) {
    let undated = match total.undated {
        0 => String::new(),
        undated => format!(" ({} undated)", grouped(undated)),
    };
    anstream::eprintln!("{}{undated} in {}", counted(total.articles, "article"), lasting(took));
}

/// Says which clauses are to blame, by their counts alone.
fn explain_nothing(engine: &LocalEngine, query: &Query, lookup: Lookup) {
    anstream::eprintln!("no article matches");
    let Ok(explanation) = engine.explain(query, lookup, None) else { return };
    let single = explanation.clauses.len() == 1;
    for clause in explanation.clauses {
        let near = match clause.near.join(", ") {
            near if near.is_empty() => near,
            near => format!("; spelt like it: {near}"),
        };
        let without = match clause.without {
            Some(count) if count > 0 => format!("; without it: {}", grouped(count)),
            _ => String::new(),
        };
        if !single || !near.is_empty() {
            let count = counted(clause.articles, "article");
            anstream::eprintln!("  {}: {count}{without}{near}", safe(&clause.clause));
        }
    }
}
