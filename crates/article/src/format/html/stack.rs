//! The open elements of a page, as far as they must be known to tell what is seen and where it stands, and whether a
//! tree of the page can be built in bounded time and memory.

use super::names;
use super::scan::Tag;

/// Deeper nesting is no page that people wrote; browsers stop at about as much.
const MAX_DEPTH: usize = 500;
/// As much of the nesting is looked at once a page is known to be read without a tree.
const HOSTILE_DEPTH: usize = 16;
/// A page of more tags is read without a tree.
const MAX_TAGS: usize = 400_000;
/// The attributes of one tag are compared with each other.
const MAX_ATTRIBUTES: usize = 500;
/// Elements that a browser makes because formatting was left open.
const MAX_REOPENED: usize = 1_000_000;
/// All `<html>` and `<body>` are merged into the first one.
const MAX_ROOTS: usize = 50;

/// What classes of comments are made of.
const COMMENT_WORDS: [&str; 8] =
    ["comment", "comments", "commentlist", "comentarios", "kommentare", "commentaires", "disqus", "replies"];

/// Where in a page something stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Place {
    #[default]
    Plain,
    Heading,
    /// The headline that the page shows: told by where it stands.
    Headline,
    Caption,
    /// A line that names the authors, or the date: no element says it.
    Byline,
    Date,
    Nav,
    Related,
    Footer,
}

/// What an open element makes of the text inside it.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is inherited by itself")]
pub(super) struct Element {
    pub(super) place: Place,
    pub(super) is_hidden: bool,
    pub(super) is_link: bool,
    /// Line ends in it are line ends.
    pub(super) keeps_lines: bool,
    /// Of a comment of a reader, or of an article inside of the article.
    pub(super) is_comment: bool,
    pub(super) is_in_article: bool,
    /// Of an `<h1>` that is shown.
    pub(super) is_top_heading: bool,
    /// Of a link to the first page of the site, as logos have.
    pub(super) is_home_link: bool,
    /// Of SVG or `MathML`, where a slash closes any element.
    is_foreign: bool,
}

/// An element that is open.
#[derive(Debug)]
struct Open {
    name: String,
    element: Element,
    /// What [`Stack::lost`] was when it was opened.
    lost_before: usize,
}

/// The open elements.
#[derive(Debug, Default)]
pub(super) struct Stack {
    open: Vec<Open>,
    tags: usize,
    roots: usize,
    /// Formatting elements that ended with the block around them: a browser opens them again in the next block.
    lost: usize,
    /// Formatting elements that end tags in the wrong order may have multiplied.
    entangled: usize,
    reopened: usize,
    is_over: bool,
}

impl Stack {
    /// What the innermost element makes of text.
    pub(super) fn top(&self) -> Element {
        self.open.last().map(|open| open.element).unwrap_or_default()
    }

    /// A tree of the page would take too long to build or be too large or too deep to walk.
    pub(super) fn is_too_much(&self) -> bool {
        self.is_over || self.tags > MAX_TAGS || self.reopened > MAX_REOPENED || self.roots > MAX_ROOTS
    }

    /// Takes a start tag, `name` in lower case.
    pub(super) fn open(&mut self, tag: &Tag<'_>, name: &str) {
        self.tags += 1;
        self.reopened += self.lost + self.entangled;
        self.roots += usize::from(matches!(name, "html" | "body"));
        self.is_over |= tag.attribute_count > MAX_ATTRIBUTES;
        if names::ends_foreign(name) {
            while self.top().is_foreign {
                self.open.pop();
            }
        }
        self.close_implied(name);
        let inside = self.top();
        let is_stray_cell = is_cell(name) && self.find(|open| open == "table", |_| false).is_none();
        let is_closed = inside.is_foreign && tag.is_self_closing();
        if names::is_void(name) || is_stray_cell || is_closed {
            return;
        }
        if self.open.len() >= MAX_DEPTH {
            self.is_over = true;
            return;
        }
        let element = element_of(tag, name, inside);
        self.open.push(Open { name: name.to_owned(), element, lost_before: self.lost });
    }

