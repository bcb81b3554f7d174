//! Dates in words and figures, as they stand at the beginning of a text.

use jiff::civil::Date;

use super::months::leading_month;
use super::{east, plausible};

/// Which figure of a day comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    DayFirst,
    MonthFirst,
}

/// A day as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// One day only, and the order of figures that it proves, as `25/02/2022` does.
    Day(Date, Option<Order>),
    /// Day and month could be changed about: `04/02/2022`.
    Either { day_first: Date, month_first: Date },
}

impl Written {
    /// The day in this order of figures; without one, only what can mean one day.
    pub(crate) fn day(self, order: Option<Order>) -> Option<Date> {
        match (self, order) {
            (Written::Day(day, _), _) => Some(day),
            (Written::Either { day_first, .. }, Some(Order::DayFirst)) => Some(day_first),
            (Written::Either { month_first, .. }, Some(Order::MonthFirst)) => Some(month_first),
            (Written::Either { .. }, None) => None,
        }
    }

    /// The order that the day proves.
    pub(crate) fn order(self) -> Option<Order> {
        if let Written::Day(_, order) = self { order } else { None }
    }
}

/// The date at the beginning of `text`, and the bytes it takes. A time behind it is not taken.
pub(crate) fn leading(text: &str) -> Option<(Date, usize)> {
    let (written, length) = leading_written(text)?;
    Some((written.day(None)?, length))
}

/// Like [`leading`], with the days that can be read in two ways.
pub(crate) fn leading_written(text: &str) -> Option<(Written, usize)> {
    let mut cursor = Cursor { rest: text };
    let found = if text.starts_with(is_digit) {
        cursor.beginning_with_number()
    } else if let Some((day, length)) = east::leading(text) {
        return Some((Written::Day(day, None), length));
    } else {
        cursor.beginning_with_month().map(one_day)
    }?;
    Some((found, text.len() - cursor.rest.len()))
}

fn one_day(day: Date) -> Written {
    Written::Day(day, None)
}

/// Moves through a text as it reads.
struct Cursor<'a> {
    rest: &'a str,
}

