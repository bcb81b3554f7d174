//! Terms, postings and positions of a segment. Three threads share the work, one behind the other: one turns the postings of a range of
//! terms around ([`turn`]), one writes those of the range before it ([`write_postings`]), and one puts the terms whose postings are
//! written into the dictionary ([`write_dictionaries`](crate::dictionary::write_dictionaries)).

use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use tantivy::directory::CompositeWrite;
use tantivy::fieldnorm::{FieldNormReader, FieldNormReaders};
use tantivy::index::SegmentComponent;
use tantivy::positions::PositionSerializer;
use tantivy::postings::TermInfo;
use tantivy::postings::serializer::PostingsSerializer;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Score, Segment};

use crate::dictionary::{Listing, TERMS_AT_ONCE};
use crate::draft::FieldDraft;
use crate::numbers::Numbers;
use crate::segment::{DocumentsOfField, panicked};
use crate::turned::{Measured, Turned};

/// Documents of a block of postings, as the engine packs them.
const BLOCK_DOCUMENTS: u32 = 128;

/// Lists of terms that wait for the dictionary.
const WAITING_LISTS: usize = 16;

/// Postings of a field on their way from the thread that turns them around to the one that writes them.
pub(crate) struct Turning<'a> {
    field: Field,
    turned: Arc<Turned<'a>>,
    /// Ranges of terms, each with its postings.
    ranges: Receiver<(Range<usize>, Vec<u8>)>,
}

/// Turns around all fields that have any terms.
///
/// # Errors
/// When the next thread has ended with an error of its own.
pub(crate) fn turn<'a>(
    fields: &'a [FieldDraft],
    documents: Vec<DocumentsOfField>,
    measured: &'a [Measured],
    segment: &Segment,
    sender: &SyncSender<Turning<'a>>,
) -> tantivy::Result<()> {
    let fields = (0..).map(Field::from_field_id).zip(fields);
    for (((field, draft), documents), measured) in fields.zip(documents).zip(measured) {
        if measured.order.is_empty() {
            continue;
        }
        let turned = Arc::new(Turned::new(draft, documents, measured, segment.meta().max_doc()));
        let (ranges_sender, ranges) = sync_channel(0);
        let turning = Turning { field, turned: Arc::clone(&turned), ranges };
        sender.send(turning).map_err(|_| panicked())?;
        turned.each_range(|range, postings| ranges_sender.send((range, postings)).map_err(|_| panicked()))?;
    }
    Ok(())
}

/// Writes what another thread turns around, and tells a third one where that came to lie.
///
/// # Errors
/// When a file cannot be written, or the third thread has ended with an error of its own.
pub(crate) fn write_postings<'a>(
    fields: Receiver<Turning<'a>>,
    listings: &SyncSender<Listing<'a>>,
    segment: &Segment,
) -> tantivy::Result<()> {
    let schema = segment.schema();
    let lengths = FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)?;
    let mut postings_file = CompositeWrite::wrap(segment.open_write(SegmentComponent::Postings)?);
    let mut positions_file = CompositeWrite::wrap(segment.open_write(SegmentComponent::Positions)?);
    for Turning { field, turned, ranges } in fields {
        let (infos_sender, infos) = sync_channel(WAITING_LISTS);
        let listing = Listing { field, turned: Arc::clone(&turned), infos };
        listings.send(listing).map_err(|_| panicked())?;
        let option = schema.get_field_entry(field).field_type().index_record_option();
        let mut writer = FieldWriter::new(
            option.unwrap_or(IndexRecordOption::Basic),
            turned.tokens(),
            lengths.get_field(field)?,
            postings_file.for_field(field),
            positions_file.for_field(field),
        )?;
        for (range, postings) in ranges {
            let mut left = &postings[..];
            for terms in turned.measured.order[range].chunks(TERMS_AT_ONCE) {
                let infos = terms.iter().map(|&term| {
                    let (of_term, others) = left.split_at(turned.most_bytes(term));
                    left = others;
                    writer.write_term(turned.documents_of(term), of_term)
                });
                let infos = infos.collect::<io::Result<Vec<TermInfo>>>()?;
                infos_sender.send(infos).map_err(|_| panicked())?;
            }
        }
        writer.close()?;
    }
    postings_file.close()?;
    Ok(positions_file.close()?)
}

/// Writes postings and positions of a field, in the engine's format, term by term.
struct FieldWriter<W: Write> {
    option: IndexRecordOption,
    average_length: Score,
    /// Of the field in each document, if scores are made of it.
    lengths: Option<FieldNormReader>,
    postings: W,
    positions: Option<PositionSerializer<W>>,
    /// Packs the postings of terms that fill no block. The engine's serializer remembers the last document of a full one.
    rare: PostingsSerializer,
    /// Packed postings of a term.
    packed: Vec<u8>,
    /// Where those of the next term start.
    start: usize,
    /// Places of a term in a document, each as its distance from the one before.
    places: Vec<u32>,
}

impl<W: Write> FieldWriter<W> {
    /// Of a field that all documents together have so many terms in.
    fn new(
        option: IndexRecordOption,
        tokens: u64,
        lengths: Option<FieldNormReader>,
        mut postings: W,
        positions: W,
    ) -> io::Result<FieldWriter<W>> {
        postings.write_all(&tokens.to_le_bytes())?;
        let average = lengths.as_ref().map(|lengths| tokens as Score / lengths.num_docs() as Score);
        Ok(FieldWriter {
            option,
            average_length: average.unwrap_or(0.0),
            lengths,
            postings,
            positions: option.has_positions().then(|| PositionSerializer::new(positions)),
            // Scores are told of full blocks alone: it needs no lengths.
            rare: PostingsSerializer::new(0.0, option, None),
            packed: Vec::new(),
            start: 0,
            places: Vec::new(),
        })
    }

    /// Writes the postings of a term in so many documents, as they come from [`Turned::each_range`].
    fn write_term(&mut self, documents: u32, postings: &[u8]) -> io::Result<TermInfo> {
        let (has_places, positions_start) = (self.positions.is_some(), self.positions_end());
        let mut frequent = (documents >= BLOCK_DOCUMENTS)
            .then(|| PostingsSerializer::new(self.average_length, self.option, self.lengths.clone()));
        let serializer = frequent.as_mut().unwrap_or(&mut self.rare);
        serializer.new_term(documents, has_places);
        let (mut doc, mut numbers) = (0, Numbers::new(postings));
        for _ in 0..documents {
            doc += numbers.take();
            self.places.clear();
            if let Some(positions) = &mut self.positions {
                let count = numbers.take();
                self.places.extend((0..count).map(|_| numbers.take()));
                positions.write_positions_delta(&self.places);
            }
            serializer.write_doc(doc, self.places.len() as u32);
        }
        self.packed.clear();
        serializer.close_term(documents, &mut self.packed)?;
        self.postings.write_all(&self.packed)?;
        if let Some(positions) = &mut self.positions {
            positions.close_term()?;
        }
        let postings_start = self.start;
        self.start += self.packed.len();
        Ok(TermInfo {
            doc_freq: documents,
            postings_range: postings_start..self.start,
            positions_range: positions_start..self.positions_end(),
        })
    }

    /// Bytes of the positions of all terms so far.
    fn positions_end(&self) -> usize {
        self.positions.as_ref().map_or(0, |positions| positions.written_bytes() as usize)
    }

    fn close(self) -> io::Result<()> {
        self.positions.map_or(Ok(()), PositionSerializer::close)
    }
}
