use article::Place;
use syntax::Span;

/// How a query was understood and answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The query in canonical form, every default written out.
    pub reading: String,
    /// How it is run, as a tree, from the top.
    pub plan: Vec<PlanLine>,
    /// The clauses with their counts, in the order of the query.
    pub clauses: Vec<ClauseCount>,
    /// How many articles match.
    pub total: u64,
    /// Why an article has its score, where one was named.
    pub score: Option<ScoreExplanation>,
}

/// A step of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanLine {
    /// How deep it stands in the tree, from 0.
    pub depth: usize,
    /// What is looked up.
    pub text: String,
    /// How many articles it was expected to visit, from the lengths of posting lists.
    pub estimated: u64,
    /// How many articles match it.
    pub actual: u64,
}

/// A clause and how many articles match it alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseCount {
    /// The clause in canonical form.
    pub clause: String,
    /// Its place in the query.
    pub span: Span,
    /// Articles that match it.
    pub articles: u64,
}

/// A score as a sum. Of several articles of one name (a file of many, or records that share an id), it is that of the one that matches
/// best, of any of them where none matches.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreExplanation {
    /// The article.
    pub id: String,
    /// Where it was read from.
    pub place: Place,
    /// How many articles have the name that was given, this one included.
    pub named: u64,
    /// How many of those match the query.
    pub matching: u64,
    /// The sum; 0 where none matches.
    pub score: f32,
    /// What it is the sum of.
    pub parts: Vec<Part>,
}

/// One summand of a score.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The clause in canonical form.
    pub clause: String,
    /// What it adds.
    pub score: f32,
    /// The numbers it comes from, with the formula: `idf 1.29 × tf 0.71 (…)`.
    pub formula: String,
}
