//! What each rule claims, on pages written for it.

use super::*;

mod dates;

/// The kinds of the lines that are not blank, and the whole anatomy.
fn kinds(text: &str) -> (Vec<&'static str>, Anatomy) {
    let anatomy = dissect(text, &Hints::default());
    let written = anatomy.lines.iter().filter(|line| line.kind != Kind::Blank);
    (written.map(|line| line.kind.name()).collect(), anatomy)
}

const LEAD: &str =
    "The council of the island voted on Tuesday to keep the ferry running through the winter months.";
const MORE: &str =
    "Fishermen had asked for it since the old bridge was closed to heavy traffic in the autumn.";

#[track_caller]
fn check(lines: &[&str], expected: &[&str]) -> Anatomy {
    let (kinds, anatomy) = kinds(&lines.join("\n\n"));
    assert_eq!(kinds, expected, "{lines:#?}");
    anatomy
}

#[test]
fn a_headline_stands_above_the_lead_and_headings_between_paragraphs() {
    let anatomy = check(
        &["Island keeps its ferry", LEAD, "What happens next", MORE, LEAD],
        &["headline", "lead", "heading", "body", "body"],
    );
    assert_eq!(anatomy.headline.as_deref(), Some("Island keeps its ferry"));
    check(&["Will the ferry sail?", LEAD], &["headline", "lead"]);
    check(&["POLITICS", "Island keeps its ferry", LEAD], &["heading", "headline", "lead"]);
}

#[test]
fn a_text_without_headline_has_none() {
    assert_eq!(check(&[LEAD, MORE], &["lead", "body"]).headline, None);
    assert_eq!(check(&["Ferry"], &["lead"]).headline, None);
}

#[test]
fn menus_are_known_by_sections_or_separators() {
    check(
        &["News Sport Business Culture Travel Weather Video Opinion Jobs", "Island keeps its ferry", LEAD],
        &["nav", "headline", "lead"],
    );
    check(&["Home › World › Europe", "Island keeps its ferry", LEAD], &["nav", "headline", "lead"]);
    check(&["News | Sport | Opinion | About us", LEAD, MORE], &["nav", "lead", "body"]);
    check(
        &["Home", "News", "Sport", "Culture", "Opinion", "Island keeps its ferry", LEAD],
        &["nav", "nav", "nav", "nav", "nav", "headline", "lead"],
    );
}

#[test]
fn a_headline_in_capitals_is_no_menu() {
    let headline = "Island Council Votes To Keep Winter Ferry After Long Protest By Fishermen";
    assert_eq!(check(&[headline, LEAD], &["headline", "lead"]).headline.as_deref(), Some(headline));
}

#[test]
fn a_banner_says_the_same_three_times() {
    let banner = ["Abonează-te la știrile noastre!"; 4].join(" ");
    check(&[&banner, "Island keeps its ferry", LEAD], &["banner", "headline", "lead"]);
    check(&["No, no, no.", LEAD, MORE], &["body", "lead", "body"]);
}

#[test]
fn links_to_other_articles_open_with_their_words() {
    for link in [
        "Also read: The bridge that failed",
        "READ MORE | The bridge that failed",
        "Lesen Sie auch: Die Brücke",
        "Читайте также: Мост",
    ] {
        check(&["Island keeps its ferry", LEAD, link, MORE], &["headline", "lead", "related", "body"]);
    }
    let prose =
        "Read more: that was the advice of the teachers. But the children of the island preferred to sail.";
    check(&[LEAD, prose, MORE], &["lead", "body", "body"]);
}

