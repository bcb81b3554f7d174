//! Which files a walk finds.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::fs;
use std::path::{Path, PathBuf};

use article::{Format, Input, ReadError, STANDARD_INPUT, WalkOptions, walk};

/// A folder with these files, each holding a word.
fn folder(files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for file in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, "word").expect("a file");
    }
    folder
}

/// The paths found below `root`, and the reasons of errors with the paths they name.
fn found(root: &Path, roots: &[&str], options: &WalkOptions) -> Vec<String> {
    let roots: Vec<PathBuf> = roots.iter().map(|name| root.join(name)).collect();
    let below = |path: &Path| path.strip_prefix(root).unwrap_or(path).display().to_string();
    walk(&roots, options)
        .map(|input| match input {
            Ok(input) => below(&input.path),
            Err(error) => format!("{}: {}", error.reason(), below(error.path())),
        })
        .collect()
}

#[test]
fn folders_give_known_formats_in_the_order_of_their_paths() {
    let folder = folder(&["b.txt", "a/2.json", "a/1.md", "a-x.txt", "c.pdf", ".hidden.txt"]);
    assert_eq!(
        found(folder.path(), &[""], &WalkOptions::default()),
        ["a/1.md", "a/2.json", "a-x.txt", "b.txt", "unknown format: c.pdf"]
    );
}

#[test]
fn ignored_and_hidden_files_come_when_asked_for() {
    let folder = folder(&["a.txt", "b.txt", ".c.txt"]);
    fs::write(folder.path().join(".ignore"), "b.txt\n").unwrap();
    assert_eq!(found(folder.path(), &[""], &WalkOptions::default()), ["a.txt"]);
    let all = WalkOptions { hidden: true, no_ignore: true, ..WalkOptions::default() };
    assert_eq!(found(folder.path(), &[""], &all), [".c.txt", "unknown format: .ignore", "a.txt", "b.txt"]);
}

#[test]
fn a_file_that_is_a_root_is_always_taken_and_every_file_once() {
    let folder = folder(&["a/1.txt", "a/2.log", "a/.3.txt"]);
    assert_eq!(
        found(folder.path(), &["a/.3.txt", "a", "a/2.log", "a", "a/1.txt"], &WalkOptions::default()),
        ["a/1.txt", "a/2.log", "a/.3.txt"]
    );
}

#[test]
fn a_missing_root_is_an_error_with_its_path() {
    let folder = folder(&["a.txt"]);
    assert_eq!(
        found(folder.path(), &["nowhere", "a.txt"], &WalkOptions::default()),
        ["a.txt", "unreadable: nowhere"]
    );
}

#[test]
fn standard_input_comes_first() {
    let folder = folder(&["a.txt"]);
    let roots = [folder.path().to_owned(), PathBuf::from(STANDARD_INPUT)];
    let inputs: Vec<Input> =
        walk(&roots, &WalkOptions::default()).map(|input| input.expect("an input")).collect();
    assert_eq!(inputs[0].path, Path::new("-"));
    assert_eq!((inputs[1].format, inputs[1].size), (Some(Format::Text), 4));
    assert!(inputs[1].path.is_absolute() && inputs[1].modified.is_some());
}

#[cfg(unix)]
#[test]
fn special_files_are_never_opened() {
    let folder = folder(&["a.txt"]);
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("s.txt")).unwrap();
    assert_eq!(found(folder.path(), &[""], &WalkOptions::default()), ["a.txt", "not a file: s.txt"]);
    let errors: Vec<ReadError> =
        walk(&[PathBuf::from("/dev/null")], &WalkOptions::default()).filter_map(Result::err).collect();
    assert_eq!(errors[0].reason(), "not a file");
}

#[cfg(unix)]
#[test]
fn links_are_followed_when_asked_for() {
    let folder = folder(&["a/1.txt"]);
    std::os::unix::fs::symlink(folder.path().join("a/1.txt"), folder.path().join("link.txt")).unwrap();
    assert_eq!(found(folder.path(), &[""], &WalkOptions::default()), ["a/1.txt", "symbolic link: link.txt"]);
    let follow = WalkOptions { follow_links: true, ..WalkOptions::default() };
    assert_eq!(found(folder.path(), &[""], &follow), ["a/1.txt", "link.txt"]);
    assert_eq!(found(folder.path(), &["link.txt"], &WalkOptions::default()), ["link.txt"]);
}

