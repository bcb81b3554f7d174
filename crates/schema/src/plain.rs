//! Plain words: short runs of ASCII letters and digits that nothing is joined to, which most words are. They are told from a few numbers
//! of eight bytes each, without a look at every byte.

/// The bytes that a word is told from; it has fewer.
pub(crate) const WINDOW: usize = 16;

/// The highest bit of each byte.
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The same byte eight times.
const fn eight(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// The classes of eight bytes, each as the highest bits of those that are in it.
#[derive(Clone, Copy)]
struct Classes {
    letters: u64,
    words: u64,
}

impl Classes {
    /// Adding to seven bits carries into the highest where they are at least so much, and nowhere else.
    #[inline]
    fn of(bytes: u64) -> Classes {
        let low = bytes & !HIGH;
        let small = low | eight(0x20);
        let letters = (small + eight(0x80 - b'a')) & !(small + eight(0x80 - b'z' - 1)) & !bytes & HIGH;
        let digits = (low + eight(0x80 - b'0')) & !(low + eight(0x80 - b'9' - 1)) & !bytes & HIGH;
        Classes { letters, words: letters | digits }
    }
}

/// A plain word.
pub(crate) struct PlainWord {
    /// In bytes.
    pub(crate) length: usize,
    /// It has no small letters, and two capitals or more.
    pub(crate) capitals: bool,
    /// In small letters, with zeros behind it.
    pub(crate) folded: [u8; WINDOW],
}

/// The plain word that a text begins with, if it begins with one.
#[inline]
pub(crate) fn plain_word(text: &[u8]) -> Option<PlainWord> {
    let window = text.first_chunk().copied().unwrap_or_else(|| {
        let mut window = [0; WINDOW];
        window[..text.len()].copy_from_slice(text);
        window
    });
    let number = u128::from_le_bytes(window);
    let [start, end] = [Classes::of(number as u64), Classes::of((number >> 64) as u64)];
    let length = match !start.words & HIGH {
        0 => 8 + (!end.words & HIGH).trailing_zeros() as usize / 8,
        others => others.trailing_zeros() as usize / 8,
    };
    if length == 0 || length == WINDOW || !ends_plain_word(window[length], length) {
        return None;
    }
    let mask = (1u128 << (8 * length)) - 1;
    let folded = (number | u128::from_le_bytes([0x20; WINDOW])) & mask;
    let letters = u128::from(start.letters) | u128::from(end.letters) << 64;
    let letters = letters & mask;
    // What tells small letters from capitals is two bits below the highest.
    let capitals = letters & !(number << 2);
    let capitals = capitals == letters && capitals.count_ones() >= 2;
    Some(PlainWord { length, capitals, folded: folded.to_le_bytes() })
}

/// Does a byte that is no letter or digit end a word of so many that are? Not if it may join it to more.
#[inline]
fn ends_plain_word(byte: u8, length: usize) -> bool {
    match byte {
        b'\'' => false,
        b'.' => length > 1,
        _ => byte.is_ascii(),
    }
}

/// Bytes that are counted in one byte.
const COUNTED: usize = 128;

/// How many words a text has; `None` where some of them may not be plain, but for their length.
pub(crate) fn count_plain_words(text: &[u8]) -> Option<u32> {
    let mut odd = 0;
    // Is this byte the first of a word? Asked with the byte before it, and the one before that.
    let mut look = |here: u8, before: u8, earlier: u8| {
        let (word, was_word) = (word_bit(here), word_bit(before));
        let is_joint = u8::from(here == b'\'') | (u8::from(here == b'.') & (1 - word_bit(earlier)));
        odd |= u8::from(!here.is_ascii()) | (is_joint & was_word);
        word & (1 - was_word)
    };
    let first = text.first().map_or(0, |&first| look(first, 0, 0));
    let second = if let [first, second, ..] = *text { look(second, first, 0) } else { 0 };
    let mut count = u32::from(first + second);
    let [one_on, two_on] = [1, 2].map(|skip| text.get(skip..).unwrap_or_default().chunks(COUNTED));
    for ((here, before), earlier) in two_on.zip(one_on).zip(text.chunks(COUNTED)) {
        let mut starts = 0;
        for ((&here, &before), &earlier) in here.iter().zip(before).zip(earlier) {
            starts += look(here, before, earlier);
        }
        count += u32::from(starts);
    }
    (odd == 0).then_some(count)
}

/// Is a byte an ASCII letter or digit?
pub(crate) const fn is_word_byte(byte: u8) -> bool {
    word_bit(byte) == 1
}

/// 1 for an ASCII letter or digit, 0 for any other byte. Without branches, so that many can be looked at at once.
#[inline]
const fn word_bit(byte: u8) -> u8 {
    ((byte | 0x20).wrapping_sub(b'a') < 26) as u8 | (byte.wrapping_sub(b'0') < 10) as u8
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::fold::fold;
    use crate::tokens::tokens;
    use crate::words::{is_capitals, scan_word};

    /// What may stand behind a word, or in it, and what often does.
    const TEXT: &str = "[aZ09' .,’é-]{0,30}|[ -~]{0,40}|([a-zA-Z]{1,20}[ .,'])*";

    proptest::proptest! {
        #[test]
        fn plain_words_are_what_a_scan_finds(text in TEXT) {
            let Some(word) = plain_word(text.as_bytes()) else { return Ok(()) };
            let scanned = scan_word(&text, 0);
            proptest::prop_assert_eq!((word.length, word.length), (scanned.end, scanned.next));
            let folded = std::str::from_utf8(&word.folded[..word.length]).unwrap();
            proptest::prop_assert_eq!(folded, fold(&text[..word.length]));
            proptest::prop_assert_eq!(word.capitals, is_capitals(&text[..word.length]));
        }

        #[test]
        fn plain_words_are_counted_as_they_are_read(text in proptest::collection::vec(TEXT, 0..20)) {
            let text = text.concat();
            if let Some(count) = count_plain_words(text.as_bytes()) {
                proptest::prop_assert_eq!(count as usize, tokens(&text).collect_texts().len());
            }
        }
    }

    #[test]
    fn sentences_without_joints_are_plain() {
        assert_eq!(count_plain_words(b"In 2022, \"NATO\" met (in Madrid)."), Some(6));
        assert_eq!(count_plain_words(&b"word ".repeat(1000)), Some(1000));
        for odd in ["Xi's", "U.S. troops", "café", "a.b"] {
            assert_eq!(count_plain_words(odd.as_bytes()), None, "{odd}");
        }
    }
}
