//! How text becomes tokens: one code for what is indexed and for what is asked.
//!
//! * A token is a maximal run of letters and digits, folded (see [`crate::fold()`]). Fractions such as `½` are neither, so that
//!   `2½` is found as `2`.
//! * An apostrophe inside a word joins it (`don’t` is `dont`); `'s` at a word's end is no token.
//! * Dotted acronyms are one token: `U.S.` is `us`.
//! * Scripts written without spaces yield overlapping pairs of characters, one a position, and the last
//!   character alone, so that any part of two or more characters is a phrase of pairs.

use std::ops::Range;

use crate::fold::{fold_into, is_fraction};

/// The longest term, in bytes.
const TERM_BYTES: usize = 512;

/// What a byte is to a word of ASCII; those of other scripts are none of these.
const NONE: u8 = 0;
const DIGIT: u8 = 1;
const SMALL: u8 = 2;
const CAPITAL: u8 = 4;

/// The class of each byte.
const ASCII: [u8; 256] = {
    let mut classes = [NONE; 256];
    let mut byte = 0;
    while byte < 128 {
        classes[byte] = match byte as u8 {
            b'0'..=b'9' => DIGIT,
            b'a'..=b'z' => SMALL,
            b'A'..=b'Z' => CAPITAL,
            _ => NONE,
        };
        byte += 1;
    }
    classes
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
    folded: String,
    /// End of the run of a script without spaces that the walk is inside of.
    run_end: usize,
    /// Only where tokens are is wanted: plain words need not be folded.
    unfolded: bool,
}

/// The tokens of `text`.
pub fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, at: 0, position: 0, folded: String::with_capacity(32), run_end: 0, unfolded: false }
}

fn unfolded(text: &str) -> Tokens<'_> {
    Tokens { text, at: 0, position: 0, folded: String::new(), run_end: 0, unfolded: true }
}

/// How many tokens `text` has.
pub fn count_tokens(text: &str) -> u32 {
    if let Some(count) = count_plain_tokens(text) {
        return count;
    }
    let mut walk = unfolded(text);
    while walk.next().is_some() {}
    walk.position
}

/// The same where all of the text is words as [`Tokens::next_plain_word`] takes them, which most sentences are; `None` for others.
fn count_plain_tokens(text: &str) -> Option<u32> {
    let (mut count, mut length) = (0, 0);
    for &byte in text.as_bytes() {
        if ASCII[byte as usize] != NONE {
            count += u32::from(length == 0);
            length += 1;
        } else if length > 0 {
            if !ends_plain_word(byte, length) || length > TERM_BYTES {
                return None;
            }
            length = 0;
        } else if !byte.is_ascii() {
            return None;
        }
    }
    (length <= TERM_BYTES).then_some(count)
}

/// Does a byte that is no letter or digit end a word of so many that are? Not if it may join it to more.
#[inline]
fn ends_plain_word(byte: u8, length: usize) -> bool {
    match byte {
        b'\'' => false,
        b'.' => length > 1,
        _ => byte.is_ascii(),
    }
}

