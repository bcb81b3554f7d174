//! One actor and its forms. Knows nothing of files.

use std::fmt;

/// Someone or something that acts in the news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// What stands after `@` in a query: lower-case letters, digits, `_`, `-` and `.`.
    pub id: String,
    /// The name to show: `United States`.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// How texts name it; at least one. No two are the same.
    pub forms: Vec<Form>,
    /// The file it is from, or [`crate::Actors::BUILTIN`].
    pub origin: String,
}

/// What an actor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A country with a government.
    State,
    /// A human being.
    Person,
    /// A union or group of states.
    Alliance,
    /// Any other body: of the United Nations, a bank, an armed group, a news agency.
    Organisation,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 4] = [Kind::State, Kind::Person, Kind::Alliance, Kind::Organisation];

    /// The word for it in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::State => "state",
            Kind::Person => "person",
            Kind::Alliance => "alliance",
            Kind::Organisation => "organisation",
        }
    }

    pub(crate) fn read(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A word or phrase that names an actor. It prints as it stands in the file: `=US`, `United States`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Form {
    /// The words, without the `=`.
    pub text: String,
    /// Matches in exactly this case only: one word, all in capitals. Otherwise a phrase, in any case.
    pub exact_case: bool,
}

impl Form {
    /// Reads a form as it stands in the file.
    pub(crate) fn read(written: &str) -> Form {
        let written = written.trim();
        match written.strip_prefix('=') {
            Some(text) => Form { text: text.to_owned(), exact_case: true },
            None => Form { text: written.to_owned(), exact_case: false },
        }
    }

    /// There is something to search for.
    pub(crate) fn has_words(&self) -> bool {
        self.text.chars().any(char::is_alphanumeric)
    }

    /// One word of two capitals or more, with digits or dots between: `US`, `U.S.`, `MI6`.
    pub(crate) fn is_acronym(&self) -> bool {
        let is_capital = |letter: char| letter.is_uppercase();
        let letters = self.text.chars();
        letters.clone().all(|letter| is_capital(letter) || letter.is_numeric() || letter == '.')
            && letters.filter(|&letter| is_capital(letter)).count() >= 2
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.exact_case { "=" } else { "" };
        write!(f, "{sign}{}", self.text)
    }
}
