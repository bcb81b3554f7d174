//! One writer that updates without end, and readers that check every answer against the model of the state it comes from.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use engine::{Engine, Lookup, SearchRequest};
use fastrand::Rng;
use indexer::{Config, Event, optimize, remove, update};
use query::LocalEngine;

use crate::collection::{COMMON, Collection, Row};
use crate::observe::{difference, leftovers, query, rows_of_library, rows_of_program};
use crate::place::Place;

/// Readers through the library; one more runs the program.
const READERS: u64 = 7;

/// Queries to an engine before it is opened again.
const QUERIES: usize = 40;

/// States that are remembered: no reader takes so many commits to open an index, and so few that the model's memory is soon what it
/// stays, and does not look like a leak.
const KEPT: u64 = 60;

#[test]
fn every_answer_is_that_of_one_committed_state() {
    soak(Duration::from_secs(4), 30);
}

/// `MORGUE_SOAK_MINUTES=30 cargo test -p morgue --test durable -- --ignored --nocapture long_soak`
#[test]
#[ignore = "takes half an hour"]
fn long_soak() {
    let minutes = std::env::var("MORGUE_SOAK_MINUTES").map_or(30.0, |text| text.parse().expect("minutes"));
    soak(Duration::from_secs_f64(minutes * 60.0), 300);
}

/// States of the collection by number, the last ones.
struct Course {
    folder: PathBuf,
    index: PathBuf,
    states: Mutex<BTreeMap<u64, Arc<State>>>,
    /// The last state that was reported to be committed, and the last that a run has been begun for.
    committed: AtomicU64,
    begun: AtomicU64,
    is_over: AtomicBool,
    openings: AtomicU64,
    answers: AtomicU64,
    errors: Mutex<Vec<String>>,
}

/// A state and what an index of it shows.
struct State {
    collection: Collection,
    rows: Vec<Row>,
}

impl State {
    fn new(collection: &Collection) -> Arc<State> {
        Arc::new(State { collection: collection.clone(), rows: collection.rows() })
    }
}

impl Course {
    fn state(&self, number: u64) -> Arc<State> {
        Arc::clone(&self.states.lock().unwrap()[&number])
    }

    fn goes_on(&self) -> bool {
        !self.is_over.load(Ordering::SeqCst)
    }

    fn fail(&self, what: String) {
        eprintln!("{what}");
        self.errors.lock().unwrap().push(what);
    }

    /// The state that rows are of, among those that it may be: at least what was committed before, at most what was begun after.
    fn state_of(&self, rows: &[Row], committed: u64) -> Result<Arc<State>, String> {
        let begun = self.begun.load(Ordering::SeqCst);
        let mut states = (committed..=begun).map(|number| self.state(number));
        states
            .find(|state| state.rows == rows)
            .ok_or_else(|| format!("{} articles of no state from {committed} to {begun}", rows.len()))
    }

    fn read_on(&self, reader: u64) {
        let mut rng = Rng::with_seed(reader);
        while self.goes_on() {
            if let Err(what) = self.read_once(&mut rng) {
                self.fail(format!("reader {reader}: {what}"));
            }
        }
    }

    /// Opens the index once and asks a number of things, which must all be of one state.
    fn read_once(&self, rng: &mut Rng) -> Result<(), String> {
        let committed = self.committed.load(Ordering::SeqCst);
        let engine = LocalEngine::open(&self.index).map_err(|error| format!("{error:?}"))?;
        let rows = rows_of_library(&engine, &self.folder)?;
        let state = self.state_of(&rows, committed)?;
        self.openings.fetch_add(1, Ordering::SeqCst);
        for _ in 0..rng.usize(1..QUERIES) {
            ask(&engine, &self.folder, &state, rng)?;
            self.answers.fetch_add(1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(rng.u64(0..10)));
        }
        Ok(())
    }

    fn run_program(&self, place: &Place) {
        while self.goes_on() {
            let committed = self.committed.load(Ordering::SeqCst);
            // Count and search are two runs: only the rows of the second are looked at.
            match rows_of_program(place) {
                Err(what) if what.contains("but counted") => {}
                read => match read.and_then(|rows| self.state_of(&rows, committed)) {
                    Ok(_) => drop(self.answers.fetch_add(1, Ordering::SeqCst)),
                    Err(what) => self.fail(format!("program: {what}")),
                },
            }
        }
    }
}

