//! A real small file system that fills up at different places.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use disk::RealDisk;
use indexer::IndexError;
use tempfile::TempDir;

use crate::support::{Bench, Found, copy, found, history, left_over, number};

/// A file system of its own, unmounted when it is dropped.
struct Mounted {
    path: PathBuf,
    folder: TempDir,
}

impl Mounted {
    /// Needs the rights to mount; `None`, with a loud word, where the machine does not give them.
    fn new(kind: &str) -> Option<Mounted> {
        let folder = tempfile::tempdir().unwrap();
        let (path, image) = (folder.path().join("mounted"), folder.path().join("image"));
        fs::create_dir(&path).unwrap();
        let mounted = if kind == "tmpfs" {
            run(Command::new("mount").args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"]).arg(&path))
        } else {
            File::create(&image).unwrap().set_len(16 << 20).unwrap();
            run(Command::new("mkfs.ext4").args(["-q", "-F", "-m", "0"]).arg(&image))
                .and_then(|()| run(Command::new("mount").args(["-o", "loop"]).arg(&image).arg(&path)))
        };
        match mounted {
            Ok(()) => Some(Mounted { path, folder }),
            Err(why) => {
                let _ = writeln!(std::io::stderr(), "SKIPPED: no {kind} can be mounted here: {why}");
                None
            }
        }
    }

    fn free(&self) -> usize {
        let shown = Command::new("df").args(["-B1", "--output=avail"]).arg(&self.path).output().unwrap();
        let text = String::from_utf8(shown.stdout).unwrap();
        text.lines().last().unwrap().trim().parse().unwrap()
    }

    /// Fills it up to so many bytes.
    fn leave(&self, bytes: usize) {
        let mut ballast = File::create(self.ballast()).unwrap();
        while let Some(more @ 1..) = self.free().checked_sub(bytes) {
            if ballast.write_all(&vec![1; more.min(1 << 20)]).and_then(|()| ballast.sync_all()).is_err() {
                return;
            }
        }
    }

    fn ballast(&self) -> PathBuf {
        self.path.join("ballast")
    }

    fn make_room(&self) {
        fs::remove_file(self.ballast()).unwrap();
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        if let Err(why) = run(Command::new("umount").arg(&self.path)) {
            let _ = writeln!(std::io::stderr(), "{} stays mounted: {why}", self.folder.path().display());
        }
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

#[test]
fn a_full_disk_in_memory_costs_at_most_the_run() {
    fill("tmpfs", number("FULL_STRIDE", 48) * 1024);
}

#[test]
#[ignore = "takes minutes; FULL_STRIDE=4 tries every 4 kB"]
fn a_full_disk_of_ext4_costs_at_most_the_run() {
    fill("ext4", number("FULL_STRIDE", 16) * 1024);
}

/// Every step of the history, with room for so many bytes more in each turn, until it succeeds.
fn fill(kind: &str, stride: usize) {
    let Some(small) = Mounted::new(kind) else { return };
    let bench = Bench::new();
    let steps = history();
    let bases = bench.path().join("bases");
    fs::create_dir(&bases).unwrap();
    let base = |number: usize| bases.join(number.to_string());
    let states = bench.reference(&steps, |number| copy(&bench.index(), &base(number + 1)));
    let index = small.path.join("index");
    let (mut full, mut tried) = (0, 0);
    for (number, step) in steps.iter().enumerate().filter(|(_, step)| step.name != "small update") {
        let old = number.checked_sub(1).map_or(Found::NoIndex, |last| Found::Articles(states[last].clone()));
        let new = Found::Articles(states[number].clone());
        bench.set_files(step);
        for room in (0..).map(|turn| turn * stride) {
            copy(&base(number), &index);
            small.leave(room);
            let done = bench.act(step, &index, Arc::new(RealDisk));
            let place = format!("{} with room for {room} bytes on {kind}: {done:?}", step.name);
            let after = found(&index);
            assert!(after == new || (done.is_err() && after == old), "after {place}: {after:?}");
            if let Err(error) = &done {
                assert!(is_full(error, &small.path), "after {place}");
                full += 1;
            }
            small.make_room();
            bench.act(step, &index, Arc::new(RealDisk)).unwrap_or_else(|error| panic!("{place}: {error:?}"));
            assert_eq!(found(&index), new, "repaired after {place}");
            assert_eq!(left_over(&index), Vec::<String>::new(), "left after {place}");
            tried += 1;
            if done.is_ok() {
                break;
            }
        }
    }
    println!("{tried} runs on {kind}, of which {full} met a full disk, 0 violations");
    assert!(full > 0);
}

/// It says that the disk is full, and on which file.
fn is_full(error: &IndexError, disk: &Path) -> bool {
    matches!(error, IndexError::File { path, source }
        if path.starts_with(disk) && source.kind() == ErrorKind::StorageFull)
}
