//! Members of tar archives, in the order in which they stand.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;

use tar::{Archive, EntryType};

use super::label::Labels;
use super::meter::said;
use super::{FULL_FOLDER, LINK, Member, Outcome, Place, SPECIAL, Unpacker};
use crate::format::Sink;

/// Bytes that may stand between the contents of two members: names and attributes, which the library holds in memory.
const HEADER_BYTES: u64 = 1 << 20;

/// At least one block of zeros stands behind the last member.
const BLOCK_BYTES: u64 = 512;

/// Kinds of GNU's that tell of the archive: its label, and what a folder holds.
const LISTS: &[u8] = b"VD";

pub(super) fn read(
    unpacker: &Unpacker<'_>,
    reader: Box<dyn BufRead + '_>,
    place: &Place,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let (allowance, zeros) = (Cell::new(HEADER_BYTES), Cell::new(0));
    let mut archive = Archive::new(Allowed { reader, allowance: &allowance, zeros: &zeros });
    archive.set_ignore_zeros(true); // archives one behind the other
    let mut labels = Labels::new(&place.path);
    let entries = match archive.entries() {
        Ok(entries) => entries,
        Err(error) => return unpacker.say(place.damaged(&said(&error)), sink),
    };
    for entry in entries {
        let mut entry = match entry {
            Ok(entry) => entry,
            Err(error) => return unpacker.say(place.damaged(&said(&error)), sink),
        };
        let kind = entry.header().entry_type();
        // A sparse file is as large as it claims to be; its holes take no room.
        let packed_bytes = if kind == EntryType::GNUSparse {
            entry.header().entry_size().unwrap_or(0)
        } else {
            entry.size()
        };
        let name = entry.path_bytes().into_owned();
        match kind {
            // Tar without folders of their own wrote them so.
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse if name.ends_with(b"/") => {
                if packed_bytes > 0 {
                    unpacker.pass_over(&name, FULL_FOLDER, place, &labels, sink)?;
                }
            }
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
                allowance.set(u64::MAX);
                let member =
                    Member { name: &name, size: Some(entry.size()), taken: &Cell::new(packed_bytes) };
                let outcome = unpacker.member(&mut entry, &member, place, &mut labels, sink)?;
                if outcome == Outcome::Broken {
                    return ControlFlow::Continue(()); // nothing follows a member that is cut off
                }
            }
            EntryType::Directory | EntryType::XGlobalHeader => {}
            kind if LISTS.contains(&kind.as_byte()) => {}
            EntryType::Symlink | EntryType::Link => {
                unpacker.pass_over(&name, LINK, place, &labels, sink)?;
            }
            _ => unpacker.pass_over(&name, SPECIAL, place, &labels, sink)?,
        }
        if unpacker.meter.spent().is_some() {
            return ControlFlow::Continue(());
        }
        allowance.set(packed_bytes.saturating_add(HEADER_BYTES));
    }
    if zeros.get() < BLOCK_BYTES {
        return unpacker.say(place.damaged("it ends without the zeros that end it"), sink);
    }
    ControlFlow::Continue(())
}

/// The bytes of an archive, of which the library may take only so many before the next member.
struct Allowed<'a, R> {
    reader: R,
    allowance: &'a Cell<u64>,
    /// How many zeros were read last.
    zeros: &'a Cell<u64>,
}

impl<R: Read> Read for Allowed<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        let zeros = buffer[..count].iter().rev().take_while(|byte| **byte == 0).count();
        self.zeros.set(zeros as u64 + if zeros == count { self.zeros.get() } else { 0 });
        match self.allowance.get().checked_sub(count as u64) {
            None => Err(io::Error::new(io::ErrorKind::InvalidData, "the header of a member is too large")),
            Some(rest) => {
                self.allowance.set(rest);
                Ok(count)
            }
        }
    }
}
