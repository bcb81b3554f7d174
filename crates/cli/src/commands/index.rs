//! `morgue index`: builds an index or brings it up to date.

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use article::{Mapping, Preprocessor, STANDARD_INPUT};
use indexer::{Config, Event, Observer, Report, has_index, remove, update};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::watch::watch;
use crate::args::{Args, IndexArgs};
use crate::collection::{DEFAULT_COLLECTION, index_folder};
use crate::failure::Failure;
use crate::output::{Outcome, talks};
use crate::render::safe::{safe, safe_path};
use crate::render::{counted, grouped, json, lasting, sized};

pub(crate) fn run(args: &Args, options: &IndexArgs) -> Result<Outcome, Failure> {
    if options.delete {
        return delete(args, options);
    }
    let config = config(args, options)?;
    let talk = Talk::new(options);
    if options.watch {
        return watch(&config, &talk);
    }
    let report = update(&config, &talk)?;
    talk.finish(&report)?;
    if report.found == 0 && !options.quiet && !options.json {
        say!("nothing found; hidden and ignored files are passed over (--hidden, --no-ignore)");
    }
    let is_missing =
        |path: &PathBuf| path != Path::new(STANDARD_INPUT) && std::fs::symlink_metadata(path).is_err();
    let incomplete = (options.strict && report.skipped_total() > 0) || options.paths.iter().any(is_missing);
    Ok(if incomplete { Outcome::Incomplete } else { Outcome::Found })
}

fn delete(args: &Args, options: &IndexArgs) -> Result<Outcome, Failure> {
    let done = remove(&index_folder(args), &options.paths)?;
    for name in &done.unknown {
        say!(
            "{}: the index has no file, folder or article from standard input of this name",
            safe_path(name)
        );
    }
    for name in &done.returning {
        say!("{}: the next `morgue index` reads it again; remove it, or list it in .ignore", safe_path(name));
    }
    if !options.quiet {
        let (removed, articles) = (counted(done.removed, "article"), counted(done.articles, "article"));
        let stay = match done.elsewhere {
            0 => String::new(),
            count => format!(" ({} still there under other paths)", grouped(count)),
        };
        say!("removed {removed}{stay}; {articles} in the index, in {}", lasting(done.took));
    }
    Ok(if done.unknown.is_empty() { Outcome::Found } else { Outcome::Incomplete })
}

fn config(args: &Args, options: &IndexArgs) -> Result<Config, Failure> {
    let index = index_folder(args);
    let mut roots = options.paths.clone();
    if roots.is_empty() && !has_index(&index) && Path::new(DEFAULT_COLLECTION).is_dir() {
        roots.push(PathBuf::from(DEFAULT_COLLECTION));
    }
    let mut config = Config::new(index, roots);
    config.walk.hidden = options.hidden;
    config.walk.no_ignore = options.no_ignore;
    config.walk.follow_links = options.follow;
    config.walk.format = options.format;
    if let Some(command) = &options.pre {
        let preprocessor = Preprocessor::new(command, &options.pre_glob).map_err(anyhow::Error::new)?;
        config.walk.preprocessor = Some(Arc::new(preprocessor.with_timeout(options.pre_timeout)));
    }
    config.mapping = Mapping::parse(&options.map).map_err(anyhow::Error::new)?;
    config.rebuild = options.rebuild;
    if let Some(threads) = options.threads {
        config.threads = usize::from(threads);
    }
    if let Some(memory) = options.memory {
        config.memory_bytes = memory;
    }
    Ok(config)
}

/// Tells what happens: a bar on a terminal, events as JSON where asked for, a line for everything skipped.
pub(super) struct Talk {
    bar: Option<ProgressBar>,
    json: bool,
    quiet: bool,
    /// What was said of things skipped: runs that follow each other say it once.
    said: Mutex<HashSet<String>>,
    /// The first failure to write an event.
    failure: Mutex<Option<io::Error>>,
}

impl Talk {
    fn new(options: &IndexArgs) -> Talk {
        let bar = (talks() && !options.quiet && !options.json).then(|| {
            let template = "{bar:30} {bytes}/{total_bytes} {msg} {bytes_per_sec} ETA {eta}";
            let style =
                ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::no_length().with_style(style)
        });
        Talk {
            bar,
            json: options.json,
            quiet: options.quiet,
            said: Mutex::default(),
            failure: Mutex::default(),
        }
    }

