//! Captions: what stands under or behind a picture.

use super::phrase_list::PhraseList;
use super::{Page, credit, shape};
use crate::article::Kind;

/// What a caption says before it names whose the picture is, in lower case.
static MARKERS: PhraseList<26> = PhraseList::new([
    "photo:",
    "photos:",
    "photo by",
    "photo credit",
    "photograph:",
    "photograph by",
    "image:",
    "image credit",
    "image by",
    "picture:",
    "picture by",
    "credit:",
    "file photo:",
    "foto:",
    "bild:",
    "crédit photo",
    "crédit:",
    "crédito:",
    "фото:",
    "photo courtesy",
    "image courtesy",
    "photo ©",
    "foto ©",
    "illustration:",
    "source: getty",
    "graphic:",
]);

/// Captions are at most this long, in bytes.
const CAPTION_BYTES: usize = 500;
/// Longest name of a source behind a marker.
const NAME_BYTES: usize = 100;
/// Longest alternative text that a credit line makes a caption.
const ALT_TEXT_BYTES: usize = 140;

/// Lines that end in a credit, and short lines that a credit line follows.
pub(super) fn mark_captions(page: &mut Page<'_>) {
    page.mark(Kind::Caption, CAPTION_BYTES, |page, block, text| {
        ends_in_credit(text)
            || (page.below(block) > 0 && ends_in_agency(text))
            || is_above_credit(page, block, text)
    });
}

/// Cue: "Photo:", "Image by" and the like behind some words, and behind that no further sentence: "The harbour of Oslo.
/// Photo: Jane Doe / NTB".
fn ends_in_credit(text: &str) -> bool {
    let tail = text.len().saturating_sub(NAME_BYTES + 30).max(1);
    (tail..text.len()).any(|at| {
        is_marked_off(text.as_bytes(), at)
            && text.get(at..).is_some_and(|marked| MARKERS.strip(marked).any(is_name_of_source))
    })
}

/// A bracket or bar parts the marker at `at` from the words before, or it begins like a sentence, so that it is not in
/// the middle of one. Most places are turned away by their byte, which must be one
/// that [`MARKERS`] begin with.
fn is_marked_off(text: &[u8], at: usize) -> bool {
    let before = || match text[at - 1] {
        b' ' | b'\n' | 0xa0 => {
            text[..at].trim_ascii_end().last().copied().filter(|last| *last == b'|').unwrap_or(b' ')
        }
        last => last,
    };
    match text[at] {
        b'P' | b'I' | b'C' | b'F' | b'B' | b'S' | b'G' | 0xd0 => {
            matches!(before(), b'(' | b'[' | b'|' | b'/' | b' ')
        }
        b'p' | b'i' | b'c' | b'f' | b'b' | b's' | b'g' => matches!(before(), b'(' | b'[' | b'|' | b'/'),
        _ => false,
    }
}

fn is_name_of_source(rest: &str) -> bool {
    let name = rest.trim_start_matches(|c: char| !c.is_alphanumeric()).trim_end();
    !name.is_empty() && name.len() <= NAME_BYTES && !shape::has_inner_end(name) && shape::begins_upright(name)
}

/// Cue: one sentence at most and an agency in brackets or "Getty Images" at the very end.
fn ends_in_agency(text: &str) -> bool {
    if text.len() > 250 || shape::has_inner_end(text) {
        return false;
    }
    let bracket = text.strip_suffix([')', ']']).and_then(|open| open.rsplit_once(['(', '[']));
    let in_bracket = bracket.is_some_and(|(before, name)| {
        !before.trim().is_empty()
            && name.split(['/', ',']).any(|part| credit::is_agency(part) || part.starts_with("AP Photo"))
    });
    in_bracket || text.ends_with("Getty Images") || text.ends_with("/AFP") || text.ends_with("/Reuters")
}

/// Cue: no sentence ends in it and the next block is a credit line. The first words of a page are rather its headline,
/// unless they begin in lower case as alternative texts do.
fn is_above_credit(page: &Page<'_>, block: usize, text: &str) -> bool {
    let may_be_headline = !page.hints.headline_is_known
        && shape::begins_upright(text)
        && (0..block).all(|above| !page.is_free(above) && page.kind_of(above) != Some(Kind::Headline));
    page.kind_of(block + 1) == Some(Kind::Credit)
        && credit::is_credit(page.text_of(block + 1))
        && text.len() <= ALT_TEXT_BYTES
        && !shape::ends_sentence(text)
        && !may_be_headline
}
