//! The scenarios that every engine must pass. An engine's tests call [`check`] with a way to build one.

use article::{Article, Kind, Line, Source};
use jiff::civil::date;
use syntax::{Options, parse};

use crate::{Engine, SearchRequest, Sort, Total};

/// Builds the engine under test over a collection.
pub type Build<'a> = &'a dyn Fn(Vec<Article>) -> Box<dyn Engine>;

/// Runs every scenario.
///
/// # Panics
/// When the engine breaks the contract; the message names the query.
pub fn check(build: Build<'_>) {
    let engine = build(collection());
    boolean_queries_find_exactly_the_matching_articles(engine.as_ref());
    pages_of_hits_are_the_whole_list_cut_up(engine.as_ref());
    hits_come_in_the_order_asked_for(engine.as_ref());
    articles_are_found_by_id(engine.as_ref());
    an_empty_collection_answers(build(Vec::new()).as_ref());
}

/// Four articles: a, b and d speak of summits, c of chess; b and d are undated.
fn collection() -> Vec<Article> {
    let mut articles = vec![
        article("a", "Xi met Putin in Moscow. NATO was watching."),
        article("b", "NATO met in Madrid. NATO is an alliance."),
        article("c", "A chess match in Astana ended in a draw."),
        article("d", "Putin met Xi in Samarkand."),
    ];
    articles[0].date = Some(date(2023, 3, 21));
    articles[2].date = Some(date(2023, 4, 30));
    articles
}

fn article(id: &str, text: &str) -> Article {
    Article {
        id: id.to_owned(),
        source: Source { path: format!("/collection/{id}.txt").into(), line: 1, lines_are_file_lines: true },
        headline: None,
        date: None,
        authors: Vec::new(),
        outlet: None,
        language: Some("en".to_owned()),
        url: None,
        text: text.to_owned(),
        lines: vec![Line { kind: Kind::Lead, range: 0..text.len(), starts_paragraph: true }],
    }
}

fn request(query: &str) -> SearchRequest {
    let parsed = parse(query, &Options::default());
    SearchRequest::new(parsed.query.unwrap_or_else(|| panic!("{query}: {:?}", parsed.diagnostics)))
}

fn ids(engine: &dyn Engine, request: &SearchRequest) -> Vec<String> {
    let response = engine.search(request).unwrap_or_else(|error| panic!("{}: {error}", request.query));
    response.hits.into_iter().map(|hit| hit.id).collect()
}

fn boolean_queries_find_exactly_the_matching_articles(engine: &dyn Engine) {
    for (query, expected) in [
        ("NATO", "a b"),
        ("Xi NATO", "a"),
        ("Xi AND NATO", "a"),
        ("Xi OR NATO", "a b d"),
        ("Xi NOT NATO", "d"),
        ("NOT NATO", "c d"),
        ("NOT NATO NOT Xi", "c"),
        ("NATO OR NOT Xi", "a b c"),
        ("\"met Xi\"", "d"),
        ("(chess OR Madrid) AND NOT Putin", "b c"),
        ("Zelensky", ""),
    ] {
        let request = request(query);
        let mut found = ids(engine, &request);
        found.sort();
        assert_eq!(found.join(" "), expected, "hits of {query}");
        let count =
            engine.count(&request.query, request.lookup).unwrap_or_else(|error| panic!("{query}: {error}"));
        assert_eq!(count, found.len() as u64, "count of {query}");
    }
}

fn pages_of_hits_are_the_whole_list_cut_up(engine: &dyn Engine) {
    let whole = ids(engine, &request("met OR chess"));
    assert_eq!(whole.len(), 4, "hits of met OR chess");
    let pages =
        (0..5).flat_map(|offset| ids(engine, &SearchRequest { offset, limit: 1, ..request("met OR chess") }));
    assert_eq!(pages.collect::<Vec<_>>(), whole, "pages of one hit");
    for (offset, limit) in [(0, 0), (usize::MAX, 1), (4, usize::MAX)] {
        let page = SearchRequest { limit, offset, ..request("met OR chess") };
        assert!(ids(engine, &page).is_empty(), "offset {offset}, limit {limit}");
    }
    let all = SearchRequest { limit: usize::MAX, ..request("met OR chess") };
    assert_eq!(ids(engine, &all), whole, "no limit");
}

fn hits_come_in_the_order_asked_for(engine: &dyn Engine) {
    for (sort, expected) in
        [(Sort::Id, "a b c d"), (Sort::DateAscending, "a c b d"), (Sort::DateDescending, "c a b d")]
    {
        let request = SearchRequest { sort, ..request("met OR chess") };
        assert_eq!(ids(engine, &request).join(" "), expected, "{sort:?}");
        assert_eq!(
            engine.search(&request).ok().and_then(|response| response.total),
            Some(Total { articles: 4, undated: 2 })
        );
    }
    assert_eq!(ids(engine, &request("NATO")), ["b", "a"], "two mentions before one");
}

fn articles_are_found_by_id(engine: &dyn Engine) {
    let found = engine.articles("c", 10).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].text, "A chess match in Astana ended in a draw.");
    assert!(engine.articles("nobody", 10).is_ok_and(|articles| articles.is_empty()));
}

fn an_empty_collection_answers(engine: &dyn Engine) {
    for query in ["NATO", "NOT NATO", "\"met Xi\""] {
        assert!(ids(engine, &request(query)).is_empty(), "{query} on nothing");
    }
}
