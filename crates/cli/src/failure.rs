//! What went wrong, for people: a message, its place where it is about a query, and advice.

use std::io;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use engine::SearchError;
use indexer::{IndexError, has_index, writer_of};
use query::OpenError;
use schema::{Damage, Fault, MANIFEST_FILE, Manifest, ManifestError};
use syntax::{Diagnostic, Severity};
use unicode_width::UnicodeWidthChar;

use crate::render::safe::{safe, safe_char};

/// The most mistakes of a query that are drawn.
const SHOWN_DIAGNOSTICS: usize = 5;

/// The most columns of a query that are shown around a mistake.
const SHOWN_COLUMNS: usize = 400;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default().bold();
const HINT: Style = AnsiColor::Green.on_default().bold();

/// Why a command failed.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: Kind,
    /// Where the query stands, before the message: empty, or `queries.txt:3: `.
    place: String,
    /// What stands below the message, one by one. None of them is two lines, whatever is in it.
    lines: Vec<String>,
    hints: Vec<String>,
}

#[derive(Debug)]
enum Kind {
    /// Mistakes in a query text.
    Query { text: String, diagnostics: Vec<Diagnostic> },
    /// Anything else.
    Error(anyhow::Error),
}

impl Failure {
    /// The exit code of every failure.
    pub(crate) const EXIT_CODE: u8 = 2;

    /// Mistakes in a query.
    pub(crate) fn query(text: &str, diagnostics: Vec<Diagnostic>) -> Failure {
        let kind = Kind::Query { text: text.to_owned(), diagnostics };
        Failure { kind, place: String::new(), lines: Vec::new(), hints: Vec::new() }
    }

    /// A panic: a mistake of ours.
    pub(crate) fn bug() -> Failure {
        Failure::from(anyhow::anyhow!("a bug of morgue"))
            .hint("please report it, with what RUST_BACKTRACE=1 shows for the same command")
    }

    /// An error of the engine while answering this query.
    pub(crate) fn search(error: SearchError, text: &str) -> Failure {
        match error {
            SearchError::Query(diagnostics) => Failure::query(text, diagnostics),
            SearchError::TimedOut(_) => {
                let failure = Failure::from(anyhow::Error::new(error));
                failure
                    .hint("ask for less (longer prefixes, rarer words), or give it more time with --timeout")
            }
            error => {
                let hint = match &error {
                    SearchError::Engine { source, .. } if source.is::<Damage>() => Some(REPAIR),
                    SearchError::Engine { .. } => Some(CHECK),
                    _ => None,
                };
                let failure = Failure::from(anyhow::Error::new(error));
                hint.into_iter().fold(failure, Failure::hint)
            }
        }
    }

    /// The same failure with advice.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hints.push(hint.into());
        self
    }

    /// The same failure with lines below its message.
    pub(crate) fn lines(self, lines: Vec<String>) -> Failure {
        Failure { lines, ..self }
    }

    /// The same failure of a query at this place.
    pub(crate) fn at(self, place: String) -> Failure {
        Failure { place, ..self }
    }

    /// Nobody reads our output any more.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        let Kind::Error(error) = &self.kind else { return false };
        error.chain().any(|cause| {
            cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
        })
    }

    /// Prints to standard error.
    pub(crate) fn print(&self) {
        let place = &self.place;
        match &self.kind {
            Kind::Query { text, diagnostics } => print_diagnostics(place, text, diagnostics),
            Kind::Error(error) => {
                say!("{ERROR}error:{ERROR:#} {place}{}", safe(&format!("{error:#}")));
            }
        }
        for line in &self.lines {
            say!("  {}", safe(line));
        }
        for hint in &self.hints {
            say!("{HINT}hint:{HINT:#} {}", safe(hint));
        }
    }
}

const CHECK: &str =
    "`morgue check` tells whether the index is damaged, `morgue check --repair` makes it whole";

const BUILD: &str = "build one: `morgue index FOLDER`";

const REBUILD_OLDER: &str = "an index of an older version is not repaired; build it anew from the articles: `morgue index --rebuild FOLDER`; \
     what came from standard input and what is not there any more is lost, but the damaged files are kept";

const REPAIR: &str = "make it whole, from the articles where they are: `morgue check --repair`";

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Failure {
        Failure { kind: Kind::Error(error), place: String::new(), lines: Vec::new(), hints: Vec::new() }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::from(anyhow::Error::new(error))
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Failure {
        if let OpenError::Manifest(ManifestError::Missing(folder)) = &error {
            return missing(folder);
        }
        let hint = match &error {
            OpenError::Manifest(manifest) => manifest_hint(manifest),
            OpenError::Damaged(damage) => damage_hint(damage),
            OpenError::Engine { .. } => CHECK,
        };
        Failure::from(anyhow::Error::new(error)).hint(hint)
    }
}

