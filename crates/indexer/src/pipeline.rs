//! Reading in parallel: one thread cuts files into records, the others parse them and add documents. What is
//! under way is bounded in bytes.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use article::{
    Format, Input, Limits, Mapping, Place, ReadError, Record, Recurring, STANDARD_INPUT, SplitOptions,
};
use schema::{Fields, Origin, Prepared, source_key};
use segments::Writer;
use tantivy::schema::Term;
use tantivy::{TantivyDocument, TantivyError};

use crate::budget::Budget;
use crate::copies::{Copies, Met};
use crate::cut::{Panicked, cut};
use crate::report::{Event, Observer, Report, Skip};
use crate::skips::Skips;

/// Bytes of records that may wait or be worked on at once, over all threads.
const BYTES_UNDER_WAY: u64 = 64 * 1024 * 1024;

/// Records are handed on so many bytes at a time, since for each of them alone a thread would be woken. How many batches may wait, and what
/// a record counts for besides its bytes.
const BATCH_BYTES: u64 = 64 * 1024;
const BATCHES: usize = 64;
const RECORD_BYTES: u64 = 512;

/// A file to read, and what came of it.
pub(crate) struct Task {
    pub(crate) input: Input,
    pub(crate) mapping: Mapping,
    /// The format that it is read as, whatever its name and content say.
    pub(crate) asked_format: Option<Format>,
    /// Keys of its records that are in the index and were not met again yet.
    pub(crate) known: Mutex<HashSet<u64>>,
    /// Articles it holds.
    pub(crate) articles: AtomicU64,
    /// Articles of it that were not in the index.
    pub(crate) added: AtomicU64,
    pub(crate) skips: Skips,
    /// Reading stopped before the end of the file.
    pub(crate) cut_short: AtomicBool,
    /// What recurs in the articles of its folder.
    pub(crate) recurring: Arc<Recurring>,
}

impl Task {
    pub(crate) fn new(
        input: Input,
        mapping: Mapping,
        asked_format: Option<Format>,
        known: HashSet<u64>,
    ) -> Task {
        Task {
            input,
            mapping,
            asked_format,
            known: Mutex::new(known),
            articles: AtomicU64::new(0),
            added: AtomicU64::new(0),
            skips: Skips::default(),
            cut_short: AtomicBool::new(false),
            recurring: Arc::default(),
        }
    }

    pub(crate) fn is_standard_input(&self) -> bool {
        self.input.path == Path::new(STANDARD_INPUT)
    }
}

