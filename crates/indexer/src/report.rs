use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// What a run did. `found = indexed + unchanged + the sum of skipped`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Articles met, and files and records that gave none.
    pub found: u64,
    /// Articles added or replaced.
    pub indexed: u64,
    /// How many of those took the place of an earlier version in their file.
    pub replaced: u64,
    /// How many of those are the same as an article that was there already or came up before: they are a place of it, and no article
    /// of their own.
    pub duplicates: u64,
    /// Articles that were in the index as they are.
    pub unchanged: u64,
    /// Articles taken out: their file or record is gone.
    pub removed: u64,
    /// What gave no article, by reason.
    pub skipped: BTreeMap<Cow<'static, str>, u64>,
    /// Articles in the index after the run.
    pub articles: u64,
    /// Bytes of the articles read.
    pub bytes: u64,
    /// Sources kept although they could not be read this time.
    pub kept: u64,
    /// Files and folders that were walked, `-` for standard input.
    pub roots: Vec<PathBuf>,
    /// Time from start to durable commit.
    pub took: Duration,
}

impl Report {
    /// How much was skipped, for any reason.
    pub fn skipped_total(&self) -> u64 {
        self.skipped.values().sum()
    }
}

/// Something that gave no article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skip {
    /// The file.
    pub path: PathBuf,
    /// A short key for counting: `malformed`.
    pub reason: Cow<'static, str>,
    /// What, where and what to do.
    pub message: String,
    /// The same file gives it again when it is read in the same way.
    pub is_lasting: bool,
}

/// What happens during a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// The folders were walked: this much is new or changed.
    Planned {
        /// Files to read.
        files: u64,
        /// Their bytes.
        bytes: u64,
    },
    /// An article was read.
    Read {
        /// Its bytes.
        bytes: u64,
    },
    /// Something gave no article.
    Skipped(&'a Skip),
    /// Everything so far is durable.
    Committed {
        /// Articles in the index.
        articles: u64,
    },
}

/// Is told of events while they happen, from any thread.
pub trait Observer: Sync {
    /// Called for every event; should return quickly.
    fn event(&self, event: &Event<'_>);
}

impl<F: Fn(&Event<'_>) + Sync> Observer for F {
    fn event(&self, event: &Event<'_>) {
        self(event);
    }
}
