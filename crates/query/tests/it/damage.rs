//! Damage is found, never served: files of an index are altered in all ways, and every answer is compared.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs::{self, File, FileTimes};
use std::path::{Path, PathBuf};
use std::sync::Once;

use engine::{CopiesRequest, Engine, Lookup, SearchRequest, Sort};
use fastrand::Rng;
use indexer::check;
use query::{LocalEngine, OpenError};
use schema::{Damage, Manifest, ManifestError};

use crate::support::{Collection, request};

thread_local! {
    /// Panics of this thread, caught or not.
    static PANICS: Cell<u64> = const { Cell::new(0) };
}

/// Counts the panics of every thread, and keeps those quiet that are counted.
fn count_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANICS.with(|panics| panics.set(panics.get() + 1));
            if panic.location().is_none_or(|place| place.file().contains("tests/it")) {
                usual(panic);
            }
        }));
    });
}

/// An index of several segments with deleted articles, standard input left out.
fn collection() -> Collection {
    let collection = Collection::new();
    let places = ["Moscow", "Kyiv", "Beijing", "Brussels", "Ankara", "Geneva"];
    let mut rng = Rng::with_seed(7);
    let mut words = |count: usize| -> String {
        let list =
            ["talks", "treaty", "energy", "the", "of", "and", "summit", "border", "grain", "friendship"];
        (0..count).flat_map(|_| [rng.choice(list).unwrap(), " "]).collect()
    };
    for round in 0..3 {
        for number in 0..20 {
            let place = places[number % places.len()];
            let text = format!(
                "Xi in {place}, meeting {round}.{number}\n\n{place}, March {} 2024 - {}Putin said \"of the {}\". NATO was silent.\n\n{}\n",
                number + 1,
                words(20),
                words(3),
                words(60)
            );
            collection.write(&format!("{round}-{number}.txt"), &text);
        }
        if round > 0 {
            collection
                .write(&format!("{}-3.txt", round - 1), "An article that was changed says nothing of it.\n");
            collection.remove(&format!("{}-4.txt", round - 1));
        }
        collection.write(
            &format!("{round}-copy.txt"),
            &"the same story told to everybody in many words ".repeat(5),
        );
        collection.update();
    }
    collection
}

/// What an index answers to searches of all kinds.
fn answers(engine: &LocalEngine) -> Result<Vec<String>, String> {
    let queries = [
        "xi",
        "putin AND nato",
        "moscow OR kyiv OR geneva",
        "\"putin said\"",
        "\"of the\"",
        "xi NEAR/5 moscow",
        "sum*",
        "*ship",
        "/tr.*ty/",
        "talks NOT border",
        "title:xi",
        "date:2024-03-02..2024-03-09",
        "grian~1",
        "silent WITHIN SENTENCE nato",
        "path:txt",
    ];
    let mut answers = Vec::new();
    let mut take = |answer: Result<String, engine::SearchError>| -> Result<(), String> {
        answers.push(answer.map_err(|error| chain(&error))?);
        Ok(())
    };
    for text in queries {
        let Some(query) = syntax::parse(text, &syntax::Options::default()).query else { continue };
        for sort in [Sort::Score, Sort::DateDescending] {
            let request = SearchRequest { sort, count: true, limit: 30, ..SearchRequest::new(query.clone()) };
            take(
                engine.search(&request).map(|response| format!("{:?} {:?}", response.hits, response.total)),
            )?;
        }
        take(engine.count(&query, Lookup::default()).map(|count| count.to_string()))?;
        take(engine.explain(&query, Lookup::default(), None).map(|explanation| format!("{explanation:?}")))?;
        take(engine.sitting().diagnose(&query, Lookup::default()).map(|_| String::new()))?;
    }
    take(
        engine
            .copies(&CopiesRequest { exact: false, limit: 9 })
            .map(|copies| format!("{:?}", copies.clusters)),
    )?;
    take(
        engine.stats().map(|stats| {
            format!("{} {} {} {:?}", stats.articles, stats.terms, stats.tokens, stats.languages)
        }),
    )?;
    let first = engine.search(&SearchRequest { limit: 3, ..request("xi") }).map_err(|error| chain(&error))?;
    for hit in first.hits {
        take(engine.articles(hit.id.as_ref(), 9).map(|articles| format!("{articles:?}")))?;
    }
    Ok(answers)
}

