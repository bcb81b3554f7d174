//! Two words near each other, in articles taken in any order.
//!
//! A walk reads the postings again to come to the positions of an article. Whoever has read all postings of a word already knows
//! where the positions stand: behind those of all articles before.

use tantivy::directory::{CompositeFile, FileSlice};
use tantivy::index::SegmentComponent;
use tantivy::positions::PositionReader;
use tantivy::postings::TermInfo;
use tantivy::{DocId, SegmentReader};

use super::Spans;
use super::interval::weight;
use super::pair::{Reach, Rule};
use super::scout::FoundWord;

/// Where the positions of a word in an article stand among those of all articles, and how many there are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub(super) before: u64,
    pub(super) frequency: u32,
}

/// Two words, and what holds between them.
pub(super) struct PlacedPair {
    /// As the scout has them: the rarer first.
    words: [Mentions; 2],
    /// The rarer one is the right one.
    is_swapped: bool,
    rule: Rule,
}

impl PlacedPair {
    /// For the words that the spans are made of, the rarer first. `None` where the spans are not of two words.
    pub(super) fn open(
        spans: &Spans,
        words: &[FoundWord<'_>],
        segment: &SegmentReader,
    ) -> tantivy::Result<Option<PlacedPair>> {
        let (left, ordered, reach) = match spans {
            Spans::Near { left, distance, ordered, .. } => (left, *ordered, Reach::Positions(*distance)),
            Spans::Within { left, bound, .. } => (left, false, Reach::within(*bound, segment)?),
            _ => return Ok(None),
        };
        let (Spans::Term(left), [(first, first_info), (_, second_info)]) = (&**left, words) else {
            return Ok(None);
        };
        let files = CompositeFile::open(&segment.open_read(SegmentComponent::Positions)?)?;
        let Some(file) = files.open_read(first.field) else { return Ok(None) };
        let words = [Mentions::open(&file, first_info)?, Mentions::open(&file, second_info)?];
        let is_swapped = first.term != *left;
        Ok(Some(PlacedPair { words, is_swapped, rule: Rule::new(ordered, reach) }))
    }

    /// As [`Walker::frequency`](super::Walker::frequency), of an article with these places.
    pub(super) fn frequency(&mut self, doc: DocId, places: [Place; 2], least: u32) -> u32 {
        let [first, second] = &mut self.words;
        let (first, second) = (first.at(places[0]), second.at(places[1]));
        let (left, right) = if self.is_swapped { (second, first) } else { (first, second) };
        weight(self.rule.spans(left, right, doc, least))
    }
}

/// The positions of a word in all articles.
struct Mentions {
    reader: PositionReader,
    positions: Vec<u32>,
}

impl Mentions {
    fn open(file: &FileSlice, info: &TermInfo) -> tantivy::Result<Mentions> {
        let bytes = file.slice(info.positions_range.clone()).read_bytes()?;
        Ok(Mentions { reader: PositionReader::open(bytes)?, positions: Vec::new() })
    }

    /// Those of one article.
    fn at(&mut self, place: Place) -> &[u32] {
        self.positions.resize(place.frequency as usize, 0);
        self.reader.read(place.before, &mut self.positions);
        let mut position = 0;
        for step in &mut self.positions {
            position += *step;
            *step = position;
        }
        &self.positions
    }
}
