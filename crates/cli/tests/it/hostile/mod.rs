//! A collection that is made to do harm: it is indexed in bounded memory, and every item of it is accounted for.
//!
//! The large one, with a line of a gigabyte and bombs of a hundred, takes minutes and eight gigabytes of disk:
//! `cargo test --release -p morgue --test it -- --ignored --nocapture the_large_hostile_collection`

mod make;
mod restless;

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Place, Run};
use make::{Fate, Hostile, Sizes};
use restless::Restless;

const SMALL: Sizes = Sizes {
    line: 1 << 20,
    word: 200_000,
    bomb: 80 << 20,
    depth: 3_000,
    lines: 5_000,
    folders: 100,
    nested_folders: 420,
};

const LARGE: Sizes = Sizes {
    line: 1 << 30,
    word: 10_000_000,
    bomb: 100 << 30,
    depth: 1_000_000,
    lines: 27_000_000,
    folders: 20_000,
    nested_folders: 2_000,
};

#[test]
fn a_hostile_collection_is_indexed_and_all_of_it_accounted_for() {
    check(SMALL, 3, 700 << 20, Duration::from_mins(2));
}

#[test]
#[ignore = "takes minutes and gigabytes of disk"]
fn the_large_hostile_collection() {
    let runs = std::env::var("MORGUE_HOSTILE_RUNS").ok().and_then(|runs| runs.parse().ok());
    check(LARGE, runs.unwrap_or(10), 2 << 30, Duration::from_hours(1));
}

/// Indexes the collection, then again and again while files of it change.
#[track_caller]
fn check(sizes: Sizes, runs: usize, most_memory: u64, most_time: Duration) {
    let place = Place::new();
    let root = place.path("articles").join("hostile");
    let hostile = Hostile::make(&root, sizes);
    let runner = Runner::new(&place);
    let begin = Instant::now();
    let first = runner.index();
    eprintln!(
        "{} items: {} in {:.1?}, {} MB",
        hostile.items.len(),
        first.summary(),
        begin.elapsed(),
        first.memory >> 20
    );
    first.check_sums();
    assert_eq!(first.said, first.number_skipped(), "{}", first.summary());
    check_fates(&hostile, &first, &place, runner.is_bound_by_permissions);
    assert!(first.memory < most_memory, "{} bytes", first.memory);
    let restless = Restless::start(&root.join("restless"));
    for _ in 0..runs {
        let next = runner.index();
        next.check_sums();
        assert!(next.number("unchanged") > 20, "{}", next.summary());
        assert!(next.memory < most_memory, "{} bytes", next.memory);
    }
    let changes = restless.stop();
    assert!(changes > 0);
    assert!(begin.elapsed() < most_time, "{:?}", begin.elapsed());
    eprintln!("{runs} more runs while files changed {changes} times; all in {:.1?}", begin.elapsed());
    // What is shown of all this does nothing.
    for args in [
        &["search", "-n", "1000", "harbour OR tide"][..],
        &["search", "--format", "plain", "-n", "1000", "tide"],
    ] {
        let run = place.run(args);
        assert_eq!(run.code, 0, "{}", run.err);
        assert_eq!(
            run.out.chars().find(|&c| c != '\n' && c != '\t' && article::acts(c)),
            None,
            "{}",
            run.out
        );
    }
}

/// Every item that was made is an article, or was named with its reason.
fn check_fates(hostile: &Hostile, report: &Indexed, place: &Place, permissions_bind: bool) {
    let found = place.command(&["search", "-0", "-n", "100000", "NOT qqqqqqqqqq"]).output().unwrap().stdout;
    let found: Vec<PathBuf> = found
        .split(|&byte| byte == 0)
        .filter(|path| !path.is_empty())
        .map(|path| place.folder.path().join(OsStr::from_bytes(path)))
        .collect();
    let is_indexed = |path: &Path| found.iter().any(|found| found.starts_with(path));
    for (path, fate) in &hostile.items {
        let reason = report.skipped.get(path).map(String::as_str);
        let name = article::Shown(path);
        match fate {
            Fate::Skipped("unreadable") if !permissions_bind => {}
            Fate::Indexed => assert!(is_indexed(path), "{name} is not indexed but {reason:?}"),
            Fate::Skipped(expected) => assert_eq!(reason, Some(*expected), "{name}: {}", is_indexed(path)),
            Fate::Either => {
                let below = report.skipped.keys().any(|skipped| skipped.starts_with(path));
                assert!(is_indexed(path) || below, "{name} is neither indexed nor named");
            }
        }
    }
    assert!(!found.iter().any(|path| path.ends_with("secret.txt")), "a link led out of the collection");
}

/// Runs `morgue index`, as a user whom permissions bind where that can be.
struct Runner {
    folder: PathBuf,
    program: PathBuf,
    /// Become nobody.
    drops_rights: bool,
    is_bound_by_permissions: bool,
}

