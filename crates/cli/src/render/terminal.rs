//! Hits drawn for a person at a terminal.

use std::io::{self, Write};

use engine::{Cluster, Hit};

use super::paint::{ABOUT, LINE, PLACE, Paint, TITLE};
use super::places::also;
use super::safe::{relative, safe, safe_path};
use super::{Asked, counted, grouped};
use crate::output::Output;

const INDENT: &str = "   ";

/// The width of the terminal; where it cannot be known, that of the oldest, and enough for a few letters in any case.
fn columns() -> usize {
    terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0)).max(12)
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
    let copies = match hit.copies {
        None | Some(0) => String::new(),
        Some(1) => "  +1 copy".to_owned(),
        Some(copies) => format!("  +{} copies", grouped(copies)),
    };
    writeln!(out, "{rank:<2} {title}  {}{}", paint.with(ABOUT, &about(hit)), paint.with(LINE, &copies))?;
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
    if !hit.also.is_empty() {
        writeln!(out, "{INDENT}{}", paint.with(PLACE, &also(&hit.also)))?;
    }
    Ok(())
}

/// Draws a cluster of copies; `number` is 1-based.
pub(crate) fn cluster(out: &mut Output, number: usize, cluster: &Cluster) -> io::Result<()> {
    let paint = Paint { on: out.color };
    let title = cluster.articles.first().map_or("", |first| first.title.as_str());
    let articles = counted(cluster.articles.len() as u64, "article");
    writeln!(out, "{number:<2} {}  {}", paint.with(TITLE, &safe(title)), paint.with(ABOUT, &articles))?;
    for member in &cluster.articles {
        let date = member.date.map_or_else(|| "undated".to_owned(), |date| date.to_string());
        let part = if member.exact { "same".to_owned() } else { format!("{:.0} %", member.overlap * 100.0) };
        let path = paint.with(PLACE, &safe_path(relative(&member.source.path)));
        let line = paint.with(LINE, &member.source.line.to_string());
        writeln!(out, "{INDENT}{date:<10}  {part:>5}  {path}:{line}  {}", safe(&member.title))?;
    }
    Ok(())
}

/// `2022-02-02 · Asia Times · M K Bhadrakumar`
fn about(hit: &Hit) -> String {
    let date = hit.date.map_or_else(|| "undated".to_owned(), |date| date.to_string());
    let parts = [Some(date), hit.outlet.clone(), (!hit.authors.is_empty()).then(|| hit.authors.join(", "))];
    safe(&parts.into_iter().flatten().collect::<Vec<_>>().join(" · "))
}
