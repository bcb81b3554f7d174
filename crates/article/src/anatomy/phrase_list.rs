//! Does a text begin with a phrase, or with one of many?

/// Phrases in lower case, each of two bytes at least, that texts are compared with. Most texts begin like none of them, which the first
/// two bytes tell.
pub(super) struct PhraseList<const N: usize> {
    phrases: [&'static str; N],
    /// The first two bytes of each.
    starts: [[u8; 2]; N],
}

impl<const N: usize> PhraseList<N> {
    pub(super) const fn new(phrases: [&'static str; N]) -> PhraseList<N> {
        let mut starts = [[0; 2]; N];
        let mut place = 0;
        while place < N {
            let phrase = phrases[place].as_bytes();
            starts[place] = [phrase[0], phrase[1]];
            place += 1;
        }
        PhraseList { phrases, starts }
    }

    /// What follows each phrase that `text` begins with as a word, in the order of the list.
    pub(super) fn strip<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        self.which_may(text).filter_map(move |phrase| strip(text, phrase))
    }

    /// Does `text` begin with one of them? It may go on with letters.
    pub(super) fn begins(&self, text: &str) -> bool {
        self.which_may(text).any(|phrase| strip_start(text, phrase).is_some())
    }

    /// The phrases that `text` may begin with.
    fn which_may(&self, text: &str) -> impl Iterator<Item = &'static str> {
        let start = start_of(text);
        let may = move |other: [u8; 2]| start.is_none_or(|start| start == other);
        // Without a way out, so that all are compared at once.
        let may_any = self.starts.iter().fold(false, |any, start| any | may(*start));
        let count = if may_any { N } else { 0 };
        let phrases = self.phrases[..count].iter().zip(&self.starts);
        phrases.filter(move |(_, start)| may(**start)).map(|(phrase, _)| *phrase)
    }
}

/// The first two bytes of what may begin with the same phrases as `text`, if these are ASCII.
fn start_of(text: &str) -> Option<[u8; 2]> {
    let start = text.as_bytes().first_chunk::<2>().filter(|start| start.is_ascii())?;
    Some(start.map(|byte| if char::from(byte).is_whitespace() { b' ' } else { byte.to_ascii_lowercase() }))
}

/// What follows `phrase` in `text`, whose case does not matter; `None` when `text` does not begin with it as a word.
pub(super) fn strip<'a>(text: &'a str, phrase: &str) -> Option<&'a str> {
    let rest = strip_start(text, phrase)?;
    let in_word = phrase.ends_with(char::is_alphanumeric) && rest.starts_with(char::is_alphanumeric);
    (!in_word).then_some(rest)
}

fn strip_start<'a>(text: &'a str, phrase: &str) -> Option<&'a str> {
    let mut characters = text.char_indices();
    let mut end = 0;
    for wanted in phrase.chars() {
        let (at, found) = characters.next()?;
        let same = match (wanted, found) {
            (' ', _) => found.is_whitespace(),
            _ if found.is_ascii() => found.to_ascii_lowercase() == wanted,
            _ => found.to_lowercase().eq([wanted]),
        };
        if !same {
            return None;
        }
        end = at + found.len_utf8();
    }
    Some(&text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: PhraseList<6> = PhraseList::new(["photo:", "a b", "ça va", "kelvin", "photo: by", "été"]);

    fn stripped(text: &str) -> Vec<&str> {
        LIST.strip(text).collect()
    }

    #[test]
    fn a_text_begins_with_a_phrase_whatever_its_case_and_space() {
        assert_eq!(stripped("PHOTO:\u{a0}by Jane"), ["\u{a0}by Jane", " Jane"]);
        assert_eq!(stripped("A\tB!"), ["!"]);
        assert_eq!(stripped("ÇA VA"), [""]);
        assert_eq!(stripped("\u{212a}elvin"), [""], "the sign of the unit is a K too");
        assert_eq!(stripped("Été, 2022"), [", 2022"]);
    }

    #[test]
    fn a_phrase_ends_where_a_word_ends() {
        assert!(stripped("kelvins").is_empty() && LIST.begins("kelvins"));
        for text in ["", "p", "P\u{e9}", "photo", "été"] {
            assert_eq!(LIST.begins(text), text == "été", "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_list_finds_what_its_phrases_find_alone(text in "[pPhHoO:aAbBkK\u{212a}eé \tcçÇ]{0,4}(hoto:|elvin|A VA|té| by)?.{0,4}") {
            let alone: Vec<&str> = LIST.phrases.iter().filter_map(|phrase| strip(&text, phrase)).collect();
            proptest::prop_assert_eq!(stripped(&text), alone);
        }
    }
}
