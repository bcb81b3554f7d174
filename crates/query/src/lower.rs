//! The query tree to a plan: words through the analyzer, fields to fields of the index, patterns to terms.

use std::path::Path;

use article::id_of_name;
use engine::{Lookup, SearchError};
use jiff::civil::Date;
use schema::{Fields, Zone, count_tokens, day_number, fold, has_unspaced, tokens};
use syntax::{DateFilter, DateRange, Day, Field, Node, Query, Span};
use tantivy::Searcher;
use tantivy::schema::Field as IndexField;

use crate::deadline::Deadline;
use crate::effort::{Effort, check_spans};
use crate::expand::{Dictionaries, Pattern, TERM_LIMIT};
use crate::glob::Glob;
use crate::leaves::{check_spaced, exact, regex};
use crate::local::in_time;
use crate::plan::{Plan, Words};
use crate::spans::{Bound, Spans};

/// Lowers one query for one index.
pub(crate) struct Lowering<'a> {
    pub(crate) fields: &'a Fields,
    pub(crate) searcher: &'a Searcher,
    /// Where the segments have lists of the words of the text.
    pub(crate) word_lists: &'a Path,
    pub(crate) lookup: Lookup,
    pub(crate) role: Role,
    pub(crate) effort: &'a Effort,
    pub(crate) deadline: &'a Deadline,
}

/// What a pattern is for, which says how many words it may stand for.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Role {
    /// [`TERM_LIMIT`]: each adds to scores.
    Ranking,
    /// The same: where each stands is looked up.
    Span,
    /// Any number: it only says yes or no.
    Filter,
}

