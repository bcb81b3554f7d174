//! A user's own names of keys: which column of a table, or key of a record in JSON, is the title, the body and so on.

use super::keys::{Key, key_of};

/// What begins a record that brings its mapping along: a byte that no JSON begins with.
const MARK: &[u8] = b"\0map ";

/// Names that mean a key, before those that are known anyway. It is given as `title=headline`: the key that morgue
/// knows, and the name that the file has for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    names: Vec<(Key, String)>,
}

/// Why a text is no mapping.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// It has no equals sign, or nothing on one side of it.
    #[error("{0:?} does not say which name means what; write KEY=NAME, as in title=headline")]
    NoPair(String),
    /// The key is none that an article has.
    #[error("{key:?} is not a key of an article; the keys are {known}", known = Key::known_names())]
    UnknownKey {
        /// What stands before the equals sign.
        key: String,
    },
    /// The name has a character that no name has.
    #[error("{0:?} has a control character in it; write the name as the file has it")]
    Control(String),
}

/// The mapping that says nothing.
pub(super) static NOTHING: Mapping = Mapping { names: Vec::new() };

impl Mapping {
    /// Reads texts such as `title=headline`. Where a key comes several times, the first name that a record has wins.
    ///
    /// # Errors
    /// A text is not `KEY=NAME`, or its key is not known.
    pub fn parse<T: AsRef<str>>(pairs: impl IntoIterator<Item = T>) -> Result<Mapping, MappingError> {
        let names = pairs.into_iter().map(|pair| read_pair(pair.as_ref())).collect::<Result<_, _>>()?;
        Ok(Mapping { names })
    }

    /// These names, and behind them those of another mapping.
    #[must_use]
    pub fn followed_by(mut self, other: Mapping) -> Mapping {
        for pair in other.names {
            if !self.names.contains(&pair) {
                self.names.push(pair);
            }
        }
        self
    }

    /// It says nothing: every name means what it means anyway.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The texts that [`Mapping::parse`] reads it from.
    pub fn pairs(&self) -> Vec<String> {
        self.names.iter().map(|(key, name)| format!("{}={name}", key.name())).collect()
    }

    /// The user said what this name means.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.iter().any(|(_, own)| own.eq_ignore_ascii_case(name))
    }

    /// The key a name means, and its rank among the names of that key; 0 is the first to be taken.
    pub(super) fn key_of(&self, name: &str) -> Option<(Key, usize)> {
        let place = self.names.iter().position(|(_, own)| own.eq_ignore_ascii_case(name));
        match place {
            Some(place) => Some((self.names[place].0, place)),
            None => key_of(name).map(|(key, place)| (key, self.names.len() + place)),
        }
    }

    /// `bytes` of JSON with this mapping before them, so that parsing them depends on nothing else, and so that another
    /// mapping makes another record of them.
    pub(super) fn put_before(&self, bytes: Vec<u8>) -> Vec<u8> {
        if self.is_empty() {
            return bytes;
        }
        [MARK, self.pairs().join("\t").as_bytes(), b"\n", bytes.as_slice()].concat()
    }

    /// The mapping that stands before the bytes of a record, and the bytes.
    pub(super) fn take_off(bytes: &[u8]) -> (Mapping, &[u8]) {
        let taken = bytes.strip_prefix(MARK).and_then(|rest| {
            let end = memchr::memchr(b'\n', rest)?;
            let pairs = std::str::from_utf8(&rest[..end]).ok()?;
            Some((Mapping::parse(pairs.split('\t')).ok()?, &rest[end + 1..]))
        });
        taken.unwrap_or((Mapping::default(), bytes))
    }
}

fn read_pair(pair: &str) -> Result<(Key, String), MappingError> {
    let (key, name) = pair.split_once('=').ok_or_else(|| MappingError::NoPair(pair.to_owned()))?;
    let (key, name) = (key.trim(), name.trim());
    if key.is_empty() || name.is_empty() {
        return Err(MappingError::NoPair(pair.to_owned()));
    }
    if name.contains(char::is_control) {
        return Err(MappingError::Control(name.to_owned()));
    }
    match key_of(key) {
        Some((key, _)) => Ok((key, name.to_owned())),
        None => Err(MappingError::UnknownKey { key: key.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_user_go_before_those_that_are_known() {
        let mapping = Mapping::parse(["title=Kopfzeile", "title=kicker", "body=headline"]).unwrap();
        assert_eq!(mapping.key_of("kopfzeile"), Some((Key::Title, 0)));
        assert_eq!(mapping.key_of("kicker"), Some((Key::Title, 1)));
        assert_eq!(mapping.key_of("headline"), Some((Key::Body, 2)));
        assert_eq!(mapping.key_of("title"), Some((Key::Title, 3)));
        assert_eq!(mapping.key_of("nothing"), None);
    }

    #[test]
    fn a_mistake_names_the_keys_there_are() {
        let said = |pair: &str| Mapping::parse([pair]).unwrap_err().to_string();
        assert_eq!(
            said("titel=Kopf"),
            "\"titel\" is not a key of an article; the keys are id, title, body, subtitle, description, date, source, author, url, lang"
        );
        for pair in ["title", "title=", "=a", " = "] {
            assert!(said(pair).ends_with("write KEY=NAME, as in title=headline"), "{pair}");
        }
        assert!(said("title=a\tb").contains("control character"));
    }

    #[test]
    fn a_record_brings_its_mapping_along() {
        let mapping = Mapping::parse(["title=Zeile=1", "lang=x"]).unwrap();
        let bytes = mapping.put_before(b"{}\n".to_vec());
        assert_eq!(Mapping::parse(mapping.pairs()).unwrap(), mapping);
        assert_eq!(Mapping::take_off(&bytes), (mapping, &b"{}\n"[..]));
        assert_eq!(Mapping::take_off(b"{}"), (Mapping::default(), &b"{}"[..]));
        assert_eq!(Mapping::take_off(b"\0map a=b\n{}"), (Mapping::default(), &b"\0map a=b\n{}"[..]));
        assert_eq!(NOTHING.put_before(b"{}".to_vec()), b"{}");
    }
}
