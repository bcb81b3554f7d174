//! The article on a page, and what stands around it: `legible` finds the elements that hold the article; the lines of the
//! page that are not in them are menus, links and footers.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use memchr::memmem;

use super::heading::Names;
use super::lines::{Line, Visible, visible};
use super::stack::Place;
use super::{heading, one_line, printed};
use crate::article::Kind;
use crate::format::record::Fields;

/// With fewer words a line is the article's only as a whole.
const LINE_WORDS: usize = 5;

/// A line with a date is at most this long.
const TIME_BYTES: usize = 120;

/// A page in its parts.
#[derive(Debug)]
pub(super) struct Parts {
    /// The lines of the article.
    pub(super) own: Vec<Line>,
    /// The other lines of the page, and what they are.
    pub(super) around: Vec<(Line, Kind)>,
    /// The title as the window's title and the headings suggest.
    pub(super) title: Option<String>,
    /// The headline that the page shows.
    pub(super) heading: Option<String>,
    pub(super) byline: Option<String>,
    /// The day of the first `<time>` of the article's own.
    pub(super) time: Option<Date>,
}

/// Finds the article of `html`, of which the meta data says `fields`. Where there is no article, all lines are its own
/// but for those in menus and footers.
pub(super) fn extract(html: &str, page: Visible, fields: &mut Fields, window_title: Option<&str>) -> Parts {
    if printed::is_printed(&page.lines) {
        let own = printed::read(page.lines, fields);
        return Parts { own, around: Vec::new(), title: None, heading: None, byline: None, time: None };
    }
    let names = Names {
        title: fields.title.as_deref(),
        window_title,
        outlet: fields.outlet.as_deref(),
        address: fields.url.as_deref(),
        authors: &fields.authors,
    };
    let is_too_much =
        page.is_too_much_for_a_tree || window_title.is_some_and(|title| title.len() > WINDOW_TITLE_BYTES);
    let found = if is_too_much { None } else { article_of(html) };
    let (mut own, title, byline) = match found {
        Some(article) => {
            let title = Some(one_line(&article.title)).filter(|title| !title.is_empty());
            (visible(&article.content).lines, title, article.byline)
        }
        None => (Vec::new(), None, None),
    };
    if let Some(body) =
        fields.body.as_deref().map(lines_of_body).filter(|body| words_in(&own) * 2 < words_in(body))
    {
        own = body;
    }
    if own.is_empty() {
        let time = time_of(&page.lines, |line| !is_around(line));
        // A notice above the headline may be the first sentence, so it is not asked where the text begins.
        let heading = heading::find(&page.lines, &[], names).map(|head| head.heading.text);
        let (own, around) = whole(page.lines);
        return Parts { own, around, title, heading, byline, time };
    }
    let above = above_article(&page.lines);
    let kept = own.iter().position(|line| !above.contains(line.text.as_str())).unwrap_or(0);
    own.drain(..kept);
    let mut is_own = are_own(&page.lines, &own);
    let mut flags = is_own.iter();
    let time = time_of(&page.lines, |_| flags.next().copied().unwrap_or_default());
    let head = heading::find(&page.lines, &is_own, names);
    let heading = head.map(|head| head.put_before(&mut own, &page.lines, &mut is_own));
    let around = rest(page.lines, &is_own);
    Parts { own, around, title, heading, byline, time }
}

/// Of a page with a longer title, in bytes, no article is looked for: the title would be compared with every heading.
const WINDOW_TITLE_BYTES: usize = 4_096;

/// What `legible` finds. A mistake in it must not end the program.
fn article_of(html: &str) -> Option<legible::Article> {
    std::panic::catch_unwind(|| legible::parse(html, None, None).ok()).ok().flatten()
}

/// The text of an article in JSON-LD, which may have tags.
fn lines_of_body(body: &str) -> Vec<Line> {
    if body.contains("</") || body.contains("<br") {
        return visible(body).lines;
    }
    let paragraphs = super::scan::decoded(body);
    let paragraphs = paragraphs.split('\n').map(one_line).filter(|line| !line.is_empty());
    paragraphs.map(|text| Line { text, begins_paragraph: true, ..Line::default() }).collect()
}

fn words_in(lines: &[Line]) -> usize {
    lines.iter().map(|line| line.text.split_whitespace().count()).sum()
}

/// A page without an article: menus and footers are what their elements say, and what stands above an `<article>` with a
/// heading is no part of it; the rest stays.
fn whole(lines: Vec<Line>) -> (Vec<Line>, Vec<(Line, Kind)>) {
    if lines.iter().all(is_around) {
        return (lines, Vec::new());
    }
    let above: HashSet<String> = above_article(&lines).into_iter().map(str::to_owned).collect();
    let (mut own, mut around) = (Vec::new(), Vec::new());
    for line in lines {
        match line.place {
            Place::Nav => around.push((line, Kind::Nav)),
            Place::Footer => around.push((line, Kind::Footer)),
            _ if above.contains(&line.text) => around.push((line, Kind::Banner)),
            _ => own.push(line),
        }
    }
    (own, around)
}

