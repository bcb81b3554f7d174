//! Hits as one line each, fields parted by tabs: rank, score, date, id, path, line, title, snippet. A field that is
//! not known is `-`. Where copies are folded, their number is a last field; of an article that was read from several places, so is the number of
//! the others, as `+2 paths`. Where there are several queries, the number of the query's line comes before the rank.

use std::io::{self, Write};

use engine::Hit;

use super::Asked;
use super::places::more;
use super::safe::{relative, safe, safe_path};

/// Writes a hit; `rank` is 1-based.
pub(crate) fn hit(out: &mut impl Write, asked: Option<Asked<'_>>, rank: usize, hit: &Hit) -> io::Result<()> {
    if let Some(asked) = asked {
        write!(out, "{}\t", asked.line)?;
    }
    let score = hit.score.map_or_else(|| "-".to_owned(), |score| format!("{score:.4}"));
    let date = hit.date.map_or_else(|| "-".to_owned(), |date| date.to_string());
    let line = hit.fragments.first().map_or(hit.source.line, |fragment| fragment.line);
    let snippet = hit.fragments.iter().map(|fragment| safe(&fragment.text)).collect::<Vec<_>>().join(" ");
    let path = safe_path(relative(&hit.source.path));
    let (id, title) = (safe(&hit.id), safe(&hit.title));
    let copies = hit.copies.map_or_else(String::new, |copies| format!("\t{copies}"));
    let also = if hit.also.is_empty() { String::new() } else { format!("\t{}", more(&hit.also)) };
    writeln!(out, "{rank}\t{score}\t{date}\t{id}\t{path}\t{line}\t{title}\t{snippet}{copies}{also}")
}
