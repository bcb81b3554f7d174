//! A collection that is the same on every machine: made words, as unevenly frequent as those of a language.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use fastrand::Rng;
use serde_json::json;

/// How many different words there are.
const WORDS: f64 = 10_000.0;

/// The word of a rank below 10,000. Word 1 is the most frequent; word n is found one nth as often.
pub(crate) fn word(rank: usize) -> String {
    let syllable = |number: usize| {
        let consonant = b"bdfghjklmnprstvwxyzc"[number / 5 % 20];
        [char::from(consonant), char::from(b"aeiou"[number % 5])]
    };
    [syllable(rank / 100), syllable(rank % 100)].concat().into_iter().collect()
}

/// Writes so many articles, a line of JSON each.
pub(crate) fn write(path: &Path, articles: usize) -> std::io::Result<()> {
    let mut random = Rng::with_seed(1);
    let mut file = BufWriter::new(File::create(path)?);
    for number in 0..articles {
        let title = sentence(&mut random, 4..9);
        let paragraphs: Vec<String> = (0..random.usize(2..12)).map(|_| paragraph(&mut random)).collect();
        let article = json!({ "id": number.to_string(), "title": title, "body": paragraphs.join("\n\n") });
        writeln!(file, "{article}")?;
    }
    file.flush()
}

fn paragraph(random: &mut Rng) -> String {
    let sentences: Vec<String> = (0..random.usize(1..6)).map(|_| sentence(random, 6..25) + ".").collect();
    sentences.join(" ")
}

fn sentence(random: &mut Rng, length: std::ops::Range<usize>) -> String {
    let words = (0..random.usize(length)).map(|_| word(WORDS.powf(random.f64()) as usize));
    let mut words: Vec<String> = words.collect();
    words[0][..1].make_ascii_uppercase();
    words.join(" ")
}
