//! NOT beside words.
//!
//! As a clause of its own it would take the pruning from a ranking, as filters of dates would (see [`crate::dates`]). Instead the
//! rest is ranked, and an article that would get in is looked up in what must not be there.

use tantivy::query::{EnableScoring, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, Searcher, SegmentReader};

use crate::plan::{Context, Needed, Plan, words_of_one_field};
use crate::postings::{Cursor, Files, Postings, look_up};

/// A conjunction without what must not be there.
#[derive(Debug)]
pub(crate) struct Excluding<'a> {
    pub(crate) rest: Plan,
    pub(crate) excluded: Vec<&'a Plan>,
}

impl<'a> Excluding<'a> {
    /// `None` where nothing is excluded, or the rest is not evaluated in the order in which what is excluded has to be asked.
    pub(crate) fn of(plan: &'a Plan, text: Field) -> Option<Excluding<'a>> {
        let Plan::All(plans) = plan else { return None };
        let (mut rest, mut excluded) = (Vec::new(), Vec::new());
        for plan in plans {
            match plan {
                Plan::Not(inner) => excluded.push(&**inner),
                plan => rest.push(plan),
            }
        }
        let can_be_in_order = match &rest[..] {
            [one] => one.scored_words().is_some(),
            rest => words_of_one_field(rest.iter().copied()).is_some(),
        };
        let needs_order = || excluded.iter().any(|plan| words_of_text(plan, text).is_none());
        let can_be = !rest.is_empty() && !excluded.is_empty() && (can_be_in_order || !needs_order());
        can_be.then(|| Excluding { rest: Plan::all_of(rest), excluded })
    }
}

/// The words of the text of which a plan finds what has any, if that is what it does.
fn words_of_text(plan: &Plan, text: Field) -> Option<Vec<&str>> {
    let words = plan.scored_words().filter(|words| words.field == text && words.needed == Needed::Any)?;
    Some(words.words)
}

/// What hits must not match.
pub(crate) struct Exclusions<'a> {
    /// Words of the text.
    words: Vec<&'a str>,
    text: Field,
    files: &'a Files,
    others: Vec<Box<dyn Weight>>,
}

/// The same in a segment.
pub(crate) struct SegmentExclusions {
    words: Vec<Cursor>,
    others: Vec<Box<dyn Scorer>>,
}

impl<'a> Exclusions<'a> {
    /// Of plans, none of which a hit must match.
    pub(crate) fn of(
        excluded: &[&'a Plan],
        context: &Context<'a>,
        searcher: &Searcher,
    ) -> tantivy::Result<Exclusions<'a>> {
        let (mut words, mut others) = (Vec::new(), Vec::new());
        let (text, files) = (context.fields.text, context.files);
        for plan in excluded {
            if let Some(of_text) = words_of_text(plan, text) {
                words.extend(of_text);
            } else {
                let unscored = EnableScoring::disabled_from_searcher(searcher);
                others.push(plan.query(context).weight(unscored)?);
            }
        }
        Ok(Exclusions { words, text, files, others })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.others.is_empty()
    }

    /// Must articles be asked for in their order?
    pub(crate) fn need_order(&self) -> bool {
        !self.others.is_empty()
    }

    pub(crate) fn in_segment(&self, segment: &SegmentReader) -> tantivy::Result<SegmentExclusions> {
        let mut words = Vec::with_capacity(self.words.len());
        for word in &self.words {
            if let Some(info) = look_up(segment, self.text, word)? {
                words.push(Cursor::new(Postings::open(self.files.of(segment, self.text)?, &info)?));
            }
        }
        let others = self.others.iter().map(|weight| weight.scorer(segment, 1.0));
        Ok(SegmentExclusions { words, others: others.collect::<Result<_, _>>()? })
    }
}

impl SegmentExclusions {
    /// Must an article not be there?
    ///
    /// # Errors
    /// When a file is cut off.
    #[inline]
    pub(crate) fn have(&mut self, doc: DocId) -> tantivy::Result<bool> {
        for word in &mut self.words {
            if word.has(doc)? {
                return Ok(true);
            }
        }
        Ok(self.others.iter_mut().any(|scorer| has(&mut **scorer, doc)))
    }
}

/// Is the article one of the scorer's? It is asked for articles in their order.
fn has(scorer: &mut dyn Scorer, doc: DocId) -> bool {
    if scorer.doc() < doc {
        scorer.seek(doc);
    }
    scorer.doc() == doc
}
