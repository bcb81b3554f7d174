//! A small collection with a history, an index of it, and the state that the index must be in after each step.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, SystemTime};

use disk::Disk;
use engine::{Engine, SearchRequest};
use indexer::{Config, Event, IndexError, optimize_with, remove_with, update};
use query::{LocalEngine, OpenError};
use schema::{Manifest, ManifestError};
use syntax::{Options, parse};
use tantivy::Index;
use tantivy::directory::MmapDirectory;
use tempfile::TempDir;

/// A run that takes longer hangs.
const PATIENCE: Duration = Duration::from_mins(2);

/// A word that all articles have.
const COMMON: &str = "dispatch";

/// What is done to the index in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Update,
    Delete(&'static str),
    Optimize,
    Rebuild,
}

/// A step: the files as they are then, and what is done to the index.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) name: &'static str,
    files: Vec<(&'static str, String)>,
    pub(crate) act: Act,
    /// Files that are in the collection but were taken out of the index.
    taken_out: &'static [&'static str],
}

/// All articles of an index: file, id, text.
pub(crate) type State = BTreeSet<(String, String, String)>;

/// What an index folder holds for a reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    NoIndex,
    Articles(State),
}

fn article(words: &str) -> String {
    format!("The {COMMON} of the day tells of {words} and of what came of it in the end.\n")
}

fn record(id: usize, words: &str) -> String {
    format!("{{\"id\":\"r{id}\",\"body\":\"{}\"}}\n", article(words).trim_end())
}

