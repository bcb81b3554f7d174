//! Spans inside a field: only words of the field count, and where they stand is where they stand in the text.

use std::collections::BTreeSet;

use engine::{Engine, Lookup};
use serde_json::json;

use crate::support::{Collection, files, request};

const FLOOD: &str = "A headline about the river flood

The river left its banks on Monday after two days of rain, and many people of the town were told to leave their homes.

Photo: The town of Tamble under water.

Rain fell all the week and the mayor said that the dam would hold, but nobody believed him at all.

The end of the report came with the sun.
";

const PICTURES: &str = "<html><head><title>Two pictures</title></head><body><article><h1>Two pictures</h1>
<p>The square was full on Sunday, when the council met to talk about the price of bread and of water.</p>
<figure><img src=a.jpg><figcaption>The square in pictures from above, by many images</figcaption></figure>
<p>Nobody went home before the evening, and the council sat for a long time over its papers and its maps.</p>
<figure><img src=b.jpg><figcaption>Protesters with candles and bread at night</figcaption></figure>
<p>The talks go on tomorrow, when the council meets again in the hall that it left on Sunday night.</p>
</article></body></html>";

#[test]
fn what_stands_outside_a_field_neither_counts_in_it_nor_parts_it() {
    let collection = Collection::new();
    let two = [
        json!({ "id": "twice", "title": "Alpha Beta", "body":
            "Alpha and beta met here. Alpha and beta met again.\n\nAlpha and beta once more in this paragraph." }),
        json!({ "id": "once", "title": "Alpha", "body": "Nothing here at all.\n\nAlpha is named twice, alpha." }),
    ];
    collection.write("two.jsonl", &two.map(|record| record.to_string()).join("\n"));
    collection.write("flood.txt", FLOOD);
    collection.write("pictures.html", PICTURES);
    collection.update();
    let engine = collection.engine();
    let titles = |query: &str| -> BTreeSet<String> {
        let found = engine.search(&request(query)).unwrap();
        let count = engine.count(&request(query).query, Lookup::default()).unwrap();
        assert_eq!(count, found.hits.len() as u64, "{query}");
        found.hits.into_iter().map(|hit| hit.title).collect()
    };
    for (query, expected) in [
        ("title:(ATLEAST/2 (alpha SENTENCE beta))", &[][..]),
        ("title:(ATLEAST/1 (alpha SENTENCE beta))", &["Alpha Beta"]),
        ("body:(ATLEAST/3 alpha)", &["Alpha Beta"]),
        ("body:(ATLEAST/2 alpha)", &["Alpha", "Alpha Beta"]),
        ("body:(ATLEAST/4 alpha)", &[]),
        ("ATLEAST/4 alpha", &["Alpha Beta"]),
        // Headline and lead are one field.
        ("hlead:(ATLEAST/3 alpha)", &["Alpha Beta"]),
        ("hlead:(headline NEAR/30 banks)", &["A headline about the river flood"]),
        // Between the two stands a caption, which the distance counts and the field does not have.
        ("leave NEAR/20 mayor", &["A headline about the river flood"]),
        ("body:(leave NEAR/20 mayor)", &["A headline about the river flood"]),
        ("body:(leave NEAR/15 mayor)", &[]),
        ("body:(leave NEAR/20 tamble)", &[]),
        ("body:\"leave homes rain\"~40", &["A headline about the river flood"]),
        ("body:((leave OR flood) NEAR/20 mayor)", &["A headline about the river flood"]),
        ("body:(flood NEAR/20 river)", &[]),
        // Captions are far apart, however they are kept.
        ("caption:\"many images\"", &["Two pictures"]),
        ("caption:\"images protesters\"", &[]),
        ("caption:(images PRE/2 protesters)", &[]),
        ("caption:(images NEAR/60 protesters)", &["Two pictures"]),
        ("caption:(ATLEAST/2 (bread OR images))", &["Two pictures"]),
        ("caption:(ATLEAST/2 bread)", &[]),
    ] {
        assert_eq!(titles(query), expected.iter().map(|&title| title.to_owned()).collect(), "{query}");
    }
}

#[test]
fn a_segment_without_any_word_in_a_field_hides_nothing_of_the_others() {
    let collection = Collection::new();
    collection.write("one.jsonl", r#"{"id":"1","title":"war","body":"war and peace here today"}"#);
    collection.write("two.jsonl", r#"{"id":"2","title":"x","body":"peace love here"}"#);
    collection.update();
    collection.write("none.jsonl", r#"{"id":"3","title":"!!!","body":"..."}"#);
    collection.update();
    let engine = collection.engine();
    assert_eq!(engine.stats().unwrap().segments, 2);
    for (query, expected) in [
        ("war OR peace", "one two"),
        ("war AND peace", "one"),
        ("peace XRANK war", "one two"),
        ("here NOT war", "two"),
        (r#""peace love" NOT (war OR today)"#, "two"),
        ("war NEAR/3 peace", "one"),
        ("caption:(war OR peace)", ""),
        ("author:(war OR peace) OR love", "two"),
        ("here NOT caption:war", "one two"),
    ] {
        let names = files(&engine, &request(query), '.').unwrap();
        assert_eq!(names.into_iter().collect::<Vec<_>>().join(" "), expected, "{query}");
    }
}
