//! The front matter of a page: YAML between two lines of `---`, or TOML between two of `+++`. What is neither is read line
//! by line, so that no article is lost for it.

use serde_json::{Map, Value};

use super::keys::{Key, key_of};
use super::record::{Choice, Fields};
use crate::article::Kind;

/// A front matter that is longer, in bytes, or opens more lists and tables is read line by line: the time that the parser of YAML takes
/// grows with the square of how deep these lie in each other.
const MOST_BYTES: usize = 64 * 1024;
const MOST_LISTS: usize = 1000;

/// What a front matter says.
pub(super) struct FrontMatter {
    pub(super) fields: Fields,
    /// What each of its lines is, those that enclose it too.
    pub(super) kinds: Vec<Kind>,
}

/// The language of a front matter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    Yaml,
    Toml,
}

impl Language {
    fn mark(self) -> char {
        match self {
            Language::Yaml => ':',
            Language::Toml => '=',
        }
    }
}

/// The front matter that `text` begins with.
pub(super) fn read(text: &str) -> Option<FrontMatter> {
    let language = match text.split('\n').next()?.trim_end() {
        "---" => Language::Yaml,
        "+++" => Language::Toml,
        _ => return None,
    };
    let is_end = |line: &str| match language {
        Language::Yaml => matches!(line, "---" | "..."),
        Language::Toml => line == "+++",
    };
    let end = text.split('\n').skip(1).position(|line| is_end(line.trim_end()))?;
    let lines: Vec<&str> = text.split('\n').skip(1).take(end).collect();
    let inner = lines.join("\n");
    let members = match language {
        _ if is_too_much(&inner) => None,
        Language::Yaml => yaml_serde::from_str::<Map<String, Value>>(&inner).ok(),
        Language::Toml => toml::from_str::<toml::Table>(&inner).ok().map(json_of),
    };
    let fields = members.map_or_else(|| by_lines(&lines, language), |members| Some(fields(members)))?;
    let kinds = [Kind::Credit].into_iter().chain(kinds(&lines, language)).chain([Kind::Credit]).collect();
    Some(FrontMatter { fields, kinds })
}

fn is_too_much(text: &str) -> bool {
    text.len() > MOST_BYTES || text.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count() > MOST_LISTS
}

fn fields(members: Map<String, Value>) -> Fields {
    let mut choice = Choice::default();
    for (name, value) in members {
        if let Some((key, rank)) = key_of(&name) {
            choice.offer(key, rank, if key == Key::Date { day_of(value) } else { value });
        }
    }
    choice.into_fields()
}

/// A number is a day as people write it, such as `20220504`, not a moment as programs count them.
fn day_of(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        other => other,
    }
}

/// What lines such as `title: "A headline"` say; `None` where there is none, so that all of it is text.
fn by_lines(lines: &[&str], language: Language) -> Option<Fields> {
    let mut fields = Fields::default();
    let pairs = lines.iter().filter_map(|line| line.split_once(language.mark()));
    let known = pairs.filter(|(name, value)| fields.set_text(name, value).is_some()).count();
    (known > 0).then_some(fields)
}

/// What the lines are: those of title, date and authors, also where they go on in the next line.
fn kinds(lines: &[&str], language: Language) -> Vec<Kind> {
    let mut last = Kind::Credit;
    let mut is_in_table = false;
    let kind_of = |line: &&str| {
        let begins = line.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '"' | '\''));
        is_in_table |= language == Language::Toml && line.starts_with('[');
        if begins {
            let name =
                line.split_once(language.mark()).map(|(name, _)| name.trim().trim_matches(['"', '\'']));
            last = match name.and_then(key_of).filter(|_| !is_in_table) {
                Some((Key::Title, _)) => Kind::Headline,
                Some((Key::Date, _)) => Kind::Date,
                Some((Key::Author, _)) => Kind::Byline,
                _ => Kind::Credit,
            };
        }
        let goes_on = line.starts_with([' ', '\t', '-', ']']) && !line.trim().is_empty();
        if begins || goes_on { last } else { Kind::Credit }
    };
    lines.iter().map(kind_of).collect()
}

