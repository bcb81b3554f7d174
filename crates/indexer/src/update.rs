//! One run: what is on disk is compared with what the ledger knows, and the difference is indexed.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::{Instant, SystemTime};

use article::{Format, Input, Recurring};
use schema::{Manifest, ManifestError, source_key};
use tantivy::TantivyError;
use tantivy::schema::Term;

use crate::again::ReadAgain;
use crate::committed::Committed;
use crate::config::Config;
use crate::copies::{Carrier, Copies};
use crate::error::IndexError;
use crate::generation::Target;
use crate::ledger::{Entry, Ledger, Look};
use crate::lock::WriterLock;
use crate::merge::Merge;
use crate::pages::Samples;
use crate::pipeline::{Pipeline, Tally, Task};
use crate::report::{Event, Observer, Report, Skip};
use crate::roots::{Roots, check_roots};
use crate::skips::reading;
use crate::unread::Unread;
use crate::ways::walk_all;

/// Builds the index or brings it up to date. When this returns, the result is durable. After an error the index
/// is as it was before, or, where the error came in the last step of the commit, as it would be without it.
///
/// # Errors
/// When another process writes, the index is of another version or damaged, or the engine or the disk fails.
/// Files and records that cannot be read are no error: they are counted in the report and told to `observer`.
pub fn update(config: &Config, observer: &dyn Observer) -> Result<Report, IndexError> {
    let start = Instant::now();
    check_roots(config)?;
    let place = config.place();
    place.disk().create_folders(&config.index).map_err(IndexError::file(&config.index))?;
    if matches!(Manifest::read(&config.index), Err(ManifestError::Missing(_))) {
        sync_above(config)?;
    }
    let _lock = WriterLock::acquire(&place)?;
    let mut target = Target::open(&place, config.rebuild)?;
    // A rebuild without paths reads what the index was made from. Where that cannot be told, the reason is the error.
    if config.roots.is_empty()
        && let Some(error) = target.take_unknown()
    {
        return Err(error);
    }
    let tally = Tally::new(observer);
    let plan = Plan::make(config, &target, &tally)?;
    if !plan.is_empty(&target) {
        carry_out(plan, config, &mut target, &tally, None)?;
    }
    let articles = target.article_count();
    tally.event(&Event::Committed { articles });
    let mut report = tally.into_report();
    (report.articles, report.took) = (articles, start.elapsed());
    Ok(report)
}

/// Adds articles that were not read again, and enters them into the ledger.
pub(crate) type Carry<'a> =
    &'a mut dyn FnMut(&Carrier<'_>, &ReadAgain, &mut Ledger) -> Result<(), TantivyError>;

/// Fills a new generation with everything that its ledger names and the roots of `config` have. Before it is committed, `carry` may add
/// what is left.
pub(crate) fn rebuild_into(
    config: &Config,
    target: &mut Target,
    tally: &Tally<'_>,
    carry: Carry<'_>,
) -> Result<(), IndexError> {
    let plan = Plan::of_roots(&Roots::all(config, target), config, target, tally)?;
    carry_out(plan, config, target, tally, Some(carry))
}

