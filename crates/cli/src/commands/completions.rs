//! `morgue completions`: a completion script for a shell.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Args;
use crate::failure::Failure;
use crate::output::{Outcome, Output};

pub(crate) fn run(shell: Shell) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "morgue", &mut script);
    let mut out = Output::open();
    out.write_all(&script)?;
    out.flush()?;
    Ok(Outcome::Found)
}
