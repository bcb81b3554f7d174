//! The publication date: a line that is nothing else, or the dateline a report opens with.

use jiff::civil::Date;

use super::date_words::{is_about_dates, names_source, says_published, says_updated};
use super::{Page, credit};
use crate::article::Kind;
use crate::{date, names};

/// In a clean record the date stands in these blocks below the title, if in the text at all.
const RECORD_TOP: usize = 2;
/// Longest line of a date, in bytes.
const DATE_LINE_BYTES: usize = 160;
/// A dateline stands in this many bytes at the start of a report.
const DATELINE_BYTES: usize = 110;

/// More lines of dates than this are a table or a chronicle.
const MANY_DATE_LINES: usize = 3;

/// The date of a line of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DateLine {
    pub(super) date: Date,
    /// The line says that the article was changed then, not that it was published.
    pub(super) is_update: bool,
}

/// Lines that are the date and stand above the first paragraph, or below the last. Many of them are none. What recurs in the
/// folder is the date only above the article, and where no line of the article's own is.
pub(super) fn mark_date_lines(page: &mut Page<'_>) {
    let first_paragraph = page.first_paragraph();
    let dated: Vec<(usize, DateLine)> = (0..page.blocks.len())
        .filter(|block| page.is_free(*block) && may_be_date_line(page, *block, first_paragraph))
        .filter_map(|block| Some((block, date_line(page.text_of(block))?)))
        .collect();
    if dated.len() >= MANY_DATE_LINES {
        return;
    }
    let own = dated.iter().any(|(_, line)| !line.is_update);
    for (block, line) in dated {
        page.take_date_line(block, line);
    }
    if own {
        return;
    }
    for block in page.recurring_above(first_paragraph) {
        if let Some(line) = date_line(page.text_of(block)) {
            page.take_date_line(block, line);
        }
    }
}

impl Page<'_> {
    fn take_date_line(&mut self, block: usize, line: DateLine) {
        self.blocks[block].kind = Some(Kind::Date);
        let date = if line.is_update { &mut self.updated } else { &mut self.date };
        date.get_or_insert(line.date);
    }
}

fn may_be_date_line(page: &Page<'_>, block: usize, first_paragraph: usize) -> bool {
    if page.hints.is_record {
        return block <= RECORD_TOP;
    }
    let is_below = || (block + 1..page.blocks.len()).all(|below| !page.is_free(below));
    block < first_paragraph || (page.below(block) < 3 && is_below())
}

/// The date of a line that holds nothing beside it but weekdays, times, bars and words such as "Published". Of several
/// dates that of publication is taken, else the first. Behind the date the line may say where it comes from.
pub(super) fn date_line(line: &str) -> Option<DateLine> {
    if line.len() > DATE_LINE_BYTES || !line.contains(date::is_digit) || ends_prose(line) {
        return None;
    }
    let mut rest = line;
    let (mut published, mut updated, mut is_update) = (None, None, false);
    loop {
        let word_at = rest.find(|c: char| c.is_alphanumeric()).unwrap_or(rest.len());
        let (marks, behind) = rest.split_at(word_at);
        rest = behind;
        if rest.is_empty() {
            let line = |date, is_update| DateLine { date, is_update };
            return published.map(|date| line(date, false)).or(updated.map(|date| line(date, true)));
        }
        if let Some((date, length)) = date::leading(rest) {
            let slot = if is_update { &mut updated } else { &mut published };
            slot.get_or_insert(date);
            rest = &rest[length..];
            continue;
        }
        if let Some(length) = date::time_length(rest) {
            rest = &rest[length..];
            continue;
        }
        let begins_with_digit = rest.starts_with(date::is_digit);
        let in_word = |c: char| c == '\'' || c.is_alphabetic() || (begins_with_digit && c.is_alphanumeric());
        let end = rest.find(|c: char| !in_word(c)).unwrap_or(rest.len());
        let word = rest[..end].to_lowercase();
        let has_date = published.or(updated).is_some();
        let is_outlet = || marks.contains(['/', '|', '·', '•']) && is_outlet(rest);
        if has_date && (names_source(&word) || is_outlet()) {
            rest = "";
            continue;
        }
        if !is_about_dates(&word) {
            return None;
        }
        if says_updated(&word) {
            is_update = true;
        } else if says_published(&word) {
            is_update = false;
        }
        rest = &rest[end..];
    }
}

/// Ends in a point that is not that of `p.m.` or `2021 г.`
fn ends_prose(line: &str) -> bool {
    let Some(line) = line.strip_suffix('.') else { return false };
    let word = line.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    !matches!(word, "m" | "M" | "г" | "р")
}

fn is_outlet(text: &str) -> bool {
    credit::is_agency(text) || names::is_outlet(text)
}

/// Reads the dateline of the lead: `MOSCOW, Feb 4, 2022 (Reuters) - …`. A full date in it is that of publication, and the
/// agency in brackets the outlet, where no line of their own says otherwise.
pub(super) fn read_dateline(page: &mut Page<'_>) {
    let Some(lead) = page.blocks.iter().position(|block| block.kind == Some(Kind::Lead)) else { return };
    let Some(place) = dateline(page.text_of(lead)) else { return };
    if page.date.is_none() {
        page.date = place.char_indices().find_map(|(at, _)| {
            let begins_word = place[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
            if begins_word { date::leading(&place[at..]).map(|(date, _)| date) } else { None }
        });
    }
    if page.outlet.is_none() {
        page.outlet = bracketed(place).filter(|name| credit::is_agency(name)).map(str::to_owned);
    }
}

/// The words before the dash, when they begin with a place in capitals or hold a known agency in brackets.
fn dateline(lead: &str) -> Option<&str> {
    let head = &lead[..lead.floor_char_boundary(DATELINE_BYTES)];
    let dash = [" - ", " -- ", "--", "—", " – ", "–"].iter().filter_map(|dash| head.find(dash)).min()?;
    let place = head[..dash].trim();
    let first = place.split([',', ' ', '(']).next().unwrap_or_default();
    let capitals = first.chars().filter(|c| c.is_uppercase()).count();
    let is_place = capitals >= 3 && !first.chars().any(char::is_lowercase);
    let is_agency = bracketed(place).is_some_and(credit::is_agency);
    (is_place || is_agency).then_some(place)
}

fn bracketed(place: &str) -> Option<&str> {
    Some(place.split_once('(')?.1.split_once(')')?.0.trim())
}