/// The bytes of the first tokens of `text`, as many as are asked for and there are (see [`Token::range`]).
pub fn token_ranges(text: &str, count: usize) -> Vec<Range<usize>> {
    let mut walk = unfolded(text);
    let mut ranges = Vec::with_capacity(count.min(text.len()));
    ranges.extend(std::iter::from_fn(|| walk.next()).take(count).map(|token| token.range));
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
            if let Some(token) = self.next_plain_word(start) {
                return Some(token);
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
        &self.folded
    }

    /// The rest as a list of folded texts.
    pub fn collect_texts(mut self) -> Vec<String> {
        let mut texts = Vec::new();
        while self.next().is_some() {
            texts.push(self.folded.clone());
        }
        texts
    }

    /// A word of ASCII letters and digits that nothing is joined to, which most words are.
    #[inline]
    fn next_plain_word(&mut self, start: usize) -> Option<Token> {
        let bytes = &self.text.as_bytes()[start..];
        let mut classes = 0;
        let letters = bytes.iter().map(|&byte| ASCII[byte as usize]).take_while(|&class| class != NONE);
        let length = letters.inspect(|class| classes |= class).count();
        let ends = bytes.get(length).is_none_or(|&byte| ends_plain_word(byte, length));
        if length == 0 || length > TERM_BYTES || !ends {
            return None;
        }
        let capitals = classes & (SMALL | CAPITAL) == CAPITAL
            && bytes[..length].iter().filter(|byte| byte.is_ascii_uppercase()).count() >= 2;
        let range = start..start + length;
        self.at = range.end;
        if !self.unfolded {
            self.folded.clear();
            self.folded.push_str(&self.text[range.clone()]);
            self.folded.make_ascii_lowercase();
        }
        Some(self.token(range, capitals, false, false))
    }

    fn next_word(&mut self, start: usize) -> Option<Token> {
        let word = scan_word(self.text, start);
        self.at = word.next;
        self.folded.clear();
        fold_into(&self.text[start..word.end], &mut self.folded);
        if self.folded.is_empty() {
            return None;
        }
        shorten(&mut self.folded);
        let capitals = is_capitals(&self.text[start..word.end]);
        Some(self.token(start..word.end, capitals, false, false))
    }

    /// The pair of characters that begins here, or the last character of the run.
    fn next_pair(&mut self) -> Token {
        let run = &self.text[self.at..self.run_end];
        let first = unit_length(run);
        let second = if first < run.len() { unit_length(&run[first..]) } else { 0 };
        self.folded.clear();
        fold_into(&run[..first + second], &mut self.folded);
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

/// The engine drops terms over 65,530 bytes in silence. A word over the limit here keeps its beginning, and a hash
/// stands for the whole of it, so that it is found, and only it.
fn shorten(folded: &mut String) {
    if folded.len() > TERM_BYTES {
        let hash = blake3::hash(folded.as_bytes()).to_hex();
        folded.truncate(folded.floor_char_boundary(TERM_BYTES - hash.len()));
        folded.push_str(&hash);
    }
}

/// Where a word ends, and where to look for the next one.
struct Word {
    end: usize,
    next: usize,
}

fn scan_word(text: &str, start: usize) -> Word {
    let end = start + joined_run(&text[start..]);
    if let Some(end) = acronym_end(text, start, end) {
        let next = possessive(&text[end..]).map_or(end, |length| end + length);
        return Word { end, next };
    }
    match possessive_start(&text[start..end]) {
        Some(cut) => Word { end: start + cut, next: end },
        None => Word { end, next: end },
    }
}

/// Length of a run of letters, digits and marks, with single apostrophes between them.
fn joined_run(text: &str) -> usize {
    let mut length = 0;
    loop {
        length += run_of(&text[length..], |c| is_word(c) || is_mark(c));
        let mut rest = text[length..].chars();
        match (rest.next(), rest.next()) {
            (Some(joint), Some(after)) if is_apostrophe(joint) && is_word(after) => {
                length += joint.len_utf8();
            }
            _ => return length,
        }
    }
}

/// End of a dotted acronym that starts with the run `start..end`: single letters, each followed by a dot
/// (the last dot is optional).
fn acronym_end(text: &str, start: usize, end: usize) -> Option<usize> {
    single_letter(&text[start..end])?;
    let mut end = end;
    let mut letters = 1;
    while let Some(after_dot) = text[end..].strip_prefix('.') {
        let run = joined_run(after_dot);
        let letter = &after_dot[..run];
        let letter = &letter[..possessive_start(letter).unwrap_or(run)];
        if single_letter(letter).is_none() {
            break;
        }
        end += 1 + letter.len();
        letters += 1;
    }
    if letters < 2 {
        return None;
    }
    Some(if text[end..].starts_with('.') { end + 1 } else { end })
}

fn single_letter(text: &str) -> Option<char> {
    let mut chars = text.chars();
    let first = chars.next().filter(|c| c.is_alphabetic())?;
    chars.all(is_mark).then_some(first)
}

/// Byte at which a possessive `'s` at the end of a joined run starts.
fn possessive_start(word: &str) -> Option<usize> {
    let before = word.strip_suffix(['s', 'S'])?;
    let apostrophe = before.chars().next_back().filter(|&c| is_apostrophe(c))?;
    let start = before.len() - apostrophe.len_utf8();
    (start > 0).then_some(start)
}

/// Length of a possessive `'s` at the start of `text`, where no word goes on behind it.
fn possessive(text: &str) -> Option<usize> {
    let mut chars = text.chars();
    let apostrophe = chars.next().filter(|&c| is_apostrophe(c))?;
    let letter = chars.next().filter(|c| matches!(c, 's' | 'S'))?;
    let ends = chars.next().is_none_or(|c| !c.is_alphanumeric());
    ends.then(|| apostrophe.len_utf8() + letter.len_utf8())
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{02BC}' | '\u{02BB}' | '\u{FF07}')
}

/// Characters of scripts that put no spaces between words: Han, kana, Thai, Lao, Myanmar, Khmer.
fn is_unspaced(c: char) -> bool {
    c >= '\u{0E00}' && is_in_unspaced_script(c as u32) && c.is_alphanumeric() && !is_mark(c)
}

pub(crate) fn is_in_unspaced_script(code: u32) -> bool {
    matches!(code,
        0x0E01..=0x0E3A | 0x0E40..=0x0E4E | 0x0E81..=0x0ECD | 0x1000..=0x103F | 0x1780..=0x17D3
        | 0x3005..=0x3007 | 0x3041..=0x3096 | 0x309D..=0x309F | 0x30A1..=0x30FA | 0x30FC..=0x30FF
        | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0xFF66..=0xFF9D
        | 0x2_0000..=0x3_FFFF)
}

/// A letter or digit of a script that parts its words. Two apostrophes are letters to Unicode, and fractions digits, not here.
fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    c.is_alphanumeric() && !is_in_unspaced_script(c as u32) && !is_apostrophe(c) && !is_fraction(c)
}

/// A mark on a letter, or a character that only says how a word may be broken or joined, such as the soft hyphen.
fn is_mark(c: char) -> bool {
    let is_invisible = || matches!(c, '\u{AD}' | '\u{200C}' | '\u{200D}' | '\u{2060}' | '\u{FEFF}');
    !c.is_ascii() && (unicode_normalization::char::is_combining_mark(c) || is_invisible())
}

/// A character and the marks on it.
fn unit_length(text: &str) -> usize {
    let first = text.chars().next().map_or(0, char::len_utf8);
    first + run_of(&text[first..], is_mark)
}

fn run_of(text: &str, mut belongs: impl FnMut(char) -> bool) -> usize {
    let ascii = text.bytes().take_while(|&byte| byte.is_ascii() && belongs(byte as char)).count();
    let rest = &text[ascii..];
    if rest.bytes().next().is_none_or(|byte| byte.is_ascii()) {
        return ascii;
    }
    ascii + rest.find(|c| !belongs(c)).unwrap_or(rest.len())
}

fn next_word_start(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let ascii = bytes.iter().position(|&byte| ASCII[byte as usize] != NONE || !byte.is_ascii())?;
    if bytes[ascii].is_ascii() {
        return Some(ascii);
    }
    text[ascii..].find(|c| is_word(c) || is_unspaced(c)).map(|at| ascii + at)
}

fn is_capitals(word: &str) -> bool {
    let mut letters = 0;
    for c in word.chars().filter(|&c| c.is_alphabetic() && !is_apostrophe(c)) {
        if !c.is_uppercase() {
            return false;
        }
        letters += 1;
    }
    letters >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(tokens(text).collect_texts(), expected, "{text:?}");
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
        fn tokens_are_counted_as_they_are_read(text in "[aB1'’. é½北,-]{0,40}") {
            let mut walk = tokens(&text);
            while walk.next().is_some() {}
            proptest::prop_assert_eq!(count_tokens(&text), walk.position);
        }

        #[test]
        fn folding_is_stable(word in "\\w{1,12}") {
            let once = crate::fold(&word);
            proptest::prop_assert_eq!(crate::fold(&once), once);
        }
    }
}
