//! Pages that are plain text between `<pre>` and `</pre>`: old abstracts, mails and wires. Their lines are those of a
//! typewriter, so a paragraph broken for its width is made one line again.

use jiff::civil::Date;

use super::lines::Line;
use super::stack::Place;
use crate::format::record::Fields;
use crate::{date, names};

/// Lines broken for their width are at least and at most this wide.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=100;
/// A title has at most this many bytes, the line of an issue fewer.
const TITLE_BYTES: usize = 250;
const ISSUE_BYTES: usize = 60;
/// The issue has at most this many words, such as `CACM September, 1970`.
const ISSUE_WORDS: usize = 5;

/// Half of what is seen, or more, stands in `<pre>`.
pub(super) fn is_printed(lines: &[Line]) -> bool {
    let printed: usize = lines.iter().filter(|line| line.is_preformatted).map(|line| line.text.len()).sum();
    let all: usize = lines.iter().map(|line| line.text.len()).sum();
    printed > 0 && printed * 2 >= all
}

/// Makes paragraphs that were broken for their width one line each, and fills `fields` with the title and the issue
/// where the page's layout shows them.
pub(super) fn read(lines: Vec<Line>, fields: &mut Fields) -> Vec<Line> {
    let mut paragraphs: Vec<Vec<Line>> = Vec::new();
    for line in lines {
        match paragraphs.last_mut() {
            Some(paragraph) if !line.begins_paragraph => paragraph.push(line),
            _ => paragraphs.push(vec![line]),
        }
    }
    let mut paragraphs: Vec<Vec<Line>> = paragraphs.into_iter().map(reflowed).collect();
    if fields.title.is_none() {
        fields.title = title(&paragraphs);
    }
    let issue = paragraphs.iter().enumerate().find_map(|(place, paragraph)| Some((place, issue(paragraph)?)));
    if let Some((place, day)) = issue {
        fields.date = fields.date.or(Some(day));
        mark(paragraphs.get_mut(place), Place::Date);
        if let Some(names) = paragraphs.get(place + 1).and_then(|below| authors(below)) {
            mark(paragraphs.get_mut(place + 1), Place::Byline);
            fields.authors =
                if fields.authors.is_empty() { names } else { std::mem::take(&mut fields.authors) };
        }
    }
    paragraphs.into_iter().flatten().collect()
}

fn mark(paragraph: Option<&mut Vec<Line>>, place: Place) {
    for line in paragraph.into_iter().flatten() {
        line.place = place;
    }
}

/// Cue: lines of about one width, of which half at least begin in lower case, and which have no marks of programs.
fn reflowed(paragraph: Vec<Line>) -> Vec<Line> {
    let width = |line: &Line| line.text.chars().count();
    let longest = paragraph.iter().map(width).max().unwrap_or(0);
    let (Some((first, further)), Some((_, broken))) = (paragraph.split_first(), paragraph.split_last())
    else {
        return paragraph;
    };
    let begins_low = |line: &&Line| line.text.starts_with(char::is_lowercase);
    let is_prose = !further.is_empty()
        && WIDTHS.contains(&longest)
        && broken.iter().all(|line| width(line) * 2 >= longest)
        && further.iter().filter(begins_low).count() * 2 >= further.len()
        && !paragraph.iter().any(|line| line.text.contains(['{', '}', '=', '<', '|', '\t']));
    if !is_prose {
        return paragraph;
    }
    let words = paragraph.iter().flat_map(|line| line.text.split_whitespace());
    let text = words.collect::<Vec<&str>>().join(" ");
    vec![Line { text, place: first.place, is_preformatted: true, begins_paragraph: true, ..Line::default() }]
}

/// Cue: the first paragraph, when it is one line that ends no sentence and others follow.
fn title(paragraphs: &[Vec<Line>]) -> Option<String> {
    let [first, _, ..] = paragraphs else { return None };
    let [line] = first.as_slice() else { return None };
    let text = super::one_line(&line.text);
    (text.len() <= TITLE_BYTES && !text.ends_with(['.', ':', ',', ';']) && text.contains(char::is_alphabetic))
        .then_some(text)
}

/// The first of the month in a paragraph such as `CACM September, 1970`.
fn issue(paragraph: &[Line]) -> Option<Date> {
    let [line] = paragraph else { return None };
    let words: Vec<&str> = line.text.split_whitespace().collect();
    let [.., month, year] = words.as_slice() else { return None };
    let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    if line.text.len() > ISSUE_BYTES || words.len() > ISSUE_WORDS || !is_year {
        return None;
    }
    date::parse(&format!("1 {} {year}", month.trim_end_matches([',', '.'])))
}

/// Cue: every line below the issue is a family name, a comma and initials.
fn authors(paragraph: &[Line]) -> Option<Vec<String>> {
    paragraph
        .iter()
        .map(|line| {
            let text = super::one_line(&line.text);
            let (family, initials) = text.split_once(',')?;
            let is_initials = initials.contains('.')
                && initials.split(['.', ' ', '-']).all(|part| part.chars().count() <= 1);
            (is_initials && names::is_name(family)).then(|| format!("{family}, {}", initials.trim()))
        })
        .collect()
}
