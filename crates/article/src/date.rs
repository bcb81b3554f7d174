//! Dates as people and machines write them.

use jiff::civil::{Date, date};

/// Month names as they begin, in lower case and without accents: the shortest beginning that tells the month apart in
/// English, German, French, Spanish, Italian, Portuguese, Romanian, Dutch and Russian.
const MONTHS: [(i8, &[&str]); 12] = [
    (1, &["jan", "ene", "gen", "ian", "янв"]),
    (2, &["feb", "fév", "fev", "фев"]),
    (3, &["mar", "mär", "maa", "mrt", "мар"]),
    (4, &["apr", "avr", "abr", "апр"]),
    (5, &["may", "mai", "mei", "mag", "мая", "май"]),
    (6, &["jun", "juin", "giu", "iun", "июн"]),
    (7, &["jul", "juil", "lug", "iul", "июл"]),
    (8, &["aug", "aoû", "aou", "ago", "авг"]),
    (9, &["sep", "set", "сен"]),
    (10, &["oct", "okt", "ott", "out", "окт"]),
    (11, &["nov", "noi", "ноя"]),
    (12, &["dec", "déc", "dez", "dic", "дек"]),
];

/// Full names, against which a longer word is checked, so that "marched" is no month.
const MONTH_NAMES: [&str; 91] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "sept",
    "januar",
    "februar",
    "märz",
    "mai",
    "juni",
    "juli",
    "oktober",
    "dezember",
    "janvier",
    "février",
    "mars",
    "avril",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
    "gennaio",
    "febbraio",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "settembre",
    "ottobre",
    "dicembre",
    "janeiro",
    "fevereiro",
    "março",
    "maio",
    "junho",
    "julho",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
    "ianuarie",
    "februarie",
    "martie",
    "aprilie",
    "iunie",
    "iulie",
    "septembrie",
    "octombrie",
    "noiembrie",
    "decembrie",
    "januari",
    "februari",
    "maart",
    "mei",
    "augustus",
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
    "juil",
];

/// The date in a value that is a date, with or without time and zone: ISO 8601, RFC 2822, English and some other words,
/// seconds or milliseconds since 1970. The day is the one written, whatever its zone.
pub fn parse(value: &str) -> Option<Date> {
    let value = value.trim();
    if value.len() > 80 {
        return None;
    }
    if value.len() >= 9 && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return of_epoch(value.parse().ok()?);
    }
    if let Some(found) = compact(value) {
        return Some(found);
    }
    let start = value.find(|c: char| c.is_ascii_digit() || c.is_alphabetic())?;
    let mut rest = &value[start..];
    for _ in 0..4 {
        if let Some((found, _)) = leading(rest) {
            return Some(found);
        }
        // A weekday, or a word such as "on", may come first.
        let word_end = rest.find(|c: char| !c.is_alphabetic())?;
        rest = rest[word_end..].trim_start_matches([' ', ',', '.', ':', '\u{a0}']);
    }
    None
}