/// An error with all its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

/// Opens and asks everything.
fn ask(index: &Path) -> Result<Vec<String>, String> {
    let engine = LocalEngine::open(index).map_err(|error| chain(&error))?;
    answers(&engine)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// All files of an index but its locks.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            found.extend(files(&entry.path()));
        } else if !entry.file_name().to_string_lossy().ends_with(".lock") {
            found.push(entry.path());
        }
    }
    found.sort();
    found
}

/// What kind of file it is: its extension, or its name.
fn kind(path: &Path) -> String {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    for (prefix, kind) in
        [("words-", "words"), ("sources-", "ledger"), ("meta.json", "meta"), ("manifest", "manifest")]
    {
        if name.starts_with(prefix) {
            return kind.to_owned();
        }
    }
    path.extension().unwrap().to_string_lossy().into_owned()
}

/// Alters bytes in one of several ways; says how.
fn damage(bytes: &mut Vec<u8>, rng: &mut Rng) -> &'static str {
    let before = bytes.clone();
    loop {
        bytes.clone_from(&before);
        let at = if bytes.is_empty() { 0 } else { rng.usize(..bytes.len()) };
        let how = match rng.u32(..100) {
            0..45 if !bytes.is_empty() => {
                bytes[at] ^= 1 << rng.u32(..8);
                "a bit flipped"
            }
            0..65 if !bytes.is_empty() => {
                bytes[at] = rng.u8(..);
                "a byte replaced"
            }
            0..80 if !bytes.is_empty() => {
                let end = (at + rng.usize(1..600)).min(bytes.len());
                bytes[at..end].fill(0);
                "a run of zeros"
            }
            0..92 if !bytes.is_empty() => {
                bytes.truncate(at);
                "cut"
            }
            _ => {
                bytes.extend((0..rng.usize(1..40)).map(|_| rng.u8(..)));
                "added to"
            }
        };
        if *bytes != before {
            return how;
        }
    }
}

/// Kinds of files that protect themselves, and have no looks that could be set right.
const UNTABLED: [&str; 4] = ["ledger", "manifest", "meta", "words"];

/// What came of many damages.
#[derive(Debug, Default)]
struct Outcome {
    trials: BTreeMap<String, u64>,
    /// Found by `check`.
    found: u64,
    /// The index answered as before, or refused with the name of a file.
    same: u64,
    refused: u64,
    /// Not found by `check`, and answered as before.
    harmless: u64,
    /// Damage below the file system: other answers, and errors.
    hidden_wrong: u64,
    hidden_refused: u64,
    hidden_same: u64,
    hidden_panics_caught: u64,
}

