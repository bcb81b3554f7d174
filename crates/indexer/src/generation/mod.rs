//! A generation: one complete index in a folder of its own. Opens the live one, or makes a new one beside it.

mod commit;

use std::cell::RefCell;
use std::collections::HashSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use article::STANDARD_INPUT;
use disk::DRAFT;
use schema::{
    Commit, Damage, Fields, Generation, MANIFEST_FILE, ManifestError, alive, first_damage,
    register_tokenizers, source_number,
};
use segments::{Alike, Options, Writer};
use serde::{Deserialize, Serialize};
use store::StorePlugin;
use tantivy::columnar::Column;
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocAddress, Index, IndexReader, ReloadPolicy, Searcher, TantivyError};

use crate::checked::Files;
use crate::config::Config;
use crate::derived::derived;
use crate::error::IndexError;
use crate::keys_by_source::KeysBySource;
use crate::ledger::Ledger;
use crate::live;
use crate::opening::{directory, open_verified};
use crate::place::IndexPlace;
use crate::tidy::{generations, remove_leftovers, remove_other_generations};
use crate::words::tidy_words;

/// Smaller segments cost more to write and to merge than they save.
const LEAST_SEGMENT_BYTES: usize = 16_000_000;

/// The generation that a run writes to.
pub(crate) struct Target {
    pub(crate) fields: Fields,
    /// As of the last commit.
    pub(crate) ledger: Ledger,
    /// The name of its file; empty where nothing was committed yet.
    ledger_name: String,
    place: IndexPlace,
    folder: PathBuf,
    generation: Generation,
    index: Index,
    reader: IndexReader,
    /// Not live yet.
    is_new: bool,
    /// The articles of the last commit are in the order that optimizing gives them.
    ordered: bool,
    /// What packs the texts.
    pub(crate) plugin: Arc<StorePlugin>,
    keys_by_source: RefCell<KeysBySource>,
    /// Articles of the generation this one replaces that came from standard input, which cannot be read again.
    pub(crate) irreplaceable: u64,
    /// What is known of the files.
    files: Files,
    /// Damaged generations, which are kept under another name when this one replaces them.
    damaged: Vec<Generation>,
    /// Why it is not known what the generation that this one replaces was made from.
    unknown: Option<IndexError>,
    /// The folders that these are kept in.
    kept_aside: Vec<PathBuf>,
}

/// What a commit says about itself.
#[derive(Serialize, Deserialize)]
pub(crate) struct Payload {
    /// The name of its ledger.
    pub(crate) ledger: String,
    /// The articles are in the order that optimizing gives them.
    #[serde(default)]
    ordered: bool,
}

impl Payload {
    /// That of a `meta.json`; `None` where nothing was committed.
    pub(crate) fn of(meta: &[u8]) -> Option<Payload> {
        #[derive(Deserialize)]
        struct Meta {
            payload: String,
        }
        let meta: Meta = serde_json::from_slice(meta).ok()?;
        serde_json::from_str(&meta.payload).ok()
    }
}

impl Target {
    /// Opens the live generation afresh and removes what a crash left; makes a new one where there is none, or
    /// where the run is a rebuild. The caller holds the lock.
    pub(crate) fn open(place: &IndexPlace, rebuild: bool) -> Result<Target, IndexError> {
        remove_draft_of_manifest(place)?;
        match live::manifest(place) {
            Ok(manifest) if !rebuild => {
                let live = Target::open_live(place, manifest.generation)?;
                if let Err(error) = live.tidy_words() {
                    tracing::warn!(%error, "the lists of words are not complete");
                }
                Ok(live)
            }
            Ok(manifest) => Target::replacing(place, Target::open_live(place, manifest.generation)),
            Err(IndexError::Manifest(ManifestError::Missing(_))) => Target::create(place, Ledger::default()),
            Err(IndexError::Manifest(ManifestError::Older { generation, .. })) if rebuild => {
                Target::replacing(place, Target::open_older(place, generation))
            }
            Err(error @ IndexError::Manifest(ManifestError::Damaged(_))) if rebuild => {
                match live::restore(place)? {
                    Some(manifest) => Target::replacing(place, Target::open_live(place, manifest.generation)),
                    None => Target::replacing_unknown(place, error),
                }
            }
            Err(error) if rebuild && is_unknown(&error) => Target::replacing_unknown(place, error),
            Err(error) => Err(error),
        }
    }

    /// A new generation in the place of the live one, from the same roots, if these can be told.
    fn replacing(place: &IndexPlace, live: Result<Target, IndexError>) -> Result<Target, IndexError> {
        let live = match live {
            Ok(live) => live,
            // It is whole, on a disk that fails: its roots must not be forgotten.
            Err(error) if place.has_failed() => return Err(error),
            Err(error) => return Target::replacing_unknown(place, error),
        };
        let irreplaceable = live.keys_of(STANDARD_INPUT)?.len() as u64;
        let mut target = Target::create(place, live.ledger.unread())?;
        target.irreplaceable = irreplaceable;
        Ok(target)
    }

