//! Lines that are nothing but a date, and what they say of it.

use super::credit;
use super::date_words::{
    is_about_dates, joins_days, names_source, says_day_first, says_published, says_updated,
};
use crate::date::{Order, Written};
use crate::{date, names};

/// Longest line of a date, in bytes.
const DATE_LINE_BYTES: usize = 160;
/// Longest name of a source before the date, in bytes.
const SOURCE_BYTES: usize = 60;
/// Longest name of a place before the date, in bytes.
const PLACE_BYTES: usize = 40;

/// What a line of its own says of the date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct DateLine {
    /// The day of publication.
    pub(super) published: Option<Written>,
    /// The day of a change.
    pub(super) updated: Option<Written>,
    /// The words of the line are of a language whose days stand before their months.
    is_day_first: bool,
    /// It names several days, none of which is the one: `1-5 March 2022`.
    is_stretch: bool,
}

impl DateLine {
    /// The order of day and month that the line proves.
    pub(super) fn order(&self) -> Option<Order> {
        let proven = self.published.and_then(Written::order).or(self.updated.and_then(Written::order));
        proven.or(self.is_day_first.then_some(Order::DayFirst))
    }

    /// Does it take an order to read it?
    pub(super) fn is_unread(&self) -> bool {
        let is_unread = |day: Option<Written>| day.is_some_and(|day| day.day(None).is_none());
        self.order().is_none() && (is_unread(self.published) || is_unread(self.updated))
    }
}

/// The date of a line that holds nothing beside it but weekdays, times, bars and words such as "Published". Of several
/// dates that of publication is taken, else the first. The line may say where it comes from.
pub(super) fn date_line(line: &str) -> Option<DateLine> {
    if line.len() > DATE_LINE_BYTES || !date::may_hold_date(line) || ends_prose(line) {
        return None;
    }
    let mut reader = Reader { rest: line, ..Reader::default() };
    while !reader.rest.is_empty() {
        reader.read()?;
    }
    let line = reader.line;
    (line.published.is_some() || line.updated.is_some() || line.is_stretch).then_some(line)
}

/// Moves through a line as it reads.
#[derive(Default)]
struct Reader<'a> {
    rest: &'a str,
    line: DateLine,
    /// What comes is the day of a change.
    is_update: bool,
    /// A number stands right before, which may be the first day of several: `1-5 March 2022`.
    is_behind_number: bool,
}

impl Reader<'_> {
    /// Reads marks and what stands behind them: a date, a time, or a word. `None` where that is no part of a line of a date.
    fn read(&mut self) -> Option<()> {
        let word_at = self.rest.find(|c: char| c.is_alphanumeric()).unwrap_or(self.rest.len());
        let (marks, behind) = self.rest.split_at(word_at);
        self.rest = behind;
        self.is_behind_number &= !marks.contains(['|', '·', '•']);
        if behind.is_empty() {
            return Some(());
        }
        if let Some((day, length)) = date::leading_written(behind) {
            let slot = if self.is_update { &mut self.line.updated } else { &mut self.line.published };
            if self.is_behind_number {
                self.line.is_stretch = true;
            } else {
                slot.get_or_insert(day);
            }
            self.rest = &behind[length..];
            self.is_behind_number = false;
            return Some(());
        }
        if let Some(length) = date::time_length(behind) {
            self.rest = &behind[length..];
            self.is_behind_number = false;
            return Some(());
        }
        self.read_word(marks)
    }

    fn read_word(&mut self, marks: &str) -> Option<()> {
        let behind = self.rest;
        let begins_with_digit = behind.starts_with(date::is_digit);
        let in_word = |c: char| c == '\'' || c.is_alphabetic() || (begins_with_digit && c.is_alphanumeric());
        let end = behind.find(|c: char| !in_word(c)).unwrap_or(behind.len());
        let word = behind[..end].to_lowercase();
        let has_date = self.line.published.or(self.line.updated).is_some();
        let is_outlet = || marks.contains(['/', '|', '·', '•']) && is_outlet(behind);
        if has_date && (names_source(&word) || is_outlet()) {
            self.rest = "";
            return Some(());
        }
        if names_source(&word) {
            self.rest = behind_source(&behind[end..])?;
            return Some(());
        }
        if !is_about_dates(&word) {
            return None;
        }
        if says_updated(&word) {
            self.is_update = true;
        } else if says_published(&word) {
            self.is_update = false;
        }
        self.line.is_day_first |= says_day_first(&word);
        let is_number = word.chars().count() <= 2 && word.chars().all(date::is_digit);
        self.is_behind_number = is_number || (self.is_behind_number && joins_days(&word));
        self.rest = &behind[end..];
        Some(())
    }
}

