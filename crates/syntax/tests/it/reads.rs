//! Queries that are read, and as what.

use syntax::{DateFilter, Field, Node, Query};

use crate::{parsed, reads, reads_any, tree};

fn node(text: &str) -> Node {
    tree(text).node
}

fn word(text: &str) -> Node {
    Node::Word(text.to_owned())
}

fn boxed(text: &str) -> Box<Query> {
    Box::new(tree(text))
}

#[test]
fn both_sides_of_and_however_it_is_spelled() {
    for text in ["Xi AND NATO", "Xi NATO", "Xi and NATO", "Xi && NATO", "Xi&&NATO", "Xi(NATO)", "(Xi)(NATO)"]
    {
        reads(text, "Xi AND NATO");
    }
    assert_eq!(node("Xi NATO"), Node::And(vec![tree("Xi"), tree("NATO")]));
}

#[test]
fn either_side_of_or_however_it_is_spelled() {
    for text in ["Xi OR NATO", "Xi or NATO", "Xi || NATO", "Xi||NATO"] {
        reads(text, "Xi OR NATO");
    }
}

#[test]
fn not_takes_away_however_it_is_spelled() {
    for text in [
        "Xi AND NOT NATO",
        "Xi NOT NATO",
        "Xi -NATO",
        "Xi !NATO",
        "Xi not NATO",
        "Xi and not NATO",
        "Xi && -NATO",
    ] {
        reads(text, "Xi AND NOT NATO");
    }
    reads("NOT NATO", "NOT NATO");
    reads("-NATO", "NOT NATO");
    reads("(-NATO)", "NOT NATO");
    reads("--NATO", "NOT NOT NATO");
    reads("-\"cold war\"", "NOT \"cold war\"");
    reads("-(Xi OR NATO)", "NOT (Xi OR NATO)");
    reads("-title:Xi", "NOT title:Xi");
    reads("-date:2022", "NOT date:2022");
    reads("-*ship", "NOT *ship");
    reads("-/.*/", "NOT /.*/");
}

#[test]
fn what_only_ranks_stands_behind_xrank() {
    reads("Xi XRANK NATO", "Xi XRANK NATO");
    assert_eq!(node("Xi XRANK NATO"), Node::Prefer(boxed("Xi"), boxed("NATO")));
    reads("Xi Putin XRANK NATO OR Iran", "(Xi AND Putin) XRANK (NATO OR Iran)");
    reads("Xi XRANK NATO XRANK Iran", "Xi XRANK (NATO OR Iran)");
    reads("(Xi XRANK NATO) XRANK Iran", "Xi XRANK (NATO OR Iran)");
    reads("Xi XRANK (NATO XRANK Iran)", "Xi XRANK (NATO XRANK Iran)");
    reads("Xi OR (NATO XRANK Iran)", "Xi OR (NATO XRANK Iran)");
    reads("NOT (Xi XRANK NATO)", "NOT (Xi XRANK NATO)");
    reads("title:(Xi XRANK NATO)^2", "title:(Xi XRANK NATO)^2");
}

#[test]
fn a_plus_says_what_must_be_there() {
    for text in ["+Xi NATO", "+Xi +NATO", "Xi AND +NATO", "++Xi NATO", "(+Xi) NATO"] {
        reads(text, "Xi AND NATO");
    }
    reads("+Xi", "Xi");
    reads("+Xi -NATO", "Xi AND NOT NATO");
    reads("-+Xi", "NOT Xi");
    reads("+-Xi", "NOT Xi");
    reads("+\"cold war\"", "\"cold war\"");
    reads("+(Xi OR NATO)", "Xi OR NATO");
    reads("+title:Xi", "title:Xi");
    reads("+and +or", "(and) AND (or)");
    reads("Xi&&+=US", "Xi AND =US");
    reads("Xi+NATO", "Xi+NATO");
    reads_any("+Xi NATO", "Xi XRANK NATO");
    reads_any("NATO +Xi Iran", "Xi XRANK (NATO OR Iran)");
    reads_any("+Xi +NATO Iran", "(Xi AND NATO) XRANK Iran");
    reads_any("+Xi +NATO", "Xi AND NATO");
    reads_any("+Xi NATO -Iran", "(Xi AND NOT Iran) XRANK NATO");
    reads_any("+Xi&&+NATO Iran", "(Xi AND NATO) XRANK Iran");
    reads_any("+Xi NEAR/5 NATO Iran", "Xi NEAR/5 NATO XRANK Iran");
    reads_any("(+Xi) (+NATO)", "Xi OR NATO");
    reads_any("+\"cold war\" =US", "\"cold war\" XRANK =US");
    for word in ["C++", "a+b", "title:+49", "a×?¼"] {
        reads(word, word);
    }
}

