//! Markdown: plain text with a front matter in YAML or TOML, `#` headings and images.

use pulldown_cmark::{Event, Parser};

use super::front_matter;
use super::record::Fields;
use super::{Format, Reader, Record, decode, dissect, split_whole};
use crate::anatomy::Hints;
use crate::article::{Article, Kind};
use crate::error::ReadError;

pub(super) const READER: Reader = Reader {
    format: Format::Markdown,
    name: "markdown",
    extensions: &["md", "markdown"],
    split: split_whole,
    parse,
};

fn parse(record: &Record) -> Result<Article, ReadError> {
    let text = decode(record)?.into_owned();
    let page = Page::read(&text);
    let headline_is_known = page.title_line.is_some();
    let hints = Hints { known: &page.known, headline_is_known, ..Hints::default() };
    let anatomy = dissect(record, &text, &hints)?;
    let mut fields = page.fields;
    if let Some(line) = page.title_line {
        fields.title = Some(inline_text(&text[anatomy.lines[line].range.clone()]));
    }
    Ok(fields.into_article(record, text, anatomy))
}

/// What the marks of Markdown tell about a text.
struct Page {
    fields: Fields,
    /// Lines (from 0) whose kind the marks tell.
    known: Vec<(usize, Kind)>,
    /// The line of the article's `#` heading.
    title_line: Option<usize>,
}

impl Page {
    fn read(text: &str) -> Page {
        let (front_lines, fields, known) = match front_matter::read(text) {
            Some(front) => (front.kinds.len(), front.fields, front.kinds.into_iter().enumerate().collect()),
            None => (0, Fields::default(), Vec::new()),
        };
        let mut page = Page { fields, known, title_line: None };
        let has_title = page.known.iter().any(|(_, kind)| *kind == Kind::Headline);
        let mut first_content = !has_title;
        for (number, line) in text.split('\n').enumerate().skip(front_lines) {
            let line = line.trim();
            if is_heading(line) {
                let is_title = first_content && !line.starts_with("##");
                page.title_line = page.title_line.or(is_title.then_some(number));
                page.known.push((number, if is_title { Kind::Headline } else { Kind::Heading }));
            } else if is_image(line) {
                page.known.push((number, Kind::Caption));
                continue;
            }
            first_content &= line.is_empty();
        }
        page
    }
}

/// One to six `#` and a space.
fn is_heading(line: &str) -> bool {
    let rest = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - rest.len())) && rest.starts_with(' ')
}

/// Nothing but an image: `![what it shows](address)`.
fn is_image(line: &str) -> bool {
    line.starts_with("![") && line.ends_with(')') && line.contains("](")
}

/// The text of a heading without its marks.
fn inline_text(line: &str) -> String {
    let mut text = String::new();
    for event in Parser::new(line.trim()) {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::article::Source;

    fn article(text: &str) -> Article {
        let source = Source { path: PathBuf::from("a.md"), line: 1, lines_are_file_lines: true };
        parse(&Record { source, format: Format::Markdown, bytes: text.as_bytes().to_vec() }).unwrap()
    }

    #[test]
    fn front_matter_says_who_when_and_what() {
        let article = article(
            "---\ntitle: \"Ferry returns\"\ndate: 2022-05-04\nauthor: Ana Lind\ntags: sea\n---\n\nThe ferry came back to the island on Wednesday after a winter of repairs.\n",
        );
        assert_eq!(article.headline.as_deref(), Some("Ferry returns"));
        assert_eq!(article.date.unwrap().to_string(), "2022-05-04");
        assert_eq!(article.authors, ["Ana Lind"]);
        let kinds: Vec<&str> = article.lines.iter().map(|line| line.kind.name()).collect();
        assert_eq!(kinds, ["credit", "headline", "date", "byline", "credit", "credit", "blank", "lead"]);
    }

    #[test]
    fn a_heading_is_its_text_without_marks() {
        let headline = |line: &str| article(&format!("{line}\n\nThe ferry came back.")).headline.unwrap();
        assert_eq!(headline("# Real [link](http://x.example/) *headline*"), "Real link headline");
        assert_eq!(headline("# A `b_c` \\* **d** &amp; e #"), "A b_c * d & e");
        assert_eq!(headline("# C# and snake_case_names"), "C# and snake_case_names");
    }

    #[test]
    fn the_first_heading_is_the_headline_and_images_are_captions() {
        let article = article(
            "# Ferry returns\n\n![The harbour](harbour.jpg)\n\nThe ferry came back on Wednesday.\n\n## What next\n\nIt sails daily.",
        );
        assert_eq!(article.headline.as_deref(), Some("Ferry returns"));
        let kinds: Vec<&str> = article.lines.iter().step_by(2).map(|line| line.kind.name()).collect();
        assert_eq!(kinds, ["headline", "caption", "lead", "heading", "body"]);
    }
}
