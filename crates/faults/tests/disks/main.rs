//! No commit that was reported is lost, whatever the disk does.
//!
//! The fast suite tries a few places of each test; the environment variables that the tests name make it many.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod faults;
mod full;
mod mending;
mod power;
mod support;
