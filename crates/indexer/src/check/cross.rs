//! Compares what the files of an index say with each other: counts, sources with the ledger, and articles with their postings.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use article::STANDARD_INPUT;
use schema::{
    Fields, Origin, Prepared, StoredArticle, alive, register_tokenizers, source_key, source_number,
};
use segments::{Derived, term_hash};
use store::{Notes, Store};
use tantivy::postings::Postings;
use tantivy::schema::{Field, FieldType, IndexRecordOption, Term, TextFieldIndexing, Value};
use tantivy::{DocId, DocSet, Index, ReloadPolicy, Searcher, SegmentReader, TantivyDocument};

use super::Verdict;
use crate::derived::derived;
use crate::ledger::Ledger;

/// How many terms of an article are looked up in each field.
const TERMS: usize = 50;

/// An index whose files are open.
pub(super) struct Opened {
    index: Index,
    pub(super) fields: Fields,
    pub(super) searcher: Searcher,
}

impl Opened {
    pub(super) fn open(index: Index) -> tantivy::Result<Opened> {
        register_tokenizers(&index);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Opened { searcher: reader.searcher(), fields: Fields::of_schema(), index })
    }
}

/// Compares, and adds to the verdict what does not agree.
pub(super) fn compare(
    opened: &Opened,
    folder: &Path,
    ledger: Option<&(String, Ledger)>,
    sample: u64,
    verdict: &mut Verdict,
) -> tantivy::Result<()> {
    for segment in opened.searcher.segment_readers() {
        compare_counts(segment, opened.fields.text, folder, verdict)?;
    }
    verdict.articles = opened.searcher.num_docs();
    if let Some((name, ledger)) = ledger {
        compare_sources(opened, ledger, &folder.join(name), verdict)?;
    }
    if verdict.is_sound() {
        compare_articles(opened, folder, sample, verdict)?;
    }
    Ok(())
}

/// All files of a segment are of as many articles.
fn compare_counts(
    segment: &SegmentReader,
    text: Field,
    folder: &Path,
    verdict: &mut Verdict,
) -> tantivy::Result<()> {
    let (all, keys) = (u64::from(segment.max_doc()), segment.fast_fields().u64("key")?);
    let alive = segment.doc_ids_alive();
    let [mut living, mut named] = [0; 2];
    for doc in alive {
        living += 1;
        named += u64::from(keys.first(doc).is_some());
    }
    let counts = [
        ("texts", Store::open(segment)?.articles() as u64, all),
        ("notes", Notes::open(segment)?.articles() as u64, all),
        ("fieldnorm", u64::from(segment.get_fieldnorms_reader(text)?.num_docs()), all),
        ("fast", named, living),
        ("del", living, u64::from(segment.num_docs())),
    ];
    for (file, found, expected) in counts.into_iter().filter(|(_, found, expected)| found != expected) {
        let path = folder.join(format!("{}.{file}", segment.segment_id().uuid_string()));
        verdict.damage(path, format!("has {found} articles where the segment has {expected}"));
    }
    Ok(())
}

/// The ledger has as many articles of every source as the index.
fn compare_sources(
    opened: &Opened,
    ledger: &Ledger,
    path: &Path,
    verdict: &mut Verdict,
) -> tantivy::Result<()> {
    let counts = source_counts(opened)?;
    for (source, entry) in &ledger.sources {
        let found = counts.get(source).copied().unwrap_or(0);
        if found != entry.articles {
            let what = format!("has {} articles of {source} where the index has {found}", entry.articles);
            verdict.damage(path, what);
        }
    }
    for (source, found) in counts.iter().filter(|(source, _)| !ledger.sources.contains_key(*source)) {
        let is_known =
            source == STANDARD_INPUT || ledger.archive_of(&source_key::from_text(source)).is_some();
        if !is_known {
            verdict.damage(path, format!("does not have {source}, of which the index has {found} articles"));
        }
    }
    Ok(())
}

