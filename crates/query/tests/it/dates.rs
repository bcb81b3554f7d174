//! Rankings with a filter of dates.

use std::fmt::Write;

use engine::{Engine, Hit, SearchRequest};
use jiff::civil::Date;

use crate::support::{Collection, request};

const ARTICLES: usize = 400;

type Filter = fn(Option<Date>) -> bool;

#[test]
fn a_ranking_with_dates_is_the_ranking_without_them_filtered() {
    let collection = Collection::new();
    let mut draw = fastrand::Rng::with_seed(5);
    let mut lines = String::new();
    for number in 0..ARTICLES {
        let date = match draw.u32(..5) {
            0 => String::new(),
            _ => format!(r#""date": "20{:02}-{:02}-11", "#, draw.u32(10..22), draw.u32(1..13)),
        };
        write!(lines, r#"{{{date}"title": "Number {number}", "body": ""#).unwrap();
        for _ in 0..draw.usize(5..60) {
            lines.push_str(draw.choice(["ship ", "port ", "sea ", "captain ", "the ", "of "]).unwrap());
        }
        lines.push_str("\"}\n");
    }
    collection.write("ships.jsonl", &lines);
    collection.update();
    let engine = collection.engine();
    let best = |text: &str, limit: usize| -> Vec<Hit> {
        engine.search(&SearchRequest { limit, ..request(text) }).unwrap().hits
    };
    let in_2015: Filter = |date| date.is_some_and(|date| date.year() == 2015);
    let filters: [(&str, Filter); 7] = [
        ("date:2015", in_2015),
        ("date:2015-03", |date| date.is_some_and(|date| (date.year(), date.month()) == (2015, 3))),
        ("date:2015..", |date| date.is_some_and(|date| date.year() >= 2015)),
        ("date:none", |date| date.is_none()),
        ("(date:none OR date:..2012)", |date| date.is_none_or(|date| date.year() <= 2012)),
        ("NOT date:2015", |date| date.is_none_or(|date| date.year() != 2015)),
        ("date:1999", |_| false),
    ];
    for query in
        ["ship", "(ship OR port)", "ship sea", r#""ship sea""#, "ship NEAR/3 port", "ship NOT captain"]
    {
        let whole = best(query, ARTICLES);
        for (filter, passes) in filters {
            let expected: Vec<&str> =
                whole.iter().filter(|hit| passes(hit.date)).map(|hit| hit.id.as_str()).take(7).collect();
            let found = best(&format!("{query} {filter}"), 7);
            let found: Vec<&str> = found.iter().map(|hit| hit.id.as_str()).collect();
            assert_eq!(found, expected, "{query} {filter}");
        }
    }
}
