//! The mark-up of MediaWiki to plain text. Templates (but for those in [`shown_of_template`]), tables, references, files, categories and formulas are no running
//! text, with all that is nested in them; what tables, infoboxes and references say is kept apart. Links give their text, headings keep their words on a line of their own. Mark-up that is
//! not closed stays as it is. The work grows with the length of the text alone, however it is nested.

use memchr::memmem;

use super::markup::{Tag, decode_entities};
use super::wikitext_aside;

/// The text of a page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plain {
    pub(super) text: String,
    /// Lines (from 0) that are headings.
    pub(super) headings: Vec<usize>,
    /// Rows of tables, values of infoboxes, references: a line each.
    pub(super) aside: Vec<String>,
}

/// Deeper nesting is read as text.
const MOST_DEPTH: usize = 40;
/// A line may have as long an indent before its first mark.
const INDENT_BYTES: usize = 64;
/// Elements whose content is no running text.
const DROPPED: [&str; 16] = [
    "ref",
    "math",
    "chem",
    "gallery",
    "timeline",
    "score",
    "syntaxhighlight",
    "source",
    "references",
    "imagemap",
    "graph",
    "mapframe",
    "maplink",
    "templatedata",
    "style",
    "hiero",
];
/// Elements that begin a line.
const LINES: [&str; 9] = ["br", "p", "div", "li", "tr", "blockquote", "center", "dd", "dt"];
/// Namespaces of which links show no text, in any case.
const HIDDEN: [&str; 3] = ["file", "image", "category"];
/// How addresses of links begin.
const SCHEMES: [&str; 5] = ["http://", "https://", "//", "ftp://", "mailto:"];

/// The plain text of `wikitext`. `hidden` has further names, with a colon behind each, of the namespaces of files and
/// categories.
pub(super) fn plain(wikitext: &str, hidden: &str) -> Plain {
    let mut reader = Reader { hidden, ..Reader::default() };
    reader.read(wikitext);
    let aside = std::mem::take(&mut reader.aside);
    Plain { aside, ..laid_out(&reader.finish()) }
}

/// Mark-up that is open.
struct Frame {
    kind: Bracket,
    /// The bytes that opened it, for the case that nothing closes it.
    opened_by: &'static str,
    /// What is in it so far.
    inner: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bracket {
    Template,
    Table,
    Link,
    External,
}

#[derive(Default)]
struct Reader<'a> {
    hidden: &'a str,
    open: Vec<Frame>,
    written: String,
    /// Names of elements of which no end tag follows any more.
    unclosed: Vec<String>,
    aside: Vec<String>,
    /// The text is that of a reference, where templates cite.
    in_reference: bool,
}

