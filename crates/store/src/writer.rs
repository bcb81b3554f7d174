//! Writing the side files of a segment while its articles are added.

use std::any::Any;
use std::sync::Arc;

use tantivy::indexer::doc_id_mapping::DocIdMapping;
use tantivy::plugin::PluginWriter;
use tantivy::schema::document::ErasedDocument;
use tantivy::schema::{Field, Schema, Value};
use tantivy::{DocId, Segment, TantivyDocument, TantivyError};

use crate::backlog::Backlog;
use crate::chunk::{CHUNK_BYTES, Packer};
use crate::plugin::SharedDictionary;
use crate::section::SectionWriter;
use crate::{Record, push_number};

/// How much text a dictionary is trained on, in bytes.
const SAMPLE_BYTES: usize = 2_000_000;

/// A segment with less text goes without: the dictionary would take more room than it saves.
const LEAST_BYTES: usize = 500_000;

/// The largest dictionary, in bytes. 112 kB save 3 % more of the texts and take twice as long to load.
const DICTIONARY_BYTES: usize = 64 * 1024;

/// Samples are this many times larger than the dictionary they make, at the least.
const SAMPLES_PER_DICTIONARY: usize = 20;

/// Takes the records of a segment. The first ones wait until there is a dictionary.
pub(crate) struct StoreWriter {
    field: Field,
    notes: SectionWriter,
    texts: SectionWriter,
    shared: SharedDictionary,
    backlog: Backlog,
    waiting: Vec<Vec<u8>>,
    waiting_bytes: usize,
    packing: Option<(Packer, Arc<[u8]>)>,
}

impl StoreWriter {
    pub(crate) fn new(
        field: Field,
        [notes, texts]: [SectionWriter; 2],
        shared: SharedDictionary,
        backlog: Backlog,
    ) -> StoreWriter {
        let (waiting, waiting_bytes, packing) = (Vec::new(), 0, None);
        StoreWriter { field, notes, texts, shared, backlog, waiting, waiting_bytes, packing }
    }

    fn add(&mut self, bytes: &[u8]) -> tantivy::Result<()> {
        let record = record(bytes)?;
        self.notes.push_note(record.note)?;
        if let Some((packer, _)) = &mut self.packing {
            self.texts.push(&packer.pack(record.card, record.text)?)?;
            return Ok(());
        }
        self.waiting.push(bytes.to_vec());
        self.waiting_bytes += bytes.len();
        if self.waiting_bytes >= SAMPLE_BYTES {
            let dictionary = self.shared.get().unwrap_or_else(|| self.train());
            self.pack_waiting(dictionary)?;
        } else if self.waiting_bytes >= LEAST_BYTES
            && let Some(dictionary) = self.shared.get()
        {
            self.pack_waiting(dictionary)?;
        }
        Ok(())
    }

    /// A dictionary for all segments of the run; an empty one, for this segment, where the trainer finds nothing.
    fn train(&self) -> Arc<[u8]> {
        let dictionary = train(&self.waiting);
        if dictionary.is_empty() { Arc::default() } else { self.shared.offer(dictionary) }
    }

    fn pack_waiting(&mut self, dictionary: Arc<[u8]>) -> tantivy::Result<()> {
        let mut packer = Packer::new(&dictionary)?;
        for bytes in std::mem::take(&mut self.waiting) {
            let record = record(&bytes)?;
            self.texts.push(&packer.pack(record.card, record.text)?)?;
        }
        self.waiting_bytes = 0;
        self.packing = Some((packer, dictionary));
        Ok(())
    }

    fn finish(mut self) -> tantivy::Result<()> {
        if self.packing.is_none() {
            let dictionary = match self.shared.get() {
                _ if self.waiting_bytes < LEAST_BYTES => Arc::default(),
                Some(dictionary) => dictionary,
                None => self.train(),
            };
            self.pack_waiting(dictionary)?;
        }
        let dictionary = self.packing.map(|(_, dictionary)| dictionary).unwrap_or_default();
        self.notes.finish(&[])?;
        self.texts.finish(&dictionary)?;
        Ok(())
    }
}

fn record(bytes: &[u8]) -> tantivy::Result<Record<'_>> {
    Record::from_bytes(bytes).ok_or_else(|| TantivyError::InvalidArgument("not a record".to_owned()))
}

/// A dictionary of what the records have in common; empty where the trainer finds nothing.
fn train(records: &[Vec<u8>]) -> Vec<u8> {
    let samples: Vec<&[u8]> = records.iter().flat_map(|record| record.chunks(CHUNK_BYTES)).collect();
    let bytes: usize = samples.iter().map(|sample| sample.len()).sum();
    let size = DICTIONARY_BYTES.min(bytes / SAMPLES_PER_DICTIONARY);
    zstd::dict::from_samples(&samples, size).unwrap_or_default()
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
