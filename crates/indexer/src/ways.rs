//! How the files of a root are found and read. What was asked for when it was named is remembered, so that a later run that does not
//! name it again neither takes out what it does not find nor reads in another way what it does.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

use article::{Format, Input, ReadError, STANDARD_INPUT, WalkOptions, walk};
use serde::{Deserialize, Serialize};

/// What was asked for. The default is to pass over what is hidden or ignored, to follow no links, and to tell formats by names and
/// content. A command that makes text of files is no part of it: it must be asked for each time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Way {
    /// Hidden files and folders, and members of archives, too.
    #[serde(default, skip_serializing_if = "is_false")]
    hidden: bool,
    /// What `.gitignore` and `.ignore` list, too.
    #[serde(default, skip_serializing_if = "is_false")]
    no_ignore: bool,
    /// What symbolic links in folders lead to, too.
    #[serde(default, skip_serializing_if = "is_false")]
    follow_links: bool,
    /// The name of the format that every file is read as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    format: Option<String>,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // as serde asks for it
fn is_false(flag: &bool) -> bool {
    !flag
}

impl Way {
    /// What these options ask for.
    pub(crate) fn of(options: &WalkOptions) -> Way {
        Way {
            hidden: options.hidden,
            no_ignore: options.no_ignore,
            follow_links: options.follow_links,
            format: options.format.map(|format| format.name().to_owned()),
        }
    }

    /// Is nothing asked for?
    pub(crate) fn is_default(&self) -> bool {
        *self == Way::default()
    }

    /// What is asked for here, and what `given` asks for besides. Of two formats that of `given` is taken.
    pub(crate) fn and(&self, given: &Way) -> Way {
        Way {
            hidden: self.hidden || given.hidden,
            no_ignore: self.no_ignore || given.no_ignore,
            follow_links: self.follow_links || given.follow_links,
            format: given.format.as_ref().or(self.format.as_ref()).cloned(),
        }
    }

    /// The format that every file is read as. A name that only a newer version knows is passed over.
    fn format(&self) -> Option<Format> {
        self.format.as_ref()?.parse().ok()
    }

    /// The options of a walk in this way, with the command of `given`.
    fn options(&self, given: &WalkOptions) -> WalkOptions {
        WalkOptions {
            hidden: self.hidden,
            no_ignore: self.no_ignore,
            follow_links: self.follow_links,
            format: self.format(),
            preprocessor: given.preprocessor.clone(),
        }
    }
}

/// A file or folder to walk, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Root {
    pub(crate) path: PathBuf,
    pub(crate) way: Way,
}

impl Root {
    /// The same, where `given` is asked for besides.
    pub(crate) fn and(&self, given: &Way) -> Root {
        Root { path: self.path.clone(), way: self.way.and(given) }
    }
}

/// What a walk met.
pub(crate) struct Found {
    pub(crate) input: Result<Input, ReadError>,
    /// The format that was asked for, whatever its name and content say.
    pub(crate) asked_format: Option<Format>,
}

impl Found {
    pub(crate) fn path(&self) -> &Path {
        self.input.as_ref().map_or_else(ReadError::path, |input| &input.path)
    }
}

/// Calls back with the files of `roots`, each once. Where these are not all walked in one way, each is walked by itself, the deepest
/// first: a file is read in the way of the root that is nearest to it, and what only a root further above finds is found by that.
pub(crate) fn walk_all<E>(
    roots: &[Root],
    given: &WalkOptions,
    mut take: impl FnMut(Found) -> Result<(), E>,
) -> Result<(), E> {
    let Some(first) = roots.first() else { return Ok(()) };
    if roots.iter().all(|root| root.way == first.way) {
        let paths: Vec<PathBuf> = roots.iter().map(|root| root.path.clone()).collect();
        return found(&paths, &first.way, given).try_for_each(take);
    }
    let mut roots: Vec<&Root> = roots.iter().collect();
    roots.sort_by_key(|Root { path, .. }| {
        (path != Path::new(STANDARD_INPUT), Reverse(path.components().count()), path)
    });
    let mut met_before = HashSet::new();
    for root in roots {
        let mut met = Vec::new();
        for found in found(std::slice::from_ref(&root.path), &root.way, given) {
            if !met_before.contains(found.path()) {
                met.push(found.path().to_owned());
                take(found)?;
            }
        }
        met_before.extend(met);
    }
    Ok(())
}

fn found(paths: &[PathBuf], way: &Way, given: &WalkOptions) -> impl Iterator<Item = Found> + use<> {
    let asked_format = way.format();
    walk(paths, &way.options(given)).map(move |input| Found { input, asked_format })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_way_that_asks_for_nothing_new_is_read_from_nothing() {
        let all = Way { hidden: true, no_ignore: true, follow_links: true, format: Some("csv".to_owned()) };
        let written = serde_json::to_string(&all).unwrap();
        assert_eq!(serde_json::from_str::<Way>(&written).unwrap(), all);
        assert_eq!(serde_json::to_string(&Way::default()).unwrap(), "{}");
        let newer = r#"{"hidden":true,"format":"format of tomorrow","depth":3}"#;
        let newer: Way = serde_json::from_str(newer).unwrap();
        assert!(newer.hidden && newer.format().is_none());
    }

    #[test]
    fn what_is_asked_for_later_is_added_and_of_two_formats_the_later_is_taken() {
        let format = |name: &str| Way { format: Some(name.to_owned()), ..Way::default() };
        let hidden = Way { hidden: true, ..Way::default() };
        assert_eq!(format("csv").and(&hidden), Way { hidden: true, ..format("csv") });
        assert_eq!(format("csv").and(&format("text")), format("text"));
    }

    #[test]
    fn each_file_is_met_once_in_the_way_of_the_nearest_root() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("in")).unwrap();
        for name in ["a.txt", ".b.txt", "in/c.txt", "in/.d.txt", "in/e.unknown"] {
            fs::write(path(name), name).unwrap();
        }
        let root = |path: PathBuf, hidden: bool, format: Option<&str>| {
            let format = format.map(str::to_owned);
            Root { path, way: Way { hidden, format, ..Way::default() } }
        };
        let roots = [root(folder.path().to_owned(), true, None), root(path("in"), false, Some("json-lines"))];
        let mut met = Vec::new();
        let taken = walk_all(&roots, &WalkOptions::default(), |found| -> Result<(), ()> {
            let name = found.path().strip_prefix(folder.path()).unwrap().to_string_lossy().into_owned();
            met.push((name, found.asked_format.is_some()));
            Ok(())
        });
        assert!(taken.is_ok());
        met.sort();
        let met: Vec<_> = met.iter().map(|(name, is_asked)| (name.as_str(), *is_asked)).collect();
        let expected = [(".b.txt", false), ("a.txt", false), ("in/.d.txt", false)];
        assert_eq!(met[..3], expected);
        assert_eq!(met[3..], [("in/c.txt", true), ("in/e.unknown", true)]);
    }
}