impl Reader<'_> {
    fn read(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}', '[', ']', '<', '|', '\'', '\n']) {
            self.push(&rest[..at]);
            rest = &rest[at..];
            let used = self.mark(rest);
            if used == 0 {
                self.push(&rest[..1]);
            }
            rest = &rest[used.max(1)..];
        }
        self.push(rest);
    }

    /// Takes the mark that `rest` begins with and returns its length; 0 when it is text.
    fn mark(&mut self, rest: &str) -> usize {
        match rest.as_bytes() {
            [b'{', b'|', ..] if self.at_line_start() => self.begin(Bracket::Table, "{|"),
            [b'{', b'{', b'{', next, ..] if *next != b'{' => self.begin(Bracket::Template, "{{{"),
            [b'{', b'{', ..] => self.begin(Bracket::Template, "{{"),
            [b'|', b'}', ..] if self.innermost(Bracket::Table) && self.at_line_start() => {
                if let Some(table) = self.close(Bracket::Table) {
                    self.aside.extend(wikitext_aside::rows(&table.inner));
                }
                2
            }
            [b'}', b'}', ..] => self.end_template(rest),
            [b'[', b'[', ..] => self.begin(Bracket::Link, "[["),
            [b']', b']', ..] if self.top() == Some(Bracket::Link) => self.end_link(),
            [b'[', ..] => self.begin_external(&rest[1..]),
            [b']', ..] if self.top() == Some(Bracket::External) => self.end_external(),
            [b'\n', ..] if self.top() == Some(Bracket::External) => {
                self.give_up();
                0
            }
            [b'\'', b'\'', ..] => rest.bytes().take_while(|byte| *byte == b'\'').count(),
            [b'<', ..] => self.element(rest),
            _ => 0,
        }
    }

    fn push(&mut self, text: &str) {
        match self.open.last_mut() {
            Some(frame) => frame.inner.push_str(text),
            None => self.written.push_str(text),
        }
    }

    fn top(&self) -> Option<Bracket> {
        self.open.last().map(|frame| frame.kind)
    }

    fn at_line_start(&self) -> bool {
        let before = self.open.last().map_or(&self.written, |frame| &frame.inner);
        let near = &before[before.floor_char_boundary(before.len().saturating_sub(INDENT_BYTES))..];
        let line = near.trim_end_matches([' ', '\t', ':', '*']);
        line.ends_with('\n') || (line.is_empty() && near.len() == before.len())
    }

    /// The mark would close this, because only links are open inside it.
    fn innermost(&self, kind: Bracket) -> bool {
        let is_link = |frame: &&Frame| matches!(frame.kind, Bracket::Link | Bracket::External);
        self.open.iter().rev().find(|frame| !is_link(frame)).is_some_and(|frame| frame.kind == kind)
    }

    fn begin(&mut self, kind: Bracket, opened_by: &'static str) -> usize {
        if self.open.len() >= MOST_DEPTH {
            return 0;
        }
        self.open.push(Frame { kind, opened_by, inner: String::new() });
        opened_by.len()
    }

    /// Closes the innermost frame of this kind, with what is open in it, and returns what was in it.
    fn close(&mut self, kind: Bracket) -> Option<Frame> {
        let at = self.open.iter().rposition(|frame| frame.kind == kind)?;
        self.open.drain(at..).next()
    }

    fn end_template(&mut self, rest: &str) -> usize {
        if !self.innermost(Bracket::Template) {
            return 0;
        }
        let Some(frame) = self.close(Bracket::Template) else { return 0 };
        if frame.opened_by == "{{{" {
            return if rest.starts_with("}}}") { 3 } else { 2 };
        }
        if let Some(shown) = shown_of_template(&frame.inner) {
            self.push(&shown);
        } else if self.in_reference {
            self.push(&wikitext_aside::citation(&frame.inner));
        } else if let Some(values) = wikitext_aside::infobox(&frame.inner) {
            self.aside.extend(values);
        }
        2
    }

    fn end_link(&mut self) -> usize {
        if let Some(frame) = self.open.pop() {
            let shown = self.shown(&frame.inner).to_owned();
            self.push(&shown);
        }
        2
    }

    /// What a link with this between its brackets shows.
    fn shown<'t>(&self, link: &'t str) -> &'t str {
        let (target, label) =
            link.split_once('|').map_or((link, None), |(target, label)| (target, Some(label)));
        let target = target.trim();
        if let Some(visible) = target.strip_prefix(':') {
            return label.unwrap_or(visible);
        }
        if let Some((namespace, _)) = target.split_once(':') {
            let namespace = namespace.trim();
            let is_language = namespace.len() <= 3 && namespace.bytes().all(|byte| byte.is_ascii_lowercase());
            if self.is_hidden(namespace) || (label.is_none() && is_language && namespace.len() > 1) {
                return "";
            }
        }
        match label.map(str::trim) {
            None => target,
            Some("") => target.split_once(" (").map_or(target, |(name, _)| name),
            Some(label) => label,
        }
    }

    fn is_hidden(&self, namespace: &str) -> bool {
        let is_named = |name: &str| !name.is_empty() && name.to_lowercase() == namespace.to_lowercase();
        namespace.len() < 100 && HIDDEN.iter().copied().chain(self.hidden.split(':')).any(is_named)
    }

    /// A link to an address: `rest` follows its bracket.
    fn begin_external(&mut self, rest: &str) -> usize {
        if !SCHEMES
            .iter()
            .any(|scheme| rest.get(..scheme.len()).is_some_and(|s| s.eq_ignore_ascii_case(scheme)))
        {
            return 0;
        }
        let Some(end) = rest.find(|c: char| c.is_whitespace() || matches!(c, ']' | '[' | '<' | '{')) else {
            return 0;
        };
        match rest.as_bytes()[end] {
            b']' => end + 2,
            b' ' | b'\t' if self.open.len() < MOST_DEPTH => {
                self.begin(Bracket::External, "[");
                end + 2
            }
            _ => 0,
        }
    }

    fn end_external(&mut self) -> usize {
        if let Some(frame) = self.open.pop() {
            self.push(&frame.inner);
        }
        1
    }

    /// Makes the last open frame text: nothing closes it.
    fn give_up(&mut self) {
        if let Some(frame) = self.open.pop() {
            self.push(frame.opened_by);
            self.push(&frame.inner);
        }
    }

    fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.give_up();
        }
        self.written
    }

    /// An element of HTML or of an extension, or a comment.
    fn element(&mut self, rest: &str) -> usize {
        if let Some(comment) = rest.strip_prefix("<!--") {
            return self.find("-->", comment).map_or(0, |end| end + 7);
        }
        let Some(tag) = Tag::read(rest) else { return 0 };
        let name = tag.name.as_str();
        if tag.opens && (DROPPED.contains(&name) || name == "nowiki") {
            let Some((inner, end)) = self.content(name, &rest[tag.length..]) else { return tag.length };
            if name == "nowiki" {
                let inner = &rest[tag.length..tag.length + inner];
                self.push(inner);
            } else if name == "ref" && !self.in_reference {
                let reference = self.reference(&rest[tag.length..tag.length + inner]);
                self.aside.extend(Some(reference).filter(|words| !words.is_empty()));
            }
            return tag.length + end;
        }
        if LINES.contains(&name) {
            self.push("\n");
        }
        tag.length
    }

    /// The words of a reference.
    fn reference(&self, text: &str) -> String {
        let mut reader = Reader { hidden: self.hidden, in_reference: true, ..Reader::default() };
        reader.read(text);
        wikitext_aside::words(&reader.finish())
    }

    /// The lengths of an element's content, and of that with the end tag.
    fn content(&mut self, name: &str, rest: &str) -> Option<(usize, usize)> {
        let end_tag = format!("</{name}");
        let from = self.find(&end_tag, rest)?;
        let behind = memchr::memchr(b'>', &rest.as_bytes()[from..])?;
        Some((from, from + behind + 1))
    }

    /// Finds what closes an element, and remembers when nothing does, so that it is not sought again.
    fn find(&mut self, ending: &str, text: &str) -> Option<usize> {
        if self.unclosed.iter().any(|known| known == ending) {
            return None;
        }
        let lower = memmem::find(text.as_bytes(), ending.as_bytes());
        if lower.is_none() {
            self.unclosed.push(ending.to_owned());
        }
        lower
    }
}

