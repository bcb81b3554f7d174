//! What holds for every text and every tree.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use syntax::{DateFilter, DateRange, Day, Field, Node, Options, Query, Span, parse};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics_and_every_place_is_in_the_text(text in any::<String>(), any in any::<bool>()) {
        check_text(&text, Options { any })?;
    }

    #[test]
    fn no_heap_of_operators_panics(text in soup(), any in any::<bool>()) {
        check_text(&text, Options { any })?;
    }

    #[test]
    fn what_is_printed_is_read_as_the_same_tree(node in tree()) {
        let query = at_no_place(node);
        let text = query.to_string();
        let parsed = parse(&text, &Options::default());
        prop_assert_eq!(parsed.query.as_ref(), Some(&query), "{}: {:?}", text, parsed.diagnostics);
    }
}

/// Places are in the text, on character boundaries and in order; there is a tree or an error; and what has a
/// tree prints as text with the same tree.
fn check_text(text: &str, options: Options) -> Result<(), TestCaseError> {
    let parsed = parse(text, &options);
    let mut last = 0;
    for diagnostic in &parsed.diagnostics {
        prop_assert!(text.get(diagnostic.span.start..diagnostic.span.end).is_some(), "{:?}", diagnostic);
        prop_assert!(diagnostic.span.start >= last);
        last = diagnostic.span.start;
    }
    let Some(query) = parsed.query else {
        prop_assert!(!parsed.diagnostics.is_empty());
        return Ok(());
    };
    check_places(text, query.clone())?;
    let printed = query.to_string();
    let again = parse(&printed, &Options::default());
    prop_assert_eq!(again.query, Some(query), "{} printed as {}: {:?}", text, printed, again.diagnostics);
    Ok(())
}

fn check_places(text: &str, mut query: Query) -> Result<(), TestCaseError> {
    let mut checked = Ok(());
    query.each_mut(&mut |part| {
        if checked.is_ok() {
            checked = check_place(text, part);
        }
    });
    checked
}

fn check_place(text: &str, part: &Query) -> Result<(), TestCaseError> {
    prop_assert!(
        text.get(part.span.start..part.span.end).is_some_and(|place| !place.is_empty()),
        "{:?}",
        part
    );
    if let Node::And(items) | Node::Or(items) = &part.node {
        prop_assert!(items.len() > 1);
    }
    Ok(())
}

const PIECES: &[&str] = &[
    "Xi",
    "NATO",
    "a",
    "é",
    "don’t",
    "U.S.",
    "face-to-face",
    "AT&T",
    "http://x.y/z?q",
    "/usr/lib",
    "/re(s|t)/",
    "/",
    "\\",
    "AND",
    "OR",
    "NOT",
    "and",
    "or",
    "not",
    "&&",
    "||",
    "-",
    "!",
    "NEAR/3",
    "NEAR/x",
    "NEAR",
    "PRE/0",
    "PRE/9",
    "near/6",
    "w/6",
    "near6",
    "adj6",
    "w/s",
    "w/p",
    "same",
    "SENTENCE",
    "PARAGRAPH",
    "ATLEAST/3",
    "atleast3",
    "XRANK",
    "+",
    "+a",
    "(",
    ")",
    "\"",
    "“",
    "\"a b\"",
    "~",
    "~1",
    "~2",
    "^",
    "^2",
    "^0.5",
    "*",
    "?",
    "inva*",
    "te?t",
    "=US",
    "=",
    "@nato",
    "@",
    "title:",
    "lead:",
    "titel:",
    "date:",
    "date:2022",
    "date:2021-12..2022,none",
    ":",
    ",",
    ".",
    "'",
    "–",
    "12",
    "\u{a0}",
    "\n",
];

/// Pieces of the language in any order, with and without space between.
fn soup() -> impl Strategy<Value = String> {
    let piece = (select(PIECES), prop::bool::weighted(0.7));
    vec(piece, 0..24).prop_map(|pieces| {
        pieces.into_iter().flat_map(|(piece, is_apart)| [piece, if is_apart { " " } else { "" }]).collect()
    })
}

fn at_no_place(node: Node) -> Query {
    Query { node, span: Span::default() }
}

fn boxed(node: Node) -> Box<Query> {
    Box::new(at_no_place(node))
}

const ODD: &[&str] = &[
    "and",
    "or",
    "not",
    "same",
    "near/6",
    "w/6",
    "w/s",
    "atleast3",
    "adj6",
    "near/0",
    "http://x.y/z",
    "what?!",
    "AT&T",
    "don’t",
    "/usr/lib",
    "12:30",
    "~user",
    "U.S.",
    "note:this",
    "c/d",
    "naïve",
    "习近平",
];

fn word() -> impl Strategy<Value = Node> {
    let plain =
        "[a-z0-9]{1,8}".prop_filter("a word", |text| !["and", "or", "not", "same"].contains(&text.as_str()));
    prop_oneof![plain, select(ODD).prop_map(str::to_owned)].prop_map(Node::Word)
}

