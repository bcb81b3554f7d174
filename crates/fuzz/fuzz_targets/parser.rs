//! No text panics, every place is in the text, and what has a tree prints as text with the same tree.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use syntax::{Node, Options, Query, parse};

fuzz_target!(|input: &[u8]| -> Corpus {
    let Some((switches, text)) = fuzz::switches_and_text(input) else { return Corpus::Reject };
    check_text(text, Options { any: switches & 1 == 1 });
    Corpus::Keep
});

/// Places are in the text, on character boundaries and in order; there is a tree or an error; and what has a tree
/// prints as text with the same tree.
fn check_text(text: &str, options: Options) {
    let parsed = parse(text, &options);
    let mut last = 0;
    for diagnostic in &parsed.diagnostics {
        assert!(text.get(diagnostic.span.start..diagnostic.span.end).is_some(), "{diagnostic:?}");
        assert!(diagnostic.span.start >= last, "{:?}", parsed.diagnostics);
        last = diagnostic.span.start;
    }
    let Some(query) = parsed.query else {
        assert!(!parsed.diagnostics.is_empty());
        return;
    };
    check_places(text, query.clone());
    let printed = query.to_string();
    let again = parse(&printed, &Options::default());
    assert_eq!(again.query, Some(query), "{text} printed as {printed}: {:?}", again.diagnostics);
}

fn check_places(text: &str, mut query: Query) {
    query.each_mut(&mut |part| {
        let place = text.get(part.span.start..part.span.end);
        assert!(place.is_some_and(|place| !place.is_empty()), "{part:?}");
        if let Node::And(items) | Node::Or(items) = &part.node {
            assert!(items.len() > 1, "{part:?}");
        }
    });
}
