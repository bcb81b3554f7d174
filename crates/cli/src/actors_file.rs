//! Who is who: the built-in actors, with those of `actors.toml` or `--actors` on top.

use std::io;
use std::path::{Path, PathBuf};

use actors::{Actor, Actors, ActorsError, Form};
use anyhow::Context;
use syntax::{Diagnostic, Node, Query, Severity, Span};

use crate::args::ActorsFile;
use crate::failure::Failure;
use crate::input::{MOST_ACTORS, read_text};

/// The user's own actors, where this file is in the current folder.
const DEFAULT_FILE: &str = "actors.toml";

impl ActorsFile {
    /// The file of the user's own actors, whether it is there or not.
    fn path(&self) -> PathBuf {
        self.file.clone().unwrap_or_else(|| PathBuf::from(DEFAULT_FILE))
    }
}

/// The actors that queries can name.
pub(crate) fn load(options: &ActorsFile) -> Result<Actors, Failure> {
    let mut actors = Actors::builtin();
    let path = options.path();
    let read = read_text(&path, MOST_ACTORS);
    if options.file.is_none() && read.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        return Ok(actors);
    }
    let text = read.with_context(|| format!("cannot read the actors in {}", path.display()))?;
    actors.extend(Actors::parse(&text, &path.to_string_lossy()).map_err(|error| mistaken(&error))?);
    Ok(actors)
}

/// One mistake is the message; several are named below it, one a line.
fn mistaken(error: &ActorsError) -> Failure {
    let mut lines = error.lines();
    if lines.len() == 1 {
        return Failure::from(anyhow::Error::msg(lines.remove(0)));
    }
    Failure::from(anyhow::anyhow!("there are mistakes in {}", error.origin)).lines(lines)
}

/// The actors that queries can name, read when the first query names any.
pub(crate) struct LazyActors<'a> {
    options: &'a ActorsFile,
    loaded: Option<Actors>,
}

impl<'a> LazyActors<'a> {
    pub(crate) fn new(options: &'a ActorsFile) -> LazyActors<'a> {
        LazyActors { options, loaded: None }
    }

    /// Puts the forms of its actors into a query. What comes back is an error for each that is not known.
    ///
    /// # Errors
    /// When the file of actors cannot be read.
    pub(crate) fn resolve(&mut self, query: &mut Query) -> Result<Vec<Diagnostic>, Failure> {
        let mut names_actors = false;
        query.each_mut(&mut |part| names_actors |= matches!(part.node, Node::Actor(..)));
        if !names_actors {
            return Ok(Vec::new());
        }
        let actors = match &mut self.loaded {
            Some(actors) => actors,
            none => none.insert(load(self.options)?),
        };
        let mut errors = Vec::new();
        query.each_mut(&mut |part| {
            let span = part.span;
            if let Node::Actor(id, forms) = &mut part.node {
                match actors.get(id) {
                    Some(actor) => *forms = actor.forms.iter().map(|form| form_query(form, span)).collect(),
                    None => errors.push(unknown(id, span, actors, &self.options.path())),
                }
            }
        });
        Ok(errors)
    }
}

/// Says what was meant, and which file can have more actors: its whole path, since which one it is depends on the folder.
fn unknown(id: &str, span: Span, actors: &Actors, file: &Path) -> Diagnostic {
    let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let known = format!("`morgue actors list` shows all that are known; add your own to {}", file.display());
    let hint = match actors.nearest(id) {
        Some(near) => format!("did you mean @{near}? {known}"),
        None => known,
    };
    Diagnostic { severity: Severity::Error, message: format!("no such actor: @{id}"), span, hint: Some(hint) }
}

/// A form as the query it stands for.
pub(crate) fn form_query(form: &Form, span: Span) -> Query {
    let text = form.text.clone();
    let node = if form.exact_case { Node::Exact(text) } else { Node::Phrase(text, 0) };
    Query { node, span }
}

/// Does the actor have this text in its id, name or a form?
pub(crate) fn mentions(actor: &Actor, text: &str) -> bool {
    let text = text.trim_start_matches('@').to_lowercase();
    let has = |name: &str| name.to_lowercase().contains(&text);
    has(&actor.id) || has(&actor.name) || actor.forms.iter().any(|form| has(&form.text))
}
