//! A question and the mark at its end.

use crate::ast::Span;
use crate::operators;
use crate::report::Report;
use crate::words::has_letters;

/// A question has more words: a pattern such as `te??` often stands alone or beside another word.
const LEAST_WORDS: usize = 3;

/// The text of a query without the mark at its end, where it is a question: plain words side by side.
pub(crate) fn without_mark<'a>(text: &'a str, report: &mut Report) -> &'a str {
    let Some(question) = text.trim_end().strip_suffix('?').filter(|question| is_question(question)) else {
        return text;
    };
    let mark = Span::new(question.len(), question.len() + 1);
    report.note(
        mark,
        "read the ? of a question as punctuation",
        "in a query of one or two words it stands for one letter",
    );
    question
}

fn is_question(text: &str) -> bool {
    let is_plain = |letter: char| letter.is_alphanumeric() || matches!(letter, ' ' | ',' | '\'' | '\u{2019}');
    let mut words = text.split(' ').filter(|word| has_letters(word));
    text.ends_with(char::is_alphanumeric)
        && text.chars().all(is_plain)
        && words.clone().count() >= LEAST_WORDS
        && !words.any(|word| operators::strict(word).is_some())
}
