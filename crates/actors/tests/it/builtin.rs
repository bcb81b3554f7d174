//! The actors that are compiled in.

use std::collections::HashSet;

use actors::{Actors, Collision, Form, Kind};

use crate::forms;

#[track_caller]
fn at_least(kind: Kind, least: usize) {
    let count = Actors::builtin().iter().filter(|actor| actor.kind == kind).count();
    assert!(count >= least, "{count} of kind {kind}");
}

#[test]
fn every_state_of_the_united_nations_is_there_and_four_more() {
    at_least(Kind::State, 193 + 4);
    let actors = Actors::builtin();
    for id in ["taiwan", "kosovo", "palestine", "vatican", "tuvalu", "eswatini", "georgia", "niger", "guinea"]
    {
        assert!(actors.get(id).is_some_and(|actor| actor.kind == Kind::State), "{id}");
    }
}

#[test]
fn leaders_alliances_and_organisations_are_there() {
    at_least(Kind::Person, 400);
    at_least(Kind::Alliance, 40);
    at_least(Kind::Organisation, 150);
}

#[test]
fn no_id_is_there_twice() {
    let actors = Actors::builtin();
    let ids: HashSet<_> = actors.iter().map(|actor| &actor.id).collect();
    assert_eq!(ids.len(), actors.len());
}

#[test]
fn no_form_and_no_name_is_empty() {
    for actor in &Actors::builtin() {
        assert!(!actor.name.is_empty() && !actor.forms.is_empty(), "{}", actor.id);
        assert!(actor.forms.iter().all(|form| !form.text.trim().is_empty()), "{}", actor.id);
        assert_eq!(actor.origin, Actors::BUILTIN);
    }
}

#[test]
fn the_only_form_of_two_actors_is_the_kremlin() {
    let kremlin = Collision { form: "Kremlin".into(), ids: vec!["russia".into(), "kremlin".into()] };
    assert_eq!(Actors::builtin().collisions(), [kremlin]);
}

#[test]
fn the_actors_of_the_seeds_have_the_forms_of_the_seeds() {
    let actors = Actors::builtin();
    let us = ["=US", "=USA", "United States", "America", "American", "Washington"];
    assert_eq!(forms(&actors, "us"), us);
    assert_eq!(forms(&actors, "un"), ["=UN", "United Nations"]);
    let nato = ["NATO", "North Atlantic Treaty Organization", "North Atlantic Treaty Organisation"];
    assert_eq!(forms(&actors, "nato"), nato);
    assert_eq!(forms(&actors, "xi"), ["Xi", "Xi Jinping"]);
    assert_eq!(forms(&actors, "putin"), ["Putin"]);
    assert_eq!(forms(&actors, "biden"), ["Biden"]);
    assert_eq!(forms(&actors, "russia"), ["Russia", "Russian", "Moscow", "Kremlin"]);
    assert_eq!(forms(&actors, "china"), ["China", "Chinese", "Beijing"]);
    assert_eq!(forms(&actors, "ukraine"), ["Ukraine", "Ukrainian", "Kyiv", "Kiev"]);
    assert_eq!(forms(&actors, "taiwan"), ["Taiwan", "Taiwanese", "Taipei"]);
}

/// Whether the form finds this word, dots in it or not.
fn finds(form: &Form, word: &str) -> bool {
    let text = form.text.replace('.', "");
    if form.exact_case { text == word } else { text.eq_ignore_ascii_case(word) }
}

#[test]
fn the_pronoun_us_is_no_state() {
    let actors = Actors::builtin();
    assert!(actors.get("us").unwrap().forms.iter().any(|form| finds(form, "US")));
    assert!(actors.get("us").unwrap().forms.iter().all(|form| !finds(form, "us") && !finds(form, "Us")));
}

#[test]
fn no_form_is_a_common_word() {
    let words = [
        "a", "au", "be", "car", "ce", "eta", "eu", "fed", "he", "ice", "is", "it", "may", "no", "oas", "on",
        "pla", "quad", "swift", "un", "us", "we", "who",
    ];
    for actor in &Actors::builtin() {
        for form in &actor.forms {
            assert!(words.iter().all(|word| !finds(form, word)), "{form} of {}", actor.id);
        }
    }
}

#[test]
fn a_form_of_two_letters_is_exact_but_for_xi() {
    for actor in &Actors::builtin() {
        for form in
            actor.forms.iter().filter(|form| form.text.chars().filter(|c| c.is_alphabetic()).count() == 2)
        {
            let is_known = form.exact_case || form.text.contains(|c: char| c.is_ascii_digit());
            assert!(is_known || form.text == "Xi", "{form} of {}", actor.id);
        }
    }
}

/// The words of a text, in lower case.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn contains(text: &str, form: &Form) -> bool {
    let form = words(&form.text);
    words(text).windows(form.len()).any(|window| window == form)
}

#[test]
fn the_name_of_an_actor_is_found_by_a_form_of_it() {
    for actor in &Actors::builtin() {
        assert!(actor.forms.iter().any(|form| contains(&actor.name, form)), "{} ({})", actor.name, actor.id);
    }
}

#[test]
fn states_are_inside_the_names_of_others_only_where_they_are_called_so() {
    let actors = Actors::builtin();
    let states = || actors.iter().filter(|actor| actor.kind == Kind::State);
    let inside: Vec<_> = states()
        .flat_map(|actor| states().map(move |other| (actor, other)))
        .filter(|(actor, other)| actor.id != other.id)
        .filter(|(actor, other)| actor.forms.iter().any(|form| contains(&other.name, form)))
        .map(|(actor, other)| (actor.id.as_str(), other.id.as_str()))
        .collect();
    let known = [
        ("guinea", "equatorial-guinea"),
        ("guinea", "guinea-bissau"),
        ("guinea", "papua-new-guinea"),
        ("sudan", "south-sudan"),
    ];
    assert_eq!(inside, known);
}
