//! An article as understood: its text line by line, and what was found out about it.

use std::ops::Range;
use std::path::PathBuf;

use jiff::civil::Date;

/// One article. `text` is everything that was read, noise included: nothing is thrown away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// The article's own id where it brought one, else 16 hexadecimal digits of its content's BLAKE3 hash.
    pub id: String,
    /// Where it was read from; the first of its places, where the same article was read from several.
    pub source: Source,
    /// The other places, by path and line. None as parsed: only who has seen more of a collection knows of them.
    pub also: Vec<Place>,
    /// The headline; `None` where the text has none.
    pub headline: Option<String>,
    /// Publication date.
    pub date: Option<Date>,
    /// Authors in the order named, without "By".
    pub authors: Vec<String>,
    /// The publication, where the article says it.
    pub outlet: Option<String>,
    /// ISO 639-1 code of the language (639-3 where there is none), detected on the text without noise.
    pub language: Option<String>,
    /// Address the article came from.
    pub url: Option<String>,
    /// Decoded text, lines ended by `\n`.
    pub text: String,
    /// Every line of `text` in order, blank ones included.
    pub lines: Vec<Line>,
}

impl Article {
    /// All places that it was read from, that of its source first.
    pub fn places(&self) -> impl Iterator<Item = Place> {
        let first = Place { path: self.source.path.clone(), line: self.source.line };
        std::iter::once(first).chain(self.also.iter().cloned())
    }
}

/// Where an article was read from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    /// The file; `-` is standard input. Of a member of an archive, the path of the archive and then its name there, which is a
    /// label: nothing may be opened by it.
    pub path: PathBuf,
    /// 1-based line in the file, or the member, where the article begins.
    pub line: u32,
    /// The lines of the article's text are the lines of the file (plain text), so a place in the text is a
    /// line of the file; in a record of JSON every place is the record's line.
    pub lines_are_file_lines: bool,
}

/// A place that an article was read from. Places are ordered by path, then line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file, as in [`Source`].
    pub path: PathBuf,
    /// 1-based line where the article begins.
    pub line: u32,
}

/// A line of an article's text and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What the line is.
    pub kind: Kind,
    /// Its bytes in the text, without the line end.
    pub range: Range<usize>,
    /// A paragraph starts here: every line of text in the one-paragraph-a-line form, only the first of a block
    /// in hard-wrapped text. Blank lines start none.
    pub starts_paragraph: bool,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Nothing but white space.
    Blank,
    /// The site's menu.
    Nav,
    /// A repeated slogan or advertisement.
    Banner,
    /// The article's title.
    Headline,
    /// The line of the publication date.
    Date,
    /// Who wrote it.
    Byline,
    /// A sentence about the author.
    AuthorBio,
    /// The first body paragraph.
    Lead,
    /// A paragraph of the article.
    Body,
    /// A heading between paragraphs.
    Heading,
    /// What stands under or behind a picture.
    Caption,
    /// Whose picture or text it is.
    Credit,
    /// A link to another article.
    Related,
    /// What the site puts below.
    Footer,
}

impl Kind {
    /// Kept out of the default fields: menus, banners, links to other articles, footers.
    pub fn is_noise(self) -> bool {
        matches!(self, Kind::Nav | Kind::Banner | Kind::Related | Kind::Footer)
    }

    /// The name shown to people and used in gold files.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Blank => "blank",
            Kind::Nav => "nav",
            Kind::Banner => "banner",
            Kind::Headline => "headline",
            Kind::Date => "date",
            Kind::Byline => "byline",
            Kind::AuthorBio => "author_bio",
            Kind::Lead => "lead",
            Kind::Body => "body",
            Kind::Heading => "heading",
            Kind::Caption => "caption",
            Kind::Credit => "credit",
            Kind::Related => "related",
            Kind::Footer => "footer",
        }
    }
}

impl Kind {
    /// Every kind, in the order of its code.
    pub const ALL: [Kind; 14] = [
        Kind::Blank,
        Kind::Nav,
        Kind::Banner,
        Kind::Headline,
        Kind::Date,
        Kind::Byline,
        Kind::AuthorBio,
        Kind::Lead,
        Kind::Body,
        Kind::Heading,
        Kind::Caption,
        Kind::Credit,
        Kind::Related,
        Kind::Footer,
    ];

    /// The kind whose code (`kind as u8`) this is.
    pub fn from_code(code: u8) -> Option<Kind> {
        Kind::ALL.get(usize::from(code)).copied()
    }
}
