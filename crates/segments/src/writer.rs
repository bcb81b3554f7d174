//! Adding documents from all threads.

use std::collections::HashSet;
use std::hint::spin_loop;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use store::{Record, StorePlugin, record_field};
use tantivy::index::SegmentId;
use tantivy::indexer::NoMergePolicy;
use tantivy::schema::{Field, Schema, Term, Value};
use tantivy::{Index, IndexWriter, TantivyDocument};

use crate::deletion::InSegments;
use crate::draft::{Draft, Encoded};
use crate::inverter::{Analyze, Derived, Inverted, Inverter};
use crate::segment;

/// The least memory that the engine's writer can be made with, in bytes. It uses none of it.
const ENGINE_MEMORY_BYTES: usize = 15_000_000;

/// The most that a segment can take in memory, in bytes: places in it are numbers of 32 bits.
const MOST_BYTES: usize = 2_000_000_000;

/// A thread asks for the draft so often before it falls asleep: some twenty microseconds.
const SPINS: usize = 1000;

/// Adds documents to an index, and deletes them. Nothing becomes true before the engine commits (see [`Writer::finish`]).
pub struct Writer {
    index: Index,
    schema: Schema,
    engine: IndexWriter,
    plugin: Arc<StorePlugin>,
    record: Field,
    options: Options,
    draft: RwLock<Numbered>,
    /// The segments that the engine knows. Held while a draft becomes one of them: what is deleted must not be on the way.
    segments: Mutex<Arc<HashSet<SegmentId>>>,
    /// Those that no thread uses just now.
    tools: Mutex<Vec<Tools>>,
}

/// How a writer works.
#[derive(Clone, Copy)]
pub struct Options {
    /// A segment is made of what has taken so many bytes in memory; until it is written, it and the next one are there.
    pub segment_bytes: usize,
    /// What makes terms of the text of fields with a tokenizer of this name; where it gives nothing, the engine's does.
    pub analysis: fn(&str) -> Option<Analyze>,
    /// A field that is filled from another one.
    pub derived: Option<Derived>,
    /// Put documents that are alike next to each other, unless they come with places of their own.
    pub alike: Option<Alike>,
}

/// Everything has been written.
pub struct Finished {
    /// Knows it, and can commit.
    pub engine: IndexWriter,
    /// How many segments there are with it.
    pub segments: usize,
}

/// What documents are compared by.
#[derive(Clone, Copy)]
pub struct Alike {
    /// The field whose terms they share.
    pub field: Field,
    /// On how many threads they are put in order.
    pub threads: usize,
}

/// The engine's writer, for commits, merges and deletions. It merges nothing by itself.
///
/// # Errors
/// When another writer has the index.
pub fn engine_writer(index: &Index) -> tantivy::Result<IndexWriter> {
    let engine: IndexWriter = index.writer_with_num_threads(1, ENGINE_MEMORY_BYTES)?;
    engine.set_merge_policy(Box::new(NoMergePolicy));
    Ok(engine)
}

/// A draft, and the how many'th it is.
struct Numbered {
    number: u64,
    draft: Draft,
}

/// What a thread inverts with.
struct Tools {
    inverter: Inverter,
    encoded: Encoded,
}

impl Writer {
    /// A writer. Nothing is merged.
    ///
    /// # Errors
    /// When another writer has the index.
    pub fn new(index: &Index, plugin: Arc<StorePlugin>, options: Options) -> tantivy::Result<Writer> {
        let engine = engine_writer(index)?;
        let schema = index.schema();
        let record = record_field(&schema)?;
        let draft = RwLock::new(Numbered { number: 0, draft: Draft::new(&schema, plugin.gather()) });
        Ok(Writer {
            index: index.clone(),
            schema,
            engine,
            plugin,
            record,
            options: Options { segment_bytes: options.segment_bytes.min(MOST_BYTES), ..options },
            draft,
            segments: Mutex::new(Arc::new(index.searchable_segment_ids()?.into_iter().collect())),
            tools: Mutex::default(),
        })
    }

    /// Adds a document. Of its values that are not indexed only columns and the record are kept.
    ///
    /// # Errors
    /// When a value is of another type than its field, or a segment that has become full cannot be written.
    pub fn add_document(&self, document: &TantivyDocument) -> tantivy::Result<()> {
        self.add_document_at(0, document)
    }

