//! Takes articles out of an index by the names people have for them: files, folders, standard input, ids.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use article::STANDARD_INPUT;
use schema::{Manifest, source_key};
use segments::Writer;
use tantivy::schema::Term;

use crate::committed::Committed;
use crate::config::Config;
use crate::copies::Withheld;
use crate::error::IndexError;
use crate::generation::Target;
use crate::ledger::Ledger;
use crate::lock::WriterLock;
use crate::merge::Merge;
use crate::pipeline::key_of_standard_input;

/// What was taken out of an index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// How many records that articles were read from.
    pub removed: u64,
    /// For how many of those the article stays, because it was read from elsewhere too.
    pub elsewhere: u64,
    /// Names under which the index has nothing.
    pub unknown: Vec<PathBuf>,
    /// Names of what the next update would bring back, because it lies below a folder that the index is made from.
    pub returning: Vec<PathBuf>,
    /// Articles in the index now.
    pub articles: u64,
    /// How long it took.
    pub took: Duration,
}

/// Takes out the articles of files, of all files below folders, of standard input (`-`), or, by their ids, single ones that came
/// from standard input. Files and folders that were named when the index was made are no longer read by updates. One durable
/// commit, or none where there is nothing to do.
///
/// # Errors
/// When there is no index, another process writes to it, it is damaged, or the engine or the disk fails.
pub fn remove(index: &Path, names: &[PathBuf]) -> Result<Removed, IndexError> {
    remove_with(&Config::new(index.to_owned(), Vec::new()), names)
}

/// The same for the index of a configuration, with its memory and on its disk. What else it says is for updates.
///
/// # Errors
/// As [`remove`].
pub fn remove_with(config: &Config, names: &[PathBuf]) -> Result<Removed, IndexError> {
    let start = Instant::now();
    Manifest::read(&config.index)?;
    let place = config.place();
    let _lock = WriterLock::acquire(&place)?;
    let mut target = Target::open(&place, false)?;
    let mut removal = Removal {
        writer: target.writer(config)?,
        ledger: target.ledger.clone(),
        from_standard_input: target.keys_of(STANDARD_INPUT)?,
        gone: HashSet::new(),
        target: &target,
    };
    let (roots, mut removed) = (target.ledger.roots(), Removed::default());
    for name in names {
        let path = article::absolute(name);
        match removal.take_below(&path)? + removal.take_id(name)? {
            0 => removed.unknown.push(name.clone()),
            articles => removed.removed += articles,
        }
        if path.exists() && roots.iter().any(|root| path.starts_with(&root.path) && path != root.path) {
            removed.returning.push(name.clone());
        }
    }
    removed.elsewhere = removal.merge(config)?;
    let Removal { writer, ledger, .. } = removal;
    if removed.removed > 0 || ledger != target.ledger {
        target.commit(writer, ledger)?;
    }
    (removed.articles, removed.took) = (target.article_count(), start.elapsed());
    Ok(removed)
}

struct Removal<'a> {
    target: &'a Target,
    writer: Writer,
    ledger: Ledger,
    /// Keys of the articles from standard input that are not taken out.
    from_standard_input: HashSet<u64>,
    /// Keys of all that is taken out.
    gone: HashSet<u64>,
}

impl Removal<'_> {
    /// The articles of a file, or of all below a folder.
    fn take_below(&mut self, path: &Path) -> Result<u64, IndexError> {
        let is_below = |key: &str| source_key::from_text(key).starts_with(path);
        self.ledger.forget_roots(is_below);
        let sources: Vec<String> =
            self.ledger.sources.keys().filter(|source| is_below(source)).cloned().collect();
        let mut articles = 0;
        if path == Path::new(STANDARD_INPUT) {
            articles += self.from_standard_input.len() as u64;
            self.gone.extend(self.from_standard_input.drain());
            self.delete(Term::from_field_text(self.target.fields.source, STANDARD_INPUT))?;
        }
        for source in sources {
            let keys = self.target.keys_of(&source)?;
            articles += keys.len() as u64;
            self.gone.extend(keys);
            self.delete(Term::from_field_text(self.target.fields.source, &source))?;
            self.ledger.sources.remove(&source);
        }
        Ok(articles)
    }

    /// The article of an id that came from standard input.
    fn take_id(&mut self, id: &Path) -> Result<u64, IndexError> {
        let key = id.to_str().map(key_of_standard_input);
        let Some(key) = key.filter(|key| self.from_standard_input.remove(key)) else { return Ok(0) };
        self.delete(Term::from_field_u64(self.target.fields.key, key))?;
        self.gone.insert(key);
        Ok(1)
    }

    fn delete(&self, term: Term) -> Result<(), IndexError> {
        self.writer.delete_term(term).map_err(self.target.engine_error())
    }

    /// Articles that were read from elsewhere too stay. Returns how many records were taken from them.
    fn merge(&self, config: &Config) -> Result<u64, IndexError> {
        let Removal { target, writer, ledger, gone, .. } = self;
        let failed = target.engine_error();
        let committed = Committed::open(&target.searcher(), target.fields).map_err(&failed)?;
        let (committed, fields, threads) = (&committed, &target.fields, config.threads);
        let merge = Merge { committed, writer, fields, ledger, gone, threads };
        Ok(merge.run(Withheld::nothing_but(Vec::new())).map_err(&failed)?.left)
    }
}
