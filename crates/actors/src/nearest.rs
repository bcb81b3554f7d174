//! What was meant by a word that is not known.

use strsim::damerau_levenshtein;

use crate::actor::Actor;

/// The actor whose id, name or form is nearest; of equally near ones an id goes first, then the earlier one.
pub(crate) fn actor<'a>(actors: &'a [Actor], wanted: &str) -> Option<&'a Actor> {
    let wanted = plain(wanted);
    let of_actor = |actor: &'a Actor| {
        let texts = std::iter::once(&actor.name).chain(actor.forms.iter().map(|form| &form.text));
        let names = texts.filter_map(|text| Some((slips(&wanted, &plain(text))?, true)));
        let id = slips(&wanted, &plain(&actor.id)).map(|slips| (slips, false));
        Some((id.into_iter().chain(names).min()?, actor))
    };
    actors.iter().filter_map(of_actor).min_by_key(|(nearness, _)| *nearness).map(|(_, actor)| actor)
}

/// The word of a list that is nearest.
pub(crate) fn word<'a>(words: &[&'a str], wanted: &str) -> Option<&'a str> {
    let wanted = plain(wanted);
    let near = words.iter().filter_map(|word| Some((slips(&wanted, &plain(word))?, *word)));
    near.min_by_key(|(slips, _)| *slips).map(|(_, word)| word)
}

/// As it would stand in an id, so that `South_Korea` and `U.S.` are `south-korea` and `us`.
fn plain(text: &str) -> String {
    let kept = text.chars().filter(|letter| !matches!(letter, '.' | '\'' | '’'));
    let mut plain = String::with_capacity(text.len());
    for letter in kept.flat_map(char::to_lowercase) {
        plain.push(if letter.is_alphanumeric() { letter } else { '-' });
    }
    plain
}

/// The edits between two words, a transposition being one; `None` when they are too many for the shorter one. A word of two letters
/// may have lost or won one, but with another letter it is another word.
fn slips(left: &str, right: &str) -> Option<usize> {
    let lengths = [left, right].map(|word| word.chars().count());
    let difference = lengths[0].abs_diff(lengths[1]);
    let allowed = match lengths[0].min(lengths[1]) {
        0..=1 => 0,
        2 => difference.min(1),
        3..=5 => 1,
        _ => 2,
    };
    if difference > allowed {
        return None;
    }
    Some(damerau_levenshtein(left, right)).filter(|slips| *slips <= allowed)
}
