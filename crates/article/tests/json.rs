//! Records in JSON say what they mean in many shapes, and lose no text.

mod reading;

use article::Article;
use reading::{read_named, reasons};

/// The articles of a file of JSON.
#[track_caller]
fn articles(json: &str) -> Vec<Article> {
    read_named("a.json", json.as_bytes()).into_iter().map(|found| found.expect(json)).collect()
}

/// A paragraph that reads as prose.
fn prose() -> String {
    "The ferry came back to the island on Wednesday, after a winter of repairs, to cheers. ".repeat(4)
}

#[test]
fn a_value_that_says_nothing_does_not_hide_one_that_does() {
    for (json, text) in [
        (r#"{"title": "T", "body": false, "text": "the serval text"}"#, "T\n\nthe serval text"),
        (r#"{"title": "T", "body": {}, "text": "the serval text"}"#, "T\n\nthe serval text"),
        (r#"{"title": "T", "body": {"html": "<p>One</p>"}, "text": "Two"}"#, "T\n\nOne"),
        (r#"{"title": "T", "body": {"format": "x"}, "text": "Two"}"#, "T\n\nTwo"),
        (r#"{"body": [{"title": "Intro", "text": "pangolin text"}]}"#, "Intro\npangolin text"),
        (r#"{"body": [{"name": null, "text": "tapir text"}]}"#, "tapir text"),
        (r#"{"title": {"name": null, "text": "T"}, "headline": "H"}"#, "T"),
    ] {
        assert_eq!(articles(json)[0].text, text, "{json}");
    }
    let dated = articles(r#"{"title": "T", "date": "yesterday", "published_at": "2021-03-03"}"#).remove(0);
    assert_eq!(dated.date.unwrap().to_string(), "2021-03-03");
    let named = articles(r#"{"title": "T", "author": 7, "creator": "Ana Lind"}"#).remove(0);
    assert_eq!(named.authors, ["Ana Lind"]);
}

#[test]
fn keys_are_known_in_the_spellings_of_those_who_publish() {
    let said = articles(
        r#"{"@type": "NewsArticle", "headline": "Ferry", "articleBody": "It is back.", "datePublished": "2022-05-04"}"#,
    )
    .remove(0);
    assert_eq!(
        (said.text.as_str(), said.date.unwrap().to_string().as_str()),
        ("Ferry\n\nIt is back.", "2022-05-04")
    );
    for key in ["publishedAt", "PUBLISHEDAT", "Published At", "publication-date"] {
        let article = articles(&format!("{{\"title\": \"T\", {key:?}: \"2022-05-04T10:00:00Z\"}}")).remove(0);
        assert_eq!(article.date.unwrap().to_string(), "2022-05-04", "{key}");
    }
    let table = b"Headline,Publication Date,Article Text\nFerry,2022-05-04,It is back.\n";
    let row = read_named("a.csv", table).remove(0).unwrap();
    assert_eq!(
        (row.text.as_str(), row.date.unwrap().to_string().as_str()),
        ("Ferry\n\nIt is back.", "2022-05-04")
    );
}

#[test]
fn html_in_a_body_is_read_as_html() {
    let html = "<p>First <b>bold</b>.</p><script>if (a < b) {}</script><p>Second &amp; last.</p>";
    let json = serde_json::json!({"title": "T", "body": html}).to_string();
    assert_eq!(articles(&json)[0].text, "T\n\nFirst bold.\n\nSecond & last.");
    let row = read_named("a.csv", format!("title,body\nT,\"{html}\"\n").as_bytes()).remove(0).unwrap();
    assert_eq!(row.text, "T\n\nFirst bold.\n\nSecond & last.");
    assert_eq!(articles(r#"{"body": "Write <b> for bold, a < b."}"#)[0].text, "Write <b> for bold, a < b.");
    let of_wordpress = r#"{"id": 7, "date": "2022-05-04T10:00:00", "author": 3, "link": "https://post.example/a",
        "title": {"rendered": "Ferry &#038; sea"}, "content": {"rendered": "<p>It is back.</p>\n", "protected": false}}"#;
    let article = articles(of_wordpress).remove(0);
    assert_eq!(article.text, "Ferry & sea\n\nIt is back.");
    assert!(article.authors.is_empty());
}

#[test]
fn prose_under_an_unknown_key_is_the_body_of_what_has_none() {
    let prose = prose();
    let record = |body: &str| {
        format!("{{\"title\": \"T\", \"Inhalt\": {prose:?}, \"hash\": \"{}\"{body}}}", "0f".repeat(400))
    };
    assert_eq!(articles(&record(""))[0].text, format!("T\n\n{prose}"));
    assert_eq!(articles(&record(", \"body\": null"))[0].text, format!("T\n\n{prose}"));
    assert_eq!(articles(&record(", \"body\": \"B\""))[0].text, "T\n\nB");
    assert_eq!(articles("{\"title\": \"T\", \"note\": \"Too short for prose.\"}")[0].text, "T");
    let row = read_named("a.csv", format!("title,Inhalt\nT,\"{prose}\"\n").as_bytes()).remove(0).unwrap();
    assert_eq!(row.text, format!("T\n\n{prose}"));
}

#[test]
fn a_list_of_articles_inside_an_object_is_one_record_an_item() {
    for (json, titles) in [
        (
            r#"{"version": "https://jsonfeed.org/version/1.1", "title": "Feed", "items": [
                {"id": "1", "title": "A", "content_html": "<p>One</p>"}, {"id": "2", "title": "B", "content_text": "Two"}]}"#,
            &["A", "B"][..],
        ),
        (
            r#"{"status": "ok", "articles": [{"title": "A", "content": "x"}, {"title": "B", "url": "u"}]}"#,
            &["A", "B"],
        ),
        (
            r#"{"response": {"status": "ok", "results": [{"webTitle": "A", "webUrl": "u", "fields": {"bodyText": "x"}}]}}"#,
            &["A"],
        ),
        (
            r#"{"took": 1, "hits": {"total": 2, "hits": [{"_id": "1", "_source": {"title": "A", "body": "x"}},
                {"_id": "2", "_source": {"title": "B", "body": "y"}}]}}"#,
            &["A", "B"],
        ),
        (r#"{"_index": "i", "_id": "1", "_source": {"title": "A", "body": "x"}}"#, &["A"]),
        // Articles with lists of their own.
        (r#"{"title": "A", "body": "x", "items": [{"title": "No", "url": "u"}]}"#, &["A"]),
        (r#"{"title": "A", "description": "x", "data": [{"name": "No"}]}"#, &["A"]),
        (r#"{"title": "A", "date": "2022-05-04", "items": [{"title": "No", "text": "x"}]}"#, &["A"]),
    ] {
        for (name, bytes) in [("a.json", json.to_owned()), ("a.jsonl", json.replace('\n', " "))] {
            let found = read_named(name, bytes.as_bytes());
            let headlines: Vec<&str> = found
                .iter()
                .map(|article| article.as_ref().expect(json).headline.as_deref().unwrap())
                .collect();
            assert_eq!(headlines, titles, "{name} {json}");
        }
    }
    let source = articles(r#"{"_index": "i", "_id": "1", "_source": {"title": "A", "body": "x"}}"#).remove(0);
    assert_eq!((source.id.as_str(), source.text.as_str(), source.outlet), ("1", "A\n\nx", None));
}

#[test]
fn items_of_a_list_know_their_lines() {
    let found =
        articles("\n{\"articles\": [\n  {\"title\": \"A\", \"text\": \"x\"},\n\n  {\"title\": \"B\"}\n]}\n");
    assert_eq!(found.iter().map(|article| article.source.line).collect::<Vec<u32>>(), [3, 5]);
    let broken = read_named("a.json", b"{\"articles\": [{\"title\": \"A\", \"text\": \"x\"}, 7]}");
    assert_eq!(reasons(&broken), ["ok", "malformed"]);
}

#[test]
fn what_newspapers_and_databases_put_into_objects_is_read() {
    let found = articles(
        r#"{"status": "OK", "response": {"docs": [{"headline": {"main": "Ferry returns", "kicker": null},
            "byline": {"original": "By Ana Lind", "person": [{"firstname": "Ana"}]}, "abstract": "The island cheers.",
            "lead_paragraph": "NY HARBOUR — The ferry is back.", "pub_date": "2022-05-04T10:00:00+0000"}]}}"#,
    )
    .remove(0);
    assert_eq!(found.text, "Ferry returns\n\nThe island cheers.\n\nNY HARBOUR — The ferry is back.");
    assert_eq!(found.headline.as_deref(), Some("Ferry returns"));
    assert_eq!(found.authors, ["Ana Lind"]);
    assert_eq!(found.date.unwrap().to_string(), "2022-05-04");
    for date in [r#"{"$numberLong": "1646179200000"}"#, r#""2022-03-02T00:00:00Z""#, "1646179200000"] {
        let found = articles(&format!("{{\"title\": \"T\", \"date\": {{\"$date\": {date}}}}}")).remove(0);
        assert_eq!(found.date.unwrap().to_string(), "2022-03-02", "{date}");
    }
}

#[test]
fn a_short_page_is_the_body_of_a_record_that_has_no_other() {
    for (json, text) in [
        (r#"{"title": "T", "html": "<p>One &amp; two.</p><p>Three.</p>"}"#, "T\n\nOne & two.\n\nThree."),
        (r#"{"_source": {"title": "T", "html": "<b>One</b>"}}"#, "T\n\nOne"),
        (r#"{"title": "T", "html": "<p>One</p>", "text": "Two"}"#, "T\n\nTwo"),
        (r#"{"title": "T", "html": ""}"#, "T"),
    ] {
        assert_eq!(articles(json)[0].text, text, "{json}");
    }
}

#[test]
fn a_subtitle_stands_below_the_title() {
    for (json, text) in [
        (r#"{"title": "T", "subtitle": "S", "description": "D", "body": "B"}"#, "T\n\nS\n\nD\n\nB"),
        (r#"{"title": "T", "subtitle": "S.", "body": "S. B"}"#, "T\n\nS. B"),
        (r#"{"title": "T", "subtitle": "T", "body": "B"}"#, "T\n\nB"),
        (r#"{"title": "T", "subtitle": "S", "description": "S and D", "body": "B"}"#, "T\n\nS and D\n\nB"),
    ] {
        assert_eq!(articles(json)[0].text, text, "{json}");
    }
}

#[test]
fn what_is_no_number_says_nothing() {
    let record = r#"{"title": "T", "score": NaN, "body": "A NaN is \"Infinity\".", "a": [-Infinity, {"b": Infinity}]}"#;
    for json in [record.to_owned(), format!("{{\"articles\": [{record}]}}"), format!("[{record}]")] {
        for name in ["a.json", "a.jsonl"] {
            if name == "a.jsonl" && json.starts_with('[') {
                continue;
            }
            let found = read_named(name, json.as_bytes()).remove(0).expect(&json);
            assert_eq!(found.text, "T\n\nA NaN is \"Infinity\".", "{name} {json}");
        }
    }
    let broken = read_named("a.jsonl", b"{\"title\": \"T\", \"score\": NaN, }\n{\"title\": NaN2}\n");
    assert_eq!(reasons(&broken), ["malformed", "malformed"]);
}

#[test]
fn half_a_character_is_replaced_and_costs_no_article() {
    let record = r#"{"title": "T \ud83d", "\ude00": NaN, "body": "Cut off \ud83d\ude00 here \ud83d"}"#;
    let list = format!("{{\"articles\": [{record}, {record}]}}");
    let article = format!("{{\"body\": \"Long \\ud83d\", \"items\": [{record}]}}");
    for (json, texts) in [
        (record, &["T \u{FFFD}\n\nCut off 😀 here \u{FFFD}"][..]),
        (&list, &["T \u{FFFD}\n\nCut off 😀 here \u{FFFD}"; 2]),
        (&article, &["Long \u{FFFD}"]),
    ] {
        for name in ["a.json", "a.jsonl"] {
            let found = read_named(name, json.as_bytes());
            let found: Vec<&str> =
                found.iter().map(|found| found.as_ref().expect(json).text.as_str()).collect();
            assert_eq!(found, texts, "{name} {json}");
        }
    }
}
