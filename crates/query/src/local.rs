//! The engine over one index on this machine.

use std::path::{Path, PathBuf};
use std::time::Instant;

use article::Article;
use engine::{Engine, Explanation, SearchError, SearchRequest, SearchResponse, Stats};
use schema::{DecodeError, Fields, StoredArticle, source_key};
use syntax::Query;
use tantivy::query::EnableScoring;
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocAddress, DocSet, Searcher, TERMINATED, TantivyDocument, TantivyError};

use crate::lower::Lowering;
use crate::open::{OpenError, open};
use crate::passages::Passages;
use crate::plan::Plan;
use crate::top::{Top, Total, Totals};

/// An index opened for reading. It answers from the state it was opened at.
pub struct LocalEngine {
    pub(crate) searcher: Searcher,
    pub(crate) fields: Fields,
    pub(crate) folder: PathBuf,
}

impl LocalEngine {
    /// Opens the index in a folder.
    ///
    /// # Errors
    /// When there is none, it is of another version, or its files cannot be opened.
    pub fn open(folder: &Path) -> Result<LocalEngine, OpenError> {
        Ok(LocalEngine { searcher: open(folder)?, fields: Fields::of_schema(), folder: folder.to_owned() })
    }

    pub(crate) fn plan(&self, query: &Query, raw: bool) -> Result<Plan, SearchError> {
        Lowering { fields: &self.fields, searcher: &self.searcher, raw }.plan(query)
    }

    pub(crate) fn totals(&self, plan: &Plan) -> Result<Total, SearchError> {
        let query = plan.query(&self.fields);
        self.searcher.search(&query, &Totals).map_err(|error| self.failed("counting", error))
    }

    /// An error of the engine, with what was being done.
    pub(crate) fn failed(&self, doing: &str, error: TantivyError) -> SearchError {
        let context = format!("{doing} in the index {}", self.folder.display());
        SearchError::Engine { context, source: Box::new(error) }
    }

    pub(crate) fn fetch(&self, address: DocAddress) -> Result<StoredArticle, SearchError> {
        let document: TantivyDocument =
            self.searcher.doc(address).map_err(|error| self.failed("reading an article", error))?;
        StoredArticle::decode(&document, &self.fields).map_err(|error| self.damaged(error))
    }

    fn damaged(&self, error: DecodeError) -> SearchError {
        let context = format!("reading an article in the index {}", self.folder.display());
        SearchError::Engine { context, source: Box::new(error) }
    }

    /// The articles that have one of these terms, at most `limit`.
    pub(crate) fn addresses(&self, terms: &[Term], limit: usize) -> tantivy::Result<Vec<DocAddress>> {
        let mut addresses = Vec::new();
        for (ordinal, segment) in self.searcher.segment_readers().iter().enumerate() {
            for term in terms {
                let index = segment.inverted_index(term.field())?;
                let Some(mut postings) = index.read_postings(term, IndexRecordOption::Basic)? else {
                    continue;
                };
                while postings.doc() != TERMINATED && addresses.len() < limit {
                    if !segment.is_deleted(postings.doc()) {
                        addresses.push(DocAddress::new(ordinal as u32, postings.doc()));
                    }
                    postings.advance();
                }
            }
        }
        Ok(addresses)
    }

    /// The terms under which an article of this id, or from this path, is found.
    pub(crate) fn name_terms(&self, id_or_path: &str) -> Vec<Term> {
        let mut terms = vec![Term::from_field_text(self.fields.id, id_or_path)];
        if let Ok(path) = std::path::absolute(id_or_path) {
            terms.push(Term::from_field_text(self.fields.source, &source_key::to_text(&path)));
        }
        terms
    }
}

impl Engine for LocalEngine {
    fn search(&self, request: &SearchRequest) -> Result<SearchResponse, SearchError> {
        let start = Instant::now();
        let plan = self.plan(&request.query, request.raw)?;
        let query = plan.query(&self.fields);
        let limit = request.offset.saturating_add(request.limit);
        let top = Top { limit: if request.limit == 0 { 0 } else { limit }, sort: request.sort };
        let scoring = match request.sort {
            engine::Sort::Score => EnableScoring::enabled_from_searcher(&self.searcher),
            _ => EnableScoring::disabled_from_searcher(&self.searcher),
        };
        let executor = self.searcher.index().search_executor();
        let ranked = self.searcher.search_with_executor(&query, &top, executor, scoring);
        let mut ranked = ranked.map_err(|error| self.failed("searching", error))?;
        ranked.drain(..request.offset.min(ranked.len()));
        let total = self.totals(&plan)?;
        let hits = Passages { engine: self, plan: &plan, limit: request.fragments }.hits(&ranked)?;
        Ok(SearchResponse { hits, total: total.articles, undated: total.undated, took: start.elapsed() })
    }

    fn count(&self, query: &Query, raw: bool) -> Result<u64, SearchError> {
        let query = self.plan(query, raw)?.query(&self.fields);
        let count = query.count(&self.searcher).map_err(|error| self.failed("counting", error))?;
        Ok(count as u64)
    }

    fn explain(&self, query: &Query, raw: bool, id: Option<&str>) -> Result<Explanation, SearchError> {
        crate::explain::explain(self, query, raw, id)
    }

    fn articles(&self, id_or_path: &str, limit: usize) -> Result<Vec<Article>, SearchError> {
        let addresses = self.addresses(&self.name_terms(id_or_path), limit);
        let addresses = addresses.map_err(|error| self.failed("looking up an article", error))?;
        let mut articles: Vec<Article> = addresses
            .into_iter()
            .map(|address| self.fetch(address).map(StoredArticle::into_article))
            .collect::<Result<_, _>>()?;
        articles.sort_by(|a, b| (&a.source.path, a.source.line).cmp(&(&b.source.path, b.source.line)));
        Ok(articles)
    }

    fn stats(&self) -> Result<Stats, SearchError> {
        crate::stats::stats(self).map_err(|error| self.failed("reading statistics", error))
    }
}
