//! kill -9 at any moment of any command that writes: the index holds the state before or the one after, whole; what was reported
//! is there; and the next run goes on, leaves nothing behind and asks nobody.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

use fastrand::Rng;
use query::LocalEngine;

use crate::collection::{ARTICLES, Collection, bytes};
use crate::observe::{difference, leftovers, rows_of_program, same};
use crate::place::Place;

/// What is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Victim {
    /// `index` where there is none yet.
    FirstBuild,
    Update,
    /// `index -`
    StandardInput,
    Delete,
    Optimize,
    Rebuild,
    Watch,
}

const VICTIMS: [Victim; 7] = [
    Victim::FirstBuild,
    Victim::Update,
    Victim::StandardInput,
    Victim::Delete,
    Victim::Optimize,
    Victim::Rebuild,
    Victim::Watch,
];

/// What came of the kills of one command.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    kills: u32,
    /// The process was still running.
    landed: u32,
    /// The index held the state before, the one after, or was not there yet.
    before: u32,
    after: u32,
    none: u32,
    /// The command had reported success.
    reported: u32,
    /// How long a run takes that nobody disturbs, as of the last.
    whole: Duration,
}

/// How an attempt is made: the place, and what it must hold before and after.
struct Attempt {
    place: Place,
    before: Option<Collection>,
    after: Collection,
    /// The run that is killed, its standard input, and the run that must mend what the kill left.
    command: Vec<String>,
    input: String,
    next: Vec<String>,
}

/// The state that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    None,
    Before,
    After,
}

#[test]
fn a_kill_at_any_moment_loses_nothing_that_was_reported() {
    run_kills(25, 40, 1);
}

#[test]
fn what_the_kills_are_judged_by_sees_every_difference() {
    let mut rng = Rng::with_seed(5);
    let collection = Collection::new(30, 0, &mut rng);
    let place = Place::new(&collection);
    place.must(&["index", ARTICLES]);
    assert_eq!(state(&place, None, &collection), Ok(Found::After));
    assert_eq!(mended(&place, &collection), Ok(()));
    let (mut removed, mut changed) = (collection.clone(), collection.clone());
    removed.remove_file(&mut rng).unwrap();
    changed.change_file(&mut rng, |_| true).unwrap();
    for other in [&removed, &changed] {
        assert!(state(&place, None, other).is_err());
        assert_eq!(state(&place, Some(&collection), other), Ok(Found::Before));
    }
    for left in ["manifest.json.draft", "generation-1/words-0", "generation-1/0.7.del", "generation-9"] {
        fs::write(place.index().join(left), "").unwrap();
        assert!(mended(&place, &collection).unwrap_err().contains(left));
        fs::remove_file(place.index().join(left)).unwrap();
    }
    fs::remove_file(place.index().join("manifest.json")).unwrap();
    assert!(state(&place, Some(&collection), &collection).is_err());
}

/// `MORGUE_KILLS=2000 cargo test -p morgue --test durable -- --ignored --nocapture many_kills`
#[test]
#[ignore = "takes an hour"]
fn many_kills() {
    let number = |name: &str, default: u32| {
        std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
    };
    run_kills(
        number("MORGUE_KILLS", 2000),
        number("MORGUE_ARTICLES", 300) as usize,
        u64::from(number("MORGUE_SEED", 1)),
    );
}

