//! Where a term stands.

use tantivy::index::SegmentId;
use tantivy::postings::TermInfo;
use tantivy::schema::Field;
use tantivy::{DocId, Searcher, SegmentReader, TERMINATED};

use super::phrase::Part;
use crate::blocks::first_from;
use crate::postings::{Files, Positions, Postings, look_up};

/// A word, and where its postings and positions are in a segment.
pub(super) type FoundWord<'a> = (&'a Part, TermInfo);

/// Terms of a field as they were found in the dictionaries of all segments.
pub(super) struct KnownTerms {
    field: Field,
    /// With those segments that have them.
    terms: Vec<(String, Vec<(SegmentId, TermInfo)>)>,
}

impl KnownTerms {
    pub(super) fn new(field: Field) -> KnownTerms {
        KnownTerms { field, terms: Vec::new() }
    }

    /// Looks up a term, which is known from then on; tells in how many articles it is.
    pub(super) fn look_up(&mut self, term: &str, searcher: &Searcher) -> tantivy::Result<u64> {
        let mut found = Vec::with_capacity(searcher.segment_readers().len());
        for segment in searcher.segment_readers() {
            found.extend(look_up(segment, self.field, term)?.map(|info| (segment.segment_id(), info)));
        }
        let articles = found.iter().map(|(_, info)| u64::from(info.doc_freq)).sum();
        self.terms.push((term.to_owned(), found));
        Ok(articles)
    }

    /// What a segment is known to have of a word.
    fn get(&self, word: &Part, segment: &SegmentReader) -> Option<&TermInfo> {
        // To find one of very many would take longer than to look it up.
        const MANY: usize = 32;
        if word.field != self.field || self.terms.len() > MANY {
            return None;
        }
        let (_, found) = self.terms.iter().find(|(term, _)| *term == word.term)?;
        found.iter().find(|(id, _)| *id == segment.segment_id()).map(|(_, info)| info)
    }
}

/// Looks up words that are not known, and puts all in order from the rarest to the most frequent; `None` where one of them is in no article
/// of the segment.
pub(super) fn find<'a>(
    words: &'a [Part],
    segment: &SegmentReader,
    known: Option<&KnownTerms>,
) -> tantivy::Result<Option<Vec<FoundWord<'a>>>> {
    let mut found = Vec::with_capacity(words.len());
    for word in words {
        let info = match known.and_then(|known| known.get(word, segment)) {
            Some(info) => Some(info.clone()),
            None => look_up(segment, word.field, &word.term)?,
        };
        match info {
            Some(info) => found.push((word, info)),
            None => return Ok(None),
        }
    }
    found.sort_by_key(|(_, info)| info.doc_freq);
    Ok(Some(found))
}

/// A walk over the articles that have a term, which tells where it stands in them.
///
/// # Panics
/// Where a file is damaged, as tantivy does on damaged postings: scorers cannot return errors, and the engine makes one of the panic.
#[derive(Clone)]
pub(super) struct Occurrences {
    postings: Postings,
    positions: Positions,
    /// The article, and where it stands in its block.
    doc: DocId,
    block: usize,
    at: usize,
    /// The last article of the block.
    last: DocId,
    /// Of the articles of the block so many are added up, and how often they and all before have the term.
    summed: usize,
    mentions: u64,
    /// Positions in an article.
    here: Vec<u32>,
}

impl Occurrences {
    /// `None` where no article of the segment has the term.
    pub(super) fn open(
        term: &str,
        field: Field,
        segment: &SegmentReader,
        files: &Files,
    ) -> tantivy::Result<Option<Occurrences>> {
        let info = look_up(segment, field, term)?;
        info.map(|info| Occurrences::of(field, &info, segment, files)).transpose()
    }

    /// Of a term in a field that has been looked up.
    pub(super) fn of(
        field: Field,
        info: &TermInfo,
        segment: &SegmentReader,
        files: &Files,
    ) -> tantivy::Result<Occurrences> {
        let files = files.of(segment, field)?;
        let mut postings = Postings::open(files, info)?;
        let positions = Positions::open(files, info)?;
        let (doc, last) = (postings.docs(0)?.first().copied().unwrap_or(TERMINATED), postings.last(0));
        Ok(Occurrences {
            postings,
            positions,
            doc,
            block: 0,
            at: 0,
            last,
            summed: 0,
            mentions: 0,
            here: Vec::new(),
        })
    }

    /// In how many articles.
    pub(super) fn articles(&self) -> u32 {
        self.postings.articles()
    }

    /// Moves to the first article at or behind `target`, unless it is behind that already.
    #[inline]
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            self.doc = self.move_to(target).unwrap_or_else(|error| panic!("{error}"));
        }
        self.doc
    }

    fn move_to(&mut self, target: DocId) -> tantivy::Result<DocId> {
        // So many articles are looked at one after the other before the block is searched.
        const NEAR: usize = 8;
        if self.last < target {
            self.block = self.postings.block_of(self.block, target);
            self.last = self.postings.last(self.block);
            self.at = 0;
            (self.summed, self.mentions) = (0, self.postings.mentions_before(self.block));
        } else {
            self.at += 1;
        }
        let docs = self.postings.docs(self.block)?;
        self.at = match docs.get(self.at..).unwrap_or_default() {
            [next, ..] if *next >= target => self.at,
            rest if rest.get(NEAR).is_some_and(|&doc| doc < target) => {
                self.at + rest.partition_point(|&doc| doc < target)
            }
            _ => first_from(docs, self.at, target),
        };
        Ok(docs.get(self.at).copied().unwrap_or(TERMINATED))
    }

    /// How often in an article, as zones weigh it.
    pub(super) fn frequency(&mut self, doc: DocId) -> u32 {
        if self.seek(doc) != doc {
            return 0;
        }
        let (_, frequencies) = self.postings.block(self.block).unwrap_or_else(|error| panic!("{error}"));
        frequencies[self.at]
    }

    /// The positions in an article; none where the article does not have the term.
    pub(super) fn at(&mut self, doc: DocId) -> &[u32] {
        self.here.clear();
        if self.seek(doc) == doc {
            self.read().unwrap_or_else(|error| panic!("{error}"));
        }
        &self.here
    }

    fn read(&mut self) -> tantivy::Result<()> {
        let (_, frequencies) = self.postings.block(self.block)?;
        self.mentions += frequencies[self.summed..self.at].iter().map(|&times| u64::from(times)).sum::<u64>();
        self.summed = self.at;
        self.positions.read(self.mentions, frequencies[self.at], &mut self.here)?;
        Ok(())
    }
}

/// Moves so many walks to the first article at or behind `target` that all of them have; `seek` moves one, by its number. The
/// walk that has the fewest articles should be the first.
#[inline]
pub(super) fn seek_together(
    walks: usize,
    target: DocId,
    mut seek: impl FnMut(usize, DocId) -> DocId,
) -> DocId {
    let mut candidate = target;
    'candidate: while candidate != TERMINATED {
        for walk in 0..walks {
            let doc = seek(walk, candidate);
            if doc != candidate {
                candidate = doc;
                continue 'candidate;
            }
        }
        break;
    }
    candidate
}
