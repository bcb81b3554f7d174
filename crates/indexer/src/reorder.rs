//! A new generation with the articles of the live one in a better order.

use schema::{Fields, StoredArticle, encode};
use store::{Notes, Store};
use tantivy::columnar::Column;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, InvertedIndexReader, SegmentReader, TERMINATED, TantivyDocument, TantivyError};

use crate::bisection::{Terms, order};
use crate::error::IndexError;
use crate::generation::Target;

/// The most postings that are held at once, of four bytes each.
const MOST_POSTINGS: u64 = 64_000_000;

/// Terms of fewer articles say little on what belongs together, and of fewer than this part of all articles nothing but for a
/// few of them.
const LEAST_ARTICLES: u32 = 8;
const LEAST_PART: u32 = 256;

/// Writes the articles of the live generation, which must be one segment without deleted articles, into a new one, which replaces
/// it when it is complete. What does not fit into the writer's memory becomes several runs, each in order.
pub(crate) fn reorder(live: &Target, memory_bytes: usize, threads: usize) -> Result<(), IndexError> {
    let failed = live.engine_error();
    let searcher = live.searcher();
    let [segment] = searcher.segment_readers() else { return Ok(()) };
    let terms = terms_of(segment, live.fields.text).map_err(&failed)?;
    let order = order(&terms, threads);
    drop(terms);
    let mut target = live.successor()?;
    let writer = target.ordered_writer(memory_bytes)?;
    let articles = Articles::open(segment, &live.fields).map_err(&failed)?;
    for doc in order {
        writer.add_document(articles.document(doc).map_err(&failed)?).map_err(&failed)?;
    }
    target.commit_ordered(writer, live.ledger.clone(), live.article_count())
}

/// The terms of the articles of a segment, without the rarest and the most frequent ones.
fn terms_of(segment: &SegmentReader, field: Field) -> tantivy::Result<Terms> {
    let index = segment.inverted_index(field)?;
    let all = segment.max_doc();
    let most = all / 2;
    let mut least = LEAST_ARTICLES.max(all / LEAST_PART);
    while postings_between(&index, least, most)? > MOST_POSTINGS {
        least *= 2;
    }
    let mut terms = Terms { starts: vec![0; all as usize + 1], list: Vec::new(), count: 0 };
    // Twice through the postings: to see how many terms each article has, and to write them down.
    let mut next = Vec::new();
    for is_counting in [true, false] {
        let mut term = 0;
        let mut stream = index.terms().stream()?;
        while stream.advance() {
            let info = stream.value().clone();
            if !(least..=most).contains(&info.doc_freq) {
                continue;
            }
            let mut postings = index.read_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
            while postings.doc() != TERMINATED {
                let doc = postings.doc() as usize;
                if is_counting {
                    terms.starts[doc + 1] += 1;
                } else {
                    let place: &mut usize = &mut next[doc];
                    terms.list[*place] = term;
                    *place += 1;
                }
                postings.advance();
            }
            term += 1;
        }
        if is_counting {
            terms.count = term as usize;
            for doc in 0..all as usize {
                terms.starts[doc + 1] += terms.starts[doc];
            }
            terms.list = vec![0; terms.starts[all as usize]];
            next.clone_from(&terms.starts);
        }
    }
    Ok(terms)
}

/// How many postings the terms have that are in so many articles.
fn postings_between(index: &InvertedIndexReader, least: u32, most: u32) -> tantivy::Result<u64> {
    let mut sum = 0;
    let mut stream = index.terms().stream()?;
    while stream.advance() {
        let articles = stream.value().doc_freq;
        sum += if (least..=most).contains(&articles) { u64::from(articles) } else { 0 };
    }
    Ok(sum)
}

/// The articles of a segment as they were when they were indexed.
struct Articles<'a> {
    store: Store,
    notes: Notes,
    keys: Column<u64>,
    fields: &'a Fields,
}

impl<'a> Articles<'a> {
    fn open(segment: &SegmentReader, fields: &'a Fields) -> tantivy::Result<Articles<'a>> {
        let keys = segment.fast_fields().u64("key")?;
        Ok(Articles { store: Store::open(segment)?, notes: Notes::open(segment)?, keys, fields })
    }

    fn document(&self, doc: DocId) -> tantivy::Result<TantivyDocument> {
        let stored = StoredArticle::open(&self.store, &self.notes, doc);
        let article = stored.and_then(StoredArticle::into_article);
        let article = article.map_err(|error| TantivyError::InternalError(error.to_string()))?;
        let key = self.keys.first(doc);
        let key = key.ok_or_else(|| TantivyError::InternalError("an article has no key".to_owned()))?;
        Ok(encode(&article, key, self.fields))
    }
}