#[test]
fn a_dash_inside_a_word_is_part_of_it() {
    assert_eq!(node("Xi-Putin"), word("Xi-Putin"));
    assert_eq!(node("face-to-face"), word("face-to-face"));
    assert_eq!(node("Covid-19"), word("Covid-19"));
}

#[test]
fn and_binds_tighter_than_or() {
    reads("NATO OR sanctions AND Iran", "NATO OR (sanctions AND Iran)");
    reads("NATO OR sanctions Iran", "NATO OR (sanctions AND Iran)");
    reads("(NATO OR sanctions) AND Iran", "(NATO OR sanctions) AND Iran");
    reads("a b OR c d", "(a AND b) OR (c AND d)");
}

#[test]
fn not_binds_tighter_than_and_and_proximity_tighter_than_not() {
    reads("NOT Xi AND NATO", "NOT Xi AND NATO");
    reads("NOT (Xi AND NATO)", "NOT (Xi AND NATO)");
    reads("NOT Xi NEAR/3 NATO", "NOT Xi NEAR/3 NATO");
    assert_eq!(node("NOT Xi NEAR/3 NATO"), Node::Not(boxed("Xi NEAR/3 NATO")));
    assert_eq!(node("NOT Xi NATO"), Node::And(vec![tree("NOT Xi"), tree("NATO")]));
    reads("Xi AND Taiwan NEAR/3 NATO", "Xi AND Taiwan NEAR/3 NATO");
}

#[test]
fn lists_of_one_operator_are_flat() {
    reads("(a AND b) AND (c d)", "a AND b AND c AND d");
    reads("a OR (b OR (c OR d))", "a OR b OR c OR d");
    reads("((((a))))", "a");
}

#[test]
fn proximity_in_each_spelling() {
    for text in
        ["Xi NEAR/6 NATO", "Xi near/6 NATO", "Xi w/6 NATO", "Xi W/6 NATO", "Xi near6 NATO", "Xi NEAR6 NATO"]
    {
        reads(text, "Xi NEAR/6 NATO");
    }
    for text in ["Xi PRE/6 NATO", "Xi pre/6 NATO", "Xi adj6 NATO", "Xi ADJ6 NATO"] {
        reads(text, "Xi PRE/6 NATO");
    }
    for text in ["Xi SENTENCE NATO", "Xi w/s NATO", "Xi W/S NATO"] {
        reads(text, "Xi SENTENCE NATO");
    }
    for text in ["Xi PARAGRAPH NATO", "Xi w/p NATO", "Xi W/P NATO", "Xi same NATO", "Xi SAME NATO"] {
        reads(text, "Xi PARAGRAPH NATO");
    }
    for text in ["ATLEAST/3 alliance", "atleast3 alliance", "ATLEAST3 alliance", "atleast/3 alliance"] {
        reads(text, "ATLEAST/3 alliance");
    }
}

