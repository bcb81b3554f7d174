//! Archives of the web become articles: what came as pages, text and JSON.

mod reading;

use article::{Article, Format, Limits, ReadError};
use reading::{read, read_named, read_text, reasons};

fn record(fields: &str, block: &str) -> String {
    format!("WARC/1.1\r\n{fields}\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n", block.len())
}

fn text(block: &str) -> String {
    record("WARC-Type: conversion\r\nContent-Type: text/plain", block)
}

#[test]
fn pages_text_and_json_are_articles_and_all_else_is_passed_over() {
    let found = read("warc/harbour.warc");
    assert_eq!(
        reasons(&found),
        ["ok", "ok", "malformed", "ok", "malformed", "ok", "malformed", "ok", "malformed"]
    );
    let articles: Vec<&Article> = found.iter().filter_map(|found| found.as_ref().ok()).collect();
    let headlines: Vec<&str> =
        articles.iter().map(|article| article.headline.as_deref().unwrap_or_default()).collect();
    assert_eq!(
        headlines,
        ["Le phare est rénové", "Ferry returns", "Harbour master retires", "", "Island votes"]
    );
    assert_eq!(articles[2].url.as_deref(), Some("ftp://post.example/master.txt"));
}

#[test]
fn a_page_is_unpacked_and_decoded_and_knows_where_it_came_from() {
    let page = read("warc/harbour.warc").remove(0).unwrap();
    assert!(
        page.text.contains("Les pêcheurs sont contents, et la mer est calme depuis que le phare brille.")
    );
    assert!(page.text.contains("Le bac est là."));
    assert!(!page.text.contains("var a"));
    assert_eq!(page.url.as_deref(), Some("https://post.example/phare"));
    assert_eq!(page.date.unwrap().to_string(), "2022-05-04");
    assert_eq!(page.language.as_deref(), Some("fr"));
    assert_eq!((page.source.line, page.source.lines_are_file_lines), (24, false));
}

#[test]
fn what_a_record_says_goes_before_when_it_was_archived() {
    let json = read("warc/harbour.warc").remove(1).unwrap();
    assert_eq!(json.text, "Ferry returns\n\nThe ferry is back.");
    assert_eq!(json.date.unwrap().to_string(), "2022-05-03");
    assert_eq!(json.url.as_deref(), Some("https://post.example/ferry.json"));
}

#[test]
fn a_date_in_the_address_goes_before_the_day_of_the_crawl() {
    for (address, expected) in
        [("https://w.example/2021/03/03/a", "2021-03-03"), ("https://w.example/a", "2022-05-04")]
    {
        let fields = format!(
            "WARC-Type: resource\r\nContent-Type: text/html\r\nWARC-Date: 2022-05-04T10:00:00Z\r\nWARC-Target-URI: {address}"
        );
        let page = "<html><body><h1>Ferry returns</h1><p>The ferry is back in the harbour.</p></body></html>";
        let found = read_named("a.warc", record(&fields, page).as_bytes()).remove(0).unwrap();
        assert_eq!(found.date.unwrap().to_string(), expected, "{address}");
    }
}

#[test]
fn broken_records_say_what_is_wrong_and_do_not_stop_the_others() {
    let errors: Vec<String> = read("warc/harbour.warc")
        .into_iter()
        .filter_map(Result::err)
        .map(|error| error.to_string())
        .collect();
    for (error, said) in errors.iter().zip([
        "it has no Content-Length",
        "its content cannot be unpacked",
        "no record begins here; the length of the one before may be wrong",
        "the file ends after 11 of its 500 bytes",
    ]) {
        assert!(error.contains(said), "{error}");
    }
    assert_eq!(errors.len(), 4);
}

#[test]
fn a_record_of_no_type_is_named() {
    let none = record("WARC-Tipe: response\r\nContent-Type: text/plain", "none");
    assert_eq!(reasons(&read_named("a.warc", none.as_bytes())), ["malformed"]);
}

#[test]
fn an_archive_is_known_by_its_beginning() {
    assert_eq!(Format::of_content(text("One.").as_bytes()), Format::Warc);
    assert_eq!(reasons(&read_text(text("One.").as_bytes(), &Limits::default())), ["ok"]);
    assert_eq!(reasons(&read_named("a.warc", b"\r\n\r\n")), ["empty"]);
    assert_eq!(reasons(&read_named("a.warc", b"{\"title\": \"A\"}\n{}\n")), ["malformed"]);
    let none = record("WARC-Type: warcinfo\r\nContent-Type: text/plain", "none");
    assert_eq!(reasons(&read_named("a.warc", none.as_bytes())), ["empty"]);
}

#[test]
fn a_record_over_the_limit_is_passed_over_and_the_rest_read() {
    let archive = [text("One."), text(&"word ".repeat(100_000)), text("Two.")].concat();
    let found = read_text(archive.as_bytes(), &Limits { article_bytes: 1000, ..Limits::default() });
    assert_eq!(reasons(&found), ["ok", "too large", "ok"]);
    assert!(matches!(found[1], Err(ReadError::TooLarge { line: 8, limit: 1000, .. })));
    let video = answer("Content-Type: application/octet-stream\r\n", &"\u{0}\u{1}video".repeat(100_000));
    let story = answer("Content-Type: application/octet-stream\r\n", &"word ".repeat(100_000));
    let found =
        read_text([video, story].concat().as_bytes(), &Limits { article_bytes: 1000, ..Limits::default() });
    assert_eq!(reasons(&found), ["too large"]);
    let endless = "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: 18446744073709551615\r\n\r\nOne.";
    assert_eq!(reasons(&read_named("a.warc", endless.as_bytes())), ["malformed"]);
    let long_head = format!("WARC/1.0\r\nA: {}\r\n\r\n{}", "x".repeat(100_000), text("One."));
    assert_eq!(reasons(&read_named("a.warc", long_head.as_bytes())), ["malformed", "ok"]);
}

