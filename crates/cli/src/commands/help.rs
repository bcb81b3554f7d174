//! `morgue help`: on a command, or on the query language.

use std::io::Write;

use clap::CommandFactory;

use crate::args::Args;
use crate::failure::Failure;
use crate::output::{Outcome, Output};

/// The reference of the language, the same text as in the docs.
const QUERY_LANGUAGE: &str = include_str!("../../../../docs/query-language.md");

pub(crate) fn run(topic: &[String]) -> Result<Outcome, Failure> {
    let text = match topic {
        [topic] if topic == "query" => QUERY_LANGUAGE.to_owned(),
        topic => of_command(topic)?,
    };
    let mut out = Output::open();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(Outcome::Found)
}

/// The help on a command of a command; on the program where none is named.
fn of_command(names: &[String]) -> Result<String, Failure> {
    let mut program = Args::command();
    program.build();
    let mut command = &mut program;
    for (depth, name) in names.iter().enumerate() {
        let mut topics: Vec<_> = command.get_subcommands().map(|one| one.get_name().to_owned()).collect();
        if depth == 0 {
            topics.insert(0, "query".to_owned());
        }
        let Some(subcommand) = command.find_subcommand_mut(name) else {
            let topic = names[..=depth].join(" ");
            let hint = match &topics[..] {
                [] => format!("`morgue help {}` is all there is", names[..depth].join(" ")),
                topics => format!("there is help on {}", topics.join(", ")),
            };
            return Err(Failure::from(anyhow::anyhow!("no help on {topic}")).hint(hint));
        };
        command = subcommand;
    }
    Ok(command.render_long_help().to_string())
}
