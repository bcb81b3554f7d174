//! Brute force: the language as its specification puts it, over a list of words. It shares no code with the engine
//! but the parser, and is slow and plain on purpose.

use syntax::{Field, Node, Query};

/// A text as words with places.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    pub(crate) words: Vec<Word>,
}

/// A word and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) capitals: bool,
    pub(crate) position: i64,
    pub(crate) sentence: usize,
    pub(crate) paragraph: usize,
    pub(crate) in_title: bool,
}

/// First and last position.
type Span = (i64, i64);

impl Text {
    /// Does the text match?
    pub(crate) fn matches(&self, query: &Query) -> bool {
        match &query.node {
            Node::And(clauses) => clauses.iter().all(|clause| self.matches(clause)),
            Node::Or(clauses) => clauses.iter().any(|clause| self.matches(clause)),
            Node::Prefer(wanted, _) => self.matches(wanted),
            Node::Not(inner) => !self.matches(inner),
            Node::Boost(inner, _) => self.matches(inner),
            Node::Field(field, inner) => {
                assert_eq!(*field, Field::Title, "the brute force knows title: only");
                let words = self.words.iter().filter(|word| word.in_title).cloned().collect();
                Text { words }.matches(inner)
            }
            _ => !self.spans(query).is_empty(),
        }
    }

    /// Every stretch that matches.
    fn spans(&self, query: &Query) -> Vec<Span> {
        match &query.node {
            Node::Word(text) => self.phrase(&split(text), 0),
            Node::Phrase(text, slop) => self.phrase(&split(text), i64::from(*slop)),
            Node::Exact(text) => {
                let text = split(text).concat();
                self.places(|word| word.capitals && word.text == text)
            }
            Node::Wildcard(pattern) => self.places(|word| glob(pattern.as_bytes(), word.text.as_bytes())),
            Node::Fuzzy(text, distance) => {
                let text = split(text).concat();
                let most = distance.map_or(if text.chars().count() <= 5 { 1 } else { 2 }, usize::from);
                self.places(|word| edits(&text, &word.text) <= most)
            }
            Node::Or(clauses) => clauses.iter().flat_map(|clause| self.spans(clause)).collect(),
            Node::AtLeast(count, inner) => {
                let spans = self.spans(inner);
                if mentions(&spans) >= *count as usize { spans } else { Vec::new() }
            }
            Node::Near { left, right, distance, ordered } => {
                let close = |a: Span, b: Span| b.0 > a.1 && b.0 - a.1 <= i64::from(*distance);
                self.pairs(left, right, |a, b| close(a, b) || (!ordered && close(b, a)))
            }
            Node::Sentence(left, right) => {
                self.pairs(left, right, |a, b| apart(a, b) && self.all_same(a, b, |word| word.sentence))
            }
            Node::Paragraph(left, right) => {
                self.pairs(left, right, |a, b| apart(a, b) && self.all_same(a, b, |word| word.paragraph))
            }
            other => panic!("the brute force does not know {other:?}"),
        }
    }

    /// A text of paragraphs of sentences, behind a title; a free position parts the two.
    pub(crate) fn new(title: &str, paragraphs: &[Vec<&str>]) -> Text {
        let mut text = Text::default();
        text.push(title, 0, 0);
        let mut sentence = 0;
        for (paragraph, sentences) in (1..).zip(paragraphs) {
            for part in sentences {
                sentence += 1;
                text.push(part, sentence, paragraph);
            }
        }
        text
    }

    fn push(&mut self, part: &str, sentence: usize, paragraph: usize) {
        let in_title = sentence == 0;
        let gap = i64::from(!in_title && self.words.last().is_some_and(|last| last.in_title));
        let first = self.words.last().map_or(0, |last| last.position + 1) + gap;
        for (position, (text, capitals)) in (first..).zip(tokenize(part)) {
            self.words.push(Word { text, capitals, position, sentence, paragraph, in_title });
        }
    }

    fn places(&self, is_meant: impl Fn(&Word) -> bool) -> Vec<Span> {
        self.words.iter().filter(|word| is_meant(word)).map(|word| (word.position, word.position)).collect()
    }

    /// The shortest ways through the words in order.
    fn phrase(&self, parts: &[String], slop: i64) -> Vec<Span> {
        let mut spans = Vec::new();
        for (i, first) in self.words.iter().enumerate().filter(|(_, word)| word.text == parts[0]) {
            let mut last = first.position;
            let mut rest = self.words[i + 1..].iter();
            let complete = parts[1..].iter().all(|part| match rest.find(|word| word.text == *part) {
                Some(word) => {
                    last = word.position;
                    true
                }
                None => false,
            });
            if complete && last - first.position - (parts.len() as i64 - 1) <= slop {
                spans.push((first.position, last));
            }
        }
        shortest(&spans)
    }

