//! Cuts a query into lexemes, once, from left to right. Knows what touches what (a sign before an operand, a
//! field before its value, a suffix after an operand), and nothing of precedence.

use crate::ast::{Field, Node, Span};
use crate::dates;
use crate::fields::{self, Name};
use crate::operators::{self, Operator, Spelling};
use crate::report::{Report, shown};
use crate::words::{self, has_letters, nothing};

/// A token and its place.
#[derive(Debug)]
pub(crate) struct Lexeme {
    pub(crate) token: Token,
    pub(crate) span: Span,
}

/// The least thing the parser looks at.
#[derive(Debug)]
pub(crate) enum Token {
    /// `(`
    Open,
    /// `)`
    Close,
    /// An operator wherever it stands. Not `sound` where its number was reported.
    Operator { operator: Operator, sound: bool },
    /// `-` or `!` before an operand.
    Minus,
    /// `+` before an operand.
    Plus,
    /// A field and its colon; the value follows.
    Field(Field),
    /// An operand.
    Leaf(Node),
    /// An operator where one can stand, a word elsewhere.
    Either(Spelling),
    /// `^2`, directly after an operand.
    Boost(f32),
}

/// Cuts `text`. A mistake is reported and stands as an operand or not at all.
pub(crate) fn lex(text: &str, report: &mut Report) -> Vec<Lexeme> {
    let mut lexer = Lexer { text, at: 0, open: 0, run_end: 0, lexemes: Vec::new(), report };
    while lexer.at < text.len() {
        lexer.step();
    }
    lexer.lexemes
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// Parentheses open here.
    open: usize,
    /// Where the last run ends, so that one with many fields in a row is measured once.
    run_end: usize,
    lexemes: Vec<Lexeme>,
    report: &'a mut Report,
}