    /// Takes an end tag, `name` in lower case. One that closes nothing is passed over.
    pub(super) fn close(&mut self, name: &str) {
        self.tags += 1;
        let is_it = |open: &str| open == name || (names::is_heading(name) && names::is_heading(open));
        let place = if names::is_formatting(name) || names::is_special(name) {
            self.find(is_it, names::is_scope)
        } else {
            self.find(is_it, names::is_special)
        };
        let Some(place) = place else {
            self.lost = self.lost.saturating_sub(usize::from(names::is_formatting(name)));
            return;
        };
        let holds_block = self.open.iter().skip(place + 1).any(|open| names::is_special(&open.name));
        if names::is_formatting(name) && holds_block {
            // The blocks inside stay open.
            self.entangled += 1;
            self.open.remove(place);
            return;
        }
        self.truncate(place + 1);
        let closed = self.open.pop();
        if let Some(cell) = closed.filter(|open| is_cell(&open.name)) {
            self.lost = cell.lost_before;
        }
    }

    /// Closes what a start tag ends without an end tag: a paragraph ends where a block begins, an item where the next
    /// one does.
    fn close_implied(&mut self, name: &str) {
        let is_bound = |open: &str| names::is_special(open) && !matches!(open, "address" | "div" | "p");
        let is_table = |open: &str| open == "table";
        let place = match name {
            "li" => self.find(|open| open == "li", is_bound),
            "dt" | "dd" => self.find(|open| matches!(open, "dt" | "dd"), is_bound),
            "td" | "th" => self.find(is_cell, |open| matches!(open, "tr" | "table")),
            "tr" => self.find(|open| open == "tr", is_table),
            "thead" | "tbody" | "tfoot" => {
                self.find(|open| matches!(open, "thead" | "tbody" | "tfoot"), is_table)
            }
            "option" => self.open.len().checked_sub(1).filter(|_| self.top_is("option")),
            "a" => return self.close_link(),
            _ if names::closes_paragraph(name) => {
                self.find(|open| open == "p", |open| names::is_scope(open) || open == "button")
            }
            _ => None,
        };
        if let Some(place) = place {
            self.truncate(place);
        }
    }

    /// A link ends where the next one begins; blocks that began in it stay open.
    fn close_link(&mut self) {
        if let Some(place) = self.find(|open| open == "a", names::is_scope) {
            self.open.remove(place);
        }
    }

    fn top_is(&self, name: &str) -> bool {
        self.open.last().is_some_and(|open| open.name == name)
    }

    /// The innermost open element that is sought, if none that `stops` stands inside of it.
    fn find(&self, is_sought: impl Fn(&str) -> bool, stops: impl Fn(&str) -> bool) -> Option<usize> {
        let looked_at = if self.is_too_much() { HOSTILE_DEPTH } else { MAX_DEPTH };
        for (place, open) in self.open.iter().enumerate().rev().take(looked_at) {
            if is_sought(&open.name) {
                return Some(place);
            }
            if stops(&open.name) {
                return None;
            }
        }
        None
    }

    fn truncate(&mut self, length: usize) {
        while self.open.len() > length {
            let Some(open) = self.open.pop() else { return };
            if is_cell(&open.name) {
                // Formatting does not leave a cell.
                self.lost = open.lost_before;
            } else {
                self.lost += usize::from(names::is_formatting(&open.name));
            }
        }
    }
}

fn is_cell(name: &str) -> bool {
    matches!(name, "td" | "th" | "caption")
}

