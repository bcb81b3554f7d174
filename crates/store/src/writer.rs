//! Writing the side files of a segment while its articles are added.

use std::any::Any;
use std::sync::Arc;

use tantivy::indexer::doc_id_mapping::DocIdMapping;
use tantivy::plugin::PluginWriter;
use tantivy::schema::document::ErasedDocument;
use tantivy::schema::{Field, Schema, Value};
use tantivy::{DocId, Segment, TantivyDocument, TantivyError};

use crate::backlog::Backlog;
use crate::packed::{LEAST_BYTES, Packer};
use crate::plugin::SharedPacker;
use crate::section::SectionWriter;
use crate::symbols::NO_SYMBOLS;
use crate::{Record, push_number};

/// How much of the articles a dictionary is trained on, in bytes.
pub(crate) const SAMPLE_BYTES: usize = 3 << 20;

/// The most that waits while another segment of the run trains the dictionary, in bytes.
const MOST_WAITING: usize = 4 * SAMPLE_BYTES;

/// Takes the records of a segment. The first ones wait until there is a dictionary.
pub(crate) struct StoreWriter {
    field: Field,
    notes: SectionWriter,
    texts: SectionWriter,
    shared: SharedPacker,
    backlog: Backlog,
    waiting: Vec<Vec<u8>>,
    waiting_bytes: usize,
    /// The packer of the run was tried, and does not serve what waits.
    is_unlike: bool,
    packer: Option<Arc<Packer>>,
}

impl StoreWriter {
    pub(crate) fn new(
        field: Field,
        [notes, texts]: [SectionWriter; 2],
        shared: SharedPacker,
        backlog: Backlog,
    ) -> StoreWriter {
        let (waiting, waiting_bytes, is_unlike, packer) = (Vec::new(), 0, false, None);
        StoreWriter { field, notes, texts, shared, backlog, waiting, waiting_bytes, is_unlike, packer }
    }

    fn add(&mut self, bytes: &[u8]) -> tantivy::Result<()> {
        let record = record(bytes)?;
        self.notes.push_note(record.note)?;
        if let Some(packer) = &self.packer {
            self.texts.push(&packer.pack(record.card, record.text))?;
            return Ok(());
        }
        self.waiting.push(bytes.to_vec());
        self.waiting_bytes += bytes.len();
        let shared = self.shared.get().filter(|_| !self.is_unlike && self.waiting_bytes >= LEAST_BYTES);
        if let Some(packer) = shared {
            self.is_unlike = !packer.lengths(&self.parts()?).are_served();
            if !self.is_unlike {
                return self.pack_waiting(packer);
            }
        }
        let may_wait = self.waiting_bytes < MOST_WAITING && self.shared.is_busy();
        if self.waiting_bytes >= SAMPLE_BYTES && !may_wait {
            let packer = self.packer_for_waiting()?;
            self.pack_waiting(packer)?;
        }
        Ok(())
    }

    /// What waits.
    fn parts(&self) -> tantivy::Result<Vec<&[u8]>> {
        let records: Vec<Record<'_>> =
            self.waiting.iter().map(|bytes| record(bytes)).collect::<Result<_, _>>()?;
        Ok(records.iter().flat_map(|record| [record.card, record.text]).collect())
    }

    /// The packer of the run, or one for what waits.
    fn packer_for_waiting(&self) -> tantivy::Result<Arc<Packer>> {
        let parts = self.parts()?;
        if self.waiting_bytes < LEAST_BYTES {
            return Ok(Arc::new(Packer::trained(&parts)?));
        }
        let serves = |packer: &Packer| !self.is_unlike && packer.lengths(&parts).are_served();
        Ok(self.shared.get_or_train(serves, || Packer::trained(&parts))?)
    }

    fn pack_waiting(&mut self, packer: Arc<Packer>) -> tantivy::Result<()> {
        for bytes in std::mem::take(&mut self.waiting) {
            let record = record(&bytes)?;
            self.texts.push(&packer.pack(record.card, record.text))?;
        }
        self.waiting_bytes = 0;
        self.packer = Some(packer);
        Ok(())
    }

    fn finish(mut self) -> tantivy::Result<()> {
        if self.packer.is_none() {
            let packer = self.packer_for_waiting()?;
            self.pack_waiting(packer)?;
        }
        let dictionary = self.packer.as_ref().map_or(NO_SYMBOLS, |packer| &packer.dictionary);
        self.notes.finish(&[])?;
        self.texts.finish(dictionary)?;
        Ok(())
    }
}

fn record(bytes: &[u8]) -> tantivy::Result<Record<'_>> {
    Record::from_bytes(bytes).ok_or_else(|| TantivyError::InvalidArgument("not a record".to_owned()))
}

impl SectionWriter {
    /// A note and its length.
    pub(crate) fn push_note(&mut self, note: &[u8]) -> std::io::Result<()> {
        let mut record = Vec::with_capacity(note.len() + 2);
        push_number(&mut record, note.len() as u64);
        record.extend_from_slice(note);
        self.push(&record)
    }
}

impl PluginWriter for StoreWriter {
    fn add_document(&mut self, _: DocId, document: &dyn ErasedDocument, _: &Schema) -> tantivy::Result<()> {
        let document = document.as_any().downcast_ref::<TantivyDocument>();
        let value = document.and_then(|document| document.get_first(self.field));
        let record = value.and_then(|value| value.as_custom()).unwrap_or(&[0, 0]);
        self.backlog.leave(record);
        self.add(record)
    }

    fn serialize(self: Box<Self>, _: &Segment, order: Option<&DocIdMapping>) -> tantivy::Result<()> {
        if order.is_some() {
            let message = "texts are written in the order in which they are added";
            return Err(TantivyError::InvalidArgument(message.to_owned()));
        }
        self.finish()
    }

    fn mem_usage(&self) -> usize {
        self.waiting_bytes
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}
