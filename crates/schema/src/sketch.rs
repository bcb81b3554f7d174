//! A sketch of an article: 64 bytes from which it can be told how much of its text two articles share.
//!
//! The running text is cut into shingles, all runs of [`SHINGLE`] words, as in Broder (1997). Each is hashed once and falls into
//! one of [`BINS`] bins, and of each bin the smallest hash is kept: one-permutation `MinHash` (Li, Owen and Zhang 2012). A bin that
//! stayed empty takes the value of another (Shrivastava 2017). Eight bits of a value are enough (Li and König 2010): the chance that
//! two bins are equal is the resemblance of the two sets of shingles, and a little for equal bits of unequal values.
//!
//! The last byte is the number of shingles on a scale of logarithms. With it the resemblance, which is small where one article
//! is a part of the other, tells the part of the smaller one that is in the larger one.

use crate::marked::Zone;

/// Bins of a sketch, a byte each. The shingles are counted in the byte after them.
pub const BINS: usize = 63;

/// Words of a shingle.
const SHINGLE: usize = 4;

/// An article of fewer words has no sketch.
const LEAST_WORDS: u32 = 8;

/// An article of fewer words is one shingle, the whole of it: a few words that two notices share are a form of words, not a
/// copy.
const FEW_WORDS: u32 = 24;

/// Steps of the scale of lengths in a doubling: each is 6 %.
const STEPS: f32 = 12.0;

/// No value has come into a bin.
const EMPTY: u32 = u32::MAX;

/// What an article's text is compared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sketch([u8; BINS + 1]);

impl Sketch {
    /// The bins and the length, eight bytes a number.
    pub fn numbers(&self) -> impl Iterator<Item = u64> {
        self.0.as_chunks().0.iter().map(|bytes| u64::from_le_bytes(*bytes))
    }

    /// The sketch that has these [`numbers`](Self::numbers); `None` where they are too few.
    pub fn of_numbers(numbers: impl Iterator<Item = u64>) -> Option<Sketch> {
        let (mut bytes, mut count) = ([0; BINS + 1], 0);
        for (place, number) in bytes.as_chunks_mut().0.iter_mut().zip(numbers) {
            *place = number.to_le_bytes();
            count += 1;
        }
        (count == bytes.len() / 8).then_some(Sketch(bytes))
    }

    /// The values of the bins.
    pub fn bins(&self) -> &[u8] {
        &self.0[..BINS]
    }

    /// The number of shingles, in steps of the twelfth of a doubling.
    pub fn length(&self) -> u8 {
        self.0[BINS]
    }

    /// The length of an article of so many shingles, from 1.
    pub fn length_of(shingles: u32) -> u8 {
        ((shingles as f32).log2() * STEPS).round() as u8
    }

    /// In how many bins two sketches agree.
    pub fn matches(&self, other: &Sketch) -> u8 {
        self.bins().iter().zip(other.bins()).map(|(a, b)| u8::from(a == b)).sum()
    }

    /// The part of all shingles of two articles that both have, as estimated from the bins that agree.
    pub fn resemblance(matches: u8) -> f32 {
        let equal = f32::from(matches) / BINS as f32;
        let chance = 1.0 / 256.0;
        ((equal - chance) / (1.0 - chance)).max(0.0)
    }

    /// The part of the shingles of the shorter article that the longer one has, where they differ by so many steps of length.
    pub fn overlap(matches: u8, steps: u8) -> f32 {
        let resemblance = Sketch::resemblance(matches);
        let longer = (f32::from(steps) / STEPS).exp2();
        (resemblance * (1.0 + longer) / (1.0 + resemblance)).min(1.0)
    }
}

/// Makes the sketch of a document of the terms of its `text` field, as these are read: those of the running text. No headline, byline,
/// caption or noise, which copies change first.
pub struct Sketcher {
    /// Is what is being read running text?
    is_running: bool,
    /// Of the last word. The other terms there are the same word once more.
    position: u32,
    /// Hashes of the last words, the latest last.
    last: [u64; SHINGLE - 1],
    /// Hash of all words.
    all: u64,
    words: u32,
    bins: [u32; BINS],
}

