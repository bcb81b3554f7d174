//! A collection of articles that changes at random, and the model of what an index of it must hold.
//!
//! Every article has a number and a version, and a word that only this version of it has, in its headline and in its text.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use fastrand::Rng;

/// The folder of the articles, from where the program runs.
pub(crate) const ARTICLES: &str = "articles";

/// The word that all articles have.
pub(crate) const COMMON: &str = "harbour";

/// Files by path below the folder of articles, and the versions of what came from standard input by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Collection {
    pub(crate) files: BTreeMap<String, Vec<Version>>,
    pub(crate) standard_input: BTreeMap<u32, u32>,
    next: u32,
    /// Articles above which none comes without another going.
    most: usize,
}

/// A version of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    pub(crate) number: u32,
    pub(crate) version: u32,
}

/// An article as an index shows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Row {
    pub(crate) path: String,
    /// The article's own id; empty where it has none and the hash of its text serves.
    pub(crate) id: String,
    pub(crate) title: String,
}

/// Endings of files, and how many articles a new one of it has at the most.
const SHAPES: [(&str, u32); 6] =
    [("txt", 1), ("md", 1), ("html", 1), ("jsonl", 12), ("csv", 8), ("jsonl.gz", 10)];

impl Version {
    /// The word that no other version has.
    pub(crate) fn word(self) -> String {
        let letters =
            |number: u32| number.to_string().bytes().map(|digit| char::from(digit + 49)).collect::<String>();
        format!("q{}x{}", letters(self.number), letters(self.version))
    }

    fn title(self) -> String {
        format!("Report {} from the {COMMON}", self.word())
    }

    fn id(self) -> String {
        format!("report-{}", self.number)
    }

    /// Some sentences, more of them in some articles than in others.
    fn body(self) -> String {
        const WORDS: [&str; 16] = [
            "ferry",
            "captain",
            "Monday",
            "council",
            "storm",
            "bridge",
            "Oslo",
            "trade",
            "ministers",
            "grain",
            "court",
            "election",
            "harvest",
            "railway",
            "museum",
            "coast",
        ];
        let mut rng = Rng::with_seed(u64::from(self.number) << 32 | u64::from(self.version));
        let mut body = format!("The {COMMON} master wrote report {} on Monday.", self.word());
        for _ in 0..rng.u32(1..12) {
            let mut word = || WORDS[rng.usize(..WORDS.len())];
            let _ = write!(
                body,
                " The {} and the {} of the {} met the {} again.",
                word(),
                word(),
                word(),
                word()
            );
        }
        body
    }

    fn line(self) -> String {
        serde_json::json!({ "id": self.id(), "title": self.title(), "body": self.body() }).to_string() + "\n"
    }
}

impl Collection {
    /// So many articles, a few more perhaps, in files of all shapes; `beside` of them from standard input.
    pub(crate) fn new(articles: usize, beside: u32, rng: &mut Rng) -> Collection {
        let mut collection = Collection { most: articles + articles / 4, ..Collection::default() };
        while collection.len() < articles {
            collection.add_file(rng);
        }
        for _ in 0..beside {
            let number = collection.number();
            collection.standard_input.insert(number, 0);
        }
        collection
    }

    pub(crate) fn len(&self) -> usize {
        self.files.values().map(Vec::len).sum::<usize>() + self.standard_input.len()
    }

    /// All articles, with the paths of their files.
    pub(crate) fn versions(&self) -> BTreeSet<Version> {
        let beside = self.standard_input.iter().map(|(&number, &version)| Version { number, version });
        self.files.values().flatten().copied().chain(beside).collect()
    }

    /// What an index of the collection shows, sorted.
    pub(crate) fn rows(&self) -> Vec<Row> {
        let mut rows = Vec::with_capacity(self.len());
        for (path, versions) in &self.files {
            let has_ids = path.contains(".jsonl") || is(path, "csv");
            rows.extend(versions.iter().map(|version| Row {
                path: format!("{ARTICLES}/{path}"),
                id: if has_ids { version.id() } else { String::new() },
                title: version.title(),
            }));
        }
        rows.extend(self.standard_input.iter().map(|(&number, &version)| {
            let version = Version { number, version };
            Row { path: "-".to_owned(), id: version.id(), title: version.title() }
        }));
        rows.sort();
        rows
    }