/// The name of a source stands before the date: `来源：新华网 2022年03月01日`.
fn behind_source(text: &str) -> Option<&str> {
    let head = &text[..text.floor_char_boundary(SOURCE_BYTES)];
    let begins = |at: usize| !text[..at].ends_with(|c: char| c.is_alphanumeric());
    let mut places =
        head.char_indices().filter(|(at, c)| date::may_hold_date(c.encode_utf8(&mut [0; 4])) && begins(*at));
    places.find(|(at, _)| date::leading_written(&text[*at..]).is_some()).map(|(at, _)| &text[at..])
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

/// A place and a date that stand on a line of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PlaceLine<'t> {
    pub(super) line: DateLine,
    /// The agency in brackets.
    pub(super) agency: Option<&'t str>,
    /// The place is in capitals or an agency is named, so that it can be no headline.
    pub(super) is_sure: bool,
}

/// Cue: a few capitalised words, a comma, and a line of a date, behind which an agency may stand in brackets: `MOSCOW, 6 March
/// 2022`, `Berlin, 3. März 2022 (dpa)`; or the opening of Chinese wires, `新华社北京2022年3月1日电`.
pub(super) fn place_line(text: &str) -> Option<PlaceLine<'_>> {
    if text.len() > DATE_LINE_BYTES || !date::may_hold_date(text) {
        return None;
    }
    if let Some(day) = day_of_wire(text, str::is_empty) {
        let line = DateLine { published: Some(day), ..DateLine::default() };
        return Some(PlaceLine { line, agency: None, is_sure: true });
    }
    let bare = text.trim_end_matches([' ', '-', '–', '—', ':']);
    let bracket = bare.strip_suffix(')').and_then(|open| open.rsplit_once('('));
    // Some agencies write themselves in small letters.
    let agency = bracket.map(|(_, name)| name.trim()).filter(|name| credit::is_agency(&name.to_uppercase()));
    let dated = bracket.filter(|_| agency.is_some()).map_or(bare, |(before, _)| before.trim_end());
    let mut commas = dated.match_indices(',').filter(|(at, _)| *at <= PLACE_BYTES);
    let (place, line) =
        commas.find_map(|(at, comma)| Some((&dated[..at], date_line(dated[at + comma.len()..].trim())?)))?;
    is_place(place).then(|| PlaceLine { line, agency, is_sure: agency.is_some() || is_in_capitals(place) })
}

fn is_place(place: &str) -> bool {
    let is_word =
        |word: &str| word.starts_with(char::is_uppercase) || matches!(word, "de" | "of" | "am" | "la" | "do");
    !place.is_empty()
        && place.split_whitespace().count() <= 4
        && !place.starts_with("The ")
        && !names::is_outlet(place)
        && place.starts_with(char::is_uppercase)
        && place.split([' ', '-', ',']).filter(|word| !word.is_empty()).all(is_word)
        && !place.contains(|c: char| c.is_numeric() || matches!(c, ':' | '!' | '?' | '"' | '|'))
}

/// At least three capitals and no small letter, as datelines have them.
pub(super) fn is_in_capitals(word: &str) -> bool {
    word.chars().filter(|c| c.is_uppercase()).count() >= 3 && !word.chars().any(char::is_lowercase)
}

/// Longest opening of a Chinese wire, in bytes.
const WIRE_BYTES: usize = 80;

/// Cue: agency and place without a mark among them, the full date, and the sign for a telegram: `新华社北京2022年3月1日电`. `ends`
/// says what may stand behind the sign.
pub(super) fn day_of_wire(text: &str, ends: impl Fn(&str) -> bool) -> Option<Written> {
    let head = &text[..text.floor_char_boundary(WIRE_BYTES)];
    let (place, _) = head.split_once('年')?;
    let day = place.find(date::is_digit)?;
    let is_named = day > 0 && text[..day].chars().all(char::is_alphabetic);
    let (found, length) = date::leading_written(&text[day..])?;
    let behind = text[day + length..].strip_prefix(['电', '電', '讯', '訊'])?;
    (is_named && ends(behind)).then_some(found)
}
