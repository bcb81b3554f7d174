//! Containers that are made to fill the machine are passed over, and what is honest beside them is read.

mod packs;

use std::io::{self, Read, Write};
use std::time::Instant;

use article::Limits;
use packs::{gzip, read_bytes, read_stream, tar, zip};

const NOTE: &[u8] = b"Tide tables change\n\nThe harbour office printed new tide tables on Monday.\n";

/// A mebibyte stands for the 64 of the default.
fn limits() -> Limits {
    Limits { article_bytes: 1 << 20, ..Limits::default() }
}

/// `bytes` zeros, packed so that they hardly take room.
fn bomb(bytes: u64) -> Vec<u8> {
    let mut encoder = zstd::stream::Encoder::new(Vec::new(), 1).expect("memory");
    io::copy(&mut io::repeat(0).take(bytes), &mut encoder).expect("memory");
    encoder.finish().expect("memory")
}

#[test]
fn a_stream_that_unpacks_to_a_thousandfold_is_left() {
    let packed = bomb(256 << 20);
    let start = Instant::now();
    let found = read_bytes("a.txt.zst", &packed, limits());
    assert_eq!(found, ["a.txt.zst: over a limit"]);
    assert_eq!(read_bytes("a.txt.zst.gz", &gzip(&packed), limits()), ["a.txt.zst.gz: over a limit"]);
    assert!(start.elapsed().as_secs() < 20, "it was unpacked to its end");
}

#[test]
fn a_bomb_in_an_archive_leaves_its_neighbours() {
    let archive = [
        ("a.txt", NOTE.to_vec()),
        ("bomb.txt.zst", bomb(8 << 20)),
        ("b.txt", NOTE.to_vec()),
        ("long.txt", (0..300_000).flat_map(|n: u32| format!("{n} ").into_bytes()).collect()),
        ("c.txt", NOTE.to_vec()),
    ];
    let members: Vec<(&str, &[u8])> = archive.iter().map(|(name, bytes)| (*name, &bytes[..])).collect();
    for found in [
        read_bytes("a.zip", &zip(&members), limits()),
        read_stream(&zip(&members), limits()),
        read_stream(&tar(&members), limits()),
    ] {
        let articles = found.iter().filter(|line| line.ends_with("Tide tables change")).count();
        assert_eq!(articles, 3, "{found:?}");
        assert!(found.iter().any(|line| line.ends_with("/bomb.txt.zst: over a limit")), "{found:?}");
        assert!(found.iter().any(|line| line.ends_with("/long.txt: too large")), "{found:?}");
    }
}

#[test]
fn zips_in_zips_in_zips_come_to_an_end() {
    let mut layer = zip(&[("0.txt", vec![b' '; 1 << 20])]);
    for _ in 0..5 {
        let members: Vec<(String, &[u8])> = (0..16).map(|n| (format!("{n}.zip"), &layer[..])).collect();
        layer = zip(&members);
    }
    // 16 to the fifth mebibytes.
    let start = Instant::now();
    let found = read_bytes("42.zip", &layer, limits());
    assert_eq!(found.last().unwrap(), "42.zip: over a limit");
    assert!(start.elapsed().as_secs() < 60, "it was unpacked to its end");
}

#[test]
fn nesting_has_an_end() {
    let mut packed = NOTE.to_vec();
    for _ in 0..6 {
        packed = gzip(&packed);
    }
    assert_eq!(read_stream(&packed, Limits::default()), ["-:1 Tide tables change"]);
    assert_eq!(read_stream(&gzip(&packed), Limits::default()), ["-: over a limit"]);
    for _ in 0..2000 {
        packed = gzip(&packed);
    }
    assert_eq!(read_stream(&packed, Limits::default()), ["-: over a limit"]);
}

#[test]
fn members_and_bytes_are_counted() {
    let members: Vec<(String, &[u8])> = (0..20).map(|n| (format!("{n}.txt"), NOTE)).collect();
    let archive = zip(&members);
    let few = Limits { members: 5, ..Limits::default() };
    let found = read_stream(&archive, few);
    assert_eq!((found.len(), found[5].as_str()), (6, "-: over a limit"));
    let little = Limits { unpacked_bytes: 5 * NOTE.len() as u64, ..Limits::default() };
    let found = read_bytes("a.zip", &archive, little);
    assert_eq!((found.len(), found[6].as_str()), (7, "a.zip: over a limit"));
}

#[test]
fn a_header_without_end_is_not_held() {
    // A long name of 64 MiB, as the library would hold it in memory.
    let mut archive = Vec::new();
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::GNULongName);
    header.set_size(64 << 20);
    header.set_path("././@LongLink").unwrap();
    header.set_cksum();
    archive.write_all(header.as_bytes()).unwrap();
    archive.extend(vec![b'x'; 64 << 20]);
    assert_eq!(read_stream(&archive, Limits::default()), ["-: damaged"]);
}

#[test]
fn a_sparse_member_is_as_large_as_it_takes_room() {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::GNUSparse);
    header.set_path("a.txt").unwrap();
    header.set_mode(0o644);
    header.set_size(512);
    {
        let gnu = header.as_gnu_mut().unwrap();
        gnu.set_real_size(1 << 40);
        gnu.sparse[0].set_offset((1 << 40) - 512);
        gnu.sparse[0].set_length(512);
    }
    header.set_cksum();
    let mut archive = header.as_bytes().to_vec();
    archive.extend([b'x'; 512]);
    archive.extend(tar(&[("b.txt", NOTE)]));
    let found = read_stream(&archive, limits());
    assert!(
        found.iter().any(|line| line.ends_with("a.txt: over a limit") || line == "-: over a limit"),
        "{found:?}"
    );
}

#[test]
fn an_honest_archive_is_larger_than_any_article() {
    let line = |n: u32| format!("{{\"id\": {n}, \"title\": \"A tide table for day {n}\"}}\n");
    let news: String = (0..30_000).map(line).collect();
    let packed = zstd::encode_all(news.as_bytes(), 19).unwrap();
    assert!(news.len() > 1 << 20);
    assert_eq!(read_bytes("news.jsonl.zst", &packed, limits()).len(), 30_000);
}
