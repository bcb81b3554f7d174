//! What was timed, summed up.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::run::{Settings, Task, Timings};
use crate::workload::Case;

/// A run of a workload. Times are in microseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Version of this format.
    pub v: u32,
    /// Where, on what and how it was run.
    pub about: About,
    /// All queries together.
    pub all: Distribution,
    /// The classes, by name.
    pub classes: BTreeMap<String, Distribution>,
    /// The queries one by one, in the order of the workload.
    pub queries: Vec<QueryTimes>,
}

/// Where, on what and how a workload was run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// The processor, its cores and the system.
    pub machine: String,
    /// The program and its version.
    pub program: String,
    /// The index: where it is and what it has.
    pub index: String,
    /// What was asked of the engine.
    pub task: String,
    /// Rounds that were not timed.
    pub warm_up: usize,
    /// Rounds that were.
    pub rounds: usize,
    /// Queries in flight at once.
    pub threads: usize,
    /// Queries that arrived a second, where that was set.
    pub rate: Option<f64>,
    /// The index was evicted from memory before every query.
    pub cold: bool,
}

/// How times are spread.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Distribution {
    /// How many times there are.
    pub n: usize,
    /// Their mean.
    pub mean: f64,
    /// Half of them are at most this.
    pub p50: f64,
    /// Nine of ten.
    pub p90: f64,
    /// 99 of 100.
    pub p99: f64,
    /// 999 of 1,000.
    pub p999: f64,
    /// The longest.
    pub max: f64,
    /// Queries answered a second, by all threads.
    pub per_second: f64,
}

/// All times of a query.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueryTimes {
    /// Its class.
    pub class: String,
    /// As it was written.
    pub query: String,
    /// In no order.
    pub times: Vec<f64>,
}

impl QueryTimes {
    /// See [`quantile()`].
    pub fn quantile(&self, part: f64) -> f64 {
        let mut times = self.times.clone();
        times.sort_by(f64::total_cmp);
        quantile(&times, part)
    }
}

impl About {
    /// What the settings say; the rest is for the caller to fill in.
    pub fn of(settings: &Settings) -> About {
        let task = match settings.task {
            Task::Answer => "ten best hits with their text".to_owned(),
            Task::Top(limit) => format!("{limit} best hits without text"),
            Task::Count => "count".to_owned(),
        };
        let Settings { warm_up, rounds, threads, rate, .. } = *settings;
        About { task, warm_up, rounds, threads, rate, ..About::default() }
    }
}

impl Report {
    /// Sums up the timings of a workload.
    pub fn new(about: About, cases: &[Case], timings: &Timings) -> Report {
        let query = |case: &Case| QueryTimes {
            class: case.class.clone(),
            query: case.text.clone(),
            times: Vec::new(),
        };
        let mut queries: Vec<QueryTimes> = cases.iter().map(query).collect();
        for timing in &timings.timings {
            queries[timing.case].times.push(timing.took.as_secs_f64() * 1e6);
        }
        let spread = |belongs: &dyn Fn(&QueryTimes) -> bool| {
            let times = queries.iter().filter(|query| belongs(query)).flat_map(|query| &query.times);
            Distribution::of(times.copied().collect(), about.threads)
        };
        let mut all = spread(&|_| true);
        if timings.wall > Duration::ZERO {
            all.per_second = all.n as f64 / timings.wall.as_secs_f64();
        }
        let names: BTreeSet<String> = cases.iter().map(|case| case.class.clone()).collect();
        let classes =
            names.into_iter().map(|name| (name.clone(), spread(&|query| query.class == name))).collect();
        Report { v: 1, about, all, classes, queries }
    }
}

impl Distribution {
    /// Of times in microseconds, taken on so many threads at once.
    fn of(mut times: Vec<f64>, threads: usize) -> Distribution {
        if times.is_empty() {
            return Distribution::default();
        }
        times.sort_by(f64::total_cmp);
        let mean = times.iter().sum::<f64>() / times.len() as f64;
        Distribution {
            n: times.len(),
            mean,
            p50: quantile(&times, 0.5),
            p90: quantile(&times, 0.9),
            p99: quantile(&times, 0.99),
            p999: quantile(&times, 0.999),
            max: times[times.len() - 1],
            per_second: threads.max(1) as f64 * 1e6 / mean,
        }
    }
}

/// The least of the sorted times that is not exceeded by that part of them (the nearest rank); 0 where there are none.
pub fn quantile(sorted: &[f64], part: f64) -> f64 {
    let rank = (part * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Timing;
    use crate::workload::read;

    #[test]
    fn quantiles_are_times_that_were_taken() {
        let times: Vec<f64> = (1..=100).map(f64::from).collect();
        let found = [0.5, 0.9, 0.99, 0.999].map(|part| quantile(&times, part) as u32);
        assert_eq!(found, [50, 90, 99, 100]);
        assert_eq!(quantile(&[], 0.5) as u32, 0);
    }

    #[test]
    fn classes_have_the_times_of_their_queries() {
        let cases = read("a\tXi\nb\tNATO\na\tPutin").unwrap();
        let took = |case, micros| Timing { case, took: Duration::from_micros(micros) };
        let timings = Timings {
            timings: vec![took(0, 10), took(1, 500), took(2, 30), took(0, 20)],
            wall: Duration::from_millis(2),
        };
        let settings = Settings { task: Task::Count, warm_up: 0, rounds: 1, threads: 1, rate: None };
        let report = Report::new(About::of(&settings), &cases, &timings);
        assert_eq!(
            (report.classes["a"].n, report.classes["a"].mean, report.classes["a"].max),
            (3, 20.0, 30.0)
        );
        assert_eq!((report.all.n, report.all.per_second.round() as u32), (4, 2_000));
        assert_eq!(report.queries[0].quantile(0.5).round() as u32, 10);
    }
}
