//! `morgue bench`: how long the queries of a workload take.

mod adapter;
mod machine;

use std::io::Write;
use std::path::Path;

use bench::baseline::{Change, compare, differences};
use bench::report::{About, Report};
use bench::run::{RunError, Settings, Task, Timings, run as time, run_cold};
use bench::workload::{Case, read};
use engine::Engine;
use query::LocalEngine;
use serde_json::json;

use crate::actors_file::LazyActors;
use crate::args::{Args, BenchArgs};
use crate::collection;
use crate::failure::Failure;
use crate::input::{self, MOST_QUERIES, MOST_REPORT};
use crate::output::{Outcome, Output};
use crate::render::{bench as render, json};
use crate::replace::replace;

/// Lines of a workload that are named when they are no queries.
const SHOWN_ERRORS: usize = 5;

pub(crate) fn run(args: &Args, options: &BenchArgs) -> Result<Outcome, Failure> {
    if let Some(index) = &options.adapter {
        return adapter::serve(index);
    }
    let file = options.workload.as_deref().unwrap_or(Path::new("-"));
    let mut cases = read_workload(file)?;
    let mut actors = LazyActors::new(&options.actors);
    for case in &mut cases {
        let unknown = actors.resolve(&mut case.query)?;
        if !unknown.is_empty() {
            return Err(Failure::query(&case.text, unknown));
        }
    }
    let baseline = options.baseline.as_deref().map(read_report).transpose()?;
    let report = take_times(args, options, &cases)?;
    if let Some(path) = &options.save {
        let text = serde_json::to_string(&report).map_err(anyhow::Error::new)?;
        replace(path, text.as_bytes()).map_err(|error| about_file(path, error))?;
    }
    if let Some(path) = &options.plot {
        let picture = bench::plot::svg(&report).map_err(anyhow::Error::msg)?;
        replace(path, picture.as_bytes()).map_err(|error| about_file(path, error))?;
    }
    for (then, now) in baseline.iter().flat_map(|baseline| differences(&report, baseline)) {
        say!("note: the baseline was taken on {then}; this is {now}");
    }
    let changes = match &baseline {
        Some(baseline) => Some(compare(&report, baseline).map_err(anyhow::Error::new)?),
        None => None,
    };
    let mut out = Output::open();
    if options.json {
        let mut value = serde_json::to_value(&report).map_err(anyhow::Error::new)?;
        if let Some((all, classes)) = &changes {
            value["changes"] = json!({ "all": all, "classes": classes });
        }
        json::line(&mut out, &value)?;
    } else {
        render::report(&mut out, &report)?;
    }
    if let Some((all, classes)) = &changes {
        if !options.json {
            render::changes(&mut out, all, classes)?;
        }
        out.flush()?;
        return Ok(judge(all, options.fail_over));
    }
    out.flush()?;
    Ok(Outcome::Found)
}

fn take_times(args: &Args, options: &BenchArgs, cases: &[Case]) -> Result<Report, Failure> {
    let settings = Settings {
        task: match options.top_k {
            _ if options.count => Task::Count,
            Some(limit) => Task::Top(limit),
            None => Task::Answer,
        },
        warm_up: if options.cold { 0 } else { options.warm_up as usize },
        rounds: options.rounds as usize,
        threads: usize::from(options.threads),
        rate: options.rate,
    };
    let engine = collection::open(args)?;
    let folder = collection::index_folder(args);
    let about = About {
        machine: machine::describe(),
        program: format!("morgue {}", env!("CARGO_PKG_VERSION")),
        index: render::index(&folder, &engine.stats().map_err(|error| Failure::search(error, ""))?),
        cold: options.cold,
        ..About::of(&settings)
    };
    let timings = if options.cold {
        drop(engine);
        time_cold(&folder, cases, &settings)?
    } else {
        time(&engine, cases, &settings)?
    };
    Ok(Report::new(about, cases, &timings))
}

fn judge(all: &Change, limit: Option<f64>) -> Outcome {
    match limit {
        Some(_) if all.is_blind() => {
            say!("not judged: one time of one query does not tell a change from chance; raise --rounds");
            Outcome::Found
        }
        Some(limit) if all.is_slower_by(limit) => {
            say!(
                "slower than the baseline: {:.2} times its time, {:.2} at the least; {:.2} was allowed",
                all.ratio,
                all.low,
                1.0 + limit
            );
            Outcome::Nothing
        }
        _ => Outcome::Found,
    }
}

fn time_cold(folder: &Path, cases: &[Case], settings: &Settings) -> Result<Timings, Failure> {
    let open = || -> Result<LocalEngine, Failure> { Ok(LocalEngine::open(folder)?) };
    run_cold(cases, settings, || machine::evict(folder).map_err(|error| about_file(folder, error)), open)
}

fn read_workload(path: &Path) -> Result<Vec<Case>, Failure> {
    let text = if path == Path::new("-") {
        input::read(std::io::stdin().lock(), MOST_QUERIES).and_then(input::as_text)
    } else {
        input::read_text(path, MOST_QUERIES)
    };
    let text = text.map_err(|error| about_file(path, error))?;
    let cases = read(&text).map_err(|errors| {
        let mut lines: Vec<String> = errors.iter().take(SHOWN_ERRORS).map(ToString::to_string).collect();
        if let Some(more @ 1..) = errors.len().checked_sub(SHOWN_ERRORS) {
            lines.push(format!("… and {more} more"));
        }
        Failure::from(anyhow::anyhow!("{} has lines that are no queries", path.display())).lines(lines)
    })?;
    if cases.is_empty() {
        let message = format!("{} has no queries", path.display());
        return Err(Failure::from(anyhow::Error::msg(message)).hint("write a query a line"));
    }
    Ok(cases)
}

fn read_report(path: &Path) -> Result<Report, Failure> {
    let text = input::read_text(path, MOST_REPORT).map_err(|error| about_file(path, error))?;
    serde_json::from_str(&text).map_err(|error| {
        let error = anyhow::Error::new(error).context(format!("{} is not a report of bench", path.display()));
        Failure::from(error).hint("make one with `morgue bench --save`")
    })
}

fn about_file(path: &Path, error: std::io::Error) -> Failure {
    Failure::from(anyhow::Error::new(error).context(path.display().to_string()))
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Failure {
        Failure::search(error.source, &error.query)
    }
}
