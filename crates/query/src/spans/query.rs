//! Spans as a scored query of the engine: BM25 over the frequency of the spans.

use std::fmt;
use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{Bm25StatisticsProvider, Bm25Weight, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, Term};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, TantivyError};

use super::occurrences::{KnownTerms, find};
use super::pruning::Pruning;
use super::{Sought, Spans, Walker};
use crate::deadline::Deadline;
use crate::norms::Norms;
use crate::plan::Context;
use crate::postings::Files;
use crate::share::Share;
use crate::slack::slack_of;

/// Articles that have these spans in a field.
#[derive(Clone)]
pub(crate) struct SpanQuery {
    field: Field,
    spans: Arc<Spans>,
    share: Share,
    files: Files,
    /// Of the field, where they are known.
    weights: Option<Arc<Weights>>,
    deadline: Deadline,
}

impl SpanQuery {
    pub(crate) fn new(field: Field, spans: Spans, share: Share, context: &Context<'_>) -> SpanQuery {
        let weights = context.weights.as_ref().filter(|_| field == context.fields.text).cloned();
        let (files, deadline) = (context.files.clone(), context.deadline.clone());
        SpanQuery { field, spans: Arc::new(spans), share, files, weights, deadline }
    }

    /// What is looked for in a segment.
    fn sought<'a>(&'a self, segment: &'a SegmentReader) -> Sought<'a> {
        let SpanQuery { field, spans, share, files, deadline, .. } = self;
        Sought { spans, field: *field, segment, articles: share.articles(segment), files, deadline }
    }
}

impl fmt::Debug for SpanQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpanQuery")
            .field("field", &self.field)
            .field("spans", &self.spans)
            .finish_non_exhaustive()
    }
}

impl Query for SpanQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let scoring = match scoring {
            EnableScoring::Enabled { searcher, .. } => {
                let weights = match &self.weights {
                    Some(weights) => Arc::clone(weights),
                    None => Arc::new(Weights::of(searcher, self.field)?),
                };
                let mut known = KnownTerms::new(self.field);
                let bm25 =
                    weights.by_idf(Statistics::new(searcher, self.field)?.idf(&self.spans, &mut known)?);
                Some(Scoring { bm25, weights, known })
            }
            EnableScoring::Disabled { .. } => None,
        };
        Ok(Box::new(SpanWeight { query: self.clone(), scoring }))
    }
}

/// How frequent clauses are.
pub(crate) struct Statistics<'a> {
    searcher: &'a Searcher,
    field: Field,
    articles: u64,
}

impl<'a> Statistics<'a> {
    pub(crate) fn new(searcher: &'a Searcher, field: Field) -> tantivy::Result<Statistics<'a>> {
        Ok(Statistics { searcher, field, articles: searcher.total_num_docs()? })
    }

    /// The inverse document frequency of a clause: the sum over the words that must stand together, as for a phrase; of alternatives it is
    /// that of one word as frequent as all of them. Those words are known then.
    fn idf(&self, spans: &Spans, known: &mut KnownTerms) -> tantivy::Result<Score> {
        match spans {
            Spans::Term(term) => Ok(idf(known.look_up(term, self.searcher)?, self.articles)),
            Spans::Any(_) => Ok(idf(self.frequency(spans)?, self.articles)),
            Spans::Phrase { parts, .. } => parts.iter().map(|(_, part)| self.idf(part, known)).sum(),
            Spans::Near { left, right, .. } | Spans::Within { left, right, .. } => {
                Ok(self.idf(left, known)? + self.idf(right, known)?)
            }
            Spans::Wider(inner) | Spans::AtLeast(_, inner) | Spans::InZone(_, inner) => {
                self.idf(inner, known)
            }
        }
    }

    /// In how many articles it stands, at the most.
    pub(crate) fn frequency(&self, spans: &Spans) -> tantivy::Result<u64> {
        let all = match spans {
            Spans::Term(term) => self.searcher.doc_freq(&Term::from_field_text(self.field, term))?,
            Spans::Any(parts) => parts.iter().map(|part| self.frequency(part)).sum::<Result<u64, _>>()?,
            Spans::Phrase { parts, .. } => {
                let all: Result<Vec<_>, _> = parts.iter().map(|(_, part)| self.frequency(part)).collect();
                all?.into_iter().min().unwrap_or(0)
            }
            Spans::Near { left, right, .. } | Spans::Within { left, right, .. } => {
                self.frequency(left)?.min(self.frequency(right)?)
            }
            Spans::Wider(inner) | Spans::AtLeast(_, inner) | Spans::InZone(_, inner) => {
                self.frequency(inner)?
            }
        };
        Ok(all.min(self.articles))
    }
}

/// What weights of clauses come from.
pub(crate) struct Weights {
    /// Of a word in one article. Its table of lengths takes long to make.
    one: Bm25Weight,
    pub(crate) norms: Norms,
    articles: u64,
    /// Of the field, in tokens by their weights.
    average_length: Score,
}

impl Weights {
    /// Of clauses in a field.
    pub(crate) fn of(searcher: &Searcher, field: Field) -> tantivy::Result<Weights> {
        let articles = searcher.total_num_docs()?.max(1);
        let average_length = searcher.total_num_tokens(field)? as Score / articles as Score;
        let (one, norms) = (weight_of_word(1, articles, average_length), Norms::new(average_length));
        Ok(Weights { one, norms, articles, average_length })
    }

