//! Loss of power at many places: what was not synced is gone, cut, damaged or reordered.

use std::fs;
use std::sync::Arc;

use fastrand::Rng;
use faults::{Journal, JournalDisk, Loss};

use crate::support::{Bench, Found, Step, found, history, left_over, number, quiet};

/// The history on a disk that writes down what is done, and after how many steps of that each run has ended.
fn recorded(bench: &Bench, steps: &[Step]) -> (Journal, Vec<usize>) {
    let disk = JournalDisk::default();
    let mut ends = Vec::new();
    for step in steps {
        bench.set_files(step);
        bench.act(step, &bench.index(), Arc::new(disk.clone())).unwrap();
        ends.push(disk.journal().len());
    }
    (disk.journal(), ends)
}

/// What these tests see when something is lost: without the syncs of folders, nothing of the first run is left.
#[test]
fn without_syncs_of_folders_a_commit_that_was_reported_would_be_lost() {
    let (bench, steps) = (Bench::new(), history());
    let (journal, ends) = recorded(&bench, &steps[..1]);
    for (journal, is_there) in [(journal.clone(), true), (journal.without_folder_syncs(), false)] {
        fs::remove_dir_all(bench.place_of_index()).unwrap_or_default();
        let (root, mut random) = (bench.path(), Rng::with_seed(1));
        journal.write_state(ends[0], Loss::All, &mut random, &root, &root).unwrap();
        assert_eq!(found(&bench.index()) != Found::NoIndex, is_there);
    }
}

/// `POWER_POINTS` is how many places are tried, three mixtures each, `POWER_SEED` which ones.
#[test]
fn a_loss_of_power_at_any_moment_loses_no_commit_that_was_reported() {
    let points = number("POWER_POINTS", 12);
    let mut random = Rng::with_seed(number("POWER_SEED", 20_261_122) as u64);
    let bench = Bench::new();
    let steps = history();
    let states = bench.reference(&steps, |_| {});
    fs::remove_dir_all(bench.place_of_index()).unwrap();

    let (journal, ends) = recorded(&bench, &steps);
    println!("a journal of {} steps, runs end at {ends:?}", journal.len());

    let mut tried = 0;
    for point in 0..points {
        // Evenly, with the moments right after a report among them.
        let at = match point % 8 {
            7 => ends[point / 8 % ends.len()],
            _ => point * journal.len() / points + random.usize(..=journal.len() / points),
        };
        let at = at.min(journal.len());
        // The last run that was reported, and the one under way: repeating a run that was reported must do no harm.
        let reported = ends.iter().rposition(|end| *end <= at);
        let under_way = ends.iter().position(|end| *end > at).or(reported).unwrap();
        let old = reported.map_or(Found::NoIndex, |number| Found::Articles(states[number].clone()));
        let new = Found::Articles(states[under_way].clone());
        bench.set_files(&steps[under_way]);
        for loss in [Loss::All, Loss::Some(0.5), Loss::Some(random.f64())] {
            let _ = fs::remove_dir_all(bench.place_of_index());
            let seed = random.u64(..);
            let place = format!("step {at} ({}), {loss:?}, seed {seed}", steps[under_way].name);
            journal.write_state(at, loss, &mut Rng::with_seed(seed), &bench.path(), &bench.path()).unwrap();
            let after = found(&bench.index());
            assert!(after == old || after == new, "after {place}: {after:?}");
            let repaired = bench.act(&steps[under_way], &bench.index(), quiet());
            repaired.unwrap_or_else(|error| panic!("no repair after {place}: {error:?}"));
            assert_eq!(found(&bench.index()), new, "repaired after {place}");
            assert_eq!(left_over(&bench.index()), Vec::<String>::new(), "left after {place}");
            tried += 1;
        }
    }
    println!("{tried} states after a loss of power at {points} places, 0 violations");
}