fn json_of(table: toml::Table) -> Map<String, Value> {
    table.into_iter().map(|(name, value)| (name, json_of_value(value))).collect()
}

fn json_of_value(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(truth) => truth.into(),
        toml::Value::Datetime(moment) => Value::String(moment.to_string()),
        toml::Value::Array(items) => items.into_iter().map(json_of_value).collect(),
        toml::Value::Table(table) => Value::Object(json_of(table)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Title, day and authors.
    #[track_caller]
    fn check(text: &str, title: Option<&str>, day: Option<&str>, authors: &[&str]) {
        let fields = read(&format!("{text}\n\nThe ferry is back.")).expect("a front matter").fields;
        assert_eq!(fields.title.as_deref(), title, "{text}");
        assert_eq!(fields.date.map(|date| date.to_string()).as_deref(), day, "{text}");
        assert_eq!(fields.authors, authors, "{text}");
    }

    #[test]
    fn yaml_is_read_as_yaml() {
        check("---\nauthor:\n  name: Jane Doe\n---", None, None, &["Jane Doe"]);
        check("---\ntitle: A\ncover:\n  title: Photo\n  date: 1999-01-01\n---", Some("A"), None, &[]);
        check(
            "---\nauthors:\n  - Jane Doe\n  - name: John Smith\n---",
            None,
            None,
            &["Jane Doe", "John Smith"],
        );
        check(
            "---\ntitle: >-\n  It is\n  over\ndate: 2022-05-04 # a note\n---",
            Some("It is over"),
            Some("2022-05-04"),
            &[],
        );
        check("---\ntitle: 'It''s over'\ndate: 20220504\n---", Some("It's over"), Some("2022-05-04"), &[]);
        check("---\ntitle: \"He said \\\"no\\\"\"\n---", Some("He said \"no\""), None, &[]);
        check("---\nauthor: [Jane Doe, \"John Smith\"]\n...", None, None, &["Jane Doe", "John Smith"]);
        check("---\ntitle: 1984\n---", Some("1984"), None, &[]);
    }

    #[test]
    fn toml_is_read_as_toml() {
        check(
            "+++\ntitle = 'Ferry'\ndate = 2022-05-04T10:00:00Z\nauthors = [\"Jane Doe\"]\n[cover]\ntitle = 'No'\n+++",
            Some("Ferry"),
            Some("2022-05-04"),
            &["Jane Doe"],
        );
    }

    #[test]
    fn what_is_neither_is_read_line_by_line() {
        check(
            "---\ntitle: Ferry: it is back\ndate: 2022-05-04\n---",
            Some("Ferry: it is back"),
            Some("2022-05-04"),
            &[],
        );
        check("+++\ntitle = Ferry\n+++", Some("Ferry"), None, &[]);
        assert!(read("---\ntitle: Never closed\n\nThe ferry is back.").is_none());
        assert!(read("---\n\nA text between two rules.\n\n---\n").is_none());
        assert!(read("----\n\nThe ferry is back.").is_none());
    }

    #[test]
    fn what_would_take_long_is_read_line_by_line() {
        for lists in
            ["[".repeat(1_000_000), "{a: [\"]\", ".repeat(100_000), "[],".repeat(1_001), " x".repeat(40_000)]
        {
            check(&format!("---\ntitle: Ferry\nx: {lists}\n---"), Some("Ferry"), None, &[]);
        }
    }

    #[test]
    fn lines_that_go_on_are_of_one_kind() {
        let front = read("---\ntitle: >-\n  It is over\nauthors:\n- Ana\ncover:\n  title: x\n---\n").unwrap();
        let kinds: Vec<&str> = front.kinds.iter().map(|kind| kind.name()).collect();
        assert_eq!(
            kinds,
            ["credit", "headline", "headline", "byline", "byline", "credit", "credit", "credit"]
        );
    }
}
