//! The parts of a query as they are in a segment, and what it costs to count with them.

use std::cell::Cell;
use std::cmp::Reverse;
use std::sync::Arc;

use tantivy::postings::TermInfo;
use tantivy::schema::Field;
use tantivy::{DocId, SegmentOrdinal, SegmentReader};

use super::filter::Filter;
use crate::expand::TERM_LIMIT;
use crate::plan::{Plan, Words};
use crate::postings::{Cursor, FieldFiles, Files, Postings, look_up};
use crate::sets::{self, Key, Set, Sets};
use crate::spans::Spans;

/// A word that is in more than this part of the articles of a segment has a set.
const FREQUENT: u32 = 32;

/// Of more alternatives than these the articles of each are not looked for in all others.
const MOST_LEADS: usize = 8;

/// Costs, as multiples of reading a posting (2 ns): going through so many words of bits is one; looking for an article in a list of postings,
/// besides reading those before it, at the most those of a block, which are unpacked together; looking for it in a set; what the engine
/// takes to come to the next article, or to skip to one, and what to begin with a word.
const BIT_WORDS: u64 = 4;
const SEEK: u64 = 3;
const BLOCK_READ: u64 = 48;
const TEST: u64 = 1;
const ENGINE_STEP: u64 = 4;
const ENGINE_SKIP: u64 = 12;
const ENGINE_START: u64 = 1500;

/// So many queries share the cost of a set, which is kept.
const QUERIES_A_SET: u64 = 4;

/// A part of a query, looked up in a segment.
pub(super) enum Clause<'a> {
    /// A word that is read from its postings.
    Rare(Word<'a>),
    /// A frequent word whose set is there.
    Known {
        articles: u32,
        set: Set,
    },
    /// One whose set is not.
    Frequent(Key, Word<'a>),
    /// The one of the most articles first.
    Any(Vec<Clause<'a>>),
    /// The one of the fewest articles first, and what is negated last.
    All(Vec<Clause<'a>>),
    Not(Box<Clause<'a>>),
}

/// Where the postings of a word are.
pub(super) struct Word<'a> {
    files: &'a FieldFiles,
    info: TermInfo,
}

impl Word<'_> {
    fn open(&self) -> tantivy::Result<Postings> {
        Postings::open(self.files, &self.info)
    }

    fn articles(&self) -> u64 {
        self.info.doc_freq.into()
    }
}

/// Looks words up.
pub(super) struct Finder<'a> {
    pub(super) ordinal: SegmentOrdinal,
    pub(super) segment: &'a SegmentReader,
    pub(super) files: &'a Files,
    pub(super) sets: &'a Sets,
    /// How many have been looked up.
    pub(super) words: usize,
}

impl<'a> Finder<'a> {
    /// `None` where there are other things in the plan than words, or more words than there may be.
    pub(super) fn find(&mut self, plan: &Plan) -> tantivy::Result<Option<Clause<'a>>> {
        Ok(match plan {
            Plan::Words(Words { field, spans: Spans::Term(term), .. }) | Plan::Value(field, term) => {
                self.find_word(*field, term)?
            }
            Plan::Words(Words { field, spans, .. }) if spans.is_union() => {
                let words = spans.terms().into_iter().map(|term| self.find_word(*field, term));
                words.collect::<tantivy::Result<Option<_>>>()?.map(|words| self.any(words))
            }
            Plan::Words(Words { field, spans, .. }) => match spans.as_one_term(*field, self.segment) {
                Some((field, term)) => self.find_word(field, &term)?,
                None => None,
            },
            Plan::Any(plans) => self.find_all(plans)?.map(|clauses| self.any(clauses)),
            Plan::All(plans) => self.find_all(plans)?.map(|clauses| self.all(clauses)),
            Plan::Not(inner) => self.find(inner)?.map(|inner| Clause::Not(Box::new(inner))),
            Plan::Prefer(inner, _) | Plan::Boost(inner, _) => self.find(inner)?,
            Plan::Days { .. } | Plan::Undated => None,
        })
    }

    fn any(&self, mut clauses: Vec<Clause<'a>>) -> Clause<'a> {
        let all = self.segment.max_doc();
        clauses.retain(|clause| clause.articles(all) > 0);
        clauses.sort_by_key(|clause| Reverse(clause.articles(all)));
        Clause::Any(clauses)
    }

    fn all(&self, mut clauses: Vec<Clause<'a>>) -> Clause<'a> {
        let all = self.segment.max_doc();
        clauses.sort_by_key(|clause| match clause {
            Clause::Not(_) => u64::MAX,
            clause => clause.articles(all),
        });
        match clauses.first() {
            Some(first) if first.articles(all) == 0 => Clause::Any(Vec::new()),
            _ => Clause::All(clauses),
        }
    }

    fn find_all(&mut self, plans: &[Plan]) -> tantivy::Result<Option<Vec<Clause<'a>>>> {
        plans.iter().map(|plan| self.find(plan)).collect()
    }

    fn find_word(&mut self, field: Field, text: &str) -> tantivy::Result<Option<Clause<'a>>> {
        self.words += 1;
        if self.words > TERM_LIMIT {
            return Ok(None);
        }
        let Some(info) = look_up(self.segment, field, text)? else {
            return Ok(Some(Clause::Any(Vec::new())));
        };
        let (articles, key) = (info.doc_freq, Key::Word(self.ordinal, field, info.postings_range.start));
        let word = Word { files: self.files.of(self.segment, field)?, info };
        if articles <= self.segment.max_doc() / FREQUENT {
            return Ok(Some(Clause::Rare(word)));
        }
        Ok(Some(match self.sets.get(key) {
            Some(set) => Clause::Known { articles, set },
            None => Clause::Frequent(key, word),
        }))
    }
}

