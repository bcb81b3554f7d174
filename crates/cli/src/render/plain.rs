//! Hits as one line each, fields parted by tabs: rank, score, date, id, path, line, title, snippet. A field that is
//! not known is `-`. A cell that a spreadsheet would compute has an apostrophe before it. Where copies are folded, their number is a
//! last field; of an article that was read from several places, so is the number of the others, as `+2 paths`. Where there are several
//! queries, the number of the query's line comes before the rank.

use std::io::{self, Write};

use engine::Hit;

use super::Asked;
use super::places::more;
use super::safe::{cell, relative, safe_path};

/// Writes a hit; `rank` is 1-based.
pub(crate) fn hit(out: &mut impl Write, asked: Option<Asked<'_>>, rank: usize, hit: &Hit) -> io::Result<()> {
    if let Some(asked) = asked {
        write!(out, "{}\t", asked.line)?;
    }
    let score = hit.score.map_or_else(|| "-".to_owned(), |score| format!("{score:.4}"));
    let date = hit.date.map_or_else(|| "-".to_owned(), |date| date.to_string());
    let line = hit.fragments.first().map_or(hit.source.line, |fragment| fragment.line);
    let snippet = hit.fragments.iter().map(|fragment| fragment.text.as_str()).collect::<Vec<_>>().join(" ");
    let path = cell(&safe_path(relative(&hit.source.path)));
    let (id, title, snippet) = (cell(&hit.id), cell(&hit.title), cell(&snippet));
    let copies = hit.copies.map_or_else(String::new, |copies| format!("\t{copies}"));
    let also = if hit.also.is_empty() { String::new() } else { format!("\t{}", more(&hit.also)) };
    writeln!(out, "{rank}\t{score}\t{date}\t{id}\t{path}\t{line}\t{title}\t{snippet}{copies}{also}")
}