impl From<IndexError> for Failure {
    fn from(error: IndexError) -> Failure {
        if let IndexError::Manifest(ManifestError::Missing(folder)) = &error {
            return missing(folder);
        }
        let hint = match &error {
            IndexError::Busy { index, .. } if !has_index(index) => "wait for it to finish",
            IndexError::Busy { .. } => "wait for it to finish; the index can be searched meanwhile",
            IndexError::Manifest(manifest) => manifest_hint(manifest),
            IndexError::NoSuchPath(_) => "check the spelling",
            IndexError::WouldLose { .. } => {
                "bring them back, or build an index of what is there elsewhere: --index DIR"
            }
            IndexError::NothingLeft(_) => {
                "name the folders of its articles: `morgue check --repair FOLDER`; what came from standard input is gone"
            }
            IndexError::NoRoots(_) => "name a folder of articles: `morgue index FOLDER`",
            IndexError::Damaged(Damage { path, .. }) | IndexError::Ledger { path, .. } if is_older(path) => {
                REBUILD_OLDER
            }
            IndexError::Damaged(damage) => damage_hint(damage),
            IndexError::Ledger { .. } => REPAIR,
            IndexError::File { source, .. } => disk_hint(source),
            IndexError::Engine { .. } => {
                "the index is as it was before; mend the cause and run the command again"
            }
        };
        Failure::from(anyhow::Error::new(error)).hint(hint)
    }
}

/// There is no manifest: there may be an index all the same, or one that is being built for the first time.
fn missing(folder: &Path) -> Failure {
    if has_index(folder) {
        let damage = Damage::new(folder.join(MANIFEST_FILE), Fault::Missing);
        return Failure::from(anyhow::Error::new(damage)).hint(REPAIR);
    }
    let error = ManifestError::Missing(folder.to_owned());
    match writer_of(folder) {
        Some(writer) => {
            let context = format!("{error} yet, it is being built by {writer}");
            Failure::from(anyhow::anyhow!(context)).hint("wait for it to finish")
        }
        None => Failure::from(anyhow::Error::new(error)).hint(BUILD),
    }
}

/// Is it a file of an index of an older version?
fn is_older(path: &Path) -> bool {
    let mut above = path.ancestors().skip(1).take(2);
    above.any(|folder| matches!(Manifest::read(folder), Err(ManifestError::Older { .. })))
}

fn damage_hint(damage: &Damage) -> &'static str {
    if damage.is_unreadable() { "check its permissions, and the disk" } else { REPAIR }
}

fn disk_hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "the disk is full; what was in the index is still there: make room and run the command again"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "check that you may write there, or build an index elsewhere: --index DIR"
        }
        _ => "check the disk, and run the command again; what was in the index is still there",
    }
}

fn manifest_hint(error: &ManifestError) -> &'static str {
    match error {
        ManifestError::Missing(_) => BUILD,
        ManifestError::Unreadable { .. } => "check its permissions",
        ManifestError::Damaged(damage) => damage_hint(damage),
        ManifestError::Older { .. } => {
            "bring it to this version: `morgue optimize`; the articles are not read again, and none is lost"
        }
        ManifestError::Newer { .. } => {
            "use the morgue that made it, or a newer one; or build another index: `morgue index --index DIR FOLDER`"
        }
        ManifestError::TooOld { .. } => "rebuild it from the articles: `morgue index --rebuild FOLDER`",
    }
}

/// Draws diagnostics: the place of the query where it is one of many, the message, the query, a caret line under the place, the hint.
pub(crate) fn print_diagnostics(place: &str, text: &str, diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics.iter().take(SHOWN_DIAGNOSTICS) {
        let (style, word) = match diagnostic.severity {
            Severity::Error => (ERROR, "error"),
            Severity::Note => (NOTE, "note"),
        };
        say!("{style}{word}:{style:#} {place}{}", safe(&diagnostic.message));
        if diagnostic.severity == Severity::Error && !text.trim().is_empty() {
            let (query, carets) = marked(text, diagnostic.span.start, diagnostic.span.end);
            say!("  {query}\n  {style}{carets}{style:#}");
        }
        if let Some(hint) = &diagnostic.hint {
            say!("{HINT}hint:{HINT:#} {}", safe(hint));
        }
    }
    if let Some(more @ 1..) = diagnostics.len().checked_sub(SHOWN_DIAGNOSTICS) {
        say!("… and {more} more");
    }
}

/// The query on one safe line, cut around the place when it is long, and a line with carets under the place.
fn marked(text: &str, start: usize, end: usize) -> (String, String) {
    let (mut line, mut before, mut under) = (String::new(), 0, 0);
    let from = text.floor_char_boundary(start.saturating_sub(SHOWN_COLUMNS / 2));
    if from > 0 {
        line.push('…');
        before += 1;
    }
    for (at, c) in text[from..].char_indices().map(|(at, c)| (from + at, c)) {
        let c = safe_char(c);
        let width = c.width().unwrap_or(0);
        if before + under + width > SHOWN_COLUMNS {
            line.push('…');
            break;
        }
        line.push(c);
        if at < start {
            before += width;
        } else if at < end {
            under += width;
        } else if line.len() > 4 * SHOWN_COLUMNS {
            break;
        }
    }
    (line, " ".repeat(before) + &"^".repeat(under.max(1)))
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn carets_stand_under_the_place_by_display_width() {
        assert_eq!(marked("Xi AND", 3, 6), ("Xi AND".to_owned(), "   ^^^".to_owned()));
        assert_eq!(marked("北京 AND", 7, 10).1, "     ^^^");
        assert_eq!(marked("(Xi", 3, 3).1, "   ^");
        assert_eq!(marked("a\u{1b}[31mb", 0, 1).0, "a\u{FFFD}[31mb");
    }

    #[test]
    fn long_queries_are_cut_around_the_marked() {
        let text = format!("{}bad{}", "x ".repeat(5000), " y".repeat(5000));
        let (line, carets) = marked(&text, 10_000, 10_003);
        assert!(line.chars().count() < 2000);
        let column = carets.chars().take_while(|c| *c == ' ').count();
        assert!(line.chars().skip(column).collect::<String>().starts_with("bad"));
    }
}
