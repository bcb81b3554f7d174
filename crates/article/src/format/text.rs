//! Plain text: the file is the article.

use super::{Format, Reader, Record, decode, dissect, split_whole};
use crate::anatomy::{Hints, Recurring};
use crate::article::Article;
use crate::error::ReadError;
use crate::{id, language};

pub(super) const READER: Reader =
    Reader { format: Format::Text, name: "text", extensions: &["txt", "text"], split: split_whole, parse };

fn parse(record: &Record) -> Result<Article, ReadError> {
    parse_among(record, &Recurring::default())
}

/// An article of a source in whose articles this recurs.
pub(super) fn parse_among(record: &Record, recurring: &Recurring) -> Result<Article, ReadError> {
    let text = decode(record)?.into_owned();
    let anatomy = dissect(record, &text, &Hints { recurring: Some(recurring), ..Hints::default() })?;
    Ok(Article {
        id: id::of_content(&text),
        source: record.source.clone(),
        also: Vec::new(),
        language: language::detect(anatomy.content(&text)),
        headline: anatomy.headline,
        date: anatomy.date,
        authors: anatomy.authors,
        outlet: anatomy.outlet,
        url: None,
        lines: anatomy.lines,
        text,
    })
}
