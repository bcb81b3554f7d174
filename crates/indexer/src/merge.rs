//! One article with all its places, where a run met copies or took some of the places away.
//!
//! Such an article is deleted and added again, from what is stored of it or was set aside, in the commit of the run. Everything
//! else has been added and deleted before, so the engine's order of operations is that of a run without copies.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use schema::{Content, Fields, Origin};
use segments::Writer;
use tantivy::DocAddress;

use crate::committed::Committed;
use crate::copies::Withheld;
use crate::ledger::Ledger;
use crate::parallel;

/// Everything a thread needs.
pub(crate) struct Merge<'a> {
    pub(crate) committed: &'a Committed,
    pub(crate) writer: &'a Writer,
    pub(crate) fields: &'a Fields,
    /// As of the next commit.
    pub(crate) ledger: &'a Ledger,
    /// Keys of records that are in the index and shall not be.
    pub(crate) gone: &'a HashSet<u64>,
    pub(crate) threads: usize,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Merged {
    /// Records added to articles that are in the index already, or came up before in the run.
    pub(crate) duplicates: u64,
    /// Records taken from articles that stay with others.
    pub(crate) left: u64,
}

/// An article to write anew.
enum Job {
    /// With the records of the run.
    Content(Content, Vec<Origin>),
    /// It has lost records.
    Article(DocAddress),
}

impl Merge<'_> {
    /// Writes all articles anew whose places have changed.
    pub(crate) fn run(&self, mut withheld: Withheld) -> tantivy::Result<Merged> {
        let origins = std::mem::take(&mut withheld.origins);
        let done = Mutex::new(origins.keys().copied().collect::<HashSet<_>>());
        let lost = self.articles_that_lost()?;
        let jobs = origins.into_iter().map(|(content, origins)| Job::Content(content, origins));
        let jobs: Vec<Job> = jobs.chain(lost.into_iter().map(Job::Article)).collect();
        let sum = Mutex::new(Merged::default());
        parallel::each(jobs.into_iter(), self.threads, |job| {
            let merged = self.carry_out(job, &withheld, &done)?;
            let mut sum = sum.lock().unwrap_or_else(PoisonError::into_inner);
            sum.duplicates += merged.duplicates;
            sum.left += merged.left;
            Ok(())
        })?;
        Ok(sum.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// Articles of several places that have lost any.
    fn articles_that_lost(&self) -> tantivy::Result<HashSet<DocAddress>> {
        let mut lost = HashSet::new();
        for &key in self.gone {
            self.committed.of_several_places(key, &mut |address| {
                lost.insert(address);
            })?;
        }
        Ok(lost)
    }

    fn carry_out(
        &self,
        job: Job,
        withheld: &Withheld,
        done: &Mutex<HashSet<Content>>,
    ) -> tantivy::Result<Merged> {
        match job {
            Job::Content(content, origins) => self.write(content, origins, withheld),
            Job::Article(address) => {
                let (article, _) = self.committed.read(address, self.ledger)?;
                let is_first = done.lock().unwrap_or_else(PoisonError::into_inner).insert(article.content());
                if is_first {
                    self.write(article.content(), Vec::new(), withheld)
                } else {
                    Ok(Merged::default())
                }
            }
        }
    }

    /// Writes the article of a content with its old places, but for those that are gone, and new ones.
    fn write(
        &self,
        content: Content,
        mut origins: Vec<Origin>,
        withheld: &Withheld,
    ) -> tantivy::Result<Merged> {
        let new = origins.len() as u64;
        let (mut before, mut stored) = (0, None);
        for address in self.committed.of_content(content)? {
            let (article, old) = self.committed.read(address, self.ledger)?;
            before += old.len() as u64;
            origins.extend(old.into_iter().filter(|origin| !self.gone.contains(&origin.key)));
            stored = Some(article);
        }
        let kept = origins.len() as u64 - new;
        self.writer.delete_term(content.term(self.fields))?;
        if !origins.is_empty() {
            let article = stored.map_or_else(|| withheld.article(content), Ok)?;
            self.writer.add_document(&article.document(origins, self.fields))?;
        }
        let duplicates = if kept > 0 { new } else { new.saturating_sub(1) };
        Ok(Merged { duplicates, left: if kept > 0 { before - kept } else { 0 } })
    }
}
