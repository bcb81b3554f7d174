//! What lengths of articles do to scores.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::Bm25Weight;
use tantivy::{DocId, Score};

use crate::blocks::BLOCK;

/// The lengths of the articles of a block, as ids of tantivy's. Where there are fewer articles, the rest is 0.
#[inline]
pub(crate) fn lengths_of(docs: &[DocId], lengths: &FieldNormReader) -> [u8; BLOCK] {
    let mut of_docs = [0; BLOCK];
    of_docs.iter_mut().zip(docs).for_each(|(length, &doc)| *length = lengths.fieldnorm_id(doc));
    of_docs
}

/// Parameters of BM25 (Robertson and Zaragoza 2009), as tantivy has them.
const K1: f64 = 1.2;
const B: f64 = 0.75;

/// More than scores are rounded by, as a part of the most that a word can score.
const ROUNDING: f64 = 1e-6;

/// For each length, as an id of tantivy's, the frequency with which a word scores half of what it can: `k1 (1 - b + b length / average)`.
pub(crate) struct Norms([Score; 256]);

impl Norms {
    pub(crate) fn new(average_length: Score) -> Norms {
        let norm = |id| {
            let length = f64::from(FieldNormReader::id_to_fieldnorm(id));
            (K1 * (1.0 - B + B * length / f64::from(average_length))) as Score
        };
        Norms(std::array::from_fn(|id| norm(id as u8)))
    }

    /// Tells the frequencies of a word that are enough to score more than `least`, and perhaps a few that are not.
    pub(crate) fn enough(&self, least: f64, bm25: &Bm25Weight) -> Enough<'_> {
        // A word scores `most * frequency / (frequency + norm)`.
        let most = f64::from(bm25.score(0, u32::MAX));
        let part = least / most - ROUNDING;
        let times = if part < 1.0 { part / (1.0 - part) } else { f64::INFINITY };
        Enough { norms: self, times: times as Score }
    }
}

/// Frequencies that are enough.
#[derive(Clone, Copy)]
pub(crate) struct Enough<'a> {
    norms: &'a Norms,
    times: Score,
}

impl Enough<'_> {
    /// Puts the places of those articles of a block into `places` that have the word often enough; tells how many these are.
    #[inline]
    pub(crate) fn select(&self, lengths: &[u8], frequencies: &[u32], places: &mut [u8; BLOCK]) -> usize {
        let mut count = 0;
        for (at, (&length, &frequency)) in (0..).zip(lengths.iter().zip(frequencies)) {
            // It is written in any case: a branch here would be guessed wrong too often.
            places[count % BLOCK] = at;
            count += usize::from(self.is_enough(length, frequency));
        }
        count
    }

    #[inline]
    pub(crate) fn is_enough(&self, length: u8, frequency: u32) -> bool {
        frequency as Score > self.norms.0[usize::from(length)] * self.times
    }

    /// Is one mention enough in an article of the average length, and so in most articles?
    #[inline]
    pub(crate) fn lets_most_pass(&self) -> bool {
        1.0 > K1 as Score * self.times
    }

    /// Those of which twice as many are enough.
    pub(crate) fn of_half(self) -> Self {
        Enough { times: self.times / 2.0, ..self }
    }

    /// The least of them, or `u32::MAX` where none is.
    #[inline]
    pub(crate) fn least(&self, length: u8) -> u32 {
        // What is less than 0 becomes 0, and what is too much the greatest number.
        ((self.norms.0[usize::from(length)] * self.times) as u32).saturating_add(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_scores_enough_is_enough_and_what_scores_less_mostly_is_not() {
        let average_length = 517.3;
        let bm25 = Bm25Weight::for_one_term_without_explain(1_234, 41_015, average_length);
        let norms = Norms::new(average_length);
        let (mut passed, mut scored) = (0, 0);
        let most = f64::from(bm25.score(0, u32::MAX));
        for least in (-1..40).map(|part| f64::from(part) * most / 39.0) {
            let enough = norms.enough(least, &bm25);
            for length in 0..=255 {
                for frequency in [1, 2, 3, 5, 9, 33, 254, 1_000_000, u32::MAX] {
                    let scores_enough = f64::from(bm25.score(length, frequency)) > least;
                    let is_enough = enough.is_enough(length, frequency);
                    assert!(is_enough || !scores_enough, "{length} {frequency} {least}");
                    if frequency <= 1 << 24 {
                        assert_eq!(
                            is_enough,
                            frequency >= enough.least(length),
                            "{length} {frequency} {least}"
                        );
                    }
                    passed += u32::from(is_enough);
                    scored += u32::from(scores_enough);
                }
            }
        }
        assert!(passed - scored < scored / 100, "{passed} {scored}");
    }
}