    /// Shares the table of lengths.
    fn by_idf(&self, of_clause: Score) -> Bm25Weight {
        self.one.boost_by(of_clause / idf(1, self.articles))
    }

    /// The weight of a word in so many articles.
    pub(crate) fn of_word(&self, frequency: u64) -> Bm25Weight {
        self.by_idf(idf(frequency, self.articles))
    }

    /// The same to the last bit as the engine has it. Scores of two segments must be equal where articles are, even if the engine scores
    /// one of the segments.
    pub(crate) fn of_word_exactly(&self, frequency: u64) -> Bm25Weight {
        weight_of_word(frequency, self.articles, self.average_length)
    }
}

fn weight_of_word(frequency: u64, articles: u64, average_length: Score) -> Bm25Weight {
    Bm25Weight::for_one_term_without_explain(frequency.min(articles), articles, average_length)
}

/// The inverse document frequency of BM25 as Lucene and tantivy compute it: `ln(1 + (N - n + 0.5) / (n + 0.5))`.
fn idf(frequency: u64, articles: u64) -> Score {
    let without = articles.saturating_sub(frequency) as Score;
    (1.0 + (without + 0.5) / (frequency as Score + 0.5)).ln()
}

struct SpanWeight {
    query: SpanQuery,
    scoring: Option<Scoring>,
}

struct Scoring {
    bm25: Bm25Weight,
    weights: Arc<Weights>,
    known: KnownTerms,
}

impl SpanWeight {
    fn scorer_of(
        &self,
        walker: Walker,
        segment: &SegmentReader,
        boost: Score,
    ) -> tantivy::Result<SpanScorer> {
        let scoring = match &self.scoring {
            Some(Scoring { bm25, .. }) => {
                Some((bm25.boost_by(boost), segment.get_fieldnorms_reader(self.query.field)?))
            }
            None => None,
        };
        let deadline = self.query.deadline.clone();
        Ok(SpanScorer { walker, doc: 0, frequency: 0, scoring, deadline })
    }

    /// A scorer that stands at its first article.
    fn settled_scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<SpanScorer> {
        let SpanQuery { field, spans, share, files, .. } = &self.query;
        let mut scorer = self.scorer_of(Walker::open(spans, *field, segment, files)?, segment, boost)?;
        scorer.settle(share.articles(segment).start);
        Ok(scorer)
    }
}

impl Weight for SpanWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(self.query.share.restrict_scorer(Box::new(self.settled_scorer(reader, boost)?), reader))
    }

    /// Reads positions only where the frequencies of the words could make a score above the threshold.
    fn for_each_pruning(
        &self,
        threshold: Score,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        let Some(Scoring { bm25, weights, known }) = &self.scoring else { return Ok(()) };
        let sought = self.query.sought(reader);
        let lengths = reader.get_fieldnorms_reader(sought.field)?;
        let slack = slack_of(reader, sought.field, weights.average_length)?;
        Pruning { sought, bm25, lengths, norms: &weights.norms, known, slack }.run(threshold, callback)
    }

    fn count(&self, reader: &SegmentReader) -> tantivy::Result<u32> {
        let sought = self.query.sought(reader);
        let walker = match sought.spans.bounding_words(sought.field, reader) {
            Some(bounding) => {
                let Some(words) = find(&bounding.words, reader, None)? else { return Ok(0) };
                if let Some(count) = sought.count(&words)? {
                    return Ok(count);
                }
                sought.walker(&words)?
            }
            None => Walker::open(sought.spans, sought.field, reader, sought.files)?,
        };
        let mut scorer = self.scorer_of(walker, reader, 1.0)?;
        scorer.settle(sought.articles.start);
        let mut scorer = self.query.share.restrict_scorer(Box::new(scorer), reader);
        Ok(match reader.alive_bitset() {
            Some(alive) => scorer.count(alive),
            None => scorer.count_including_deleted(),
        })
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.settled_scorer(reader, 1.0)?;
        if scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!("document {doc} does not match")));
        }
        match &scorer.scoring {
            Some((bm25, lengths)) => Ok(bm25.explain(lengths.fieldnorm_id(doc), scorer.frequency)),
            None => Ok(Explanation::new("not scored", 0.0)),
        }
    }
}

struct SpanScorer {
    walker: Walker,
    doc: DocId,
    /// Weights of the spans in `doc`, added up.
    frequency: u32,
    scoring: Option<(Bm25Weight, FieldNormReader)>,
    deadline: Deadline,
}

impl SpanScorer {
    /// Moves to the first article at or behind `target` where the words stand as they should.
    fn settle(&mut self, target: DocId) -> DocId {
        let mut doc = self.walker.seek(target);
        while doc != TERMINATED {
            if self.deadline.is_over() {
                doc = TERMINATED;
                break;
            }
            self.frequency = match &self.scoring {
                Some(_) => self.walker.frequency(doc, 0),
                None => u32::from(self.walker.has_spans(doc)),
            };
            if self.frequency > 0 {
                break;
            }
            doc = self.walker.seek(doc + 1);
        }
        self.doc = doc;
        doc
    }
}

impl DocSet for SpanScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED { TERMINATED } else { self.settle(self.doc + 1) }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc { self.doc } else { self.settle(target) }
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.walker.cost()
    }
}

impl Scorer for SpanScorer {
    fn score(&mut self) -> Score {
        match &self.scoring {
            Some((bm25, lengths)) => bm25.score(lengths.fieldnorm_id(self.doc), self.frequency),
            None => 1.0,
        }
    }
}