/// Counts, kept from any thread, and told to the observer.
pub(crate) struct Tally<'a> {
    observer: &'a dyn Observer,
    report: Mutex<Report>,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(observer: &'a dyn Observer) -> Tally<'a> {
        Tally { observer, report: Mutex::default() }
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut Report)) {
        change(&mut self.report.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(crate) fn event(&self, event: &Event<'_>) {
        self.observer.event(event);
    }

    pub(crate) fn skip(&self, skip: &Skip) {
        self.update(|report| {
            report.found += 1;
            *report.skipped.entry(skip.reason.clone()).or_default() += 1;
        });
        self.event(&Event::Skipped(skip));
    }

    pub(crate) fn into_report(self) -> Report {
        self.report.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<&ReadError> for Skip {
    fn from(error: &ReadError) -> Skip {
        Skip {
            path: error.path().to_owned(),
            reason: error.reason().into(),
            message: error.to_string(),
            is_lasting: error.is_lasting(),
        }
    }
}

/// Everything a thread needs.
pub(crate) struct Pipeline<'a> {
    pub(crate) writer: &'a Writer,
    pub(crate) copies: &'a Copies<'a>,
    pub(crate) fields: &'a Fields,
    pub(crate) limits: Limits,
    pub(crate) threads: usize,
    pub(crate) tally: &'a Tally<'a>,
}

struct Job<'a> {
    task: &'a Task,
    /// Number of the file in the run.
    file: u32,
    /// Number of the record in the run.
    number: u64,
    /// Names this version of this record.
    key: u64,
    record: Record,
}

/// A record as an article.
struct Read {
    article: Prepared,
    key: u64,
    /// Of the article, if this is all of it that is met.
    document: TantivyDocument,
}

/// The last record of each key that standard input brought: a later one replaces an earlier one.
pub(crate) type Latest = HashMap<u64, u64>;

impl Pipeline<'_> {
    /// Reads the files of `tasks` and adds what is new to the writer, but for copies. Returns the engine's first error.
    pub(crate) fn run(&self, tasks: &[Task]) -> Result<Latest, TantivyError> {
        let failure = OnceLock::new();
        let budget = Budget::new(BYTES_UNDER_WAY);
        let latest = Mutex::default();
        let (sender, batches) = crossbeam_channel::bounded::<Vec<Job<'_>>>(BATCHES);
        let work = || {
            // To the last job, whatever happens: the reader waits for what its records hold of the budget.
            for job in batches.iter().flatten() {
                let bytes = job.record.bytes.len() as u64;
                let index = || if failure.get().is_none() { self.index(&job, &latest) } else { Ok(()) };
                let indexed = catch_unwind(AssertUnwindSafe(index)).unwrap_or_else(|_| Err(panicked()));
                if let Err(error) = indexed {
                    let _ = failure.set(error);
                }
                budget.give_back(bytes);
                self.tally.event(&Event::Read { bytes });
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..self.threads.max(1) {
                scope.spawn(work);
            }
            let (mut number, mut batch, mut bytes_of_batch) = (0, Vec::new(), 0);
            for (file, task) in (0..).zip(tasks) {
                if failure.get().is_some() {
                    break;
                }
                let mut keys = Keys::default();
                self.split(task, &mut |record| {
                    let key = keys.next(&record);
                    let bytes = record.bytes.len() as u64;
                    // What is waited for is given back by those at work, so that little of the budget may wait here.
                    if bytes_of_batch + bytes > BATCH_BYTES && !batch.is_empty() {
                        let _ = sender.send(std::mem::take(&mut batch));
                        bytes_of_batch = 0;
                    }
                    budget.take(bytes);
                    number += 1;
                    bytes_of_batch += bytes + RECORD_BYTES;
                    batch.push(Job { task, file, number, key, record });
                    if failure.get().is_none() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
                });
            }
            // Nobody has stopped listening, as long as there are senders.
            let _ = sender.send(batch);
            drop(sender);
        });
        let latest = latest.into_inner().unwrap_or_else(PoisonError::into_inner);
        failure.into_inner().map_or(Ok(latest), Err)
    }

    /// Cuts a file into records; what is no record is counted and named.
    fn split(&self, task: &Task, take: &mut dyn FnMut(Record) -> ControlFlow<()>) {
        let options = SplitOptions { limits: self.limits, mapping: &task.mapping };
        let done = cut(&task.input, options, &mut |record| match record {
            Ok(record) => take(record),
            Err(error) => {
                if error.is_cut_short() {
                    task.cut_short.store(true, Ordering::Relaxed);
                }
                self.skip(task, Skip::from(&error));
                ControlFlow::Continue(())
            }
        });
        if let Err(Panicked) = done {
            task.cut_short.store(true, Ordering::Relaxed);
            let path = &task.input.path;
            self.skip(task, bug(path, &path.display().to_string(), "the file cannot be read to its end"));
        }
    }

    fn skip(&self, task: &Task, skip: Skip) {
        self.tally.skip(&skip);
        task.skips.add(skip);
    }

    fn index(&self, job: &Job<'_>, latest: &Mutex<Latest>) -> Result<(), TantivyError> {
        let key = job.key;
        if job.task.known.lock().unwrap_or_else(PoisonError::into_inner).remove(&key) {
            job.task.articles.fetch_add(1, Ordering::Relaxed);
            self.tally.update(|report| {
                report.found += 1;
                report.unchanged += 1;
            });
            return Ok(());
        }
        match self.read(job) {
            Err(skip) => {
                self.skip(job.task, skip);
                Ok(())
            }
            Ok(read) if job.task.is_standard_input() => self.upsert(job, &read, latest),
            Ok(read) => self.add(job, &read),
        }
    }

    /// Makes a record a document. A panic on the way is a mistake of ours; it costs this one article, and says so.
    fn read(&self, job: &Job<'_>) -> Result<Read, Skip> {
        let read = || {
            let article = article::parse_among(&job.record, &job.task.recurring);
            let article = article.map_err(|error| Skip::from(&error))?;
            let key = if job.task.is_standard_input() { key_of_standard_input(&article.id) } else { job.key };
            let article = Prepared::new(article);
            let document = article.document(vec![job.origin(key)], self.fields);
            Ok(Read { article, key, document })
        };
        catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(bug_of_record(&job.record)))
    }

    /// Standard input has no files that could be compared: an article replaces the one of the same id that came
    /// this way before, in this run or an earlier one.
    fn upsert(&self, job: &Job<'_>, read: &Read, latest: &Mutex<Latest>) -> Result<(), TantivyError> {
        let key = read.key;
        // Held until the document is added, so that of two records of one id the later one stays.
        let mut latest = latest.lock().unwrap_or_else(PoisonError::into_inner);
        let newest = latest.entry(key).or_default();
        if *newest > 0 {
            self.skip_replaced(job, &read.article.article().id);
            if *newest > job.number {
                return Ok(());
            }
            self.tally.update(|report| {
                report.found -= 1;
                report.indexed -= 1;
            });
        }
        *newest = job.number;
        self.writer.delete_term(Term::from_field_u64(self.fields.key, key))?;
        self.add(job, read)
    }

    /// Adds an article, unless it is there already.
    fn add(&self, job: &Job<'_>, read: &Read) -> Result<(), TantivyError> {
        let Origin { place, key, .. } = job.origin(read.key);
        let met = Met { number: job.number, file: job.file, place, key, task: job.task };
        if !self.copies.withhold(&read.article, &met)? {
            self.writer.add_document(&read.document)?;
        }
        job.task.articles.fetch_add(1, Ordering::Relaxed);
        job.task.added.fetch_add(1, Ordering::Relaxed);
        self.tally.update(|report| {
            report.found += 1;
            report.indexed += 1;
            report.bytes += job.record.bytes.len() as u64;
        });
        Ok(())
    }

    fn skip_replaced(&self, job: &Job<'_>, id: &str) {
        self.tally.skip(&Skip {
            path: job.task.input.path.clone(),
            reason: "replaced".into(),
            message: format!(
                "standard input: a later article has the same id {id:?}; only the last one is kept"
            ),
            is_lasting: false,
        });
    }
}

