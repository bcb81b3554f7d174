//! Containers: compressed streams and archives are read through to the files in them, as if these lay in a folder.
//!
//! Everything is streamed. What one container gives is a [`Layer`], which ends at damage and at limits; the [`Meter`]
//! keeps the account of all layers of a file. A member is named by the path of its archive and its name in it.

mod label;
mod meter;
mod packing;
mod stream;
mod tar;
mod zip;
mod zip_stream;

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use self::label::{Labels, path_of};
use self::meter::{Counted, Layer, Meter, Trouble};
pub(crate) use self::packing::Named;
use self::packing::{Packing, is_hidden};
use crate::encoding;
use crate::error::ReadError;
use crate::format::{BUFFER_BYTES, Format, Record, Sink, SplitOptions, split_as};
use crate::limits::Breach;

/// Bytes looked at to tell containers.
const BEGINNING_BYTES: u64 = 16 * 1024;
/// Bytes read from a member at a time.
const MEMBER_BUFFER_BYTES: usize = 32 * 1024;

/// Why members that are no files are passed over.
const LINK: &str = "it is a link";
const FULL_FOLDER: &str = "it is called a folder and has content";
const SPECIAL: &str = "it is a pipe, a device, or of an unknown kind";

/// How the files in a container are to be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    /// The format of everything in it; `None` leaves it to names, and then to the content.
    pub(crate) format: Option<Format>,
    /// Read hidden members too.
    pub(crate) hidden: bool,
    pub(crate) options: SplitOptions<'a>,
}

/// Hands out the records of a file, whatever it is packed in.
pub(crate) fn split_file(
    path: &Path,
    file: File,
    wanted: Wanted<'_>,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let meter = Meter::new(wanted.options.limits);
    let unpacker = Unpacker { wanted, meter: &meter };
    let mut reader = BufReader::with_capacity(BUFFER_BYTES, file);
    // An error comes again where the content is read, and is named there.
    let packing = reader.fill_buf().ok().and_then(Packing::of_content).filter(|it| it.is_believed_of(path));
    let place = Place::new(path, wanted.format);
    if packing.is_none() && wanted.format.is_some() && Packing::of_name(path).is_none() {
        let split =
            |sink: &mut Sink<'_>| split_as(wanted.format, path, Box::new(reader), wanted.options, sink);
        return unpacker.accounted(&place, sink, split);
    }
    if packing == Some(Packing::Zip) && wanted.options.limits.nesting > 0 {
        unpacker.accounted(&place, sink, |sink| zip::read(&unpacker, reader.into_inner(), &place, sink))?;
    } else {
        unpacker.unpack(Box::new(Counted { reader, taken: &meter.taken }), &place, sink)?;
    }
    unpacker.report_spent(path, sink)
}

/// As [`split_file`], of a stream.
pub(crate) fn split_stream<'a>(
    path: &Path,
    reader: Box<dyn BufRead + 'a>,
    wanted: Wanted<'_>,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let meter = Meter::new(wanted.options.limits);
    let unpacker = Unpacker { wanted, meter: &meter };
    let reader = Counted { reader, taken: &meter.taken };
    unpacker.unpack(Box::new(reader), &Place::new(path, wanted.format), sink)?;
    unpacker.report_spent(path, sink)
}

/// Where a container, or what is in it, stands.
pub(super) struct Place {
    /// What records are said to come from.
    path: PathBuf,
    /// The name that tells what it is: that of the file or member, without the containers taken off so far.
    name: PathBuf,
    format: Option<Format>,
    /// How many containers it is in.
    depth: u32,
}

impl Place {
    fn new(path: &Path, format: Option<Format>) -> Place {
        Place { path: path.to_owned(), name: path.to_owned(), format, depth: 0 }
    }

    /// The content of the compressed stream here.
    fn within(&self) -> Place {
        let name = Packing::of_name(&self.name).map_or_else(|| self.name.clone(), |(_, within)| within);
        let format = match Named::of(&name) {
            Named::Format(format) => self.format.or(Some(format)),
            _ => self.format,
        };
        Place { path: self.path.clone(), name, format, depth: self.depth + 1 }
    }

    fn damaged(&self, message: &(impl ToString + ?Sized)) -> ReadError {
        ReadError::Damaged { path: self.path.clone(), message: message.to_string() }
    }

