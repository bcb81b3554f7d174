//! Collections, engines and tables for tests.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use engine::{Engine, SearchRequest};
use indexer::{Config, Event, Report, update};
use query::LocalEngine;
use syntax::{Node, Options, Query, parse};
use tempfile::TempDir;

/// An index in a folder of its own.
pub(crate) struct Collection {
    pub(crate) folder: TempDir,
    pub(crate) index: PathBuf,
}

impl Collection {
    /// An empty folder of articles, and a place for its index.
    pub(crate) fn new() -> Collection {
        let folder = tempfile::tempdir().unwrap();
        let index = folder.path().join("index");
        fs::create_dir(folder.path().join("articles")).unwrap();
        Collection { folder, index }
    }

    /// An index of existing folders or files.
    pub(crate) fn of(roots: &[&Path]) -> Collection {
        let collection = Collection::new();
        let roots = roots.iter().map(|root| root.to_path_buf()).collect();
        update(&Config::new(collection.index.clone(), roots), &|_: &Event<'_>| {}).unwrap();
        collection
    }

    pub(crate) fn articles(&self) -> PathBuf {
        self.folder.path().join("articles")
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.articles().join(name), text).unwrap();
    }

    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.articles().join(name)).unwrap();
    }

    /// Brings the index up to date with the folder.
    pub(crate) fn update(&self) -> Report {
        update(&Config::new(self.index.clone(), vec![self.articles()]), &|_: &Event<'_>| {}).unwrap()
    }

    pub(crate) fn engine(&self) -> LocalEngine {
        LocalEngine::open(&self.index).unwrap()
    }
}

/// The tree of a query that must parse.
pub(crate) fn tree(text: &str) -> Query {
    let parsed = parse(text, &Options::default());
    let mut query = parsed.query.unwrap_or_else(|| panic!("{text}: {:?}", parsed.diagnostics));
    let actors = std::cell::LazyCell::new(actors::Actors::builtin);
    query.each_mut(&mut |part| {
        let span = part.span;
        if let Node::Actor(id, forms) = &mut part.node {
            let form = |form: &actors::Form| {
                let text = form.text.clone();
                let node = if form.exact_case { Node::Exact(text) } else { Node::Phrase(text, 0) };
                Query { node, span }
            };
            *forms = actors.get(id).unwrap().forms.iter().map(form).collect();
        }
    });
    query
}

/// A request for every hit of a query.
pub(crate) fn request(text: &str) -> SearchRequest {
    SearchRequest { limit: usize::MAX, ..SearchRequest::new(tree(text)) }
}

/// The names of the files that match, up to the first character of `until`: `003` of `003_80730a.txt`.
pub(crate) fn files(
    engine: &LocalEngine,
    request: &SearchRequest,
    until: char,
) -> Result<BTreeSet<String>, String> {
    let response = engine.search(request).map_err(|error| error.to_string())?;
    assert_eq!(
        response.total.map(|total| total.articles),
        Some(response.hits.len() as u64),
        "total of {}",
        request.query
    );
    let name =
        |path: &Path| path.file_name().unwrap().to_string_lossy().split(until).next().unwrap().to_owned();
    Ok(response.hits.iter().map(|hit| name(&hit.source.path)).collect())
}

/// The rows of a table of tab-separated values without its head.
pub(crate) fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

/// The project's own collection.
pub(crate) fn seeds() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../seeds")
}

/// Material beside the checkout, which a user's clone does not have. Says loudly when it is absent.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(name);
    if path.exists() {
        return Some(path);
    }
    let _ = writeln!(std::io::stderr(), "SKIPPED: {} is not there", path.display());
    None
}
