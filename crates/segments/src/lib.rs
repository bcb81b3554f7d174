//! Documents to segments of the engine, in a third of the time that its own writer takes.
//!
//! The engine looks up every token in a hash table of all terms and appends its position to a list of blocks that lie anywhere in
//! memory; its threads build a segment each, which are merged afterwards. Here all threads add to one [`Writer`], which
//!
//! 1. inverts a document alone, in tables that fit into a processor's cache ([`inverter`]), so that each of its terms is looked up once
//!    among those of the segment;
//! 2. appends what came out to a few lists of bytes for each field of the segment, one for each part of the alphabet, document after
//!    document ([`draft`]);
//! 3. turns such a list around when the segment is full, by counting: first how much room each term needs, then everything to its place
//!    ([`turned`]), a range of terms at a time, while another thread writes the range before ([`postings`]) and a third one the dictionary
//!    ([`dictionary`]).
//!    (A. Moffat, "Economical inversion of large text files", Computing Systems 5, 1992: two passes, of which the first counts.)
//!
//! Before that, the documents can be put into an order in which like ones stand together ([`bisection`]).
//!
//! The files are, byte for byte, those that the engine would have written. Commits, deletions and merges are left to it.
//!
//! This crate knows neither what an article is nor how text becomes tokens.

mod bisection;
mod deletion;
mod dictionary;
mod draft;
mod inverter;
mod numbers;
mod postings;
mod segment;
mod terms;
mod turned;
mod writer;

pub use bisection::{ForwardIndex, is_telling, order};
pub use inverter::{Analyze, Derive, Derived};
pub use terms::hash as term_hash;
pub use writer::{Alike, Finished, Options, Writer, engine_writer};
