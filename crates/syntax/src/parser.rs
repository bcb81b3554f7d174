//! Lexemes to a tree, by recursive descent: one method for each strength of operator, the weakest first. A
//! mistake is reported where it stands and something harmless takes its place, so that the rest of the query is
//! still looked at; the caller drops the tree of a query with errors.

mod remarks;

use crate::Options;
use crate::ast::{Field, Node, Query, Span};
use crate::join::{Part, all_of, any_of, join, negate, prefer, row};
use crate::lexer::{Lexeme, Token};
use crate::limits::{self, MAX_CLAUSES, MAX_NESTING};
use crate::operands;
use crate::operators::Operator;
use crate::report::Report;
use crate::words;

/// Builds the tree of a whole query.
pub(crate) fn tree(text: &str, lexemes: Vec<Lexeme>, options: Options, report: &mut Report) -> Query {
    let mut parser = Parser {
        text,
        lexemes,
        options,
        report,
        at: 0,
        nesting: 0,
        clauses: 0,
        field: None,
        unclosed: Vec::new(),
        is_mixed: false,
        is_stopped: false,
    };
    let query = parser.query();
    parser.report_unclosed();
    parser.note_mixed(&query);
    query
}

/// How many clauses a leaf is: one, but of a phrase each word is one.
fn clauses(leaf: &Node) -> usize {
    match leaf {
        Node::Word(text) | Node::Phrase(text, _) => words::count_words(text).max(1),
        _ => 1,
    }
}

struct Parser<'a> {
    text: &'a str,
    lexemes: Vec<Lexeme>,
    options: Options,
    report: &'a mut Report,
    /// The lexeme to look at next.
    at: usize,
    nesting: usize,
    clauses: usize,
    /// The field whose group this is.
    field: Option<Field>,
    /// Opening parentheses that nothing closes.
    unclosed: Vec<Span>,
    /// AND and OR stood side by side.
    is_mixed: bool,
    /// A limit was passed: nothing more is read or reported.
    is_stopped: bool,
}

