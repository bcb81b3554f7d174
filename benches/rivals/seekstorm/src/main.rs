//! SeekStorm, to race against.
//!
//! Install it: `cargo build --release --manifest-path benches/rivals/seekstorm/Cargo.toml`.
//! `seekstorm_rival index ARTICLES.jsonl FOLDER` builds an index of one shard; `seekstorm_rival serve FOLDER` answers the lines
//! that `benches/rivals/race.py` sends; `seekstorm_rival version` prints SeekStorm's.

use std::collections::HashSet;
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write, stdin, stdout};
use std::path::Path;
use std::time::Instant;

use seekstorm::commit::Commit;
use seekstorm::highlighter::{Highlight, highlighter};
use seekstorm::index::{
    AccessType, Close, Clustering, Document, DocumentCompression, FileType, FrequentwordType, IndexArc,
    IndexDocument, IndexMetaObject, LexicalSimilarity, NgramSet, StemmerType, StopwordType, TokenizerType,
    create_index, open_index,
};
use seekstorm::search::{QueryRewriting, QueryType, ResultObject, ResultType, Search, SearchMode};
use seekstorm::vector::Inference;
use serde_json::json;

/// As Cargo.toml pins it: the crate does not tell.
const VERSION: &str = "SeekStorm 4.0.1";

/// Bytes; as long as tantivy's.
const FRAGMENT_BYTES: usize = 150;

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["index", articles, folder] => index(Path::new(articles), Path::new(folder)).await,
        ["serve", folder] => serve(Path::new(folder)).await,
        ["version"] => {
            println!("{VERSION}");
            Ok(())
        }
        _ => Err("usage: seekstorm_rival index ARTICLES.jsonl FOLDER | serve FOLDER | version".into()),
    }
}

async fn index(articles: &Path, folder: &Path) -> Outcome<()> {
    let schema = serde_json::from_value(json!([
        {"field": "id", "field_type": "String32", "store": true, "index_lexical": false},
        {"field": "text", "field_type": "Text", "store": true, "index_lexical": true},
    ]))?;
    let settings = IndexMetaObject {
        id: 0,
        name: "articles".to_owned(),
        // Without the proximity that it adds by default and the others do not have.
        lexical_similarity: LexicalSimilarity::Bm25f,
        tokenizer: TokenizerType::UnicodeAlphanumeric,
        stemmer: StemmerType::None,
        stop_words: StopwordType::None,
        // Its defaults: pairs and triples of frequent words are terms too.
        frequent_words: FrequentwordType::English,
        ngram_indexing: NgramSet::NgramFF as u8 | NgramSet::NgramFFF as u8,
        // As tantivy's.
        document_compression: DocumentCompression::Lz4,
        access_type: AccessType::Mmap,
        spelling_correction: None,
        query_completion: None,
        clustering: Clustering::None,
        inference: Inference::None,
        segment_number_bits: 11,
    };
    fs::create_dir_all(folder)?;
    // One shard: a query takes one thread.
    let index = create_index(folder, settings, &schema, &Vec::new(), true, Some(1)).await?;
    for line in BufReader::new(File::open(articles)?).lines() {
        let article: serde_json::Value = serde_json::from_str(&line?)?;
        let value = |name: &str| article[name].as_str().unwrap_or_default();
        let text = format!("{}\n\n{}", value("title"), value("body"));
        let document =
            Document::from([("id".to_owned(), json!(value("id"))), ("text".to_owned(), json!(text))]);
        index.index_document(document, FileType::None).await;
    }
    index.commit().await;
    index.close().await;
    Ok(())
}

async fn serve(folder: &Path) -> Outcome<()> {
    let index = open_index(folder).await?;
    for line in stdin().lock().lines() {
        let line = line?;
        let (command, query) = line.split_once('\t').unwrap_or((&line, ""));
        let start = Instant::now();
        let answer = answer(&index, command, query).await;
        let nanoseconds = start.elapsed().as_nanos();
        let answer = match answer {
            Ok(answer) => answer.unwrap_or_else(|| "UNSUPPORTED".to_owned()),
            Err(error) => format!("ERROR {error}"),
        };
        println!("{answer}\t{nanoseconds}");
        stdout().flush()?;
    }
    Ok(())
}

/// `None` for what SeekStorm does not have.
async fn answer(index: &IndexArc, command: &str, query: &str) -> Outcome<Option<String>> {
    // Once a word is needed, SeekStorm needs all of them: it has no words that only add to the score.
    if command != "NOP" && is_mixed(query) {
        return Ok(None);
    }
    Ok(Some(match command {
        "NOP" => "0".to_owned(),
        // Version 4.0.1 panics on the count of one word but not another.
        "COUNT" if query.contains(" -") => return Ok(None),
        "COUNT" => search(index, query, 0, ResultType::Count).await.result_count_total.to_string(),
        "TOP_10" => search(index, query, 10, ResultType::Topk).await.results.len().to_string(),
        "TOP_100" => search(index, query, 100, ResultType::Topk).await.results.len().to_string(),
        "TOP_10_SNIPPET" => {
            let best = search(index, query, 10, ResultType::Topk).await;
            let fragment = Highlight {
                field: "text".to_owned(),
                fragment_number: 1,
                fragment_size: FRAGMENT_BYTES,
                ..Highlight::default()
            };
            let snippets = stored(index, &best, Some(fragment), "text").await?;
            snippets.iter().map(String::len).sum::<usize>().to_string()
        }
        "IDS_10" => {
            let best = search(index, query, 10, ResultType::Topk).await;
            let ids = stored(index, &best, None, "id").await?;
            let hits = ids.iter().zip(&best.results).map(|(id, hit)| format!("{id}:{:.4}", hit.score));
            hits.collect::<Vec<_>>().join(",")
        }
        _ => return Ok(None),
    }))
}

/// Does the query need some words or phrases and prefer others?
fn is_mixed(query: &str) -> bool {
    let (mut needs, mut prefers, mut is_open) = (false, false, false);
    for word in query.split_whitespace() {
        let starts = !is_open;
        is_open ^= word.matches('"').count() % 2 == 1;
        needs |= starts && word.starts_with('+');
        prefers |= starts && !word.starts_with(['+', '-']);
    }
    needs && prefers
}

async fn search(index: &IndexArc, query: &str, limit: usize, result: ResultType) -> ResultObject {
    let no_vector = None;
    let only_committed = false;
    let allow_empty = false;
    index
        .search(
            query.to_owned(),
            no_vector,
            QueryType::Union,
            SearchMode::Lexical,
            allow_empty,
            0,
            limit,
            result,
            only_committed,
            Vec::new(),
            Vec::new(),
            Vec::new(),
            Vec::new(),
            QueryRewriting::SearchOnly,
        )
        .await
}

/// A field of the hits, whole or its best fragment.
async fn stored(
    index: &IndexArc,
    hits: &ResultObject,
    fragment: Option<Highlight>,
    field: &str,
) -> Outcome<Vec<String>> {
    let marker = match fragment {
        Some(fragment) => Some(highlighter(index, vec![fragment], hits.query_terms.clone()).await),
        None => None,
    };
    let fields = HashSet::from([field.to_owned()]);
    let index = index.read().await;
    let mut values = Vec::new();
    for hit in &hits.results {
        let article = index.get_document(hit.doc_id, false, &marker, &fields, &[]).await?;
        values.push(article.get(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned());
    }
    Ok(values)
}
