//! The articles of the last commit as they are stored, with the records that they were read from.

use std::sync::Arc;

use schema::{Content, DecodeError, Fields, Origin, Prepared, StoredArticle, alive, source_key};
use store::{Notes, Store};
use tantivy::columnar::Column;
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocAddress, DocId, InvertedIndexReader, Searcher, SegmentReader, TantivyError};

use crate::ledger::Ledger;

/// The articles of the last commit.
pub(crate) struct Committed {
    fields: Fields,
    segments: Vec<Segment>,
}

struct Segment {
    reader: SegmentReader,
    store: Store,
    notes: Notes,
    keys: Column<u64>,
    by_content: Arc<InvertedIndexReader>,
    by_key: Arc<InvertedIndexReader>,
    /// It may have articles of several places.
    has_copies: bool,
}

impl Committed {
    pub(crate) fn open(searcher: &Searcher, fields: Fields) -> tantivy::Result<Committed> {
        let open = |reader: &SegmentReader| Segment::open(reader, &fields);
        let segments = searcher.segment_readers().iter().map(open).collect::<Result<_, _>>()?;
        Ok(Committed { fields, segments })
    }

    /// Is an article of this content there?
    pub(crate) fn has(&self, content: Content) -> tantivy::Result<bool> {
        let term = content.term(&self.fields);
        for segment in &self.segments {
            if segment.first(&segment.by_content, &term)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The articles of this content: one, unless an index has not been rid of its copies yet.
    pub(crate) fn of_content(&self, content: Content) -> tantivy::Result<Vec<DocAddress>> {
        let term = content.term(&self.fields);
        let mut found = Vec::new();
        for (ordinal, segment) in (0..).zip(&self.segments) {
            segment.each(&segment.by_content, &term, &mut |doc| found.push(DocAddress::new(ordinal, doc)))?;
        }
        Ok(found)
    }

    /// Calls back with the article of several places that has this key, if there is one.
    pub(crate) fn of_several_places(
        &self,
        key: u64,
        found: &mut dyn FnMut(DocAddress),
    ) -> tantivy::Result<()> {
        let term = Term::from_field_u64(self.fields.key, key);
        for (ordinal, segment) in (0..).zip(&self.segments).filter(|(_, segment)| segment.has_copies) {
            segment.each(&segment.by_key, &term, &mut |doc| {
                if segment.keys.values_for_doc(doc).nth(1).is_some() {
                    found(DocAddress::new(ordinal, doc));
                }
            })?;
        }
        Ok(())
    }

    /// The contents of which there are several articles.
    pub(crate) fn of_several_articles(&self) -> tantivy::Result<Vec<Content>> {
        let mut several = Vec::new();
        for segment in &self.segments {
            let mut contents = segment.by_content.terms().stream()?;
            while contents.advance() {
                let Ok(bytes) = contents.key().try_into() else { continue };
                if contents.value().doc_freq > 1 && self.of_content(Content(bytes))?.len() > 1 {
                    several.push(Content(bytes));
                }
            }
        }
        Ok(several)
    }

    /// An article, and the records that it was read from.
    pub(crate) fn read(
        &self,
        address: DocAddress,
        ledger: &Ledger,
    ) -> tantivy::Result<(Prepared, Vec<Origin>)> {
        let Segment { store, notes, keys, .. } = &self.segments[address.segment_ord as usize];
        read_stored(store, notes, keys, address.doc_id, ledger)
    }
}

/// A stored article, and the records that it was read from.
pub(crate) fn read_stored(
    store: &Store,
    notes: &Notes,
    keys: &Column<u64>,
    doc: DocId,
    ledger: &Ledger,
) -> tantivy::Result<(Prepared, Vec<Origin>)> {
    let stored = StoredArticle::open(store, notes, doc);
    let prepared = stored.and_then(Prepared::of_stored).map_err(|error| damaged(&error))?;
    let article = prepared.article();
    let origins: Vec<Origin> = article
        .places()
        .zip(keys.values_for_doc(doc))
        .map(|(place, key)| {
            let archive = ledger.archive_of(&place.path);
            Origin { archive: archive.map(|archive| source_key::from_text(&archive)), place, key }
        })
        .collect();
    if origins.len() != article.also.len() + 1 {
        return Err(TantivyError::InternalError("an article has a place without a key".to_owned()));
    }
    Ok((prepared, origins))
}

impl Segment {
    fn open(reader: &SegmentReader, fields: &Fields) -> tantivy::Result<Segment> {
        let fast = reader.fast_fields();
        Ok(Segment {
            store: Store::open(reader)?,
            notes: Notes::open(reader)?,
            keys: fast.u64("key")?,
            by_content: reader.inverted_index(fields.content)?,
            by_key: reader.inverted_index(fields.key)?,
            has_copies: fast.u64("origin")?.values.num_vals() > 0,
            reader: reader.clone(),
        })
    }

    fn first(&self, index: &InvertedIndexReader, term: &Term) -> tantivy::Result<Option<DocId>> {
        let Some(postings) = index.read_postings(term, IndexRecordOption::Basic)? else {
            return Ok(None);
        };
        Ok(alive(&self.reader, postings).next())
    }

    fn each(
        &self,
        index: &InvertedIndexReader,
        term: &Term,
        found: &mut dyn FnMut(DocId),
    ) -> tantivy::Result<()> {
        let Some(postings) = index.read_postings(term, IndexRecordOption::Basic)? else { return Ok(()) };
        alive(&self.reader, postings).for_each(found);
        Ok(())
    }
}

/// What is stored cannot be read.
pub(crate) fn damaged(error: &DecodeError) -> TantivyError {
    TantivyError::InternalError(error.to_string())
}
