//! Which articles have both of two words, how often, and where their positions stand.

use std::ops::Range;

use tantivy::schema::Field;
use tantivy::{DocId, SegmentReader};

use super::occurrences::FoundWord;
use super::placed::{Place, PlacedPair};
use super::scout::{Cursor, Scouting, Sighting};
use super::{Frequencies, Spans, Walker};
use crate::blocks::{BLOCK, first_from};

/// The one word may be in so many times as many articles as the other: all postings of both are read, not only those of the more
/// frequent one that are near the rarer one's.
const MOST_TIMES: u32 = 16;

/// Where the rarer word is in no more articles, they are walked to.
const MANY: u32 = 256;

/// So many articles from the first to the last, and a block is looked up in a table instead of searched.
const SLOTS: usize = 1 << 14;

/// The articles that have two words, in their order.
pub(super) struct PairScout {
    rarer: Cursor,
    other: Cursor,
    /// Those that are looked at, from the first of the segment on.
    articles: Range<DocId>,
    /// For each article, counted from the first of a block of the rarer word: its number in the block from 1 on, or 0. All are 0
    /// between two blocks.
    slots: Box<[u8; SLOTS]>,
}

/// An article of a block of the rarer word, by its number from 1 on, and where it stands in a block of the other.
type Meeting = (u8, u8);

/// The two rarest words that spans are made of. Few articles have these as they should stand: only there other words of a phrase are
/// looked for.
pub(super) struct TwoRarest {
    pub(super) scout: PairScout,
    pub(super) pair: PlacedPair,
    /// Looks for all words, where there are more than two.
    pub(super) whole: Option<Walker>,
}

impl TwoRarest {
    /// Of all words that the spans are made of, as [`find`](super::occurrences::find) gives them; `None` where [`PairScout`] or
    /// [`PlacedPair`] does not serve.
    pub(super) fn open(
        words: &[FoundWord<'_>],
        spans: &Spans,
        field: Field,
        segment: &SegmentReader,
        articles: &Range<DocId>,
    ) -> tantivy::Result<Option<TwoRarest>> {
        let two = &words[..words.len().min(2)];
        let Some(scout) = PairScout::open(two, segment, articles)? else { return Ok(None) };
        let Some(pair) = PlacedPair::open(spans, two, segment)? else { return Ok(None) };
        let whole = match words.len() {
            2 => None,
            _ => Some(Walker::of(words, spans, field, segment)?),
        };
        Ok(Some(TwoRarest { scout, pair, whole }))
    }
}

impl PairScout {
    /// Of words as [`find`](super::occurrences::find) gives them; `None` where they are not two, or too unlike, or rare, or where the
    /// articles do not start with the segment's first, so that where positions stand is not known.
    fn open(
        words: &[FoundWord<'_>],
        segment: &SegmentReader,
        articles: &Range<DocId>,
    ) -> tantivy::Result<Option<PairScout>> {
        let [rarer, other] = words else { return Ok(None) };
        let are_alike = other.1.doc_freq / MOST_TIMES <= rarer.1.doc_freq;
        if articles.start > 0 || !are_alike || rarer.1.doc_freq <= MANY {
            return Ok(None);
        }
        let (rarer, other) = (Cursor::open(rarer, segment)?, Cursor::open(other, segment)?);
        Ok(Some(PairScout { rarer, other, articles: articles.clone(), slots: Box::new([0; SLOTS]) }))
    }
}

impl Scouting for PairScout {
    fn articles(&self) -> u32 {
        self.rarer.articles()
    }

    fn next(&self) -> Option<DocId> {
        self.rarer.next_within(&self.articles)
    }

