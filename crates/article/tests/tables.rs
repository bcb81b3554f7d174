//! Tables become articles, a row an article, and a user's own names of columns and keys are understood.

mod reading;

use article::{Format, Limits, Mapping, ReadError, SplitOptions};
use reading::{read, read_mapped, read_text, reasons};

#[test]
fn a_table_is_read_row_by_row() {
    let found = read("csv/harbour.csv");
    assert_eq!(reasons(&found), ["ok", "ok", "malformed", "no text", "ok"]);
    let first = found[0].as_ref().unwrap();
    assert_eq!(first.id, "7");
    assert_eq!(first.headline.as_deref(), Some("Lighthouse shines again"));
    assert_eq!(
        first.text,
        "Lighthouse shines again\n\nThe lighthouse of the island shines again.\n\nThe keeper said: \"It was dark for too long.\""
    );
    assert_eq!(first.date.unwrap().to_string(), "2022-05-04");
    assert_eq!(first.outlet.as_deref(), Some("The Island Post"));
    assert_eq!(first.authors, ["Ana Lind", "Jonas Berg"]);
    assert_eq!(first.url.as_deref(), Some("https://post.example/lighthouse"));
    assert_eq!((first.source.line, first.source.lines_are_file_lines), (2, false));
}

#[test]
fn rows_may_be_ragged_but_lose_no_value() {
    let found = read("csv/harbour.csv");
    let short = found[1].as_ref().unwrap();
    assert_eq!((short.text.as_str(), short.source.line), ("Ferry, at last\n\nThe ferry came back.", 5));
    let said = found[2].as_ref().unwrap_err().to_string();
    assert!(
        said.ends_with(
            "harbour.csv:8: malformed: 10 values for 8 columns; a value with ',' in it must be in quotes; correct or remove the record"
        ),
        "{said}"
    );
    assert_eq!(found[4].as_ref().unwrap().source.line, 10);
}

#[test]
fn a_quote_that_is_never_closed_costs_no_row_and_is_named() {
    let mut found = read("csv/quotes.tsv");
    assert!(matches!(found.pop(), Some(Err(ReadError::Malformed { line: 8, .. }))));
    assert_eq!(reasons(&found), ["ok"; 6]);
    let texts: Vec<&str> = found.iter().map(|article| article.as_ref().unwrap().text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "Dark no more, says the keeper\n\nThe lamp is lit again.",
            "\"An open quote\n\nIt stands alone in its line.",
            "Two quoted words\n\nThe ferry sails.",
            "Plain\n\nA text\nof two lines",
            "\"So be it\"\n\nThe mayor agreed.",
            "\"Last\n\nNo quote ends it.",
        ]
    );
    let lines: Vec<u32> = found.iter().map(|article| article.as_ref().unwrap().source.line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 7, 8]);
}

#[test]
fn a_row_with_an_open_quote_that_cannot_be_read_is_named_once() {
    for rows in ["A,\"open, with more\n", "A,\"open, with more", "A,\"open, with more\nB,c\n"] {
        let found = reading::read_named("a.csv", format!("title,body\nX,Y\n{rows}").as_bytes());
        let errors: Vec<String> =
            found.iter().filter_map(|row| row.as_ref().err()).map(ToString::to_string).collect();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].contains("csv:3: malformed: a quote has no end"), "{errors:?}");
    }
}

#[test]
fn much_behind_an_open_quote_is_read_again_only_so_often() {
    let rows = "\"open,x\n\"\"\n".repeat(2000);
    let found = read_text(
        format!("title,body\n{rows}").as_bytes(),
        &Limits { article_bytes: 5000, ..Limits::default() },
    );
    assert!(reasons(&found).iter().all(|reason| matches!(*reason, "ok" | "malformed" | "too large")));
    assert!(found.len() > 100, "{}", found.len());
}

#[test]
fn tables_are_read_in_any_encoding_and_with_any_delimiter() {
    let french = read("csv/windows_1252.csv");
    assert_eq!(reasons(&french), ["ok", "ok"]);
    let first = french[0].as_ref().unwrap();
    assert_eq!(first.text, "Le phare est rénové\n\nLes pêcheurs sont contents; la mer est calme.");
    assert_eq!((first.language.as_deref(), first.source.line), (Some("fr"), 3));
    assert_eq!(french[1].as_ref().unwrap().text, "À bientôt\n\nLe bac est arrivé à l’heure.");
    let polish = read("csv/utf16.csv");
    assert_eq!(polish[0].as_ref().unwrap().text, "Łódź\n\nŁódka wypłynęła z portu.");
    assert_eq!(polish[1].as_ref().unwrap().headline.as_deref(), Some("Dwie | trzy"));
}