    fn line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| say!("{text}")),
            None => say!("{text}"),
        }
    }

    fn is_new(&self, message: &str) -> bool {
        self.said.lock().map_or(true, |mut said| said.insert(message.to_owned()))
    }

    fn print(&self, event: &serde_json::Value) {
        let mut out = io::stdout().lock();
        if let Err(error) = json::line(&mut out, event).and_then(|()| out.flush())
            && let Ok(mut failure) = self.failure.lock()
        {
            failure.get_or_insert_with(|| crate::output::unwritten(error));
        }
    }

    pub(super) fn finish(&self, report: &Report) -> Result<(), Failure> {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if self.json {
            self.print(&json!({
                "event": "done",
                "found": report.found,
                "indexed": report.indexed,
                "replaced": report.replaced,
                "duplicates": report.duplicates,
                "unchanged": report.unchanged,
                "removed": report.removed,
                "skipped": report.skipped,
                "kept": report.kept,
                "articles": report.articles,
                "bytes": report.bytes,
                "seconds": report.took.as_secs_f64(),
            }));
        } else if !self.quiet {
            say!("{}", summary(report));
        }
        match self.failure.lock().map(|mut failure| failure.take()) {
            Ok(Some(error)) => Err(error.into()),
            _ => Ok(()),
        }
    }
}

impl Observer for Talk {
    fn event(&self, event: &Event<'_>) {
        match event {
            Event::Skipped(skip) if !self.is_new(&skip.message) => {}
            Event::Planned { bytes, .. } => self.bar.iter().for_each(|bar| bar.set_length(*bytes)),
            Event::Read { bytes } => {
                if let Some(bar) = &self.bar {
                    bar.inc(*bytes);
                }
            }
            Event::Skipped(skip) if self.json => {
                let mut event = json!({
                    "event": "skipped",
                    "reason": skip.reason,
                    "path": skip.path.to_string_lossy(),
                    "message": skip.message,
                });
                json::add_bytes(&mut event, &skip.path);
                self.print(&event);
            }
            Event::Skipped(_) if self.quiet => {}
            Event::Skipped(skip) => self.line(&format!("skipped: {}", safe(&skip.message))),
            Event::Committed { articles } => {
                if self.json {
                    self.print(&json!({ "event": "commit", "articles": articles }));
                }
            }
        }
    }
}

/// `indexed 12 articles (3 replaced), 5 unchanged, 1 removed, 2 skipped (1 empty, 1 malformed); …`
fn summary(report: &Report) -> String {
    let of_those = [(report.replaced, "replaced"), (report.duplicates, "the same as others")];
    let of_those = of_those.iter().filter(|(count, _)| *count > 0);
    let of_those: Vec<_> = of_those.map(|(count, what)| format!("{} {what}", grouped(*count))).collect();
    let of_those = if of_those.is_empty() { String::new() } else { format!(" ({})", of_those.join(", ")) };
    let mut parts = vec![format!("indexed {}{of_those}", counted(report.indexed, "article"))];
    for (count, what) in [(report.unchanged, "unchanged"), (report.removed, "removed")] {
        if count > 0 {
            parts.push(format!("{} {what}", grouped(count)));
        }
    }
    if report.skipped_total() > 0 {
        let reasons: Vec<_> =
            report.skipped.iter().map(|(reason, count)| format!("{} {reason}", grouped(*count))).collect();
        parts.push(format!("{} skipped ({})", grouped(report.skipped_total()), reasons.join(", ")));
    }
    if report.kept > 0 {
        parts.push(format!("{} kept that cannot be read now", counted(report.kept, "file")));
    }
    let seconds = report.took.as_secs_f64().max(1e-9);
    let rate = if report.indexed > 0 {
        let (articles, bytes) = (report.indexed as f64 / seconds, report.bytes as f64 / seconds);
        format!(" ({} articles/s, {}/s)", grouped(articles as u64), sized(bytes as u64))
    } else {
        String::new()
    };
    let total = counted(report.articles, "article");
    format!("{}; {total} in the index, in {}{rate}", parts.join(", "), lasting(report.took))
}
