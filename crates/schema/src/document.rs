//! An article as the engine stores it, and back.

use std::ops::Range;

use article::{Article, Kind, Source};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::{Notes, Record, Store, StoreError, StoredText};
use tantivy::{DocId, TantivyDocument};

use crate::fields::Fields;
use crate::layout::Layout;
use crate::marked::{Zone, gather, marked_text, noise_text};
use crate::sketch::Sketch;
use crate::source_key;

/// What is known of an article besides its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// The article's id.
    pub id: String,
    /// The source's path as [`source_key`] writes it.
    pub path: String,
    /// 1-based line of the source where the article begins.
    pub line: u32,
    /// Lines of the text are lines of the file.
    pub file_lines: bool,
    /// The headline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    /// Publication date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Authors in the order named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// The publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlet: Option<String>,
    /// Language code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// An article as read back from an index. Its text is unpacked where it is asked for.
pub struct StoredArticle<'a> {
    /// What is known of it.
    pub card: Card,
    /// Its sentences.
    pub layout: Layout,
    text: StoredText<'a>,
}

/// A stored article that cannot be read: the index is damaged or not ours.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The bytes are there, but make no sense.
    #[error(
        "a stored article cannot be read ({0}): the index is damaged; `morgue check --repair` makes it whole"
    )]
    Damaged(&'static str),
    /// The bytes cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The document of an article. `key` names this version of this record (see [`Fields::key`]).
pub fn encode(article: &Article, key: u64, fields: &Fields) -> TantivyDocument {
    let layout = Layout::of(article);
    let card = card_of(article);
    let mut document = TantivyDocument::new();
    let text = marked_text(article, &layout);
    document.add_text(fields.pairs, &text);
    document.add_text(fields.text, text);
    let zone = |zone| gather(article, &layout, |kind| Zone::of(kind) == Some(zone));
    let author = [article.authors.join("\n"), zone(Zone::Author)].join("\n");
    let lead = gather(article, &layout, |kind| kind == Kind::Lead);
    for (field, value) in [
        (fields.noise, noise_text(article, &layout)),
        (fields.title, article.headline.clone().unwrap_or_default()),
        (fields.lead, lead),
        (fields.caption, zone(Zone::Caption)),
        (fields.author, author),
        (fields.outlet, article.outlet.clone().unwrap_or_default()),
        (fields.path, card.path.clone()),
        (fields.lang, article.language.clone().unwrap_or_default()),
    ] {
        if !value.is_empty() {
            document.add_text(field, value);
        }
    }
    document.add_text(fields.id, &article.id);
    document.add_u64(fields.id_start, id_start(&article.id));
    document.add_text(fields.source, &card.path);
    document.add_u64(fields.key, key);
    if let Some(date) = article.date {
        document.add_i64(fields.date, day_number(date));
    }
    for number in Sketch::of(article).iter().flat_map(Sketch::numbers) {
        document.add_u64(fields.sketch, number);
    }
    let card = serde_json::to_vec(&card).unwrap_or_default();
    let record = Record { note: &layout.encode(), card: &card, text: article.text.as_bytes() };
    document.add_custom(fields.record, &record.to_bytes());
    document
}

fn card_of(article: &Article) -> Card {
    Card {
        id: article.id.clone(),
        path: source_key::to_text(&article.source.path),
        line: article.source.line,
        file_lines: article.source.lines_are_file_lines,
        headline: article.headline.clone(),
        date: article.date,
        authors: article.authors.clone(),
        outlet: article.outlet.clone(),
        lang: article.language.clone(),
        url: article.url.clone(),
    }
}

impl<'a> StoredArticle<'a> {
    /// Opens an article of a segment.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn open(store: &'a Store, notes: &Notes, doc: DocId) -> Result<StoredArticle<'a>, DecodeError> {
        let text = store.text(doc)?;
        let card = serde_json::from_slice(&text.card()?).map_err(|_| DecodeError::Damaged("card"))?;
        let layout = Layout::decode(notes.of(doc)?).ok_or(DecodeError::Damaged("layout"))?;
        let bytes: u64 = layout.rows.iter().map(|row| u64::from(row.bytes)).sum();
        if bytes != text.len() as u64 {
            return Err(DecodeError::Damaged("layout"));
        }
        Ok(StoredArticle { card, layout, text })
    }

    /// A part of the text.
    ///
    /// # Errors
    /// When what is stored is damaged, or the part begins or ends within a character.
    pub fn text(&self, bytes: Range<usize>) -> Result<String, DecodeError> {
        String::from_utf8(self.text.part(bytes)?).map_err(|_| DecodeError::Damaged("text"))
    }

    /// Where the article was read from.
    pub fn source(&self) -> Source {
        Source {
            path: source_key::from_text(&self.card.path),
            line: self.card.line,
            lines_are_file_lines: self.card.file_lines,
        }
    }

    /// The article as it was when it was indexed.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn into_article(self) -> Result<Article, DecodeError> {
        let text = self.text(0..self.text.len())?;
        Ok(Article {
            lines: self.layout.lines(&text),
            source: self.source(),
            id: self.card.id,
            headline: self.card.headline,
            date: self.card.date,
            authors: self.card.authors,
            outlet: self.card.outlet,
            language: self.card.lang,
            url: self.card.url,
            text,
        })
    }
}

fn id_start(id: &str) -> u64 {
    id.bytes().chain(std::iter::repeat(0)).take(8).fold(0, |number, byte| number << 8 | u64::from(byte))
}

/// Days from 1970-01-01 to `date`, negative before.
pub fn day_number(date: Date) -> i64 {
    date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24
}

/// The date so many days from 1970-01-01; `None` outside the calendar.
pub fn day_of(number: i64) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add(jiff::SignedDuration::from_hours(number.checked_mul(24)?)).ok()
}
