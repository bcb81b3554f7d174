//! Answers as JSON, one object a line. `v` is the version of the form: it changes when a member is renamed or removed.

use std::io::{self, Write};
use std::path::Path;

use article::{Article, Place, Source, acts};
use engine::{Cluster, Fragment, Hit, Member, Stats};
use serde_json::{Value, json};

use super::Asked;
use super::safe::relative;

/// The version of the form.
const VERSION: u32 = 1;

/// Writes a hit, with the query where there are several; `rank` is 1-based. Highlights are ranges of characters of the text.
pub(crate) fn hit(out: &mut impl Write, asked: Option<Asked<'_>>, rank: usize, hit: &Hit) -> io::Result<()> {
    let mut value = json!({
        "v": VERSION,
        "rank": rank,
        "score": hit.score.map(rounded),
        "id": hit.id,
        "path": path(&hit.source),
        "line": hit.source.line,
        "title": hit.title,
        "headline": hit.has_headline,
        "date": hit.date,
        "outlet": hit.outlet,
        "authors": hit.authors,
        "lang": hit.language,
        "url": hit.url,
        "fragments": hit.fragments.iter().map(fragment).collect::<Vec<_>>(),
    });
    add_bytes(&mut value, relative(&hit.source.path));
    add_also(&mut value, &hit.also);
    if let Some(copies) = hit.copies {
        value["copies"] = copies.into();
    }
    if let Some(asked) = asked {
        value["query"] = asked.text.into();
        value["query_line"] = asked.line.into();
    }
    line(out, &value)
}

/// The other places, where there are any.
fn add_also(value: &mut Value, places: &[Place]) {
    if !places.is_empty() {
        let place = |place: &Place| {
            let path = relative(&place.path);
            let mut value = json!({ "path": path.to_string_lossy(), "line": place.line });
            add_bytes(&mut value, path);
            value
        };
        value["also"] = places.iter().map(place).collect();
    }
}

/// Six digits behind the point, so that a score reads as it was computed and not as its nearest double.
fn rounded(score: f32) -> f64 {
    (f64::from(score) * 1e6).round() / 1e6
}

fn fragment(fragment: &Fragment) -> Value {
    let chars = |byte: usize| fragment.text[..byte].chars().count();
    let highlights: Vec<_> =
        fragment.highlights.iter().map(|range| [chars(range.start), chars(range.end)]).collect();
    json!({
        "line": fragment.line,
        "kind": fragment.kind.name(),
        "text": fragment.text,
        "highlights": highlights,
    })
}

/// Writes an article with the kind of every line.
pub(crate) fn article(out: &mut impl Write, article: &Article) -> io::Result<()> {
    let lines: Vec<_> = article
        .lines
        .iter()
        .map(|line| json!({ "kind": line.kind.name(), "text": &article.text[line.range.clone()] }))
        .collect();
    let mut value = json!({
        "v": VERSION,
        "id": article.id,
        "path": path(&article.source),
        "line": article.source.line,
        "headline": article.headline,
        "date": article.date,
        "outlet": article.outlet,
        "authors": article.authors,
        "lang": article.language,
        "url": article.url,
        "lines": lines,
    });
    add_bytes(&mut value, relative(&article.source.path));
    add_also(&mut value, &article.also);
    line(out, &value)
}

/// Writes a cluster of copies; `number` is 1-based.
pub(crate) fn cluster(out: &mut impl Write, number: usize, cluster: &Cluster) -> io::Result<()> {
    let value = json!({
        "v": VERSION,
        "cluster": number,
        "count": cluster.articles.len(),
        "articles": cluster.articles.iter().map(member).collect::<Vec<_>>(),
    });
    line(out, &value)
}

fn member(member: &Member) -> Value {
    let mut value = json!({
        "id": member.id,
        "path": path(&member.source),
        "line": member.source.line,
        "title": member.title,
        "date": member.date,
        "exact": member.exact,
        "overlap": (f64::from(member.overlap) * 100.0).round() / 100.0,
    });
    add_bytes(&mut value, relative(&member.source.path));
    value
}

fn path(source: &Source) -> String {
    relative(&source.path).to_string_lossy().into_owned()
}

/// Adds the bytes of a path that is no text, in hexadecimal: only they name the file.
pub(crate) fn add_bytes(value: &mut Value, path: &Path) {
    if path.to_str().is_none() {
        let digit = |number: u8| char::from_digit(u32::from(number), 16);
        let bytes = path.as_os_str().as_encoded_bytes().iter();
        value["path_bytes"] =
            bytes.flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).flatten().collect::<String>().into();
    }
}

/// Writes statistics.
pub(crate) fn stats(out: &mut impl Write, stats: &Stats) -> io::Result<()> {
    let value = json!({
        "v": VERSION,
        "articles": stats.articles,
        "places": stats.places,
        "undated": stats.undated,
        "first_date": stats.dates.map(|(first, _)| first),
        "last_date": stats.dates.map(|(_, last)| last),
        "sources": stats.sources,
        "terms": stats.terms,
        "tokens": stats.tokens,
        "segments": stats.segments,
        "bytes": stats.bytes,
        "languages": pairs(&stats.languages),
    });
    line(out, &value)
}

fn pairs(counts: &[(String, u64)]) -> Value {
    counts
        .iter()
        .map(|(name, count)| (name.clone(), Value::from(*count)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// Writes any value as a line. What would act on a terminal is escaped, which leaves the value as it is: such characters stand in
/// strings only.
pub(crate) fn line(out: &mut impl Write, value: &Value) -> io::Result<()> {
    let line = value.to_string();
    let mut rest = line.as_str();
    while let Some(at) = rest.find(acts) {
        let (before, from) = rest.split_at(at);
        let mut chars = from.chars();
        out.write_all(before.as_bytes())?;
        for unit in chars.next().into_iter().flat_map(|c| c.encode_utf16(&mut [0; 2]).to_vec()) {
            write!(out, "\\u{unit:04x}")?;
        }
        rest = chars.as_str();
    }
    writeln!(out, "{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_does_nothing_to_a_terminal_and_says_the_same() {
        let value = json!({ "a\u{9b}2J": "b\u{202E}\u{1b}c\u{2066}\n\u{7f}" });
        let mut out = Vec::new();
        line(&mut out, &value).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.trim_end().chars().any(acts), "{text:?}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
