//! What the targets share: how the bytes of an input are read, and small collections to search.

use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use actors::{Actors, Form};
use article::{Article, Place, Format, Record, Source};
use engine::{Engine, Fragment, Hit, SearchError, SearchRequest};
use indexer::{Config, Event, update};
use query::LocalEngine;
use schema::{Fields, Generation, Manifest, Origin, Prepared, register_tokenizers};
use store::StorePlugin;
use syntax::{Node, Options, Query, parse};
use tantivy::directory::MmapDirectory;
use tantivy::{Index, IndexSettings};

/// An input: its first byte switches options, the rest is text. `None` where that is no UTF-8.
pub fn switches_and_text(bytes: &[u8]) -> Option<(u8, &str)> {
    let (&switches, text) = bytes.split_first()?;
    Some((switches, std::str::from_utf8(text).ok()?))
}

/// The tree of a text that has one, with the forms of its actors, as the command line makes it.
pub fn tree(text: &str, options: Options) -> Option<Query> {
    static ACTORS: LazyLock<Actors> = LazyLock::new(Actors::builtin);
    let mut query = parse(text, &options).query?;
    query.each_mut(&mut |part| {
        let span = part.span;
        if let Node::Actor(id, forms) = &mut part.node
            && let Some(actor) = ACTORS.get(id)
        {
            let form = |form: &Form| {
                let text = form.text.clone();
                let node = if form.exact_case { Node::Exact(text) } else { Node::Phrase(text, 0) };
                Query { node, span }
            };
            *forms = actor.forms.iter().map(form).collect();
        }
    });
    Some(query)
}

/// An engine over an index that the indexer made of files. They are gone when this returns; the engine holds what it opened.
pub fn engine_over(files: &[(&str, &[u8])]) -> LocalEngine {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (articles, index) = (folder.path().join("articles"), folder.path().join("index"));
    fs::create_dir(&articles).expect("a folder of articles");
    for (name, content) in files {
        fs::write(articles.join(name), content).expect("a file of articles");
    }
    let config = Config { threads: 1, ..Config::new(index.clone(), vec![articles]) };
    update(&config, &|_: &Event<'_>| {}).expect("an index");
    LocalEngine::open(&index).expect("an engine over the index")
}

/// An engine over one text. Without what the indexer does for durability, this is fast enough to be done for each input.
pub fn engine_over_text(text: &str) -> Option<LocalEngine> {
    let article = parse_text(text)?;
    let index = tempfile::tempdir().expect("a temporary folder");
    let generation = Generation(1);
    write_segment(&article, &generation.folder(index.path())).expect("a segment");
    Manifest::new(generation).write(index.path()).expect("a manifest");
    Some(LocalEngine::open(index.path()).expect("an engine over the index"))
}

/// The article of a text; `None` where there is nothing to read.
fn parse_text(text: &str) -> Option<Article> {
    let source = Source { path: "/article.txt".into(), line: 1, lines_are_file_lines: true };
    let record = Record { source, format: Format::Text, bytes: text.as_bytes().to_vec() };
    article::parse(&record).ok()
}

fn write_segment(article: &Article, folder: &Path) -> tantivy::Result<()> {
    const MEMORY_BYTES: usize = 1 << 20;
    let (schema, fields) = Fields::schema();
    let words = Index::create_in_ram(schema.clone());
    register_tokenizers(&words);
    fs::create_dir(folder)?;
    let settings = IndexSettings { docstore_compress_dedicated_thread: false, ..IndexSettings::default() };
    let index = Index::builder().schema(schema).settings(settings).tokenizers(words.tokenizers().clone());
    let index = index.register_plugin(Arc::new(StorePlugin::default()));
    let mut writer = index.single_segment_index_writer(MmapDirectory::open(folder)?, MEMORY_BYTES)?;
    let place = Place { path: article.source.path.clone(), line: article.source.line };
    let origin = Origin { place, key: 1, archive: None };
    writer.add_document(Prepared::new(article.clone()).document(vec![origin], &fields))?;
    writer.finalize()?;
    Ok(())
}

/// The answer, if there is one. A query may be refused or take too long; that the engine fails is a finding.
pub fn answer<T>(result: Result<T, SearchError>) -> Option<T> {
    match result {
        Ok(answer) => Some(answer),
        Err(SearchError::Query(_) | SearchError::TimedOut(_)) => None,
        Err(error) => panic!("{error:?}"),
    }
}

/// What is promised of the fragments of a hit: there are as many as asked for at the most, they lie on one line, they are
/// taken from the article, and highlights are words of theirs, in order and apart. A query of words has highlights.
pub fn check_fragments(engine: &LocalEngine, hit: &Hit, request: &SearchRequest) {
    let fragments = &hit.fragments;
    let expected = if request.fragments == 0 { 0..=0 } else { 1..=request.fragments };
    assert!(expected.contains(&fragments.len()), "{}: {hit:?}", request.query);
    let Some(articles) = answer(engine.articles(&hit.id, usize::MAX)) else { return };
    let article = articles.iter().find(|article| article.source == hit.source).expect("the article of a hit");
    let text = on_one_line(&article.text);
    let last_line = article.source.line as usize + article.text.matches('\n').count();
    for fragment in fragments {
        assert_eq!(fragment.text, on_one_line(&fragment.text), "{}: {hit:?}", request.query);
        let is_taken_from_the_article =
            fragment.text.split('…').all(|part| text.contains(part.trim_matches(' ')));
        assert!(is_taken_from_the_article, "{}: {hit:?}", request.query);
        let lines = article.source.line as usize..=last_line;
        assert!(lines.contains(&(fragment.line as usize)), "{}: {hit:?}", request.query);
        check_highlights(fragment, request);
    }
    let is_highlighted = fragments.iter().any(|fragment| !fragment.highlights.is_empty());
    assert!(
        is_highlighted || fragments.is_empty() || !has_words(&request.query),
        "{}: {hit:?}",
        request.query
    );
}

/// Does every article that matches have a word of the query in its text? Words in fields need not be part of the text.
fn has_words(query: &Query) -> bool {
    match &query.node {
        Node::Word(_)
        | Node::Exact(_)
        | Node::Phrase(..)
        | Node::Wildcard(_)
        | Node::Fuzzy(..)
        | Node::Regex(_)
        | Node::Actor(..) => true,
        Node::And(parts) => parts.iter().any(has_words),
        Node::Or(parts) => parts.iter().all(has_words),
        Node::Near { left, right, .. } | Node::Sentence(left, right) | Node::Paragraph(left, right) => {
            has_words(left) && has_words(right)
        }
        Node::Boost(inner, _) | Node::AtLeast(_, inner) => has_words(inner),
        Node::Not(_) | Node::Field(..) | Node::Date(_) => false,
    }
}

fn check_highlights(fragment: &Fragment, request: &SearchRequest) {
    let mut at = 0;
    for range in &fragment.highlights {
        assert!(at <= range.start && range.start < range.end, "{}: {fragment:?}", request.query);
        let words = fragment.text.get(range.clone()).map_or(0, schema::count_tokens);
        assert!(words > 0, "{}: {fragment:?}", request.query);
        at = range.end;
    }
}

/// The text with all white space folded.
fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