/// How many records there are of each source. An article of several has all its sources in a column.
fn source_counts(opened: &Opened) -> tantivy::Result<BTreeMap<String, u64>> {
    let mut counts = BTreeMap::new();
    for segment in opened.searcher.segment_readers() {
        let origins = segment.fast_fields().u64("origin")?;
        let mut of_several: HashMap<u64, u64> = HashMap::new();
        for origin in segment.doc_ids_alive().flat_map(|doc| origins.values_for_doc(doc)) {
            *of_several.entry(origin).or_default() += 1;
        }
        let index = segment.inverted_index(opened.fields.source)?;
        let mut terms = index.terms().stream()?;
        while terms.advance() {
            let postings = index.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
            let source = String::from_utf8_lossy(terms.key());
            let of_one = alive(segment, postings).filter(|&doc| origins.first(doc).is_none()).count() as u64;
            let articles = of_one + of_several.get(&source_number(&source)).copied().unwrap_or(0);
            if articles > 0 {
                *counts.entry(source.into_owned()).or_default() += articles;
            }
        }
    }
    Ok(counts)
}

/// Articles from all over the index, others in every run.
fn compare_articles(
    opened: &Opened,
    folder: &Path,
    sample: u64,
    verdict: &mut Verdict,
) -> tantivy::Result<()> {
    if sample == 0 {
        return Ok(());
    }
    let step = verdict.articles.div_ceil(sample).max(1);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let mut number = u64::from(now.subsec_nanos()) % step;
    for segment in opened.searcher.segment_readers() {
        let (store, notes) = (Store::open(segment)?, Notes::open(segment)?);
        for doc in segment.doc_ids_alive() {
            number += 1;
            if !number.is_multiple_of(step) {
                continue;
            }
            let stored = StoredArticle::open(&store, &notes, doc).and_then(StoredArticle::into_article);
            let segment_id = segment.segment_id().uuid_string();
            match stored {
                Err(error) => {
                    verdict.damage(
                        folder.join(format!("{segment_id}.texts")),
                        format!("article {doc}: {error}"),
                    );
                }
                Ok(article) => {
                    let origins =
                        article.places().map(|place| Origin { place, key: 0, archive: None }).collect();
                    let (id, article) = (article.id.clone(), Prepared::new(article));
                    let document = article.document(origins, &opened.fields);
                    let comparison = Comparison { opened, segment, doc, document: &document };
                    for (file, what) in comparison.run(&mut verdict.terms)? {
                        let what = format!("does not agree with the text of {id}: {what}");
                        verdict.damage(folder.join(format!("{segment_id}.{file}")), what);
                    }
                }
            }
            verdict.compared += 1;
        }
    }
    Ok(())
}

/// An article of a segment, and the document made of what is stored of it.
struct Comparison<'a> {
    opened: &'a Opened,
    segment: &'a SegmentReader,
    doc: DocId,
    document: &'a TantivyDocument,
}

