//! One engine among others: the line protocol by which a benchmark of several engines asks each.
//!
//! The queries are those of search-benchmark-game: `a b` is a OR b, `+a` must be there, `-a` must not, `"a b"` is a phrase.

use std::io::{BufRead, Write, stdin};
use std::path::Path;
use std::time::Instant;

use engine::{Engine, Lookup, SearchError, SearchRequest};
use query::LocalEngine;
use syntax::{Options, parse};

use crate::failure::Failure;
use crate::output::{Outcome, Output};

/// Answers lines until there are no more.
pub(super) fn serve(index: &Path) -> Result<Outcome, Failure> {
    let engine = LocalEngine::open(index)?;
    let mut out = Output::open();
    for line in stdin().lock().lines() {
        let line = line?;
        let (command, query) = line.split_once('\t').unwrap_or((&line, ""));
        let start = Instant::now();
        let answer = answer(&engine, command, query);
        let nanoseconds = start.elapsed().as_nanos();
        let answer = match answer {
            Ok(Some(answer)) => answer,
            Ok(None) => "UNSUPPORTED".to_owned(),
            Err(error) => format!("ERROR {}", error.to_string().replace(['\n', '\t'], " ")),
        };
        writeln!(out, "{answer}\t{nanoseconds}")?;
        out.flush()?;
    }
    Ok(Outcome::Found)
}

/// `None` for a command or a query that we do not have.
fn answer(engine: &LocalEngine, command: &str, text: &str) -> Result<Option<String>, SearchError> {
    if command == "NOP" {
        return Ok(Some("0".to_owned()));
    }
    let Some(query) = translate(text).and_then(|text| parse(&text, &Options::default()).query) else {
        return Ok(None);
    };
    let request = |query, fragments| SearchRequest { fragments, count: false, ..SearchRequest::new(query) };
    let ranked = |limit| engine.rank(&query, Lookup::default(), limit).map(|hits| hits.to_string());
    let counted = || engine.count(&query, Lookup::default()).map(|count| count.to_string());
    Ok(Some(match command {
        "COUNT" => counted()?,
        "TOP_10" => ranked(10)?,
        "TOP_100" => ranked(100)?,
        "TOP_1000" => ranked(1000)?,
        "TOP_10_COUNT" => ranked(10).and_then(|_| counted())?,
        "TOP_100_COUNT" => ranked(100).and_then(|_| counted())?,
        "TOP_10_SNIPPET" => {
            let hits = engine.search(&request(query, 1))?.hits;
            hits.iter()
                .flat_map(|hit| &hit.fragments)
                .map(|fragment| fragment.text.len())
                .sum::<usize>()
                .to_string()
        }
        "IDS_10" => {
            let hits = engine.search(&request(query, 0))?.hits;
            let line = hits.iter().map(|hit| format!("{}:{:.4}", hit.id, hit.score.unwrap_or(0.0)));
            line.collect::<Vec<_>>().join(",")
        }
        _ => return Ok(None),
    }))
}

/// The query in our language; `None` where there is nothing in it that an article can have, or a quote is open.
fn translate(text: &str) -> Option<String> {
    let (mut needed, mut optional, mut negative) = (String::new(), String::new(), String::new());
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (joint, list, operand) = match (rest.strip_prefix('+'), rest.strip_prefix('-')) {
            (Some(operand), _) => (" AND ", &mut needed, operand),
            (_, Some(operand)) => (" NOT ", &mut negative, operand),
            _ => (" OR ", &mut optional, rest),
        };
        let end = match operand.strip_prefix('"') {
            Some(phrase) => phrase.find('"')? + 2,
            None => operand.find(' ').unwrap_or(operand.len()),
        };
        let is_first = list.is_empty() && joint != " NOT ";
        push(list, if is_first { "" } else { joint }, &operand[..end]);
        rest = operand[end..].trim_start();
    }
    match (needed.is_empty(), optional.is_empty()) {
        (true, true) => None,
        (true, false) if negative.is_empty() => Some(optional),
        (true, false) => Some(format!("({optional}){negative}")),
        (false, true) => Some(needed + &negative),
        (false, false) => Some(format!("({needed}{negative}) XRANK ({optional})")),
    }
}

/// Adds a word or phrase behind a joint. Words that are operators of ours are words here, so that all are quoted.
fn push(query: &mut String, joint: &str, operand: &str) {
    let quote = if operand.starts_with('"') { "" } else { "\"" };
    for part in [joint, quote, operand, quote] {
        query.push_str(part);
    }
}

#[cfg(test)]
mod tests {
    use super::translate;

    #[test]
    fn queries_of_the_game_have_an_equal_in_our_language() {
        for (game, ours) in [
            ("xi nato", "\"xi\" OR \"nato\""),
            ("xi nato -eu", "(\"xi\" OR \"nato\") NOT \"eu\""),
            ("+xi +\"north atlantic\"", "\"xi\" AND \"north atlantic\""),
            ("+xi -nato", "\"xi\" NOT \"nato\""),
            ("+xi nato eu", "(\"xi\") XRANK (\"nato\" OR \"eu\")"),
            ("+xi +eu nato -us", "(\"xi\" AND \"eu\" NOT \"us\") XRANK (\"nato\")"),
            ("or", "\"or\""),
            ("über", "\"über\""),
        ] {
            assert_eq!(translate(game).as_deref(), Some(ours));
        }
        assert_eq!(translate("-xi"), None);
        assert_eq!(translate(""), None);
    }
}
