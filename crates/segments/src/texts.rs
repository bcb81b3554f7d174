//! What is kept of the documents of a segment besides postings, on the way into its files.

use std::slice;

use store::{PackedRecords, RecordsWriter};
use tantivy::{DocId, Segment};

/// Records that are written at once.
const STEP: usize = 16;

/// Writes the records of a segment bit by bit, where a thread would wait otherwise.
pub(crate) struct Texts<'a> {
    writer: RecordsWriter,
    /// The documents whose records are still to be written.
    left: slice::Iter<'a, DocId>,
}

impl<'a> Texts<'a> {
    /// Of these documents, in this order.
    ///
    /// # Errors
    /// When a file cannot be made.
    pub(crate) fn new(
        records: PackedRecords,
        segment: &Segment,
        documents: &'a [DocId],
    ) -> tantivy::Result<Texts<'a>> {
        Ok(Texts { writer: records.write_to(segment)?, left: documents.iter() })
    }

    /// Writes a few records. Is there more to do?
    ///
    /// # Errors
    /// When a file cannot be written.
    pub(crate) fn step(&mut self) -> tantivy::Result<bool> {
        self.write(STEP)?;
        Ok(self.left.len() > 0)
    }

    fn write(&mut self, count: usize) -> tantivy::Result<()> {
        self.left.by_ref().take(count).try_for_each(|doc| self.writer.write(*doc as usize))
    }

    /// Writes the rest, and ends the files.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub(crate) fn finish(mut self) -> tantivy::Result<()> {
        self.write(usize::MAX)?;
        self.writer.finish()
    }
}
