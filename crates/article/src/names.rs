//! People's names: what looks like one, and lists of them.

use std::borrow::Cow;

/// Small words inside names, in lower case.
const PARTICLES: [&str; 34] = [
    "de", "del", "della", "di", "da", "das", "dos", "do", "du", "van", "von", "der", "den", "ten", "ter",
    "zu", "la", "le", "las", "los", "al", "el", "bin", "bint", "ibn", "ben", "abu", "af", "av", "st", "y",
    "e", "dr.", "dr",
];

/// What may follow a name behind a comma and belongs to it.
const SUFFIXES: [&str; 10] = ["jr", "jr.", "sr", "sr.", "ii", "iii", "phd", "ph.d.", "md", "m.d."];

/// Words that begin sentences and headlines but are no names.
const NOT_NAMES: [&str; 55] = [
    "the", "a", "an", "and", "or", "but", "not", "no", "we", "it", "they", "his", "her", "their", "our",
    "this", "that", "these", "is", "are", "was", "were", "be", "has", "have", "had", "would", "could", "in",
    "on", "at", "to", "for", "from", "with", "of", "by", "as", "than", "then", "when", "why", "how", "what",
    "who", "now", "all", "more", "after", "before", "over", "under", "between", "into", "its",
];

/// Days, months and times, which follow "by" too.
const TIMES: [&str; 28] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "morning",
    "noon",
    "evening",
    "night",
    "midnight",
    "today",
    "tomorrow",
    "yesterday",
    "year",
];

/// What people who write or show news are called, in lower case.
pub(crate) const TRADES: [&str; 44] = [
    "correspondent",
    "reporter",
    "editor",
    "writer",
    "journalist",
    "columnist",
    "contributor",
    "commentator",
    "analyst",
    "author",
    "director",
    "diplomat",
    "ambassador",
    "professor",
    "lecturer",
    "fellow",
    "researcher",
    "scholar",
    "historian",
    "economist",
    "scientist",
    "academic",
    "expert",
    "consultant",
    "adviser",
    "advisor",
    "novelist",
    "essayist",
    "critic",
    "photographer",
    "producer",
    "blogger",
    "freelancer",
    "strategist",
    "founder",
    "publisher",
    "chief",
    "staff",
    "intern",
    "student",
    "candidate",
    "co-founder",
    "co-author",
    "teacher",
];

/// One to five words that are each capitalised, an initial, or a small word of names; at least one word is longer than
/// an initial. `Jane Doe`, `M K Bhadrakumar`, `Ludwig van Beethoven`, `JANE DOE`.
pub(crate) fn is_name(text: &str) -> bool {
    let mut words = 0;
    let mut long_words = 0;
    let mut times = 0;
    for word in text.split_whitespace() {
        let lower = word.to_lowercase();
        words += 1;
        if words > 5 || (NOT_NAMES.contains(&lower.as_str()) && word.len() > 1) {
            return false;
        }
        times += usize::from(TIMES.contains(&lower.as_str()));
        if PARTICLES.contains(&lower.as_str()) {
            continue;
        }
        if !is_name_word(word) {
            return false;
        }
        long_words += usize::from(!is_initial(word));
    }
    long_words > 0 && times < words
}

/// A name of more than one word: surer than [`is_name`].
pub(crate) fn is_full_name(text: &str) -> bool {
    is_name(text) && text.split_whitespace().count() > 1
}

fn is_name_word(word: &str) -> bool {
    let mut characters = word.chars();
    let capital = characters.next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase());
    capital
        && characters.all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.' | '‑'))
        && (is_initial(word) || !word.ends_with('.') || SUFFIXES.contains(&word.to_lowercase().as_str()))
}

/// `A`, `A.`, `J.R.` or `J.-P.`
fn is_initial(word: &str) -> bool {
    word.chars().count() == 1
        || (word.ends_with('.') && word.split(['.', '-']).all(|part| part.chars().count() <= 1))
}

/// "And" in the languages of bylines. Some of these are parts of names too (`Ortega y Gasset`), so they part full names only.
const JOINTS: [&str; 13] =
    [" AND ", " et ", " und ", " y ", " e ", " и ", " en ", " og ", " och ", " i ", " та ", " ve ", "/"];

/// What the last word of an outlet's name may be, in lower case.
const OUTLET_WORDS: [&str; 24] = [
    "news",
    "times",
    "post",
    "press",
    "radio",
    "tv",
    "television",
    "magazine",
    "journal",
    "herald",
    "tribune",
    "gazette",
    "online",
    "media",
    "network",
    "agency",
    "today",
    "daily",
    "weekly",
    "review",
    "chronicle",
    "france-presse",
    "broadcasting",
    "digital",
];

/// What tables say where they have no value, in lower case.
const NOTHING: [&str; 6] = ["nan", "none", "null", "n/a", "undefined", "<na>"];

/// The value stands for none: `nan`, `None`, `NULL`, `N/A`, `-`.
pub(crate) fn is_nothing(value: &str) -> bool {
    let value = value.trim();
    !value.contains(char::is_alphanumeric) || NOTHING.iter().any(|none| value.eq_ignore_ascii_case(none))
}

