//! What the page around an article leaves in its text: menus, banners, links, footers.

use super::{Page, phrases, shape};
use crate::article::Kind;

/// Menus stand in this many blocks at either end.
const MENU_EDGE: usize = 3;
/// A menu of labels is at most this long.
const LABELS_BYTES: usize = 400;
/// Footers of a clean record stand in this many blocks at the end.
const RECORD_EDGE: usize = 5;

/// A block that is a sentence of three words or more, said three times or more, and nothing else: a banner.
pub(super) fn mark_banners(page: &mut Page<'_>) {
    page.mark(Kind::Banner, usize::MAX, |_, _, text| is_repeated(text));
}

/// Where the rules for noise leave nothing, that was the article after all.
pub(super) fn keep_sole_text(page: &mut Page<'_>) {
    if page.blocks.iter().any(|block| block.kind.is_none()) {
        return;
    }
    for block in &mut page.blocks {
        if block.kind.is_some_and(Kind::is_noise) {
            block.kind = None;
        }
    }
}

/// Cue: the text is one period of at least three words, at least three times over, and the period is closed by a mark (a
/// chorus of a song is not).
fn is_repeated(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(head) = bytes.get(..12) else { return false };
    let room = &bytes[1..bytes.len().min(bytes.len() / 3 + 16)];
    let Some(period) = memchr::memmem::find(room, head).map(|at| at + 1) else { return false };
    // The last time may lack the white space that parts the others.
    bytes.len() + 2 >= period * 3
        && bytes[period..].iter().eq(&bytes[..bytes.len() - period])
        && text.ends_with(['!', '.', '?', '…', '|', '•', '»', '›', '*', '！', '。'])
        && text.get(..period).is_some_and(|unit| unit.split_whitespace().count() >= 3)
}

/// A line at the top or bottom that lists the sections of a site.
pub(super) fn mark_menus(page: &mut Page<'_>) {
    page.mark(Kind::Nav, 1_500, |page, block, text| {
        let at_edge = block < MENU_EDGE || page.below(block) < MENU_EDGE;
        at_edge && (is_menu_of_words(text, page.hints.is_record) || is_menu_of_labels(text))
    });
}

/// Cue: a menu, or words that sites put about their articles. A line that recurs is looked at here before it is a headline.
pub(super) fn is_furniture(text: &str) -> bool {
    is_menu_of_words(text, false)
        || is_menu_of_labels(text)
        || phrases::is_home(text)
        || phrases::is_section(text)
        || phrases::is_footer(text)
        || phrases::is_share_bar(text)
        || phrases::is_related_link(text)
}

/// Cue: at least eight words, nearly all capitalised, no punctuation and hardly a small word, and among them the names of
/// newspaper sections (which a headline with every word capitalised has not).
fn is_menu_of_words(text: &str, is_record: bool) -> bool {
    if text.contains(['.', ',', '!', '?', ';', ':', '"', '“']) {
        return false;
    }
    let words = shape::words(text);
    let sections = text.split_whitespace().filter(|word| phrases::is_section(word)).count();
    words.all >= if is_record { 12 } else { 8 }
        && words.capitalised * 10 >= words.all * 8
        && words.function * 10 <= words.all
        && words.longest <= 24
        && sections * 3 >= words.all
}

/// Cue: four or more labels of up to four words between `|`, `›`, `»`, `•`, `·` or ` / `, a breadcrumb from "Home" with
/// three; none ends a sentence, and one at least is the name of a section.
fn is_menu_of_labels(text: &str) -> bool {
    let in_separator = |byte: &u8| matches!(byte, b'|' | b'/' | b'>' | 0xc2 | 0xe2);
    text.len() <= LABELS_BYTES
        && text.bytes().filter(in_separator).nth(1).is_some()
        && ["|", "›", "»", "•", "·", " / ", " > "].iter().any(|separator| {
            let labels: Vec<&str> =
                text.split(separator).map(str::trim).filter(|label| !label.is_empty()).collect();
            let enough = labels.len() >= 4 || (labels.len() == 3 && phrases::is_home(labels[0]));
            enough
                && labels.iter().all(|label| {
                    label.len() <= 40 && shape::words(label).all <= 4 && !shape::ends_like_prose(label)
                })
                && labels
                    .iter()
                    .any(|label| label.split_whitespace().any(phrases::is_section) || phrases::is_home(label))
        })
}

/// A menu with a label a line above the article. Cue: five or more blocks in a row at the very top of at most three
/// capitalised words without punctuation, half of them names of sections.
pub(super) fn mark_stacked_menus(page: &mut Page<'_>) {
    let is_label = |text: &str| {
        let words = shape::words(text);
        (1..=3).contains(&words.all)
            && words.capitalised == words.all
            && !text.contains(['.', ',', '?', '!', ':'])
    };
    let count = (0..page.blocks.len())
        .take_while(|block| page.is_free(*block) && is_label(page.text_of(*block)))
        .count();
    let sections = (0..count)
        .filter(|block| phrases::is_section(page.text_of(*block)) || phrases::is_home(page.text_of(*block)));
    let sections: Vec<usize> = sections.collect();
    let Some(last) = sections.last() else { return };
    if page.hints.is_record || count < 5 || sections.len() * 2 < count {
        return;
    }
    for block in &mut page.blocks[..=*last] {
        block.kind = Some(Kind::Nav);
    }
}

/// Cue: a short line that opens with "Also read:" or the like.
pub(super) fn mark_related_links(page: &mut Page<'_>) {
    page.mark(Kind::Related, 220, |page, _, text| {
        phrases::is_related_link(text) && !(page.hints.is_record && phrases::is_cross_reference(text))
    });
}

/// Cue: words that sites put below an article, alone on a short line; what opens the list of further articles takes the
/// titles behind it along when nothing else follows.
pub(super) fn mark_footers(page: &mut Page<'_>) {
    page.mark(Kind::Footer, 300, |page, block, text| {
        let at_end = page.below(block) < RECORD_EDGE;
        (at_end || !page.hints.is_record) && phrases::is_footer(text)
            || (at_end || block < MENU_EDGE) && phrases::is_share_bar(text)
    });
    if !page.hints.is_record {
        mark_titles_below(page);
    }
}

/// Cue: below "Related articles" and the like only short lines that end no sentence come to the end of the page.
fn mark_titles_below(page: &mut Page<'_>) {
    let opener = (0..page.blocks.len()).find(|block| {
        page.kind_of(*block) == Some(Kind::Footer) && phrases::opens_further_titles(page.text_of(*block))
    });
    let Some(opener) = opener.filter(|opener| opener * 2 >= page.blocks.len()) else { return };
    let below = opener + 1..page.blocks.len();
    let is_title = |text: &str| text.len() <= 120 && !shape::ends_like_prose(text);
    if below.clone().all(|block| !page.is_free(block) || is_title(page.text_of(block))) {
        for block in below {
            page.blocks[block].kind.get_or_insert(Kind::Related);
        }
    }
}
