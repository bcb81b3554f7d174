//! Folding: the one spelling under which a token is indexed and looked up.

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Folds a word: compatibility-decomposed (NFKD), marks removed, case-folded, composed again. What is
/// neither letter nor digit after that (the fraction slash of `½`, an apostrophe) is dropped.
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
    let bare = |chars: &mut dyn Iterator<Item = char>| -> String {
        chars.nfkd().filter(|&c| !is_combining_mark(c) || is_voicing_mark(c)).collect()
    };
    // Folding case can decompose further, so the marks are taken off once more.
    let stripped = bare(&mut word.chars());
    let cased = bare(&mut stripped.chars().default_case_fold());
    out.extend(cased.nfc().filter(|c| c.is_alphanumeric()));
}

fn is_voicing_mark(c: char) -> bool {
    matches!(c, '\u{3099}' | '\u{309A}')
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn marks_case_and_compatibility_forms_fold_away() {
        assert_eq!(fold("Mîndruțescu"), "mindrutescu");
        assert_eq!(fold("Mi\u{302}ndrut\u{326}escu"), "mindrutescu");
        assert_eq!(fold("STRASSE"), fold("Straße"));
        assert_eq!(fold("ＮＡＴＯ"), "nato");
        assert_eq!(fold("Ὀδυσσεύς"), fold("ΟΔΥΣΣΕΥΣ"));
        assert_eq!(fold("İstanbul"), "istanbul");
        assert_eq!(fold("½"), "12");
    }

    #[test]
    fn voiced_kana_stay_voiced_and_hangul_stays_whole() {
        assert_ne!(fold("か"), fold("が"));
        assert_eq!(fold("ｶﾞ"), "ガ");
        assert_eq!(fold("한국"), "한국");
    }
}
