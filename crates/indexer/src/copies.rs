//! Copies are found while a run adds articles: what the index or the run has already is withheld, and becomes one article with all
//! its places when everything has been read (see [`crate::merge`]).
//!
//! What a run must remember of each article are eight bytes of its content in memory, and where it was read in a spool. Of the
//! articles that came up again in the run, one is kept in another spool, compressed: what has been added cannot be read back
//! before it is committed.

use std::collections::{HashMap, HashSet};
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use article::{Place, STANDARD_INPUT};
use rustc_hash::FxHashSet;
use schema::{Content, Fields, Origin, Prepared, source_key};
use segments::Writer;
use tempfile::SpooledTempFile;

use crate::committed::{Committed, damaged};
use crate::pipeline::{Latest, Task};
use crate::spool::{Spool, take};

/// The level of zstd for texts that are set aside for minutes.
const LEVEL: i32 = 1;

/// In place of the length of a path: the path is that of the file.
const PATH_OF_FILE: u32 = u32::MAX;

/// An article as it was met in a run.
pub(crate) struct Met<'a> {
    /// Number of the record in the run.
    pub(crate) number: u64,
    /// Number of the file in the run.
    pub(crate) file: u32,
    /// Where the record stands.
    pub(crate) place: Place,
    pub(crate) key: u64,
    pub(crate) task: &'a Task,
}

/// Tells copies from what is new, from any thread.
pub(crate) struct Copies<'a> {
    committed: &'a Committed,
    state: Mutex<State>,
}

struct State {
    /// Beginnings of the contents that have been added in the run.
    seen: FxHashSet<u64>,
    /// Every article met, withheld or not.
    met: Spool,
    /// What was withheld, and where its text is set aside, if it is not in the index.
    withheld: HashMap<Content, Option<u64>>,
    texts: Spool,
    /// Records of articles that were not met but taken from another index.
    carried: Vec<(Content, Vec<Origin>)>,
}

/// What was withheld, with all records of the run that have it.
pub(crate) struct Withheld {
    pub(crate) origins: HashMap<Content, Vec<Origin>>,
    texts: Texts,
}

/// Texts that were set aside.
struct Texts {
    starts: HashMap<Content, u64>,
    spool: Option<Mutex<BufReader<SpooledTempFile>>>,
}

impl<'a> Copies<'a> {
    /// Takes what room it needs in `folder`.
    pub(crate) fn new(committed: &'a Committed, folder: &Path) -> Copies<'a> {
        let (seen, withheld) = (FxHashSet::default(), HashMap::new());
        let state =
            State { seen, met: Spool::new(folder), withheld, texts: Spool::new(folder), carried: Vec::new() };
        Copies { committed, state: Mutex::new(state) }
    }

    /// Takes note of an article. Is it to be withheld, because it is there already?
    pub(crate) fn withhold(&self, article: &Prepared, met: &Met<'_>) -> tantivy::Result<bool> {
        let content = article.content();
        let is_committed = self.committed.has(content)?;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.met.push(&met.to_bytes(content))?;
        state.withhold(article, is_committed)
    }

    /// The same for an article that is taken from another index, with all its records, when all others have been met.
    fn withhold_carried(&self, article: &Prepared, origins: &[Origin]) -> tantivy::Result<bool> {
        let is_committed = self.committed.has(article.content())?;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.carried.push((article.content(), origins.to_vec()));
        state.withhold(article, is_committed)
    }

    /// What was met so far of the tasks that are wanted, and where.
    pub(crate) fn met_in(
        &self,
        tasks: &[Task],
        is_wanted: impl Fn(&Task) -> bool,
    ) -> io::Result<HashSet<(Place, Content)>> {
        let mut found = HashSet::new();
        if !tasks.iter().any(&is_wanted) {
            return Ok(found);
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.met.read_back(|met| {
            while let Some(read) = read_met(met)? {
                let task = tasks.get(read.file as usize).ok_or(ErrorKind::InvalidData)?;
                if is_wanted(task) {
                    let content = read.content;
                    found.insert((read.into_origin(&task.input.path).place, content));
                }
            }
            Ok(found)
        })
    }

    /// What has been withheld, when all articles have been met. Of the articles from standard input only the `latest` count.
    pub(crate) fn finish(self, files: &[PathBuf], latest: &Latest) -> io::Result<Withheld> {
        let State { met, withheld, texts, carried, .. } =
            self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut origins: HashMap<Content, Vec<Origin>> =
            withheld.keys().map(|content| (*content, Vec::new())).collect();
        let starts = withheld.into_iter().filter_map(|(content, start)| Some((content, start?))).collect();
        if origins.is_empty() {
            return Ok(Withheld { origins, texts: Texts { starts, spool: None } });
        }
        let mut met = met.into_reader()?;
        while let Some(read) = read_met(&mut met)? {
            let file = files.get(read.file as usize).ok_or(ErrorKind::InvalidData)?;
            let is_replaced = file == Path::new(STANDARD_INPUT)
                && latest.get(&read.key).is_some_and(|last| *last != read.number);
            if let Some(origins) = origins.get_mut(&read.content).filter(|_| !is_replaced) {
                origins.push(read.into_origin(file));
            }
        }
        for (content, carried) in carried {
            origins.entry(content).and_modify(|origins| origins.extend(carried));
        }
        Ok(Withheld { origins, texts: Texts { starts, spool: Some(Mutex::new(texts.into_reader()?)) } })
    }
}

impl State {
    fn withhold(&mut self, article: &Prepared, is_committed: bool) -> tantivy::Result<bool> {
        let content = article.content();
        if !is_committed && self.seen.insert(content.start()) {
            return Ok(false);
        }
        if is_committed {
            self.withheld.insert(content, None);
        } else if !self.withheld.contains_key(&content) {
            let start = self.texts.push(&packed(article)?)?;
            self.withheld.insert(content, Some(start));
        }
        Ok(true)
    }
}

/// Adds articles that are taken from another index.
pub(crate) struct Carrier<'a> {
    pub(crate) writer: &'a Writer,
    pub(crate) copies: &'a Copies<'a>,
    pub(crate) fields: &'a Fields,
}

impl Carrier<'_> {
    /// Adds an article with these records, unless it is there already; then it gets them.
    pub(crate) fn add(&self, article: &Prepared, origins: Vec<Origin>) -> tantivy::Result<()> {
        if !self.copies.withhold_carried(article, &origins)? {
            self.writer.add_document(&article.document(origins, self.fields))?;
        }
        Ok(())
    }
}

