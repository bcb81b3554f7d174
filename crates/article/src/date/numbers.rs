//! Dates that are nothing but a number.

use jiff::civil::{Date, date};

use super::plausible;

/// Seconds since 1970 are at least this, which is in 1973: smaller numbers are years, days, or nothing of the kind.
const LEAST_SECONDS: u64 = 100_000_000;

/// The number a value is, without noughts behind a point that tables add: `1643970000`, `1643970000.0`.
pub(super) fn whole(value: &str) -> Option<i64> {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    let is_one = is_number(whole) && is_number(fraction) && (whole.len() >= 8 || whole.len() == value.len());
    if is_one { whole.parse().ok() } else { None }
}

/// The seconds of the year 9999 and the first day behind it, and their milliseconds: programs mean "never" by them, and as units
/// a thousand times smaller they would all be one day of 1978.
const NEVER: std::ops::RangeInclusive<i64> = 253_370_764_800..=253_402_387_200;
/// Ten figures are a day and an hour in these years, which as seconds would be the years from 2030 on.
const YEARS_WITH_HOUR: std::ops::Range<i16> = 1900..2100;

/// The day a number means: its figures are those of the day (`20220204`, `20220204101500`), or it is the seconds, milliseconds,
/// microseconds or nanoseconds since 1970 (in UTC). What would lie before 1900 or after 2199 is no date.
pub(crate) fn of_number(number: i64) -> Option<Date> {
    if let Some(found) = day_of_digits(&number.to_string()) {
        return Some(found);
    }
    if NEVER.contains(&number) || NEVER.contains(&(number / 1_000)) {
        return None;
    }
    let seconds = match number.unsigned_abs() {
        ..LEAST_SECONDS => return None,
        LEAST_SECONDS..100_000_000_000 => number,
        100_000_000_000..100_000_000_000_000 => number / 1_000,
        100_000_000_000_000..100_000_000_000_000_000 => number / 1_000_000,
        _ => number / 1_000_000_000,
    };
    let days = i32::try_from(seconds.div_euclid(86_400)).ok()?;
    let found = date(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok()?;
    (1900..2200).contains(&found.year()).then_some(found)
}

/// `20220204`, `20220204T101500Z`, `2022020410`, `202202041015`, `20220204101500`, and with milliseconds.
pub(super) fn day_of_digits(value: &str) -> Option<Date> {
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    let time = match digits {
        8 if value[8..].is_empty() || value[8..].starts_with(['T', ' ']) => "0000",
        10 | 12 | 14 | 17 if value.len() == digits => &value[8..],
        _ => return None,
    };
    let part = |at: usize| time.get(at..at + 2).map_or(Some(0), |part| part.parse::<u32>().ok());
    let is_time = part(0)? < 24 && part(2)? < 60 && part(4)? <= 60;
    let day = plausible(value[..4].parse().ok()?, value[4..6].parse().ok()?, value[6..8].parse().ok()?);
    day.filter(|day| is_time && (digits != 10 || YEARS_WITH_HOUR.contains(&day.year())))
}
