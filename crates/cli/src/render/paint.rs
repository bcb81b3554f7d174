//! Colours, where they are wanted.

use anstyle::{AnsiColor, Style};
use engine::Fragment;

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
        let mut shown = String::new();
        let mut at = 0;
        for range in &fragment.highlights {
            shown += &safe(&fragment.text[at..range.start]);
            let word = safe(&fragment.text[range.clone()]);
            let word = if self.on { word } else { [marks[0], &word, marks[1]].concat() };
            shown += &self.with(MATCH, &word);
            at = range.end;
        }
        shown + &safe(&fragment.text[at..])
    }
}