/// Until so many kills have met a process that was running; the commands take turns.
fn run_kills(kills: u32, articles: usize, seed: u64) {
    let mut rng = Rng::with_seed(seed);
    let mut tallies = BTreeMap::<Victim, Tally>::new();
    let mut standing = Standing::new(articles, &mut rng);
    let mut violations = Vec::new();
    let (mut attempts, mut landed) = (0, 0);
    while landed < kills && violations.len() < 20 {
        let victim = VICTIMS[attempts as usize % VICTIMS.len()];
        let tally = tallies.entry(victim).or_default();
        attempts += 1;
        let was_landed = tally.landed;
        let attempt = standing.attempt(victim, &mut rng);
        match kill_once(victim, &attempt, tally, &mut rng) {
            Ok(after) => standing.give_back(attempt, after),
            Err(what) => {
                let folder = attempt.place.keep();
                violations.push(format!("attempt {attempts}, {victim:?}: {what}; see {}", folder.display()));
                eprintln!("{}", violations[violations.len() - 1]);
                standing = Standing::new(articles, &mut rng);
            }
        }
        landed += tally.landed - was_landed;
        assert!(attempts < 20 * kills + 100, "hardly any kill meets a running process");
        if attempts % 100 == 0 {
            eprintln!("{landed} kills of {attempts} attempts, {} violations", violations.len());
        }
    }
    for (victim, tally) in &tallies {
        eprintln!("{victim:?}: {tally:?}");
    }
    eprintln!("seed {seed}: {landed} kills of {attempts} attempts, {} violations", violations.len());
    assert!(violations.is_empty(), "{violations:#?}");
}

/// The indexes that go on from attempt to attempt, so that each has a long history of kills behind it.
struct Standing {
    articles: usize,
    /// With articles from standard input, and without, which can be rebuilt.
    mixed: Option<(Place, Collection)>,
    plain: Option<(Place, Collection)>,
}

impl Standing {
    fn new(articles: usize, rng: &mut Rng) -> Standing {
        let build = |beside: u32, rng: &mut Rng| {
            let collection = Collection::new(articles, beside, rng);
            let place = Place::new(&collection);
            place.must(&["index", ARTICLES]);
            let run = place.run_with_input(&["index", "-"], &collection.all_standard_input());
            assert_eq!(run.code, 0, "{run:?}");
            Some((place, collection))
        };
        Standing { articles, mixed: build(20, rng), plain: build(0, rng) }
    }

    fn attempt(&mut self, victim: Victim, rng: &mut Rng) -> Attempt {
        let strings = |args: &[&str]| args.iter().map(|&arg| arg.to_owned()).collect::<Vec<_>>();
        let index = strings(&["index", ARTICLES]);
        if victim == Victim::FirstBuild {
            let after = Collection::new(self.articles, 0, rng);
            let place = Place::new(&after);
            return Attempt {
                place,
                before: None,
                after,
                input: String::new(),
                next: index.clone(),
                command: index,
            };
        }
        let mut standing = if victim == Victim::Rebuild { &mut self.plain } else { &mut self.mixed };
        if matches!(victim, Victim::Delete | Victim::Watch | Victim::Update) && rng.bool() {
            standing = &mut self.plain;
        }
        let (place, mut before) = standing.take().unwrap();
        let mut after = before.clone();
        let (mut command, mut next, mut input) = (strings(&["index"]), strings(&["index"]), String::new());
        match victim {
            Victim::StandardInput => {
                input = after.change_standard_input(rng);
                (command, next) = (strings(&["index", "-"]), strings(&["index", "-"]));
            }
            Victim::Delete if before.files.len() > 5 => {
                command.push("--delete".to_owned());
                let gone = (0..rng.usize(1..4)).filter_map(|_| after.remove_file(rng));
                command.extend(gone.map(|path| format!("{ARTICLES}/{path}")).collect::<Vec<_>>());
            }
            Victim::Optimize => {
                // So that there is something to do.
                after.change(rng);
                after.write(&place.articles(), &before);
                place.must(&["index"]);
                before = after.clone();
                (command, next) = (strings(&["optimize"]), strings(&["optimize"]));
            }
            Victim::Rebuild => {
                after.change(rng);
                command.push("--rebuild".to_owned());
                if rng.bool() {
                    next.push("--rebuild".to_owned());
                }
            }
            Victim::Watch => {
                after.change(rng);
                command.push("--watch".to_owned());
            }
            _ => after.change(rng),
        }
        after.write(&place.articles(), &before);
        Attempt { place, before: Some(before), after, command, input, next }
    }

