//! Opens the file that a walk found, and nothing else that may stand in its place by now: between a walk and the reading
//! a file can become a pipe, which would be waited for, or a link that leads out of the collection.

use std::fs::{File, Metadata};
use std::io;

use crate::error::ReadError;
use crate::limits::{Breach, Limits};
use crate::walk::Input;

/// Opens a file for reading.
///
/// # Errors
/// It is not there or may not be read; it is no regular file any more; or it is made of holes, which reading would fill.
pub(crate) fn open(input: &Input, limits: Limits) -> Result<File, ReadError> {
    let path = || input.path.clone();
    let file = match open_at_once(input) {
        Err(_) if !input.may_be_link && input.path.is_symlink() => {
            return Err(ReadError::Link { path: path() });
        }
        Err(source) => return Err(ReadError::Unreadable { path: path(), source }),
        Ok(file) => file,
    };
    let metadata = file.metadata().map_err(|source| ReadError::Unreadable { path: path(), source })?;
    if !metadata.is_file() {
        return Err(ReadError::NotAFile { path: path() });
    }
    if is_hollow(&file, &metadata, limits) {
        return Err(ReadError::OverLimit { path: path(), breach: Breach::Expansion(limits.expansion) });
    }
    Ok(file)
}

/// A pipe without a writer is not waited for.
#[cfg(unix)]
fn open_at_once(input: &Input) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;

    use rustix::fs::OFlags;

    let link = if input.may_be_link { OFlags::empty() } else { OFlags::NOFOLLOW };
    let flags = i32::try_from((OFlags::NONBLOCK | link).bits()).unwrap_or_default();
    File::options().read(true).custom_flags(flags).open(&input.path)
}

#[cfg(not(unix))]
fn open_at_once(input: &Input) -> io::Result<File> {
    File::open(&input.path)
}

/// A file with holes takes little room and can be of any length: it is a container like those that are packed, and the same
/// limit holds. Some file systems do not know the room a file takes, so that it must have a hole, too.
#[cfg(target_os = "linux")]
fn is_hollow(file: &File, metadata: &Metadata, limits: Limits) -> bool {
    use std::os::unix::fs::MetadataExt;

    use rustix::fs::{SeekFrom, seek};

    /// What the system counts blocks in.
    const BLOCK_BYTES: u64 = 512;
    let room = metadata.blocks().saturating_mul(BLOCK_BYTES).max(BLOCK_BYTES);
    if metadata.len() <= limits.article_bytes || metadata.len() / room <= limits.expansion {
        return false;
    }
    let hole = seek(file, SeekFrom::Hole(0));
    let _ = seek(file, SeekFrom::Start(0));
    hole.is_ok_and(|hole| hole < metadata.len())
}

#[cfg(not(target_os = "linux"))]
fn is_hollow(_: &File, _: &Metadata, _: Limits) -> bool {
    false
}
