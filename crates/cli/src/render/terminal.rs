//! Hits drawn for a person at a terminal.

use std::io::{self, Write};

use engine::Hit;

use super::Asked;
use super::paint::{ABOUT, LINE, PLACE, Paint, TITLE};
use super::safe::{relative, safe, safe_path};
use crate::output::Output;

const INDENT: &str = "   ";

/// The width of the terminal; where it cannot be known, that of the oldest.
fn columns() -> usize {
    terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0)).max(40)
}

/// Draws the query that the hits below it answer.
pub(crate) fn heading(out: &mut Output, asked: Asked<'_>) -> io::Result<()> {
    let paint = Paint { on: out.color };
    let gap = if asked.nth > 0 { "\n" } else { "" };
    writeln!(
        out,
        "{gap}{}: {}",
        paint.with(LINE, &asked.line.to_string()),
        paint.with(TITLE, &safe(asked.text))
    )
}

/// Draws a hit; `rank` is 1-based.
pub(crate) fn hit(out: &mut Output, rank: usize, hit: &Hit) -> io::Result<()> {
    let paint = Paint { on: out.color };
    let title = paint.with(TITLE, &safe(&hit.title));
    writeln!(out, "{rank:<2} {title}  {}", paint.with(ABOUT, &about(hit)))?;
    let path = safe_path(relative(&hit.source.path));
    for fragment in &hit.fragments {
        let line = paint.with(LINE, &fragment.line.to_string());
        writeln!(out, "{INDENT}{}:{line}", paint.with(PLACE, &path))?;
        for line in paint.fragment_lines(fragment, ["[", "]"], columns().saturating_sub(INDENT.len())) {
            writeln!(out, "{INDENT}{line}")?;
        }
    }
    if hit.fragments.is_empty() {
        writeln!(out, "{INDENT}{}:{}", paint.with(PLACE, &path), hit.source.line)?;
    }
    Ok(())
}

/// `2022-02-02 · Asia Times · M K Bhadrakumar`
fn about(hit: &Hit) -> String {
    let date = hit.date.map_or_else(|| "undated".to_owned(), |date| date.to_string());
    let parts = [Some(date), hit.outlet.clone(), (!hit.authors.is_empty()).then(|| hit.authors.join(", "))];
    safe(&parts.into_iter().flatten().collect::<Vec<_>>().join(" · "))
}
