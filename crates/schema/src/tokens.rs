//! How text becomes tokens: one code for what is indexed and for what is asked.
//!
//! * A token is a maximal run of letters and digits, folded (see [`crate::fold()`]). Fractions such as `½` are neither, so that
//!   `2½` is found as `2`.
//! * An apostrophe inside a word joins it (`don’t` is `dont`); `'s` at a word's end is no token.
//! * Dotted acronyms are one token: `U.S.` is `us`.
//! * Scripts written without spaces yield overlapping pairs of characters, one a position, and the last
//!   character alone, so that any part of two or more characters is a phrase of pairs.

use std::ops::Range;

use memchr::memchr;

use crate::fold::fold_into;
use crate::plain::{WINDOW, count_plain_words, is_word_byte, plain_word};
use crate::words::{is_capitals, is_mark, is_unspaced, is_word, run_of, scan_word, unit_length};

/// The longest term, in bytes.
const TERM_BYTES: usize = 512;

/// Does a byte begin a word, or may it be a part of a character that does?
const BEGINS: [bool; 256] = {
    let mut begins = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        begins[byte] = byte >= 128 || is_word_byte(byte as u8);
        byte += 1;
    }
    begins
};

/// One token of a text. Its folded text is in [`Tokens::text`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Bytes in the text, without a possessive `'s`.
    pub range: Range<usize>,
    /// 0-based number of the token in the text; every token takes one position.
    pub position: u32,
    /// Written in capitals only, with two letters or more: an acronym such as `NATO` or `U.S.`.
    pub capitals: bool,
    /// The last character of a run in a script without spaces, standing alone.
    pub tail: bool,
    /// From a script without spaces, so it may stand for a part of a longer word.
    pub unspaced: bool,
}

/// A walk over the tokens of a text that reuses one buffer.
pub struct Tokens<'a> {
    text: &'a str,
    at: usize,
    position: u32,
    folded: Folded,
    /// End of the run of a script without spaces that the walk is inside of.
    run_end: usize,
}

/// The folded text of a token.
#[derive(Default)]
struct Folded {
    plain: [u8; WINDOW],
    /// Of a plain word; 0 where it is another.
    plain_length: usize,
    other: String,
}

/// The tokens of `text`.
pub fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, at: 0, position: 0, folded: Folded::default(), run_end: 0 }
}

/// As many bytes at least are counted at once where some words are not plain.
const PIECE_BYTES: usize = 32;

/// How many tokens `text` has.
pub fn count_tokens(text: &str) -> u32 {
    count_plain_words(text.as_bytes()).unwrap_or_else(|| pieces(text).map(count_in_piece).sum())
}

fn count_in_piece(text: &str) -> u32 {
    count_plain_words(text.as_bytes()).unwrap_or_else(|| {
        let mut walk = tokens(text);
        while walk.next().is_some() {}
        walk.position
    })
}

/// A text in pieces, each of which ends behind a space, where no token goes on.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let space = memchr(b' ', rest.as_bytes().get(PIECE_BYTES..).unwrap_or_default());
        let (piece, others) = rest.split_at(space.map_or(rest.len(), |space| PIECE_BYTES + space + 1));
        rest = others;
        (!piece.is_empty()).then_some(piece)
    })
}

/// The bytes of the first tokens of `text`, as many as are asked for and there are (see [`Token::range`]).
pub fn token_ranges(text: &str, count: usize) -> Vec<Range<usize>> {
    let mut walk = tokens(text);
    let mut ranges = Vec::with_capacity(count.min(text.len()));
    while ranges.len() < count
        && let Some(token) = walk.next()
    {
        ranges.push(token.range);
    }
    ranges
}

/// The term under which a token in capitals is also indexed, at the same position: `NATO` as `=nato`.
/// No token starts with `=`, so it meets no other term.
pub fn capitals_term(folded: &str) -> String {
    format!("={folded}")
}

/// Does a text have characters of a script that puts no spaces between words, which is indexed as overlapping pairs?
pub fn has_unspaced(text: &str) -> bool {
    text.contains(is_unspaced)
}

