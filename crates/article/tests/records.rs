//! What holds for tables, messages and archives of the web, however odd.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use article::{
    FORMATS, Format, Limits, Mapping, ReadError, Record, SplitOptions, WalkOptions, parse, split, walk,
};
use proptest::prelude::*;

const FIXTURES: [(Format, &[u8]); 7] = [
    (Format::Csv, include_bytes!("fixtures/csv/harbour.csv")),
    (Format::Csv, include_bytes!("fixtures/csv/quotes.tsv")),
    (Format::Csv, include_bytes!("fixtures/csv/windows_1252.csv")),
    (Format::Email, include_bytes!("fixtures/email/alternative.eml")),
    (Format::Email, include_bytes!("fixtures/email/html_only.eml")),
    (Format::Mbox, include_bytes!("fixtures/mbox/readers.mbox")),
    (Format::Warc, include_bytes!("fixtures/warc/harbour.warc")),
];

/// The records and errors of a file with these bytes.
fn records(format: Format, bytes: &[u8], options: SplitOptions<'_>) -> Vec<Result<Record, ReadError>> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a");
    fs::write(&path, bytes).expect("a file");
    let options_of_walk = WalkOptions { format: Some(format), ..WalkOptions::default() };
    let input = walk(&[path], &options_of_walk).next().expect("a file").expect("a file");
    let mut found = Vec::new();
    let _ = split(&input, options, &mut |record| {
        found.push(record);
        ControlFlow::Continue(())
    });
    found
}

/// Splits and parses; the records are no larger than they may be, and begin in the file and in its order.
fn assert_is_read(format: Format, bytes: &[u8], limits: Limits) {
    let lines = 1 + bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u32;
    let mut last = 0;
    for record in records(format, bytes, SplitOptions::from(&limits)).into_iter().flatten() {
        assert!(record.bytes.len() as u64 <= limits.article_bytes + 1000, "{}", record.bytes.len());
        assert!((last.max(1)..=lines).contains(&record.source.line), "{} {lines}", record.source.line);
        last = record.source.line;
        if let Ok(article) = parse(&record) {
            assert!(!article.text.trim().is_empty());
        }
    }
}

fn any_value() -> impl Strategy<Value = String> {
    "[a-zé,;\t|\"\n ]{0,12}x"
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_split_and_parsed(bytes in prop::collection::vec(any::<u8>(), 0..300), start in 0..7_usize) {
        for reader in &FORMATS {
            assert_is_read(reader.format, &bytes, Limits::default());
        }
        // Behind a good beginning, so that what follows is looked at.
        let (format, good) = FIXTURES[start];
        let begun = [&good[..good.len() / 3], &bytes[..]].concat();
        assert_is_read(format, &begun, Limits::default());
    }

    #[test]
    fn damaged_files_are_read(
        which in 0..7_usize,
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0..20_usize, any::<u8>()), 0..6),
        article_bytes in prop::sample::select(vec![0_u64, 60, 300, 1 << 20]),
    ) {
        let (format, good) = FIXTURES[which];
        let mut bytes = good.to_vec();
        for (at, length, byte) in cuts {
            let at = at.index(bytes.len().max(1)).min(bytes.len());
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, [byte, b'"', b'\n'].into_iter().take(length % 4));
        }
        assert_is_read(format, &bytes, Limits { article_bytes, ..Limits::default() });
    }

    #[test]
    fn a_table_is_read_as_it_was_written(
        rows in prop::collection::vec((any_value(), any_value()), 1..8),
        delimiter in prop::sample::select(b",;\t|".to_vec()),
        is_crlf in any::<bool>(),
        names in prop::sample::select(vec![["id", "body"], ["Kennung", "Inhalt"]]),
    ) {
        let end = if is_crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).terminator(end).from_writer(Vec::new());
        writer.write_record(names).unwrap();
        for (id, body) in &rows {
            writer.write_record([id, body]).unwrap();
        }
        let mapping = Mapping::parse(["id=Kennung", "body=Inhalt"]).unwrap();
        let options = SplitOptions { limits: Limits::default(), mapping: &mapping };
        let found: Vec<(String, String)> = records(Format::Csv, &writer.into_inner().unwrap(), options)
            .into_iter()
            .map(|record| parse(&record.expect("a record")).expect("an article"))
            .map(|article| (article.id, article.text))
            .collect();
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let rows: Vec<(String, String)> = rows.iter().map(|(id, body)| (one_line(id), body.clone())).collect();
        prop_assert_eq!(found, rows);
    }

    #[test]
    fn a_mailbox_has_as_many_articles_as_messages(
        bodies in prop::collection::vec("(From [a-z0-9 ]{0,20}\n|>{0,2}From x\n|[a-z]{0,9}\n){0,6}", 1..6),
    ) {
        let between = "From a@b.example Wed May  4 10:15:00 2022";
        let messages: Vec<String> = bodies
            .iter()
            .map(|body| format!("{between}\nFrom: a@b.example\nSubject: x\n\n>{between}\n{body}\n"))
            .collect();
        let found = records(Format::Mbox, messages.concat().as_bytes(), SplitOptions::from(&Limits::default()));
        prop_assert_eq!(found.len(), bodies.len());
        for record in found {
            let article = parse(&record.expect("a record")).expect("an article");
            let beginning = format!("x\n\n{between}\n");
            prop_assert!(article.text.starts_with(&beginning));
        }
    }
}

#[test]
fn only_the_files_of_a_table_are_tables() {
    for name in ["a.csv", "a.TSV", "a.tab", "a.psv"] {
        assert_eq!(Format::of_name(Path::new(name)), Some(Format::Csv));
    }
    assert_eq!(Format::of_name(Path::new("a.eml")), Some(Format::Email));
    assert_eq!(Format::of_name(Path::new("a.mbox")), Some(Format::Mbox));
    assert_eq!(Format::of_name(Path::new("a.warc")), Some(Format::Warc));
}
