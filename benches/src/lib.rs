//! Micro benches of morgue.
