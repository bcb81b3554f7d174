//! Pages of HTML become articles: what a reader sees, in order, and behind it what stands around it.

use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use article::{Article, Format, Kind, Limits, Record, Source, WalkOptions, parse, split, walk};
use proptest::prelude::*;

fn fixture(name: &str) -> Article {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/html").join(name);
    let mut found = Vec::new();
    for input in walk(&[path], &WalkOptions::default()) {
        let _ = split(&input.expect("a fixture"), &Limits::default(), &mut |record| {
            found.push(parse(&record.expect("a record")).expect("an article"));
            ControlFlow::Continue(())
        });
    }
    found.remove(0)
}

fn read(html: impl Into<Vec<u8>>) -> Result<Article, article::ReadError> {
    let source = Source { path: PathBuf::from("page.html"), line: 1, lines_are_file_lines: false };
    parse(&Record { source, format: Format::Html, bytes: html.into() })
}

/// Every line that is not blank, with its kind.
fn lines(article: &Article) -> Vec<(&str, &str)> {
    let written = article.lines.iter().filter(|line| line.kind != Kind::Blank);
    written.map(|line| (line.kind.name(), &article.text[line.range.clone()])).collect()
}

#[test]
fn a_page_says_who_when_and_where() {
    let article = fixture("news.html");
    assert_eq!(article.headline.as_deref(), Some("Ferry returns to the island — at last"));
    assert_eq!(article.authors, ["Ana Lind", "Jonas Berg"]);
    assert_eq!(article.date.unwrap().to_string(), "2022-05-04");
    assert_eq!(article.outlet.as_deref(), Some("The Island Post"));
    assert_eq!(article.url.as_deref(), Some("https://post.example/2022/05/04/ferry"));
    assert_eq!(article.language.as_deref(), Some("en"));
}

#[test]
fn what_a_reader_sees_comes_first_and_what_stands_around_it_behind() {
    let article = fixture("news.html");
    let lines = lines(&article);
    let own: Vec<(&str, &str)> = lines
        .iter()
        .copied()
        .take_while(|(kind, _)| !matches!(*kind, "nav" | "related" | "footer"))
        .collect();
    let kinds: Vec<&str> = own.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds[..5], ["headline", "byline", "date", "caption", "lead"], "{lines:?}");
    assert!(own[5].1.ends_with("412 passengers, most of them islanders, on the first crossing1."));
    assert_eq!(own[6], ("heading", "What comes next"));
    assert_eq!(own[8].1, "A ticket costs four pounds, and children pay half of that.");
    assert!(own.iter().any(|(_, text)| *text == "Pier\tTown"));
    let around = &lines[own.len()..];
    assert!(around.contains(&("nav", "Sea")));
    assert!(around.contains(&("related", "The lighthouse shines again")));
    assert!(around.contains(&("footer", "© The Island Post. All rights reserved.")));
    assert!(around.iter().all(|(kind, _)| matches!(*kind, "nav" | "related" | "footer" | "banner")));
    assert!(!article.text.contains("never seen") && !article.text.contains("Please wait"));
}

#[test]
fn what_is_much_like_the_article_is_not_lost() {
    let text = |city: &str, word: &str, times| {
        let line = format!(
            "the council of {city} met on Wednesday, to hear of the {word} and of the ferry, which is back, at last."
        );
        let paragraphs = ["In the morning,", "At noon,", "In the evening,", "At night,"];
        let paragraphs =
            paragraphs.into_iter().take(times).map(|when| format!("<p>{when} {line} {when} {line}</p>"));
        format!("<div><article><h2>{city}</h2>{}</article></div>", paragraphs.collect::<String>())
    };
    let page = format!(
        "<title>Councils</title><body><main>{}</main><div><div class=sidebar>{}</div></div>",
        text("Oslo", "alphaword", 4),
        text("Rome", "betaword", 1)
    );
    let article = read(page).unwrap();
    for word in ["alphaword", "betaword", "Oslo", "Rome"] {
        assert!(article.text.contains(word), "{word}: {}", article.text);
    }
    let noise = lines(&article).into_iter().filter(|(_, text)| text.contains("betaword"));
    assert!(noise.map(|(kind, _)| kind).eq(["footer"]), "{:?}", lines(&article));
}

