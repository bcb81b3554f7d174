//! Whatever a file holds, and whatever format it is read as: no panic, nothing unsaid, and articles that are whole.

#![no_main]

use article::{FORMATS, Limits};
use fuzz::{check_article, read_file};
use libfuzzer_sys::{Corpus, fuzz_target};

/// Small, so that limits are reached.
const LIMITS: Limits = Limits { article_bytes: 2048, expansion: 1000, unpacked_bytes: 1 << 20, nesting: 3, members: 50 };

fuzz_target!(|input: &[u8]| -> Corpus {
    let Some((&format, content)) = input.split_first() else { return Corpus::Reject };
    // One more than there are: the content tells.
    let reader = FORMATS.get(usize::from(format) % (FORMATS.len() + 1));
    let found = read_file("article", content, reader.map(|reader| reader.format), LIMITS);
    assert!(!found.is_empty(), "nothing is said of the file");
    found.iter().flatten().for_each(check_article);
    Corpus::Keep
});
