//! An article as it is stored, and back.

use std::ops::Range;

use article::{Article, Place, Source};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::{Notes, Store, StoreError, StoredText};
use tantivy::DocId;

use crate::layout::Layout;
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
    /// Paths and lines of its other places, in order. The keys of all places stand in their order in [`crate::Fields::key`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<(String, u32)>,
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

impl<'a> StoredArticle<'a> {
    /// Opens an article of a segment.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn open(store: &'a Store, notes: &Notes, doc: DocId) -> Result<StoredArticle<'a>, DecodeError> {
        let text = store.text(doc)?;
        let card = Card::of(&text)?;
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

    /// All of the text.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn whole_text(&self) -> Result<String, DecodeError> {
        self.text(0..self.text.len())
    }

    /// Where the article was read from.
    pub fn source(&self) -> Source {
        self.card.source()
    }

    /// The other places that the same article was read from, in order.
    pub fn also(&self) -> Vec<Place> {
        self.card.also()
    }

    /// The article as it was when it was indexed.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn into_article(self) -> Result<Article, DecodeError> {
        self.into_parts().map(|(article, _)| article)
    }

    /// The same, with its layout.
    pub(crate) fn into_parts(self) -> Result<(Article, Layout), DecodeError> {
        let text = self.whole_text()?;
        Ok((self.card.into_article(&self.layout, text), self.layout))
    }
}

impl Card {
    /// The card of an article of a segment, without its text.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn open(store: &Store, doc: DocId) -> Result<Card, DecodeError> {
        Card::of(&store.text(doc)?)
    }

    fn of(text: &StoredText<'_>) -> Result<Card, DecodeError> {
        serde_json::from_slice(&text.card()?).map_err(|_| DecodeError::Damaged("card"))
    }

    /// All places that the article was read from, its source first.
    pub fn places(&self) -> Vec<Place> {
        let mut places = vec![Place { path: source_key::from_text(&self.path), line: self.line }];
        places.extend(self.also());
        places
    }

    /// What is known of an article, without its places.
    pub(crate) fn without_places(article: &Article) -> Card {
        Card {
            id: article.id.clone(),
            path: String::new(),
            line: 0,
            also: Vec::new(),
            file_lines: article.source.lines_are_file_lines,
            headline: article.headline.clone(),
            date: article.date,
            authors: article.authors.clone(),
            outlet: article.outlet.clone(),
            lang: article.language.clone(),
            url: article.url.clone(),
        }
    }

    fn source(&self) -> Source {
        Source {
            path: source_key::from_text(&self.path),
            line: self.line,
            lines_are_file_lines: self.file_lines,
        }
    }

    fn also(&self) -> Vec<Place> {
        let places = self.also.iter();
        places.map(|(path, line)| Place { path: source_key::from_text(path), line: *line }).collect()
    }

    pub(crate) fn into_article(self, layout: &Layout, text: String) -> Article {
        Article {
            lines: layout.lines(&text),
            source: self.source(),
            also: self.also(),
            id: self.id,
            headline: self.headline,
            date: self.date,
            authors: self.authors,
            outlet: self.outlet,
            language: self.lang,
            url: self.url,
            text,
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
