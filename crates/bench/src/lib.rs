//! Latency of an engine on a workload: how long its queries take, and whether that has changed.
//!
//! [`workload`] reads the queries, [`run`] times them, [`report`] sums up what was timed, [`baseline`] compares two reports, and
//! [`plot`] draws one. This crate knows neither which engine it is nor what a terminal is.

pub mod baseline;
pub mod plot;
pub mod report;
pub mod run;
pub mod workload;
