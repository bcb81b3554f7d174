//! From what follows the @ to an actor.

use actors::Actors;

#[track_caller]
fn nearest(word: &str, expected: Option<&str>) {
    assert_eq!(Actors::builtin().nearest(word), expected, "{word}");
}

#[test]
fn an_id_is_found_in_any_case() {
    let actors = Actors::builtin();
    assert_eq!(actors.get("NATO").unwrap().id, "nato");
    assert_eq!(actors.get("North-Korea").unwrap().id, "north-korea");
    assert_eq!(actors.get("britain"), None);
    assert_eq!(actors.get(""), None);
}

#[test]
fn a_name_or_a_form_leads_to_its_actor() {
    nearest("britain", Some("uk"));
    nearest("USA", Some("us"));
    nearest("United_States", Some("us"));
    nearest("tehran", Some("iran"));
    nearest("vladimir-putin", Some("putin"));
    nearest("türkiye", Some("turkey"));
    nearest("south_korea", Some("south-korea"));
    nearest("world-health-organization", Some("who"));
}

#[test]
fn a_slip_leads_to_the_actor_that_was_meant() {
    nearest("nata", Some("nato"));
    nearest("ntao", Some("nato"));
    nearest("chian", Some("china"));
    nearest("zelenskky", Some("zelensky"));
    nearest("hezbolah", Some("hezbollah"));
    nearest("southkorea", Some("south-korea"));
    nearest("xii", Some("xi"));
    nearest("uss", Some("us"));
}

#[test]
fn what_is_far_from_all_leads_nowhere() {
    nearest("somebody", None);
    nearest("xx", None);
    nearest("xa", None);
    nearest("", None);
}

#[test]
fn an_id_goes_before_a_form() {
    nearest("kremlin", Some("kremlin"));
    nearest("kremlim", Some("kremlin"));
}
