//! What an index holds after files were added, changed, renamed and removed.

use std::fs;

use engine::{Engine, Lookup, SearchRequest};
use indexer::{Config, Event, IndexError, update};
use schema::SCHEMA_VERSION;

use crate::support::{Collection, files, request, seeds};

fn found(collection: &Collection, query: &str) -> String {
    let names = files(&collection.engine(), &request(query), '.').unwrap();
    names.into_iter().collect::<Vec<_>>().join(" ")
}

#[test]
fn an_update_indexes_what_is_new_replaces_what_changed_and_removes_what_is_gone() {
    let collection = Collection::new();
    collection.write("a.txt", "Xi met Putin in Moscow on Tuesday for the first of several long talks.");
    collection.write("b.txt", "NATO met in Madrid and spoke of many things until late in the evening.");
    let report = collection.update();
    assert_eq!((report.found, report.indexed, report.articles), (2, 2, 2));

    let report = collection.update();
    assert_eq!((report.found, report.indexed, report.unchanged), (2, 0, 2));

    collection.write("a.txt", "Xi met Lukashenko in Minsk on Friday for the second of several long talks.");
    collection.write("c.txt", "NATO met in Vilnius and spoke of many more things until late in the evening.");
    collection.remove("b.txt");
    let report = collection.update();
    assert_eq!((report.indexed, report.replaced, report.removed, report.articles), (2, 1, 1, 2));
    assert_eq!(found(&collection, "Xi"), "a");
    assert_eq!(found(&collection, "Putin"), "");
    assert_eq!(found(&collection, "Lukashenko"), "a");
    assert_eq!(found(&collection, "NATO"), "c");
}

#[test]
fn of_a_file_of_records_only_those_that_changed_are_indexed_again() {
    let collection = Collection::new();
    let record = |id: usize, body: &str| format!("{{\"id\":\"{id}\",\"body\":\"{body}\"}}\n");
    let mut records: Vec<String> = (0..50).map(|id| record(id, &format!("word{id} in common"))).collect();
    collection.write("all.jsonl", &records.concat());
    assert_eq!(collection.update().indexed, 50);

    records[7] = record(7, "changed in common");
    records.push(record(50, "word50 in common"));
    collection.write("all.jsonl", &records.concat());
    let report = collection.update();
    assert_eq!((report.indexed, report.replaced, report.unchanged, report.articles), (2, 1, 49, 51));
    let count = |query| collection.engine().count(&request(query).query, engine::Lookup::default()).unwrap();
    assert_eq!((count("common"), count("word7"), count("changed"), count("word50")), (51, 0, 1, 1));
}

#[test]
fn a_copy_takes_the_place_of_what_it_is_a_copy_of() {
    let collection = Collection::new();
    let text = "Xi met Putin in Moscow on Tuesday for the first of several long talks.";
    collection.write("a.txt", text);
    collection.write("copy.txt", text);
    collection.update();
    let response = collection.engine().search(&request("Xi")).unwrap();
    assert_eq!((response.hits.len(), response.hits[0].also.len()), (1, 1));
    collection.remove("a.txt");
    assert_eq!(collection.update().removed, 1);
    assert_eq!(found(&collection, "Xi"), "copy");
}

#[test]
fn what_is_gone_does_not_weigh_in_scores_for_long() {
    let collection = Collection::new();
    for number in 0..30 {
        collection.write(&format!("{number}.txt"), &format!("A stone.\n\nStone {number} is a stone.\n"));
    }
    collection.write("apple.txt", "An apple.\n\nThe text is of an apple.\n");
    collection.write("stone.txt", "A stone.\n\nThe text is of a stone.\n");
    collection.update();
    (0..30).for_each(|number| collection.remove(&format!("{number}.txt")));
    assert_eq!(collection.update().removed, 30);
    let fresh = Collection::of(&[&collection.articles()]);
    let scores = |collection: &Collection| -> Vec<_> {
        let hits = collection.engine().search(&request("apple OR stone")).unwrap().hits;
        hits.into_iter().map(|hit| (hit.source.path, hit.score)).collect()
    };
    assert_eq!(scores(&collection), scores(&fresh));
}

