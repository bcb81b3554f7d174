//! Hits drawn for a person at a terminal.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use engine::{Fragment, Hit};

use super::safe::{relative, safe, safe_path};
use crate::output::Output;

const TITLE: Style = Style::new().bold();
const PLACE: Style = AnsiColor::Magenta.on_default();
const LINE: Style = AnsiColor::Green.on_default();
const MATCH: Style = AnsiColor::Red.on_default().bold();
const ABOUT: Style = AnsiColor::Cyan.on_default();

/// Draws a hit; `rank` is 1-based.
pub(crate) fn hit(out: &mut Output, rank: usize, hit: &Hit) -> io::Result<()> {
    let paint = Paint { on: out.color };
    let title = paint.with(TITLE, &safe(&hit.title));
    writeln!(out, "{rank:<2} {title}  {}", paint.with(ABOUT, &about(hit)))?;
    let path = safe_path(relative(&hit.source.path));
    for fragment in &hit.fragments {
        let line = paint.with(LINE, &fragment.line.to_string());
        writeln!(out, "   {}:{line}", paint.with(PLACE, &path))?;
        writeln!(out, "   {}", highlighted(fragment, paint))?;
    }
    if hit.fragments.is_empty() {
        writeln!(out, "   {}:{}", paint.with(PLACE, &path), hit.source.line)?;
    }
    Ok(())
}

/// `2022-02-02 · Asia Times · M K Bhadrakumar`
fn about(hit: &Hit) -> String {
    let date = hit.date.map_or_else(|| "undated".to_owned(), |date| date.to_string());
    let parts = [Some(date), hit.outlet.clone(), (!hit.authors.is_empty()).then(|| hit.authors.join(", "))];
    safe(&parts.into_iter().flatten().collect::<Vec<_>>().join(" · "))
}

/// The fragment with its matches in colour, or in brackets where there are no colours.
fn highlighted(fragment: &Fragment, paint: Paint) -> String {
    let mut shown = String::new();
    let mut at = 0;
    for range in &fragment.highlights {
        shown += &safe(&fragment.text[at..range.start]);
        let word = safe(&fragment.text[range.clone()]);
        let word = if paint.on { word } else { ["[", &word, "]"].concat() };
        shown += &paint.with(MATCH, &word);
        at = range.end;
    }
    shown + &safe(&fragment.text[at..])
}

/// Colours, where they are wanted.
#[derive(Clone, Copy)]
pub(crate) struct Paint {
    pub(crate) on: bool,
}

impl Paint {
    pub(crate) fn with(self, style: Style, text: &str) -> String {
        if self.on { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}
