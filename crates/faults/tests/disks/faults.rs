//! A fault at every single step of every kind of run.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use faults::{Fault, FaultyDisk, Manner};
use indexer::IndexError;

use crate::support::{Bench, Found, State, Step, copy, found, history, left_over, number, quiet};

const MANNERS: [(Manner, bool); 5] = [
    (Manner::Refused, false),
    (Manner::Refused, true),
    (Manner::Torn, false),
    (Manner::Full, false),
    (Manner::Full, true),
];

/// What the faults of one step did.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    points: usize,
    reported: usize,
    old: usize,
    new: usize,
}

impl Tally {
    pub(crate) fn count(&mut self, is_reported: bool, is_new: bool) {
        self.points += 1;
        self.reported += usize::from(is_reported);
        *(if is_new { &mut self.new } else { &mut self.old }) += 1;
    }
}

pub(crate) fn sum_up(tallies: &BTreeMap<String, Tally>) {
    let points: usize = tallies.values().map(|tally| tally.points).sum();
    println!("{points} fault points, 0 violations: {tallies:#?}");
    assert!(points > 10);
}

/// The faults to try. `FAULT_STRIDE=1` tries every step in every manner; the fast suite tries few.
pub(crate) struct Faults {
    stride: u64,
    turn: u64,
}

impl Faults {
    pub(crate) fn of_environment() -> Faults {
        Faults { stride: number("FAULT_STRIDE", 197) as u64, turn: 0 }
    }

    /// In each manner at one step after the other, until `attempt` says that its run ended before the fault.
    pub(crate) fn each(&mut self, mut attempt: impl FnMut(Fault) -> bool) {
        for (manner, lasts) in MANNERS {
            self.turn += 1;
            let mut at = 1 + self.turn * 13 % self.stride;
            while attempt(Fault { at, manner, lasts }) {
                at += self.stride;
            }
        }
    }
}

#[test]
fn a_fault_at_any_step_costs_at_most_the_run() {
    let bench = Bench::new();
    let steps = history();
    let bases = bench.path().join("bases");
    fs::create_dir(&bases).unwrap();
    let base = |number: usize| bases.join(number.to_string());
    let states = bench.reference(&steps, |number| copy(&bench.place_of_index(), &base(number + 1)));
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    let mut faults = Faults::of_environment();
    for (number, step) in steps.iter().enumerate().filter(|(_, step)| step.name != "small update") {
        let old = number.checked_sub(1).map_or(Found::NoIndex, |last| Found::Articles(states[last].clone()));
        bench.set_files(step);
        faults.each(|fault| {
            copy(&base(number), &bench.place_of_index());
            let tally = tallies.entry(step.name.to_owned()).or_default();
            try_fault(&bench, step, fault, &old, &states[number], tally)
        });
    }
    sum_up(&tallies);
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
    tally.count(done.is_err(), is_new);
    true
}
