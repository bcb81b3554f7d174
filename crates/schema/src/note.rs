//! The layout of an article as bytes: the note that is kept beside the postings.
//!
//! How long the sentences of the `text` field are stands first, each in as many bytes as the longest needs (1, 2 or 4), so that
//! a query on sentences reads little more than that and adds up many at once.

use article::Kind;
use store::{push_number, take_length, take_number};

use crate::layout::{Layout, Row};
use crate::marked::Zone;

/// Bits of a number that hold a kind and whether a paragraph starts.
const KIND_BITS: u32 = 4;
const ROW_BITS: u32 = KIND_BITS + 1;

/// How many lengths are added up at once.
const STRIDE: usize = 16;

impl Layout {
    /// Compact bytes: the numbers of rows and of those in the `text` field, and the longest of these in positions; the lengths
    /// of these; then of all rows kind, start of a paragraph and line ends; the positions of the other rows; the bytes of all.
    pub fn encode(&self) -> Vec<u8> {
        let (text, others): (Vec<&Row>, Vec<&Row>) = self.rows.iter().partition(|row| is_text(row.kind));
        let longest = text.iter().map(|row| row.positions).max().unwrap_or(0);
        let mut out = Vec::with_capacity(8 + self.rows.len() * 4);
        for number in [self.rows.len(), text.len(), longest as usize] {
            push_number(&mut out, number as u64);
        }
        for row in text {
            out.extend_from_slice(&row.positions.to_le_bytes()[..width(longest)]);
        }
        for row in &self.rows {
            let kind = (row.kind as u64) << 1 | u64::from(row.starts_paragraph);
            push_number(&mut out, u64::from(row.newlines) << ROW_BITS | kind);
        }
        others.iter().for_each(|row| push_number(&mut out, u64::from(row.positions)));
        self.rows.iter().for_each(|row| push_number(&mut out, u64::from(row.bytes)));
        out
    }

    /// Reads what [`encode`](Self::encode) wrote; `None` when the bytes are damaged.
    pub fn decode(bytes: &[u8]) -> Option<Layout> {
        let note = Note::open(bytes)?;
        let mut rest = note.rest;
        let mut rows = Vec::with_capacity(note.rows.min(rest.len()));
        let mut sentence = 0;
        for _ in 0..note.rows {
            let mut row = take_row(&mut rest)?;
            if is_text(row.kind) {
                row.positions = note.sentences.length(sentence)?;
                sentence += 1;
            }
            rows.push(row);
        }
        for row in rows.iter_mut().filter(|row| !is_text(row.kind)) {
            row.positions = take_u32(&mut rest)?;
        }
        for row in &mut rows {
            row.bytes = take_u32(&mut rest)?;
        }
        Some(Layout { rows })
    }
}

/// An encoded layout, of which the numbers at its head have been read.
struct Note<'a> {
    rows: usize,
    sentences: Sentences<'a>,
    rest: &'a [u8],
}

impl<'a> Note<'a> {
    fn open(mut bytes: &'a [u8]) -> Option<Note<'a>> {
        let rows = take_length(&mut bytes)?;
        let count = take_length(&mut bytes)?;
        let longest = take_u32(&mut bytes)?;
        let (lengths, rest) = bytes.split_at_checked(count.checked_mul(width(longest))?)?;
        Some(Note { rows, sentences: Sentences { longest, lengths }, rest })
    }
}

/// The sentences of the `text` field of an article, in order.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sentences<'a> {
    longest: u32,
    lengths: &'a [u8],
}

/// A sentence of an article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sentence {
    /// Which it is, from 0.
    pub number: usize,
    /// Position of its first token.
    pub start: u32,
}