#[test]
fn the_encoding_is_the_one_the_page_names() {
    let article = fixture("latin2.htm");
    assert_eq!(article.headline.as_deref(), Some("Latarnia świeci"));
    assert!(article.text.contains("łatwiej znajdą drogę"));
    assert_eq!(article.language.as_deref(), Some("pl"));
    let japanese = b"<html><meta charset=iso-2022-jp><p>\x1b$B@>\x1b(B and more</p>";
    assert!(read(japanese.to_vec()).unwrap().text.contains('西'));
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend("<html><p>Łódź lies inland.</p>".encode_utf16().flat_map(u16::to_le_bytes));
    assert!(read(utf16).unwrap().text.contains("Łódź"));
}

#[test]
fn a_page_of_plain_text_comes_whole_with_its_title_and_date() {
    let article = fixture("abstract.html");
    assert_eq!(
        article.headline.as_deref(),
        Some("A Note on the Lights of Small and Larger Harbours and how they are counted")
    );
    assert_eq!(article.date.unwrap().to_string(), "1961-03-01");
    assert_eq!(article.authors, ["Lind, A. B.", "Berg, J."]);
    let lines = lines(&article);
    assert_eq!(
        lines[1].1,
        "Counting lights is harder than it seems, because they blink. A method is shown that counts each of them once and needs no more than a pencil."
    );
    assert_eq!(lines.last().unwrap().1, "4\t5\t17");
}

#[test]
fn a_page_without_an_article_is_all_its_text() {
    let article =
        read("<title>Links</title><p><a href=a>One</a> <a href=b>Two</a><p>&#169; 2020&nbsp;&lt;us&gt;")
            .unwrap();
    assert_eq!(article.headline.as_deref(), Some("Links"));
    assert!(article.text.contains("One Two"));
    assert!(article.text.contains("© 2020 <us>"));
    assert_eq!(read("<html><script>x</script>").unwrap_err().reason(), "no text");
    assert_eq!(read(" \n").unwrap_err().reason(), "empty");
}

#[test]
fn the_article_of_a_page_that_shows_it_only_with_a_program_is_in_its_data() {
    let body = "The ferry came back to the island on Wednesday after a winter of repairs.\\nIt sails daily.";
    let page = format!(
        "<html><script type=application/ld+json>{{\"@type\": \"Article\", \"headline\": \"Ferry\", \"articleBody\": \"{body}\"}}</script><div>Loading</div>"
    );
    let article = read(page).unwrap();
    assert_eq!(article.headline.as_deref(), Some("Ferry"));
    assert!(article.text.contains("repairs.\n\nIt sails daily."), "{}", article.text);
}

#[test]
fn a_page_is_known_by_its_beginning() {
    for page in [
        "<!DOCTYPE html><p>",
        "\n<!-- a -->\n<HTML lang=en>",
        "<?xml version='1.0'?><html>",
        "<head>",
        "<body>",
    ] {
        assert_eq!(Format::of_content(page.as_bytes()), Format::Html, "{page}");
    }
    for other in
        ["<p>A plain text.", "<header>", "Some <html> text", "<!-- open", "<?xml version='1.0'?><rss>"]
    {
        assert_ne!(Format::of_content(other.as_bytes()), Format::Html, "{other}");
    }
    assert_eq!(Format::of_name(Path::new("a.XHTML")), Some(Format::Html));
}

