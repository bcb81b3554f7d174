//! The program as people use it: arguments in, bytes and exit codes out.

mod errors;
mod forms;
mod indexing;
mod readme;
mod support;