/// Up to four capitalised words, of which the last says that they are a paper, a station or the like: `CBS News`.
pub(crate) fn is_outlet(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let is_capitalised = |word: &str| word.starts_with(char::is_uppercase);
    let last = text.split_whitespace().next_back().unwrap_or_default().to_lowercase();
    OUTLET_WORDS.contains(&last.as_str()) && text.split_whitespace().count() <= 4 && words.all(is_capitalised)
}

/// The names in a list such as `By Jane Doe and John Roe, Correspondents`. A comma parts full names only: `Perlis, A. J.`
/// and `Doe, Jane` are one name each. Behind a bar there may be an outlet, which is left out.
pub(crate) fn split(list: &str) -> Vec<String> {
    let list = without_list_marks(without_by(list.trim()));
    let mut found = Vec::new();
    for part in list.split([';', '；', '\n']) {
        for (place, group) in part.split('|').map(str::trim).enumerate() {
            if place == 0 || is_person(group) {
                split_at_joints(group, &mut found);
            }
        }
    }
    found.retain(|name| !is_nothing(name));
    for name in &mut found {
        if let Some(person) = without_opener(name) {
            *name = person.to_owned();
        }
    }
    found
}

/// A list as programs write it, `['Jane Doe', 'John Roe']`, without its brackets and quotes, and semicolons for its commas. The
/// brackets may be gone already.
fn without_list_marks(list: &str) -> Cow<'_, str> {
    const QUOTES: [char; 2] = ['\'', '"'];
    const BETWEEN: [&str; 6] = ["', '", "\", \"", "', \"", "\", '", "','", "\",\""];
    let inner = list.strip_prefix('[').and_then(|list| list.strip_suffix(']'));
    let list = inner.unwrap_or(list).trim();
    if !BETWEEN.iter().any(|between| list.contains(between)) {
        return Cow::Borrowed(list.trim_matches(QUOTES));
    }
    let parted = BETWEEN.iter().fold(list.to_owned(), |list, between| list.replace(between, ";"));
    Cow::Owned(parted.trim_matches(QUOTES).to_owned())
}

