//! Members of a zip archive that comes as a stream, or has lost its directory: each has a header before it. Only a member
//! whose length is not told before it, and which is not compressed, cannot be read like this.

use std::cell::{Cell, RefCell};
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;

use flate2::Crc;

use super::label::Labels;
use super::meter::{Checked, Counted, said};
use super::zip::{decoder, document, is_document, method_name};
use super::{Member, Outcome, Place, Unpacker};
use crate::error::ReadError;
use crate::format::Sink;

const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// Flags of a member.
const ENCRYPTED: u16 = 1;
const LENGTH_FOLLOWS: u16 = 1 << 3;
/// Kind of the extra field with long lengths.
const ZIP64: u16 = 1;

/// The mark of the record at the end, the bytes that it has at least after it, and where in these the number of members stands
/// and the length of a comment.
const END_MARK: &[u8; 4] = b"PK\x05\x06";
const END_BYTES: usize = 18;
const END_MEMBERS: usize = 6;
const END_COMMENT: usize = 16;
/// The mark of the record before it in a large archive, and where the number of members stands in the bytes after that.
const LARGE_END_MARK: &[u8; 4] = b"PK\x06\x06";
const LARGE_END_MEMBERS: usize = 28;

/// What comes next in an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// The header of a member.
    Member,
    /// The directory, which says nothing new, or what follows it; with its mark.
    Directory([u8; 4]),
    /// The stream is over; was there anything but zeros before its end?
    End { follows: bool },
}

/// Archives behind each other are read as one.
pub(super) fn read(
    unpacker: &Unpacker<'_>,
    mut reader: Box<dyn BufRead + '_>,
    place: &Place,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let mut members = Members { unpacker, place, labels: Labels::new(&place.path) };
    let (mut met, mut told, mut is_ended) = (0_u64, 0_u64, false);
    let ended = loop {
        match next_mark(reader.as_mut()) {
            Ok(Mark::Member) => is_ended = false,
            Ok(Mark::Directory(last)) => match read_end(reader.as_mut(), last) {
                Err(error) => break Err(error),
                Ok(number) => {
                    told = told.saturating_add(number);
                    is_ended = true;
                    continue;
                }
            },
            Ok(Mark::End { follows: false }) if is_ended => break Ok(()),
            Ok(Mark::End { follows: true }) if is_ended => {
                break Err(io::Error::other("something follows it that is not zip"));
            }
            Ok(Mark::End { .. }) => break Err(io::ErrorKind::UnexpectedEof.into()),
            Err(error) => break Err(error),
        }
        let header = match Header::read(reader.as_mut()) {
            Ok(header) => header,
            Err(error) => break Err(error),
        };
        if met == 0 && is_document(&header.name, place) {
            return sink(Err(document(place)));
        }
        met += 1;
        members.read(reader.as_mut(), &header, sink)?;
        if unpacker.meter.spent().is_some() {
            return ControlFlow::Continue(());
        }
    };
    match ended {
        // A damaged length takes members for its own. More than are told of are no loss: some of them were replaced.
        Ok(()) if met < told => {
            unpacker.say(place.damaged(&format!("{met} of {told} members are found")), sink)
        }
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => unpacker.say(place.damaged(&said(&error)), sink),
    }
}

/// The members of one archive.
struct Members<'a> {
    unpacker: &'a Unpacker<'a>,
    place: &'a Place,
    labels: Labels,
}

impl Members<'_> {
    fn read(&mut self, reader: &mut dyn BufRead, header: &Header, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let Some(packed_bytes) = header.packed_bytes else {
            return self.read_open_ended(reader, header, sink);
        };
        let mut packed = reader.take(packed_bytes);
        if !header.is_folder() {
            self.read_packed(&mut packed, header, sink)?;
        }
        let _ = io::copy(&mut packed, &mut io::sink()); // an error comes again with the next mark
        ControlFlow::Continue(())
    }

    /// Reads a member whose length follows it.
    fn read_open_ended(
        &mut self,
        reader: &mut dyn BufRead,
        header: &Header,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        if header.method != DEFLATED {
            // A folder, or an empty file, has no content that could be missed.
            let is_empty = header.method == STORED && starts_descriptor(reader);
            if is_empty || header.is_folder() {
                return ControlFlow::Continue(());
            }
            return sink(Err(self.refused(header, "its length is not known before its end")));
        }
        let sum = self.read_packed(reader, header, sink)?;
        let told = sum.and_then(|sum| told_sum(reader).map(|told| (sum, told)));
        match told {
            Some((sum, told)) if sum != told => {
                let path = self.labels.plain(&header.name);
                sink(Err(ReadError::Damaged { path, message: "its check sum does not match".to_owned() }))
            }
            _ => ControlFlow::Continue(()),
        }
    }

    /// Reads what is packed in a member; gives its check sum where it was read to its end.
    fn read_packed(
        &mut self,
        packed: &mut dyn BufRead,
        header: &Header,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<(), Option<u32>> {
        if header.flags & ENCRYPTED != 0 {
            sink(Err(self.refused(header, "it is encrypted")))?;
            return ControlFlow::Continue(None);
        }
        let taken = Cell::new(0);
        let Some(reader) = decoder(header.method, Counted { reader: packed, taken: &taken }) else {
            sink(Err(self.refused(header, &method_name(header.method))))?;
            return ControlFlow::Continue(None);
        };
        let sum = RefCell::new(Crc::new());
        let is_told = header.packed_bytes.is_some();
        let mut checked = Checked { reader, sum: &sum, expected: is_told.then_some(header.sum) };
        let size = is_told.then_some(header.bytes);
        let member = Member { name: &header.name, size, taken: &taken };
        let outcome = if header.is_folder() {
            Outcome::Left
        } else {
            self.unpacker.member(&mut checked, &member, self.place, &mut self.labels, sink)?
        };
        if outcome == Outcome::Left && !is_told {
            // What it holds may be an archive, whose members would be taken for those of this one.
            self.unpacker.meter.drain(&mut checked, &taken);
        }
        let sum = sum.borrow().sum();
        ControlFlow::Continue((outcome == Outcome::Read).then_some(sum))
    }

    fn refused(&self, header: &Header, message: &str) -> ReadError {
        self.place.unsupported(&self.labels, &header.name, message)
    }
}

