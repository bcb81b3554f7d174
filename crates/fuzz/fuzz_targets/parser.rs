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
    check_places(text, &query);
    let printed = query.to_string();
    let again = parse(&printed, &Options::default());
    assert_eq!(again.query, Some(query), "{text} printed as {printed}: {:?}", again.diagnostics);
}

fn check_places(text: &str, query: &Query) {
    let place = text.get(query.span.start..query.span.end);
    assert!(place.is_some_and(|place| !place.is_empty()), "{query:?}");
    match &query.node {
        Node::And(items) | Node::Or(items) => {
            assert!(items.len() > 1, "{query:?}");
            items.iter().for_each(|item| check_places(text, item));
        }
        Node::Near { left, right, .. } | Node::Sentence(left, right) | Node::Paragraph(left, right) => {
            check_places(text, left);
            check_places(text, right);
        }
        Node::Not(inner) | Node::Field(_, inner) | Node::Boost(inner, _) | Node::AtLeast(_, inner) => {
            check_places(text, inner);
        }
        Node::Date(_)
        | Node::Word(_)
        | Node::Exact(_)
        | Node::Phrase(..)
        | Node::Wildcard(_)
        | Node::Fuzzy(..)
        | Node::Regex(_)
        | Node::Actor(..) => {}
    }
}
