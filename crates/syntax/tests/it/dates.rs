//! What `date:` takes and prints.

use syntax::{DateFilter, Day, Node};

use crate::{error, errors, hint, reads, tree, underlined};

/// The days of each range, an open side left out.
#[track_caller]
fn keeps(text: &str, expected: &[&str]) {
    let Node::Date(DateFilter { ranges, .. }) = tree(text).node else { panic!("{text} is a date") };
    let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let found: Vec<String> =
        ranges.iter().map(|range| [day(range.first), day(range.last)].join("..")).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn units_are_widened_to_whole_days() {
    keeps("date:2022", &["2022-01-01..2022-12-31"]);
    keeps("date:2022-02", &["2022-02-01..2022-02-28"]);
    keeps("date:2024-02", &["2024-02-01..2024-02-29"]);
    keeps("date:1900-02", &["1900-02-01..1900-02-28"]);
    keeps("date:2000-02", &["2000-02-01..2000-02-29"]);
    keeps("date:2022-02-02", &["2022-02-02..2022-02-02"]);
}

#[test]
fn ranges_hold_both_ends_and_may_be_open() {
    keeps("date:2021-12..2022-02", &["2021-12-01..2022-02-28"]);
    keeps("date:..2022", &["..2022-12-31"]);
    keeps("date:2022-04..", &["2022-04-01.."]);
    keeps("date:2022..2022", &["2022-01-01..2022-12-31"]);
    keeps("date:2022-02..2022", &["2022-02-01..2022-12-31"]);
}

#[test]
fn a_list_keeps_any_of_its_dates() {
    keeps("date:2021,2022-02", &["2021-01-01..2021-12-31", "2022-02-01..2022-02-28"]);
    keeps("date:none", &[]);
    reads("date:2022,none", "date:2022,none");
    reads("DATE:None,2022", "date:2022,none");
}

#[test]
fn whole_units_print_as_one() {
    reads("date:2022-01-01..2022-12-31", "date:2022");
    reads("date:2022-02-01..2022-02-28", "date:2022-02");
    reads("date:2022-02-02..2022-02-02", "date:2022-02-02");
    reads("date:2021-12..2022-02", "date:2021-12-01..2022-02-28");
    reads("date:..2022", "date:..2022-12-31");
    reads("date:0001..", "date:0001-01-01..");
}

#[test]
fn a_date_must_exist() {
    error("date:2022-13-01", 5, "no such date 2022-13-01");
    error("date:2022-02-30", 5, "no such date 2022-02-30");
    error("date:2022-00", 5, "no such date 2022-00");
    error("date:2022..2022-04-31", 11, "no such date 2022-04-31");
    error("date:2022,2021-13", 10, "no such date 2021-13");
    assert_eq!(underlined("date:2022,2021-13,none"), "2021-13");
}

#[test]
fn a_range_runs_forwards() {
    error("date:2022-02-02..2021-01-01", 5, "range runs backwards");
    assert_eq!(hint("date:2022-02-02..2021-01-01"), "did you mean date:2021-01-01..2022-02-02?");
}

#[test]
fn anything_else_is_an_error_that_lists_the_forms() {
    for value in ["22", "2022-1", "2022/02/02", "february", "2022-02-02-02", "2022-é", "1...2", "2022~1"] {
        let shown = value.replace("1...2", "1");
        let found = tree_error(&format!("date:{value}"));
        assert!(found.ends_with("is not a date"), "{shown}: {found}");
    }
    error("date:..", 5, "a range needs a date on at least one side");
    error("date:2022,", 10, "a date is missing beside the comma");
    error("date:(2022)", 0, "date: takes no group and no quotes");
    error("date:\"2022\"", 0, "date: takes no group and no quotes");
    errors("date:1,2", &[(5, "`1` is not a date"), (7, "`2` is not a date")]);
    assert!(hint("date:(2022)").contains("2021-12..2022-02"));
}

fn tree_error(text: &str) -> String {
    crate::parsed(text).diagnostics.remove(0).message
}
