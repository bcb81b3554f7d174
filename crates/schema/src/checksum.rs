//! Checksums of large files, taken on several threads.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crc32fast::Hasher;

use crate::commit::{Commit, FileRow, Stamp};
use crate::damage::{Damage, Fault};

/// Bytes that a thread takes at a time: files are of very unlike lengths.
const BLOCK_BYTES: u64 = 8 << 20;

/// Bytes that are read at once.
const READ_BYTES: usize = 1 << 18;

const MOST_THREADS: usize = 8;

/// A part of a file.
struct Block {
    file: usize,
    start: u64,
    bytes: u64,
}

/// Reads files whole and compares them with their rows; `progress` is told of the bytes read. Returns what is damaged, in the order
/// of the rows.
pub fn checksums(folder: &Path, rows: &[FileRow], progress: &(dyn Fn(u64) + Sync)) -> Vec<Damage> {
    if rows.is_empty() {
        return Vec::new(); // as for nearly every search, which must not ask the system for its cores first
    }
    let blocks: Vec<Block> = (0..).zip(rows).flat_map(|(file, row)| blocks_of(file, row)).collect();
    let found: Mutex<BTreeMap<usize, io::Result<Hasher>>> = Mutex::default();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut buffer = vec![0; READ_BYTES];
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(block) = blocks.get(number) else { return };
            let row = &rows[block.file];
            let hasher = hash_block(&folder.join(&row.name), block, &mut buffer);
            found.lock().unwrap_or_else(PoisonError::into_inner).insert(number, hasher);
            progress(block.bytes);
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 1..blocks.len().min(cores).min(MOST_THREADS) {
            scope.spawn(work);
        }
        work();
    });
    let mut hashers: Vec<io::Result<Hasher>> = rows.iter().map(|_| Ok(Hasher::new())).collect();
    for (number, part) in found.into_inner().unwrap_or_else(PoisonError::into_inner) {
        let whole = &mut hashers[blocks[number].file];
        match (&mut *whole, part) {
            (Ok(hasher), Ok(part)) => hasher.combine(&part),
            (Ok(_), Err(error)) => *whole = Err(error),
            (Err(_), _) => {}
        }
    }
    let compared = rows.iter().zip(hashers).map(|(row, hasher)| row.compare(folder, hasher));
    compared.filter_map(Result::err).collect()
}

/// The first damage of a generation, of this version or an older one, found by reading all its files.
pub fn first_damage(folder: &Path) -> Option<Damage> {
    match Commit::read_older(folder) {
        Ok(commit) => checksums(folder, &commit.files.unwrap_or_default(), &|_| {}).into_iter().next(),
        Err(damage) => Some(damage),
    }
}

fn blocks_of(file: usize, row: &FileRow) -> impl Iterator<Item = Block> + use<> {
    let bytes = row.bytes;
    let starts = (0..bytes).step_by(BLOCK_BYTES as usize);
    starts.map(move |start| Block { file, start, bytes: BLOCK_BYTES.min(bytes - start) })
}

fn hash_block(path: &Path, block: &Block, buffer: &mut [u8]) -> io::Result<Hasher> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(block.start))?;
    let (mut hasher, mut left) = (Hasher::new(), block.bytes);
    while left > 0 {
        let length = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let part = &mut buffer[..length];
        file.read_exact(part)?;
        hasher.update(part);
        left -= length as u64;
    }
    Ok(hasher)
}

impl FileRow {
    /// The row of a file that nobody has kept a row of.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(folder: &Path, name: &str) -> io::Result<FileRow> {
        let path = folder.join(name);
        let stamp = Stamp::of(&fs::metadata(&path)?);
        let (bytes, crc) = checksum_of(&path)?;
        Ok(FileRow { name: name.to_owned(), bytes, crc, stamp })
    }

    fn compare(&self, folder: &Path, hasher: io::Result<Hasher>) -> Result<(), Damage> {
        let path = folder.join(&self.name);
        match hasher {
            Ok(hasher) if hasher.clone().finalize() == self.crc => self.look(folder).map(drop),
            Ok(_) => Err(Damage::new(path, Fault::Content)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                self.look(folder).and(Err(Damage::new(path, Fault::Content)))
            }
            Err(error) => Err(Damage::of(path, error)),
        }
    }
}

/// Length and CRC-32 of a file.
fn checksum_of(path: &Path) -> io::Result<(u64, u32)> {
    let mut file = File::open(path)?;
    let (mut hasher, mut bytes) = (Hasher::new(), 0);
    let mut buffer = vec![0; READ_BYTES];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok((bytes, hasher.finalize())),
            length => {
                hasher.update(&buffer[..length]);
                bytes += length as u64;
            }
        }
    }
}
