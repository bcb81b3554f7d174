//! Opening an index for reading.

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use schema::{Commit, Damage, Manifest, ManifestError, first_damage, register_tokenizers, state};
use store::{Notes, Peaks, Store};
use tantivy::columnar::{Column, StrColumn};
use tantivy::schema::Field;
use tantivy::{DocId, Index, ReloadPolicy, Searcher, SegmentReader, TantivyError};

use crate::postings::Files;
use crate::read_only::ReadOnlyDirectory;

/// How often opening is tried when files went away meanwhile, because a commit or a rebuild replaced them. A writer needs longer for
/// a commit than a reader for opening it, so that two in a row are rare.
const ATTEMPTS: usize = 100;

/// Why an index cannot be searched.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The manifest does not allow it.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// A file is not as it was written.
    #[error(transparent)]
    Damaged(#[from] Damage),
    /// The engine cannot open its files.
    #[error("cannot open the index in {}", .index.display())]
    Engine {
        /// The index folder.
        index: PathBuf,
        /// Why.
        source: Box<TantivyError>,
    },
}

/// An index opened for reading. Every file of it is open, so that it can be read on when a writer removes them.
pub(crate) struct Opened {
    /// Its folder.
    pub(crate) generation: PathBuf,
    pub(crate) searcher: Searcher,
    pub(crate) segments: Vec<Segment>,
    /// Of the postings.
    pub(crate) files: Files,
}

/// What a segment has besides postings.
pub(crate) struct Segment {
    pub(crate) store: Store,
    pub(crate) notes: Notes,
    pub(crate) columns: Arc<Columns>,
    /// Read when they are first wanted; `None` where there are none.
    peaks: OnceLock<Option<Peaks>>,
}

/// The values that hits are ordered by.
pub(crate) struct Columns {
    pub(crate) dates: Column<i64>,
    pub(crate) ids: Option<StrColumn>,
    /// The first eight bytes of ids.
    pub(crate) id_starts: Column<u64>,
    pub(crate) keys: Column<u64>,
}

impl Columns {
    /// Puts hits in the order of their ids, then of their keys, which are read only where ids are equal.
    pub(crate) fn put_in_order<T: Copy>(&self, hits: &mut [T], doc: impl Fn(T) -> DocId) {
        let mut placed: Vec<(u64, T)> = hits.iter().map(|&hit| (self.id_place(doc(hit)), hit)).collect();
        placed.sort_unstable_by(|&(place, hit), &(other_place, other)| {
            let key = |hit: T| (self.key(doc(hit)), doc(hit));
            place.cmp(&other_place).then_with(|| key(hit).cmp(&key(other)))
        });
        hits.iter_mut().zip(placed).for_each(|(hit, (_, next))| *hit = next);
    }

    /// Place of its id among the ids of the segment.
    pub(crate) fn id_place(&self, doc: DocId) -> u64 {
        self.ids.as_ref().and_then(|ids| ids.ords().first(doc)).unwrap_or(u64::MAX)
    }

    /// The first eight bytes of its id.
    pub(crate) fn id_start(&self, doc: DocId) -> u64 {
        self.id_starts.first(doc).unwrap_or(0)
    }

    /// Its id.
    pub(crate) fn id(&self, doc: DocId) -> tantivy::Result<String> {
        let mut id = String::new();
        if let Some(ids) = &self.ids {
            ids.ord_to_str(self.id_place(doc), &mut id)?;
        }
        Ok(id)
    }

    /// The key of its first place.
    pub(crate) fn key(&self, doc: DocId) -> u64 {
        self.keys.first(doc).unwrap_or(u64::MAX)
    }

    /// From how many places it was read.
    pub(crate) fn places(&self, doc: DocId) -> u64 {
        self.keys.values_for_doc(doc).count() as u64
    }
}

impl Segment {
    fn open(reader: &SegmentReader) -> tantivy::Result<Segment> {
        let fast = reader.fast_fields();
        let columns = Columns {
            dates: fast.i64("date")?,
            ids: fast.str("id")?,
            id_starts: fast.u64("id_start")?,
            keys: fast.u64("key")?,
        };
        let (store, notes, peaks) = (Store::open(reader)?, Notes::open(reader)?, OnceLock::new());
        Ok(Segment { store, notes, columns: Arc::new(columns), peaks })
    }

    /// The peaks of its words; `None` where they are missing or damaged.
    pub(crate) fn peaks(&self, generation: &Path, reader: &SegmentReader, field: Field) -> Option<&Peaks> {
        let read = || {
            let peaks = Peaks::open(generation, reader, field);
            peaks.inspect_err(|error| tracing::info!(%error, "searching without peaks of words")).ok()
        };
        self.peaks.get_or_init(read).as_ref()
    }
}

/// The index as it is now: what is committed later is not seen.
pub(crate) fn open(index: &Path) -> Result<Opened, OpenError> {
    let mut attempt = 1;
    loop {
        let manifest = Manifest::read(index)?;
        let folder = manifest.generation.folder(index);
        let commit = Commit::read(&folder);
        let meta = commit.as_ref().ok().map(|commit| commit.bytes.clone());
        match commit.map_err(OpenError::from).and_then(|commit| open_verified(index, &folder, &commit)) {
            Ok(opened) => return Ok(opened),
            Err(_) if attempt < ATTEMPTS && state(index) != (Some(manifest), meta) => attempt += 1,
            Err(error) => return Err(error),
        }
    }
}

/// Opens what has been verified, and nothing else. Of damage that the looks of the files do not tell, the engine may tell.
fn open_verified(index: &Path, folder: &Path, commit: &Commit) -> Result<Opened, OpenError> {
    for row in commit.verify(folder)? {
        tracing::info!(file = row.name, "read whole: it was copied or touched since it was written");
    }
    open_generation(folder, commit).map_err(|source| match first_damage(folder) {
        Some(damage) => damage.into(),
        None => OpenError::Engine { index: index.to_owned(), source: Box::new(source) },
    })
}

/// A panic of the engine on damaged files is an error like any other.
fn open_generation(folder: &Path, commit: &Commit) -> tantivy::Result<Opened> {
    catch_unwind(|| open_files(folder, &commit.bytes))
        .unwrap_or_else(|_| Err(TantivyError::InternalError("its files are damaged".to_owned())))
}

fn open_files(folder: &Path, meta: &[u8]) -> tantivy::Result<Opened> {
    let index = Index::open(ReadOnlyDirectory::open(folder, meta)?)?;
    register_tokenizers(&index);
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    let searcher = reader.searcher();
    let segments = searcher.segment_readers().iter().map(Segment::open).collect::<Result<_, _>>()?;
    let files = Files::open(searcher.segment_readers())?;
    Ok(Opened { generation: folder.to_owned(), searcher, segments, files })
}
