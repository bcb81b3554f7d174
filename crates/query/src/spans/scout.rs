//! Which articles have all of some words, and how often, read from the postings a block at a time.

use std::ops::Range;

use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, SegmentReader};

use super::Frequencies;
use super::occurrences::FoundWord;
use super::placed::Place;
use crate::blocks::first_from;

/// An article that has all words.
pub(super) struct Sighting {
    pub(super) doc: DocId,
    pub(super) frequencies: Frequencies,
    /// What `may_be` gave.
    pub(super) least: u32,
    /// Of the rarer word and of the other, where they are known.
    pub(super) places: [Place; 2],
}

/// Goes through the articles that have all words.
pub(super) trait Scouting {
    /// In how many articles the rarest word is.
    fn articles(&self) -> u32;

    /// The first article of the next block of the rarest word, where there is one.
    fn next(&self) -> Option<DocId>;

    /// Calls `found` with the articles of the next block of the rarest word that have all words. Articles for which `may_be`, which
    /// knows how often they have the rarest word, gives nothing are left out.
    fn read_block(&mut self, may_be: impl FnMut(DocId, u32) -> Option<u32>, found: impl FnMut(Sighting));
}

/// Where the rarest word is in no more articles, they are read in their order, which needs one walk instead of two.
const MANY: u32 = 1024;

/// The articles that have any number of words, in their order. Of the more frequent ones only the postings near those of the rarest
/// are read.
pub(super) struct Scout {
    rarest: Cursor,
    /// From the next rarest to the most frequent.
    others: Vec<Cursor>,
    /// Those that are looked at.
    articles: Range<DocId>,
}

impl Scout {
    /// Of words as [`find`](super::occurrences::find) gives them; `None` where the rarest is in so few articles that this is not worth it.
    pub(super) fn open(
        words: &[FoundWord<'_>],
        segment: &SegmentReader,
        articles: &Range<DocId>,
    ) -> tantivy::Result<Option<Scout>> {
        let Some((rarest, others)) = words.split_first().filter(|((_, info), _)| info.doc_freq > MANY) else {
            return Ok(None);
        };
        let open = |word| Cursor::open(word, segment);
        let (mut rarest, others) = (open(rarest)?, others.iter().map(open).collect::<Result<_, _>>()?);
        rarest.postings.seek(articles.start);
        Ok(Some(Scout { rarest, others, articles: articles.clone() }))
    }
}

impl Scouting for Scout {
    fn articles(&self) -> u32 {
        self.rarest.articles()
    }

    fn next(&self) -> Option<DocId> {
        self.rarest.next_within(&self.articles)
    }

    #[inline]
    fn read_block(
        &mut self,
        mut may_be: impl FnMut(DocId, u32) -> Option<u32>,
        mut found: impl FnMut(Sighting),
    ) {
        let rarest = &self.rarest;
        'article: for (&doc, &frequency) in rarest.docs().iter().zip(rarest.frequencies()) {
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
            found(Sighting { doc, frequencies, least, places: [Place::default(); 2] });
        }
        self.rarest.postings.advance();
    }
}

/// A place in the postings of a word.
pub(super) struct Cursor {
    postings: BlockSegmentPostings,
    /// In the block.
    pub(super) at: usize,
    /// How often the word is in all articles before the block, where no block has been passed over.
    pub(super) before: u64,
}

impl Cursor {
    pub(super) fn open((word, info): &FoundWord<'_>, segment: &SegmentReader) -> tantivy::Result<Cursor> {
        let index = segment.inverted_index(word.field)?;
        let postings = index.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
        Ok(Cursor { postings, at: 0, before: 0 })
    }

    /// In how many articles the word is.
    pub(super) fn articles(&self) -> u32 {
        self.postings.doc_freq()
    }

    /// The articles of the block; none behind the last one.
    pub(super) fn docs(&self) -> &[DocId] {
        self.postings.docs()
    }

    pub(super) fn frequencies(&self) -> &[u32] {
        self.postings.freqs()
    }

    /// The first article of the block, where it is not behind these.
    pub(super) fn next_within(&self, articles: &Range<DocId>) -> Option<DocId> {
        self.docs().first().copied().filter(|&first| first < articles.end)
    }

    /// Do all articles of the block come before this one?
    #[inline]
    pub(super) fn is_behind(&self, doc: DocId) -> bool {
        self.docs().last().is_none_or(|&last| last < doc)
    }

    /// Moves to an article in the block, or behind where it would be. It comes behind those asked for before.
    #[inline(always)]
    #[allow(clippy::inline_always)] // a tenth of the time
    fn find(&mut self, doc: DocId) -> bool {
        let docs = self.postings.docs();
        self.at = first_from(docs, self.at, doc);
        docs.get(self.at) == Some(&doc)
    }

    pub(super) fn next_block(&mut self) {
        self.before += u64::from(self.frequencies().iter().sum::<u32>());
        self.postings.advance();
        self.at = 0;
    }
}
