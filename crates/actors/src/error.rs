//! What is wrong in an actors file.

/// Why an actors file was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", lines(origin, mistakes).join("\n"))]
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

impl ActorsError {
    /// The mistakes, each as `actors.toml:3: message; hint`, and of many how many more there are.
    pub fn lines(&self) -> Vec<String> {
        lines(&self.origin, &self.mistakes)
    }
}

fn lines(origin: &str, mistakes: &[Mistake]) -> Vec<String> {
    let told = mistakes.iter().take(TOLD);
    let mut lines: Vec<String> =
        told.map(|Mistake { line, message, hint }| format!("{origin}:{line}: {message}; {hint}")).collect();
    if let Some(more @ 1..) = mistakes.len().checked_sub(TOLD) {
        lines.push(format!("… and {more} more"));
    }
    lines
}
