//! The publication date: a line that is nothing else, or the dateline a report opens with.

use jiff::civil::Date;

use super::date_line::{DateLine, date_line, day_of_wire, is_in_capitals, place_line};
use super::{Page, byline, credit, shape};
use crate::article::Kind;
use crate::date::Order;
use crate::{date, language};

/// In a clean record the date stands in these blocks below the title, if in the text at all.
const RECORD_TOP: usize = 2;
/// A dateline stands in this many bytes at the start of a report.
const DATELINE_BYTES: usize = 110;

/// More lines of dates than this are a table or a chronicle.
const MANY_DATE_LINES: usize = 3;

/// Languages whose days stand before their months, in figures too.
const DAY_FIRST: [&str; 24] = [
    "fr", "de", "it", "es", "pt", "nl", "ro", "da", "nb", "fi", "pl", "cs", "sk", "sl", "hr", "ru", "uk",
    "bg", "el", "tr", "ar", "he", "id", "vi",
];

/// Lines that are the date and stand above the first paragraph, or below the last. Many of them are none. What recurs in the
/// folder is the date only above the article, and where no line of the article's own is.
pub(super) fn mark_date_lines(page: &mut Page<'_>) {
    let first_paragraph = first_paragraph(page);
    let free = (0..page.blocks.len())
        .filter(|block| page.is_free(*block) && may_be_date_line(page, *block, first_paragraph));
    let dated: Vec<(usize, DateLine)> =
        free.clone().filter_map(|block| Some((block, date_line(page.text_of(block))?))).collect();
    if dated.len() >= MANY_DATE_LINES {
        return;
    }
    let places: Vec<usize> = if dated.is_empty() { free.collect() } else { Vec::new() };
    page.learn_order(dated.iter().map(|(_, line)| line));
    let own = dated.iter().any(|(_, line)| line.published.is_some());
    for (block, line) in dated {
        page.take_date_line(block, line);
    }
    let mut places = places.into_iter();
    if places.any(|block| page.take_place_line(block, block < first_paragraph)) || own {
        return;
    }
    for block in page.recurring_above(first_paragraph) {
        if let Some(line) = date_line(page.text_of(block)) {
            page.take_date_line(block, line);
        } else {
            page.take_place_line(block, true);
        }
    }
}

/// The first block that reads like a paragraph; two dates with a point between them do too, and are none.
fn first_paragraph(page: &Page<'_>) -> usize {
    let is_paragraph = |block: &usize| {
        let text = page.text_of(*block);
        page.is_free(*block) && shape::is_paragraph(text) && date_line(text).is_none()
    };
    (0..page.blocks.len()).find(is_paragraph).unwrap_or(page.blocks.len())
}

impl Page<'_> {
    fn take_date_line(&mut self, block: usize, line: DateLine) {
        self.blocks[block].kind = Some(Kind::Date);
        self.take_dates(line);
    }

    /// Takes the days of a line. One of publication that cannot be read keeps that of a change from standing for it.
    pub(super) fn take_dates(&mut self, line: DateLine) {
        let order = line.order().or_else(|| line.is_unread().then(|| self.order()).flatten());
        let published = line.published.and_then(|day| day.day(order));
        let updated = line.updated.and_then(|day| day.day(order));
        self.has_unread_date |= line.published.is_some() && published.is_none();
        self.date = self.date.or(published);
        self.updated = self.updated.or(updated);
    }

    /// The order of day and month that the lines prove, unless they contradict each other.
    fn learn_order<'l>(&mut self, lines: impl Iterator<Item = &'l DateLine>) {
        let mut orders = lines.filter_map(DateLine::order);
        let first = orders.next();
        self.order = first.filter(|first| orders.all(|order| order == *first));
    }

    /// The order that is proven, or the only one that the language of the article has.
    fn order(&self) -> Option<Order> {
        self.order.or_else(|| {
            let free = (0..self.blocks.len()).filter(|block| self.is_free(*block));
            let language = language::detect(free.map(|block| self.text_of(block)))?;
            DAY_FIRST.contains(&language.as_str()).then_some(Order::DayFirst)
        })
    }

    /// Cue: a [place and date](place_line) below the headline and above the text, where below it a source may be cited; or what can be
    /// no headline itself, and no byline.
    fn take_place_line(&mut self, block: usize, is_above_text: bool) -> bool {
        let text = self.text_of(block);
        let Some(place) = place_line(text).filter(|_| byline::read_byline(text).is_none()) else {
            return false;
        };
        let is_below_headline = (0..block).any(|above| self.is_free(above));
        let may_be_dateline = is_above_text && (is_below_headline || self.hints.headline_is_known);
        if !place.is_sure && !may_be_dateline {
            return false;
        }
        let agency = place.agency.map(str::to_owned);
        self.take_date_line(block, place.line);
        self.outlet = self.outlet.take().or(agency);
        true
    }
}

fn may_be_date_line(page: &Page<'_>, block: usize, first_paragraph: usize) -> bool {
    if page.hints.is_record {
        return block <= RECORD_TOP;
    }
    let is_below = || (block + 1..page.blocks.len()).all(|below| !page.is_free(below));
    block < first_paragraph || (page.below(block) < 3 && is_below())
}

/// Reads the dateline of the lead: `MOSCOW, Feb 4, 2022 (Reuters) - …`. A full date in it is that of publication, and the
/// agency in brackets the outlet, where no line of their own says otherwise.
pub(super) fn read_dateline(page: &mut Page<'_>) {
    let Some(lead) = page.blocks.iter().position(|block| block.kind == Some(Kind::Lead)) else { return };
    let lead = page.text_of(lead);
    if page.date.is_none() {
        page.date = day_of_wire(lead, |_| true).and_then(|day| day.day(None));
    }
    let Some(place) = dateline(lead) else { return };
    if page.date.is_none() {
        page.date = date_within(place);
    }
    if page.outlet.is_none() {
        page.outlet = bracketed(place).filter(|name| credit::is_agency(name)).map(str::to_owned);
    }
}

/// The first date in the words before the dash, unless it is the last day of several: `1-5 March 2022`.
fn date_within(place: &str) -> Option<Date> {
    let (at, date) = place.char_indices().find_map(|(at, _)| {
        let begins_word = place[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        if begins_word { date::leading(&place[at..]).map(|(date, _)| (at, date)) } else { None }
    })?;
    let before = place[..at].trim_end();
    let is_last_day = before.trim_end_matches(['-', '–', '/', ' ']).ends_with(date::is_digit)
        && before.ends_with(['-', '–', '/']);
    (!is_last_day).then_some(date)
}

/// The words before the dash, when they begin with a place in capitals or hold a known agency in brackets.
fn dateline(lead: &str) -> Option<&str> {
    let head = &lead[..lead.floor_char_boundary(DATELINE_BYTES)];
    let dash = [" - ", " -- ", "--", "—", " – ", "–"].iter().filter_map(|dash| head.find(dash)).min()?;
    let place = head[..dash].trim();
    let first = place.split([',', ' ', '(']).next().unwrap_or_default();
    let is_agency = bracketed(place).is_some_and(credit::is_agency);
    (is_in_capitals(first) || is_agency).then_some(place)
}

fn bracketed(place: &str) -> Option<&str> {
    Some(place.split_once('(')?.1.split_once(')')?.0.trim())
}
