//! `morgue search`: ranked hits with the sentences that match.

use std::collections::HashSet;
use std::io;
use std::time::Duration;

use engine::{Hit, SearchRequest, Total};
use query::{Finding, Sitting};

use super::ask::Ask;
use crate::args::{Args, Format, SearchArgs};
use crate::failure::Failure;
use crate::output::{Outcome, Output};
use crate::render::safe::safe;
use crate::render::{Asked, counted, grouped, json, lasting, lines, plain, terminal};

pub(crate) fn run(args: &Args, search: &SearchArgs) -> Result<Outcome, Failure> {
    let ask = match search {
        _ if search.quiet => Ask::Whether,
        _ if search.count => Ask::Count,
        _ => Ask::Hits(search),
    };
    ask.run(args, &search.query)
}

impl SearchArgs {
    pub(crate) fn paths_only(&self) -> bool {
        self.files || self.null
    }
}

/// The hits in the form that is asked for.
pub(crate) fn print(
    out: &mut Output,
    search: &SearchArgs,
    asked: Option<Asked<'_>>,
    hits: &[Hit],
) -> io::Result<()> {
    let format = if search.json { Format::Json } else { search.format };
    if let (Format::Text, Some(asked), true) = (format, asked, out.is_terminal && !search.paths_only()) {
        terminal::heading(out, asked)?;
    }
    let mut paths = HashSet::new();
    for (number, hit) in (1..).zip(hits) {
        let rank = search.offset.saturating_add(number);
        match format {
            _ if search.paths_only() => {
                for path in std::iter::once(&hit.source.path).chain(hit.also.iter().map(|place| &place.path))
                {
                    if paths.insert(path) {
                        lines::path(out, asked, path, if search.null { 0 } else { b'\n' })?;
                    }
                }
            }
            Format::Json => json::hit(out, asked, rank, hit)?,
            Format::Plain => plain::hit(out, asked, rank, hit)?,
            Format::Text if out.is_terminal => terminal::hit(out, rank, hit)?,
            Format::Text => lines::hit(out, asked, hit)?,
        }
    }
    Ok(())
}

pub(crate) fn summarise(place: &str, total: Total, took: Duration) {
    let undated = match total.undated {
        0 => String::new(),
        undated => format!(" ({} undated)", grouped(undated)),
    };
    let folded = match total.folded {
        Some(folded) => format!(", {} without copies", grouped(folded)),
        None => String::new(),
    };
    let articles = counted(total.articles, "article");
    say!("{place}{articles}{folded}{undated} in {}", lasting(took));
}

/// Says which clauses are to blame, by their counts and those of their words.
pub(crate) fn explain_nothing(sitting: &Sitting<'_>, request: &SearchRequest) -> Result<(), Failure> {
    say!("no article matches");
    let diagnosis = sitting.diagnose(&request.query, request.lookup);
    let diagnosis = diagnosis.map_err(|error| Failure::search(error, ""))?;
    for clause in &diagnosis.clauses {
        tell_clause("  ", clause);
        clause.parts.iter().for_each(|part| tell_clause("    ", part));
    }
    if diagnosis.left_out > 0 {
        say!("  … and {}", counted(diagnosis.left_out as u64, "more clause"));
    }
    if !diagnosis.is_complete {
        say!("  the rest would have taken too long to find out");
    }
    Ok(())
}

fn tell_clause(indent: &str, finding: &Finding) {
    let near = match finding.near.join(", ") {
        near if near.is_empty() => near,
        near => format!("; spelt like it: {}", safe(&near)),
    };
    let without = match finding.without {
        Some(count) if count > 0 => format!("; without it: {}", grouped(count)),
        _ => String::new(),
    };
    let count = counted(finding.articles, "article");
    say!("{indent}{}: {count}{without}{near}", safe(&finding.clause));
}
