//! What a collection is made of.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use engine::Stats;
use schema::{alive, day_of};
use tantivy::SegmentReader;
use tantivy::schema::IndexRecordOption;

use crate::local::LocalEngine;

pub(crate) fn stats(engine: &LocalEngine) -> tantivy::Result<Stats> {
    let searcher = &engine.searcher;
    let mut stats = Stats { segments: searcher.segment_readers().len() as u64, ..Stats::default() };
    let mut languages = BTreeMap::new();
    let mut sources = std::collections::HashSet::new();
    let mut days: Option<(i64, i64)> = None;
    for (segment, opened) in searcher.segment_readers().iter().zip(&engine.segments) {
        let text = segment.inverted_index(engine.fields.text)?;
        stats.terms += text.terms().num_terms() as u64;
        stats.tokens += text.total_num_tokens();
        let dates = segment.fast_fields().i64("date")?;
        for doc in segment.doc_ids_alive() {
            stats.articles += 1;
            stats.places += opened.columns.places(doc);
            match dates.first(doc) {
                Some(day) => {
                    days = Some(days.map_or((day, day), |(first, last)| (first.min(day), last.max(day))));
                }
                None => stats.undated += 1,
            }
        }
        count_values(segment, engine.fields.lang, &mut |value, count| {
            *languages.entry(value.to_owned()).or_default() += count;
        })?;
        count_values(segment, engine.fields.source, &mut |value, _| {
            sources.insert(value.to_owned());
        })?;
    }
    stats.sources = sources.len() as u64;
    stats.dates = days.and_then(|(first, last)| day_of(first).zip(day_of(last)));
    let known: u64 = languages.values().sum();
    if known < stats.articles {
        languages.insert(String::new(), stats.articles - known);
    }
    stats.languages = languages.into_iter().collect();
    stats.languages.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    stats.bytes = folder_bytes(&engine.folder);
    Ok(stats)
}

/// Calls `found` with every value of a field and in how many articles it stands, where that is any.
fn count_values(
    segment: &SegmentReader,
    field: tantivy::schema::Field,
    found: &mut dyn FnMut(&str, u64),
) -> tantivy::Result<()> {
    let index = segment.inverted_index(field)?;
    let mut terms = index.terms().stream()?;
    while terms.advance() {
        let postings = index.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
        let count = alive(segment, postings).count() as u64;
        if count > 0 {
            found(&String::from_utf8_lossy(terms.key()), count);
        }
    }
    Ok(())
}

/// Bytes of all files in a folder and below. What vanishes meanwhile does not count.
fn folder_bytes(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    entries
        .filter_map(Result::ok)
        .map(|entry| match entry.file_type() {
            Ok(kind) if kind.is_dir() => folder_bytes(&entry.path()),
            Ok(kind) if kind.is_file() => entry.metadata().map_or(0, |metadata| metadata.len()),
            _ => 0,
        })
        .sum()
}
