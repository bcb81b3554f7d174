//! The command line of morgue: arguments, rendering, exit codes. How anything works is known to other crates.
//!
//! Exit codes: 0 there are hits, 1 there are none, 2 an error. A closed pipe is quiet success. Data goes to standard
//! output, all talk to standard error.

#[macro_use]
mod say; // first, so that all others can

mod actors_file;
mod args;
mod collection;
mod commands;
mod failure;
mod input;
mod output;
mod render;
mod replace;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use args::Args;
use failure::Failure;

/// Parsing and answering ask for many small pieces of memory; its figures are in `benches/README.md`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args = match Args::read() {
        Ok(args) => args,
        Err(error) => return refused(&error),
    };
    args.color.apply();
    let level = if args.verbose { "info" } else { "error" };
    let filter = tracing_subscriber::EnvFilter::new(format!("off,indexer={level},query={level}"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).without_time();
    // It would tell of a standard error that cannot be written there, with a panic.
    log.log_internal_errors(false).init();
    // A panic is caught where it can be told as an error; its own message is for developers.
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        std::panic::set_hook(Box::new(|_| {}));
    }
    let outcome = catch_unwind(AssertUnwindSafe(|| commands::run(&args)));
    match outcome.unwrap_or_else(|_| Err(Failure::bug())) {
        Ok(outcome) => outcome.into(),
        Err(failure) => failed(&failure),
    }
}

/// Says why it failed, where anybody still reads what we print.
fn failed(failure: &Failure) -> ExitCode {
    if failure.is_closed_pipe() {
        return ExitCode::SUCCESS;
    }
    failure.print();
    ExitCode::from(Failure::EXIT_CODE)
}

/// Says what is wrong with the arguments, or prints the help or the version that they ask for. They may be names of files, as in
/// `morgue index *`: one that would act on a terminal is shown so that it does not.
fn refused(error: &clap::Error) -> ExitCode {
    let is_act = |c: char| article::acts(c) && !c.is_whitespace();
    if std::env::args_os().all(|argument| !argument.to_string_lossy().contains(is_act)) {
        return match error.print() {
            Err(unwritten) if !error.use_stderr() => failed(&output::unwritten(unwritten).into()),
            _ => u8::try_from(error.exit_code()).unwrap_or(Failure::EXIT_CODE).into(),
        };
    }
    for line in error.render().to_string().lines() {
        say!("{}", render::safe::safe(line));
    }
    ExitCode::from(Failure::EXIT_CODE)
}
