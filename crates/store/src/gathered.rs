//! The records of a segment that is being made.

use std::sync::Arc;

use tantivy::Segment;
use tantivy::directory::OwnedBytes;

use crate::packed::{LEAST_BYTES, Packer};
use crate::plugin::{SharedPacker, open_both};
use crate::{Record, StoreError};

/// How much of the articles a dictionary is trained on, in bytes.
pub(crate) const SAMPLE_BYTES: usize = 3 << 20;

/// So many bytes tell whether a dictionary serves the articles of a segment.
const TEST_BYTES: usize = 4 * LEAST_BYTES;

/// So many bytes of articles wait until the segment is written, even if they could be packed: then a thread has time for it that while
/// documents were added had none.
const LEFT_BYTES: usize = 32 << 20;

/// The records of a segment, in memory: packed, or waiting. Who adds them packs them before, so that several threads can add to one segment
/// and do not wait for each other's packing.
pub struct Gathered {
    shared: SharedPacker,
    packer: Option<Arc<Packer>>,
    /// The packer of the run was tried, and does not serve.
    is_unlike: bool,
    /// Somebody trains a dictionary for the run.
    is_training: bool,
    records: Vec<Kept>,
    waiting_bytes: usize,
    bytes: usize,
}

struct Kept {
    note: Box<[u8]>,
    text: Text,
}

enum Text {
    Packed(Box<[u8]>),
    /// Card and text.
    Waiting(Box<[u8]>, Box<[u8]>),
}

impl Text {
    fn len(&self) -> usize {
        match self {
            Text::Packed(packed) => packed.len(),
            Text::Waiting(card, text) => card.len() + text.len(),
        }
    }
}

/// What packs the records of a segment.
#[derive(Clone)]
pub struct RecordPacker(Arc<Packer>);

/// The card and text of a record, packed.
pub struct PackedRecord {
    packer: Arc<Packer>,
    bytes: Box<[u8]>,
}

impl RecordPacker {
    /// Packs a record.
    pub fn pack(&self, record: &Record<'_>) -> PackedRecord {
        let bytes = self.0.pack(record.card, record.text).into_boxed_slice();
        PackedRecord { packer: Arc::clone(&self.0), bytes }
    }
}

/// A dictionary to be trained for the run.
#[must_use]
pub struct Training {
    sample: Vec<Box<[u8]>>,
    shared: SharedPacker,
}

impl Training {
    /// Trains it. Segments take it when the next record is added to them.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn run(self) -> Result<(), StoreError> {
        self.shared.get_or_train(|_| true, || Packer::trained(&self.sample)).map(drop)
    }
}

impl Gathered {
    pub(crate) fn new(shared: SharedPacker) -> Gathered {
        Gathered {
            shared,
            packer: None,
            is_unlike: false,
            is_training: false,
            records: Vec::new(),
            waiting_bytes: 0,
            bytes: 0,
        }
    }

    /// What packs the records that are added from now on; none while they are to wait.
    pub fn packer(&self) -> Option<RecordPacker> {
        self.packer.clone().filter(|_| self.waiting_bytes >= LEFT_BYTES).map(RecordPacker)
    }

    /// Adds a record, which `packed` is of, if it is there. Returns a dictionary to train where it is time for one: others can add records
    /// meanwhile.
    ///
    /// # Errors
    /// When a dictionary cannot be made.
    pub fn push(
        &mut self,
        record: &Record<'_>,
        packed: Option<PackedRecord>,
    ) -> Result<Option<Training>, StoreError> {
        let is_alike = |packed: &PackedRecord| {
            self.packer.as_ref().is_some_and(|packer| Arc::ptr_eq(packer, &packed.packer))
        };
        let text = match packed.filter(is_alike) {
            Some(packed) => Text::Packed(packed.bytes),
            None => Text::Waiting(record.card.into(), record.text.into()),
        };
        self.bytes += record.note.len() + text.len();
        if matches!(text, Text::Waiting(..)) {
            self.waiting_bytes += text.len();
        }
        self.records.push(Kept { note: record.note.into(), text });
        if self.packer.is_some() {
            return Ok(None);
        }
        self.look_for_packer()
    }

