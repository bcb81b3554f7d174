//! The headline that a page shows in its `<h1>`, and what stands between it and the text. What finds the text often leaves
//! both out, because they stand in a box of their own above it.

use std::cmp::Reverse;
use std::ops::Range;

use super::extract::is_sentence;
use super::lines::Line;
use super::notice::{is_notice, words_in};
use super::stack::Place;
use super::{letters, same_words};
use crate::{anatomy, date};

/// The headline stands in one of the first lines of what was found, if it is there.
const FIRST_LINES: usize = 3;
/// As many lines below the headline are looked at for a standfirst; behind it stand buttons, names and dates.
const LOOKED_AT: usize = 12;
/// Of these so many are taken.
const MOST_LINES: usize = 4;
/// A line with the date or an author is at most so much longer.
const CREDIT_BYTES: usize = 120;
/// A headline is no longer, in bytes.
const HEADING_BYTES: usize = 400;
/// A heading of one word is no longer if it is the name of a section.
const LABEL_BYTES: usize = 30;
/// A heading of so many words may be the name of a section or of the site.
const LABEL_WORDS: usize = 2;
/// A standfirst has so many words at least.
const STANDFIRST_WORDS: usize = 5;
/// Lines that head the articles of an author.
const BEFORE_AUTHORS: [&str; 6] =
    ["posts by ", "all posts by ", "articles by ", "all articles by ", "author archives", "author: "];
/// No name of a host is longer.
const HOST_BYTES: usize = 255;
/// Longer titles, which nobody writes, are not looked at.
const TITLE_BYTES: usize = 2_000;

/// What a page says of its title and its site.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Names<'a> {
    pub(super) title: Option<&'a str>,
    pub(super) window_title: Option<&'a str>,
    pub(super) outlet: Option<&'a str>,
    pub(super) address: Option<&'a str>,
    pub(super) authors: &'a [String],
}

/// The head of an article.
#[derive(Debug)]
pub(super) struct Head {
    /// The headline on one line.
    pub(super) heading: Line,
    /// Where its lines stand, `<br>` parting them.
    pub(super) heading_lines: Range<usize>,
    /// The lines of the standfirst.
    pub(super) standfirst: Vec<usize>,
}

/// Cue: above the first sentence that is the article's and no notice, the heading that says most of what the title of the page
/// says, or an `<h1>` that is not the name of the site, of a section or of an author and no date.
pub(super) fn find(lines: &[Line], is_own: &[bool], names: Names<'_>) -> Option<Head> {
    let is_text = |(line, own): (&Line, &bool)| *own && is_sentence(line) && !is_notice(&line.text);
    let text = lines.iter().zip(is_own).position(is_text).unwrap_or(lines.len());
    let could_be = |place: &usize| is_headline(lines, *place, names);
    let said = (0..text).filter(could_be).filter(|place| names.tell(&lines[*place].text));
    let said = said.max_by_key(|place| {
        let line = &lines[*place];
        (line.text.len(), line.is_top_heading, Reverse(*place))
    });
    let reads_like_one = |place: &usize| !names.is_of_page(&headline_at(lines, *place).1);
    let top = (0..text).filter(could_be).filter(|place| lines[*place].is_top_heading);
    let mut top = top.filter(reads_like_one);
    // Above the last one are those of sites and sections; where the text does not begin, others may stand below.
    let start = said.or_else(|| if text < lines.len() { top.next_back() } else { top.next() });
    let start = start.or_else(|| sole_below(lines, is_own, text, names))?;
    let (behind, headline) = headline_at(lines, start);
    if headline.is_empty() || headline.len() > HEADING_BYTES {
        return None;
    }
    let heading = Line {
        place: if is_label(&headline) { Place::Heading } else { Place::Headline },
        text: headline,
        begins_paragraph: true,
        is_in_article: lines[start].is_in_article,
        ..Line::default()
    };
    let is_above = behind <= text && text < lines.len();
    let standfirst = if is_above { standfirst(lines, is_own, behind..text, names) } else { Vec::new() };
    Some(Head { heading, heading_lines: start..behind, standfirst })
}

/// Where the heading that begins at `start` ends, and its lines as one.
fn headline_at(lines: &[Line], start: usize) -> (usize, String) {
    let behind = (start + 1..lines.len()).find(|place| !continues(lines, *place)).unwrap_or(lines.len());
    let words: Vec<&str> = lines[start..behind].iter().map(|line| line.text.as_str()).collect();
    // Pages of documents end their headings in a link to them.
    (behind, words.join(" ").trim_end_matches(['¶', ' ']).to_owned())
}

/// The only `<h1>` of the page, where it is the article's and a notice stands above it.
fn sole_below(lines: &[Line], is_own: &[bool], text: usize, names: Names<'_>) -> Option<usize> {
    let mut top =
        (text..lines.len()).filter(|place| lines[*place].is_top_heading && is_headline(lines, *place, names));
    let is_it =
        |place: &usize| is_own.get(*place) == Some(&true) && !names.is_of_page(&headline_at(lines, *place).1);
    let sole = top.next().filter(is_it)?;
    top.next().is_none().then_some(sole)
}

