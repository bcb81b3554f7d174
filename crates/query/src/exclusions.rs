//! NOT beside words.
//!
//! As a clause of its own it would take the pruning from a ranking, as filters of dates would (see [`crate::dates`]). Instead the
//! words are ranked, and an article that would get in is looked up in what must not be there.

use crate::plan::{Plan, words_of_one_field};

/// A conjunction without what must not be there.
#[derive(Debug)]
pub(crate) struct Excluding<'a> {
    pub(crate) rest: Plan,
    pub(crate) excluded: Vec<&'a Plan>,
}

impl<'a> Excluding<'a> {
    /// `None` where nothing is excluded, or the rest is not evaluated in the order of the articles.
    pub(crate) fn of(plan: &'a Plan) -> Option<Excluding<'a>> {
        let Plan::All(plans) = plan else { return None };
        let (mut rest, mut excluded) = (Vec::new(), Vec::new());
        for plan in plans {
            match plan {
                Plan::Not(inner) => excluded.push(&**inner),
                plan => rest.push(plan),
            }
        }
        let is_in_order = match &rest[..] {
            [one] => one.scored_words().is_some(),
            rest => words_of_one_field(rest.iter().copied()).is_some(),
        };
        (is_in_order && !excluded.is_empty()).then(|| Excluding { rest: Plan::all_of(rest), excluded })
    }
}