    /// Of the member of this name in the archive here.
    fn unsupported(&self, labels: &Labels, name: &[u8], message: &str) -> ReadError {
        // A name like `../a` or none at all still leads to a place in the archive.
        let path = if name.is_empty() { self.path.clone() } else { labels.plain(name) };
        ReadError::Unsupported { path, message: message.to_owned() }
    }
}

/// A member as its archive tells of it.
pub(super) struct Member<'a> {
    name: &'a [u8],
    /// Bytes it should give, where that is known.
    size: Option<u64>,
    /// Packed bytes taken for it so far.
    taken: &'a Cell<u64>,
}

/// What became of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Its content was read to the end.
    Read,
    /// All of its content, or the rest, was left alone.
    Left,
    /// Its content ended before its end, or is damaged.
    Broken,
}

pub(super) struct Unpacker<'a> {
    wanted: Wanted<'a>,
    meter: &'a Meter,
}

impl Unpacker<'_> {
    /// Hands out the records of what `reader` gives, taking off its containers.
    fn unpack(&self, reader: Box<dyn BufRead + '_>, place: &Place, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.accounted(place, sink, |sink| self.unpack_any(reader, place, sink))
    }

    /// Reads something, and names it if it gave nothing and said nothing: a table of no rows, an archive of no members, a
    /// dump of redirections.
    fn accounted(
        &self,
        place: &Place,
        sink: &mut Sink<'_>,
        read: impl FnOnce(&mut Sink<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut is_silent = true;
        read(&mut |record| {
            is_silent = false;
            sink(record)
        })?;
        if !is_silent {
            return ControlFlow::Continue(());
        }
        self.say(ReadError::Empty { path: place.path.clone(), line: 1 }, sink)
    }

    fn unpack_any(
        &self,
        mut reader: Box<dyn BufRead + '_>,
        place: &Place,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let mut start = Vec::new();
        if let Err(source) = reader.by_ref().take(BEGINNING_BYTES).read_to_end(&mut start) {
            return sink(Err(ReadError::Unreadable { path: place.path.clone(), source }));
        }
        let packing = Packing::of_content(&start).filter(|it| it.is_believed_of(&place.name));
        if packing.is_none()
            && let Some(message) = misnamed(&start, &place.name)
        {
            return sink(Err(place.damaged(&message)));
        }
        let reader: Box<dyn BufRead + '_> = Box::new(Cursor::new(start).chain(reader));
        match packing {
            None => split_as(place.format, &place.path, reader, self.wanted.options, sink),
            Some(_) if place.depth >= self.wanted.options.limits.nesting => {
                sink(Err(over(&place.path, Breach::Nesting(self.wanted.options.limits.nesting))))
            }
            Some(Packing::Tar) => tar::read(self, reader, place, sink),
            Some(Packing::Zip) => zip_stream::read(self, reader, place, sink),
            Some(stream) => self.unpack_stream(stream, reader, place, sink),
        }
    }

    fn unpack_stream(
        &self,
        packing: Packing,
        reader: Box<dyn BufRead + '_>,
        place: &Place,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let taken = Cell::new(0);
        match stream::decoder(packing, Counted { reader, taken: &taken }) {
            Err(error) => sink(Err(place.damaged(&error))),
            Ok(decoder) => self.layer(decoder, &taken, None, &place.within(), sink).map_continue(|_| ()),
        }
    }

    /// Hands out the records of a member, if it is to be read.
    fn member(
        &self,
        reader: &mut dyn Read,
        member: &Member<'_>,
        archive: &Place,
        labels: &mut Labels,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<(), Outcome> {
        let name = path_of(member.name);
        if !self.enters(&name) {
            return ControlFlow::Continue(Outcome::Left);
        }
        let named = Named::of(&name);
        if named == Named::Unknown && archive.format.is_none() {
            sink(Err(ReadError::UnknownMember { path: labels.plain(member.name) }))?;
            return ControlFlow::Continue(Outcome::Left);
        }
        let by_name = if let Named::Format(format) = named { Some(format) } else { None };
        let format = archive.format.or(by_name);
        let place =
            Place { path: labels.unique(member.name), name, format, depth: archive.depth.saturating_add(1) };
        self.layer(reader, member.taken, member.size, &place, sink)
    }

    /// Names a member that has no content of its own, as it would be named in a folder.
    fn pass_over(
        &self,
        name: &[u8],
        message: &str,
        archive: &Place,
        labels: &Labels,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        if !self.enters(&path_of(name)) {
            return ControlFlow::Continue(());
        }
        sink(Err(archive.unsupported(labels, name, message)))
    }

    /// Is it not hidden, and not over the limit of members?
    fn enters(&self, name: &Path) -> bool {
        (self.wanted.hidden || !is_hidden(name)) && self.meter.enter()
    }

    /// Hands out the records of what a container gives, which is at `place`, reads it to its end, and says what went wrong.
    fn layer(
        &self,
        reader: impl Read,
        taken: &Cell<u64>,
        size: Option<u64>,
        place: &Place,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<(), Outcome> {
        let trouble = RefCell::new(None);
        let depth = place.depth;
        let layer = Layer {
            reader,
            meter: self.meter,
            depth,
            taken,
            trouble: &trouble,
            size,
            given: 0,
            ended: false,
        };
        let mut content = BufReader::with_capacity(MEMBER_BUFFER_BYTES, layer);
        let is_empty = content.fill_buf().is_ok_and(<[u8]>::is_empty);
        let mut held = Held::default();
        // Where nothing came for a reason, the reason says it all.
        if !(is_empty && (trouble.borrow().is_some() || self.meter.spent().is_some())) {
            self.unpack(Box::new(&mut content), place, &mut |found| held.pass(found, sink))?;
        }
        let _ = io::copy(&mut content, &mut io::sink()); // layers have no errors: damage ends them
        let is_ended = trouble.borrow().is_some() || self.meter.spent().is_some();
        held.finish(content.get_ref().given, is_ended, sink)?;
        match trouble.take() {
            None if self.meter.spent().is_some() => ControlFlow::Continue(Outcome::Left),
            None => ControlFlow::Continue(Outcome::Read),
            Some(Trouble::Damaged(message)) => {
                self.say(place.damaged(&message), sink)?;
                ControlFlow::Continue(Outcome::Broken)
            }
            Some(Trouble::Breach(breach)) => {
                self.say(over(&place.path, breach), sink)?;
                ControlFlow::Continue(Outcome::Left)
            }
        }
    }

    /// Names an error, unless it is only that nothing more is read of the file.
    fn say(&self, error: ReadError, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if self.meter.spent().is_some() { ControlFlow::Continue(()) } else { sink(Err(error)) }
    }

    fn report_spent(&self, path: &Path, sink: &mut Sink<'_>) -> ControlFlow<()> {
        match self.meter.spent() {
            None => ControlFlow::Continue(()),
            Some(breach) => sink(Err(over(path, breach))),
        }
    }
}

/// Holds back that the first article of a layer is too large until it is known whether that was all there is: if so, and if
/// something else ended the layer, that says it all, and one thing is not counted as two.
#[derive(Default)]
struct Held {
    error: Option<ReadError>,
    is_begun: bool,
}

impl Held {
    fn pass(&mut self, found: Result<Record, ReadError>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let is_first = !std::mem::replace(&mut self.is_begun, true);
        match found {
            Err(error @ ReadError::TooLarge { .. }) if is_first => self.error = Some(error),
            found => {
                if let Some(error) = self.error.take() {
                    sink(Err(error))?;
                }
                return sink(found);
            }
        }
        ControlFlow::Continue(())
    }

    /// The layer gave so many bytes, and `is_ended` before its end.
    fn finish(self, given: u64, is_ended: bool, sink: &mut Sink<'_>) -> ControlFlow<()> {
        match self.error {
            Some(ReadError::TooLarge { bytes, .. }) if is_ended && bytes == given => {
                ControlFlow::Continue(())
            }
            Some(error) => sink(Err(error)),
            None => ControlFlow::Continue(()),
        }
    }
}

/// Why what begins so cannot be the container that its name tells; a text that lost its container on the way can be read.
fn misnamed(beginning: &[u8], name: &Path) -> Option<String> {
    const LONGEST_MAGIC: usize = 10;
    let (packing, _) = Packing::of_name(name)?;
    if beginning.iter().all(|byte| *byte == 0) {
        return None; // an archive without members, or nothing at all
    }
    let is_content = beginning.len() >= LONGEST_MAGIC && encoding::decode(beginning).is_ok();
    (packing.is_archive() || !is_content).then(|| format!("it does not begin as {} does", packing.name()))
}

fn over(path: &Path, breach: Breach) -> ReadError {
    ReadError::OverLimit { path: path.to_owned(), breach }
}
