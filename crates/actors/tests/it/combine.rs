//! Files on top of one another.

use actors::{Actors, Collision};

use crate::{entry, forms, ids, read};

#[test]
fn an_actor_of_the_same_id_replaces_the_old_one_in_its_place() {
    let mut actors = read(&[entry("a", &["A"]), entry("b", &["B"])].concat());
    actors.extend(read(&[entry("c", &["C"]), entry("a", &["Z"])].concat()));
    assert_eq!(ids(&actors), ["a", "b", "c"]);
    assert_eq!(forms(&actors, "a"), ["Z"]);
}

#[test]
fn the_origin_of_an_actor_is_its_file() {
    let mut actors = Actors::builtin();
    actors.extend(read(&entry("nato", &["NATO"])));
    assert_eq!(actors.get("nato").unwrap().origin, "actors.toml");
    assert_eq!(actors.get("eu").unwrap().origin, Actors::BUILTIN);
}

#[test]
fn a_file_that_replaces_starts_from_nothing() {
    let mut actors = Actors::builtin();
    actors.extend(read(&format!("replace = true\n{}", entry("a", &["A"]))));
    assert_eq!(ids(&actors), ["a"]);

    let mut actors = read(&entry("a", &["A"]));
    actors.extend(read(&format!("replace = false\n{}", entry("b", &["B"]))));
    assert_eq!(ids(&actors), ["a", "b"]);
}

#[test]
fn a_file_that_replaces_does_so_with_what_was_added_to_it() {
    let mut own = read(&format!("replace = true\n{}", entry("a", &["A"])));
    own.extend(read(&entry("b", &["B"])));
    let mut actors = Actors::builtin();
    actors.extend(own);
    assert_eq!(ids(&actors), ["a", "b"]);
}

#[test]
fn a_form_of_two_actors_collides_in_any_case() {
    let text = [entry("a", &["Red Cross", "=WHO", "=PA"]), entry("b", &["red cross", "=PA"])].concat();
    let actors = read(&(text + &entry("c", &["who", "=WHO", "cross"])));
    let collision = |form: &str, ids: &[&str]| Collision {
        form: form.to_owned(),
        ids: ids.iter().map(|&id| id.to_owned()).collect(),
    };
    let expected =
        [collision("=PA", &["a", "b"]), collision("Red Cross", &["a", "b"]), collision("=WHO", &["a", "c"])];
    assert_eq!(actors.collisions(), expected);
}
