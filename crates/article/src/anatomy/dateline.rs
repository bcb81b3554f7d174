//! The publication date: a line that is nothing else, or the dateline a report opens with.

use jiff::civil::Date;

use super::{Page, credit};
use crate::article::Kind;
use crate::date;

/// Words that stand about the date on its line, in lower case.
const ABOUT_DATES: [&str; 92] = [
    "published",
    "posted",
    "updated",
    "modified",
    "first",
    "last",
    "on",
    "at",
    "date",
    "release",
    "released",
    "issued",
    "am",
    "pm",
    "a.m",
    "p.m",
    "gmt",
    "utc",
    "est",
    "edt",
    "et",
    "pst",
    "pdt",
    "pt",
    "bst",
    "cet",
    "cest",
    "msk",
    "ist",
    "hrs",
    "min",
    "mins",
    "minute",
    "minutes",
    "read",
    "and",
    "time",
    "eet",
    "eest",
    "z",
    "o'clock",
    "uhr",
    "h",
    "hkt",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "tues",
    "wed",
    "thu",
    "thur",
    "thurs",
    "fri",
    "sat",
    "sun",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonntag",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "lunes",
    "martes",
    "miércoles",
    "jueves",
    "viernes",
    "sábado",
    "domingo",
    "publié",
    "le",
    "mis",
    "à",
    "jour",
    "publicado",
    "el",
    "veröffentlicht",
    "am:",
    "stand",
];

/// In a clean record the date stands in these blocks below the title, if in the text at all.
const RECORD_TOP: usize = 2;
/// Longest line of a date, in bytes.
const DATE_LINE_BYTES: usize = 110;
/// A dateline stands in this many bytes at the start of a report.
const DATELINE_BYTES: usize = 110;

/// More lines of dates than this are a table or a chronicle.
const MANY_DATE_LINES: usize = 3;

/// Lines that are the date and stand above the first paragraph, or below the last. Many of them are none.
pub(super) fn mark_date_lines(page: &mut Page<'_>) {
    let first_paragraph = page.first_paragraph();
    let dated: Vec<(usize, Date)> = (0..page.blocks.len())
        .filter(|block| page.is_free(*block) && may_be_date_line(page, *block, first_paragraph))
        .filter_map(|block| Some((block, date_line(page.text_of(block))?)))
        .collect();
    if dated.len() >= MANY_DATE_LINES {
        return;
    }
    for (block, date) in dated {
        page.blocks[block].kind = Some(Kind::Date);
        page.date.get_or_insert(date);
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
/// dates that of publication is taken, else the first.
pub(super) fn date_line(line: &str) -> Option<Date> {
    let ends_prose = line.ends_with('.') && !line.ends_with("m.");
    if ends_prose || line.len() > DATE_LINE_BYTES || !line.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut rest = line;
    let (mut first, mut updated, mut last_word) = (None, None, String::new());
    loop {
        rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        if rest.is_empty() {
            return first.or(updated);
        }
        if let Some((date, length)) = date::leading(rest) {
            let slot =
                if matches!(last_word.as_str(), "updated" | "modified") { &mut updated } else { &mut first };
            slot.get_or_insert(date);
            rest = &rest[length..];
            continue;
        }
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '\'').unwrap_or(rest.len());
        let word = rest[..end].to_lowercase();
        if !is_about_dates(&word) {
            return None;
        }
        if matches!(word.as_str(), "updated" | "modified" | "published" | "posted") {
            last_word = word;
        }
        rest = &rest[end..];
    }
}

/// A word of the list, or a part of a time: `10`, `30pm`, `T10`.
fn is_about_dates(word: &str) -> bool {
    let time = word.trim_start_matches('t').trim_start_matches(|c: char| c.is_ascii_digit());
    let is_time = time.len() < word.len()
        && word.len() <= 8
        && (time.is_empty() || matches!(time, "am" | "pm" | "h" | "z"));
    is_time && word.bytes().filter(u8::is_ascii_digit).count() <= 4
        || matches!(word, "a" | "p" | "m")
        || ABOUT_DATES.contains(&word)
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
