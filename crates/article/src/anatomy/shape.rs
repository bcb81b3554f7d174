//! What the shape of a text tells: words, capitals, how it ends.

/// Small words that sentences and headlines have and menus have not.
const FUNCTION_WORDS: [&str; 60] = [
    "the", "a", "an", "of", "to", "in", "on", "for", "at", "by", "with", "from", "as", "is", "are", "was",
    "were", "has", "have", "will", "that", "this", "his", "her", "its", "their", "after", "over", "into",
    "but", "or", "than", "be", "not", "it", "he", "she", "they", "we", "you", "der", "die", "das", "und",
    "le", "la", "les", "el", "los", "il", "que", "de", "du", "des", "del", "en", "het", "van", "si", "cu",
];

/// The text with every run of white space one space.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// Ends in `.`, `!`, `?` or `…`, closing quotes and brackets left out.
pub(super) fn ends_sentence(text: &str) -> bool {
    last_mark(text).is_some_and(|mark| matches!(mark, '.' | '!' | '?' | '…' | '。' | '！' | '？'))
}

/// Ends like a part of prose: in `.`, `,`, `;`, `:` or `…`, but for a dotted acronym (`in the U.S.`).
pub(super) fn ends_like_prose(text: &str) -> bool {
    let is_acronym = text
        .rsplit(char::is_whitespace)
        .next()
        .is_some_and(|word| word.matches('.').count() > 1 && !word.contains(".."));
    !is_acronym
        && last_mark(text).is_some_and(|mark| matches!(mark, '.' | ',' | ';' | ':' | '…' | '。' | '，'))
}

/// The last character that is no closing quote or bracket.
fn last_mark(text: &str) -> Option<char> {
    text.chars()
        .rev()
        .find(|c| !matches!(c, '"' | '\'' | '”' | '’' | '»' | '“' | ')' | ']') && !c.is_whitespace())
}

/// Whole sentences begin and end in it: it ends one after at least 60 bytes, or it is longer than headlines are.
pub(super) fn is_paragraph(text: &str) -> bool {
    text.len() > 200
        || (text.len() >= 60 && ends_sentence(text) && !text.ends_with(['?', '!']))
        || has_inner_end(text)
}

/// A sentence ends and another begins inside: `. ` before a capital, the word before it longer than an abbreviation.
pub(super) fn has_inner_end(text: &str) -> bool {
    text.match_indices(['.', '!', '?']).any(|(at, mark)| {
        let word = text[..at].rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let behind = text[at + mark.len()..].trim_start_matches(['"', '”', '’', ')']);
        word.chars().count() > 3
            && behind.starts_with(char::is_whitespace)
            && behind.trim_start().starts_with(|c: char| c.is_uppercase())
    })
}

/// Begins with a letter that is not lower case, a digit, or a quote before one: as headlines and headings do.
pub(super) fn begins_upright(text: &str) -> bool {
    let first =
        text.chars().find(|c| !matches!(c, '"' | '\'' | '“' | '‘' | '«' | '„' | '¿' | '¡' | '(' | '['));
    first.is_some_and(|c| c.is_numeric() || (c.is_alphabetic() && !c.is_lowercase()))
}

/// Begins with the mark of a list.
pub(super) fn is_list_item(text: &str) -> bool {
    text.starts_with(['•', '-', '*', '–', '—', '·', '+', '|', '>', '◦', '▪'])
}

/// Counts of a text's words.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub(super) all: usize,
    pub(super) capitalised: usize,
    pub(super) function: usize,
    pub(super) longest: usize,
}

/// Counts the words of `text`; marks that stand alone are none.
pub(super) fn words(text: &str) -> Words {
    let mut words = Words::default();
    for word in text.split_whitespace() {
        let Some(first) = word.chars().find(|c| c.is_alphanumeric()) else { continue };
        words.all += 1;
        words.capitalised += usize::from(!first.is_lowercase());
        words.function +=
            usize::from(FUNCTION_WORDS.iter().any(|function| function.eq_ignore_ascii_case(word)));
        words.longest = words.longest.max(word.chars().count());
    }
    words
}
