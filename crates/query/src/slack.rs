//! How far the engine's bounds of blocks can be off, and with it what a threshold must be lowered by.
//!
//! For each block of postings tantivy keeps the frequency and length that score best *with the average length of the segment*.
//! Scores take the average of all segments, with which another article of the block may score better. BM25 gives a word a weight
//! times `x / (1 + x)`, where `x` is the frequency over a sum of a constant and the length over the average. From one average to
//! the other no `x` changes by more than their ratio `r`, nor the order of two of them by more. So no article of a block scores
//! more than `r` times the bound, and what scores more than a threshold has a bound of more than an `r`-th of it.

use std::collections::HashSet;

use tantivy::schema::Field;
use tantivy::{Score, Searcher, SegmentReader};

use crate::plan::{Plan, Words};

/// Rounding, which is in the bounds and in the averages.
const ROUNDING: Score = 1e-5;

/// For each segment how many times the bounds that a query is pruned by its articles may score.
pub(crate) fn slack(plan: &Plan, searcher: &Searcher) -> tantivy::Result<Vec<Score>> {
    let segments = searcher.segment_readers();
    let mut slack = vec![1.0; segments.len()];
    if segments.len() < 2 || is_exact(plan) {
        return Ok(slack);
    }
    let fields: HashSet<Field> = plan.shown_words().into_iter().map(|words| words.field).collect();
    let articles: u64 = segments.iter().map(|segment| u64::from(segment.max_doc())).sum();
    for field in fields {
        let lengths = segments.iter().map(|segment| Ok(segment.inverted_index(field)?.total_num_tokens()));
        let lengths: Vec<u64> = lengths.collect::<tantivy::Result<_>>()?;
        let average = lengths.iter().sum::<u64>() as Score / articles.max(1) as Score;
        for ((slack, length), segment) in slack.iter_mut().zip(lengths).zip(segments) {
            // A segment without words in the field has no postings there either.
            if length > 0 {
                *slack = slack.max(times_more(length, segment, average));
            }
        }
    }
    Ok(slack)
}

/// The same for spans in a field, whose average length over all segments is known: how many times the bound of a block of their words
/// they may score. They need no lower threshold, since the frequencies of each article bound them too, and exactly.
pub(crate) fn slack_of(
    segment: &SegmentReader,
    field: Field,
    average_length: Score,
) -> tantivy::Result<Score> {
    let tokens = segment.inverted_index(field)?.total_num_tokens();
    Ok(if tokens > 0 { times_more(tokens, segment, average_length) } else { 1.0 })
}

/// Of a segment with so many tokens in a field.
fn times_more(tokens: u64, segment: &SegmentReader, average_length: Score) -> Score {
    let ratio = tokens as Score / segment.max_doc().max(1) as Score / average_length;
    ratio.max(1.0 / ratio) * (1.0 + ROUNDING)
}

/// Is it pruned by the frequencies of each article, or does it raise the bounds of blocks itself?
fn is_exact(plan: &Plan) -> bool {
    matches!(plan, Plan::Words(Words { spans, .. }) if !spans.is_of_words())
}
