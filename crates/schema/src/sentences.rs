//! Where sentences start.
//!
//! A stop (`.`, `!`, `?`, `…`) closes a sentence, together with the quotes right behind it, when white space follows and then
//! something a sentence can begin with: a capital or a digit. The full stop of an abbreviation, an acronym or an initial closes
//! none, and dots that a small letter follows are a pause. Chinese and Japanese stops need no white space.
//!
//! An initial is a capital that is a word by itself. The last letter of `don't`, `RIG-I` or `R&D` is none.

/// Abbreviations that a sentence goes on behind.
const ABBREVIATIONS: &[&str] = &[
    "adm", "amb", "approx", "brig", "capt", "cf", "cmdr", "col", "dr", "drs", "esp", "fr", "gen", "gov",
    "hon", "lt", "maj", "messrs", "mlle", "mme", "mr", "mrs", "ms", "mt", "ph.d", "pres", "prof", "rep",
    "reps", "rev", "sec", "sen", "sens", "sgt", "sr", "st", "supt", "vs", "viz",
];

/// Abbreviations that a number belongs to: `No. 5`, `Feb. 4`.
const BEFORE_NUMBERS: &[&str] = &[
    "apr", "art", "aug", "ca", "dec", "feb", "fig", "jan", "jul", "jun", "mar", "no", "nos", "nov", "oct",
    "pp", "sep", "sept", "vol",
];

/// Byte offsets at which the sentences of a paragraph start. The first is 0; none for an empty text.
pub fn sentence_starts(paragraph: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    if !paragraph.is_empty() {
        starts.push(0);
    }
    let mut at = 0;
    while let Some(stop) = next_terminator(paragraph, at) {
        let rest = paragraph[stop..].trim_start_matches(is_terminator);
        let behind = paragraph.len() - rest.len();
        if let Some(start) = next_start(paragraph, stop, behind) {
            starts.push(start);
        }
        at = behind;
    }
    starts
}

/// Does a character that is a terminator begin with this byte?
const MAY_TERMINATE: [bool; 256] = {
    let mut may_terminate = [false; 256];
    let first_bytes = [b'.', b'!', b'?', 0xD8, 0xDB, 0xE0, 0xE2, 0xE3, 0xEF];
    let mut number = 0;
    while number < first_bytes.len() {
        may_terminate[first_bytes[number] as usize] = true;
        number += 1;
    }
    may_terminate
};

/// The first terminator at or behind `at`. Plain text is passed over byte by byte.
fn next_terminator(text: &str, at: usize) -> Option<usize> {
    let mut at = at;
    loop {
        at += text.as_bytes()[at..].iter().position(|&byte| MAY_TERMINATE[byte as usize])?;
        let c = text[at..].chars().next()?;
        if is_terminator(c) {
            return Some(at);
        }
        at += c.len_utf8();
    }
}

/// Start of the next sentence, if the terminators at `stop..behind` end one.
fn next_start(text: &str, stop: usize, behind: usize) -> Option<usize> {
    let terminators = &text[stop..behind];
    let after_quotes = text[behind..].trim_start_matches(is_closing);
    let next = after_quotes.trim_start();
    let start = text.len() - next.len();
    let spaced = next.len() < after_quotes.len();
    if next.is_empty() || !(spaced || terminators.contains(['。', '！', '？'])) {
        return None;
    }
    let first = next.trim_start_matches(is_opening).chars().next()?;
    let may_begin = first.is_numeric() || (first.is_alphabetic() && !first.is_lowercase());
    if !may_begin || (terminators == "." && is_abbreviated(&text[..stop], first)) {
        return None;
    }
    Some(start)
}

/// The most bytes of an abbreviation.
const LONGEST: usize = 6;

/// Does a full stop behind `before` belong to an abbreviation, when a sentence could start with `next`?
fn is_abbreviated(before: &str, next: char) -> bool {
    let word = last_word(before);
    let mut letters = word.split('.').map(single_letter);
    match (letters.next().flatten(), word.contains('.')) {
        (Some(_), true) if letters.all(|letter| letter.is_some()) => return true,
        (Some(letter), false) => {
            return is_abbreviation(letter, next) && is_alone(&before[..before.len() - word.len()]);
        }
        _ => {}
    }
    let is_listed = |list: &[&str]| list.iter().any(|listed| listed.eq_ignore_ascii_case(word));
    word.len() <= LONGEST && (is_listed(ABBREVIATIONS) || (next.is_numeric() && is_listed(BEFORE_NUMBERS)))
}

/// The run of letters, digits and full stops at the end of a text.
fn last_word(text: &str) -> &str {
    text.rsplit(|c: char| !(c.is_alphanumeric() || c == '.')).next().unwrap_or_default()
}

