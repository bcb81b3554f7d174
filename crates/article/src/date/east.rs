//! Dates whose years are counted otherwise, or that are in no figures: `令和4年3月1日`, `民國111年3月1日`, `二〇二二年三月一日`.

use jiff::civil::Date;

use super::written::digit;
use super::{is_digit, plausible};

/// What comes before the year of an era, the year before its first one, and its last one.
const ERAS: [(&str, u32, u32); 7] = [
    ("明治", 1867, 1912),
    ("大正", 1911, 1926),
    ("昭和", 1925, 1989),
    ("平成", 1988, 2019),
    ("令和", 2018, 2199),
    ("民國", 1911, 2199),
    ("民国", 1911, 2199),
];

/// A line without one of these holds no date.
pub(crate) fn may_hold_date(line: &str) -> bool {
    line.contains(|c: char| is_digit(c) || c == '年')
}

/// The date at the beginning of `text` that begins with an era or is in Chinese numerals, and the bytes it takes.
pub(super) fn leading(text: &str) -> Option<(Date, usize)> {
    // All begin with an ideograph, which takes three bytes: most texts are turned away here.
    if !text.as_bytes().first().is_some_and(|byte| (0xe3..=0xe9).contains(byte)) {
        return None;
    }
    let era = ERAS.iter().find_map(|(name, before, last)| Some((text.strip_prefix(name)?, *before, *last)));
    let (year, rest) = match era {
        Some((rest, before, last)) => {
            let (year, rest) = numeral(rest)?;
            let year = before.checked_add(year).filter(|year| *year > before && *year <= last)?;
            (year, rest)
        }
        None => numeral(text).filter(|(year, _)| *year >= 1000)?,
    };
    let rest = without_bracketed_year(rest.trim_start_matches(' ').strip_prefix('年')?);
    let (month, rest) = numeral(rest.trim_start_matches(' '))?;
    let (day, rest) = numeral(rest.trim_start_matches(' ').strip_prefix('月')?.trim_start_matches(' '))?;
    let rest = rest.trim_start_matches(' ').strip_prefix('日')?;
    Some((plausible(year, month, day)?, text.len() - rest.len()))
}

/// The number at the beginning, in figures or Chinese numerals, and what follows it. The first year of an era is `元`.
fn numeral(text: &str) -> Option<(u32, &str)> {
    if let Some(rest) = text.strip_prefix('元') {
        return Some((1, rest));
    }
    let end = text.find(|c: char| value(c).is_none() && c != '十').unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    // Years have four figures, days thirty-one at the most: `三十一` takes three signs.
    if number.is_empty() || number.chars().count() > 4 {
        return None;
    }
    let number = match number.split_once('十') {
        Some((tens, ones)) => 10 * figures(tens, 1)? + figures(ones, 0)?,
        None => figures(number, 0)?,
    };
    Some((number, rest))
}

/// The number of these figures, `none` where there are none.
fn figures(figures: &str, none: u32) -> Option<u32> {
    if figures.is_empty() {
        return Some(none);
    }
    figures.chars().try_fold(0_u32, |number, c| number.checked_mul(10)?.checked_add(value(c)?))
}

/// The value of a figure or of a Chinese numeral below ten.
fn value(c: char) -> Option<u32> {
    let numerals = || "〇一二三四五六七八九".chars().zip(0..).find(|(numeral, _)| *numeral == c);
    digit(c).or_else(|| numerals().map(|(_, value)| value)).or((c == '零').then_some(0))
}

/// `(令和4年)` behind the mark of the year says it once more.
pub(super) fn without_bracketed_year(text: &str) -> &str {
    let again = || {
        let inside = text.strip_prefix(['(', '（'])?;
        let end = inside.find([')', '）']).filter(|end| *end <= 24)?;
        let (year, rest) = inside.split_at(end);
        year.ends_with('年').then(|| rest.trim_start_matches([')', '）']))
    };
    again().unwrap_or(text)
}
