//! The ledger: which roots are indexed and how each file looked when it was read.
//!
//! It is a file of JSON lines beside the segments, named after its content. The commit that it belongs to
//! names it in its payload, so both become true at the same moment.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use article::{Input, Mapping, STANDARD_INPUT};
use disk::Disk;
use schema::{read_file, source_key};
use serde::{Deserialize, Serialize};

use crate::error::IndexError;
use crate::pages::Pages;
use crate::skips::PassedOver;
use crate::ways::{Root, Way};

/// A file changed this shortly before it was read can change again without a new time stamp.
const SETTLED: Duration = Duration::from_secs(2);

/// Start of the names of ledger files.
pub(crate) const FILE_PREFIX: &str = "sources-";

/// What an index was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ledger {
    /// Files and folders named by the user, as [`source_key`] writes them.
    roots: Vec<String>,
    /// How they are walked, of those for which anything was asked.
    ways: BTreeMap<String, Way>,
    /// Every file that was read, by path.
    pub(crate) sources: BTreeMap<String, Entry>,
    /// What the pages of folders have in common.
    pub(crate) pages: Pages,
}

/// A file as it was when it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Articles it gave.
    pub(crate) articles: u64,
    /// How it looked; `None` when it must be read again next time.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub(crate) look: Option<Look>,
    /// The mapping that it was read under, as pairs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) map: Vec<String>,
    /// The name of the format that was asked for, whatever its name and content said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) format: Option<String>,
    /// What of it is no article.
    #[serde(default, skip_serializing_if = "PassedOver::is_empty")]
    pub(crate) passed_over: PassedOver,
}

/// By what a file is held to be unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Look {
    /// Bytes.
    pub(crate) size: u64,
    /// Time of the last change of the content, in nanoseconds since 1970. It can be set back.
    pub(crate) modified: u64,
    /// Time of the last change of anything, likewise; `None` where it is not known, as in ledgers of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    changed: Option<u64>,
}

impl Entry {
    /// The mapping to read the file under in a run that has `given`: that, and behind it the one of before, so that no text is lost
    /// that it found.
    pub(crate) fn mapping(&self, given: &Mapping) -> Mapping {
        given.clone().followed_by(Mapping::parse(&self.map).unwrap_or_default())
    }
}

impl Look {
    /// The look of a file that was read at `now`; `None` where it cannot be relied on.
    pub(crate) fn of(input: &Input, now: SystemTime) -> Option<Look> {
        let modified = input.modified?;
        let last = input.changed.map_or(modified, |changed| changed.max(modified));
        now.duration_since(last).is_ok_and(|age| age > SETTLED).then_some(())?;
        let nanoseconds = |time: SystemTime| {
            let since = time.duration_since(UNIX_EPOCH).ok()?;
            u64::try_from(since.as_nanos()).ok()
        };
        let (modified, changed) = (nanoseconds(modified)?, input.changed.and_then(nanoseconds));
        Some(Look { size: input.size, modified, changed })
    }

    /// Is it the look of the same file, not changed since?
    pub(crate) fn is_still(&self, now: &Look) -> bool {
        let is_unchanged = self.changed.is_none() || now.changed.is_none() || self.changed == now.changed;
        (self.size, self.modified) == (now.size, now.modified) && is_unchanged
    }
}

#[derive(Serialize, Deserialize)]
struct Head {
    roots: Vec<String>,
    /// Programs of before pass over it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    ways: BTreeMap<String, Way>,
    #[serde(default, skip_serializing_if = "Pages::is_empty")]
    pages: Pages,
}

#[derive(Serialize, Deserialize)]
struct Row {
    path: String,
    #[serde(flatten)]
    entry: Entry,
}

