//! Pairs of frequent words: what makes a phrase such as “of the world” cheap.
//!
//! Two words that are in nearly every article leave a phrase nothing to skip: all their places must be compared. Where both
//! are on a list of the most frequent words, the two together are therefore indexed as one term as well, at the place of the
//! first, in a field of its own, which leaves lengths and counts of words as they are. (Williams, Zobel and Bahle 2004 call it
//! a nextword index for stop words.) On Wikipedia that adds a tenth to the postings and positions.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;
/// Name of the field of pairs.
pub(crate) const PAIRS: &str = "pairs";

/// The words of each language that make up most of any text, folded. None is longer than [`WORD_BYTES`].
const FREQUENT: [&str; 8] = [
    "a after all also an and are as at be been but by can for from had has have he her his i if in into is it its more no \
     not of on one or other out she so than that the their them there they this to two up was we were what when where which \
     who will with would you",
    "als am an auch auf aus bei bis das dass dem den der des die durch ein eine einem einen einer eines er es fur hat hatte ich \
     im in ist mit nach nicht noch nur oder sein sich sie sind so uber um und unter vom von vor war wie wird zu zum zur",
    "au aux avec ce cette ces comme dans de des du elle en est et etait il ils la le les leur mais meme ne nous on ont ou \
     par pas plus pour qu que qui sa se ses son sont sur un une vous",
    "al como con de del desde e el ella en entre era es esta este fue ha han la las lo los mas no o para pero por que se ser \
     sin sobre su sus tambien un una y ya",
    "alla anche che ci con da dal dalla degli dei del della delle di e ed gli ha i il in la le lo ma nel nella non o per piu \
     si sono su sul un una uno",
    "ao aos as com da das de do dos e em era essa este foi na nas nao no nos o os ou para pela pelo por que se seu sua um uma",
    "aan als bij dat de der deze die dit door een en er haar had heeft het hij in is maar met naar niet of om ook op over te \
     tot uit van voor was werd wordt zich zijn",
    "а бы в во для до его же за и из или их как к на не но о он от по при с со так то у что это",
];

/// The longest of these words, in bytes.
const WORD_BYTES: usize = 8;

/// The words as numbers.
static NUMBERS: LazyLock<FxHashSet<u64>> = LazyLock::new(|| {
    FREQUENT
        .iter()
        .flat_map(|words| words.split_whitespace())
        .filter_map(|word| number(word.as_bytes()))
        .collect()
});

/// A short word as one number: its bytes, the first one lowest.
#[inline]
fn number(word: &[u8]) -> Option<u64> {
    match *word {
        [] => None,
        [only] => Some(u64::from(only)),
        [first, last] => Some(u64::from_le_bytes([first, last, 0, 0, 0, 0, 0, 0])),
        [first, middle, last] => Some(u64::from_le_bytes([first, middle, last, 0, 0, 0, 0, 0])),
        _ => {
            // The first four and the last four bytes overlap, and are alike there.
            let [first, last] =
                [word.first_chunk()?, word.last_chunk()?].map(|bytes| u32::from_le_bytes(*bytes));
            let before_last = word.len() - size_of_val(&last);
            (word.len() <= WORD_BYTES).then(|| u64::from(first) | u64::from(last) << (8 * before_last))
        }
    }
}

/// Is the folded word one of those whose pairs are indexed?
pub fn is_frequent(word: &str) -> bool {
    frequent_number(word.as_bytes()).is_some()
}

/// The number of a word that is.
#[inline]
fn frequent_number(word: &[u8]) -> Option<u64> {
    number(word).filter(|number| NUMBERS.contains(number))
}

/// The term of two frequent words that follow each other. No token has a space in it.
pub fn pair_term(first: &str, second: &str) -> String {
    let mut pair = String::new();
    push_pair(&mut pair, first, second);
    pair
}

fn push_pair(pair: &mut String, first: &str, second: &str) {
    pair.push_str(first);
    pair.push(' ');
    pair.push_str(second);
}

/// Finds the pairs among the tokens of the `text` field, as these are read. A pair counts as often as that of its words which counts
/// less.
#[derive(Default)]
pub struct PairFinder {
    /// The last place but one.
    before: Place,
    /// The place whose terms are being read.
    place: Place,
    pair: String,
}

/// A position, and the frequent words there: where one is elided, that with it and that behind it.
#[derive(Clone, Copy, Default)]
struct Place {
    position: u32,
    words: [Option<FrequentWord>; 2],
}

