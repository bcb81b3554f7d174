//! The text of an actors file to actors. Goes on after a mistake, so that all are told at once.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use crate::actor::{Actor, Form, Kind};
use crate::error::{ActorsError, Mistake};
use crate::{Actors, nearest};

const ACTOR: &str = "actor";
const REPLACE: &str = "replace";
const ID: &str = "id";
const NAME: &str = "name";
const KIND: &str = "kind";
const FORMS: &str = "forms";

/// Reads a whole file.
pub(crate) fn read(text: &str, origin: &str) -> Result<Actors, ActorsError> {
    let lines = text.bytes().zip(1..).filter(|(byte, _)| *byte == b'\n').map(|(_, end)| end).collect();
    let mut reader = Reader { text, origin, lines, mistakes: Vec::new() };
    let actors = reader.file();
    let mut mistakes = reader.mistakes;
    if mistakes.is_empty() {
        return Ok(actors);
    }
    mistakes.sort_by_key(|mistake| mistake.line);
    Err(ActorsError { origin: origin.to_owned(), mistakes })
}

type Value<'a> = Spanned<DeValue<'a>>;

struct Reader<'a> {
    text: &'a str,
    origin: &'a str,
    /// Where each line but the first begins, in bytes.
    lines: Vec<usize>,
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    fn file(&mut self) -> Actors {
        let table = match DeTable::parse(self.text) {
            Ok(table) => table.into_inner(),
            Err(error) => {
                let place = error.span().unwrap_or_default();
                self.mistake(place, error.message(), "correct it; the file is in the TOML format");
                return Actors::default();
            }
        };
        self.unknown_keys(&table, &[ACTOR, REPLACE]);
        let replaces = table.get(REPLACE).is_some_and(|value| self.replaces(value));
        let actors = table.get(ACTOR).map(|value| self.actors(value)).unwrap_or_default();
        Actors { actors, replaces }
    }

    fn replaces(&mut self, value: &Value<'_>) -> bool {
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.mistake(value.span(), "`replace` is neither true nor false", "write replace = true");
            false
        })
    }

    fn actors(&mut self, value: &Value<'_>) -> Vec<Actor> {
        let DeValue::Array(values) = value.get_ref() else {
            self.mistake(value.span(), "`actor` is not a list", "write [[actor]] above each actor");
            return Vec::new();
        };
        let mut places = HashMap::new();
        values.iter().filter_map(|value| self.actor(value, &mut places)).collect()
    }

    /// One `[[actor]]`. `places` tells where the ids so far stand, in bytes.
    fn actor(&mut self, value: &Value<'_>, places: &mut HashMap<String, usize>) -> Option<Actor> {
        let DeValue::Table(table) = value.get_ref() else {
            self.mistake(value.span(), "an actor is not a table", "write [[actor]] above each actor");
            return None;
        };
        self.unknown_keys(table, &[ID, NAME, KIND, FORMS]);
        let id = self.id(table, value.span(), places);
        let name = self.string(table, NAME, value.span()).map(|(name, _)| name.trim().to_owned());
        let kind = self.kind(table, value.span());
        let forms = self.forms(table, value.span());
        Some(Actor { id: id?, name: name?, kind: kind?, forms: forms?, origin: self.origin.to_owned() })
    }

    fn id(
        &mut self,
        table: &DeTable<'_>,
        actor: Range<usize>,
        places: &mut HashMap<String, usize>,
    ) -> Option<String> {
        let (id, place) = self.string(table, ID, actor)?;
        let is_allowed = |letter| matches!(letter, 'a'..='z' | '0'..='9' | '_' | '-' | '.');
        if !id.chars().all(is_allowed) || !id.contains(|letter: char| letter.is_ascii_alphanumeric()) {
            let message = format!("`{id}` is no id");
            self.mistake(place, message, "an id has only a to z in lower case, digits, _, - and .");
            return None;
        }
        if let Some(first) = places.insert(id.to_owned(), place.start) {
            let message = format!("id `{id}` is already on line {}", self.line(first));
            self.mistake(place, message, "make it one actor, or rename one");
            return None;
        }
        Some(id.to_owned())
    }

    fn kind(&mut self, table: &DeTable<'_>, actor: Range<usize>) -> Option<Kind> {
        let (word, place) = self.string(table, KIND, actor)?;
        let kind = Kind::read(word);
        if kind.is_none() {
            let hint = meant(word, &Kind::ALL.map(Kind::as_str));
            self.mistake(place, format!("unknown kind `{word}`"), hint);
        }
        kind
    }

    fn forms(&mut self, table: &DeTable<'_>, actor: Range<usize>) -> Option<Vec<Form>> {
        const HINT: &str = "write forms = [\"United States\", \"=US\"]";
        let Some(value) = table.get(FORMS) else {
            self.mistake(actor, "no `forms` here", HINT);
            return None;
        };
        let DeValue::Array(values) = value.get_ref() else {
            self.mistake(value.span(), "`forms` is not a list", HINT);
            return None;
        };
        if values.is_empty() {
            self.mistake(value.span(), "`forms` is empty", HINT);
        }
        Some(self.form_list(values))
    }

    fn form_list(&mut self, values: &DeArray<'_>) -> Vec<Form> {
        let mut forms = Vec::with_capacity(values.len());
        let mut seen = HashSet::new();
        for value in values {
            match self.form(value) {
                Some(form) if !seen.insert(form.clone()) => {
                    self.mistake(value.span(), format!("form `{form}` is there twice"), "remove one");
                }
                form => forms.extend(form),
            }
        }
        forms
    }

    fn form(&mut self, value: &Value<'_>) -> Option<Form> {
        let Some(written) = value.get_ref().as_str() else {
            self.mistake(value.span(), "a form is not text", "put it in quotes");
            return None;
        };
        let form = Form::read(written);
        if !form.has_words() {
            self.mistake(value.span(), format!("form `{form}` has no letter or digit"), "remove it");
            return None;
        }
        if form.exact_case && !form.is_acronym() {
            let message = format!("exact form `{form}` is not one word in capitals");
            self.mistake(value.span(), message, format!("without =, {} is found in any case", form.text));
            return None;
        }
        Some(form)
    }

    /// The text of a key that must be there, and its place.
    fn string<'t>(
        &mut self,
        table: &'t DeTable<'_>,
        key: &str,
        actor: Range<usize>,
    ) -> Option<(&'t str, Range<usize>)> {
        let Some(value) = table.get(key) else {
            self.mistake(actor, format!("no `{key}` here"), format!("add {key} = \"…\" to the actor"));
            return None;
        };
        match value.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => return Some((text, value.span())),
            Some(_) => self.mistake(value.span(), format!("`{key}` is empty"), "fill it in"),
            None => self.mistake(value.span(), format!("`{key}` is not text"), "put it in quotes"),
        }
        None
    }

    fn unknown_keys(&mut self, table: &DeTable<'_>, known: &[&str]) {
        for key in table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let hint = meant(key.get_ref(), known);
            self.mistake(key.span(), format!("unknown key `{}`", key.get_ref()), hint);
        }
    }

    fn mistake(&mut self, place: Range<usize>, message: impl Into<String>, hint: impl Into<String>) {
        let line = self.line(place.start);
        self.mistakes.push(Mistake { line, message: message.into(), hint: hint.into() });
    }

    fn line(&self, offset: usize) -> usize {
        self.lines.partition_point(|begin| *begin <= offset) + 1
    }
}

fn meant(word: &str, known: &[&str]) -> String {
    match nearest::word(known, word) {
        Some(meant) => format!("did you mean {meant}?"),
        None => format!("known here: {}", known.join(", ")),
    }
}
