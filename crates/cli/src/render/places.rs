//! The other places of an article that was read from several.

use std::path::Path;

use article::Place;

use super::safe::{relative, safe_path};
use super::{counted, grouped};

/// The most places that are listed; of more, their number is told.
const LISTED: usize = 3;

/// `also b.txt:1, c.txt:7 and 12 more`; empty where there are no others.
pub(crate) fn also(others: &[Place]) -> String {
    if others.is_empty() {
        return String::new();
    }
    let more = match others.len().saturating_sub(LISTED) {
        0 => String::new(),
        count => format!(" and {} more", grouped(count as u64)),
    };
    format!("also {}{more}", places(&others[..others.len().min(LISTED)]))
}

/// `b.txt:1, c.txt:7`
pub(crate) fn places(places: &[Place]) -> String {
    places.iter().map(|of| place(&of.path, of.line)).collect::<Vec<_>>().join(", ")
}

/// `b.txt:1`
pub(crate) fn place(path: &Path, line: u32) -> String {
    format!("{}:{line}", safe_path(relative(path)))
}

/// `+2 paths`; empty where there are no others.
pub(crate) fn more(places: &[Place]) -> String {
    if places.is_empty() { String::new() } else { format!("+{}", counted(places.len() as u64, "path")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_places_are_listed_and_many_are_counted() {
        let places: Vec<Place> =
            (0..1_003).map(|number| Place { path: format!("{number}.txt").into(), line: 1 }).collect();
        assert_eq!((also(&[]), more(&[])), (String::new(), String::new()));
        assert_eq!(also(&places[..1]), "also 0.txt:1");
        assert_eq!(also(&places), "also 0.txt:1, 1.txt:1, 2.txt:1 and 1,000 more");
        assert_eq!((more(&places[..1]).as_str(), more(&places).as_str()), ("+1 path", "+1,003 paths"));
    }
}
