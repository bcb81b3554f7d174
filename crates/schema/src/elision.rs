//! Elisions: the small word that French, Italian and Catalan write together with the next one, as in `l’OTAN` or `dell'Ucraina`.
//!
//! The whole is one token, as every word with an apostrophe inside. What follows the apostrophe is indexed as well, at the same position, so
//! that `OTAN` finds `l’OTAN`.

use crate::words::{is_apostrophe, is_word};

/// The languages that elide, as ISO 639-1 codes.
const LANGUAGES: [&str; 4] = ["fr", "it", "ca", "oc"];

/// What is left of the small words, without accents.
const REMNANTS: [&str; 40] = [
    "c", "d", "j", "l", "m", "n", "s", "t", "v", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "quelqu",
    "presqu", "entr", "all", "dall", "dell", "nell", "sull", "coll", "pell", "gl", "agl", "dagl", "degl",
    "negl", "sugl", "un", "quest", "quell", "dov", "com", "cos", "anch", "senz", "mezz", "bell",
];

/// The longest of them, in bytes.
const REMNANT_BYTES: usize = 6;

/// May words of an article of this language, if it is known, be elided?
pub(crate) fn elides(language: Option<&str>) -> bool {
    language.is_none_or(|language| LANGUAGES.contains(&language))
}

/// What follows an elision in a word as it is written.
pub(crate) fn behind_elision(word: &str) -> Option<&str> {
    let (at, apostrophe) = word.char_indices().find(|&(_, c)| is_apostrophe(c))?;
    let remnant = &word[..at];
    let is_one = at <= REMNANT_BYTES && REMNANTS.iter().any(|known| known.eq_ignore_ascii_case(remnant));
    let rest = &word[at + apostrophe.len_utf8()..];
    (is_one && rest.starts_with(is_word)).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_a_small_word_is_told() {
        for (word, rest) in [
            ("l'OTAN", Some("OTAN")),
            ("L’Ukraine", Some("Ukraine")),
            ("dell'Ucraina", Some("Ucraina")),
            ("Lorsqu’on", Some("on")),
            ("d'aujourd'hui", Some("aujourd'hui")),
            ("aujourd'hui", None),
            ("O'Brien", None),
            ("don't", None),
            ("l'", None),
            ("OTAN", None),
        ] {
            assert_eq!(behind_elision(word), rest, "{word}");
        }
        assert!(REMNANTS.iter().all(|remnant| remnant.len() <= REMNANT_BYTES));
    }

    #[test]
    fn a_language_that_is_not_known_may_be_one_that_elides() {
        assert!(elides(Some("fr")) && elides(Some("it")) && elides(None));
        assert!(!elides(Some("en")) && !elides(Some("de")));
    }
}
