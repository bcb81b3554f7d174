//! Members of a zip archive that is a file, as its directory lists them.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::ops::ControlFlow;

use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use rawzip::{
    CompressionMethod, FileReader, MAX_CENTRAL_DIRECTORY_RECORD_SIZE, ZipArchive, ZipArchiveEntryWayfinder,
};

use super::label::Labels;
use super::meter::{Checked, Counted};
use super::packing::Packing;
use super::{FULL_FOLDER, LINK, MEMBER_BUFFER_BYTES, Member, Place, Unpacker, stream, zip_stream};
use crate::error::ReadError;
use crate::format::{BUFFER_BYTES, Sink};

/// A member as the directory has it.
struct Listed {
    name: Vec<u8>,
    method: u16,
    is_encrypted: bool,
    is_folder: bool,
    is_link: bool,
    bytes: u64,
    sum: u32,
    way: ZipArchiveEntryWayfinder,
}

pub(super) fn read(
    unpacker: &Unpacker<'_>,
    file: File,
    place: &Place,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let file_bytes = file.metadata().map_or(0, |metadata| metadata.len());
    let again = file.try_clone();
    let mut buffer = vec![0; MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
    match ZipArchive::from_file(file, &mut buffer) {
        Ok(archive) if archive.end_offset() == file_bytes && is_whole(&archive, &mut buffer) => {
            unpacker.meter.taken.set(file_bytes);
            read_listed(unpacker, &archive, &mut buffer, place, sink)
        }
        // Damaged, or more than one: the members that are there can still be read one after the other.
        Ok(_) | Err(_) => match again.and_then(|mut file| file.rewind().map(|()| file)) {
            Err(source) => sink(Err(ReadError::Unreadable { path: place.path.clone(), source })),
            Ok(file) => {
                let reader = BufReader::with_capacity(BUFFER_BYTES, file);
                let reader = Counted { reader, taken: &unpacker.meter.taken };
                zip_stream::read(unpacker, Box::new(reader), place, sink)
            }
        },
    }
}

/// The directory is whole, and that of an archive which begins the file: not that of a zip within what is left of one, nor of
/// one that follows another.
fn is_whole(archive: &ZipArchive<FileReader>, buffer: &mut [u8]) -> bool {
    let mut entries = archive.entries(buffer);
    let (mut number, mut least) = (0_u64, u64::MAX);
    loop {
        match entries.next_entry() {
            Err(_) => return false,
            Ok(None) if number == 0 => return archive.entries_hint() == 0 && archive.directory_offset() == 0,
            // The end has 16 bits for a number that may be larger.
            Ok(None) => return number >= archive.entries_hint() && least == 0,
            Ok(Some(entry)) => {
                number += 1;
                least = least.min(entry.local_header_offset());
            }
        }
    }
}

fn read_listed(
    unpacker: &Unpacker<'_>,
    archive: &ZipArchive<FileReader>,
    buffer: &mut [u8],
    place: &Place,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let mut labels = Labels::new(&place.path);
    let mut entries = archive.entries(buffer);
    let mut is_first = true;
    loop {
        let listed = match entries.next_entry() {
            Ok(None) => break,
            Err(error) => return sink(Err(place.damaged(&error))),
            Ok(Some(entry)) => Listed {
                name: entry.file_path().as_ref().to_vec(),
                method: entry.compression_method().as_u16(),
                is_encrypted: entry.flags().is_encrypted(),
                is_folder: entry.is_dir(),
                is_link: entry.mode().is_symlink(),
                bytes: entry.uncompressed_size_hint(),
                sum: entry.crc32(),
                way: entry.wayfinder(),
            },
        };
        if std::mem::take(&mut is_first) && is_document(&listed.name, place) {
            return sink(Err(document(place)));
        }
        if listed.is_link {
            unpacker.pass_over(&listed.name, LINK, place, &labels, sink)?;
        } else if listed.is_folder && listed.bytes > 0 {
            unpacker.pass_over(&listed.name, FULL_FOLDER, place, &labels, sink)?;
        } else if !listed.is_folder {
            read_member(unpacker, archive, &listed, place, &mut labels, sink)?;
        }
        if unpacker.meter.spent().is_some() {
            break;
        }
    }
    ControlFlow::Continue(())
}

fn read_member(
    unpacker: &Unpacker<'_>,
    archive: &ZipArchive<FileReader>,
    listed: &Listed,
    place: &Place,
    labels: &mut Labels,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    if listed.is_encrypted {
        return sink(Err(place.unsupported(labels, &listed.name, "it is encrypted")));
    }
    let entry = match archive.get_entry(listed.way) {
        Ok(entry) => entry,
        Err(error) => {
            let path = labels.plain(&listed.name);
            return sink(Err(ReadError::Damaged { path, message: error.to_string() }));
        }
    };
    let taken = Cell::new(0);
    let reader = BufReader::with_capacity(MEMBER_BUFFER_BYTES, entry.reader());
    let reader = Counted { reader, taken: &taken };
    let Some(reader) = decoder(listed.method, reader) else {
        return sink(Err(place.unsupported(labels, &listed.name, &method_name(listed.method))));
    };
    let sum = RefCell::new(Crc::new());
    let mut checked = Checked { reader, sum: &sum, expected: Some(listed.sum) };
    let member = Member { name: &listed.name, size: Some(listed.bytes), taken: &taken };
    unpacker.member(&mut checked, &member, place, labels, sink).map_continue(|_| ())
}

/// The decoder of a method of compression; `None` for methods that hardly anyone uses.
pub(super) fn decoder<'a, R: BufRead + 'a>(method: u16, reader: R) -> Option<Box<dyn Read + 'a>> {
    let packing = match CompressionMethod::new(method) {
        CompressionMethod::STORE => return Some(Box::new(reader)),
        CompressionMethod::DEFLATE => return Some(Box::new(DeflateDecoder::new(reader))),
        CompressionMethod::BZIP2 => Packing::Bzip2,
        CompressionMethod::ZSTD | CompressionMethod::ZSTD_DEPRECATED => Packing::Zstd,
        CompressionMethod::XZ => Packing::Xz,
        _ => return None,
    };
    Some(stream::decoder(packing, reader).unwrap_or_else(|error| Box::new(Failed(Some(error)))))
}

pub(super) fn method_name(method: u16) -> String {
    match CompressionMethod::new(method).name() {
        Some(name) => format!("it is packed by {name}"),
        None => format!("it is packed by method {method}"),
    }
}

/// Office documents and e-books are zips of what is no article by itself; their first members tell.
pub(super) fn is_document(first: &[u8], place: &Place) -> bool {
    let is_named_zip = Packing::of_name(&place.name).is_some_and(|(packing, _)| packing == Packing::Zip);
    !is_named_zip && matches!(first, b"[Content_Types].xml" | b"mimetype")
}

pub(super) fn document(place: &Place) -> ReadError {
    let message = "it is an office document or e-book".to_owned();
    ReadError::Unsupported { path: place.path.clone(), message }
}

/// A decoder that could not be made.
struct Failed(Option<io::Error>);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
