//! Who wrote the article: bylines, and sentences about the author.

use super::date_line::{DateLine, date_line};
use super::phrase_list::{PhraseList, strip};
use super::{Page, credit, shape};
use crate::article::Kind;
use crate::{date, names};

/// Opens a byline, in lower case. The ones that are also small words of running text need full names behind them.
static OPENERS: PhraseList<40> = PhraseList::new([
    "written by",
    "story by",
    "report by",
    "reported by",
    "posted by",
    "published by",
    "words by",
    "text by",
    "analysis by",
    "opinion by",
    "commentary by",
    "reporting by",
    "compiled by",
    "author:",
    "authors:",
    "writer:",
    "by:",
    "by",
    "autor:",
    "autorin:",
    "auteur:",
    "autore:",
    "автор:",
    "текст:",
    "auteur :",
    "escrito por",
    "scritto da",
    "geschreven door",
    "écrit par",
    "بقلم:",
    "بقلم",
    "كتب:",
    "كتبت:",
    "von",
    "par",
    "por",
    "door",
    "di",
    "de",
    "od",
]);

/// Opens a byline where names have no spaces.
const UNSPACED_OPENERS: [&str; 10] =
    ["本报记者", "本報記者", "特约记者", "记者", "記者", "作者", "撰文", "文", "著者", "取材"];

/// Longest byline, in bytes.
const BYLINE_BYTES: usize = 160;
/// Longest paragraph about an author, in bytes.
const BIO_BYTES: usize = 600;

/// What a byline tells.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Byline {
    authors: Vec<String>,
    outlet: Option<String>,
    date: Option<DateLine>,
}

/// Bylines above the first paragraph and among the last five blocks. What recurs in the folder is one where the article has
/// no other.
pub(super) fn mark_bylines(page: &mut Page<'_>) {
    let first_paragraph = page.first_paragraph();
    for block in 0..page.blocks.len() {
        let is_above = block < if page.hints.is_record { 3 } else { first_paragraph };
        let text = page.text_of(block);
        if !page.is_free(block) || !(is_above || may_be_below(page, block)) {
            continue;
        }
        let trade = if is_above && !page.hints.is_record { name_and_trade(text) } else { None };
        if let Some(byline) = read_byline(text).or(trade) {
            page.take_byline(block, byline);
        }
    }
    if page.authors.is_empty() {
        mark_recurring_bylines(page, first_paragraph);
    }
}

/// The bylines of a columnist's folder: above the first paragraph, or at the end with a plain `By`, which no site puts below
/// its pages.
fn mark_recurring_bylines(page: &mut Page<'_>, first_paragraph: usize) {
    for block in page.recurring_above(page.blocks.len()) {
        let text = page.text_of(block);
        let is_above = block < first_paragraph;
        let is_below = page.below(block) < 5 && strip(text, "by").is_some();
        let trade = if is_above { name_and_trade(text) } else { None };
        let byline = if is_above || is_below { read_byline(text).or(trade) } else { None };
        if let Some(byline) = byline {
            page.take_byline(block, byline);
        }
    }
}

impl Page<'_> {
    fn take_byline(&mut self, block: usize, byline: Byline) {
        self.blocks[block].kind = Some(Kind::Byline);
        self.outlet = self.outlet.take().or(byline.outlet);
        if let Some(line) = byline.date {
            self.take_dates(line);
        }
        for author in byline.authors {
            if !self.authors.contains(&author) {
                self.authors.push(author);
            }
        }
    }
}

/// Bylines come back among the last five blocks; in the clean text of a record only those that agencies write.
fn may_be_below(page: &Page<'_>, block: usize) -> bool {
    let by_agency = || strip(page.text_of(block).trim_start_matches('('), "reporting by").is_some();
    page.below(block) < 5 && (!page.hints.is_record || by_agency())
}

