//! An article as the engine stores it, and back.

use article::{Article, Kind, Source};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tantivy::TantivyDocument;
use tantivy::schema::Value;

use crate::fields::Fields;
use crate::layout::Layout;
use crate::marked::{Zone, gather, marked_text, noise_text};
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

/// An article as read back from an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredArticle {
    /// What is known of it.
    pub card: Card,
    /// The whole text.
    pub text: String,
    /// Its sentences.
    pub layout: Layout,
}

/// A stored document that cannot be read: the index is damaged or not ours.
#[derive(Debug, thiserror::Error)]
#[error(
    "a stored article cannot be read ({0}): the index is damaged; rebuild it with `morgue index --rebuild`"
)]
pub struct DecodeError(&'static str);

/// The document of an article. `key` names this version of this record (see [`Fields::key`]).
pub fn encode(article: &Article, key: u64, fields: &Fields) -> TantivyDocument {
    let layout = Layout::of(article);
    let card = card_of(article);
    let mut document = TantivyDocument::new();
    document.add_text(fields.text, marked_text(article, &layout));
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
    document.add_text(fields.source, &card.path);
    document.add_u64(fields.key, key);
    if let Some(date) = article.date {
        document.add_i64(fields.date, day_number(date));
    }
    for bound in layout.bounds() {
        document.add_u64(fields.sentences, bound.to_number());
    }
    document.add_bytes(fields.card, &serde_json::to_vec(&card).unwrap_or_default());
    document.add_text(fields.content, &article.text);
    document.add_bytes(fields.layout, &layout.encode());
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

impl StoredArticle {
    /// Reads a stored document back.
    ///
    /// # Errors
    /// When a stored value is missing or damaged.
    pub fn decode(document: &TantivyDocument, fields: &Fields) -> Result<StoredArticle, DecodeError> {
        let bytes = |field, name| {
            document.get_first(field).and_then(|value| value.as_bytes()).ok_or(DecodeError(name))
        };
        let card: Card =
            serde_json::from_slice(bytes(fields.card, "card")?).map_err(|_| DecodeError("card"))?;
        let layout = Layout::decode(bytes(fields.layout, "layout")?).ok_or(DecodeError("layout"))?;
        let text = document.get_first(fields.content).and_then(|value| value.as_str());
        let text = text.ok_or(DecodeError("content"))?.to_owned();
        let mut end = 0;
        let whole = layout.rows.iter().all(|row| {
            end += row.bytes as usize;
            text.is_char_boundary(end)
        });
        if !whole || end != text.len() {
            return Err(DecodeError("layout"));
        }
        Ok(StoredArticle { card, text, layout })
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
    pub fn into_article(self) -> Article {
        Article {
            lines: self.layout.lines(&self.text),
            source: self.source(),
            id: self.card.id,
            headline: self.card.headline,
            date: self.card.date,
            authors: self.card.authors,
            outlet: self.card.outlet,
            language: self.card.lang,
            url: self.card.url,
            text: self.text,
        }
    }
}

/// Days from 1970-01-01 to `date`, negative before.
pub fn day_number(date: Date) -> i64 {
    date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24
}

/// The date so many days from 1970-01-01; `None` outside the calendar.
pub fn day_of(number: i64) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add(jiff::SignedDuration::from_hours(number.checked_mul(24)?)).ok()
}
