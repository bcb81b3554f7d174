//! Words behind an elision, which French and Italian write together with a small word.

use engine::{Engine, Lookup};

use crate::support::{Collection, request};

#[test]
fn a_word_behind_an_elision_is_found_where_words_are_elided() {
    let collection = Collection::new();
    collection.write(
        "fr.txt",
        "L'OTAN et l’Ukraine signent un accord\n\nLe secrétaire général de l'OTAN est arrivé lundi à Kiev, où il a parlé de \
         l’avenir de l’Europe avec les ministres du pays, et l'a dit à la fin de l'un de ses discours.\n",
    );
    collection.write(
        "it.txt",
        "Il presidente a Roma\n\nIl presidente dell'Ucraina ha parlato ieri all’Italia e ai ministri della difesa.\n",
    );
    collection.write(
        "en.txt",
        "A prize\n\nThe jury of the festival gave the Palme d'Or to a film about the harbour.\n",
    );
    collection.update();
    let engine = collection.engine();
    let count = |query: &str| engine.count(&request(query).query, Lookup::default()).unwrap();
    for (query, articles) in [
        ("OTAN", 1),
        ("=OTAN", 1),
        ("title:ukraine", 1),
        ("europe", 1),
        ("ukr*", 1),
        ("\"de l'OTAN\"", 1),
        ("\"de otan est\"", 1),
        ("l’otan NEAR/3 secretaire", 1),
        // Of frequent words, which are looked up as pairs.
        ("\"et a\"", 1),
        ("\"et la\"", 1),
        ("\"de un\"", 1),
        ("ATLEAST/3 otan", 0),
        ("ucraina", 1),
        ("italia SENTENCE ucraina", 1),
        // A word that was taken apart is not one that stands alone, and English has no elisions.
        ("or", 0),
        ("dor", 1),
    ] {
        assert_eq!(count(query), articles, "{query}");
    }
    let hit = engine.search(&request("europe")).unwrap().hits.remove(0);
    let marked: Vec<&str> =
        hit.fragments[0].highlights.iter().map(|range| &hit.fragments[0].text[range.clone()]).collect();
    assert_eq!(marked, ["l’Europe"]);
}
