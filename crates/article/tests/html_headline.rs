//! The headline and the standfirst that a page shows are its article's, wherever they stand above the text.

mod reading;

use article::{Article, Kind};
use reading::read_named;

const TEXT: &str =
    "<p>The council met on Tuesday to discuss the plan for the river, and its members voted by a large majority to go ahead
     with it next year.</p><p>The work is to begin in March, said the mayor, and it will take the town two years or a little
     longer, if the river lets it.</p>";

#[track_caller]
fn read(head: &str, body: &str) -> Article {
    let page =
        format!("<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>").replace("TEXT", TEXT);
    read_named("a.html", page.as_bytes()).remove(0).expect("an article")
}

/// The lines of the article's own, and of what stands around it.
fn lines(article: &Article, is_noise: bool) -> Vec<&str> {
    let lines =
        article.lines.iter().filter(|line| line.kind != Kind::Blank && line.kind.is_noise() == is_noise);
    lines.map(|line| &article.text[line.range.clone()]).collect()
}

const HEADLINE: &str = "Riverbanks triumph at last";
const STANDFIRST: &str = "After a decade of waiting the town gets its walls.";

/// Where templates put the headline, beside a container that has the text alone.
const LAYOUTS: [&str; 6] = [
    "<main><h1>HEADLINE</h1>STANDFIRST<div class='article-body'>TEXT</div></main>",
    "<div><h1 itemprop=headline>HEADLINE</h1>STANDFIRST<div itemprop=articleBody>TEXT</div></div>",
    "<div><h1 class=entry-title><a href=/2022/river>HEADLINE</a></h1>STANDFIRST<div class=entry-content>TEXT</div></div>",
    "<header><h1>HEADLINE</h1>STANDFIRST</header><article>TEXT</article>",
    "<div class=hero><div><h1>Riverbanks triumph<br>at last</h1>STANDFIRST</div></div><section><div class=story>TEXT</div></section>",
    "<header><h1><a href=/>The Site</a></h1></header><nav><a href=/sport>Sport</a></nav><h1>HEADLINE</h1>STANDFIRST<article>TEXT</article>",
];

#[test]
fn the_headline_that_a_page_shows_is_its_articles() {
    for layout in LAYOUTS {
        let body = layout
            .replace("HEADLINE", HEADLINE)
            .replace("STANDFIRST", &format!("<p class=lede>{STANDFIRST}</p>"));
        for head in [
            "<title>Council votes on plan - The Site</title>",
            "<title>Untitled Document</title>",
            "<title>The Site</title><meta property=og:site_name content='The Site'>",
            "<title>The Site</title><meta property=og:title content='The Site'><meta property=og:site_name content='The Site'>",
            "<title>Riverbanks triumph at last | The Site</title>",
            "",
        ] {
            let article = read(head, &body);
            assert_eq!(article.headline.as_deref(), Some(HEADLINE), "{head} {layout}\n{:?}", article.text);
            assert_eq!(lines(&article, false)[..2], [HEADLINE, STANDFIRST], "{head} {layout}");
        }
    }
}

#[test]
fn a_headline_beside_a_title_in_the_meta_data_is_a_second_one() {
    for layout in LAYOUTS {
        let body = layout.replace("HEADLINE", HEADLINE).replace("STANDFIRST", "");
        for head in [
            "<meta property=og:title content='Council votes on plan'>",
            "<script type=application/ld+json>{\"@type\": \"NewsArticle\", \"headline\": \"Council votes on plan\"}</script>",
        ] {
            let article = read(head, &body);
            assert_eq!(article.headline.as_deref(), Some("Council votes on plan"), "{head} {layout}");
            assert_eq!(lines(&article, false)[..2], ["Council votes on plan", HEADLINE], "{head} {layout}");
            assert_eq!(article.lines.iter().filter(|line| line.kind == Kind::Headline).count(), 2);
        }
    }
}

#[test]
fn a_standfirst_stays_where_the_data_name_the_headline() {
    let head = "<script type=application/ld+json>{\"@type\": \"NewsArticle\", \"headline\": \"Riverbanks triumph at last\"}</script>";
    let body = format!(
        "<div class=top><h1>{HEADLINE}</h1><h2>The town gets its walls</h2><p>By Ana Lind</p><a href=/share>Share this</a></div>
         <div class=article-body>TEXT</div>"
    );
    let article = read(head, &body);
    assert_eq!(lines(&article, false)[..2], [HEADLINE, "The town gets its walls"]);
    assert!(lines(&article, true).contains(&"Share this"), "{:?}", article.text);
}

