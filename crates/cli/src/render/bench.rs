//! Reports of `morgue bench`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use bench::baseline::Change;
use bench::report::{Distribution, Report};
use engine::Stats;

use super::{grouped, sized};
use crate::output::Output;
use crate::render::safe::safe;

/// Widest bar of the histogram, in characters.
const BAR: usize = 50;

/// The index that was timed, for the report.
pub(crate) fn index(folder: &Path, stats: &Stats) -> String {
    let Stats { articles, segments, bytes, .. } = stats;
    format!("{}: {} articles, {segments} segments, {}", folder.display(), grouped(*articles), sized(*bytes))
}

/// A table of all classes; on a terminal a histogram too.
pub(crate) fn report(out: &mut Output, report: &Report) -> io::Result<()> {
    let about = &report.about;
    writeln!(out, "machine   {}", safe(&about.machine))?;
    writeln!(out, "program   {}", safe(&about.program))?;
    writeln!(out, "index     {}", safe(&about.index))?;
    let rate = about.rate.map_or_else(String::new, |rate| format!(", {rate} a second"));
    let cold = if about.cold { ", from a cold start" } else { "" };
    let (rounds, threads) = (about.rounds, about.threads);
    writeln!(out, "asked     {}: {rounds} rounds, {threads} at once{rate}{cold}", safe(&about.task))?;
    writeln!(
        out,
        "\n{:24} {:>7} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "class, times in µs", "n", "mean", "p50", "p90", "p99", "p99.9", "max", "queries/s"
    )?;
    for (class, distribution) in &report.classes {
        row(out, class, distribution)?;
    }
    if report.classes.len() > 1 {
        row(out, "all of them", &report.all)?;
    }
    if out.is_terminal {
        histogram(out, report)?;
    }
    Ok(())
}

fn row(out: &mut impl Write, name: &str, d: &Distribution) -> io::Result<()> {
    let Distribution { n, mean, p50, p90, p99, p999, max, per_second } = d;
    writeln!(
        out,
        "{:24} {n:>7} {mean:>9.1} {p50:>9.1} {p90:>9.1} {p99:>9.1} {p999:>9.1} {max:>9.1} {per_second:>9.0}",
        safe(name)
    )
}

/// How many queries took how long, in steps of doubled time.
fn histogram(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let mut steps: BTreeMap<i32, usize> = BTreeMap::new();
    for time in report.queries.iter().flat_map(|query| &query.times) {
        *steps.entry(time.max(1.0).log2().floor() as i32).or_default() += 1;
    }
    let most = steps.values().copied().max().unwrap_or(1);
    writeln!(out)?;
    let (Some(first), Some(last)) = (steps.keys().next().copied(), steps.keys().last().copied()) else {
        return Ok(());
    };
    for step in first..=last {
        let count = steps.get(&step).copied().unwrap_or(0);
        let bar = "█".repeat((count * BAR).div_ceil(most));
        writeln!(out, "{:>9} µs  {bar} {count}", grouped(1 << step))?;
    }
    Ok(())
}

/// The changes from a baseline.
pub(crate) fn changes(
    out: &mut impl Write,
    all: &Change,
    classes: &BTreeMap<String, Change>,
) -> io::Result<()> {
    writeln!(out, "\n{:24} {:>7} {:>9} {:>18}", "against the baseline", "queries", "times", "99 % of draws")?;
    let mut row = |name: &str, change: &Change| {
        let Change { queries, ratio, low, high } = change;
        writeln!(out, "{:24} {queries:>7} {ratio:>9.2} {:>18}", safe(name), format!("{low:.2} to {high:.2}"))
    };
    for (class, change) in classes {
        row(class, change)?;
    }
    if classes.len() > 1 {
        row("all of them", all)?;
    }
    Ok(())
}
