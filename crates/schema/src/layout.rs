//! The layout of a stored text: which bytes are which sentence, what kind of line each belongs to, and how
//! many positions it takes. It leads from a token position to a place in the text without tokenizing
//! the article again.

use article::{Article, Kind, Line};
use memchr::memchr_iter;

use crate::sentences::sentence_starts;
use crate::tokens::count_tokens;

/// Positions left free between the headline and the text around it, so that no phrase spans both.
const HEADLINE_GAP: u32 = 1;

/// The rows of a text, which together cover all of its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// In the order of the text.
    pub rows: Vec<Row>,
}

/// A sentence, with the white space behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// What its line is.
    pub kind: Kind,
    /// It is the first of a paragraph.
    pub starts_paragraph: bool,
    /// Length in bytes.
    pub bytes: u32,
    /// Positions it takes in the field it is indexed in, a gap behind it included.
    pub positions: u32,
    /// Line ends inside it.
    pub newlines: u32,
}

impl Layout {
    /// The layout of an article.
    pub fn of(article: &Article) -> Layout {
        let mut layout = Layout::default();
        let mut paragraphs = paragraphs(&article.lines).peekable();
        let first = paragraphs.peek().map_or(article.text.len(), |paragraph| paragraph.start);
        if first > 0 {
            layout.push(Kind::Blank, true, &article.text[..first]);
        }
        while let Some(paragraph) = paragraphs.next() {
            let next = paragraphs.peek();
            let behind = next.map_or(article.text.len(), |next| next.start);
            layout.push_paragraph(paragraph.kind, &article.text[paragraph.start..behind]);
            if paragraph.kind == Kind::Headline && next.is_none_or(|next| next.kind != Kind::Headline) {
                layout.widen_last(HEADLINE_GAP);
            }
        }
        layout
    }

    fn push_paragraph(&mut self, kind: Kind, text: &str) {
        let starts = sentence_starts(text);
        let ends = starts.iter().skip(1).copied().chain([text.len()]);
        for (&start, end) in starts.iter().zip(ends) {
            self.push(kind, start == 0, &text[start..end]);
        }
    }

    fn push(&mut self, kind: Kind, starts_paragraph: bool, text: &str) {
        let positions = count_tokens(text);
        let newlines = memchr_iter(b'\n', text.as_bytes()).count() as u32;
        self.rows.push(Row { kind, starts_paragraph, bytes: text.len() as u32, positions, newlines });
    }

    fn widen_last(&mut self, gap: u32) {
        if let Some(row) = self.rows.last_mut() {
            row.positions += gap;
        }
    }

    /// The lines of `text`, as the article had them.
    pub fn lines(&self, text: &str) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut rows = self.rows.iter();
        let (mut kind, mut row_start, mut row_end, mut starts) = (Kind::Blank, 0, 0, false);
        let mut start = 0;
        for line in text.split('\n') {
            let end = start + line.len();
            let mut starts_paragraph = false;
            while row_end <= start && row_end < text.len() {
                let Some(row) = rows.next() else { break };
                (kind, starts) = (row.kind, row.starts_paragraph);
                (row_start, row_end) = (row_end, row_end + row.bytes as usize);
            }
            let blank = line.trim().is_empty();
            if starts && (start..=end).contains(&row_start) && !blank {
                starts_paragraph = true;
                starts = false;
            }
            lines.push(Line {
                kind: if blank { Kind::Blank } else { kind },
                range: start..end,
                starts_paragraph,
            });
            start = end + 1;
        }
        if text.is_empty() || text.ends_with('\n') {
            lines.pop();
        }
        lines
    }
}

/// Lines that belong together.
struct Paragraph {
    kind: Kind,
    start: usize,
}

fn paragraphs(lines: &[Line]) -> impl Iterator<Item = Paragraph> + '_ {
    let mut previous = Kind::Blank;
    lines.iter().filter(|line| line.kind != Kind::Blank).filter_map(move |line| {
        let starts = line.starts_paragraph || line.kind != previous;
        previous = line.kind;
        starts.then_some(Paragraph { kind: line.kind, start: line.range.start })
    })
}
