//! Copies of articles: on a labelled set of wire copies, in indexes of several segments, and within a time.
//!
//! The labelled set is made from Reuters-21578. Of stories of at least 100 words, copies are made as papers make them: edited
//! (5 to 10 % of the words replaced, dropped or put in), cut (to 50 to 80 %), put between the words of an agency, and by two
//! of these at once. Pairs of a story's versions are to be found, all other pairs are not, those of stories on one event among them.
//!
//! The newswire itself has stories that were sent again, corrected or longer, which nobody has labelled. A pair of stories that had
//! half of the shorter one in common before anything was copied, counted exactly, is therefore left out, found or not. Of sixteen of
//! them looked at by hand, twelve were one story sent twice and four were notices after one form. Pairs below a half that come
//! together, as by a chain of such notices, count as wrong.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::time::Duration;

use engine::{Cluster, CopiesRequest, Engine, SearchError, SearchRequest};
use fastrand::Rng;
use indexer::optimize;
use query::LocalEngine;
use serde_json::json;

use crate::support::{Collection, request, shared};

const ALL: CopiesRequest = CopiesRequest { exact: false, limit: usize::MAX };

const AGENCY: [&str; 4] = [
    "The following report was distributed by an agency for subscribers in the region and may be printed in full or in part.",
    "From our correspondents and the news desks of two agencies; an earlier version of this story was corrected in the second \
     paragraph.",
    "This story is from the wire and has not been edited by our staff, except for the headline and the length of some lines.",
    "WIRE SERVICE REPORT. For release in morning papers of the day after. Not to be used by broadcasters before six in the morning.",
];

const ENDS: [&str; 3] = [
    "Reporting by staff in three cities, editing by the night desk.",
    "Copyright of the agency; reproduction without its consent in writing is not allowed.",
    "For more on this story see the business pages of the evening edition.",
];

/// Bodies of stories that have one.
fn stories(files: usize) -> Option<Vec<String>> {
    let folder = shared("data/news/reuters21578")?;
    let mut stories = Vec::new();
    for file in 0..files {
        let bytes = fs::read(folder.join(format!("reut2-{file:03}.sgm"))).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let bodies = text.split("<BODY>").skip(1).filter_map(|part| part.split("&#3;").next());
        let plain = |body: &str| body.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        stories.extend(bodies.map(plain));
    }
    Some(stories)
}

/// Makes copies.
struct Press {
    random: Rng,
    /// Words that editors put in.
    words: Vec<String>,
}

impl Press {
    fn edited(&mut self, text: &str) -> String {
        let part = 0.05 + self.random.f64() * 0.05;
        let mut words: Vec<&str> = Vec::new();
        for word in text.split_whitespace() {
            if self.random.f64() >= part {
                words.push(word);
                continue;
            }
            let other = &self.words[self.random.usize(..self.words.len())];
            match self.random.u8(..3) {
                0 => words.push(other),
                1 => words.extend([word, other]),
                _ => {} // dropped
            }
        }
        words.join(" ")
    }

    fn cut(&mut self, text: &str) -> String {
        let words: Vec<&str> = text.split_whitespace().collect();
        let part = 0.5 + self.random.f64() * 0.3;
        words[..(words.len() as f64 * part).ceil() as usize].join(" ")
    }

    fn wrapped(&mut self, text: &str) -> String {
        let (before, after) = (self.random.usize(..AGENCY.len()), self.random.usize(..ENDS.len()));
        format!("{}\n\n{text}\n\n{}", AGENCY[before], ENDS[after])
    }

    fn copy(&mut self, kind: &str, text: &str) -> String {
        match kind {
            "edited" => self.edited(text),
            "cut" => self.cut(text),
            "wrapped" => self.wrapped(text),
            "edited, cut" => {
                let text = self.edited(text);
                self.cut(&text)
            }
            "edited, wrapped" => {
                let text = self.edited(text);
                self.wrapped(&text)
            }
            _ => {
                let text = self.cut(text);
                self.wrapped(&text)
            }
        }
    }
}

const KINDS: [&str; 6] = ["edited", "cut", "wrapped", "edited, cut", "edited, wrapped", "cut, wrapped"];

/// The part of the runs of four words of the shorter text that the longer one has, counted.
fn overlap(a: &str, b: &str) -> f64 {
    let runs = |text: &str| -> HashSet<Vec<String>> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let words: Vec<String> = words.map(str::to_lowercase).collect();
        words.windows(4).map(<[String]>::to_vec).collect()
    };
    let (a, b) = (runs(a), runs(b));
    a.intersection(&b).count() as f64 / a.len().min(b.len()).max(1) as f64
}

/// The number of the story that an article is a version of: `00012-1` is a copy of `00012`.
fn story_of(id: &str) -> usize {
    id[..5].parse().unwrap()
}