/// Is a term of the text a word? Those of capitals, and those that mark places, begin with other characters.
pub fn is_word_term(term: &str) -> bool {
    term.starts_with(char::is_alphanumeric)
}

impl Tokens<'_> {
    /// Moves to the next token.
    #[allow(clippy::should_implement_trait)] // lends its text: not an `Iterator`
    pub fn next(&mut self) -> Option<Token> {
        loop {
            if self.at < self.run_end {
                return Some(self.next_pair());
            }
            let start = self.at + next_word_start(&self.text[self.at..])?;
            if let Some(word) = plain_word(&self.text.as_bytes()[start..]) {
                self.at = start + word.length;
                (self.folded.plain, self.folded.plain_length) = (word.folded, word.length);
                return Some(self.token(start..self.at, word.capitals, false, false));
            }
            let first = self.text[start..].chars().next()?;
            if is_unspaced(first) {
                self.at = start;
                self.run_end = start + run_of(&self.text[start..], |c| is_unspaced(c) || is_mark(c));
                continue;
            }
            if let Some(token) = self.next_word(start) {
                return Some(token);
            }
        }
    }

    /// The folded text of the token returned last.
    pub fn text(&self) -> &str {
        str::from_utf8(self.bytes()).unwrap_or_default()
    }

    /// The same, as bytes.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        let Folded { plain, plain_length, other } = &self.folded;
        if *plain_length > 0 { &plain[..*plain_length] } else { other.as_bytes() }
    }

    /// The rest as a list of folded texts.
    pub fn collect_texts(mut self) -> Vec<String> {
        let mut texts = Vec::new();
        while self.next().is_some() {
            texts.push(self.text().to_owned());
        }
        texts
    }

    fn next_word(&mut self, start: usize) -> Option<Token> {
        let word = scan_word(self.text, start);
        self.at = word.next;
        let folded = self.folded.other();
        fold_into(&self.text[start..word.end], folded);
        if folded.is_empty() {
            return None;
        }
        shorten(folded);
        let capitals = is_capitals(&self.text[start..word.end]);
        Some(self.token(start..word.end, capitals, false, false))
    }

    /// The pair of characters that begins here, or the last character of the run.
    fn next_pair(&mut self) -> Token {
        let run = &self.text[self.at..self.run_end];
        let first = unit_length(run);
        let second = if first < run.len() { unit_length(&run[first..]) } else { 0 };
        fold_into(&run[..first + second], self.folded.other());
        let range = self.at..self.at + first + second;
        self.at += first;
        self.token(range, false, second == 0, true)
    }

    fn token(&mut self, range: Range<usize>, capitals: bool, tail: bool, unspaced: bool) -> Token {
        let position = self.position;
        self.position += 1;
        Token { range, position, capitals, tail, unspaced }
    }
}

impl Folded {
    /// The text of a token that is no plain word, to be written.
    fn other(&mut self) -> &mut String {
        self.plain_length = 0;
        self.other.clear();
        &mut self.other
    }
}

/// The engine drops terms over 65,530 bytes in silence. A word over the limit here keeps its beginning, and a hash
/// stands for the whole of it, so that it is found, and only it.
fn shorten(folded: &mut String) {
    if let Some(short) = article::shortened(folded, TERM_BYTES) {
        *folded = short;
    }
}

