//! The fields of an index: one row a field.

use tantivy::schema::{
    BytesOptions, FAST, Field, INDEXED, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing,
    TextOptions,
};

use crate::pairs::PAIRS;
use crate::tokenizers::{MARKED, WORDS};

/// Name of the field that a bare word searches.
const TEXT: &str = "text";

/// Handles of the fields, in the order in which they were declared.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// The clean text, headline first where it stands first: what a bare word searches.
    pub text: Field,
    /// Menus, banners, links, footers: searched by `--raw` only.
    pub noise: Field,
    /// The headline.
    pub title: Field,
    /// The first body paragraph.
    pub lead: Field,
    /// Picture captions.
    pub caption: Field,
    /// Authors, bylines and notes on authors.
    pub author: Field,
    /// The publication.
    pub outlet: Field,
    /// Where the article was read from, as words; every path of it.
    pub path: Field,
    /// Language code.
    pub lang: Field,
    /// Publication date, as days since 1970-01-01; absent where there is none.
    pub date: Field,
    /// The article's id.
    pub id: Field,
    /// The first eight bytes of the id as one number, which orders ids that do not begin alike.
    pub id_start: Field,
    /// The files it was read from, exactly (see [`crate::source_key`]), and the archives that these are members of.
    pub source: Field,
    /// Names one version of one record of one source: what an update compares and deletes by. One for each place, in their order.
    pub key: Field,
    /// What is kept of the article besides postings (see [`crate::StoredArticle`]).
    pub record: Field,
    /// Pairs of frequent words of the text (see [`crate::PairFinder`]), which are found while its tokens are read: no document has a value
    /// of it.
    pub pairs: Field,
    /// What articles are compared by: eight numbers, in their order (see [`crate::Sketch`]).
    pub sketch: Field,
    /// What is the same in all copies of it (see [`crate::Content`]). At most one article of an index has it.
    pub content: Field,
    /// The source of each key (see [`crate::source_number`]), where there are several.
    pub origin: Field,
}

impl Fields {
    /// The schema, built anew.
    pub fn schema() -> (Schema, Fields) {
        let mut builder = Schema::builder();
        let exact = TextOptions::default()
            .set_indexing_options(TextFieldIndexing::default().set_tokenizer("raw").set_fieldnorms(false));
        let number = NumericOptions::from(INDEXED | FAST);
        let fields = Fields {
            text: builder.add_text_field(TEXT, positional(MARKED, true)),
            noise: builder.add_text_field("noise", positional(WORDS, true)),
            title: builder.add_text_field("title", positional(WORDS, true)),
            lead: builder.add_text_field("lead", positional(WORDS, true)),
            caption: builder.add_text_field("caption", positional(WORDS, true)),
            author: builder.add_text_field("author", positional(WORDS, true)),
            outlet: builder.add_text_field("outlet", positional(WORDS, true)),
            path: builder.add_text_field("path", positional(WORDS, true)),
            lang: builder.add_text_field("lang", exact.clone().set_fast("raw")),
            date: builder.add_i64_field("date", number.clone()),
            id: builder.add_text_field("id", exact.clone().set_fast("raw")),
            id_start: builder.add_u64_field("id_start", FAST),
            source: builder.add_text_field("source", exact),
            key: builder.add_u64_field("key", number),
            record: builder.add_custom_field("record", store::FIELD_TYPE, serde_json::Value::Null),
            pairs: builder.add_text_field(PAIRS, positional(PAIRS, false)),
            sketch: builder.add_u64_field("sketch", FAST),
            content: builder.add_bytes_field("content", BytesOptions::default().set_indexed()),
            origin: builder.add_u64_field("origin", FAST),
        };
        (builder.build(), fields)
    }

    /// The field that has the pairs of frequent words of another; `None` where none has.
    pub fn pairs_of(field: Field, schema: &Schema) -> Option<Field> {
        if schema.get_field_name(field) == TEXT { schema.get_field(PAIRS).ok() } else { None }
    }

    /// The handles for an index that was made with this schema.
    pub fn of_schema() -> Fields {
        Fields::schema().1
    }
}

/// A field of words and where they stand; with the lengths of articles in it where it is scored.
fn positional(tokenizer: &str, scored: bool) -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions)
            .set_fieldnorms(scored),
    )
}
