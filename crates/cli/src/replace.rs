//! Files that take the place of others when they are complete, and not before.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// Writes a file. A former one of that name stays until this one is complete, and stays where it cannot be; what is no regular file,
/// such as a pipe, is written to.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays, and leads to the new file.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let former = fs::metadata(&path).ok();
    if former.as_ref().is_some_and(|former| !former.is_file()) {
        return fs::write(path, bytes);
    }
    let new = path.with_file_name(format!(".morgue-{}", std::process::id()));
    let mut file = match File::options().write(true).create_new(true).open(&new) {
        // The folder takes no new files, but the former one may be written.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied && former.is_some() => {
            return fs::write(path, bytes);
        }
        opened => opened?,
    };
    let mut write = || {
        file.write_all(bytes)?;
        if let Some(former) = &former {
            file.set_permissions(former.permissions())?;
        }
        file.sync_all()?;
        fs::rename(&new, &path)
    };
    let written = write();
    if written.is_err() {
        let _ = fs::remove_file(&new); // What matters is why it is not complete.
    }
    written
}