// One method for each strength.
impl Parser<'_> {
    fn query(&mut self) -> Query {
        let query = self.expression();
        while let Some(close) = self.take_close() {
            self.error(
                close,
                "closing parenthesis without an opening one",
                "drop it, or open the group before it",
            );
            self.skip_infix();
            self.expression();
        }
        if !self.report.has_errors() {
            limits::check_tree(&query, self.report);
        }
        query
    }

    /// `a XRANK b`, up to a closing parenthesis or the end.
    fn expression(&mut self) -> Query {
        self.report_missing_left();
        let (mut query, mut is_list) = self.disjunction();
        while self.take_infix(|operator| operator == Operator::Xrank).is_some() {
            let (bonus, is_list_too) = self.disjunction();
            self.note_unscored(&bonus);
            self.is_mixed |= is_list || is_list_too;
            is_list = false;
            query = prefer(query, bonus);
        }
        query
    }

    /// `a OR b`, and whether it is a list of any kind.
    fn disjunction(&mut self) -> (Query, bool) {
        let mut parts = vec![self.alternative()];
        while self.take_infix(|operator| operator == Operator::Or).is_some() {
            parts.push(self.alternative());
        }
        let is_or = parts.len() > 1;
        let is_and = parts.iter().any(|part| part.is_bare_and);
        if let Some(plus) = parts.iter().find_map(|part| part.plus).filter(|_| is_or) {
            let hint = "what must be there is joined with AND; what only adds to the score stands behind XRANK: a XRANK b";
            self.error(plus, "+ beside OR", hint);
        }
        self.is_mixed |= is_or && is_and;
        (any_of(parts.into_iter().map(|part| part.query).collect()), is_or || is_and)
    }

    /// One side of an explicit OR: a conjunction, or with [`Options::any`] a row of them.
    fn alternative(&mut self) -> Part {
        let first = self.conjunction();
        if !self.options.any || !self.is_beside() {
            return first;
        }
        let mut parts = vec![first];
        while self.is_beside() {
            parts.push(self.conjunction());
        }
        let plus = parts.iter().find_map(|part| part.plus);
        let negated = parts.iter().filter(|part| part.is_negated()).count();
        let is_and = parts.iter().any(|part| part.is_bare_and);
        self.is_mixed |= parts.len() - negated > 1 && (negated > 0 || is_and);
        let query = row(parts);
        if let Node::Prefer(_, bonus) = &query.node {
            self.note_unscored(bonus);
        }
        Part { is_bare_and: negated > 0, query, plus }
    }

    /// `a AND b`, `a b`.
    fn conjunction(&mut self) -> Part {
        let mut plus = self.take_plus();
        let mut items = vec![self.negation()];
        loop {
            let is_joined = self.take_infix(|operator| operator == Operator::And).is_some();
            if !is_joined && (self.options.any || !self.is_beside()) {
                break;
            }
            let next_plus = self.take_plus();
            plus = plus.or(next_plus);
            items.push(self.negation());
        }
        Part { is_bare_and: items.len() > 1, query: all_of(items), plus }
    }

    /// `NOT a`, `-a`, `!a`.
    fn negation(&mut self) -> Query {
        self.take_plus();
        match self.take_prefix(|operator| operator == Operator::Not) {
            Some((_, sign)) => self.nested(sign, |parser| negate(sign, parser.negation())),
            None => self.proximity(),
        }
    }

    /// `a NEAR/5 b`, left to right.
    fn proximity(&mut self) -> Query {
        let mut left = self.operand();
        let mut height = 0;
        let mut is_one_field = true;
        while let Some((operator, place)) = self.take_infix(Operator::is_span) {
            if height == 0 {
                height = limits::height(&left);
            }
            let right = self.side();
            height = height.max(limits::height(&right)) + 1;
            if height > MAX_NESTING {
                self.stop(place, limits::too_deep);
                break;
            }
            operands::check_positions(operator, &left, self.report);
            operands::check_positions(operator, &right, self.report);
            is_one_field = is_one_field && operands::check_fields(operator, &[&left, &right], self.report);
            left = join(operator, left, right);
        }
        left
    }

    /// An operand where NOT cannot stand: it is read all the same, for the check of operands to report.
    fn side(&mut self) -> Query {
        self.report_plus();
        match self.take_prefix(|operator| operator == Operator::Not) {
            Some((_, sign)) => self.nested(sign, |parser| negate(sign, parser.side())),
            None => self.operand(),
        }
    }

    /// `a^2`.
    fn operand(&mut self) -> Query {
        let mut query = self.counted();
        while let Some(&Lexeme { token: Token::Boost(factor), span }) = self.next() {
            self.at += 1;
            let span = query.span.to(span);
            query = Query { node: Node::Boost(Box::new(query), factor), span };
        }
        query
    }

    /// `ATLEAST/3 a`.
    fn counted(&mut self) -> Query {
        let Some((operator, place)) = self.take_prefix(|operator| operator != Operator::Not) else {
            return self.primary();
        };
        let Operator::AtLeast(count) = operator else { return self.primary() };
        self.nested(place, |parser| {
            parser.report_plus();
            let is_negated = parser.prefix() == Some(Operator::Not);
            let operand = if is_negated { parser.side() } else { parser.counted() };
            operands::check_positions(operator, &operand, parser.report);
            operands::check_fields(operator, &[&operand], parser.report);
            let span = place.to(operand.span);
            Query { node: Node::AtLeast(count, Box::new(operand)), span }
        })
    }

    /// A leaf, a field with its value or a group.
    fn primary(&mut self) -> Query {
        let Some(Lexeme { token, span }) = self.next() else { return self.missing() };
        let span = *span;
        match token {
            Token::Open => self.group(span),
            Token::Field(field) => self.field(*field, span),
            Token::Leaf(node) => {
                let node = node.clone();
                self.leaf(node, span)
            }
            Token::Either(_) => self.leaf(Node::Word(self.text[span.start..span.end].to_owned()), span),
            _ => self.missing(),
        }
    }

    fn leaf(&mut self, node: Node, span: Span) -> Query {
        self.at += 1;
        self.clauses += clauses(&node);
        if self.clauses > MAX_CLAUSES {
            self.stop(span, limits::too_many_clauses);
        }
        if let (Node::Date(_), Some(field)) = (&node, self.field) {
            self.error(
                span,
                format!("date: inside {field}:( … )"),
                format!("take it out: {field}:( … ) date:2022"),
            );
        }
        Query { node, span }
    }

    fn field(&mut self, field: Field, place: Span) -> Query {
        self.at += 1;
        self.report_field_inside(field, place);
        let outer = self.field.replace(field);
        while let Some(&Lexeme { token: Token::Field(inner), span }) = self.next() {
            self.at += 1;
            self.report_field_inside(inner, span);
        }
        let value = self.primary();
        self.field = outer;
        operands::check_whole(field, &value, self.report);
        let span = place.to(value.span);
        Query { node: Node::Field(field, Box::new(value)), span }
    }

    fn group(&mut self, open: Span) -> Query {
        self.at += 1;
        if let Some(close) = self.take_close() {
            self.error(open.to(close), "nothing between the parentheses", "drop them, or put operands there");
            return Query { node: words::nothing(), span: open.to(close) };
        }
        self.nested(open, |parser| {
            let mut query = parser.expression();
            match parser.take_close() {
                Some(close) => query.span = open.to(close),
                None => parser.unclosed.push(open),
            }
            query
        })
    }
}

