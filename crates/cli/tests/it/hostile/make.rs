//! A collection of files that are made to do harm, and what is to become of each.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How large what is large is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    /// Bytes of a line without end.
    pub(super) line: u64,
    /// Letters of a word.
    pub(super) word: usize,
    /// Bytes that a bomb unpacks to.
    pub(super) bomb: u64,
    /// Levels of brackets, elements, quotes.
    pub(super) depth: usize,
    /// Lines of an article of tiny lines.
    pub(super) lines: usize,
    /// Empty folders side by side.
    pub(super) folders: usize,
    /// Folders within each other, each with a name of ten letters.
    pub(super) nested_folders: usize,
}

/// What is to become of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is an article.
    Indexed,
    /// It is named with this reason.
    Skipped(&'static str),
    /// It is an article, or named: nobody can know which.
    Either,
}

/// The collection as it is made.
pub(super) struct Hostile {
    root: PathBuf,
    sizes: Sizes,
    pub(super) items: Vec<(PathBuf, Fate)>,
    /// Sockets are there as long as somebody listens.
    sockets: Vec<UnixListener>,
}

/// What an honest article says.
pub(super) const HONEST: &str =
    "The harbour office printed new tide tables on Monday, and nobody was surprised.";

/// Terminal commands, changes of direction, separators and a NUL's neighbours, as they might stand in an article.
pub(super) const ACTS: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{1b}]8;;http://evil.example\u{1b}\\link\u{1b}]8;;\u{1b}\\ \u{9b}31m \u{202E}txet\u{202C} \u{2066}x\u{2069} \u{2028} \u{85} \u{8}\u{8}\u{7f}";

impl Hostile {
    /// Makes the collection in a folder that is not there yet.
    pub(super) fn make(root: &Path, sizes: Sizes) -> Hostile {
        fs::create_dir(root).unwrap();
        let mut hostile = Hostile { root: root.to_owned(), sizes, items: Vec::new(), sockets: Vec::new() };
        hostile.honest();
        hostile.bombs();
        hostile.nesting();
        hostile.large();
        hostile.encodings();
        hostile.names();
        hostile.specials();
        hostile.links();
        hostile.permissions();
        hostile.folders();
        hostile
    }

    fn file(&mut self, name: impl AsRef<OsStr>, bytes: impl AsRef<[u8]>, fate: Fate) -> PathBuf {
        let path = self.root.join(Path::new(name.as_ref()));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        self.items.push((path.clone(), fate));
        path
    }

    fn honest(&mut self) {
        for number in 0..5 {
            self.file(
                format!("honest/{number}.txt"),
                format!("Tide table {number}\n\n{HONEST}\n"),
                Fate::Indexed,
            );
        }
        self.file("empty.txt", "", Fate::Skipped("empty"));
        self.file("blank.md", " \n\t\n", Fate::Skipped("empty"));
        self.file("archive.pdf", "%PDF", Fate::Skipped("unknown format"));
    }

    /// A unit that hardly takes room, as often as is needed.
    fn bombs(&mut self) {
        const UNIT: usize = 16 << 20;
        let zeros = vec![b' '; UNIT];
        let units = self.sizes.bomb.div_ceil(UNIT as u64) as usize;
        for (ending, packed) in [("gz", gzip(&zeros)), ("zst", zstd(&zeros))] {
            for (name, fate) in [("text.txt", Fate::Skipped("over a limit")), ("lines.jsonl", Fate::Either)] {
                self.file(format!("bombs/{name}.{ending}"), packed.repeat(units), fate);
            }
            let inner = packed.repeat(units);
            self.file(format!("bombs/twice.txt.{ending}.gz"), gzip(&inner), Fate::Skipped("over a limit"));
        }
        for (command, ending) in [("bzip2", "bz2"), ("xz", "xz")] {
            if let Some(packed) = piped(command, &zeros) {
                self.file(
                    format!("bombs/text.txt.{ending}"),
                    packed.repeat(units),
                    Fate::Skipped("over a limit"),
                );
            }
        }
        let bomb = zstd(&zeros).repeat(units);
        let members =
            [("honest.txt", HONEST.as_bytes()), ("bomb.txt.zst", &bomb), ("after.txt", HONEST.as_bytes())];
        self.file("bombs/mixed.tar", tar(&members), Fate::Indexed);
        self.file("bombs/mixed.tar.gz", gzip(&tar(&members)), Fate::Indexed);
        let mut layers = HONEST.as_bytes().to_vec();
        (0..100).for_each(|_| layers = gzip(&layers));
        self.file("bombs/layers.gz", layers, Fate::Skipped("over a limit"));
        self.file("bombs/broken.tar.gz", &gzip(&tar(&members))[..200], Fate::Either);
        self.file("bombs/not.zip", "PK\u{3}\u{4} no zip at all", Fate::Skipped("damaged"));
    }