    /// A new generation in the place of one of which nothing can be told, for this reason.
    fn replacing_unknown(place: &IndexPlace, why: IndexError) -> Result<Target, IndexError> {
        let mut target = Target::replacing_damaged(place)?;
        target.unknown = Some(why);
        Ok(target)
    }

    fn open_live(place: &IndexPlace, generation: Generation) -> Result<Target, IndexError> {
        let live = Target::open_generation(place, generation)?;
        // A run that was killed, or whose last sync failed, may have left a commit that is seen here but would not outlast a loss
        // of power. What it replaced must not go before it is durable.
        for folder in [&place.folder, &live.folder] {
            place.disk().sync_folder(folder).map_err(IndexError::file(folder))?;
        }
        remove_leftovers(place, &live.folder, &live.index, &live.ledger_name)?;
        remove_other_generations(place, generation)?;
        Ok(live)
    }

    /// Opens a generation that was committed. Whether it is the live one is another matter.
    pub(crate) fn open_generation(place: &IndexPlace, generation: Generation) -> Result<Target, IndexError> {
        Target::open_commit(place, generation, Commit::read(&generation.folder(&place.folder)))
    }

    /// The same for one of an older version: only what is stored may be read, and nothing written.
    pub(crate) fn open_older(place: &IndexPlace, generation: Generation) -> Result<Target, IndexError> {
        Target::open_commit(place, generation, Commit::read_older(&generation.folder(&place.folder)))
    }

    fn open_commit(
        place: &IndexPlace,
        generation: Generation,
        commit: Result<Commit, Damage>,
    ) -> Result<Target, IndexError> {
        let folder = generation.folder(&place.folder);
        let commit = commit.map_err(IndexError::Damaged)?;
        let (mut index, files) = open_verified(place, &folder, &commit)?;
        let plugin = Arc::new(StorePlugin::default());
        index.register_plugin(plugin.clone());
        let Some(Payload { ledger: name, ordered }) = Payload::of(&commit.bytes) else {
            let message = "the last commit does not name it".to_owned();
            return Err(IndexError::Ledger { path: folder, message });
        };
        let ledger = Ledger::read(&folder, &name)?;
        let mut live = Target::over(place, generation, (index, files, plugin), ledger, false)?;
        (live.ordered, live.ledger_name) = (ordered, name);
        Ok(live)
    }

    fn create(place: &IndexPlace, ledger: Ledger) -> Result<Target, IndexError> {
        let last = generations(&place.folder)?.into_iter().map(|Generation(number)| number).max();
        let generation = Generation(last.unwrap_or(0) + 1);
        let folder = generation.folder(&place.folder);
        place.disk().create_folders(&folder).map_err(IndexError::file(&folder))?;
        let engine = place.engine_error();
        let directory = directory(place, &folder, Vec::new()).map_err(&engine)?;
        let files = directory.files();
        let (schema, _) = Fields::schema();
        let plugin = Arc::new(StorePlugin::default());
        let builder = Index::builder().schema(schema).register_plugin(plugin.clone());
        let index = builder.open_or_create(directory).map_err(&engine)?;
        Target::over(place, generation, (index, files, plugin), ledger, true)
    }

    /// A new generation that will take the place of one which is damaged, or of which it is not known which one is live. What is
    /// there now is kept under another name.
    pub(crate) fn replacing_damaged(place: &IndexPlace) -> Result<Target, IndexError> {
        let damaged = generations(&place.folder)?;
        let mut target = Target::create(place, Ledger::default())?;
        target.damaged = damaged;
        Ok(target)
    }

    fn over(
        place: &IndexPlace,
        generation: Generation,
        (mut index, files, plugin): (Index, Files, Arc<StorePlugin>),
        ledger: Ledger,
        is_new: bool,
    ) -> Result<Target, IndexError> {
        register_tokenizers(&index);
        // The engine's own store is empty here. Its thread would write on when the writer is gone after an error.
        index.settings_mut().docstore_compress_dedicated_thread = false;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into();
        Ok(Target {
            fields: Fields::of_schema(),
            ledger,
            ledger_name: String::new(),
            place: place.clone(),
            folder: generation.folder(&place.folder),
            generation,
            reader: reader.map_err(place.engine_error())?,
            index,
            is_new,
            ordered: false,
            plugin,
            keys_by_source: RefCell::default(),
            irreplaceable: 0,
            files,
            damaged: Vec::new(),
            unknown: None,
            kept_aside: Vec::new(),
        })
    }

    /// A writer, which puts like articles next to each other. It merges nothing by itself: a merge on the way could make a commit that
    /// failed true after all, and would go on when the run has ended.
    pub(crate) fn writer(&self, config: &Config) -> Result<Writer, IndexError> {
        let options = Options {
            segment_bytes: config.memory_bytes.max(LEAST_SEGMENT_BYTES),
            analysis: schema::analysis,
            derived: Some(derived(&self.fields)),
            alike: Some(Alike { field: self.fields.text, threads: config.threads }),
        };
        Writer::new(&self.index, Arc::clone(&self.plugin), options).map_err(self.engine_error())
    }

