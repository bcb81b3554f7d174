//! The parts of a query as they are in a segment, and what it costs to count with them.

use std::cell::Cell;
use std::sync::Arc;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocId, SegmentOrdinal, SegmentReader};

use super::filter::{Filter, Walk};
use crate::expand::TERM_LIMIT;
use crate::plan::{Plan, Words};
use crate::sets::{self, Key, Set, Sets};
use crate::spans::Spans;

/// A word that is in more than this part of the articles of a segment has a set.
const FREQUENT: u32 = 32;

/// Costs, as multiples of reading a posting: going through so many words of bits is one; looking for an article in a list of postings,
/// or in a set; and what the engine takes to come to the next article, or to skip to one.
const BIT_WORDS: u64 = 4;
const SEEK: u64 = 10;
const TEST: u64 = 1;
const ENGINE_STEP: u64 = 4;
const ENGINE_SKIP: u64 = 12;

/// A part of a query, looked up in a segment.
pub(super) enum Clause {
    /// A word that is read from its postings.
    Rare(Postings),
    /// A frequent word whose set is there.
    Known {
        articles: u32,
        set: Set,
    },
    /// One whose set is not.
    Frequent {
        key: Key,
        postings: Postings,
    },
    Any(Vec<Clause>),
    /// The one of the fewest articles first, and what is negated last.
    All(Vec<Clause>),
    Not(Box<Clause>),
}

/// Where the postings of a word are.
pub(super) struct Postings {
    index: Arc<InvertedIndexReader>,
    info: TermInfo,
}

impl Postings {
    fn open(&self) -> tantivy::Result<BlockSegmentPostings> {
        Ok(self.index.read_block_postings_from_terminfo(&self.info, IndexRecordOption::Basic)?)
    }

    fn articles(&self) -> u64 {
        self.info.doc_freq.into()
    }
}

/// Looks words up.
pub(super) struct Finder<'a> {
    pub(super) ordinal: SegmentOrdinal,
    pub(super) segment: &'a SegmentReader,
    pub(super) sets: &'a Sets,
    /// How many have been looked up.
    pub(super) words: usize,
}

impl Finder<'_> {
    /// `None` where there are other things in the plan than words, or more words than there may be.
    pub(super) fn find(&mut self, plan: &Plan) -> tantivy::Result<Option<Clause>> {
        Ok(match plan {
            Plan::Words(Words { field, spans: Spans::Term(term), .. }) | Plan::Value(field, term) => {
                self.find_word(*field, term)?
            }
            Plan::Words(Words { field, spans, .. }) if spans.is_union() => {
                let words = spans.terms().into_iter().map(|term| self.find_word(*field, term));
                words.collect::<tantivy::Result<Option<_>>>()?.map(Clause::Any)
            }
            Plan::Words(Words { field, spans, .. }) => match spans.as_one_term(*field, self.segment) {
                Some((field, term)) => self.find_word(field, &term)?,
                None => None,
            },
            Plan::Any(plans) => self.find_all(plans)?.map(Clause::Any),
            Plan::All(plans) => self.find_all(plans)?.map(|mut clauses| {
                clauses.sort_by_key(|clause| match clause {
                    Clause::Not(_) => u64::MAX,
                    clause => clause.articles(self.segment.max_doc()),
                });
                Clause::All(clauses)
            }),
            Plan::Not(inner) => self.find(inner)?.map(|inner| Clause::Not(Box::new(inner))),
            Plan::Prefer(inner, _) | Plan::Boost(inner, _) => self.find(inner)?,
            Plan::Days { .. } | Plan::Undated => None,
        })
    }

    fn find_all(&mut self, plans: &[Plan]) -> tantivy::Result<Option<Vec<Clause>>> {
        plans.iter().map(|plan| self.find(plan)).collect()
    }

    fn find_word(&mut self, field: Field, text: &str) -> tantivy::Result<Option<Clause>> {
        self.words += 1;
        if self.words > TERM_LIMIT {
            return Ok(None);
        }
        let index = self.segment.inverted_index(field)?;
        let Some(info) = index.get_term_info(&Term::from_field_text(field, text))? else {
            return Ok(Some(Clause::Any(Vec::new())));
        };
        if info.doc_freq <= self.segment.max_doc() / FREQUENT {
            return Ok(Some(Clause::Rare(Postings { index, info })));
        }
        let key = Key::Word(self.ordinal, field, info.postings_range.start);
        Ok(Some(match self.sets.get(key) {
            Some(set) => Clause::Known { articles: info.doc_freq, set },
            None => Clause::Frequent { key, postings: Postings { index, info } },
        }))
    }
}

impl Clause {
    pub(super) fn is_word(&self) -> bool {
        matches!(self, Clause::Rare(_) | Clause::Known { .. } | Clause::Frequent { .. })
    }

    /// The most articles that it can match, of so many.
    pub(super) fn articles(&self, all: DocId) -> u64 {
        match self {
            Clause::Rare(postings) | Clause::Frequent { postings, .. } => postings.articles(),
            Clause::Known { articles, .. } => u64::from(*articles),
            Clause::Any(clauses) => clauses.iter().map(|clause| clause.articles(all)).sum(),
            Clause::All(clauses) => clauses.first().map_or(u64::from(all), |clause| clause.articles(all)),
            Clause::Not(_) => u64::from(all),
        }
    }

