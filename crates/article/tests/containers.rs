//! Compressed files and archives are read through to the articles in them.

mod packs;

use std::fs;
use std::path::PathBuf;

use article::{Format, Limits, WalkOptions};
use flate2::Compression;
use packs::{fixture, gzip, read, read_bytes, read_stream, read_with, tar, zip, zip_with};
use tar::EntryType;

const NOTE: &[u8] = b"Tide tables change\n\nThe harbour office printed new tide tables on Monday.\n";
const NEWS: &[u8] = b"{\"title\": \"Ferry returns\"}\n{\"title\": \"Mill reopens\"}\n";

#[test]
fn streams_that_follow_each_other_are_all_read() {
    for name in ["padded.jsonl.gz", "two_streams.jsonl.bz2", "two_streams.jsonl.xz", "two_frames.jsonl.zst"] {
        let lines = [1, 2, 3].map(|line| format!("{name}:{line} "));
        let titles = ["Ferry returns", "Mill reopens", "Bakery wins"];
        let expected: Vec<String> =
            lines.iter().zip(titles).map(|(line, title)| line.clone() + title).collect();
        assert_eq!(read(&fixture(name)), expected);
        let bytes = fs::read(fixture(name)).unwrap();
        // Neither a name nor an ending is needed, nor seeking.
        assert_eq!(read_bytes("download", &bytes, Limits::default()).len(), 3);
        assert_eq!(read_stream(&bytes, Limits::default())[2], "-:3 Bakery wins");
    }
}

#[test]
fn a_bare_stream_is_known_by_its_content() {
    assert_eq!(read(&fixture("note.gz")), ["note.gz:1 Tide tables change"]);
    assert_eq!(read_bytes("x.gz", &gzip(NEWS), Limits::default()).len(), 2);
    assert_eq!(read_bytes("x.gz", &gzip(&gzip(NEWS)), Limits::default()).len(), 2);
}

#[test]
fn a_wrong_name_does_no_harm() {
    // Saved compressed under its plain name, and saved plain under its compressed one.
    assert_eq!(read_bytes("news.jsonl", &gzip(NEWS), Limits::default()).len(), 2);
    assert_eq!(read_bytes("news.jsonl.gz", NEWS, Limits::default()).len(), 2);
    assert_eq!(read_bytes("a.tar.gz", &tar(&[("b.txt", NOTE)]), Limits::default()).len(), 1);
    // A page about archives is no archive.
    assert_eq!(read_bytes("a.txt", &zip(&[("b.txt", NOTE)]), Limits::default()), ["a.txt: binary"]);
    assert_eq!(read_bytes("a.zip", b"<html>404 Not found</html>", Limits::default()), ["a.zip: damaged"]);
    assert_eq!(read_bytes("a.jsonl.gz", &[7; 999], Limits::default()), ["a.jsonl.gz: damaged"]);
    assert_eq!(read_bytes("a.jsonl.gz", b"", Limits::default()), ["a.jsonl.gz: empty"]);
}

#[test]
fn members_of_a_zip_come_as_files_below_it() {
    assert_eq!(
        read(&fixture("mixed.zip")),
        [
            "mixed.zip/pages/note.txt:1 Tide tables change",
            "mixed.zip/pages/news.jsonl:1 Ferry returns",
            "mixed.zip/pages/news.jsonl:2 Mill reopens",
            "mixed.zip/picture.png: unknown format",
            "mixed.zip/two.jsonl.gz:1 Bakery wins",
            "mixed.zip/inner.zip/deep.txt:1 Lighthouse keeper retires",
            "mixed.zip/escape.md:1 # Escape room opens",
            "mixed.zip/pages/note.txt (2):1 Tide tables change",
        ]
    );
}

#[test]
fn members_of_a_tar_come_as_files_below_it() {
    for name in ["gnu.tar.zst", "pax.tgz"] {
        let long = format!("{name}/{}news.jsonl", "long/".repeat(40));
        let expected = [
            format!("{name}/pages/note.txt:1 Tide tables change"),
            format!("{name}/pages/link.txt: not supported"),
            format!("{long}:1 Ferry returns"),
            format!("{long}:2 Mill reopens"),
            format!("{name}/absolute.jsonl.gz:1 Bakery wins"),
            format!("{name}/table.xyz: unknown format"),
            format!("{name}/pages/note.txt (2):1 Tide tables change"),
        ];
        assert_eq!(read(&fixture(name)), expected);
        let below = |line: &String| line.replacen(name, "-", 1);
        let streamed = read_stream(&fs::read(fixture(name)).unwrap(), Limits::default());
        assert_eq!(streamed, expected.iter().map(below).collect::<Vec<String>>());
    }
}

