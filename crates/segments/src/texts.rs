//! What is kept of the documents of a segment besides postings, on the way into its files.

use std::slice;

use store::{Gathered, RecordsWriter};
use tantivy::{DocId, Segment, TantivyError};

/// Records that are written at once.
const STEP: usize = 16;

/// Writes the records of a segment bit by bit, where a thread would wait otherwise: most have to be packed first.
pub(crate) struct Texts<'a> {
    segment: &'a Segment,
    /// Until they are written.
    gathered: Option<Gathered>,
    writer: Option<RecordsWriter>,
    failed: Option<TantivyError>,
    /// The documents whose records are still to be written.
    left: slice::Iter<'a, DocId>,
}

impl<'a> Texts<'a> {
    /// Of these documents, in this order.
    pub(crate) fn new(records: Gathered, segment: &'a Segment, documents: &'a [DocId]) -> Texts<'a> {
        Texts { segment, gathered: Some(records), writer: None, failed: None, left: documents.iter() }
    }

    /// Writes a few records. Is there more to do?
    pub(crate) fn step(&mut self) -> bool {
        if self.failed.is_none() {
            self.failed = self.write(STEP).err();
        }
        self.failed.is_none() && self.left.len() > 0
    }

    fn write(&mut self, count: usize) -> tantivy::Result<()> {
        if let Some(records) = self.gathered.take() {
            self.writer = Some(records.write_to(self.segment)?);
        }
        match &mut self.writer {
            Some(writer) => self.left.by_ref().take(count).try_for_each(|doc| writer.write(*doc as usize)),
            None => Ok(()),
        }
    }

    /// Writes the rest, and ends the files.
    ///
    /// # Errors
    /// When a file cannot be written, now or before.
    pub(crate) fn finish(mut self) -> tantivy::Result<()> {
        self.failed.take().map_or(Ok(()), Err)?;
        self.write(usize::MAX)?;
        self.writer.map_or(Ok(()), RecordsWriter::finish)
    }
}