    fn nesting(&mut self) {
        let depth = self.sizes.depth;
        let both = |open: &str, inner: &str, close: &str| {
            [&open.repeat(depth), inner, &close.repeat(depth)].concat()
        };
        for (name, text) in [
            ("arrays.json", both("[", "", "]")),
            ("objects.json", both("{\"a\":", "1", "}")),
            ("body.jsonl", format!("{{\"body\":{}}}\n", both("[", "\"x\"", "]"))),
            ("half.json", "[".repeat(depth)),
            ("elements.html", format!("<html><body>{}", both("<div>", HONEST, "</div>"))),
            ("spans.html", format!("<html><body><p>{}</p>", both("<b><i>", HONEST, "</i></b>"))),
            ("tables.html", format!("<html><body>{}", both("<table><tr><td>", HONEST, "</td></tr></table>"))),
            ("lists.html", format!("<html><body>{}{HONEST}", "<ul><li>".repeat(depth))),
            ("news.xml", format!("<nitf><body>{}</body></nitf>", both("<p>", HONEST, "</p>"))),
            (
                "feed.rss",
                format!(
                    "<rss><channel><item><description>{}</description></item></channel></rss>",
                    both("<a>", "x", "</a>")
                ),
            ),
            ("unknown.xml", both("<a>", "x", "</a>")),
            ("entities.xml", entities()),
            ("quotes.md", format!("{} {HONEST}\n", ">".repeat(depth))),
            ("stars.md", format!("# A\n\n{}{HONEST}\n", "*_[(![".repeat(depth))),
            (
                "wiki.xml",
                format!(
                    "<mediawiki><page><title>A</title><revision><text>{}</text></revision></page></mediawiki>",
                    both("{{[[", HONEST, "]]}}")
                ),
            ),
            ("parts.eml", parts(depth.min(20_000))),
            ("messages.eml", messages(depth.min(20_000))),
            ("quotes.csv", format!("title,body\n{}", "\"".repeat(depth))),
            ("columns.csv", format!("title,body{}\na,{HONEST}\n", ",x".repeat(depth))),
            ("headers.eml", format!("Subject: A\n{}\n{HONEST}\n", "X: y\n".repeat(depth))),
            ("from.mbox", "From a@b Mon Jan  1 00:00:00 2024\n\n".repeat(depth.min(2000))),
        ] {
            self.file(format!("deep/{name}"), text, Fate::Either);
        }
    }

    fn large(&mut self) {
        let Sizes { line, word, lines, .. } = self.sizes;
        let too_large = if line > 64 << 20 { Fate::Skipped("too large") } else { Fate::Either };
        for name in ["line.txt", "line.html", "line.md"] {
            self.stream(&format!("large/{name}"), b"a word ", line, too_large);
        }
        self.stream("large/line.jsonl", b"{\"body\":\"a word \", ", line, Fate::Either);
        self.stream("large/line.csv", b"title,body,", line, Fate::Either);
        let sparse = self.file("large/sparse.txt", "", Fate::Skipped("over a limit"));
        File::options().write(true).open(sparse).unwrap().set_len(1 << 40).unwrap();
        let sparse = self.file(
            "large/sparse.jsonl",
            "{\"body\":\"a record before the hole\"}\n",
            Fate::Skipped("over a limit"),
        );
        File::options().write(true).open(sparse).unwrap().set_len(1 << 40).unwrap();
        self.file("large/word.txt", format!("{HONEST} {} {HONEST}\n", "a".repeat(word)), Fate::Indexed);
        self.file(
            "large/word.json",
            format!("{{\"title\":\"{}\",\"body\":\"{HONEST}\"}}", "b".repeat(word)),
            Fate::Indexed,
        );
        self.file("large/marks.txt", format!("{HONEST} a{}\n", "\u{301}".repeat(word / 2)), Fate::Indexed);
        self.file("large/tiny.txt", "a\n".repeat(lines), Fate::Either);
        self.file("large/tiny.html", format!("<html><body>{}", "<p>a".repeat(lines / 4)), Fate::Either);
        self.file("large/tiny.jsonl", "{}\n".repeat(lines.min(2000)), Fate::Either);
    }