#[test]
fn footers_are_the_words_sites_put_below() {
    check(
        &[
            "Island keeps its ferry",
            LEAD,
            "Posted by {{author}}",
            "Facebook Twitter WhatsApp",
            "© 2022 The Island Post",
            "Nach oben",
        ],
        &["headline", "lead", "footer", "footer", "footer", "footer"],
    );
    check(
        &[
            "Island keeps its ferry",
            LEAD,
            MORE,
            "You may also like",
            "The bridge that failed",
            "Ten ways to cook herring",
        ],
        &["headline", "lead", "body", "footer", "related", "related"],
    );
    let prose = "Share prices of the ferry company rose, and subscribers to our interests were pleased with the vote.";
    check(&[LEAD, prose], &["lead", "body"]);
}

#[test]
fn captions_end_in_a_credit_or_stand_above_one() {
    let anatomy = check(
        &[
            "The ferry in the harbour of the island. Photo: AFP / Jane Doe",
            LEAD,
            "old bridge",
            "Photo source: EPA",
            MORE,
        ],
        &["caption", "lead", "caption", "credit", "body"],
    );
    assert_eq!(anatomy.headline, None);
    check(&["Ferry in the harbour (Reuters)", LEAD], &["caption", "lead"]);
    check(&["Island keeps its ferry", "Photo: EPA", LEAD], &["headline", "credit", "lead"]);
    let prose = "She sent a photo: it showed the ferry on its way to the mainland in the storm of last week.";
    check(&[LEAD, prose], &["lead", "body"]);
}

#[test]
fn bylines_name_authors_at_the_top_and_at_the_end() {
    #[track_caller]
    fn byline(line: &str, authors: &[&str], outlet: Option<&str>) {
        let anatomy = check(&["Island keeps its ferry", line, LEAD], &["headline", "byline", "lead"]);
        assert_eq!(anatomy.authors, authors);
        assert_eq!(anatomy.outlet.as_deref(), outlet);
    }
    byline("By Jane Doe", &["Jane Doe"], None);
    byline("By Jane Doe and John Roe, Reuters", &["Jane Doe", "John Roe"], Some("Reuters"));
    byline("#World / Ana Lind", &["Ana Lind"], None);
    byline("Jane Doe, Chief Correspondent", &["Jane Doe"], None);
    byline("Written by Jane Doe | May 4, 2022", &["Jane Doe"], None);
    byline("Von Anna Müller", &["Anna Müller"], None);
    byline("BY JANE DOE AND JOHN SMITH", &["JANE DOE", "JOHN SMITH"], None);
    byline("Par Jane Doe et Jean Dupont", &["Jane Doe", "Jean Dupont"], None);
    byline("بقلم أحمد علي", &["أحمد علي"], None);
    byline("كتب: أحمد علي", &["أحمد علي"], None);
    let anatomy = check(
        &["Island keeps its ferry", LEAD, MORE, "By Jane Doe"],
        &["headline", "lead", "body", "byline"],
    );
    assert_eq!(anatomy.authors, ["Jane Doe"]);
    check(&["By Tuesday Night", LEAD], &["headline", "lead"]);
}

#[test]
fn a_byline_may_end_with_the_date() {
    for line in [
        "By Jane Doe, 3 March 2021",
        "By Jane Doe March 3, 2021",
        "By Jane Doe (March 3, 2021)",
        "By Jane Doe in Oslo, Wednesday 3 March 2021",
    ] {
        let anatomy = check(&["Island keeps its ferry", line, LEAD], &["headline", "byline", "lead"]);
        assert_eq!(anatomy.authors, ["Jane Doe"], "{line}");
        assert_eq!(anatomy.date.map(|date| date.to_string()).as_deref(), Some("2021-03-03"), "{line}");
    }
}

#[test]
fn a_sentence_about_the_author_names_the_author() {
    let top = "Ana is the director of the Institute of Islands. www.ana-lind.example";
    let anatomy =
        check(&["Island keeps its ferry", top, LEAD, MORE], &["headline", "author_bio", "lead", "body"]);
    assert_eq!(anatomy.authors, ["Ana"]);
    let end = "J K Lindgren is a former harbour pilot and columnist.";
    assert_eq!(
        check(&["Ferry returns", LEAD, end], &["headline", "lead", "author_bio"]).authors,
        ["J K Lindgren"]
    );
}