/// Stories and their copies, one a line of JSON, and the pairs that are to be found.
struct Labelled {
    records: String,
    /// By the kind of copy.
    pairs: BTreeMap<&'static str, Vec<(String, String)>>,
    /// How many stories have copies.
    copied: usize,
}

/// Every second story of at least 100 words has one copy or two.
fn labelled(stories: &[String]) -> Labelled {
    let words = stories.iter().flat_map(|story| story.split_whitespace().map(str::to_owned));
    let mut press = Press { random: Rng::with_seed(1987), words: words.step_by(11).collect() };
    let mut set = Labelled { records: String::new(), pairs: BTreeMap::new(), copied: 0 };
    let record = |id: &str, body: &str| json!({ "id": id, "body": body }).to_string() + "\n";
    for (number, story) in stories.iter().enumerate() {
        let id = format!("{number:05}");
        set.records += &record(&id, story);
        if story.split_whitespace().count() < 100 || number % 2 == 1 {
            continue;
        }
        let mut versions = vec![id.clone()];
        for copy in 0..=set.copied % 2 {
            let kind = KINDS[(set.copied + copy * 2) % KINDS.len()];
            let id = format!("{number:05}-{copy}");
            set.records += &record(&id, &press.copy(kind, story));
            let wanted = versions.iter().map(|version| (version.clone(), id.clone()));
            set.pairs.entry(if copy == 0 { kind } else { "two copies" }).or_default().extend(wanted);
            versions.push(id);
        }
        set.copied += 1;
    }
    set
}

/// How many pairs of versions came together, and how many there are. For no kind of copy are many missed.
fn found(set: &Labelled, clusters: &[Cluster]) -> (usize, usize) {
    let members = (0..).zip(clusters).flat_map(|(number, cluster)| {
        cluster.articles.iter().map(move |article| (article.id.as_str(), number))
    });
    let cluster_of: HashMap<&str, usize> = members.collect();
    let (mut found, mut wanted) = (0, 0);
    for (kind, pairs) in &set.pairs {
        let together = |(a, b): &&(String, String)| {
            cluster_of.get(a.as_str()).is_some_and(|cluster| cluster_of.get(b.as_str()) == Some(cluster))
        };
        let right = pairs.iter().filter(together).count();
        println!("{kind}: {right} of {} pairs found", pairs.len());
        assert!(right as f64 > 0.95 * pairs.len() as f64, "{kind}: {right} of {}", pairs.len());
        found += right;
        wanted += pairs.len();
    }
    (found, wanted)
}

/// The pairs of versions of two stories that came together: those of unlike stories, and how many there are of stories that were
/// alike before.
fn others<'a>(stories: &[String], clusters: &'a [Cluster]) -> (Vec<(f64, &'a str, &'a str)>, usize) {
    let (mut wrong, mut alike) = (Vec::new(), 0);
    for cluster in clusters {
        let ids: Vec<&str> = cluster.articles.iter().map(|article| article.id.as_str()).collect();
        for (place, a) in ids.iter().enumerate() {
            for b in ids[..place].iter().filter(|b| story_of(a) != story_of(b)) {
                let overlap = overlap(&stories[story_of(a)], &stories[story_of(b)]);
                if overlap >= 0.5 { alike += 1 } else { wrong.push((overlap, *a, *b)) }
            }
        }
    }
    (wrong, alike)
}

#[test]
fn wire_copies_are_told_from_other_articles() {
    let Some(stories) = stories(6) else { return };
    let set = labelled(&stories);
    let collection = Collection::new();
    collection.write("wire.jsonl", &set.records);
    collection.update();
    let clusters = collection.engine().copies(&ALL).unwrap().clusters;
    let (found, wanted) = found(&set, &clusters);
    let (wrong, alike) = others(&stories, &clusters);
    let part = |of: usize| found as f64 / of as f64;
    let (recall, precision) = (part(wanted), part(found + wrong.len()));
    println!(
        "{} stories, {} of them with copies: recall {recall:.4}, precision {precision:.4}",
        stories.len(),
        set.copied
    );
    println!(
        "if {alike} pairs of stories that were alike before are wrong: {:.4}",
        part(found + wrong.len() + alike)
    );
    let opening = |id: &str| stories[story_of(id)].chars().take(100).collect::<String>().replace('\n', " ");
    for (overlap, a, b) in wrong.iter().step_by(wrong.len() / 8 + 1) {
        println!("{overlap:.2} {a} {}\n     {b} {}", opening(a), opening(b));
    }
    assert!(recall > 0.95 && precision > 0.95, "recall {recall:.4}, precision {precision:.4}");
}

const REPORT: &str = "The river left its banks on Thursday after two days of rain, and the lower part of the town stood under \
    water until the evening. Nobody was hurt, the mayor said, but the bridge at the mill would stay closed to all traffic until \
    engineers have looked at its northern pier, which the current had hit with trunks of trees.";

