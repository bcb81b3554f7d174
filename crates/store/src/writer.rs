//! Gathering the records of a segment where the engine builds it by itself.

use std::any::Any;

use tantivy::indexer::doc_id_mapping::DocIdMapping;
use tantivy::plugin::PluginWriter;
use tantivy::schema::document::ErasedDocument;
use tantivy::schema::{Field, Schema, Value};
use tantivy::{DocId, Segment, TantivyDocument, TantivyError};

use crate::Record;
use crate::gathered::Gathered;

/// Takes the records of a segment from its documents.
pub(crate) struct StoreWriter {
    pub(crate) field: Field,
    pub(crate) gathered: Gathered,
}

impl PluginWriter for StoreWriter {
    fn add_document(&mut self, _: DocId, document: &dyn ErasedDocument, _: &Schema) -> tantivy::Result<()> {
        let document = document.as_any().downcast_ref::<TantivyDocument>();
        let value = document.and_then(|document| document.get_first(self.field));
        let record = Record::of_value(value.and_then(|value| value.as_custom()))?;
        let packed = self.gathered.packer().map(|packer| packer.pack(&record));
        if let Some(training) = self.gathered.push(&record, packed)? {
            training.run()?;
        }
        Ok(())
    }

    fn serialize(self: Box<Self>, segment: &Segment, order: Option<&DocIdMapping>) -> tantivy::Result<()> {
        if order.is_some() {
            let message = "texts are written in the order in which they are added";
            return Err(TantivyError::InvalidArgument(message.to_owned()));
        }
        let all = 0..self.gathered.len();
        self.gathered.packed()?.write_to(segment, all)
    }

    fn mem_usage(&self) -> usize {
        self.gathered.memory()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}
