//! The terms of one document, and where they stand in it.

use std::ops::Range;

use store::push_number;
use tantivy::schema::{
    Field, FieldEntry, FieldType, IndexRecordOption, Schema, Term, TextFieldIndexing, Value,
};
use tantivy::tokenizer::{MAX_TOKEN_LEN, TextAnalyzer};
use tantivy::{Index, TantivyDocument, TantivyError};

use crate::terms::Key;
use crate::writer::Options;

/// Between the last position of a value and the first of the next one of the same field.
const POSITION_GAP: u32 = 1;

/// The terms of few documents take more, in bytes, and the tables that they are made in some twenty times as much.
const LARGE_BYTES: usize = 1 << 20;

/// With so many slots the table of the words of a document begins.
const FIRST_SLOTS: usize = 1024;

/// Inverts one document after the other.
pub(crate) struct Inverter {
    /// How the values of each field become terms.
    fields: Vec<Analysis>,
    words: Words,
    derived: Words,
    inverted: Inverted,
}

/// Makes terms of one field, and numbers of a column, of the terms of another field, as these are read.
pub trait Derive: Send {
    /// Takes the next term of a document, its hash and its position, and gives terms that are known now, each with its position. The
    /// hash is [`term_hash`](crate::term_hash).
    fn take(&mut self, term: &[u8], hash: u32, position: u32, give: &mut dyn FnMut(&[u8], u32));

    /// Gives what is left when a document ends, and returns what goes into its column.
    fn end(&mut self, give: &mut dyn FnMut(&[u8], u32)) -> Vec<u64>;
}

/// What is made of the terms of a field.
#[derive(Clone, Copy)]
pub struct Derived {
    /// The field.
    pub from: Field,
    /// The field whose terms are made of them. Values of documents for it are passed over.
    pub to: Field,
    /// The column whose numbers are made of them.
    pub column: Field,
    /// What makes them, one for each thread.
    pub make: fn() -> Box<dyn Derive>,
}

/// What becomes of the values of a field.
enum Analysis {
    /// It is not searched.
    None,
    /// Each value is a term, and where it stands says nothing.
    Whole,
    /// A value is one term or many.
    Text { analyzer: Analyzer, positions: bool, derive: Option<(Derived, Box<dyn Derive>)> },
}

/// Calls back with the terms of a text and their positions, which never go back.
pub type Analyze = fn(&str, &mut dyn FnMut(&[u8], u32));

/// What makes terms of a text.
enum Analyzer {
    Given(Analyze),
    Engine(TextAnalyzer),
}

impl Analyzer {
    /// Calls back with terms and their positions, and returns the position behind them.
    fn each_term(&mut self, text: &str, take: &mut dyn FnMut(&[u8], u32)) -> u32 {
        let mut end = 0;
        let mut take = |term: &[u8], position, length| {
            if term.len() <= MAX_TOKEN_LEN {
                end = end.max(position + length);
                take(term, position);
            }
        };
        match self {
            Analyzer::Given(analyze) => analyze(text, &mut |term, position| take(term, position, 1)),
            Analyzer::Engine(analyzer) => analyzer.token_stream(text).process(&mut |token| {
                take(token.text.as_bytes(), token.position as u32, token.position_length as u32);
            }),
        }
        end
    }
}

/// A document as terms.
#[derive(Default)]
pub(crate) struct Inverted {
    pub(crate) fields: Vec<InvertedField>,
    terms: Vec<InvertedTerm>,
    bytes: Vec<u8>,
    /// Of terms of fields with positions: how often it is there, and where: the first position, and how much further each other
    /// one is than the one before it.
    places: Vec<u8>,
    /// The values of columns that are made of terms.
    pub(crate) columns: Vec<(Field, u64)>,
}

/// The terms of a field of a document.
pub(crate) struct InvertedField {
    pub(crate) field: Field,
    /// Its length: how many terms it has, counting them as often as they are there.
    pub(crate) tokens: u32,
    terms: Range<usize>,
}

struct InvertedTerm {
    hash: u32,
    bytes: Range<u32>,
    places: Range<u32>,
}

/// A term of a document.
#[derive(Clone, Copy)]
pub(crate) struct TermInDocument<'a> {
    pub(crate) hash: u32,
    pub(crate) bytes: &'a [u8],
    /// Empty where positions do not matter.
    pub(crate) places: &'a [u8],
}

impl Inverter {
    pub(crate) fn new(index: &Index, options: &Options) -> tantivy::Result<Inverter> {
        let schema = index.schema();
        let fields = schema.fields().map(|(field, _)| Analysis::of(field, &schema, index, options));
        Ok(Inverter {
            fields: fields.collect::<Result<_, _>>()?,
            words: Words::default(),
            derived: Words::default(),
            inverted: Inverted::default(),
        })
    }

