//! The subcommands, a file each.

mod actors;
mod ask;
mod batch;
mod bench;
mod check;
mod completions;
mod count;
mod dups;
mod explain;
mod help;
mod index;
mod optimize;
mod search;
mod show;
mod stats;
mod undated;
mod watch;

use syntax::{Diagnostic, Options, Parsed, Query, Severity, parse};

use crate::actors_file::LazyActors;
use crate::args::{ActorsFile, Args, Command};
use crate::failure::{Failure, print_diagnostics};
use crate::output::{Outcome, talks};

/// Runs the subcommand.
pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    match &args.command {
        Command::Index(index) => index::run(args, index),
        Command::Optimize => optimize::run(args),
        Command::Check(check) => check::run(args, check),
        Command::Search(search) => search::run(args, search),
        Command::Count(count) => count::run(args, count),
        Command::Dups(dups) => dups::run(args, dups),
        Command::Show(show) => show::run(args, show),
        Command::Explain(explain) => explain::run(args, explain),
        Command::Stats(stats) => stats::run(args, stats),
        Command::Bench(bench) => bench::run(args, bench),
        Command::Actors(actors) => actors::run(args, actors),
        Command::Help { topic } => help::run(topic),
        Command::Completions { shell } => completions::run(*shell),
    }
}

/// Reads a query. Notes on how it was read go to a person at a terminal, and to whoever asked for them.
fn read_query(args: &Args, text: &str, any: bool, actors: &ActorsFile) -> Result<Query, Failure> {
    let (query, notes) = parse_query(text, any, &mut LazyActors::new(actors))?;
    if is_talkative(args) {
        print_diagnostics("", text, &notes);
    }
    Ok(query)
}

/// Reads a query; with it come notes on how it was read.
///
/// # Errors
/// All mistakes in it, in their order: of the language, of actors that nobody knows, and of patterns that are none.
fn parse_query(
    text: &str,
    any: bool,
    actors: &mut LazyActors<'_>,
) -> Result<(Query, Vec<Diagnostic>), Failure> {
    let Parsed { query, draft, diagnostics } = parse(text, &Options { any });
    let (mut errors, notes): (Vec<_>, Vec<_>) =
        diagnostics.into_iter().partition(|found| found.severity == Severity::Error);
    let Some(mut query) = query.or(draft) else { return Err(Failure::query(text, errors)) };
    match actors.resolve(&mut query) {
        Ok(unknown) => errors.extend(unknown),
        // What is wrong in the query is told before what is wrong in a file.
        Err(failure) if errors.is_empty() => return Err(failure),
        Err(_) => {}
    }
    errors.extend(query::mistakes(&query));
    if errors.is_empty() {
        return Ok((query, notes));
    }
    errors.sort_by_key(|error| error.span.start);
    Err(Failure::query(text, errors))
}

/// Is more said than what must be: to a person at a terminal, or because it was asked for?
fn is_talkative(args: &Args) -> bool {
    args.verbose || talks()
}
