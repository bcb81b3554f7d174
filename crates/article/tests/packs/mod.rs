//! Making containers and reading them, for tests.

#![allow(dead_code)] // each test file uses a part

use std::fs;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use article::{Limits, ReadError, WalkOptions, parse, split, split_reader, walk};
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use rawzip::path::EntryPath;
use rawzip::{CompressionMethod, ZipArchiveWriter};

/// What was found: the places of articles with their first lines, and of errors with their reasons.
pub(crate) type Found = Vec<String>;

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/containers").join(name)
}

/// Everything in `path`, whose places are given from the folder it lies in.
pub(crate) fn read_with(path: &Path, options: &WalkOptions, limits: Limits) -> Found {
    let folder = article::absolute(path).parent().expect("a folder").to_owned();
    let mut found = Vec::new();
    for input in walk(&[path.to_owned()], options) {
        let flow = match input {
            Ok(input) => split(&input, &limits, &mut |record| note(record, &folder, &mut found)),
            Err(error) => note(Err(error), &folder, &mut found),
        };
        assert!(flow.is_continue());
    }
    found
}

pub(crate) fn read(path: &Path) -> Found {
    read_with(path, &WalkOptions::default(), Limits::default())
}

/// The content of a file of this name.
pub(crate) fn read_bytes(name: &str, bytes: &[u8], limits: Limits) -> Found {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("a file");
    read_with(&path, &WalkOptions::default(), limits)
}

/// As from standard input.
pub(crate) fn read_stream(bytes: &[u8], limits: Limits) -> Found {
    let mut found = Vec::new();
    let _ =
        split_reader(Path::new("-"), bytes, &limits, &mut |record| note(record, Path::new(""), &mut found));
    found
}

fn note(record: Result<article::Record, ReadError>, folder: &Path, found: &mut Found) -> ControlFlow<()> {
    let place = |path: &Path| path.strip_prefix(folder).unwrap_or(path).display().to_string();
    found.push(match record.and_then(|record| parse(&record)) {
        Ok(article) => {
            let first = article.text.lines().next().unwrap_or_default().to_owned();
            format!("{}:{} {first}", place(&article.source.path), article.source.line)
        }
        Err(error) => format!("{}: {}", place(error.path()), error.reason()),
    });
    ControlFlow::Continue(())
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

pub(crate) fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).expect("memory");
    }
    builder.into_inner().expect("memory")
}

/// A zip with lengths behind its members, as one is that was written to a pipe.
pub(crate) fn zip<N: AsRef<[u8]>, B: AsRef<[u8]>>(members: &[(N, B)]) -> Vec<u8> {
    zip_with(Compression::default(), members)
}

pub(crate) fn zip_with<N: AsRef<[u8]>, B: AsRef<[u8]>>(
    compression: Compression,
    members: &[(N, B)],
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    for (name, content) in members {
        let path = EntryPath::verbatim(name.as_ref());
        let builder = archive.new_file(path).compression_method(CompressionMethod::DEFLATE);
        let (mut entry, config) = builder.start().expect("memory");
        let mut writer = config.wrap(DeflateEncoder::new(&mut entry, compression));
        writer.write_all(content.as_ref()).expect("memory");
        let (encoder, descriptor) = writer.finish().expect("memory");
        encoder.finish().expect("memory");
        entry.finish(descriptor).expect("memory");
    }
    archive.finish().expect("memory");
    bytes
}
