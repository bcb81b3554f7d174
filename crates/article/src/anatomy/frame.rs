//! Where the frame of a page is: what the site puts above the article and below it. A line that recurs in a folder is of the
//! frame only there, since reports share sentences too: a refusal to comment, the opening of statements, a question of an
//! interview.

use super::date_line::date_line;
use super::{noise, shape};
use crate::article::{Kind, Line};

/// Headline, byline and what else the article says above its text have at most so many words.
const WORDS_ABOVE: usize = 40;
/// Titles of other articles among the lines of the frame below have at most so many words.
const WORDS_BELOW: usize = 80;
/// No line of hard-wrapped text is longer, in bytes.
const WRAPPED_BYTES: usize = 120;
/// A line of so many words, most of them in lower case, is a part of a sentence.
const WORDS_OF_PROSE: usize = 8;

/// Which of the lines that recur are of the frame, by their numbers in order. `recurs` knows them.
pub(super) fn framed(text: &str, lines: &[Line], recurs: impl Fn(&str) -> bool) -> Vec<usize> {
    let written = || lines.iter().enumerate().filter(|(_, line)| line.kind != Kind::Blank);
    let numbered = || written().map(|(number, line)| (number, text[line.range.clone()].trim()));
    // No line of a wrapped paragraph: a blank one follows, or one as no wrapped text has it.
    let is_alone = |number: usize| {
        let below = lines.get(number + 1);
        below.is_none_or(|line| line.kind == Kind::Blank || line.range.len() > WRAPPED_BYTES)
    };
    let mut found = above(numbered(), &recurs, is_alone);
    found.extend(below(numbered().rev(), &recurs));
    found.sort_unstable();
    found.dedup();
    found
}

/// Cue: labels that recur above the first paragraph, and sentences that recur above every line of the article. Sentences that
/// stand right above a paragraph are its beginning; what ends like no sentence and `is_alone` is a headline, however many words
/// it has.
fn above<'t>(
    lines: impl Iterator<Item = (usize, &'t str)>,
    recurs: impl Fn(&str) -> bool,
    is_alone: impl Fn(usize) -> bool,
) -> Vec<usize> {
    let (mut found, mut held) = (Vec::new(), Vec::new());
    let mut own_words = 0;
    for (number, line) in lines {
        let is_prose = reads_like_prose(line);
        if recurs(line) && !quotes(line) {
            match is_prose {
                true if own_words > 0 => break,
                true => held.push(number),
                false => {
                    found.append(&mut held);
                    found.push(number);
                }
            }
            continue;
        }
        if is_neutral(line) {
            continue;
        }
        if is_paragraph(line) {
            break;
        }
        if !is_prose || is_alone(number) {
            found.append(&mut held);
        }
        held.clear();
        own_words += shape::words(line).all.max(1);
        if own_words > WORDS_ABOVE {
            break;
        }
    }
    found
}

/// Cue, from the end of the page upwards: what recurs, below the last paragraph of the article. A sentence is of the frame only
/// where a label that recurs heads whatever else stands below it, as `Read next` heads titles.
fn below<'t>(lines: impl Iterator<Item = (usize, &'t str)>, recurs: impl Fn(&str) -> bool) -> Vec<usize> {
    let mut found = Vec::new();
    let mut own_words = 0;
    for (number, line) in lines {
        if recurs(line) && !quotes(line) {
            if !reads_like_prose(line) {
                own_words = 0;
            } else if own_words > 0 {
                break;
            }
            found.push(number);
            continue;
        }
        if is_neutral(line) {
            continue;
        }
        own_words += shape::words(line).all.max(1);
        if is_paragraph(line) || own_words > WORDS_BELOW {
            break;
        }
    }
    found
}

/// What stands in a frame though it does not recur: a menu, a line of rights, the day.
fn is_neutral(line: &str) -> bool {
    noise::is_furniture(line) || date_line(line).is_some()
}

/// A paragraph of the article, or a sentence that is short and no headline with a mark.
fn is_paragraph(line: &str) -> bool {
    shape::is_paragraph(line) || quotes(line) && ends_sentence(line) || line.ends_with(['.', '。', '۔', '।'])
}

/// Cue: ends as sentences or their parts do, or has as many words as they have, most of them in lower case; and is not what sites
/// are known to say.
pub(super) fn reads_like_prose(line: &str) -> bool {
    let words = shape::words(line);
    let is_prose = ends_sentence(line)
        || shape::ends_like_prose(line)
        || shape::is_paragraph(line)
        || (words.all >= WORDS_OF_PROSE && words.capitalised * 2 < words.all);
    is_prose && !noise::is_furniture(line)
}

/// Somebody is quoted, which no site does to all its readers.
fn quotes(line: &str) -> bool {
    line.trim_start().starts_with(['"', '“', '«', '„', '「', '‘'])
}

fn ends_sentence(line: &str) -> bool {
    shape::ends_sentence(line) || line.ends_with(['؟', '۔', '।'])
}
