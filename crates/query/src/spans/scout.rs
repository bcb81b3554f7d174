//! Which articles have all of some words, how often, and where their positions stand, read from the postings a block at a time.

use std::ops::Range;

use tantivy::{DocId, Score, SegmentReader};

use super::Frequencies;
use super::occurrences::FoundWord;
use super::placed::Place;
use crate::blocks::BLOCK;
use crate::postings::{Best, BlockBound, Cursor, Files, Lookup, Mention, Postings, Sums};

/// An article that has all words.
#[derive(Clone, Copy)]
pub(super) struct Sighting {
    pub(super) doc: DocId,
    pub(super) frequencies: Frequencies,
    /// Of the two rarest words.
    pub(super) places: [Place; 2],
}

/// The articles that have any number of words, by the blocks of the rarest, in any order.
pub(super) struct Scout {
    rarest: Postings,
    /// From the next rarest to the most frequent.
    others: Vec<Cursor>,
    /// Those that are looked at.
    articles: Range<DocId>,
    lookup: Lookup,
    /// Articles of a block of the rarest word.
    passed: Passed,
}

/// Articles of a block.
struct Passed {
    docs: [DocId; BLOCK],
    /// Where they stand in it.
    places: [u8; BLOCK],
}

impl Scout {
    /// Of words as [`find`](super::occurrences::find) gives them, one or more; `None` where there are none.
    pub(super) fn open(
        words: &[FoundWord<'_>],
        segment: &SegmentReader,
        files: &Files,
        articles: &Range<DocId>,
    ) -> tantivy::Result<Option<Scout>> {
        let mut postings = Vec::with_capacity(words.len());
        for (word, info) in words {
            postings.push(Postings::open(files.of(segment, word.field)?, info)?);
        }
        let mut postings = postings.into_iter();
        let Some(rarest) = postings.next() else { return Ok(None) };
        let others = postings.map(Cursor::new).collect();
        let passed = Passed { docs: [0; BLOCK], places: [0; BLOCK] };
        Ok(Some(Scout { rarest, others, articles: articles.clone(), lookup: Lookup::new(), passed }))
    }

    /// The blocks of the rarest word that have articles to look at, and perhaps another.
    pub(super) fn blocks(&self) -> Range<usize> {
        let Range { start, end } = self.articles;
        let first = self.rarest.block_of(0, start);
        first..self.rarest.block_of(first, end.max(start)) + 1
    }

    /// Bounds the scores of the articles in each block by `most`, which no article exceeds that has a word as in the best one.
    pub(super) fn bounds(&mut self, most: impl Fn(Best) -> Score) -> Vec<BlockBound> {
        let blocks = self.blocks();
        let Scout { rarest, others, .. } = self;
        let mut first = self.articles.start;
        let bound = |block| {
            let last = rarest.last(block);
            let mut bound = most(rarest.best(block));
            for other in &mut *others {
                let mut of_other: Score = 0.0;
                if other.best_within(first, last, |best| of_other = of_other.max(most(best))) {
                    bound = bound.min(of_other);
                }
            }
            first = last.saturating_add(1);
            BlockBound { block, most: bound }
        };
        let bounds = blocks.map(bound).collect();
        self.rewind();
        bounds
    }

    /// Goes back to the first block.
    pub(super) fn rewind(&mut self) {
        self.others.iter_mut().for_each(Cursor::rewind);
    }

    /// Calls `found` with the articles of a block, which comes behind those read before, that have all words. Left out are articles whose
    /// places `select`, which is told of articles and how often they have the rarest word, does not give and count, those for which `admits`,
    /// which knows how often they have all words, says no, and those of blocks of other words with no better article than one for which
    /// `may_have` does.
    ///
    /// # Errors
    /// When a file is cut off.
    #[inline]
    pub(super) fn read(
        &mut self,
        block: usize,
        select: impl Fn(&[DocId], &[u32], &mut [u8; BLOCK]) -> usize,
        may_have: impl Fn(Best) -> bool,
        admits: impl Fn(DocId, Frequencies) -> bool,
        mut found: impl FnMut(&Sighting),
    ) -> tantivy::Result<()> {
        let Scout { rarest, others, articles, lookup, passed } = self;
        let before = rarest.mentions_before(block);
        let (docs, frequencies) = rarest.block(block)?;
        let Passed { docs: passed, places } = passed;
        let count = select(docs, frequencies, places);
        passed.iter_mut().zip(&places[..count]).for_each(|(doc, &place)| *doc = docs[usize::from(place)]);
        let behind = |doc| passed[..count].partition_point(|&passed| passed < doc);
        let inside = behind(articles.start)..behind(articles.end.max(articles.start));
        let (docs, places) = (&passed[inside.clone()], &places[inside]);
        let at = |number: usize| usize::from(places[number]);
        let of_first = |number: usize| Frequencies::of_one(frequencies[at(number)]);
        let mut sums = None;
        let mut place = |number: usize| {
            let sums = sums.get_or_insert_with(|| Sums::new(frequencies, before));
            Place { before: sums.before(at(number)), frequency: frequencies[at(number)] }
        };
        let Some((second, others)) = others.split_first_mut() else {
            for (number, &doc) in docs.iter().enumerate() {
                let frequencies = of_first(number);
                if admits(doc, frequencies) {
                    found(&Sighting { doc, frequencies, places: [place(number), Place::default()] });
                }
            }
            return Ok(());
        };
        let of_two = |mention: &Mention| of_first(mention.number).and(mention.frequency);
        let mut sighting = |mention: &Mention, sums: &Sums| {
            let second = Place { before: sums.before(mention.at), frequency: mention.frequency };
            let places = [place(mention.number), second];
            Sighting { doc: docs[mention.number], frequencies: of_two(mention), places }
        };
        let may_have = |_, best| may_have(best);
        if others.is_empty() {
            return second.find(docs, lookup, may_have, |met| {
                if met.keep(|mention| admits(docs[mention.number], of_two(mention))) {
                    let sums = met.sums();
                    met.mentions().for_each(|mention| found(&sighting(&mention, &sums)));
                }
            });
        }
        let mut here = Vec::new();
        second.find(docs, lookup, may_have, |met| {
            let sums = met.sums();
            here.extend(met.mentions().map(|mention| sighting(&mention, &sums)));
        })?;
        for other in others {
            let docs: Vec<DocId> = here.iter().map(|seen| seen.doc).collect();
            let mut kept = Vec::new();
            other.find(&docs, lookup, may_have, |met| {
                kept.extend(met.mentions().map(|mention| {
                    let seen: Sighting = here[mention.number];
                    Sighting { frequencies: seen.frequencies.and(mention.frequency), ..seen }
                }));
            })?;
            here = kept;
        }
        here.iter().filter(|seen| admits(seen.doc, seen.frequencies)).for_each(found);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::occurrences::find;
    use super::super::phrase::Part;
    use super::*;
    use crate::postings::tests::{ARTICLES, WORDS, searcher};

    /// An article, how often it has the word that it has least often, and all words, and the places of the two rarest.
    type Found = (DocId, u32, u32, [Place; 2]);

    /// What the frequencies of the words make, without those articles that are left out below.
    fn expected(words: &[FoundWord<'_>], articles: &Range<DocId>) -> Vec<Found> {
        let times =
            |word: &FoundWord<'_>| WORDS.iter().find(|(name, _)| *name == word.0.term).expect("a word").1;
        let times: Vec<_> = words.iter().map(times).collect();
        let (mut expected, mut before) = (Vec::new(), vec![0; times.len()]);
        for doc in 0..articles.end {
            let here: Vec<u32> = times.iter().map(|times| times(doc)).collect();
            let is_admitted = articles.contains(&doc) && doc % 11 != 0 && doc % 13 != 0;
            if is_admitted && here.iter().all(|&times| times > 0) {
                let place = |number: usize| match here.get(number) {
                    Some(&frequency) => Place { before: before[number], frequency },
                    None => Place::default(),
                };
                let least = here.iter().copied().min().expect("a word");
                expected.push((doc, least, here.iter().sum::<u32>(), [place(0), place(1)]));
            }
            before.iter_mut().zip(&here).for_each(|(before, &times)| *before += u64::from(times));
        }
        expected
    }

    #[test]
    fn the_articles_that_have_all_words_are_found_with_the_places_of_their_positions() {
        let (searcher, field) = searcher();
        let [segment] = searcher.segment_readers() else { panic!("one segment") };
        let files = Files::open(searcher.segment_readers()).expect("opened");
        for words in [
            &["common", "usual"][..],
            &["seldom", "common"],
            &["seldom", "rare"],
            &["rare", "rare"],
            &["rare", "common"],
            &["few", "usual"],
            &["much", "common"],
            &["block", "common", "usual"],
            &["seldom", "usual", "common"],
            &["usual"],
        ] {
            let part = |term: &&str| Part { offset: 0, field, term: (*term).to_owned() };
            let parts: Vec<Part> = words.iter().map(part).collect();
            let words = find(&parts, segment, None).expect("looked up").expect("all are there");
            for articles in [0..ARTICLES, 0..ARTICLES / 3, ARTICLES / 5..ARTICLES / 2] {
                let mut scout =
                    Scout::open(&words, segment, &files, &articles).expect("opened").expect("words");
                let mut found = Vec::new();
                let blocks: Vec<usize> = scout.blocks().collect();
                let select = |docs: &[DocId], frequencies: &[u32], places: &mut [u8; BLOCK]| {
                    assert_eq!(docs.len(), frequencies.len());
                    let selected = (0..).zip(docs).filter(|(_, doc)| *doc % 13 != 0).map(|(at, _)| at);
                    places.iter_mut().zip(selected).map(|(place, at)| *place = at).count()
                };
                // Each second block first.
                for part in [0, 1] {
                    scout.rewind();
                    for &block in blocks.iter().skip(part).step_by(2) {
                        let admits = |doc, frequencies: Frequencies| doc % 11 != 0 && frequencies.sum > 0;
                        let push = |seen: &Sighting| {
                            let Sighting { doc, frequencies, places } = *seen;
                            found.push((doc, frequencies.least, frequencies.sum, places));
                        };
                        scout.read(block, select, |_| true, admits, push).expect("read");
                    }
                }
                found.sort_unstable_by_key(|(doc, ..)| *doc);

                let expected = expected(&words, &articles);
                let names: Vec<&str> = words.iter().map(|(part, _)| part.term.as_str()).collect();
                assert!(
                    articles.start > 0 || expected.len() > 3,
                    "{names:?} meet in {articles:?}: {}",
                    expected.len()
                );
                assert_eq!(found, expected, "{names:?} in {articles:?}");
            }
        }
    }
}
