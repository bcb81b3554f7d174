//! What can go wrong with a side file.

use tantivy::TantivyError;

/// A side file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Its bytes are not what was written.
    #[error("the {0} of a stored article are damaged; `morgue check --repair` makes the index whole")]
    Damaged(&'static str),
    /// It cannot be opened.
    #[error("a side file of the index cannot be opened")]
    Open(#[from] tantivy::directory::error::OpenReadError),
    /// It cannot be read from.
    #[error("a side file of the index cannot be read")]
    Read(#[from] std::io::Error),
}

impl From<StoreError> for TantivyError {
    fn from(error: StoreError) -> TantivyError {
        match error {
            StoreError::Open(error) => error.into(),
            StoreError::Read(error) => error.into(),
            damaged @ StoreError::Damaged(_) => TantivyError::InternalError(damaged.to_string()),
        }
    }
}
