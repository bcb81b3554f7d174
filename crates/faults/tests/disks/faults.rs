//! A fault at every single step of every kind of run.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use faults::{Fault, FaultyDisk, Manner};
use indexer::IndexError;

use crate::support::{Bench, Found, State, Step, copy, found, history, left_over, number, quiet};

pub(crate) const MANNERS: [(Manner, bool); 5] = [
    (Manner::Refused, false),
    (Manner::Refused, true),
    (Manner::Torn, false),
    (Manner::Full, false),
    (Manner::Full, true),
];

/// What the faults of one step did.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) points: usize,
    pub(crate) reported: usize,
    pub(crate) old: usize,
    pub(crate) new: usize,
}

/// `FAULT_STRIDE=1` tries every step in every manner; the fast suite tries few.
#[test]
fn a_fault_at_any_step_costs_at_most_the_run() {
    let stride = number("FAULT_STRIDE", 197) as u64;
    let bench = Bench::new();
    let steps = history();
    let bases = bench.path().join("bases");
    fs::create_dir(&bases).unwrap();
    let base = |number: usize| bases.join(number.to_string());
    let states = bench.reference(&steps, |number| copy(&bench.place_of_index(), &base(number + 1)));
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut turn = 0;
    for (number, step) in steps.iter().enumerate().filter(|(_, step)| step.name != "small update") {
        let old = number.checked_sub(1).map_or(Found::NoIndex, |last| Found::Articles(states[last].clone()));
        bench.set_files(step);
        for (manner, lasts) in MANNERS {
            turn += 1;
            let mut at = 1 + turn * 13 % stride;
            loop {
                copy(&base(number), &bench.place_of_index());
                let fault = Fault { at, manner, lasts };
                if !try_fault(
                    &bench,
                    step,
                    fault,
                    &old,
                    &states[number],
                    tallies.entry(step.name).or_default(),
                ) {
                    break;
                }
                at += stride;
            }
        }
    }
    let points: usize = tallies.values().map(|tally| tally.points).sum();
    println!("{points} fault points, 0 violations: {tallies:#?}");
    assert!(points > 10);
}

/// Runs into one fault, and again without. False where the run ended before it.
fn try_fault(bench: &Bench, step: &Step, fault: Fault, old: &Found, new: &State, tally: &mut Tally) -> bool {
    let disk = FaultyDisk::new(fault);
    let done = bench.act(step, &bench.index(), Arc::new(disk.clone()));
    disk.close();
    let Some(failed) = disk.failed() else {
        done.unwrap_or_else(|error| panic!("{}: an error without a fault: {error:?}", step.name));
        return disk.steps() >= fault.at;
    };
    let place = format!("{}, {fault:?}: {failed}, {done:?}", step.name);
    let after = found(&bench.index());
    let is_new = after == Found::Articles(new.clone());
    assert!(is_new || after == *old, "neither old nor new after {place}: {after:?}");
    assert!(is_new || done.is_err(), "reported, but not there after {place}");
    if let Err(error) = &done {
        assert!(matches!(error, IndexError::File { .. }), "no file is named after {place}");
    }
    bench
        .act(step, &bench.index(), quiet())
        .unwrap_or_else(|error| panic!("no repair after {place}: {error:?}"));
    assert_eq!(found(&bench.index()), Found::Articles(new.clone()), "repaired after {place}");
    assert_eq!(left_over(&bench.index()), Vec::<String>::new(), "left after {place}");
    assert_eq!(disk.late(), Vec::<String>::new(), "the run had ended, after {place}");
    tally.points += 1;
    tally.reported += usize::from(done.is_err());
    *(if is_new { &mut tally.new } else { &mut tally.old }) += 1;
    true
}