impl Lowering<'_> {
    /// The plan of a query.
    pub(crate) fn plan(&self, query: &Query) -> Result<Plan, SearchError> {
        let plan = self.lower(query, None)?;
        check_spans(&plan, self.searcher, query.span)?;
        Ok(plan)
    }

    fn lower(&self, query: &Query, field: Option<Field>) -> Result<Plan, SearchError> {
        match &query.node {
            Node::And(clauses) => Ok(Plan::All(self.lower_each(clauses, field)?)),
            Node::Or(clauses) => Ok(Plan::Any(self.lower_each(clauses, field)?)),
            Node::Prefer(wanted, bonus) => {
                let (wanted, bonus) = (self.lower(wanted, field)?, self.lower(bonus, field)?);
                Ok(Plan::Prefer(Box::new(wanted), Box::new(bonus)))
            }
            Node::Not(inner) => {
                let filter = Lowering { role: Role::Filter, ..*self };
                Ok(Plan::Not(Box::new(filter.lower(inner, field)?)))
            }
            Node::Boost(inner, factor) => Ok(Plan::Boost(Box::new(self.lower(inner, field)?), *factor)),
            Node::Field(name, inner) => self.lower(inner, Some(*name)),
            Node::Date(filter) => Ok(dates(filter)),
            _ => match common_field(query).or(field) {
                Some(Field::Lang) => value(query, self.fields.lang, &fold_exactly),
                Some(Field::Id) => value(query, self.fields.id, &|id| id_of_name(id).into_owned()),
                field => self.words(query, field),
            },
        }
    }

    fn lower_each(&self, clauses: &[Query], field: Option<Field>) -> Result<Vec<Plan>, SearchError> {
        clauses.iter().map(|clause| self.lower(clause, field)).collect()
    }

    /// Words are looked for in each place that the field stands for.
    fn words(&self, query: &Query, field: Option<Field>) -> Result<Plan, SearchError> {
        let zones = field.and_then(zones_of);
        if let Some(zones) = zones
            && (field == Some(Field::Body) || has_bounds(query))
        {
            return self.words_in_zones(query, zones); // only the text as a whole knows where sentences start
        }
        let places = places(self.fields, self.lookup, field);
        let mut plans = Vec::with_capacity(places.len());
        for (place, copy_of) in places {
            let spans = self.spans(query, place)?;
            if let (Some(Field::Caption | Field::Hlead), Some(zones)) = (field, zones)
                && !spans.is_of_words()
            {
                // In the copies, captions that are far apart follow each other, and headline and lead are by themselves.
                return self.words_in_zones(query, zones);
            }
            let zones = copy_of.map(|field| zones_of(field).unwrap_or(&[]).to_vec());
            plans.push(Plan::Words(Words { field: place, spans, zones }));
        }
        Ok(if plans.len() == 1 { plans.remove(0) } else { Plan::Any(plans) })
    }

    /// Words in parts of the text.
    fn words_in_zones(&self, query: &Query, zones: &[Zone]) -> Result<Plan, SearchError> {
        let field = self.fields.text;
        let spans = self.in_span().spans(query, field)?.in_zones(zones);
        Ok(Plan::Words(Words { field, spans, zones: None }))
    }

    /// What to look for in a field.
    fn spans(&self, query: &Query, field: IndexField) -> Result<Spans, SearchError> {
        let side = |query| self.in_span().spans(query, field).map(Box::new);
        let both = |left, right| Ok((side(left)?, side(right)?));
        match &query.node {
            Node::Word(text) if self.lookup.stem => self.stemmed(text, query.span, field),
            Node::Word(text) => self.phrase(text, 0, query.span, field),
            Node::Phrase(text, slop) => self.phrase(text, *slop, query.span, field),
            Node::Exact(text) => exact(text, query.span),
            Node::Wildcard(pattern) => self.wildcard(pattern, query.span, field),
            Node::Fuzzy(text, distance) => self.fuzzy(text, *distance, query.span, field),
            Node::Regex(pattern) => {
                self.expand(&Pattern::Regex(regex(pattern, query.span)?), pattern, query.span, field)
            }
            Node::Actor(id, forms) if forms.is_empty() => {
                Err(SearchError::query(format!("nobody says who @{id} is"), query.span, None))
            }
            Node::Or(clauses) | Node::Actor(_, clauses) => Ok(Spans::Any(
                clauses.iter().map(|clause| self.spans(clause, field)).collect::<Result<_, _>>()?,
            )),
            Node::Field(_, inner) => self.spans(inner, field),
            Node::AtLeast(count, inner) => Ok(Spans::AtLeast(*count, side(inner)?)),
            Node::Near { left, right, distance, ordered } => {
                let (left, right) = both(left, right)?;
                Ok(Spans::Near { left, right, distance: *distance, ordered: *ordered })
            }
            Node::Sentence(left, right) => {
                self.within(Bound::Sentence, both(left, right)?, query.span, field)
            }
            Node::Paragraph(left, right) => {
                self.within(Bound::Paragraph, both(left, right)?, query.span, field)
            }
            Node::And(_) | Node::Prefer(..) | Node::Not(_) | Node::Boost(..) | Node::Date(_) => {
                Err(SearchError::query(
                    "this has no place in the text, so it cannot stand beside words that have",
                    query.span,
                    Some("put it outside: (… NEAR/5 …) AND …".to_owned()),
                ))
            }
        }
    }

    /// The same for what stands in a span.
    fn in_span(&self) -> Self {
        Lowering { role: Role::Span, ..*self }
    }

    fn within(
        &self,
        bound: Bound,
        (left, right): (Box<Spans>, Box<Spans>),
        span: Span,
        field: IndexField,
    ) -> Result<Spans, SearchError> {
        if field == self.fields.text {
            return Ok(Spans::Within { bound, left, right });
        }
        if self.lookup.raw && field == self.fields.noise {
            // Noise has no sentences: a menu is not a sentence about two things.
            return Ok(Spans::Any(Vec::new()));
        }
        let hint = Some("use NEAR/n".to_owned());
        Err(SearchError::query("this field has no sentences and paragraphs", span, hint))
    }

    /// In a script without spaces a run of characters is found wherever it stands, so that a `*` before or behind it adds nothing.
    fn wildcard(&self, pattern: &str, span: Span, field: IndexField) -> Result<Spans, SearchError> {
        let run = pattern.trim_matches('*');
        if !run.is_empty() && run.chars().all(|c| has_unspaced(c.encode_utf8(&mut [0; 4]))) {
            return self.phrase(run, 0, span, field);
        }
        check_spaced(pattern, span)?;
        self.expand(&Pattern::Wildcard(Glob::new(fold_glob(pattern))), pattern, span, field)
    }

    /// A text as the tokens it has: one is a word, several are a phrase.
    fn phrase(&self, text: &str, slop: u32, span: Span, field: IndexField) -> Result<Spans, SearchError> {
        let mut parts: Vec<(u32, Spans)> = Vec::new();
        let mut walk = tokens(text);
        let mut first = 0;
        let (mut before_is_unspaced, mut ends_in_pair) = (false, false);
        while let Some(token) = walk.next() {
            let is_rest_of_run = token.tail && before_is_unspaced;
            before_is_unspaced = token.unspaced && !token.tail;
            ends_in_pair = is_rest_of_run;
            if is_rest_of_run {
                continue; // the pair before it says it all
            }
            if parts.is_empty() {
                first = token.position;
            }
            let part = if token.tail {
                // One character alone: a pair that begins with it, or the end of a run.
                let glob = format!("{}*", walk.text());
                let lowering = if count_tokens(text) > 1 { &self.in_span() } else { self };
                lowering.expand(&Pattern::Wildcard(Glob::new(glob)), walk.text(), span, field)?
            } else {
                Spans::Term(walk.text().to_owned())
            };
            parts.push((token.position - first, part));
        }
        let spans = match parts.len() {
            0 => return Err(SearchError::query("nothing to search for here", span, None)),
            1 => parts.remove(0).1,
            _ => Spans::Phrase { parts, slop },
        };
        // Only distances and overlaps ask where a pair ends.
        Ok(if ends_in_pair && self.role == Role::Span { Spans::Wider(Box::new(spans)) } else { spans })
    }

    /// A word as every word of its stem; what is a phrase stays exact.
    fn stemmed(&self, text: &str, span: Span, field: IndexField) -> Result<Spans, SearchError> {
        let words = tokens(text).collect_texts();
        match &words[..] {
            [word] if word.is_ascii() => self.expand(&Pattern::Stem(word.clone()), text, span, field),
            _ => self.phrase(text, 0, span, field),
        }
    }

    fn fuzzy(
        &self,
        text: &str,
        distance: Option<u8>,
        span: Span,
        field: IndexField,
    ) -> Result<Spans, SearchError> {
        let words = tokens(text).collect_texts();
        let [word] = &words[..] else {
            let hint = Some("put ~ behind each word".to_owned());
            return Err(SearchError::query("a fuzzy search is for one word", span, hint));
        };
        let distance = distance.unwrap_or(if word.chars().count() <= 5 { 1 } else { 2 });
        self.expand(&Pattern::Fuzzy(word.clone(), distance), text, span, field)
    }

    fn expand(
        &self,
        pattern: &Pattern,
        text: &str,
        span: Span,
        field: IndexField,
    ) -> Result<Spans, SearchError> {
        let failed =
            |error| SearchError::Engine { context: format!("looking up {text}"), source: Box::new(error) };
        let lists = Some(self.word_lists).filter(|_| field == self.fields.text);
        let dictionaries = Dictionaries { searcher: self.searcher, field, lists, deadline: self.deadline };
        let words = dictionaries.words().map_err(failed)?;
        self.effort.look(dictionaries.looks(pattern, words), words, span)?;
        let terms = in_time(self.deadline, dictionaries.expand(pattern).map_err(failed)?)?;
        let is_limited = self.role != Role::Filter;
        if is_limited && terms.len() > TERM_LIMIT {
            return Err(self.too_wide(text, terms.len(), span));
        }
        self.effort.found(terms.len(), is_limited, span)?;
        Ok(Spans::Any(terms.into_iter().map(Spans::Term).collect()))
    }

    fn too_wide(&self, text: &str, words: usize, span: Span) -> SearchError {
        let hint = match self.role {
            Role::Span => "give more letters: where each of the words stands has to be looked up",
            _ => "give more letters, or sort by date or id: a filter has no such limit",
        };
        let message = format!("{text} stands for {words} words; the limit is {TERM_LIMIT}");
        SearchError::query(message, span, Some(hint.to_owned()))
    }
}

