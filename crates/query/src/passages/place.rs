//! From positions to sentences and bytes, by the stored layout.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::{Range, RangeInclusive};
use std::rc::Rc;

use article::Kind;
use schema::{DecodeError, Row, StoredArticle, token_ranges};

use crate::spans::Interval;

/// Where the rows of an article are.
pub(super) struct Places<'a> {
    stored: &'a StoredArticle<'a>,
    /// First byte of every row.
    bytes: Vec<usize>,
    /// First position and number of every row in the clean text, and of every row of noise.
    clean: Vec<(u32, usize)>,
    noise: Vec<(u32, usize)>,
    /// Byte ranges of the tokens of rows that were asked for, up to the last one that was, relative to the row.
    token_ranges: RefCell<BTreeMap<usize, Vec<Range<usize>>>>,
    /// Texts that were asked for, by their first and last row.
    texts: RefCell<BTreeMap<(usize, usize), Rc<str>>>,
    /// The row whose line was asked for last, and the line breaks before it.
    line_breaks: Cell<(usize, u32)>,
}

/// A walk over rows, to those of one match after the other.
pub(super) struct RowWalk<'a> {
    rows: &'a [(u32, usize)],
    at: usize,
}

impl RowWalk<'_> {
    /// The first and the last row of a match that does not start before the one asked for last.
    pub(super) fn rows_of(&mut self, span: Interval) -> Option<(usize, usize)> {
        self.at = self.reach(span.start);
        let first = self.rows.get(self.at)?.1;
        Some((first, self.rows[self.reach(span.end)].1))
    }

    /// The last row from here on that starts at or before a position.
    fn reach(&self, position: u32) -> usize {
        let starts_by = |&(first, _): &(u32, usize)| first <= position;
        match self.rows.get(self.at + 1) {
            // Mostly it is this one.
            Some(next) if starts_by(next) => self.at + self.rows[self.at + 1..].partition_point(starts_by),
            _ => self.at,
        }
    }
}

impl<'a> Places<'a> {
    pub(super) fn new(stored: &'a StoredArticle<'a>) -> Places<'a> {
        let rows = stored.layout.rows.len();
        let mut places = Places {
            stored,
            bytes: Vec::with_capacity(rows),
            clean: Vec::with_capacity(rows),
            noise: Vec::new(),
            token_ranges: RefCell::default(),
            texts: RefCell::default(),
            line_breaks: Cell::default(),
        };
        let (mut byte, mut clean, mut noise) = (0, 0, 0);
        for (number, row) in stored.layout.rows.iter().enumerate() {
            places.bytes.push(byte);
            byte += row.bytes as usize;
            let (list, position) = match row.kind {
                Kind::Blank => continue,
                kind if kind.is_noise() => (&mut places.noise, &mut noise),
                _ => (&mut places.clean, &mut clean),
            };
            list.push((*position, number));
            *position += row.positions;
        }
        places
    }

    /// A walk from the first row.
    pub(super) fn walk(&self, in_noise: bool) -> RowWalk<'_> {
        RowWalk { rows: self.rows(in_noise), at: 0 }
    }

    /// The positions of the words in some rows.
    pub(super) fn positions(&self, rows: &RangeInclusive<usize>, in_noise: bool) -> Range<u32> {
        let all = self.rows(in_noise);
        let first_from = |row| {
            let behind = all.partition_point(|&(_, number)| number < row);
            all.get(behind).map_or(u32::MAX, |&(first, _)| first)
        };
        first_from(*rows.start())..first_from(*rows.end() + 1)
    }

    /// The bytes of a run of words, counted from the start of `rows`; `None` where it does not lie in them.
    pub(super) fn bytes(
        &self,
        rows: &RangeInclusive<usize>,
        words: Interval,
        in_noise: bool,
    ) -> Result<Option<Range<usize>>, DecodeError> {
        let whole = self.byte_range(rows);
        let (last, first) = (self.token(words.end, in_noise)?, self.token(words.start, in_noise)?);
        Ok(first.zip(last).and_then(|(first, last)| {
            let lies_inside = whole.start <= first.start && last.end <= whole.end;
            lies_inside.then(|| first.start - whole.start..last.end - whole.start)
        }))
    }

    /// The text of rows, with the white space behind them.
    pub(super) fn text(&self, rows: &RangeInclusive<usize>) -> Result<Rc<str>, DecodeError> {
        match self.texts.borrow_mut().entry((*rows.start(), *rows.end())) {
            Entry::Occupied(known) => Ok(Rc::clone(known.get())),
            Entry::Vacant(free) => {
                Ok(Rc::clone(free.insert(self.stored.text(self.byte_range(rows))?.into())))
            }
        }
    }

    pub(super) fn row(&self, number: usize) -> &Row {
        &self.stored.layout.rows[number]
    }

    /// The line of the source, and the kind of the row, of a byte counted from the start of `rows`.
    pub(super) fn line_and_kind(
        &self,
        rows: &RangeInclusive<usize>,
        byte: usize,
    ) -> Result<(u32, Kind), DecodeError> {
        let byte = self.byte_range(rows).start + byte;
        let row = self.bytes.partition_point(|&start| start <= byte).saturating_sub(1);
        let kind = self.row(row).kind;
        let card = &self.stored.card;
        if !card.file_lines {
            return Ok((card.line, kind));
        }
        let before = self.line_breaks_before(row);
        let text = self.text(&(row..=row))?;
        let before_byte = text.bytes().take(byte - self.bytes[row]);
        let inside = before_byte.filter(|&byte| byte == b'\n').count();
        Ok((card.line + before + inside as u32, kind))
    }

    /// How many lines end before a row. Those up to the row that was asked for last are not counted again: fragments come in the order
    /// of the text.
    fn line_breaks_before(&self, row: usize) -> u32 {
        let (start, before) =
            Some(self.line_breaks.get()).filter(|(last, _)| *last <= row).unwrap_or_default();
        let since: u32 = self.stored.layout.rows[start..row].iter().map(|row| row.newlines).sum();
        self.line_breaks.set((row, before + since));
        before + since
    }

    fn byte_range(&self, rows: &RangeInclusive<usize>) -> Range<usize> {
        let last = *rows.end();
        self.bytes[*rows.start()]..self.bytes[last] + self.row(last).bytes as usize
    }

    fn rows(&self, in_noise: bool) -> &[(u32, usize)] {
        if in_noise { &self.noise } else { &self.clean }
    }

    fn row_of(&self, position: u32, in_noise: bool) -> Option<(u32, usize)> {
        let rows = self.rows(in_noise);
        let behind = rows.partition_point(|(first, _)| *first <= position);
        rows.get(behind.checked_sub(1)?).copied()
    }

    /// The bytes of the token at a position, in the whole text.
    fn token(&self, position: u32, in_noise: bool) -> Result<Option<Range<usize>>, DecodeError> {
        let Some((first, row)) = self.row_of(position, in_noise) else { return Ok(None) };
        let (start, token) = (self.bytes[row], (position - first) as usize);
        if token >= self.row(row).positions as usize {
            return Ok(None);
        }
        let mut known = self.token_ranges.borrow_mut();
        let ranges = known.entry(row).or_default();
        if token >= ranges.len() {
            *ranges = token_ranges(&self.text(&(row..=row))?, token + 1);
        }
        Ok(ranges.get(token).map(|range| start + range.start..start + range.end))
    }
}
