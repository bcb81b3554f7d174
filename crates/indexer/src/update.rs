//! One run: what is on disk is compared with what the ledger knows, and the difference is indexed.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::{Instant, SystemTime};

use article::{Input, STANDARD_INPUT, walk};
use schema::source_key;
use tantivy::schema::Term;

use crate::config::Config;
use crate::error::IndexError;
use crate::generation::Target;
use crate::ledger::{Entry, Ledger, Look};
use crate::lock::WriterLock;
use crate::pipeline::{Pipeline, Tally, Task};
use crate::report::{Event, Observer, Report, Skip};

/// Builds the index or brings it up to date. When this returns, the result is durable; after an error the index
/// is as it was before.
///
/// # Errors
/// When another process writes, the index is of another version or damaged, or the engine or the disk fails.
/// Files and records that cannot be read are no error: they are counted in the report and told to `observer`.
pub fn update(config: &Config, observer: &dyn Observer) -> Result<Report, IndexError> {
    let start = Instant::now();
    fs::create_dir_all(&config.index).map_err(IndexError::file(&config.index))?;
    let _lock = WriterLock::acquire(&config.index)?;
    let mut target = Target::open(config)?;
    let tally = Tally::new(observer);
    let plan = Plan::make(config, &target, &tally)?;
    if !plan.is_empty(&target) {
        carry_out(plan, config, &mut target, &tally)?;
    }
    let articles = target.article_count();
    tally.event(&Event::Committed { articles });
    let mut report = tally.into_report();
    (report.articles, report.took) = (articles, start.elapsed());
    Ok(report)
}

/// What a run will do.
struct Plan {
    /// The ledger of the next commit, but for the files still to be read.
    ledger: Ledger,
    /// New and changed files.
    tasks: Vec<Task>,
    /// Sources in the index that are gone.
    vanished: Vec<String>,
    /// When the walk began.
    now: SystemTime,
}

impl Plan {
    fn make(config: &Config, target: &Target, tally: &Tally<'_>) -> Result<Plan, IndexError> {
        let roots = if config.roots.is_empty() { target.known_roots() } else { absolute(&config.roots)? };
        if roots.is_empty() {
            return Err(IndexError::NoRoots(config.index.clone()));
        }
        let index = std::path::absolute(&config.index).map_err(IndexError::file(&config.index))?;
        let mut plan = Plan {
            ledger: target.ledger.clone(),
            tasks: Vec::new(),
            vanished: Vec::new(),
            now: SystemTime::now(),
        };
        let named: Vec<PathBuf> =
            roots.iter().filter(|root| *root != Path::new(STANDARD_INPUT)).cloned().collect();
        plan.ledger.add_roots(&named);
        let mut seen = HashSet::new();
        let mut unreadable = Vec::new();
        for found in walk(&roots, &config.walk) {
            match found {
                Ok(input) if input.path.starts_with(&index) => {}
                Ok(input) => {
                    seen.insert(source_key::to_text(&input.path));
                    plan.consider(input, target, tally)?;
                }
                Err(error) if error.path().starts_with(&index) => {}
                Err(error) => {
                    unreadable.push(error.path().to_owned());
                    tally.skip(&Skip::from(&error));
                }
            }
        }
        plan.find_vanished(&named, &seen, &unreadable, tally);
        let bytes = plan.bytes();
        tally.event(&Event::Planned { files: plan.tasks.len() as u64, bytes });
        Ok(plan)
    }

    /// An unchanged file is counted, any other becomes a task.
    fn consider(&mut self, input: Input, target: &Target, tally: &Tally<'_>) -> Result<(), IndexError> {
        let path = source_key::to_text(&input.path);
        let known = target.ledger.sources.get(&path);
        let look = Look::of(input.size, input.modified, self.now);
        if let Some(entry) = known
            && entry.look.is_some()
            && entry.look == look
        {
            tally.update(|report| {
                report.found += entry.articles;
                report.unchanged += entry.articles;
            });
            return Ok(());
        }
        let keys = if known.is_some() { target.keys_of(&path)? } else { HashSet::new() };
        self.tasks.push(Task::new(input, keys));
        Ok(())
    }