#[test]
fn a_missing_root_takes_nothing_away() {
    let collection = Collection::new();
    collection.write("a.txt", "Xi met Putin in Moscow on Tuesday for the first of several long talks.");
    collection.update();
    let elsewhere = collection.folder.path().join("elsewhere");
    fs::rename(collection.articles(), &elsewhere).unwrap();
    let report = collection.update();
    assert_eq!((report.removed, report.kept, report.articles), (0, 1, 1));
}

#[test]
fn readers_keep_the_state_they_opened_and_a_rebuild_replaces_the_index_at_once() {
    let collection = Collection::new();
    collection.write("a.txt", "Xi met Putin in Moscow on Tuesday for the first of several long talks.");
    collection.update();
    let before = collection.engine();
    collection.write("b.txt", "Xi met Modi in Kazan on Wednesday for the first of several short talks.");
    let rebuild = Config { rebuild: true, ..Config::new(collection.index.clone(), Vec::new()) };
    let report = update(&rebuild, &|_: &Event<'_>| {}).unwrap();
    assert_eq!((report.indexed, report.articles), (2, 2));
    assert_eq!(before.count(&request("Xi").query, engine::Lookup::default()).unwrap(), 1);
    assert_eq!(before.search(&request("Putin")).unwrap().hits.len(), 1);
    assert_eq!(found(&collection, "Xi"), "a b");
    let generations =
        fs::read_dir(&collection.index).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_dir());
    assert_eq!(generations.count(), 1);
}