impl Job<'_> {
    /// Where its article was read from. A member of an archive is found by the archive too, as everything of a file is.
    fn origin(&self, key: u64) -> Origin {
        let (file, source) = (&self.task.input.path, &self.record.source);
        let archive = (source.path != *file).then(|| file.clone());
        Origin { place: Place { path: source.path.clone(), line: source.line }, key, archive }
    }
}

fn bug_of_record(record: &Record) -> Skip {
    let (path, line) = (&record.source.path, record.source.line);
    bug(path, &format!("{}:{line}", path.display()), "the article cannot be read")
}

/// What is said of a mistake of ours.
fn bug(path: &Path, place: &str, what: &str) -> Skip {
    let message = format!("{place}: a bug of morgue: {what}; please report it with this file");
    Skip { path: path.to_owned(), reason: "internal error".into(), message, is_lasting: false }
}

fn panicked() -> TantivyError {
    TantivyError::InternalError("a thread that adds articles failed".to_owned())
}

/// Names versions of records: by the place and the bytes, and among equal records of one line by their number. A record
/// that moves to another line is a new one, because its hits name the line.
#[derive(Default)]
struct Keys {
    /// The file, or the member of an archive.
    path: PathBuf,
    line: u32,
    /// How often each key came up in this line.
    in_line: HashMap<u64, u64>,
}

impl Keys {
    fn next(&mut self, record: &Record) -> u64 {
        if self.line != record.source.line || self.path != record.source.path {
            self.line = record.source.line;
            self.path.clone_from(&record.source.path);
            self.in_line.clear();
        }
        let path = source_key::to_text(&record.source.path);
        let key = hash_key(&[path.as_bytes(), &self.line.to_le_bytes(), &record.bytes]);
        let copies = self.in_line.entry(key).or_default();
        *copies += 1;
        if *copies == 1 { key } else { hash_key(&[&key.to_le_bytes(), &copies.to_le_bytes()]) }
    }
}

/// The key of the article of this id that came from standard input.
pub(crate) fn key_of_standard_input(id: &str) -> u64 {
    hash_key(&[STANDARD_INPUT.as_bytes(), article::id_of_name(id).as_bytes()])
}

/// A key for an article whose record is not there any more; `number` tells it from others of the same place. It is not the key of
/// the record, so that an update replaces the article when it can read it again.
pub(crate) fn key_of_stored(place: &Place, id: &str, number: u64) -> u64 {
    let path = source_key::to_text(&place.path);
    let (line, number) = (place.line.to_le_bytes(), number.to_le_bytes());
    hash_key(&[b"stored", path.as_bytes(), &line, id.as_bytes(), &number])
}

/// The first 8 bytes of the BLAKE3 hash of the parts, each with its length before it.
fn hash_key(parts: &[&[u8]]) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
    }
    let mut key = [0; 8];
    hasher.finalize_xof().fill(&mut key);
    u64::from_le_bytes(key)
}
