//! The side files as a component of tantivy's segments.

use std::sync::{Arc, Mutex, PoisonError};

use tantivy::index::SegmentComponent;
use tantivy::indexer::doc_id_mapping::MappingType;
use tantivy::plugin::{PluginMergeContext, PluginWriter, PluginWriterContext, SegmentPlugin};
use tantivy::schema::{Field, FieldType, Schema};
use tantivy::{Segment, TantivyError};

use crate::FIELD_TYPE;
use crate::backlog::Backlog;
use crate::chunk::Packer;
use crate::error::StoreError;
use crate::reader::{Notes, Store};
use crate::section::SectionWriter;
use crate::writer::StoreWriter;

/// Extensions of the files.
pub(crate) const NOTES: &str = "notes";
pub(crate) const TEXTS: &str = "texts";

/// Writes and merges the side files. One is registered with an index before anything is added to it.
#[derive(Debug, Default)]
pub struct StorePlugin {
    dictionary: SharedDictionary,
    backlog: Backlog,
}

impl StorePlugin {
    /// What is waiting to be written by the segments of this plugin's index.
    pub fn backlog(&self) -> Backlog {
        self.backlog.clone()
    }
}

/// The dictionary of the segments of one run, once it is trained: segments with the same are merged without being packed anew.
#[derive(Clone, Debug, Default)]
pub(crate) struct SharedDictionary(Arc<Mutex<Option<Arc<[u8]>>>>);

impl SharedDictionary {
    pub(crate) fn get(&self) -> Option<Arc<[u8]>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes the first that is offered, and returns the one taken.
    pub(crate) fn offer(&self, dictionary: Vec<u8>) -> Arc<[u8]> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.get_or_insert_with(|| dictionary.into()))
    }
}

impl SegmentPlugin for StorePlugin {
    fn extensions(&self) -> &[&str] {
        &[NOTES, TEXTS]
    }

    fn create_writer(&self, context: &PluginWriterContext<'_>) -> tantivy::Result<Box<dyn PluginWriter>> {
        let field = record_field(&context.segment.schema())?;
        let [notes, texts] = open_both(context.segment)?;
        let (dictionary, backlog) = (self.dictionary.clone(), self.backlog());
        Ok(Box::new(StoreWriter::new(field, [notes, texts], dictionary, backlog)))
    }

    fn merge(&self, context: PluginMergeContext<'_>) -> tantivy::Result<()> {
        if matches!(context.doc_id_mapping.mapping_type(), MappingType::Shuffled) {
            return Err(TantivyError::InvalidArgument("texts can be merged in their order only".to_owned()));
        }
        let sources: Vec<(Notes, Store)> = context
            .readers
            .iter()
            .map(|reader| Ok((Notes::open(reader)?, Store::open(reader)?)))
            .collect::<Result<_, StoreError>>()?;
        let largest = sources
            .iter()
            .map(|(_, store)| store)
            .filter(|store| !store.dictionary().is_empty())
            .max_by_key(|store| store.articles());
        let dictionary = largest.map_or(&[][..], Store::dictionary);
        let mut packer = Packer::new(dictionary)?;
        let [mut merged_notes, mut merged_texts] = open_both(context.target_segment)?;
        for (reader, (notes, store)) in context.readers.iter().zip(&sources) {
            let is_packed_alike = store.dictionary() == dictionary;
            for doc in reader.doc_ids_alive() {
                merged_notes.push_note(notes.of(doc)?)?;
                if is_packed_alike {
                    merged_texts.push(store.packed(doc)?)?;
                } else {
                    let (card, text) = store.text(doc).and_then(|text| text.whole())?;
                    merged_texts.push(&packer.pack(&card, &text)?)?;
                }
            }
        }
        merged_notes.finish(&[])?;
        merged_texts.finish(dictionary)?;
        Ok(())
    }
}

fn record_field(schema: &Schema) -> tantivy::Result<Field> {
    let is_record =
        |kind: &FieldType| matches!(kind, FieldType::Custom(custom) if custom.type_name() == FIELD_TYPE);
    let mut fields = schema.fields();
    let found = fields.find(|(_, entry)| is_record(entry.field_type()));
    found.map(|(field, _)| field).ok_or_else(|| TantivyError::SchemaError("no field of records".to_owned()))
}

fn open_both(segment: &Segment) -> tantivy::Result<[SectionWriter; 2]> {
    let open = |extension: &str| {
        let file = segment.open_write(SegmentComponent::Custom(extension.to_owned()))?;
        Ok::<_, TantivyError>(SectionWriter::new(file))
    };
    Ok([open(NOTES)?, open(TEXTS)?])
}