fn element_of(tag: &Tag<'_>, name: &str, inside: Element) -> Element {
    let mut element = inside;
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            element.place = deeper(inside.place, Place::Heading);
            element.is_top_heading = name == "h1" && !is_spoken(tag);
        }
        "figcaption" => element.place = deeper(inside.place, Place::Caption),
        "nav" => element.place = Place::Nav,
        "footer" => element.place = Place::Footer,
        "aside" => element.place = Place::Related,
        "a" => {
            element.is_link = true;
            element.is_home_link = tag.attribute("href").is_some_and(|address| is_home(&address));
        }
        "article" => {
            element.is_comment |= inside.is_in_article;
            element.is_in_article = true;
        }
        "main" => element.is_comment = false,
        "pre" | "textarea" | "listing" | "xmp" | "plaintext" => element.keeps_lines = true,
        "svg" | "math" => element.is_foreign = true,
        "foreignobject" | "desc" | "title" | "annotation-xml" => element.is_foreign = false,
        _ => {}
    }
    element.is_hidden |= names::is_hidden(name);
    if !matches!(name, "html" | "body") {
        read_attributes(tag, &mut element);
        element.is_comment |= is_of_comments(tag, name);
    }
    element
}

/// Cue: a class such as `sr-only` or `visually-hidden`: it names the page for those who hear it.
fn is_spoken(tag: &Tag<'_>) -> bool {
    let class = tag.attribute("class").unwrap_or_default().to_ascii_lowercase();
    ["sr-only", "screen-reader", "visually-hidden", "visuallyhidden"]
        .iter()
        .any(|known| class.contains(known))
}

/// An address of the first page of a site: nothing below its name but a language.
fn is_home(address: &str) -> bool {
    let address = address.trim();
    let path = match address.split_once("//") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => address,
    };
    let path = path.trim_start_matches("./").trim_matches('/');
    let is_first = ["", ".", "..", "index.html", "index.htm", "index.php"].contains(&path);
    (is_first || is_language(path)) && !address.is_empty()
}

/// `en` and `en-GB`.
fn is_language(path: &str) -> bool {
    let mut parts = path.splitn(2, ['-', '_']);
    let is_code = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    parts.next().is_some_and(is_code) && parts.next().is_none_or(is_code)
}

/// A heading in a menu is a part of the menu.
fn deeper(outer: Place, inner: Place) -> Place {
    if matches!(outer, Place::Nav | Place::Footer | Place::Related) { outer } else { inner }
}

fn read_attributes(tag: &Tag<'_>, element: &mut Element) {
    for (key, value) in tag.attributes() {
        if key.eq_ignore_ascii_case("hidden") && !value.eq_ignore_ascii_case("until-found")
            || key.eq_ignore_ascii_case("aria-hidden") && value.eq_ignore_ascii_case("true")
            || key.eq_ignore_ascii_case("style") && hides(value)
        {
            element.is_hidden = true;
        } else if key.eq_ignore_ascii_case("role") {
            match value {
                "navigation" | "menu" | "menubar" => element.place = Place::Nav,
                "contentinfo" => element.place = Place::Footer,
                "complementary" | "note" => element.place = Place::Related,
                _ => {}
            }
        }
    }
}

/// Cue: a class or an identifier such as `comment-list`, or a type such as `https://schema.org/Comment`. An article may
/// say in a longer word that it has comments.
fn is_of_comments(tag: &Tag<'_>, name: &str) -> bool {
    let tells = |key: &str| {
        ["class", "id", "itemprop", "itemtype"].iter().any(|known| key.eq_ignore_ascii_case(known))
    };
    let parts =
        |c: char| if name == "article" { c.is_ascii_whitespace() } else { !c.is_ascii_alphanumeric() };
    tag.attributes().filter(|(key, _)| tells(key)).any(|(_, value)| {
        let mut words = value.split(parts);
        words.any(|word| COMMENT_WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)))
    })
}

/// A style that keeps an element from being seen.
fn hides(style: &str) -> bool {
    let is = |declaration: &str, name: &str, hidden: &str| {
        declaration.split_once(':').is_some_and(|(key, value)| {
            key.trim().eq_ignore_ascii_case(name)
                && value.trim().trim_end_matches("!important").trim_end().eq_ignore_ascii_case(hidden)
        })
    };
    style.split(';').any(|part| is(part, "display", "none") || is(part, "visibility", "hidden"))
}
