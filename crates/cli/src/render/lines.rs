//! Hits as `path:line:text`, one line a fragment, as grep prints them; or as paths only. Where there are several queries, each
//! line begins with the number of the query's line, as in `3:path:line:text`.

use std::io::{self, Write};
use std::path::Path;

use engine::{Cluster, Hit};

use super::Asked;
use super::paint::{LINE, PLACE, Paint};
use super::places::also;
use super::safe::{relative, safe, safe_path};
use crate::output::Output;

/// One line for each fragment; a hit without fragments has one line with its title. Of an article that was read from several places,
/// a last line names the others.
pub(crate) fn hit(out: &mut Output, asked: Option<Asked<'_>>, hit: &Hit) -> io::Result<()> {
    let paint = Paint { on: out.color };
    let path = number(paint, asked) + &paint.with(PLACE, &safe_path(relative(&hit.source.path)));
    for fragment in &hit.fragments {
        let line = paint.with(LINE, &fragment.line.to_string());
        writeln!(out, "{path}:{line}:{}", paint.fragment(fragment, ["", ""]))?;
    }
    if hit.fragments.is_empty() {
        let line = paint.with(LINE, &hit.source.line.to_string());
        writeln!(out, "{path}:{line}:{}", safe(&hit.title))?;
    }
    if !hit.also.is_empty() {
        writeln!(out, "{path}:{}:{}", paint.with(LINE, &hit.source.line.to_string()), also(&hit.also))?;
    }
    Ok(())
}

/// The path alone: byte for byte, so that other programs can open it, but as it may be shown where a person reads it.
pub(crate) fn path(out: &mut Output, asked: Option<Asked<'_>>, path: &Path, end: u8) -> io::Result<()> {
    write!(out, "{}", number(Paint { on: out.color }, asked))?;
    if out.is_terminal {
        write!(out, "{}", safe_path(relative(path)))?;
    } else {
        out.write_all(relative(path).as_os_str().as_encoded_bytes())?;
    }
    out.write_all(&[end])
}

/// A line for each article of a cluster, with the number of the cluster before it: `3:path:line:title`.
pub(crate) fn cluster(out: &mut Output, number: usize, cluster: &Cluster) -> io::Result<()> {
    let paint = Paint { on: out.color };
    for member in &cluster.articles {
        let number = paint.with(LINE, &number.to_string());
        let path = paint.with(PLACE, &safe_path(relative(&member.source.path)));
        let line = paint.with(LINE, &member.source.line.to_string());
        writeln!(out, "{number}:{path}:{line}:{}", safe(&member.title))?;
    }
    Ok(())
}

/// A count; the query comes after it where there are several.
pub(crate) fn count(out: &mut Output, asked: Option<Asked<'_>>, count: u64) -> io::Result<()> {
    let number = number(Paint { on: out.color }, asked);
    let query = asked.map_or_else(String::new, |asked| format!(":{}", safe(asked.text)));
    writeln!(out, "{number}{count}{query}")
}

/// `3:` for the query of the third line.
fn number(paint: Paint, asked: Option<Asked<'_>>) -> String {
    asked.map_or_else(String::new, |asked| paint.with(LINE, &asked.line.to_string()) + ":")
}
