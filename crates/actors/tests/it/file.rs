//! What a file may say, and what is said of its mistakes.

use actors::{Actors, Kind};

use crate::{entry, read};

/// The file has exactly these mistakes.
#[track_caller]
fn mistakes(text: &str, expected: &[&str]) {
    let error = Actors::parse(text, "actors.toml").expect_err(text);
    assert_eq!(error.to_string().lines().collect::<Vec<_>>(), expected);
}

#[test]
fn an_actor_has_an_id_a_name_a_kind_and_forms() {
    let text =
        "[[actor]]\nid = 'uk'\nname = 'United Kingdom'\nkind = 'state'\nforms = ['=UK', ' Britain ']\n";
    let actors = read(text);
    let uk = actors.get("uk").unwrap();
    assert_eq!(
        (uk.name.as_str(), uk.kind, uk.origin.as_str()),
        ("United Kingdom", Kind::State, "actors.toml")
    );
    let forms: Vec<_> = uk.forms.iter().map(|form| (form.text.as_str(), form.exact_case)).collect();
    assert_eq!(forms, [("UK", true), ("Britain", false)]);
}

#[test]
fn an_empty_file_has_no_actors() {
    assert!(read("").is_empty());
    assert!(read("\u{FEFF}# nobody\r\n").is_empty());
}

#[test]
fn the_line_of_an_unknown_key_is_told_and_the_key_that_was_meant() {
    let text = format!("{}from = ['x']\nfrms = ['y']\nnote = ''\n", entry("a", &["A"]));
    let expected = [
        "actors.toml:6: unknown key `from`; known here: id, name, kind, forms",
        "actors.toml:7: unknown key `frms`; did you mean forms?",
        "actors.toml:8: unknown key `note`; known here: id, name, kind, forms",
    ];
    mistakes(&text, &expected);
    mistakes("\nreplaces = true", &["actors.toml:2: unknown key `replaces`; did you mean replace?"]);
    mistakes(
        &entry("a", &["A"]).replace("[actor]", "[actors]"),
        &["actors.toml:1: unknown key `actors`; did you mean actor?"],
    );
}

#[test]
fn an_id_is_there_once_in_a_file() {
    let text = [entry("a", &["A"]), entry("b", &["B"]), entry("a", &["C"])].concat();
    mistakes(&text, &["actors.toml:12: id `a` is already on line 2; make it one actor, or rename one"]);
}

#[test]
fn an_id_can_be_typed_after_the_sign() {
    for id in ["eu", "al-qaeda", "m.23_b", "7"] {
        assert_eq!(read(&entry(id, &["x"])).len(), 1);
    }
    for id in ["EU", "a b", "é", "a@b", "-", "."] {
        let message = format!(
            "actors.toml:2: `{id}` is no id; an id has only a to z in lower case, digits, _, - and ."
        );
        mistakes(&entry(id, &["x"]), &[&message]);
    }
}

#[test]
fn every_key_must_be_there() {
    let expected = [
        "actors.toml:2: no `id` here; add id = \"…\" to the actor",
        "actors.toml:2: no `name` here; add name = \"…\" to the actor",
        "actors.toml:2: no `kind` here; add kind = \"…\" to the actor",
        "actors.toml:2: no `forms` here; write forms = [\"United States\", \"=US\"]",
    ];
    mistakes("# nothing\n[[actor]]\n", &expected);
}

#[test]
fn forms_are_texts_with_something_to_search_for() {
    let forms = |forms: &str| entry("a", &[]).replace("[]", forms);
    mistakes(&forms("[]"), &["actors.toml:5: `forms` is empty; write forms = [\"United States\", \"=US\"]"]);
    mistakes(
        &forms("'A'"),
        &["actors.toml:5: `forms` is not a list; write forms = [\"United States\", \"=US\"]"],
    );
    mistakes(&forms("['A',\n 5]"), &["actors.toml:6: a form is not text; put it in quotes"]);
    mistakes(&forms("['A',\n '']"), &["actors.toml:6: form `` has no letter or digit; remove it"]);
    mistakes(&forms("['=', 'A']"), &["actors.toml:5: form `=` has no letter or digit; remove it"]);
    mistakes(&forms("['A', 'B', 'A']"), &["actors.toml:5: form `A` is there twice; remove one"]);
}

#[test]
fn an_exact_form_is_one_acronym() {
    for form in ["=US", "=U.S.", "=MI6", "=США", "=ÖVP"] {
        assert!(read(&entry("a", &[form])).get("a").unwrap().forms[0].exact_case);
    }
    for form in ["Xi", "Red Cross", "G7", "X", "US ARMY", "ISIS-K", "俄国"] {
        let message = format!(
            "actors.toml:5: exact form `={form}` is not one word in capitals; without =, {form} is found in any case"
        );
        mistakes(&entry("a", &[&format!("={form}")]), &[&message]);
    }
}

#[test]
fn a_kind_is_one_of_four() {
    let kind = |kind: &str| entry("a", &["A"]).replace("person", kind);
    mistakes(
        &kind("organization"),
        &["actors.toml:4: unknown kind `organization`; did you mean organisation?"],
    );
    mistakes(
        &kind("bank"),
        &["actors.toml:4: unknown kind `bank`; known here: state, person, alliance, organisation"],
    );
    mistakes(&kind(" "), &["actors.toml:4: `kind` is empty; fill it in"]);
}

#[test]
fn what_is_no_toml_is_an_error_with_its_line() {
    let error = Actors::parse("[[actor]]\nid = \n", "/home/me/actors.toml").unwrap_err();
    assert_eq!((error.mistakes.len(), error.mistakes[0].line), (1, 2));
    assert!(error.to_string().starts_with("/home/me/actors.toml:2: "), "{error}");
    assert!(error.to_string().ends_with("; correct it; the file is in the TOML format"), "{error}");
}

#[test]
fn what_has_the_wrong_shape_is_an_error_that_shows_the_right_one() {
    let list = "write [[actor]] above each actor";
    mistakes("[actor]\nid = 'a'\n", &[&format!("actors.toml:1: `actor` is not a list; {list}")]);
    mistakes("actor = ['a']", &[&format!("actors.toml:1: an actor is not a table; {list}")]);
    mistakes(
        "replace = 'yes'",
        &["actors.toml:1: `replace` is neither true nor false; write replace = true"],
    );
    mistakes(
        &entry("a", &["A"]).replace("\"The a\"", "3"),
        &["actors.toml:3: `name` is not text; put it in quotes"],
    );
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_the_lines() {
    let text = [entry("A", &["x"]), entry("b", &["=b"])].concat() + "[other]\n";
    let error = Actors::parse(&text, "f").unwrap_err();
    assert_eq!(error.mistakes.iter().map(|mistake| mistake.line).collect::<Vec<_>>(), [2, 10, 11]);
}