/// Cue: an opener and nothing but names behind it, perhaps with the date before or behind, or a section and a name (`#World /
/// Jane Doe`).
pub(super) fn read_byline(line: &str) -> Option<Byline> {
    if line.len() > BYLINE_BYTES {
        return None;
    }
    let bare = line.trim_start_matches(['|', '•', '-', '–', '—', '*', '_', '(', '[', ' ']);
    let bare = bare.trim_end_matches(['*', '_', ')', ']', '|', ' ']);
    let opened = OPENERS.strip(bare).next().and_then(read_people);
    opened
        .or_else(|| section_and_name(line))
        .or_else(|| unspaced_byline(bare))
        .or_else(|| date_and_byline(bare))
}

/// Cue: a line of a date, and behind it a byline that an opener begins: `1 March 2022 | By Jane Doe`, `2022-03-01 作者：张三`.
fn date_and_byline(line: &str) -> Option<Byline> {
    if !date::may_hold_date(line) {
        return None;
    }
    line.match_indices(char::is_whitespace).find_map(|(at, _)| {
        let behind = line[at..].trim_start();
        let opened = OPENERS.strip(behind).next().and_then(read_people);
        let byline = opened.or_else(|| unspaced_byline(behind))?;
        let before = line[..at].trim_end_matches([' ', '|', '•', '·', ',', '-', '–', '—']);
        Some(Byline { date: Some(date_line(before)?), ..byline })
    })
}

/// Cue: the word for a reporter or author in Chinese or Japanese, and a name of two to six characters.
fn unspaced_byline(line: &str) -> Option<Byline> {
    let behind = UNSPACED_OPENERS.iter().find_map(|opener| line.strip_prefix(opener))?;
    let name = behind.trim_start_matches([':', '：', '/', '／', '|', ' ', '\u{3000}']);
    let is_byline = name.len() < behind.len()
        && (2..=6).contains(&name.chars().count())
        && name.chars().all(is_ideograph);
    is_byline.then(|| Byline { authors: vec![name.to_owned()], ..Byline::default() })
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3005}' | '\u{3041}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}')
}

/// What stands behind an opener: names, then perhaps a dash or bar with the date, outlet or trade.
fn read_people(rest: &str) -> Option<Byline> {
    let mut byline = Byline::default();
    let mut parts = rest
        .split(['|', '•', '·', ';'])
        .flat_map(|part| part.split(" - "))
        .flat_map(|part| part.split(" – "));
    let people = parts.next()?.trim().trim_end_matches('.');
    let (people, date) = byline.take_people_and_date(people)?;
    byline.date = date;
    for part in parts.map(str::trim) {
        byline.date = byline.date.or_else(|| date_line(part));
        if credit::is_agency(part) {
            byline.outlet.get_or_insert_with(|| part.to_owned());
        }
    }
    let says_something = !byline.authors.is_empty() || byline.outlet.is_some() || is_staff(people);
    says_something.then_some(byline)
}

impl Byline {
    /// Takes names, and gives back the part that they are; what ends it may be the date, with or without a comma before.
    fn take_people_and_date<'p>(&mut self, people: &'p str) -> Option<(&'p str, Option<DateLine>)> {
        let has_digit = people.contains(date::is_digit);
        let dated = people.match_indices(' ').filter(|_| has_digit).find_map(|(at, _)| {
            let line = date_line(&people[at..])?;
            let before = people[..at].trim_end_matches([',', ' ', '(']);
            self.take_people(before).map(|()| (before, Some(line)))
        });
        dated.or_else(|| self.take_people(people).map(|()| (people, None)))
    }

    /// Takes the names of a list, if it is nothing but names.
    fn take_people(&mut self, people: &str) -> Option<()> {
        let people =
            [" for ", " in "].iter().fold(people, |people, word| people.split(word).next().unwrap_or(people));
        let (mut authors, mut outlet) = (Vec::new(), None);
        for person in names::split(people) {
            if credit::is_agency(&person) {
                outlet.get_or_insert(person);
            } else if names::is_full_name(&person) {
                authors.push(person);
            } else if !is_staff(&person) {
                return None;
            }
        }
        (self.authors, self.outlet) = (authors, outlet);
        Some(())
    }
}

/// "Staff", "our correspondents": nobody by name.
fn is_staff(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 60
        && names::is_trade(text)
        && !text.contains('.')
        && shape::words(text).all <= 4
}

