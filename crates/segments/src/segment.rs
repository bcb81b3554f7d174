//! The files of a segment, made of a draft.

use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use tantivy::directory::TerminatingWrite;
use tantivy::fastfield::FastFieldsWriter;
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::SegmentComponent;
use tantivy::postings::{FieldSerializer, InvertedIndexSerializer};
use tantivy::schema::Field;
use tantivy::store::StoreWriter;
use tantivy::{DocId, Index, Segment, SegmentMeta, TantivyDocument, TantivyError};

use crate::draft::{Draft, FieldDraft, InDocument, Kept};
use crate::numbers::Numbers;
use crate::turned::Turned;
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
    let kept = &draft.kept(alike);
    if kept.documents.is_empty() {
        return Ok(None);
    }
    let segment = &index.new_segment().with_max_doc(kept.documents.len() as DocId);
    let Draft { fields, columns, records, .. } = draft;
    thread::scope(|scope| {
        let beside = scope.spawn(move || {
            write_columns(&columns, kept, segment)?;
            records.write(segment, kept.documents.iter().map(|doc| *doc as usize))
        });
        let documents: Vec<DocumentsOfField> = fields.iter().map(|field| kept.of_field(field)).collect();
        let written = write_lengths(&documents, segment);
        let written = written.and_then(|()| write_postings(&fields, documents, segment));
        written.and(beside.join().unwrap_or_else(|_| Err(panicked())))
    })?;
    Ok(Some(segment.meta().clone()))
}

fn panicked() -> TantivyError {
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
type DocumentsOfField = Vec<(DocId, InDocument)>;

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

/// Postings of a field on their way from the thread that turns them around to the one that writes them.
struct Turning<'a> {
    field: Field,
    turned: Arc<Turned<'a>>,
    /// Ranges of terms, each with its postings.
    ranges: Receiver<(Range<usize>, Vec<u8>)>,
}

/// Terms, postings and positions. Two threads share the work: one turns the postings of a range of terms around while the other writes
/// those of the range before it.
fn write_postings(
    fields: &[FieldDraft],
    documents: Vec<DocumentsOfField>,
    segment: &Segment,
) -> tantivy::Result<()> {
    let lengths = FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)?;
    let mut serializer = InvertedIndexSerializer::open(segment)?;
    let (sender, receiver) = sync_channel(1);
    thread::scope(|scope| {
        scope.spawn(move || turn(fields, documents, &sender));
        for Turning { field, turned, ranges } in receiver {
            let mut of_field = serializer.new_field(field, turned.tokens(), lengths.get_field(field)?)?;
            for (range, postings) in ranges {
                write_range(&turned, range, &postings, &mut of_field)?;
            }
            of_field.close()?;
        }
        Ok::<_, TantivyError>(())
    })?;
    Ok(serializer.close()?)
}

/// Turns around all fields that have any terms, until nobody wants them any more.
fn turn<'a>(fields: &'a [FieldDraft], documents: Vec<DocumentsOfField>, sender: &SyncSender<Turning<'a>>) {
    for ((field, draft), documents) in (0..).map(Field::from_field_id).zip(fields).zip(documents) {
        let turned = Arc::new(Turned::measure(draft, documents));
        if turned.order.is_empty() {
            continue;
        }
        let (ranges_sender, ranges) = sync_channel(0);
        if sender.send(Turning { field, turned: Arc::clone(&turned), ranges }).is_err() {
            return;
        }
        turned.each_range(|range, postings| ranges_sender.send((range, postings)).is_ok());
    }
}

fn write_range(
    turned: &Turned<'_>,
    range: Range<usize>,
    mut postings: &[u8],
    serializer: &mut FieldSerializer<'_>,
) -> tantivy::Result<()> {
    for &term in &turned.order[range] {
        let size = turned.sizes[term as usize];
        let (of_term, others) = postings.split_at(size.bytes as usize);
        write_term(turned.field, term, size.documents, of_term, serializer)?;
        postings = others;
    }
    Ok(())
}

fn write_term(
    draft: &FieldDraft,
    term: u32,
    documents: u32,
    postings: &[u8],
    serializer: &mut FieldSerializer<'_>,
) -> tantivy::Result<()> {
    let mut numbers = Numbers::new(postings);
    let has_places = draft.has_places;
    // Without places the engine wants no number of documents either.
    serializer.new_term(draft.terms.term(term), if has_places { documents } else { 0 }, has_places)?;
    let (mut doc, mut places) = (0, Vec::new());
    for _ in 0..documents {
        doc += numbers.take();
        places.clear();
        if has_places {
            let count = numbers.take();
            places.extend((0..count).map(|_| numbers.take()));
        }
        serializer.write_doc(doc, places.len() as u32, &places);
    }
    Ok(serializer.close_term()?)
}
