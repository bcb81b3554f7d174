//! `morgue stats`: what the index is made of.

use std::io::{self, Write};

use engine::{Engine, Stats};

use crate::args::{Args, StatsArgs};
use crate::collection;
use crate::failure::Failure;
use crate::output::{Outcome, Output};
use crate::render::safe::safe;
use crate::render::{grouped, json, sized};

pub(crate) fn run(args: &Args, options: &StatsArgs) -> Result<Outcome, Failure> {
    let engine = collection::open(args)?;
    let stats = engine.stats().map_err(|error| Failure::search(error, ""))?;
    let mut out = Output::open();
    if options.json {
        json::stats(&mut out, &stats)?;
    } else {
        print(&mut out, &stats)?;
    }
    out.flush()?;
    Ok(Outcome::Found)
}

fn print(out: &mut Output, stats: &Stats) -> io::Result<()> {
    writeln!(out, "articles   {}", grouped(stats.articles))?;
    writeln!(out, "places     {}", grouped(stats.places))?;
    writeln!(out, "sources    {}", grouped(stats.sources))?;
    let dates = stats.dates.map_or_else(|| "none".to_owned(), |(first, last)| format!("{first} to {last}"));
    writeln!(out, "dates      {dates} ({} undated)", grouped(stats.undated))?;
    let languages: Vec<_> = stats.languages.iter().map(|(name, count)| language(name, *count)).collect();
    writeln!(out, "languages  {}", languages.join(", "))?;
    writeln!(out, "terms      {}", grouped(stats.terms))?;
    writeln!(out, "tokens     {}", grouped(stats.tokens))?;
    writeln!(out, "segments   {}", grouped(stats.segments))?;
    writeln!(out, "size       {}", sized(stats.bytes))
}

fn language(name: &str, count: u64) -> String {
    let name = if name.is_empty() { "unknown" } else { name };
    format!("{} {}", safe(name), grouped(count))
}