    /// Writes `unit` again and again.
    fn stream(&mut self, name: &str, unit: &[u8], bytes: u64, fate: Fate) {
        let path = self.file(name, "", fate);
        let mut file = File::create(path).unwrap();
        let block = unit.repeat((1 << 20) / unit.len());
        for _ in 0..bytes.div_ceil(block.len() as u64) {
            file.write_all(&block).unwrap();
        }
    }

    fn encodings(&mut self) {
        let mixed =
            [HONEST.as_bytes(), b"\n\ncaf\xe9 \xff\xfe \xc3\x28 \xed\xa0\x80 ", "北京 é".as_bytes(), b"\n"]
                .concat();
        self.file("bytes/mixed.txt", mixed, Fate::Either);
        self.file("bytes/nul.txt", format!("{HONEST}\0{HONEST}"), Fate::Either);
        self.file("bytes/nuls.txt", vec![0; 10_000], Fate::Either);
        let utf16: Vec<u8> = HONEST.encode_utf16().flat_map(u16::to_le_bytes).collect();
        self.file("bytes/utf16.txt", [&b"\xff\xfe"[..], &utf16].concat(), Fate::Indexed);
        self.file("bytes/half16.txt", [&b"\xff\xfe"[..], &utf16[..utf16.len() - 1]].concat(), Fate::Either);
        self.file("bytes/lies.html", format!("<meta charset=utf-16><p>{HONEST}</p>"), Fate::Either);
        self.file(
            "bytes/random.txt",
            (0..9999_u32).map(|n| ((n * 7919) >> 3) as u8).collect::<Vec<_>>(),
            Fate::Either,
        );
        self.file(
            "bytes/acts.txt",
            format!("{ACTS} Tide {ACTS}\n\n{HONEST} {ACTS} {HONEST}\n"),
            Fate::Either,
        );
        let record = serde_json::json!({
            "id": format!("=1+1{ACTS}"), "title": format!("=HYPERLINK(1) {ACTS}"), "body": format!("{HONEST} {ACTS}"),
            "author": ACTS, "source": ACTS, "url": format!("http://evil.example/{ACTS}"), "lang": ACTS,
        });
        self.file("bytes/acts.json", record.to_string(), Fate::Indexed);
        let members =
            [("a\u{1b}[2J\nb\u{202E}.txt", HONEST.as_bytes()), ("../../../escape.txt", HONEST.as_bytes())];
        self.file("bytes/members.tar", tar(&members), Fate::Indexed);
    }

    fn names(&mut self) {
        for name in [
            &b"names/new\nline.txt"[..],
            b"names/\x1b[2Jclear.txt",
            b"names/caf\xe9.txt",
            b"names/\xff\xfe\x80.txt",
            "names/\u{202E}txt.exe.txt".as_bytes(),
            "names/\u{9b}31m.txt".as_bytes(),
            b"names/-rf.txt",
            b"names/--help.txt",
            b"names/ .txt",
            b"names/=1+1.txt",
            b"names/a:1:b.txt",
            b"names/'\"$(x)`.txt",
            "names/\u{10FFFF}.txt".as_bytes(),
            b"names/tab\there.txt",
            "names/\u{2028}.txt".as_bytes(),
            b"names/\\x.txt",
        ] {
            self.file(OsStr::from_bytes(name), format!("{HONEST}\n"), Fate::Indexed);
        }
        self.file(OsStr::from_bytes(b"names/bad\xff\n.txt"), "", Fate::Skipped("empty"));
        self.file(OsStr::from_bytes(b"names/\x1b]0;x\x07.bin"), "x", Fate::Skipped("unknown format"));
        self.file(format!("names/{}.txt", "n".repeat(251)), format!("{HONEST}\n"), Fate::Indexed);
    }

    fn specials(&mut self) {
        let folder = self.root.join("special");
        fs::create_dir(&folder).unwrap();
        let fifo = folder.join("fifo.txt");
        assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let socket = folder.join("socket.txt");
        // The address of a socket has to be short.
        self.sockets.push(UnixListener::bind(&socket).unwrap());
        for path in [fifo, socket] {
            self.items.push((path, Fate::Skipped("not a file")));
        }
    }