    /// The terms of a document.
    pub(crate) fn invert(&mut self, document: &TantivyDocument) -> tantivy::Result<&Inverted> {
        self.inverted.clear();
        // An error may have ended the last one in the middle.
        self.words.clear();
        self.derived.clear();
        let mut values: Vec<_> = document.field_values().collect();
        values.sort_by_key(|(field, _)| *field);
        for values in values.chunk_by(|(field, _), (next, _)| field == next) {
            let field = values[0].0;
            let analysis = &mut self.fields[field.field_id() as usize];
            match analysis {
                Analysis::None => continue,
                Analysis::Whole => {
                    for &(field, value) in values {
                        self.words.add(&mut self.inverted.bytes, &term_of(field, &value)?, 0);
                    }
                }
                Analysis::Text { analyzer, derive, .. } => {
                    let bytes = &mut self.inverted.bytes;
                    let mut start = 0;
                    for (_, value) in values {
                        let text = value.as_str().ok_or_else(|| unexpected(field))?;
                        let end = self.words.add_text(
                            bytes,
                            analyzer,
                            text,
                            start,
                            |bytes, term, hash, position| {
                                if let Some((_, derive)) = derive {
                                    let mut give = |term: &[u8], at| _ = self.derived.add(bytes, term, at);
                                    derive.take(term, hash, position, &mut give);
                                }
                            },
                        );
                        start = end + POSITION_GAP;
                    }
                    if let Some((derived, derive)) = derive {
                        let numbers = derive.end(&mut |term, at| _ = self.derived.add(bytes, term, at));
                        self.inverted.push(derived.to, &mut self.derived, true);
                        self.inverted
                            .columns
                            .extend(numbers.into_iter().map(|number| (derived.column, number)));
                    }
                }
            }
            let positions = matches!(analysis, Analysis::Text { positions: true, .. });
            self.inverted.push(field, &mut self.words, positions);
        }
        Ok(&self.inverted)
    }

    /// Has it taken much memory for its last document, which others will not need?
    pub(crate) fn is_large(&self) -> bool {
        self.inverted.bytes.len() + self.inverted.places.len() > LARGE_BYTES
    }
}

impl Analysis {
    fn of(
        field: Field,
        schema: &Schema,
        index: &Index,
        Options { analysis, derived, .. }: &Options,
    ) -> tantivy::Result<Analysis> {
        let entry = schema.get_field_entry(field);
        if !entry.is_indexed() || derived.is_some_and(|derived| derived.to == field) {
            return Ok(Analysis::None);
        }
        let unknown = || TantivyError::SchemaError(format!("cannot invert the field {}", entry.name()));
        match entry.field_type() {
            FieldType::U64(_) | FieldType::I64(_) | FieldType::Bytes(_) => Ok(Analysis::Whole),
            FieldType::Str(options) => {
                let is_counted =
                    |options: &TextFieldIndexing| options.index_option() == IndexRecordOption::WithFreqs;
                if options.get_indexing_options().is_none_or(is_counted) {
                    return Err(unknown());
                }
                let given = options.get_indexing_options().and_then(|options| analysis(options.tokenizer()));
                let analyzer = match given {
                    Some(analyze) => Analyzer::Given(analyze),
                    None => Analyzer::Engine(index.tokenizer_for_field(field)?),
                };
                let derived = derived.filter(|derived| derived.from == field);
                let derive = derived.map(|derived| (derived, (derived.make)()));
                Ok(Analysis::Text { analyzer, positions: has_positions(entry), derive })
            }
            _ => Err(unknown()),
        }
    }
}

/// Are the places of its terms in the index?
pub(crate) fn has_positions(field: &FieldEntry) -> bool {
    field.field_type().index_record_option() == Some(IndexRecordOption::WithFreqsAndPositions)
}

/// The bytes of a value that is one term.
fn term_of<'a>(field: Field, value: &impl Value<'a>) -> tantivy::Result<Vec<u8>> {
    let number = value.as_u64().map(|number| Term::from_field_u64(field, number));
    let number = number.or_else(|| value.as_i64().map(|number| Term::from_field_i64(field, number)));
    let term = number.or_else(|| value.as_bytes().map(|bytes| Term::from_field_bytes(field, bytes)));
    Ok(term.ok_or_else(|| unexpected(field))?.serialized_value_bytes().to_vec())
}

fn unexpected(field: Field) -> TantivyError {
    TantivyError::SchemaError(format!("a value of another type in field {}", field.field_id()))
}