    /// A new generation for the same sources.
    pub(crate) fn successor(&self) -> Result<Target, IndexError> {
        Target::create(&self.place, self.ledger.unread())
    }

    /// The index as of the last commit.
    pub(crate) fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    /// The keys of the records of a source that are in the index.
    pub(crate) fn keys_of(&self, source: &str) -> Result<HashSet<u64>, IndexError> {
        let mut keys = HashSet::new();
        self.collect_keys(source, &mut keys).map_err(self.engine_error())?;
        Ok(keys)
    }

    fn collect_keys(&self, source: &str, keys: &mut HashSet<u64>) -> tantivy::Result<()> {
        let (term, number) = (Term::from_field_text(self.fields.source, source), source_number(source));
        for (ordinal, segment) in (0..).zip(self.reader.searcher().segment_readers()) {
            let column = segment.fast_fields().u64("key")?;
            // An index of an older version has no article of several places.
            let origins = match segment.schema().get_field("origin") {
                Ok(_) => segment.fast_fields().u64("origin")?,
                Err(_) => Column::build_empty_column(segment.max_doc()),
            };
            let index = segment.inverted_index(self.fields.source)?;
            let Some(postings) = index.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            for doc in alive(segment, postings) {
                if origins.first(doc).is_none() {
                    keys.extend(column.first(doc));
                    continue;
                }
                let mut known = self.keys_by_source.borrow_mut();
                let all = || origins.values_for_doc(doc).zip(column.values_for_doc(doc));
                keys.extend(known.of(DocAddress::new(ordinal, doc), number, all));
            }
        }
        Ok(())
    }

    /// The folder of its files.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Why it is not known what the generation that this one replaces was made from; `None` where it is known, or it replaces none.
    pub(crate) fn take_unknown(&mut self) -> Option<IndexError> {
        self.unknown.take()
    }

    /// Where the damaged generations that it has replaced are kept.
    pub(crate) fn kept_aside(&self) -> &[PathBuf] {
        &self.kept_aside
    }

    /// The index does not exist for readers yet.
    pub(crate) fn is_new(&self) -> bool {
        self.is_new
    }

    /// Articles in the index at the last commit.
    pub(crate) fn article_count(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// Reads all files of the last commit: what is copied into new ones must not be damaged. One of the time before tables was read when
    /// it was opened.
    pub(crate) fn verify(&self) -> Result<(), IndexError> {
        first_damage(&self.folder).map_or(Ok(()), |damage| Err(IndexError::Damaged(damage)))
    }

    /// Has it one segment, or none, and nothing deleted in it?
    fn is_one_segment(&self) -> Result<bool, IndexError> {
        let segments = self.index.searchable_segment_metas().map_err(self.engine_error())?;
        Ok(segments.len() <= 1 && segments.iter().all(|segment| !segment.has_deletes()))
    }

    /// Is it one segment in the order that optimizing gives, or empty?
    pub(crate) fn is_optimal(&self) -> Result<bool, IndexError> {
        Ok(self.is_one_segment()? && (self.ordered || self.article_count() == 0))
    }

    /// How many segments it has.
    pub(crate) fn segment_count(&self) -> usize {
        self.reader.searcher().segment_readers().len()
    }

    pub(crate) fn tidy_words(&self) -> Result<(), IndexError> {
        let tidied = tidy_words(self.place.disk(), &self.folder, self.fields.text, &self.searcher());
        tidied.map_err(IndexError::file(&self.folder))
    }

    /// Makes an error of the engine one of this index.
    pub(crate) fn engine_error(&self) -> impl Fn(TantivyError) -> IndexError + use<> {
        self.place.engine_error()
    }
}

impl Drop for Target {
    /// A new generation that never became live is of no use.
    fn drop(&mut self) {
        if self.is_new
            && let Err(error) = self.place.disk().remove_folder_whole(&self.folder)
        {
            tracing::warn!(folder = %self.folder.display(), %error, "an unfinished generation is left behind");
        }
    }
}

/// Is there an index of which nothing can be told? It is kept when another one takes its place.
fn is_unknown(error: &IndexError) -> bool {
    use ManifestError::{Newer, TooOld};
    matches!(error, IndexError::Damaged(_) | IndexError::Manifest(Newer { .. } | TooOld { .. }))
}

/// Removes a manifest that was not finished. Nothing else is: the folder may have other files of the user's.
fn remove_draft_of_manifest(place: &IndexPlace) -> Result<(), IndexError> {
    let draft = place.folder.join(format!("{MANIFEST_FILE}.{DRAFT}"));
    match place.disk().remove_file(&draft) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(IndexError::file(&draft)(error)),
        _ => Ok(()),
    }
}