    /// Takes back what an attempt has left, which is whole.
    fn give_back(&mut self, attempt: Attempt, after: Collection) {
        if attempt.before.is_none() {
            return;
        }
        let room = if self.plain.is_none() { &mut self.plain } else { &mut self.mixed };
        *room = Some((attempt.place, after));
    }
}

/// Kills a command once, and looks at what it left before and after the next run. The collection that is indexed then.
fn kill_once(
    victim: Victim,
    attempt: &Attempt,
    tally: &mut Tally,
    rng: &mut Rng,
) -> Result<Collection, String> {
    let place = &attempt.place;
    let args: Vec<&str> = attempt.command.iter().map(String::as_str).collect();
    let next: Vec<&str> = attempt.next.iter().map(String::as_str).collect();
    let child = place.start(&args, &attempt.input);
    let (before, after, reported) = if victim == Victim::Watch {
        kill_watch(child, attempt, tally, rng)
    } else {
        let reported = kill_command(child, attempt, tally, rng)?;
        (attempt.before.clone(), attempt.after.clone(), reported)
    };
    tally.kills += 1;
    tally.reported += u32::from(reported);
    let found = state(place, before.as_ref(), &after)?;
    match found {
        Found::None => tally.none += 1,
        Found::Before => tally.before += 1,
        Found::After => tally.after += 1,
    }
    if reported && found != Found::After && before.as_ref() != Some(&after) {
        return Err(format!("success was reported, and the index is {found:?}"));
    }
    let run = place.run_with_input(&next, &attempt.input);
    if run.code != 0 || run.err.contains("WARN") || run.err.contains("ERROR") {
        return Err(format!("the next run: {run:?}"));
    }
    if victim == Victim::Optimize && reported && !run.err.contains("nothing to do") {
        return Err(format!("optimizing was reported, and is to be done again: {run:?}"));
    }
    mended(place, &after)?;
    Ok(after)
}

/// The index has all of the collection, and its folder has nothing else.
fn mended(place: &Place, collection: &Collection) -> Result<(), String> {
    let found = state(place, None, collection).map_err(|what| format!("after the next run: {what}"))?;
    let left = leftovers(&place.index());
    match found {
        Found::After if left.is_empty() => Ok(()),
        Found::After => Err(format!("after the next run there are left {left:?}")),
        _ => Err("after the next run there is no index".to_owned()),
    }
}

/// Which of two states the index holds, as the program and the library see it.
fn state(place: &Place, before: Option<&Collection>, after: &Collection) -> Result<Found, String> {
    if !place.index().join("manifest.json").exists() {
        let run = place.run(&["count", "--index", "index", "harbour"]);
        let is_said = run.code == 2 && run.err.contains("no index in");
        return if is_said && before.is_none() { Ok(Found::None) } else { Err(format!("no index: {run:?}")) };
    }
    let rows = rows_of_program(place)?;
    let (found, expected) = match before {
        Some(before) if rows == before.rows() && before != after => (Found::Before, before),
        _ => (Found::After, after),
    };
    same(&rows, &expected.rows())?;
    let mut all = after.versions();
    all.extend(before.into_iter().flat_map(Collection::versions));
    let folder = place.folder().canonicalize().unwrap();
    let engine = LocalEngine::open(&place.index()).map_err(|error| format!("{error:?}"))?;
    difference(&engine, &folder, expected, &all)?;
    Ok(found)
}

/// Kills a command at some moment. Had it reported success?
fn kill_command(
    mut child: Child,
    attempt: &Attempt,
    tally: &mut Tally,
    rng: &mut Rng,
) -> Result<bool, String> {
    let start = Instant::now();
    let whole = if tally.whole.is_zero() { Duration::from_mins(1) } else { tally.whole };
    wait_for_moment(&mut child, &attempt.place, whole, rng);
    let _ = child.kill();
    let status = child.wait().unwrap();
    let is_killed = status.signal() == Some(9);
    tally.landed += u32::from(is_killed);
    if !is_killed {
        tally.whole = start.elapsed();
        if status.code() != Some(0) {
            return Err(format!("it ended with {status}: {}", attempt.place.said()));
        }
    }
    Ok(!is_killed || has_reported(&attempt.place.said()) > 0)
}

