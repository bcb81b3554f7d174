//! One question after the other within one deadline.

use engine::{Lookup, SearchError, SearchRequest, SearchResponse};
use syntax::Query;

use crate::deadline::Deadline;
use crate::diagnosis::{Diagnosis, diagnose};
use crate::local::LocalEngine;

/// All that is asked about a query: its hits, how many there are, and what is said beside them. The time that the engine gives an
/// answer begins with it and is for everything together.
pub struct Sitting<'a> {
    engine: &'a LocalEngine,
    deadline: Deadline,
}

impl LocalEngine {
    /// Begins the time for all that is asked about a query.
    pub fn sitting(&self) -> Sitting<'_> {
        Sitting { engine: self, deadline: self.deadline() }
    }
}

impl Sitting<'_> {
    /// As [`engine::Engine::search`].
    ///
    /// # Errors
    /// The same, and when the time is over.
    pub fn search(&self, request: &SearchRequest) -> Result<SearchResponse, SearchError> {
        self.engine.guarded(|| self.engine.run(request, &self.deadline))
    }

    /// As [`engine::Engine::count`].
    ///
    /// # Errors
    /// The same, and when the time is over.
    pub fn count(&self, query: &Query, lookup: Lookup) -> Result<u64, SearchError> {
        self.engine.guarded(|| self.engine.run_count(query, lookup, &self.deadline))
    }

    /// Why a query has no hits. What takes too long to find out is left out.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn diagnose(&self, query: &Query, lookup: Lookup) -> Result<Diagnosis, SearchError> {
        self.engine.guarded(|| diagnose(self.engine, query, lookup, &self.deadline))
    }
}