impl Ledger {
    /// Writes the ledger into `folder` and returns its file name, which holds a hash of its content.
    pub(crate) fn write(&self, disk: &dyn Disk, folder: &Path) -> Result<String, IndexError> {
        let mut bytes = Vec::with_capacity(self.sources.len() * 100);
        let head = Head { roots: self.roots.clone(), ways: self.ways.clone(), pages: self.pages.clone() };
        let rows = self.sources.iter().map(|(path, entry)| Row { path: path.clone(), entry: entry.clone() });
        let written = push_line(&mut bytes, &head)
            .and_then(|()| rows.into_iter().try_for_each(|row| push_line(&mut bytes, &row)));
        let name = file_name(&bytes);
        let path = folder.join(&name);
        written.map_err(std::io::Error::from).map_err(IndexError::file(&path))?;
        disk.replace_file(&path, &bytes).map_err(IndexError::file(&path))?;
        Ok(name)
    }

    /// Reads the ledger of this file name.
    pub(crate) fn read(folder: &Path, name: &str) -> Result<Ledger, IndexError> {
        let path = folder.join(name);
        let bytes = match read_file(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(IndexError::Ledger { path, message: "it is not there".to_owned() });
            }
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                return Err(IndexError::Ledger { path, message: error.to_string() });
            }
            read => read.map_err(IndexError::file(&path))?,
        };
        let damaged = |message: String| IndexError::Ledger { path: path.clone(), message };
        if file_name(&bytes) != name {
            return Err(damaged("its content does not match its name".to_owned()));
        }
        Ledger::parse(&bytes).map_err(damaged)
    }

    /// The ledger in these bytes; the message says what is wrong with them.
    fn parse(bytes: &[u8]) -> Result<Ledger, String> {
        let mut lines = bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        let head: Head = parse_line(lines.next().unwrap_or_default())?;
        let rows: Result<BTreeMap<_, _>, _> =
            lines.map(|line| parse_line(line).map(|row: Row| (row.path, row.entry))).collect();
        Ok(Ledger { roots: head.roots, ways: head.ways, sources: rows?, pages: head.pages })
    }

    /// The archive that a member was read from; `None` for what is a file itself. The path of a member begins with that of
    /// its archive, and no file can lie below another.
    pub(crate) fn archive_of(&self, path: &Path) -> Option<String> {
        if self.sources.contains_key(&source_key::to_text(path)) {
            return None;
        }
        let mut above = path.ancestors().skip(1).map(source_key::to_text);
        above.find(|above| above == STANDARD_INPUT || self.sources.contains_key(above))
    }

    /// What was named by the user, and how it is walked.
    pub(crate) fn roots(&self) -> Vec<Root> {
        let way = |root: &String| self.ways.get(root).cloned().unwrap_or_default();
        self.roots.iter().map(|root| Root { path: source_key::from_text(root), way: way(root) }).collect()
    }

    /// Adds roots that are not there yet, and notes of all of these how they are walked.
    pub(crate) fn add_roots(&mut self, roots: &[Root]) {
        for Root { path, way } in roots {
            let root = source_key::to_text(path);
            if way.is_default() {
                self.ways.remove(&root);
            } else {
                self.ways.insert(root.clone(), way.clone());
            }
            if !self.roots.contains(&root) {
                self.roots.push(root);
            }
        }
    }

    /// Forgets roots.
    pub(crate) fn forget_roots(&mut self, is_forgotten: impl Fn(&str) -> bool) {
        self.roots.retain(|root| !is_forgotten(root));
        self.ways.retain(|root, _| !is_forgotten(root));
    }

    /// A ledger of the same roots, of which nothing was read.
    pub(crate) fn unread(&self) -> Ledger {
        Ledger { roots: self.roots.clone(), ways: self.ways.clone(), ..Ledger::default() }
    }
}

/// Reads the bytes of a ledger, and says how many sources it has. Only `crates/fuzz` has a use for it.
///
/// # Errors
/// The bytes are no ledger; the message says why.
pub fn parse_ledger(bytes: &[u8]) -> Result<usize, String> {
    Ledger::parse(bytes).map(|ledger| ledger.sources.len())
}

fn file_name(bytes: &[u8]) -> String {
    let hash = blake3::hash(bytes).to_hex();
    format!("{FILE_PREFIX}{}.jsonl", &hash[..32])
}