    /// What it costs to go through all articles.
    pub(super) fn work_of_windows(&self, all: DocId) -> u64 {
        let pass = sets::words(all) as u64 / BIT_WORDS;
        match self {
            Clause::Rare(postings) => postings.articles() + pass,
            Clause::Known { .. } => pass,
            Clause::Frequent { postings, .. } => postings.articles() + BIT_WORDS * pass,
            Clause::Any(clauses) | Clause::All(clauses) => {
                clauses.iter().map(|clause| clause.work_of_windows(all)).sum::<u64>() + pass
            }
            Clause::Not(inner) => inner.work_of_windows(all) + pass,
        }
    }

    /// What it costs to go through those of the rarest word, where all articles have it.
    pub(super) fn work_of_skips(&self) -> Option<u64> {
        let (lead, others) = self.split()?;
        Some(lead.articles() * (1 + others.iter().map(Clause::work_of_search).sum::<u64>()))
    }

    /// What it costs to look for one article.
    fn work_of_search(&self) -> u64 {
        match self {
            Clause::Known { .. } => TEST,
            Clause::Rare(_) | Clause::Frequent { .. } => SEEK,
            Clause::Any(clauses) | Clause::All(clauses) => clauses.iter().map(Clause::work_of_search).sum(),
            Clause::Not(inner) => inner.work_of_search(),
        }
    }

    /// What it costs the engine.
    pub(super) fn work_of_engine(&self, all: DocId) -> u64 {
        match self {
            Clause::Any(clauses) => clauses.iter().map(|clause| clause.work_of_engine(all)).sum(),
            Clause::All(_) | Clause::Not(_) => ENGINE_SKIP * self.articles(all) * self.words(),
            word => ENGINE_STEP * word.articles(all),
        }
    }

    /// The number of words in it.
    fn words(&self) -> u64 {
        match self {
            Clause::Any(clauses) | Clause::All(clauses) => clauses.iter().map(Clause::words).sum(),
            Clause::Not(inner) => inner.words(),
            _ => 1,
        }
    }
}

/// Opens the postings of clauses, or makes sets of them.
pub(super) struct Opener<'a> {
    segment: &'a SegmentReader,
    sets: &'a Sets,
    /// How many sets may be made: a query must not need more memory for them than there is to keep some.
    most_sets: Cell<usize>,
}

impl<'a> Opener<'a> {
    pub(super) fn new(segment: &'a SegmentReader, sets: &'a Sets) -> Opener<'a> {
        Opener { segment, sets, most_sets: Cell::new(sets.fitting(segment.max_doc())) }
    }

    /// For going through all articles.
    pub(super) fn open(&self, clause: &Clause) -> tantivy::Result<Filter> {
        opened(clause, &|key, postings| {
            let Some(left) = self.most_sets.get().checked_sub(1) else {
                return Ok(Filter::Walk(Box::new(Walk::new(postings.open()?))));
            };
            self.most_sets.set(left);
            let set = sets::of_word(postings.open()?, self.segment.max_doc());
            self.sets.keep(key, &set);
            Ok(Filter::Known(set))
        })
    }
}

impl Clause {
    /// The word that all articles have, of which the fewest have it, and the other clauses, for looking for its articles in them.
    /// `None` where it has a set, or there is no such word.
    pub(super) fn lead(&self) -> tantivy::Result<Option<(Walk, Vec<Filter>)>> {
        let Some((postings, others)) = self.split() else { return Ok(None) };
        let walk = |_, postings: &Postings| Ok(Filter::Walk(Box::new(Walk::new(postings.open()?))));
        let others = others.iter().map(|clause| opened(clause, &walk)).collect::<tantivy::Result<_>>()?;
        Ok(Some((Walk::new(postings.open()?), others)))
    }

    fn split(&self) -> Option<(&Postings, &[Clause])> {
        match self {
            Clause::All(clauses) => match &clauses[..] {
                [Clause::Rare(postings) | Clause::Frequent { postings, .. }, others @ ..] => {
                    Some((postings, others))
                }
                _ => None,
            },
            _ => None,
        }
    }
}

/// `frequent` opens a frequent word that has no set.
fn opened(
    clause: &Clause,
    frequent: &dyn Fn(Key, &Postings) -> tantivy::Result<Filter>,
) -> tantivy::Result<Filter> {
    let all = |clauses: &[Clause]| {
        clauses.iter().map(|clause| opened(clause, frequent)).collect::<tantivy::Result<_>>()
    };
    Ok(match clause {
        Clause::Rare(postings) => Filter::Walk(Box::new(Walk::new(postings.open()?))),
        Clause::Known { set, .. } => Filter::Known(Arc::clone(set)),
        Clause::Frequent { key, postings } => frequent(*key, postings)?,
        Clause::Any(clauses) => Filter::Any(all(clauses)?),
        Clause::All(clauses) => Filter::All(all(clauses)?),
        Clause::Not(inner) => Filter::Not(Box::new(opened(inner, frequent)?)),
    })
}
