//! Articles by their id, or by where they were read from.

use std::collections::BinaryHeap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use article::{Article, Place};
use engine::SearchError;
use schema::{Card, alive, source_key};
use tantivy::DocAddress;
use tantivy::schema::{IndexRecordOption, Term};

use crate::local::LocalEngine;

/// The articles that a name stands for, in the order of the index.
pub(crate) struct Named {
    pub(crate) addresses: Vec<DocAddress>,
    /// The file, if the name is one.
    file: PathBuf,
}

impl LocalEngine {
    /// The articles of this id or path. Where there are none and the name is `path:line`, as hits are printed, those of this place.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(crate) fn named(&self, name: &OsStr) -> Result<Named, SearchError> {
        let file = article::absolute(Path::new(name));
        let id = name.to_str().map(article::id_of_name);
        let mut terms = Vec::from_iter(id.map(|id| Term::from_field_text(self.fields.id, &id)));
        terms.push(self.source_term(&file));
        let addresses = self.addresses(&terms)?;
        match name.to_str().and_then(place_named) {
            Some(place) if addresses.is_empty() => {
                Ok(Named { addresses: self.addresses_at(&place)?, file: place.path })
            }
            _ => Ok(Named { addresses, file }),
        }
    }

    /// The articles of this id, path or place, at most `limit`: the first in the order of the file. The index has them in another, so
    /// that all that have the name are looked at.
    pub(crate) fn find_articles(&self, name: &OsStr, limit: usize) -> Result<Vec<Article>, SearchError> {
        let named = self.named(name)?;
        let mut first: BinaryHeap<(Place, DocAddress)> = BinaryHeap::new();
        for &address in &named.addresses {
            first.push((self.place_of(address, &named)?, address));
            if first.len() > limit {
                first.pop();
            }
        }
        let first = first.into_sorted_vec().into_iter();
        first
            .map(|(_, address)| self.fetch(address)?.into_article().map_err(|error| self.damaged(error)))
            .collect()
    }

    /// Where an article of a name stands in the file of that name, or the archive; in the first place it was read from where it is not
    /// of that file.
    pub(crate) fn place_of(&self, address: DocAddress, named: &Named) -> Result<Place, SearchError> {
        let mut places = self.card(address)?.places();
        let inside = places.iter().filter(|place| place.path.starts_with(&named.file));
        Ok(inside.min().cloned().unwrap_or_else(|| places.swap_remove(0)))
    }

    /// The articles of a file that start at a line, or else the one that has it among its lines.
    fn addresses_at(&self, at: &Place) -> Result<Vec<DocAddress>, SearchError> {
        let mut there = Vec::new();
        let mut before: Option<(u32, DocAddress)> = None;
        for address in self.addresses(&[self.source_term(&at.path)])? {
            let card = self.card(address)?;
            for place in card.places().into_iter().filter(|place| place.path == at.path) {
                if place.line == at.line {
                    there.push(address);
                } else if card.file_lines && place.line < at.line {
                    before = before.max(Some((place.line, address)));
                }
            }
        }
        if let (true, Some((line, address))) = (there.is_empty(), before)
            && self.lines(address)? > at.line - line
        {
            there.push(address);
        }
        Ok(there)
    }

    /// The articles that have one of these terms, each once, in their order.
    fn addresses(&self, terms: &[Term]) -> Result<Vec<DocAddress>, SearchError> {
        let mut addresses = Vec::new();
        let pushed = terms.iter().try_for_each(|term| self.push_addresses(term, &mut addresses));
        pushed.map_err(|error| self.failed("looking up an article", error))?;
        // One whose id is also its path has both terms.
        addresses.sort_unstable();
        addresses.dedup();
        Ok(addresses)
    }

    fn push_addresses(&self, term: &Term, addresses: &mut Vec<DocAddress>) -> tantivy::Result<()> {
        for (ordinal, segment) in self.searcher.segment_readers().iter().enumerate() {
            let index = segment.inverted_index(term.field())?;
            let Some(postings) = index.read_postings(term, IndexRecordOption::Basic)? else { continue };
            let docs = alive(segment, postings);
            addresses.extend(docs.map(|doc| DocAddress::new(ordinal as u32, doc)));
        }
        Ok(())
    }

    fn source_term(&self, path: &Path) -> Term {
        Term::from_field_text(self.fields.source, &source_key::to_text(path))
    }

    fn card(&self, address: DocAddress) -> Result<Card, SearchError> {
        Card::open(&self.segment(address).store, address.doc_id).map_err(|error| self.damaged(error))
    }

    /// How many lines the text of an article has.
    fn lines(&self, address: DocAddress) -> Result<u32, SearchError> {
        let article = self.fetch(address)?.into_article().map_err(|error| self.damaged(error))?;
        Ok(article.lines.len() as u32)
    }
}

/// What `path:line` names, if it is that.
fn place_named(name: &str) -> Option<Place> {
    let (path, line) = name.rsplit_once(':')?;
    let is_number = line.bytes().all(|byte| byte.is_ascii_digit());
    let line = line.parse().ok().filter(|_| is_number && !path.is_empty())?;
    Some(Place { path: article::absolute(Path::new(path)), line })
}
