//! Disks that fail, fill up and lose power. Only tests use them.
//!
//! [`FaultyDisk`] fails at one step, or from one step on. [`JournalDisk`] writes down what is done, and gives out what a file system
//! may hold after the power is lost. Neither makes anything durable on the disk below, so they are fast.
//!
//! This crate knows nothing of what the files hold.

mod faulty;
mod journal;

pub use faulty::{Fault, FaultyDisk, Manner};
pub use journal::{Journal, JournalDisk, Loss};
