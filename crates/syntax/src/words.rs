//! One run of text to one leaf of the tree: word, exact word, actor, wildcard or fuzzy word. Knows nothing of
//! operators, fields and neighbours.

use crate::ast::{Node, Span};
use crate::report::{Report, shown};

/// The leaf a run of text is. Where it is none, the report says why and the leaf is [`nothing`].
pub(crate) fn leaf(text: &str, span: Span, report: &mut Report) -> Node {
    if let Some(rest) = text.strip_prefix('=') {
        return exact(rest, span, report);
    }
    if let Some(name) = text.strip_prefix('@') {
        return actor(name, span, report);
    }
    if !has_letters(text) {
        return unsearchable(text, span, report);
    }
    match tilde(text) {
        Some((head, number)) => fuzzy(head, number, span, report),
        None => word(text, span, report),
    }
}

/// Stands in the tree where a mistake was reported, so that parsing can go on.
pub(crate) fn nothing() -> Node {
    Node::Word(String::new())
}

/// Whether there is something to search for.
pub(crate) fn has_letters(text: &str) -> bool {
    text.chars().any(is_letter)
}

/// A letter or digit of a word.
fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() && !is_joint(letter)
}

/// How many words a text has, about: the characters of scripts that put no spaces between words are a word each.
pub(crate) fn count_words(text: &str) -> usize {
    let (mut count, mut is_inside) = (0, false);
    for letter in text.chars() {
        let is_joint = is_joint(letter);
        let is_part = !is_joint && letter.is_alphanumeric();
        count += usize::from(is_part && (!is_inside || is_unspaced(letter)));
        is_inside = if is_joint || letter.is_whitespace() { false } else { is_inside || is_part };
    }
    count
}

/// Of Thai, Lao, Burmese, Khmer, Japanese and Chinese.
fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{e01}'..='\u{ecd}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17d3}' | '\u{3005}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9d}' | '\u{20000}'..)
}

fn unsearchable(text: &str, span: Span, report: &mut Report) -> Node {
    if text.contains('*') && text.chars().all(is_wild) {
        report.error(span, "a bare * needs a prefix", "to list everything use --all");
    } else {
        let message = format!("nothing to search for in `{}`", shown(text));
        report.error(span, message, "drop it, or quote it together with the words around it");
    }
    nothing()
}

fn exact(text: &str, span: Span, report: &mut Report) -> Node {
    const HINT: &str = "=US finds US and not us";
    if !text.starts_with(char::is_alphanumeric) {
        report.error(span, "= needs a word directly after it", HINT);
        return nothing();
    }
    let wildcards = Wildcards::of(text);
    if wildcards.any || tilde(text).is_some() {
        report.error(span, "= finds one exact word: no *, ? or ~ with it", HINT);
        return nothing();
    }
    wildcards.note(span.end - text.len(), report);
    Node::Exact(text.to_owned())
}

fn actor(name: &str, span: Span, report: &mut Report) -> Node {
    let is_allowed = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.');
    if !has_letters(name) {
        report.error(span, "@ needs an actor's name directly after it", "for example @nato");
        return nothing();
    }
    if !name.chars().all(is_allowed) {
        let message = "an actor's name has only letters, digits, _, - and .";
        report.error(span, message, "to search for the text, quote it");
        return nothing();
    }
    Node::Actor(name.to_owned(), Vec::new())
}

/// Parts `bidden~1` at its tilde. A tilde before anything but a number is ordinary punctuation.
fn tilde(text: &str) -> Option<(&str, &str)> {
    text.rsplit_once('~')
        .filter(|(_, number)| number.is_empty() || number.starts_with(|it: char| it.is_ascii_digit()))
}

fn fuzzy(head: &str, number: &str, span: Span, report: &mut Report) -> Node {
    let distance = Span::new(span.end - number.len(), span.end);
    let wildcards = Wildcards::of(head);
    let core = trim(head, &wildcards);
    if !has_letters(head) {
        report.error(
            span,
            "~ needs a word or phrase directly before it",
            "for example Bidden~1 or \"a b\"~2",
        );
        return nothing();
    }
    if wildcards.any {
        report.error(span, "~ and wildcards do not go together", "drop one of them");
        return nothing();
    }
    if core.contains(is_joint) || core.contains('?') {
        report.error(span, "~ works on one word", "to search for the text, quote it");
        return nothing();
    }
    wildcards.note(span.start, report);
    let edits = match number {
        "" => None,
        "1" => Some(1),
        "2" => Some(2),
        _ => {
            report.error(distance, edits_message(number), "a word can be 1 or 2 letters off: Bidden~1");
            return nothing();
        }
    };
    Node::Fuzzy(core.to_owned(), edits)
}

