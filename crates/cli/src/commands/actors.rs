//! `morgue actors`: who is who, how often, and which names are ambiguous.

use std::io::Write;

use actors::{Actor, Actors};
use engine::{Engine, Lookup};
use syntax::{Node, Query, Span};

use crate::actors_file::{form_query, load, mentions};
use crate::args::{ActorsArgs, ActorsCommand, ActorsFile, Args};
use crate::collection;
use crate::failure::Failure;
use crate::output::{Outcome, Output};
use crate::render::safe::safe;

pub(crate) fn run(args: &Args, actors: &ActorsArgs) -> Result<Outcome, Failure> {
    match &actors.command {
        ActorsCommand::List { filter, actors } => list(filter.as_deref().unwrap_or_default(), actors),
        ActorsCommand::Test { ids, actors } => test(args, ids, actors),
        ActorsCommand::Check { actors } => check(actors),
    }
}

fn list(filter: &str, options: &ActorsFile) -> Result<Outcome, Failure> {
    let actors = load(options)?;
    let mut out = Output::open();
    let mut count = 0;
    for actor in actors.iter().filter(|actor| mentions(actor, filter)) {
        let forms = actor.forms.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ");
        writeln!(out, "@{}\t{}\t{}\t{}", safe(&actor.id), actor.kind, safe(&actor.name), safe(&forms))?;
        count += 1;
    }
    out.flush()?;
    Ok(Outcome::of(count))
}

/// Articles for each form, and for the actor as a whole.
fn test(args: &Args, ids: &[String], options: &ActorsFile) -> Result<Outcome, Failure> {
    let actors = load(options)?;
    let named = ids.iter().map(|id| find(&actors, id)).collect::<Result<Vec<_>, _>>()?;
    let engine = collection::open(args)?;
    let mut out = Output::open();
    let mut found = 0;
    for actor in named {
        let span = Span::default();
        let forms: Vec<_> = actor.forms.iter().map(|form| form_query(form, span)).collect();
        for (form, query) in actor.forms.iter().zip(&forms) {
            let text = form.to_string();
            let count =
                engine.count(query, Lookup::default()).map_err(|error| Failure::search(error, &text))?;
            writeln!(out, "@{}\t{}\t{count}", actor.id, safe(&text))?;
        }
        let whole = Query { node: Node::Actor(actor.id.clone(), forms), span };
        let count =
            engine.count(&whole, Lookup::default()).map_err(|error| Failure::search(error, &actor.id))?;
        writeln!(out, "@{}\t*\t{count}", actor.id)?;
        found += count;
    }
    out.flush()?;
    Ok(Outcome::of(found))
}

fn find<'a>(actors: &'a Actors, id: &str) -> Result<&'a Actor, Failure> {
    let id = id.trim_start_matches('@');
    actors.get(id).ok_or_else(|| {
        let failure = Failure::from(anyhow::anyhow!("no such actor: @{id}"));
        match actors.nearest(id) {
            Some(near) => failure.hint(format!("did you mean @{near}?")),
            None => failure.hint("`morgue actors list` shows those that are known"),
        }
    })
}

/// Forms with more than one owner. Those among the built-in actors are known and no fault of the user.
fn check(options: &ActorsFile) -> Result<Outcome, Failure> {
    let actors = load(options)?;
    let is_own = |id: &String| actors.get(id).is_some_and(|actor| actor.origin != Actors::BUILTIN);
    let mut out = Output::open();
    let mut own = 0;
    for collision in actors.collisions() {
        own += usize::from(collision.ids.iter().any(is_own));
        writeln!(out, "{}\t@{}", safe(&collision.form), collision.ids.join("\t@"))?;
    }
    out.flush()?;
    say!("{} actors; {own} forms of your own have more than one owner", actors.len());
    Ok(if own == 0 { Outcome::Found } else { Outcome::Nothing })
}
