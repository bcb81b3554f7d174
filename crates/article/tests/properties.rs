//! What holds for every input, however odd.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use article::{FORMATS, Hints, Kind, Limits, Record, Source, dissect, parse, split_reader};
use proptest::prelude::*;

/// Lines of the words that rules look for, so that rules meet each other.
fn page() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("By Jane Doe".to_owned()),
        Just("May 4, 2022".to_owned()),
        Just("Photo: AFP".to_owned()),
        Just("Also read: More".to_owned()),
        Just("Related articles".to_owned()),
        Just("---\ntitle: A".to_owned()),
        Just("# A ![b](c)".to_owned()),
        Just("Home | News | Sport | World".to_owned()),
        "[ \\ta-zA-Zäß–“.,!?#|/©:\u{a0}\u{4e00}]{0,120}",
    ];
    prop::collection::vec(line, 0..30).prop_map(|lines| lines.join("\n"))
}

fn assert_lines_make_the_text(text: &str, lines: &[article::Line]) {
    let pieces: Vec<&str> = lines.iter().map(|line| &text[line.range.clone()]).collect();
    let joined = pieces.join("\n");
    assert_eq!(joined.as_str(), text.strip_suffix('\n').unwrap_or(text));
    for line in lines {
        let is_blank = text[line.range.clone()].trim().is_empty();
        assert_eq!(line.kind == Kind::Blank, is_blank);
        assert!(!(is_blank && line.starts_paragraph));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_an_article_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for reader in &FORMATS {
            let source = Source { path: PathBuf::from("x"), line: 1, lines_are_file_lines: true };
            if let Ok(article) = parse(&Record { source, format: reader.format, bytes: bytes.clone() }) {
                assert_lines_make_the_text(&article.text, &article.lines);
            }
        }
    }

    #[test]
    fn any_page_is_dissected_without_loss(text in page()) {
        for is_record in [false, true] {
            let anatomy = dissect(&text, &Hints { is_record, ..Hints::default() });
            assert_lines_make_the_text(&text, &anatomy.lines);
        }
        for reader in &FORMATS {
            let source = Source { path: PathBuf::from("x"), line: 1, lines_are_file_lines: true };
            if let Ok(article) = parse(&Record { source, format: reader.format, bytes: text.clone().into_bytes() }) {
                assert_lines_make_the_text(&article.text, &article.lines);
            }
        }
    }

    #[test]
    fn records_of_json_are_cut_as_they_were_joined(
        titles in prop::collection::vec("[a-z{}\\[\\]\",\\\\ ]{1,20}x", 1..8),
        separator in prop::sample::select(vec![",", ",\n ", "\n", " "]),
        in_array in any::<bool>(),
    ) {
        let records: Vec<String> = titles
            .iter()
            .map(|title| serde_json::json!({ "title": title, "more": { "deep": [title, { "er": 1 }] } }).to_string())
            .collect();
        let joined = records.join(separator);
        let text = if in_array { format!("[ {joined} ]") } else { joined };
        let mut found = Vec::new();
        let _ = split_reader(Path::new("-"), text.as_bytes(), &Limits::default(), &mut |record| {
            found.push(parse(&record.expect("a record")).expect("an article").headline.expect("a title"));
            ControlFlow::Continue(())
        });
        let titles: Vec<String> = titles.iter().map(|title| title.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        prop_assert_eq!(found, titles);
    }
}
