//! What is made of the terms of the text while these are read: the pairs of frequent words, and the sketch.

use schema::{Fields, PairFinder, Sketch, Sketcher};
use segments::{Derive, Derived};

/// How the field of pairs and the column of sketches are filled.
pub(crate) fn derived(fields: &Fields) -> Derived {
    Derived {
        from: fields.text,
        to: fields.pairs,
        column: fields.sketch,
        make: || Box::new(PairsAndSketch::default()),
    }
}

#[derive(Default)]
struct PairsAndSketch {
    pairs: PairFinder,
    sketcher: Sketcher,
}

impl Derive for PairsAndSketch {
    fn take(&mut self, term: &[u8], hash: u32, position: u32, give: &mut dyn FnMut(&[u8], u32)) {
        self.pairs.take(term, position, give);
        self.sketcher.take(term, hash, position);
    }

    fn end(&mut self, give: &mut dyn FnMut(&[u8], u32)) -> Vec<u64> {
        self.pairs.end(give);
        self.sketcher.end().iter().flat_map(Sketch::numbers).collect()
    }
}