#[test]
fn proximity_nests_from_the_left() {
    reads("a NEAR/3 b NEAR/5 c", "a NEAR/3 b NEAR/5 c");
    reads("a NEAR/3 (b NEAR/5 c)", "a NEAR/3 (b NEAR/5 c)");
    let left = boxed("a NEAR/3 b");
    assert_eq!(
        node("a NEAR/3 b PRE/5 c"),
        Node::Near { left: left.clone(), right: boxed("c"), distance: 5, ordered: true }
    );
    assert_eq!(node("a NEAR/3 b SENTENCE c"), Node::Sentence(left.clone(), boxed("c")));
    assert_eq!(node("a NEAR/3 b PARAGRAPH c"), Node::Paragraph(left, boxed("c")));
    reads("(a OR \"b c\" OR @nato) NEAR/255 inva*", "(a OR \"b c\" OR @nato) NEAR/255 inva*");
}

#[test]
fn atleast_counts_one_operand() {
    reads("ATLEAST/3 alliance NATO", "ATLEAST/3 alliance AND NATO");
    reads("ATLEAST/3 (a OR b)", "ATLEAST/3 (a OR b)");
    reads("ATLEAST/3 title:(a OR b)", "ATLEAST/3 title:(a OR b)");
    reads("Xi ATLEAST/3 alliance", "Xi AND ATLEAST/3 alliance");
    reads("ATLEAST/3 x^2", "ATLEAST/3 x^2");
    assert_eq!(node("ATLEAST/3 x^2"), Node::Boost(boxed("ATLEAST/3 x"), 2.0));
}

#[test]
fn operators_in_lower_case_are_words_where_none_can_stand() {
    for text in ["and", "or", "not", "same", "near/6", "w/6", "w/s", "atleast3"] {
        assert_eq!(node(text), word(text));
    }
    assert_eq!(node("and NATO"), Node::And(vec![tree("and"), tree("NATO")]));
    assert_eq!(node("NATO same"), Node::And(vec![tree("NATO"), tree("same")]));
    assert_eq!(node("Xi not"), Node::And(vec![tree("Xi"), tree("not")]));
    assert_eq!(node("-and"), Node::Not(boxed("and")));
    assert_eq!(node("title:not"), Node::Field(Field::Title, boxed("not")));
    assert_eq!(node("and^2"), Node::Boost(boxed("and"), 2.0));
    assert_eq!(node("near/far"), word("near/far"));
    reads("Xi and and NATO", "Xi AND (and) AND NATO");
    reads("\"and\"", "\"and\"");
    reads("sentence paragraph near", "sentence AND paragraph AND near");
    reads("And Or Not", "And AND Or AND Not");
}

#[test]
fn white_space_and_quotes_of_every_kind() {
    reads("Xi\u{a0}NATO", "Xi AND NATO");
    reads("\u{3000}Xi\n\tNATO ", "Xi AND NATO");
    for text in ["“cold war”", "„cold war“", "”cold war”", "‟cold war\"", "\"cold war“"] {
        reads(text, "\"cold war\"");
    }
    assert_eq!(node("\"a b\"~2"), Node::Phrase("a b".to_owned(), 2));
    assert_eq!(node("\"a AND (b\""), Node::Phrase("a AND (b".to_owned(), 0));
    assert_eq!(node("\"a b\"~255"), Node::Phrase("a b".to_owned(), 255));
    reads("\"a b\"~0", "\"a b\"");
    reads("\"a\"b", "\"a\" AND b");
}

#[test]
fn punctuation_that_is_no_syntax_stays_in_the_word() {
    for text in [
        "don’t",
        "don't",
        "O'Brien",
        "‘tis",
        "U.S.",
        "AT&T",
        "a|b",
        "R&D,",
        "12:30",
        "note:this",
        "http://x.y/z",
        "a@b.c",
        "c/d",
        "/usr/lib",
        "50%",
        "#NATO",
        "~user",
        "a~b",
        "e.g.",
        "C++",
        "x=y",
        "Xi's",
        "naïve",
        "习近平",
        "date",
        "titel",
        "re:",
        "http://x.y/~user/z",
    ] {
        assert_eq!(node(text), word(text), "{text}");
        assert!(parsed(text).diagnostics.is_empty(), "{text}");
    }
    reads("China's rise", "China's AND rise");
}

