//! tantivy as it comes, to race against: its own analyzer, query parser, collectors and snippets.
//!
//! `tantivy_rival index ARTICLES.jsonl FOLDER` builds an index of one segment; `tantivy_rival serve FOLDER` answers the lines
//! that `benches/rivals/race.py` sends: a command, a tab and a query; the answer is a line with a tab and nanoseconds.
//! `tantivy_rival version` prints tantivy's.

use std::error::Error;
use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufRead, BufReader, Write, stdin, stdout};
use std::path::Path;
use std::time::Instant;

use tantivy::collector::{Count, TopDocs};
use tantivy::query::QueryParser;
use tantivy::schema::{Field, STORED, STRING, Schema, TEXT, Value};
use tantivy::snippet::SnippetGenerator;
use tantivy::{Index, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, doc};

const MEMORY_BYTES: usize = 400_000_000;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["index", articles, folder] => index(Path::new(articles), Path::new(folder)),
        ["serve", folder] => serve(Path::new(folder)),
        ["version"] => {
            println!("{}", tantivy::version_string());
            Ok(())
        }
        _ => Err("usage: tantivy_rival index ARTICLES.jsonl FOLDER | serve FOLDER | version".into()),
    }
}

fn index(articles: &Path, folder: &Path) -> Outcome<()> {
    let mut builder = Schema::builder();
    let id = builder.add_text_field("id", STRING | STORED);
    let text = builder.add_text_field("text", TEXT | STORED);
    fs::create_dir_all(folder)?;
    let index = Index::create_in_dir(folder, builder.build())?;
    let mut writer: IndexWriter = index.writer(MEMORY_BYTES)?;
    for line in BufReader::new(File::open(articles)?).lines() {
        let article: serde_json::Value = serde_json::from_str(&line?)?;
        let value = |name: &str| article[name].as_str().unwrap_or_default().to_owned();
        writer.add_document(doc!(id => value("id"), text => value("title") + "\n\n" + &value("body")))?;
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    let mut writer: IndexWriter = index.writer(MEMORY_BYTES)?;
    let segments = index.searchable_segment_ids()?;
    if segments.len() > 1 {
        writer.merge(&segments).wait()?;
    }
    writer.garbage_collect_files().wait()?;
    Ok(writer.wait_merging_threads()?)
}

struct Rival {
    searcher: Searcher,
    parser: QueryParser,
    id: Field,
    text: Field,
}

fn serve(folder: &Path) -> Outcome<()> {
    let index = Index::open_in_dir(folder)?;
    let (id, text) = (index.schema().get_field("id")?, index.schema().get_field("text")?);
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    let parser = QueryParser::for_index(&index, vec![text]);
    let rival = Rival { searcher: reader.searcher(), parser, id, text };
    for line in stdin().lock().lines() {
        let line = line?;
        let (command, query) = line.split_once('\t').unwrap_or((&line, ""));
        let start = Instant::now();
        let answer = rival.answer(command, query);
        let nanoseconds = start.elapsed().as_nanos();
        let answer = answer.map_or_else(
            |error| format!("ERROR {error}"),
            |answer| answer.unwrap_or_else(|| "UNSUPPORTED".to_owned()),
        );
        println!("{answer}\t{nanoseconds}");
        stdout().flush()?;
    }
    Ok(())
}

impl Rival {
    /// `None` for a command that this program does not know.
    fn answer(&self, command: &str, query: &str) -> Outcome<Option<String>> {
        if command == "NOP" {
            return Ok(Some("0".to_owned()));
        }
        let query = self.parser.parse_query(query)?;
        let best = |limit| self.searcher.search(&query, &TopDocs::with_limit(limit).order_by_score());
        Ok(Some(match command {
            "COUNT" => self.searcher.search(&query, &Count)?.to_string(),
            "TOP_10" => best(10)?.len().to_string(),
            "TOP_100" => best(100)?.len().to_string(),
            "TOP_10_SNIPPET" => {
                let snippets = SnippetGenerator::create(&self.searcher, &*query, self.text)?;
                let mut length = 0;
                for (_, address) in best(10)? {
                    let article: TantivyDocument = self.searcher.doc(address)?;
                    length += black_box(snippets.snippet(stored(&article, self.text)).to_html()).len();
                }
                length.to_string()
            }
            "IDS_10" => {
                let name = |(score, address)| {
                    let article: TantivyDocument = self.searcher.doc(address)?;
                    Ok(format!("{}:{score:.4}", stored(&article, self.id)))
                };
                best(10)?.into_iter().map(name).collect::<Outcome<Vec<_>>>()?.join(",")
            }
            _ => return Ok(None),
        }))
    }
}

fn stored(article: &TantivyDocument, field: Field) -> &str {
    article.get_first(field).and_then(|value| value.as_str()).unwrap_or_default()
}
