//! The keys of articles of several places, by their sources. A source is asked for at a time, and an article may have thousands: its
//! columns are read once.

use std::collections::HashMap;

use tantivy::DocAddress;

/// The most keys that are held at once, of 16 bytes each.
const MOST_KEYS: usize = 4_000_000;

/// What was read last.
#[derive(Default)]
pub(crate) struct KeysBySource {
    articles: HashMap<DocAddress, Vec<(u64, u64)>>,
    held: usize,
}

impl KeysBySource {
    /// The keys of one source of an article; `all` gives those of all its sources, each with the number of its source.
    pub(crate) fn of<I: Iterator<Item = (u64, u64)>>(
        &mut self,
        article: DocAddress,
        source: u64,
        all: impl FnOnce() -> I,
    ) -> impl Iterator<Item = u64> {
        if !self.articles.contains_key(&article) {
            if self.held > MOST_KEYS {
                self.articles.clear();
                self.held = 0;
            }
            let mut keys: Vec<(u64, u64)> = all().collect();
            keys.sort_unstable();
            self.held += keys.len();
            self.articles.insert(article, keys);
        }
        let keys = &self.articles[&article];
        let start = keys.partition_point(|(of, _)| *of < source);
        keys[start..].iter().take_while(move |(of, _)| *of == source).map(|(_, key)| *key)
    }
}
