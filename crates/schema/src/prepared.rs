//! An article made ready for an index, before all its places are known.
//!
//! Articles that are the same in everything but where they were read from are one document, which has all the places. What they are
//! the same in is hashed: their [`Content`].

use std::path::PathBuf;

use article::{Article, Kind, Place};
use store::Record;
use tantivy::TantivyDocument;
use tantivy::schema::Term;

use crate::document::{Card, DecodeError, StoredArticle, day_number};
use crate::elision::elides;
use crate::fields::Fields;
use crate::layout::Layout;
use crate::marked::{ELISION_MARK, Zone, gather, marked_text, noise_text};
use crate::source_key;

/// Bytes of a content: two of a billion articles that differ have the same with a chance of one to 10¹¹, and each byte makes an
/// index larger by two for every article.
const CONTENT_BYTES: usize = 12;

/// The first bytes of the BLAKE3 hash of all that is shown or searched of an article, but for its places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Content(pub [u8; CONTENT_BYTES]);

impl Content {
    /// The term that its document has.
    pub fn term(&self, fields: &Fields) -> Term {
        Term::from_field_bytes(fields.content, &self.0)
    }

    /// The first eight bytes of it, for sets of many.
    pub fn start(&self) -> u64 {
        self.0[..8].iter().fold(0, |number, &byte| number << 8 | u64::from(byte))
    }
}

/// A record that an article was read from. In order of their places.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// Where it stands.
    pub place: Place,
    /// Names this version of this record (see [`Fields::key`]).
    pub key: u64,
    /// The file that was read, where the place is in a member of it.
    pub archive: Option<PathBuf>,
}

impl Origin {
    /// The file that was read, as [`source_key`] writes it.
    pub fn source(&self) -> String {
        source_key::to_text(self.archive.as_ref().unwrap_or(&self.place.path))
    }
}

/// By what the sources of a document that has several keys are told apart: the first 8 bytes of the BLAKE3 hash of the source, as
/// [`source_key`] writes it.
pub fn source_number(source: &str) -> u64 {
    let mut number = [0; 8];
    number.copy_from_slice(&blake3::hash(source.as_bytes()).as_bytes()[..8]);
    u64::from_le_bytes(number)
}

/// An article with all that is stored of it but its places.
#[derive(Clone, Debug)]
pub struct Prepared {
    article: Article,
    layout: Layout,
    content: Content,
}

impl Prepared {
    /// Prepares an article as it was parsed.
    pub fn new(article: Article) -> Prepared {
        let layout = Layout::of(&article);
        Prepared::of_parts(article, layout)
    }

