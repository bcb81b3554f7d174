//! The scenarios that every engine must pass. An engine's tests call [`check`] with a way to build one.

use std::ffi::OsStr;

use article::{Article, Kind, Line, Source};
use jiff::civil::date;
use syntax::{Options, parse};

use crate::{CopiesRequest, Engine, SearchRequest, Sort, Total};

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
    articles_are_found_by_id_path_and_place(engine.as_ref());
    copies_are_found_and_folded(build(copies()).as_ref());
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
        also: Vec::new(),
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
            Some(Total { articles: 4, undated: 2, folded: None })
        );
    }
    assert_eq!(ids(engine, &request("NATO")), ["b", "a"], "two mentions before one");
}

fn articles_are_found_by_id_path_and_place(engine: &dyn Engine) {
    let found = |name: &str| engine.articles(OsStr::new(name), 10).unwrap_or_else(|error| panic!("{error}"));
    let by_id = found("c");
    assert_eq!(by_id.len(), 1);
    assert_eq!(by_id[0].text, "A chess match in Astana ended in a draw.");
    let path = by_id[0].source.path.display();
    assert_eq!(found(&path.to_string()), by_id);
    assert_eq!(found(&format!("{path}:1")), by_id);
    for name in ["nobody", "c:1", ":1", &format!("{path}:2"), &format!("{path}:"), &format!("{path}:1:")] {
        assert!(found(name).is_empty(), "{name}");
    }
}

/// A report of the river, the same under another id, with an agency's words before it, and cut; and another of the river.
fn copies() -> Vec<Article> {
    const REPORT: &str = "The river left its banks on Thursday after two days of rain, and the lower part of the town stood \
        under water until the evening. Nobody was hurt, the mayor said, but the bridge at the mill would stay closed to all \
        traffic until engineers have looked at its northern pier, which the current had hit with trunks of trees.";
    const OTHER: &str = "Engineers opened the bridge at noon, a week after the flood. The northern pier of it had been hit by \
        trunks of trees that the river carried down from the forest, but divers found no cracks in the stone, and the \
        council decided to let cars of less than three tonnes cross it at a walking pace from Monday on.";
    let (cut, _) = REPORT.split_at(REPORT.len() * 2 / 3);
    let mut articles = vec![
        article("e", REPORT),
        article("f", REPORT),
        article("g", &format!("Our own correspondent, with reports of two agencies, river desk. {REPORT}")),
        article("h", cut),
        article("i", OTHER),
    ];
    for (day, copy) in (1..).zip(&mut articles) {
        copy.date = Some(date(2022, 8, 20 - day));
    }
    articles
}

fn copies_are_found_and_folded(engine: &dyn Engine) {
    for (sort, expected) in
        [(Sort::Id, "e+3 i+0"), (Sort::DateAscending, "i+0 h+3"), (Sort::DateDescending, "e+3 i+0")]
    {
        let request = SearchRequest { sort, fold: true, ..request("river") };
        let response = engine.search(&request).unwrap_or_else(|error| panic!("{sort:?}: {error}"));
        let hits = response.hits.iter().map(|hit| format!("{}+{}", hit.id, hit.copies.unwrap_or(u64::MAX)));
        assert_eq!(hits.collect::<Vec<_>>().join(" "), expected, "{sort:?}");
        assert_eq!(response.total, Some(Total { articles: 5, undated: 0, folded: Some(2) }));
        let page = SearchRequest { offset: 1, limit: 1, ..request.clone() };
        assert_eq!(ids(engine, &page).join(" "), &expected[4..5], "the second of {sort:?}");
        assert!(ids(engine, &SearchRequest { offset: 2, ..request }).is_empty(), "no third of {sort:?}");
    }
    assert_eq!(ids(engine, &request("river")).len(), 5, "copies stay where nobody asks for less");
    let all = CopiesRequest { exact: false, limit: usize::MAX };
    let found = engine.copies(&all).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((found.count, found.articles), (1, 4));
    let members: Vec<_> = found.clusters[0].articles.iter().map(|member| member.id.as_str()).collect();
    assert_eq!(members, ["h", "g", "f", "e"], "the oldest first");
    assert!(
        found.clusters[0]
            .articles
            .iter()
            .all(|member| member.overlap > 0.5 && member.exact == (member.id == "h"))
    );
    let found =
        engine.copies(&CopiesRequest { exact: true, ..all }).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(found.count, 0, "copies of one text under two ids are not exact");
    let found = engine.copies(&CopiesRequest { limit: 0, ..all }).unwrap_or_else(|error| panic!("{error}"));
    assert!(found.clusters.is_empty() && found.count == 1);
}

fn an_empty_collection_answers(engine: &dyn Engine) {
    for query in ["NATO", "NOT NATO", "\"met Xi\""] {
        assert!(ids(engine, &request(query)).is_empty(), "{query} on nothing");
    }
    let found =
        engine.copies(&CopiesRequest { exact: false, limit: 10 }).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(found.count, 0);
}