fn next_word_start(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let ascii = bytes.iter().position(|&byte| BEGINS[byte as usize])?;
    if bytes[ascii].is_ascii() {
        return Some(ascii);
    }
    text[ascii..].find(|c| is_word(c) || is_unspaced(c)).map(|at| ascii + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(tokens(text).collect_texts(), expected, "{text:?}");
    }

    #[test]
    fn what_draws_an_arabic_word_out_does_not_count() {
        check("الجسر الـــطويل ـــ", &["الجسر", "الطويل"]);
        check("جميــــل", &["جميل"]);
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        check("Covid-19, zero-Covid; 4,000 km!", &["covid", "19", "zero", "covid", "4", "000", "km"]);
        check("the\u{A0}Beijing\u{2003}Olympics", &["the", "beijing", "olympics"]);
        check("hy\u{AD}phen\u{AD}ated", &["hyphenated"]);
        check("snake_case http://x.y/z", &["snake", "case", "http", "xy", "z"]);
        check("... — !", &[]);
    }

    #[test]
    fn apostrophes_join_and_the_possessive_vanishes() {
        check("China's China’s CHINA'S", &["china", "china", "china"]);
        check("don’t don't dont", &["dont", "dont", "dont"]);
        check("O'Brien OBrien Hawai‘i", &["obrien", "obrien", "hawaii"]);
        check("countries' 'quoted' rock'n'roll", &["countries", "quoted", "rocknroll"]);
        check("l'OTAN dell’Ucraina", &["lotan", "dellucraina"]);
        check("Putin's-Xi", &["putin", "xi"]);
    }

    #[test]
    fn dotted_acronyms_are_one_token() {
        check("U.S. and U.N", &["us", "and", "un"]);
        check("the U.S.-led i.e. U.S.'s e.g.", &["the", "us", "led", "ie", "us", "eg"]);
        check("J. Smith v1.2 U.S.Army Ph.D.", &["j", "smith", "v1", "2", "us", "army", "ph", "d"]);
    }

    #[test]
    fn fractions_part_words_and_are_none() {
        check("2½ million, ½ cup, 3⅞-inch ⅓", &["2", "million", "cup", "3", "inch"]);
        check("½½ x²½y 北½京", &["x2", "y", "北", "京"]);
    }

    #[test]
    fn capitals_are_noted() {
        let mut walk = tokens("NATO U.S. us Xi G7 G20 MH17 ÖVP NATO's");
        let mut capitals = Vec::new();
        while let Some(token) = walk.next() {
            if token.capitals {
                capitals.push(walk.text().to_owned());
            }
        }
        assert_eq!(capitals, ["nato", "us", "mh17", "ovp", "nato"]);
    }

    #[test]
    fn unspaced_scripts_become_overlapping_pairs() {
        check("北京奥运 NATO", &["北京", "京奥", "奥运", "运", "nato"]);
        check("東京が", &["東京", "京が", "が"]);
        check("在2022年", &["在", "2022", "年"]);
    }

    #[test]
    fn words_without_end_stay_different() {
        let long = |tail: &str| tokens(&("x".repeat(100_000) + tail)).collect_texts().concat();
        assert!(long("a").len() <= TERM_BYTES);
        assert_eq!(long("a"), long("A"));
        assert_ne!(long("a"), long("b"));
    }

    #[test]
    fn ranges_are_the_places_in_the_text() {
        let text = "“Xi’s” talks, U.S. troops";
        let mut walk = tokens(text);
        let mut places = Vec::new();
        while let Some(token) = walk.next() {
            places.push(&text[token.range.clone()]);
        }
        assert_eq!(places, ["Xi", "talks", "U.S.", "troops"]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_yields_ordered_tokens_inside_it(text in "\\PC{0,80}") {
            let mut walk = tokens(&text);
            let mut last = None;
            while let Some(token) = walk.next() {
                proptest::prop_assert!(text.get(token.range.clone()).is_some_and(|part| !part.is_empty()));
                proptest::prop_assert!(!walk.text().is_empty());
                proptest::prop_assert!(walk.text().chars().all(char::is_alphanumeric));
                proptest::prop_assert!(last < Some(token.range.start));
                last = Some(token.range.start);
            }
        }

        #[test]
        fn tokens_are_counted_and_placed_as_they_are_read(text in "[aB1'’. é½北,-]{0,40}|([aB1'’.é½北,-]{0,12} ){0,20}") {
            let mut walk = tokens(&text);
            let mut ranges = Vec::new();
            while let Some(token) = walk.next() {
                ranges.push(token.range);
            }
            proptest::prop_assert_eq!(count_tokens(&text), walk.position);
            for count in [0, 1, ranges.len() / 2, ranges.len(), usize::MAX] {
                let first = &ranges[..count.min(ranges.len())];
                proptest::prop_assert_eq!(&token_ranges(&text, count), first);
            }
        }

        #[test]
        fn folding_is_stable(word in "\\w{1,12}") {
            let once = crate::fold(&word);
            proptest::prop_assert_eq!(crate::fold(&once), once);
        }
    }
}
