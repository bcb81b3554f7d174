//! Files and records of every format become articles, and what cannot be read is said and passed over.

mod reading;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use article::{FORMATS, Format, Kind, Limits, ReadError, WalkOptions, split_reader, walk};
use reading::{read, read_named, read_text, reasons};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

#[test]
fn every_format_has_fixtures() {
    for reader in &FORMATS {
        let folder = fixtures().join(reader.name);
        let count = walk(&[folder], &WalkOptions::default()).flatten().count();
        assert!(count > 0, "put a file of the format {} into tests/fixtures/{}", reader.name, reader.name);
    }
}

#[test]
fn text_is_read_in_any_encoding() {
    let article = read("text/bom_crlf.txt").remove(0).unwrap();
    assert_eq!(article.headline.as_deref(), Some("Harbour master retires"));
    assert_eq!(article.authors, ["Ana Lind"]);
    assert_eq!(article.date.unwrap().to_string(), "2022-05-04");
    assert_eq!(article.language.as_deref(), Some("en"));
    assert!(!article.text.contains('\r'));
    assert!(article.source.lines_are_file_lines);

    let french = read("text/windows_1252.txt").remove(0).unwrap();
    assert_eq!(french.headline.as_deref(), Some("Le phare est rénové"));
    assert_eq!(french.language.as_deref(), Some("fr"));
    let polish = read("text/utf16.txt").remove(0).unwrap();
    assert_eq!(polish.headline.as_deref(), Some("Latarnia świeci"));
    assert_eq!(polish.language.as_deref(), Some("pl"));
}

#[test]
fn markdown_brings_its_front_matter() {
    let article = read("markdown/front_matter.md").remove(0).unwrap();
    assert_eq!(article.headline.as_deref(), Some("Lighthouse shines again"));
    assert_eq!(article.authors, ["Ana Lind", "Jonas Berg"]);
    assert_eq!(article.outlet.as_deref(), Some("The Island Post"));
    assert_eq!(article.lines[10].kind, Kind::Heading);
}

#[test]
fn an_array_of_json_is_read_record_by_record() {
    let mut found = read("json/array.json");
    assert_eq!(reasons(&found), ["ok", "ok", "malformed", "malformed", "ok"]);
    assert!(matches!(&found[2], Err(ReadError::Malformed { line: 13, .. })));
    let first = found.remove(0).unwrap();
    assert_eq!(first.id, "7");
    assert_eq!(first.text, "Lighthouse shines again\n\nThe lighthouse of the island shines again.");
    assert_eq!(first.date.unwrap().to_string(), "2022-05-04");
    assert_eq!(first.outlet.as_deref(), Some("The Island Post"));
    assert_eq!(first.authors, ["Ana Lind", "Jonas Berg"]);
    assert_eq!(first.url.as_deref(), Some("https://post.example/lighthouse"));
    assert_eq!(first.language.as_deref(), Some("en"));
    assert_eq!((first.source.line, first.source.lines_are_file_lines), (2, false));
}

#[test]
fn a_dump_of_redirections_is_empty() {
    let redirection = "<mediawiki><page><title>A</title><redirect title=\"B\" /></page></mediawiki>";
    assert_eq!(reasons(&read_named("a.xml", redirection.as_bytes())), ["empty"]);
}

/// Between two records nothing else tells.
#[test]
fn an_array_of_json_without_its_end_is_cut_off() {
    for (text, expected) in [
        ("[]", &["empty"][..]),
        ("[", &["damaged"]),
        ("[{\"title\": \"A\"}]", &["ok"]),
        ("[{\"title\": \"A\"},", &["ok", "damaged"]),
        ("[{\"title\": \"A\"}, {\"ti", &["ok", "malformed", "damaged"]),
    ] {
        assert_eq!(reasons(&read_named("a.json", text.as_bytes())), expected, "{text}");
    }
}

#[test]
fn json_lines_are_read_line_by_line() {
    let found = read("json-lines/mixed.jsonl");
    assert_eq!(reasons(&found), ["ok", "ok", "malformed", "no text", "ok"]);
    let first = found[0].as_ref().unwrap();
    assert_eq!(first.text, "First\n\nThe body begins with its title.");
    assert_eq!(first.lines[0].kind, Kind::Headline);
    let second = found[1].as_ref().unwrap();
    assert_eq!(second.text, "Second\n\nWhat it is about.\n\nOne.\nTwo.");
    assert_eq!(second.source.line, 3);
    let last = found[4].as_ref().unwrap();
    assert_eq!(last.authors, ["Perlis, A. J."]);
    assert_eq!(last.date.unwrap().to_string(), "2022-05-04");
    assert_eq!(last.id.len(), 16);
}

