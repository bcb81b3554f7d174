//! The files of a segment, made of a draft.

use std::sync::mpsc::sync_channel;
use std::thread;

use tantivy::directory::TerminatingWrite;
use tantivy::fastfield::FastFieldsWriter;
use tantivy::fieldnorm::{FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::SegmentComponent;
use tantivy::schema::Field;
use tantivy::store::StoreWriter;
use tantivy::{DocId, Index, Segment, SegmentMeta, TantivyDocument, TantivyError};

use crate::bisection::order;
use crate::dictionary::write_dictionaries;
use crate::draft::{Draft, FieldDraft, InDocument, Kept};
use crate::postings::{turn, write_postings};
use crate::turned::{Measured, sizes};
use crate::writer::Alike;

/// Writes a segment. `None` where no document is left of the draft.
///
/// # Errors
/// When a file cannot be written. Those that were are of no use then.
pub(crate) fn write(
    draft: Draft,
    alike: Option<Alike>,
    index: &Index,
) -> tantivy::Result<Option<SegmentMeta>> {
    let kept = draft.kept();
    if kept.documents.is_empty() {
        return Ok(None);
    }
    let alike = alike.filter(|_| !draft.are_placed());
    let Draft { fields, columns, records, .. } = draft;
    let (records, (measured, order)) = thread::scope(|scope| {
        // The first steps of the others keep one thread busy.
        let packing = scope.spawn(|| records.packed());
        let measured = measure(&fields, &kept, alike)?;
        Ok::<_, TantivyError>((packing.join().map_err(|_| panicked())??, measured))
    })?;
    let kept = match order {
        Some(order) => &kept.in_order(order),
        None => &kept,
    };
    let segment = &index.new_segment().with_max_doc(kept.documents.len() as DocId);
    let documents: Vec<DocumentsOfField> = fields.iter().map(|field| kept.of_field(field)).collect();
    write_lengths(&documents, segment)?;
    thread::scope(|scope| {
        let (turning, turned) = sync_channel(1);
        let (listing, listed) = sync_channel(1);
        let (fields, measured) = (&fields[..], &measured[..]);
        let turner = scope.spawn(move || turn(fields, documents, measured, segment, &turning));
        let recorder =
            scope.spawn(move || records.write_to(segment, kept.documents.iter().map(|doc| *doc as usize)));
        let lister = scope.spawn(|| write_dictionaries(listed, segment));
        // First, while another thread turns around the first postings.
        let written = write_columns(&columns, kept, segment);
        let written = written.and_then(|()| write_postings(turned, &listing, segment));
        drop(listing);
        let [turner, lister, recorder] =
            [turner, lister, recorder].map(|thread| thread.join().unwrap_or_else(|_| Err(panicked())));
        // The error of the last of those that hand on is the first: where one ends with an error, those before it only find that nobody
        // listens.
        lister.and(written).and(turner).and(recorder)
    })?;
    Ok(Some(segment.meta().clone()))
}

/// What the terms of all fields take, and the order of the documents, if they are to be put in one.
fn measure(
    fields: &[FieldDraft],
    kept: &Kept,
    alike: Option<Alike>,
) -> tantivy::Result<(Vec<Measured>, Option<Vec<u32>>)> {
    thread::scope(|scope| {
        let sorted = scope.spawn(|| fields.iter().map(|field| field.terms.sorted()).collect::<Vec<_>>());
        let sizes: Vec<_> = fields.iter().map(|field| sizes(field, &kept.of_field(field))).collect();
        let order = alike.map(|Alike { field, threads }| {
            let number = field.field_id() as usize;
            let (field, documents) = (&fields[number], kept.documents.len());
            order(&field.forward_index(&kept.of_field(field), documents, &sizes[number]), threads)
        });
        let sorted = sorted.join().map_err(|_| panicked())?;
        let measured = sorted.into_iter().zip(sizes).map(|(terms, sizes)| Measured::new(terms, sizes));
        Ok((measured.collect(), order))
    })
}

/// What is said where another thread has ended before its work, and does not say why.
pub(crate) fn panicked() -> TantivyError {
    TantivyError::InternalError("a thread that writes a segment failed".to_owned())
}

/// Columns, and the engine's own store of documents, which stays empty.
fn write_columns(columns: &[TantivyDocument], kept: &Kept, segment: &Segment) -> tantivy::Result<()> {
    let (index, schema) = (segment.index(), segment.schema());
    let tokenizers = index.fast_field_tokenizer().clone();
    let mut writer = FastFieldsWriter::from_schema_and_tokenizer_manager(&schema, tokenizers)?;
    let settings = index.settings();
    let file = segment.open_write(SegmentComponent::Store)?;
    let (compression, block) = (settings.docstore_compression, settings.docstore_blocksize);
    let mut store = StoreWriter::new(file, compression, block, false)?;
    let nothing = TantivyDocument::new();
    for &doc in &kept.documents {
        writer.add_document(&columns[doc as usize])?;
        store.store(&nothing, &schema)?;
    }
    store.close()?;
    let mut file = segment.open_write(SegmentComponent::FastFields)?;
    writer.serialize(&mut file, None)?;
    Ok(file.terminate()?)
}

/// The documents that have a field, each with its number, in their order.
pub(crate) type DocumentsOfField = Vec<(DocId, InDocument)>;

/// How long each field is in each document.
fn write_lengths(documents: &[DocumentsOfField], segment: &Segment) -> tantivy::Result<()> {
    let mut writer = FieldNormsWriter::for_schema(&segment.schema());
    for (field, documents) in (0..).map(Field::from_field_id).zip(documents) {
        for (doc, document) in documents {
            writer.record(*doc, field, document.length);
        }
    }
    writer.fill_up_to_max_doc(segment.meta().max_doc());
    let file = segment.open_write(SegmentComponent::FieldNorms)?;
    Ok(writer.serialize(FieldNormsSerializer::from_write(file)?, None)?)
}