/// A full name that is not that of an outlet, or one in a script that has no spaces.
fn is_person(text: &str) -> bool {
    let first = text.split(',').next().unwrap_or(text);
    let is_unspaced = (2..=6).contains(&text.chars().count())
        && text.chars().all(
            |c| matches!(c, '\u{3005}' | '\u{3041}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '가'..='힣'),
        );
    is_unspaced
        || text.contains(" and ")
        || at_joint(text).is_some()
        || (is_full_name(first) && !is_outlet(first))
}

fn split_at_joints(list: &str, found: &mut Vec<String>) {
    for group in
        list.split(" and ").flat_map(|part| part.split(" & ")).flat_map(|part| part.split(['、', '，', '،']))
    {
        let mut rest = group.trim();
        while let Some((before, behind)) = at_joint(rest) {
            split_at_commas(before, found);
            rest = behind;
        }
        split_at_commas(rest, found);
    }
}

/// Cue: a joint with a full name on either side.
fn at_joint(list: &str) -> Option<(&str, &str)> {
    let ends_with_name = |before: &str| before.rsplit(',').next().is_some_and(is_full_name);
    let begins_with_name = |behind: &str| {
        let first = JOINTS.iter().fold(behind, |first, joint| first.split(joint).next().unwrap_or(first));
        first.split(',').next().is_some_and(is_full_name)
    };
    let joints = JOINTS.iter().flat_map(|joint| list.match_indices(joint));
    let sides = joints.map(|(at, joint)| (list[..at].trim(), list[at + joint.len()..].trim()));
    sides
        .filter(|(before, behind)| ends_with_name(before) && begins_with_name(behind))
        .min_by_key(|(before, _)| before.len())
}

/// Opens a byline in other languages. Families are named so, too, so that a full name must follow.
const OPENERS: [&str; 5] = ["von ", "par ", "por ", "door ", "written by "];

/// The name without the opener of a byline before it: `Von Karl May` is `Karl May`, `von der Leyen` stays.
fn without_opener(name: &str) -> Option<&str> {
    let opener = OPENERS
        .iter()
        .find(|opener| name.get(..opener.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(opener)))?;
    let person = name[opener.len()..].trim_start();
    let first = person.split_whitespace().next()?.to_lowercase();
    (is_full_name(person) && !PARTICLES.contains(&first.as_str())).then_some(person)
}

fn split_at_commas(group: &str, found: &mut Vec<String>) {
    let parts: Vec<&str> = group.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    if let [family, given] = parts[..]
        && !family.contains(' ')
        && !is_suffix(given)
        && !is_trade(given)
    {
        found.push(format!("{family}, {given}"));
        return;
    }
    for part in parts {
        match found.last_mut() {
            Some(last) if is_suffix(part) || is_all_initials(part) => {
                last.push_str(", ");
                last.push_str(part);
            }
            Some(_) if is_trade(part) => {}
            _ => found.push(part.to_owned()),
        }
    }
}

fn is_suffix(part: &str) -> bool {
    SUFFIXES.contains(&part.to_lowercase().as_str())
}

fn is_all_initials(part: &str) -> bool {
    part.split_whitespace().all(|word| word.ends_with('.') && is_initial(word))
}

/// A word of the text is a trade of those who write, in the singular or plural.
pub(crate) fn is_trade(text: &str) -> bool {
    text.split(|c: char| !c.is_alphabetic() && c != '-').any(|word| {
        let lower = word.to_lowercase();
        TRADES.contains(&lower.as_str()) || lower.strip_suffix('s').is_some_and(|one| TRADES.contains(&one))
    })
}

/// `text` without a "By " at its start.
fn without_by(text: &str) -> &str {
    match text.get(..3) {
        Some(by) if by.eq_ignore_ascii_case("by ") || by.eq_ignore_ascii_case("by:") => {
            text[3..].trim_start()
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(list: &str, names: &[&str]) {
        assert_eq!(split(list), names, "{list}");
    }

    #[test]
    fn lists_of_names_are_split_between_names_only() {
        check("By Jane Doe", &["Jane Doe"]);
        check("Jane Doe and John Roe", &["Jane Doe", "John Roe"]);
        check("Jane Doe, John Roe & Ann Poe", &["Jane Doe", "John Roe", "Ann Poe"]);
        check("Jane Doe; John Roe", &["Jane Doe", "John Roe"]);
        check("Perlis, A. J.", &["Perlis, A. J."]);
        check("Perlis, A. J., Samelson, K.", &["Perlis, A. J.", "Samelson, K."]);
        check("Doe, Jane", &["Doe, Jane"]);
        check("Jane Doe, Correspondent", &["Jane Doe"]);
        check("John Roe, Jr.", &["John Roe, Jr."]);
        check("Reuters", &["Reuters"]);
        check("", &[]);
    }

    #[test]
    fn names_are_joined_by_and_in_other_languages() {
        for list in [
            "Jane Doe et Jean Dupont",
            "Jane Doe und Jean Dupont",
            "Jane Doe y Jean Dupont",
            "Jane Doe e Jean Dupont",
            "Jane Doe и Jean Dupont",
            "Jane Doe/Jean Dupont",
            "Jane Doe | Jean Dupont",
            "Von Jane Doe und Jean Dupont",
            "Par Jane Doe et Jean Dupont",
            "['Jane Doe', 'Jean Dupont']",
            "[\"Jane Doe\", \"Jean Dupont\"]",
            "Jane Doe', 'Jean Dupont",
            "[Jane Doe, Jean Dupont]",
            "Jane Doe | Reuters; Jean Dupont",
        ] {
            assert_eq!(split(list), ["Jane Doe", "Jean Dupont"], "{list}");
        }
        check("JANE DOE AND JOHN SMITH", &["JANE DOE", "JOHN SMITH"]);
        check("Иван Петров и Анна Смирнова", &["Иван Петров", "Анна Смирнова"]);
        check("田中太郎、山田花子", &["田中太郎", "山田花子"]);
        check("Ana Ruiz, Eva Gil y Juan Paz", &["Ana Ruiz", "Eva Gil", "Juan Paz"]);
    }

    #[test]
    fn a_joint_inside_a_name_parts_nothing() {
        for name in
            ["José Ortega y Gasset", "Santiago Ramón y Cajal", "Maria Costa e Silva", "E. Doe", "AC/DC"]
        {
            check(name, &[name]);
        }
    }

    #[test]
    fn what_opens_a_byline_or_follows_it_is_no_part_of_the_name() {
        check("Von Karl May", &["Karl May"]);
        check("Par Jean Dupont", &["Jean Dupont"]);
        check("Ursula von der Leyen", &["Ursula von der Leyen"]);
        check("von der Leyen", &["von der Leyen"]);
        check("Jane Doe | Reuters", &["Jane Doe"]);
        check("Reuters | Ana Ruiz y Eva Gil", &["Reuters", "Ana Ruiz", "Eva Gil"]);
        check("Jane Doe | CBS News", &["Jane Doe"]);
    }

    #[test]
    fn a_value_that_stands_for_none_is_nobody() {
        for value in ["nan", "None", "NULL", "N/A", "-", "[]", "['']"] {
            check(value, &[]);
        }
        check("['O\'Hara Ann']", &["O'Hara Ann"]);
    }

    #[test]
    fn names_are_capitalised_words_that_no_sentence_begins_with() {
        for name in
            ["Jane Doe", "M K Narayan", "A. J. Perlis", "Ludwig van Beethoven", "ŁUKASZ ŻAK", "April Jones"]
        {
            assert!(is_name(name), "{name}");
        }
        for other in
            ["Tuesday", "Monday Morning", "The President", "early 2022", "a reporter", "March 3", "", "J. K."]
        {
            assert!(!is_name(other), "{other}");
        }
    }
}
