//! The answers that are known exactly, on the five articles the project began with.

use std::collections::BTreeSet;

use engine::{Engine, Lookup, SearchRequest};

use crate::support::{Collection, files, request, rows, shared, tree};

fn five_seeds() -> Option<Collection> {
    shared("seeds").map(|seeds| Collection::of(&[&seeds]))
}

#[test]
fn every_row_of_the_oracle_is_exact() {
    let (Some(collection), Some(table)) = (five_seeds(), shared("oracle/seeds_queries.tsv")) else { return };
    let engine = collection.engine();
    let mut wrong = Vec::new();
    for row in rows(&table) {
        let [query, _, expected, ..] = &row[..] else { panic!("{row:?}") };
        let expected: BTreeSet<String> =
            expected.split(' ').filter(|file| *file != "(none)").map(str::to_owned).collect();
        let found = files(&engine, &request(query), '_');
        if found.as_ref() != Ok(&expected) {
            wrong.push(format!("{query}: expected {expected:?}, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn noise_is_found_when_it_is_asked_for() {
    let Some(collection) = five_seeds() else { return };
    let engine = collection.engine();
    for (query, expected) in [
        ("Education", "000"),
        ("\"fake news\"", "001"),
        ("\"related articles\"", "004"),
        ("\"hybrid war\"", "003"),
    ] {
        let raw = SearchRequest { lookup: Lookup { raw: true, ..Lookup::default() }, ..request(query) };
        assert_eq!(files(&engine, &raw, '_').unwrap().into_iter().collect::<Vec<_>>(), [expected], "{query}");
        let hit = &engine.search(&raw).unwrap().hits[0];
        assert!(!hit.fragments[0].highlights.is_empty(), "{query}: {:?}", hit.fragments);
    }
    let raw = SearchRequest { lookup: Lookup { raw: true, ..Lookup::default() }, ..request("Putin-Xi") };
    assert_eq!(files(&engine, &raw, '_').unwrap().len(), 2, "the noise line of 003 has the phrase too");
}

#[test]
fn xi_and_nato_ranks_003_first_and_every_hit_shows_both() {
    let Some(collection) = five_seeds() else { return };
    let response = collection.engine().search(&SearchRequest::new(tree("Xi AND NATO"))).unwrap();
    assert_eq!(response.hits.len(), 4);
    let first = response.hits[0].source.path.file_name().unwrap().to_string_lossy().into_owned();
    assert!(first.starts_with("003"), "{first}");
    for hit in &response.hits {
        let shown: BTreeSet<String> = hit
            .fragments
            .iter()
            .flat_map(|fragment| {
                fragment.highlights.iter().map(|range| fragment.text[range.clone()].to_lowercase())
            })
            .collect();
        assert!(shown.contains("xi") && shown.contains("nato"), "{}: {:?}", hit.title, hit.fragments);
    }
}
