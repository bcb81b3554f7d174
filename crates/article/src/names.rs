//! People's names: what looks like one, and lists of them.

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

/// The names in a list such as `By Jane Doe and John Roe, Correspondents`. A comma parts full names only: `Perlis, A. J.`
/// and `Doe, Jane` are one name each.
pub(crate) fn split(list: &str) -> Vec<String> {
    let list = without_by(list.trim());
    let mut found = Vec::new();
    for group in
        list.split([';', '|', '\n']).flat_map(|part| part.split(" and ")).flat_map(|part| part.split(" & "))
    {
        split_at_commas(group.trim(), &mut found);
    }
    found
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

    #[test]
    fn lists_of_names_are_split_between_names_only() {
        #[track_caller]
        fn check(list: &str, names: &[&str]) {
            assert_eq!(split(list), names);
        }
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
