use syntax::Span;

/// How a query was understood and answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The query in canonical form, every default written out.
    pub reading: String,
    /// The terms looked up, indented as a tree, one line each.
    pub plan: Vec<String>,
    /// The clauses with their counts, in the order of the query.
    pub clauses: Vec<ClauseCount>,
    /// How many articles match.
    pub total: u64,
    /// Why an article has its score, where one was named.
    pub score: Option<ScoreExplanation>,
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

/// A score as a sum.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreExplanation {
    /// The article.
    pub id: String,
    /// Does the article match the query at all?
    pub matches: bool,
    /// The sum; 0 where it does not match.
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
