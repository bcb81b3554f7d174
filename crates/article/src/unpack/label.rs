//! What members of archives are called. Their names come from strangers: they are shown and looked up, but never opened.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// The longest label of a member, in bytes.
const LABEL_BYTES: usize = 1024;

/// The labels of an archive's members: each is given once.
pub(super) struct Labels {
    archive: PathBuf,
    /// How often each label came up, by its hash.
    seen: HashMap<u64, u32>,
}

impl Labels {
    pub(super) fn new(archive: &Path) -> Labels {
        Labels { archive: archive.to_owned(), seen: HashMap::new() }
    }

    /// The path of the archive and the name of the member in it.
    pub(super) fn plain(&self, name: &[u8]) -> PathBuf {
        self.archive.join(path_of(&clean(name)))
    }

    /// As [`plain`](Self::plain); of a name that came before, with a number behind it.
    pub(super) fn unique(&mut self, name: &[u8]) -> PathBuf {
        let label = clean(name);
        loop {
            let copies = self.count(&label);
            if copies == 1 {
                return self.archive.join(path_of(&label));
            }
            let numbered = [&label, format!(" ({copies})").as_bytes()].concat();
            if self.count(&numbered) == 1 {
                return self.archive.join(path_of(&numbered));
            }
        }
    }

    fn count(&mut self, label: &[u8]) -> u32 {
        let mut hasher = DefaultHasher::new();
        label.hash(&mut hasher);
        let count = self.seen.entry(hasher.finish()).or_default();
        *count = count.saturating_add(1);
        *count
    }
}

/// A name without what leads elsewhere or acts on a terminal, and not without end.
fn clean(name: &[u8]) -> Vec<u8> {
    let parts = name.split(|byte| *byte == b'/').filter(|part| !matches!(*part, b"" | b"." | b".."));
    let mut label = parts.collect::<Vec<&[u8]>>().join(&b'/');
    label.iter_mut().filter(|byte| byte.is_ascii_control()).for_each(|byte| *byte = b'_');
    if label.len() > LABEL_BYTES {
        // Not within a character.
        let end = (LABEL_BYTES - 3..=LABEL_BYTES).rev().find(|at| label[*at] & 0xc0 != 0x80);
        label.truncate(end.unwrap_or(LABEL_BYTES));
        while label.last() == Some(&b'/') {
            label.pop();
        }
    }
    if label.is_empty() { b"_".to_vec() } else { label }
}

/// The bytes of a member's name as a path.
#[cfg(unix)]
pub(super) fn path_of(name: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(name).into()
}

#[cfg(not(unix))]
pub(super) fn path_of(name: &[u8]) -> PathBuf {
    String::from_utf8_lossy(name).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_stay_below_their_archive() {
        let labels = Labels::new(Path::new("/a.zip"));
        for (name, label) in [
            (&b"b/c.txt"[..], "/a.zip/b/c.txt"),
            (b"../../etc/passwd", "/a.zip/etc/passwd"),
            (b"/etc//./passwd", "/a.zip/etc/passwd"),
            (b"a\n\x1b[2J.txt", "/a.zip/a__[2J.txt"),
            (b"..", "/a.zip/_"),
            (b"", "/a.zip/_"),
        ] {
            assert_eq!(labels.plain(name), Path::new(label));
        }
        assert!(labels.plain(&vec![b'x'; 100_000]).as_os_str().len() < 2000);
    }

    #[test]
    fn a_name_that_comes_again_gets_a_number() {
        let mut labels = Labels::new(Path::new("/a.zip"));
        let mut of = |name: &str| labels.unique(name.as_bytes()).display().to_string();
        assert_eq!(of("b"), "/a.zip/b");
        assert_eq!(of("b (2)"), "/a.zip/b (2)");
        assert_eq!(of("b"), "/a.zip/b (3)");
        assert_eq!(of("./b"), "/a.zip/b (4)");
        assert_eq!(of("b (2)"), "/a.zip/b (2) (3)");
    }
}
