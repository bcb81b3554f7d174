//! The engine as a whole: index real files, ask, compare.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod archives;
mod conformance;
mod copies;
mod damage;
mod dates;
mod diagnosis;
mod elisions;
mod explain;
mod fields;
mod fragments;
mod gold;
mod marks;
mod naive;
mod named;
mod oracle;
mod pages;
mod patterns;
mod phrases;
mod places;
mod property;
mod pruning;
mod repair;
mod reuters;
mod skips;
mod support;
mod tally;
mod unspaced;
mod updates;