    /// The shortest stretches that hold a pair.
    fn pairs(&self, left: &Query, right: &Query, fits: impl Fn(Span, Span) -> bool) -> Vec<Span> {
        let rights = self.spans(right);
        let mut all = Vec::new();
        for a in self.spans(left) {
            all.extend(rights.iter().filter(|b| fits(a, **b)).map(|b| (a.0.min(b.0), a.1.max(b.1))));
        }
        shortest(&all)
    }

    fn all_same(&self, a: Span, b: Span, of: impl Fn(&Word) -> usize) -> bool {
        let at = |position: i64| self.words.iter().find(|word| word.position == position).map(&of);
        at(a.0) == at(a.1) && at(a.1) == at(b.0) && at(b.0) == at(b.1)
    }
}

/// Those that hold no other one.
fn shortest(spans: &[Span]) -> Vec<Span> {
    let holds_another = |span: &Span| spans.iter().any(|o| o != span && span.0 <= o.0 && o.1 <= span.1);
    spans.iter().filter(|span| !holds_another(span)).copied().collect()
}

fn apart(a: Span, b: Span) -> bool {
    a.1 < b.0 || b.1 < a.0
}

/// How many mentions there are when those that overlap count once.
fn mentions(spans: &[Span]) -> usize {
    let mut by_end = spans.to_vec();
    by_end.sort_by_key(|(start, end)| (*end, *start));
    let mut last = i64::MIN;
    by_end
        .iter()
        .filter(|(start, end)| {
            *start > last && {
                last = *end;
                true
            }
        })
        .count()
}

/// Words of a query text: the texts in tests are ASCII.
fn split(text: &str) -> Vec<String> {
    tokenize(text).into_iter().map(|(word, _)| word).collect()
}

/// Words of an ASCII text by the rules of the language, each with whether it is in capitals: runs of letters and
/// digits; an apostrophe inside a word is dropped, `'s` at its end too; dotted single letters are one word.
pub(crate) fn tokenize(text: &str) -> Vec<(String, bool)> {
    let bytes = text.as_bytes();
    let is_word = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_alphanumeric);
    let is_letter = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_alphabetic);
    let mut tokens = Vec::new();
    let mut i = 0;
    while i < bytes.len() {
        if !is_word(i) {
            i += 1;
            continue;
        }
        let mut word = String::new();
        // Dotted letters: `U.S.`, `i.e.`; what follows the last letter must not go on as a word.
        let mut end = i;
        while is_letter(end) && !is_word(end + 1) {
            word.push(bytes[end] as char);
            let goes_on = bytes.get(end + 1) == Some(&b'.') && is_letter(end + 2) && !is_word(end + 3);
            let joined =
                |at: usize| bytes.get(at) == Some(&b'\'') && is_word(at + 1) && !is_possessive(bytes, at);
            if joined(end + 1) || !goes_on || joined(end + 3) {
                end += 1;
                break;
            }
            end += 2;
        }
        if word.len() >= 2 {
            i = end + usize::from(bytes.get(end) == Some(&b'.'));
            if is_possessive(bytes, i) {
                i += 2;
            }
        } else {
            word.clear();
            while is_word(i) || (bytes[i..].starts_with(b"'") && i > 0 && is_word(i + 1)) {
                if bytes[i] == b'\'' && is_possessive(bytes, i) {
                    i += 2;
                    break;
                }
                if bytes[i] != b'\'' {
                    word.push(bytes[i] as char);
                }
                i += 1;
            }
        }
        let letters: Vec<char> = word.chars().filter(char::is_ascii_alphabetic).collect();
        let capitals = letters.len() >= 2 && letters.iter().all(char::is_ascii_uppercase);
        tokens.push((word.to_ascii_lowercase(), capitals));
    }
    tokens
}

/// `'s` at `at`, with no word going on behind it.
fn is_possessive(bytes: &[u8], at: usize) -> bool {
    bytes.get(at) == Some(&b'\'')
        && matches!(bytes.get(at + 1), Some(b's' | b'S'))
        && !bytes.get(at + 2).is_some_and(u8::is_ascii_alphanumeric)
        && !(bytes.get(at + 2) == Some(&b'\'') && bytes.get(at + 3).is_some_and(u8::is_ascii_alphanumeric))
}

fn glob(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|i| glob(rest, &text[i..])),
        Some((b'?', rest)) => !text.is_empty() && glob(rest, &text[1..]),
        Some((b'\'', rest)) => glob(rest, text),
        Some((c, rest)) => text.first() == Some(&c.to_ascii_lowercase()) && glob(rest, &text[1..]),
    }
}

/// Edit distance where swapping two neighbours is one edit (optimal string alignment).
fn edits(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let change = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let least = change.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                if swapped { least.min(table[i - 2][j - 2] + 1) } else { least }
            };
        }
    }
    table[a.len()][b.len()]
}

#[test]
fn the_brute_force_cuts_words_as_the_language_says() {
    let words = |text: &str| split(text).join(" ");
    assert_eq!(words("Xi's U.S.-led U.S. don't i.e. J. Smith's v1.2"), "xi us led us dont ie j smith v1 2");
    assert_eq!(words("the countries' Covid-19, O'Brien"), "the countries covid 19 obrien");
}
