//! The engine as a whole: index real files, ask, compare.

mod conformance;
mod gold;
mod naive;
mod oracle;
mod property;
mod support;
mod updates;
