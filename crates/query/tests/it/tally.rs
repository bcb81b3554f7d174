//! Counts of frequent words.

use std::fmt::Write;

use engine::{Engine, Lookup};

use crate::support::{Collection, request};

/// More than are tallied at once.
const ARTICLES: usize = 17_000;

type Rule<'a> = &'a dyn Fn(usize) -> bool;

#[test]
fn counts_of_frequent_words_are_exact_over_all_articles() {
    let collection = Collection::new();
    let mut lines = String::new();
    for number in 0..ARTICLES {
        write!(lines, r#"{{"title": "Number {number}", "body": ""#).unwrap();
        for divisor in [1, 2, 3, 5, 7, 900].into_iter().filter(|&divisor| number.is_multiple_of(divisor)) {
            write!(lines, "by{divisor} ").unwrap();
        }
        lines.push_str("\"}\n");
    }
    collection.write("numbers.jsonl", &lines);
    collection.update();
    let engine = collection.engine();
    let by = |divisor: usize| move |number: usize| number.is_multiple_of(divisor);
    let rules: [(&str, Rule<'_>); 10] = [
        ("by2 AND by3", &|n| by(2)(n) && by(3)(n)),
        ("by2 OR by3", &|n| by(2)(n) || by(3)(n)),
        ("by2 OR by3 OR by5 OR nowhere", &|n| by(2)(n) || by(3)(n) || by(5)(n)),
        ("by2 AND by3 AND nowhere", &|_| false),
        ("by2 AND by3 NOT by5", &|n| by(2)(n) && by(3)(n) && !by(5)(n)),
        ("by1 NOT by2 NOT nowhere", &|n| !by(2)(n)),
        ("by1 by2 by3 by5 by7", &|n| by(210)(n)),
        ("by1 AND by900", &|n| by(900)(n)),
        ("(by2 OR by3) AND by5", &|n| by(5)(n) && (by(2)(n) || by(3)(n))),
        ("by2 AND by2", &|n| by(2)(n)),
    ];
    let check = |engine: &dyn Engine, numbers: &dyn Fn(usize) -> bool| {
        for (query, rule) in &rules {
            let expected = (0..ARTICLES).filter(|&number| numbers(number) && rule(number)).count() as u64;
            assert_eq!(engine.count(&request(query).query, Lookup::default()).unwrap(), expected, "{query}");
        }
    };
    check(&engine, &|_| true);

    // Deleted articles do not count.
    let kept: Vec<&str> = lines.lines().skip(1_000).collect();
    collection.write("numbers.jsonl", &("\n".repeat(1_000) + &kept.join("\n")));
    collection.update();
    check(&collection.engine(), &|number| number >= 1_000);
}
