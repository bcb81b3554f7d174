//! Has it become slower? A report against an earlier one of the same workload.

use std::collections::{BTreeMap, HashMap};

use fastrand::Rng;
use serde::Serialize;

use crate::report::{QueryTimes, Report, quantile};

/// How often the queries are drawn anew.
const DRAWS: usize = 2_000;

/// The part of draws that the interval covers.
const CONFIDENCE: f64 = 0.99;

/// Of fewer queries than these the rounds are drawn, too: how queries differ says little of chance then, and nothing where there is one.
const FEW_QUERIES: usize = 5;

/// The times of one report as a multiple of those of another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// How many queries both have.
    pub queries: usize,
    /// Sum of the queries' times, now to then.
    pub ratio: f64,
    /// The bounds within which the ratio lies with a confidence of 99 %.
    pub low: f64,
    /// See `low`.
    pub high: f64,
}

impl Change {
    /// Is it slower by more than that part, and not by chance?
    pub fn is_slower_by(&self, part: f64) -> bool {
        self.low > 1.0 + part && !self.is_blind()
    }

    /// Can chance not be told from change? One query that was timed once has the same times in every draw.
    pub fn is_blind(&self) -> bool {
        self.low >= self.high
    }
}

/// The times of a query in two reports.
struct Pair<'a> {
    now: &'a QueryTimes,
    then: &'a QueryTimes,
    /// What each counts with.
    typical: (f64, f64),
}

/// Two reports that cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompareError {
    /// They have no query in common.
    #[error("the baseline has none of these queries")]
    NoQuery,
    /// Different things were asked of the engine.
    #[error("the baseline was run in another way: {then}; this is: {now}")]
    OtherTask {
        /// How the baseline was run.
        then: String,
        /// How this was run.
        now: String,
    },
}

/// What else differs between two reports than the program: the times may have changed for that. The value then, and now.
pub fn differences(now: &Report, then: &Report) -> Vec<(String, String)> {
    let (now, then) = (&now.about, &then.about);
    let pairs = [(&then.machine, &now.machine), (&then.index, &now.index)];
    pairs
        .into_iter()
        .filter(|(then, now)| then != now)
        .map(|(then, now)| (then.clone(), now.clone()))
        .collect()
}

/// The change of all queries together, and of each class.
///
/// A query counts with its lower quartile, which a busy machine moves least. The interval is a paired bootstrap over the
/// queries (Efron 1979; Sakai 2006 on its use for comparing search systems). Of a few queries each draw takes one round of each report
/// instead of the quartiles: all queries of a run share its luck, and the rounds show how much there is of it.
///
/// # Errors
/// When the reports have nothing in common or were not run in the same way.
pub fn compare(now: &Report, then: &Report) -> Result<(Change, BTreeMap<String, Change>), CompareError> {
    let how = |report: &Report| {
        let about = &report.about;
        let rate = about.rate.map_or_else(String::new, |rate| format!(", {rate} a second"));
        let cold = if about.cold { ", cold" } else { "" };
        format!("{}, {} threads{rate}{cold}", about.task, about.threads)
    };
    if how(now) != how(then) {
        return Err(CompareError::OtherTask { then: how(then), now: how(now) });
    }
    let typical = |query: &QueryTimes| query.quantile(0.25);
    let before: HashMap<(&str, &str), &QueryTimes> =
        then.queries.iter().map(|query| (name(query), query)).collect();
    let pairs: Vec<Pair<'_>> = now
        .queries
        .iter()
        .filter_map(|now| {
            let then = *before.get(&name(now))?;
            Some(Pair { now, then, typical: (typical(now), typical(then)) })
        })
        .collect();
    if pairs.is_empty() {
        return Err(CompareError::NoQuery);
    }
    let mut classes: BTreeMap<String, Vec<&Pair<'_>>> = BTreeMap::new();
    for pair in &pairs {
        classes.entry(pair.now.class.clone()).or_default().push(pair);
    }
    let classes = classes.into_iter().map(|(class, pairs)| (class, change(&pairs))).collect();
    Ok((change(&pairs.iter().collect::<Vec<_>>()), classes))
}

fn name(query: &QueryTimes) -> (&str, &str) {
    (&query.class, &query.query)
}

