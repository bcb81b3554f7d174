//! Why a file or a record did not become an article.

use std::io;
use std::path::{Path, PathBuf};

use crate::limits::{Breach, MOST_LINES};
use crate::shown::Shown;

/// Why a file or a record did not become an article. Lines are 1-based.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file is not there, may not be read, or reading it failed.
    #[error("{}: cannot be read: {source}; check that it exists and its permissions", Shown(path))]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A pipe, socket or device. It is never opened.
    #[error("{}: not a regular file; pipe its content to standard input (-) instead", Shown(path))]
    NotAFile {
        /// The special file.
        path: PathBuf,
    },
    /// A symbolic link met in a folder, which nobody asked to follow: it may lead out of the collection.
    #[error(
        "{}: a symbolic link; name it itself to have it read, or follow all links with --follow",
        Shown(path)
    )]
    Link {
        /// The link.
        path: PathBuf,
    },
    /// A file met in a folder whose name says nothing known.
    #[error(
        "{}: unknown format; name the file itself to have its format found from its content",
        Shown(path)
    )]
    UnknownFormat {
        /// The file.
        path: PathBuf,
    },
    /// Nothing but white space.
    #[error("{}:{line}: empty; nothing to index", Shown(path))]
    Empty {
        /// The file.
        path: PathBuf,
        /// Where the record begins.
        line: u32,
    },
    /// Not text.
    #[error("{}:{line}: binary, not text; convert it to text first", Shown(path))]
    Binary {
        /// The file.
        path: PathBuf,
        /// Where the record begins.
        line: u32,
    },
    /// The record breaks the rules of its format.
    #[error("{}:{line}: malformed: {message}; correct or remove the record", Shown(path))]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line of the mistake.
        line: u32,
        /// What is wrong there.
        message: String,
    },
    /// XML of a kind that is not read.
    #[error(
        "{}:{line}: the root element <{root}> is not known; read are RSS, Atom, NITF, NewsML-G2, dumps of MediaWiki and Reuters-21578: convert it to one of them, or to JSON or text",
        Shown(path)
    )]
    UnknownRoot {
        /// The file.
        path: PathBuf,
        /// Where the root begins.
        line: u32,
        /// Its name.
        root: String,
    },
    /// The record is larger than [`crate::Limits::article_bytes`].
    #[error(
        "{}:{line}: too large: {bytes} bytes, at most {limit} are read as one article; split it into several",
        Shown(path)
    )]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Where the record begins.
        line: u32,
        /// The size of the record.
        bytes: u64,
        /// The limit that was in force.
        limit: u64,
    },
    /// The article has more lines than [`crate::MOST_LINES`].
    #[error("{}:{line}: too many lines: at most {MOST_LINES} are read; split it", Shown(path))]
    TooManyLines {
        /// The file.
        path: PathBuf,
        /// Where the record begins.
        line: u32,
    },
    /// A member of an archive whose name says nothing known.
    #[error(
        "{}: unknown format; unpack the archive and name the file itself, or force a format",
        Shown(path)
    )]
    UnknownMember {
        /// The archive, and the member in it.
        path: PathBuf,
    },
    /// A compressed stream, an archive or what holds many records is broken.
    #[error("{}: damaged: {message}; what came before is read, get the file anew for the rest", Shown(path))]
    Damaged {
        /// The file, or the archive and the member in it.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// A container reached a limit of [`crate::Limits`].
    #[error(
        "{}: over a limit: {breach}; no more of it is read; unpack it yourself if it is to be trusted",
        Shown(path)
    )]
    OverLimit {
        /// The file, or the archive and the member in it.
        path: PathBuf,
        /// The limit.
        breach: Breach,
    },
    /// A container that is not read.
    #[error("{}: not supported: {message}; convert it to text, or unpack it first", Shown(path))]
    Unsupported {
        /// The file, or the archive and the member in it.
        path: PathBuf,
        /// Why it is not read.
        message: String,
    },
    /// The command that makes text of files failed.
    #[error("{}: {command} failed: {message}; run it on this file to see why", Shown(path))]
    CommandFailed {
        /// The file.
        path: PathBuf,
        /// The command.
        command: String,
        /// The first line of what it said.
        message: String,
    },
    /// A record with neither title nor body.
    #[error(
        "{}:{line}: no text: the record has neither a title nor a body; name them \"title\" and \"body\"",
        Shown(path)
    )]
    NoText {
        /// The file.
        path: PathBuf,
        /// Where the record begins.
        line: u32,
    },
    /// A table of whose columns none is a title or a body.
    #[error(
        "{}:{line}: no known column: the columns are {columns}; name one \"title\" or \"body\" in the first line, or map it, as in title={first}",
        Shown(path)
    )]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The line of the names.
        line: u32,
        /// The names of the columns, as a list for people.
        columns: String,
        /// The name of one of them.
        first: String,
    },
}

