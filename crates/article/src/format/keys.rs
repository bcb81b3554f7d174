//! The names that keys of records and columns of tables go by.

/// What a key of a record means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Id,
    Title,
    /// What stands below the headline in smaller letters.
    Subtitle,
    Body,
    Description,
    Date,
    Outlet,
    Author,
    Url,
    Language,
}

/// The names each key goes by, in any case, and whatever marks stand between their words: `published_at` is
/// `publishedAt` and `Published At` too. Where a record has several of one row, the first of the row wins.
const SYNONYMS: [(Key, &[&str]); 10] = [
    (Key::Id, &["id", "uid", "docid", "guid"]),
    (Key::Title, &["title", "headline", "heading", "name", "web_title", "article_title"]),
    (
        Key::Body,
        &[
            "body",
            "text",
            "content",
            "article",
            "contents",
            "body_text",
            "maintext",
            "full_text",
            "article_body",
            "article_text",
            "article_content",
            "content_html",
            "content_text",
            "body_html",
            "raw_content",
            "story",
        ],
    ),
    (Key::Subtitle, &["subtitle", "sub_headline", "subheading", "dek"]),
    (Key::Description, &["description", "summary", "abstract", "excerpt", "standfirst", "trail_text"]),
    (
        Key::Date,
        &[
            "date",
            "published",
            "published_at",
            "publish_date",
            "pubdate",
            "date_publish",
            "date_published",
            "publication_date",
            "published_date",
            "published_time",
            "published_on",
            "web_publication_date",
            "created_at",
            "date_created",
            "datetime",
            "time",
            "timestamp",
        ],
    ),
    (Key::Outlet, &["source", "outlet", "publication", "publisher", "site_name"]),
    (Key::Author, &["author", "authors", "byline", "creator"]),
    (Key::Url, &["url", "link", "uri", "canonical_url", "web_url", "permalink"]),
    (Key::Language, &["lang", "language", "in_language"]),
];

impl Key {
    /// The first of its names.
    pub(super) fn name(self) -> &'static str {
        let row = SYNONYMS.iter().find(|(key, _)| *key == self);
        row.and_then(|(_, names)| names.first()).copied().unwrap_or_default()
    }

    /// The names of all keys, for people.
    pub(super) fn known_names() -> String {
        SYNONYMS.iter().map(|(key, _)| key.name()).collect::<Vec<&str>>().join(", ")
    }
}

/// The key a name means, and its place in its row.
pub(super) fn key_of(name: &str) -> Option<(Key, usize)> {
    SYNONYMS.iter().find_map(|(key, names)| {
        let place = names.iter().position(|synonym| is_same_name(synonym, name))?;
        Some((*key, place))
    })
}

/// The same letters in any case, whatever marks stand between words.
pub(super) fn is_same_name(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

fn letters(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(|byte| !matches!(byte, b'_' | b'-' | b' ')).map(|byte| byte.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_however_their_words_are_joined() {
        let check = |key: Key, names: &[&str]| {
            for name in names {
                assert_eq!(key_of(name).map(|(key, _)| key), Some(key), "{name}");
            }
        };
        check(Key::Id, &["_id", "doc_id", "docId", "GUID"]);
        check(Key::Body, &["articleBody", "Article Text", "full-text", "content_html"]);
        check(Key::Date, &["publishedAt", "PUBLISHEDAT", "Publication Date", "datePublished"]);
        assert_eq!(key_of("bodies"), None);
        assert_eq!(key_of(""), None);
    }
}
