//! Queries to time.

use syntax::{Options, Query, Severity, parse};

/// A query of a workload.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What kind of query it is: cases of one class are summed up together.
    pub class: String,
    /// As it was written.
    pub text: String,
    /// As it was read.
    pub query: Query,
}

/// The class of queries that are given none.
pub const UNCLASSED: &str = "all";

/// A line that is not a query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct WorkloadError {
    /// 1-based.
    pub line: usize,
    /// Why.
    pub message: String,
}

/// Reads a workload: a query a line. A class is named before the query, with a tab between them, or for all lines that
/// follow by a comment, `# class: NAME`. Other comments, lines that begin with `#`, and blank lines are passed over, and so is a byte order
/// mark, which some editors begin a file with.
///
/// # Errors
/// All lines that are no queries, in order.
pub fn read(text: &str) -> Result<Vec<Case>, Vec<WorkloadError>> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut class = UNCLASSED;
    let mut cases = Vec::new();
    let mut errors = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if let Some(comment) = line.strip_prefix('#') {
            class = comment.trim().strip_prefix("class:").map_or(class, str::trim);
            continue;
        }
        if line.is_empty() {
            continue;
        }
        let (class, text) = line.split_once('\t').unwrap_or((class, line));
        let parsed = parse(text, &Options::default());
        if let Some(query) = parsed.query {
            cases.push(Case { class: class.trim().to_owned(), text: text.to_owned(), query });
            continue;
        }
        let error = parsed.diagnostics.into_iter().find(|found| found.severity == Severity::Error);
        let message = error.map_or_else(|| "not a query".to_owned(), |error| error.message);
        errors.push(WorkloadError { line: number, message: format!("{text}: {message}") });
    }
    if errors.is_empty() { Ok(cases) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_come_from_tabs_and_comments() {
        let text = "Xi\n# class: pairs\nXi AND NATO\n\n# a remark\nphrases\t\"Xi Jinping\"\nPutin";
        let cases = read(text).unwrap();
        let cases: Vec<_> = cases.iter().map(|case| (case.class.as_str(), case.text.as_str())).collect();
        assert_eq!(
            cases,
            [("all", "Xi"), ("pairs", "Xi AND NATO"), ("phrases", "\"Xi Jinping\""), ("pairs", "Putin")]
        );
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_line() {
        for text in ["\u{FEFF}Xi\nNATO", "\u{FEFF}# class: all\nXi\nNATO"] {
            assert_eq!(read(text), read("Xi\nNATO"));
        }
    }

    #[test]
    fn every_line_that_is_no_query_is_named() {
        let lines: Vec<usize> =
            read("Xi\n(\nNATO\nXi AND").unwrap_err().iter().map(|error| error.line).collect();
        assert_eq!(lines, [2, 4]);
    }
}
