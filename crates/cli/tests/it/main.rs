//! The program as people use it: arguments in, bytes and exit codes out.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod all;
mod batch;
mod bench;
mod damage;
mod dups;
mod errors;
mod extremes;
mod forms;
#[cfg(unix)]
mod hostile;
mod indexing;
mod nothing;
mod readme;
mod remembered;
#[path = "../common/run.rs"]
mod run;
mod support;
#[cfg(target_os = "linux")]
mod unwritable;
