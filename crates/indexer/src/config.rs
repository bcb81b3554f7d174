use std::path::PathBuf;
use std::sync::Arc;

use article::{Limits, Mapping, SplitOptions, WalkOptions};
use disk::{Disk, RealDisk};

use crate::place::IndexPlace;

/// What to index, where to, and with how much of the machine.
#[derive(Clone, Debug)]
pub struct Config {
    /// The index folder; made when it is not there.
    pub index: PathBuf,
    /// Files and folders, `-` for standard input. Empty: the roots of the last run.
    pub roots: Vec<PathBuf>,
    /// What to pass over in folders, and the format that files are read as. The index remembers it with each root, but for the command
    /// that makes text of files: later runs that do not name the root walk it in the same way.
    pub walk: WalkOptions,
    /// What is too large to read.
    pub limits: Limits,
    /// The user's own names of columns and keys.
    pub mapping: Mapping,
    /// Threads that read articles and add them.
    pub threads: usize,
    /// Bytes that articles take in memory before a segment is made of them. While that is written, the next one is begun.
    pub memory_bytes: usize,
    /// Build a new generation from nothing instead of updating.
    pub rebuild: bool,
    /// What the index folder is changed through.
    pub disk: Arc<dyn Disk>,
}

impl Config {
    /// Default settings for an index of `roots` in `index`.
    pub fn new(index: PathBuf, roots: Vec<PathBuf>) -> Config {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
        Config {
            index,
            roots,
            walk: WalkOptions::default(),
            limits: Limits::default(),
            mapping: Mapping::default(),
            threads,
            memory_bytes: 512_000_000,
            rebuild: false,
            disk: Arc::new(RealDisk),
        }
    }

    /// How files are cut into records.
    pub(crate) fn split_options(&self) -> SplitOptions<'_> {
        SplitOptions { limits: self.limits, mapping: &self.mapping }
    }

    /// The index folder and its disk.
    pub(crate) fn place(&self) -> IndexPlace {
        IndexPlace::new(&self.index, &self.disk)
    }
}