#[test]
fn archives_behind_each_other_are_one() {
    let both = [tar(&[("a.txt", NOTE)]), tar(&[("b.txt", NOTE)])].concat();
    assert_eq!(read_stream(&both, Limits::default()).len(), 2);
}

#[test]
fn a_zip_can_come_as_a_stream() {
    let from_disk = read(&fixture("streamed.zip"));
    assert_eq!(from_disk.len(), 4);
    for name in ["streamed.zip", "mixed.zip"] {
        let expected: Vec<String> =
            read(&fixture(name)).iter().map(|line| line.replacen(name, "-", 1)).collect();
        assert_eq!(read_stream(&fs::read(fixture(name)).unwrap(), Limits::default()), expected);
    }
}

#[test]
fn what_is_encrypted_is_named() {
    let expected = ["encrypted.zip/secret.txt: not supported", "encrypted.zip/note.txt:1 Tide tables change"];
    assert_eq!(read(&fixture("encrypted.zip")), expected);
    assert_eq!(read_stream(&fs::read(fixture("encrypted.zip")).unwrap(), Limits::default()).len(), 2);
}

#[test]
fn office_documents_are_no_archives_of_articles() {
    let word = zip(&[(&b"[Content_Types].xml"[..], &b"<Types/>"[..]), (b"word/document.txt", NOTE)]);
    assert_eq!(read_bytes("letter.docx", &word, Limits::default()), ["letter.docx: not supported"]);
    assert_eq!(read_stream(&word, Limits::default()), ["-: not supported"]);
}

#[test]
fn names_of_members_are_labels_only() {
    let hostile: [&[u8]; 5] = [
        b"../../../etc/passwd.txt",
        b"/etc/shadow.txt",
        b"a\x1b[2J\nb.txt",
        b"bad\xff\xfename.txt",
        b"a/../b.txt",
    ];
    let members: Vec<(&[u8], &[u8])> = hostile.iter().map(|name| (*name, NOTE)).collect();
    let found = read_bytes("a.zip", &zip(&members), Limits::default());
    assert_eq!(found.len(), 5);
    assert!(found[0].starts_with("a.zip/etc/passwd.txt:1"));
    assert!(found[1].starts_with("a.zip/etc/shadow.txt:1"));
    assert!(found[2].starts_with("a.zip/a_[2J_b.txt:1"));
    assert!(found[4].starts_with("a.zip/a/b.txt:1"));
}

#[test]
fn hidden_members_come_when_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.tar");
    fs::write(&path, tar(&[(".git/b.txt", NOTE), ("c.txt", NOTE)])).unwrap();
    assert_eq!(read(&path).len(), 1);
    let all = WalkOptions { hidden: true, ..WalkOptions::default() };
    assert_eq!(read_with(&path, &all, Limits::default()).len(), 2);
}

#[test]
fn folders_give_their_containers() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| fs::write(folder.path().join("in").join(name), bytes).unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    put("a.tar", &tar(&[("b.txt", NOTE)]));
    put("c.txt.gz", &gzip(NOTE));
    put("d.gz", &gzip(NOTE));
    put("e.sql.gz", &gzip(NOTE));
    let found = read(&folder.path().join("in"));
    assert_eq!(
        found,
        [
            "in/a.tar/b.txt:1 Tide tables change",
            "in/c.txt.gz:1 Tide tables change",
            "in/d.gz:1 Tide tables change",
            "in/e.sql.gz: unknown format",
        ]
    );
}

#[test]
fn a_format_can_be_forced() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.log"), NEWS).unwrap();
    fs::write(folder.path().join("b.tar"), tar(&[("c.dat", NEWS), ("d.txt", NEWS)])).unwrap();
    fs::write(folder.path().join("e.sql.gz"), gzip(NEWS)).unwrap();
    let options = WalkOptions { format: Some("JSON-lines".parse().unwrap()), ..WalkOptions::default() };
    assert_eq!(read_with(folder.path(), &options, Limits::default()).len(), 8);

    assert_eq!("md".parse(), Ok(Format::Markdown));
    let error = "pdf".parse::<Format>().unwrap_err().to_string();
    assert!(error.starts_with("pdf: no such format; there are text, markdown, json, json-lines"));
}

