//! What a page says of its article is told from what it says of others.

mod reading;

use article::Article;
use reading::read_named;

#[track_caller]
fn read(html: &str) -> Article {
    read_named("a.html", format!("<!DOCTYPE html><html>{html}").as_bytes()).remove(0).expect("an article")
}

/// The date of an article with these pieces before, in and behind it.
#[track_caller]
fn check_date(html: &str, date: Option<&str>) {
    let text =
        "The ferry came back to the island on Wednesday after a winter of repairs, to cheers. ".repeat(8);
    for text in [text.as_str(), "The ferry came back."] {
        let page = html.replace("TEXT", text);
        assert_eq!(
            read(&page).date.map(|date| date.to_string()).as_deref(),
            date,
            "{page}\n{:?}",
            read(&page)
        );
    }
}

#[test]
fn the_date_of_an_article_is_its_own() {
    let clock = "<header><time datetime='2026-11-23'>Monday 23 November</time></header>";
    check_date(
        &format!(
            "{clock}<article><h1>Header clock</h1><p>By Jane Doe</p><p>3 March 2021</p><p>TEXT</p></article>"
        ),
        Some("2021-03-03"),
    );
    check_date(&format!("{clock}<article><h1>Header clock</h1><p>TEXT</p></article>"), None);
    check_date(
        "<article><h1>A ferry</h1><p>TEXT</p></article>
         <aside><ul><li>Other story <time datetime='2023-01-01'>1 January</time></li></ul></aside>",
        None,
    );
    for comments in [
        "<section id=comments><h2>Comments</h2><p>Bob <time datetime='2024-05-05T10:00'>today</time></p><p>Fine.</p></section>",
        "<article class=comment><p>Bob <time datetime='2024-05-05T10:00'>today</time></p><p>Fine.</p></article>",
        "<h2>Comments</h2><p>Bob <time datetime='2024-05-05T10:00'>today</time></p><p>Fine.</p>",
        "<div class='comment-list'><time itemprop=datePublished datetime=2024-05-05>today</time> Fine.</div>",
    ] {
        check_date(&format!("<article><h1>A ferry</h1><p>TEXT</p></article>{comments}"), None);
        check_date(&format!("<h1>A ferry</h1><p>TEXT</p>{comments}"), None);
    }
}

#[test]
fn a_time_between_headline_and_text_is_the_date() {
    let time = "<time datetime='2021-03-03T10:00'>on Wednesday</time>";
    check_date(
        &format!("<article><h1>A ferry</h1><p>By Jane Doe, {time}</p><p>TEXT</p></article>"),
        Some("2021-03-03"),
    );
    check_date(&format!("<header><h1>A ferry</h1>{time}</header><p>TEXT</p>"), Some("2021-03-03"));
    check_date(&format!("<article>{time}<h1>A ferry</h1><p>TEXT</p></article>"), Some("2021-03-03"));
    check_date(&format!("<article><h1>A ferry</h1><p>TEXT</p><p>{time}</p></article>"), Some("2021-03-03"));
}

const MAIN: &str =
    "<head><title>Main one</title><meta property='article:published_time' content='2021-03-03'></head>
    <h1>Main one</h1><p>By Jane Doe</p><p>The ferry came back to the island on Wednesday.</p>";

#[test]
fn data_about_another_article_says_nothing_about_this_one() {
    let other = "{'@type': 'NewsArticle', 'headline': 'Other story', 'datePublished': '1999-01-01',
        'author': {'name': 'Wrong Person'}, 'url': 'https://post.example/other'}";
    let list = format!("{{'@type': 'ItemList', 'itemListElement': [{other}]}}");
    let own = "{'@type': 'NewsArticle', 'headline': 'Main one', 'author': {'name': 'Jane Doe'}, 'datePublished': '2021-03-03'}";
    for data in [
        list.clone(),
        format!("[{list}, {own}]"),
        other.to_owned(),
        format!("[{other}, {own}]"),
        format!("{{'@graph': [{own}, {other}]}}"),
        own.replace("'author'", &format!("'relatedLink': [{other}], 'author'")),
    ] {
        let script = data.replace('\'', "\"");
        let article = read(&format!("{MAIN}<script type='application/ld+json'>{script}</script>"));
        assert_eq!(article.headline.as_deref(), Some("Main one"), "{data}");
        assert_eq!(article.date.unwrap().to_string(), "2021-03-03", "{data}");
        assert_eq!(article.authors, ["Jane Doe"], "{data}");
    }
}

#[test]
fn the_data_at_the_address_of_the_page_is_its_own() {
    let of = |name: &str, url: &str| {
        format!(
            "{{\"@type\": \"NewsArticle\", \"headline\": \"{name}\", \"mainEntityOfPage\": {{\"@id\": \"{url}\"}}}}"
        )
    };
    let (other, own) = (
        of("Main one, again", "https://post.example/b"),
        of("The ferry is back", "http://www.post.example/a/"),
    );
    let link = "<link rel=canonical href='https://post.example/a'>";
    let article = read(&format!("{link}{MAIN}<script type='application/ld+json'>[{other}, {own}]</script>"));
    assert_eq!(article.headline.as_deref(), Some("The ferry is back"));
}
