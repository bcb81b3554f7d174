//! What each part of an answer costs, and of making an index: parser, plan, best hits, text, ingestion.
//!
//! `cargo bench -p benches --bench parts` runs all of them, with `-- best` those that have `best` in their names. What is timed
//! of a search is what the engine itself says of its phases.

#![allow(clippy::unwrap_used)] // a bench that cannot go on fails

mod collection;

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{BatchSize, Bencher, Criterion, Throughput};
use engine::{Engine, Phases, SearchRequest};
use indexer::{Config, Event, update};
use query::LocalEngine;
use syntax::{Options, parse};
use tempfile::{TempDir, tempdir};

use collection::word;

/// Articles that are searched.
const ARTICLES: usize = 5_000;

/// Articles that are indexed again and again.
const INGESTED: usize = 500;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    parser(&mut criterion);
    let folder = tempdir().unwrap();
    let engine = engine(folder.path());
    phase(&mut criterion, &engine, "plan", &plans(), 0, |phases| phases.plan);
    phase(&mut criterion, &engine, "best", &classes(), 0, |phases| phases.search);
    phase(&mut criterion, &engine, "text", &classes(), 2, |phases| phases.text);
    ingestion(&mut criterion);
    criterion.final_summary();
}

/// Queries by class, of words that are frequent, less frequent and rare.
fn classes() -> Vec<(&'static str, String)> {
    let [first, second, third, fourth, rare] = [3, 10, 30, 100, 1_000].map(word);
    vec![
        ("word", first.clone()),
        ("rare word", rare.clone()),
        ("and", format!("{first} AND {second}")),
        ("or", format!("{first} OR {third}")),
        ("or of 5", format!("{first} OR {second} OR {third} OR {fourth} OR {rare}")),
        ("not", format!("{second} NOT {first}")),
        ("phrase", format!("\"{first} {second}\"")),
        ("near", format!("{first} NEAR/5 {second}")),
        ("sentence", format!("{first} SENTENCE {third}")),
        ("prefix", format!("{}*", &rare[..3])),
    ]
}

/// Queries that take unlike work to be planned.
fn plans() -> Vec<(&'static str, String)> {
    let alternatives: Vec<String> = (100..200).map(word).collect();
    vec![
        ("one word", word(3)),
        ("phrase of 3", format!("\"{} {} {}\"", word(3), word(10), word(30))),
        ("or of 100", alternatives.join(" OR ")),
        ("short prefix", format!("{}*", &word(1_000)[..2])),
        ("fuzzy", format!("{}~1", word(1_000))),
        ("regular expression", "/b[aeiou]d.*/".to_owned()),
    ]
}

fn parser(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    for (class, text) in classes().into_iter().chain(plans()) {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(class, |bencher| {
            bencher.iter(|| parse(black_box(&text), &Options::default()));
        });
    }
    group.finish();
}

/// Times one phase of searches for ten hits.
fn phase(
    criterion: &mut Criterion,
    engine: &LocalEngine,
    name: &str,
    queries: &[(&str, String)],
    fragments: usize,
    of: impl Fn(Phases) -> Duration,
) {
    let mut group = criterion.benchmark_group(name);
    for (class, text) in queries {
        let query = parse(text, &Options::default()).query.unwrap();
        let request = SearchRequest { fragments, count: false, phases: true, ..SearchRequest::new(query) };
        let once = || of(engine.search(&request).unwrap().phases.unwrap());
        group.bench_function(*class, |bencher: &mut Bencher<'_>| {
            bencher.iter_custom(|times| (0..times).map(|_| once()).sum());
        });
    }
    group.finish();
}

fn ingestion(criterion: &mut Criterion) {
    let folder = tempdir().unwrap();
    let articles = folder.path().join("articles.jsonl");
    collection::write(&articles, INGESTED).unwrap();
    let index = |index: TempDir| {
        ingest(&articles, index.path());
        index // Removing it is not timed.
    };
    let mut group = criterion.benchmark_group("ingest");
    group.throughput(Throughput::Elements(INGESTED as u64)).sample_size(10);
    group.bench_function("a new index", |bencher| {
        bencher.iter_batched(|| tempdir().unwrap(), index, BatchSize::PerIteration);
    });
    group.finish();
}

/// Builds an index; on one thread, so that the articles stand in the same order every time.
fn ingest(articles: &Path, index: &Path) {
    let config = Config::new(index.to_owned(), vec![articles.to_owned()]);
    update(&Config { threads: 1, ..config }, &|_: &Event<'_>| {}).unwrap();
}

fn engine(folder: &Path) -> LocalEngine {
    let (articles, index) = (folder.join("articles.jsonl"), folder.join("index"));
    collection::write(&articles, ARTICLES).unwrap();
    ingest(&articles, &index);
    LocalEngine::open(&index).unwrap()
}