    fn links(&mut self) {
        let folder = self.root.join("links");
        fs::create_dir(&folder).unwrap();
        let outside = self.root.parent().unwrap().with_file_name("outside");
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("secret.txt"), "A secret that lies outside of the collection.\n").unwrap();
        for (name, target) in [
            ("zero.txt", Path::new("/dev/zero")),
            ("full.txt", Path::new("/dev/full")),
            ("dangling.txt", Path::new("nowhere.txt")),
            ("self.txt", Path::new("self.txt")),
            ("one.txt", Path::new("two.txt")),
            ("two.txt", Path::new("one.txt")),
            ("up", Path::new("..")),
            ("here", Path::new(".")),
            ("outside", &outside),
            ("secret.txt", &outside.join("secret.txt")),
        ] {
            symlink(target, folder.join(name)).unwrap();
            self.items.push((folder.join(name), Fate::Skipped("symbolic link")));
        }
    }

    fn permissions(&mut self) {
        let file = self.file("closed/file.txt", HONEST, Fate::Skipped("unreadable"));
        fs::set_permissions(file, fs::Permissions::from_mode(0o0)).unwrap();
        let folder = self.root.join("closed/folder");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("inside.txt"), HONEST).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o0)).unwrap();
        self.items.push((folder, Fate::Skipped("unreadable")));
    }

    fn folders(&mut self) {
        for number in 0..self.sizes.folders {
            fs::create_dir_all(self.root.join(format!("empty/{number}"))).unwrap();
        }
        // By a shell, because the path gets longer than one can name.
        let script = "mkdir deepest && cd -P deepest && i=0 && while [ $i -lt \"$1\" ]; do \
             mkdir 0123456789 && cd -P 0123456789 && i=$((i+1)); done && echo \"$2\" > bottom.txt";
        let depth = self.sizes.nested_folders.to_string();
        let made =
            Command::new("sh").args(["-c", script, "sh", &depth, HONEST]).current_dir(&self.root).status();
        assert!(made.unwrap().success());
        let below = self.root.join("deepest").join("0123456789/".repeat(self.sizes.nested_folders));
        if below.as_os_str().len() + "bottom.txt".len() < 4096 {
            self.items.push((below.join("bottom.txt"), Fate::Indexed));
        }
    }
}

/// A billion laughs.
fn entities() -> String {
    let mut text = "<?xml version=\"1.0\"?><!DOCTYPE nitf [<!ENTITY a0 \"ha\">".to_owned();
    for level in 1..10 {
        let ten = format!("&a{};", level - 1).repeat(10);
        write!(text, "<!ENTITY a{level} \"{ten}\">").unwrap();
    }
    text + "]><nitf><body><p>&a9;</p></body></nitf>"
}

/// Parts of a message within each other.
fn parts(depth: usize) -> String {
    let mut text = "Subject: Parts\nMIME-Version: 1.0\n".to_owned();
    for level in 0..depth {
        write!(text, "Content-Type: multipart/mixed; boundary=\"b{level}\"\n\n--b{level}\n").unwrap();
    }
    text + "Content-Type: text/plain\n\nThe innermost text.\n"
}

/// Messages within each other.
fn messages(depth: usize) -> String {
    "Subject: Messages\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n".repeat(depth)
        + "Subject: In\n\nThe innermost text.\n"
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    piped("zstd", bytes).unwrap_or_else(|| gzip(bytes))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    piped("gzip", bytes).expect("gzip is on every system")
}

/// What a command makes of bytes; `None` where there is no such command.
fn piped(command: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let child = Command::new(command).arg("-c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        eprintln!("SKIPPED: bombs of {command}, which is not here");
        return None;
    };
    let mut stdin = child.stdin.take()?;
    let output = std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(bytes));
        child.wait_with_output()
    });
    Some(output.ok()?.stdout)
}

/// An archive in the plainest of forms.
fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, bytes) in members {
        let mut header = [0_u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[100..107].copy_from_slice(b"0000644");
        header[124..135].copy_from_slice(format!("{:011o}", bytes.len()).as_bytes());
        header[136..147].copy_from_slice(b"00000000000");
        header[148..156].copy_from_slice(b"        ");
        header[156] = b'0';
        header[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        archive.extend_from_slice(&header);
        archive.extend_from_slice(bytes);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}
