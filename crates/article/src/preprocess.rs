//! Files that another program makes text of: PDF, office documents, e-books.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::command::Running;
use crate::error::ReadError;
use crate::format::{BUFFER_BYTES, Format, Sink, SplitOptions, split_as};
use crate::limits::{Breach, Limits};

/// A command that writes the text of a file to its standard output, and which files it is for.
///
/// It is run once for each file, which may take it only so long, without a shell, with the path as its one argument and the file as its standard
/// input. What needs more arguments goes into a script.
#[derive(Clone, Debug)]
pub struct Preprocessor {
    command: PathBuf,
    globs: Vec<String>,
    files: GlobSet,
    timeout: Duration,
}

impl PartialEq for Preprocessor {
    fn eq(&self, other: &Preprocessor) -> bool {
        self.command == other.command && self.globs == other.globs && self.timeout == other.timeout
    }
}

impl Eq for Preprocessor {}

/// A glob that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{glob}: not a glob: {message}; write it like *.pdf")]
pub struct BadGlob {
    /// As it was given.
    pub glob: String,
    /// What is wrong with it.
    pub message: String,
}

impl Preprocessor {
    /// How long the command may take for a file where nothing else is said.
    pub const TIMEOUT: Duration = Duration::from_mins(1);

    /// A command for the files that match one of `globs`, of known formats too; without globs, for all files of no known
    /// format. A glob without a slash is held against file names, any other against the ends of paths; case does not
    /// matter.
    ///
    /// # Errors
    /// A glob makes no sense.
    pub fn new(command: impl Into<PathBuf>, globs: &[String]) -> Result<Preprocessor, BadGlob> {
        let mut files = GlobSetBuilder::new();
        for glob in globs {
            let bad =
                |error: globset::Error| BadGlob { glob: glob.clone(), message: error.kind().to_string() };
            let anywhere = format!("**/{}", glob.trim_start_matches('/'));
            files.add(
                GlobBuilder::new(&anywhere)
                    .case_insensitive(true)
                    .literal_separator(true)
                    .build()
                    .map_err(bad)?,
            );
        }
        let files = files.build();
        let files = files.map_err(|error| BadGlob { glob: globs.join(" "), message: error.to_string() })?;
        let (command, globs) = (command.into(), globs.to_vec());
        Ok(Preprocessor { command, globs, files, timeout: Preprocessor::TIMEOUT })
    }

    /// The same with so much time for each file.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Preprocessor {
        Preprocessor { timeout, ..self }
    }

    pub(crate) fn is_for(&self, path: &Path, is_known: bool) -> bool {
        if self.globs.is_empty() { !is_known } else { self.files.is_match(path) }
    }

    /// Hands out the records of what the command makes of a file. Where it fails, an article that was not complete is not
    /// handed out.
    pub(crate) fn split(
        &self,
        path: &Path,
        file: File,
        format: Option<Format>,
        options: SplitOptions<'_>,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let failed = |message: String| ReadError::CommandFailed {
            path: path.to_owned(),
            command: self.command.display().to_string(),
            message,
        };
        let output = match Running::start(&self.command, path, file, self.timeout) {
            Ok(output) => output,
            Err(error) => return sink(Err(failed(format!("it cannot be run: {error}")))),
        };
        let limits = options.limits;
        let most = most_output(path, format, limits);
        let (failure, given) = (RefCell::new(None), Cell::new(0));
        // A byte more than is read, so that an article that is too large is seen to be.
        let reader = Watched { output, failure: &failure, given: &given }.take(most.saturating_add(1));
        let reader = BufReader::with_capacity(BUFFER_BYTES, reader);
        let format = format.unwrap_or(Format::Text);
        split_as(Some(format), path, Box::new(reader), options, &mut |record| {
            // What the splitter says of the failure is less than what the command said.
            let record = match (record, failure.take()) {
                (Err(ReadError::Unreadable { .. } | ReadError::Empty { .. }), Some(message)) => {
                    Err(failed(message))
                }
                (record, message) => {
                    failure.replace(message);
                    record
                }
            };
            sink(record)
        })?;
        match failure.take() {
            Some(message) => sink(Err(failed(message))),
            None if given.get() > most && most > limits.article_bytes => {
                let breach = Breach::Expansion(limits.expansion);
                sink(Err(ReadError::OverLimit { path: path.to_owned(), breach }))
            }
            None => ControlFlow::Continue(()),
        }
    }
}

/// The most bytes a command may write: an article of text, or what a file could unpack to where the format holds many.
fn most_output(path: &Path, format: Option<Format>, limits: Limits) -> u64 {
    let Some(_) = format else { return limits.article_bytes };
    let file_bytes = path.metadata().map_or(0, |metadata| metadata.len());
    file_bytes.saturating_mul(limits.expansion).max(limits.article_bytes).min(limits.unpacked_bytes)
}

/// The output of a command, which is an error in the end when the command failed.
struct Watched<'a> {
    output: Running,
    failure: &'a RefCell<Option<String>>,
    /// Bytes it has given.
    given: &'a Cell<u64>,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Ok(count @ 1..) = self.output.read(buffer) {
            self.given.set(self.given.get() + count as u64);
            return Ok(count);
        }
        match self.output.failure() {
            None => Ok(0),
            Some(message) => {
                self.failure.replace(Some(message));
                Err(io::Error::other("the command failed"))
            }
        }
    }
}