    /// Prepares an article of an index.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn of_stored(stored: StoredArticle<'_>) -> Result<Prepared, DecodeError> {
        let (article, layout) = stored.into_parts()?;
        Ok(Prepared::of_parts(article, layout))
    }

    fn of_parts(article: Article, layout: Layout) -> Prepared {
        let (note, card) = (layout.encode(), card_bytes(&Card::without_places(&article)));
        let mut hasher = blake3::Hasher::new();
        for part in [&note[..], &card, article.text.as_bytes()] {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        let mut content = Content([0; CONTENT_BYTES]);
        hasher.finalize_xof().fill(&mut content.0);
        Prepared { article, layout, content }
    }

    /// What is the same in all copies.
    pub fn content(&self) -> Content {
        self.content
    }

    /// The article. Its places are those that it was made with.
    pub fn article(&self) -> &Article {
        &self.article
    }

    /// All of it in bytes, but for its places.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (note, card) = (self.layout.encode(), card_bytes(&Card::without_places(&self.article)));
        Record { note: &note, card: &card, text: self.article.text.as_bytes() }.to_bytes()
    }

    /// From what [`to_bytes`](Self::to_bytes) gave.
    ///
    /// # Errors
    /// When it is something else.
    pub fn of_bytes(bytes: &[u8]) -> Result<Prepared, DecodeError> {
        let record = Record::from_bytes(bytes).ok_or(DecodeError::Damaged("record"))?;
        let layout = Layout::decode(record.note).ok_or(DecodeError::Damaged("layout"))?;
        let card: Card = serde_json::from_slice(record.card).map_err(|_| DecodeError::Damaged("card"))?;
        let text = str::from_utf8(record.text).map_err(|_| DecodeError::Damaged("text"))?;
        let article = card.into_article(&layout, text.to_owned());
        Ok(Prepared::of_parts(article, layout))
    }

    /// The document of the article that was read from all of these. The first of them, by path and line, is the one that is shown. What is
    /// derived from the terms of its text is not in it (see [`PairFinder`](crate::PairFinder) and [`Sketcher`](crate::Sketcher)).
    pub fn document(&self, mut origins: Vec<Origin>, fields: &Fields) -> TantivyDocument {
        origins.sort();
        let mut document = TantivyDocument::new();
        self.add_text(&mut document, fields);
        self.add_facts(&mut document, fields);
        add_origins(&mut document, &origins, fields);
        let card = card_bytes(&self.card(&origins));
        let text = self.article.text.as_bytes();
        let record = Record { note: &self.layout.encode(), card: &card, text };
        document.add_custom(fields.record, &record.to_bytes());
        document
    }

    fn add_text(&self, document: &mut TantivyDocument, fields: &Fields) {
        let (article, layout) = (&self.article, &self.layout);
        let text = marked_text(article, layout);
        document.add_text(fields.text, text);
        let zone = |zone| gather(article, layout, |kind| Zone::of(kind) == Some(zone));
        let author = [article.authors.join("\n"), zone(Zone::Author)].join("\n");
        let lead = gather(article, layout, |kind| kind == Kind::Lead);
        let elides = elides(article.language.as_deref());
        for (field, mut value) in [
            (fields.noise, noise_text(article, layout)),
            (fields.title, article.headline.clone().unwrap_or_default()),
            (fields.lead, lead),
            (fields.caption, zone(Zone::Caption)),
            (fields.author, author),
            (fields.outlet, article.outlet.clone().unwrap_or_default()),
        ] {
            if !value.is_empty() {
                if elides {
                    value.insert(0, ELISION_MARK);
                }
                document.add_text(field, value);
            }
        }
        if let Some(language) = &article.language {
            document.add_text(fields.lang, language);
        }
    }

    fn add_facts(&self, document: &mut TantivyDocument, fields: &Fields) {
        document.add_text(fields.id, &self.article.id);
        document.add_u64(fields.id_start, id_start(&self.article.id));
        document.add_bytes(fields.content, &self.content.0);
        if let Some(date) = self.article.date {
            document.add_i64(fields.date, day_number(date));
        }
    }

    fn card(&self, origins: &[Origin]) -> Card {
        let mut places =
            origins.iter().map(|origin| (source_key::to_text(&origin.place.path), origin.place.line));
        let (path, line) = places.next().unwrap_or_default();
        Card { path, line, also: places.collect(), ..Card::without_places(&self.article) }
    }
}

/// What an article is found and updated by. Of the sources only a document of several keys must know which is whose.
fn add_origins(document: &mut TantivyDocument, origins: &[Origin], fields: &Fields) {
    let mut last = None;
    for origin in origins {
        let source = origin.source();
        document.add_u64(fields.key, origin.key);
        if origins.len() > 1 {
            document.add_u64(fields.origin, source_number(&source));
        }
        if last != Some(&origin.place.path) {
            let path = source_key::to_text(&origin.place.path);
            document.add_text(fields.source, &path);
            if origin.archive.is_some() {
                document.add_text(fields.source, source);
            }
            document.add_text(fields.path, path);
            last = Some(&origin.place.path);
        }
    }
}

fn card_bytes(card: &Card) -> Vec<u8> {
    serde_json::to_vec(card).unwrap_or_default()
}

fn id_start(id: &str) -> u64 {
    id.bytes().chain(std::iter::repeat(0)).take(8).fold(0, |number, byte| number << 8 | u64::from(byte))
}