/// The header of a member, after its mark.
struct Header {
    flags: u16,
    method: u16,
    sum: u32,
    bytes: u64,
    /// `None` where the length follows the member.
    packed_bytes: Option<u64>,
    name: Vec<u8>,
}

impl Header {
    fn read(reader: &mut dyn BufRead) -> io::Result<Header> {
        let mut fixed = [0; 26];
        reader.read_exact(&mut fixed)?;
        let short = |at: usize| u16::from_le_bytes([fixed[at], fixed[at + 1]]);
        let long = |at: usize| u32::from(short(at)) | u32::from(short(at + 2)) << 16;
        let mut name = vec![0; usize::from(short(22))];
        reader.read_exact(&mut name)?;
        let mut extra = vec![0; usize::from(short(24))];
        reader.read_exact(&mut extra)?;
        let (mut bytes, mut packed_bytes) = (u64::from(long(18)), u64::from(long(14)));
        if let Some(sizes) = zip64_sizes(&extra) {
            if bytes == u64::from(u32::MAX) {
                bytes = sizes.0;
            }
            if packed_bytes == u64::from(u32::MAX) {
                packed_bytes = sizes.1;
            }
        }
        let (flags, method, sum) = (short(2), short(4), long(10));
        let is_told = flags & LENGTH_FOLLOWS == 0 || packed_bytes > 0;
        Ok(Header { flags, method, sum, bytes, packed_bytes: is_told.then_some(packed_bytes), name })
    }

    fn is_folder(&self) -> bool {
        self.name.ends_with(b"/")
    }
}

/// The lengths in the extra fields of a large member: unpacked and packed.
fn zip64_sizes(mut extra: &[u8]) -> Option<(u64, u64)> {
    while let [kind_low, kind_high, length_low, length_high, rest @ ..] = extra {
        let length = usize::from(u16::from_le_bytes([*length_low, *length_high]));
        let field = rest.get(..length)?;
        if u16::from_le_bytes([*kind_low, *kind_high]) == ZIP64 {
            let number = |bytes: &[u8]| bytes.try_into().ok().map(u64::from_le_bytes);
            return Some((number(field.get(..8)?)?, number(field.get(8..16)?)?));
        }
        extra = &rest[length..];
    }
    None
}

/// Moves behind the next mark, over whatever stands before it.
fn next_mark(reader: &mut dyn BufRead) -> io::Result<Mark> {
    let (mut last, mut follows) = ([0_u8; 4], false);
    for byte in (&mut *reader).bytes() {
        last = [last[1], last[2], last[3], byte?];
        match &last {
            b"PK\x03\x04" => return Ok(Mark::Member),
            b"PK\x01\x02" | END_MARK | LARGE_END_MARK | b"PK\x06\x08" => return Ok(Mark::Directory(last)),
            _ => follows |= last[3] != 0,
        }
    }
    Ok(Mark::End { follows })
}

/// Moves behind the end of the archive, whose directory begins with the mark `last`; gives the number of members that is told
/// there. Where 16 bits are too few for it, it may be less than there are.
fn read_end(reader: &mut dyn BufRead, mut last: [u8; 4]) -> io::Result<u64> {
    let mut told = 0;
    while last != *END_MARK {
        if last == *LARGE_END_MARK {
            let mut record = [0; LARGE_END_MEMBERS + 8];
            reader.read_exact(&mut record)?;
            told = record.last_chunk().copied().map_or(0, u64::from_le_bytes);
            last = [0; 4];
        }
        let mut byte = [0];
        reader.read_exact(&mut byte)?;
        last = [last[1], last[2], last[3], byte[0]];
    }
    let mut end = [0; END_BYTES];
    reader.read_exact(&mut end)?;
    let short = |at: usize| u16::from_le_bytes([end[at], end[at + 1]]);
    io::copy(&mut reader.take(short(END_COMMENT).into()), &mut io::sink())?;
    Ok(told.max(short(END_MEMBERS).into()))
}

/// The check sum that follows a member, with or without a mark before it.
fn told_sum(reader: &mut dyn BufRead) -> Option<u32> {
    let mut sum = [0; 4];
    reader.read_exact(&mut sum).ok()?;
    if sum == *b"PK\x07\x08" {
        reader.read_exact(&mut sum).ok()?;
    }
    Some(u32::from_le_bytes(sum))
}

fn starts_descriptor(reader: &mut dyn BufRead) -> bool {
    reader.fill_buf().is_ok_and(|buffer| buffer.starts_with(b"PK\x07\x08"))
}