impl Clause<'_> {
    pub(super) fn is_word(&self) -> bool {
        matches!(self, Clause::Rare(_) | Clause::Known { .. } | Clause::Frequent(..))
    }

    /// The most articles that it can match, of so many.
    pub(super) fn articles(&self, all: DocId) -> u64 {
        match self {
            Clause::Rare(word) | Clause::Frequent(_, word) => word.articles(),
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
            Clause::Rare(word) => word.articles() + pass,
            Clause::Known { .. } => pass,
            Clause::Frequent(_, word) => (word.articles() + BIT_WORDS * pass) / QUERIES_A_SET + pass,
            Clause::Any(clauses) | Clause::All(clauses) => {
                clauses.iter().map(|clause| clause.work_of_windows(all)).sum::<u64>() + pass
            }
            Clause::Not(inner) => inner.work_of_windows(all) + pass,
        }
    }

    /// What it costs to look for one of so many articles.
    fn work_of_search(&self, articles: u64) -> u64 {
        match self {
            Clause::Known { .. } => TEST,
            Clause::Rare(word) | Clause::Frequent(_, word) => {
                SEEK + (word.articles() / articles.max(1)).min(BLOCK_READ)
            }
            Clause::Any(clauses) | Clause::All(clauses) => {
                clauses.iter().map(|clause| clause.work_of_search(articles)).sum()
            }
            Clause::Not(inner) => inner.work_of_search(articles),
        }
    }

    /// What it costs the engine.
    pub(super) fn work_of_engine(&self, all: DocId) -> u64 {
        match self {
            Clause::Any(clauses) => clauses.iter().map(|clause| clause.work_of_engine(all)).sum(),
            Clause::All(_) | Clause::Not(_) => {
                (ENGINE_SKIP * self.articles(all) + ENGINE_START) * self.words()
            }
            word => ENGINE_STEP * word.articles(all) + ENGINE_START,
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
    pub(super) fn open(&self, clause: &Clause<'_>) -> tantivy::Result<Filter> {
        opened(clause, &|key, word| {
            let postings = word.open()?;
            let Some(left) = self.most_sets.get().checked_sub(1) else {
                return Ok(Filter::Word(Cursor::new(postings)));
            };
            self.most_sets.set(left);
            let set = sets::of_word(postings, self.segment.max_doc())?;
            self.sets.keep(key, &set);
            Ok(Filter::Known(set))
        })
    }
}

/// A way to count: the articles of words, of which each is looked for in other clauses.
pub(super) struct Skips<'a> {
    /// So many match besides them.
    pub(super) known: u64,
    pub(super) leads: Vec<Lead<'a>>,
}

