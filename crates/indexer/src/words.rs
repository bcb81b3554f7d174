//! Keeps a list of words beside each segment, for patterns that begin with a wildcard (see [`store::words_file`]), and behind it the
//! peaks of frequent words (see [`Peaks`]).

use std::collections::HashSet;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::thread;

use disk::Disk;
use schema::{is_word_term, read_file};
use store::{
    LEAST_ARTICLES, PEAK_RANKS, PEAK_UNITS, Peaks, PeaksOfWord, PeaksWriter, WORDS_PREFIX, WordsWriter,
    behind_words, read_words, words_file,
};
use tantivy::postings::TermInfo;
use tantivy::query::Bm25Weight;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Score, Searcher, SegmentReader};

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
        // A list of an older program has no peaks.
        if !file.is_file() || Peaks::open(folder, segment, field).is_err() {
            disk.replace_file(&file, &list_of(field, segment)?)?;
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
pub(crate) fn damaged_lists(folder: &Path, field: Field, searcher: &Searcher) -> Vec<(PathBuf, io::Error)> {
    let mut damaged = Vec::new();
    for segment in searcher.segment_readers() {
        let path = words_file(folder, &segment.segment_id().uuid_string());
        if path.exists()
            && let Err(error) = compare(&path, field, segment)
        {
            damaged.push((path, error));
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
    let bytes = read_file(path)?;
    let mut reader = bytes.as_slice();
    read_words(&mut reader, index.terms().num_terms() as u64, |lines| {
        agrees = agrees && lines.lines().all(|word| next().as_deref() == Some(word));
        ControlFlow::Continue(())
    })?;
    if !agrees || next().is_some() {
        return Err(other());
    }
    // An older program wrote none.
    let peaks = behind_words(&bytes)?;
    let terms = index.terms().num_terms() as u64;
    let read = |peaks: &[u8]| Peaks::read(io::Cursor::new(peaks), terms);
    if peaks.is_empty() || read(peaks)?.agree(&read(behind_words(&list_of(field, segment)?)?)?) {
        Ok(())
    } else {
        Err(io::Error::other("its peaks are not those of the segment"))
    }
}

/// The list of a segment with the peaks behind it, which are found on a thread of their own while the dictionary is read.
fn list_of(field: Field, segment: &SegmentReader) -> io::Result<Vec<u8>> {
    let (words, peaks) = thread::scope(|scope| {
        let (sender, frequent) = channel();
        let peaks = scope.spawn(|| peaks_of(frequent, field, segment));
        let words = words_of(field, segment, &sender);
        drop(sender);
        (words, peaks.join().unwrap_or_else(|_| Err(io::Error::other("the thread failed"))))
    });
    Ok([words?, peaks?].concat())
}

/// The words of a segment as a list. What has peaks is sent on its way, in the order of the terms.
fn words_of(field: Field, segment: &SegmentReader, frequent: &Sender<TermInfo>) -> io::Result<Vec<u8>> {
    let index = segment.inverted_index(field).map_err(io::Error::other)?;
    let mut terms = index.terms().stream()?;
    let mut list = WordsWriter::new(index.terms().num_terms() as u64)?;
    while terms.advance() {
        if let Ok(term) = std::str::from_utf8(terms.key())
            && is_word_term(term)
        {
            list.push(term)?;
        }
        if terms.value().doc_freq >= LEAST_ARTICLES {
            // Where nobody listens, the other thread has an error of its own.
            let _ = frequent.send(terms.value().clone());
        }
    }
    list.finish()
}

/// The peaks of a segment, as they stand behind the list: scores with the average length of the segment.
fn peaks_of(
    frequent: impl IntoIterator<Item = TermInfo>,
    field: Field,
    segment: &SegmentReader,
) -> io::Result<Vec<u8>> {
    let index = segment.inverted_index(field).map_err(io::Error::other)?;
    let lengths = segment.get_fieldnorms_reader(field).map_err(io::Error::other)?;
    let articles = u64::from(segment.max_doc()).max(1);
    let average = index.total_num_tokens() as Score / articles as Score;
    let bm25 = Bm25Weight::for_one_term_without_explain(1, articles, average);
    let unit = PEAK_UNITS / bm25.score(0, u32::MAX);
    let (mut peaks, mut scores) = (PeaksWriter::default(), Vec::new());
    for term in frequent {
        let option = IndexRecordOption::WithFreqs;
        let mut postings = index.read_block_postings_from_terminfo(&term, option)?;
        scores.clear();
        while !postings.docs().is_empty() {
            let found = postings.docs().iter().zip(postings.freqs());
            // Casting rounds down.
            scores.extend(
                found.map(|(&doc, &frequency)| {
                    (bm25.score(lengths.fieldnorm_id(doc), frequency) * unit) as u16
                }),
            );
            postings.advance();
        }
        peaks.push(term.postings_range.start as u64, best_of(&mut scores));
    }
    Ok(peaks.finish(index.terms().num_terms() as u64))
}

fn best_of(scores: &mut [u16]) -> PeaksOfWord {
    let mut rest = scores;
    let mut peaks = PeaksOfWord::default();
    for (peak, rank) in peaks.iter_mut().zip(PEAK_RANKS).rev() {
        if rank <= rest.len() {
            let (better, at_rank, _) = rest.select_nth_unstable_by(rank - 1, |a, b| b.cmp(a));
            (*peak, rest) = (*at_rank, better);
        }
    }
    peaks
}