fn change(pairs: &[&Pair<'_>]) -> Change {
    let mut random = Rng::with_seed(1);
    let mut draw = || {
        ratio((0..pairs.len()).map(|_| {
            let pair = pairs[random.usize(..pairs.len())];
            if pairs.len() < FEW_QUERIES { pair.round(&mut random) } else { pair.typical }
        }))
    };
    let mut ratios: Vec<f64> = (0..DRAWS).map(|_| draw()).collect();
    ratios.sort_by(f64::total_cmp);
    let tail = (1.0 - CONFIDENCE) / 2.0;
    Change {
        queries: pairs.len(),
        ratio: ratio(pairs.iter().map(|pair| pair.typical)),
        low: quantile(&ratios, tail),
        high: quantile(&ratios, 1.0 - tail),
    }
}

/// The sum of the times now to that of those then.
fn ratio(times: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (now, then) = times.fold((0.0, 0.0), |(now, then), pair| (now + pair.0, then + pair.1));
    if then > 0.0 { now / then } else { 1.0 }
}

impl Pair<'_> {
    /// A round of each report, at random.
    fn round(&self, random: &mut Rng) -> (f64, f64) {
        let mut of = |query: &QueryTimes| random.choice(&query.times).copied().unwrap_or(0.0);
        (of(self.now), of(self.then))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{About, Distribution};

    /// A report of queries whose times are those of `times`, each with some noise.
    fn report(factor: f64, seed: u64) -> Report {
        let mut random = fastrand::Rng::with_seed(seed);
        let queries = (0..60)
            .map(|number| {
                let times = (0..9).map(|_| f64::from(number + 10) * factor * (1.0 + 0.2 * random.f64()));
                QueryTimes {
                    class: format!("{}", number % 2),
                    query: format!("q{number}"),
                    times: times.collect(),
                }
            })
            .collect();
        let all = Distribution::default();
        Report { v: 1, about: About::default(), all, classes: BTreeMap::new(), queries }
    }

    #[test]
    fn a_slow_down_is_seen_and_noise_is_not() {
        let then = report(1.0, 1);
        let (same, _) = compare(&report(1.0, 2), &then).unwrap();
        assert!(!same.is_slower_by(0.02) && (same.ratio - 1.0).abs() < 0.03, "{same:?}");
        let (slower, classes) = compare(&report(1.3, 3), &then).unwrap();
        assert!(slower.is_slower_by(0.1) && slower.low < 1.3 && 1.3 < slower.high + 0.02, "{slower:?}");
        assert!(classes.values().all(|change| change.queries == 30 && change.is_slower_by(0.1)));
    }

    /// The first queries of a report.
    fn first(count: usize, report: Report) -> Report {
        Report { queries: report.queries.into_iter().take(count).collect(), ..report }
    }

    #[test]
    fn the_luck_of_a_run_is_no_slow_down_however_few_the_queries_are() {
        for count in 1..FEW_QUERIES {
            let then = first(count, report(1.0, 1));
            for seed in 2..40 {
                let (same, _) = compare(&first(count, report(1.09, seed)), &then).unwrap();
                assert!(!same.is_slower_by(0.05) && same.low < same.high, "{count} queries: {same:?}");
                let (slower, _) = compare(&first(count, report(2.0, seed)), &then).unwrap();
                assert!(slower.is_slower_by(0.05), "{count} queries: {slower:?}");
            }
        }
    }

    #[test]
    fn what_was_timed_once_is_not_judged() {
        let once = |factor| {
            let mut report = first(1, report(factor, 1));
            report.queries[0].times.truncate(1);
            report
        };
        let (change, _) = compare(&once(3.0), &once(1.0)).unwrap();
        assert!(change.is_blind() && !change.is_slower_by(0.05), "{change:?}");
    }

    #[test]
    fn another_index_is_noticed() {
        let (now, mut then) = (report(1.0, 1), report(1.0, 1));
        assert!(differences(&now, &then).is_empty());
        then.about.index = "another".to_owned();
        assert_eq!(differences(&now, &then), [("another".to_owned(), String::new())]);
    }

    #[test]
    fn what_cannot_be_compared_is_refused() {
        let (now, mut then) = (report(1.0, 1), report(1.0, 1));
        then.about.threads = 2;
        assert!(matches!(compare(&now, &then), Err(CompareError::OtherTask { .. })));
        let none = Report { queries: Vec::new(), ..now.clone() };
        assert_eq!(compare(&now, &none), Err(CompareError::NoQuery));
    }
}