impl Cursor<'_> {
    fn beginning_with_number(&mut self) -> Option<Written> {
        let (first, digits) = self.number()?;
        if digits == 4 {
            return self.year_first(first).map(one_day);
        }
        if digits > 2 {
            return None;
        }
        if let Some(separator) = self.rest.chars().next().filter(|c| matches!(c, '/' | '.' | '-'))
            && self.rest[1..].starts_with(is_digit)
        {
            return self.numeric(first, separator);
        }
        self.day_then_month(first).map(one_day)
    }

    /// `2022-02-04`, `2022/2/4`, `2022.02.04`, `2022-Feb-04`, `2022 February 4`, `2022年2月4日`, `2022 年 2 月 4 日`, `2022년 2월 4일`.
    fn year_first(&mut self, year: u32) -> Option<Date> {
        let spaced = self.rest.trim_start_matches(' ');
        let east = [('年', '月', '日'), ('년', '월', '일')];
        if let Some((mark, month, day)) = east.into_iter().find(|(mark, ..)| spaced.starts_with(*mark)) {
            self.rest = east::without_bracketed_year(spaced.strip_prefix(mark)?);
            return self.month_and_day(year, month, day);
        }
        let separator = self.rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.' | ' '))?;
        self.rest = self.rest.strip_prefix(separator)?;
        let month = match self.month() {
            Some(month) => month,
            None if separator == ' ' => return None,
            None => self.number().filter(|(_, digits)| *digits <= 2)?.0,
        };
        self.rest = self.rest.strip_prefix(separator)?;
        let (day, _) = self.number().filter(|(_, digits)| *digits <= 2)?;
        plausible(year, month, day)
    }

    /// `2月4日`, with or without spaces; the last mark may be missing.
    fn month_and_day(&mut self, year: u32, month_mark: char, day_mark: char) -> Option<Date> {
        self.rest = self.rest.trim_start_matches(' ');
        let (month, _) = self.number().filter(|(_, digits)| *digits <= 2)?;
        self.rest = self.rest.trim_start_matches(' ').strip_prefix(month_mark)?.trim_start_matches(' ');
        let (day, _) = self.number().filter(|(_, digits)| *digits <= 2)?;
        self.rest = self.rest.trim_start_matches(' ').strip_prefix(day_mark).unwrap_or(self.rest);
        plausible(year, month, day)
    }

    /// `25/02/2022` and `02/25/2022`; where day and month could be changed about it is either. Between points the day
    /// comes first: `03.04.2021`.
    fn numeric(&mut self, first: u32, separator: char) -> Option<Written> {
        self.rest = self.rest.strip_prefix(separator)?;
        let (second, _) = self.number().filter(|(_, digits)| *digits <= 2)?;
        self.rest = self.rest.strip_prefix(separator)?;
        let (year, _) = self.number().filter(|(_, digits)| *digits == 4)?;
        let (day_first, month_first) = (plausible(year, second, first), plausible(year, first, second));
        match (day_first, month_first) {
            (Some(day), _) if first > 12 => Some(Written::Day(day, Some(Order::DayFirst))),
            (_, Some(day)) if second > 12 => Some(Written::Day(day, Some(Order::MonthFirst))),
            (Some(day), _) if first == second || separator == '.' => Some(one_day(day)),
            (Some(day_first), Some(month_first)) => Some(Written::Either { day_first, month_first }),
            _ => None,
        }
    }

    /// `4 February 2022`, `4th of Feb., 2022`, `4. Februar 2022`, `4 de febrero de 2022`, `04-Feb-2022`.
    fn day_then_month(&mut self, day: u32) -> Option<Date> {
        self.ordinal();
        self.pass();
        self.word_of(&["of", "de"]);
        let month = self.month()?;
        self.pass();
        self.word_of(&["de", "del"]);
        let (year, _) = self.number().filter(|(_, digits)| *digits == 4)?;
        plausible(year, month, day)
    }

    /// `February 4, 2022`, `Feb. 4th 2022`, `Feb 04 10:15:00 +0000 2022`.
    fn beginning_with_month(&mut self) -> Option<Date> {
        let month = self.month()?;
        self.pass();
        let (day, _) = self.number().filter(|(_, digits)| *digits <= 2)?;
        self.ordinal();
        self.pass();
        self.time_and_zone();
        let (year, _) = self.number().filter(|(_, digits)| *digits == 4)?;
        plausible(year, month, day)
    }

    /// Passes over a time between day and year, and over what tells its zone.
    fn time_and_zone(&mut self) {
        let Some(length) = time_length(self.rest) else { return };
        self.rest = self.rest[length..].trim_start();
        for _ in 0..2 {
            let zone = self.rest.trim_start_matches(['+', '-']);
            let end = if zone.len() < self.rest.len() {
                zone.find(|c: char| !is_digit(c) && c != ':')
            } else {
                zone.find(|c: char| !c.is_alphabetic())
            };
            self.rest = zone[end.unwrap_or(zone.len())..].trim_start();
        }
    }

    /// A number and how many digits it has.
    fn number(&mut self) -> Option<(u32, usize)> {
        const MOST_DIGITS: usize = 9;
        let (mut number, mut digits, mut bytes) = (0, 0, 0);
        for (c, value) in self.rest.chars().map_while(|c| Some((c, digit(c)?))) {
            if digits == MOST_DIGITS {
                return None;
            }
            (number, digits, bytes) = (10 * number + value, digits + 1, bytes + c.len_utf8());
        }
        self.rest = &self.rest[bytes..];
        (digits > 0).then_some((number, digits))
    }

    fn month(&mut self) -> Option<u32> {
        let (month, length) = leading_month(self.rest)?;
        self.rest = &self.rest[length..];
        // Arabic papers write the names of two calendars: `مارس/آذار`.
        let other = self.rest.strip_prefix('/').and_then(leading_month).filter(|(other, _)| *other == month);
        if let Some((_, length)) = other {
            self.rest = &self.rest[1 + length..];
        }
        Some(month)
    }

    /// Passes over white space and the marks that may stand in a date.
    fn pass(&mut self) {
        self.rest =
            self.rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | '-' | '،'));
    }

    fn ordinal(&mut self) {
        const ENDINGS: [&str; 14] =
            ["st", "nd", "rd", "th", "er", " er", "ᵉʳ", "e", ".º", "º", "°", "-го", "-е", "-ше"];
        for ending in ENDINGS {
            let Some((found, rest)) = self.rest.split_at_checked(ending.len()) else { continue };
            if found.eq_ignore_ascii_case(ending) && !rest.starts_with(char::is_alphabetic) {
                self.rest = rest;
                return;
            }
        }
    }

    fn word_of(&mut self, words: &[&str]) {
        for word in words {
            if let Some(rest) =
                self.rest.strip_prefix(word).filter(|rest| rest.starts_with(char::is_whitespace))
            {
                self.rest = rest.trim_start();
                return;
            }
        }
    }
}

/// The bytes of the time with which a text begins: `10:15`, `10:15:30`, `10.15`, `10h15`.
pub(crate) fn time_length(text: &str) -> Option<usize> {
    let (hours, mut end) = leading_digits(text);
    let separator = text[end..].chars().next().filter(|c| matches!(c, ':' | '.' | 'h' | 'H'))?;
    let (minutes, bytes) = leading_digits(&text[end + 1..]);
    if !(1..=2).contains(&hours) || minutes != 2 {
        return None;
    }
    end += 1 + bytes;
    while text[end..].starts_with([separator, '.']) {
        let (seconds, bytes) = leading_digits(&text[end + 1..]);
        if seconds == 0 {
            break;
        }
        end += 1 + bytes;
    }
    Some(end)
}

/// How many digits a text begins with, and how many bytes they are.
fn leading_digits(text: &str) -> (usize, usize) {
    let digits = text.chars().take_while(|c| is_digit(*c));
    digits.fold((0, 0), |(digits, bytes), c| (digits + 1, bytes + c.len_utf8()))
}

/// The value of a digit of the scripts that dates are written in: also Arabic, Persian and wide ones.
pub(super) fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '٠'..='٩' => Some(c as u32 - '٠' as u32),
        '۰'..='۹' => Some(c as u32 - '۰' as u32),
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => None,
    }
}

pub(crate) fn is_digit(c: char) -> bool {
    digit(c).is_some()
}
