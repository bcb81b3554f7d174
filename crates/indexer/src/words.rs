//! Keeps a list of words beside each segment, for patterns that begin with a wildcard (see [`store::words_file`]).

use std::collections::HashSet;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use disk::Disk;
use schema::is_word_term;
use store::{WORDS_PREFIX, WordsWriter, read_words, words_file};
use tantivy::schema::Field;
use tantivy::{Searcher, SegmentReader};

/// Writes the lists that are missing, and removes those of segments that are gone. A list that is not written costs time when a
/// pattern is looked up, and nothing else.
pub(crate) fn tidy_words(
    disk: &dyn Disk,
    folder: &Path,
    field: Field,
    searcher: &Searcher,
) -> io::Result<()> {
    let mut files = HashSet::new();
    for segment in searcher.segment_readers() {
        let file = words_file(folder, &segment.segment_id().uuid_string());
        if !file.exists() {
            disk.replace_file(&file, &words_of(field, segment)?)?;
        }
        files.insert(file);
    }
    for entry in fs::read_dir(folder)?.filter_map(Result::ok) {
        if is_list(&entry.path()) && !files.contains(&entry.path()) {
            disk.remove_file(&entry.path())?;
        }
    }
    Ok(())
}

/// Is it the path of a list?
pub(crate) fn is_list(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(WORDS_PREFIX))
}

/// The lists that are not what the dictionaries of their segments say, and what is wrong with them.
pub(crate) fn damaged_lists(folder: &Path, field: Field, searcher: &Searcher) -> Vec<(PathBuf, String)> {
    let mut damaged = Vec::new();
    for segment in searcher.segment_readers() {
        let path = words_file(folder, &segment.segment_id().uuid_string());
        if path.exists()
            && let Err(error) = compare(&path, field, segment)
        {
            damaged.push((path, format!("is damaged: {error}")));
        }
    }
    damaged
}

/// Reads a list, and the dictionary beside it.
fn compare(path: &Path, field: Field, segment: &SegmentReader) -> io::Result<()> {
    let index = segment.inverted_index(field).map_err(io::Error::other)?;
    let mut terms = index.terms().stream()?;
    let mut next = || {
        while terms.advance() {
            if let Some(word) = std::str::from_utf8(terms.key()).ok().filter(|term| is_word_term(term)) {
                return Some(word.to_owned());
            }
        }
        None
    };
    let other = || io::Error::other("its words are not those of the segment");
    let mut agrees = true;
    let bytes = fs::read(path)?;
    let mut reader = bytes.as_slice();
    read_words(&mut reader, index.terms().num_terms() as u64, |lines| {
        agrees = agrees && lines.lines().all(|word| next().as_deref() == Some(word));
        ControlFlow::Continue(())
    })?;
    if agrees && next().is_none() { Ok(()) } else { Err(other()) }
}

fn words_of(field: Field, segment: &SegmentReader) -> io::Result<Vec<u8>> {
    let index = segment.inverted_index(field).map_err(io::Error::other)?;
    let mut terms = index.terms().stream()?;
    let mut list = WordsWriter::new(index.terms().num_terms() as u64)?;
    while terms.advance() {
        if let Ok(term) = std::str::from_utf8(terms.key())
            && is_word_term(term)
        {
            list.push(term)?;
        }
    }
    list.finish()
}
