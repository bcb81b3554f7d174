//! `morgue count`: how many articles match, the number alone.

use std::io::Write;

use engine::Engine;

use super::{read_query, tell_undated};
use crate::args::{Args, CountArgs, QueryArgs};
use crate::collection;
use crate::failure::Failure;
use crate::output::{Outcome, Output};

pub(crate) fn run(args: &Args, count: &CountArgs) -> Result<Outcome, Failure> {
    print_count(args, &count.query)
}

/// Prints the number of articles that match.
pub(crate) fn print_count(args: &Args, query: &QueryArgs) -> Result<Outcome, Failure> {
    let text = query.query.join(" ");
    let tree = read_query(args, &text, query.any, &query.actors)?;
    let engine = collection::open(args)?.with_timeout(query.timeout);
    let count = engine.count(&tree, query.lookup.into()).map_err(|error| Failure::search(error, &text))?;
    let mut out = Output::open();
    writeln!(out, "{count}")?;
    out.flush()?;
    tell_undated(&engine, &tree, query.lookup.into());
    Ok(Outcome::of(count))
}
