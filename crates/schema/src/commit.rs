//! The last commit of a generation: the engine's `meta.json`, with a table of the files it is made of.
//!
//! The table is a member of `meta.json`, which the engine passes over, so that a commit and the checksums of its files become
//! true at the same moment. [`seal`](crate::seal()) protects the file itself.
//!
//! A row has the checksum of a file, and how the file looked when it was written: its size and the times of its last changes,
//! which no program can set back. A file that still looks so has not been altered through the file system. Any other is read
//! whole and compared before something of it is served.

use std::fs::{self, Metadata};
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::checksum::checksums;
use crate::damage::{Damage, Fault};
use crate::file::read_file;
use crate::manifest::SCHEMA_VERSION;
use crate::seal::{Seal, seal};

/// Name of the engine's file in the folder of a generation.
pub const META_FILE: &str = "meta.json";

/// The member of it that is ours.
const MEMBER: &str = "morgue";

/// The last commit of a generation.
#[derive(Clone, Debug)]
pub struct Commit {
    /// `meta.json` as it is on disk.
    pub bytes: Vec<u8>,
    /// The files of its segments; `None` where the index was made before there were tables.
    pub files: Option<Vec<FileRow>>,
    /// The schema they were made with; `None` where there is no table.
    pub schema_version: Option<u32>,
}

/// A file as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Row", into = "Row")]
pub struct FileRow {
    /// Its name, in the folder of the generation.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// CRC-32 of its content.
    pub crc: u32,
    /// How it looked.
    pub stamp: Stamp,
}

/// Times of the last change of a file, in nanoseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// Of its content, as far as nobody has set another time.
    pub modified: i64,
    /// Of its content or what is known of it; 0 where the system has no such time.
    pub changed: i64,
}

/// A row on disk: name, bytes, checksum, times.
#[derive(Serialize, Deserialize)]
struct Row(String, u64, u32, i64, i64);

/// What our member holds.
#[derive(Serialize, Deserialize)]
struct Member {
    schema_version: u32,
    files: Vec<FileRow>,
}

/// What we read of `meta.json`.
#[derive(Deserialize)]
struct Meta {
    morgue: Option<Member>,
}

impl From<Row> for FileRow {
    fn from(Row(name, bytes, crc, modified, changed): Row) -> FileRow {
        FileRow { name, bytes, crc, stamp: Stamp { modified, changed } }
    }
}

impl From<FileRow> for Row {
    fn from(row: FileRow) -> Row {
        Row(row.name, row.bytes, row.crc, row.stamp.modified, row.stamp.changed)
    }
}

impl Stamp {
    /// The stamp of a file.
    #[cfg(unix)]
    pub fn of(metadata: &Metadata) -> Stamp {
        use std::os::unix::fs::MetadataExt;
        let time =
            |seconds: i64, nanoseconds: i64| seconds.wrapping_mul(1_000_000_000).wrapping_add(nanoseconds);
        Stamp {
            modified: time(metadata.mtime(), metadata.mtime_nsec()),
            changed: time(metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    /// The stamp of a file.
    #[cfg(not(unix))]
    pub fn of(metadata: &Metadata) -> Stamp {
        let modified = metadata.modified().ok();
        let since = modified.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        let nanoseconds = since.and_then(|since| i64::try_from(since.as_nanos()).ok());
        Stamp { modified: nanoseconds.unwrap_or(0), changed: 0 }
    }
}

impl Commit {
    /// The last commit of the generation in `folder`, which this version has written.
    ///
    /// # Errors
    /// When `meta.json` is missing, cannot be read, or is damaged.
    pub fn read(folder: &Path) -> Result<Commit, Damage> {
        Commit::read_with(folder, |commit| commit.files.is_some())
    }

    /// The same of a generation that an older version may have written, which had no table of files.
    ///
    /// # Errors
    /// See [`read`](Self::read).
    pub fn read_older(folder: &Path) -> Result<Commit, Damage> {
        Commit::read_with(folder, |_| true)
    }

    fn read_with(folder: &Path, is_complete: impl Fn(&Commit) -> bool) -> Result<Commit, Damage> {
        let path = folder.join(META_FILE);
        let bytes = read_file(&path).map_err(|error| Damage::of(&path, error))?;
        let malformed = |message: String| Damage::new(&path, Fault::Malformed(message));
        let sealed = Seal::of(&bytes);
        if sealed == Seal::Broken {
            return Err(Damage::new(path, Fault::Content));
        }
        let meta: Meta = serde_json::from_slice(&bytes).map_err(|error| malformed(error.to_string()))?;
        let (files, schema_version) = match (meta.morgue, sealed) {
            (Some(member), Seal::Whole) => (Some(member.files), Some(member.schema_version)),
            (None, Seal::None) => (None, None),
            _ => return Err(malformed("it has a table of files or a checksum, but not both".to_owned())),
        };
        let commit = Commit { bytes, files, schema_version };
        if is_complete(&commit) {
            return Ok(commit);
        }
        Err(malformed("it has no table of files".to_owned()))
    }

    /// The content of a `meta.json` that has these files.
    ///
    /// # Errors
    /// When `meta` is not what the engine writes.
    pub fn with_files(meta: &[u8], files: Vec<FileRow>) -> io::Result<Vec<u8>> {
        let mut meta: Value = serde_json::from_slice(meta)?;
        let object = meta.as_object_mut().ok_or_else(|| io::Error::other("meta.json is no object"))?;
        object.remove("checksum");
        let member = Member { schema_version: SCHEMA_VERSION, files };
        object.insert(MEMBER.to_owned(), serde_json::to_value(member)?);
        seal(&serde_json::to_vec(&meta)?).ok_or_else(|| io::Error::other("meta.json is empty"))
    }

    /// Makes sure that the files in `folder` are those of the commit, at the cost of looking at each: only those that do not look as
    /// they did are read. Returns these with the looks they have now; all of them are sound.
    ///
    /// # Errors
    /// The first damage found.
    pub fn verify(&self, folder: &Path) -> Result<Vec<FileRow>, Damage> {
        let mut changed = Vec::new();
        for row in self.files.iter().flatten() {
            let stamp = row.look(folder)?;
            if stamp != row.stamp {
                changed.push(FileRow { stamp, ..row.clone() });
            }
        }
        let damages = checksums(folder, &changed, &|_| {});
        damages.into_iter().next().map_or(Ok(changed), Err)
    }
}

impl FileRow {
    /// How the file looks now.
    ///
    /// # Errors
    /// When it is missing, cannot be looked at, or has another length.
    pub fn look(&self, folder: &Path) -> Result<Stamp, Damage> {
        let path = folder.join(&self.name);
        let metadata = fs::metadata(&path).map_err(|error| Damage::of(&path, error))?;
        if metadata.len() != self.bytes {
            let fault = Fault::Length { found: metadata.len(), expected: self.bytes };
            return Err(Damage::new(path, fault));
        }
        Ok(Stamp::of(&metadata))
    }
}
