//! Articles by their id or by where they were read from.

use std::collections::BinaryHeap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use article::Article;
use engine::SearchError;
use schema::{Card, alive, source_key};
use tantivy::DocAddress;
use tantivy::schema::{IndexRecordOption, Term};

use crate::local::LocalEngine;

impl LocalEngine {
    /// The articles that have one of these terms, at most `limit`.
    pub(crate) fn addresses(&self, terms: &[Term], limit: usize) -> tantivy::Result<Vec<DocAddress>> {
        let mut addresses = Vec::new();
        for (ordinal, segment) in self.searcher.segment_readers().iter().enumerate() {
            for term in terms {
                let index = segment.inverted_index(term.field())?;
                let Some(postings) = index.read_postings(term, IndexRecordOption::Basic)? else { continue };
                let left = limit - addresses.len();
                let docs = alive(segment, postings).take(left);
                addresses.extend(docs.map(|doc| DocAddress::new(ordinal as u32, doc)));
            }
        }
        Ok(addresses)
    }

    /// The terms under which an article of this id, or from this path, is found.
    pub(crate) fn name_terms(&self, id_or_path: &OsStr) -> Vec<Term> {
        let id = id_or_path.to_str().map(article::id_of_name);
        let mut terms = Vec::from_iter(id.map(|id| Term::from_field_text(self.fields.id, &id)));
        let path = article::absolute(Path::new(id_or_path));
        terms.push(Term::from_field_text(self.fields.source, &source_key::to_text(&path)));
        terms
    }

    /// The articles of this id or path, at most `limit`: the first in the order of the file. The index has them in another, so that all
    /// that have the name are looked at.
    pub(crate) fn find_articles(
        &self,
        id_or_path: &OsStr,
        limit: usize,
    ) -> Result<Vec<Article>, SearchError> {
        let path = article::absolute(Path::new(id_or_path));
        let addresses = self.addresses(&self.name_terms(id_or_path), usize::MAX);
        let mut addresses = addresses.map_err(|error| self.failed("looking up an article", error))?;
        // One whose id is also its path has both terms.
        addresses.sort_unstable();
        addresses.dedup();
        let mut first: BinaryHeap<((PathBuf, u32), DocAddress)> = BinaryHeap::new();
        for address in addresses {
            first.push((self.place_in(address, &path)?, address));
            if first.len() > limit {
                first.pop();
            }
        }
        let first = first.into_sorted_vec().into_iter();
        first
            .map(|(_, address)| self.fetch(address)?.into_article().map_err(|error| self.damaged(error)))
            .collect()
    }

    /// Where an article stands in a file, or an archive; in the first place it was read from where it is not of that file.
    fn place_in(&self, address: DocAddress, file: &Path) -> Result<(PathBuf, u32), SearchError> {
        let card = Card::open(&self.segment(address).store, address.doc_id);
        let places = card.map_err(|error| self.damaged(error))?.places();
        let inside = places.iter().filter(|place| place.path.starts_with(file));
        let place = inside.min_by_key(|place| (&place.path, place.line)).unwrap_or(&places[0]);
        Ok((place.path.clone(), place.line))
    }
}