#[test]
fn exact_words_and_actors() {
    assert_eq!(node("=US"), Node::Exact("US".to_owned()));
    assert_eq!(node("=U.S."), Node::Exact("U.S.".to_owned()));
    assert_eq!(node("=AND"), Node::Exact("AND".to_owned()));
    assert_eq!(node("@nato"), Node::Actor("nato".to_owned(), Vec::new()));
    assert_eq!(node("@south-china_sea.2"), Node::Actor("south-china_sea.2".to_owned(), Vec::new()));
    reads("@xi AND @nato", "@xi AND @nato");
    reads("@xi SENTENCE @us", "@xi SENTENCE @us");
}

#[test]
fn wildcards_stand_inside_one_word() {
    for text in ["inva*", "*ship", "ukr*ne", "te?t", "?art", "wh?t*?", "don't*"] {
        assert_eq!(node(text), Node::Wildcard(text.to_owned()));
    }
    reads("inva*, sanction*.", "inva* AND sanction*");
    for text in ["te?t?", "cell?", "te??"] {
        assert_eq!(node(text), Node::Wildcard(text.to_owned()));
    }
    reads("stem cell?", "stem AND cell?");
    reads("(is OR was) there formatio?", "(is OR was) AND there AND formatio?");
}

#[test]
fn a_question_mark_at_the_end_of_a_question_or_of_more_is_punctuation() {
    reads("who won the war?", "who AND won AND the AND war");
    reads("didn't they, the last ones? ", "didn't AND they, AND the AND last AND ones");
    assert_eq!(node("what??!"), word("what??!"));
    assert_eq!(node("what?,"), word("what?,"));
}

#[test]
fn fuzzy_words() {
    assert_eq!(node("bidden~"), Node::Fuzzy("bidden".to_owned(), None));
    assert_eq!(node("Bidden~1"), Node::Fuzzy("Bidden".to_owned(), Some(1)));
    assert_eq!(node("bidden~2"), Node::Fuzzy("bidden".to_owned(), Some(2)));
    assert_eq!(node("AND~"), Node::Fuzzy("AND".to_owned(), None));
    reads("bidden~1^2", "bidden~1^2");
}

#[test]
fn regular_expressions_stand_between_slashes() {
    assert_eq!(node("/nat[oO]/"), Node::Regex("nat[oO]".to_owned()));
    assert_eq!(node("/colou?r(s|ed)?/"), Node::Regex("colou?r(s|ed)?".to_owned()));
    assert_eq!(node(r"/a\/b/"), Node::Regex(r"a\/b".to_owned()));
    assert_eq!(node("/a^b/"), Node::Regex("a^b".to_owned()));
    reads("(/a/)", "/a/");
    reads("/a/^2 b", "/a/^2 AND b");
    reads("/usr/lib", "/usr/lib");
    reads("/a b/", "/a AND b/");
    reads("/a/b/", "/a/b/");
    reads("(/usr)/x", "/usr AND /x");
}

#[test]
fn boosts_are_the_outermost_part_of_an_operand() {
    assert_eq!(node("x^2"), Node::Boost(boxed("x"), 2.0));
    assert_eq!(node("x^0.5"), Node::Boost(boxed("x"), 0.5));
    assert_eq!(node("title:x^2"), Node::Boost(boxed("title:x"), 2.0));
    assert_eq!(node("title:(x^2)"), Node::Field(Field::Title, boxed("x^2")));
    reads("\"a b\"~1^2", "\"a b\"~1^2");
    reads("(a OR b)^3 c", "(a OR b)^3 AND c");
    reads("(x^2)^3", "(x^2)^3");
    reads("-x^2", "NOT x^2");
    reads("(-x)^2", "(NOT x)^2");
    reads("(a NEAR/3 b)^2", "(a NEAR/3 b)^2");
    reads("date:2022^2", "date:2022^2");
}

