//! How values of text fields become terms.

use tantivy::Index;
use tantivy::tokenizer::{Token as EngineToken, TokenStream, Tokenizer};

use crate::elision::behind_elision;
use crate::marked::{ELISION_MARK, Mark, Zone};
use crate::tokens::{capitals_term, tokens};

/// Name of the tokenizer of plain text fields.
pub(crate) const WORDS: &str = "words";
/// Name of the tokenizer of the marked `text` field.
pub(crate) const MARKED: &str = "marked";

/// Calls back with the terms of a value and their positions, in the order of the text.
pub type Analyze = fn(&str, &mut dyn FnMut(&[u8], u32));

/// How values of fields with this tokenizer become terms; `None` where the tokenizer is none of ours.
pub fn analysis(tokenizer: &str) -> Option<Analyze> {
    match tokenizer {
        WORDS => Some(each_term),
        MARKED => Some(each_term_of_marked),
        _ => None,
    }
}

/// Terms of plain text, capitals noted.
fn each_term(text: &str, take: &mut dyn FnMut(&[u8], u32)) {
    let (elides, text) = text.strip_prefix(ELISION_MARK).map_or((false, text), |text| (true, text));
    let mut walk = tokens(text);
    while let Some(token) = walk.next() {
        take(walk.bytes(), token.position);
        if token.capitals {
            take(capitals_term(walk.text()).as_bytes(), token.position);
        }
        if elides && let Some(rest) = behind_elision(&text[token.range]) {
            each_term(rest, &mut |term, _| take(term, token.position));
        }
    }
}

/// Terms of marked text (see [`crate::marked`]).
fn each_term_of_marked(text: &str, take: &mut dyn FnMut(&[u8], u32)) {
    let is_mark = |byte: u8| byte < b' ' && Mark::from_char(char::from(byte)).is_some();
    let (mut rest, mut base, mut weight, mut elides) = (text, 0, 1, false);
    // A zone that waits for its first token. A zone without one has no place; the one that follows it has.
    let mut zone: Option<Zone> = None;
    while !rest.is_empty() {
        while let Some(mark) = rest.chars().next().and_then(Mark::from_char) {
            rest = &rest[1..];
            match mark {
                Mark::Row => {}
                Mark::Gap => base += 1,
                Mark::Plain => weight = 1,
                Mark::Elision => elides = true,
                Mark::Zone(entered) => (zone, weight) = (Some(entered), entered.weight()),
            }
        }
        let end = rest.bytes().position(is_mark).unwrap_or(rest.len());
        let (stretch, others) = rest.split_at(end);
        rest = others;
        let mut walk = tokens(stretch);
        let mut next = base;
        while let Some(token) = walk.next() {
            let position = base + token.position;
            next = position + 1;
            if let Some(zone) = zone.take() {
                take(zone.term().as_bytes(), position);
            }
            (0..weight).for_each(|_| take(walk.bytes(), position));
            if token.capitals {
                take(capitals_term(walk.text()).as_bytes(), position);
            }
            if elides && let Some(rest) = behind_elision(&stretch[token.range]) {
                each_term(rest, &mut |term, _| {
                    let times = if term.starts_with(b"=") { 1 } else { weight };
                    (0..times).for_each(|_| take(term, position));
                });
            }
        }
        base = next;
    }
}

/// Registers the same as tokenizers of the engine, which does not store them with the index.
pub fn register_tokenizers(index: &Index) {
    index.tokenizers().register(WORDS, Analyzer(each_term));
    index.tokenizers().register(MARKED, Analyzer(each_term_of_marked));
}

#[derive(Clone)]
struct Analyzer(Analyze);

/// The tokens of a text, and the how many'th is the next.
struct Analyzed {
    tokens: Vec<EngineToken>,
    next: usize,
}

impl Tokenizer for Analyzer {
    type TokenStream<'a> = Analyzed;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Analyzed {
        let mut tokens = Vec::new();
        (self.0)(text, &mut |term, position| {
            let text = String::from_utf8_lossy(term).into_owned();
            tokens.push(EngineToken { text, position: position as usize, ..EngineToken::default() });
        });
        Analyzed { tokens, next: 0 }
    }
}

impl TokenStream for Analyzed {
    fn advance(&mut self) -> bool {
        self.next += 1;
        self.next <= self.tokens.len()
    }

    fn token(&self) -> &EngineToken {
        &self.tokens[self.next - 1]
    }

    fn token_mut(&mut self) -> &mut EngineToken {
        &mut self.tokens[self.next - 1]
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The terms of a marked text, and their positions.
    pub(crate) fn terms(text: &str) -> Vec<(String, usize)> {
        let mut stream = Analyzer(each_term_of_marked);
        let mut stream = stream.token_stream(text);
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
    fn what_follows_an_elision_is_a_term_as_well_where_words_are_elided() {
        let terms = |text: &str| {
            let terms = terms(text);
            terms.iter().map(|(term, position)| format!("{term} {position}")).collect::<Vec<_>>()
        };
        assert_eq!(terms("l’OTAN d'Or"), ["lotan 0", "dor 1"]);
        assert_eq!(
            terms("\u{6}\u{12}\u{2}de l’OTAN,\u{2}d'Or"),
            ["\u{12} 0", "de 0", "lotan 1", "otan 1", "=otan 1", "dor 2", "or 2"]
        );
        assert_eq!(terms("\u{6}\u{11}\u{2}l'UE")[1..], ["lue 0", "lue 0", "ue 0", "ue 0", "=ue 0"]);
        let mut plain = Vec::new();
        each_term("\u{6}Rome et l'OTAN", &mut |term, position| plain.push((term.to_vec(), position)));
        assert_eq!(plain.last(), Some(&(b"=otan".to_vec(), 2)));
    }

    #[test]
    fn a_zone_without_tokens_has_no_place() {
        assert_eq!(terms("\u{12}\u{2}--- \u{11}\u{2}a"), terms("\u{11}a"));
    }
}
