//! Which files and folders a run walks, and how: those that are named, and those of earlier runs.

use std::fs;
use std::path::{Path, PathBuf};

use article::STANDARD_INPUT;

use crate::config::Config;
use crate::error::IndexError;
use crate::generation::Target;
use crate::ways::{Root, Way};

/// Where there is no index yet, a path that is not there is a slip of the pen: nothing is made.
pub(crate) fn check_roots(config: &Config) -> Result<(), IndexError> {
    match config.roots.first() {
        Some(root) if !config.index.exists() && !config.roots.iter().any(|root| is_there(root)) => {
            Err(IndexError::NoSuchPath(root.clone()))
        }
        _ => Ok(()),
    }
}

/// Can it be walked? A link is there even if what it leads to is not.
pub(crate) fn is_there(root: &Path) -> bool {
    root == Path::new(STANDARD_INPUT) || fs::symlink_metadata(root).is_ok()
}

/// The files and folders of a run.
pub(crate) struct Roots {
    /// Those named, and what was named in earlier runs and lies below them: a file that was once asked for by name is not
    /// passed over because its folder is asked for now.
    pub(crate) to_walk: Vec<Root>,
    /// Those that the next run without paths takes.
    pub(crate) to_remember: Vec<Root>,
    /// The index's own folder, as the walk would meet it.
    pub(crate) of_the_index: Vec<PathBuf>,
    /// What is not met is kept: it may be hidden by a disk that is not mounted.
    pub(crate) keep_unmet: bool,
}

impl Roots {
    /// Those of an update. What is named is walked as the configuration says now; where it lies below a root of before, or such a root
    /// below it, that adds to what was asked for then. Where nothing is named, it adds to all. Other roots are walked as before.
    ///
    /// # Errors
    /// When there is nothing to walk, nothing of it is there, or a rebuild would lose articles.
    pub(crate) fn of(config: &Config, target: &Target) -> Result<Roots, IndexError> {
        let (known, given) = (target.ledger.roots(), Way::of(&config.walk));
        let named: Vec<PathBuf> = config.roots.iter().map(|root| article::absolute(root)).collect();
        let mut to_walk: Vec<Root> = if named.is_empty() {
            known.iter().map(|root| root.and(&given)).collect()
        } else {
            named.into_iter().map(|path| named_now(path, &known, &given)).collect()
        };
        let is_known = |path: &Path| known.iter().any(|root| root.path == path);
        let may_be_read = |root: &Root| is_known(&root.path) || is_there(&root.path);
        match to_walk.first() {
            None => return Err(IndexError::NoRoots(config.index.clone())),
            Some(first) if !to_walk.iter().any(may_be_read) => {
                return Err(IndexError::NoSuchPath(first.path.clone()));
            }
            Some(_) => {}
        }
        let is_walked = |root: &Root| to_walk.iter().any(|walked| walked.path == root.path);
        let is_below = |root: &Root| to_walk.iter().any(|walked| root.path.starts_with(&walked.path));
        let others = || known.iter().filter(|root| !is_walked(root));
        let below: Vec<Root> = others().filter(|root| is_below(root)).map(|root| root.and(&given)).collect();
        // A rebuild starts from nothing, so it must read all that was ever named.
        let also: Vec<Root> = others().filter(|root| config.rebuild && !is_below(root)).cloned().collect();
        to_walk.extend(below);
        let mut to_remember = to_walk.clone();
        to_remember.retain(|root| root.path != Path::new(STANDARD_INPUT) && may_be_read(root));
        to_walk.extend(also);
        if config.rebuild {
            check_replaceable(target, &to_walk)?;
        }
        Ok(Roots::new(to_walk, to_remember, config, false))
    }

    /// Those named and those of earlier runs, whether they are there or not: what a repair reads. Those of earlier runs are walked as
    /// before.
    pub(crate) fn all(config: &Config, target: &Target) -> Roots {
        let (mut roots, given) = (target.ledger.roots(), Way::of(&config.walk));
        for path in config.roots.iter().map(|root| article::absolute(root)) {
            if !roots.iter().any(|root| root.path == path) {
                let root = named_now(path, &roots, &given);
                roots.push(root);
            }
        }
        let mut to_remember = roots.clone();
        to_remember.retain(|root| root.path != Path::new(STANDARD_INPUT));
        Roots::new(roots, to_remember, config, true)
    }

    fn new(to_walk: Vec<Root>, to_remember: Vec<Root>, config: &Config, keep_unmet: bool) -> Roots {
        let of_the_index = to_walk.iter().filter_map(|root| met_below(&root.path, &config.index)).collect();
        Roots { to_walk, to_remember, of_the_index, keep_unmet }
    }

    /// The paths of those that are walked.
    pub(crate) fn paths(&self) -> Vec<PathBuf> {
        self.to_walk.iter().map(|root| root.path.clone()).collect()
    }
}

/// A path that is named, and how it is walked. What lies below a root of before is walked as that one at least: else what was found
/// there would be taken out now, and come back with the next run without paths.
fn named_now(path: PathBuf, known: &[Root], given: &Way) -> Root {
    let above = known.iter().filter(|root| path != root.path && path.starts_with(&root.path));
    let nearest = above.max_by_key(|root| root.path.components().count());
    let way = nearest.map_or_else(|| given.clone(), |root| root.way.and(given));
    Root { path, way }
}

/// A rebuild must not lose what an update would keep.
fn check_replaceable(target: &Target, roots: &[Root]) -> Result<(), IndexError> {
    let is_read = roots.iter().any(|root| root.path == Path::new(STANDARD_INPUT));
    if target.irreplaceable > 0 && !is_read {
        let articles = if target.irreplaceable == 1 { "article" } else { "articles" };
        let what = format!("{} {articles} that came from standard input", target.irreplaceable);
        return Err(IndexError::WouldLose { what });
    }
    match roots.iter().find(|root| !is_there(&root.path)) {
        Some(root) => Err(IndexError::WouldLose {
            what: format!("the articles of {}, which is not there", root.path.display()),
        }),
        None => Ok(()),
    }
}

/// The name under which a walk of `root` meets the folder `index`, if it does.
fn met_below(root: &Path, index: &Path) -> Option<PathBuf> {
    let below = index.canonicalize().ok()?.strip_prefix(root.canonicalize().ok()?).ok()?.to_owned();
    Some(root.join(below))
}