    /// A source is gone when a root that was walked should have had it. Below a folder that could not be read
    /// nothing is taken to be gone.
    fn find_vanished(
        &mut self,
        roots: &[PathBuf],
        seen: &HashSet<String>,
        unreadable: &[PathBuf],
        tally: &Tally<'_>,
    ) {
        for source in self.ledger.sources.keys().filter(|source| !seen.contains(*source)) {
            let path = source_key::from_text(source);
            if unreadable.iter().any(|folder| path.starts_with(folder)) {
                tally.update(|report| report.kept += 1);
            } else if roots.iter().any(|root| path.starts_with(root)) {
                self.vanished.push(source.clone());
            }
        }
        for source in &self.vanished {
            self.ledger.sources.remove(source);
        }
    }

    fn bytes(&self) -> u64 {
        self.tasks.iter().map(|task| task.input.size).sum()
    }

    fn is_empty(&self, target: &Target) -> bool {
        !target.is_new() && self.tasks.is_empty() && self.ledger == target.ledger
    }
}

/// Reads what is to be read, and commits if that changes anything.
fn carry_out(
    mut plan: Plan,
    config: &Config,
    target: &mut Target,
    tally: &Tally<'_>,
) -> Result<(), IndexError> {
    let writer = target.writer(config, plan.bytes())?;
    for source in &plan.vanished {
        let articles = target.keys_of(source)?.len() as u64;
        tally.update(|report| report.removed += articles);
        writer.delete_term(Term::from_field_text(target.fields.source, source));
    }
    let pipeline = Pipeline {
        writer: &writer,
        fields: &target.fields,
        limits: config.limits,
        threads: config.threads,
        tally,
    };
    pipeline.run(&plan.tasks).map_err(target.engine_error())?;
    let mut changes = !plan.vanished.is_empty();
    for task in plan.tasks {
        let settled = settle(task, &mut plan.ledger, plan.now);
        changes |= settled.added > 0 || !settled.gone.is_empty();
        let replaced = settled.added.min(settled.gone.len() as u64);
        tally.update(|report| {
            report.replaced += replaced;
            report.removed += settled.gone.len() as u64 - replaced;
        });
        for &key in &settled.gone {
            writer.delete_term(Term::from_field_u64(target.fields.key, key));
        }
    }
    if changes || target.is_new() || plan.ledger != target.ledger {
        target.commit(writer, plan.ledger)?;
    }
    Ok(())
}

/// What a file that was read means for the index.
struct Settled {
    /// Articles that are new in it.
    added: u64,
    /// Keys of records it no longer has.
    gone: HashSet<u64>,
}

/// Enters a file that was read into the ledger.
fn settle(task: Task, ledger: &mut Ledger, now: SystemTime) -> Settled {
    let added = task.added.load(Ordering::Relaxed);
    if task.is_standard_input() {
        return Settled { added, gone: HashSet::new() };
    }
    let path = source_key::to_text(&task.input.path);
    let mut entry = Entry { articles: task.articles.into_inner(), look: None };
    let mut gone = task.known.into_inner().unwrap_or_else(PoisonError::into_inner);
    if task.cut_short.into_inner() {
        // What was not reached is kept, and the file is read again next time.
        entry.articles += gone.len() as u64;
        gone.clear();
    } else if task.skipped.into_inner() == 0 {
        entry.look = Look::of(task.input.size, task.input.modified, now);
    }
    ledger.sources.insert(path, entry);
    Settled { added, gone }
}

fn absolute(roots: &[PathBuf]) -> Result<Vec<PathBuf>, IndexError> {
    let absolute = |root: &PathBuf| {
        if root == Path::new(STANDARD_INPUT) {
            return Ok(root.clone());
        }
        std::path::absolute(root).map_err(IndexError::file(root))
    };
    roots.iter().map(absolute).collect()
}