#[test]
fn the_id_is_that_of_the_article_whatever_stands_around_it() {
    let text =
        "The ferry came back to the island on Wednesday, after a winter of repairs, to cheers. ".repeat(8);
    let id = |menu: &str| {
        read(format!("<title>Ferry</title><nav><a href=x>{menu}</a></nav><article><p>{text}</p></article>"))
            .unwrap()
            .id
    };
    assert_eq!(id("Home"), id("Sea"));
}

/// Pages that cost a careless reader the stack, the memory or the day. Each is read, and its words are kept.
#[test]
fn hostile_pages_are_read_in_bounded_time_and_memory() {
    let numbered = |count: usize, piece: &dyn Fn(usize) -> String| {
        (0..count).fold(String::new(), |mut page, number| {
            let _ = write!(page, "{}", piece(number));
            page
        })
    };
    let pages = [
        "<div>".repeat(100_000),
        "<b>".repeat(100_000),
        "<p><span>".repeat(50_000),
        "<table><tr><td>".repeat(30_000),
        "<a><div>".repeat(50_000),
        "<b><div></b>".repeat(30_000),
        "<span><div></span>".repeat(30_000),
        "<svg><div/>".repeat(30_000),
        "<ul><li>".repeat(50_000),
        numbered(50_000, &|number| format!("<font a={number}>")),
        numbered(2_000, &|number| format!("<p><b a={number}></p>")) + &"<p>x</p>".repeat(20_000),
        numbered(2_000, &|number| format!("<p><b a={number}><div></b></div>")) + &"<p>x</p>".repeat(20_000),
        format!("<p {}>", numbered(200_000, &|number| format!("a{number} "))),
        numbered(50_000, &|number| format!("<body a{number}=1>")),
        "<div><p>some text, with commas, in it</p></div>".repeat(20_000),
        "<br>".repeat(100_000),
        "<".repeat(1_000_000),
        "&".repeat(1_000_000),
        "</p>".repeat(100_000),
        format!("<script type=application/ld+json>{}</script>", "[".repeat(100_000)),
    ];
    for page in pages {
        let start: String = page.chars().take(40).collect();
        let article = read(format!("<html><p>beginning {page}<p>ending of the page")).unwrap();
        assert!(article.text.contains("beginning"), "{start}");
        assert!(article.text.contains("ending of the page"), "{start}");
    }
}

/// Pieces of pages, so that broken elements meet each other.
fn page() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "<p>",
            "</p>",
            "<div>",
            "</div>",
            "<table>",
            "<tr>",
            "<td>",
            "</table>",
            "<b>",
            "</b>",
            "<a href='x'>",
            "</a>",
            "<ul>",
            "<li>",
            "<pre>",
            "</pre>",
            "<script>",
            "</script>",
            "<!--",
            "-->",
            "<svg>",
            "<br>",
            "<h1>",
            "</h1>",
            "<title>",
            "</title>",
            "<style>",
            "<nav>",
            "<article>",
            "<footer hidden>",
            "&amp;",
            "&#x0;",
            "&#13;",
            "<meta name=author content='By A. Lind'>",
            "<time datetime=2022-05-04>",
            "<",
            ">",
            "'",
            "\"",
            "=",
            "\r\n",
            "<template>",
            "<select>",
            "<option>",
            "<math>",
            "<noscript>",
            "<html>",
            "<body>",
            "</body>",
            "<form>",
        ])
        .prop_map(str::to_owned),
        "[ a-zA-Zäß.,\u{a0}\u{feff}\u{4e00}]{0,60}",
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_page_is_an_article_whose_lines_make_its_text(page in page()) {
        let Ok(article) = read(page) else { return Ok(()) };
        let pieces: Vec<&str> = article.lines.iter().map(|line| &article.text[line.range.clone()]).collect();
        prop_assert_eq!(pieces.join("\n"), article.text.strip_suffix('\n').unwrap_or(&article.text));
        prop_assert!(!article.text.contains(|c: char| c.is_control() && c != '\n' && c != '\t'));
    }
}