impl<'a> Sentences<'a> {
    /// From what [`Layout::encode`] wrote; `None` where it is damaged.
    pub fn of(note: &'a [u8]) -> Option<Sentences<'a>> {
        Note::open(note).map(|note| note.sentences)
    }

    /// Positions of the longest.
    pub fn longest(&self) -> u32 {
        self.longest
    }

    /// Positions of a sentence.
    #[inline]
    pub fn length(&self, number: usize) -> Option<u32> {
        let width = width(self.longest);
        let bytes = self.lengths.get(number * width..(number + 1) * width)?;
        Some(bytes.iter().rev().fold(0, |length, &byte| length << 8 | u32::from(byte)))
    }

    /// The sentence that has a position, which does not lie before `from`; the end of the last where there is none.
    pub fn seek(&self, from: Sentence, position: u32) -> Sentence {
        let mut at = from;
        if width(self.longest) == 1 {
            while let Some(stride) = self.lengths.get(at.number..at.number + STRIDE) {
                let sum: u32 = stride.iter().map(|&length| u32::from(length)).sum();
                if at.start + sum > position {
                    break;
                }
                at = Sentence { number: at.number + STRIDE, start: at.start + sum };
            }
        }
        while let Some(length) = self.length(at.number)
            && at.start.saturating_add(length) <= position
        {
            at = Sentence { number: at.number + 1, start: at.start + length };
        }
        at
    }
}

/// Where the paragraphs of the `text` field start that an encoded layout has; `None` where it is damaged.
pub fn paragraph_starts(note: &[u8]) -> Option<Vec<u32>> {
    let Note { rows, sentences, mut rest } = Note::open(note)?;
    let mut starts = Vec::new();
    let (mut sentence, mut position) = (0, 0u32);
    for _ in 0..rows {
        let row = take_row(&mut rest)?;
        if is_text(row.kind) {
            if row.starts_paragraph {
                starts.push(position);
            }
            position = position.saturating_add(sentences.length(sentence)?);
            sentence += 1;
        }
    }
    Some(starts)
}

/// Reads what is known of a row besides its lengths.
fn take_row(bytes: &mut &[u8]) -> Option<Row> {
    let number = take_number(bytes)?;
    let kind = Kind::from_code((number >> 1) as u8 & ((1 << KIND_BITS) - 1))?;
    let newlines = u32::try_from(number >> ROW_BITS).ok()?;
    Some(Row { kind, starts_paragraph: number & 1 == 1, bytes: 0, positions: 0, newlines })
}

fn take_u32(bytes: &mut &[u8]) -> Option<u32> {
    take_number(bytes).and_then(|number| u32::try_from(number).ok())
}

/// Bytes of a length, of which `longest` is the greatest.
fn width(longest: u32) -> usize {
    match longest {
        0..0x100 => 1,
        0x100..0x1_0000 => 2,
        _ => 4,
    }
}

fn is_text(kind: Kind) -> bool {
    Zone::of(kind).is_some()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row() -> impl Strategy<Value = Row> {
        let length = prop_oneof![9 => 0..60u32, 1 => 0..70_000u32];
        (0..13u8, any::<bool>(), any::<u16>(), length, 0..3u32).prop_map(
            |(kind, starts_paragraph, bytes, positions, newlines)| {
                let kind = Kind::from_code(kind).unwrap();
                Row { kind, starts_paragraph, bytes: u32::from(bytes), positions, newlines }
            },
        )
    }

    proptest! {
        #[test]
        fn a_layout_is_read_as_it_was_written(rows in prop::collection::vec(row(), 0..80)) {
            let layout = Layout { rows };
            let note = layout.encode();
            prop_assert_eq!(Layout::decode(&note), Some(layout));
            for cut in 0..note.len() {
                prop_assert!(Layout::decode(&note[..cut]).is_none_or(|layout| layout.rows.is_empty()));
            }
        }

        #[test]
        fn positions_lead_to_sentences_and_paragraphs(rows in prop::collection::vec(row(), 0..80)) {
            let layout = Layout { rows };
            let note = layout.encode();
            let sentences = Sentences::of(&note).unwrap();
            let mut at = Sentence::default();
            let mut paragraphs = Vec::new();
            let mut start = 0;
            for (number, row) in layout.rows.iter().filter(|row| is_text(row.kind)).enumerate() {
                if row.starts_paragraph {
                    paragraphs.push(start);
                }
                for position in start..start + row.positions {
                    if position == start || position + 1 == start + row.positions {
                        at = sentences.seek(at, position);
                        prop_assert_eq!(at, Sentence { number, start });
                        prop_assert_eq!(sentences.seek(Sentence::default(), position), at);
                    }
                }
                start += row.positions;
            }
            prop_assert_eq!(paragraph_starts(&note), Some(paragraphs));
        }
    }
}
