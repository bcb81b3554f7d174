//! `morgue show`: one article as it was understood.

use std::io::{self, Write};

use article::{Article, Kind};
use engine::{Engine, SearchError};

use crate::args::{Args, ShowArgs};
use crate::collection;
use crate::failure::Failure;
use crate::output::{Outcome, Output};
use crate::render::json;
use crate::render::places::{place, places};
use crate::render::safe::safe;

/// The most articles shown of one file.
const SHOWN_ARTICLES: usize = 100;

pub(crate) fn run(args: &Args, show: &ShowArgs) -> Result<Outcome, Failure> {
    let engine = collection::open(args)?;
    let name = show.article.to_string_lossy();
    let failed = |error| Failure::search(error, &name);
    let mut articles = engine.articles(&show.article, SHOWN_ARTICLES + 1).map_err(failed)?;
    if articles.is_empty() {
        return Err(failed(SearchError::NoSuchArticle(name.clone().into_owned()))
            .hint("ids and paths are in the output of `morgue search --format plain`"));
    }
    let more = articles.len() > SHOWN_ARTICLES;
    articles.truncate(SHOWN_ARTICLES);
    let mut out = Output::open();
    for (number, article) in articles.iter().enumerate() {
        if number > 0 && !show.json {
            writeln!(out)?;
        }
        if show.json {
            json::article(&mut out, article)?;
        } else if show.anatomy {
            anatomy(&mut out, article)?;
        } else {
            text(&mut out, article, show.raw)?;
        }
    }
    out.flush()?;
    if more {
        say!(
            "only the first {SHOWN_ARTICLES} articles of this file are shown; name one by its id or as path:line"
        );
    }
    Ok(Outcome::Found)
}

/// What is known of an article, one line each.
fn head(out: &mut Output, article: &Article) -> io::Result<()> {
    let place = place(&article.source.path, article.source.line);
    let date = article.date.map(|date| date.to_string());
    let authors = (!article.authors.is_empty()).then(|| article.authors.join(", "));
    for (name, value) in [
        ("id", Some(article.id.clone())),
        ("path", Some(place)),
        ("also", (!article.also.is_empty()).then(|| places(&article.also))),
        ("headline", article.headline.clone()),
        ("date", date),
        ("outlet", article.outlet.clone()),
        ("author", authors),
        ("lang", article.language.clone()),
        ("url", article.url.clone()),
    ] {
        if value.is_some() || name != "also" {
            writeln!(out, "{name:<9} {}", safe(value.as_deref().unwrap_or("-")))?;
        }
    }
    writeln!(out)
}

fn text(out: &mut Output, article: &Article, raw: bool) -> io::Result<()> {
    head(out, article)?;
    let mut blank = true;
    for line in article.lines.iter().filter(|line| raw || !line.kind.is_noise()) {
        let is_blank = line.kind == Kind::Blank;
        if !(blank && is_blank) {
            writeln!(out, "{}", safe(&article.text[line.range.clone()]))?;
        }
        blank = is_blank;
    }
    Ok(())
}

/// Every line with its number and its kind.
fn anatomy(out: &mut Output, article: &Article) -> io::Result<()> {
    head(out, article)?;
    for (number, line) in (1..).zip(&article.lines) {
        let text = safe(&article.text[line.range.clone()]);
        writeln!(out, "{}", format!("{number:>5}  {:<10}  {text}", line.kind.name()).trim_end())?;
    }
    Ok(())
}
