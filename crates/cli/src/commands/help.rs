//! `morgue help`: on a command, or on the query language.

use std::io::Write;

use clap::CommandFactory;

use crate::args::Args;
use crate::failure::Failure;
use crate::output::{Outcome, Output};

/// The reference of the language, the same text as in the docs.
const QUERY_LANGUAGE: &str = include_str!("../../../../docs/query-language.md");

pub(crate) fn run(topic: Option<&str>) -> Result<Outcome, Failure> {
    let mut command = Args::command();
    command.build();
    let text = match topic {
        None => command.render_long_help().to_string(),
        Some("query") => QUERY_LANGUAGE.to_owned(),
        Some(topic) => {
            let topics: Vec<_> = command.get_subcommands().map(|one| one.get_name().to_owned()).collect();
            let Some(subcommand) = command.find_subcommand_mut(topic) else {
                let hint = format!("there is help on query, {}", topics.join(", "));
                return Err(Failure::from(anyhow::anyhow!("no help on {topic}")).hint(hint));
            };
            subcommand.render_long_help().to_string()
        }
    };
    let mut out = Output::open();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(Outcome::Found)
}
