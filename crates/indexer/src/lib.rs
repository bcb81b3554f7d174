//! Articles to segments on disk: builds an index and keeps it up to date.
//!
//! [`update()`] is nearly the whole of it; [`optimize()`] merges what updates have left and puts like
//! articles next to each other. In the order in which things happen:
//!
//! 1. [`lock`] — one writer at a time, and its name for the others;
//! 2. [`live`] and [`generation`] — the live index is opened afresh and cleaned of what a crash left, or a new one made;
//! 3. [`ledger`] — which files were read before, and how they looked then;
//! 4. [`roots`] and [`ways`] — what is walked, and how it was asked for;
//! 5. [`pages`] — what the pages of a folder have in common is learnt;
//! 6. [`pipeline`] — what is new or changed is read, parsed and added on all cores, in bounded memory;
//!    what is there already is noticed by [`copies`], and gets its new places from [`merge`];
//! 7. [`generation`] — one commit, durable when it returns; of a new index one segment is made; and the manifest makes it live.
//!
//! The first error of the engine ends the run: the writer is dropped, and the index on disk stays as it was at
//! the last commit. This crate knows nothing of queries or the terminal.

mod again;
mod aside;
mod budget;
mod check;
mod checked;
mod committed;
mod config;
mod copies;
mod cut;
mod derived;
mod directory;
mod error;
mod generation;
mod keys_by_source;
mod ledger;
mod live;
mod lock;
mod merge;
mod merges;
mod migrate;
mod opening;
mod optimize;
mod pages;
mod parallel;
mod pipeline;
mod place;
mod remove;
mod reorder;
mod repair;
mod report;
mod roots;
mod salvage;
mod skips;
mod spool;
mod system;
mod tidy;
mod unread;
mod update;
mod ways;
mod words;

pub use check::{Finding, Progress, SAMPLE, Verdict, check};
pub use config::Config;
pub use error::IndexError;
#[doc(hidden)]
pub use ledger::parse_ledger;
pub use live::has_index;
pub use lock::writer_of;
pub use optimize::{Optimized, optimize, optimize_with};
pub use remove::{Removed, remove, remove_with};
pub use repair::{Action, Rebuilt, Repaired, repair};
pub use report::{Event, Observer, Report, Skip};
pub use update::update;