#[test]
fn the_name_of_the_site_is_no_headline() {
    let text = "<h2>Council votes on plan</h2><div class=article-body>TEXT</div>";
    for (head, site) in [
        (
            "<title>Council votes on plan - The Site</title>",
            "<header><h1><a href='/'>The Site</a></h1></header>",
        ),
        (
            "<title>Council votes on plan - The Site</title>",
            "<header><h1><a href='https://site.example'>The Site</a></h1></header>",
        ),
        ("<title>Council votes on plan - The Site</title>", "<header><h1>The Site</h1></header>"),
        (
            "<title>Council votes on plan</title><meta property=og:site_name content='The Site'>",
            "<h1>The Site</h1>",
        ),
        (
            "<title>Council votes on plan</title><link rel=canonical href='https://www.the-site.example/a'>",
            "<h1>The Site</h1>",
        ),
        ("<title>Council votes on plan - The Site</title>", "<h1>Opinion</h1>"),
        (
            "<title>Council votes on plan: what we know</title>",
            "<h1 class='visually-hidden'>All the news of the day</h1>",
        ),
    ] {
        let article = read(head, &format!("{site}{text}"));
        let headline = article.headline.as_deref().unwrap_or_default();
        assert!(headline.starts_with("Council votes on plan"), "{headline}: {head} {site}");
        assert!(!lines(&article, false).contains(&"The Site"), "{head} {site}");
    }
}

#[test]
fn a_title_of_the_window_that_says_something_else_stays_as_noise() {
    let article =
        read("<title>Council votes on plan - The Site</title>", &LAYOUTS[0].replace("HEADLINE", HEADLINE));
    assert!(lines(&article, true).contains(&"Council votes on plan - The Site"));
}

#[test]
fn a_short_page_with_a_notice_on_top_has_its_headline() {
    for head in ["<title>The Site</title>", "<title>Untitled Document</title>", ""] {
        let body = format!(
            "<p>We use cookies to make this site better.</p><h1>{HEADLINE}</h1><p>The council met on Tuesday.</p>"
        );
        assert_eq!(read(head, &body).headline.as_deref(), Some(HEADLINE), "{head}");
    }
}

#[test]
fn the_name_of_a_section_an_author_or_a_day_is_no_headline() {
    const SECOND: &str = "<h2>Council votes for second bridge</h2><div class=article-body>TEXT</div>";
    for (title, above, headline) in [
        (
            "Council votes for second bridge as hundreds wait in the cold outside of the hall | World | The Site",
            "<h1>World News</h1>",
            "Council votes for second bridge",
        ),
        ("Bridge gets its votes", "<h1>World News</h1>", "Bridge gets its votes"),
        ("Bridge gets its votes", "<h1>The Site</h1>", "Bridge gets its votes"),
        ("Bridge gets its votes", "<h1>Posts by Jane Doe</h1>", "Bridge gets its votes"),
        ("Bridge gets its votes", "<h1>Tuesday, 4 March 2024</h1>", "Bridge gets its votes"),
        ("Bridge gets its votes", "<h1><a href='/en/'>All of the Site</a></h1>", "Bridge gets its votes"),
        // What reads like a headline is one.
        ("Bridge gets its votes", "<h1>Riverbanks triumph at last</h1>", "Riverbanks triumph at last"),
        ("Council votes | The Site: all the news", "<h1>Council votes</h1>", "Council votes"),
        (
            "橋は来年 着工 と 議会",
            "<h1>議会が川に架かる第二の橋を承認</h1>",
            "議会が川に架かる第二の橋を承認",
        ),
    ] {
        let article = read(&format!("<title>{title}</title>"), &format!("<div>{above}</div>{SECOND}"));
        assert_eq!(article.headline.as_deref(), Some(headline), "{title} {above}");
    }
}

#[test]
fn the_heading_of_a_notice_on_top_is_no_headline() {
    let notice = "<div><h1>We value your privacy</h1><p>We and our partners store information on a device, such as cookies, and process data for ads.</p></div>";
    for heading in ["<h1>Council votes for second bridge</h1>", "<h2>Council votes for second bridge</h2>"] {
        let article = read(
            "<title>Council votes for second bridge - The Site</title>",
            &format!("{notice}<article>{heading}TEXT</article>"),
        );
        assert_eq!(article.headline.as_deref(), Some("Council votes for second bridge"), "{heading}");
    }
}

#[test]
fn what_speaks_to_the_reader_is_no_standfirst() {
    for line in [
        "<p>Subscribe to our newsletter to get the latest news into your inbox every day.</p>",
        "<p>When you buy through our links, we may earn a commission. Learn more about it.</p>",
        "<p>There are 25 comments, what do you think?</p>",
        "<p>You need to enable JavaScript in your browser to see this video.</p>",
        "<p>This article is more than 3 years old.</p>",
        "<p>You have read three of your five free articles this month. Sign in to read more.</p>",
        "<p>BREAKING: Storm warning for the west coast, ferries will stay in the harbour today.</p>",
        "<p>Jane Doe is our correspondent in the north.</p>",
        "<h2>Read later</h2>",
    ] {
        let body = format!(
            "<div class=head><h1>{HEADLINE}</h1>{line}<p>{STANDFIRST}</p></div><div class=main><div class=article-body>{}</div></div>",
            "TEXT".repeat(8)
        );
        let article = read("<title>Riverbanks triumph at last</title>", &body);
        assert_eq!(lines(&article, false)[..2], [HEADLINE, STANDFIRST], "{line}");
    }
}

#[test]
fn a_title_without_measure_is_not_compared_with_every_heading() {
    let title = "no end of words ".repeat(9_000);
    let headings = "<h1>One of very many headings</h1>".repeat(20_000);
    let start = std::time::Instant::now();
    let article = read(&format!("<title>{title}</title>"), &format!("{headings}{}", TEXT.repeat(8)));
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    assert!(article.text.contains("One of very many headings"));
}