impl Runner {
    fn new(place: &Place) -> Runner {
        let folder = place.folder.path().to_owned();
        let built = assert_cmd::cargo::cargo_bin!("morgue").to_owned();
        let closed = place.path("articles/hostile/closed/file.txt");
        if fs::read(closed).is_err() {
            return Runner { folder, program: built, drops_rights: false, is_bound_by_permissions: true };
        }
        // A super-user reads everything. The program is copied, since its folder may be closed to others.
        let program = place.path("morgue");
        fs::copy(built, &program).unwrap();
        for path in [&folder, &program] {
            fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
        }
        let mut runner = Runner { folder, program, drops_rights: true, is_bound_by_permissions: true };
        if !runner.command(&["--version"]).output().is_ok_and(|output| output.status.success()) {
            eprintln!(
                "SKIPPED: files without permission, since the rights of the super-user cannot be dropped here"
            );
            (runner.drops_rights, runner.is_bound_by_permissions) = (false, false);
        }
        runner
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command =
            Command::new(if self.drops_rights { OsStr::new("setpriv") } else { self.program.as_os_str() });
        if self.drops_rights {
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]).arg(&self.program);
        }
        command.args(args).current_dir(&self.folder).env_remove("MORGUE_INDEX");
        command
    }

    fn index(&self) -> Indexed {
        let mut command = self.command(&["index", "articles", "--json", "--memory", "64M", "--threads", "2"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let status = format!("/proc/{}/status", child.id());
        let stdout = child.stdout.take().unwrap();
        let reader = std::thread::spawn(move || std::io::read_to_string(stdout).unwrap());
        let mut memory = 0;
        let ended = loop {
            memory = memory.max(most_memory(&status));
            if let Some(ended) = child.try_wait().unwrap() {
                break ended;
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let out = reader.join().unwrap();
        assert_eq!(ended.code(), Some(0), "{out}");
        Indexed::read(&out, memory)
    }
}

/// The most memory that a process has held so far, in bytes; 0 where the system does not say.
fn most_memory(status: &str) -> u64 {
    let text = fs::read_to_string(status).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes: Option<u64> = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
    kilobytes.unwrap_or(0) << 10
}

/// What a run told.
struct Indexed {
    done: Value,
    /// Reasons, by path.
    skipped: HashMap<PathBuf, String>,
    /// How often something was said to be skipped.
    said: u64,
    memory: u64,
}

impl Indexed {
    fn read(out: &str, memory: u64) -> Indexed {
        let mut read = Indexed { done: Value::Null, skipped: HashMap::new(), said: 0, memory };
        for line in out.lines() {
            assert_eq!(line.chars().find(|&c| article::acts(c)), None, "{line:?}");
            let event: Value = serde_json::from_str(line).unwrap();
            match event["event"].as_str() {
                Some("skipped") => {
                    read.said += 1;
                    assert!(!event["message"].as_str().unwrap().is_empty());
                    read.skipped.insert(path_of(&event), event["reason"].as_str().unwrap().to_owned());
                }
                Some("done") => read.done = event,
                _ => {}
            }
        }
        read
    }

    fn number(&self, name: &str) -> u64 {
        self.done[name].as_u64().unwrap()
    }

    fn number_skipped(&self) -> u64 {
        self.done["skipped"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum()
    }

    /// Found is what was indexed, what is as it was, and what was skipped; and each of these was named.
    #[track_caller]
    fn check_sums(&self) {
        let skipped = self.number_skipped();
        let summary = self.summary();
        assert_eq!(
            self.number("found"),
            self.number("indexed") + self.number("unchanged") + skipped,
            "{summary}"
        );
        // What is to be said of several in the same words, as of what follows a break in one line, is said once.
        assert!(self.said <= skipped, "{summary}");
    }

    fn summary(&self) -> String {
        let (found, indexed, unchanged) =
            (self.number("found"), self.number("indexed"), self.number("unchanged"));
        format!(
            "found {found} = indexed {indexed} + unchanged {unchanged} + skipped {}",
            self.done["skipped"]
        )
    }
}

/// The path of an event, also where it is no text.
fn path_of(event: &Value) -> PathBuf {
    let Some(digits) = event["path_bytes"].as_str() else { return event["path"].as_str().unwrap().into() };
    let pairs = digits.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    let bytes: Vec<u8> = pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect();
    OsStr::from_bytes(&bytes).into()
}

#[test]
fn what_articles_contain_does_nothing_to_a_terminal() {
    let place = Place::new();
    let acts = make::ACTS;
    let record = serde_json::json!({ "id": format!("=1{acts}"), "title": format!("=Tide{acts}"), "body": format!("Tide {acts} tide"),
        "author": acts, "source": acts, "url": acts });
    place.write("articles/a\u{1b}[2J\n\u{202E}.json", record.to_string());
    place.write("articles/b\n.txt", "");
    let index = place.run(&["index", "articles"]);
    assert_harmless(&index.err);
    assert!(index.err.contains("b\\n.txt:1: empty"), "{}", index.err);
    for args in [
        &["search", "tide"][..],
        &["search", "--json", "tide"],
        &["search", "--format", "plain", "tide"],
        &["search", "-l", "tide"],
        &["search", "-0", "tide"],
        &["show", "--anatomy", "articles/a\u{1b}[2J\n\u{202E}.json"],
        &["show", "--json", "articles/a\u{1b}[2J\n\u{202E}.json"],
        &["explain", "tide"],
        &["stats"],
        &["search", acts],
        &["search", "\"\u{1b}[2J"],
        &["search", "@a\u{202E}"],
        &["show", acts],
        &["search", "--no\u{1b}[2J"],
        &["dups"],
        &["index", "\u{1b}[2J"],
        &["search", "--actors", "\u{1b}[2J\n", "@nato"],
        &["search", "-f", "\u{1b}[2J", "-v"],
    ] {
        let drawn = on_a_terminal(&place, args);
        let Some(drawn) = drawn else { return };
        assert_harmless(&drawn);
    }
}

/// There is no character that acts, colours and line ends aside.
#[track_caller]
fn assert_harmless(text: &str) {
    let colours = |text: &str| {
        let mut plain = String::new();
        for (number, piece) in text.split("\u{1b}[").enumerate() {
            let code = piece.find(|c: char| !c.is_ascii_digit() && c != ';');
            let is_colour = number > 0 && code.is_some_and(|at| piece[at..].starts_with('m'));
            plain += if is_colour || number == 0 { "" } else { "\u{1b}" };
            plain += piece;
        }
        plain
    };
    let text = colours(text);
    let acting = text.chars().find(|&c| !matches!(c, '\n' | '\r' | '\t' | '\0') && article::acts(c));
    assert_eq!(acting, None, "{text:?}");
}

/// What a run draws on a terminal; `None` where there is nothing that makes one.
fn on_a_terminal(place: &Place, args: &[&str]) -> Option<String> {
    let quoted = |arg: &&str| format!("'{}'", arg.replace('\'', "'\\''"));
    let program = assert_cmd::cargo::cargo_bin!("morgue").to_string_lossy().into_owned();
    let line = [&[program.as_str()], args].concat().iter().map(quoted).collect::<Vec<_>>().join(" ");
    let mut command = Command::new("script");
    command
        .args(["-qec", &line, "/dev/null"])
        .current_dir(place.folder.path())
        .env_remove("MORGUE_INDEX")
        .stdin(Stdio::null());
    let Ok(output) = command.output() else {
        eprintln!("SKIPPED: what is drawn on a terminal, since there is no `script` that makes one");
        return None;
    };
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn paths_that_are_no_text_are_shown_and_can_be_used() {
    let place = Place::new();
    let names: [&[u8]; 3] = [b"caf\xe9.txt", b"two\nlines.txt", "\u{10FFFF}.txt".as_bytes()];
    for (number, name) in names.iter().enumerate() {
        // No two are the same, or they would be one article.
        let text = make::HONEST.to_owned() + &"\n".repeat(number);
        fs::write(place.path("articles").join(OsStr::from_bytes(name)), text).unwrap();
    }
    assert_eq!(place.run(&["index", "articles"]).code, 0);
    let listed = place.command(&["search", "-0", "tide"]).output().unwrap().stdout;
    let paths: Vec<&[u8]> = listed.split(|&byte| byte == 0).filter(|path| !path.is_empty()).collect();
    assert_eq!(paths.len(), names.len());
    for path in paths {
        let text = fs::read_to_string(place.folder.path().join(OsStr::from_bytes(path))).unwrap();
        assert!(text.starts_with(make::HONEST));
    }
    let lines = place.run(&["search", "tide"]).out;
    assert!(
        lines.contains("articles/caf\\xe9.txt:1:") && lines.contains("articles/two\\nlines.txt:1:"),
        "{lines}"
    );
    let json: Vec<Value> = place
        .run(&["search", "--json", "tide"])
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(json.iter().filter(|hit| hit.get("path_bytes").is_some()).count(), 1);
    for hit in json {
        assert!(fs::exists(place.folder.path().join(path_of(&hit))).unwrap(), "{hit}");
    }
    // They are the same files in the next run, and gone when they are gone.
    let again = Run::of(&mut place.command(&["index"]));
    assert!(again.err.contains("3 unchanged"), "{}", again.err);
    fs::remove_file(place.path("articles").join(OsStr::from_bytes(names[0]))).unwrap();
    assert!(place.run(&["index"]).err.contains("1 removed"));
}
