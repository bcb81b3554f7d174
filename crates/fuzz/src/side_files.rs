//! The side files of a small segment, and the same files with any other bytes in their place.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use store::{FIELD_TYPE, Notes, Record, Store, StorePlugin};
use tantivy::directory::{Directory, RamDirectory};
use tantivy::schema::Schema;
use tantivy::{HasLen, Index, IndexSettings, TantivyDocument};

/// Articles in the segment.
const ARTICLES: u32 = 40;

/// The most bytes of text that a byte of a damaged file can stand for: without its mark, it is read as versions until 5 wrote it.
const OLDER_CHUNK_BYTES: usize = 4096;

/// A file as it was written: what our crate wrote, and the engine's footer behind it.
struct Side {
    path: PathBuf,
    body: Vec<u8>,
    footer: Vec<u8>,
}

/// A segment in memory with its two side files.
pub struct SideFiles {
    directory: RamDirectory,
    index: Index,
    notes: Side,
    texts: Side,
}

impl SideFiles {
    /// Some articles of different lengths, as the indexer would store them.
    pub fn new() -> SideFiles {
        let mut schema = Schema::builder();
        let record = schema.add_custom_field("record", FIELD_TYPE, serde_json::Value::Null);
        let directory = RamDirectory::create();
        let settings =
            IndexSettings { docstore_compress_dedicated_thread: false, ..IndexSettings::default() };
        let index = Index::builder().schema(schema.build()).settings(settings);
        let index = index.register_plugin(Arc::new(StorePlugin::default()));
        let mut writer =
            index.single_segment_index_writer(directory.clone(), 15_000_000).expect("a writer in memory");
        for number in 0..ARTICLES {
            let mut document = TantivyDocument::new();
            let text = format!("The harbour office printed table {number}. ").repeat(number as usize * 9);
            let (note, card) = (format!("note {number}"), format!("card {number}"));
            let stored = Record { note: note.as_bytes(), card: card.as_bytes(), text: text.as_bytes() };
            document.add_custom(record, &stored.to_bytes());
            writer.add_document(document).expect("memory");
        }
        let index = writer.finalize().expect("an index in memory");
        let files = |ending: &str| Side::find(&directory, &index, ending);
        SideFiles { notes: files("notes"), texts: files("texts"), directory, index }
    }

    /// Opens the file of notes with other bytes in it, and reads every note.
    pub fn read_notes(&self, bytes: &[u8]) {
        self.notes.replace(&self.directory, bytes);
        for segment in self.segments() {
            let Ok(notes) = Notes::open(&segment) else { continue };
            for doc in 0..=ARTICLES {
                assert!(notes.of(doc).map_or(0, <[u8]>::len) <= bytes.len());
            }
        }
        self.notes.replace(&self.directory, &self.notes.body);
    }

    /// Opens the file of texts with other bytes in it, and reads every text.
    pub fn read_texts(&self, bytes: &[u8]) {
        self.texts.replace(&self.directory, bytes);
        for segment in self.segments() {
            let Ok(store) = Store::open(&segment) else { continue };
            for doc in 0..=ARTICLES {
                let Ok(text) = store.text(doc) else { continue };
                // A byte of lengths can stand for a chunk of an older version.
                assert!(text.len() <= bytes.len().saturating_mul(OLDER_CHUNK_BYTES));
                let _ =
                    (text.card(), text.part(0..text.len().min(9)), text.part(5..2), text.part(0..usize::MAX));
                if let Ok((_, whole)) = text.whole() {
                    assert_eq!(whole.len(), text.len());
                }
            }
        }
        self.texts.replace(&self.directory, &self.texts.body);
    }

    /// The file of notes with changes: two bytes that say where and one that says what, and so on; a rest is the new length.
    pub fn changed_notes(&self, changes: &[u8]) -> Vec<u8> {
        changed(&self.notes.body, changes)
    }

    /// As [`changed_notes`](Self::changed_notes), of the texts.
    pub fn changed_texts(&self, changes: &[u8]) -> Vec<u8> {
        changed(&self.texts.body, changes)
    }

    fn segments(&self) -> Vec<tantivy::SegmentReader> {
        let segments = self.index.searchable_segments().expect("the segment");
        segments.iter().filter_map(|segment| tantivy::SegmentReader::open(segment).ok()).collect()
    }
}

impl Default for SideFiles {
    fn default() -> SideFiles {
        SideFiles::new()
    }
}

impl Side {
    fn find(directory: &RamDirectory, index: &Index, ending: &str) -> Side {
        let meta = index.searchable_segment_metas().expect("a segment").remove(0);
        let path = Path::new(&format!("{}.{ending}", meta.id().uuid_string())).to_owned();
        let whole = directory.atomic_read(&path).expect("a side file");
        let length = index.directory().open_read(&path).expect("a side file").len();
        let (body, footer) = whole.split_at(length);
        Side { path, body: body.to_vec(), footer: footer.to_vec() }
    }

    fn replace(&self, directory: &RamDirectory, bytes: &[u8]) {
        directory.atomic_write(&self.path, &[bytes, &self.footer].concat()).expect("memory");
    }
}

fn changed(body: &[u8], changes: &[u8]) -> Vec<u8> {
    let mut bytes = body.to_vec();
    let mut changes = changes.chunks_exact(3);
    for change in &mut changes {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]]));
        let length = bytes.len();
        // The end of a file says most, so it is met more often.
        let at = if at & 1 == 0 { at / 2 % length } else { length - 1 - at / 2 % length };
        bytes[at] = change[2];
    }
    if let [low, high] = changes.remainder() {
        bytes.truncate(usize::from(u16::from_le_bytes([*low, *high])));
    }
    bytes
}