/// Makes the names of the folders above a new index durable: a run that was killed may have made them, and not synced them.
fn sync_above(config: &Config) -> Result<(), IndexError> {
    use io::ErrorKind::{InvalidInput, PermissionDenied, ReadOnlyFilesystem, Unsupported};
    let index = article::absolute(&config.index);
    for folder in index.ancestors().skip(1) {
        match config.disk.sync_folder(folder) {
            // What cannot be synced was not made by us.
            Err(error)
                if matches!(
                    error.kind(),
                    InvalidInput | PermissionDenied | ReadOnlyFilesystem | Unsupported
                ) => {}
            synced => synced.map_err(IndexError::file(folder))?,
        }
    }
    Ok(())
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
        Plan::of_roots(&Roots::of(config, target)?, config, target, tally)
    }

    fn of_roots(
        roots: &Roots,
        config: &Config,
        target: &Target,
        tally: &Tally<'_>,
    ) -> Result<Plan, IndexError> {
        let mut plan = Plan {
            ledger: target.ledger.clone(),
            tasks: Vec::new(),
            vanished: Vec::new(),
            now: SystemTime::now(),
        };
        plan.ledger.add_roots(&roots.to_remember);
        let mut seen = HashSet::new();
        let mut samples = Samples::default();
        let mut unread = Unread::default();
        walk_all(&roots.to_walk, &config.walk, |found| {
            if roots.of_the_index.iter().any(|folder| found.path().starts_with(folder)) {
                return Ok(());
            }
            match found.input {
                Ok(input) => {
                    seen.insert(source_key::to_text(&input.path));
                    let is_due = plan.consider(&input, found.asked_format, config, target, tally)?;
                    samples.meet(&input, is_due);
                }
                Err(error) => {
                    tally.skip(&Skip::from(&error));
                    unread.add(error);
                }
            }
            Ok::<_, IndexError>(())
        })?;
        plan.find_vanished(roots, &seen, &unread, tally);
        plan.learn_pages(samples, config);
        tally.update(|report| report.roots = roots.paths());
        tally.event(&Event::Planned { files: plan.tasks.len() as u64, bytes: plan.bytes() });
        Ok(plan)
    }

    /// An unchanged file is counted, any other becomes a task. Returns whether it did.
    fn consider(
        &mut self,
        input: &Input,
        asked_format: Option<Format>,
        config: &Config,
        target: &Target,
        tally: &Tally<'_>,
    ) -> Result<bool, IndexError> {
        let path = source_key::to_text(&input.path);
        let known = target.ledger.sources.get(&path);
        let mapping = known.map_or_else(|| config.mapping.clone(), |entry| entry.mapping(&config.mapping));
        if let Some(entry) = known
            && let (Some(before), Some(now)) = (entry.look, Look::of(input, self.now))
            && before.is_still(&now)
            && entry.format.as_deref() == asked_format.map(Format::name)
            && entry.passed_over.holds(|| reading(input, &mapping, config))
        {
            tally.update(|report| {
                report.found += entry.articles;
                report.unchanged += entry.articles;
            });
            entry.passed_over.skips(&input.path).for_each(|skip| tally.skip(&skip));
            return Ok(false);
        }
        let keys = if known.is_some() { target.keys_of(&path)? } else { HashSet::new() };
        self.tasks.push(Task::new(input.clone(), mapping, asked_format, keys));
        Ok(true)
    }

    /// Tells the tasks what the pages of their folders have in common.
    fn learn_pages(&mut self, samples: Samples, config: &Config) {
        if !self.vanished.is_empty() {
            let folder = |source: &String| source_key::from_text(source).parent().map(source_key::to_text);
            let folders: HashSet<String> = self.ledger.sources.keys().filter_map(folder).collect();
            self.ledger.pages.retain(|folder, _| folders.contains(folder));
        }
        samples.learn(&mut self.ledger.pages, config.split_options());
        let of_folders: HashMap<PathBuf, Arc<Recurring>> = self
            .ledger
            .pages
            .iter()
            .map(|(folder, learnt)| (source_key::from_text(folder), Arc::new(learnt.recurring())))
            .collect();
        for task in &mut self.tasks {
            if let Some(recurring) = task.input.path.parent().and_then(|folder| of_folders.get(folder)) {
                task.recurring = Arc::clone(recurring);
            }
        }
    }

    /// A source is gone when a root that was walked should have had it.
    fn find_vanished(&mut self, roots: &Roots, seen: &HashSet<String>, unread: &Unread, tally: &Tally<'_>) {
        let walked: HashSet<&Path> = roots.to_walk.iter().map(|root| root.path.as_path()).collect();
        for source in self.ledger.sources.keys().filter(|source| !seen.contains(*source)) {
            let path = source_key::from_text(source);
            let should_be_met = path.ancestors().any(|above| walked.contains(above));
            if unread.may_come_back(&path) || should_be_met && roots.keep_unmet {
                tally.update(|report| report.kept += 1);
            } else if should_be_met {
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
    carry: Option<Carry<'_>>,
) -> Result<(), IndexError> {
    let (fields, failed) = (target.fields, target.engine_error());
    let writer = target.writer(config)?;
    let mut gone = HashSet::new();
    for source in &plan.vanished {
        let keys = target.keys_of(source)?;
        tally.update(|report| report.removed += keys.len() as u64);
        gone.extend(keys);
        writer.delete_term(Term::from_field_text(fields.source, source)).map_err(&failed)?;
    }
    let mut changes = !plan.vanished.is_empty();
    let committed = Committed::open(&target.searcher(), fields).map_err(&failed)?;
    let copies = Copies::new(&committed, target.folder());
    let pipeline = Pipeline {
        writer: &writer,
        copies: &copies,
        fields: &fields,
        limits: config.limits,
        threads: config.threads,
        tally,
    };
    let latest = pipeline.run(&plan.tasks).map_err(&failed)?;
    let carry = match carry {
        Some(carry) => {
            Some((carry, ReadAgain::of(&plan.tasks, &copies, &latest).map_err(|error| failed(error.into()))?))
        }
        None => None,
    };
    let files: Vec<PathBuf> = plan.tasks.iter().map(|task| task.input.path.clone()).collect();
    for task in plan.tasks {
        let settled = settle(task, config, &mut plan.ledger, plan.now);
        changes |= settled.added > 0 || !settled.gone.is_empty();
        let replaced = settled.added.min(settled.gone.len() as u64);
        tally.update(|report| {
            report.replaced += replaced;
            report.removed += settled.gone.len() as u64 - replaced;
        });
        for &key in &settled.gone {
            writer.delete_term(Term::from_field_u64(fields.key, key)).map_err(&failed)?;
        }
        gone.extend(settled.gone);
    }
    if let Some((carry, again)) = carry {
        let carrier = Carrier { writer: &writer, copies: &copies, fields: &fields };
        carry(&carrier, &again, &mut plan.ledger).map_err(&failed)?;
    }
    let withheld = copies.finish(&files, &latest).map_err(|error| failed(error.into()))?;
    gone.extend(latest.into_keys());
    let (writer_ref, ledger, threads) = (&writer, &plan.ledger, config.threads);
    let merge =
        Merge { committed: &committed, writer: writer_ref, fields: &fields, ledger, gone: &gone, threads };
    let merged = merge.run(withheld).map_err(&failed)?;
    tally.update(|report| report.duplicates = merged.duplicates);
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
fn settle(task: Task, config: &Config, ledger: &mut Ledger, now: SystemTime) -> Settled {
    let added = task.added.load(Ordering::Relaxed);
    if task.is_standard_input() {
        return Settled { added, gone: HashSet::new() };
    }
    let path = source_key::to_text(&task.input.path);
    let reading = reading(&task.input, &task.mapping, config);
    let (articles, map) = (task.articles.into_inner(), task.mapping.pairs());
    let format = task.asked_format.map(|format| format.name().to_owned());
    let mut entry = Entry { articles, map, format, ..Entry::default() };
    let mut gone = task.known.into_inner().unwrap_or_else(PoisonError::into_inner);
    if task.cut_short.into_inner() {
        // What was not reached is kept, and the file is read again next time.
        entry.articles += gone.len() as u64;
        gone.clear();
    } else if let Some(passed_over) = task.skips.finish(&task.input.path, reading) {
        entry.look = Look::of(&task.input, now);
        entry.passed_over = passed_over;
    }
    ledger.sources.insert(path, entry);
    Settled { added, gone }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use article::Mapping;

    use super::*;

    #[test]
    fn a_run_without_a_mapping_keeps_the_text_that_one_with_it_found() {
        let folder = tempfile::tempdir().unwrap();
        let articles = folder.path().join("articles");
        fs::create_dir(&articles).unwrap();
        let file = articles.join("a.jsonl");
        fs::write(&file, "{\"id\": \"1\", \"title\": \"Eins\", \"Inhalt\": \"wombat\"}\n").unwrap();
        let run = |pairs: &[&str], rebuild: bool| {
            let mut config = Config::new(folder.path().join("index"), vec![articles.clone()]);
            (config.mapping, config.rebuild) = (Mapping::parse(pairs).unwrap(), rebuild);
            let report = update(&config, &|_: &Event<'_>| {}).unwrap();
            (report.indexed, report.replaced, report.removed)
        };
        assert_eq!(run(&["body=Inhalt"], false), (1, 0, 0));
        // The file is so new that it is read again.
        assert_eq!(run(&[], false), (0, 0, 0));
        assert_eq!(run(&["title=Inhalt"], false), (1, 1, 0));
        assert_eq!(run(&[], false), (0, 0, 0));
        // A rebuild begins anew.
        assert_eq!(run(&[], true).0, 1);
        fs::write(&file, "{\"id\": \"1\", \"title\": \"Zwei\", \"Inhalt\": \"wombat\"}\n").unwrap();
        assert_eq!(run(&[], false).2, 0);
    }
}