    #[inline]
    fn read_block(
        &mut self,
        mut may_be: impl FnMut(DocId, u32) -> Option<u32>,
        mut found: impl FnMut(Sighting),
    ) {
        let PairScout { rarer, other, articles, slots } = self;
        let (docs, frequencies) = (rarer.docs(), rarer.frequencies());
        let (Some(&first), Some(&last)) = (docs.first(), docs.last()) else { return };
        let before = sums(frequencies, rarer.before);
        let slot = |doc: DocId| doc.wrapping_sub(first) as usize % SLOTS;
        let is_in_table = ((last - first) as usize) < SLOTS;
        if is_in_table {
            for (number, doc) in (1..).zip(docs) {
                slots[slot(*doc)] = number;
            }
        }
        let mut meetings = [(0, 0); BLOCK + 1];
        while other.is_behind(first) && !other.docs().is_empty() {
            other.next_block();
        }
        loop {
            let other_docs = other.docs();
            let from = first_from(other_docs, other.at, first);
            let to = from + other_docs[from..].partition_point(|&doc| doc <= last);
            let other_docs = &other_docs[from..to];
            let met = if is_in_table {
                meet(other_docs, &mut meetings, |doc| slots[slot(doc)])
            } else {
                let mut at = 0;
                meet(other_docs, &mut meetings, |doc| {
                    at = first_from(docs, at, doc);
                    if docs.get(at) == Some(&doc) { at as u8 + 1 } else { 0 }
                })
            };
            if met > 0 {
                let other_before = sums(other.frequencies(), other.before);
                for &(number, other_at) in &meetings[..met] {
                    let (at, other_at) = (usize::from(number) - 1, from + usize::from(other_at));
                    let (doc, frequency) = (docs[at], frequencies[at]);
                    let Some(least) = may_be(doc, frequency).filter(|_| doc < articles.end) else { continue };
                    let other_frequency = other.frequencies()[other_at];
                    let places = [
                        Place { before: before[at], frequency },
                        Place { before: other_before[other_at], frequency: other_frequency },
                    ];
                    let frequencies = Frequencies::of_one(frequency).and(other_frequency);
                    found(Sighting { doc, frequencies, least, places });
                }
            }
            let is_at_end = other.docs().is_empty();
            if is_at_end || to < other.docs().len() {
                other.at = to;
                break;
            }
            other.next_block();
        }
        if is_in_table {
            for doc in docs {
                slots[slot(*doc)] = 0;
            }
        }
        rarer.next_block();
    }
}

/// Finds the articles that have a number, and tells how many there are.
#[inline]
fn meet(
    docs: &[DocId],
    meetings: &mut [Meeting; BLOCK + 1],
    mut number_of: impl FnMut(DocId) -> u8,
) -> usize {
    let mut met = 0;
    for (at, &doc) in (0..).zip(docs) {
        let number = number_of(doc);
        // What is no meeting is overwritten by the next: a branch here would be guessed wrong too often.
        meetings[met] = (number, at);
        met += usize::from(number > 0);
    }
    met
}

/// What comes before each of the numbers of a block, added up; `before` comes before all.
#[inline]
fn sums(numbers: &[u32], before: u64) -> [u64; BLOCK] {
    let (mut sums, mut sum) = ([0; BLOCK], before);
    for (at, number) in sums.iter_mut().zip(numbers) {
        *at = sum;
        sum += u64::from(*number);
    }
    sums
}

#[cfg(test)]
mod tests {
    use tantivy::schema::{Schema, TEXT};
    use tantivy::{Index, doc};

    use super::super::occurrences::find;
    use super::super::phrase::Part;
    use super::*;

    /// How often an article has a word.
    type Frequency = fn(u32) -> u32;

    const ARTICLES: u32 = 40_000;

    /// Alike, one far rarer, and so rare that a block of them is longer than the table.
    const WORDS: [(&str, Frequency); 4] = [
        ("common", |doc| u32::from(mixed(doc) % 3 < 1) * (1 + doc % 4)),
        ("usual", |doc| u32::from(mixed(doc + 7) % 5 < 2) * (1 + doc % 3)),
        ("seldom", |doc| u32::from(mixed(doc) % 21 < 1) * (1 + doc % 7)),
        ("rare", |doc| u32::from(mixed(doc) % 147 < 1) * (1 + doc % 2)),
    ];

    /// Multiplicative hashing (Knuth 1973), so that no two blocks of postings are alike.
    fn mixed(doc: u32) -> u32 {
        doc.wrapping_mul(2_654_435_761) >> 8
    }

    #[test]
    fn the_articles_that_have_both_words_are_found_with_the_places_of_their_positions() {
        let mut schema = Schema::builder();
        let field = schema.add_text_field("text", TEXT);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 50_000_000).expect("a writer");
        for doc in 0..ARTICLES {
            let text: String =
                WORDS.iter().map(|(word, times)| format!("{word} ").repeat(times(doc) as usize)).collect();
            writer.add_document(doc!(field => text)).expect("added");
        }
        writer.commit().expect("committed");
        let searcher = index.reader().expect("a reader").searcher();
        let [segment] = searcher.segment_readers() else { panic!("one segment") };

        let pairs = [("common", "usual"), ("seldom", "common"), ("seldom", "rare"), ("rare", "rare")];
        for (one, other) in pairs {
            let part = |term: &str| Part { offset: 0, field, term: term.to_owned() };
            let parts = [part(one), part(other)];
            let words = find(&parts, segment).expect("looked up").expect("all are there");
            for end in [ARTICLES, ARTICLES / 3] {
                let scout = PairScout::open(&words, segment, &(0..end)).expect("opened");
                let mut scout = scout.expect("not too unlike");
                let mut found = Vec::new();
                while scout.next().is_some() {
                    scout.read_block(
                        |doc, _| (doc % 11 != 0).then_some(doc),
                        |seen| {
                            assert_eq!(seen.least, seen.doc);
                            found.push((seen.doc, seen.places.map(|place| (place.before, place.frequency))));
                        },
                    );
                }
                let times = words
                    .iter()
                    .map(|(part, _)| WORDS.iter().find(|(word, _)| *word == part.term).expect("a word").1)
                    .collect::<Vec<_>>();
                let (mut expected, mut before) = (Vec::new(), [0, 0]);
                for doc in 0..end {
                    let here = [times[0](doc), times[1](doc)];
                    if here[0] > 0 && here[1] > 0 && doc % 11 != 0 {
                        expected.push((doc, [(before[0], here[0]), (before[1], here[1])]));
                    }
                    before = [before[0] + u64::from(here[0]), before[1] + u64::from(here[1])];
                }
                assert!(expected.len() > 15, "{one} and {other} meet");
                assert_eq!(found, expected, "{one} and {other}, up to {end}");
            }
        }
    }
}
