//! Which files there are: folders as ripgrep walks them, in the order of their paths.

use std::collections::HashSet;
use std::fs::Metadata;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, SystemTime};

use ignore::{DirEntry, WalkBuilder};

use crate::error::ReadError;
use crate::format::Format;
use crate::preprocess::Preprocessor;
use crate::unpack::Named;

/// The root and the path that stand for standard input.
pub const STANDARD_INPUT: &str = "-";

/// What to pass over in folders. The default passes over hidden and ignored files and does not follow links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WalkOptions {
    /// Take hidden files and folders, and hidden members of archives, too.
    pub hidden: bool,
    /// Do not read `.gitignore` and `.ignore`.
    pub no_ignore: bool,
    /// Follow symbolic links met in folders; a root is always followed.
    pub follow_links: bool,
    /// Read every file, and every member of archives, as this format, whatever its name says.
    pub format: Option<Format>,
    /// A command that makes text of some files.
    pub preprocessor: Option<Arc<Preprocessor>>,
}

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Absolute, symbolic links kept; [`STANDARD_INPUT`] for standard input.
    pub path: PathBuf,
    /// The format its name tells, or the one that was asked for; `None` leaves it to the content, in archives first to the
    /// names of members.
    pub format: Option<Format>,
    /// Bytes; 0 for standard input.
    pub size: u64,
    /// When it was last changed, where the system knows.
    pub modified: Option<SystemTime>,
    /// When its content or anything told of it was last changed, which nobody can set back; on Unix.
    pub changed: Option<SystemTime>,
    /// Hidden members of an archive are to be read too.
    pub hidden: bool,
    /// It was named, or links are followed: where it is a symbolic link, what that leads to is meant.
    pub may_be_link: bool,
    /// The command that makes text of it.
    pub preprocessor: Option<Arc<Preprocessor>>,
}

/// The files of `roots`, each once, sorted by path (standard input first). A root that is a file is always taken; in
/// folders only names of a known format are, and other files come as [`ReadError::UnknownFormat`], [`ReadError::Link`] or
/// [`ReadError::NotAFile`].
pub fn walk(
    roots: &[PathBuf],
    options: &WalkOptions,
) -> impl Iterator<Item = Result<Input, ReadError>> + use<> {
    let mut walk = Walk::new(roots, options.clone());
    std::iter::from_fn(move || walk.next_input())
}

/// The state of a walk: the roots still to come, and the folder under way.
struct Walk {
    options: WalkOptions,
    /// Last first.
    roots: Vec<PathBuf>,
    /// Files named as roots: taken wherever they are met.
    named: HashSet<PathBuf>,
    /// Paths already handed out; kept only when roots can overlap.
    seen: Option<HashSet<PathBuf>>,
    folder: Option<ignore::Walk>,
    /// Folders met that have rules which cannot be read, and those rules.
    unruly: Receiver<Unruly>,
    unruly_sender: Sender<Unruly>,
    /// Those of them that are still to be walked, without any rules.
    without_rules: HashSet<PathBuf>,
}

/// A folder, and what of it says what to pass over but is no file, or too large.
struct Unruly {
    folder: PathBuf,
    error: ReadError,
}

/// The files of a folder that say what to pass over, which are read by the library that walks.
const RULES: [&str; 3] = [".ignore", ".gitignore", ".git/info/exclude"];
/// Larger ones are not read.
const MOST_RULE_BYTES: u64 = 1 << 20;

impl Walk {
    fn new(roots: &[PathBuf], options: WalkOptions) -> Walk {
        let mut paths: Vec<PathBuf> = roots.iter().map(|root| absolute(root)).collect();
        paths.sort_by_key(|path| (path != Path::new(STANDARD_INPUT), path.clone()));
        paths.dedup();
        let named = paths.iter().filter(|path| !path.is_dir()).cloned().collect();
        let seen = (paths.len() > 1).then(HashSet::new);
        let roots = paths.into_iter().rev().collect();
        let (unruly_sender, unruly) = channel();
        let without_rules = HashSet::new();
        Walk { options, roots, named, seen, folder: None, unruly, unruly_sender, without_rules }
    }

