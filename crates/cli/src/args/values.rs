//! Values with units.

use std::time::Duration;

/// Queries a second.
pub(super) fn parse_rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|rate: &f64| (0.001..=1e6).contains(rate));
    rate.ok_or_else(|| "write a number of queries a second, such as 200".to_owned())
}

/// A part of one.
pub(super) fn parse_percent(text: &str) -> Result<f64, String> {
    let percent = text.trim_end_matches('%').trim().parse().ok();
    let percent = percent.filter(|percent: &f64| percent.is_finite() && *percent >= 0.0);
    percent.map(|percent| percent / 100.0).ok_or_else(|| "write a percentage, such as 10%".to_owned())
}

/// Bytes, with an optional unit: `300000000`, `512M`, `2GiB`. Units are powers of 1024.
pub(super) fn parse_size(text: &str) -> Result<usize, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let shift = match unit.trim().to_ascii_lowercase().trim_end_matches('b').trim_end_matches('i') {
        "" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        _ => return Err("write a number of bytes with K, M or G, such as 512M".to_owned()),
    };
    let number: usize = number.parse().map_err(|_| "write a number first, such as 512M".to_owned())?;
    number.checked_mul(1 << shift).ok_or_else(|| "larger than any memory".to_owned())
}

/// A time with its unit: `500ms`, `5s`, `2m`; a bare number is seconds.
pub(super) fn parse_time(text: &str) -> Result<Duration, String> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let seconds_a_unit = match unit.trim() {
        "ms" => 1e-3,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        _ => return Err("write a time in ms, s or m, such as 5s".to_owned()),
    };
    let number: f64 = number.parse().map_err(|_| "write a number first, such as 5s".to_owned())?;
    Duration::try_from_secs_f64(number * seconds_a_unit).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        assert_eq!(parse_time("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(parse_time("2"), Ok(Duration::from_secs(2)));
        assert!(parse_time("5 years").is_err() && parse_time("s").is_err());
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(parse_size("512M"), Ok(512 << 20));
        assert_eq!(parse_size("2GiB"), Ok(2 << 30));
        assert_eq!(parse_size("300"), Ok(300));
        assert!(parse_size("M").is_err() && parse_size("5X").is_err());
    }
}
