//! Whatever a page says: its lines make the text, and the article that is made of it is stored as it is.

#![no_main]

use article::{Hints, Kind, dissect, parse_date};
use fuzz::{check_lines, switches_and_text};
use libfuzzer_sys::{Corpus, fuzz_target};
use schema::{Sentence, Sentences, paragraph_starts, sentence_starts, token_ranges};

fuzz_target!(|input: &[u8]| -> Corpus {
    let Some((switches, text)) = switches_and_text(input) else { return Corpus::Reject };
    let known =
        [(usize::from(switches >> 4), Kind::Headline), (usize::from(switches >> 2 & 7), Kind::Caption)];
    let hints = Hints {
        known: if switches & 1 == 1 { &known } else { &[] },
        headline_is_known: switches & 2 == 2,
        is_record: switches & 4 == 4,
        recurring: None,
    };
    let anatomy = dissect(text, &hints);
    check_lines(text, &anatomy.lines);
    for line in text.lines() {
        let _ = parse_date(line);
    }
    check_places(text);
    check_layout(text);
    Corpus::Keep
});

/// Sentences and tokens lie in the text, in order. Tokens of Chinese share letters.
fn check_places(text: &str) {
    let starts = sentence_starts(text);
    assert!(starts.is_sorted() && starts.iter().all(|at| text.is_char_boundary(*at)), "{starts:?}");
    let mut at = 0;
    for range in token_ranges(text, usize::MAX) {
        assert!(
            at <= range.start && range.start < range.end && text.get(range.clone()).is_some(),
            "{range:?}"
        );
        at = range.start;
    }
}

/// The layout comes back from its note as it was, and leads to the sentence of every position.
fn check_layout(text: &str) {
    let Some(article) = fuzz::parse_text(text) else { return };
    let layout = schema::Layout::of(&article);
    let note = layout.encode();
    assert_eq!(schema::Layout::decode(&note).as_ref(), Some(&layout));
    assert_eq!(layout.rows.iter().map(|row| row.bytes as usize).sum::<usize>(), article.text.len());
    let sentences = Sentences::of(&note).expect("a note of ours");
    assert!(paragraph_starts(&note).is_some_and(|starts| starts.is_sorted()));
    let mut at = Sentence::default();
    let positions: u32 = (0..).map_while(|number| sentences.length(number)).sum();
    for position in 0..positions.min(500) {
        at = sentences.seek(at, position);
        assert_eq!(at, sentences.seek(Sentence::default(), position));
    }
}
