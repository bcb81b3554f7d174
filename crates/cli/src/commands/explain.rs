//! `morgue explain`: how a query is understood, and why an article has its score.

use std::io::{self, Write};

use engine::{Engine, Explanation, ScoreExplanation};

use super::read_query;
use crate::args::{Args, ExplainArgs};
use crate::collection;
use crate::failure::Failure;
use crate::output::{Outcome, Output};
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
    if !score.matches {
        return writeln!(out, "score     {} does not match", safe(&score.id));
    }
    writeln!(out, "score     {:.4} for {}, the sum of", score.score, safe(&score.id))?;
    for part in &score.parts {
        writeln!(out, "  {:>8.4}  {}  = {}", part.score, safe(&part.clause), safe(&part.formula))?;
    }
    Ok(())
}
