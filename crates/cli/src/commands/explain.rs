//! `morgue explain`: how a query is understood, and why an article has its score.

use std::io::{self, Write};

use engine::{Engine, Explanation, ScoreExplanation};

use super::read_query;
use crate::args::{Args, ExplainArgs};
use crate::collection;
use crate::failure::Failure;
use crate::output::{Outcome, Output};
use crate::render::places::place;
use crate::render::safe::safe;
use crate::render::{counted, grouped};

pub(crate) fn run(args: &Args, explain: &ExplainArgs) -> Result<Outcome, Failure> {
    let query = read_query(args, &explain.query, explain.lookup.any, &explain.actors)?;
    let engine = collection::open(args)?;
    let explanation = engine
        .explain(&query, explain.lookup.into(), explain.article.as_deref())
        .map_err(|error| Failure::search(error, &explain.query))?;
    let mut out = Output::open();
    print(&mut out, &explanation)?;
    out.flush()?;
    Ok(Outcome::of(explanation.total))
}

fn print(out: &mut Output, explanation: &Explanation) -> io::Result<()> {
    writeln!(out, "read as   {}", safe(&explanation.reading))?;
    writeln!(out, "matches   {}", counted(explanation.total, "article"))?;
    writeln!(out, "clauses")?;
    for clause in &explanation.clauses {
        writeln!(out, "  {}: {}", safe(&clause.clause), counted(clause.articles, "article"))?;
    }
    writeln!(out, "plan")?;
    for line in &explanation.plan {
        let indent = line.depth * 2;
        let counts = format!("{} expected, {} found", grouped(line.estimated), grouped(line.actual));
        writeln!(out, "  {:indent$}{}: {counts}", "", safe(&line.text))?;
    }
    match &explanation.score {
        Some(score) => print_score(out, score),
        None => Ok(()),
    }
}

fn print_score(out: &mut Output, score: &ScoreExplanation) -> io::Result<()> {
    let id = safe(&score.id);
    if score.matching == 0 {
        return match score.named {
            1 => writeln!(out, "score     {id} does not match"),
            several => {
                writeln!(out, "score     none of the {} articles of this name matches", grouped(several))
            }
        };
    }
    if score.named > 1 {
        let place = place(&score.place.path, score.place.line);
        let (named, matching) = (grouped(score.named), grouped(score.matching));
        let matching =
            if score.matching == 1 { "1 that matches".to_owned() } else { format!("{matching} that match") };
        writeln!(out, "article   {place}, the best of {matching}, of {named} of this name")?;
    }
    if score.parts.is_empty() {
        return writeln!(out, "score     {:.4} for {id}: nothing that it matches scores", score.score);
    }
    writeln!(out, "score     {:.4} for {id}, the sum of", score.score)?;
    for part in &score.parts {
        writeln!(out, "  {:>8.4}  {}  = {}", part.score, safe(&part.clause), safe(&part.formula))?;
    }
    Ok(())
}
