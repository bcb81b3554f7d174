//! What an index looks like: its fields, how text becomes tokens, how an article becomes a document and
//! comes back, and the manifest that says by which rules an index was made.
//!
//! The index-time and the query-time analyzer are the same code, [`tokens()`]. This crate knows nothing of
//! queries, ranking or the terminal.

mod alive;
mod checksum;
mod commit;
mod damage;
mod document;
mod elision;
mod fields;
mod file;
mod fold;
mod layout;
mod manifest;
mod marked;
mod note;
mod pairs;
mod plain;
mod prepared;
mod seal;
mod sentences;
mod sketch;
pub mod source_key;
mod tokenizers;
mod tokens;
mod words;

pub use alive::alive;
pub use checksum::{checksums, first_damage};
pub use commit::{Commit, FileRow, META_FILE, Stamp};
pub use damage::{Damage, Fault};
pub use document::{Card, DecodeError, StoredArticle, day_number, day_of};
pub use fields::Fields;
pub use file::read_file;
pub use fold::fold;
pub use layout::{Layout, Row};
pub use manifest::{
    Generation, LOCK_FILE, MANIFEST_FILE, Manifest, ManifestError, OLDEST_VERSION, OlderIndex,
    SCHEMA_VERSION, state,
};
pub use marked::Zone;
pub use note::{Sentence, Sentences, paragraph_starts};
pub use pairs::{PairFinder, is_frequent, pair_term};
pub use prepared::{Content, Origin, Prepared, source_number};
pub use seal::{Seal, seal};
pub use sentences::sentence_starts;
pub use sketch::{BINS, Sketch, Sketcher};
pub use tokenizers::{Analyze, analysis, register_tokenizers};
pub use tokens::{
    Token, Tokens, capitals_term, count_tokens, has_unspaced, is_word_term, token_ranges, tokens,
};
