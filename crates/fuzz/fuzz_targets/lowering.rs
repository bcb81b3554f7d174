//! Whatever parses is answered or refused, never with a panic, and every way of asking gives the same number.

#![no_main]

use std::sync::LazyLock;
use std::time::Duration;

use engine::{Engine, Hit, Lookup, SearchRequest, SearchResponse, Sort};
use fuzz::{answer, check_fragments, engine_over, switches_and_text, tree};
use libfuzzer_sys::{Corpus, fuzz_target};
use query::LocalEngine;
use syntax::{Node, Options, Query};

const FILES: [(&str, &[u8]); 4] = [
    ("visit.txt", VISIT.as_bytes()),
    ("games.txt", GAMES.as_bytes()),
    ("briefs.jsonl", BRIEFS.as_bytes()),
    ("menu.txt", MENU.as_bytes()),
];

const VISIT: &str = "\
U.S. watches as Xi and Putin meet

By Milo Treadgold
4 February 2022

President Xi Jinping met President Vladimir Putin in Beijing. The two spoke of NATO for an hour, and of the US for two.

“NATO must not grow,” Mr. Putin said. Xi’s reply was short: no limits! The face-to-face talks ended at 4.5 past noon. \
US officials told us they would look into it.

What follows is war, said Mîndruțescu of the Café Straße; nobody at the summit in Moscow believed it. Talks, talks, talks.
";

const GAMES: &str = "\
北京奥运会开幕

北京奥运会星期五开幕。普京和习近平出席了开幕式！会谈很长。

Putin came to 北京 for the games; 習近平 was the host. がんばれ、ニッポン。
";

const BRIEFS: &str = r#"{"id": "brief-1", "title": "NATO summit in Vilnius", "body": "NATO met in Vilnius. Finland had joined.\n\nSanctions on Russia and on Iran stay, ministers said.", "date": "2023-07-12", "source": "Harbour Courier", "author": "Solène Arbizu", "lang": "en"}
{"id": "brief-2", "title": "Une lettre", "body": "Le sommet de l’OTAN n’a rien décidé sur la Chine.", "date": null, "lang": "fr"}
{"id": "brief-3", "title": "Talks", "body": "Talks. Talks about talks: Xi, Xi and Putin. xi putin nato", "date": "0001-01-01"}
"#;

const MENU: &str = "\
Home | World | Politics | Sport

Sanctions and grain

MOSCOW, July 17 (Harbour Wire) -

Russia left the grain deal on Monday. The U.S.-led talks on sanctions, it said, were AT&T’s business - https://example.org/a?b=c.

Read more: Putin and Xi speak of grain

© 2023 Harbour Wire. All rights reserved.
";

/// Articles in the files.
const ARTICLES: u64 = 6;

/// The part of a score that depends on the order in which it was summed.
const ROUNDING: f32 = 1e-4;

static ENGINE: LazyLock<LocalEngine> =
    LazyLock::new(|| engine_over(&FILES).with_timeout(Some(Duration::from_secs(1))));

fuzz_target!(|input: &[u8]| -> Corpus {
    let Some((switches, text)) = switches_and_text(input) else { return Corpus::Reject };
    let switch = |bit: u8| switches >> bit & 1 == 1;
    let Some(query) = tree(text, Options { any: switch(0) }) else { return Corpus::Reject };
    let lookup = Lookup { raw: switch(1), stem: switch(2) };
    let sort = if switch(3) { Sort::DateDescending } else { Sort::Score };
    check_answers(&query, lookup, sort);
    Corpus::Keep
});

fn check_answers(query: &Query, lookup: Lookup, sort: Sort) {
    let request = SearchRequest { lookup, sort, ..SearchRequest::new(query.clone()) };
    let Some(response) = answer(ENGINE.search(&request)) else { return };
    check_hits(&response, &request);
    let total = response.total.unwrap_or_default().articles;
    if let Some(count) = answer(ENGINE.count(query, lookup)) {
        assert_eq!(total, count, "{query}");
    }
    if let Some(others) = answer(ENGINE.count(&negated(query), lookup)) {
        assert_eq!(total + others, ARTICLES, "{query}");
    }
    let best = response.hits.first();
    let Some(explanation) = answer(ENGINE.explain(query, lookup, best.map(|hit| hit.id.as_str()))) else {
        return;
    };
    assert_eq!(total, explanation.total, "{query}");
    if let (Some(hit), Some(found)) = (best, explanation.score) {
        assert!(found.matching > 0, "{query}");
        let is_same = |score: f32| (score - found.score).abs() <= score * ROUNDING;
        assert!(hit.score.is_none_or(is_same), "{query}: {hit:?} and {found:?}");
    }
}

fn negated(query: &Query) -> Query {
    Query { node: Node::Not(Box::new(query.clone())), span: query.span }
}

fn check_hits(response: &SearchResponse, request: &SearchRequest) {
    let total = response.total.unwrap_or_default();
    assert!(total.undated <= total.articles, "{}: {total:?}", request.query);
    // The collection is small enough for all hits that the limit lets through.
    assert_eq!(response.hits.len() as u64, total.articles.min(request.limit as u64), "{}", request.query);
    for hit in &response.hits {
        assert!(
            hit.score.is_none_or(|score| score.is_finite() && score >= 0.0),
            "{}: {hit:?}",
            request.query
        );
        check_fragments(&ENGINE, hit, request);
    }
    let is_in_order = |a: &Hit, b: &Hit| a.score >= b.score.map(|score| score * (1.0 - ROUNDING));
    assert!(response.hits.is_sorted_by(is_in_order), "{}: {:?}", request.query, response.hits);
}
