//! A new generation with the articles of the live one in a better order.

use segments::{ForwardIndex, is_telling, order};
use tantivy::postings::TermInfo;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocId, DocSet, InvertedIndexReader, SegmentReader, TERMINATED};

use crate::committed::Committed;
use crate::config::Config;
use crate::error::IndexError;
use crate::generation::Target;
use crate::parallel;

/// The most postings that are held at once, of four bytes each.
const MOST_POSTINGS: u64 = 64_000_000;

/// Writes the articles of the live generation, which must be one segment without deleted articles, into a new one, which replaces
/// it when it is complete. What does not fit into the writer's memory becomes several runs, each in order.
pub(crate) fn reorder(live: &Target, config: &Config) -> Result<(), IndexError> {
    let failed = live.engine_error();
    let searcher = live.searcher();
    let [segment] = searcher.segment_readers() else { return Ok(()) };
    let terms = terms_of(segment, live.fields.text).map_err(&failed)?;
    let order = order(&terms, config.threads);
    drop(terms);
    let mut target = live.successor()?;
    // The first articles of the new order are like each other, and would train a dictionary that serves the others less.
    target.plugin.pack_like(searcher.segment_readers()).map_err(&failed)?;
    let writer = target.writer(config)?;
    let articles = Committed::open(&searcher, live.fields).map_err(&failed)?;
    let (ledger, fields) = (&live.ledger, &live.fields);
    let write = |(place, doc): (usize, DocId)| {
        let (article, origins) = articles.read(DocAddress::new(0, doc), ledger)?;
        writer.add_document_at(place as u64, &article.document(origins, fields))
    };
    parallel::each(order.into_iter().enumerate(), config.threads, write).map_err(&failed)?;
    target.commit_ordered(writer, live.ledger.clone(), live.article_count())
}

/// The terms of the articles of a segment, without the rarest and the most frequent ones.
fn terms_of(segment: &SegmentReader, field: Field) -> tantivy::Result<ForwardIndex> {
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
    Ok(ForwardIndex { starts, list, count: infos.len() })
}

/// The terms that tell which articles belong together, as few of the rarer ones as it takes to hold their postings.
fn telling_terms(index: &InvertedIndexReader, articles: u32) -> tantivy::Result<Vec<TermInfo>> {
    let mut infos = Vec::new();
    let mut stream = index.terms().stream()?;
    while stream.advance() {
        if is_telling(stream.value().doc_freq, articles) {
            infos.push(stream.value().clone());
        }
    }
    let mut least = 8;
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
