//! Hits as `path:line:text`, one line a fragment, as grep prints them; or as paths only.

use std::io::{self, Write};

use engine::Hit;

use super::paint::{LINE, PLACE, Paint};
use super::safe::{relative, safe, safe_path};
use crate::output::Output;

/// One line for each fragment; a hit without fragments has one line with its title.
pub(crate) fn hit(out: &mut Output, hit: &Hit) -> io::Result<()> {
    let paint = Paint { on: out.color };
    let path = paint.with(PLACE, &safe_path(relative(&hit.source.path)));
    for fragment in &hit.fragments {
        let line = paint.with(LINE, &fragment.line.to_string());
        writeln!(out, "{path}:{line}:{}", paint.fragment(fragment, ["", ""]))?;
    }
    if hit.fragments.is_empty() {
        let line = paint.with(LINE, &hit.source.line.to_string());
        writeln!(out, "{path}:{line}:{}", safe(&hit.title))?;
    }
    Ok(())
}

/// The path alone, byte for byte, so that other programs can open it.
pub(crate) fn path(out: &mut impl Write, hit: &Hit, end: u8) -> io::Result<()> {
    out.write_all(relative(&hit.source.path).as_os_str().as_encoded_bytes())?;
    out.write_all(&[end])
}
