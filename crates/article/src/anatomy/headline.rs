//! Headline, headings and lead.

use super::{Page, noise, shape};
use crate::article::Kind;

/// Longest headline, in bytes.
const HEADLINE_BYTES: usize = 250;
/// Longest heading between paragraphs, in bytes.
const HEADING_BYTES: usize = 110;
/// Headings have at most this many words.
const HEADING_WORDS: usize = 14;

/// Cue: above the first paragraph, a short block that does not end like prose. A label of one or two words gives way to a
/// longer candidate below it and becomes a heading. Where there is none, the first line that recurs in the folder is it: that of
/// a weekly column.
pub(super) fn mark_headline(page: &mut Page<'_>) {
    if page.hints.headline_is_known || page.blocks.iter().any(|block| block.kind == Some(Kind::Headline)) {
        return;
    }
    let candidates: Vec<usize> = (0..page.first_paragraph())
        .filter(|block| page.is_free(*block) && could_be_headline(page.text_of(*block)))
        .filter(|block| (block + 1..page.blocks.len()).any(|below| page.is_free(below)))
        .take(4)
        .collect();
    let long = candidates.iter().find(|block| shape::words(page.text_of(**block)).all >= 3);
    let recurring = || {
        let above = page.recurring_above(page.first_paragraph()).into_iter();
        above
            .filter(|block| could_be_headline(page.text_of(*block)))
            .find(|block| !noise::is_furniture(page.text_of(*block)))
    };
    let Some(headline) = long.or(candidates.first()).copied().or_else(recurring) else { return };
    page.blocks[headline].kind = Some(Kind::Headline);
    for label in candidates.into_iter().filter(|label| *label < headline) {
        page.blocks[label].kind = Some(Kind::Heading);
    }
}

fn could_be_headline(text: &str) -> bool {
    let is_speech = text.starts_with(['"', '“']) && shape::ends_sentence(text);
    text.len() <= HEADLINE_BYTES
        && text.contains(char::is_alphabetic)
        && !shape::ends_like_prose(text)
        && !shape::is_list_item(text)
        && !text.starts_with(['(', '['])
        && !is_speech
}

/// Cue: a short block between paragraphs that begins with a capital or digit, does not end like prose, and has a
/// paragraph directly below.
pub(super) fn mark_headings(page: &mut Page<'_>) {
    let first = page.first_paragraph();
    page.mark(Kind::Heading, HEADING_BYTES, |page, block, text| {
        block > first
            && is_heading(text)
            && block + 1 < page.blocks.len()
            && page.is_free(block + 1)
            && stands_above_paragraph(text, page.text_of(block + 1))
    });
}

fn is_heading(text: &str) -> bool {
    let quoted = text.starts_with(['"', '“', '‘', '«', '„']);
    shape::begins_upright(text)
        && !shape::ends_like_prose(text)
        && !shape::is_list_item(text)
        && !(quoted && (shape::ends_sentence(text) || text.ends_with(['"', '”', '’', '»'])))
        && shape::words(text).all <= HEADING_WORDS
}

/// The paragraph below ends a sentence and is clearly longer than the heading.
fn stands_above_paragraph(heading: &str, below: &str) -> bool {
    below.len() >= 80
        && below.len() > heading.len()
        && (shape::ends_sentence(below) || shape::is_paragraph(below))
}

/// The first paragraph that is left is the lead; where none reads like one, the first block that is left.
pub(super) fn mark_lead(page: &mut Page<'_>) {
    let first_free = (0..page.blocks.len()).find(|block| page.is_free(*block));
    let paragraph = page.first_paragraph();
    let lead = if paragraph < page.blocks.len() { Some(paragraph) } else { first_free };
    if let Some(lead) = lead {
        page.blocks[lead].kind = Some(Kind::Lead);
    }
}