impl<'a> Lexer<'a> {
    fn step(&mut self) {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return };
        match first {
            space if space.is_whitespace() => self.at += space.len_utf8(),
            '(' => self.open(),
            ')' => self.close(),
            '^' => self.stray_boost(),
            '-' | '!' | '+' if self.signs() => {}
            quote if is_quote(quote) => self.phrase(quote.len_utf8()),
            _ if rest.starts_with("&&") => self.sign_operator(Operator::And),
            _ if rest.starts_with("||") => self.sign_operator(Operator::Or),
            _ => match regex_length(rest) {
                Some(length) => self.regex(length),
                None => self.run(),
            },
        }
    }

    fn open(&mut self) {
        self.open += 1;
        self.push(1, Token::Open);
    }

    fn close(&mut self) {
        self.open = self.open.saturating_sub(1);
        self.push(1, Token::Close);
        if self.rest().starts_with('~') {
            let span = self.ahead(run_text(self.rest()).len());
            self.report.error(span, "~ follows a word or a phrase, not a group", "for distances use NEAR/5");
            self.at = span.end;
        }
        self.boost();
    }

    fn sign_operator(&mut self, operator: Operator) {
        self.push(2, Token::Operator { operator, sound: true });
    }

    /// Reads `-`, `!`, `+` and rows of them; `false` where no operand follows, or a field is before a `+`, and they are only punctuation.
    fn signs(&mut self) -> bool {
        let rest = self.rest();
        let row = &rest[..rest.len() - rest.trim_start_matches(['-', '!', '+']).len()];
        if !starts_operand(&rest[row.len()..]) {
            return false;
        }
        let span = self.ahead(row.len());
        let sign = &row[..1];
        match self.touching() {
            Some(Token::Field(_)) if sign == "+" => return false,
            Some(Token::Field(field)) => {
                let hint = format!("write {sign}{field}:… or {field}:(NOT …)");
                self.report.error(span, format!("{sign} cannot stand directly after {field}:"), hint);
                self.at = span.end;
                return true;
            }
            Some(Token::Leaf(_) | Token::Either(_) | Token::Close | Token::Boost(_)) => {
                let meaning = if sign == "+" { "what must be there" } else { "NOT" };
                let hint = format!("put a space before {sign} for {meaning}, or drop it");
                self.report.error(span, format!("no space before {sign}"), hint);
            }
            _ => {}
        }
        for sign in row.chars() {
            self.push(1, if sign == '+' { Token::Plus } else { Token::Minus });
        }
        true
    }

    /// In a quoted text that begins at `start` a star is no wildcard, though somebody may have meant one.
    fn note_star(&mut self, start: usize, text: &str) {
        if let Some(star) = text.find('*').map(|star| start + star) {
            let hint = "beside another word a pattern stands so: invad* PRE/1 us";
            self.report.note(Span::new(star, star + 1), "read a * between quotes as punctuation", hint);
        }
    }

    /// Reads a quoted text and its `~2`.
    fn phrase(&mut self, quote: usize) {
        let start = self.at;
        let inside = &self.rest()[quote..];
        let Some(length) = inside.find(is_quote) else { return self.unclosed(quote, inside) };
        let text = &inside[..length];
        let closing = inside[length..].chars().next().map_or(0, char::len_utf8);
        self.at += quote + length + closing;
        let slop = self.slop();
        let span = Span::new(start, self.at);
        let node = if has_letters(text) {
            self.note_star(start + quote, text);
            Node::Phrase(text.to_owned(), slop)
        } else {
            self.report.error(
                span,
                "nothing to search for between the quotes",
                "put at least one word there",
            );
            nothing()
        };
        self.lexemes.push(Lexeme { token: Token::Leaf(node), span });
        self.boost();
    }

    /// A quote without its partner takes the rest of the text with it. Parentheses in there still close.
    fn unclosed(&mut self, quote: usize, inside: &str) {
        let hint = format!("close it: {}\"", shown(&self.rest()[..quote + inside.trim_end().len()]));
        self.report.error(self.ahead(quote), "unclosed quote", hint);
        self.push(quote + inside.len(), Token::Leaf(nothing()));
        for _ in 0..self.open.min(inside.matches(')').count()) {
            self.push(0, Token::Close);
        }
    }

    fn slop(&mut self) -> u32 {
        let Some(number) = self.rest().strip_prefix('~').map(run_text) else { return 0 };
        let span = self.ahead(1 + number.len());
        self.at = span.end;
        let is_whole = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        match number.parse() {
            Ok(slop @ 0..=255) if is_whole => slop,
            _ => {
                self.report.error(span, "~ after a phrase needs a number 0-255", "for example \"a b\"~2");
                0
            }
        }
    }

    fn regex(&mut self, length: usize) {
        let pattern = self.rest()[1..length - 1].to_owned();
        self.push(length, Token::Leaf(Node::Regex(pattern)));
        self.boost();
    }

    /// Reads what has no white space, parentheses or quotes in it.
    fn run(&mut self) {
        if self.run_end <= self.at {
            self.run_end = self.at + run_text(self.rest()).len();
        }
        let text = &self.text[self.at..self.run_end];
        if let Some(spelling) = operators::strict(text) {
            return self.operator(text, spelling);
        }
        if self.prefix(text) {
            return;
        }
        let token = match operators::contextual(text) {
            Some(spelling) if self.can_be_operator(text) => Token::Either(spelling),
            Some(_) => Token::Leaf(Node::Word(text.to_owned())),
            None => Token::Leaf(words::leaf(text, self.ahead(text.len()), self.report)),
        };
        self.push(text.len(), token);
        self.boost();
    }

    /// A sign, a field or a suffix that touches it makes a lower-case operator a word.
    fn can_be_operator(&self, text: &str) -> bool {
        !matches!(self.touching(), Some(Token::Field(_) | Token::Minus | Token::Plus))
            && !self.rest()[text.len()..].starts_with('^')
    }

    fn operator(&mut self, text: &str, spelling: Spelling) {
        let span = self.ahead(text.len());
        if let Some(Token::Field(field)) = self.touching() {
            let message = format!("{field}: needs a value directly after the colon");
            self.report.error(span, message, format!("quote \"{text}\" to search for the word"));
            return self.push(text.len(), Token::Leaf(nothing()));
        }
        let sound = spelling.problem.is_none();
        if let Some(problem) = spelling.problem {
            let place = Span::new(span.start + problem.offset, span.end);
            self.report.error(place, problem.message, problem.hint);
        }
        self.push(text.len(), Token::Operator { operator: spelling.operator, sound });
    }

    /// Reads a field and its colon, or a date; `false` where the text before a colon is only text.
    fn prefix(&mut self, run: &str) -> bool {
        let Some((name, value)) = run.split_once(':') else { return false };
        let after = self.rest()[name.len() + 1..].chars().next();
        let is_group = value.is_empty() && after.is_some_and(|it| it == '(' || is_quote(it));
        match fields::read(name) {
            Name::Field(field) if is_group || !value.is_empty() => {
                self.push(name.len() + 1, Token::Field(field));
            }
            Name::Field(_) => self.missing_value(name, "Xi"),
            Name::Date if is_group => self.date_group(),
            Name::Date if value.is_empty() => self.missing_value(name, "2022"),
            Name::Date => self.date(name.len() + 1, value),
            Name::NearMiss(meant) if is_group || value.starts_with(char::is_alphanumeric) => {
                self.unknown_field(name, meant);
            }
            _ => return false,
        }
        true
    }

    fn missing_value(&mut self, name: &str, example: &str) {
        let span = self.ahead(name.len() + 1);
        let message = format!("{name}: needs a value directly after the colon");
        self.report.error(span, message, format!("write it without a space: {name}:{example}"));
        self.push(name.len() + 1, Token::Leaf(nothing()));
        self.boost();
    }

    fn date_group(&mut self) {
        let length = "date:".len();
        self.report.error(self.ahead(length), "date: takes no group and no quotes", dates::FORMS);
        self.push(length, Token::Leaf(nothing()));
    }

    fn date(&mut self, prefix: usize, value: &str) {
        let filter = dates::filter(value, self.at + prefix, self.report);
        self.push(prefix + value.len(), Token::Leaf(Node::Date(filter)));
        self.boost();
    }

    /// Passes over the name and its colon: the value is read as if it stood alone.
    fn unknown_field(&mut self, name: &str, meant: &str) {
        let hint =
            format!("did you mean {meant}:? fields are {}; to search for the text, quote it", fields::list());
        self.report.error(self.ahead(name.len()), format!("unknown field {name}"), hint);
        self.at += name.len() + 1;
    }

    /// Reads `^2` where it touches the operand before.
    fn boost(&mut self) {
        let Some(number) = self.rest().strip_prefix('^').map(boost_text) else { return };
        let span = self.ahead(1 + number.len());
        match factor(number) {
            Ok(factor) => self.push(span.end - span.start, Token::Boost(factor)),
            Err(message) => {
                self.report.error(span, message, "for example Xi^2 or Xi^0.5");
                self.at = span.end;
            }
        }
    }

    fn stray_boost(&mut self) {
        let span = self.ahead(1 + boost_text(&self.rest()[1..]).len());
        self.report.error(span, "^ needs something directly before it", "for example Xi^2");
        self.at = span.end;
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn ahead(&self, length: usize) -> Span {
        Span::new(self.at, self.at + length)
    }

    fn push(&mut self, length: usize, token: Token) {
        let span = self.ahead(length);
        self.lexemes.push(Lexeme { token, span });
        self.at = span.end;
    }

    /// The token that ends exactly here.
    fn touching(&self) -> Option<&Token> {
        self.lexemes.last().filter(|lexeme| lexeme.span.end == self.at).map(|lexeme| &lexeme.token)
    }
}

