//! Counts of words, frequent and rare.

use std::fmt::Write;

use engine::{Engine, Lookup, SearchRequest};

use crate::support::{Collection, request};

/// More than are counted in one window.
const ARTICLES: usize = 40_000;

/// A word for each of them is in the articles whose numbers it divides. The last ones are rare, the others frequent.
const DIVISORS: [usize; 9] = [1, 2, 3, 5, 7, 31, 33, 900, 1_100];

type Rule<'a> = &'a dyn Fn(usize) -> bool;

fn is_dated(number: usize) -> bool {
    !number.is_multiple_of(4)
}

/// An article a line; a line is empty where it is left out.
fn lines(numbers: impl Fn(usize) -> bool, dates: bool) -> String {
    let mut lines = String::new();
    for number in 0..ARTICLES {
        if numbers(number) {
            let date = if dates && is_dated(number) { r#""date": "2024-05-06", "# } else { "" };
            write!(lines, r#"{{{date}"title": "Number {number}", "body": ""#).unwrap();
            for divisor in DIVISORS.into_iter().filter(|&divisor| number.is_multiple_of(divisor)) {
                write!(lines, "by{divisor} ").unwrap();
            }
            lines.push_str("\"}");
        }
        lines.push('\n');
    }
    lines
}

/// Every rule counts right, when its words are counted for the first time and when they are known.
fn check(collection: &Collection, numbers: impl Fn(usize) -> bool, dates: bool) {
    let by = |divisor: usize| move |number: usize| number.is_multiple_of(divisor);
    let rules: [(&str, Rule<'_>); 22] = [
        ("by2", &|n| by(2)(n)),
        ("by900", &|n| by(900)(n)),
        ("by2 AND by3", &|n| by(2)(n) && by(3)(n)),
        ("by2 OR by3", &|n| by(2)(n) || by(3)(n)),
        ("by2 OR by3 OR by5 OR nowhere", &|n| by(2)(n) || by(3)(n) || by(5)(n)),
        ("by2 AND by3 AND nowhere", &|_| false),
        ("by2 AND by3 NOT by5", &|n| by(2)(n) && by(3)(n) && !by(5)(n)),
        ("by1 NOT by2 NOT nowhere", &|n| !by(2)(n)),
        ("by1 by2 by3 by5 by7", &|n| by(210)(n)),
        ("by1 AND by900", &|n| by(900)(n)),
        ("by900 AND by1100", &|n| by(9_900)(n)),
        ("by900 OR by1100", &|n| by(900)(n) || by(1_100)(n)),
        ("by1100 OR by33 OR nowhere OR by900 OR by33", &|n| by(33)(n) || by(900)(n) || by(1_100)(n)),
        ("by900 AND (by1100 OR nowhere) OR by31", &|n| by(9_900)(n) || by(31)(n)),
        ("by900 NOT by31 NOT by7", &|n| by(900)(n) && !by(31)(n) && !by(7)(n)),
        ("by900 AND (by31 OR by1100 OR by7)", &|n| by(900)(n) && (by(31)(n) || by(1_100)(n) || by(7)(n))),
        ("(by2 OR by3) AND by5", &|n| by(5)(n) && (by(2)(n) || by(3)(n))),
        ("(by2 NOT by3) OR (by900 AND by7) OR by1100", &|n| {
            by(2)(n) && !by(3)(n) || by(6_300)(n) || by(1_100)(n)
        }),
        ("NOT by2", &|n| !by(2)(n)),
        ("NOT (by2 OR by900) NOT (by3 AND NOT by5)", &|n| {
            !by(2)(n) && !by(900)(n) && (!by(3)(n) || by(5)(n))
        }),
        ("by31 AND by33", &|n| by(1_023)(n)),
        ("by2 AND by2", &|n| by(2)(n)),
    ];
    // With room for all sets, for two of them, and for none.
    let engines = [
        collection.engine(),
        collection.engine().with_set_bytes(12_000),
        collection.engine().with_set_bytes(0),
    ];
    for (engine, round) in engines.iter().flat_map(|engine| [(engine, "first"), (engine, "known")]) {
        for (query, rule) in &rules {
            let found = (0..ARTICLES).filter(|&number| numbers(number) && rule(number));
            let (articles, undated) = found.fold((0, 0), |(articles, undated), number| {
                (articles + 1, undated + u64::from(!(dates && is_dated(number))))
            });
            let request = SearchRequest { limit: 0, ..request(query) };
            let total = engine.search(&request).unwrap().total.unwrap();
            assert_eq!((total.articles, total.undated), (articles, undated), "{query}, {round}, {dates}");
            let count = engine.count(&request.query, Lookup::default()).unwrap();
            assert_eq!(count, articles, "{query}, {round}");
        }
    }
}

#[test]
fn words_are_counted_exactly_over_all_articles() {
    for dates in [true, false] {
        let collection = Collection::new();
        collection.write("numbers.jsonl", &lines(|_| true, dates));
        collection.update();
        check(&collection, |_| true, dates);
    }
}

#[test]
fn deleted_articles_do_not_count_and_those_of_other_segments_do() {
    let collection = Collection::new();
    collection.write("numbers.jsonl", &lines(|number| number < 35_000, true));
    collection.update();
    collection.write("numbers.jsonl", &lines(|number| number >= 1_000, true));
    collection.update();
    check(&collection, |number| number >= 1_000, true);
}
