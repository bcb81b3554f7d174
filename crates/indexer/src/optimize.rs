//! One segment instead of many: every query asks each segment, so few are faster.

use std::path::Path;
use std::time::{Duration, Instant};

use schema::Manifest;

use crate::config::Config;
use crate::error::IndexError;
use crate::generation::Target;
use crate::lock::WriterLock;

/// What optimizing an index did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Optimized {
    /// Segments before.
    pub segments: usize,
    /// It was one segment without deleted articles already, and nothing was done.
    pub was_optimal: bool,
    /// Articles in the index.
    pub articles: u64,
    /// How long it took.
    pub took: Duration,
}

/// Merges the segments of the index in a folder into one, without what has been deleted. Readers are not disturbed. When this
/// is interrupted, the index is as it was before.
///
/// # Errors
/// When there is no index, another process writes to it, it is damaged, or the engine or the disk fails.
pub fn optimize(index: &Path) -> Result<Optimized, IndexError> {
    let start = Instant::now();
    Manifest::read(index)?;
    let _lock = WriterLock::acquire(index)?;
    let target = Target::open(&Config::new(index.to_owned(), Vec::new()))?;
    let segments = target.segment_count();
    let was_optimal = !target.make_one_segment()?;
    Ok(Optimized { segments, was_optimal, articles: target.article_count(), took: start.elapsed() })
}
