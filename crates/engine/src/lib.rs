//! The seam: what a search engine is to morgue, whichever engine it is.
//!
//! [`Engine`] is the trait, [`SearchRequest`] and [`SearchResponse`] what goes in and comes out. [`Fake`] is the
//! smallest engine that keeps the contract, and [`conformance`] the scenarios that every engine must pass.
//! This crate knows no engine.

pub mod conformance;
mod error;
mod explanation;
mod fake;
mod phases;
mod request;
mod response;

pub use error::SearchError;
pub use explanation::{ClauseCount, Explanation, Part, PlanLine, ScoreExplanation};
pub use fake::Fake;
pub use phases::{Phases, Stopwatch};
pub use request::{CopiesRequest, Lookup, SearchRequest, Sort};
pub use response::{Cluster, Copies, Fragment, Hit, Member, SearchResponse, Stats, Total};

use std::ffi::OsStr;

use article::Article;
use syntax::Query;

/// The stack that a thread needs to answer any query, in bytes: as much as the main thread has. A query may be nested so deeply
/// that the usual 2 MB of a thread are too few.
pub const STACK_BYTES: usize = 8 << 20;

/// Answers queries over one collection.
pub trait Engine {
    /// The best hits of a query, with fragments of their text.
    ///
    /// # Errors
    /// When the query asks for what the engine cannot do, or the engine fails.
    fn search(&self, request: &SearchRequest) -> Result<SearchResponse, SearchError>;

    /// How many of the best `limit` hits there are. They are found and ranked as for a search, but no article is read: what a
    /// search costs without its text.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    fn rank(&self, query: &Query, lookup: Lookup, limit: usize) -> Result<usize, SearchError> {
        let request = SearchRequest::new(query.clone());
        let request = SearchRequest { lookup, limit, fragments: 0, count: false, ..request };
        self.search(&request).map(|response| response.hits.len())
    }

    /// How many articles match.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    fn count(&self, query: &Query, lookup: Lookup) -> Result<u64, SearchError>;

    /// How a query was understood, and why the article of this name has its score: the best of those that match, where
    /// [`articles`](Self::articles) gives several.
    ///
    /// # Errors
    /// As [`search`](Self::search), and when there is no such article.
    fn explain(&self, query: &Query, lookup: Lookup, name: Option<&str>) -> Result<Explanation, SearchError>;

    /// The articles of this id or path; more than one where a file holds several, or copies share an id. Where there are none,
    /// those of a place, written `path:line`: that start at this line of the file, or else have it among theirs.
    /// At most `limit`.
    ///
    /// # Errors
    /// When the engine fails.
    fn articles(&self, name: &OsStr, limit: usize) -> Result<Vec<Article>, SearchError>;

    /// The articles that are copies of each other.
    ///
    /// # Errors
    /// When the engine fails.
    fn copies(&self, request: &CopiesRequest) -> Result<Copies, SearchError>;

    /// What the collection is made of.
    ///
    /// # Errors
    /// When the engine fails.
    fn stats(&self) -> Result<Stats, SearchError>;
}
