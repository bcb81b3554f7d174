//! The actors file: states, persons, alliances and organisations, and the forms in which a text names them.
//!
//! [`Actors::builtin`] knows some 900 of them; a file of the user's adds to these or replaces them
//! ([`Actors::parse`], [`Actors::extend`]). `@nato` in a query means any of the forms of the actor `nato`.
//!
//! ```
//! let mut actors = actors::Actors::builtin();
//! let own = r#"
//!     [[actor]]
//!     id = "morgue"
//!     name = "The Morgue"
//!     kind = "organisation"
//!     forms = ["The Morgue", "=TM"]
//! "#;
//! actors.extend(actors::Actors::parse(own, "actors.toml")?);
//! let forms: Vec<String> = actors.get("morgue").unwrap().forms.iter().map(ToString::to_string).collect();
//! assert_eq!(forms, ["The Morgue", "=TM"]);
//! assert_eq!(actors.get("NATO").unwrap().kind, actors::Kind::Alliance);
//! assert_eq!(actors.nearest("britain"), Some("uk"));
//! # Ok::<(), actors::ActorsError>(())
//! ```
//!
//! What this crate must not know: any other crate, any engine, the analyzer (a form is raw text here), where
//! the files of a user are (a file comes as text and a name for it), the terminal.
//!
//! The way of a file: `file` reads it and gathers what is wrong in an `error`; `nearest` knows what was meant.
//! The file that is compiled in is `default.toml`.

mod actor;
mod error;
mod file;
mod nearest;

use std::collections::{BTreeMap, HashMap};

pub use actor::{Actor, Form, Kind};
pub use error::{ActorsError, Mistake};

const BUILTIN: &str = include_str!("default.toml");

/// Actors in the order of their files; no id is there twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actors {
    actors: Vec<Actor>,
    /// The file said `replace = true`.
    replaces: bool,
}

/// A form that means more than one actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collision {
    /// The form as the first of the actors writes it, as in the file: `=US`.
    pub form: String,
    /// The ids of the actors, in their order; at least two.
    pub ids: Vec<String>,
}

impl Actors {
    /// [`Actor::origin`] of the actors that are compiled in.
    pub const BUILTIN: &'static str = "built-in";

    /// The actors that are compiled in. Reads them anew each time, in some milliseconds.
    pub fn builtin() -> Actors {
        Actors::parse(BUILTIN, Actors::BUILTIN).expect("a test parses the file")
    }

    /// Reads the text of an actors file. `origin` is what errors and [`Actor::origin`] call it: its path.
    ///
    /// # Errors
    ///
    /// Every mistake of the file, each with its line and what to do.
    pub fn parse(text: &str, origin: &str) -> Result<Actors, ActorsError> {
        file::read(text, origin)
    }

    /// Adds the actors of another file. An actor of the same id takes the place of the one that was there; a
    /// file that says `replace = true` takes the place of all.
    pub fn extend(&mut self, other: Actors) {
        if other.replaces {
            *self = other;
            return;
        }
        let places: HashMap<String, usize> = self.iter().map(|actor| actor.id.clone()).zip(0..).collect();
        for actor in other.actors {
            match places.get(&actor.id) {
                Some(&place) => self.actors[place] = actor,
                None => self.actors.push(actor),
            }
        }
    }

    /// The actor of this id, in any case: `nato`, `NATO`.
    pub fn get(&self, id: &str) -> Option<&Actor> {
        self.actors.iter().find(|actor| actor.id.eq_ignore_ascii_case(id))
    }

    /// The id that was probably meant: of the actor with that name or form (`britain` is `uk`), else of the one
    /// whose id, name or form is at most two slips away, fewer for short words.
    pub fn nearest(&self, id: &str) -> Option<&str> {
        nearest::actor(&self.actors, id).map(|actor| actor.id.as_str())
    }

    /// The forms that mean more than one actor, by alphabet. A form in exact case meets a form in any case that
    /// has the same letters: both find the word in capitals.
    pub fn collisions(&self) -> Vec<Collision> {
        let mut owners = BTreeMap::<String, Collision>::new();
        for actor in &self.actors {
            for form in &actor.forms {
                let first = || Collision { form: form.to_string(), ids: Vec::new() };
                let ids = &mut owners.entry(form.text.to_lowercase()).or_insert_with(first).ids;
                if ids.last() != Some(&actor.id) {
                    ids.push(actor.id.clone());
                }
            }
        }
        owners.into_values().filter(|collision| collision.ids.len() > 1).collect()
    }

    /// All of them, in the order of their files.
    pub fn iter(&self) -> std::slice::Iter<'_, Actor> {
        self.actors.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.actors.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.actors.is_empty()
    }
}

impl<'a> IntoIterator for &'a Actors {
    type Item = &'a Actor;
    type IntoIter = std::slice::Iter<'a, Actor>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
