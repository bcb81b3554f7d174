//! Colours, where they are wanted.

use anstyle::{AnsiColor, Style};
use engine::Fragment;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::safe::safe;

pub(crate) const TITLE: Style = Style::new().bold();
pub(crate) const PLACE: Style = AnsiColor::Magenta.on_default();
pub(crate) const LINE: Style = AnsiColor::Green.on_default();
pub(crate) const ABOUT: Style = AnsiColor::Cyan.on_default();
const MATCH: Style = AnsiColor::Red.on_default().bold();

/// Paints, or does not.
#[derive(Clone, Copy)]
pub(crate) struct Paint {
    pub(crate) on: bool,
}

impl Paint {
    pub(crate) fn with(self, style: Style, text: &str) -> String {
        if self.on { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// The fragment with its matches in colour, or between `marks` where there are no colours.
    pub(crate) fn fragment(self, fragment: &Fragment, marks: [&str; 2]) -> String {
        self.fragment_lines(fragment, marks, usize::MAX).concat()
    }

    /// The same in lines of at most so many columns, broken between words where there are any, and within a match only where it is
    /// longer than a line.
    pub(crate) fn fragment_lines(self, fragment: &Fragment, marks: [&str; 2], columns: usize) -> Vec<String> {
        let mut lines = Lines {
            columns,
            done: Vec::new(),
            line: String::new(),
            width: 0,
            word: String::new(),
            word_width: 0,
            mark: None,
        };
        let mut at = 0;
        for range in &fragment.highlights {
            lines.push(&safe(&fragment.text[at..range.start]));
            let (open, close) = (format!("{MATCH}"), format!("{MATCH:#}"));
            let [open, close] = if self.on { [open.as_str(), close.as_str()] } else { marks };
            let width = |code: &str| if self.on { 0 } else { code.width() };
            lines.open_mark(open, width(open), width(close));
            lines.push(&safe(&fragment.text[range.clone()]));
            lines.close_mark(close, width(close));
            at = range.end;
        }
        lines.push(&safe(&fragment.text[at..]));
        lines.finish()
    }
}

/// Text broken into lines between its words.
struct Lines {
    columns: usize,
    done: Vec<String>,
    line: String,
    width: usize,
    word: String,
    word_width: usize,
    mark: Option<OpenMark>,
}

/// A match that is being pushed.
struct OpenMark {
    /// Where it begins in the word, and how wide the word was there.
    start: usize,
    before: usize,
    /// The columns that its end takes.
    close: usize,
}

impl Lines {
    fn push(&mut self, text: &str) {
        for c in text.chars() {
            let (width, close) = (c.width().unwrap_or(0), self.mark.as_ref().map_or(0, |mark| mark.close));
            let is_full = self.word_width + width + close > self.columns;
            if is_full && width > 0 && c != ' ' && self.word_width > 0 {
                self.break_word();
            }
            self.word.push(c);
            self.word_width += width;
            if c == ' ' {
                self.end_word();
            }
        }
    }

    /// Begins a match, with what may take columns, unlike a colour.
    fn open_mark(&mut self, code: &str, width: usize, close: usize) {
        self.mark = Some(OpenMark { start: self.word.len(), before: self.word_width, close });
        self.word.push_str(code);
        self.word_width += width;
    }

    fn close_mark(&mut self, code: &str, width: usize) {
        self.mark = None;
        self.word.push_str(code);
        self.word_width += width;
    }

    /// Ends a word that is too long for a line before the match that is being pushed, or here.
    fn break_word(&mut self) {
        let Some(mark) = self.mark.as_mut().filter(|mark| mark.before > 0) else { return self.end_word() };
        let (start, before) = (std::mem::take(&mut mark.start), std::mem::take(&mut mark.before));
        let (rest, width) = (self.word.split_off(start), self.word_width - before);
        self.word_width = before;
        self.end_word();
        (self.word, self.word_width) = (rest, width);
    }

    fn end_word(&mut self) {
        let visible = self.word_width - usize::from(self.word.ends_with(' '));
        if self.width > 0 && self.width + visible > self.columns {
            self.done.push(std::mem::take(&mut self.line).trim_end().to_owned());
            self.width = 0;
        }
        self.line.push_str(&std::mem::take(&mut self.word));
        self.width += std::mem::take(&mut self.word_width);
        self.mark.iter_mut().for_each(|mark| (mark.start, mark.before) = (0, 0));
    }

    fn finish(mut self) -> Vec<String> {
        self.end_word();
        self.done.push(self.line);
        self.done
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use article::Kind;

    use super::*;

    #[test]
    fn lines_break_between_words_and_marks_stay_with_theirs() {
        let text = "two leaders spoke of NATO at length".to_owned();
        let fragment =
            Fragment { line: 1, kind: Kind::Body, text, highlights: vec![Range { start: 21, end: 25 }] };
        let plain = Paint { on: false };
        assert_eq!(
            plain.fragment_lines(&fragment, ["[", "]"], 18),
            ["two leaders spoke", "of [NATO] at", "length"]
        );
        assert_eq!(plain.fragment(&fragment, ["", ""]), fragment.text);
        let painted = Paint { on: true }.fragment_lines(&fragment, ["", ""], 18);
        assert_eq!(painted.len(), 2, "colours take no room: {painted:?}");
    }

    /// The lines of a text in which one part is marked.
    fn broken(text: &str, marked: &str, columns: usize) -> Vec<String> {
        let start = text.find(marked).unwrap();
        let highlights = vec![Range { start, end: start + marked.len() }];
        let fragment = Fragment { line: 1, kind: Kind::Body, text: text.to_owned(), highlights };
        let lines = Paint { on: false }.fragment_lines(&fragment, ["[", "]"], columns);
        assert!(lines.iter().all(|line| line.width() <= columns), "{lines:?}");
        lines
    }

    #[test]
    fn a_run_without_blanks_is_broken_before_a_mark_and_not_in_it() {
        assert_eq!(broken("aaaaaaaazebrabb", "zebra", 10), ["aaaaaaaa", "[zebra]bb"]);
        assert_eq!(broken("we aaaaaazebra b", "zebra", 10), ["we aaaaaa", "[zebra] b"]);
        assert_eq!(broken("北京奥运会开幕式", "开幕", 12), ["北京奥运会", "[开幕]式"]);
        assert_eq!(broken("aaaa zebrazeb aa", "zebrazeb", 10), ["aaaa", "[zebrazeb]", "aa"]);
        // A mark that is longer than a line.
        assert_eq!(broken("aa zebrazebrazebra", "zebrazebrazebra", 10), ["aa", "[zebrazeb", "razebra]"]);
    }
}
