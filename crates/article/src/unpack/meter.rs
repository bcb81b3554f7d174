//! What was taken from a file and what it became, held against the limits.

use std::cell::{Cell, RefCell};
use std::io::{self, BufRead, Read};

use flate2::Crc;

use crate::limits::{Breach, Limits};

/// Why a layer ended before its content did.
#[derive(Debug)]
pub(super) enum Trouble {
    Damaged(String),
    Breach(Breach),
}

/// The account of one file with all that it contains.
pub(super) struct Meter {
    limits: Limits,
    /// Bytes of the file that were read.
    pub(super) taken: Cell<u64>,
    /// Bytes that were unpacked, for each depth of containers.
    given: Vec<Cell<u64>>,
    members: Cell<u64>,
    /// A limit of the file as a whole is reached: nothing more is read.
    spent: Cell<Option<Breach>>,
}

impl Meter {
    pub(super) fn new(limits: Limits) -> Meter {
        let given = (0..=limits.nesting).map(|_| Cell::new(0)).collect();
        Meter { limits, taken: Cell::new(0), given, members: Cell::new(0), spent: Cell::new(None) }
    }

    pub(super) fn spent(&self) -> Option<Breach> {
        self.spent.get()
    }

    /// Enters a member; false when there are too many.
    pub(super) fn enter(&self) -> bool {
        self.members.set(self.members.get() + 1);
        if self.members.get() > self.limits.members {
            self.spent.set(self.spent.get().or(Some(Breach::Members(self.limits.members))));
        }
        self.spent.get().is_none()
    }

    /// Enters bytes that a layer at `depth` gave; false when the file has given too much.
    fn give(&self, depth: u32, bytes: u64) -> bool {
        let Some(given) = self.given.get(depth as usize) else { return false };
        given.set(given.get().saturating_add(bytes));
        let breach = if given.get() > self.limits.unpacked_bytes {
            Some(Breach::Bytes(self.limits.unpacked_bytes))
        } else {
            self.expansion(self.taken.get(), given.get())
        };
        self.spent.set(self.spent.get().or(breach));
        self.spent.get().is_none()
    }

    /// Reads what is left of something that is not wanted, unless it is made to fill the machine.
    pub(super) fn drain(&self, mut reader: impl Read, taken: &Cell<u64>) {
        let (mut buffer, mut given) = ([0; 8192], 0);
        while let Ok(count @ 1..) = reader.read(&mut buffer) {
            given += count as u64;
            if self.expansion(taken.get(), given).is_some() {
                break;
            }
        }
    }

    /// Holds a size against the packed one. The first bytes are free: what reads ahead has not been counted yet.
    fn expansion(&self, taken: u64, given: u64) -> Option<Breach> {
        let most = taken.saturating_mul(self.limits.expansion).max(self.limits.article_bytes);
        (given > most).then_some(Breach::Expansion(self.limits.expansion))
    }
}

/// A reader that counts what is taken from it.
pub(super) struct Counted<'a, R> {
    pub(super) reader: R,
    pub(super) taken: &'a Cell<u64>,
}

impl<R: BufRead> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.taken.set(self.taken.get() + count as u64);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Counted<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.reader.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.taken.set(self.taken.get() + count as u64);
        self.reader.consume(count);
    }
}

/// What a container gives: it ends where damage or a limit ends it, so that all that came before is read as if the file
/// ended there, and keeps why.
pub(super) struct Layer<'a, R> {
    pub(super) reader: R,
    pub(super) meter: &'a Meter,
    pub(super) depth: u32,
    /// Packed bytes taken for it.
    pub(super) taken: &'a Cell<u64>,
    pub(super) trouble: &'a RefCell<Option<Trouble>>,
    /// Bytes it should give, where that is known.
    pub(super) size: Option<u64>,
    pub(super) given: u64,
    pub(super) ended: bool,
}

impl<R> Layer<'_, R> {
    fn end(&mut self, trouble: Option<Trouble>) -> usize {
        self.ended = true;
        if trouble.is_some() {
            *self.trouble.borrow_mut() = trouble;
        }
        0
    }
}

impl<R: Read> Read for Layer<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ended || buffer.is_empty() {
            return Ok(0);
        }
        let count = loop {
            match self.reader.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Ok(self.end(Some(Trouble::Damaged(said(&error))))),
                Ok(count) => break count,
            }
        };
        if count == 0 {
            let short = self.size.is_some_and(|size| self.given < size);
            return Ok(self.end(short.then(|| Trouble::Damaged(ENDS_EARLY.to_owned()))));
        }
        self.given += count as u64;
        // What goes over a limit is still given, so that an article that is too large is seen to be.
        if !self.meter.give(self.depth, count as u64) {
            self.end(None);
        } else if let Some(breach) = self.meter.expansion(self.taken.get(), self.given) {
            self.end(Some(Trouble::Breach(breach)));
        }
        Ok(count)
    }
}

const ENDS_EARLY: &str = "it ends before its content does";

/// What a decoder says of damage.
pub(super) fn said(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => ENDS_EARLY.to_owned(),
        _ => error.to_string(),
    }
}

/// A reader that is held against a check sum when it ends.
pub(super) struct Checked<'a, R> {
    pub(super) reader: R,
    pub(super) sum: &'a RefCell<Crc>,
    /// What it should come to, where that is known.
    pub(super) expected: Option<u32>,
}

impl<R: Read> Read for Checked<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        let mut sum = self.sum.borrow_mut();
        sum.update(&buffer[..count]);
        if count == 0 && self.expected.is_some_and(|expected| expected != sum.sum()) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "its check sum does not match"));
        }
        Ok(count)
    }
}
