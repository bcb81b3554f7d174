//! The side files as a component of tantivy's segments.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::index::SegmentComponent;
use tantivy::indexer::doc_id_mapping::MappingType;
use tantivy::plugin::{PluginMergeContext, PluginWriter, PluginWriterContext, SegmentPlugin};
use tantivy::schema::{Field, FieldType, Schema};
use tantivy::{Segment, SegmentReader, TantivyError};

use crate::FIELD_TYPE;
use crate::error::StoreError;
use crate::gathered::{Gathered, SAMPLE_BYTES};
use crate::packed::Packer;
use crate::reader::{Notes, Store};
use crate::section::SectionWriter;
use crate::writer::StoreWriter;

/// Extensions of the files.
pub(crate) const NOTES: &str = "notes";
pub(crate) const TEXTS: &str = "texts";

/// A byte of packed articles is of about so many.
const UNPACKED_BYTES: usize = 3;

/// Writes and merges the side files. One is registered with an index before anything is added to it.
#[derive(Debug, Default)]
pub struct StorePlugin {
    packer: SharedPacker,
}

impl StorePlugin {
    /// Room for the records of one more segment.
    pub fn gather(&self) -> Gathered {
        Gathered::new(self.packer.clone())
    }

    /// Packs with the dictionary of these segments what is written from now on, or with one that is trained on articles from everywhere in
    /// them where theirs does not serve.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn pack_like(&self, segments: &[SegmentReader]) -> tantivy::Result<()> {
        let stores: Vec<Store> = segments.iter().map(Store::open).collect::<Result<_, _>>()?;
        self.packer.get_or_train(|_| true, || packer_for(&stores.iter().collect::<Vec<_>>()))?;
        Ok(())
    }
}

/// What packs the segments of one run, once it is trained: segments with the same dictionary are merged without being packed anew.
#[derive(Clone, Default)]
pub(crate) struct SharedPacker(Arc<Mutex<Option<Arc<Packer>>>>);

impl SharedPacker {
    /// The packer, if there is one and none is being trained.
    pub(crate) fn get(&self) -> Option<Arc<Packer>> {
        self.0.try_lock().ok().and_then(|known| known.clone())
    }

    /// The packer, or one that is trained now where there is none or it `serves` not. One that is being trained is waited for.
    pub(crate) fn get_or_train(
        &self,
        serves: impl FnOnce(&Packer) -> bool,
        train: impl FnOnce() -> Result<Packer, StoreError>,
    ) -> Result<Arc<Packer>, StoreError> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(packer) = &*known
            && serves(packer)
        {
            return Ok(Arc::clone(packer));
        }
        let packer = Arc::new(train()?);
        if packer.has_symbols() {
            known.get_or_insert_with(|| Arc::clone(&packer));
        }
        Ok(packer)
    }
}

impl fmt::Debug for SharedPacker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SharedPacker").field(&self.get().is_some()).finish()
    }
}

impl SegmentPlugin for StorePlugin {
    fn extensions(&self) -> &[&str] {
        &[NOTES, TEXTS]
    }

    fn create_writer(&self, context: &PluginWriterContext<'_>) -> tantivy::Result<Box<dyn PluginWriter>> {
        let field = record_field(&context.segment.schema())?;
        Ok(Box::new(StoreWriter { field, gathered: self.gather() }))
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
        let stores: Vec<&Store> = sources.iter().map(|(_, store)| store).collect();
        let packer = packer_for(&stores)?;
        let [mut merged_notes, mut merged_texts] = open_both(context.target_segment)?;
        for (reader, (notes, store)) in context.readers.iter().zip(&sources) {
            let is_packed_alike = *store.dictionary() == packer.dictionary;
            for doc in reader.doc_ids_alive() {
                merged_notes.push_note(notes.of(doc)?)?;
                if is_packed_alike {
                    merged_texts.push(store.packed(doc)?)?;
                } else {
                    let (card, text) = store.text(doc).and_then(|text| text.whole())?;
                    merged_texts.push(&packer.pack(&card, &text))?;
                }
            }
        }
        merged_notes.finish(&[])?;
        merged_texts.finish(&packer.dictionary)?;
        Ok(())
    }
}

/// The packer of a segment that several are merged into: that of the most of them, so that these need not be packed anew, or a new one where
/// no dictionary is that of most, or the one that is does not serve the rest, or is of a much smaller collection.
fn packer_for(stores: &[&Store]) -> Result<Packer, StoreError> {
    let all: usize = stores.iter().map(|store| store.bytes()).sum();
    let known = stores.iter().filter_map(|store| Some((store.dictionary(), store.symbols()?)));
    let known = known.map(|(dictionary, symbols)| {
        let alike = stores.iter().filter(|store| store.dictionary() == dictionary);
        (alike.map(|store| store.bytes()).sum::<usize>(), dictionary, symbols)
    });
    let sample = sample(stores, all)?;
    let trained = || Packer::trained(sample.iter().flatten());
    let known = match known.max_by_key(|(alike, ..)| *alike) {
        Some((alike, dictionary, symbols)) if alike >= all / 3 * 2 && !symbols.are_few_for(all) => {
            Packer::new(dictionary.clone())?
        }
        _ => return trained(),
    };
    let lengths = known.lengths(sample.iter().flatten());
    if lengths.are_served() {
        return Ok(known);
    }
    // To pack everything anew must be worth it: some texts are noise to any dictionary.
    let new = trained()?;
    let is_worth_it = new.lengths(sample.iter().flatten()).packed < lengths.packed / 8 * 7;
    Ok(if is_worth_it { new } else { known })
}

/// Articles from everywhere in the stores, about as many as a dictionary is trained on.
fn sample(stores: &[&Store], packed_bytes: usize) -> Result<Vec<[Vec<u8>; 2]>, StoreError> {
    let step = (packed_bytes * UNPACKED_BYTES / SAMPLE_BYTES).max(1);
    let mut sample = Vec::new();
    let mut bytes = 0;
    for store in stores {
        for doc in (0..store.articles() as u32).step_by(step) {
            let text = store.text(doc)?;
            let part = text.part(0..text.len().min(SAMPLE_BYTES / 16))?;
            let article = [text.card()?, part];
            bytes += article.iter().map(Vec::len).sum::<usize>();
            sample.push(article);
            if bytes >= SAMPLE_BYTES {
                return Ok(sample);
            }
        }
    }
    Ok(sample)
}

/// The field of a schema that has the records.
///
/// # Errors
/// When there is none.
pub fn record_field(schema: &Schema) -> tantivy::Result<Field> {
    let is_record =
        |kind: &FieldType| matches!(kind, FieldType::Custom(custom) if custom.type_name() == FIELD_TYPE);
    let mut fields = schema.fields();
    let found = fields.find(|(_, entry)| is_record(entry.field_type()));
    found.map(|(field, _)| field).ok_or_else(|| TantivyError::SchemaError("no field of records".to_owned()))
}

pub(crate) fn open_both(segment: &Segment) -> tantivy::Result<[SectionWriter; 2]> {
    let open = |extension: &str| {
        let file = segment.open_write(SegmentComponent::Custom(extension.to_owned()))?;
        Ok::<_, TantivyError>(SectionWriter::new(file))
    };
    Ok([open(NOTES)?, open(TEXTS)?])
}