/// The letter that a text is.
fn single_letter(text: &str) -> Option<char> {
    let mut chars = text.chars();
    let letter = chars.next().filter(|c| c.is_alphabetic())?;
    chars.next().is_none().then_some(letter)
}

/// Does a letter that is a word by itself stand for one that `next` belongs to? A capital, or one of a script that has none, is the
/// initial of a name; of small ones there is `v. Wade`, and `b. 1950`.
fn is_abbreviation(letter: char, next: char) -> bool {
    !letter.is_lowercase() || letter == 'v' || (next.is_numeric() && matches!(letter, 'b' | 'c' | 'd' | 'p'))
}

/// Is a letter behind `before` a word by itself? Behind a hyphen it is where it goes on with initials: `J.-P.`
fn is_alone(before: &str) -> bool {
    let mut chars = before.chars();
    match chars.next_back() {
        None => true,
        Some('-') => {
            let name = last_word(chars.as_str());
            name.ends_with('.') && name.split_terminator('.').all(|part| single_letter(part).is_some())
        }
        Some('\'' | '’') => !chars.as_str().ends_with(char::is_alphanumeric),
        Some(c) => c.is_whitespace() || matches!(c, '(' | '[' | '"' | '“' | '‘' | '„' | '«' | '‹' | '—'),
    }
}

fn is_terminator(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '۔' | '।')
}

fn is_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | '»' | '›' | ')' | ']' | '」' | '』' | '）' | '“')
}

fn is_opening(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '“'
            | '‘'
            | '„'
            | '«'
            | '‹'
            | '('
            | '['
            | '-'
            | '–'
            | '—'
            | '「'
            | '『'
            | '#'
            | '¿'
            | '¡'
    ) || c == '$'
        || c == '€'
}

#[cfg(test)]
mod tests {
    use super::sentence_starts;

    #[track_caller]
    fn check(sentences: &[&str]) {
        let text = sentences.concat();
        let starts = sentence_starts(&text);
        let ends = starts.iter().skip(1).copied().chain([text.len()]);
        let found: Vec<_> = starts.iter().zip(ends).map(|(&start, end)| &text[start..end]).collect();
        assert_eq!(found, sentences);
    }

    #[test]
    fn a_stop_before_a_capital_or_digit_ends_a_sentence() {
        check(&["They met. ", "Talks went on! ", "Why? ", "2022 was near."]);
        check(&["He said “no.” ", "“Yes,” she said."]);
        check(&["“Is it so?” ", "(Nobody knew.) ", "Then it rained"]);
    }

    #[test]
    fn abbreviations_acronyms_and_initials_end_none() {
        check(&["The long game, i.e. the rivalry of Mr. Xi and Dr. Li with the U.S. President J. Biden."]);
        check(&["It is at 4.5 km, No. 7, since Feb. 4. ", "No more."]);
        check(&["The U.S.-led talks in St. Petersburg ended. ", "So it goes."]);
    }

    #[test]
    fn a_word_that_ends_in_a_single_letter_ends_a_sentence() {
        check(&[
            "Alpha did what they don't. ",
            "Beta went home, and can’t. ",
            "So I'd. ",
            "It is China's. ",
            "Yes.",
        ]);
        check(&[
            "They bind RIG-I. ",
            "Our vitamin-C. ",
            "The R&D. ",
            "The TV-MA-(D),L,S,V. ",
            "The Jell-O. ",
            "The end",
        ]);
        check(&[
            "They’d. ",
            "5 or Hepatitis-C. ",
            "4 or 3.5 m. ",
            "The plan b. ",
            "The rest in U.S.'s. ",
            "The −80 °C. ",
            "These too",
        ]);
    }

    #[test]
    fn initials_of_names_end_none() {
        check(&[
            "J. Smith met George W. Bush, (J. R. R.) Tolkien, “A. Li” and J.R.R. Tolkien. ",
            "'O. K. Lee' came.",
        ]);
        check(&[
            "He read J.-P. Sartre and É. Zola in the non-U.S. President's Ph.D. Then he slept. ",
            "Roe v. Wade.",
        ]);
        check(&[
            "It was Edward I. Then, c. 1500 (see p. 7), came Д. Иванов (b. 1450 at 5 p.m. Or so). ",
            "Nothing.",
        ]);
    }

    #[test]
    fn an_ellipsis_before_a_small_letter_goes_on() {
        check(&["A meeting ... (which is) … so on... ", "New start"]);
    }

    #[test]
    fn wide_stops_need_no_space() {
        check(&["他们见面了。", "会谈很长！", "结束"]);
    }
}
