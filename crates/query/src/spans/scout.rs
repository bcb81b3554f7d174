//! Which articles have all of some words, and how often, read from the postings a block at a time.

use std::ops::Range;

use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocId, SegmentReader};

use super::Frequencies;
use super::phrase::Part;
use super::placed::Place;
use crate::blocks::first_from;

/// A word, and where its postings and positions are.
pub(super) type FoundWord<'a> = (&'a Part, TermInfo);

/// Looks up words, and puts them in order from the rarest to the most frequent; `None` where one of them is in no article of the
/// segment.
pub(super) fn find<'a>(
    words: &'a [Part],
    segment: &SegmentReader,
) -> tantivy::Result<Option<Vec<FoundWord<'a>>>> {
    let mut found = Vec::new();
    for word in words {
        let index = segment.inverted_index(word.field)?;
        match index.get_term_info(&Term::from_field_text(word.field, &word.term))? {
            Some(info) => found.push((word, info)),
            None => return Ok(None),
        }
    }
    found.sort_by_key(|(_, info)| info.doc_freq);
    Ok(Some(found))
}

/// Where places are known of two words, the one may be in so many times as many articles as the other: of the more frequent one all
/// postings are read, not only those near the rarer one's.
const MOST_TIMES: u32 = 8;

/// The articles that have all words, in their order.
pub(super) struct Scout {
    rarest: Cursor,
    /// From the next rarest to the most frequent.
    others: Vec<Cursor>,
    /// Those that are looked at.
    articles: Range<DocId>,
    /// The places of two words are known.
    knows_places: bool,
}

impl Scout {
    /// Of words from the rarest to the most frequent, as [`find`] gives them.
    pub(super) fn open(
        words: &[FoundWord<'_>],
        segment: &SegmentReader,
        articles: &Range<DocId>,
    ) -> tantivy::Result<Option<Scout>> {
        let mut cursors = Vec::new();
        for (word, info) in words {
            let index = segment.inverted_index(word.field)?;
            let postings = index.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
            cursors.push(Cursor { postings, at: 0, before: 0, sum: Sum::default() });
        }
        let knows_places = articles.start == 0
            && matches!(words, [(_, rare), (_, frequent)]
                if frequent.doc_freq / MOST_TIMES <= rare.doc_freq);
        let mut cursors = cursors.into_iter();
        let Some(mut rarest) = cursors.next() else { return Ok(None) };
        rarest.postings.seek(articles.start);
        let (others, articles) = (cursors.collect(), articles.clone());
        Ok(Some(Scout { rarest, others, articles, knows_places }))
    }

    pub(super) fn knows_places(&self) -> bool {
        self.knows_places
    }

    /// Places are not asked for.
    pub(super) fn without_places(self) -> Scout {
        Scout { knows_places: false, ..self }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.next().is_none()
    }

    /// The first article of the next block, where there is one.
    pub(super) fn next(&self) -> Option<DocId> {
        self.rarest.postings.docs().first().copied().filter(|&first| first < self.articles.end)
    }

    /// Calls `found` with the articles of the next block of the rarest word that have all words, and `take` with the places of those
    /// for which it returns true. Articles for which `may_be`, which knows how often they have the rarest word, gives nothing are left
    /// out; what it gives goes to `found`.
    #[inline]
    pub(super) fn read_block(
        &mut self,
        may_be: impl FnMut(DocId, u32) -> Option<u32>,
        found: impl FnMut(DocId, Frequencies, u32) -> bool,
        take: impl FnMut([Place; 2]),
    ) {
        if self.knows_places {
            self.read_block_with_places(may_be, found, take);
        } else {
            self.read_block_without_places(may_be, found);
        }
    }

    #[inline]
    fn read_block_without_places(
        &mut self,
        mut may_be: impl FnMut(DocId, u32) -> Option<u32>,
        mut found: impl FnMut(DocId, Frequencies, u32) -> bool,
    ) {
        let rarest = &self.rarest.postings;
        'article: for (&doc, &frequency) in rarest.docs().iter().zip(rarest.freqs()) {
            let Some(least) = may_be(doc, frequency).filter(|_| self.articles.contains(&doc)) else {
                continue;
            };
            let mut frequencies = Frequencies::of_one(frequency);
            for other in &mut self.others {
                if other.is_behind(doc) {
                    other.at = other.postings.seek(doc);
                }
                if !other.find(doc) {
                    continue 'article;
                }
                frequencies = frequencies.and(other.postings.freq(other.at));
            }
            found(doc, frequencies, least);
        }
        self.rarest.postings.advance();
    }

    #[inline]
    fn read_block_with_places(
        &mut self,
        mut may_be: impl FnMut(DocId, u32) -> Option<u32>,
        mut found: impl FnMut(DocId, Frequencies, u32) -> bool,
        mut take: impl FnMut([Place; 2]),
    ) {
        let [other] = &mut self.others[..] else { return };
        let (docs, freqs) = (self.rarest.postings.docs(), self.rarest.postings.freqs());
        let mut sum = Sum::default();
        for (at, (&doc, &frequency)) in docs.iter().zip(freqs).enumerate() {
            let Some(least) = may_be(doc, frequency).filter(|_| doc < self.articles.end) else { continue };
            while other.is_behind(doc) && !other.postings.docs().is_empty() {
                other.next_block();
            }
            if !other.find(doc) {
                continue;
            }
            let other_frequency = other.postings.freq(other.at);
            if found(doc, Frequencies::of_one(frequency).and(other_frequency), least) {
                let first = Place { before: self.rarest.before + sum.up_to(at, freqs), frequency };
                let before = other.before + other.sum.up_to(other.at, other.postings.freqs());
                take([first, Place { before, frequency: other_frequency }]);
            }
        }
        self.rarest.next_block();
    }
}

/// A place in the postings of a word.
struct Cursor {
    postings: BlockSegmentPostings,
    /// In the block.
    at: usize,
    /// How often the word is in all articles before the block.
    before: u64,
    /// And in those of the block before one of them.
    sum: Sum,
}

/// A sum of the first numbers of a list, which grows as it is asked for.
#[derive(Default)]
struct Sum {
    sum: u64,
    summed: usize,
}

impl Sum {
    /// Of so many numbers, at least as many as before.
    #[inline]
    fn up_to(&mut self, at: usize, numbers: &[u32]) -> u64 {
        self.sum += u64::from(numbers[self.summed..at].iter().sum::<u32>());
        self.summed = at;
        self.sum
    }
}

impl Cursor {
    /// Do all articles of the block come before this one?
    #[inline]
    fn is_behind(&self, doc: DocId) -> bool {
        self.postings.docs().last().is_none_or(|&last| last < doc)
    }

    /// Moves to an article in the block, or behind where it would be. It comes behind those asked for before.
    #[inline(always)]
    #[allow(clippy::inline_always)] // a tenth of the time
    fn find(&mut self, doc: DocId) -> bool {
        let docs = self.postings.docs();
        self.at = first_from(docs, self.at, doc);
        docs.get(self.at) == Some(&doc)
    }

    /// Moves to the next block, so that places in it are known if they were known in this one.
    fn next_block(&mut self) {
        let freqs = self.postings.freqs();
        self.before += self.sum.up_to(freqs.len(), freqs);
        self.postings.advance();
        (self.at, self.sum) = (0, Sum::default());
    }
}
