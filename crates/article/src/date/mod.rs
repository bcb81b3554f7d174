//! Dates as people and machines write them.

mod east;
mod months;
mod numbers;
mod written;

use jiff::civil::{Date, ISOWeekDate, Weekday};

pub(crate) use self::east::may_hold_date;
use self::months::leading_month;
pub(crate) use self::numbers::of_number;
pub(crate) use self::written::{Order, Written, is_digit, leading, leading_written, time_length};

/// So many words and times may stand before a date: `10:15 GMT, last updated on Wednesday, 3 March 2021`.
const WORDS_BEFORE: usize = 6;

/// The date in a value that is a date, with or without time and zone: ISO 8601, RFC 2822, English and some other words,
/// seconds or milliseconds since 1970. The day is the one written, whatever its zone.
pub fn parse(value: &str) -> Option<Date> {
    let value = value.trim();
    if value.len() > 80 {
        return None;
    }
    if let Some(number) = numbers::whole(value) {
        return of_number(number);
    }
    if let Some(found) = numbers::day_of_digits(value).or_else(|| of_week(value)) {
        return Some(found);
    }
    let mut rest = &value[value.find(|c: char| is_digit(c) || c.is_alphabetic())?..];
    for _ in 0..=WORDS_BEFORE {
        if let Some((found, _)) = leading(rest) {
            return Some(found);
        }
        // A time, a weekday, or a word such as "on", may come first.
        let end = time_length(rest).or_else(|| rest.find(|c: char| !c.is_alphabetic()))?;
        rest = rest[end..].trim_start_matches(|c: char| {
            c.is_whitespace() || matches!(c, ',' | '.' | ':' | '-' | '/' | '|' | '،' | '，' | '：' | '、')
        });
    }
    None
}

/// `2021-W09-3`: year, week and day of the week.
fn of_week(value: &str) -> Option<Date> {
    let (year, rest) = value.split_once("-W")?;
    let (week, day) = rest.get(..4)?.split_once('-')?;
    let is_time = rest[4..].is_empty() || rest[4..].starts_with(['T', ' ']);
    let is_number =
        |part: &str, digits| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_time || !is_number(year, 4) || !is_number(week, 2) {
        return None;
    }
    let day = Weekday::from_monday_one_offset(day.parse().ok()?).ok()?;
    let found = ISOWeekDate::new(year.parse().ok()?, week.parse().ok()?, day).ok()?.date();
    plausible(
        u32::try_from(found.year()).ok()?,
        found.month().unsigned_abs().into(),
        found.day().unsigned_abs().into(),
    )
}

/// Archives on the web go back to this year.
const FIRST_YEAR_IN_URL: i16 = 1700;
/// Eight figures are a day in this range of years; otherwise they are the number of an article.
const YEARS_OF_DIGITS: std::ops::Range<i16> = 1900..2050;

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
    let found = parts.windows(3).find_map(of_three).or_else(|| {
        parts.iter().find_map(|part| {
            let is_compact = whole(part, 8);
            let is_dashed = part.as_bytes().get(4) == Some(&b'-')
                && !part.as_bytes().get(10).is_some_and(u8::is_ascii_digit);
            if is_compact {
                numbers::day_of_digits(part).filter(|day| YEARS_OF_DIGITS.contains(&day.year()))
            } else {
                leading(part).filter(|_| is_dashed).map(|(date, _)| date)
            }
        })
    });
    found.filter(|day| day.year() >= FIRST_YEAR_IN_URL)
}

/// A day of the calendar between the years 1000 and 2199.
fn plausible(year: u32, month: u32, day: u32) -> Option<Date> {
    let year = i16::try_from(year).ok().filter(|year| (1000..2200).contains(year))?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests;