#[test]
fn a_person_of_the_story_is_not_its_author() {
    let first =
        "Asked about it, Jonas Berg said on Tuesday that the ferry would sail in every weather this year.";
    let end = "Jonas Berg is a former diplomat.";
    assert!(check(&["Ferry returns", first, end], &["headline", "lead", "body"]).authors.is_empty());
}

#[test]
fn a_syndication_line_names_the_outlet() {
    let line = "This article was first published by The Island Post and is republished with permission.";
    let anatomy = check(&["Ferry returns", LEAD, line], &["headline", "lead", "credit"]);
    assert_eq!(anatomy.outlet.as_deref(), Some("The Island Post"));
}

#[test]
fn lines_of_hard_wrapped_text_make_paragraphs() {
    let text = "COUNCIL OF THE ISLAND KEEPS ITS FERRY\nTHROUGH THE WINTER\n\nBy Jane Doe\nMay 4, 2022\n\n\
        The council of the island voted on Tuesday to keep the ferry\nrunning through the winter, when storms often close the\n\
        bridge to the mainland.\n\nFishermen had asked for it since the old bridge was closed\nto heavy traffic in the autumn of last year, and schools\n\
        had joined them.\n";
    let (kinds, anatomy) = kinds(text);
    let expected = ["headline", "headline", "byline", "date", "lead", "lead", "lead", "body", "body", "body"];
    assert_eq!(kinds, expected);
    let starts: Vec<bool> = anatomy
        .lines
        .iter()
        .filter(|line| line.kind != Kind::Blank)
        .map(|line| line.starts_paragraph)
        .collect();
    assert_eq!(starts, [true, false, true, true, true, false, false, true, false, false]);
    assert_eq!(anatomy.headline.as_deref(), Some("COUNCIL OF THE ISLAND KEEPS ITS FERRY THROUGH THE WINTER"));
}

#[test]
fn indents_part_paragraphs_of_hard_wrapped_text_too() {
    let text = "   The council of the island voted on Tuesday to keep the ferry\nrunning through the winter, when storms often close the\nbridge.\n   \
        Fishermen had asked for it since the old bridge was closed\nto heavy traffic in the autumn of last year.\n";
    let starts: Vec<bool> = kinds(text).1.lines.iter().map(|line| line.starts_paragraph).collect();
    assert_eq!(starts, [true, false, false, true, false]);
}

#[test]
fn the_last_lines_of_paragraphs_that_indents_part_may_be_short() {
    let text = "    The council of the island\nvoted on Tuesday to keep the ferry running for the winter\nof this year.\n    Fishermen had asked \
        for it since the old bridge was\nclosed, as had shops and schools, which need the boats and\nthe mail.\n    A second ferry is to be \
        bought when the money is there,\nsoon.\n    The mayor of the town on the mainland said on Friday\nthat the decision of the council \
        was right and had come in\ntime.\n    Nobody objected to the plan when it was read to them on\nthat day.\n";
    let starts: Vec<bool> = kinds(text).1.lines.iter().map(|line| line.starts_paragraph).collect();
    assert_eq!(
        starts,
        [true, false, false, true, false, false, true, false, true, false, false, true, false]
    );
}

#[test]
fn the_clean_text_of_a_record_keeps_what_a_page_would_lose() {
    let text =
        format!("Ferry\n\n{LEAD}\nSee also: Bridges of the north\nMay 5, 2022\nRelated\nHome\nShare\n{MORE}");
    let known = &[(0, Kind::Headline)];
    let hints = Hints { known, headline_is_known: true, is_record: true, recurring: None };
    let anatomy = dissect(&text, &hints);
    assert!(anatomy.lines.iter().all(|line| !line.kind.is_noise()), "{:?}", anatomy.lines);
    assert_eq!(anatomy.date, None);
}
