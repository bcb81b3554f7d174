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

    /// The same in lines of at most so many columns, broken between words where there are any.
    pub(crate) fn fragment_lines(self, fragment: &Fragment, marks: [&str; 2], columns: usize) -> Vec<String> {
        let mut lines = Lines {
            columns,
            done: Vec::new(),
            line: String::new(),
            width: 0,
            word: String::new(),
            word_width: 0,
        };
        let mut at = 0;
        for range in &fragment.highlights {
            lines.push(&safe(&fragment.text[at..range.start]));
            let (open, close) = (format!("{MATCH}"), format!("{MATCH:#}"));
            let [open, close] = if self.on { [open.as_str(), close.as_str()] } else { marks };
            lines.push_code(open, self.on);
            lines.push(&safe(&fragment.text[range.clone()]));
            lines.push_code(close, self.on);
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
}

impl Lines {
    fn push(&mut self, text: &str) {
        for c in text.chars() {
            self.word.push(c);
            self.word_width += c.width().unwrap_or(0);
            if c == ' ' || self.word_width >= self.columns {
                self.end_word();
            }
        }
    }

    /// Adds what takes no column, such as a colour, or what does.
    fn push_code(&mut self, code: &str, is_invisible: bool) {
        self.word.push_str(code);
        self.word_width += if is_invisible { 0 } else { code.width() };
    }

    fn end_word(&mut self) {
        let visible = self.word_width - usize::from(self.word.ends_with(' '));
        if self.width > 0 && self.width + visible > self.columns {
            self.done.push(std::mem::take(&mut self.line).trim_end().to_owned());
            self.width = 0;
        }
        self.line.push_str(&std::mem::take(&mut self.word));
        self.width += std::mem::take(&mut self.word_width);
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
}