/// The short lines above an `<article>` with a heading, such as clocks.
fn above_article(lines: &[Line]) -> HashSet<&str> {
    let heading = lines.iter().position(|line| line.is_in_article && line.place == Place::Heading);
    let above = lines.iter().take(heading.unwrap_or(0));
    let short = above.filter(|line| line.place == Place::Plain && !line.is_in_article && !is_sentence(line));
    short.map(|line| line.text.as_str()).collect()
}

fn is_around(line: &Line) -> bool {
    matches!(line.place, Place::Nav | Place::Footer)
}

/// The day that the article's own part says with `<time>`: between its heading and its text, else inside its `<article>`.
/// `is_own` is asked of each line in turn.
fn time_of(lines: &[Line], mut is_own: impl FnMut(&Line) -> bool) -> Option<Date> {
    let is_own: Vec<bool> = lines.iter().map(&mut is_own).collect();
    let is_start = |(line, own): (&Line, &bool)| *own && line.time.is_none() && is_sentence(line);
    let text = lines.iter().zip(&is_own).position(is_start).unwrap_or(lines.len());
    let heading = lines.iter().take(text).rposition(|line| line.place == Place::Heading);
    let head = heading.or_else(|| is_own.iter().position(|own| *own)).unwrap_or(0).min(text);
    let short = |line: &Line| line.time.filter(|_| !line.is_link && line.text.len() <= TIME_BYTES);
    let in_head = lines[head..text].iter().find_map(short);
    let in_article = || lines.iter().filter(|line| line.is_in_article).find_map(short);
    in_head.or_else(in_article)
}

/// Cue: some words and a full stop, or many words.
pub(super) fn is_sentence(line: &Line) -> bool {
    let words = line.text.split_whitespace().count();
    let has_end = line.text.ends_with(['.', '!', '?', '。', '”', '"']);
    line.place == Place::Plain && !line.is_link && (words >= 20 || words >= 4 && has_end)
}

/// Which lines of the page are the article's.
fn are_own(lines: &[Line], own: &[Line]) -> Vec<bool> {
    let mut left: HashMap<&str, usize> = HashMap::new();
    for line in own {
        *left.entry(line.text.as_str()).or_default() += 1;
    }
    let words = Words::of(own);
    lines
        .iter()
        .map(|line| match left.get_mut(line.text.as_str()) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => words.have(&line.text),
        })
        .collect()
}

/// The lines of the page that are not the article's.
fn rest(lines: Vec<Line>, is_own: &[bool]) -> Vec<(Line, Kind)> {
    let first = is_own.iter().position(|own| *own).unwrap_or(0);
    let last = is_own.iter().rposition(|own| *own).unwrap_or(0);
    let numbered = lines.into_iter().enumerate().zip(is_own).filter(|(_, own)| !**own);
    numbered
        .map(|((number, line), _)| (kind_around(&line, number < first, number > last), line))
        .map(|(k, l)| (l, k))
        .collect()
}

/// What a line is that stands around an article: what its element says, else what its place and its links say.
fn kind_around(line: &Line, is_above: bool, is_below: bool) -> Kind {
    match line.place {
        Place::Nav => Kind::Nav,
        Place::Footer => Kind::Footer,
        Place::Related => Kind::Related,
        _ if is_above && line.is_link => Kind::Nav,
        _ if line.is_link => Kind::Related,
        _ if is_below => Kind::Footer,
        _ => Kind::Banner,
    }
}

/// The words that an article has, to know its lines again where the extraction parted or joined them.
struct Words<'a> {
    /// One after the other, with a space around each.
    text: String,
    trigrams: HashSet<[&'a str; 3]>,
}

impl<'a> Words<'a> {
    fn of(own: &'a [Line]) -> Words<'a> {
        let words: Vec<&str> = own.iter().flat_map(|line| line.text.split_whitespace()).collect();
        Words { text: spaced(&words), trigrams: threes(&words).collect() }
    }

    /// All words of `line` stand in the article one after the other. A line with one word more is another's.
    fn have(&self, line: &str) -> bool {
        let words: Vec<&str> = line.split_whitespace().collect();
        // All text is looked through for those only of which every part is there.
        words.len() >= LINE_WORDS
            && threes(&words).all(|three| self.trigrams.contains(&three))
            && memmem::find(self.text.as_bytes(), spaced(&words).as_bytes()).is_some()
    }
}

fn spaced(words: &[&str]) -> String {
    format!(" {} ", words.join(" "))
}

fn threes<'t>(words: &[&'t str]) -> impl Iterator<Item = [&'t str; 3]> {
    words.windows(3).filter_map(|three| three.try_into().ok())
}
