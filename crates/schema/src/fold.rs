//! Folding: the one spelling under which a token is indexed and looked up.

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::words::TATWEEL;

/// Folds a word: compatibility-decomposed (NFKD), marks removed, case-folded, composed again. What is
/// neither letter nor digit after that (an apostrophe) is dropped, and so are fractions: the digits of `½` behind those of a number
/// would make it another number.
///
/// The two Japanese voicing marks stay: か and が are different letters, not one letter with an accent.
pub fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    fold_into(word, &mut folded);
    folded
}

/// Appends the folded form of `word`.
pub(crate) fn fold_into(word: &str, out: &mut String) {
    if word.is_ascii() {
        out.extend(
            word.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase() as char),
        );
        return;
    }
    let start = out.len();
    for c in word.chars() {
        let Some(folded) = plain(c) else {
            out.truncate(start);
            return fold_any_into(word, out);
        };
        out.push(folded);
    }
}

/// What a letter folds to alone and beside others, for most of what is written in Latin, Cyrillic, Arabic, Chinese and Japanese.
#[allow(clippy::match_same_arms)] // a row for each script
fn plain(c: char) -> Option<char> {
    match c {
        '0'..='9' | 'a'..='z' => Some(c),
        'A'..='Z' => Some(c.to_ascii_lowercase()),
        // Latin letters with a mark, of the first 256 characters.
        '\u{C0}'..='\u{C5}' | '\u{E0}'..='\u{E5}' => Some('a'),
        '\u{C7}' | '\u{E7}' => Some('c'),
        '\u{C8}'..='\u{CB}' | '\u{E8}'..='\u{EB}' => Some('e'),
        '\u{CC}'..='\u{CF}' | '\u{EC}'..='\u{EF}' => Some('i'),
        '\u{D1}' | '\u{F1}' => Some('n'),
        '\u{D2}'..='\u{D6}' | '\u{F2}'..='\u{F6}' => Some('o'),
        '\u{D9}'..='\u{DC}' | '\u{F9}'..='\u{FC}' => Some('u'),
        '\u{DD}' | '\u{FD}' | '\u{FF}' => Some('y'),
        // Cyrillic; the first two rows are letters with a mark.
        '\u{401}' | '\u{451}' => Some('е'),
        '\u{419}' | '\u{439}' => Some('и'),
        'А'..='Я' => char::from_u32(u32::from(c) + 0x20),
        'а'..='я' => Some(c),
        // Arabic but for letters with a hamza or madda.
        '\u{627}'..='\u{63A}' | '\u{641}'..='\u{64A}' => Some(c),
        // Japanese syllables, then Chinese characters.
        '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}' | '\u{4E00}'..='\u{9FA5}' => Some(c),
        _ => None,
    }
}

fn fold_any_into(word: &str, out: &mut String) {
    let bare = |chars: &mut dyn Iterator<Item = char>| -> String {
        chars.nfkd().filter(|&c| !is_combining_mark(c) || is_voicing_mark(c)).collect()
    };
    // Folding case can decompose further, so the marks are taken off once more.
    let stripped = bare(&mut word.chars().filter(|&c| !is_fraction(c)));
    let cased = bare(&mut stripped.chars().default_case_fold());
    out.extend(cased.nfc().filter(|&c| c.is_alphanumeric() && c != TATWEEL));
}

/// Is it a fraction of one character, such as `½`?
pub(crate) fn is_fraction(c: char) -> bool {
    matches!(c, '¼'..='¾' | '\u{2150}'..='\u{215F}' | '\u{2189}')
}

fn is_voicing_mark(c: char) -> bool {
    matches!(c, '\u{3099}' | '\u{309A}')
}

#[cfg(test)]
mod tests {
    use super::{fold, fold_any_into, plain};

    fn any(word: &str) -> String {
        let mut folded = String::new();
        fold_any_into(word, &mut folded);
        folded
    }

    #[test]
    fn plain_letters_fold_as_any_others_do_alone_and_together() {
        let letters: Vec<char> = ('\0'..=char::MAX).filter(|&c| plain(c).is_some()).collect();
        assert!(letters.len() > 20_000);
        for &letter in &letters {
            assert_eq!(plain(letter).map(String::from), Some(any(&letter.to_string())), "{letter:?}");
        }
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..20_000 {
            // As many of the few letters of an alphabet as of the many others.
            let mut letter =
                || letters[if random.bool() { random.usize(..400) } else { random.usize(..letters.len()) }];
            let mut word: String = (0..4).map(|_| letter()).collect();
            if random.u8(..8) == 0 {
                word.push(random.char('\u{C0}'..='\u{33FF}'));
            }
            assert_eq!(fold(&word), any(&word), "{word}");
        }
    }

    #[test]
    fn marks_case_and_compatibility_forms_fold_away() {
        assert_eq!(fold("Mîndruțescu"), "mindrutescu");
        assert_eq!(fold("Mi\u{302}ndrut\u{326}escu"), "mindrutescu");
        assert_eq!(fold("STRASSE"), fold("Straße"));
        assert_eq!(fold("ＮＡＴＯ"), "nato");
        assert_eq!(fold("Ὀδυσσεύς"), fold("ΟΔΥΣΣΕΥΣ"));
        assert_eq!(fold("İstanbul"), "istanbul");
        assert_eq!(fold("2½"), "2");
    }

    #[test]
    fn voiced_kana_stay_voiced_and_hangul_stays_whole() {
        assert_ne!(fold("か"), fold("が"));
        assert_eq!(fold("ｶﾞ"), "ガ");
        assert_eq!(fold("한국"), "한국");
    }
}
