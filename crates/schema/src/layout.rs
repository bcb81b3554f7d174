//! The layout of a stored text: which bytes are which sentence, what kind of line each belongs to, and how
//! many positions it takes. It leads from a token position to a place in the text without tokenizing
//! the article again.

use article::{Article, Kind, Line};

use crate::marked::Zone;
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

/// Where a sentence of the `text` field starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Position of its first token.
    pub position: u32,
    /// It starts a paragraph.
    pub starts_paragraph: bool,
}

impl Bound {
    /// As one number, ordered by position.
    pub fn to_number(self) -> u64 {
        u64::from(self.position) << 1 | u64::from(self.starts_paragraph)
    }

    /// From what [`to_number`](Self::to_number) gave.
    pub fn from_number(number: u64) -> Bound {
        Bound { position: (number >> 1) as u32, starts_paragraph: number & 1 == 1 }
    }
}

impl Layout {
    /// Where the sentences start that the `text` field has, in order.
    pub fn bounds(&self) -> Vec<Bound> {
        let mut bounds: Vec<Bound> = Vec::with_capacity(self.rows.len());
        let mut position = 0;
        for row in self.rows.iter().filter(|row| Zone::of(row.kind).is_some()) {
            let starts_paragraph = row.starts_paragraph;
            match bounds.last_mut() {
                // A row without tokens leaves its start to the next one.
                Some(last) if last.position == position => last.starts_paragraph |= starts_paragraph,
                _ => bounds.push(Bound { position, starts_paragraph }),
            }
            position += row.positions;
        }
        bounds
    }

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
        let newlines = text.bytes().filter(|&byte| byte == b'\n').count() as u32;
        self.rows.push(Row { kind, starts_paragraph, bytes: text.len() as u32, positions, newlines });
    }

    fn widen_last(&mut self, gap: u32) {
        if let Some(row) = self.rows.last_mut() {
            row.positions += gap;
        }
    }

    /// Compact bytes: a head byte (kind, paragraph flag), then three LEB128 numbers a row.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.rows.len() * 5);
        for row in &self.rows {
            out.push((row.kind as u8) << 1 | u8::from(row.starts_paragraph));
            for number in [row.bytes, row.positions, row.newlines] {
                push_number(&mut out, number);
            }
        }
        out
    }

    /// Reads what [`encode`](Self::encode) wrote; `None` when the bytes are damaged.
    pub fn decode(mut bytes: &[u8]) -> Option<Layout> {
        let mut rows = Vec::new();
        while let Some((&head, rest)) = bytes.split_first() {
            bytes = rest;
            let kind = Kind::from_code(head >> 1)?;
            let mut numbers = [0; 3];
            for number in &mut numbers {
                *number = take_number(&mut bytes)?;
            }
            let [length, positions, newlines] = numbers;
            rows.push(Row { kind, starts_paragraph: head & 1 == 1, bytes: length, positions, newlines });
        }
        Some(Layout { rows })
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

fn push_number(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn take_number(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0u32;
    for shift in (0..32).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}