    /// Takes the packer of the run, if there is one that serves, or asks for one.
    fn look_for_packer(&mut self) -> Result<Option<Training>, StoreError> {
        if self.waiting_bytes < LEAST_BYTES || self.is_unlike && self.waiting_bytes < SAMPLE_BYTES {
            return Ok(None);
        }
        if self.is_unlike {
            self.packer = Some(Arc::new(Packer::trained(self.waiting())?));
            return Ok(None);
        }
        match self.shared.get() {
            Some(packer) => {
                self.is_unlike = !self.is_served(&packer);
                self.packer = Some(packer).filter(|_| !self.is_unlike);
                Ok(None)
            }
            None if self.waiting_bytes >= SAMPLE_BYTES && !self.is_training => {
                self.is_training = true;
                Ok(Some(Training { sample: self.waiting().cloned().collect(), shared: self.shared.clone() }))
            }
            None => Ok(None),
        }
    }

    /// Cards and texts that wait.
    fn waiting(&self) -> impl Iterator<Item = &Box<[u8]>> {
        self.records
            .iter()
            .flat_map(|kept| match &kept.text {
                Text::Packed(_) => [None, None],
                Text::Waiting(card, text) => [Some(card), Some(text)],
            })
            .flatten()
    }

    /// Does a packer serve what waits? Some articles from everywhere say it.
    fn is_served(&self, packer: &Packer) -> bool {
        let step = self.waiting_bytes.div_ceil(TEST_BYTES);
        packer.lengths(self.waiting().skip(1).step_by(2 * step)).are_served()
    }

    /// How many records there are.
    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// Bytes of memory it takes.
    pub fn memory(&self) -> usize {
        self.bytes + self.records.len() * size_of::<Kept>()
    }

    /// Packs all that wait.
    ///
    /// # Errors
    /// When a dictionary cannot be made.
    pub fn packed(mut self) -> Result<PackedRecords, StoreError> {
        let packer = self.last_packer()?;
        let packed = |Kept { note, text }| match text {
            Text::Packed(packed) => [note, packed],
            Text::Waiting(card, text) => [note, packer.pack(&card, &text).into_boxed_slice()],
        };
        Ok(PackedRecords {
            records: self.records.into_iter().map(packed).collect(),
            dictionary: packer.dictionary.clone(),
        })
    }

    /// The packer of all records, which is made now where none has been found on the way.
    fn last_packer(&mut self) -> Result<Arc<Packer>, StoreError> {
        self.packer.take().map_or_else(|| self.packer_of_few(), Ok)
    }

    /// A packer for a segment that has not found one on the way.
    fn packer_of_few(&self) -> Result<Arc<Packer>, StoreError> {
        if self.waiting_bytes < LEAST_BYTES {
            return Ok(Arc::new(Packer::trained(self.waiting())?));
        }
        let serves = |packer: &Packer| !self.is_unlike && self.is_served(packer);
        self.shared.get_or_train(serves, || Packer::trained(self.waiting()))
    }
}

/// The records of a segment, all of them packed.
pub struct PackedRecords {
    /// Note and text of each.
    records: Vec<[Box<[u8]>; 2]>,
    dictionary: OwnedBytes,
}

impl PackedRecords {
    /// Writes the side files of a segment, with the records of these numbers in this order. Each is forgotten when it is written.
    ///
    /// # Errors
    /// When a file cannot be made or written.
    ///
    /// # Panics
    /// Where there is no record of a number.
    pub fn write_to(mut self, segment: &Segment, order: impl Iterator<Item = usize>) -> tantivy::Result<()> {
        let [mut notes, mut texts] = open_both(segment)?;
        for number in order {
            let [note, text] = std::mem::take(&mut self.records[number]);
            notes.push_note(&note)?;
            texts.push(&text)?;
        }
        notes.finish(&[])?;
        Ok(texts.finish(&self.dictionary)?)
    }
}