/// Where the index has the words of a field, each with the field that it is a copy of; `None` for what is no copy.
pub(crate) fn places(
    fields: &Fields,
    lookup: Lookup,
    field: Option<Field>,
) -> Vec<(IndexField, Option<Field>)> {
    let title = (fields.title, Some(Field::Title));
    let lead = (fields.lead, Some(Field::Lead));
    match field {
        None if lookup.raw => vec![(fields.text, None), (fields.noise, None)],
        None | Some(Field::Body) => vec![(fields.text, None)],
        Some(Field::Title) => vec![title],
        Some(Field::Lead) => vec![lead],
        Some(Field::Hlead) => vec![title, lead],
        Some(Field::Caption) => vec![(fields.caption, field)],
        Some(Field::Author) => vec![(fields.author, field)],
        Some(Field::Outlet) => vec![(fields.outlet, field)],
        Some(Field::Path) => vec![(fields.path, field)],
        // These hold values, not words.
        Some(Field::Lang | Field::Id) => Vec::new(),
    }
}

/// The zones of the text that a field is about.
fn zones_of(field: Field) -> Option<&'static [Zone]> {
    match field {
        Field::Title => Some(&[Zone::Title]),
        Field::Lead => Some(&[Zone::Lead]),
        Field::Hlead => Some(&[Zone::Title, Zone::Lead]),
        Field::Body => Some(&[Zone::Lead, Zone::Body]),
        Field::Caption => Some(&[Zone::Caption]),
        Field::Author => Some(&[Zone::Author]),
        Field::Outlet | Field::Path | Field::Lang | Field::Id => None,
    }
}

