//! Lines, and which of them make a paragraph.

use std::collections::HashMap;

use memchr::memchr_iter;

use super::date_line::date_line;
use super::{Block, byline, credit, phrases};
use crate::article::{Kind, Line};

/// Lines of hard-wrapped text are at most this many characters.
const WRAPPED_WIDTH: usize = 100;
/// No line of [`WRAPPED_WIDTH`] characters has more bytes.
const WRAPPED_BYTES: usize = WRAPPED_WIDTH * 4;

/// The lines of a text, each blank or (for now) body. A line end at the end of the text begins no further line.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    for end in memchr_iter(b'\n', text.as_bytes()).chain(std::iter::once(text.len())) {
        if start < text.len() {
            let is_blank = text[start..end].trim_start().is_empty();
            let kind = if is_blank { Kind::Blank } else { Kind::Body };
            lines.push(Line { kind, range: start..end, starts_paragraph: !is_blank });
        }
        start = end + 1;
    }
    lines
}

/// Groups the lines that are not blank: one a block, or in hard-wrapped text a paragraph a block, whose further lines
/// then start no paragraph. A line of known kind is a block of its own.
pub(super) fn blocks(text: &str, lines: &mut [Line], known: &[(usize, Kind)]) -> Vec<Block> {
    // The first word on a line counts.
    let known: HashMap<usize, Kind> = known.iter().rev().copied().collect();
    let wrapped = hard_wrapped(text, lines);
    let mut blocks: Vec<Block> = Vec::new();
    for number in 0..lines.len() {
        if lines[number].kind == Kind::Blank {
            continue;
        }
        let kind = known.get(&number).copied();
        let range = lines[number].range.clone();
        let goes_on = wrapped.is_some_and(|wrapped| kind.is_none() && goes_on(text, lines, number, wrapped));
        match blocks.last_mut() {
            Some(block) if goes_on && block.kind.is_none() && block.lines.end == number => {
                block.lines.end = number + 1;
                block.range.end = range.end;
                lines[number].starts_paragraph = false;
            }
            _ => blocks.push(Block { lines: number..number + 1, range, kind }),
        }
    }
    blocks
}

/// A line of hard-wrapped text belongs to the paragraph of the line above: no indent begins it, neither is wider than
/// the page, and neither is a date, byline, credit or link that stands for itself.
fn goes_on(text: &str, lines: &[Line], number: usize, Wrapped { indents_part }: Wrapped) -> bool {
    let Some(above) = number.checked_sub(1).map(|above| &lines[above]) else { return false };
    if above.kind == Kind::Blank || is_wide(text, above) || is_wide(text, &lines[number]) {
        return false;
    }
    let (indent_above, indent) = (indent(text, above), indent(text, &lines[number]));
    let begins = if indents_part { indent > 0 } else { indent > indent_above };
    let at_edge = |line: usize| {
        line.checked_sub(1).is_none_or(|above| lines[above].kind == Kind::Blank)
            || lines.get(line + 1).is_none_or(|below| below.kind == Kind::Blank)
            || line < 6
    };
    let alone = |line: usize| at_edge(line) && stands_alone(text[lines[line].range.clone()].trim());
    !begins && !alone(number) && !alone(number - 1)
}

fn stands_alone(line: &str) -> bool {
    date_line(line).is_some()
        || byline::read_byline(line).is_some()
        || credit::is_credit(line)
        || phrases::is_related_link(line)
        || phrases::is_footer(line)
}

/// How the paragraphs of hard-wrapped text are parted.
#[derive(Clone, Copy)]
struct Wrapped {
    /// By indents, else by blank lines or an indent larger than that of the line above.
    indents_part: bool,
}

/// Is the text hard-wrapped, and how? Cue: most lines that another line of their paragraph follows are nearly as long as the longest,
/// under 100 characters, and break in the middle of a sentence.
fn hard_wrapped(text: &str, lines: &[Line]) -> Option<Wrapped> {
    let written: Vec<&Line> = lines.iter().filter(|line| line.kind != Kind::Blank).collect();
    let wide = written.iter().filter(|line| line.range.len() > WRAPPED_BYTES).count();
    if wide * 10 > written.len()
        || written.iter().filter(|line| is_wide(text, line)).count() * 10 > written.len()
    {
        return None;
    }
    let width = |line: &Line| text[line.range.clone()].trim_end().chars().count();
    let page =
        written.iter().map(|line| width(line)).filter(|width| *width <= WRAPPED_WIDTH).max().unwrap_or(0);
    let indents_part = indents_part_paragraphs(text, lines);
    let is_inner = |pair: &&[Line]| {
        pair.iter().all(|line| line.kind != Kind::Blank) && !(indents_part && indent(text, &pair[1]) > 0)
    };
    let (mut inner, mut long, mut ended) = (0, 0, 0);
    for pair in lines.windows(2).filter(is_inner) {
        inner += 1;
        long += usize::from(width(&pair[0]) * 10 >= page * 7);
        ended += usize::from(super::shape::ends_sentence(text[pair[0].range.clone()].trim_end()));
    }
    let is_wrapped = page >= 40 && inner >= 2 && long * 10 >= inner * 6 && ended * 2 <= inner;
    is_wrapped.then_some(Wrapped { indents_part })
}

fn is_wide(text: &str, line: &Line) -> bool {
    line.range.len() > WRAPPED_WIDTH && text[line.range.clone()].chars().count() > WRAPPED_WIDTH
}

/// Paragraphs are parted by indents, not by blank lines: there are more lines with an indent than blank ones.
fn indents_part_paragraphs(text: &str, lines: &[Line]) -> bool {
    let blank = lines.iter().filter(|line| line.kind == Kind::Blank).count();
    let indented = lines.iter().filter(|line| line.kind != Kind::Blank && indent(text, line) > 0).count();
    let written = lines.len() - blank;
    indented > blank && indented * 2 < written
}

/// Columns of white space at the start of a line; a single space is a slip.
fn indent(text: &str, line: &Line) -> usize {
    let line = &text[line.range.clone()];
    let columns: usize =
        line.chars().take_while(|c| c.is_whitespace()).map(|c| if c == '\t' { 8 } else { 1 }).sum();
    if columns == 1 { 0 } else { columns }
}