/// The file that does not agree, and in what.
type Disagreement = (&'static str, String);

impl Comparison<'_> {
    fn run(&self, terms: &mut u64) -> tantivy::Result<Vec<Disagreement>> {
        let mut found = Vec::new();
        let schema = self.opened.index.schema();
        for (field, entry) in schema.fields() {
            let disagreement = match entry.field_type() {
                FieldType::Str(_) => self.compare_terms(field, terms)?,
                // The keys are of the bytes that were read, which are not kept, and of the archives only the ledger knows.
                FieldType::U64(_) | FieldType::I64(_)
                    if ![self.opened.fields.key, self.opened.fields.origin].contains(&field) =>
                {
                    self.compare_numbers(field, entry.name())?
                }
                _ => None,
            };
            found.extend(disagreement);
        }
        Ok(found)
    }

    /// Some of the words of a field: are they in the index as often, and in the same places?
    fn compare_terms(&self, field: Field, looked_up: &mut u64) -> tantivy::Result<Option<Disagreement>> {
        let expected = self.terms(field)?;
        let record = self.record_option(field);
        let index = self.segment.inverted_index(field)?;
        let step = expected.len().div_ceil(TERMS).max(1);
        let first = self.doc as usize % step;
        for (text, places) in expected.iter().skip(first).step_by(step) {
            *looked_up += 1;
            let Some(mut postings) = index.read_postings(&Term::from_field_text(field, text), record)? else {
                return Ok(Some(("term", format!("{text:?} is not in the index"))));
            };
            let at = if postings.doc() < self.doc { postings.seek(self.doc) } else { postings.doc() };
            if at != self.doc {
                return Ok(Some(("idx", format!("{text:?} is not known to be in it"))));
            }
            if record.has_freq() && postings.term_freq() as usize != places.len() {
                return Ok(Some(("idx", format!("{text:?} is counted {} times", postings.term_freq()))));
            }
            let mut positions = Vec::new();
            if record.has_positions() {
                postings.positions(&mut positions);
            }
            if record.has_positions() && positions != *places {
                return Ok(Some(("pos", format!("{text:?} is in other places"))));
            }
        }
        Ok(None)
    }

    fn record_option(&self, field: Field) -> IndexRecordOption {
        match self.opened.index.schema().get_field_entry(field).field_type() {
            FieldType::Str(options) => options.get_indexing_options().map(TextFieldIndexing::index_option),
            _ => None,
        }
        .unwrap_or(IndexRecordOption::Basic)
    }

    /// The terms of a field of the document, and their positions.
    fn terms(&self, field: Field) -> tantivy::Result<BTreeMap<String, Vec<u32>>> {
        let mut terms: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        let mut add = |term: &[u8], position| {
            terms.entry(String::from_utf8_lossy(term).into_owned()).or_default().push(position);
        };
        if field == derived(&self.opened.fields).to {
            self.derive(&mut add)?;
        } else {
            self.each_token(field, add)?;
        }
        Ok(terms)
    }

    /// Calls back with the terms that are derived from others, and their positions, and returns the numbers that are.
    fn derive(&self, found: &mut dyn FnMut(&[u8], u32)) -> tantivy::Result<Vec<u64>> {
        let Derived { from, make, .. } = derived(&self.opened.fields);
        let mut derive = make();
        self.each_token(from, |term, position| derive.take(term, term_hash(term), position, found))?;
        Ok(derive.end(found))
    }

    /// Calls back with the tokens of a field of the document, and their positions.
    fn each_token(&self, field: Field, mut found: impl FnMut(&[u8], u32)) -> tantivy::Result<()> {
        let mut tokenizer = self.opened.index.tokenizer_for_field(field)?;
        let (mut start, mut end) = (0, 0);
        for value in self.document.get_all(field).filter_map(|value| value.as_str()) {
            let mut tokens = tokenizer.token_stream(value);
            while tokens.advance() {
                let token = tokens.token();
                let position = start + token.position;
                found(token.text.as_bytes(), position as u32);
                end = end.max(position + token.position_length);
            }
            start = end + 1; // A position is left free between two values.
        }
        Ok(())
    }

    fn compare_numbers(&self, field: Field, name: &str) -> tantivy::Result<Option<Disagreement>> {
        let values = self.document.get_all(field);
        let numbers = values.filter_map(|value| value.as_u64().or(value.as_i64().map(i64::cast_unsigned)));
        let expected: Vec<u64> = if field == derived(&self.opened.fields).column {
            self.derive(&mut |_, _| ())?
        } else {
            numbers.collect()
        };
        let fast = self.segment.fast_fields();
        let found: Vec<u64> = match self.opened.index.schema().get_field_entry(field).field_type() {
            FieldType::I64(_) => fast.i64(name)?.values_for_doc(self.doc).map(i64::cast_unsigned).collect(),
            _ => fast.u64(name)?.values_for_doc(self.doc).collect(),
        };
        Ok((found != expected).then(|| ("fast", format!("its {name} is another"))))
    }
}
