//! What an index holds, as the program and the library tell it, against what it should; and what lies in its folder.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::Path;

use engine::{Engine, Lookup, SearchRequest, Sort};
use query::LocalEngine;
use serde_json::Value;
use syntax::{Options, Query, parse};

use crate::collection::{COMMON, Collection, Row, Version};
use crate::place::Place;

/// A query that is read without mistakes.
pub(crate) fn query(text: &str) -> Query {
    parse(text, &Options { any: false }).query.unwrap()
}

/// Rows as the model has them: ids that are hashes are left out, once they are seen to be some.
fn row(path: &str, id: &str, title: &str) -> Row {
    let is_hash = id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let id = if is_hash { String::new() } else { id.to_owned() };
    Row { path: path.to_owned(), id, title: title.to_owned() }
}

/// The articles that the program finds; an error where it fails.
pub(crate) fn rows_of_program(place: &Place) -> Result<Vec<Row>, String> {
    let run = place.run(&["search", "--json", "--snippets", "0", "-n", "100000", COMMON]);
    if run.code > 1 || !run.err.is_empty() {
        return Err(format!("search: {run:?}"));
    }
    let text = |hit: &Value, name: &str| hit[name].as_str().unwrap_or_default().to_owned();
    let hits =
        run.out.lines().map(|line| serde_json::from_str(line).map_err(|error| format!("{error}: {line}")));
    let rows = hits
        .map(|hit| hit.map(|hit: Value| row(&text(&hit, "path"), &text(&hit, "id"), &text(&hit, "title"))));
    let mut rows: Vec<Row> = rows.collect::<Result<_, String>>()?;
    rows.sort();
    let count = place.run(&["count", COMMON]);
    if count.out.trim() != rows.len().to_string() {
        return Err(format!("{} articles are found, but counted: {count:?}", rows.len()));
    }
    Ok(rows)
}

/// The articles that the library finds, by paths from `folder`.
pub(crate) fn rows_of_library(engine: &LocalEngine, folder: &Path) -> Result<Vec<Row>, String> {
    let request =
        SearchRequest { limit: 100_000, fragments: 0, sort: Sort::Id, ..SearchRequest::new(query(COMMON)) };
    let response = engine.search(&request).map_err(|error| format!("search: {error:?}"))?;
    let total = response.total.map_or(0, |total| total.articles);
    if total != response.hits.len() as u64 {
        return Err(format!("{} articles are found, and {total} counted", response.hits.len()));
    }
    let rows = response.hits.iter().map(|hit| {
        let path = hit.source.path.strip_prefix(folder).unwrap_or(&hit.source.path);
        row(&path.to_string_lossy(), &hit.id, &hit.title)
    });
    let mut rows: Vec<Row> = rows.collect();
    rows.sort();
    Ok(rows)
}

/// What differs between an index and a collection; empty where nothing does. The words of `all` versions, those of other states
/// among them, are each asked for.
pub(crate) fn difference(
    engine: &LocalEngine,
    folder: &Path,
    expected: &Collection,
    all: &BTreeSet<Version>,
) -> Result<(), String> {
    same(&rows_of_library(engine, folder)?, &expected.rows())?;
    let stats = engine.stats().map_err(|error| format!("{error:?}"))?;
    if stats.articles != expected.len() as u64 {
        return Err(format!("{} articles, not {}", stats.articles, expected.len()));
    }
    let there = expected.versions();
    for version in all {
        let count =
            engine.count(&query(&version.word()), Lookup::default()).map_err(|error| format!("{error:?}"))?;
        if count != u64::from(there.contains(version)) {
            return Err(format!("{version:?} is found {count} times"));
        }
    }
    Ok(())
}

/// Says where two lists of articles differ.
pub(crate) fn same(found: &[Row], expected: &[Row]) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    let (there, wanted): (HashSet<_>, HashSet<_>) = (found.iter().collect(), expected.iter().collect());
    let first = |rows: &[Row], other: &HashSet<&Row>| rows.iter().find(|row| !other.contains(row)).cloned();
    let (more, missing) = (first(found, &wanted), first(expected, &there));
    Err(format!(
        "{} articles instead of {}; unexpected: {more:?}; missing: {missing:?}",
        found.len(),
        expected.len()
    ))
}

/// Files in the folder of an index that no commit needs.
pub(crate) fn leftovers(index: &Path) -> Vec<String> {
    let json = |path: &Path| serde_json::from_slice::<Value>(&fs::read(path).unwrap()).unwrap();
    let live = format!("generation-{}", json(&index.join("manifest.json"))["generation"]);
    let folder = index.join(&live);
    let meta = json(&folder.join("meta.json"));
    let payload: Value = serde_json::from_str(meta["payload"].as_str().unwrap()).unwrap();
    let mut segments = HashSet::new();
    let mut deletes = HashSet::new();
    for segment in meta["segments"].as_array().unwrap() {
        let id = segment["segment_id"].as_str().unwrap().replace('-', "");
        if let Some(stamp) = segment["deletes"]["opstamp"].as_u64() {
            deletes.insert(format!("{id}.{stamp}.del"));
        }
        segments.insert(id);
    }
    let is_needed = |name: &str| {
        let is_of_segment = |id: &str| segments.contains(id);
        match name {
            "meta.json" | ".managed.json" | ".tantivy-writer.lock" | ".tantivy-meta.lock" => true,
            _ if name.starts_with("sources-") => payload["ledger"] == name,
            _ if name.starts_with("words-") => is_of_segment(&name["words-".len()..]),
            _ if name.ends_with(".del") => deletes.contains(name),
            _ => !name.ends_with(".draft") && is_of_segment(name.split('.').next().unwrap_or_default()),
        }
    };
    let names = |folder: &Path| -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    let above = names(index)
        .into_iter()
        .filter(|name| ![&live, "manifest.json", "writer.lock"].contains(&name.as_str()));
    let below =
        names(&folder).into_iter().filter(|name| !is_needed(name)).map(|name| format!("{live}/{name}"));
    above.chain(below).collect()
}
