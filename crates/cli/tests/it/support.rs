//! Runs of the program in a folder of their own.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

pub(crate) use crate::run::Run;

/// A folder to run in, with articles below `articles/`.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Place {
        let place = Place { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(place.path("articles")).unwrap();
        place
    }

    /// Three short articles, indexed.
    pub(crate) fn with_articles() -> Place {
        let place = Place::new();
        let body =
            "The two leaders spoke for an hour about trade, and agreed to speak again before the summer.";
        place.write(
            "articles/moscow.txt",
            format!("Xi flies home from Moscow\n\n| March 22nd, 2023\n\nXi Jinping left Moscow, and NATO took note. {body}\n\n{body}\n"),
        );
        place.write(
            "articles/madrid.txt",
            format!("NATO meets in Madrid\n\nJune 29, 2022\n\nThe alliance met. {body}\n"),
        );
        place
            .write("articles/chess.txt", format!("A match ends in a draw\n\nNobody won on Sunday. {body}\n"));
        let run = place.run(&["index", "articles"]);
        assert_eq!(run.code, 0, "{run:?}");
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).unwrap();
    }

    /// The built-in collection, as a user's clone has it.
    pub(crate) fn copy_seeds(&self) {
        fs::create_dir(self.path("seeds")).unwrap();
        for entry in fs::read_dir(checkout().join("seeds")).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_file() {
                fs::copy(entry.path(), self.path("seeds").join(entry.file_name())).unwrap();
            }
        }
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::cargo_bin("morgue").unwrap();
        command.current_dir(self.folder.path()).args(args).env_remove("MORGUE_INDEX").env("NO_COLOR", "1");
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        Run::of(&mut self.command(args))
    }

    pub(crate) fn run_with_input(&self, args: &[&str], input: &str) -> Run {
        Run::of(self.command(args).write_stdin(input))
    }
}

/// The top of the checkout.
pub(crate) fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