/// The articles of a word, and the clauses that they must match, or where they are `excluded`, must not.
pub(super) struct Lead<'a> {
    word: &'a Word<'a>,
    others: &'a [Clause<'a>],
    pub(super) excluded: bool,
}

impl Skips<'_> {
    pub(super) fn work(&self) -> u64 {
        self.leads.iter().map(Lead::work).sum()
    }
}

impl Lead<'_> {
    fn work(&self) -> u64 {
        let articles = self.word.articles();
        articles * (1 + self.others.iter().map(|other| other.work_of_search(articles)).sum::<u64>())
    }

    pub(super) fn open(&self) -> tantivy::Result<(Postings, Vec<Filter>)> {
        let word = |_, word: &Word<'_>| Ok(Filter::Word(Cursor::new(word.open()?)));
        let others =
            self.others.iter().map(|clause| opened(clause, &word)).collect::<tantivy::Result<_>>()?;
        Ok((self.word.open()?, others))
    }
}

impl<'a> Clause<'a> {
    /// `None` where words would lead that have sets, or no word leads. Where articles `are_alike`, those of a word that all count need not be
    /// looked at.
    pub(super) fn skips(&'a self, are_alike: bool) -> Option<Skips<'a>> {
        let lead = |clause: &'a Clause<'a>, others, excluded| match clause {
            Clause::Rare(word) | Clause::Frequent(_, word) => Some(Lead { word, others, excluded }),
            _ => None,
        };
        match self {
            Clause::All(clauses) => {
                let (first, others) = clauses.split_first()?;
                Some(Skips { known: 0, leads: vec![lead(first, others, false)?] })
            }
            Clause::Any(clauses) if are_alike && clauses.len() <= MOST_LEADS => {
                let Some((first, rest)) = clauses.split_first() else {
                    return Some(Skips { known: 0, leads: Vec::new() });
                };
                // Of each word those articles that no more frequent one has.
                let leads = (1..).zip(rest).map(|(number, clause)| lead(clause, &clauses[..number], true));
                first
                    .is_word()
                    .then_some(Skips { known: first.articles(0), leads: leads.collect::<Option<_>>()? })
            }
            word if are_alike && word.is_word() => Some(Skips { known: word.articles(0), leads: Vec::new() }),
            _ => None,
        }
    }
}

/// `frequent` opens a frequent word that has no set.
fn opened(
    clause: &Clause<'_>,
    frequent: &dyn Fn(Key, &Word<'_>) -> tantivy::Result<Filter>,
) -> tantivy::Result<Filter> {
    let all = |clauses: &[Clause<'_>]| {
        clauses.iter().map(|clause| opened(clause, frequent)).collect::<tantivy::Result<_>>()
    };
    Ok(match clause {
        Clause::Rare(word) => Filter::Word(Cursor::new(word.open()?)),
        Clause::Known { set, .. } => Filter::Known(Arc::clone(set)),
        Clause::Frequent(key, word) => frequent(*key, word)?,
        Clause::Any(clauses) => Filter::Any(all(clauses)?),
        Clause::All(clauses) => Filter::All(all(clauses)?),
        Clause::Not(inner) => Filter::Not(Box::new(opened(inner, frequent)?)),
    })
}