impl Head {
    /// Puts what of the head is not in the article yet before its lines, and returns the headline. Where the page repeats it,
    /// in the path to the page or below, it is not kept as noise.
    pub(super) fn put_before(self, own: &mut Vec<Line>, lines: &[Line], is_own: &mut [bool]) -> String {
        let text = self.heading.text.clone();
        let known = own.iter().take(FIRST_LINES).position(|line| same_words(&line.text, &text));
        let at = known.map_or(0, |place| place + 1);
        let taken = self.standfirst.iter().map(|place| lines[*place].clone());
        let is_put = known.is_none() && !is_own[self.heading_lines.start];
        own.splice(at..at, is_put.then_some(self.heading).into_iter().chain(taken));
        for place in self.heading_lines.chain(self.standfirst) {
            is_own[place] = true;
        }
        if is_put {
            let repeats = |line: &Line| same_words(&line.text, &text);
            is_own.iter_mut().zip(lines).filter(|(_, line)| repeats(line)).for_each(|(own, _)| *own = true);
        }
        text
    }
}

/// One short word, which may be the name of a section.
pub(super) fn is_label(heading: &str) -> bool {
    heading.len() <= LABEL_BYTES && heading.split_whitespace().nth(1).is_none()
}

/// A line that may be the headline: the first of a heading that does not name the site.
fn is_headline(lines: &[Line], place: usize, names: Names<'_>) -> bool {
    let line = &lines[place];
    line.place == Place::Heading
        && !continues(lines, place)
        && !line.is_home_link
        && line.text.len() <= HEADING_BYTES
        && !names.is_site(&line.text)
}

/// The line belongs to the `<h1>` of the one before.
fn continues(lines: &[Line], place: usize) -> bool {
    let follows = |line: &Line| line.is_top_heading && !line.begins_paragraph;
    place > 0 && lines.get(place).is_some_and(follows) && lines[place - 1].is_top_heading
}

/// Cue: sentences of some words between headline and text, or a smaller heading right below the headline; no links, dates and
/// authors, and nothing that speaks to the reader or about the page.
fn standfirst(lines: &[Line], is_own: &[bool], between: Range<usize>, names: Names<'_>) -> Vec<usize> {
    let first = between.start;
    let is_it = |place: &usize| {
        let line = &lines[*place];
        let is_below = *place == first && line.place == Place::Heading;
        !is_own[*place]
            && !line.is_link
            && (is_sentence(line) || is_below)
            && words_in(&line.text) >= STANDFIRST_WORDS
            && !names.is_credit(line)
            && !is_notice(&line.text)
            && !anatomy::is_furniture(&line.text)
    };
    between.take(LOOKED_AT).filter(is_it).take(MOST_LINES).collect()
}

impl Names<'_> {
    /// The titles of the page and of its window.
    fn titles(&self) -> impl Iterator<Item = &str> {
        [self.title, self.window_title].into_iter().filter_map(readable)
    }

    /// The line is the title of the page, half of that of its window or more, or some words that one of them begins with.
    fn tell(&self, line: &str) -> bool {
        readable(self.title).is_some_and(|title| same_words(line, title))
            || readable(self.window_title)
                .is_some_and(|title| line.len() * 2 >= title.len() && title.contains(line))
            || words_in(line) > LABEL_WORDS && self.titles().any(|title| begins(title, line))
    }

    /// The heading is of the page, not of its article. Cue: a day, what heads the articles of an author, or a word or two
    /// that the title does not begin with, though it has more words.
    fn is_of_page(&self, heading: &str) -> bool {
        let begins_like =
            |start: &&str| heading.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start));
        let is_label = words_in(heading) <= LABEL_WORDS
            && self.titles().any(|title| words_in(title) > LABEL_WORDS)
            && !self.titles().any(|title| begins(title, heading));
        is_label || BEFORE_AUTHORS.iter().any(begins_like) || anatomy::is_date_line(heading)
    }

    /// The line says when the article was published, or by whom.
    fn is_credit(&self, line: &Line) -> bool {
        let text = line.text.as_str();
        let begins_with_by = text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("by "));
        let names_author = |name: &String| {
            (begins_with_by || text.len() <= name.len() + CREDIT_BYTES) && text.contains(name.as_str())
        };
        line.time.is_some()
            || text.len() <= CREDIT_BYTES && (begins_with_by || date::parse(text).is_some())
            || self.authors.iter().any(names_author)
    }

    /// The line is the name of the site, as its meta data or its address says.
    fn is_site(&self, line: &str) -> bool {
        let is_outlet =
            |outlet: &str| line.len() <= outlet.len() * 2 && letters(line).contains(letters(outlet).as_str());
        self.outlet.filter(|outlet| !letters(outlet).is_empty()).is_some_and(is_outlet)
            || self.address.is_some_and(|address| is_host(line, address))
    }
}

/// The title, if it is no longer than titles are.
fn readable(title: Option<&str>) -> Option<&str> {
    title.filter(|title| title.len() <= TITLE_BYTES)
}

/// The title begins with the words of the line.
fn begins(title: &str, line: &str) -> bool {
    title.strip_prefix(line).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// `The Island Post` is the name of `https://www.islandpost.example/…`.
fn is_host(line: &str, address: &str) -> bool {
    let Some((_, rest)) = address.split_once("://") else { return false };
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    if host.len() > HOST_BYTES {
        return false;
    }
    let name = letters(line);
    let bare = name.strip_prefix("the").unwrap_or(&name);
    host.split('.').map(letters).any(|label| !label.is_empty() && (label == bare || label == name))
}
