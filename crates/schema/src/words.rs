//! What belongs to a word: where one that is more than ASCII letters and digits ends, and which characters it is made of.

use crate::fold::is_fraction;

/// Where a word ends, and where to look for the next one.
pub(crate) struct Word {
    pub(crate) end: usize,
    pub(crate) next: usize,
}

/// The word that begins at a byte.
pub(crate) fn scan_word(text: &str, start: usize) -> Word {
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

pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{02BC}' | '\u{02BB}' | '\u{FF07}')
}

/// Characters of scripts that put no spaces between words: Han, kana, Thai, Lao, Myanmar, Khmer.
pub(crate) fn is_unspaced(c: char) -> bool {
    c >= '\u{0E00}' && is_in_unspaced_script(c as u32) && c.is_alphanumeric() && !is_mark(c)
}

/// Is a code point in one of the scripts that put no spaces between words?
pub(crate) fn is_in_unspaced_script(code: u32) -> bool {
    matches!(code,
        0x0E01..=0x0E3A | 0x0E40..=0x0E4E | 0x0E81..=0x0ECD | 0x1000..=0x103F | 0x1780..=0x17D3
        | 0x3005..=0x3007 | 0x3041..=0x3096 | 0x309D..=0x309F | 0x30A1..=0x30FA | 0x30FC..=0x30FF
        | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0xFF66..=0xFF9D
        | 0x2_0000..=0x3_FFFF)
}

/// A letter or digit of a script that parts its words. Two apostrophes are letters to Unicode, and fractions digits, not here.
pub(crate) fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    c.is_alphanumeric()
        && !is_in_unspaced_script(c as u32)
        && !is_apostrophe(c)
        && !is_fraction(c)
        && c != TATWEEL
}

/// Draws an Arabic word out, and is a letter to Unicode.
pub(crate) const TATWEEL: char = '\u{640}';

/// A mark on a letter, or a character that only says how a word may be broken, joined or drawn out, such as the soft hyphen.
pub(crate) fn is_mark(c: char) -> bool {
    let is_invisible = || matches!(c, '\u{AD}' | '\u{200C}' | '\u{200D}' | '\u{2060}' | '\u{FEFF}' | TATWEEL);
    !c.is_ascii() && (unicode_normalization::char::is_combining_mark(c) || is_invisible())
}

/// A character and the marks on it.
pub(crate) fn unit_length(text: &str) -> usize {
    let first = text.chars().next().map_or(0, char::len_utf8);
    first + run_of(&text[first..], is_mark)
}

/// Length of the beginning whose characters all belong to it.
pub(crate) fn run_of(text: &str, mut belongs: impl FnMut(char) -> bool) -> usize {
    let ascii = text.bytes().take_while(|&byte| byte.is_ascii() && belongs(byte as char)).count();
    let rest = &text[ascii..];
    if rest.bytes().next().is_none_or(|byte| byte.is_ascii()) {
        return ascii;
    }
    ascii + rest.find(|c| !belongs(c)).unwrap_or(rest.len())
}

/// Is it two letters or more, none of them small?
pub(crate) fn is_capitals(word: &str) -> bool {
    let mut letters = 0;
    for c in word.chars().filter(|&c| c.is_alphabetic() && !is_apostrophe(c)) {
        if !c.is_uppercase() {
            return false;
        }
        letters += 1;
    }
    letters >= 2
}
