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
        say!("the index was of schema version {version}, and is of version {SCHEMA_VERSION} now");
    }
    if done.was_optimal {
        say!("nothing to do: {articles} in one segment and in order");
    } else {
        let segments = counted(done.segments as u64, "segment");
        say!("made {segments} into one in order: {articles}, in {}", lasting(done.took));
    }
    Ok(Outcome::Found)
}