impl Default for Sketcher {
    fn default() -> Sketcher {
        Sketcher {
            is_running: false,
            position: u32::MAX,
            last: [0; SHINGLE - 1],
            all: 0,
            words: 0,
            bins: [EMPTY; BINS],
        }
    }
}

/// An odd number with as many ones as zeros in no order.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

impl Sketcher {
    /// Takes the next term, which hardly any other has the hash of, and its position.
    #[inline]
    pub fn take(&mut self, term: &[u8], hash: u32, position: u32) {
        if let Some(zone) = Zone::of_term(term) {
            self.is_running = matches!(zone, Zone::Lead | Zone::Body);
        } else if self.is_running && position != self.position {
            self.position = position;
            self.add(u64::from(hash));
        }
    }

    /// Ends the text, and begins with another one. `None` where there was too little of it.
    pub fn end(&mut self) -> Option<Sketch> {
        std::mem::take(self).sketch()
    }

    /// Adds the next word.
    #[inline]
    fn add(&mut self, hash: u64) {
        let [a, b, c] = self.last;
        self.last = [b, c, hash];
        self.all = self.all.wrapping_mul(FACTOR).wrapping_add(hash);
        self.words += 1;
        if self.words as usize >= SHINGLE {
            self.keep(mixed(a ^ b.rotate_left(17) ^ c.rotate_left(34) ^ hash.rotate_left(51)));
        }
    }

    /// The upper half of a hash says which bin, the lower half which value.
    fn keep(&mut self, hash: u64) {
        let bin = ((hash >> 32) * BINS as u64) >> 32;
        let value = &mut self.bins[bin as usize];
        *value = (*value).min(hash as u32);
    }

    fn sketch(mut self) -> Option<Sketch> {
        if self.words < LEAST_WORDS {
            return None;
        }
        let mut count = self.words + 1 - SHINGLE as u32;
        if self.words < FEW_WORDS {
            (self.bins, count) = ([EMPTY; BINS], 1);
            self.keep(mixed(self.all));
        }
        let mut bytes = [0; BINS + 1];
        for (bin, byte) in bytes[..BINS].iter_mut().enumerate() {
            // With the number of the bin, or all the bins that have the value of one would be equal by a single chance.
            *byte = mixed(u64::from(self.value(bin)) << 32 | bin as u64) as u8;
        }
        bytes[BINS] = Sketch::length_of(count);
        Some(Sketch(bytes))
    }

    /// The value of a bin, or of another that is chosen by chance, for each the same in all articles.
    fn value(&self, bin: usize) -> u32 {
        let mut value = self.bins[bin];
        let mut attempt = 0;
        while value == EMPTY {
            attempt += 1;
            let hash = mixed((bin as u64) << 32 | attempt);
            value = self.bins[(((hash >> 32) * BINS as u64) >> 32) as usize];
        }
        value
    }
}