#[test]
fn line_ends_of_every_system_end_rows() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["title,body", "A,One", "\"B\",\"Two", "lines\"", "", "C,Three"].join(end);
        let found = read_text(text.as_bytes(), &Limits::default());
        assert_eq!(reasons(&found), ["ok"; 3], "{end:?}");
        assert_eq!(found[1].as_ref().unwrap().text, "B\n\nTwo\nlines");
        let lines: Vec<u32> = found.iter().map(|article| article.as_ref().unwrap().source.line).collect();
        assert_eq!(lines, [2, 3, 6], "{end:?}");
    }
}

#[test]
fn a_table_without_known_columns_says_which_it_has() {
    let found = read("csv/unknown_columns.csv");
    assert_eq!(reasons(&found), ["no known column"]);
    let said = found[0].as_ref().unwrap_err().to_string();
    assert!(
        said.ends_with(
            "unknown_columns.csv:1: no known column: the columns are Kopfzeile, Fliesstext, Tag; name one \"title\" or \"body\" in the first line, or map it, as in title=Kopfzeile"
        ),
        "{said}"
    );
}

#[test]
fn a_mapping_names_the_columns_of_a_table() {
    let mapping = Mapping::parse(["title=kopfzeile", "body=Fliesstext", "date=Tag"]).unwrap();
    let options = SplitOptions { limits: Limits::default(), mapping: &mapping };
    let found = read_mapped("csv/unknown_columns.csv", options);
    let article = found[0].as_ref().unwrap();
    assert_eq!(article.text, "Faehre kommt\n\nDie Faehre kommt heute.");
    assert_eq!(article.date.unwrap().to_string(), "2022-05-04");
}

#[test]
fn a_mapping_names_the_keys_of_json() {
    let mapping = Mapping::parse(["title=kopf", "body=headline"]).unwrap();
    let options = SplitOptions { limits: Limits::default(), mapping: &mapping };
    let record = r#"{"kopf": "A", "title": "B", "headline": "C", "text": "D"}"#;
    for text in [format!("{record}\n{record}\n"), format!("[{record}, {record}]")] {
        let found = read_text(text.as_bytes(), options);
        assert_eq!(reasons(&found), ["ok", "ok"]);
        assert_eq!(found[1].as_ref().unwrap().text, "A\n\nC");
    }
    let other = read_text(record.as_bytes(), &Limits::default());
    assert_eq!(other[0].as_ref().unwrap().text, "B\n\nD");
    let broken = read_text(b"{\"kopf\": \"A\"}\n{\"kopf\": x}\n", options);
    assert!(matches!(&broken[1], Err(ReadError::Malformed { line: 2, .. })));
}

#[test]
fn another_mapping_makes_other_records() {
    let bytes_with = |pairs: &[&str]| {
        let mapping = Mapping::parse(pairs).unwrap();
        let options = SplitOptions { limits: Limits::default(), mapping: &mapping };
        let mut found = Vec::new();
        for text in ["{\"title\": \"A\", \"b\": 1}", "title,b,body\nA,1,x\n"] {
            reading::split_text(text.as_bytes(), options, &mut |record| found.push(record.unwrap().bytes));
        }
        found
    };
    let (plain, mapped) = (bytes_with(&[]), bytes_with(&["body=b"]));
    assert_eq!(plain[0], b"{\"title\": \"A\", \"b\": 1}");
    assert!(plain.iter().zip(&mapped).all(|(one, other)| one != other));
}

#[test]
fn a_table_is_known_by_names_of_its_columns() {
    let is = |text: &str| Format::of_content(text.as_bytes());
    assert_eq!(is("id,title,body\n1,A,B\n"), Format::Csv);
    assert_eq!(is("\u{feff}\"Title\"\t\"Text\"\n\"A\"\t\"B\"\n"), Format::Csv);
    assert_eq!(is("title;\"long\nname\";date\nA;B;2022-05-04"), Format::Csv);
    assert_eq!(is("Title, body and soul of the harbour\n\nThe ferry, at last."), Format::Text);
    assert_eq!(is("Date, time\n1, 2\n"), Format::Text);
    assert_eq!(is("Title, text\n\nA plain line."), Format::Text);
    assert_eq!(is("\"Open\n\nThe ferry."), Format::Text);
}

#[test]
fn what_is_over_the_limit_is_passed_over_and_the_rest_read() {
    let limits = Limits { article_bytes: 40, ..Limits::default() };
    let long = "x".repeat(100);
    for body in [long.clone(), format!("\"{long}\n{long}\"")] {
        let text = format!("title,body\nA,One\nB,{body}\nC,Three\n");
        assert_eq!(reasons(&read_text(text.as_bytes(), &limits)), ["ok", "too large", "ok"]);
    }
}

#[test]
fn nothing_but_names_is_empty() {
    assert_eq!(reasons(&read("csv/harbour.csv")[..1]), ["ok"]);
    assert_eq!(reasons(&reading::read_named("a.csv", b"title,body\n\n,\n")), ["empty"]);
    assert_eq!(reasons(&reading::read_named("a.csv", b"")), ["empty"]);
    assert_eq!(reasons(&reading::read_named("a.csv", b"PK\x03\x04,title\n")), ["binary"]);
}
