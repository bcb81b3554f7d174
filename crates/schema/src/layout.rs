//! The layout of a stored text: which bytes are which sentence, what kind of line each belongs to, and how
//! many positions it takes. It leads from a token position to a place in the text without tokenizing
//! the article again.

use article::{Article, Kind, Line};
use store::{push_number, take_number};

use crate::marked::Zone;
use crate::sentences::sentence_starts;
use crate::tokens::count_tokens;

/// Positions left free between the headline and the text around it, so that no phrase spans both.
const HEADLINE_GAP: u32 = 1;

/// Bits of a number that hold a kind.
const KIND_BITS: u32 = 4;

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
pub struct SentenceStart {
    /// Position of its first token.
    pub position: u32,
    /// It starts a paragraph.
    pub starts_paragraph: bool,
}

/// Reads from an encoded layout where the sentences start, and nothing else. A row without tokens starts where the one behind
/// it starts.
#[derive(Clone, Debug, Default)]
pub struct SentenceStarts<'a> {
    rows: u64,
    bytes: &'a [u8],
    position: u32,
}

impl<'a> SentenceStarts<'a> {
    /// From what [`Layout::encode`] wrote; damaged bytes have fewer sentences.
    pub fn new(mut bytes: &'a [u8]) -> SentenceStarts<'a> {
        SentenceStarts { rows: take_number(&mut bytes).unwrap_or(0), bytes, position: 0 }
    }
}

impl Iterator for SentenceStarts<'_> {
    type Item = SentenceStart;

    #[inline]
    fn next(&mut self) -> Option<SentenceStart> {
        loop {
            self.rows = self.rows.checked_sub(1)?;
            let extent = Extent::from_number(take_number(&mut self.bytes)?);
            let position = self.position;
            if extent.is_text {
                self.position = position.saturating_add(extent.positions);
                return Some(SentenceStart { position, starts_paragraph: extent.starts_paragraph });
            }
        }
    }
}

/// What a row takes of the positions of its field.
struct Extent {
    positions: u32,
    starts_paragraph: bool,
    /// The row is in the `text` field.
    is_text: bool,
}

impl Extent {
    fn of(row: &Row) -> Extent {
        let is_text = Zone::of(row.kind).is_some();
        Extent { positions: row.positions, starts_paragraph: row.starts_paragraph, is_text }
    }

    fn to_number(&self) -> u64 {
        u64::from(self.positions) << 2 | u64::from(self.starts_paragraph) << 1 | u64::from(self.is_text)
    }

    #[inline]
    fn from_number(number: u64) -> Extent {
        let positions = (number >> 2) as u32;
        Extent { positions, starts_paragraph: number & 2 != 0, is_text: number & 1 != 0 }
    }
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
        let newlines = text.bytes().filter(|&byte| byte == b'\n').count() as u32;
        self.rows.push(Row { kind, starts_paragraph, bytes: text.len() as u32, positions, newlines });
    }

    fn widen_last(&mut self, gap: u32) {
        if let Some(row) = self.rows.last_mut() {
            row.positions += gap;
        }
    }

    /// Compact bytes: how many rows there are; then of all rows what they take of the positions, which is all that
    /// [`SentenceStarts`] reads; then of all rows the bytes; then kinds and line ends.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(2 + self.rows.len() * 4);
        push_number(&mut out, self.rows.len() as u64);
        self.rows.iter().for_each(|row| push_number(&mut out, Extent::of(row).to_number()));
        self.rows.iter().for_each(|row| push_number(&mut out, u64::from(row.bytes)));
        for row in &self.rows {
            push_number(&mut out, u64::from(row.newlines) << KIND_BITS | row.kind as u64);
        }
        out
    }

    /// Reads what [`encode`](Self::encode) wrote; `None` when the bytes are damaged.
    pub fn decode(mut bytes: &[u8]) -> Option<Layout> {
        let count = usize::try_from(take_number(&mut bytes)?).ok().filter(|&count| count <= bytes.len())?;
        let mut rows = Vec::with_capacity(count);
        for _ in 0..count {
            let Extent { positions, starts_paragraph, .. } = Extent::from_number(take_number(&mut bytes)?);
            rows.push(Row { kind: Kind::Blank, starts_paragraph, bytes: 0, positions, newlines: 0 });
        }
        for row in &mut rows {
            row.bytes = u32::try_from(take_number(&mut bytes)?).ok()?;
        }
        for row in &mut rows {
            let number = take_number(&mut bytes)?;
            row.kind = Kind::from_code(number as u8 & ((1 << KIND_BITS) - 1))?;
            row.newlines = u32::try_from(number >> KIND_BITS).ok()?;
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
