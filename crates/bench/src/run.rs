//! Timing queries.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use engine::{Engine, Lookup, SearchError, SearchRequest};

use crate::workload::Case;

/// How to run a workload.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// What is asked of the engine.
    pub task: Task,
    /// Rounds over the workload that are not timed.
    pub warm_up: usize,
    /// Rounds that are, each in an order of its own.
    pub rounds: usize,
    /// Queries in flight at once.
    pub threads: usize,
    /// Queries a second that arrive whether or not the ones before are answered; as fast as they are answered where there is
    /// none. The time a query waits for its turn then counts, or the slowest would hide those that wait behind it.
    pub rate: Option<f64>,
}

/// What is asked of the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// The ten best hits with their text, as a search prints them.
    Answer,
    /// So many of the best hits, without text.
    Top(usize),
    /// How many articles match.
    Count,
}

/// How long a case took once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Which case of the workload.
    pub case: usize,
    /// From when it was its turn until it was answered.
    pub took: Duration,
}

/// All timings, and how long the timed rounds took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timings {
    /// In no order.
    pub timings: Vec<Timing>,
    /// From the first query to the last answer.
    pub wall: Duration,
}

/// A query of the workload that the engine does not answer.
#[derive(Debug, thiserror::Error)]
#[error("{query}: {source}")]
pub struct RunError {
    /// As it was written.
    pub query: String,
    /// Why.
    pub source: SearchError,
}

/// Runs a workload on an engine that stays open.
///
/// # Errors
/// When the engine fails on a query.
pub fn run<E: Engine + Sync>(engine: &E, cases: &[Case], settings: &Settings) -> Result<Timings, RunError> {
    let ask = |case: &Case| ask(engine, case, settings.task);
    let once: Vec<usize> = (0..cases.len()).collect();
    for _ in 0..settings.warm_up {
        for &case in &once {
            ask(&cases[case])?;
        }
    }
    let order = shuffled_rounds(cases.len(), settings.rounds);
    let next = AtomicUsize::new(0);
    let start = Instant::now();
    let work = || -> Result<Vec<Timing>, RunError> {
        let mut timings = Vec::new();
        loop {
            let turn = next.fetch_add(1, Ordering::Relaxed);
            let Some(&case) = order.get(turn) else { return Ok(timings) };
            let begin = match settings.rate {
                Some(rate) => wait_until(start + Duration::from_secs_f64(turn as f64 / rate)),
                None => Instant::now(),
            };
            ask(&cases[case])?;
            timings.push(Timing { case, took: begin.elapsed() });
        }
    };
    let parts: Vec<Result<Vec<Timing>, RunError>> = thread::scope(|scope| {
        let thread = || thread::Builder::new().stack_size(engine::STACK_BYTES).spawn_scoped(scope, work);
        let others = (1..settings.threads.max(1)).map(|_| thread()).collect::<Result<Vec<_>, _>>();
        let others = others.unwrap_or_else(|error| panic!("cannot start a thread: {error}"));
        let mine = work();
        let others = others
            .into_iter()
            .map(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        others.chain([mine]).collect()
    });
    let wall = start.elapsed();
    let timings = parts.into_iter().collect::<Result<Vec<_>, _>>()?.concat();
    Ok(Timings { timings, wall })
}

/// Runs a workload on an engine that is opened afresh for every query, by `open`, which sees to it that nothing is in memory.
/// Opening is timed too, but not what `forget` does before.
///
/// # Errors
/// When the engine cannot be opened or fails on a query.
pub fn run_cold<E: Engine, F: From<RunError>>(
    cases: &[Case],
    settings: &Settings,
    mut forget: impl FnMut() -> Result<(), F>,
    mut open: impl FnMut() -> Result<E, F>,
) -> Result<Timings, F> {
    let mut timings = Vec::new();
    let mut wall = Duration::ZERO;
    for case in shuffled_rounds(cases.len(), settings.rounds) {
        forget()?;
        let begin = Instant::now();
        let engine = open()?;
        ask(&engine, &cases[case], settings.task)?;
        let took = begin.elapsed();
        wall += took;
        timings.push(Timing { case, took });
    }
    Ok(Timings { timings, wall })
}

fn ask(engine: &impl Engine, case: &Case, task: Task) -> Result<(), RunError> {
    let request = || SearchRequest { count: false, ..SearchRequest::new(case.query.clone()) };
    let answered = match task {
        Task::Answer => engine.search(&request()).map(|_| ()),
        Task::Top(limit) => engine.rank(&case.query, Lookup::default(), limit).map(|_| ()),
        Task::Count => engine.count(&case.query, Lookup::default()).map(|_| ()),
    };
    answered.map_err(|source| RunError { query: case.text.clone(), source })
}

/// The numbers of all cases once for each round, in orders that are the same in every run.
fn shuffled_rounds(cases: usize, rounds: usize) -> Vec<usize> {
    let mut random = fastrand::Rng::with_seed(1);
    let mut order = Vec::with_capacity(cases * rounds);
    for _ in 0..rounds {
        let mut round: Vec<usize> = (0..cases).collect();
        random.shuffle(&mut round);
        order.extend(round);
    }
    order
}

/// Returns the moment itself, which may have passed.
fn wait_until(moment: Instant) -> Instant {
    /// The system wakes a sleeper late by about so much.
    const LATE: Duration = Duration::from_micros(200);
    let left = moment.saturating_duration_since(Instant::now());
    thread::sleep(left.saturating_sub(LATE));
    while Instant::now() < moment {
        std::hint::spin_loop();
    }
    moment
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::workload::read;

    fn settings() -> Settings {
        Settings { task: Task::Answer, warm_up: 1, rounds: 3, threads: 2, rate: None }
    }

    #[test]
    fn every_case_is_timed_once_a_round() {
        let cases = read("Xi\nNATO\nXi AND NATO\nPutin").unwrap();
        let timings = run(&engine::Fake::new(Vec::new()), &cases, &settings()).unwrap();
        let mut counts = BTreeMap::new();
        timings.timings.iter().for_each(|timing| *counts.entry(timing.case).or_insert(0) += 1);
        assert_eq!(counts, (0..4).map(|case| (case, 3)).collect());
    }

    #[test]
    fn at_a_rate_queries_wait_for_their_turn() {
        let cases = read("Xi\nNATO").unwrap();
        let settings = Settings { rate: Some(100.0), rounds: 5, ..settings() };
        let timings = run(&engine::Fake::new(Vec::new()), &cases, &settings).unwrap();
        // The tenth query arrives 90 ms after the first.
        assert!(timings.wall >= Duration::from_millis(90), "{:?}", timings.wall);
        assert_eq!(timings.timings.len(), 10);
    }
}