    fn number(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    fn add_file(&mut self, rng: &mut Rng) {
        let (ending, most) = SHAPES[rng.usize(..SHAPES.len())];
        let first = self.number();
        let mut versions = vec![Version { number: first, version: 0 }];
        for _ in 1..rng.u32(1..=most) {
            versions.push(Version { number: self.number(), version: 0 });
        }
        let folder = ["", "north/", "south/deep/"][rng.usize(..3)];
        self.files.insert(format!("{folder}{first}.{ending}"), versions);
    }

    /// Some articles come, go, change, or move.
    pub(crate) fn change(&mut self, rng: &mut Rng) {
        for _ in 0..rng.usize(1..=1 + self.files.len() / 12) {
            match rng.u32(..10) {
                0 | 1 if self.len() < self.most => self.add_file(rng),
                0..=2 if self.files.len() > 8 => drop(self.remove_file(rng)),
                3 => self.rename_file(rng),
                _ => drop(self.change_file(rng, |_| true)),
            }
        }
    }

    fn any_path(&self, rng: &mut Rng, chosen: impl Fn(&str) -> bool) -> Option<String> {
        let paths: Vec<&String> = self.files.keys().filter(|path| chosen(path)).collect();
        (!paths.is_empty()).then(|| paths[rng.usize(..paths.len())].clone())
    }

    /// Takes a file away; its path.
    pub(crate) fn remove_file(&mut self, rng: &mut Rng) -> Option<String> {
        let path = self.any_path(rng, |_| true).filter(|_| self.files.len() > 2)?;
        self.files.remove(&path);
        Some(path)
    }

    fn rename_file(&mut self, rng: &mut Rng) {
        let Some(path) = self.any_path(rng, |_| true) else { return };
        let versions = self.files.remove(&path).unwrap();
        let name = path.rsplit('/').next().unwrap();
        self.files.insert(format!("moved-{}/{name}", rng.u32(..1000)), versions);
    }

    /// Changes some articles of a file, and takes one away or adds one where it may hold several; its path.
    pub(crate) fn change_file(&mut self, rng: &mut Rng, chosen: impl Fn(&str) -> bool) -> Option<String> {
        let path = self.any_path(rng, chosen)?;
        let holds_several = path.contains(".jsonl") || is(&path, "csv");
        let (number, has_room) = (self.number(), self.len() < self.most);
        let versions = self.files.get_mut(&path)?;
        let at = rng.usize(..versions.len());
        versions[at].version += 1;
        for version in versions.iter_mut().filter(|_| rng.u32(..4) == 0) {
            version.version += 1;
        }
        if holds_several && rng.bool() {
            if has_room && (rng.bool() || versions.len() == 1) {
                versions.insert(rng.usize(..=versions.len()), Version { number, version: 0 });
            } else if versions.len() > 1 {
                versions.remove(rng.usize(..versions.len()));
            }
        }
        Some(path)
    }

    /// Changes some of what came from standard input, and adds to it; what is to be read from there for that.
    pub(crate) fn change_standard_input(&mut self, rng: &mut Rng) -> String {
        let number = if self.len() < self.most { Some(self.number()) } else { None };
        let number = number.or_else(|| self.standard_input.keys().next().copied()).unwrap_or_default();
        let mut changed = vec![number];
        self.standard_input.entry(number).and_modify(|version| *version += 1).or_insert(0);
        for (&number, version) in &mut self.standard_input {
            if number != changed[0] && rng.u32(..4) == 0 {
                *version += 1;
                changed.push(number);
            }
        }
        let line = |number: u32| Version { number, version: self.standard_input[&number] }.line();
        changed.into_iter().map(line).collect()
    }

    /// What standard input must bring for all that came from there.
    pub(crate) fn all_standard_input(&self) -> String {
        self.standard_input.iter().map(|(&number, &version)| Version { number, version }.line()).collect()
    }

    /// Makes the files in a folder those of the collection, where it has those of `before`.
    pub(crate) fn write(&self, folder: &Path, before: &Collection) {
        for path in before.files.keys().filter(|path| !self.files.contains_key(*path)) {
            fs::remove_file(folder.join(path)).unwrap();
        }
        for (path, versions) in &self.files {
            if before.files.get(path) != Some(versions) {
                let file = folder.join(path);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, bytes(path, versions)).unwrap();
            }
        }
    }
}

fn is(path: &str, ending: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, end)| end == ending)
}

/// The bytes of a file.
pub(crate) fn bytes(path: &str, versions: &[Version]) -> Vec<u8> {
    let one = versions[0];
    let (title, body) = (one.title(), one.body());
    let lines = || versions.iter().map(|version| version.line()).collect::<String>();
    match path {
        _ if is(path, "txt") => format!("{title}\n\nMarch 22nd, 2023\n\n{body}\n").into_bytes(),
        _ if is(path, "md") => format!("# {title}\n\n{body}\n").into_bytes(),
        _ if is(path, "html") => format!(
            "<!doctype html><html><head><title>{title}</title></head>\
             <body><article><h1>{title}</h1><p>{body}</p></article></body></html>\n"
        )
        .into_bytes(),
        _ if is(path, "csv") => {
            let rows = versions.iter().map(|one| format!("{},{},{}\n", one.id(), one.title(), one.body()));
            format!("id,title,body\n{}", rows.collect::<String>()).into_bytes()
        }
        _ if is(path, "gz") => {
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packed.write_all(lines().as_bytes()).unwrap();
            packed.finish().unwrap()
        }
        _ => lines().into_bytes(),
    }
}
