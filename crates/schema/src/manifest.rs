//! The manifest: by which rules an index was made, and which generation of it is live.
//!
//! ```text
//! index/manifest.json        this; replaced by one atomic rename
//! index/writer.lock          held by the process that writes
//! index/generation-7/        the files of the live index
//! ```

use std::io;
use std::path::{Path, PathBuf};

use disk::{Disk, RealDisk};
use serde::{Deserialize, Serialize};

use crate::commit::META_FILE;
use crate::damage::{Damage, Fault};
use crate::file::read_file;
use crate::seal::{Seal, seal};

/// Version of fields, analyzers and stored forms. Any change to one of them raises it.
pub const SCHEMA_VERSION: u32 = 7;

/// The first version whose small files have checksums and whose commits have tables of files (see [`crate::Commit`]).
const SEALED_SINCE: u32 = 5;

/// The oldest version whose articles can be read, to be written anew in this one: its cards, notes and texts are as they are now.
pub const OLDEST_VERSION: u32 = 3;

/// Name of the file in the index folder that a writer locks.
pub const LOCK_FILE: &str = "writer.lock";

/// Name of the manifest in the index folder.
pub const MANIFEST_FILE: &str = "manifest.json";

/// What `manifest.json` holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The schema the index was made with.
    pub schema_version: u32,
    /// The release that made it.
    pub made_by: String,
    /// The live generation.
    pub generation: Generation,
}

/// An index of an older version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OlderIndex {
    /// The version.
    pub schema_version: u32,
    /// Its live generation.
    pub generation: Generation,
}

/// A generation: one complete index in a folder of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Generation(pub u64);

/// Why an index cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// There is none.
    #[error("no index in {}", .0.display())]
    Missing(PathBuf),
    /// It cannot be read.
    #[error("cannot read {}", .path.display())]
    Unreadable {
        /// The manifest.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is not what we write.
    #[error(transparent)]
    Damaged(Damage),
    /// An older version made it, which can be brought to this one.
    #[error("the index in {} has schema version {found}; this morgue searches version {SCHEMA_VERSION}", .folder.display())]
    Older {
        /// The index folder.
        folder: PathBuf,
        /// The version found.
        found: u32,
        /// The live generation.
        generation: Generation,
    },
    /// A version made it that is too old.
    #[error("the index in {} has schema version {found}; this morgue knows versions {OLDEST_VERSION} to {SCHEMA_VERSION}", .folder.display())]
    TooOld {
        /// The index folder.
        folder: PathBuf,
        /// The version found.
        found: u32,
    },
    /// A newer version made it.
    #[error("the index in {} has schema version {found}, of a newer morgue; this one knows versions up to {SCHEMA_VERSION}", .folder.display())]
    Newer {
        /// The index folder.
        folder: PathBuf,
        /// The version found.
        found: u32,
    },
}

impl Manifest {
    /// A manifest for a new index.
    pub fn new(generation: Generation) -> Manifest {
        let made_by = format!("morgue {}", env!("CARGO_PKG_VERSION"));
        Manifest { schema_version: SCHEMA_VERSION, made_by, generation }
    }

    /// Reads the manifest of the index in `folder`.
    ///
    /// # Errors
    /// When there is none, or it cannot be read or understood, or another version made the index.
    pub fn read(folder: &Path) -> Result<Manifest, ManifestError> {
        let path = folder.join(MANIFEST_FILE);
        let bytes = match read_file(&path) {
            Ok(bytes) => bytes,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Err(ManifestError::Missing(folder.to_owned()));
            }
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(ManifestError::Damaged(Damage::of(path, error)));
            }
            Err(source) => return Err(ManifestError::Unreadable { path, source }),
        };
        let sealed = Seal::of(&bytes);
        if sealed == Seal::Broken {
            return Err(ManifestError::Damaged(Damage::new(path, Fault::Content)));
        }
        let malformed =
            |message: String| ManifestError::Damaged(Damage::new(&path, Fault::Malformed(message)));
        check_version(folder, &bytes, &malformed)?;
        let manifest: Manifest =
            serde_json::from_slice(&bytes).map_err(|error| malformed(error.to_string()))?;
        if sealed == Seal::None && manifest.schema_version >= SEALED_SINCE {
            return Err(malformed("it has no checksum".to_owned()));
        }
        Ok(manifest)
    }

    /// What is known of the index in `folder` where an older version made it that can be brought to this one; `None` where it is of
    /// this version.
    ///
    /// # Errors
    /// As [`read`](Self::read), but for such older versions.
    pub fn read_older(folder: &Path) -> Result<Option<OlderIndex>, ManifestError> {
        match Manifest::read(folder) {
            Ok(_) => Ok(None),
            Err(ManifestError::Older { found, generation, .. }) => {
                Ok(Some(OlderIndex { schema_version: found, generation }))
            }
            Err(error) => Err(error),
        }
    }

    /// Replaces the manifest in `folder`; durable when this returns.
    ///
    /// # Errors
    /// When a file cannot be written, named or synced.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        self.write_on(&RealDisk, folder)
    }

    /// The same on any disk.
    ///
    /// # Errors
    /// When a file cannot be written, named or synced. Readers see the old manifest or this one then.
    pub fn write_on(&self, disk: &dyn Disk, folder: &Path) -> io::Result<()> {
        let bytes = serde_json::to_vec_pretty(self)?;
        let sealed = seal(&bytes).ok_or_else(|| io::Error::other("the manifest is no object"))?;
        disk.replace_file(&folder.join(MANIFEST_FILE), &sealed)
    }
}

/// The manifest of an index and the engine's list of its files, where they can be read: what changes with every commit and every rebuild.
pub fn state(index: &Path) -> (Option<Manifest>, Option<Vec<u8>>) {
    let manifest = Manifest::read(index).ok();
    let folder = manifest.as_ref().map(|manifest| manifest.generation.folder(index));
    (manifest, folder.and_then(|folder| read_file(&folder.join(META_FILE)).ok()))
}

/// The version is looked at first: another version's manifest may have other members.
fn check_version(
    folder: &Path,
    bytes: &[u8],
    malformed: &dyn Fn(String) -> ManifestError,
) -> Result<(), ManifestError> {
    #[derive(Deserialize)]
    struct Version {
        schema_version: u32,
    }
    /// What the manifests of all older versions have.
    #[derive(Deserialize)]
    struct Older {
        generation: Generation,
    }
    let not_ours = |error: serde_json::Error| malformed(error.to_string());
    let found = serde_json::from_slice::<Version>(bytes).map_err(not_ours)?.schema_version;
    let folder = folder.to_owned();
    match found {
        SCHEMA_VERSION => Ok(()),
        OLDEST_VERSION..SCHEMA_VERSION => {
            let Older { generation } = serde_json::from_slice(bytes).map_err(not_ours)?;
            Err(ManifestError::Older { folder, found, generation })
        }
        0..OLDEST_VERSION => Err(ManifestError::TooOld { folder, found }),
        _ => Err(ManifestError::Newer { folder, found }),
    }
}

impl Generation {
    /// The folder of this generation inside the index folder.
    pub fn folder(self, index: &Path) -> PathBuf {
        index.join(format!("generation-{}", self.0))
    }

    /// The generation a folder of this name holds.
    pub fn from_folder_name(name: &str) -> Option<Generation> {
        name.strip_prefix("generation-")?.parse().ok().map(Generation)
    }
}