impl Inverted {
    /// Terms of a field of it.
    pub(crate) fn terms(
        &self,
        field: &InvertedField,
    ) -> impl ExactSizeIterator<Item = TermInDocument<'_>> + Clone {
        let cut = |bytes: &Range<u32>| bytes.start as usize..bytes.end as usize;
        self.terms[field.terms.clone()].iter().map(move |term| TermInDocument {
            hash: term.hash,
            bytes: &self.bytes[cut(&term.bytes)],
            places: &self.places[cut(&term.places)],
        })
    }

    fn clear(&mut self) {
        self.fields.clear();
        self.terms.clear();
        self.bytes.clear();
        self.places.clear();
        self.columns.clear();
    }

    /// Takes the words of a field.
    fn push(&mut self, field: Field, words: &mut Words, positions: bool) {
        let first = self.terms.len();
        if positions {
            words.group();
        }
        let mut rest = &words.positions[..];
        for word in &words.list {
            let start = self.places.len() as u32;
            if positions {
                let (places, others) = rest.split_at(word.count as usize);
                rest = others;
                push_number(&mut self.places, u64::from(word.count));
                let mut last = 0;
                for &place in places {
                    push_number(&mut self.places, u64::from(place - last));
                    last = place;
                }
            }
            let places = start..self.places.len() as u32;
            self.terms.push(InvertedTerm { hash: word.hash, bytes: word.bytes.clone(), places });
        }
        self.fields.push(InvertedField {
            field,
            tokens: words.tokens.len() as u32,
            terms: first..self.terms.len(),
        });
        words.clear();
    }
}

/// The words of one field of a document, each once, and its tokens in their order.
#[derive(Default)]
struct Words {
    /// Open addressing: the number of a word and one more, or 0. At most half of those in use are taken; all that are not are 0.
    slots: Vec<u32>,
    /// The slots in use, a power of two. Each document begins with few, which stay in a processor's own cache.
    used: usize,
    list: Vec<Word>,
    tokens: Vec<Token>,
    /// Of all tokens, once they are grouped.
    positions: Vec<u32>,
}

struct Word {
    key: Key,
    hash: u32,
    bytes: Range<u32>,
    slot: u32,
    count: u32,
    /// Where its next position goes.
    next: u32,
}

struct Token {
    word: u32,
    position: u32,
}

impl Words {
    /// Adds what an analyzer makes of a text from a position on, and returns the position behind it. Calls back with every term, its
    /// hash and its position.
    fn add_text(
        &mut self,
        bytes: &mut Vec<u8>,
        analyzer: &mut Analyzer,
        text: &str,
        start: u32,
        mut also: impl FnMut(&mut Vec<u8>, &[u8], u32, u32),
    ) -> u32 {
        let length = analyzer.each_term(text, &mut |term, position| {
            let hash = self.add(bytes, term, start + position);
            also(bytes, term, hash, start + position);
        });
        start + length
    }

    /// Adds a term, and returns its hash.
    fn add(&mut self, bytes: &mut Vec<u8>, term: &[u8], position: u32) -> u32 {
        if self.list.len() * 2 >= self.used {
            self.grow();
        }
        let key = Key::of(term);
        let hash = key.hash(term);
        let is_it = |word: &Word| word.key == key && (!key.is_part() || bytes[word.bytes()] == *term);
        let word = match self.slot(hash, is_it) {
            (_, Some(word)) => word,
            (slot, None) => {
                let start = bytes.len() as u32;
                bytes.extend_from_slice(term);
                let (bytes, slot) = (start..bytes.len() as u32, slot as u32);
                self.list.push(Word { key, hash, bytes, slot, count: 0, next: 0 });
                self.slots[slot as usize] = self.list.len() as u32;
                self.list.len() - 1
            }
        };
        self.list[word].count += 1;
        self.tokens.push(Token { word: word as u32, position });
        hash
    }

    /// The slot of a word, and its number if it has one.
    #[inline]
    fn slot(&self, hash: u32, is_it: impl Fn(&Word) -> bool) -> (usize, Option<usize>) {
        let mask = self.used - 1;
        let mut slot = hash as usize & mask;
        loop {
            match self.slots[slot] {
                0 => return (slot, None),
                number => {
                    let word = &self.list[number as usize - 1];
                    if word.hash == hash && is_it(word) {
                        return (slot, Some(number as usize - 1));
                    }
                }
            }
            slot = (slot + 1) & mask;
        }
    }

    fn grow(&mut self) {
        for word in &self.list {
            self.slots[word.slot as usize] = 0;
        }
        self.used = (self.used * 2).max(FIRST_SLOTS);
        if self.slots.len() < self.used {
            self.slots.resize(self.used, 0);
        }
        for number in 0..self.list.len() {
            let (slot, _) = self.slot(self.list[number].hash, |_| false);
            self.slots[slot] = number as u32 + 1;
            self.list[number].slot = slot as u32;
        }
    }

    /// Makes `positions` those of the first word, then those of the second, and so on.
    fn group(&mut self) {
        let mut next = 0;
        for word in &mut self.list {
            word.next = next;
            next += word.count;
        }
        self.positions.clear();
        self.positions.resize(self.tokens.len(), 0);
        for token in &self.tokens {
            let word = &mut self.list[token.word as usize];
            self.positions[word.next as usize] = token.position;
            word.next += 1;
        }
    }

    fn clear(&mut self) {
        for word in &self.list {
            self.slots[word.slot as usize] = 0;
        }
        self.list.clear();
        self.tokens.clear();
        self.used = self.slots.len().min(FIRST_SLOTS);
    }
}

impl Word {
    fn bytes(&self) -> Range<usize> {
        self.bytes.start as usize..self.bytes.end as usize
    }
}
