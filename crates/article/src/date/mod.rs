//! Dates as people and machines write them.

mod months;

use jiff::civil::{Date, date};

use self::months::leading_month;

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
    let start = value.find(|c: char| is_digit(c) || c.is_alphabetic())?;
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
    let found = if text.starts_with(is_digit) {
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
            && self.rest[1..].starts_with(is_digit)
        {
            return self.numeric(first, separator);
        }
        self.day_then_month(first)
    }

    /// `2022-02-04`, `2022/2/4`, `2022.02.04`, `2022年2月4日`, `2022년 2월 4일`.
    fn year_first(&mut self, year: u32) -> Option<Date> {
        let separator = self.rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.' | '年' | '년'))?;
        let (between, end) = match separator {
            '年' => ('月', "日"),
            '년' => ('월', "일"),
            _ => (separator, ""),
        };
        self.rest = self.rest[separator.len_utf8()..].trim_start_matches(' ');
        let (month, _) = self.number().filter(|(_, digits)| *digits <= 2)?;
        self.rest = self.rest.strip_prefix(between)?.trim_start_matches(' ');
        let (day, _) = self.number().filter(|(_, digits)| *digits <= 2)?;
        self.rest = self.rest.strip_prefix(end).unwrap_or(self.rest);
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

/// The value of a digit of the scripts that dates are written in: also Arabic, Persian and wide ones.
fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '٠'..='٩' => Some(c as u32 - '٠' as u32),
        '۰'..='۹' => Some(c as u32 - '۰' as u32),
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => None,
    }
}

fn is_digit(c: char) -> bool {
    digit(c).is_some()
}

/// The date in the path of an address, as news sites write it: `/2022/02/04/` and `/2022/feb/04/`, `/2022-02-04-` or `/20220204/`.
/// A year and month alone are no date.
pub(crate) fn in_url(url: &str) -> Option<Date> {
    let path =
        url.split_once("://").map_or(url, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let path = path.split(['?', '#']).next()?;
    let parts: Vec<&str> = path.split('/').collect();
    let whole = |part: &str, digits| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
    let of_three = |three: &[&str]| {
        let [year, month, day] = three else { return None };
        let month = match leading_month(month) {
            Some((number, length)) if length == month.len() => number,
            _ if whole(month, 2) || whole(month, 1) => month.parse().ok()?,
            _ => return None,
        };
        let is_date = whole(year, 4) && (whole(day, 2) || whole(day, 1));
        is_date.then(|| plausible(year.parse().ok()?, month, day.parse().ok()?))?
    };
    parts.windows(3).find_map(of_three).or_else(|| {
        parts.iter().find_map(|part| {
            let is_compact = whole(part, 8);
            let is_dashed = part.as_bytes().get(4) == Some(&b'-')
                && !part.as_bytes().get(10).is_some_and(u8::is_ascii_digit);
            if is_compact { compact(part) } else { leading(part).filter(|_| is_dashed).map(|(date, _)| date) }
        })
    })
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
            "2022年02月04日 10:15",
            "２０２２年２月４日",
            "2022년 2월 4일",
            "4 فبراير 2022",
            "٤ فبراير ٢٠٢٢",
            "الجمعة 4 شباط 2022",
            "4 лютого 2022",
            "4 lutego 2022",
            "4 Şubat 2022",
            "4 februari 2022",
            "4 fevereiro 2022",
            "4 febbraio 2022",
            "February\u{a0}4, 2022",
        ] {
            check(value, "2022-02-04");
        }
        check("25/02/2022", "2022-02-25");
        check("02/25/2022", "2022-02-25");
    }

    #[test]
    fn addresses_of_news_have_dates() {
        for (url, expected) in [
            ("https://paper.example/2022/02/04/world/xi-putin.html", "2022-02-04"),
            ("/2022/02/04/", "2022-02-04"),
            ("https://paper.example/world/2022/feb/04/xi-putin", "2022-02-04"),
            ("https://paper.example/news/2022-02-04-xi-putin?ref=2021/01/01/", "2022-02-04"),
            ("https://paper.example/a/20220204/12345678", "2022-02-04"),
            ("https://paper.example/2022/02/xi-putin", "none"),
            ("https://paper.example/2022/13/04/x", "none"),
            ("https://2022/02/04/x", "none"),
            ("https://paper.example/id/2022-02-041", "none"),
            ("", "none"),
        ] {
            let found = in_url(url).map_or("none".to_owned(), |date| date.to_string());
            assert_eq!(found, expected, "{url}");
        }
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
