//! Which index a command works on. Without `--index` it is `index/`, and on first use it is built from `seeds/`.

use std::path::{Path, PathBuf};

use indexer::{Config, Event, has_index, update};
use query::{LocalEngine, OpenError};
use schema::ManifestError;

use crate::args::Args;
use crate::failure::Failure;
use crate::render::{counted, lasting};

/// The default place of an index.
const DEFAULT_INDEX: &str = "index";

/// The default collection.
pub(crate) const DEFAULT_COLLECTION: &str = "seeds";

/// The folder of the index.
pub(crate) fn index_folder(args: &Args) -> PathBuf {
    args.index.clone().unwrap_or_else(|| PathBuf::from(DEFAULT_INDEX))
}

/// Opens the index; builds the default one on first use, and says so.
pub(crate) fn open(args: &Args) -> Result<LocalEngine, Failure> {
    let folder = index_folder(args);
    match LocalEngine::open(&folder) {
        Err(OpenError::Manifest(ManifestError::Missing(_)))
            if args.index.is_none() && Path::new(DEFAULT_COLLECTION).is_dir() && !has_index(&folder) =>
        {
            build_default(&folder)?;
            Ok(LocalEngine::open(&folder)?)
        }
        opened => Ok(opened?),
    }
}

fn build_default(folder: &Path) -> Result<(), Failure> {
    let config = Config::new(folder.to_owned(), vec![PathBuf::from(DEFAULT_COLLECTION)]);
    let report = update(&config, &|event: &Event<'_>| {
        if let Event::Skipped(skip) = event {
            say!("skipped: {}", crate::render::safe::safe(&skip.message));
        }
    })?;
    say!(
        "no index yet: indexed {} from {DEFAULT_COLLECTION}/ into {DEFAULT_INDEX}/ in {}",
        counted(report.articles, "article"),
        lasting(report.took)
    );
    Ok(())
}
