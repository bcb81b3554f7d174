//! What can still be had of a damaged generation: its ledger, and the stored articles of segments whose texts are sound.
//!
//! Nothing here goes by way of the engine, which fails on some damage: the files are opened one by one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use article::Article;
use schema::{Commit, FileRow, StoredArticle, checksums};
use store::{Notes, Store};
use tantivy::directory::{FileSlice, MmapDirectory};
use tantivy::fastfield::AliveBitSet;
use tantivy::{Directory, HasLen};

use crate::checked::{Needed, is_segment_file};
use crate::generation::Payload;
use crate::ledger::{FILE_PREFIX, Ledger};

/// What the engine puts behind a file: a checksum as JSON, its length, and a number that is always the same.
const FOOTER_TAIL: usize = 8;
const FOOTER_MAGIC: u32 = 1337;

/// A damaged generation.
pub(crate) struct Salvage {
    folder: PathBuf,
    /// `None` where it is damaged too.
    pub(crate) ledger: Option<Ledger>,
    /// Articles in the index by its last commit, where that can be read.
    pub(crate) articles: Option<u64>,
    segments: Vec<Segment>,
    /// Files that are damaged, so that what is in them cannot be had.
    pub(crate) unsound: Vec<PathBuf>,
}

struct Segment {
    id: String,
    deletes: Option<String>,
}

impl Salvage {
    /// Looks what there is. Files of which no checksum is known are taken as they are.
    pub(crate) fn open(folder: &Path) -> Salvage {
        let commit = Commit::read(folder).ok();
        let mut names = names(folder);
        let payload = commit.as_ref().and_then(|commit| Payload::of(&commit.bytes));
        let ledger = match &payload {
            Some(payload) => Ledger::read(folder, &payload.ledger).ok(),
            None => newest_ledger(folder, &names),
        };
        if let Some(needed) = commit.as_ref().and_then(|commit| Needed::by(&commit.bytes).ok()) {
            names.retain(|name| needed.has(name));
        }
        let segments = segments(&names);
        let rows = commit.as_ref().and_then(|commit| commit.files.clone()).unwrap_or_default();
        let wanted: Vec<FileRow> = rows.into_iter().filter(|row| is_wanted(&row.name)).collect();
        let unsound = checksums(folder, &wanted, &|_| {}).into_iter().map(|damage| damage.path).collect();
        let articles = commit.and_then(|commit| live_articles(&commit.bytes));
        Salvage { folder: folder.to_owned(), ledger, articles, segments, unsound }
    }

    /// Is any stored article to be had?
    pub(crate) fn has_articles(&self) -> bool {
        let Ok(files) = MmapDirectory::open(&self.folder) else { return false };
        let mut stores = self.segments.iter().filter_map(|segment| self.open_stores(&files, segment));
        stores.any(|(texts, _)| texts.articles() > 0)
    }

    /// Are there segments, and can what is stored in each of them be read? It may not be all that there were.
    pub(crate) fn is_readable(&self) -> bool {
        let Ok(files) = MmapDirectory::open(&self.folder) else { return false };
        let can_be_read = |segment: &Segment| self.open_stores(&files, segment).is_some();
        !self.segments.is_empty() && self.segments.iter().all(can_be_read)
    }

    /// Calls back with every stored article that can be had and was not deleted.
    pub(crate) fn each<E>(&self, mut take: impl FnMut(Article) -> Result<(), E>) -> Result<(), E> {
        let Ok(files) = MmapDirectory::open(&self.folder) else { return Ok(()) };
        for segment in &self.segments {
            let Some((texts, notes)) = self.open_stores(&files, segment) else { continue };
            let deletes = segment.deletes.as_ref().and_then(|name| self.open_file(&files, name));
            let alive = deletes.and_then(|file| file.read_bytes().ok());
            let alive = alive.map(AliveBitSet::open);
            for doc in 0..texts.articles() as u32 {
                if alive.as_ref().is_some_and(|alive| alive.is_deleted(doc)) {
                    continue;
                }
                let stored = StoredArticle::open(&texts, &notes, doc).and_then(StoredArticle::into_article);
                if let Ok(article) = stored {
                    take(article)?;
                }
            }
        }
        Ok(())
    }

    /// What is stored of the articles of a segment, where it is sound.
    fn open_stores(&self, files: &MmapDirectory, segment: &Segment) -> Option<(Store, Notes)> {
        let open = |extension: &str| self.open_file(files, &format!("{}.{extension}", segment.id));
        Some((Store::of_file(&open("texts")?).ok()?, Notes::of_file(&open("notes")?).ok()?))
    }

    /// A sound file, without what the engine puts behind it.
    fn open_file(&self, files: &MmapDirectory, name: &str) -> Option<FileSlice> {
        if self.unsound.contains(&self.folder.join(name)) {
            return None;
        }
        let file = files.get_file_handle(Path::new(name)).ok().map(FileSlice::new)?;
        let end = file.len().checked_sub(FOOTER_TAIL)?;
        let tail = file.read_bytes_slice(end..file.len()).ok()?;
        let number = |bytes: &[u8]| Some(u32::from_le_bytes(bytes.try_into().ok()?));
        let (length, magic) = (number(tail.get(..4)?)?, number(tail.get(4..)?)?);
        let body = end.checked_sub(length as usize).filter(|_| magic == FOOTER_MAGIC)?;
        Some(file.slice_to(body))
    }
}

/// Is the file read when articles are carried over?
fn is_wanted(name: &str) -> bool {
    [".texts", ".notes", ".del"].iter().any(|end| name.ends_with(end))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

/// The segments that files of these names are of, each with its last list of deleted articles.
fn segments(names: &[String]) -> Vec<Segment> {
    let mut segments: BTreeMap<&str, Option<(u64, &String)>> = BTreeMap::new();
    for name in names.iter().filter(|name| is_segment_file(name)) {
        let Some((id, extension)) = name.split_once('.') else { continue };
        let last = segments.entry(id).or_default();
        let opstamp = extension.strip_suffix(".del").and_then(|opstamp| opstamp.parse().ok());
        *last = (*last).max(opstamp.map(|opstamp| (opstamp, name)));
    }
    let segments = segments.into_iter();
    segments
        .map(|(id, deletes)| Segment { id: id.to_owned(), deletes: deletes.map(|(_, name)| name.clone()) })
        .collect()
}

/// The last ledger that is as it was written.
fn newest_ledger(folder: &Path, names: &[String]) -> Option<Ledger> {
    let ledgers = names.iter().filter(|name| name.starts_with(FILE_PREFIX));
    let readable = ledgers.filter_map(|name| {
        let modified = fs::metadata(folder.join(name)).and_then(|metadata| metadata.modified()).ok();
        Some((modified, Ledger::read(folder, name).ok()?))
    });
    readable.max_by_key(|(modified, _)| *modified).map(|(_, ledger)| ledger)
}

/// Articles of all segments without those that are deleted.
fn live_articles(meta: &[u8]) -> Option<u64> {
    let meta: serde_json::Value = serde_json::from_slice(meta).ok()?;
    let counts = meta.get("segments")?.as_array()?.iter().map(|segment| {
        let all = segment.get("max_doc")?.as_u64()?;
        let deleted = segment.pointer("/deletes/num_deleted_docs").and_then(serde_json::Value::as_u64);
        all.checked_sub(deleted.unwrap_or(0))
    });
    counts.sum()
}