/// The record of an answer with these lines in its head.
fn answer(fields: &str, content: &str) -> String {
    let block = format!("HTTP/1.1 200 OK\r\nServer: a\r\n{fields}\r\n{content}");
    record(
        "WARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\nWARC-Target-URI: https://w.example/a",
        &block,
    )
}

const PAGE: &str = "<!DOCTYPE html><html><head><title>Ferry returns</title></head><body><p>The ferry is back in the harbour, after all.</p></body></html>";

#[test]
fn an_answer_of_no_type_or_one_that_says_little_is_what_it_looks_like() {
    for media in [
        "",
        "Content-Type: text/html charset=utf-8\r\n",
        "Content-Type: application/octet-stream\r\n",
        "Content-Type: unknown/unknown\r\n",
        "Content-Type: text/xml\r\n",
    ] {
        let found = read_named("a.warc", answer(media, PAGE).as_bytes()).remove(0).expect(media);
        assert_eq!(found.headline.as_deref(), Some("Ferry returns"), "{media}");
        assert_eq!(found.url.as_deref(), Some("https://w.example/a"), "{media}");
    }
    let json = answer("", r#"{"title": "Ferry returns", "body": "The ferry is back."}"#);
    assert_eq!(
        read_named("a.warc", json.as_bytes()).remove(0).unwrap().headline.as_deref(),
        Some("Ferry returns")
    );
    let text = answer("Content-Type: application/octet-stream\r\n", "The ferry is back.");
    assert_eq!(reasons(&read_named("a.warc", text.as_bytes())), ["ok"]);
    let no_head = record("WARC-Type: resource\r\nWARC-Target-URI: https://w.example/a", PAGE);
    assert_eq!(reasons(&read_named("a.warc", no_head.as_bytes())), ["ok"]);
}

#[test]
fn each_item_of_a_feed_that_was_archived_is_an_article() {
    let feed = "<?xml version=\"1.0\"?>\n<rss><channel><title>Post</title>\n<item><title>One</title><description>The first.</description></item>\n<item><title>Two</title></item></channel></rss>";
    for media in ["Content-Type: application/rss+xml\r\n", "Content-Type: application/xml\r\n", ""] {
        let archive = [answer(media, feed), text("Three.")].concat();
        let found = read_named("a.warc", archive.as_bytes());
        assert_eq!(reasons(&found), ["ok", "ok", "ok"], "{media}");
        let places: Vec<(u32, Option<&str>)> =
            found.iter().flatten().map(|article| (article.source.line, article.outlet.as_deref())).collect();
        let first = archive.lines().position(|line| line.contains("One")).unwrap() as u32 + 1;
        assert_eq!(places[..2], [(first, Some("Post")), (first + 1, Some("Post"))], "{media}");
    }
}

#[test]
fn what_came_with_no_type_and_is_no_text_is_passed_over() {
    let check = |fields: &str, content: &str, expected: &[&str]| {
        let archive = [answer(fields, content), text("Three.")].concat();
        assert_eq!(reasons(&read_named("a.warc", archive.as_bytes())), expected, "{fields} {content:?}");
    };
    for media in ["", "Content-Type: application/octet-stream\r\n", "Content-Type: text/xml\r\n"] {
        for content in [
            "",
            " \r\n",
            "\u{1}\u{0}\u{2}\u{0}\u{0}",
            "<?xml version='1.0'?><urlset><url/></urlset>",
            "<svg xmlns='http://www.w3.org/2000/svg'><text>The ferry is back.</text></svg>",
            "(function(){var a=1;return document.getElementById('x')})();",
            "a=1&b=2&c=ferry",
        ] {
            check(media, content, &["ok"]);
        }
    }
    // What says that it is text and is none is named.
    check("Content-Type: text/html\r\n", "", &["empty", "ok"]);
    check("Content-Type: text/plain\r\n", "\u{1}\u{0}\u{2}\u{0}\u{0}", &["binary", "ok"]);
    check("Content-Encoding: br\r\n", "\u{1}\u{2}\u{3}", &["malformed", "ok"]);
    check("", "WARC/1.0\r\nContent-Length: 0\r\n\r\n", &["malformed", "ok"]);
    // Of these it is known that they are no articles.
    check("Content-Type: image/png\r\n", "\u{1}\u{0}\u{2}", &["ok"]);
    check("Content-Type: text/css\r\n", "a {}", &["ok"]);
    let script = answer("", "var a = 1;").replace("w.example/a", "w.example/a.js");
    assert_eq!(reasons(&read_named("a.warc", [script, text("Three.")].concat().as_bytes())), ["ok"]);
    let nothing = answer("", "").replace("200 OK", "204 OK");
    assert_eq!(reasons(&read_named("a.warc", [nothing, text("Three.")].concat().as_bytes())), ["ok"]);
}