#[cfg(unix)]
#[test]
fn links_that_are_not_followed_are_named_wherever_they_lead() {
    let folder = folder(&["a/1.txt"]);
    for (name, target) in
        [("dangling.txt", "nowhere"), ("loop.txt", "loop.txt"), ("out", "/"), ("zero.txt", "/dev/zero")]
    {
        std::os::unix::fs::symlink(target, folder.path().join(name)).unwrap();
    }
    let expected = [
        "a/1.txt",
        "symbolic link: dangling.txt",
        "symbolic link: loop.txt",
        "symbolic link: out",
        "symbolic link: zero.txt",
    ];
    assert_eq!(found(folder.path(), &[""], &WalkOptions::default()), expected);
    fs::remove_file(folder.path().join("out")).unwrap();
    std::os::unix::fs::symlink("..", folder.path().join("a/up")).unwrap();
    let follow = WalkOptions { follow_links: true, ..WalkOptions::default() };
    let expected = [
        "a/1.txt",
        "unreadable: a/up",
        "unreadable: dangling.txt",
        "unreadable: loop.txt",
        "not a file: zero.txt",
    ];
    assert_eq!(found(folder.path(), &[""], &follow), expected);
}

/// What becomes of a file of `folder` that a walk found and that is another thing when it is read.
#[cfg(unix)]
fn read_after(folder: &Path, options: &WalkOptions, change: impl Fn(&Path)) -> Vec<String> {
    let inputs: Vec<Input> = walk(&[folder.to_owned()], options).map(Result::unwrap).collect();
    let mut found = Vec::new();
    for input in inputs {
        fs::remove_file(&input.path).unwrap();
        change(&input.path);
        let _ = article::split(&input, &article::Limits::default(), &mut |record| {
            found.push(record.map_or_else(
                |error| error.reason().to_owned(),
                |record| format!("{} bytes", record.bytes.len()),
            ));
            std::ops::ControlFlow::Continue(())
        });
    }
    found
}

#[cfg(unix)]
#[test]
fn what_became_another_thing_since_the_walk_is_not_opened_for_it() {
    let secret = folder(&["secret.txt"]);
    let plain = WalkOptions::default();
    let become_link =
        |path: &Path| std::os::unix::fs::symlink(secret.path().join("secret.txt"), path).unwrap();
    let become_pipe =
        |path: &Path| assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
    assert_eq!(read_after(folder(&["a.txt"]).path(), &plain, become_link), ["symbolic link"]);
    // Nobody writes to the pipe: whoever opened it as a file would wait for ever.
    assert_eq!(read_after(folder(&["a.txt"]).path(), &plain, become_pipe), ["not a file"]);
    assert_eq!(
        read_after(folder(&["a.txt"]).path(), &plain, |path| fs::create_dir(path).unwrap()),
        ["not a file"]
    );
    assert_eq!(read_after(folder(&["a.txt"]).path(), &plain, |_| ()), ["unreadable"]);
    let follow = WalkOptions { follow_links: true, ..WalkOptions::default() };
    assert_eq!(read_after(folder(&["a.txt"]).path(), &follow, become_link), ["4 bytes"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_made_of_holes_is_not_read_through() {
    for name in ["a.txt", "a.jsonl", "a.warc"] {
        // As large as file systems let it be; ext4 has 16 TiB.
        let hollow = |path: &Path| fs::File::create(path).unwrap().set_len(1 << 43).unwrap();
        let begin = std::time::Instant::now();
        let found = read_after(folder(&[name]).path(), &WalkOptions::default(), hollow);
        assert_eq!(found, ["over a limit"], "{name}");
        assert!(begin.elapsed().as_secs() < 5);
    }
}

/// The library that walks would wait for them, or read without end.
#[cfg(unix)]
#[test]
fn rules_that_are_pipes_or_devices_are_named_and_cost_no_article() {
    let folder = tempfile::tempdir().unwrap();
    let (inner, deeper) = (folder.path().join("a/b"), folder.path().join("a/b/c"));
    std::fs::create_dir_all(&deeper).unwrap();
    for path in [folder.path().join("a/1.txt"), inner.join("2.txt"), deeper.join("3.txt")] {
        std::fs::write(path, "text").unwrap();
    }
    let names = || {
        let found = walk(&[folder.path().join("a")], &WalkOptions::default());
        let mut names: Vec<String> = found
            .map(|found| match found {
                Ok(input) => input.path.file_name().unwrap().to_string_lossy().into_owned(),
                Err(error) => {
                    format!("{}: {}", error.path().file_name().unwrap().to_string_lossy(), error.reason())
                }
            })
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(), ["1.txt", "2.txt", "3.txt"]);
    std::fs::write(folder.path().join("a/.ignore"), "3.txt\n").unwrap();
    assert_eq!(names(), ["1.txt", "2.txt"]);
    std::os::unix::fs::symlink("/dev/zero", deeper.join(".gitignore")).unwrap();
    assert_eq!(names(), [".gitignore: not a file", "1.txt", "2.txt", "3.txt"]);
    std::fs::remove_file(deeper.join(".gitignore")).unwrap();
    std::fs::write(inner.join(".ignore"), vec![b'x'; (1 << 20) + 1]).unwrap();
    assert_eq!(names(), [".ignore: too large", "1.txt", "2.txt", "3.txt"]);
    std::fs::remove_file(inner.join(".ignore")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", folder.path().join(".ignore")).unwrap();
    assert_eq!(names(), [".ignore: not a file", "1.txt", "2.txt", "3.txt"]);
}