/// How many times the program said that it was done.
fn has_reported(said: &str) -> usize {
    said.lines().filter(|line| line.contains(" in the index, in ") || line.starts_with("made ")).count()
}

/// Waits until the moment to kill a process, or its end. Of a run that takes `whole` time all moments are as probable, but the first
/// and the last tenth more so, and those just after a file was put in another's place.
fn wait_for_moment(child: &mut Child, place: &Place, whole: Duration, rng: &mut Rng) {
    let mut part =
        |range: std::ops::Range<f64>| whole.mul_f64(range.start + rng.f64() * (range.end - range.start));
    let uniform = part(0.0..1.1);
    let (early, late) = (part(0.0..0.1), part(0.85..1.1));
    let start = Instant::now();
    let ended = |child: &mut Child| child.try_wait().unwrap().is_some();
    let wait = |child: &mut Child, time: Duration| {
        while start.elapsed() < time && !ended(child) {
            std::thread::sleep(Duration::from_micros(200).min(time.saturating_sub(start.elapsed())));
        }
    };
    match rng.u32(..10) {
        0 => wait(child, early),
        1 => wait(child, late),
        2..6 => {
            let (times, then) = (rng.u32(1..=3), Duration::from_micros(rng.u64(0..8000)));
            let mut before = stamps(&place.index());
            for _ in 0..times {
                while stamps(&place.index()) == before && !ended(child) {}
                before = stamps(&place.index());
            }
            wait(child, start.elapsed() + then);
        }
        _ => wait(child, uniform),
    }
}

/// What is put in the place of another during a commit, and what generations there are.
fn stamps(index: &Path) -> Vec<(String, u64)> {
    let number = |path: &Path| fs::metadata(path).map_or(0, |found| found.ino());
    let mut stamps = vec![("manifest".to_owned(), number(&index.join("manifest.json")))];
    for entry in fs::read_dir(index).into_iter().flatten().filter_map(Result::ok) {
        let name = entry.file_name().to_string_lossy().into_owned();
        stamps.push((name, number(&entry.path().join("meta.json"))));
    }
    stamps.sort();
    stamps
}

/// Kills a watching program after it has done some updates, at any moment of another. Each change is one rename, so that every
/// update sees it whole. What the index may hold, and whether the last state was reported.
fn kill_watch(
    mut child: Child,
    attempt: &Attempt,
    tally: &mut Tally,
    rng: &mut Rng,
) -> (Option<Collection>, Collection, bool) {
    let place = &attempt.place;
    let (mut before, mut after) = (attempt.before.clone(), attempt.after.clone());
    let changes = rng.usize(0..3);
    for change in 0..changes {
        await_report(&mut child, place, change + 1);
        let reported = after.clone();
        let Some(path) = after.change_file(rng, |path| path.ends_with(".jsonl")) else { break };
        let draft = place.folder().join("draft");
        fs::write(&draft, bytes(&path, &after.files[&path])).unwrap();
        fs::rename(draft, place.articles().join(&path)).unwrap();
        before = Some(reported);
    }
    // The program waits for quiet before it updates.
    let quiet = if changes == 0 { 0 } else { 300 };
    let whole = Duration::from_millis(250);
    std::thread::sleep(Duration::from_millis(quiet) + whole.mul_f64(rng.f64()));
    tally.whole = whole;
    child.kill().unwrap();
    let status = child.wait().unwrap();
    tally.landed += u32::from(status.signal() == Some(9));
    let reported = has_reported(&place.said()) > changes;
    (before, after, reported)
}

fn await_report(child: &mut Child, place: &Place, times: usize) {
    let start = Instant::now();
    while has_reported(&place.said()) < times {
        assert!(child.try_wait().unwrap().is_none(), "it ended: {}", place.said());
        assert!(start.elapsed() < Duration::from_secs(90), "it reports nothing");
        std::thread::sleep(Duration::from_millis(2));
    }
}
