//! What belongs to the character before it, so that no text is cut there: accents, and what joins the parts of one emoji. A letter may
//! bear any number of accents, and would be drawn over the lines around it; only so many are shown.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;

/// The most that belongs to one character: no text of a language comes near it, as the stream-safe form of Unicode says.
const MOST_JOINED: usize = 30;

const ZERO_WIDTH_JOINER: char = '\u{200D}';

/// Does it belong to what stands before it?
fn extends(c: char) -> bool {
    !c.is_ascii() && (is_combining_mark(c) || matches!(c, ZERO_WIDTH_JOINER | '\u{1F3FB}'..='\u{1F3FF}'))
}

/// How much of the text from `at` on belongs to what stands before it.
fn joined_bytes(text: &str, at: usize, most: usize) -> usize {
    let mut is_joined = text[..at].ends_with(ZERO_WIDTH_JOINER);
    let belongs = |c: &char| {
        let belongs = is_joined || extends(*c);
        is_joined = *c == ZERO_WIDTH_JOINER;
        belongs
    };
    text[at..].chars().take(most).take_while(belongs).map(char::len_utf8).sum()
}

/// The end of the character that `at` is in. Of one that bears too much, an end within it.
pub(super) fn whole_end(text: &str, at: usize) -> usize {
    at + joined_bytes(text, at, MOST_JOINED)
}

/// The start of the first whole character from `at` on, which is `most` at the latest.
pub(super) fn whole_start(text: &str, at: usize, most: usize) -> usize {
    if at == 0 { at } else { (at + joined_bytes(text, at, usize::MAX)).min(most) }
}

/// The text with as much of what belongs to a character as is shown, and `…` for the rest.
pub(super) fn without_stacks(text: &str) -> Cow<'_, str> {
    // Each that belongs to another takes two bytes at the least.
    if text.len() <= 2 * MOST_JOINED
        || text.is_ascii()
        || heights(text).all(|(_, height)| height <= MOST_JOINED)
    {
        return Cow::Borrowed(text);
    }
    let shown = heights(text).filter_map(|(c, height)| match height.checked_sub(MOST_JOINED) {
        None | Some(0) => Some(c),
        Some(1) => Some('…'),
        Some(_) => None,
    });
    Cow::Owned(shown.collect())
}

/// The characters, each with the number of those in a row up to it that belong to what stands before them.
fn heights(text: &str) -> impl Iterator<Item = (char, usize)> {
    text.chars().scan(0, |height, c| {
        *height = if extends(c) { *height + 1 } else { 0 };
        Some((c, *height))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_cut_between_a_letter_and_its_accents() {
        let text = "ae\u{301}\u{302}o 👩\u{1F3FD}\u{200D}🔬 z";
        let wholes: Vec<&str> = text
            .char_indices()
            .map(|(at, _)| &text[whole_start(text, at, text.len())..])
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect();
        assert!(
            wholes.iter().all(|rest| !rest.starts_with(extends) && !rest.starts_with('🔬')),
            "{wholes:?}"
        );
        assert_eq!(&text[..whole_end(text, 2)], "ae\u{301}\u{302}");
        let emoji = text.find('👩').map(|at| whole_end(text, at + '👩'.len_utf8()));
        assert_eq!(emoji.map(|end| &text[end..]), Some(" z"));
        assert_eq!(whole_start("\u{301}a", 0, 3), 0);
    }

    #[test]
    fn a_letter_bears_so_many_accents_and_no_more() {
        let accents = |count| format!("x{}y", "\u{301}".repeat(count));
        assert_eq!(without_stacks(&accents(MOST_JOINED)), accents(MOST_JOINED));
        let cut = accents(MOST_JOINED).replace('y', "…y");
        assert_eq!(without_stacks(&(accents(2_000) + &accents(40) + "z")), format!("{cut}{cut}z"));
        let long = accents(2_000);
        assert_eq!((whole_end(&long, 1), whole_start(&long, 5, long.len())), (1 + 2 * MOST_JOINED, 4_001));
    }
}
