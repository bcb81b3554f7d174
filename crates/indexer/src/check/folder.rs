//! What lies in the folders of an index and belongs to nothing.

use std::fs;
use std::path::Path;

use schema::{Commit, LOCK_FILE, MANIFEST_FILE, META_FILE};
use store::WORDS_PREFIX;

use super::Finding;
use crate::aside::ASIDE_PREFIX;
use crate::checked::Needed;
use crate::ledger::Ledger;

/// What the engine locks.
const ENGINE_LOCKS: [&str; 2] = [".tantivy-meta.lock", ".tantivy-writer.lock"];

/// Files that belong neither to the index nor to its live generation, and damaged generations that were kept.
pub(super) fn strays(
    index: &Path,
    generation: &Path,
    commit: &Commit,
    ledger: Option<&(String, Ledger)>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    each_name(index, |name| {
        if name.starts_with(ASIDE_PREFIX) {
            found.push(Finding::new(
                index.join(name),
                "was put aside by a repair; remove it when it is not needed",
            ));
        } else if index.join(name) != generation && ![LOCK_FILE, MANIFEST_FILE, "README.md"].contains(&name) {
            found.push(Finding::new(index.join(name), "does not belong to the index"));
        }
    });
    let Ok(needed) = Needed::by(&commit.bytes) else { return found };
    let is_list = |name: &str| {
        name.strip_prefix(WORDS_PREFIX).is_some_and(|id| needed.ids().any(|segment| segment == id))
    };
    each_name(generation, |name| {
        let belongs = name == META_FILE
            || ledger.is_none_or(|(file, _)| file == name)
            || needed.has(name)
            || is_list(name)
            || ENGINE_LOCKS.contains(&name);
        if !belongs {
            let what = "does not belong to the index; the next `morgue index` that changes something removes what a crash left";
            found.push(Finding::new(generation.join(name), what));
        }
    });
    found
}

fn each_name(folder: &Path, mut take: impl FnMut(&str)) {
    for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        take(&entry.file_name().to_string_lossy());
    }
}
