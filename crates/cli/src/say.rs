//! What is said to people, on standard error.

use std::fmt::Arguments;
use std::io::Write;

/// Says a line on standard error, in colour where colours are wanted.
///
/// What cannot be said, because the disk behind it is full or the terminal is gone, is dropped: the exit code is that of the work, which
/// has been done.
macro_rules! say {
    ($($line:tt)*) => { $crate::say::line(format_args!($($line)*)) };
}

/// What `say!` does.
pub(crate) fn line(line: Arguments<'_>) {
    let line = format!("{line}\n");
    let _ = anstream::stderr().lock().write_all(line.as_bytes());
}
