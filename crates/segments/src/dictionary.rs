//! The dictionary of each field: its terms, and where the postings of each lie.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use tantivy::Segment;
use tantivy::directory::CompositeWrite;
use tantivy::index::SegmentComponent;
use tantivy::postings::TermInfo;
use tantivy::schema::Field;
use tantivy::termdict::TermDictionaryBuilder;

use crate::turned::Turned;

/// What is told of the terms of a field, while their postings are written.
pub(crate) struct Listing<'a> {
    pub(crate) field: Field,
    pub(crate) turned: Arc<Turned<'a>>,
    /// Where the postings of each term lie, in the order of the terms, of some at a time.
    pub(crate) infos: Receiver<Vec<TermInfo>>,
}

/// Of so many terms it is told at once, or fewer.
pub(crate) const TERMS_AT_ONCE: usize = 512;

/// Writes the dictionaries of all fields.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn write_dictionaries(listings: Receiver<Listing<'_>>, segment: &Segment) -> tantivy::Result<()> {
    let mut file = CompositeWrite::wrap(segment.open_write(SegmentComponent::Terms)?);
    for Listing { field, turned, infos } in listings {
        let mut dictionary = TermDictionaryBuilder::create(file.for_field(field))?;
        for (term, info) in turned.terms().zip(infos.into_iter().flatten()) {
            dictionary.insert(term, &info)?;
        }
        dictionary.finish()?;
    }
    Ok(file.close()?)
}