/// What a template with this between its braces shows, where it stands for words of a sentence: a word in another
/// language, a measure, a dash.
fn shown_of_template(inner: &str) -> Option<String> {
    let (name, values) = inner.split_once('|').unwrap_or((inner, ""));
    let mut values = values.split('|').map(str::trim).filter(|value| !value.contains('='));
    let shown = match name.trim().to_ascii_lowercase().as_str() {
        "lang" | "langx" => values.nth(1)?,
        "transliteration" | "transl" => values.next_back()?,
        "nowrap" | "nobr" | "small" | "big" | "em" | "strong" | "abbr" | "val" | "nihongo" => {
            values.next()?
        }
        "convert" | "cvt" => return Some(measure(values)),
        "snd" | "spnd" | "ndash" | "spaced ndash" => " – ",
        "mdash" => "—",
        name if name.starts_with("lang-") => values.next()?,
        _ => return None,
    };
    Some(shown.to_owned())
}

/// The numbers of a measure, with the words between them, up to its unit.
fn measure<'v>(values: impl Iterator<Item = &'v str>) -> String {
    let mut words: Vec<&str> = Vec::new();
    for value in values {
        words.push(value);
        let is_between = matches!(value, "to" | "and" | "by" | "or" | "x" | "-" | "–" | "+/-");
        if !is_between && value.starts_with(char::is_alphabetic) {
            break;
        }
    }
    words.join(" ")
}

/// Makes lines of what is left: headings without their marks, lists without bullets, no line blank twice.
fn laid_out(text: &str) -> Plain {
    let mut plain = Plain::default();
    let mut line_count = 0;
    let mut is_gap = false;
    for line in text.split('\n') {
        let (line, is_heading) = read_line(line);
        if line.is_empty() {
            is_gap = line_count > 0;
            continue;
        }
        if line_count > 0 {
            plain.text.push_str(if is_gap { "\n\n" } else { "\n" });
            line_count += usize::from(is_gap);
        }
        if is_heading {
            plain.headings.push(line_count);
        }
        plain.text.push_str(&line);
        line_count += 1;
        is_gap = is_heading;
    }
    plain
}

/// The words of a line, and whether it is a heading.
fn read_line(line: &str) -> (String, bool) {
    let line = line.trim();
    let marks = line.len() - line.trim_start_matches('=').len();
    let is_heading = marks > 0 && marks <= 6 && line.len() > marks * 2 && line.ends_with('=');
    let words = if is_heading { line.trim_matches('=') } else { without_marks(line) };
    let decoded = decode_entities(words);
    let spaced = decoded.split_whitespace().collect::<Vec<&str>>().join(" ");
    (without_empty_brackets(spaced), is_heading)
}