#[test]
fn values_that_mean_none_and_numbers_that_are_no_days_tell_nothing() {
    let text = "The council of the island voted on Tuesday to keep the ferry running through the winter.";
    let article = |fields: &str| {
        let record = format!("{{\"title\": \"Ferry\", \"body\": \"{text}\", {fields}}}\n");
        read_named("a.jsonl", record.as_bytes()).remove(0).unwrap()
    };
    for date in ["2022", "44599", "12", "-1", "\"03/04/2021\"", "\"nan\""] {
        assert_eq!(article(&format!("\"date\": {date}")).date, None, "{date}");
    }
    for date in ["20220204", "1643970000", "1643970000.5", "\"20220204101500\"", "\"202202041015\""] {
        let found = article(&format!("\"date\": {date}")).date.map(|date| date.to_string());
        assert_eq!(found.as_deref(), Some("2022-02-04"), "{date}");
    }
    for none in ["nan", "None", "NULL", "N/A"] {
        let fields = format!("\"author\": \"{none}\", \"source\": \"{none}\", \"language\": \"{none}\"");
        let found = article(&fields);
        assert!(found.authors.is_empty() && found.outlet.is_none(), "{found:?}");
        assert_eq!(found.language.as_deref(), Some("en"), "{none}");
    }
    assert_eq!(article("\"author\": \"['Ana Lind', 'Ole Roe']\"").authors, ["Ana Lind", "Ole Roe"]);
}

#[test]
fn standard_input_tells_its_format_by_its_content() {
    let limits = Limits::default();
    assert_eq!(reasons(&read_text(b"{\"title\": \"A\"}\n{\"title\": \"B\"}\n", &limits)), ["ok", "ok"]);
    assert_eq!(reasons(&read_text(b"[{\"title\": \"A\"}, {\"title\": \"B\"}]", &limits)), ["ok", "ok"]);
    assert_eq!(reasons(&read_text(b"{\n  \"title\": \"A\"\n}", &limits)), ["ok"]);
    assert_eq!(reasons(&read_text(b"[sic] A plain text.", &limits)), ["ok"]);
    assert_eq!(reasons(&read_text(b" \n", &limits)), ["empty"]);
    assert_eq!(reasons(&read_text(b"\x00\x01\x02\x03\x00\x05\x06\x07\x00\x01", &limits)), ["binary"]);
}

#[test]
fn an_article_of_too_many_lines_is_passed_over_and_the_rest_read() {
    let limits = Limits::default();
    let many = "a\n".repeat(article::MOST_LINES);
    let record = |body: &str| format!("{}\n", serde_json::json!({ "body": body }));
    let lines = [record("One."), record(&many), record("Three.")].concat();
    let found = read_text(lines.as_bytes(), &limits);
    assert_eq!(reasons(&found), ["ok", "too many lines", "ok"]);
    assert_eq!(reasons(&read_text(format!("{many}a").as_bytes(), &limits)), ["too many lines"]);
    assert_eq!(reasons(&read_text(format!("# A\n{many}").as_bytes(), &limits)), ["too many lines"]);
    let page = format!("<html><body>{}</body></html>", many.replace('\n', "<br>"));
    assert_eq!(reasons(&read_text(page.as_bytes(), &limits)), ["ok"]);
    assert_eq!(reasons(&read_text((page + "a<br>b").as_bytes(), &limits)), ["too many lines"]);
}

#[test]
fn what_is_over_the_limit_is_passed_over_and_the_rest_read() {
    let limits = Limits { article_bytes: 40, ..Limits::default() };
    let long = "x".repeat(100);
    let lines = format!("{{\"title\": \"A\"}}\n{{\"title\": \"{long}\"}}\n{{\"title\": \"B\"}}\n");
    let found = read_text(lines.as_bytes(), &limits);
    assert_eq!(reasons(&found), ["ok", "too large", "ok"]);
    assert!(matches!(found[1], Err(ReadError::TooLarge { line: 2, bytes: 114, limit: 40, .. })));
    let array = format!("[{{\"title\": \"A\"}},\n{{\"title\": \"{long}\"}},\n{{\"title\": \"B\"}}]");
    assert_eq!(reasons(&read_text(array.as_bytes(), &limits)), ["ok", "too large", "ok"]);
    assert_eq!(reasons(&read_text(long.as_bytes(), &limits)), ["too large"]);
}

#[test]
fn a_sink_that_breaks_gets_no_more() {
    let mut count = 0;
    let flow = split_reader(
        Path::new("-"),
        &b"{\"title\": \"A\"}\n{\"title\": \"B\"}\n"[..],
        &Limits::default(),
        &mut |_| {
            count += 1;
            ControlFlow::Break(())
        },
    );
    assert!(flow.is_break());
    assert_eq!(count, 1);
}

#[test]
fn the_same_text_has_the_same_id_wherever_it_lies() {
    let of = |text: &str| read_text(text.as_bytes(), &Limits::default()).remove(0).unwrap().id;
    assert_eq!(of("Ferry returns\n\nIt came back."), of("Ferry returns  \r\n\r\nIt came back.\r\n"));
    assert_ne!(of("Ferry returns\n\nIt came back."), of("Ferry returns\n\nIt came back!"));
}

#[test]
fn names_of_files_tell_formats() {
    assert_eq!(Format::of_name(Path::new("a/b.JSONL")), Some(Format::JsonLines));
    assert_eq!(Format::of_name(Path::new("a.markdown")), Some(Format::Markdown));
    assert_eq!(Format::of_name(Path::new("a.pdf")), None);
}
