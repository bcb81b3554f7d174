//! Dates in queries: the text after `date:` to ranges of days, and back. Knows no clock.

use std::fmt;

use crate::ast::{DateFilter, DateRange, Day, Span};
use crate::report::{Report, shown};

/// What `date:` takes, for people.
pub(crate) const FORMS: &str =
    "dates are 2022, 2022-02, 2022-02-02, 2021-12..2022-02, ..2022, 2022.. and none, parted by commas";

/// Reads the text after `date:`, which begins at byte `start` of the query.
pub(crate) fn filter(value: &str, start: usize, report: &mut Report) -> DateFilter {
    let mut filter = DateFilter::default();
    let mut at = start;
    for item in value.split(',') {
        let span = Span::new(at, at + item.len());
        if item.eq_ignore_ascii_case("none") {
            filter.undated = true;
        } else {
            filter.ranges.extend(range(item, span, report));
        }
        at = span.end + 1;
    }
    filter
}

impl fmt::Display for DateFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, range) in self.ranges.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(f, "{comma}{range}")?;
        }
        match (self.undated, self.ranges.is_empty()) {
            (true, true) => f.write_str("none"),
            (true, false) => f.write_str(",none"),
            (false, _) => Ok(()),
        }
    }
}

/// A whole year, month or day as one unit, anything else as its ends.
impl fmt::Display for DateRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.first, self.last) {
            (Some(first), Some(last)) if first == last => write!(f, "{first}"),
            (Some(first), Some(last)) if (first, last) == month(first.year, first.month) => {
                write!(f, "{:04}-{:02}", first.year, first.month)
            }
            (Some(first), Some(last)) if (first, last) == year(first.year) => write!(f, "{:04}", first.year),
            (Some(first), Some(last)) => write!(f, "{first}..{last}"),
            (Some(first), None) => write!(f, "{first}.."),
            (None, Some(last)) => write!(f, "..{last}"),
            (None, None) => f.write_str(".."),
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The first and the last day of a date as it is written.
type Days = (Day, Day);

/// A mistake the report knows of.
struct Reported;

/// Why a text is no date.
enum NoDate {
    Form,
    NoSuchDay,
}

fn range(item: &str, span: Span, report: &mut Report) -> Result<DateRange, Reported> {
    let Some((left, right)) = item.split_once("..") else {
        let (first, last) = unit(item, span, report)?;
        return Ok(DateRange { first: Some(first), last: Some(last) });
    };
    if left.is_empty() && right.is_empty() {
        report.error(span, "a range needs a date on at least one side", FORMS);
        return Err(Reported);
    }
    let first = side(left, Span::new(span.start, span.start + left.len()), report);
    let last = side(right, Span::new(span.end - right.len(), span.end), report);
    let range = DateRange { first: first?.map(|(first, _)| first), last: last?.map(|(_, last)| last) };
    if matches!((range.first, range.last), (Some(first), Some(last)) if first > last) {
        report.error(span, "range runs backwards", format!("did you mean date:{right}..{left}?"));
        return Err(Reported);
    }
    Ok(range)
}

/// `None` for a side that is open.
fn side(text: &str, span: Span, report: &mut Report) -> Result<Option<Days>, Reported> {
    if text.is_empty() { Ok(None) } else { unit(text, span, report).map(Some) }
}

fn unit(text: &str, span: Span, report: &mut Report) -> Result<Days, Reported> {
    let problem = match days(text) {
        Ok(days) => return Ok(days),
        Err(problem) => problem,
    };
    match problem {
        NoDate::NoSuchDay => {
            report.error(
                span,
                format!("no such date {}", shown(text)),
                "a date is year-month-day: 2022-02-28",
            );
        }
        NoDate::Form if text.is_empty() => report.error(span, "a date is missing beside the comma", FORMS),
        NoDate::Form => report.error(span, format!("`{}` is not a date", shown(text)), FORMS),
    }
    Err(Reported)
}

/// First and last day of a year, a month or a day.
fn days(text: &str) -> Result<Days, NoDate> {
    let mut parts = text.splitn(3, '-');
    let of_year = number(parts.next(), 4)?.ok_or(NoDate::Form)?;
    let Some(of_month) = number(parts.next(), 2)? else { return Ok(year(of_year)) };
    let of_day = number(parts.next(), 2)?;
    if !(1..=12).contains(&of_month) {
        return Err(NoDate::NoSuchDay);
    }
    let (first, last) = month(of_year, of_month as i8);
    let Some(of_day) = of_day else { return Ok((first, last)) };
    if !(1..=i16::from(last.day)).contains(&of_day) {
        return Err(NoDate::NoSuchDay);
    }
    let day = Day { day: of_day as i8, ..first };
    Ok((day, day))
}

fn number(part: Option<&str>, digits: usize) -> Result<Option<i16>, NoDate> {
    let Some(part) = part else { return Ok(None) };
    if part.len() != digits || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NoDate::Form);
    }
    part.parse().map(Some).map_err(|_| NoDate::Form)
}

fn year(year: i16) -> Days {
    (Day { year, month: 1, day: 1 }, Day { year, month: 12, day: 31 })
}

fn month(year: i16, month: i8) -> Days {
    (Day { year, month, day: 1 }, Day { year, month, day: days_in_month(year, month) })
}

fn days_in_month(year: i16, month: i8) -> i8 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