/// A line without the marks of lists and rules, and without switches such as `__NOTOC__`.
fn without_marks(line: &str) -> &str {
    if line.starts_with("----") {
        return line.trim_start_matches('-');
    }
    let line = line.trim_start_matches(['*', '#', ':', ';']);
    let is_switch = line.len() > 4
        && line.starts_with("__")
        && line.ends_with("__")
        && line.bytes().all(|byte| byte == b'_' || byte.is_ascii_uppercase());
    if is_switch { "" } else { line }
}

/// Brackets that are left of a template with a pronunciation or dates.
fn without_empty_brackets(line: String) -> String {
    if !line.contains('(') {
        return line;
    }
    let mut line = line;
    for (left, shown) in
        [(" ()", ""), ("()", ""), ("( ", "("), ("(; ", "("), ("(, ", "("), ("(;)", ""), (" )", ")")]
    {
        if line.contains(left) {
            line = line.replace(left, shown);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(wikitext: &str, text: &str) {
        assert_eq!(plain(wikitext, "Datei:Kategorie:").text, text);
    }

    #[test]
    fn links_show_their_text() {
        check("The [[ship]]s of [[Port of Ny|Ny]] and [[Ost (city)|]].", "The ships of Ny and Ost.");
        check("[https://a.example The page] and [https://a.example] [sic]", "The page and [sic]");
        check("[[File:a.jpg|thumb|A [[ship]]]]Text[[Category:Ships]] [[datei:b.png]][[de:Schiff]]", "Text");
        check("See [[:Category:Ships]].", "See Category:Ships.");
    }

    #[test]
    fn templates_and_tables_go_with_all_that_is_in_them() {
        check("{{Infobox|a={{b|{{{c|}}}}}|d=[[e|f]]}}'''Ny''' (''{{audio|x}}'') is a port.", "Ny is a port.");
        check(
            "A {{convert|5|to|6|km|mi|abbr=on}} long {{lang|fr|quai}}{{snd}}new.",
            "A 5 to 6 km long quai – new.",
        );
        check("One\n{| class=x\n|-\n| a || {{b}}\n{|\n| c\n|}\n|}\nTwo", "One\n\nTwo");
        check("A<ref name=\"x\">b {{c}}</ref> d<ref name=x /> e<!-- f -->.", "A d e.");
        check("<math>x^2</math>y<nowiki>[[z]]</nowiki>", "y[[z]]");
    }

    #[test]
    fn what_tables_infoboxes_and_references_say_is_kept_apart() {
        let found = plain(
            "{{Infobox port|name=[[Ny]]|n={{b}}}}One<ref>See {{cite web|title=Two|url=x}}, p. 3</ref>.\n{| class=x\n|-\n\
             | a || [[b|c]]\n{| class=y\n| d\n|}\n|}\nThree",
            "",
        );
        assert_eq!(found.text, "One.\n\nThree");
        assert_eq!(found.aside, ["Ny", "See Two, p. 3", "d", "a\tc"]);
    }

    #[test]
    fn headings_and_lists_are_lines() {
        let found = plain(
            "Lead.\n== Two ==\nText.\n* one\n# two\n----\n__NOTOC__\n=== Three ===\n\nEnd &amp; so&nbsp;on",
            "",
        );
        assert_eq!(found.text, "Lead.\nTwo\n\nText.\none\ntwo\n\nThree\n\nEnd & so on");
        let lines: Vec<&str> = found.text.split('\n').collect();
        assert_eq!(found.headings.iter().map(|line| lines[*line]).collect::<Vec<_>>(), ["Two", "Three"]);
    }

    #[test]
    fn what_is_not_closed_stays() {
        check("a {{b c", "a {{b c");
        check("a [[b\nc", "a [[b\nc");
        check("a <ref>b", "a b");
        check("a }} b ]] c |} d > e < f", "a }} b ]] c |} d > e < f");
        check("[https://a.example b\nc", "[b\nc");
    }

    #[test]
    fn deep_nesting_takes_no_time() {
        for mark in [
            "{{",
            "[[",
            "<ref>",
            "<!--",
            "{|\n",
            "[http://a ",
            "</ref",
            "''",
            "<a b=\"",
            "}}",
            "( ",
            "<ref>a</ref>",
        ] {
            let text = mark.repeat(50_000);
            let _ = plain(&text, "");
            let _ = plain(&format!("{text}}}}}]]"), "");
        }
    }
}
