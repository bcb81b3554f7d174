//! Files of an index in which any byte may be wrong: what is read of them is an answer or an error, never a panic, and never
//! more than the file can hold.

#![no_main]

use std::fs;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::LazyLock;

use fuzz::side_files::SideFiles;
use libfuzzer_sys::{Corpus, fuzz_target};
use schema::{Card, Layout, Manifest, Sentence, Sentences, paragraph_starts};
use store::{Peaks, Record, read_words};

static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| tempfile::tempdir().expect("a temporary folder").keep());

thread_local! {
    static FILES: SideFiles = SideFiles::new();
}

fuzz_target!(|input: &[u8]| -> Corpus {
    let Some((&what, bytes)) = input.split_first() else { return Corpus::Reject };
    match what & 7 {
        0 => manifest(bytes),
        1 => drop(indexer::parse_ledger(bytes)),
        2 => words(bytes),
        3 => note(bytes),
        4 => record(bytes),
        // Bytes as they are, or changes of a file that was whole.
        5 => FILES.with(|files| files.read_notes(bytes)),
        6 => FILES.with(|files| files.read_texts(bytes)),
        _ if what & 8 == 0 => FILES.with(|files| files.read_notes(&files.changed_notes(bytes))),
        _ => FILES.with(|files| files.read_texts(&files.changed_texts(bytes))),
    }
    Corpus::Keep
});

fn manifest(bytes: &[u8]) {
    fs::write(FOLDER.join("manifest.json"), bytes).expect("a file");
    if let Ok(manifest) = Manifest::read(&FOLDER) {
        assert_eq!(manifest.schema_version, schema::SCHEMA_VERSION);
        assert!(manifest.generation.folder(&FOLDER).starts_with(&*FOLDER));
    }
}

fn words(bytes: &[u8]) {
    let Some((&terms, bytes)) = bytes.split_first() else { return };
    if let Ok(peaks) = Peaks::read(Cursor::new(bytes), u64::from(terms)) {
        let _ = peaks.of(0);
    }
    let mut handed = 0;
    let _ = read_words(bytes, u64::from(terms), |lines| {
        handed += lines.len();
        if handed > 1 << 20 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
}

fn note(bytes: &[u8]) {
    if let Some(layout) = Layout::decode(bytes) {
        assert!(layout.rows.len() <= bytes.len());
        for text in ["", "a", "one\n\ntwo three\nfour é"] {
            let lines = layout.lines(text);
            assert!(lines.iter().all(|line| text.get(line.range.clone()).is_some()));
        }
    }
    let _ = paragraph_starts(bytes);
    if let Some(sentences) = Sentences::of(bytes) {
        let _ = sentences.longest();
        let mut at = Sentence::default();
        for position in [0, 1, 100, 10_000, u32::MAX - 1] {
            at = sentences.seek(at, position);
        }
    }
}

fn record(bytes: &[u8]) {
    if let Some(record) = Record::from_bytes(bytes) {
        assert!(record.note.len() + record.card.len() + record.text.len() <= bytes.len());
    }
    let _ = serde_json::from_slice::<Card>(bytes);
}