#[test]
fn damage_in_a_member_leaves_the_others() {
    let mut broken = gzip(NEWS);
    let end = broken.len() - 6;
    broken[end] ^= 0x55; // the check sum
    let archive = tar(&[("a.jsonl.gz", &broken), ("b.txt", NOTE)]);
    assert_eq!(
        read_stream(&archive, Limits::default()),
        [
            "-/a.jsonl.gz:1 Ferry returns",
            "-/a.jsonl.gz:2 Mill reopens",
            "-/a.jsonl.gz: damaged",
            "-/b.txt:1 Tide tables change",
        ]
    );
    let mut packed = zip(&[("a.txt", NOTE), ("b.txt", NOTE)]);
    packed[50] ^= 0xff;
    let found = read_bytes("a.zip", &packed, Limits::default());
    assert!(found.iter().any(|line| line == "a.zip/a.txt: damaged"), "{found:?}");
    assert!(found.iter().any(|line| line.starts_with("a.zip/b.txt:1")), "{found:?}");
}

#[test]
fn what_follows_a_stream_is_named() {
    let found = read_stream(&[gzip(NEWS), b"and more".to_vec()].concat(), Limits::default());
    assert_eq!(found, ["-:1 Ferry returns", "-:2 Mill reopens", "-: damaged"]);
}

#[test]
fn a_zip_without_its_directory_is_read_as_far_as_it_goes() {
    let inner = zip(&[("deep.txt", NOTE)]);
    let whole = zip(&[("a.txt", NOTE), ("inner.zip", &inner[..]), ("b.txt", NOTE)]);
    let cut = whole.len() - 60;
    let found = read_bytes("a.zip", &whole[..cut], Limits::default());
    assert!(found.contains(&"a.zip/a.txt:1 Tide tables change".to_owned()), "{found:?}");
    assert!(found.contains(&"a.zip/inner.zip/deep.txt:1 Tide tables change".to_owned()), "{found:?}");
}

/// The fuzzer found that nothing was said of such a one.
#[test]
fn a_zip_whose_directory_is_not_where_it_should_be_is_read_in_passing() {
    let mut packed = zip(&[("a.txt", NOTE), ("b.txt", NOTE)]);
    let end = packed.len() - 22; // the record at the end
    assert_eq!(packed[end..end + 4], *b"PK\x05\x06");
    let directory = packed[end + 16..end + 20].to_vec();
    packed[end + 16..end + 20].copy_from_slice(&u32::try_from(end).unwrap().to_le_bytes());
    assert_eq!(read_bytes("a.zip", &packed, Limits::default()).len(), 2);

    packed[end + 16..end + 20].copy_from_slice(&directory);
    packed[end + 10] = 3;
    let found = read_bytes("a.zip", &packed, Limits::default());
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(found[2], "a.zip: damaged");
}

/// The fuzzer found that nothing was said of such ones.
#[test]
fn a_zip_read_in_passing_is_held_against_the_number_of_its_members() {
    let whole = zip(&[("folder/", &b""[..]), ("a.txt", NOTE), ("b.txt", NOTE)]);
    assert_eq!(read_stream(&whole, Limits::default()).len(), 2);
    let up_to_the_last = last_position(&whole, b"PK\x03\x04") - b"folder/".len() - 30;

    let mut folder_takes_all = whole.clone();
    folder_takes_all[18..22].copy_from_slice(&u32::try_from(up_to_the_last).unwrap().to_le_bytes());
    let found = read_stream(&folder_takes_all, Limits::default());
    assert_eq!(found, ["-/b.txt:1 Tide tables change", "-: damaged"]);

    let mut name_takes_all = whole;
    name_takes_all[26..28].copy_from_slice(&u16::try_from(up_to_the_last).unwrap().to_le_bytes());
    let found = read_stream(&name_takes_all, Limits::default());
    assert_eq!(found.last().unwrap(), "-: damaged");
}

#[test]
fn zips_behind_each_other_are_one() {
    let both = [zip(&[("a.txt", NOTE)]), zip(&[("b.txt", NOTE)])].concat();
    let expected = ["/a.txt:1 Tide tables change", "/b.txt:1 Tide tables change"];
    assert_eq!(read_stream(&both, Limits::default()), expected.map(|line| format!("-{line}")));
    assert_eq!(read_bytes("a.zip", &both, Limits::default()), expected.map(|line| format!("a.zip{line}")));
}

