//! What a hit shows is true to its article, whatever the article and the query are.

#![no_main]

use engine::{Engine, SearchRequest};
use fuzz::{answer, check_fragments, engine_over_text, switches_and_text, tree};
use libfuzzer_sys::{Corpus, fuzz_target};
use syntax::Options;

fuzz_target!(|input: &[u8]| -> Corpus {
    // The first line is a query, the rest is an article.
    let Some((switches, text)) = switches_and_text(input) else { return Corpus::Reject };
    let Some((query, article)) = text.split_once('\n') else { return Corpus::Reject };
    let Some(query) = tree(query, Options::default()) else { return Corpus::Reject };
    let mut request = SearchRequest::new(query);
    request.lookup.raw = switches & 1 == 1;
    request.fragments = usize::from(switches >> 4);
    let Some(engine) = engine_over_text(article) else { return Corpus::Reject };
    if let Some(response) = answer(engine.search(&request)) {
        response.hits.iter().for_each(|hit| check_fragments(&engine, hit, &request));
    }
    Corpus::Keep
});