fn push_line(bytes: &mut Vec<u8>, value: &impl Serialize) -> serde_json::Result<()> {
    serde_json::to_writer(&mut *bytes, value)?;
    bytes.push(b'\n');
    Ok(())
}

fn parse_line<'a, T: Deserialize<'a>>(line: &'a [u8]) -> Result<T, String> {
    serde_json::from_slice(line).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn ledger() -> Ledger {
        let look = Some(Look { size: 9, modified: 1_700_000_000_000_000_000, changed: Some(7) });
        let sources = [
            ("/a".to_owned(), Entry { articles: 1, look, ..Entry::default() }),
            ("/b".to_owned(), Entry::default()),
        ];
        Ledger { roots: vec!["/".to_owned()], sources: sources.into(), ..Ledger::default() }
    }

    #[test]
    fn a_ledger_comes_back_as_it_was_and_damage_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let name = ledger().write(&disk::RealDisk, folder.path()).unwrap();
        assert_eq!(Ledger::read(folder.path(), &name).unwrap(), ledger());
        let path = folder.path().join(&name);
        let mut bytes = fs::read(&path).unwrap();
        bytes[20] ^= 1;
        fs::write(&path, bytes).unwrap();
        assert!(matches!(Ledger::read(folder.path(), &name), Err(IndexError::Ledger { .. })));
    }

    #[test]
    fn how_roots_are_walked_comes_back_and_ledgers_of_before_have_it_not() {
        let hidden = Way::of(&article::WalkOptions { hidden: true, ..article::WalkOptions::default() });
        let roots = ["/", "/a"].map(|path| Root { path: path.into(), way: Way::default() });
        let mut ledger = Ledger::default();
        ledger.add_roots(&roots);
        let of_before = ledger.roots();
        ledger.add_roots(&[Root { way: hidden.clone(), ..roots[1].clone() }]);
        let folder = tempfile::tempdir().unwrap();
        let name = ledger.write(&disk::RealDisk, folder.path()).unwrap();
        let read = Ledger::read(folder.path(), &name).unwrap();
        assert_eq!((read.roots()[1].way.clone(), &read.roots()[0]), (hidden, &roots[0]));
        ledger.add_roots(&roots);
        assert_eq!(ledger.roots(), of_before);
        let older = Ledger::parse(b"{\"roots\":[\"/\",\"/a\"]}\n").unwrap();
        assert_eq!(older.roots(), of_before);
    }

    #[test]
    fn members_are_known_by_the_archive_they_lie_in() {
        let of = |path: &str| ledger().archive_of(Path::new(path));
        assert_eq!(of("/a"), None);
        assert_eq!(of("/a/inner.zip/b.txt").as_deref(), Some("/a"));
        assert_eq!(of("-/b.txt").as_deref(), Some("-"));
        assert_eq!(of("/c/b.txt"), None);
    }

    fn look(modified: u64, changed: Option<u64>, now: u64) -> Option<Look> {
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        let input = Input {
            path: "/a".into(),
            format: None,
            size: 1,
            modified: Some(at(modified)),
            changed: changed.map(at),
            hidden: false,
            may_be_link: false,
            preprocessor: None,
        };
        Look::of(&input, at(now))
    }

    #[test]
    fn a_file_changed_just_now_is_not_relied_on() {
        assert_eq!(look(1_000, None, 1_001), None);
        assert!(look(1_000, None, 1_003).is_some());
        assert_eq!(look(1_000, None, 0), None);
        assert_eq!(look(1_000, Some(2_000), 2_001), None);
    }

    #[test]
    fn a_time_that_was_set_back_hides_no_change() {
        let [before, after, older] =
            [Some(2_000), Some(3_000), None].map(|changed| look(1_000, changed, 9_000).unwrap());
        assert!(before.is_still(&before) && !before.is_still(&after));
        assert!(older.is_still(&after), "ledgers of before do not have it");
    }
}
