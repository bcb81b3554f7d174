//! Credits: whose a picture or the text is. Syndication lines among them tell the outlet.

use super::phrase_list::PhraseList;
use super::{Page, shape};
use crate::article::Kind;
use crate::names;

/// Opens a line that says whose a picture is.
static OPENERS: PhraseList<44> = PhraseList::new([
    "photo source",
    "photos source",
    "image source",
    "picture source",
    "photo credit",
    "photo credits",
    "image credit",
    "image credits",
    "picture credit",
    "picture credits",
    "photo by",
    "photos by",
    "image by",
    "picture by",
    "photograph by",
    "photo courtesy",
    "image courtesy",
    "picture courtesy",
    "courtesy of",
    "photo:",
    "photos:",
    "image:",
    "images:",
    "picture:",
    "photograph:",
    "file photo:",
    "cover photo",
    "featured image",
    "header image",
    "foto:",
    "fotos:",
    "foto ©",
    "photo ©",
    "© photo",
    "bild:",
    "bildquelle",
    "crédit photo",
    "crédit :",
    "crédit:",
    "crédito:",
    "sursa foto",
    "фото:",
    "credit:",
    "graphic:",
]);

/// Opens a line about where the text came from.
static TEXT_OPENERS: PhraseList<7> = PhraseList::new([
    "source:",
    "sources:",
    "with inputs from",
    "with input from",
    "with agency inputs",
    "(with inputs from",
    "(with input from",
]);

/// Agencies that send out news and pictures, in lower case.
static AGENCIES: PhraseList<42> = PhraseList::new([
    "reuters",
    "ap",
    "afp",
    "ap photo",
    "associated press",
    "the associated press",
    "agence france-presse",
    "dpa",
    "epa",
    "epa-efe",
    "efe",
    "ansa",
    "tass",
    "itar-tass",
    "ria novosti",
    "sputnik",
    "interfax",
    "xinhua",
    "kyodo",
    "kyodo news",
    "yonhap",
    "pti",
    "ani",
    "ians",
    "upi",
    "bloomberg",
    "getty",
    "getty images",
    "ap images",
    "agerpres",
    "mediafax",
    "pap",
    "ctk",
    "belga",
    "anp",
    "ntb",
    "ritzau",
    "anadolu",
    "anadolu agency",
    "zuma",
    "alamy",
    "shutterstock",
]);

/// Longest name behind an opener, in bytes.
const NAME_BYTES: usize = 80;

/// The text is the name of an agency; abbreviations are in capitals.
pub(super) fn is_agency(text: &str) -> bool {
    let is_short = text.trim().len() <= 4;
    if is_short && text.contains(char::is_lowercase) {
        return false;
    }
    AGENCIES.strip(text.trim()).any(str::is_empty)
}

/// Lines that are nothing but a credit, and syndication lines, whose outlet is kept.
pub(super) fn mark_credits(page: &mut Page<'_>) {
    let mut outlet = None;
    for block in 0..page.blocks.len() {
        if !page.is_free(block) || page.blocks[block].range.len() > 400 {
            continue;
        }
        let text = page.text_of(block);
        let at_end = page.below(block) < 4;
        if is_credit(text) || (at_end && !page.hints.is_record && is_text_credit(text)) {
            page.blocks[block].kind = Some(Kind::Credit);
        } else if is_syndication(text) {
            page.blocks[block].kind = Some(Kind::Credit);
            outlet = outlet.or_else(|| publisher(text));
        }
    }
    page.outlet = outlet;
}

/// Cue: an opener such as "Photo:" or "Image source:" and a short name behind it, or nothing but names with an agency
/// among them: `REUTERS/Jane Doe`, `(AFP)`.
pub(super) fn is_credit(text: &str) -> bool {
    if text.len() > 160 {
        return false;
    }
    let line = text.trim_start_matches(['(', '[', '*', '|', ' ', '#', '_']);
    let named = OPENERS.strip(line).next().is_some_and(is_short_name);
    named || is_agency_line(text)
}

fn is_text_credit(text: &str) -> bool {
    TEXT_OPENERS.strip(text).next().is_some_and(is_short_name)
}

fn is_short_name(rest: &str) -> bool {
    if rest.starts_with(char::is_alphanumeric) {
        return false;
    }
    let name = rest.trim_matches(|c: char| !c.is_alphanumeric());
    !name.is_empty()
        && name.len() <= NAME_BYTES
        && !shape::has_inner_end(name)
        && shape::words(name).function <= 2
}

fn is_agency_line(text: &str) -> bool {
    let is_marked =
        text.starts_with(['(', '[']) || text.contains('/') || text.eq_ignore_ascii_case("getty images");
    if !is_marked || text.len() > NAME_BYTES {
        return false;
    }
    let mut parts = text.trim_matches(|c: char| !c.is_alphanumeric()).split(['/', '|', ',']).map(str::trim);
    parts.clone().any(is_agency)
        && parts
            .all(|part| is_agency(part) || names::is_full_name(part) || part.eq_ignore_ascii_case("photo"))
}

/// What an article calls itself at the start of a syndication line.
static SUBJECTS: PhraseList<8> = PhraseList::new([
    "this article",
    "this story",
    "this piece",
    "this report",
    "this post",
    "this commentary",
    "this column",
    "an earlier version of this",
]);

/// What stands before the outlet in a syndication line; the surest first.
const PUBLISHED: [&str; 9] = [
    "provided it to",
    "published by",
    "published on",
    "published in",
    "published at",
    "appeared in",
    "appeared on",
    "appeared at",
    "republished from",
];

/// What else makes a syndication line.
const MADE: [&str; 4] = ["produced in partnership", "produced by", "is republished", "was distributed by"];

/// Cue: "This article was (originally) published by …", "This story is … provided it to …".
fn is_syndication(text: &str) -> bool {
    let line = text.trim_start_matches(['(', '[', '*', '_', ' ']);
    let Some(said) = SUBJECTS.strip(line).next() else { return false };
    [" was ", " is ", " first ", " originally ", " has been ", " article was "]
        .iter()
        .any(|verb| said.starts_with(verb))
        && PUBLISHED.iter().chain(&MADE).any(|verb| text.contains(verb))
}

/// The outlet a syndication line names.
fn publisher(text: &str) -> Option<String> {
    PUBLISHED
        .iter()
        .find_map(|verb| text.split_once(verb))
        .and_then(|(_, rest)| publication(rest.trim_start()))
}

/// The capitalised words at the beginning of `text`, small words between them included.
fn publication(text: &str) -> Option<String> {
    let mut name = String::new();
    let mut kept = 0;
    for word in text.split_whitespace().take(8) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let capital = bare.starts_with(|c: char| c.is_uppercase());
        let joins = matches!(bare, "of" | "the" | "for" | "de" | "&");
        if !capital && !joins {
            break;
        }
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(bare);
        if capital {
            kept = name.len();
        }
        if word.ends_with([',', '.', ';', ')', ':', '"', '”']) {
            break;
        }
    }
    name.truncate(kept);
    let name = name.strip_prefix("the ").unwrap_or(&name);
    (!name.is_empty()).then(|| name.to_owned())
}
