//! One segment instead of many, because every query asks each segment, and like articles next to each other.

use std::collections::HashSet;
use std::path::Path;
use std::time::{Duration, Instant};

use schema::{Content, Manifest, ManifestError};

use crate::committed::Committed;
use crate::config::Config;
use crate::copies::Withheld;
use crate::error::IndexError;
use crate::generation::Target;
use crate::lock::WriterLock;
use crate::merge::Merge;
use crate::migrate::migrate;
use crate::place::IndexPlace;
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
/// and faster (see [`segments::order`]). Readers are not disturbed. When this is interrupted, the index is as it was before, or
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
    let was_optimal = target.is_optimal()? && copies_of(&target)?.is_empty();
    if !was_optimal {
        target.verify()?;
        target = one_segment(target, &place)?;
        if merge_copies(&mut target, config)? {
            target = one_segment(target, &place)?;
        }
        reorder(&target, config)?;
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

fn one_segment(target: Target, place: &IndexPlace) -> Result<Target, IndexError> {
    if target.make_one_segment()? { Target::open(place, false) } else { Ok(target) }
}

/// Contents that several articles of one segment have.
fn copies_of(target: &Target) -> Result<Vec<Content>, IndexError> {
    let committed = Committed::open(&target.searcher(), target.fields);
    committed.and_then(|committed| committed.of_several_articles()).map_err(target.engine_error())
}

/// Makes articles that are the same one with all their places. Updates leave none; an index that was made before there were such
/// articles may have them. Were there any?
fn merge_copies(target: &mut Target, config: &Config) -> Result<bool, IndexError> {
    let copies = copies_of(target)?;
    if copies.is_empty() {
        return Ok(false);
    }
    let failed = target.engine_error();
    let writer = target.writer(config)?;
    let (committed, ledger) = (Committed::open(&target.searcher(), target.fields), target.ledger.clone());
    let merge = Merge {
        committed: &committed.map_err(&failed)?,
        writer: &writer,
        fields: &target.fields,
        ledger: &ledger,
        gone: &HashSet::new(),
        threads: config.threads,
    };
    merge.run(Withheld::nothing_but(copies)).map_err(&failed)?;
    target.commit(writer, ledger)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use schema::{Fields, Origin};
    use tantivy::DocAddress;

    use super::*;
    use crate::report::Event;
    use crate::update::update;

    /// Adds the first article once more, as if it had been read from another file.
    fn add_again(config: &Config, name: &str) {
        let mut target = Target::open(&config.place(), false).unwrap();
        let writer = target.writer(config).unwrap();
        let committed = Committed::open(&target.searcher(), target.fields).unwrap();
        let (article, _) = committed.read(DocAddress::new(0, 0), &target.ledger).unwrap();
        let place = article::Place { path: Path::new("/elsewhere").join(name), line: 1 };
        let origin = Origin { place, key: name.len() as u64, archive: None };
        writer.add_document(&article.document(vec![origin], &Fields::of_schema())).unwrap();
        let ledger = target.ledger.clone();
        target.commit(writer, ledger).unwrap();
    }

    #[test]
    fn articles_that_are_the_same_become_one_with_all_places() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.txt"), "NATO met in Madrid until late in the evening.").unwrap();
        let config = Config::new(folder.path().join("index"), vec![folder.path().join("a.txt")]);
        update(&config, &|_: &Event<'_>| {}).unwrap();
        add_again(&config, "b");
        add_again(&config, "cc");
        assert_eq!(
            optimize(&config.index).map(|done| (done.articles, done.was_optimal)).unwrap(),
            (1, false)
        );
        assert!(optimize(&config.index).unwrap().was_optimal);
        let target = Target::open(&config.place(), false).unwrap();
        let committed = Committed::open(&target.searcher(), target.fields).unwrap();
        let (article, origins) = committed.read(DocAddress::new(0, 0), &target.ledger).unwrap();
        assert_eq!(origins.iter().map(|origin| origin.key).collect::<Vec<_>>()[..2], [1, 2]);
        assert_eq!((origins.len(), article.article().also.len()), (3, 2));
    }
}
