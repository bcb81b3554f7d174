//! One segment instead of many, because every query asks each segment, and like articles next to each other.

use std::path::Path;
use std::time::{Duration, Instant};

use schema::{Manifest, ManifestError};

use crate::config::Config;
use crate::error::IndexError;
use crate::generation::Target;
use crate::lock::WriterLock;
use crate::migrate::migrate;
use crate::reorder::reorder;

/// What optimizing an index did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Optimized {
    /// Segments before.
    pub segments: usize,
    /// It was one segment without deleted articles already, and nothing was done.
    pub was_optimal: bool,
    /// The version it was of, where it was an older one.
    pub migrated_from: Option<u32>,
    /// Articles in the index.
    pub articles: u64,
    /// How long it took.
    pub took: Duration,
}

/// Makes the index in a folder one segment, without what has been deleted, and with the articles in an order that makes it smaller
/// and faster (see [`crate::bisection`]). Readers are not disturbed. When this is interrupted, the index is as it was before, or
/// one segment in the old order. An index of an older version is made one of this version first, from what is stored in it.
///
/// # Errors
/// When there is no index, another process writes to it, it is damaged, or the engine or the disk fails.
pub fn optimize(index: &Path) -> Result<Optimized, IndexError> {
    optimize_with(&Config::new(index.to_owned(), Vec::new()))
}

/// The same for the index of a configuration, with its memory and threads and on its disk. What else it says is for updates.
///
/// # Errors
/// As [`optimize`].
pub fn optimize_with(config: &Config) -> Result<Optimized, IndexError> {
    let start = Instant::now();
    check_manifest(config)?;
    let place = config.place();
    let _lock = WriterLock::acquire(&place)?;
    let old = Manifest::read_older(&config.index)?;
    if let Some(old) = old {
        migrate(&place, old.generation, config)?;
    }
    let mut target = Target::open(&place, false)?;
    let segments = target.segment_count();
    let was_optimal = target.is_optimal()?;
    if !was_optimal {
        target.verify()?;
        if target.make_one_segment()? {
            target = Target::open(&place, false)?;
        }
        reorder(&target, config.memory_bytes, config.threads)?;
    }
    let was_optimal = was_optimal && old.is_none();
    let migrated_from = old.map(|old| old.schema_version);
    let articles = target.article_count();
    Ok(Optimized { segments, was_optimal, migrated_from, articles, took: start.elapsed() })
}

/// Nothing is made, not even a lock, where there is no index that can be read.
fn check_manifest(config: &Config) -> Result<(), ManifestError> {
    match Manifest::read(&config.index) {
        Err(ManifestError::Older { .. }) => Ok(()),
        read => read.map(drop),
    }
}
