//! The tour in the README is what really happens: every command with `morgue` in a `console` block is run in a folder with
//! `seeds/`, and must print what stands below it.

use std::process::Command;

use crate::support::{Place, checkout};

/// Commands and what they print.
fn console_blocks(text: &str) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
        } else if inside && let Some(command) = line.strip_prefix("$ ") {
            commands.push((command.to_owned(), String::new()));
        } else if inside && let Some((_, output)) = commands.last_mut() {
            output.push_str(line);
            output.push('\n');
        }
    }
    commands
}

#[test]
fn the_tour_prints_what_the_readme_says() {
    let readme = std::fs::read_to_string(checkout().join("README.md")).unwrap();
    let place = Place::new();
    place.copy_seeds();
    let binary = assert_cmd::cargo::cargo_bin("morgue");
    let path =
        format!("{}:{}", binary.parent().unwrap().display(), std::env::var("PATH").unwrap_or_default());
    let commands: Vec<_> =
        console_blocks(&readme).into_iter().filter(|(command, _)| command.contains("morgue ")).collect();
    assert!(commands.len() >= 5, "the tour has gone");
    for (command, expected) in commands {
        let mut shell = Command::new("sh");
        shell.args(["-c", &command]).current_dir(place.folder.path()).env("PATH", &path);
        let output = shell.env_remove("MORGUE_INDEX").output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert_eq!(printed, expected, "$ {command}\n{}", String::from_utf8_lossy(&output.stderr));
    }
}
