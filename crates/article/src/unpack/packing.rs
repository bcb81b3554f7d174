//! Which container a file is, by its name and by its content.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::format::Format;

/// A container: a compressed stream, or an archive of members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    Gzip,
    Zstd,
    Bzip2,
    Xz,
    Tar,
    Zip,
}

/// Endings of file names: what they stand for, and the ending of what is within.
const ENDINGS: [(&str, Packing, Option<&str>); 15] = [
    ("gz", Packing::Gzip, None),
    ("gzip", Packing::Gzip, None),
    ("zst", Packing::Zstd, None),
    ("zstd", Packing::Zstd, None),
    ("bz2", Packing::Bzip2, None),
    ("bz", Packing::Bzip2, None),
    ("xz", Packing::Xz, None),
    ("tar", Packing::Tar, None),
    ("zip", Packing::Zip, None),
    ("tgz", Packing::Gzip, Some("tar")),
    ("tzst", Packing::Zstd, Some("tar")),
    ("tbz", Packing::Bzip2, Some("tar")),
    ("tbz2", Packing::Bzip2, Some("tar")),
    ("txz", Packing::Xz, Some("tar")),
    ("taz", Packing::Gzip, Some("tar")),
];

/// Endings that are taken off a name.
const MOST_ENDINGS: usize = 16;

/// The beginnings of containers. That of tar is its header's sum.
const MAGIC: [(&[u8], Packing); 6] = [
    (b"\x1f\x8b", Packing::Gzip),
    (b"\x28\xb5\x2f\xfd", Packing::Zstd),
    (b"\xfd7zXZ\0", Packing::Xz),
    (b"PK\x03\x04", Packing::Zip),
    (b"PK\x05\x06", Packing::Zip),
    (b"PK\x07\x08", Packing::Zip),
];

/// What the name of a file says of it, its containers taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// It is of this format within.
    Format(Format),
    /// An archive, whose members have names of their own.
    Archive,
    /// A compressed stream of which the name says no more.
    Packed,
    Unknown,
}

impl Named {
    pub(crate) fn of(path: &Path) -> Named {
        let mut name = Cow::Borrowed(path);
        for _ in 0..MOST_ENDINGS {
            let Some((packing, inner)) = Packing::of_name(&name) else {
                return Format::of_name(&name).map_or(Named::Unknown, Named::Format);
            };
            if packing.is_archive() {
                return Named::Archive;
            }
            if inner.extension().is_none() {
                return Named::Packed;
            }
            name = Cow::Owned(inner);
        }
        Named::Unknown
    }
}

impl Packing {
    /// The outermost container that a name tells, and the name of what is within.
    pub(crate) fn of_name(path: &Path) -> Option<(Packing, PathBuf)> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        let (_, packing, within) = ENDINGS.iter().find(|(ending, ..)| *ending == extension)?;
        Some((*packing, path.with_extension(within.unwrap_or_default())))
    }

    /// The container whose first bytes these are. A header of tar takes 512 bytes.
    pub(crate) fn of_content(beginning: &[u8]) -> Option<Packing> {
        let magic = MAGIC.iter().find(|(magic, _)| beginning.starts_with(magic)).map(|(_, packing)| *packing);
        let bzip2 = || is_bzip2(beginning).then_some(Packing::Bzip2);
        let skippable = || is_skippable_frame(beginning).then_some(Packing::Zstd);
        magic.or_else(bzip2).or_else(skippable).or_else(|| is_tar(beginning).then_some(Packing::Tar))
    }

    /// It has members, not content of its own.
    pub(crate) fn is_archive(self) -> bool {
        matches!(self, Packing::Tar | Packing::Zip)
    }

    /// Archives are believed only where the name does not say otherwise: a page about tar is no tar.
    pub(crate) fn is_believed_of(self, name: &Path) -> bool {
        !self.is_archive() || !matches!(Named::of(name), Named::Format(_))
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Packing::Gzip => "gzip",
            Packing::Zstd => "zstd",
            Packing::Bzip2 => "bzip2",
            Packing::Xz => "xz",
            Packing::Tar => "tar",
            Packing::Zip => "zip",
        }
    }
}

/// A stream of bzip2 begins with its block size and then with a block or its end, whose marks are pi and its root.
fn is_bzip2(beginning: &[u8]) -> bool {
    const BLOCK: &[u8] = &[0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
    const END: &[u8] = &[0x17, 0x72, 0x45, 0x38, 0x50, 0x90];
    let Some(rest) = beginning.strip_prefix(b"BZh") else { return false };
    rest.first().is_some_and(|size| (b'1'..=b'9').contains(size))
        && (rest[1..].starts_with(BLOCK) || rest[1..].starts_with(END))
}

/// Parallel compressors put frames before and between the others that hold notes of their own.
fn is_skippable_frame(beginning: &[u8]) -> bool {
    matches!(beginning, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

/// The sum of a header of tar stands in it, as octal digits; it is made as if these were spaces.
fn is_tar(beginning: &[u8]) -> bool {
    let Some(header) = beginning.get(..512) else { return false };
    let Some(digits) = std::str::from_utf8(&header[148..156]).ok() else { return false };
    let digits = digits.trim_matches([' ', '\0']);
    let Ok(sum) = u32::from_str_radix(digits, 8) else { return false };
    let others = header[..148].iter().chain(&header[156..]).map(|byte| u32::from(*byte));
    header[0] != 0 && others.sum::<u32>() + 8 * u32::from(b' ') == sum
}

/// A hidden member, or one of the files that macOS puts beside others.
pub(crate) fn is_hidden(name: &Path) -> bool {
    name.iter().any(|part| {
        part == OsStr::new("__MACOSX")
            || (part.as_encoded_bytes().starts_with(b".")
                && part != OsStr::new(".")
                && part != OsStr::new(".."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_is_within() {
        let of = |name: &str| Named::of(Path::new(name));
        assert_eq!(of("a/news.jsonl.gz"), Named::Format(Format::JsonLines));
        assert_eq!(of("page.TXT.Zst.gz"), Named::Format(Format::Text));
        assert_eq!(of("x.gz"), Named::Packed);
        assert_eq!(of("dump.sql.gz"), Named::Unknown);
        for archive in ["a.tgz", "a.tar", "a.tar.zst", "a.zip", "a.txz", "a.tar.gz.xz"] {
            assert_eq!(of(archive), Named::Archive);
        }
        assert_eq!(of("a.txt"), Named::Format(Format::Text));
        assert_eq!(of("gz"), Named::Unknown);
        assert_eq!(of(&".gz".repeat(20_000)), Named::Unknown);
    }

    #[test]
    fn text_is_no_container() {
        for text in [&b"PK is a name"[..], b"BZh9 is a name", b"(\xb5/", b"", &[b'0'; 600], &[0; 600]] {
            assert_eq!(Packing::of_content(text), None);
        }
    }

    #[test]
    fn hidden_members_are_known() {
        assert!(is_hidden(Path::new("a/.b/c.txt")) && is_hidden(Path::new("__MACOSX/c.txt")));
        assert!(!is_hidden(Path::new("./../c.txt")));
    }
}