/// Cue: a hash, a section of a few words, a stroke, a full name.
fn section_and_name(line: &str) -> Option<Byline> {
    let (section, name) = line.strip_prefix('#')?.rsplit_once(" / ")?;
    let is_byline = shape::words(section).all <= 4 && names::is_full_name(name.trim());
    is_byline.then(|| Byline { authors: vec![name.trim().to_owned()], ..Byline::default() })
}

/// Cue: a full name, a comma or dash, and a trade without further words of a sentence.
fn name_and_trade(line: &str) -> Option<Byline> {
    let (name, trade) =
        line.split_once(',').or_else(|| line.split_once(" - ")).or_else(|| line.split_once(" | "))?;
    let is_byline = names::is_full_name(name.trim())
        && names::is_trade(trade)
        && shape::words(trade).all <= 6
        && !shape::ends_like_prose(trade);
    is_byline.then(|| Byline { authors: vec![name.trim().to_owned()], ..Byline::default() })
}

/// Sentences about the author at the top or the end of a page (never in the clean text of a record).
pub(super) fn mark_author_bios(page: &mut Page<'_>) {
    if page.hints.is_record {
        return;
    }
    for block in (0..page.blocks.len()).rev() {
        if !page.is_free(block) || page.blocks[block].range.len() > BIO_BYTES {
            continue;
        }
        let text = page.text_of(block);
        if let Some(name) = subject_of_bio(text).filter(|name| is_bio_here(page, block, name)) {
            page.blocks[block].kind = Some(Kind::AuthorBio);
            let known =
                page.authors.iter().any(|author| author.contains(name) || name.contains(author.as_str()));
            if !known && names::is_name(name) {
                page.authors.push(name.to_owned());
            }
        }
    }
}

/// Cue: at the top, a way to reach the author or the name of the byline; at the end (nothing of the article below) also
/// a full name that the article does not speak of.
fn is_bio_here(page: &Page<'_>, block: usize, name: &str) -> bool {
    let text = page.text_of(block);
    let has_byline = page.authors.iter().any(|author| author == name);
    let is_known = has_byline || has_contact(text);
    let article_below = (block + 1..page.blocks.len()).any(|below| page.is_free(below));
    if block < 6 && article_below {
        return is_known && block < 6;
    }
    let is_spoken_of = || {
        let family = name.split_whitespace().next_back().unwrap_or(name);
        (0..block).any(|above| page.is_free(above) && page.text_of(above).contains(family))
    };
    !article_below
        && page.below(block) < 4
        && block > 0
        && (is_known || is_author_in_general(name) || (names::is_full_name(name) && !is_spoken_of()))
}

/// An address in the web or of mail.
fn has_contact(text: &str) -> bool {
    ["www.", "http://", "https://", "twitter", "@"].iter().any(|sign| text.contains(sign))
}

fn is_author_in_general(name: &str) -> bool {
    ["the author", "the writer", "the columnist"].iter().any(|general| name.eq_ignore_ascii_case(general))
}

/// What authors are said to be or to do.
const BIO_VERBS: [&str; 14] = [
    " is ",
    " was ",
    " writes ",
    " covers ",
    " works ",
    " teaches ",
    " reports ",
    " has been ",
    " studies ",
    " researches ",
    " lectures ",
    " edits ",
    " leads ",
    " directs ",
];

/// Cue: a name and a verb such as "is" or "writes", and in the same paragraph a trade of those who write, or a full name
/// and an address.
fn subject_of_bio(text: &str) -> Option<&str> {
    let head = &text[..text.floor_char_boundary(90)];
    let (at, verb) = BIO_VERBS.iter().filter_map(|verb| head.find(verb).map(|at| (at, *verb))).min()?;
    let name = text[..at].trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
    let name = strip(name, "about the author:").unwrap_or(name).trim();
    let is_subject = is_author_in_general(name) || names::is_name(name);
    let rest = &text[at + verb.len()..];
    let is_reachable = has_contact(text) && names::is_full_name(name);
    (is_subject && (is_reachable || names::is_trade(&rest[..rest.floor_char_boundary(160)]))).then_some(name)
}
