//! Sentences to one line of text that fits: whole where they are short enough, else the parts around the matches.

use std::ops::{Range, RangeInclusive};

use engine::Fragment;
use schema::DecodeError;

use super::place::Places;
use super::stacks::{whole_end, whole_start, without_stacks};

/// The most characters of a sentence that is shown whole, and of a match.
pub(super) const WHOLE_CHARS: usize = 300;

/// Characters on either side of a match in a long sentence, at the least and at the most.
const LEAST_CONTEXT: usize = 24;
const MOST_CONTEXT: usize = 120;

/// How far a cut moves to stand between words.
const SNAP_CHARS: usize = 20;

const ELLIPSIS: &str = "…";

/// A stretch of rows and the words in it that matched, in order.
pub(super) struct Piece {
    pub(super) rows: RangeInclusive<usize>,
    pub(super) marks: Vec<Mark>,
}

/// Bytes that matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) range: Range<usize>,
    /// Of the first match of its clause, so it must be seen.
    pub(super) is_essential: bool,
}

/// The fragment of one or more pieces, which must not be empty.
pub(super) fn cut(places: &Places<'_>, pieces: &[Piece]) -> Result<Fragment, DecodeError> {
    let mut line = Line::default();
    for (number, piece) in pieces.iter().enumerate() {
        let text = &places.text(&piece.rows)?;
        if number > 0 {
            line.gap();
        }
        line.push_windows(text, &windows(text, &piece.marks), &piece.marks);
    }
    let first = pieces.iter().find(|piece| !piece.marks.is_empty()).unwrap_or(&pieces[0]);
    let byte = first.marks.first().map_or(0, |mark| mark.range.start);
    let (number, kind) = places.line_and_kind(&first.rows, byte)?;
    Ok(Fragment { line: number, kind, text: line.text, highlights: line.highlights })
}

/// The beginning of a text on one line, `…` behind it where there is more.
pub(super) fn clip(text: &str, chars: usize) -> String {
    let mut line = Line::default();
    let end = whole_end(text, boundary_after(text, chars));
    line.push(&text[..end], false);
    if end < text.trim_end().len() {
        line.text.truncate(line.text.trim_end().len());
        line.text.push(' ');
        line.text.push_str(ELLIPSIS);
    }
    line.text.trim_end().to_owned()
}

/// The parts of a text to show: all of it, or one match of each clause, as much of it as fits, and its surroundings.
fn windows(text: &str, marks: &[Mark]) -> Vec<Range<usize>> {
    let whole = text.len() - text.trim_start().len()..text.trim_end().len();
    if text.len() <= WHOLE_CHARS || text.chars().nth(WHOLE_CHARS).is_none() {
        return vec![whole];
    }
    let essential = marks.iter().filter(|mark| mark.is_essential);
    let essential: Vec<Range<usize>> = essential.map(|mark| beginning_of(text, &mark.range)).collect();
    if essential.is_empty() {
        let end = whole_end(text, boundary_after(text, WHOLE_CHARS));
        let beginning = whole.start..end.min(whole.end);
        return Vec::from([beginning]);
    }
    let context = (WHOLE_CHARS / (2 * essential.len())).clamp(LEAST_CONTEXT, MOST_CONTEXT);
    let mut windows: Vec<Range<usize>> = Vec::new();
    for mark in essential {
        let start = snap_back(text, back(text, mark.start, context)).max(whole.start);
        let start = whole_start(text, start, mark.start);
        let end = snap_forward(text, forward(text, mark.end, context));
        let end = whole_end(text, end).min(whole.end);
        match windows.last_mut() {
            Some(last) if start <= forward(text, last.end, 1) => last.end = last.end.max(end),
            _ => windows.push(start..end),
        }
    }
    windows
}

/// As much of a match as is shown: a word may be of any length.
fn beginning_of(text: &str, mark: &Range<usize>) -> Range<usize> {
    if mark.len() <= WHOLE_CHARS {
        return mark.clone();
    }
    mark.start..forward(text, mark.start, WHOLE_CHARS).min(mark.end)
}

/// A line of text that grows, with white space folded and highlights following.
#[derive(Default)]
struct Line {
    text: String,
    highlights: Vec<Range<usize>>,
}

