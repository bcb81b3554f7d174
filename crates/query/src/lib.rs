//! The local engine: queries on a tantivy index.
//!
//! The way of a query: [`lower`] turns the tree into a [`plan`], where [`leaves`] reads what can be wrong by itself, looking up patterns in
//! the term dictionary ([`expand`]) within the bounds of [`effort`]; the plan becomes engine queries, with [`spans`] for all that depends
//! on where words stand;
//! [`best`] finds the best hits, which [`top`] collects: those of [`words`] by an evaluation of our own ([`scored`]), on several threads
//! where each takes a [`share`]; it and the spans read the [`postings`] themselves. [`dates`] and [`exclusions`] are looked at last.
//! [`tally`] counts all of them, with [`sets`] of what is frequent; [`copies`] folds those that are copies of others; [`passages`] picks and
//! marks the fragments of their text.
//! [`explain`] and [`diagnosis`] say how a query was understood and why it has no hits.
//! [`named`] finds articles by id or path.
//! [`local`] puts these together behind the [`engine::Engine`] trait, and a [`sitting`] answers several questions within one [`deadline`].
//!
//! This crate knows nothing of ingestion or the terminal.

mod best;
mod blocks;
mod copies;
mod dates;
mod deadline;
mod diagnosis;
mod effort;
mod exclusions;
mod expand;
mod explain;
mod glob;
mod leaves;
mod local;
mod lower;
mod named;
mod norms;
mod open;
mod passages;
mod plan;
mod postings;
mod read_only;
mod scored;
mod sets;
mod share;
mod sitting;
mod slack;
mod spans;
mod stats;
mod tally;
mod top;
mod words;

pub use diagnosis::{Diagnosis, Finding};
pub use leaves::mistakes;
pub use local::LocalEngine;
pub use open::OpenError;
pub use sitting::Sitting;
