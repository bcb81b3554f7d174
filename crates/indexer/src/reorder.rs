//! A new generation with the articles of the live one in a better order.

use schema::{Fields, StoredArticle, encode};
use store::{Notes, Store};
use tantivy::columnar::Column;
use tantivy::postings::TermInfo;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, InvertedIndexReader, SegmentReader, TERMINATED, TantivyDocument, TantivyError};

use crate::bisection::{Terms, order};
use crate::error::IndexError;
use crate::generation::Target;
use crate::ledger::Ledger;

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
    let articles = Articles::open(segment, live).map_err(&failed)?;
    for doc in order {
        writer.add_document(articles.document(doc).map_err(&failed)?).map_err(&failed)?;
    }
    target.commit_ordered(writer, live.ledger.clone(), live.article_count())
}

/// The terms of the articles of a segment, without the rarest and the most frequent ones.
fn terms_of(segment: &SegmentReader, field: Field) -> tantivy::Result<Terms> {
    let index = segment.inverted_index(field)?;
    let articles = segment.max_doc() as usize;
    let infos = telling_terms(&index, segment.max_doc())?;
    // Twice through the postings: to see how many terms each article has, and to write them down.
    let mut starts = vec![0; articles + 1];
    for info in &infos {
        each_article(&index, info, |article| starts[article + 1] += 1)?;
    }
    for article in 0..articles {
        starts[article + 1] += starts[article];
    }
    let (mut next, mut list) = (starts.clone(), vec![0; starts[articles]]);
    for (term, info) in infos.iter().enumerate() {
        each_article(&index, info, |article| {
            list[next[article]] = term as u32;
            next[article] += 1;
        })?;
    }
    Ok(Terms { starts, list, count: infos.len() })
}

/// The terms that tell which articles belong together, as few of the rarer ones as it takes to hold their postings.
fn telling_terms(index: &InvertedIndexReader, articles: u32) -> tantivy::Result<Vec<TermInfo>> {
    let mut least = LEAST_ARTICLES.max(articles / LEAST_PART);
    let mut infos = Vec::new();
    let mut stream = index.terms().stream()?;
    while stream.advance() {
        if (least..=articles / 2).contains(&stream.value().doc_freq) {
            infos.push(stream.value().clone());
        }
    }
    while infos.iter().map(|info| u64::from(info.doc_freq)).sum::<u64>() > MOST_POSTINGS {
        least *= 2;
        infos.retain(|info| info.doc_freq >= least);
    }
    Ok(infos)
}

/// Calls back with every article that has a term.
fn each_article(
    index: &InvertedIndexReader,
    info: &TermInfo,
    mut found: impl FnMut(usize),
) -> tantivy::Result<()> {
    let mut postings = index.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
    while postings.doc() != TERMINATED {
        found(postings.doc() as usize);
        postings.advance();
    }
    Ok(())
}

/// The articles of a segment as they were when they were indexed.
struct Articles<'a> {
    store: Store,
    notes: Notes,
    keys: Column<u64>,
    fields: &'a Fields,
    ledger: &'a Ledger,
}

impl<'a> Articles<'a> {
    fn open(segment: &SegmentReader, live: &'a Target) -> tantivy::Result<Articles<'a>> {
        let (fields, ledger) = (&live.fields, &live.ledger);
        let keys = segment.fast_fields().u64("key")?;
        Ok(Articles { store: Store::open(segment)?, notes: Notes::open(segment)?, keys, fields, ledger })
    }

    fn document(&self, doc: DocId) -> tantivy::Result<TantivyDocument> {
        let stored = StoredArticle::open(&self.store, &self.notes, doc);
        let article = stored.and_then(StoredArticle::into_article);
        let article = article.map_err(|error| TantivyError::InternalError(error.to_string()))?;
        let key = self.keys.first(doc);
        let key = key.ok_or_else(|| TantivyError::InternalError("an article has no key".to_owned()))?;
        let mut document = encode(&article, key, self.fields);
        if let Some(archive) = self.ledger.archive_of(&article.source.path) {
            document.add_text(self.fields.source, archive);
        }
        Ok(document)
    }
}
