//! Keeps a list of words beside each segment, for patterns that begin with a wildcard (see [`store::words_file`]).

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::Path;

use disk::Disk;
use schema::is_word_term;
use store::{WORDS_PREFIX, WordsWriter, words_file};
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
        let is_list = entry.file_name().to_str().is_some_and(|name| name.starts_with(WORDS_PREFIX));
        if is_list && !files.contains(&entry.path()) {
            disk.remove_file(&entry.path())?;
        }
    }
    Ok(())
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