fn edits_message(number: &str) -> &'static str {
    let is_whole = number.bytes().all(|byte| byte.is_ascii_digit());
    match (is_whole, number.trim_start_matches('0').is_empty()) {
        (false, _) => "~ needs a number, 1 or 2",
        (true, true) => "edit distance must be at least 1",
        (true, false) => "edit distance is at most 2",
    }
}

fn word(text: &str, span: Span, report: &mut Report) -> Node {
    let wildcards = Wildcards::of(text);
    if !wildcards.any {
        wildcards.note(span.start, report);
        return Node::Word(text.to_owned());
    }
    let core = trim(text, &wildcards);
    if core.contains(is_joint) || wildcards.stray_inside(text, core) {
        let message = "wildcards work on one word";
        report.error(span, message, "drop the wildcard, or quote the text to search for it as it is");
        return nothing();
    }
    wildcards.note(span.start, report);
    Node::Wildcard(core.to_owned())
}

/// Which `*` and `?` of a run are wildcards. A `?` is one when a letter or digit follows, when nothing follows what stands behind one,
/// or with a `*` in the same run; else it is the question mark of a sentence.
struct Wildcards {
    any: bool,
    /// Bytes of the first question marks that are punctuation.
    stray: Option<(usize, usize)>,
}

impl Wildcards {
    fn of(text: &str) -> Self {
        if text.contains('*') {
            return Wildcards { any: true, stray: None };
        }
        let mut found = Wildcards { any: false, stray: None };
        let mut rest = text;
        while let Some(offset) = rest.find('?') {
            let start = text.len() - rest.len() + offset;
            rest = text[start..].trim_start_matches('?');
            let is_last = rest.is_empty() && text[..start].ends_with(is_letter);
            if is_last || rest.starts_with(is_letter) {
                found.any = true;
            } else if found.stray.is_none() {
                found.stray = Some((start, text.len() - rest.len()));
            }
        }
        found
    }

    /// `base` is the byte of the query where the text that was looked at begins.
    fn note(&self, base: usize, report: &mut Report) {
        if let Some((start, end)) = self.stray {
            let hint = "inside a word and directly behind it ? stands for one letter";
            report.note(Span::new(base + start, base + end), "read this ? as punctuation", hint);
        }
    }

    fn stray_inside(&self, text: &str, core: &str) -> bool {
        let end = text.find(core).map_or(0, |start| start + core.len());
        self.stray.is_some_and(|(start, _)| start < end)
    }
}

/// Without the punctuation at either end that an ordinary word would lose, too.
fn trim<'a>(text: &'a str, wildcards: &Wildcards) -> &'a str {
    let is_edge = |letter| letter != '~' && is_joint(letter);
    let start = text.trim_start_matches(is_edge);
    match wildcards.stray {
        Some(_) => start.trim_end_matches(|letter| letter == '?' || is_edge(letter)),
        None => start.trim_end_matches(is_edge),
    }
}

fn is_wild(letter: char) -> bool {
    matches!(letter, '*' | '?')
}

/// Punctuation that parts two words. Apostrophes do not, and wildcards stand for letters.
#[expect(clippy::match_same_arms, reason = "one line for each block")]
fn is_joint(letter: char) -> bool {
    match letter {
        'a'..='z' | '\'' | '*' | '?' | '\u{2018}' | '\u{2019}' => false,
        '¡' | '«' | '·' | '»' | '¿' => true,
        // Fractions.
        '¼'..='¾' | '\u{2150}'..='\u{215f}' | '\u{2189}' => true,
        // General and East Asian punctuation: dashes, quotes, dots, brackets.
        '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' => true,
        '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' => true,
        _ => letter.is_ascii_punctuation(),
    }
}
