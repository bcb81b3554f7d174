//! The analyzers as tantivy's tokenizers.

use tantivy::Index;
use tantivy::tokenizer::{Token as EngineToken, TokenStream, Tokenizer};

use crate::marked::{Mark, Zone};
use crate::tokens::{Tokens, capitals_term, tokens};

/// Name of the tokenizer of plain text fields.
pub(crate) const WORDS: &str = "words";
/// Name of the tokenizer of the marked `text` field.
pub(crate) const MARKED: &str = "marked";

/// Registers the analyzers. tantivy does not store them with the index, so every process does this after
/// opening one.
pub fn register_tokenizers(index: &Index) {
    index.tokenizers().register(WORDS, Words);
    index.tokenizers().register(MARKED, Marked);
}

/// Tokens of plain text, capitals noted.
#[derive(Clone)]
struct Words;

impl Tokenizer for Words {
    type TokenStream<'a> = WordsStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordsStream<'a> {
        WordsStream { tokens: tokens(text), token: empty_token(), capitals: false }
    }
}

struct WordsStream<'a> {
    tokens: Tokens<'a>,
    token: EngineToken,
    /// The token just given is to be given again as written in capitals.
    capitals: bool,
}

impl TokenStream for WordsStream<'_> {
    fn advance(&mut self) -> bool {
        if std::mem::take(&mut self.capitals) {
            self.token.text = capitals_term(&self.token.text);
            return true;
        }
        let Some(token) = self.tokens.next() else { return false };
        set_text(&mut self.token, self.tokens.text());
        self.token.position = token.position as usize;
        self.capitals = token.capitals;
        true
    }

    fn token(&self) -> &EngineToken {
        &self.token
    }

    fn token_mut(&mut self) -> &mut EngineToken {
        &mut self.token
    }
}

/// Tokens of marked text (see [`crate::marked`]).
#[derive(Clone)]
struct Marked;

impl Tokenizer for Marked {
    type TokenStream<'a> = MarkedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> MarkedStream<'a> {
        MarkedStream::new(text)
    }
}

struct MarkedStream<'a> {
    rest: &'a str,
    tokens: Tokens<'a>,
    /// Position of the first token of the stretch of text between two marks.
    base: u32,
    next_base: u32,
    weight: u32,
    /// How often the current word is still to be given.
    repeats: u32,
    capitals: bool,
    /// A zone that waits for its first token. A zone without one has no place; the one that follows it has.
    zone: Option<Zone>,
    word: EngineToken,
    place: EngineToken,
    at_place: bool,
}

impl<'a> MarkedStream<'a> {
    fn new(text: &'a str) -> MarkedStream<'a> {
        MarkedStream {
            rest: text,
            tokens: tokens(""),
            base: 0,
            next_base: 0,
            weight: 1,
            repeats: 0,
            capitals: false,
            zone: None,
            word: empty_token(),
            place: empty_token(),
            at_place: false,
        }
    }

    /// Moves to the next word, without its marks, and returns its position.
    fn next_word(&mut self) -> Option<u32> {
        loop {
            if let Some(token) = self.tokens.next() {
                let position = self.base + token.position;
                self.next_base = position + 1;
                self.capitals = token.capitals;
                return Some(position);
            }
            if !self.next_stretch() {
                return None;
            }
        }
    }

    fn give_place(&mut self) -> bool {
        let Some(zone) = self.zone.take() else { return false };
        set_text(&mut self.place, zone.term());
        self.place.position = self.word.position;
        self.at_place = true;
        true
    }

    fn take_next_word(&mut self) -> bool {
        let Some(position) = self.next_word() else { return false };
        set_text(&mut self.word, self.tokens.text());
        self.word.position = position as usize;
        self.repeats = self.weight;
        true
    }

    /// Reads marks up to the next stretch of text.
    fn next_stretch(&mut self) -> bool {
        self.base = self.next_base;
        while let Some(mark) = self.rest.chars().next().and_then(Mark::from_char) {
            self.rest = &self.rest[1..];
            match mark {
                Mark::Row => {}
                Mark::Gap => self.base += 1,
                Mark::Plain => self.weight = 1,
                Mark::Zone(zone) => self.enter(zone),
            }
        }
        self.next_base = self.base;
        let end = self.rest.find(|c| Mark::from_char(c).is_some()).unwrap_or(self.rest.len());
        let (stretch, rest) = self.rest.split_at(end);
        self.rest = rest;
        self.tokens = tokens(stretch);
        !stretch.is_empty()
    }

    fn enter(&mut self, zone: Zone) {
        self.weight = zone.weight();
        self.zone = Some(zone);
    }
}

impl TokenStream for MarkedStream<'_> {
    fn advance(&mut self) -> bool {
        self.at_place = false;
        if self.repeats == 0 {
            if std::mem::take(&mut self.capitals) {
                self.word.text = capitals_term(&self.word.text);
                return true;
            }
            if !self.take_next_word() {
                return false;
            }
        }
        if self.give_place() {
            return true;
        }
        self.repeats -= 1;
        true
    }

    fn token(&self) -> &EngineToken {
        if self.at_place { &self.place } else { &self.word }
    }

    fn token_mut(&mut self) -> &mut EngineToken {
        if self.at_place { &mut self.place } else { &mut self.word }
    }
}

fn set_text(token: &mut EngineToken, text: &str) {
    token.text.clear();
    token.text.push_str(text);
}

fn empty_token() -> EngineToken {
    EngineToken { position: 0, ..EngineToken::default() }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The terms of a marked text, and their positions.
    pub(crate) fn terms(text: &str) -> Vec<(String, usize)> {
        let mut analyzer = Marked;
        let mut stream = analyzer.token_stream(text);
        let mut terms = Vec::new();
        while stream.advance() {
            terms.push((stream.token().text.clone(), stream.token().position));
        }
        terms
    }

    #[test]
    fn marks_become_terms_weights_and_gaps() {
        let text = "\u{10}\u{2}Xi\u{4}\u{12}\u{2}To NATO. \u{2}New";
        let expected = [
            ("\u{10}", 0),
            ("xi", 0),
            ("xi", 0),
            ("xi", 0),
            ("\u{12}", 2),
            ("to", 2),
            ("nato", 3),
            ("=nato", 3),
            ("new", 4),
        ];
        let found = terms(text);
        let found: Vec<_> = found.iter().map(|(text, position)| (text.as_str(), *position)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_zone_without_tokens_has_no_place() {
        assert_eq!(terms("\u{12}\u{2}--- \u{11}\u{2}a"), terms("\u{11}a"));
    }
}
