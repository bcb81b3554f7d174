//! Date filters beside words.
//!
//! As a clause of its own a date filter would take the pruning from a ranking. Instead the words are ranked, and the date of an
//! article is looked at when it would get in, except where so few articles pass that most would be looked at in vain.

use tantivy::columnar::Column;

use crate::plan::Plan;

/// Where less than this part of the articles is expected to pass, the filter goes first.
const FEW: f64 = 1.0 / 64.0;

/// A conjunction without its date filters.
#[derive(Debug)]
pub(crate) struct Dated<'a> {
    pub(crate) rest: Plan,
    pub(crate) filters: Vec<&'a Plan>,
}

impl<'a> Dated<'a> {
    /// `None` where there is no filter of dates, nothing else that an article must have, or so few articles pass that it is less
    /// work to look at the dates first.
    pub(crate) fn of<'c>(
        plan: &'a Plan,
        columns: impl Iterator<Item = &'c Column<i64>>,
    ) -> Option<Dated<'a>> {
        let Plan::All(plans) = plan else { return None };
        let (filters, rest): (Vec<&Plan>, Vec<&Plan>) = plans.iter().partition(|plan| plan.is_of_dates());
        if filters.is_empty() || rest.iter().all(|plan| matches!(plan, Plan::Not(_))) {
            return None;
        }
        let span = Span::of(columns);
        if filters.iter().map(|filter| span.part(filter)).product::<f64>() < FEW {
            return None;
        }
        Some(Dated { rest: Plan::all_of(rest), filters })
    }
}

impl Plan {
    /// Does it depend on nothing but the date?
    fn is_of_dates(&self) -> bool {
        match self {
            Plan::Days { .. } | Plan::Undated => true,
            Plan::All(plans) | Plan::Any(plans) => plans.iter().all(Plan::is_of_dates),
            Plan::Not(inner) => inner.is_of_dates(),
            Plan::Words(_) | Plan::Value(..) | Plan::Prefer(..) | Plan::Boost(..) => false,
        }
    }

    /// Does a filter of dates let an article of this day number pass?
    pub(crate) fn admits(&self, day: Option<i64>) -> bool {
        match self {
            Plan::Days { first, last } => day.is_some_and(|day| {
                first.is_none_or(|first| first <= day) && last.is_none_or(|last| day <= last)
            }),
            Plan::Undated => day.is_none(),
            Plan::All(plans) => plans.iter().all(|plan| plan.admits(day)),
            Plan::Any(plans) => plans.iter().any(|plan| plan.admits(day)),
            Plan::Not(inner) => !inner.admits(day),
            Plan::Words(_) | Plan::Value(..) | Plan::Prefer(..) | Plan::Boost(..) => false,
        }
    }
}

/// The dates of an index.
struct Span {
    first: i64,
    last: i64,
    /// The part of the articles that has a date.
    dated: f64,
}

impl Span {
    fn of<'c>(columns: impl Iterator<Item = &'c Column<i64>>) -> Span {
        let (mut first, mut last, mut dated, mut all) = (i64::MAX, i64::MIN, 0, 0);
        for column in columns {
            let values = column.values.num_vals();
            all += column.num_docs();
            dated += values;
            if values > 0 {
                (first, last) = (first.min(column.min_value()), last.max(column.max_value()));
            }
        }
        Span { first, last, dated: f64::from(dated) / f64::from(all.max(1)) }
    }

    /// About what part of the articles a filter lets pass, if as many were published on every day.
    fn part(&self, filter: &Plan) -> f64 {
        match filter {
            Plan::Days { first, last } => {
                let first = first.map_or(self.first, |first| first.max(self.first));
                let last = last.map_or(self.last, |last| last.min(self.last));
                let days = |first: i64, last: i64| (last as f64 - first as f64 + 1.0).max(0.0);
                self.dated * days(first, last) / days(self.first, self.last).max(1.0)
            }
            Plan::Undated => 1.0 - self.dated,
            Plan::All(plans) => plans.iter().map(|plan| self.part(plan)).product(),
            Plan::Any(plans) => plans.iter().map(|plan| self.part(plan)).sum(),
            Plan::Not(inner) => 1.0 - self.part(inner),
            Plan::Words(_) | Plan::Value(..) | Plan::Prefer(..) | Plan::Boost(..) => 1.0,
        }
    }
}
