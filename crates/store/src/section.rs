//! The shape of both side files: the records, then where each starts, then a dictionary, then the lengths of these.

use std::hint::black_box;
use std::io::{self, Write};

use tantivy::DocId;
use tantivy::directory::{FileSlice, OwnedBytes, TerminatingWrite, WritePtr};

use crate::error::StoreError;
use crate::number::push_number;

const START_BYTES: usize = 8;
const TAIL_BYTES: usize = 8;

/// A side file as read.
#[derive(Clone)]
pub(crate) struct Section {
    what: &'static str,
    records: OwnedBytes,
    starts: OwnedBytes,
    pub(crate) dictionary: OwnedBytes,
}

impl Section {
    pub(crate) fn open(file: &FileSlice, what: &'static str) -> Result<Section, StoreError> {
        let damaged = || StoreError::Damaged(what);
        let bytes = file.read_bytes()?;
        let tail = bytes.len().checked_sub(TAIL_BYTES).ok_or_else(damaged)?;
        let number = |at: usize| {
            bytes[at..at + 4].iter().rev().fold(0, |number: usize, &byte| number << 8 | usize::from(byte))
        };
        let (articles, dictionary) = (number(tail), number(tail + 4));
        let dictionary_start = tail.checked_sub(dictionary).ok_or_else(damaged)?;
        let starts =
            articles.checked_mul(START_BYTES).and_then(|length| dictionary_start.checked_sub(length));
        let starts = starts.ok_or_else(damaged)?;
        Ok(Section {
            what,
            records: bytes.slice(0..starts),
            starts: bytes.slice(starts..dictionary_start),
            dictionary: bytes.slice(dictionary_start..tail),
        })
    }

    /// The record of an article, which ends where the next one starts.
    #[inline]
    pub(crate) fn record(&self, doc: DocId) -> Result<&[u8], StoreError> {
        let start = self.start(doc as usize);
        let end = self.start(doc as usize + 1).unwrap_or(self.records.len());
        start.and_then(|start| self.records.get(start..end)).ok_or(StoreError::Damaged(self.what))
    }

    /// Has the beginnings of some records brought to the processor, all at once instead of each when it is read. Those that are not there are
    /// passed over.
    pub(crate) fn fetch_ahead(&self, docs: impl Iterator<Item = DocId>) {
        const LINE_BYTES: usize = 64;
        const LINES: usize = 6;
        for doc in docs {
            let record = self.record(doc).unwrap_or_default();
            record.iter().step_by(LINE_BYTES).take(LINES).for_each(|byte| {
                black_box(*byte);
            });
        }
    }

    fn start(&self, number: usize) -> Option<usize> {
        let at = number * START_BYTES;
        let bytes = self.starts.get(at..at + START_BYTES)?.try_into().ok()?;
        usize::try_from(u64::from_le_bytes(bytes)).ok()
    }

    /// How many bytes all records have.
    pub(crate) fn bytes(&self) -> usize {
        self.records.len()
    }

    pub(crate) fn articles(&self) -> usize {
        self.starts.len() / START_BYTES
    }
}

/// A side file as it is written.
pub(crate) struct SectionWriter {
    file: WritePtr,
    written: u64,
    pub(crate) starts: Vec<u64>,
}

impl SectionWriter {
    pub(crate) fn new(file: WritePtr) -> SectionWriter {
        SectionWriter { file, written: 0, starts: Vec::new() }
    }

    pub(crate) fn push(&mut self, record: &[u8]) -> io::Result<()> {
        self.starts.push(self.written);
        self.written += record.len() as u64;
        self.file.write_all(record)
    }

    /// A note and its length.
    pub(crate) fn push_note(&mut self, note: &[u8]) -> io::Result<()> {
        let mut record = Vec::with_capacity(note.len() + 2);
        push_number(&mut record, note.len() as u64);
        record.extend_from_slice(note);
        self.push(&record)
    }

    pub(crate) fn finish(mut self, dictionary: &[u8]) -> io::Result<()> {
        for start in &self.starts {
            self.file.write_all(&start.to_le_bytes())?;
        }
        self.file.write_all(dictionary)?;
        self.file.write_all(&(self.starts.len() as u32).to_le_bytes())?;
        self.file.write_all(&(dictionary.len() as u32).to_le_bytes())?;
        self.file.terminate()
    }
}
