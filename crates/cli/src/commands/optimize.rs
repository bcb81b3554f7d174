//! `morgue optimize`: one segment instead of many.

use indexer::optimize;

use crate::args::Args;
use crate::collection::index_folder;
use crate::failure::Failure;
use crate::output::Outcome;
use crate::render::{counted, lasting};

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let done = optimize(&index_folder(args))?;
    let articles = counted(done.articles, "article");
    if done.was_optimal {
        anstream::eprintln!("nothing to do: {articles} in {}", counted(done.segments as u64, "segment"));
    } else {
        let segments = counted(done.segments as u64, "segment");
        anstream::eprintln!("made {segments} into one: {articles}, in {}", lasting(done.took));
    }
    Ok(Outcome::Found)
}