/// Asks for something about a state, and compares.
fn ask(engine: &LocalEngine, folder: &Path, state: &State, rng: &mut Rng) -> Result<(), String> {
    let collection = &state.collection;
    let count = |text: &str| {
        engine.count(&query(text), Lookup::default()).map_err(|error| format!("{text}: {error:?}"))
    };
    let expect = |what: &str, found: u64, expected: u64| {
        if found == expected { Ok(()) } else { Err(format!("{what}: {found}, not {expected}")) }
    };
    let versions: Vec<_> = collection.versions().into_iter().collect();
    let one = versions[rng.usize(..versions.len())];
    let word = one.word();
    match rng.u32(..6) {
        0 => expect("all", count(COMMON)?, versions.len() as u64),
        1 => expect("a phrase", count(&format!("\"report {word} from the {COMMON}\""))?, 1),
        2 => {
            let mut before = one;
            before.version += 1;
            expect("a version to come", count(&before.word())?, 0)
        }
        3 => {
            let prefix = word.split('x').next().unwrap_or_default();
            expect("a pattern", count(&format!("{prefix}x*"))?, 1)
        }
        4 => {
            let row = &state.rows[rng.usize(..state.rows.len())];
            let path = folder.join(&row.path);
            let found = engine.articles(path.as_os_str(), 1000).map_err(|error| format!("{error:?}"))?;
            let expected = state.rows.iter().filter(|other| other.path == row.path).count();
            let has_word = found.iter().any(|article| article.text.contains(&row.title));
            if !has_word && !row.path.contains("jsonl") && !row.path.contains("csv") {
                return Err(format!("{} has not the text of {row:?}", path.display()));
            }
            expect(&row.path, found.len() as u64, expected as u64)
        }
        _ => {
            let response =
                engine.search(&SearchRequest::new(query(&word))).map_err(|error| format!("{error:?}"))?;
            let shows =
                response.hits.iter().any(|hit| hit.fragments.iter().any(|part| part.text.contains(&word)));
            expect("a search", response.hits.len() as u64, 1)?;
            if shows { Ok(()) } else { Err(format!("no fragment of {word}: {response:?}")) }
        }
    }
}

