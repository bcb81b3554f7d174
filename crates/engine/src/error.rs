use syntax::{Diagnostic, Severity, Span};

/// Why a query got no answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The query asks for what cannot be answered; each diagnostic says what, where and what to do.
    #[error("{}", messages(.0))]
    Query(Vec<Diagnostic>),
    /// No article has this id or path.
    #[error("no article {0:?} in the index")]
    NoSuchArticle(String),
    /// The time for an answer was over. There is no part of an answer: it could be taken for the whole.
    #[error("no answer within {0:?}")]
    TimedOut(std::time::Duration),
    /// The engine failed.
    #[error("{context} failed")]
    Engine {
        /// What was being done, with the name of the index.
        context: String,
        /// What went wrong.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl SearchError {
    /// One error about one place of the query.
    pub fn query(message: impl Into<String>, span: Span, hint: Option<String>) -> SearchError {
        SearchError::Query(vec![Diagnostic {
            severity: Severity::Error,
            message: message.into(),
            span,
            hint,
        }])
    }
}

fn messages(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect::<Vec<_>>().join("; ")
}