/// A frequent word.
#[derive(Clone, Copy)]
struct FrequentWord {
    number: u64,
    /// How often it counts.
    weight: u32,
}

impl PairFinder {
    /// Takes the next token, and calls back with the terms and the position of pairs that are known now, as often as they count.
    #[inline]
    pub fn take(&mut self, term: &[u8], position: u32, found: &mut dyn FnMut(&[u8], u32)) {
        if is_no_word(term) {
            return;
        }
        if position == self.place.position {
            self.place.add(term);
        } else {
            self.end_place(found);
            let word = frequent_number(term).map(|number| FrequentWord { number, weight: 1 });
            self.place = Place { position, words: [word, None] };
        }
    }

    /// Ends the text.
    pub fn end(&mut self, found: &mut dyn FnMut(&[u8], u32)) {
        self.end_place(found);
        (self.before, self.place) = (Place::default(), Place::default());
    }

    fn end_place(&mut self, found: &mut dyn FnMut(&[u8], u32)) {
        let Place { position, words } = std::mem::replace(&mut self.before, self.place);
        if position + 1 != self.place.position {
            return;
        }
        for before in words.iter().flatten() {
            for word in self.place.words.iter().flatten() {
                self.pair.clear();
                let [first, second] = [before, word].map(|word| word.number.to_le_bytes());
                push_pair(&mut self.pair, text(&first), text(&second));
                (0..before.weight.min(word.weight)).for_each(|_| found(self.pair.as_bytes(), position));
            }
        }
    }
}

impl Place {
    /// Adds another term at the position: a word that counts more than once, or the word behind an elision.
    fn add(&mut self, term: &[u8]) {
        let Some(number) = frequent_number(term) else { return };
        if let Some(word) = self.words.iter_mut().flatten().find(|word| word.number == number) {
            word.weight += 1;
        } else if let Some(free) = self.words.iter_mut().find(|word| word.is_none()) {
            *free = Some(FrequentWord { number, weight: 1 });
        }
    }
}

/// The word of a [`number`].
fn text(bytes: &[u8; WORD_BYTES]) -> &str {
    str::from_utf8(bytes).unwrap_or_default().trim_end_matches('\0')
}

/// Is it a mark of a zone, or a word written in capitals, which is there as a word too?
fn is_no_word(term: &[u8]) -> bool {
    term.first().is_some_and(|&byte| byte < b' ' || byte == b'=')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokenizers::tests::terms;

    fn pairs(text: &str) -> Vec<(String, u32)> {
        let (mut finder, mut pairs) = (PairFinder::default(), Vec::new());
        let mut found =
            |pair: &[u8], position| pairs.push((String::from_utf8(pair.to_vec()).unwrap(), position));
        for (term, position) in terms(text) {
            finder.take(term.as_bytes(), position as u32, &mut found);
        }
        finder.end(&mut found);
        pairs
    }

    #[test]
    fn frequent_words_in_a_row_are_pairs_at_the_place_of_the_first() {
        let found = pairs("Out of the blue, \u{2}and to\u{2}the US of A");
        let expected = [("out of", 0), ("of the", 1), ("and to", 4), ("to the", 5), ("of a", 8)]
            .map(|(a, b)| (a.to_owned(), b));
        assert_eq!(found, expected);
    }

    #[test]
    fn a_pair_counts_as_often_as_its_lighter_word() {
        assert_eq!(pairs("\u{10}\u{2}It is\u{4}\u{12}\u{2}on").len(), 3);
        assert_eq!(pairs("\u{10}\u{2}It\u{12}\u{2}is").len(), 1);
    }

    #[test]
    fn words_behind_an_elision_make_pairs_too() {
        let found = pairs("\u{6}\u{12}\u{2}il l'a vu, la fin de l'un et");
        let expected =
            [("il la", 0), ("il a", 0), ("de un", 5), ("un et", 6)].map(|(a, b)| (a.to_owned(), b));
        assert_eq!(found, expected);
    }

    #[test]
    fn every_word_of_the_list_is_a_token_as_it_stands() {
        for word in FREQUENT.iter().flat_map(|words| words.split_whitespace()) {
            assert_eq!(crate::tokens(word).collect_texts(), [crate::fold(word)], "{word}");
            assert!(is_frequent(&crate::fold(word)), "{word} is too long, or not folded");
        }
    }
}
