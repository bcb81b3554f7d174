//! An engine without an index: it reads every article for every query. It knows words, AND, OR, NOT, XRANK and
//! phrases of plain ASCII words, which is what the conformance scenarios ask for.

use std::collections::{BTreeMap, HashSet};
use std::ffi::OsStr;
use std::time::{Duration, Instant};

use article::{Article, Source};
use syntax::{Node, Query};

use crate::{
    Cluster, Copies, CopiesRequest, Engine, Explanation, Hit, Lookup, Member, SearchError, SearchRequest,
    SearchResponse, Sort, Stats, Total,
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

    /// The hits without those that are copies of an earlier one.
    fn fold(&self, mut hits: Vec<Hit>) -> Vec<Hit> {
        let article = |hit: &Hit| self.articles.iter().find(|article| article.source == hit.source);
        let firsts = first_copies(&hits.iter().filter_map(article).collect::<Vec<_>>(), false);
        for (place, hit) in hits.iter_mut().enumerate() {
            hit.copies = Some(firsts.iter().filter(|first| **first == place).count() as u64)
                .filter(|count| *count > 0);
        }
        hits.retain_mut(|hit| {
            hit.copies = hit.copies.map(|count| count - 1);
            hit.copies.is_some()
        });
        hits
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
        Node::Prefer(wanted, bonus) => {
            let bonus = mentions(bonus, text)?.unwrap_or(0);
            Ok(mentions(wanted, text)?.map(|wanted| wanted + bonus))
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

/// Words of the runs that copies share.
const SHINGLE: usize = 4;

/// The part of the runs of words of the shorter text that the longer one has.
fn overlap(a: &Article, b: &Article) -> f32 {
    let (a, b) = (words(&a.text), words(&b.text));
    let runs = |words: &'_ [String]| words.windows(SHINGLE).map(<[String]>::to_vec).collect::<HashSet<_>>();
    let (a, b) = (runs(&a), runs(&b));
    let shorter = a.len().min(b.len());
    if shorter == 0 { 0.0 } else { a.intersection(&b).count() as f32 / shorter as f32 }
}

fn is_exact_copy(a: &Article, b: &Article) -> bool {
    a.id == b.id && a.text == b.text
}

/// For each article the first that it is a copy of, or a copy of a copy.
fn first_copies(articles: &[&Article], exact: bool) -> Vec<usize> {
    let mut firsts: Vec<usize> = (0..articles.len()).collect();
    for b in 0..articles.len() {
        for a in 0..b {
            let (one, other) = (articles[a], articles[b]);
            if if exact { is_exact_copy(one, other) } else { overlap(one, other) >= 0.5 } {
                let (low, high) = (firsts[a].min(firsts[b]), firsts[a].max(firsts[b]));
                firsts.iter_mut().filter(|first| **first == high).for_each(|first| *first = low);
            }
        }
    }
    firsts
}

fn member(article: &Article, first: &Article) -> Member {
    Member {
        id: article.id.clone(),
        source: article.source.clone(),
        title: hit(article, 0).title,
        date: article.date,
        exact: is_exact_copy(first, article),
        overlap: overlap(first, article),
    }
}

fn hit(article: &Article, mentions: usize) -> Hit {
    Hit {
        score: Some(mentions as f32),
        id: article.id.clone(),
        source: article.source.clone(),
        also: article.also.clone(),
        title: article.headline.clone().unwrap_or_else(|| article.text.chars().take(80).collect()),
        has_headline: article.headline.is_some(),
        date: article.date,
        authors: article.authors.clone(),
        outlet: article.outlet.clone(),
        language: article.language.clone(),
        url: article.url.clone(),
        copies: None,
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
        let articles = hits.len() as u64;
        if request.fold {
            hits = self.fold(hits);
        }
        let folded = request.fold.then_some(hits.len() as u64);
        let total = request.count.then_some(Total { articles, undated, folded });
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

    fn articles(&self, name: &OsStr, limit: usize) -> Result<Vec<Article>, SearchError> {
        let is_place =
            |source: &Source| name == format!("{}:{}", source.path.display(), source.line).as_str();
        let named = |article: &&Article| {
            name == article.id.as_str() || article.source.path == name || is_place(&article.source)
        };
        Ok(self.articles.iter().filter(named).take(limit).cloned().collect())
    }

    fn copies(&self, request: &CopiesRequest) -> Result<Copies, SearchError> {
        let mut articles: Vec<&Article> = self.articles.iter().collect();
        articles.sort_by_key(|article| {
            (article.date.is_none(), article.date, &article.source.path, article.source.line)
        });
        let mut clusters: BTreeMap<usize, Vec<Member>> = BTreeMap::new();
        for (article, first) in articles.iter().zip(first_copies(&articles, request.exact)) {
            clusters.entry(first).or_default().push(member(article, articles[first]));
        }
        let mut clusters: Vec<Cluster> = clusters
            .into_values()
            .filter(|articles| articles.len() > 1)
            .map(|articles| Cluster { articles })
            .collect();
        clusters.sort_by_key(|cluster| std::cmp::Reverse(cluster.articles.len()));
        let (count, articles) =
            (clusters.len(), clusters.iter().map(|cluster| cluster.articles.len()).sum::<usize>());
        clusters.truncate(request.limit);
        Ok(Copies { clusters, count: count as u64, articles: articles as u64 })
    }

    fn stats(&self) -> Result<Stats, SearchError> {
        let undated = self.articles.iter().filter(|article| article.date.is_none()).count() as u64;
        let articles = self.articles.len() as u64;
        let places = self.articles.iter().map(|article| 1 + article.also.len() as u64).sum();
        Ok(Stats { articles, places, undated, ..Stats::default() })
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