/// Every bit of the number in every bit of the hash: the last step of `MurmurHash3`.
fn mixed(number: u64) -> u64 {
    let number = (number ^ number >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let number = (number ^ number >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    number ^ number >> 33
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokenizers::tests::terms;

    const TEXT: &str = "The river left its banks on Thursday after two days of rain, and the lower part of the town stood \
        under water until the evening. Nobody was hurt, the mayor said, but the bridge at the mill would stay closed to all \
        traffic until engineers have looked at its northern pier, which the current had hit with trunks of trees.";

    /// The sketch of marked text.
    fn sketch_of_marked(text: &str) -> Option<Sketch> {
        let mut sketcher = Sketcher::default();
        for (term, position) in terms(text) {
            let hash = blake3::hash(term.as_bytes());
            let hash = u32::from_le_bytes(*hash.as_bytes().first_chunk().unwrap());
            sketcher.take(term.as_bytes(), hash, position as u32);
        }
        sketcher.end()
    }

    /// The sketch of running text.
    fn sketch(text: &str) -> Sketch {
        sketch_of_marked(&format!("\u{12}\u{2}{text}")).unwrap()
    }

    fn overlap(a: &str, b: &str) -> f32 {
        let (a, b) = (sketch(a), sketch(b));
        Sketch::overlap(a.matches(&b), a.length().abs_diff(b.length()))
    }

    #[test]
    fn case_accents_lines_and_marks_do_not_count() {
        let accented = TEXT.replace("river", "rivér");
        let decomposed = TEXT.replace("river", "rive\u{301}r");
        assert_eq!(sketch(TEXT), sketch(&TEXT.to_uppercase().replace([',', '.'], " — ").replace(' ', "\n")));
        assert_eq!(sketch(TEXT), sketch(&accented));
        assert_eq!(sketch(TEXT), sketch(&decomposed));
    }

    #[test]
    fn only_the_running_text_counts_and_each_word_of_it_once() {
        let (lead, body) = TEXT.split_at(TEXT.find("Nobody").unwrap());
        let article = format!(
            "\u{10}\u{2}NATO: a river leaves its banks\u{4}\u{11}\u{2}{lead}\u{13}\u{2}The mill. PHOTO: AFP\u{12}\u{2}{body}\
             \u{14}\u{2}By a reporter of ours"
        );
        assert_eq!(sketch_of_marked(&article), Some(sketch(TEXT)));
    }

    #[test]
    fn a_part_is_found_in_the_whole_and_another_text_is_not() {
        let half = &TEXT[..TEXT.len() / 2];
        let other = "A chess match in Astana ended in a draw on Sunday, when neither of the players saw a way to go on after \
            the fifth hour of a game that began with an opening which nobody has seen at this level for twenty years.";
        assert!((overlap(TEXT, TEXT) - 1.0).abs() < 1e-6);
        assert!(overlap(TEXT, half) > 0.6, "{}", overlap(TEXT, half));
        assert!(overlap(TEXT, &TEXT.replace("mayor", "governor")) > 0.6);
        assert!(sketch(TEXT).matches(&sketch(other)) < 6);
    }

    #[test]
    fn a_few_words_are_alike_only_as_a_whole_and_fewer_have_no_sketch() {
        let notice =
            |company: &str| sketch(&format!("{company} said it declared a dividend of ten cents a share"));
        assert_eq!(notice("Northern").matches(&notice("northern")), BINS as u8);
        let others =
            (0..1000).map(|number| notice("Northern").matches(&notice(&format!("Southern {number}"))));
        assert!(others.max() < Some(8));
        assert!(sketch_of_marked("\u{12}\u{2}One two three four, five six seven").is_none());
    }

    #[test]
    fn characters_are_words_where_no_spaces_part_them() {
        let text = "北京冬奥会开幕式于周五晚间在国家体育场举行，多国领导人出席了开幕式并观看了表演。";
        assert!(overlap(text, &format!("据报道，{text}")) > 0.7);
    }

    #[test]
    fn numbers_are_the_sketch() {
        let sketch = sketch(TEXT);
        assert_eq!(Sketch::of_numbers(sketch.numbers()), Some(sketch));
        assert_eq!(Sketch::of_numbers(sketch.numbers().take(7)), None);
    }

    #[test]
    fn equal_bins_tell_the_resemblance() {
        let words: Vec<String> = (0..2000).map(|number| format!("word{number}")).collect();
        for part in [4, 10, 16] {
            // Shared first words, then words of one's own.
            let text = |name: &str| {
                let own = (0..2000 - part * 100).map(|number| format!("{name}{number}"));
                words[..part * 100].iter().cloned().chain(own).collect::<Vec<_>>().join(" ")
            };
            let expected = part as f32 / (40 - part) as f32;
            let estimate = |turn: usize| {
                let [a, b] = ["a", "b"].map(|name| sketch(&text(&format!("{name}{turn}"))));
                Sketch::resemblance(a.matches(&b))
            };
            let sums: f32 = (0..20).map(estimate).sum();
            assert!((sums / 20.0 - expected).abs() < 0.06, "{} for {expected}", sums / 20.0);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_one_sketch_or_none(text in "(\\PC{0,12}[ \u{300}東]){0,40}") {
            let text = format!("\u{12}\u{2}{text}");
            proptest::prop_assert_eq!(sketch_of_marked(&text), sketch_of_marked(&text));
        }
    }
}