    /// Adds a document to those that come to the same segment in the order of these places; where they are equal, in the order in which
    /// they come.
    ///
    /// # Errors
    /// As [`add_document`](Self::add_document).
    pub fn add_document_at(&self, place: u64, document: &TantivyDocument) -> tantivy::Result<()> {
        let mut tools = self.take_tools()?;
        let is_full = self.add_with(&mut tools, place, document);
        if !tools.inverter.is_large() {
            self.tools.lock().unwrap_or_else(PoisonError::into_inner).push(tools);
        }
        if is_full? { self.write_segment(self.options.segment_bytes) } else { Ok(()) }
    }

    fn take_tools(&self) -> tantivy::Result<Tools> {
        let tools = self.tools.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let new = || {
            Ok(Tools { inverter: Inverter::new(&self.index, &self.options)?, encoded: Encoded::default() })
        };
        tools.map_or_else(new, Ok)
    }

    /// Is the segment full now?
    fn add_with(&self, tools: &mut Tools, place: u64, document: &TantivyDocument) -> tantivy::Result<bool> {
        let inverted = tools.inverter.invert(document)?;
        let record = Record::of_value(document.get_first(self.record).and_then(|value| value.as_custom()))?;
        let columns = self.columns(document, inverted);
        let packer = {
            let numbered = self.read();
            numbered.draft.find(numbered.number, inverted, &mut tools.encoded);
            numbered.draft.packer()
        };
        tools.encoded.encode(inverted);
        let packed = packer.map(|packer| packer.pack(&record));
        let (training, bytes) = {
            let mut numbered = self.write();
            let encoded = Some(&tools.encoded).filter(|encoded| encoded.draft == numbered.number);
            let training = numbered.draft.push(place, inverted, encoded, columns, &record, packed)?;
            (training, numbered.draft.memory())
        };
        if let Some(training) = training {
            training.run()?;
        }
        Ok(bytes >= self.options.segment_bytes)
    }

    /// The values of a document that go into columns.
    fn columns(&self, document: &TantivyDocument, inverted: &Inverted) -> TantivyDocument {
        let mut columns = TantivyDocument::new();
        for (field, value) in document.field_values() {
            if self.schema.get_field_entry(field).is_fast() {
                columns.add_field_value(field, value);
            }
        }
        for &(field, number) in &inverted.columns {
            columns.add_u64(field, number);
        }
        columns.shrink_to_fit();
        columns
    }

    /// Deletes all documents that have a term and have been added before.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn delete_term(&self, term: Term) -> tantivy::Result<()> {
        let segments = self.lock_segments();
        self.write().draft.delete(&term);
        if !segments.is_empty() {
            self.engine.delete_query(Box::new(InSegments::new(term, Arc::clone(&segments))))?;
        }
        Ok(())
    }

    /// Writes what has been added, and gives the engine's writer, which knows all of it and can commit.
    ///
    /// # Errors
    /// When a segment cannot be written.
    pub fn finish(self) -> tantivy::Result<Finished> {
        self.write_segment(0)?;
        let segments = self.lock_segments().len();
        Ok(Finished { engine: self.engine, segments })
    }

    /// Makes a segment of the draft, if that takes so many bytes at least, while the next one is begun.
    fn write_segment(&self, least_bytes: usize) -> tantivy::Result<()> {
        let mut segments = self.lock_segments();
        let draft = {
            let mut numbered = self.write();
            // Another thread may have written it meanwhile.
            if numbered.draft.len() == 0 || numbered.draft.memory() < least_bytes {
                return Ok(());
            }
            numbered.number += 1;
            std::mem::replace(&mut numbered.draft, Draft::new(&self.schema, self.plugin.gather()))
        };
        if let Some(segment) = segment::write(draft, self.options.alike, &self.index)? {
            Arc::make_mut(&mut segments).insert(segment.id());
            self.engine.add_segment(segment)?;
        }
        Ok(())
    }

    fn lock_segments(&self) -> MutexGuard<'_, Arc<HashSet<SegmentId>>> {
        self.segments.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self) -> RwLockReadGuard<'_, Numbered> {
        self.draft.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// For itself alone. Who has the draft gives it back within the time that falling asleep and being woken would take, mostly.
    fn write(&self) -> RwLockWriteGuard<'_, Numbered> {
        for _ in 0..SPINS {
            if let Ok(draft) = self.draft.try_write() {
                return draft;
            }
            spin_loop();
        }
        self.draft.write().unwrap_or_else(PoisonError::into_inner)
    }
}