#[test]
fn a_second_writer_is_told_who_is_first() {
    let collection = Collection::new();
    collection.write("a.txt", "Xi met Putin in Moscow on Tuesday for the first of several long talks.");
    collection.update();
    let config = Config::new(collection.index.clone(), vec![collection.articles()]);
    collection.write("b.txt", "Xi met Modi in Kazan on Wednesday for the first of several short talks.");
    let second = std::sync::Mutex::new(None);
    update(&config, &|_: &Event<'_>| {
        second.lock().unwrap().get_or_insert_with(|| update(&config, &|_: &Event<'_>| {}).unwrap_err());
    })
    .unwrap();
    let error = second.into_inner().unwrap().unwrap();
    assert!(matches!(&error, IndexError::Busy { holder, .. } if holder.contains("process")), "{error}");
}

#[test]
fn an_index_of_another_version_is_refused() {
    let collection = Collection::new();
    collection.write("a.txt", "Xi met Putin in Moscow on Tuesday for the first of several long talks.");
    collection.update();
    let manifest = collection.index.join("manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let version = |number: u32| format!("\"schema_version\": {number}");
    let (text, _) = text.rsplit_once(",\n  \"checksum\"").unwrap();
    let other = format!("{}}}", text.replace(&version(SCHEMA_VERSION), &version(999)));
    fs::write(&manifest, schema::seal(other.as_bytes()).unwrap()).unwrap();
    let error = query::LocalEngine::open(&collection.index).err().unwrap().to_string();
    assert!(error.contains("999"), "{error}");
    let config = Config::new(collection.index.clone(), vec![collection.articles()]);
    assert!(update(&config, &|_: &Event<'_>| {}).is_err());
    let kept = fs::read(collection.index.join("generation-1/meta.json")).unwrap();
    assert!(update(&Config { rebuild: true, ..config }, &|_: &Event<'_>| {}).is_ok());
    assert_eq!(found(&collection, "Xi"), "a");
    assert_eq!(
        fs::read(collection.index.join("damaged-1/meta.json")).unwrap(),
        kept,
        "what is not known is kept"
    );
}

#[test]
fn equal_records_of_one_line_are_counted_once_each() {
    let collection = Collection::new();
    collection.write("x.json", r#"[{"id":"a","text":"hello same"},{"id":"a","text":"hello same"}]"#);
    for indexed in [2, 0, 0] {
        let report = collection.update();
        assert_eq!((report.indexed, report.duplicates, report.articles), (indexed, indexed / 2, 1));
        assert_eq!(collection.engine().stats().unwrap().places, 2);
    }
}

#[test]
fn what_was_asked_for_by_name_stays_when_its_folder_is_asked_for() {
    let collection = Collection::new();
    collection.write(".hidden.txt", "Xi met Putin in Moscow on Tuesday for the first of several long talks.");
    collection.write("a.txt", "Xi met Modi in Kazan on Wednesday for the first of several short talks.");
    let hidden = collection.articles().join(".hidden.txt");
    update(&Config::new(collection.index.clone(), vec![hidden.clone()]), &|_: &Event<'_>| {}).unwrap();
    assert_eq!((collection.update().removed, found(&collection, "Putin").as_str()), (0, ""));
    assert_eq!(collection.engine().count(&request("Xi").query, engine::Lookup::default()).unwrap(), 2);
    fs::remove_file(hidden).unwrap();
    assert_eq!(collection.update().removed, 1);
}

#[test]
fn a_file_has_one_name_however_its_path_is_spelt() {
    let collection = Collection::new();
    collection.write("a.txt", "Xi met Putin in Moscow on Tuesday for the first of several long talks.");
    collection.update();
    let crooked = collection.articles().join("../articles");
    let report = update(&Config::new(collection.index.clone(), vec![crooked]), &|_: &Event<'_>| {}).unwrap();
    assert_eq!(report.articles, 1);
}

#[test]
fn the_index_is_no_article_even_inside_the_collection() {
    let collection = Collection::new();
    collection.write("a.txt", "Xi met Putin in Moscow on Tuesday for the first of several long talks.");
    let index = collection.articles().join("sub/../index");
    fs::create_dir(collection.articles().join("sub")).unwrap();
    for _ in 0..2 {
        let config = Config::new(index.clone(), vec![collection.articles().join("sub/..")]);
        let report = update(&config, &|_: &Event<'_>| {}).unwrap();
        assert_eq!((report.found, report.skipped_total()), (1, 0));
    }
}

#[test]
fn a_file_that_became_something_else_is_gone() {
    let collection = Collection::new();
    collection.write("a.txt", "Xi met Putin in Moscow on Tuesday for the first of several long talks.");
    collection.update();
    collection.remove("a.txt");
    fs::create_dir(collection.articles().join("a.txt")).unwrap();
    assert_eq!((collection.update().removed, found(&collection, "Xi").as_str()), (1, ""));
}

#[test]
fn a_path_that_is_not_there_makes_no_index() {
    let collection = Collection::new();
    let config = Config::new(collection.index.clone(), vec![collection.folder.path().join("artcles")]);
    let error = update(&config, &|_: &Event<'_>| {}).unwrap_err();
    assert!(matches!(error, IndexError::NoSuchPath(_)), "{error}");
    assert!(!collection.index.exists());
}

#[test]
fn an_article_that_is_all_noise_is_an_article_after_all() {
    let collection = Collection::new();
    collection.write(
        "all.jsonl",
        "{\"body\":\"Read more: Xi meets NATO chief\"}\n{\"body\":\"Subscribe to our newsletter\"}\n",
    );
    collection.write(
        "song.txt",
        "First line.\n\nwe will rock you we will rock you we will rock you\n\nEnd of it.\n",
    );
    collection.update();
    for query in ["NATO", "newsletter", "rock"] {
        assert_eq!(
            collection.engine().count(&request(query).query, engine::Lookup::default()).unwrap(),
            1,
            "{query}"
        );
    }
}

#[test]
fn a_line_without_end_is_shown_in_part() {
    let collection = Collection::new();
    collection.write("long.txt", &"apple pear ".repeat(30_000));
    collection.update();
    for query in ["apple", "\"apple pear\"", "apple NEAR/5 pear", "apple SENTENCE pear", "\"apple apple\"~20"]
    {
        let response = collection.engine().search(&request(query)).unwrap();
        let fragment = &response.hits[0].fragments[0];
        assert!(!fragment.highlights.is_empty() && fragment.text.len() < 2_000, "{query}: {fragment:?}");
    }
}

#[test]
fn damaged_files_are_an_error_and_never_a_panic() {
    let collection = Collection::new();
    for number in 0..40 {
        collection.write(
            &format!("{number}.txt"),
            &format!("Xi met Putin in town {number} for {} long talks.", number % 7),
        );
    }
    // One thread, so that the files and what the flips do are the same in every run.
    let config = Config { threads: 1, ..Config::new(collection.index.clone(), vec![collection.articles()]) };
    update(&config, &|_: &Event<'_>| {}).unwrap();
    let generation = collection.index.join("generation-1");
    let files: Vec<_> = fs::read_dir(&generation).unwrap().map(|entry| entry.unwrap().path()).collect();
    for path in files.iter().filter(|path| path.is_file()) {
        let whole = fs::read(path).unwrap();
        for step in 0..24 {
            let mut bytes = whole.clone();
            if bytes.is_empty() {
                continue;
            }
            let place = step * bytes.len() / 24;
            if step % 2 == 0 {
                bytes[place] ^= 1 << (step % 8);
            } else {
                bytes.truncate(place);
            }
            fs::write(path, &bytes).unwrap();
            let Ok(engine) = query::LocalEngine::open(&collection.index) else { continue };
            for text in ["Xi", "\"met Putin\" NOT town", "Xi NEAR/4 talks"] {
                let _ = engine.search(&request(text));
            }
            let _ = engine.stats();
        }
        fs::write(path, &whole).unwrap();
    }
    assert_eq!(collection.engine().count(&request("Xi").query, engine::Lookup::default()).unwrap(), 40);
}

#[test]
fn a_rebuild_reads_all_roots_and_refuses_to_lose_any() {
    let collection = Collection::new();
    collection.write("a.txt", "Xi met Putin in Moscow on Tuesday for the first of several long talks.");
    collection.update();
    let other = collection.folder.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("b.txt"), "Xi met Modi in Kazan on Wednesday for the first of several short talks.")
        .unwrap();
    let rebuild = Config { rebuild: true, ..Config::new(collection.index.clone(), vec![other]) };
    assert_eq!(update(&rebuild, &|_: &Event<'_>| {}).unwrap().articles, 2);
    fs::rename(collection.articles(), collection.folder.path().join("elsewhere")).unwrap();
    let error = update(&rebuild, &|_: &Event<'_>| {}).unwrap_err();
    assert!(matches!(&error, IndexError::WouldLose { what } if what.contains("articles")), "{error}");
    assert_eq!(collection.engine().count(&request("Xi").query, engine::Lookup::default()).unwrap(), 2);
}

#[test]
fn both_sides_of_a_wide_proximity_are_shown() {
    let collection = Collection::new();
    let filler = "and so on with many other words that are of no use here ".repeat(4);
    collection
        .write("a.txt", &format!("A headline\n\nThen Xi spoke {filler} of NATO {filler} until the end.\n"));
    collection.update();
    for query in ["Xi NEAR/60 NATO", "Xi SENTENCE NATO", "\"Xi NATO\"~60"] {
        let hit = collection.engine().search(&request(query)).unwrap().hits.remove(0);
        let fragment = &hit.fragments[0];
        let shown: Vec<_> = fragment.highlights.iter().map(|range| &fragment.text[range.clone()]).collect();
        assert_eq!(shown, ["Xi", "NATO"], "{query}: {fragment:?}");
    }
}

#[test]
fn a_line_without_words_leaves_the_zones_in_their_places() {
    let collection = Collection::new();
    collection.write("a.txt", "A headline of it\n\n***\n\nXi spoke of NATO in the first paragraph, and at some length.\n\n* * *\n\nThe second paragraph was about chess and went on for a while.\n");
    collection.update();
    assert_eq!(found(&collection, "lead:(Xi SENTENCE NATO)"), "a");
    assert_eq!(found(&collection, "lead:(Xi PARAGRAPH chess)"), "");
    assert_eq!(found(&collection, "body:chess"), "a");
}

#[test]
fn equal_articles_have_equal_scores_however_many_are_asked_for() {
    let collection = Collection::new();
    for number in 0..30 {
        let text = format!("Xi met Putin and Modi in Moscow for talks number {}.", number % 3);
        collection.write(
            &format!("{number:02}.json"),
            &serde_json::json!({ "id": format!("{number:02}"), "body": text }).to_string(),
        );
    }
    collection.update();
    let ids = |limit, offset| -> Vec<String> {
        let page =
            engine::SearchRequest { limit, offset, ..request("Xi OR Putin OR Modi OR talks OR Moscow") };
        collection.engine().search(&page).unwrap().hits.into_iter().map(|hit| hit.id).collect()
    };
    let all = ids(30, 0);
    let pages: Vec<String> = (0..10).flat_map(|page| ids(3, page * 3)).collect();
    assert_eq!(pages, all);
}

#[test]
fn every_score_is_a_number_up_to_the_largest_boost() {
    let collection = Collection::new();
    collection.write("a.txt", "Xi met Putin in Moscow on Tuesday for the first of several long talks.");
    collection.write("b.txt", "NATO met in Madrid and spoke of many things until late in the evening.");
    collection.update();
    let most = format!("1{}", "0".repeat(30));
    for query in ["(date:none)", "(NOT Iran)", "(met (date:none OR Xi))", "(met OR (t* AND NOT Iran))"] {
        let hits = collection.engine().search(&request(&format!("{query}^{most}"))).unwrap().hits;
        assert_eq!(hits.len(), 2, "{query}");
        assert!(hits.iter().all(|hit| hit.score.is_some_and(f32::is_finite)), "{query}: {hits:?}");
    }
}

#[test]
fn an_updated_index_is_optimized_into_one_segment_that_answers_the_same_and_goes_on() {
    let collection = Collection::new();
    for (name, text) in [("a", "Xi met Putin in Moscow"), ("b", "NATO met in Madrid"), ("c", "Xi and NATO")] {
        collection.write(&format!("{name}.txt"), &format!("{text} for the first of several long talks.\n"));
        collection.update();
    }
    std::fs::remove_file(collection.articles().join("b.txt")).unwrap();
    collection.update();
    let reader = collection.engine();
    assert_eq!(reader.stats().unwrap().segments, 2, "the segment without articles has gone by itself");
    let done = indexer::optimize(&collection.index).unwrap();
    assert_eq!((done.articles, done.was_optimal), (2, false));
    assert_eq!(collection.engine().stats().unwrap().segments, 1);
    assert_eq!(found(&collection, "Xi SENTENCE NATO"), "c");
    assert!(reader.search(&request("Moscow")).is_ok_and(|found| found.hits.len() == 1));
    assert!(indexer::optimize(&collection.index).unwrap().was_optimal);
    // The ledger is still known: nothing is read again.
    let report = collection.update();
    assert_eq!((report.articles, report.unchanged), (2, 2));
    collection.write("d.txt", "Xi flew home after the talks, and nobody said a word about it.\n");
    assert_eq!(collection.update().articles, 3);
    assert_eq!(found(&collection, "Xi NOT Moscow"), "c d");
}

#[test]
fn articles_are_the_same_after_they_were_put_in_order() {
    let collection = Collection::of(&[&seeds()]);
    assert!(indexer::optimize(&collection.index).unwrap().was_optimal, "a new index is in order");
    collection.write("a.txt", "Xi and NATO\n\nThe talks of the day ended late, as expected by most.\n");
    collection.update();
    let before = collection.engine();
    assert_eq!(before.stats().unwrap().segments, 2);
    assert!(!indexer::optimize(&collection.index).unwrap().was_optimal);
    let after = collection.engine();
    for query in [
        "Xi",
        "Xi AND NATO",
        "title:Xi",
        "lead:the",
        r#""of the""#,
        "Xi SENTENCE Putin",
        "Xi PARAGRAPH talks",
        "NOT Xi",
        "caption:the",
        "author:the OR by",
        "date:2000..",
        "date:none",
        "lang:en",
        "=NATO",
        "path:txt",
        "a*",
    ] {
        for raw in [false, true] {
            let asked = SearchRequest { lookup: Lookup { raw, ..Lookup::default() }, ..request(query) };
            assert_eq!(before.search(&asked).unwrap().hits, after.search(&asked).unwrap().hits, "{query}");
        }
    }
    let all = before.search(&request("NOT nowhere")).unwrap().hits;
    assert!(all.len() > 3);
    for hit in all {
        let id = hit.id.as_ref();
        assert_eq!(before.articles(id, 9).unwrap(), after.articles(id, 9).unwrap());
    }
}