fn soak(time: Duration, articles: usize) {
    let mut rng = Rng::with_seed(7);
    let collection = Collection::new(articles, 0, &mut rng);
    let place = Place::new(&collection);
    let folder = place.folder().canonicalize().unwrap();
    let index = place.index();
    update(&Config::new(index.clone(), vec![place.articles().canonicalize().unwrap()]), &|_: &Event<'_>| {})
        .unwrap();
    let course = Course {
        folder,
        index,
        states: Mutex::new([(0, State::new(&collection))].into()),
        committed: AtomicU64::new(0),
        begun: AtomicU64::new(0),
        is_over: AtomicBool::new(false),
        openings: AtomicU64::new(0),
        answers: AtomicU64::new(0),
        errors: Mutex::default(),
    };
    let end = Instant::now() + time;
    let watched = std::thread::scope(|scope| {
        for reader in 0..READERS {
            let course = &course;
            std::thread::Builder::new()
                .stack_size(engine::STACK_BYTES)
                .spawn_scoped(scope, move || course.read_on(reader))
                .unwrap();
        }
        scope.spawn(|| course.run_program(&place));
        let writer = scope.spawn(|| write_on(&course, &place, collection, &mut rng, end));
        let watched = watch_process(&course, end, time);
        if let Err(panic) = writer.join() {
            course.is_over.store(true, Ordering::SeqCst);
            std::panic::resume_unwind(panic);
        }
        course.is_over.store(true, Ordering::SeqCst);
        watched
    });
    let number = |count: &AtomicU64| count.load(Ordering::SeqCst);
    let (answers, errors) = (number(&course.answers), course.errors.into_inner().unwrap());
    println!(
        "{} commits, {} openings, {answers} answers verified, {} errors",
        number(&course.committed),
        number(&course.openings),
        errors.len()
    );
    assert_eq!(errors, Vec::<String>::new());
    assert!(answers > 100, "hardly anything was asked");
    check_growth(&watched);
    let last = course.states.lock().unwrap().values().last().cloned().unwrap();
    let engine = LocalEngine::open(&course.index).unwrap();
    difference(&engine, &course.folder, &last.collection, &last.collection.versions()).unwrap();
    assert_eq!(leftovers(&course.index), Vec::<String>::new());
}

/// Changes the collection and brings the index up to date, in all ways there are.
fn write_on(course: &Course, place: &Place, mut collection: Collection, rng: &mut Rng, end: Instant) {
    let mut config = Config::new(course.index.clone(), Vec::new());
    config.threads = 2;
    while Instant::now() < end {
        let before = collection.clone();
        let way = rng.u32(..24);
        let removed = if way == 0 { collection.remove_file(rng) } else { None };
        if removed.is_none() {
            collection.change(rng);
        }
        collection.write(&place.articles(), &before);
        let number = course.begun.load(Ordering::SeqCst) + 1;
        {
            let mut states = course.states.lock().unwrap();
            states.insert(number, State::new(&collection));
            *states = states.split_off(&number.saturating_sub(KEPT));
        }
        course.begun.store(number, Ordering::SeqCst);
        let done = if let Some(path) = removed {
            remove(&course.index, &[course.folder.join("articles").join(path)]).map(drop)
        } else {
            config.rebuild = way == 1;
            update(&config, &|_: &Event<'_>| {}).map(drop)
        };
        let done = done.map_err(|error| format!("{error:?}"));
        course.committed.store(number, Ordering::SeqCst);
        let optimized = if way < 4 { optimize(&course.index).map(drop) } else { Ok(()) };
        for what in [done.err(), optimized.err().map(|error| format!("{error:?}"))].into_iter().flatten() {
            course.fail(format!("writer: {what}"));
        }
        std::thread::sleep(Duration::from_millis(rng.u64(0..100)));
    }
}

/// What the process holds at a moment.
#[derive(Clone, Copy, Debug)]
struct Holding {
    resident_kb: u64,
    descriptors: usize,
    /// In the folder of the index.
    files: usize,
}

impl Holding {
    fn now(index: &Path) -> Holding {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let digits: String = resident.unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
        Holding {
            resident_kb: digits.parse().unwrap_or_default(),
            descriptors: fs::read_dir("/proc/self/fd").map_or(0, Iterator::count),
            files: count_files(index),
        }
    }
}

fn count_files(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.map(|entry| if entry.path().is_dir() { count_files(&entry.path()) } else { 1 }).sum()
}

/// Looks at the process again and again until the end.
fn watch_process(course: &Course, end: Instant, time: Duration) -> Vec<Holding> {
    let mut watched = Vec::new();
    let mut said = Instant::now();
    while Instant::now() < end {
        watched.push(Holding::now(&course.index));
        if said.elapsed() > Duration::from_mins(1) {
            said = Instant::now();
            let answers = course.answers.load(Ordering::SeqCst);
            let errors = course.errors.lock().unwrap().len();
            eprintln!("{answers} answers, {errors} errors, {:?}", watched[watched.len() - 1]);
        }
        std::thread::sleep((time / 200).min(Duration::from_secs(1)));
    }
    watched
}

/// The most of the last quarter is little more than the most of the second.
fn check_growth(watched: &[Holding]) {
    let most = |part: usize, of: fn(&Holding) -> u64| {
        watched[part * watched.len() / 4..(part + 1) * watched.len() / 4].iter().map(of).max().unwrap_or(0)
    };
    for (name, of, slack) in [
        ("resident memory in kB", (|holding| holding.resident_kb) as fn(&Holding) -> u64, 64_000),
        ("open descriptors", |holding| holding.descriptors as u64, 100),
        ("files of the index", |holding| holding.files as u64, 100),
    ] {
        let parts = [0, 1, 2, 3].map(|part| most(part, of));
        println!("the most {name} in each quarter: {parts:?}");
        assert!(parts[3] <= parts[1] + parts[1] / 4 + slack, "{name} grow: {parts:?}");
    }
}