impl Line {
    fn push_windows(&mut self, text: &str, windows: &[Range<usize>], marks: &[Mark]) {
        // What stands between the windows, and around them, is not much.
        const GAPS: usize = 32;
        self.text.reserve(windows.iter().map(Range::len).sum::<usize>() + GAPS);
        for (number, window) in windows.iter().enumerate() {
            if number > 0 || window.start > text.len() - text.trim_start().len() {
                self.gap();
            }
            let mut at = window.start;
            for mark in joined(text, marks, window) {
                self.push(&text[at..mark.start], false);
                self.push(&text[mark.clone()], true);
                at = mark.end;
            }
            self.push(&text[at..window.end], false);
        }
        if windows.last().is_some_and(|window| window.end < text.trim_end().len()) {
            self.gap();
            self.text.truncate(self.text.trim_end().len());
        }
    }

    /// Says that something was left out here.
    fn gap(&mut self) {
        self.push_blank();
        if !self.text.trim_end().ends_with(ELLIPSIS) {
            self.text.push_str(ELLIPSIS);
            self.text.push(' ');
        }
    }

    fn push(&mut self, part: &str, highlight: bool) {
        let part = without_stacks(part);
        let shown = part.trim_start();
        if shown.len() < part.len() {
            self.push_blank();
        }
        let start = self.text.len();
        if has_single_blanks(shown) {
            self.text.push_str(shown);
        } else {
            for (number, run) in shown.split(char::is_whitespace).enumerate() {
                if number > 0 {
                    self.push_blank();
                }
                self.text.push_str(run);
            }
        }
        if highlight && start < self.text.len() {
            match self.highlights.last_mut() {
                Some(last) if last.end == start => last.end = self.text.len(),
                _ => self.highlights.push(start..self.text.len()),
            }
        }
    }

    fn push_blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }
}

/// What the marks have of a window, in order, those that overlap made one. Of a mark that is cut there may be no word left.
fn joined(text: &str, marks: &[Mark], window: &Range<usize>) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::new();
    for Mark { range, .. } in marks {
        let (start, end) = (range.start.max(window.start), range.end.min(window.end));
        let is_whole = (start..end) == *range;
        if start >= end || (!is_whole && schema::count_tokens(&text[start..end]) == 0) {
            continue;
        }
        match joined.last_mut() {
            Some(last) if start < last.end => last.end = last.end.max(end),
            _ => joined.push(start..end),
        }
    }
    joined
}

/// Is all white space of a text that begins with none single blanks, as it mostly is? May say no where it is.
fn has_single_blanks(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Whole runs of bytes are compared at once, since none of them ends the walk.
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    let doubles = pairs.fold(0, |found, (&a, &b)| found | u8::from(a == b' ') & u8::from(b == b' '));
    // The last four begin, among other characters, all white space that is not ASCII.
    let is_other = |byte: u8| u8::from(byte < b' ') | u8::from(matches!(byte, 0xC2 | 0xE1 | 0xE2 | 0xE3));
    doubles == 0 && bytes.iter().fold(0, |found, &byte| found | is_other(byte)) == 0
}

/// The byte that many characters behind `from`.
fn forward(text: &str, from: usize, chars: usize) -> usize {
    text[from..].char_indices().nth(chars).map_or(text.len(), |(at, _)| from + at)
}

/// The byte that many characters before `from`.
fn back(text: &str, from: usize, chars: usize) -> usize {
    if chars == 0 {
        return from;
    }
    text[..from].char_indices().rev().nth(chars - 1).map_or(0, |(at, _)| at)
}

/// The end of a word near that many characters from the start.
fn boundary_after(text: &str, chars: usize) -> usize {
    let end = forward(text, 0, chars);
    if end == text.len() {
        return end;
    }
    let near = back(text, end, SNAP_CHARS);
    text[near..end].rfind(char::is_whitespace).map_or(end, |at| near + at)
}

/// The start of the word that `at` is in, if that is near.
fn snap_back(text: &str, at: usize) -> usize {
    let near = back(text, at, SNAP_CHARS);
    if near == 0 && at > 0 && !text[..at].contains(char::is_whitespace) {
        return 0;
    }
    match text[near..at].char_indices().rev().find(|(_, c)| c.is_whitespace()) {
        Some((space, c)) => near + space + c.len_utf8(),
        None => at,
    }
}

