//! Which articles have all of some words, and how often, read from the postings a block at a time.

use std::ops::Range;

use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocId, SegmentReader};

use super::Frequencies;
use super::phrase::Part;

/// The articles that have all words, in their order.
pub(super) struct Scout {
    rarest: BlockSegmentPostings,
    /// From the next rarest to the most frequent.
    others: Vec<Cursor>,
    /// Those that are looked at.
    articles: Range<DocId>,
}

impl Scout {
    /// `None` where one of the words is in no article of the segment.
    pub(super) fn open(
        words: &[Part],
        segment: &SegmentReader,
        articles: &Range<DocId>,
    ) -> tantivy::Result<Option<Scout>> {
        let mut infos = Vec::new();
        for Part { field, term, .. } in words {
            let index = segment.inverted_index(*field)?;
            match index.get_term_info(&Term::from_field_text(*field, term))? {
                Some(info) => infos.push((info, index)),
                None => return Ok(None),
            }
        }
        infos.sort_by_key(|(info, _)| info.doc_freq);
        let mut postings = Vec::new();
        for (info, index) in infos {
            postings.push(index.read_block_postings_from_terminfo(&info, IndexRecordOption::WithFreqs)?);
        }
        let mut postings = postings.into_iter();
        let Some(mut rarest) = postings.next() else { return Ok(None) };
        rarest.seek(articles.start);
        let others = postings.map(|postings| Cursor { postings, at: 0 }).collect();
        Ok(Some(Scout { rarest, others, articles: articles.clone() }))
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rarest.docs().first().is_none_or(|&first| first >= self.articles.end)
    }

    /// Calls `found` with the articles of the next block of the rarest word that have all words. Those for which `may_be` does
    /// not hold, which knows how often they have the rarest word, are left out.
    #[inline]
    pub(super) fn read_block(
        &mut self,
        mut may_be: impl FnMut(DocId, u32) -> bool,
        mut found: impl FnMut(DocId, Frequencies),
    ) {
        'article: for (&doc, &frequency) in self.rarest.docs().iter().zip(self.rarest.freqs()) {
            if !may_be(doc, frequency) || !self.articles.contains(&doc) {
                continue;
            }
            let mut frequencies = Frequencies::of_one(frequency);
            for other in &mut self.others {
                let Some(frequency) = other.frequency(doc) else { continue 'article };
                frequencies = frequencies.and(frequency);
            }
            found(doc, frequencies);
        }
        self.rarest.advance();
    }
}

/// A place in the postings of a word.
struct Cursor {
    postings: BlockSegmentPostings,
    /// In the block.
    at: usize,
}

impl Cursor {
    /// How often an article behind those asked for before has the word.
    #[inline]
    fn frequency(&mut self, doc: DocId) -> Option<u32> {
        // So many are compared at once, without a branch for each, which would be guessed wrong too often.
        const NEAR: usize = 8;
        if self.postings.docs().last().is_none_or(|&last| last < doc) {
            self.at = self.postings.seek(doc);
        }
        let docs = self.postings.docs();
        while let Some(near) = docs.get(self.at..).and_then(<[DocId]>::first_chunk::<NEAR>) {
            let mut before = 0;
            for &near in near {
                before += usize::from(near < doc);
            }
            self.at += before;
            if before < NEAR {
                return (docs[self.at] == doc).then(|| self.postings.freq(self.at));
            }
        }
        self.at += docs[self.at..].iter().position(|&at| at >= doc)?;
        (docs[self.at] == doc).then(|| self.postings.freq(self.at))
    }
}
