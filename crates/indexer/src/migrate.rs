//! An index of an older version made one of this version, from what is stored in it. No source is read.
//!
//! Versions 3 and 4 keep articles as this version does (see [`StoredArticle`]), each with one place, and name their records by the same
//! keys; what they lack is made from the articles. Those that are the same become one when the new generation is put in order.

use schema::{Fields, Generation, Origin, Prepared, StoredArticle, source_key};
use store::{Notes, Store};
use tantivy::{IndexWriter, SegmentReader, TantivyDocument, TantivyError};

use crate::config::Config;
use crate::error::IndexError;
use crate::generation::Target;
use crate::ledger::Ledger;
use crate::place::Place;

/// Writes all articles of a generation of an older version into a new one, which becomes live when it has them all. Ids, keys, sources
/// and the ledger stay, so that the next update finds everything unchanged. Killed, it leaves the index as it was. The caller holds
/// the lock.
pub(crate) fn migrate(place: &Place, old: Generation, config: &Config) -> Result<(), IndexError> {
    let old = Target::open_older(place, old)?;
    let failed = old.engine_error();
    let mut target = old.successor()?;
    let writer = target.writer(config, u64::MAX)?;
    for segment in old.searcher().segment_readers() {
        let articles = Articles::open(segment, &old.ledger).map_err(&failed)?;
        articles.add_to(&writer, &target.fields).map_err(&failed)?;
    }
    target.commit_all(writer, old.ledger.clone(), old.article_count())
}

/// The articles of a segment.
struct Articles<'a> {
    segment: &'a SegmentReader,
    store: Store,
    notes: Notes,
    ledger: &'a Ledger,
}

impl<'a> Articles<'a> {
    fn open(segment: &'a SegmentReader, ledger: &'a Ledger) -> tantivy::Result<Articles<'a>> {
        Ok(Articles { segment, store: Store::open(segment)?, notes: Notes::open(segment)?, ledger })
    }

    fn add_to(&self, writer: &IndexWriter, fields: &Fields) -> tantivy::Result<()> {
        let keys = self.segment.fast_fields().u64("key")?;
        for doc in self.segment.doc_ids_alive() {
            let key = keys.first(doc).ok_or_else(|| damaged("an article has no key".to_owned()))?;
            let stored = StoredArticle::open(&self.store, &self.notes, doc);
            writer.add_document(self.document(stored, key, fields)?)?;
        }
        Ok(())
    }

    fn document(
        &self,
        stored: Result<StoredArticle<'_>, schema::DecodeError>,
        key: u64,
        fields: &Fields,
    ) -> tantivy::Result<TantivyDocument> {
        let article = stored.and_then(Prepared::of_stored).map_err(|error| damaged(error.to_string()))?;
        let source = &article.article().source;
        let archive = self.ledger.archive_of(&source.path).map(|archive| source_key::from_text(&archive));
        let place = article::Place { path: source.path.clone(), line: source.line };
        let document = article.document(vec![Origin { place, key, archive }], fields);
        Ok(document)
    }
}

fn damaged(message: String) -> TantivyError {
    TantivyError::InternalError(message)
}