impl Withheld {
    /// No record; the articles of these contents are written anew.
    pub(crate) fn nothing_but(contents: Vec<Content>) -> Withheld {
        let origins = contents.into_iter().map(|content| (content, Vec::new())).collect();
        Withheld { origins, texts: Texts { starts: HashMap::new(), spool: None } }
    }

    /// An article that was set aside.
    pub(crate) fn article(&self, content: Content) -> tantivy::Result<Prepared> {
        let start = self.texts.starts.get(&content).copied();
        let (Some(start), Some(spool)) = (start, &self.texts.spool) else {
            return Err(io::Error::new(ErrorKind::NotFound, "a copy without its text").into());
        };
        let packed = read_packed(&mut spool.lock().unwrap_or_else(PoisonError::into_inner), start)?;
        let bytes = zstd::decode_all(&packed[..])?;
        Prepared::of_bytes(&bytes).map_err(|error| damaged(&error))
    }
}

/// Length and bytes.
fn packed(article: &Prepared) -> io::Result<Vec<u8>> {
    let packed = zstd::encode_all(&article.to_bytes()[..], LEVEL)?;
    Ok([&(packed.len() as u64).to_le_bytes(), &packed[..]].concat())
}

fn read_packed(spool: &mut BufReader<SpooledTempFile>, start: u64) -> io::Result<Vec<u8>> {
    spool.seek(SeekFrom::Start(start))?;
    let length = u64::from_le_bytes(take(spool)?);
    let mut packed = Vec::new();
    spool.take(length).read_to_end(&mut packed)?;
    Ok(packed)
}

impl Met<'_> {
    fn to_bytes(&self, content: Content) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64);
        bytes.extend_from_slice(&content.0);
        bytes.extend_from_slice(&self.key.to_le_bytes());
        bytes.extend_from_slice(&self.number.to_le_bytes());
        bytes.extend_from_slice(&self.file.to_le_bytes());
        bytes.extend_from_slice(&self.place.line.to_le_bytes());
        if self.place.path == self.task.input.path {
            bytes.extend_from_slice(&PATH_OF_FILE.to_le_bytes());
        } else {
            let path = source_key::to_text(&self.place.path);
            bytes.extend_from_slice(&(path.len() as u32).to_le_bytes());
            bytes.extend_from_slice(path.as_bytes());
        }
        bytes
    }
}

/// An article that was met, as read back.
struct MetAgain {
    content: Content,
    key: u64,
    number: u64,
    file: u32,
    line: u32,
    /// The member of an archive; `None` for the file itself.
    member: Option<String>,
}

/// The next article that was met; `None` at the end.
fn read_met(from: &mut impl Read) -> io::Result<Option<MetAgain>> {
    let content = match take(from) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        content => Content(content?),
    };
    let (key, number) = (u64::from_le_bytes(take(from)?), u64::from_le_bytes(take(from)?));
    let (file, line) = (u32::from_le_bytes(take(from)?), u32::from_le_bytes(take(from)?));
    let member = match u32::from_le_bytes(take(from)?) {
        PATH_OF_FILE => None,
        length => {
            let mut path = String::new();
            from.take(u64::from(length)).read_to_string(&mut path)?;
            Some(path)
        }
    };
    Ok(Some(MetAgain { content, key, number, file, line, member }))
}

impl MetAgain {
    fn into_origin(self, file: &Path) -> Origin {
        let file = file.to_owned();
        let (path, archive) = match self.member {
            Some(member) => (source_key::from_text(&member), Some(file)),
            None => (file, None),
        };
        Origin { place: Place { path, line: self.line }, key: self.key, archive }
    }
}
