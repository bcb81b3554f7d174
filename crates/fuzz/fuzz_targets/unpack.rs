//! Whatever a container holds and is called: no panic, nothing unsaid, and no more than the limits let through.

#![no_main]

use article::Limits;
use fuzz::{check_article, read_file};
use libfuzzer_sys::{Corpus, fuzz_target};

const LIMITS: Limits = Limits { article_bytes: 2048, expansion: 100, unpacked_bytes: 1 << 17, nesting: 3, members: 20 };

const NAMES: [&str; 9] = ["a", "a.gz", "a.jsonl.zst", "a.bz2", "a.html.xz", "a.tar", "a.tgz", "a.zip", "a.txt"];

fuzz_target!(|input: &[u8]| -> Corpus {
    let Some((&name, content)) = input.split_first() else { return Corpus::Reject };
    let found = read_file(NAMES[usize::from(name) % NAMES.len()], content, None, LIMITS);
    assert!(!found.is_empty(), "nothing is said of the file");
    let bytes: usize = found.iter().flatten().map(|article| article.text.len()).sum();
    // Each level of containers may give so much, and decoding may make three bytes of one.
    assert!(bytes as u64 <= 3 * LIMITS.unpacked_bytes * u64::from(LIMITS.nesting + 1) + content.len() as u64 * 3);
    found.iter().flatten().for_each(check_article);
    Corpus::Keep
});
