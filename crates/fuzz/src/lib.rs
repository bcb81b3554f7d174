//! What the targets share: how the bytes of an input are read, and small collections to search.

pub mod side_files;

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use actors::{Actors, Form};
use article::{
    Article, Format, Input, Kind, Limits, Line, Place, ReadError, Record, Source, parse as parse_record,
    split,
};
use engine::{Engine, Fragment, Hit, SearchError, SearchRequest};
use indexer::{Config, Event, update};
use query::LocalEngine;
use schema::{
    Commit, Fields, FileRow, Generation, META_FILE, Manifest, Origin, Prepared, register_tokenizers,
};
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
    add_table(&generation.folder(index.path())).expect("a table of files");
    Manifest::new(generation).write(index.path()).expect("a manifest");
    Some(LocalEngine::open(index.path()).expect("an engine over the index"))
}

/// The article of a text; `None` where there is nothing to read.
pub fn parse_text(text: &str) -> Option<Article> {
    let source = Source { path: "/article.txt".into(), line: 1, lines_are_file_lines: true };
    let record = Record { source, format: Format::Text, bytes: text.as_bytes().to_vec() };
    parse_record(&record).ok()
}

/// What becomes of a file of this name with these bytes: articles and errors, at most as many as its bytes and some more.
pub fn read_file(
    name: &str,
    content: &[u8],
    format: Option<Format>,
    limits: Limits,
) -> Vec<Result<Article, ReadError>> {
    static FOLDER: LazyLock<PathBuf> =
        LazyLock::new(|| tempfile::tempdir().expect("a temporary folder").keep());
    let path = FOLDER.join(name);
    fs::write(&path, content).expect("a file");
    let size = content.len() as u64;
    let (modified, changed, preprocessor) = (None, None, None);
    let input = Input { path, format, size, modified, changed, hidden: false, may_be_link: false, preprocessor };
    let mut found = Vec::new();
    let flow = split(&input, &limits, &mut |record| {
        found.push(record.and_then(|record| parse_record(&record)));
        ControlFlow::Continue(())
    });
    assert!(flow.is_continue());
    found
}

/// What is promised of an article: it has an id and a text, whose lines make it.
pub fn check_article(article: &Article) {
    assert!(!article.id.is_empty() && article.source.line > 0, "{article:?}");
    check_lines(&article.text, &article.lines);
}

/// Lines make their text, and blank lines are known.
pub fn check_lines(text: &str, lines: &[Line]) {
    let pieces: Vec<&str> = lines.iter().map(|line| &text[line.range.clone()]).collect();
    assert_eq!(pieces.join("\n").as_str(), text.strip_suffix('\n').unwrap_or(text));
    for line in lines {
        let is_blank = text[line.range.clone()].trim().is_empty();
        assert_eq!(line.kind == Kind::Blank, is_blank, "{line:?}");
        assert!(!(is_blank && line.starts_paragraph), "{line:?}");
    }
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

/// Gives the commit the table of its files that the indexer would have given it.
fn add_table(folder: &Path) -> std::io::Result<()> {
    let mut rows = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name != META_FILE && !name.starts_with('.') {
            rows.push(FileRow::read(folder, &name)?);
        }
    }
    let meta = folder.join(META_FILE);
    fs::write(&meta, Commit::with_files(&fs::read(&meta)?, rows)?)
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
    let Some(articles) = answer(engine.articles(hit.id.as_ref(), usize::MAX)) else { return };
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
        Node::Prefer(inner, _) | Node::Boost(inner, _) | Node::AtLeast(_, inner) => has_words(inner),
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
