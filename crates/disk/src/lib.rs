//! The one door through which an index folder is changed: every file that is made, written, made durable, renamed or removed goes
//! through a [`Disk`]. Reading does not.
//!
//! The real one is [`RealDisk`]. Tests put others in its place, which fail at any step, fill up, or lose what a loss of power
//! would. This crate knows nothing of what the files hold.

mod real;

use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

pub use real::RealDisk;

/// Ending of files that are being written. What a crash leaves of them is of no use.
pub const DRAFT: &str = "draft";

/// What can be done to files and folders. Each call is one step that is done or fails, and that is durable only after a sync.
pub trait Disk: fmt::Debug + Send + Sync {
    /// Makes a new file.
    ///
    /// # Errors
    /// When there is one of this name, or it cannot be made.
    fn create_new(&self, path: &Path) -> io::Result<Box<dyn NewFile>>;

    /// Opens a file to be locked, and makes an empty one where there is none. What it holds does not matter.
    ///
    /// # Errors
    /// When it cannot be opened or made.
    fn open_lock(&self, path: &Path) -> io::Result<File>;

    /// Gives a file another name, which may be that of another file: that one is gone then.
    ///
    /// # Errors
    /// When the system does not do it.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Gives a file a second name; where the system has no such thing, a copy, which is whole or not there.
    ///
    /// # Errors
    /// When there is something of this name, or the system does neither.
    fn keep_also_as(&self, file: &Path, other: &Path) -> io::Result<()> {
        match fs::hard_link(file, other) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => copy_as(self, file, other),
            linked => linked,
        }
    }

    /// Removes a file.
    ///
    /// # Errors
    /// When there is none, or it cannot be removed.
    fn remove_file(&self, path: &Path) -> io::Result<()>;

    /// Makes a folder in a folder that is there.
    ///
    /// # Errors
    /// When there is something of this name, or it cannot be made.
    fn create_folder(&self, path: &Path) -> io::Result<()>;

    /// Removes an empty folder.
    ///
    /// # Errors
    /// When there is none, it is not empty, or it cannot be removed.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;

    /// Makes the names in a folder durable. What the files hold is made so by [`NewFile::sync`].
    ///
    /// # Errors
    /// When the system does not do it. Which names are durable is not known then.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
}

/// A file that is being written.
pub trait NewFile: Write + Send + Sync {
    /// Makes what was written durable; the name of the file is made so by [`Disk::sync_folder`].
    ///
    /// # Errors
    /// When the system does not do it. What the file holds after a loss of power is not known then.
    fn sync(&mut self) -> io::Result<()>;
}

impl dyn Disk + '_ {
    /// Writes a file whole: under another name, synced, renamed, and the folder synced. A reader sees the old bytes or the new
    /// ones, also after a loss of power. After an error either may be there, and nothing else.
    ///
    /// # Errors
    /// When a file cannot be written, named or synced.
    pub fn replace_file(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let draft = draft_of(path);
        let renamed = self.write_draft(&draft, bytes).and_then(|()| self.rename(&draft, path));
        if let Err(error) = renamed {
            // It would only take room, which may be what is missing. The next run would remove it too.
            let _ = self.remove_file(&draft);
            return Err(error);
        }
        self.sync_folder(folder_of(path))
    }

    fn write_draft(&self, draft: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = new_draft(self, draft)?;
        file.write_all(bytes)?;
        file.sync()
    }

    /// Makes a folder and those above it that are not there, each durable. Returns whether it made any.
    ///
    /// # Errors
    /// When one cannot be made, or its name cannot be synced.
    pub fn create_folders(&self, path: &Path) -> io::Result<bool> {
        if path.is_dir() {
            return Ok(false);
        }
        let folder = folder_of(path);
        if folder != path {
            self.create_folders(folder)?;
        }
        match self.create_folder(path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => {}
            created => created?,
        }
        self.sync_folder(folder)?;
        Ok(true)
    }

    /// Removes a folder with all that is in it. After an error some of it may be gone.
    ///
    /// # Errors
    /// When it cannot be read, or something cannot be removed.
    pub fn remove_folder_whole(&self, path: &Path) -> io::Result<()> {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                self.remove_folder_whole(&entry.path())?;
            } else {
                self.remove_file(&entry.path())?;
            }
        }
        self.remove_folder(path)
    }
}

