//! The files of a segment, made of a draft.

use std::sync::mpsc::sync_channel;
use std::thread;

use store::take_number;
use tantivy::directory::TerminatingWrite;
use tantivy::fastfield::FastFieldsWriter;
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::SegmentComponent;
use tantivy::postings::{FieldSerializer, InvertedIndexSerializer};
use tantivy::schema::Field;
use tantivy::store::StoreWriter;
use tantivy::{DocId, Index, Segment, SegmentMeta, TantivyDocument, TantivyError};

use crate::draft::{Draft, FieldDraft, Kept};
use crate::turned::Turned;

/// Writes a segment. `None` where no document is left of the draft.
///
/// # Errors
/// When a file cannot be written. Those that were are of no use then.
pub(crate) fn write(draft: Draft, index: &Index) -> tantivy::Result<Option<SegmentMeta>> {
    let kept = &draft.kept();
    if kept.count == 0 {
        return Ok(None);
    }
    let segment = &index.new_segment().with_max_doc(kept.count);
    let Draft { fields, columns, records, .. } = draft;
    thread::scope(|scope| {
        let beside = scope.spawn(move || {
            write_columns(columns, kept, segment)?;
            records.write(segment, |number| kept.number(number as DocId).is_some())
        });
        let written =
            write_lengths(&fields, kept, segment).and_then(|()| write_postings(fields, kept, segment));
        written.and(beside.join().unwrap_or_else(|_| Err(panicked())))
    })?;
    Ok(Some(segment.meta().clone()))
}

fn panicked() -> TantivyError {
    TantivyError::InternalError("a thread that writes a segment failed".to_owned())
}

/// Columns, and the engine's own store of documents, which stays empty.
fn write_columns(columns: Vec<TantivyDocument>, kept: &Kept, segment: &Segment) -> tantivy::Result<()> {
    let (index, schema) = (segment.index(), segment.schema());
    let tokenizers = index.fast_field_tokenizer().clone();
    let mut writer = FastFieldsWriter::from_schema_and_tokenizer_manager(&schema, tokenizers)?;
    let settings = index.settings();
    let file = segment.open_write(SegmentComponent::Store)?;
    let (compression, block) = (settings.docstore_compression, settings.docstore_blocksize);
    let mut store = StoreWriter::new(file, compression, block, false)?;
    let nothing = TantivyDocument::new();
    for (_, columns) in (0..).zip(columns).filter(|(doc, _)| kept.number(*doc).is_some()) {
        writer.add_document(&columns)?;
        store.store(&nothing, &schema)?;
    }
    store.close()?;
    let mut file = segment.open_write(SegmentComponent::FastFields)?;
    writer.serialize(&mut file, None)?;
    Ok(file.terminate()?)
}

/// How long each field is in each document.
fn write_lengths(fields: &[FieldDraft], kept: &Kept, segment: &Segment) -> tantivy::Result<()> {
    let mut writer = FieldNormsWriter::for_schema(&segment.schema());
    for (field, draft) in (0..).map(Field::from_field_id).zip(fields) {
        for &(doc, length) in &draft.lengths {
            if let Some(doc) = kept.number(doc) {
                writer.record(doc, field, length);
            }
        }
    }
    writer.fill_up_to_max_doc(kept.count);
    let file = segment.open_write(SegmentComponent::FieldNorms)?;
    Ok(writer.serialize(FieldNormsSerializer::from_write(file)?, None)?)
}

/// Terms, postings and positions.
fn write_postings(fields: Vec<FieldDraft>, kept: &Kept, segment: &Segment) -> tantivy::Result<()> {
    let lengths = FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)?;
    let mut serializer = InvertedIndexSerializer::open(segment)?;
    for (field, draft) in (0..).map(Field::from_field_id).zip(fields) {
        let is_kept = |(doc, length): &(DocId, u32)| kept.number(*doc).map(|_| u64::from(*length));
        let tokens = draft.lengths.iter().filter_map(is_kept).sum();
        if tokens > 0 {
            let mut of_field = serializer.new_field(field, tokens, lengths.get_field(field)?)?;
            write_field(&draft, kept, &mut of_field)?;
            of_field.close()?;
        }
    }
    Ok(serializer.close()?)
}

/// Two threads share the work: one turns the postings of a range of terms around while the other writes those of the range before it.
fn write_field(draft: &FieldDraft, kept: &Kept, serializer: &mut FieldSerializer<'_>) -> tantivy::Result<()> {
    let turned = &Turned::measure(draft, kept);
    let (sender, receiver) = sync_channel(1);
    let mut write = |range: std::ops::Range<usize>, postings: Vec<u8>| {
        let mut rest = &postings[..];
        for &term in &turned.order[range] {
            let size = turned.sizes[term as usize];
            let (postings, others) = rest.split_at(size.bytes as usize);
            write_term(draft, term, size.documents, postings, serializer)?;
            rest = others;
        }
        Ok::<_, TantivyError>(())
    };
    if turned.ranges.len() == 1 {
        let mut written = Ok(());
        turned.each_range(|range, postings| {
            written = write(range, postings);
            false
        });
        return written;
    }
    thread::scope(|scope| {
        scope.spawn(move || turned.each_range(|range, postings| sender.send((range, postings)).is_ok()));
        receiver.into_iter().try_for_each(|(range, postings)| write(range, postings))
    })
}

fn write_term(
    draft: &FieldDraft,
    term: u32,
    documents: u32,
    mut postings: &[u8],
    serializer: &mut FieldSerializer<'_>,
) -> tantivy::Result<()> {
    let mut take = || take_number(&mut postings).unwrap_or_default() as u32;
    let has_places = draft.has_places;
    // Without places the engine wants no number of documents either.
    serializer.new_term(draft.terms.term(term), if has_places { documents } else { 0 }, has_places)?;
    let (mut doc, mut places) = (0, Vec::new());
    for _ in 0..documents {
        doc += take();
        places.clear();
        if has_places {
            let count = take();
            places.extend((0..count).map(|_| take()));
        }
        serializer.write_doc(doc, places.len() as u32, &places);
    }
    Ok(serializer.close_term()?)
}
