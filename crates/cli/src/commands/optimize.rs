//! `morgue optimize`: one segment in a good order.

use indexer::optimize;
use schema::SCHEMA_VERSION;

use crate::args::Args;
use crate::collection::index_folder;
use crate::failure::Failure;
use crate::output::Outcome;
use crate::render::{counted, lasting};

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let done = optimize(&index_folder(args))?;
    let articles = counted(done.articles, "article");
    if let Some(version) = done.migrated_from {
        anstream::eprintln!(
            "the index was of schema version {version}, and is of version {SCHEMA_VERSION} now"
        );
    }
    if done.was_optimal {
        anstream::eprintln!("nothing to do: {articles} in one segment and in order");
    } else {
        let segments = counted(done.segments as u64, "segment");
        anstream::eprintln!("made {segments} into one in order: {articles}, in {}", lasting(done.took));
    }
    Ok(Outcome::Found)
}
