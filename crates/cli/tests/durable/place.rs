//! A folder to run the program in, and the runs.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::collection::{ARTICLES, Collection};
pub(crate) use crate::run::Run;

/// A run that takes longer hangs.
const LONGEST: Duration = Duration::from_mins(2);

/// The program that is tested: another than was built with the tests where `MORGUE_PROGRAM` says so.
fn program() -> PathBuf {
    let built = || assert_cmd::cargo::cargo_bin!("morgue").to_owned();
    std::env::var_os("MORGUE_PROGRAM").map_or_else(built, PathBuf::from)
}

/// A folder with articles and an index of them.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new(collection: &Collection) -> Place {
        let place = Place { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(place.articles()).unwrap();
        collection.write(&place.articles(), &Collection::default());
        place
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn articles(&self) -> PathBuf {
        self.folder().join(ARTICLES)
    }

    pub(crate) fn index(&self) -> PathBuf {
        self.folder().join("index")
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.run_with_input(args, "")
    }

    pub(crate) fn run_with_input(&self, args: &[&str], input: &str) -> Run {
        let mut command = assert_cmd::Command::new(program());
        command.current_dir(self.folder()).args(args).env_remove("MORGUE_INDEX").env("NO_COLOR", "1");
        Run::of(command.write_stdin(input).timeout(LONGEST))
    }

    /// Runs the program to its end, which must be a good one.
    pub(crate) fn must(&self, args: &[&str]) -> Run {
        let run = self.run(args);
        assert_eq!(run.code, 0, "{args:?}: {run:?}");
        run
    }

    /// Starts the program; what it says goes to a file.
    pub(crate) fn start(&self, args: &[&str], input: &str) -> Child {
        let input_file = self.folder().join("input");
        fs::write(&input_file, input).unwrap();
        let command = std::process::Command::new(program())
            .args(args)
            .current_dir(self.folder())
            .env_remove("MORGUE_INDEX")
            .env("NO_COLOR", "1")
            .stdin(File::open(input_file).unwrap())
            .stdout(Stdio::null())
            .stderr(File::create(self.folder().join("said")).unwrap())
            .spawn();
        command.unwrap()
    }

    /// What the program that was started has said, in whole lines.
    pub(crate) fn said(&self) -> String {
        let mut said = fs::read_to_string(self.folder().join("said")).unwrap();
        said.truncate(said.rfind('\n').map_or(0, |end| end + 1));
        said
    }

    /// Leaves the folder there, to be looked at.
    pub(crate) fn keep(self) -> PathBuf {
        self.folder.keep()
    }
}
