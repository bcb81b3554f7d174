use std::ffi::OsStr;

use article::Article;
use engine::Engine;
use serde_json::json;

use crate::support::Collection;

/// An engine that keeps its index alive.
struct Owned {
    engine: query::LocalEngine,
    _collection: Collection,
}

fn build(articles: Vec<Article>) -> Box<dyn Engine> {
    let collection = Collection::new();
    for article in articles {
        let record = json!({ "id": article.id, "body": article.text, "date": article.date });
        collection.write(&format!("{}.json", article.id), &record.to_string());
    }
    collection.update();
    Box::new(Owned { engine: collection.engine(), _collection: collection })
}

impl Engine for Owned {
    fn search(&self, request: &engine::SearchRequest) -> Result<engine::SearchResponse, engine::SearchError> {
        self.engine.search(request)
    }

    fn count(&self, query: &syntax::Query, lookup: engine::Lookup) -> Result<u64, engine::SearchError> {
        self.engine.count(query, lookup)
    }

    fn explain(
        &self,
        query: &syntax::Query,
        lookup: engine::Lookup,
        id: Option<&str>,
    ) -> Result<engine::Explanation, engine::SearchError> {
        self.engine.explain(query, lookup, id)
    }

    fn articles(&self, id_or_path: &OsStr, limit: usize) -> Result<Vec<Article>, engine::SearchError> {
        self.engine.articles(id_or_path, limit)
    }

    fn copies(&self, request: &engine::CopiesRequest) -> Result<engine::Copies, engine::SearchError> {
        self.engine.copies(request)
    }

    fn stats(&self) -> Result<engine::Stats, engine::SearchError> {
        self.engine.stats()
    }
}

#[test]
fn the_local_engine_keeps_the_contract() {
    engine::conformance::check(&build);
}