/// Makes a file to be written, in the place of what a crash left of one.
fn new_draft(disk: &(impl Disk + ?Sized), draft: &Path) -> io::Result<Box<dyn NewFile>> {
    match disk.create_new(draft) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            disk.remove_file(draft)?;
            disk.create_new(draft)
        }
        created => created,
    }
}

/// Copies a file under a name that nothing has: under another name, synced, and renamed. What it is a copy of may go when the folder
/// has been synced too.
fn copy_as(disk: &(impl Disk + ?Sized), file: &Path, other: &Path) -> io::Result<()> {
    if fs::symlink_metadata(other).is_ok() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    let draft = draft_of(other);
    let copied = copy_to_draft(disk, file, &draft).and_then(|()| disk.rename(&draft, other));
    if copied.is_err() {
        let _ = disk.remove_file(&draft);
    }
    copied
}

fn copy_to_draft(disk: &(impl Disk + ?Sized), file: &Path, draft: &Path) -> io::Result<()> {
    let (mut from, mut to) = (File::open(file)?, new_draft(disk, draft)?);
    io::copy(&mut from, &mut to)?;
    to.sync()
}

/// The folder that a name stands in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The name under which a file is written before it gets its own.
fn draft_of(path: &Path) -> PathBuf {
    let mut name = OsString::from(path.file_name().unwrap_or_default());
    name.push(".");
    name.push(DRAFT);
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DISK: &dyn Disk = &RealDisk;

    #[test]
    fn a_file_is_replaced_whole_and_no_draft_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(draft_of(&path), "what a crash left").unwrap();
        for content in ["first", "second"] {
            DISK.replace_file(&path, content.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), content);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_cannot_be_replaced_stays_and_no_draft_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::create_dir(&path).unwrap();
        assert!(DISK.replace_file(&path, b"text").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_new_file_takes_no_other_ones_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "old").unwrap();
        let error = DISK.create_new(&path).map(drop).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    }

    #[test]
    fn a_second_name_or_a_copy_takes_no_other_ones_place() {
        let folder = tempfile::tempdir().unwrap();
        let [file, second, copy] = ["file", "second", "copy"].map(|name| folder.path().join(name));
        fs::write(&file, "text").unwrap();
        DISK.keep_also_as(&file, &second).unwrap();
        copy_as(&RealDisk, &file, &copy).unwrap();
        fs::write(folder.path().join("other"), "other").unwrap();
        for taken in [&second, &copy, &folder.path().join("other")] {
            let before = fs::read(taken).unwrap();
            for done in [DISK.keep_also_as(&file, taken), copy_as(&RealDisk, &file, taken)] {
                assert_eq!(done.unwrap_err().kind(), ErrorKind::AlreadyExists);
            }
            assert_eq!(fs::read(taken).unwrap(), before);
        }
        assert_eq!(fs::read(&file).unwrap(), b"text");
    }

    #[test]
    fn a_copy_is_whole_or_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let [file, copy] = ["file", "copy"].map(|name| folder.path().join(name));
        assert!(copy_as(&RealDisk, &file, &copy).is_err());
        fs::create_dir(&file).unwrap();
        assert!(copy_as(&RealDisk, &file, &copy).is_err(), "a folder cannot be read as a file");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        fs::remove_dir(&file).unwrap();
        fs::write(&file, "text").unwrap();
        fs::write(draft_of(&copy), "what a crash left of it").unwrap();
        copy_as(&RealDisk, &file, &copy).unwrap();
        assert_eq!(fs::read(&copy).unwrap(), b"text");
        assert!(!draft_of(&copy).exists());
    }

    #[test]
    fn folders_come_and_go_with_all_that_is_in_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/c");
        assert!(DISK.create_folders(&path).unwrap());
        assert!(!DISK.create_folders(&path).unwrap());
        fs::write(path.join("file"), "text").unwrap();
        DISK.remove_folder_whole(&folder.path().join("a")).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
