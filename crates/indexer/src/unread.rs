//! What a walk met and could not read. What was read there once may come back.

use std::collections::{HashMap, HashSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use article::ReadError;

/// Paths that a walk could not read. There may be as many as there are files, so each is looked up and none compared with all.
#[derive(Default)]
pub(crate) struct Unread {
    /// Files and folders that could not be read. True: what was said of it each time is that it is not there.
    unreadable: HashMap<PathBuf, bool>,
    /// Files of a format that is not known.
    unknown: HashSet<PathBuf>,
}

impl Unread {
    /// Takes note of an error of the walk.
    pub(crate) fn add(&mut self, error: ReadError) {
        match error {
            ReadError::Unreadable { path, source } => {
                *self.unreadable.entry(path).or_insert(true) &= source.kind() == ErrorKind::NotFound;
            }
            ReadError::UnknownFormat { path } => {
                self.unknown.insert(path);
            }
            _ => {}
        }
    }

    /// A source that could not be read is kept, and so is everything below a folder that could not be: it may come back, as when
    /// a disk is not mounted. So is a file of a format that is not known without the options of an earlier run: it was read as one that
    /// was asked for, or by a command that makes text of it. But a file that is gone from a folder that is there was removed.
    pub(crate) fn may_come_back(&self, source: &Path) -> bool {
        let is_gone = |is_missing: bool| is_missing && source.parent().is_some_and(Path::is_dir);
        // An error without a path may be about anything.
        let mut above = source.ancestors().skip(1).chain([Path::new("")]);
        self.unknown.contains(source)
            || self.unreadable.get(source).is_some_and(|is_missing| !is_gone(*is_missing))
            || above.any(|folder| self.unreadable.contains_key(folder))
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::time::{Duration, Instant};

    use super::*;

    fn unreadable(path: impl Into<PathBuf>, kind: ErrorKind) -> ReadError {
        ReadError::Unreadable { path: path.into(), source: io::Error::from(kind) }
    }

    fn of(errors: impl IntoIterator<Item = ReadError>) -> Unread {
        let mut unread = Unread::default();
        errors.into_iter().for_each(|error| unread.add(error));
        unread
    }

    #[test]
    fn what_could_not_be_read_may_come_back_and_what_was_removed_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let unread = of([
            unreadable(path("locked"), ErrorKind::PermissionDenied),
            unreadable(path("removed.txt"), ErrorKind::NotFound),
            unreadable(path("unmounted/root.txt"), ErrorKind::NotFound),
            ReadError::UnknownFormat { path: path("scan.pdf") },
            ReadError::Link { path: path("link.txt") },
        ]);
        for name in ["locked", "locked/a/b.txt", "unmounted/root.txt", "scan.pdf"] {
            assert!(unread.may_come_back(&path(name)), "{name}");
        }
        for name in ["removed.txt", "scan.pdf/a.txt", "link.txt", "lockedtoo.txt", "other.txt"] {
            assert!(!unread.may_come_back(&path(name)), "{name}");
        }
        assert!(of([unreadable("", ErrorKind::Other)]).may_come_back(&path("other.txt")));
    }

    #[test]
    fn what_was_seen_to_be_there_and_to_be_gone_may_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let error = |kind| unreadable(&path, kind);
        assert!(!of([error(ErrorKind::NotFound)]).may_come_back(&path));
        assert!(of([error(ErrorKind::PermissionDenied), error(ErrorKind::NotFound)]).may_come_back(&path));
    }

    #[test]
    fn many_sources_and_many_files_of_no_known_format_take_no_time_together() {
        let path = |folder: &str, number: u32| PathBuf::from(format!("/{folder}/{number}"));
        let unread = of((0..100_000).map(|number| ReadError::UnknownFormat { path: path("images", number) }));
        let begin = Instant::now();
        assert!((0..100_000).all(|number| !unread.may_come_back(&path("articles", number))));
        assert!(begin.elapsed() < Duration::from_secs(30), "it took {:?}", begin.elapsed());
    }
}
