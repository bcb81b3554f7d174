//! Counting the articles that have all of some frequent words, or any of them, without visiting them one by one.
//!
//! A window of articles is an array of bytes, one an article, and each word sets its bit in the bytes of its articles. The bytes
//! that are right are then counted many at a time. Lucene and `SeekStorm` use sets of bits; bytes are written without waiting for
//! the neighbour that was written just before.

use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocId, Searcher, SegmentReader};

use crate::deadline::Deadline;
use crate::expand::TERM_LIMIT;
use crate::plan::{Plan, Words, words_of_one_field};

/// Articles in a window, which should stay in the innermost cache.
const WINDOW: usize = 16_384;

/// The most words of a conjunction: as many as a byte has bits. The words of a union share one.
const MOST_WORDS: usize = 8;

/// A conjunction is tallied where its words together are in less than so many times as many articles as the rarest one;
/// otherwise skipping to the articles of that one is less work.
const TALLIED_PARTS: u32 = 16;

/// A union is tallied where its words together are in more than this part of the articles.
const SPARSE: u32 = 64;

/// Words and what an article must have of them.
struct Tally<'a> {
    field: Field,
    words: Vec<&'a str>,
    rule: Rule,
}

#[derive(Clone, Copy)]
enum Rule {
    /// Any of the words.
    Any,
    /// The first so many, and none of the others.
    First(usize),
}

/// How many articles a plan matches; `None` where it is not of this kind, or where counting one by one is less work.
pub(crate) fn count(plan: &Plan, searcher: &Searcher, deadline: &Deadline) -> tantivy::Result<Option<u64>> {
    let Some(tally) = Tally::of(plan) else { return Ok(None) };
    let mut sum = 0;
    for segment in searcher.segment_readers() {
        match tally.count(segment, deadline)? {
            Some(count) => sum += count,
            None => return Ok(None),
        }
    }
    Ok(Some(sum))
}

impl<'a> Tally<'a> {
    fn of(plan: &'a Plan) -> Option<Tally<'a>> {
        let (field, words, rule) = match plan {
            Plan::Words(Words { field, spans, .. }) if spans.is_union() => (*field, spans.terms(), Rule::Any),
            Plan::Any(plans) => {
                let (field, words) = words_of_one_field(plans.iter())?;
                (field, words, Rule::Any)
            }
            Plan::All(plans) => {
                let wanted = plans.iter().filter(|plan| !matches!(plan, Plan::Not(_)));
                let unwanted = plans.iter().filter_map(|plan| match plan {
                    Plan::Not(inner) => Some(&**inner),
                    _ => None,
                });
                let first = wanted.clone().count();
                let (field, words) = words_of_one_field(wanted.chain(unwanted))?;
                (field, words, Rule::First(first))
            }
            _ => return None,
        };
        let is_fit = match rule {
            // More take less room in a set of bits.
            Rule::Any => (2..=TERM_LIMIT).contains(&words.len()),
            Rule::First(first) => first > 0 && (2..=MOST_WORDS).contains(&words.len()),
        };
        is_fit.then_some(Tally { field, words, rule })
    }

    fn count(&self, segment: &SegmentReader, deadline: &Deadline) -> tantivy::Result<Option<u64>> {
        if segment.has_deletes() {
            return Ok(None);
        }
        let index = segment.inverted_index(self.field)?;
        let (mut infos, mut sum, mut rarest) = (Vec::with_capacity(self.words.len()), 0, u32::MAX);
        for (number, word) in self.words.iter().enumerate() {
            let info = index.get_term_info(&Term::from_field_text(self.field, word))?;
            let articles = info.as_ref().map_or(0, |info| info.doc_freq);
            sum = articles.saturating_add(sum);
            match self.rule {
                Rule::First(first) if number < first => rarest = rarest.min(articles),
                _ => {}
            }
            infos.push(info);
        }
        let is_less_work = match self.rule {
            Rule::Any => sum > segment.max_doc() / SPARSE,
            Rule::First(_) => sum < rarest.saturating_mul(TALLIED_PARTS),
        };
        if !is_less_work {
            return Ok(if rarest == 0 { Some(0) } else { None });
        }
        let mut cursors = Vec::with_capacity(self.words.len());
        for (number, info) in infos.iter().enumerate() {
            if let Some(info) = info {
                let postings = index.read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?;
                let bit = if matches!(self.rule, Rule::Any) { 1 } else { 1 << number };
                cursors.push(Cursor { postings, at: 0, bit });
            }
        }
        let mut bytes = Box::new([0; WINDOW]);
        let mut count = 0;
        for start in (0..segment.max_doc()).step_by(WINDOW) {
            if deadline.is_over() {
                break;
            }
            bytes.fill(0);
            cursors.iter_mut().for_each(|cursor| cursor.mark(start, &mut bytes));
            count += match self.rule {
                Rule::Any => count_where(&bytes, |byte| byte != 0),
                Rule::First(first) => {
                    let wanted = u8::MAX >> (u8::BITS as usize - first);
                    count_where(&bytes, |byte| byte == wanted)
                }
            };
        }
        Ok(Some(count))
    }
}

/// A walk over the articles of a word.
struct Cursor {
    postings: BlockSegmentPostings,
    /// Where it stands in the block.
    at: usize,
    bit: u8,
}

impl Cursor {
    /// Sets the bit in the bytes of the articles of the window that begins with `start`.
    fn mark(&mut self, start: DocId, bytes: &mut [u8; WINDOW]) {
        loop {
            let docs = &self.postings.docs()[self.at..];
            let Some(last) = docs.last() else { return };
            let is_inside = (*last - start) < WINDOW as u32;
            let inside =
                if is_inside { docs.len() } else { docs.partition_point(|doc| doc - start < WINDOW as u32) };
            for doc in &docs[..inside] {
                bytes[(doc - start) as usize % WINDOW] |= self.bit;
            }
            if !is_inside {
                self.at += inside;
                return;
            }
            self.postings.advance();
            self.at = 0;
        }
    }
}

/// How many of the bytes are right, many of them compared at once.
fn count_where(bytes: &[u8; WINDOW], is_right: impl Fn(u8) -> bool) -> u64 {
    // No more than a byte can count.
    let few = bytes.chunks_exact(128);
    few.map(|few| u64::from(few.iter().map(|&byte| u8::from(is_right(byte))).sum::<u8>())).sum()
}