    fn next_input(&mut self) -> Option<Result<Input, ReadError>> {
        loop {
            if let Ok(Unruly { folder, error }) = self.unruly.try_recv() {
                return Some(Err(self.walk_without_rules(folder, error)));
            }
            let Some(folder) = &mut self.folder else {
                let root = self.roots.pop()?;
                if let Some(found) = self.open_root(root) {
                    return Some(found);
                }
                continue;
            };
            match folder.next() {
                None => self.folder = None,
                Some(Err(error)) => return Some(Err(unreadable(&error))),
                Some(Ok(entry)) => {
                    if let Some(found) = self.entry(&entry) {
                        return Some(found);
                    }
                }
            }
        }
    }

    /// Starts a folder, or answers with the file the root is.
    fn open_root(&mut self, root: PathBuf) -> Option<Result<Input, ReadError>> {
        if root == Path::new(STANDARD_INPUT) {
            let WalkOptions { format, hidden, .. } = self.options;
            return Some(Ok(Input {
                path: root,
                format,
                size: 0,
                modified: None,
                changed: None,
                hidden,
                may_be_link: true,
                preprocessor: None,
            }));
        }
        match std::fs::metadata(&root) {
            Err(_) if !self.is_new(&root) => None,
            Err(source) => Some(Err(ReadError::Unreadable { path: root, source })),
            Ok(metadata) if metadata.is_dir() => self.open_folder(&root),
            Ok(metadata) => self.is_new(&root).then(|| self.input(root, &metadata, true)),
        }
    }

    /// Starts a folder, unless rules in it or above it cannot be read: these are named, and then it is walked without any.
    fn open_folder(&mut self, root: &Path) -> Option<Result<Input, ReadError>> {
        let has_rules = !self.options.no_ignore && !self.without_rules.remove(root);
        if has_rules && let Some(error) = root.ancestors().find_map(unreadable_rules) {
            return Some(Err(self.walk_without_rules(root.to_owned(), error)));
        }
        let mut builder = builder(root, &self.options, has_rules);
        if has_rules {
            let unruly = self.unruly_sender.clone();
            builder.filter_entry(move |entry| {
                let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
                let error = if is_folder { unreadable_rules(entry.path()) } else { None };
                let is_passed_over = error.is_some();
                if let Some(error) = error {
                    let _ = unruly.send(Unruly { folder: entry.path().to_owned(), error });
                }
                !is_passed_over
            });
        }
        self.folder = Some(builder.build());
        None
    }

    /// Has a folder walked next, without the rules that the error is about.
    fn walk_without_rules(&mut self, folder: PathBuf, error: ReadError) -> ReadError {
        self.without_rules.insert(folder.clone());
        self.roots.push(folder);
        error
    }

    /// What an entry of a folder gives: nothing for folders and for paths seen before.
    fn entry(&mut self, entry: &DirEntry) -> Option<Result<Input, ReadError>> {
        let kind = entry.file_type()?;
        let named = self.named.contains(entry.path());
        // A folder that is a root may be a link.
        if kind.is_dir() || entry.depth() == 0 || !self.is_new(entry.path()) {
            return None;
        }
        if kind.is_symlink() && !named {
            return Some(Err(ReadError::Link { path: entry.path().to_owned() }));
        }
        let metadata =
            if named { std::fs::metadata(entry.path()) } else { entry.metadata().map_err(io_error) };
        Some(match metadata {
            Ok(metadata) => self.input(entry.path().to_owned(), &metadata, named),
            Err(source) => Err(ReadError::Unreadable { path: entry.path().to_owned(), source }),
        })
    }

