//! `morgue index --watch`: an update whenever something changes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use article::STANDARD_INPUT;
use indexer::{Config, IndexError, Report, update};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use same_file::Handle;

use super::index::Talk;
use crate::failure::Failure;
use crate::output::Outcome;

/// Changes come in bursts: an update waits until there was none for so long, or until the first is so old.
const QUIET: Duration = Duration::from_millis(300);
const PATIENCE: Duration = Duration::from_secs(5);

/// Not every file system tells of changes, so there is an update at least so often, or after so many times as long as one takes.
const AT_LEAST: Duration = Duration::from_mins(1);
const REST: u32 = 60;

/// How long to wait for another process that writes to the index.
const BUSY: Duration = Duration::from_secs(1);

type Changes = Receiver<notify::Result<Event>>;

/// The folders that are watched, and which folder of that name it was: another one may take its place.
type Watched = HashMap<PathBuf, Option<Handle>>;

/// Updates the index until the process is interrupted, or an update fails.
pub(super) fn watch(config: &Config, talk: &Talk) -> Result<Outcome, Failure> {
    if config.roots.iter().any(|root| root == Path::new(STANDARD_INPUT)) {
        let failure = Failure::from(anyhow::anyhow!("standard input cannot be watched"));
        return Err(failure.hint("watch files or folders"));
    }
    let (sender, changes) = channel();
    let mut watcher = notify::recommended_watcher(sender).map_err(|error| failed(Path::new("."), error))?;
    let mut watched = Watched::new();
    let mut is_first = true;
    loop {
        let report = update_in_turn(config, talk)?;
        if is_first || has_changed(&report) {
            talk.finish(&report)?;
        }
        is_first = false;
        // What changed before a folder was watched is seen by another update.
        if !watch_roots(&mut watcher, &report.roots, &mut watched)? {
            // Not before: there may have been none.
            let index = config.index.canonicalize().unwrap_or_else(|_| article::absolute(&config.index));
            wait(&changes, &index, AT_LEAST.max(report.took * REST));
        }
    }
}

fn update_in_turn(config: &Config, talk: &Talk) -> Result<Report, Failure> {
    loop {
        match update(config, talk) {
            Err(IndexError::Busy { .. }) => std::thread::sleep(BUSY),
            other => return Ok(other?),
        }
    }
}

fn has_changed(report: &Report) -> bool {
    report.indexed + report.removed > 0
}

/// Watches the roots that are not watched yet, or were other folders then. Did any come in? A file is watched by its folder, since most
/// programs do not write a file anew but put another in its place.
fn watch_roots(
    watcher: &mut RecommendedWatcher,
    roots: &[PathBuf],
    watched: &mut Watched,
) -> Result<bool, Failure> {
    let mut any = false;
    for root in roots.iter().filter(|root| root.exists()) {
        let (folder, mode) = match root.parent() {
            Some(parent) if !root.is_dir() => (parent, RecursiveMode::NonRecursive),
            _ => (root.as_path(), RecursiveMode::Recursive),
        };
        let handle = Handle::from_path(folder).ok();
        if watched.get(folder).is_none_or(|known| *known != handle) {
            let _ = watcher.unwatch(folder); // of the folder that had the name
            watcher.watch(folder, mode).map_err(|error| failed(folder, error))?;
            watched.insert(folder.to_owned(), handle);
            any = true;
        }
    }
    Ok(any)
}

/// Returns when something outside the index has changed and a while of quiet has passed, or when it is time anyway.
fn wait(changes: &Changes, index: &Path, longest: Duration) {
    let begin = Instant::now();
    loop {
        match changes.recv_timeout(longest.saturating_sub(begin.elapsed())) {
            Ok(change) if matters(&change, index) => break,
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) => return,
            // The watcher is held by the caller.
            Err(RecvTimeoutError::Disconnected) => return std::thread::sleep(longest),
        }
    }
    let first = Instant::now();
    while first.elapsed() < PATIENCE && changes.recv_timeout(QUIET).is_ok() {}
}

fn matters(change: &notify::Result<Event>, index: &Path) -> bool {
    match change {
        Ok(event) => {
            !matches!(event.kind, EventKind::Access(_))
                && event.paths.iter().any(|path| !is_below(path, index))
        }
        // Changes were lost, perhaps.
        Err(_) => true,
    }
}

/// Is it the index, or something in it? The system names what changed by the way to it that is watched, in which there may be symbolic
/// links; what is gone is where its folder is, or was.
fn is_below(path: &Path, index: &Path) -> bool {
    path.starts_with(index)
        || path
            .ancestors()
            .find_map(|part| part.canonicalize().ok())
            .is_some_and(|there| there.starts_with(index))
}

fn failed(folder: &Path, error: notify::Error) -> Failure {
    let is_limit = matches!(error.kind, notify::ErrorKind::MaxFilesWatch);
    let error = anyhow::Error::new(error).context(format!("cannot watch {}", folder.display()));
    let failure = Failure::from(error);
    if is_limit {
        failure.hint("there are more folders than the system watches; raise fs.inotify.max_user_watches")
    } else {
        failure.hint("run `morgue index` from time to time instead")
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use notify::event::{CreateKind, RemoveKind};

    use super::*;

    #[test]
    fn the_index_is_known_by_every_way_to_it_and_nothing_else_is_taken_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().canonicalize().unwrap().join("real");
        let (index, link) = (real.join("index"), folder.path().join("link"));
        fs::create_dir_all(index.join("generation-1")).unwrap();
        fs::write(real.join("a.txt"), "").unwrap();
        fs::write(index.join("writer.lock"), "").unwrap();
        symlink(&real, &link).unwrap();
        let matters = |kind: EventKind, path: &Path| {
            super::matters(&Ok(Event::new(kind).add_path(path.to_owned())), &index)
        };
        let (made, gone) = (EventKind::Create(CreateKind::File), EventKind::Remove(RemoveKind::File));
        for root in [&real, &link] {
            for ours in ["index", "index/writer.lock", "index/generation-1"] {
                assert!(!matters(made, &root.join(ours)), "{}: {ours}", root.display());
            }
            assert!(!matters(gone, &root.join("index/generation-0/meta.json")), "{}", root.display());
            assert!(matters(made, &root.join("a.txt")) && matters(gone, &root.join("sub/b.txt")));
        }
    }
}
