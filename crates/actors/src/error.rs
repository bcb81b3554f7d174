//! What is wrong in an actors file.

use std::fmt::Write;

/// Why an actors file was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", lines(origin, mistakes))]
pub struct ActorsError {
    /// The file, by the name it was given.
    pub origin: String,
    /// Everything wrong in it, in the order of the lines; at least one.
    pub mistakes: Vec<Mistake>,
}

/// One thing wrong in an actors file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where, 1-based.
    pub line: usize,
    /// Lower case, no full stop: ``unknown key `form` ``.
    pub message: String,
    /// What to do: `did you mean forms?`.
    pub hint: String,
}

/// The most mistakes that are told.
const TOLD: usize = 50;

/// `actors.toml:3: message; hint`, one a line.
fn lines(origin: &str, mistakes: &[Mistake]) -> String {
    let mut text = String::new();
    for Mistake { line, message, hint } in mistakes.iter().take(TOLD) {
        let parting = if text.is_empty() { "" } else { "\n" };
        let _ = write!(text, "{parting}{origin}:{line}: {message}; {hint}");
    }
    if let Some(more @ 1..) = mistakes.len().checked_sub(TOLD) {
        let _ = write!(text, "\n… and {more} more");
    }
    text
}