/// Leaves with positions.
fn spot() -> impl Strategy<Value = Node> {
    prop_oneof![
        4 => word(),
        1 => "[A-Z][A-Z.]{0,4}".prop_map(Node::Exact),
        1 => ("[a-z(&^ -]{0,6}[a-z]", 0_u32..=255).prop_map(|(text, slop)| Node::Phrase(text, slop)),
        1 => select(&["inva*", "*ship", "te?t", "a*b?", "don't*"][..]).prop_map(|text| Node::Wildcard(text.to_owned())),
        1 => ("[a-z]{1,8}", select(&[None, Some(1), Some(2)][..])).prop_map(|(text, edits)| Node::Fuzzy(text, edits)),
        1 => select(&["a", "(a|b)c?", r"a\/b", "[a-z]+", ".*"][..]).prop_map(|text| Node::Regex(text.to_owned())),
        1 => "[a-z]([a-z0-9_.-]{0,6}[a-z0-9])?".prop_map(|id| Node::Actor(id, Vec::new())),
    ]
}

fn day() -> impl Strategy<Value = Day> {
    (0_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| Day { year, month, day })
}

fn range() -> impl Strategy<Value = DateRange> {
    prop_oneof![
        (day(), day()).prop_map(|(one, other)| (Some(one.min(other)), Some(one.max(other)))),
        day().prop_map(|day| (Some(day), None)),
        day().prop_map(|day| (None, Some(day))),
        day()
            .prop_map(|day| (Some(Day { month: 1, day: 1, ..day }), Some(Day { month: 12, day: 31, ..day }))),
    ]
    .prop_map(|(first, last)| DateRange { first, last })
}

fn date() -> impl Strategy<Value = Node> {
    (vec(range(), 0..3), any::<bool>()).prop_map(|(ranges, undated)| {
        Node::Date(DateFilter { undated: undated || ranges.is_empty(), ranges })
    })
}

/// Fields that are compared as a whole.
const WHOLE: [Field; 2] = [Field::Lang, Field::Id];

fn field_of_words() -> impl Strategy<Value = Field> {
    let fields = Field::NAMES.into_iter().map(|(field, _)| field).filter(|field| !WHOLE.contains(field));
    select(fields.collect::<Vec<_>>())
}

fn all(items: Vec<Node>) -> Node {
    let items = items
        .into_iter()
        .flat_map(|item| if let Node::And(inner) = item { inner } else { vec![at_no_place(item)] });
    Node::And(items.collect())
}

fn any_of(items: Vec<Node>) -> Node {
    let items = items
        .into_iter()
        .flat_map(|item| if let Node::Or(inner) = item { inner } else { vec![at_no_place(item)] });
    Node::Or(items.collect())
}

fn prefer(wanted: Node, bonus: Node) -> Node {
    match wanted {
        Node::Prefer(wanted, first) => Node::Prefer(wanted, boxed(any_of(vec![first.node, bonus]))),
        wanted => Node::Prefer(boxed(wanted), boxed(bonus)),
    }
}

/// What may stand beside a span operator, in the default fields.
fn span() -> impl Strategy<Value = Node> {
    spot().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(any_of),
            (inner.clone(), inner.clone(), 1_u32..=255, any::<bool>()).prop_map(
                |(left, right, distance, ordered)| {
                    Node::Near { left: boxed(left), right: boxed(right), distance, ordered }
                }
            ),
            (inner.clone(), inner.clone())
                .prop_map(|(left, right)| Node::Sentence(boxed(left), boxed(right))),
            (inner.clone(), inner).prop_map(|(left, right)| Node::Paragraph(boxed(left), boxed(right))),
        ]
    })
}

/// Trees over the leaves given: no dates and fields of their own.
fn over(leaf: BoxedStrategy<Node>) -> impl Strategy<Value = Node> {
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(all),
            vec(inner.clone(), 2..4).prop_map(any_of),
            inner.clone().prop_map(|inner| Node::Not(boxed(inner))),
            (inner.clone(), inner.clone()).prop_map(|(wanted, bonus)| prefer(wanted, bonus)),
            (inner, 1_u16..1000)
                .prop_map(|(inner, factor)| Node::Boost(boxed(inner), f32::from(factor) / 8.0)),
        ]
    })
}

fn counted() -> impl Strategy<Value = Node> {
    (1_u32..=255, span()).prop_map(|(count, inner)| Node::AtLeast(count, boxed(inner)))
}

fn in_field() -> impl Strategy<Value = Node> {
    let group = over(prop_oneof![4 => span(), 1 => counted()].boxed());
    let of_words = (field_of_words(), group);
    let whole = (select(&WHOLE[..]), over(word().boxed()));
    prop_oneof![4 => of_words, 1 => whole].prop_map(|(field, inner)| Node::Field(field, boxed(inner)))
}

fn tree() -> impl Strategy<Value = Node> {
    over(prop_oneof![4 => span(), 1 => counted(), 1 => date(), 2 => in_field()].boxed())
}
