//! Answers as text. Only this module picks words, colours and columns.

pub(crate) mod bench;
pub(crate) mod json;
pub(crate) mod lines;
pub(crate) mod paint;
pub(crate) mod places;
pub(crate) mod plain;
pub(crate) mod safe;
pub(crate) mod terminal;
pub(crate) mod times;

use std::time::Duration;

/// The query that an answer is to, where there are several.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// How many were asked before it.
    pub(crate) nth: usize,
    /// Its line in the file of queries, 1-based.
    pub(crate) line: usize,
    pub(crate) text: &'a str,
}

/// `1 article`, `2 articles`, `41,015 articles`.
pub(crate) fn counted(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// A number with its thousands parted: `41,015`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A time in the unit that fits: `0.4 ms`, `2.5 s`.
pub(crate) fn lasting(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 1.0 { format!("{:.1} ms", seconds * 1e3) } else { format!("{seconds:.1} s") }
}

/// Bytes in the unit that fits, in powers of 1000: `115.4 MB`.
pub(crate) fn sized(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(counted(1, "article"), "1 article");
        assert_eq!(counted(41_015, "article"), "41,015 articles");
        assert_eq!(grouped(100), "100");
        assert_eq!(lasting(Duration::from_micros(400)), "0.4 ms");
        assert_eq!(sized(115_400_000), "115.4 MB");
    }
}