/// The history: every kind of run, and one update that makes the engine merge.
pub(crate) fn history() -> Vec<Step> {
    let step = |name, act, files: &[(&'static str, String)]| Step {
        name,
        files: files.to_vec(),
        act,
        taken_out: &[],
    };
    let records = |changed: &str, last: usize| {
        (0..last).map(|id| record(id, if id == 2 { changed } else { "records" })).collect::<String>()
    };
    let extra = ("../extra.txt", article("something beside"));
    let first = [
        ("a.txt", article("apples")),
        ("b.txt", article("bears")),
        ("c.jsonl", records("carrots", 6)),
        extra.clone(),
    ];
    let second = [
        ("a.txt", article("apricots")),
        ("c.jsonl", records("cucumbers", 5)),
        ("d.txt", article("donkeys")),
        extra.clone(),
    ];
    let mut third = step("delete", Act::Delete("../extra.txt"), &second);
    third.taken_out = &["../extra.txt"];
    let mut steps = vec![step("index", Act::Update, &first), step("update", Act::Update, &second), third];
    let names = ["e0.txt", "e1.txt", "e2.txt", "e3.txt", "e4.txt", "e5.txt"];
    let mut files = second.to_vec();
    for (number, name) in names.into_iter().enumerate() {
        files.push((name, article(&format!("event {number}"))));
        let title = if number + 1 == names.len() { "merging update" } else { "small update" };
        steps.push(Step { taken_out: &["../extra.txt"], ..step(title, Act::Update, &files) });
    }
    files[0].1 = article("avocados");
    files.remove(1);
    steps.push(Step { taken_out: &["../extra.txt"], ..step("thinning update", Act::Update, &files) });
    steps.push(Step { taken_out: &["../extra.txt"], ..step("optimize", Act::Optimize, &files) });
    files[0].1 = article("almonds");
    steps.push(Step { taken_out: &["../extra.txt"], ..step("rebuild", Act::Rebuild, &files) });
    steps
}

/// A collection and a place for its index.
pub(crate) struct Bench {
    folder: TempDir,
}

impl Bench {
    pub(crate) fn new() -> Bench {
        let bench = Bench { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(bench.articles()).unwrap();
        bench
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    pub(crate) fn articles(&self) -> PathBuf {
        self.path().join("articles")
    }

    /// Below two folders that the first run makes.
    pub(crate) fn index(&self) -> PathBuf {
        self.path().join("state/of/index")
    }

    pub(crate) fn place_of_index(&self) -> PathBuf {
        self.path().join("state")
    }

    /// Makes the files those of a step. Each content has a time stamp of its own, long ago.
    pub(crate) fn set_files(&self, step: &Step) {
        for entry in fs::read_dir(self.articles()).unwrap() {
            let path = entry.unwrap().path();
            if !step.files.iter().any(|(name, _)| path.file_name() == Some(OsStr::new(name))) {
                fs::remove_file(path).unwrap();
            }
        }
        for (name, text) in &step.files {
            let path = self.articles().join(name);
            if fs::read_to_string(&path).ok().as_deref() == Some(text) {
                continue;
            }
            fs::write(&path, text).unwrap();
            let age = text.bytes().fold(0_u64, |sum, byte| (sum * 31 + u64::from(byte)) % 100_000);
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_500_000_000 + age);
            File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        }
    }

    /// Does what a step does. Panics when that hangs.
    pub(crate) fn act(&self, step: &Step, index: &Path, disk: Arc<dyn Disk>) -> Result<(), IndexError> {
        let roots = match step.act {
            Act::Rebuild => Vec::new(),
            _ if step.taken_out.is_empty() => vec![self.articles(), self.path().join("extra.txt")],
            _ => vec![self.articles()],
        };
        let mut config = small(index, roots, disk);
        config.rebuild = step.act == Act::Rebuild;
        let (act, articles) = (step.act, self.articles());
        in_time(move || match act {
            Act::Update | Act::Rebuild => update(&config, &|_: &Event<'_>| {}).map(drop),
            Act::Delete(name) => remove_with(&config, &[articles.join(name)]).map(drop),
            Act::Optimize => optimize_with(&config).map(drop),
        })
    }

    /// What the index must hold after a step, by what was written into the files. Ids are not known this way.
    pub(crate) fn expected(step: &Step) -> BTreeSet<(String, String)> {
        let mut expected = BTreeSet::new();
        for (name, text) in step.files.iter().filter(|(name, _)| !step.taken_out.contains(name)) {
            let name = name.trim_start_matches("../").to_owned();
            if Path::new(&name).extension() == Some(OsStr::new("jsonl")) {
                let bodies = text.lines().map(|line| {
                    let record: serde_json::Value = serde_json::from_str(line).unwrap();
                    record["body"].as_str().unwrap().to_owned()
                });
                expected.extend(bodies.map(|body| (name.clone(), body)));
            } else {
                expected.insert((name, text.trim_end().to_owned()));
            }
        }
        expected
    }

    /// The states after each step, on a disk without faults, compared with what was written.
    pub(crate) fn reference(&self, steps: &[Step], mut after: impl FnMut(usize)) -> Vec<State> {
        let mut states = Vec::new();
        for (number, step) in steps.iter().enumerate() {
            self.set_files(step);
            self.act(step, &self.index(), quiet()).unwrap();
            let Found::Articles(state) = found(&self.index()) else { panic!("no index after {}", step.name) };
            let texts: BTreeSet<_> =
                state.iter().map(|(file, _, text)| (file.clone(), text.clone())).collect();
            assert_eq!(texts, Bench::expected(step), "after {}", step.name);
            assert_eq!(left_over(&self.index()), Vec::<String>::new(), "after {}", step.name);
            states.push(state);
            after(number);
        }
        states
    }
}

/// A run in an order that does not vary.
pub(crate) fn small(index: &Path, roots: Vec<PathBuf>, disk: Arc<dyn Disk>) -> Config {
    let mut config = Config::new(index.to_owned(), roots);
    (config.threads, config.memory_bytes, config.disk) = (1, 16_000_000, disk);
    config
}

/// A disk without faults that syncs nothing.
pub(crate) fn quiet() -> Arc<dyn Disk> {
    Arc::new(faults::FaultyDisk::new(faults::Fault::NONE))
}

pub(crate) fn in_time<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    let worker = thread::spawn(move || sender.send(work()));
    match receiver.recv_timeout(PATIENCE) {
        Ok(done) => {
            worker.join().unwrap().unwrap();
            done
        }
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("the run hangs"),
        Err(mpsc::RecvTimeoutError::Disconnected) => panic!("the run panicked"),
    }
}

/// What a reader finds in an index folder.
pub(crate) fn found(index: &Path) -> Found {
    let engine = match LocalEngine::open(index) {
        Ok(engine) => engine,
        Err(OpenError::Manifest(ManifestError::Missing(_))) => return Found::NoIndex,
        Err(error) => panic!("the index cannot be opened: {error:?}"),
    };
    Found::Articles(state(&engine, COMMON))
}

/// All articles of an index, which a query must find, each of them once.
pub(crate) fn state(engine: &LocalEngine, query: &str) -> State {
    let query = parse(query, &Options::default()).query.unwrap();
    let response = engine.search(&SearchRequest { limit: 10_000, ..SearchRequest::new(query) }).unwrap();
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let mut state = State::new();
    for hit in &response.hits {
        for article in engine.articles(hit.id.as_ref(), 10_000).unwrap() {
            state.insert((name(&article.source.path), article.id, article.text.trim_end().to_owned()));
        }
    }
    let articles = engine.stats().unwrap().articles;
    assert_eq!(articles, response.hits.len() as u64, "articles of which some have lost their words");
    let places: BTreeSet<_> =
        response.hits.iter().map(|hit| (hit.source.path.clone(), hit.source.line)).collect();
    assert_eq!(articles, places.len() as u64, "articles that are there twice: {places:?}");
    state
}

/// Files of an index folder that no commit names.
pub(crate) fn left_over(index: &Path) -> Vec<String> {
    let names = |folder: &Path| {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>()
    };
    let manifest = Manifest::read(index).unwrap();
    let folder = manifest.generation.folder(index);
    let live = ["manifest.json", "writer.lock", folder.file_name().unwrap().to_str().unwrap()];
    let mut left: Vec<String> =
        names(index).into_iter().filter(|name| !live.contains(&name.as_str())).collect();
    let commit = Index::open(MmapDirectory::open(&folder).unwrap()).unwrap().load_metas().unwrap();
    let mut live: BTreeSet<String> = commit
        .list_segment_files()
        .iter()
        .map(|path| path.to_str().unwrap().to_owned())
        .chain(commit.segments.iter().map(|segment| format!("words-{}", segment.id().uuid_string())))
        .collect();
    let payload: serde_json::Value = serde_json::from_str(commit.payload.as_deref().unwrap()).unwrap();
    live.insert(payload["ledger"].as_str().unwrap().to_owned());
    let fixed = ["meta.json", ".tantivy-writer.lock", ".tantivy-meta.lock"];
    live.extend(fixed.map(str::to_owned));
    left.extend(names(&folder).into_iter().filter(|name| !live.contains(name)));
    left
}

/// Copies a folder that may not be there, and replaces what was in the other place.
pub(crate) fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    if !from.exists() {
        return;
    }
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A number from the environment, or that of the fast suite.
pub(crate) fn number(name: &str, fast: usize) -> usize {
    std::env::var(name).map_or(fast, |text| text.parse().unwrap_or_else(|_| panic!("{name}: {text:?}")))
}
