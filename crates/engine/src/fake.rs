//! An engine without an index: it reads every article for every query. It knows words, AND, OR, NOT and
//! phrases of plain ASCII words, which is what the conformance scenarios ask for.

use std::time::{Duration, Instant};

use article::Article;
use syntax::{Node, Query};

use crate::{
    Engine, Explanation, Hit, Lookup, SearchError, SearchRequest, SearchResponse, Sort, Stats, Total,
};

/// Articles in memory, searched by reading them.
#[derive(Clone, Debug, Default)]
pub struct Fake {
    articles: Vec<Article>,
}

impl Fake {
    /// An engine over these articles.
    pub fn new(articles: Vec<Article>) -> Fake {
        Fake { articles }
    }

    fn matching(&self, query: &Query) -> Result<Vec<(&Article, usize)>, SearchError> {
        let mut found = Vec::new();
        for article in &self.articles {
            let words = words(&article.text);
            if let Some(mentions) = mentions(query, &words)? {
                found.push((article, mentions));
            }
        }
        Ok(found)
    }
}

/// How often the words of a query stand in a text, or `None` where the text does not match.
fn mentions(query: &Query, text: &[String]) -> Result<Option<usize>, SearchError> {
    match &query.node {
        Node::Word(word) => Ok(occurrences(&words(word), text)),
        Node::Phrase(phrase, 0) => Ok(occurrences(&words(phrase), text)),
        Node::Not(inner) => Ok(mentions(inner, text)?.is_none().then_some(0)),
        Node::And(clauses) => {
            clauses.iter().map(|clause| mentions(clause, text)).sum::<Result<Option<usize>, _>>()
        }
        Node::Or(clauses) => {
            let counts: Result<Vec<_>, _> = clauses.iter().map(|clause| mentions(clause, text)).collect();
            Ok(counts?.into_iter().flatten().reduce(|a, b| a + b))
        }
        _ => Err(SearchError::query("the fake engine knows words, phrases and booleans", query.span, None)),
    }
}

fn occurrences(phrase: &[String], text: &[String]) -> Option<usize> {
    let count = text.windows(phrase.len().max(1)).filter(|window| *window == phrase).count();
    (count > 0).then_some(count)
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn hit(article: &Article, mentions: usize) -> Hit {
    Hit {
        score: Some(mentions as f32),
        id: article.id.clone(),
        source: article.source.clone(),
        title: article.headline.clone().unwrap_or_else(|| article.text.chars().take(80).collect()),
        has_headline: article.headline.is_some(),
        date: article.date,
        authors: article.authors.clone(),
        outlet: article.outlet.clone(),
        language: article.language.clone(),
        url: article.url.clone(),
        fragments: Vec::new(),
    }
}

impl Engine for Fake {
    fn search(&self, request: &SearchRequest) -> Result<SearchResponse, SearchError> {
        let start = Instant::now();
        let found = self.matching(&request.query)?;
        let undated = found.iter().filter(|(article, _)| article.date.is_none()).count() as u64;
        let mut hits: Vec<Hit> = found.iter().map(|(article, mentions)| hit(article, *mentions)).collect();
        hits.sort_by(|a, b| a.id.cmp(&b.id));
        match request.sort {
            Sort::Score => hits.sort_by(|a, b| b.score.unwrap_or(0.0).total_cmp(&a.score.unwrap_or(0.0))),
            Sort::DateAscending => hits.sort_by_key(|hit| (hit.date.is_none(), hit.date)),
            Sort::DateDescending => hits.sort_by_key(|hit| std::cmp::Reverse(hit.date)),
            Sort::Id => {}
        }
        let total = request.count.then_some(Total { articles: hits.len() as u64, undated });
        let hits = hits.into_iter().skip(request.offset).take(request.limit).collect();
        let took: Duration = start.elapsed();
        Ok(SearchResponse { hits, total, took, phases: None })
    }

    fn count(&self, query: &Query, _lookup: Lookup) -> Result<u64, SearchError> {
        Ok(self.matching(query)?.len() as u64)
    }

    fn explain(&self, query: &Query, lookup: Lookup, _id: Option<&str>) -> Result<Explanation, SearchError> {
        let total = self.count(query, lookup)?;
        let reading = query.to_string();
        Ok(Explanation { reading, plan: Vec::new(), clauses: Vec::new(), total, score: None })
    }

    fn articles(&self, id_or_path: &str, limit: usize) -> Result<Vec<Article>, SearchError> {
        let named =
            |article: &&Article| article.id == id_or_path || article.source.path.to_str() == Some(id_or_path);
        Ok(self.articles.iter().filter(named).take(limit).cloned().collect())
    }

    fn stats(&self) -> Result<Stats, SearchError> {
        let undated = self.articles.iter().filter(|article| article.date.is_none()).count() as u64;
        Ok(Stats { articles: self.articles.len() as u64, undated, ..Stats::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::Fake;

    #[test]
    fn the_fake_keeps_the_contract() {
        crate::conformance::check(&|articles| Box::new(Fake::new(articles)));
    }
}