/// Damages one file after the other and looks what comes of it. Each index is a copy whose looks have been noted.
fn damage_all(trials: u64, seed: u64) -> Outcome {
    count_panics();
    let (sound, mut rng, mut outcome) = (collection(), Rng::with_seed(seed), Outcome::default());
    let expected = ask(&sound.index).unwrap();
    let work = sound.folder.path().join("work");
    copy(&sound.index, &work);
    assert!(check(&work, 1, &|_, _| {}).unwrap().noted > 0, "a copy looks other than what was written");
    let all = files(&work);
    let mut kinds: BTreeMap<String, Vec<&PathBuf>> = BTreeMap::new();
    all.iter().for_each(|path| kinds.entry(kind(path)).or_default().push(path));
    let kinds: Vec<_> = kinds.into_iter().collect();
    for trial in 0..trials {
        let (kind, paths) = &kinds[trial as usize % kinds.len()];
        let path = *rng.choice(paths).unwrap();
        let whole = fs::read(path).unwrap();
        let mut bytes = whole.clone();
        let how = damage(&mut bytes, &mut rng);
        let told = format!("trial {trial} of seed {seed}: {} {how}", path.display());
        *outcome.trials.entry(kind.clone()).or_default() += 1;

        // The file is replaced, so that nothing that has it open is disturbed.
        replace(path, &bytes);
        let asked = ask(&work);
        match &asked {
            Ok(answers) => {
                assert!(*answers == expected, "{told}: a wrong answer");
                outcome.same += 1;
            }
            Err(error) => {
                assert!(error.contains(&*path.file_name().unwrap().to_string_lossy()), "{told}: {error}");
                outcome.refused += 1;
            }
        }
        assert_eq!(PANICS.with(Cell::get), 0, "{told}: a panic");
        let is_found = check(&work, 3, &|_, _| {}).map_or(true, |verdict| !verdict.is_sound());
        assert!(is_found || asked.is_ok(), "{told}: check finds nothing");
        outcome.found += u64::from(is_found);
        outcome.harmless += u64::from(!is_found);

        if trial.is_multiple_of(3) && bytes.len() == whole.len() && !UNTABLED.contains(&kind.as_str()) {
            hide(&work, path, &whole, &bytes, &expected, &told, &mut outcome);
        }
        replace(path, &whole);
        assert!(check(&work, 1, &|_, _| {}).unwrap().is_sound(), "{told}: not mended");
    }
    outcome
}

/// Puts a damaged file into place so that it looks as it was noted: what a disk does that loses bits.
fn hide(
    work: &Path,
    path: &Path,
    whole: &[u8],
    bytes: &[u8],
    expected: &[String],
    told: &str,
    outcome: &mut Outcome,
) {
    replace(path, whole);
    let verdict = check(work, 0, &|_, _| {}).unwrap();
    assert!(verdict.is_sound(), "{told}: not mended: {verdict:?}");
    overwrite_unseen(work, path, bytes);
    match ask(work) {
        Ok(answers) if answers == expected => outcome.hidden_same += 1,
        Ok(_) => outcome.hidden_wrong += 1,
        Err(_) => outcome.hidden_refused += 1,
    }
    outcome.hidden_panics_caught += PANICS.with(Cell::take);
    let verdict = check(work, 0, &|_, _| {});
    assert!(verdict.map_or(true, |verdict| !verdict.is_sound()), "{told}, unseen: check finds nothing");
}

fn replace(path: &Path, bytes: &[u8]) {
    let draft = path.with_extension("new");
    fs::write(&draft, bytes).unwrap();
    fs::rename(draft, path).unwrap();
}

/// Alters a file, and the table so that the file seems not to have been altered. Times of the last change of what is known of a file
/// cannot be set back, so it is the table that is set forward.
fn overwrite_unseen(work: &Path, path: &Path, bytes: &[u8]) {
    replace(path, bytes);
    let folder = path.parent().unwrap();
    let Ok(commit) = schema::Commit::read(folder) else { return };
    let name = path.file_name().unwrap().to_string_lossy();
    let mut files = commit.files.unwrap();
    let Some(row) = files.iter_mut().find(|row| row.name == name) else { return };
    row.stamp = schema::Stamp::of(&fs::metadata(path).unwrap());
    assert!(folder.starts_with(work));
    replace(&folder.join(schema::META_FILE), &schema::Commit::with_files(&commit.bytes, files).unwrap());
}

#[test]
fn damage_of_every_file_is_found_and_never_served() {
    let outcome = damage_all(60, 1);
    assert!(
        outcome.refused > 30 && outcome.same > 3 && outcome.hidden_refused + outcome.hidden_wrong > 0,
        "{outcome:?}"
    );
}

/// The long run: `DAMAGES=5000 cargo test --release -p query --test it thousands_of_damages -- --ignored --nocapture`.
#[test]
#[ignore = "takes minutes"]
fn thousands_of_damages_are_found_and_never_served() {
    let number =
        |name: &str, default| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    println!("{:#?}", damage_all(number("DAMAGES", 5000), number("SEED", 2)));
}

