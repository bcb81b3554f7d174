//! Files that change while they are read: they grow, shrink, vanish, and become pipes, folders and links.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use super::make::HONEST;

/// Names that files are changed under.
const NAMES: [&str; 8] = ["a.txt", "b.jsonl", "c.html", "d.csv", "e.json", "f.eml", "g.md", "h.txt.gz"];

/// The most a file grows to.
const MOST_BYTES: u64 = 8 << 20;

/// A thread that changes files until it is told to stop.
pub(super) struct Restless {
    stop: Arc<AtomicBool>,
    changes: Arc<AtomicU64>,
    thread: Option<JoinHandle<()>>,
}

impl Restless {
    pub(super) fn start(folder: &Path) -> Restless {
        fs::create_dir(folder).unwrap();
        let (stop, changes) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default());
        let thread = {
            let (folder, stop, changes) = (folder.to_owned(), stop.clone(), changes.clone());
            std::thread::spawn(move || {
                for number in 0_u64.. {
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let path = folder.join(NAMES[(number % 8) as usize]);
                    // A step may fail on what an earlier one has made of the file.
                    let _ = change(&path, number / 8);
                    changes.fetch_add(1, Ordering::Relaxed);
                    std::thread::sleep(Duration::from_micros(200));
                }
            })
        };
        Restless { stop, changes, thread: Some(thread) }
    }

    /// How many changes there were.
    pub(super) fn stop(mut self) -> u64 {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.take().unwrap().join().unwrap();
        self.changes.load(Ordering::Relaxed)
    }
}

fn change(path: &Path, number: u64) -> std::io::Result<()> {
    match number % 8 {
        0 => fs::write(path, format!("{{\"body\":\"{HONEST}\"}}\n").repeat(1 + number as usize % 2000)),
        1 | 2 => {
            let mut file = File::options().append(true).create(true).open(path)?;
            if file.metadata()?.len() > MOST_BYTES {
                return file.set_len(10);
            }
            file.write_all(HONEST.repeat(1000).as_bytes())
        }
        3 => File::options().write(true).open(path)?.set_len(number * 37 % 5000),
        4 => fs::remove_file(path),
        5 => {
            let _ = Command::new("mkfifo").arg(path).status();
            Ok(())
        }
        6 => {
            fs::remove_file(path)?;
            symlink("/dev/zero", path)
        }
        _ => {
            fs::remove_file(path)?;
            let other: PathBuf = path.with_extension("draft");
            fs::write(&other, HONEST)?;
            fs::rename(other, path)
        }
    }
}
