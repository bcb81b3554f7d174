//! Terms, postings and positions of a segment. Two threads share the work: one turns the postings of a range of terms around while the
//! other writes those of the range before it.

use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use tantivy::Segment;
use tantivy::fieldnorm::FieldNormReaders;
use tantivy::index::SegmentComponent;
use tantivy::postings::{FieldSerializer, InvertedIndexSerializer};
use tantivy::schema::Field;

use crate::draft::FieldDraft;
use crate::numbers::Numbers;
use crate::segment::{DocumentsOfField, panicked};
use crate::texts::Texts;
use crate::turned::{Measured, Turned};

/// Postings of a field on their way from the thread that turns them around to the one that writes them.
pub(crate) struct Turning<'a> {
    field: Field,
    turned: Arc<Turned<'a>>,
    /// Ranges of terms, each with its postings.
    ranges: Receiver<(Range<usize>, Vec<u8>)>,
}

/// Turns around all fields that have any terms. Where it would wait, it writes texts.
///
/// # Errors
/// When a text cannot be written, or the other thread has ended with an error of its own.
pub(crate) fn turn<'a>(
    fields: &'a [FieldDraft],
    documents: Vec<DocumentsOfField>,
    measured: &'a [Measured],
    segment: &Segment,
    sender: &SyncSender<Turning<'a>>,
    texts: &mut Texts<'_>,
) -> tantivy::Result<()> {
    let fields = (0..).map(Field::from_field_id).zip(fields);
    for (((field, draft), documents), measured) in fields.zip(documents).zip(measured) {
        if measured.order.is_empty() {
            continue;
        }
        let turned = Arc::new(Turned::new(draft, documents, measured, segment.meta().max_doc()));
        let (ranges_sender, ranges) = sync_channel(0);
        hand_over(sender, Turning { field, turned: Arc::clone(&turned), ranges }, texts)?;
        turned.each_range(|range, postings| hand_over(&ranges_sender, (range, postings), texts))?;
    }
    Ok(())
}

/// Sends something as soon as it is taken, and writes texts meanwhile.
fn hand_over<T>(sender: &SyncSender<T>, mut what: T, texts: &mut Texts<'_>) -> tantivy::Result<()> {
    loop {
        match sender.try_send(what) {
            Ok(()) => return Ok(()),
            Err(TrySendError::Disconnected(_)) => return Err(panicked()),
            Err(TrySendError::Full(back)) if texts.step()? => what = back,
            Err(TrySendError::Full(back)) => return sender.send(back).map_err(|_| panicked()),
        }
    }
}

/// Writes what another thread turns around.
pub(crate) fn write_postings(fields: Receiver<Turning<'_>>, segment: &Segment) -> tantivy::Result<()> {
    let lengths = FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)?;
    let mut serializer = InvertedIndexSerializer::open(segment)?;
    let mut places = Vec::new();
    for Turning { field, turned, ranges } in fields {
        let mut of_field = serializer.new_field(field, turned.tokens(), lengths.get_field(field)?)?;
        for (range, postings) in ranges {
            write_range(&turned, range, &postings, &mut places, &mut of_field)?;
        }
        of_field.close()?;
    }
    Ok(serializer.close()?)
}

fn write_range(
    turned: &Turned<'_>,
    range: Range<usize>,
    mut postings: &[u8],
    places: &mut Vec<u32>,
    serializer: &mut FieldSerializer<'_>,
) -> tantivy::Result<()> {
    let Turned { field, measured, .. } = turned;
    for &term in &measured.order[range] {
        let (of_term, others) = postings.split_at(turned.most_bytes(term));
        let documents = measured.sizes[term as usize].documents;
        // Without places the engine wants no number of documents either.
        let told = if field.has_places { documents } else { 0 };
        serializer.new_term(field.terms.term(term), told, field.has_places)?;
        let (mut doc, mut numbers) = (0, Numbers::new(of_term));
        for _ in 0..documents {
            doc += numbers.take();
            places.clear();
            if field.has_places {
                let count = numbers.take();
                places.extend((0..count).map(|_| numbers.take()));
            }
            serializer.write_doc(doc, places.len() as u32, places);
        }
        serializer.close_term()?;
        postings = others;
    }
    Ok(())
}