/// The fault of the file that a search is refused for.
fn refusal(index: &Path) -> Damage {
    match LocalEngine::open(index).err().expect("a damaged index is refused") {
        OpenError::Damaged(damage) | OpenError::Manifest(ManifestError::Damaged(damage)) => damage,
        other => panic!("{other}"),
    }
}

fn segment_file(collection: &Collection, extension: &str) -> PathBuf {
    files(&collection.index).into_iter().find(|path| kind(path) == extension).unwrap()
}

#[test]
fn a_search_names_the_file_and_what_is_wrong_with_it() {
    let collection = collection();
    let path = segment_file(&collection, "idx");
    let whole = fs::read(&path).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 4;
    for (bytes, expected) in
        [(&flipped[..], "checksum"), (&whole[..9], "has 9 bytes instead of"), (&[][..], "has 0 bytes")]
    {
        fs::write(&path, bytes).unwrap();
        let damage = refusal(&collection.index);
        assert_eq!(damage.path, path);
        assert!(damage.to_string().contains(expected), "{damage}");
    }
    fs::remove_file(&path).unwrap();
    assert!(refusal(&collection.index).to_string().ends_with("is missing"));
    fs::write(&path, &whole).unwrap();
    ask(&collection.index).unwrap();
}

#[test]
fn setting_back_the_time_of_an_altered_file_does_not_hide_it() {
    let collection = collection();
    let path = segment_file(&collection, "texts");
    let before = fs::metadata(&path).unwrap().modified().unwrap();
    let mut bytes = fs::read(&path).unwrap();
    bytes[30] ^= 1;
    fs::write(&path, bytes).unwrap();
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_times(FileTimes::new().set_modified(before))
        .unwrap();
    assert_eq!(refusal(&collection.index).path, path);
}

#[test]
fn a_copied_index_is_sound_and_check_notes_how_it_looks() {
    let collection = collection();
    let copied = collection.folder.path().join("copied");
    copy(&collection.index, &copied);
    assert_eq!(ask(&copied), ask(&collection.index));
    let verdict = check(&copied, 1000, &|_, _| {}).unwrap();
    assert!(verdict.is_sound() && verdict.noted > 10, "{verdict:?}");
    assert_eq!(verdict.compared, verdict.articles);
    assert_eq!(check(&copied, 10, &|_, _| {}).unwrap().noted, 0);
    assert_eq!(ask(&copied), ask(&collection.index));
}

#[test]
fn an_update_does_not_copy_what_is_damaged() {
    let collection = collection();
    let path = segment_file(&collection, "pos");
    let whole = fs::read(&path).unwrap();
    let mut bytes = whole.clone();
    bytes[3] ^= 0x40;
    fs::write(&path, bytes).unwrap();
    collection.write("new.txt", "One more article about the talks between Xi and Putin in Moscow.");
    let config = indexer::Config::new(collection.index.clone(), vec![collection.articles()]);
    for outcome in [
        indexer::update(&config, &|_: &indexer::Event<'_>| {}).map(drop),
        indexer::optimize(&collection.index).map(drop),
        indexer::remove(&collection.index, &[collection.articles()]).map(drop),
    ] {
        let error = outcome.unwrap_err();
        assert!(matches!(&error, indexer::IndexError::Damaged(damage) if damage.path == path), "{error}");
    }
    fs::write(&path, whole).unwrap();
    assert_eq!(collection.update().indexed, 1);
}

#[test]
fn files_that_belong_to_nothing_are_named_and_no_error() {
    let collection = collection();
    let manifest = Manifest::read(&collection.index).unwrap();
    let stray = manifest.generation.folder(&collection.index).join("notes.bak");
    fs::write(&stray, "mine").unwrap();
    let verdict = check(&collection.index, 10, &|_, _| {}).unwrap();
    assert!(verdict.is_sound());
    assert_eq!(verdict.remarks.iter().map(|finding| &finding.path).collect::<Vec<_>>(), [&stray]);
}
