//! How operators are spelled: our own in capitals, and what people bring from other databases. Knows nothing
//! of where they stand.

use std::fmt;

/// What joins or precedes operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    And,
    Or,
    /// Named and read as in the keyword queries of Microsoft Search, without its factors.
    Xrank,
    Not,
    Near(u32),
    Pre(u32),
    Sentence,
    Paragraph,
    AtLeast(u32),
}

/// A text read as an operator.
#[derive(Clone, Debug)]
pub(crate) struct Spelling {
    /// The operator; with a number in its stead where the written one is wrong.
    pub(crate) operator: Operator,
    /// What is wrong with the number.
    pub(crate) problem: Option<Problem>,
}

/// A number that does not fit its operator.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    /// Byte of the operator's text where the number stands.
    pub(crate) offset: usize,
    pub(crate) message: String,
    pub(crate) hint: String,
}

impl Operator {
    /// Stands before its one operand.
    pub(crate) fn is_prefix(self) -> bool {
        matches!(self, Operator::Not | Operator::AtLeast(_))
    }

    /// Asks how near two operands stand.
    pub(crate) fn is_span(self) -> bool {
        matches!(self, Operator::Near(_) | Operator::Pre(_) | Operator::Sentence | Operator::Paragraph)
    }

    /// Without its number.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Operator::And => "AND",
            Operator::Or => "OR",
            Operator::Xrank => "XRANK",
            Operator::Not => "NOT",
            Operator::Near(_) => "NEAR",
            Operator::Pre(_) => "PRE",
            Operator::Sentence => "SENTENCE",
            Operator::Paragraph => "PARAGRAPH",
            Operator::AtLeast(_) => "ATLEAST",
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Operator::Near(number) | Operator::Pre(number) | Operator::AtLeast(number) => {
                write!(f, "{}/{number}", self.name())
            }
            _ => f.write_str(self.name()),
        }
    }
}

/// Makes an operator from its number.
type Numbered = fn(u32) -> Operator;

const STRICT: [(&str, Numbered); 3] =
    [("NEAR", Operator::Near), ("PRE", Operator::Pre), ("ATLEAST", Operator::AtLeast)];

/// What stands before the digits, in any case. The longer of two that begin alike comes first.
const CONTEXTUAL: [(&str, Numbered); 7] = [
    ("near/", Operator::Near),
    ("near", Operator::Near),
    ("w/", Operator::Near),
    ("pre/", Operator::Pre),
    ("adj", Operator::Pre),
    ("atleast/", Operator::AtLeast),
    ("atleast", Operator::AtLeast),
];

/// Our own spelling, in capitals: an operator wherever it stands.
pub(crate) fn strict(text: &str) -> Option<Spelling> {
    use Operator::{And, Not, Or, Paragraph, Sentence, Xrank};
    if let Some(operator) =
        [And, Or, Xrank, Not, Sentence, Paragraph].into_iter().find(|it| it.name() == text)
    {
        return Some(Spelling { operator, problem: None });
    }
    STRICT.into_iter().find_map(|(name, make)| match text.strip_prefix(name)? {
        "" => Some(without_number(make)),
        rest => Some(numbered(make, rest.strip_prefix('/')?, name.len() + 1)),
    })
}

/// A spelling that is an operator only where an operator can stand, and a word elsewhere.
pub(crate) fn contextual(text: &str) -> Option<Spelling> {
    const LONGEST: usize = 16;
    if text.len() > LONGEST || !text.is_ascii() {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let operator = match (text, lower.as_str()) {
        ("and", _) => Operator::And,
        ("or", _) => Operator::Or,
        ("not", _) => Operator::Not,
        ("same" | "SAME", _) | (_, "w/p") => Operator::Paragraph,
        (_, "w/s") => Operator::Sentence,
        _ => return contextual_number(&lower),
    };
    Some(Spelling { operator, problem: None })
}

fn contextual_number(lower: &str) -> Option<Spelling> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    CONTEXTUAL.into_iter().find_map(|(prefix, make)| {
        let number = lower.strip_prefix(prefix).filter(|number| is_number(number))?;
        Some(numbered(make, number, prefix.len()))
    })
}

fn without_number(make: Numbered) -> Spelling {
    let operator = make(5);
    let name = operator.name();
    let problem = Problem {
        offset: 0,
        message: format!("{name} needs a number 1-255"),
        hint: format!("write {operator}, or quote \"{name}\" to search for the word"),
    };
    Spelling { operator, problem: Some(problem) }
}

fn numbered(make: Numbered, number: &str, offset: usize) -> Spelling {
    let operator = make(5);
    let unit = if operator.is_prefix() { "count" } else { "distance" };
    let problem = |offset, message| {
        let hint = format!("for example {operator}; to search for the text, quote it");
        Spelling { operator, problem: Some(Problem { offset, message, hint }) }
    };
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        let offset = if number.is_empty() { 0 } else { offset };
        return problem(offset, format!("{} needs a number 1-255", operator.name()));
    }
    match number.parse::<u32>() {
        Ok(0) => problem(offset, format!("{unit} must be at least 1")),
        Ok(number @ 1..=255) => Spelling { operator: make(number), problem: None },
        _ => problem(offset, format!("{unit} must be at most 255")),
    }
}
