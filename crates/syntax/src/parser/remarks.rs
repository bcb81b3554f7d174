//! What the parser says of what it reads.

use super::Parser;
use crate::ast::{Field, Node, Query, Span};
use crate::lexer::{Lexeme, Token};
use crate::operands;
use crate::operators::Operator;
use crate::report::Report;
use crate::words;

impl Parser<'_> {
    pub(super) fn error(&mut self, span: Span, message: impl Into<String>, hint: impl Into<String>) {
        if !self.is_stopped {
            self.report.error(span, message, hint);
        }
    }

    /// Reports a limit and reads no further.
    pub(super) fn stop(&mut self, span: Span, report_limit: fn(Span, &mut Report)) {
        if !self.is_stopped {
            report_limit(span, self.report);
        }
        self.is_stopped = true;
        self.at = self.lexemes.len();
    }

    /// A `+` where only the whole can be needed.
    pub(super) fn report_plus(&mut self) {
        if let Some(plus) = self.take_plus() {
            self.error(plus, "+ before a part of an operand", "put it before the whole: +(a NEAR/5 b)");
        }
    }

    pub(super) fn report_missing_left(&mut self) {
        let Some((span, is_sound)) = self.strict_infix() else { return };
        if is_sound {
            let hint = self.drop_or_quote(span);
            self.error(span, "operator with no left side", hint);
        }
        self.skip_infix();
    }

    pub(super) fn check_right(&mut self, operator: Span, is_sound: bool) {
        if self.is_operand(self.at) {
            return;
        }
        if let Some((second, _)) = self.strict_infix() {
            let hint = self.drop_or_quote(second);
            self.error(second, "two operators in a row", hint);
            self.skip_infix();
        } else if is_sound {
            let hint = self.drop_or_quote(operator);
            self.error(operator, "operator with no right side", hint);
        }
    }

    pub(super) fn drop_or_quote(&self, operator: Span) -> String {
        let text = &self.text[operator.start..operator.end];
        if words::has_letters(text) {
            format!("drop it, or quote \"{text}\" to search for the word")
        } else {
            format!("drop the {text}")
        }
    }

    /// Says how a spelling that is not ours was read; `false` where its number is wrong.
    pub(super) fn note_spelling(&mut self) -> bool {
        let Some(Lexeme { token: Token::Either(spelling), span }) = self.lexemes.get(self.at) else {
            return true;
        };
        let text = &self.text[span.start..span.end];
        if let Some(problem) = &spelling.problem {
            let place = Span::new(span.start + problem.offset, span.end);
            self.report.error(place, problem.message.clone(), problem.hint.clone());
            return false;
        }
        if !matches!(spelling.operator, Operator::And | Operator::Or | Operator::Not) {
            let message = format!("read \"{text}\" as {}", spelling.operator);
            self.report.note(*span, message, format!("quote \"{text}\" to search for the word"));
        }
        true
    }

    pub(super) fn report_field_inside(&mut self, inner: Field, place: Span) {
        if let Some(outer) = self.field {
            let hint = format!("take it out: {outer}:( … ) {inner}:( … )");
            self.error(place, format!("{inner}: inside {outer}:( … )"), hint);
        }
    }

    pub(super) fn report_unclosed(&mut self) {
        if self.unclosed.is_empty() {
            return;
        }
        let whole = self.text.trim();
        let hint = if whole.ends_with('(') || whole.len() > 200 {
            "close it where the group ends, or drop it".to_owned()
        } else {
            format!("close it: {whole}{}", ")".repeat(self.unclosed.len()))
        };
        for open in std::mem::take(&mut self.unclosed) {
            self.error(open, "missing closing parenthesis", hint.clone());
        }
    }

    /// What is preferred and does not score does nothing.
    pub(super) fn note_unscored(&mut self, bonus: &Query) {
        let parts = if let Node::Or(parts) = &bonus.node { &parts[..] } else { std::slice::from_ref(bonus) };
        for part in parts.iter().filter(|part| !operands::scores(part)) {
            let hint = "NOT, date:, lang: and id: do not score; join with AND what they ask for";
            self.report.note(part.span, "this adds nothing to the score", hint);
        }
    }

    pub(super) fn note_mixed(&mut self, query: &Query) {
        if self.is_mixed && !self.report.has_errors() {
            let start = self.text.len() - self.text.trim_start().len();
            let whole = Span::new(start, self.text.trim_end().len());
            self.report.note(whole, format!("read as {query}"), "put parentheses to have it read otherwise");
        }
    }
}