/// Straight and curly double quotes; any closes any.
pub(crate) fn is_quote(letter: char) -> bool {
    matches!(letter, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}')
}

/// Whether nothing that begins with `letter`, the first of `rest`, goes on with a run.
fn ends_run(rest: &str, letter: char) -> bool {
    letter == '^' || ends_suffix(rest, letter)
}

fn ends_suffix(rest: &str, letter: char) -> bool {
    letter.is_whitespace()
        || matches!(letter, '(' | ')')
        || is_quote(letter)
        || rest.starts_with("&&")
        || rest.starts_with("||")
}

/// A word with its punctuation, at the start of `text`; its boost is not part of it.
fn run_text(text: &str) -> &str {
    up_to(text, ends_run)
}

fn boost_text(text: &str) -> &str {
    up_to(text, ends_suffix)
}

fn up_to(text: &str, is_end: impl Fn(&str, char) -> bool) -> &str {
    let end = text.char_indices().find(|(at, letter)| is_end(&text[*at..], *letter));
    end.map_or(text, |(end, _)| &text[..end])
}

/// The number of a boost, or what is wrong with it.
fn factor(number: &str) -> Result<f32, &'static str> {
    let is_plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    match number.parse::<f32>() {
        Ok(factor) if is_plain && factor.is_infinite() => Err("the number after ^ is too large"),
        Ok(factor) if is_plain && factor > 0.0 => Ok(factor),
        _ => Err("^ needs a number above 0"),
    }
}

/// Whether a sign before `rest` belongs to something.
fn starts_operand(rest: &str) -> bool {
    let Some(first) = rest.chars().next() else { return false };
    let mut run = rest.char_indices().take_while(|(at, letter)| !ends_run(&rest[*at..], *letter));
    matches!(first, '(' | '*' | '=' | '@')
        || is_quote(first)
        || run.any(|(_, letter)| letter.is_alphanumeric())
        || regex_length(rest).is_some()
}

/// Length of `/pattern/` at the start of `text`: without white space, closed by the first slash that no
/// backslash precedes, and with nothing but a boost touching it. Anything else that begins with a slash is a
/// word (`/usr/lib`).
fn regex_length(text: &str) -> Option<usize> {
    let body = text.strip_prefix('/')?;
    let mut depth = 0_usize;
    let mut letters = body.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '/' => return (at > 0 && run_text(&body[at + 1..]).is_empty()).then_some(at + 2),
            '\\' => drop(letters.next().filter(|(_, escaped)| !escaped.is_whitespace())?),
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1)?,
            _ if letter.is_whitespace() => return None,
            _ => {}
        }
    }
    None
}
