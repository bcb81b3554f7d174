//! An index of an older version made one of this version, from what is stored in it. No source is read.
//!
//! Older versions keep of articles what this version does (see [`schema::StoredArticle`]), until 5 packed in another way and until 4 each with one
//! place, and name their records by the same keys; what they lack is made from the articles. Those that are the same become one when the new generation is put in order.

use schema::{Fields, Generation};
use segments::Writer;
use store::{Notes, Store};
use tantivy::{DocId, SegmentReader};

use crate::committed::read_stored;
use crate::config::Config;
use crate::error::IndexError;
use crate::generation::Target;
use crate::ledger::Ledger;
use crate::parallel;
use crate::place::IndexPlace;

/// Writes all articles of a generation of an older version into a new one, which becomes live when it has them all. Ids, keys, sources
/// and the ledger stay, so that the next update finds everything unchanged. All files are read and compared with their checksums
/// first: what is copied gets new ones. Killed, it leaves the index as it was. The caller holds the lock.
pub(crate) fn migrate(place: &IndexPlace, old: Generation, config: &Config) -> Result<(), IndexError> {
    let old = Target::open_older(place, old)?;
    old.verify()?;
    let failed = old.engine_error();
    let mut target = old.successor()?;
    let writer = target.writer(config)?;
    for segment in old.searcher().segment_readers() {
        add_all(segment, &old.ledger, &writer, &target.fields, config.threads).map_err(&failed)?;
    }
    target.commit_all(writer, old.ledger.clone(), old.article_count())
}

/// Adds the articles of a segment.
fn add_all(
    segment: &SegmentReader,
    ledger: &Ledger,
    writer: &Writer,
    fields: &Fields,
    threads: usize,
) -> tantivy::Result<()> {
    let (store, notes) = (Store::open(segment)?, Notes::open(segment)?);
    let keys = segment.fast_fields().u64("key")?;
    let docs: Vec<DocId> = segment.doc_ids_alive().collect();
    parallel::each(docs.into_iter(), threads, |doc| {
        let (article, origins) = read_stored(&store, &notes, &keys, doc, ledger)?;
        writer.add_document(&article.document(origins, fields))
    })
}