// Operators: which stands here, and taking it.
impl Parser<'_> {
    /// The operator between two operands that stands here.
    fn infix(&self) -> Option<Operator> {
        let operator = match &self.next()?.token {
            Token::Operator { operator, .. } => *operator,
            Token::Either(spelling) if self.is_operand(self.at + 1) => spelling.operator,
            _ => return None,
        };
        (!operator.is_prefix()).then_some(operator)
    }

    /// The operator before an operand that stands here.
    fn prefix(&self) -> Option<Operator> {
        let operator = match &self.next()?.token {
            Token::Minus => Operator::Not,
            Token::Operator { operator, .. } => *operator,
            Token::Either(spelling) if self.is_operand(self.at + 1) => spelling.operator,
            _ => return None,
        };
        operator.is_prefix().then_some(operator)
    }

    /// Whether an operand stands here without an operator before it.
    fn is_beside(&self) -> bool {
        self.infix().is_none() && self.is_operand(self.at)
    }

    /// Whether the lexeme there can begin an operand.
    fn is_operand(&self, at: usize) -> bool {
        match self.lexemes.get(at).map(|lexeme| &lexeme.token) {
            Some(Token::Operator { operator, .. }) => operator.is_prefix(),
            Some(
                Token::Open
                | Token::Minus
                | Token::Plus
                | Token::Field(_)
                | Token::Leaf(_)
                | Token::Either(_),
            ) => true,
            Some(Token::Close | Token::Boost(_)) | None => false,
        }
    }

    fn take_infix(&mut self, is_wanted: impl Fn(Operator) -> bool) -> Option<(Operator, Span)> {
        let operator = self.infix().filter(|operator| is_wanted(*operator))?;
        Some((operator, self.take_operator()))
    }

    fn take_prefix(&mut self, is_wanted: impl Fn(Operator) -> bool) -> Option<(Operator, Span)> {
        let operator = self.prefix().filter(|operator| is_wanted(*operator))?;
        Some((operator, self.take_operator()))
    }

    /// Passes over the operator here and looks whether an operand follows.
    fn take_operator(&mut self) -> Span {
        let Some(Lexeme { token, span }) = self.lexemes.get(self.at) else { return self.end() };
        let span = *span;
        let is_sound = match token {
            Token::Operator { sound, .. } => *sound,
            Token::Either(_) => self.note_spelling(),
            _ => true,
        };
        self.at += 1;
        self.check_right(span, is_sound);
        span
    }

    /// Passes over the signs `+` here, of which more say no more than one.
    fn take_plus(&mut self) -> Option<Span> {
        let first = self.at;
        while self.next().is_some_and(|lexeme| matches!(lexeme.token, Token::Plus)) {
            self.take_operator();
        }
        (self.at > first).then(|| self.lexemes[first].span)
    }

    fn take_close(&mut self) -> Option<Span> {
        let span = self.next().filter(|lexeme| matches!(lexeme.token, Token::Close))?.span;
        self.at += 1;
        Some(span)
    }

    /// Passes over operators in a row.
    fn skip_infix(&mut self) {
        while self.strict_infix().is_some() {
            self.at += 1;
        }
    }

    /// An operator in capitals that wants an operand before it: its place and whether its number is right.
    fn strict_infix(&self) -> Option<(Span, bool)> {
        match self.next()? {
            Lexeme { token: Token::Operator { operator, sound }, span } if !operator.is_prefix() => {
                Some((*span, *sound))
            }
            _ => None,
        }
    }

    fn next(&self) -> Option<&Lexeme> {
        self.lexemes.get(self.at)
    }

    /// Goes one level down, or stops where that is too deep.
    fn nested(&mut self, place: Span, parse: impl FnOnce(&mut Self) -> Query) -> Query {
        if self.nesting == MAX_NESTING {
            self.stop(place, limits::too_deep);
            return self.missing();
        }
        self.nesting += 1;
        let query = parse(self);
        self.nesting -= 1;
        query
    }

    /// Stands for an operand that is not there; whoever sees that reports it.
    fn missing(&self) -> Query {
        Query { node: words::nothing(), span: self.end() }
    }

    fn end(&self) -> Span {
        let end = self.text.trim_end().len();
        Span::new(end, end)
    }
}