#[test]
fn what_follows_a_zip_is_read_or_named() {
    let (first, second) = (zip(&[("a.txt", NOTE)]), zip(&[("b.txt", NOTE), ("c.txt", NOTE)]));
    for cut in 1..second.len() {
        let bytes = [&first[..], &second[..second.len() - cut]].concat();
        for found in [read_bytes("a.zip", &bytes, Limits::default()), read_stream(&bytes, Limits::default())]
        {
            assert!(found[0].ends_with("/a.txt:1 Tide tables change"), "{cut}: {found:?}");
            assert!(found.last().unwrap().ends_with(": damaged"), "{cut}: {found:?}");
        }
    }
    let mut padded = first.clone();
    padded.extend([0; 700]);
    assert_eq!(read_bytes("a.zip", &padded, Limits::default()).len(), 1);
    let tar = tar(&[("b.txt", NOTE)]);
    let found = read_bytes("a.zip", &[first, tar].concat(), Limits::default());
    assert_eq!(found, ["a.zip/a.txt:1 Tide tables change", "a.zip: damaged"]);
}

#[test]
fn a_tar_that_ends_between_two_members_is_cut_off() {
    let whole = tar(&[("a.txt", NOTE), ("b.txt", NOTE)]);
    assert_eq!(read_stream(&whole, Limits::default()).len(), 2);
    let found = read_stream(&whole[..1024], Limits::default());
    assert_eq!(found, ["-/a.txt:1 Tide tables change", "-: damaged"]);
    let found = read_stream(&gzip(&whole[..2048]), Limits::default());
    assert_eq!(found.last().unwrap(), "-: damaged");
    assert_eq!(read_stream(&whole[..2048 + 512], Limits::default()).len(), 2);
}

/// What cannot be compressed stands in the archive as it is, with its own marks of members.
#[test]
fn members_of_what_is_passed_over_are_not_members_of_the_archive() {
    let inner = zip(&[("deep.txt", NOTE)]);
    let outer = zip_with(Compression::none(), &[("office.bin", &inner[..]), ("a.txt", NOTE)]);
    assert!(last_position(&outer, b"deep.txt") > 0);
    let expected = ["-/office.bin: unknown format", "-/a.txt:1 Tide tables change"];
    assert_eq!(read_stream(&outer, Limits::default()), expected);
}

#[test]
fn links_and_devices_in_archives_are_named() {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, kind) in [
        ("label", EntryType::new(b'V')),
        ("a.txt", EntryType::Symlink),
        ("b.txt", EntryType::Link),
        ("pipe", EntryType::Fifo),
        ("disk", EntryType::Block),
        (".hidden", EntryType::Symlink),
        ("folder", EntryType::Directory),
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_size(0);
        header.set_entry_type(kind);
        builder.append_data(&mut header, name, &b""[..]).unwrap();
    }
    let mut header = tar::Header::new_gnu();
    header.set_size(NOTE.len() as u64);
    builder.append_data(&mut header, "full/", NOTE).unwrap();
    let packed = builder.into_inner().unwrap();
    let expected = ["a.txt", "b.txt", "pipe", "disk", "full"].map(|name| format!("-/{name}: not supported"));
    assert_eq!(read_stream(&packed, Limits::default()), expected);

    let mut packed = fs::read(fixture("mixed.zip")).unwrap();
    let listed = last_position(&packed, b"PK\x01\x02");
    packed[listed + 41] = 0xa1; // the mode of a link
    let found = read_bytes("a.zip", &packed, Limits::default());
    assert_eq!(found.last().unwrap(), "a.zip/pages/note.txt: not supported");
    let packed = zip(&[("full/", NOTE), ("a.txt", NOTE)]);
    let found = read_bytes("a.zip", &packed, Limits::default());
    assert_eq!(found, ["a.zip/full: not supported", "a.zip/a.txt:1 Tide tables change"]);
}

#[test]
fn an_archive_that_gives_nothing_is_named() {
    let nothing: &[(&str, &[u8])] = &[("folder/", b""), (".hidden.txt", NOTE)];
    for (name, packed) in
        [("a.zip", zip(nothing)), ("a.zip", zip(&nothing[..0])), ("a.tar", tar(&nothing[1..]))]
    {
        assert_eq!(read_bytes(name, &packed, Limits::default()), [format!("{name}: empty")]);
        assert_eq!(read_stream(&packed, Limits::default()), ["-: empty"]);
    }
}

fn last_position(bytes: &[u8], part: &[u8]) -> usize {
    bytes.windows(part.len()).rposition(|window| window == part).expect("a part of it")
}

#[test]
fn the_way_to_a_member_is_a_path_below_a_file() {
    let place = PathBuf::from("-/a/b.txt");
    assert_eq!(article::absolute(&place), place);
}