/// Does it ask for sentences or paragraphs?
fn has_bounds(query: &Query) -> bool {
    match &query.node {
        Node::Sentence(..) | Node::Paragraph(..) => true,
        Node::Near { left, right, .. } => has_bounds(left) || has_bounds(right),
        Node::Field(_, inner) | Node::AtLeast(_, inner) => has_bounds(inner),
        Node::Or(clauses) => clauses.iter().any(has_bounds),
        _ => false,
    }
}

/// A field whose value is compared as a whole.
fn value(query: &Query, field: IndexField, normal: &dyn Fn(&str) -> String) -> Result<Plan, SearchError> {
    match &query.node {
        Node::Word(text) | Node::Phrase(text, 0) => Ok(Plan::Value(field, normal(text))),
        _ => {
            let message = "this field holds one value; it is compared as a whole";
            Err(SearchError::query(message, query.span, Some("write it out: lang:en".to_owned())))
        }
    }
}

fn fold_exactly(text: &str) -> String {
    text.to_lowercase()
}

/// The field that the words of a span query name, which is the same for all.
fn common_field(query: &Query) -> Option<Field> {
    match &query.node {
        Node::Field(field, _) => Some(*field),
        Node::Near { left, right, .. } | Node::Sentence(left, right) | Node::Paragraph(left, right) => {
            common_field(left).or_else(|| common_field(right))
        }
        Node::AtLeast(_, inner) => common_field(inner),
        Node::Or(clauses) => clauses.iter().find_map(common_field),
        _ => None,
    }
}

fn dates(filter: &DateFilter) -> Plan {
    let mut plans: Vec<Plan> = filter.ranges.iter().map(days).collect();
    if filter.undated {
        plans.push(Plan::Undated);
    }
    if plans.len() == 1 { plans.remove(0) } else { Plan::Any(plans) }
}

fn days(range: &DateRange) -> Plan {
    let number = |day: Day| Date::new(day.year, day.month, day.day).map(day_number).ok();
    Plan::Days { first: range.first.and_then(number), last: range.last.and_then(number) }
}

/// Folds the letters of a glob, keeping `*` and `?`.
fn fold_glob(glob: &str) -> String {
    glob.split_inclusive(['*', '?'])
        .map(|part| match part.strip_suffix(['*', '?']) {
            Some(word) => fold(word) + &part[word.len()..],
            None => fold(part),
        })
        .collect()
}
