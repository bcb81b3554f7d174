//! What the actors file promises, one claim a test.

mod builtin;
mod combine;
mod file;
mod lookup;

use actors::Actors;

/// The actors of a file that must be right.
#[track_caller]
fn read(text: &str) -> Actors {
    Actors::parse(text, "actors.toml").unwrap_or_else(|error| panic!("{error}"))
}

/// An entry of the file with this id and these forms.
fn entry(id: &str, forms: &[&str]) -> String {
    format!("[[actor]]\nid = \"{id}\"\nname = \"The {id}\"\nkind = \"person\"\nforms = {forms:?}\n")
}

fn ids(actors: &Actors) -> Vec<&str> {
    actors.iter().map(|actor| actor.id.as_str()).collect()
}

/// The forms of an actor as the file writes them.
#[track_caller]
fn forms(actors: &Actors, id: &str) -> Vec<String> {
    let actor = actors.get(id).unwrap_or_else(|| panic!("no actor {id}"));
    actor.forms.iter().map(ToString::to_string).collect()
}