impl ReadError {
    /// A short stable key for counting.
    pub fn reason(&self) -> &'static str {
        match self {
            ReadError::Unreadable { .. } => "unreadable",
            ReadError::NotAFile { .. } => "not a file",
            ReadError::Link { .. } => "symbolic link",
            ReadError::UnknownFormat { .. } | ReadError::UnknownMember { .. } => "unknown format",
            ReadError::Empty { .. } => "empty",
            ReadError::Binary { .. } => "binary",
            ReadError::Malformed { .. } => "malformed",
            ReadError::UnknownRoot { .. } => "unknown root",
            ReadError::TooLarge { .. } => "too large",
            ReadError::TooManyLines { .. } => "too many lines",
            ReadError::Damaged { .. } => "damaged",
            ReadError::OverLimit { .. } => "over a limit",
            ReadError::Unsupported { .. } => "not supported",
            ReadError::CommandFailed { .. } => "command failed",
            ReadError::NoText { .. } => "no text",
            ReadError::NoColumn { .. } => "no known column",
        }
    }

    /// The file it is about, or the member below its archive; `-` is standard input.
    pub fn path(&self) -> &Path {
        match self {
            ReadError::Unreadable { path, .. }
            | ReadError::NotAFile { path }
            | ReadError::Link { path }
            | ReadError::UnknownFormat { path }
            | ReadError::Empty { path, .. }
            | ReadError::Binary { path, .. }
            | ReadError::Malformed { path, .. }
            | ReadError::UnknownRoot { path, .. }
            | ReadError::TooLarge { path, .. }
            | ReadError::TooManyLines { path, .. }
            | ReadError::NoColumn { path, .. }
            | ReadError::UnknownMember { path }
            | ReadError::Damaged { path, .. }
            | ReadError::OverLimit { path, .. }
            | ReadError::Unsupported { path, .. }
            | ReadError::CommandFailed { path, .. }
            | ReadError::NoText { path, .. } => path,
        }
    }

    /// The same of a place so many lines further down.
    pub(crate) fn moved_down(mut self, lines: u32) -> ReadError {
        match &mut self {
            ReadError::Empty { line, .. }
            | ReadError::Binary { line, .. }
            | ReadError::Malformed { line, .. }
            | ReadError::UnknownRoot { line, .. }
            | ReadError::TooLarge { line, .. }
            | ReadError::TooManyLines { line, .. }
            | ReadError::NoColumn { line, .. }
            | ReadError::NoText { line, .. } => *line = line.saturating_add(lines),
            _ => {}
        }
        self
    }

    /// Reading the same bytes in the same way gives it again: the disk, a command, or what the file was for a moment have no part
    /// in it.
    pub fn is_lasting(&self) -> bool {
        let is_of_the_moment = matches!(
            self,
            ReadError::NotAFile { .. } | ReadError::Link { .. } | ReadError::UnknownFormat { .. }
        );
        !is_of_the_moment && !self.is_cut_short()
    }

    /// There may be more articles in the file than were found: reading it ended early, or left a part.
    pub fn is_cut_short(&self) -> bool {
        matches!(
            self,
            ReadError::Unreadable { .. }
                | ReadError::Damaged { .. }
                | ReadError::OverLimit { .. }
                | ReadError::CommandFailed { .. }
        )
    }
}
