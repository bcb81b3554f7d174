//! Hits as `path:line:text`, one line a fragment, as grep prints them; or as paths only.

use std::io::{self, Write};

use engine::Hit;

use super::safe::{relative, safe, safe_path};

/// One line for each fragment; a hit without fragments has one line with its title.
pub(crate) fn hit(out: &mut impl Write, hit: &Hit) -> io::Result<()> {
    let path = safe_path(relative(&hit.source.path));
    for fragment in &hit.fragments {
        writeln!(out, "{path}:{}:{}", fragment.line, safe(&fragment.text))?;
    }
    if hit.fragments.is_empty() {
        writeln!(out, "{path}:{}:{}", hit.source.line, safe(&hit.title))?;
    }
    Ok(())
}

/// The path alone, byte for byte, so that other programs can open it.
pub(crate) fn path(out: &mut impl Write, hit: &Hit, end: u8) -> io::Result<()> {
    out.write_all(relative(&hit.source.path).as_os_str().as_encoded_bytes())?;
    out.write_all(&[end])
}
