//! What proximity costs: the ten best hits of `a NEAR/5 b` and `a SENTENCE b` against those of `a AND b`.
//!
//! `cargo run --release -p benches --bin span_cost -- INDEX [a,b ...]`
//!
//! All forms of all pairs are run in turn, in rounds; the median of each is taken, and the ratio to AND in the same run
//! printed, with the quartiles of the ratio over the rounds.

use std::path::Path;
use std::time::Instant;

use bench::report::quantile;
use engine::{Engine, SearchRequest};
use query::LocalEngine;
use syntax::{Options, parse};

const ROUNDS: usize = 101;

/// Frequent words of English prose.
const PAIRS: [(&str, &str); 8] = [
    ("war", "peace"),
    ("united", "states"),
    ("first", "world"),
    ("new", "york"),
    ("government", "party"),
    ("city", "river"),
    ("university", "science"),
    ("early", "century"),
];

fn main() {
    let mut args = std::env::args().skip(1);
    let Some(index) = args.next() else {
        eprintln!("usage: span_cost INDEX [a,b ...]");
        std::process::exit(2);
    };
    let named: Vec<String> = args.collect();
    let mut pairs: Vec<(&str, &str)> = named.iter().filter_map(|pair| pair.split_once(',')).collect();
    if pairs.is_empty() {
        pairs = PAIRS.to_vec();
    }
    let engine = match LocalEngine::open(Path::new(&index)) {
        Ok(engine) => engine,
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(2);
        }
    };
    println!("| pair | AND, µs | NEAR/5 | quartiles | SENTENCE | quartiles |\n|---|---|---|---|---|---|");
    for (a, b) in pairs {
        let forms = ["AND", "NEAR/5", "SENTENCE"].map(|operator| request(&format!("{a} {operator} {b}")));
        let mut times = vec![[0.0; 3]; ROUNDS];
        for round in &mut times {
            for (time, form) in round.iter_mut().zip(&forms) {
                let start = Instant::now();
                let found = engine.search(form);
                *time = start.elapsed().as_secs_f64() * 1e6;
                assert!(found.is_ok(), "{a} {b}");
            }
        }
        let and = quartiles(times.iter().map(|round| round[0]).collect())[1];
        let ratios = [1, 2].map(|form| quartiles(times.iter().map(|round| round[form] / round[0]).collect()));
        let [near, sentence] =
            ratios.map(|[low, median, high]| format!("{median:.2} | {low:.2} to {high:.2}"));
        println!("| {a}, {b} | {and:.0} | {near} | {sentence} |");
    }
}

/// The ten best hits alone: no text, no count.
fn request(text: &str) -> SearchRequest {
    let query = parse(text, &Options::default()).query.unwrap_or_else(|| panic!("not a query: {text}"));
    SearchRequest { fragments: 0, count: false, ..SearchRequest::new(query) }
}

fn quartiles(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [0.25, 0.5, 0.75].map(|part| quantile(&values, part))
}