fn ids(engine: &LocalEngine, request: CopiesRequest) -> Vec<String> {
    let clusters = engine.copies(&request).unwrap().clusters;
    let ids = |cluster: &Cluster| {
        cluster.articles.iter().map(|article| article.id.as_str()).collect::<Vec<_>>().join(" ")
    };
    clusters.iter().map(ids).collect()
}

fn folded(engine: &LocalEngine, query: &str) -> (Vec<u64>, u64, Option<u64>) {
    let response = engine.search(&SearchRequest { fold: true, ..request(query) }).unwrap();
    let total = response.total.unwrap();
    (response.hits.iter().map(|hit| hit.copies.unwrap()).collect(), total.articles, total.folded)
}

#[test]
fn copies_are_found_across_segments_and_not_when_they_are_gone() {
    let collection = Collection::new();
    let record = |id: &str, body: &str| json!({ "id": id, "body": body }).to_string();
    let wrapped = format!("{} {REPORT}", AGENCY[0]);
    for (id, body) in [("a", REPORT), ("b", &wrapped), ("c", &REPORT.replace("mayor", "governor"))] {
        collection.write(&format!("{id}.json"), &record(id, body));
        collection.update();
    }
    let engine = collection.engine();
    assert!(engine.stats().unwrap().segments > 1);
    assert_eq!(ids(&engine, ALL), ["a b c"]);
    assert_eq!(folded(&engine, "river"), (vec![2], 3, Some(1)));
    assert_eq!(folded(&engine, "governor"), (vec![0], 1, Some(1)));

    collection.remove("b.json");
    collection.update();
    assert_eq!(ids(&collection.engine(), ALL), ["a c"]);
    assert_eq!(folded(&collection.engine(), "river"), (vec![1], 2, Some(1)));
    optimize(&collection.index).unwrap();
    assert_eq!(ids(&collection.engine(), ALL), ["a c"]);
}

#[test]
fn exact_copies_have_one_id_and_one_text() {
    let collection = Collection::new();
    let short = "A few words of a notice.";
    for (name, text) in
        [("1", REPORT), ("2", REPORT), ("3", &REPORT.to_uppercase()), ("4", short), ("5", short)]
    {
        collection.write(&format!("{name}.txt"), text);
    }
    collection.write(
        "same.jsonl",
        &["one body", REPORT].map(|body| json!({ "id": "x", "body": body }).to_string()).join("\n"),
    );
    collection.update();
    let engine = collection.engine();
    let exact = engine.copies(&CopiesRequest { exact: true, ..ALL }).unwrap();
    assert_eq!((exact.count, exact.articles), (2, 4), "they are listed however short they are");
    assert!(exact.clusters.iter().flat_map(|cluster| &cluster.articles).all(|article| article.exact));
    let near = engine.copies(&ALL).unwrap();
    assert_eq!(
        (near.count, near.articles),
        (2, 6),
        "an id that two articles were given does not make them copies"
    );
    assert_eq!(near.clusters[0].articles.iter().filter(|article| article.exact).count(), 2);
}

#[test]
fn a_corrected_word_makes_another_text_even_where_the_sketch_is_the_same() {
    let collection = Collection::new();
    let text = |changed: usize| {
        let word = |number| if number == changed { "correction".to_owned() } else { format!("word{number}") };
        (0..900).map(word).collect::<Vec<_>>().join(" ")
    };
    let versions =
        [900, 7, 300, 411, 500, 603, 702, 801].map(|changed| json!({ "id": "x", "body": text(changed) }));
    let earlier = json!({ "id": "x", "body": text(900), "date": "2022-03-01" });
    let lines = versions.iter().chain([&earlier]).map(ToString::to_string).collect::<Vec<_>>();
    collection.write("a.jsonl", &lines.join("\n"));
    collection.update();
    let engine = collection.engine();
    let exact = engine.copies(&CopiesRequest { exact: true, ..ALL }).unwrap();
    assert_eq!((exact.count, exact.articles), (1, 2), "{exact:?}");
    let near = engine.copies(&ALL).unwrap();
    assert_eq!((near.count, near.articles), (1, 9));
    assert_eq!(near.clusters[0].articles.iter().filter(|article| article.exact).count(), 2);
}

#[test]
fn folding_and_listing_keep_to_their_time() {
    let collection = Collection::new();
    collection.write("a.txt", REPORT);
    collection.write("b.txt", REPORT);
    collection.update();
    let engine = collection.engine().with_timeout(Some(Duration::ZERO));
    assert!(matches!(engine.copies(&ALL), Err(SearchError::TimedOut(_))));
    let fold = SearchRequest { fold: true, ..request("river") };
    assert!(matches!(engine.search(&fold), Err(SearchError::TimedOut(_))));
}
