//! The command line of morgue: arguments, rendering, exit codes. How anything works is known to other crates.
//!
//! Exit codes: 0 there are hits, 1 there are none, 2 an error. A closed pipe is quiet success. Data goes to standard
//! output, all talk to standard error.

mod actors_file;
mod args;
mod collection;
mod commands;
mod failure;
mod input;
mod output;
mod render;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser;

use args::Args;
use failure::Failure;

/// Parsing and answering ask for many small pieces of memory; its figures are in `benches/README.md`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return refused(&error),
    };
    args.color.apply();
    let level = if args.verbose { "info" } else { "error" };
    let filter = tracing_subscriber::EnvFilter::new(format!("off,indexer={level},query={level}"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).without_time().init();
    // A panic is caught where it can be told as an error; its own message is for developers.
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        std::panic::set_hook(Box::new(|_| {}));
    }
    let outcome = catch_unwind(AssertUnwindSafe(|| commands::run(&args)));
    match outcome.unwrap_or_else(|_| Err(Failure::bug())) {
        Ok(outcome) => outcome.into(),
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            ExitCode::from(Failure::EXIT_CODE)
        }
    }
}

/// Says what is wrong with the arguments. They may be names of files, as in `morgue index *`: one that would act on a terminal is
/// shown so that it does not.
fn refused(error: &clap::Error) -> ExitCode {
    let is_act = |c: char| article::acts(c) && !c.is_whitespace();
    if std::env::args_os().all(|argument| !argument.to_string_lossy().contains(is_act)) {
        error.exit();
    }
    for line in error.render().to_string().lines() {
        anstream::eprintln!("{}", render::safe::safe(line));
    }
    ExitCode::from(Failure::EXIT_CODE)
}