#[test]
fn fields_in_any_case_with_any_value() {
    for name in ["title", "lead", "hlead", "body", "caption", "author", "outlet", "lang", "path", "id"] {
        reads(&format!("{name}:Xi"), &format!("{name}:Xi"));
        reads(&format!("{}:Xi", name.to_uppercase()), &format!("{name}:Xi"));
    }
    for value in
        ["=US", "@nato", "inva*", "bidden~1", "/nato/", "\"a b\"~2", "http://x.y/z", "12:30", "(a OR b)"]
    {
        let text = format!("title:{value}");
        reads(&text, &text);
    }
    reads("title:(Xi)", "title:Xi");
    reads("title:(Xi Putin -Biden)", "title:(Xi AND Putin AND NOT Biden)");
    reads("title:(a NEAR/3 b)", "title:(a NEAR/3 b)");
    reads("title:Xi NEAR/3 title:Biden", "title:Xi NEAR/3 title:Biden");
    reads("title:Xi Biden", "title:Xi AND Biden");
}

#[test]
fn side_by_side_is_or_when_asked_for() {
    reads_any("Xi NATO", "Xi OR NATO");
    reads_any("Xi NATO AND Iran", "Xi OR (NATO AND Iran)");
    reads_any("Xi AND NATO Iran", "(Xi AND NATO) OR Iran");
    reads_any("(Xi)(NATO)", "Xi OR NATO");
    reads_any("title:(a b)", "title:(a OR b)");
}

#[test]
fn a_negated_operand_takes_away_even_where_side_by_side_is_or() {
    reads_any("Xi -NATO", "Xi AND NOT NATO");
    reads_any("Xi NOT NATO", "Xi AND NOT NATO");
    reads_any("Xi Putin -NATO", "(Xi OR Putin) AND NOT NATO");
    reads_any("-NATO Xi Putin", "(Xi OR Putin) AND NOT NATO");
    reads_any("-Xi -NATO", "NOT Xi AND NOT NATO");
    reads_any("Iran OR Xi -NATO", "Iran OR (Xi AND NOT NATO)");
    reads_any("Xi OR -NATO", "Xi OR NOT NATO");
}

#[test]
fn every_node_knows_its_place() {
    let text = "Xi (a OR b)^2 title:\"é è\"~1";
    let Node::And(items) = node(text) else { panic!("a list") };
    let places: Vec<&str> = items.iter().map(|item| &text[item.span.start..item.span.end]).collect();
    assert_eq!(places, ["Xi", "(a OR b)^2", "title:\"é è\"~1"]);
}

#[test]
fn places_do_not_count_when_trees_are_compared() {
    assert_eq!(tree("Xi NATO"), tree("  Xi   AND (NATO)"));
    assert_ne!(tree("Xi NATO"), tree("Xi OR NATO"));
}

#[test]
fn the_kinds_of_query_people_ask() {
    for text in [
        "NATO",
        "Mindrutescu",
        "\"fake news\"",
        "(Shoigu OR Peskov) AND NATO",
        "Xi AND NATO AND sanctions",
        "Xi AND (Taiwan OR Crimea) NOT Biden",
        "\"of the Beijing Olympics\"",
        "\"China's global stature\"",
        "Putin-Xi",
        "U.S.",
        "sanctions NEAR/3 Western",
        "NATO SENTENCE \"Washington and Beijing\"",
        "Taiwan SENTENCE Ukraine",
        "hlead:Xi",
        "author:Bhadrakumar",
        "Xi date:2022",
        "date:none",
        "lang:en",
        "ATLEAST/3 alliance",
        "boycott*",
        "Bidden~1",
        "\"North Atlantic Treaty Organization\"",
    ] {
        assert!(parsed(text).diagnostics.is_empty(), "{text}: {:?}", parsed(text).diagnostics);
        assert_eq!(tree(&tree(text).to_string()), tree(text), "{text}");
    }
    assert_eq!(node("date:none"), Node::Date(DateFilter { ranges: Vec::new(), undated: true }));
}
