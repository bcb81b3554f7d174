//! What a crash, a second writer, and another version leave of an index: the program as it is run, against a model.
//!
//! The long runs are ignored here; docs/reliability.md has their commands.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails
#![allow(clippy::case_sensitive_file_extension_comparisons)] // the names are ours

mod collection;
mod kill;
mod observe;
mod place;
#[path = "../common/run.rs"]
mod run;
mod soak;
mod versions;
mod writers;