/// The day (in UTC) of seconds, milliseconds or microseconds since 1970. Nought is no date.
pub(crate) fn of_epoch(number: i64) -> Option<Date> {
    let seconds = match number.unsigned_abs() {
        0 => return None,
        1..100_000_000_000 => number,
        100_000_000_000..100_000_000_000_000 => number / 1_000,
        _ => number / 1_000_000,
    };
    let days = i32::try_from(seconds.div_euclid(86_400)).ok()?;
    date(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// `20220204`, and `20220204T101500Z`.
fn compact(value: &str) -> Option<Date> {
    let digits = value.get(..8).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    if value[8..].starts_with(|c: char| c != 'T' && c != ' ') {
        return None;
    }
    plausible(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?)
}

/// The date at the beginning of `text`, and the bytes it takes. A time behind it is not taken.
pub(crate) fn leading(text: &str) -> Option<(Date, usize)> {
    let mut cursor = Cursor { rest: text };
    let found = if text.starts_with(|c: char| c.is_ascii_digit()) {
        cursor.beginning_with_number()
    } else {
        cursor.beginning_with_month()
    }?;
    Some((found, text.len() - cursor.rest.len()))
}

/// Moves through a text as it reads.
struct Cursor<'a> {
    rest: &'a str,
}

impl Cursor<'_> {
    fn beginning_with_number(&mut self) -> Option<Date> {
        let (first, digits) = self.number()?;
        if digits == 4 {
            return self.year_first(first);
        }
        if digits > 2 {
            return None;
        }
        if let Some(separator) = self.rest.chars().next().filter(|c| matches!(c, '/' | '.' | '-'))
            && self.rest[1..].starts_with(|c: char| c.is_ascii_digit())
        {
            return self.numeric(first, separator);
        }
        self.day_then_month(first)
    }

    /// `2022-02-04`, `2022/2/4`, `2022.02.04`, `2022年2月4日`.
    fn year_first(&mut self, year: u32) -> Option<Date> {
        let separator = self.rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.' | '年'))?;
        self.rest = &self.rest[separator.len_utf8()..];
        let (month, _) = self.number().filter(|(_, digits)| *digits <= 2)?;
        let between = if separator == '年' { '月' } else { separator };
        self.rest = self.rest.strip_prefix(between)?;
        let (day, _) = self.number().filter(|(_, digits)| *digits <= 2)?;
        self.rest = self.rest.strip_prefix('日').unwrap_or(self.rest);
        plausible(year, month, day)
    }

    /// `25/02/2022` and `02/25/2022`; where day and month could be changed about there is no date.
    fn numeric(&mut self, first: u32, separator: char) -> Option<Date> {
        self.rest = self.rest.strip_prefix(separator)?;
        let (second, _) = self.number().filter(|(_, digits)| *digits <= 2)?;
        self.rest = self.rest.strip_prefix(separator)?;
        let (year, _) = self.number().filter(|(_, digits)| *digits == 4)?;
        match (first, second) {
            (day, month) if day > 12 || day == month => plausible(year, month, day),
            (month, day) if day > 12 => plausible(year, month, day),
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

    /// `February 4, 2022`, `Feb. 4th 2022`.
    fn beginning_with_month(&mut self) -> Option<Date> {
        let month = self.month()?;
        self.pass();
        let (day, _) = self.number().filter(|(_, digits)| *digits <= 2)?;
        self.ordinal();
        self.pass();
        let (year, _) = self.number().filter(|(_, digits)| *digits == 4)?;
        plausible(year, month, day)
    }

    /// A number and how many digits it has.
    fn number(&mut self) -> Option<(u32, usize)> {
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let number = self.rest.get(..digits)?.parse().ok()?;
        self.rest = &self.rest[digits..];
        Some((number, digits))
    }

    fn month(&mut self) -> Option<u32> {
        let end = self.rest.find(|c: char| !c.is_alphabetic()).unwrap_or(self.rest.len());
        let month = month_number(&self.rest[..end])?;
        self.rest = &self.rest[end..];
        Some(month)
    }

    /// Passes over white space and the marks that may stand in a date.
    fn pass(&mut self) {
        self.rest = self.rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | '-'));
    }

    fn ordinal(&mut self) {
        for ending in ["st", "nd", "rd", "th", "er", "º"] {
            if let Some(rest) =
                self.rest.strip_prefix(ending).filter(|rest| !rest.starts_with(char::is_alphabetic))
            {
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

/// 1 to 12 for the name of a month or its abbreviation.
fn month_number(word: &str) -> Option<u32> {
    if word.len() < 3 || word.len() > 24 || !word.starts_with(|c: char| c.is_alphabetic()) {
        return None;
    }
    let lower = word.to_lowercase();
    let (number, starts) =
        MONTHS.iter().find(|(_, starts)| starts.iter().any(|start| lower.starts_with(start)))?;
    let known = starts.contains(&lower.as_str()) || MONTH_NAMES.contains(&lower.as_str());
    known.then_some(*number as u32)
}

/// A day of the calendar between the years 1000 and 2199.
fn plausible(year: u32, month: u32, day: u32) -> Option<Date> {
    let year = i16::try_from(year).ok().filter(|year| (1000..2200).contains(year))?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, expected: &str) {
        let found = parse(value).map_or("none".to_owned(), |date| date.to_string());
        assert_eq!(found, expected, "{value}");
    }

    #[test]
    fn machines_write_dates_in_these_ways() {
        for value in [
            "2022-02-04",
            "2022-02-04T23:30:00+08:00",
            "2022-02-04 10:15",
            "20220204",
            "20220204T101500Z",
            "Fri, 04 Feb 2022 10:15:00 GMT",
            "1643970000",
            "1643970000000",
            "2022/2/4",
        ] {
            check(value, "2022-02-04");
        }
    }

    #[test]
    fn people_write_dates_in_these_ways() {
        for value in [
            "February 4, 2022",
            "Feb. 4, 2022",
            "February 4th, 2022",
            "4 February 2022",
            "4th of February, 2022",
            "Friday, February 4, 2022 10:15 am",
            "Friday 4 Feb 2022",
            "FEB 4 2022",
            "4. Februar 2022",
            "4 février 2022",
            "4 de febrero de 2022",
            "4 февраля 2022",
            "2022年2月4日",
            "February\u{a0}4, 2022",
        ] {
            check(value, "2022-02-04");
        }
        check("25/02/2022", "2022-02-25");
        check("02/25/2022", "2022-02-25");
    }

    #[test]
    fn what_could_be_two_days_or_none_is_no_date() {
        for value in [
            "04/02/2022",
            "February 2022",
            "2022",
            "30 February 2022",
            "yesterday",
            "marched 4, 2022",
            "",
            "0",
        ] {
            check(value, "none");
        }
    }
}