/// The end of the word that `at` is in, if that is near.
fn snap_forward(text: &str, at: usize) -> usize {
    let near = forward(text, at, SNAP_CHARS);
    if near == text.len() && !text[at..].contains(char::is_whitespace) {
        return near;
    }
    text[at..near].find(char::is_whitespace).map_or(at, |space| at + space)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_of_first_words_ends_between_words() {
        assert_eq!(clip("Short  and\nsweet", 80), "Short and sweet");
        assert_eq!(clip("one two three four", 12), "one two …");
        assert_eq!(clip("北京奥运会开幕", 3), "北京奥 …");
    }

    #[test]
    fn white_space_of_any_kind_becomes_one_blank() {
        let mut line = Line::default();
        for (part, highlight) in [
            (" a  b\u{2009}“c”\t\r\nd \u{A0}", false),
            ("\u{3000}e  f", true),
            (" g ", true),
            ("", true),
            (" h", false),
        ] {
            line.push(part, highlight);
        }
        assert_eq!(line.text, "a b “c” d e f g h");
        let shown: Vec<_> = line.highlights.iter().map(|range| &line.text[range.clone()]).collect();
        assert_eq!(shown, ["e f", "g "]);
    }

    #[test]
    fn matches_that_overlap_are_marked_as_one() {
        let text = "They said xi xi (Xi) to Xi.";
        let marks = [10..15, 13..19, 24..26].map(|range| Mark { range, is_essential: false });
        let mut line = Line::default();
        line.push_windows(text, &windows(text, &marks), &marks);
        assert_eq!((line.text.as_str(), &line.highlights[..]), (text, &[10..19, 24..26][..]));
    }

    /// What is shown of a text, and the parts of it that matched.
    fn shown(text: &str, marks: &[(usize, usize)]) -> (String, Vec<String>) {
        let marks: Vec<Mark> =
            marks.iter().map(|&(start, end)| Mark { range: start..end, is_essential: true }).collect();
        let mut line = Line::default();
        line.push_windows(text, &windows(text, &marks), &marks);
        let marked = line.highlights.iter().map(|range| line.text[range.clone()].to_owned()).collect();
        (line.text, marked)
    }

    #[test]
    fn of_a_word_without_end_its_beginning_is_shown_and_marked() {
        let (word, other) = ("é".repeat(50_000), "e\u{301}".repeat(50_000));
        for word in [word, other] {
            let text = format!("They wrote {word} and left.");
            let (line, marked) = shown(&text, &[(11, 11 + word.len())]);
            assert!(line.starts_with("They wrote é") || line.starts_with("They wrote e\u{301}"), "{line}");
            assert!(
                line.ends_with(&format!("{} {ELLIPSIS}", &word[..word.char_indices().nth(2).unwrap().0]))
            );
            assert!((300..500).contains(&line.chars().count()), "{}", line.chars().count());
            assert_eq!(marked, [&line["They wrote ".len()..line.len() - " …".len()]]);
        }
        // A match behind it shows its end.
        let text = format!("{} zebra", "a".repeat(50_000));
        let (line, marked) = shown(&text, &[(0, 50_000), (50_001, 50_006)]);
        assert!(line.chars().count() < 800 && line.ends_with("a zebra"), "{line}");
        assert_eq!(marked.last().map(String::as_str), Some("zebra"));
        assert!(marked[..2].iter().all(|part| part.bytes().all(|byte| byte == b'a')), "{marked:?}");
    }

    #[test]
    fn no_letter_of_a_fragment_bears_thousands_of_accents() {
        let text = format!("Z{} is a word.", "\u{301}".repeat(2_000));
        for marks in [&[][..], &[(0, 4_001)], &[(4_002, 4_004)]] {
            let (line, _) = shown(&text, marks);
            assert!(line.chars().count() < 60, "{marks:?}: {line}");
        }
    }

    #[test]
    fn long_sentences_show_the_surroundings_of_each_clause() {
        let text = format!("{} Xi said {} to NATO {}.", "a".repeat(400), "b ".repeat(300), "c ".repeat(300));
        let place = |word: &str| text.find(word).map(|at| at..at + word.len()).unwrap();
        let marks = ["Xi", "NATO"].map(|word| Mark { range: place(word), is_essential: true });
        let mut line = Line::default();
        line.push_windows(&text, &windows(&text, &marks), &marks);
        assert!(line.text.chars().count() < 2 * WHOLE_CHARS, "{}", line.text);
        assert!(line.text.starts_with(ELLIPSIS) && line.text.ends_with(ELLIPSIS), "{}", line.text);
        let shown: Vec<_> = line.highlights.iter().map(|range| &line.text[range.clone()]).collect();
        assert_eq!(shown, ["Xi", "NATO"]);
    }
}