    fn input(&self, path: PathBuf, metadata: &Metadata, is_named: bool) -> Result<Input, ReadError> {
        if !metadata.is_file() {
            return Err(ReadError::NotAFile { path });
        }
        let named = Named::of(&path);
        let preprocessor = self.options.preprocessor.as_ref();
        let preprocessor = preprocessor.filter(|it| it.is_for(&path, named != Named::Unknown)).cloned();
        let by_name = match named {
            Named::Format(format) if preprocessor.is_none() => Some(format),
            _ => None,
        };
        let format = self.options.format.or(by_name);
        if named == Named::Unknown && format.is_none() && preprocessor.is_none() && !is_named {
            return Err(ReadError::UnknownFormat { path });
        }
        let (size, modified, changed) = (metadata.len(), metadata.modified().ok(), changed(metadata));
        let WalkOptions { hidden, follow_links, .. } = self.options;
        let may_be_link = is_named || follow_links;
        Ok(Input { path, format, size, modified, changed, hidden, may_be_link, preprocessor })
    }

    fn is_new(&mut self, path: &Path) -> bool {
        self.seen.as_mut().is_none_or(|seen| seen.insert(path.to_owned()))
    }
}

#[cfg(unix)]
fn changed(metadata: &Metadata) -> Option<SystemTime> {
    use std::os::unix::fs::MetadataExt;
    let since = Duration::new(metadata.ctime().try_into().ok()?, metadata.ctime_nsec().try_into().ok()?);
    SystemTime::UNIX_EPOCH.checked_add(since)
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> Option<SystemTime> {
    None
}

fn builder(root: &Path, options: &WalkOptions, has_rules: bool) -> WalkBuilder {
    let mut builder = WalkBuilder::new(root);
    builder
        .hidden(!options.hidden)
        .ignore(has_rules)
        .git_ignore(has_rules)
        .git_exclude(has_rules)
        .parents(has_rules)
        // The user's own global ignore file would make a walk differ between machines.
        .git_global(false)
        .follow_links(options.follow_links)
        .sort_by_file_name(std::cmp::Ord::cmp);
    builder
}

/// Is there a pipe, a device or a flood of bytes where the rules of a folder are looked for? Reading it would not end.
fn unreadable_rules(folder: &Path) -> Option<ReadError> {
    RULES.iter().find_map(|name| {
        let path = folder.join(name);
        let metadata = std::fs::metadata(&path).ok()?;
        let (bytes, limit) = (metadata.len(), MOST_RULE_BYTES);
        match metadata.is_file() {
            true if bytes > limit => Some(ReadError::TooLarge { path, line: 1, bytes, limit }),
            false if !metadata.is_dir() => Some(ReadError::NotAFile { path }),
            _ => None,
        }
    })
}

/// The one spelling of a path: absolute, without `.` and `..`. Symbolic links stay, unless a `..` goes back over them.
/// [`STANDARD_INPUT`] and the members of an archive that came that way stay as they are.
pub fn absolute(path: &Path) -> PathBuf {
    if path.starts_with(STANDARD_INPUT) {
        return path.to_owned();
    }
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if !absolute.components().any(|part| part == Component::ParentDir) {
        return absolute;
    }
    match (absolute.parent().map(Path::canonicalize), absolute.file_name()) {
        (Some(Ok(parent)), Some(name)) => parent.join(name),
        _ => absolute.canonicalize().unwrap_or(absolute),
    }
}

fn unreadable(error: &ignore::Error) -> ReadError {
    let path = path_of(error).map(Path::to_owned).unwrap_or_default();
    let source = match error.io_error() {
        Some(io) => io::Error::new(io.kind(), io.to_string()),
        None => io::Error::other(error.to_string()),
    };
    ReadError::Unreadable { path, source }
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::Loop { child, .. } => Some(child),
        ignore::Error::WithLineNumber { err, .. } | ignore::Error::WithDepth { err, .. } => path_of(err),
        _ => None,
    }
}

fn io_error(error: ignore::Error) -> io::Error {
    error.into_io_error().unwrap_or_else(|| io::Error::other("its metadata cannot be read"))
}
