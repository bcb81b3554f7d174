//! The pairs of frequent words, made of the tokens of the text while these are read.

use schema::{Fields, PairFinder};
use segments::{Derive, Derived};

/// How the field of pairs is filled.
pub(crate) fn pairs(fields: &Fields) -> Derived {
    Derived { from: fields.text, to: fields.pairs, make: || Box::new(Pairs::default()) }
}

#[derive(Default)]
struct Pairs(PairFinder);

impl Derive for Pairs {
    fn take(&mut self, token: &[u8], position: u32, give: &mut dyn FnMut(&[u8], u32)) {
        self.0.take(token, position, give);
    }

    fn end(&mut self, give: &mut dyn FnMut(&[u8], u32)) {
        self.0.end(give);
    }
}
