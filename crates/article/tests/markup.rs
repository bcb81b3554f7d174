//! SGML, news in XML, feeds and dumps of wikis become articles.

mod reading;

use std::io::{self, Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use article::{Article, Format, Kind, Limits, ReadError, parse, split_reader};
use proptest::prelude::*;
use reading::{read, read_file, read_named, read_text, reasons};

fn date(article: &Article) -> String {
    article.date.map_or("none".to_owned(), |date| date.to_string())
}

/// The lines that are not blank, each behind the name of its kind.
fn lines(article: &Article) -> Vec<String> {
    let written = article.lines.iter().filter(|line| line.kind != Kind::Blank);
    written.map(|line| format!("{}: {}", line.kind.name(), &article.text[line.range.clone()])).collect()
}

#[test]
fn sgml_of_reuters_is_read_element_by_element() {
    let found = read("sgml/harbour.sgm");
    assert_eq!(reasons(&found), ["ok", "ok", "ok", "malformed", "no text", "ok"]);
    let first = found[0].as_ref().unwrap();
    assert_eq!((first.id.as_str(), date(first).as_str(), first.source.line), ("7", "1987-05-04", 2));
    assert_eq!(first.headline.as_deref(), Some("NY HARBOUR <NYH> OPENS R&D DOCK"));
    assert_eq!(first.authors, ["Ana Lind"]);
    assert_eq!(first.outlet.as_deref(), Some("Reuters"));
    assert_eq!(
        lines(first),
        [
            "headline: NY HARBOUR <NYH> OPENS R&D DOCK",
            "byline: By Ana Lind, Reuters",
            "lead: NY, May 4 - The harbour of the island opened its second dock on Monday, a year late.",
            "body: The dock takes ships of up to 200 metres, the café of the pilots included.",
            "body: Shr 34 cts 31 cts",
            "body: Net 807,000 2,858,000",
            "credit: Reuter",
        ]
    );
    let brief = found[1].as_ref().unwrap();
    assert_eq!(lines(brief), ["headline: FERRY SAYS FARES ARE TO RISE"]);
    let table = found[2].as_ref().unwrap();
    assert_eq!(table.headline.as_deref(), Some("HARBOUR WEEKLY REPORT - MAY 5"));
    assert_eq!(table.text.lines().count(), 5);
    assert!(matches!(&found[3], Err(ReadError::Malformed { line: 41, .. })), "{:?}", found[3]);
    assert_eq!(found[5].as_ref().unwrap().id, "12");
}

#[test]
fn nitf_tells_its_parts() {
    let found = read("news-xml/nitf.xml");
    assert_eq!(reasons(&found), ["ok"]);
    let article = found[0].as_ref().unwrap();
    assert_eq!(
        (article.id.as_str(), date(article).as_str(), article.source.line),
        ("post-17", "2022-05-04", 3)
    );
    assert_eq!(article.headline.as_deref(), Some("Ferry returns after winter"));
    assert_eq!(article.authors, ["Ana Lind", "Jonas Berg"]);
    assert_eq!(article.outlet.as_deref(), Some("The Island Post"));
    assert_eq!(article.url.as_deref(), Some("https://post.example/17"));
    assert_eq!(
        lines(article),
        [
            "headline: Ferry returns after winter",
            "heading: Repairs took longer",
            "byline: By Ana Lind and Jonas Berg, Staff writers",
            "date: NY, May 4",
            "lead: The ferry came back on Wednesday, &own; repaired.",
            "body: It sails daily & on Sundays — twice.",
            "heading: What next",
            "caption: The ferry at sea.",
            "body: The captain is content.",
            "author_bio: Ana Lind reported from the harbour.",
        ]
    );
}

#[test]
fn a_message_of_news_items_gives_an_article_an_item() {
    let found = read("news-xml/message.xml");
    assert_eq!(reasons(&found), ["ok", "malformed", "ok", "ok", "no text"]);
    let first = found[0].as_ref().unwrap();
    assert_eq!((first.id.as_str(), date(first).as_str()), ("urn:post:1", "2022-05-04"));
    assert_eq!(first.outlet.as_deref(), Some("Island News Agency"));
    assert_eq!(
        (first.authors.as_slice(), first.language.as_deref()),
        (&["Ana Lind".to_owned()][..], Some("en"))
    );
    assert_eq!(
        lines(first),
        [
            "headline: Harbour opens second dock",
            "byline: By Ana Lind",
            "date: NY, May 4",
            "heading: A year late",
            "lead: The dock opened",
            "body: on Wednesday.",
        ]
    );
    let picture = found[2].as_ref().unwrap();
    assert_eq!(picture.text, "The dock from above\n\nThe new dock, seen from the lighthouse.");
    assert_eq!(picture.outlet.as_deref(), Some("ISLE"));
    let nested = found[3].as_ref().unwrap();
    assert_eq!(nested.headline.as_deref(), Some("Pilots on strike"));
    assert_eq!(
        (nested.authors.as_slice(), date(nested).as_str()),
        (&["Jonas Berg".to_owned()][..], "2022-05-07")
    );
}

#[test]
fn the_declared_encoding_is_followed() {
    let found = read("news-xml/rcv1.xml");
    let article = found[0].as_ref().unwrap();
    assert_eq!((article.id.as_str(), date(article).as_str()), ("2286", "1996-08-20"));
    assert_eq!(article.headline.as_deref(), Some("Café of the pilots opens."));
    assert_eq!(article.outlet.as_deref(), Some("Island News"));
    let french = read("feed/rss1.rdf").remove(0).unwrap();
    assert_eq!(french.headline.as_deref(), Some("Le phare est rénové pour 3 €"));
    // What is good UTF-8 is UTF-8, whatever is declared.
    let liar = "<?xml version='1.0' encoding='windows-1252'?><rss><channel><item><title>Łódź</title></item></channel></rss>";
    assert_eq!(read_text(liar.as_bytes(), &Limits::default())[0].as_ref().unwrap().text, "Łódź");
}

#[test]
fn every_item_of_a_feed_is_an_article_or_an_error() {
    let found = read("feed/rss2.rss");
    let expected = ["ok", "ok", "malformed", "no text", "malformed", "malformed", "ok", "no text"];
    assert_eq!(reasons(&found), expected);
    let first = found[0].as_ref().unwrap();
    assert_eq!((first.id.as_str(), date(first).as_str(), first.source.line), ("post-1", "2022-05-04", 11));
    assert_eq!(first.text, "Ferry & dock: both open\n\nThe ferry came back.\n\nSo did the dock & its crane.");
    assert_eq!(first.outlet.as_deref(), Some("The Island Post & more"));
    assert_eq!(first.authors, ["Ana Lind", "Jonas Berg"]);
    assert_eq!(first.url.as_deref(), Some("https://post.example/1?a=1&b=2"));
    assert_eq!(first.language.as_deref(), Some("en"));
    let second = found[1].as_ref().unwrap();
    assert_eq!(second.text, "Lone ampersands: R&D, AT&T\n\nPlain text.\n\nTwo paragraphs.");
    assert_eq!(second.outlet.as_deref(), Some("The Other Paper"));
    assert_eq!(second.authors, ["Jonas Berg"]);
    assert_eq!(second.url.as_deref(), Some("https://post.example/2"));
    assert_eq!(found[6].as_ref().unwrap().text, "After the open one\n\nAll is well.");
    assert_eq!(found[6].as_ref().unwrap().source.line, 36);
}

#[test]
fn atom_and_rss_1_say_the_same_in_other_words() {
    let french = read("feed/rss1.rdf").remove(0).unwrap();
    assert_eq!((french.id.as_str(), date(&french).as_str()), ("https://post.example/fr/1", "2022-05-04"));
    assert_eq!((french.outlet.as_deref(), french.language.as_deref()), (Some("Post de l'île"), Some("fr")));
    let found = read("feed/atom.atom");
    let first = found[0].as_ref().unwrap();
    assert_eq!((first.id.as_str(), date(first).as_str()), ("urn:note:1", "2022-05-04"));
    assert_eq!(first.text, "2 < 3, schreibt die Insel\n\nKurz.\n\nDie Fähre ist wieder da.\n\nSie fährt.");
    assert_eq!((first.outlet.as_deref(), first.language.as_deref()), (Some("Island notes"), Some("de")));
    assert_eq!(first.authors, ["Ana Lind"]);
    assert_eq!(first.url.as_deref(), Some("https://notes.example/1"));
    let second = found[1].as_ref().unwrap();
    assert_eq!(
        (second.text.as_str(), second.outlet.as_deref()),
        ("A note without a title.", Some("Sea notes"))
    );
    assert_eq!(found[2].as_ref().unwrap().text, "A film\n\nThe harbour in fog.");
}

#[test]
fn an_entry_of_atom_without_an_author_has_the_one_of_its_source_or_its_feed() {
    let feed = "<feed xmlns='http://www.w3.org/2005/Atom'><title>Notes</title><author><name>Ana &amp; Jonas</name></author>
        <author><name>Jane Doe</name><email>j@d.example</email></author>
        <entry><title>A</title></entry>
        <entry><title>B</title><author><name>Bob Moor</name></author></entry>
        <entry><title>C</title><source><author><name>Sue Moor</name></author></source></entry></feed>";
    let found = read_named("a.atom", feed.as_bytes());
    let authors: Vec<String> = found.iter().map(|found| found.as_ref().unwrap().authors.join("; ")).collect();
    assert_eq!(authors, ["Ana; Jonas; Jane Doe", "Bob Moor", "Sue Moor"]);
    let rss = "<rss><channel><title>x</title><author><name>No</name></author><item><title>A</title></item></channel></rss>";
    assert!(read_named("a.rss", rss.as_bytes())[0].as_ref().unwrap().authors.is_empty());
}

#[test]
fn pages_of_a_wiki_are_plain_text_and_redirects_are_passed_over() {
    let found = read("wiki/dump.xml");
    assert_eq!(reasons(&found), ["ok", "malformed", "ok"]);
    let first = found[0].as_ref().unwrap();
    assert_eq!((first.id.as_str(), date(first).as_str(), first.source.line), ("12", "2022-05-04", 11));
    assert_eq!(first.outlet.as_deref(), Some("Islandpedia"));
    assert_eq!(first.url.as_deref(), Some("https://wiki.example/wiki/Port_of_Ny"));
    assert_eq!(
        lines(first),
        [
            "headline: Port of Ny",
            "lead: Ny is the port of the island. Ships & ferries call.",
            "heading: History",
            "body: It was built in 1904.",
            "body: First dock",
            "body: Second dock",
            "footer: Ny",
            "footer: table\tcells",
        ]
    );
    assert_eq!(found[2].as_ref().unwrap().text, "Ferry 2\n\nThe ferry sails.");
}

#[test]
fn a_page_of_a_wiki_that_is_a_table_has_it_as_its_text() {
    let page = "<mediawiki><page><title>Docks</title><revision><text>{|\n! Name !! Built\n|-\n| First dock || 1904\n|}</text></revision></page></mediawiki>";
    let article = read_named("a.xml", page.as_bytes()).remove(0).unwrap();
    let lines = lines(&article);
    assert_eq!(article.text, "Docks\n\nName\tBuilt\nFirst dock\t1904");
    assert!(lines.iter().all(|line| !line.starts_with("footer")), "{lines:?}");
}

#[test]
fn xml_of_another_root_is_an_error_that_names_it() {
    let found = read("xml/catalogue.xml");
    assert_eq!(reasons(&found), ["unknown root"]);
    let said = found[0].as_ref().unwrap_err().to_string();
    assert!(said.contains("xml:3: the root element <catalogue> is not known; read are RSS"), "{said}");
    assert_eq!(reasons(&read("xml/feed.xml")), ["ok"]);
}

#[test]
fn content_tells_mark_up_from_text() {
    #[track_caller]
    fn check(text: &str, format: Format) {
        assert_eq!(Format::of_content(text.as_bytes()), format, "{text}");
    }
    check("<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n<REUTERS NEWID=\"1\">", Format::Sgml);
    check("\u{feff}<?xml version=\"1.0\"?>\n<!-- a <b> --><rss version=\"2.0\">", Format::Feed);
    check("<rdf:RDF xmlns:rdf=\"x\">", Format::Feed);
    check("<feed xmlns=\"http://www.w3.org/2005/Atom\">", Format::Feed);
    check("\n<mediawiki xml:lang=\"en\">", Format::Wiki);
    check("<nitf>", Format::NewsXml);
    check("<?xml version=\"1.0\"?><catalogue>", Format::Xml);
    check("<?xml version=\"1.0\"?><html>", Format::Html);
    check("<!DOCTYPE html><html>", Format::Html);
    check("<p>A fragment", Format::Text);
    check("< 3 items of news", Format::Text);
}

#[test]
fn files_without_a_record_say_so() {
    let limits = Limits::default();
    assert_eq!(reasons(&read_text(b"<rss><channel><title>A</title></channel></rss>", &limits)), ["empty"]);
    assert_eq!(reasons(&read_text(b"<?xml version='1.0'?>\n", &limits)), ["malformed"]);
    assert_eq!(
        reasons(&read_text(b"<rss><channel><!-- <item><title>A</title></item>", &limits)),
        ["malformed", "damaged"]
    );
    assert_eq!(reasons(&read_text(b"<feed/>", &limits)), ["empty"]);
}

/// Between two records nothing else tells.
#[test]
fn a_document_without_its_end_is_cut_off() {
    let limits = Limits::default();
    let whole = "<rss><channel><item><title>A</title></item><item><title>B</title></item></channel></rss>";
    assert_eq!(reasons(&read_text(whole.as_bytes(), &limits)), ["ok", "ok"]);
    for cut in 1.."</rss>".len() {
        let found = reasons(&read_text(&whole.as_bytes()[..whole.len() - cut], &limits));
        assert_eq!(found.last(), Some(&"damaged"), "{cut}");
    }
    for (cut, expected) in [
        ("<rss><channel><item><title>A</title>", &["malformed", "damaged"][..]),
        ("<rss><channel><item><title>A</title></item><ite", &["ok", "malformed", "damaged"]),
        ("<rss><channel><item><title>A</title></item>", &["ok", "damaged"]),
    ] {
        assert_eq!(reasons(&read_text(cut.as_bytes(), &limits)), expected);
    }
}

#[test]
fn a_record_whose_beginning_is_damaged_is_named() {
    let text = "<rss><channel><itex><title>A</title></item>\n<item><title>B</title></item></channel></rss>";
    let found = read_text(text.as_bytes(), &Limits::default());
    assert_eq!(reasons(&found), ["ok", "malformed"]);
    assert!(matches!(found[1], Err(ReadError::Malformed { line: 1, .. })));
}

#[test]
fn an_item_over_the_limit_is_passed_over_and_the_rest_read() {
    let long = "x".repeat(300_000);
    let items = [
        "<item><title>A</title></item>",
        &format!("<item>{long}</item>"),
        "<item><title>B</title>",
        &format!("<item a=\"{long}\">"),
        "<item><title>C</title></item>",
    ];
    let text = format!("<rss><channel>{}</channel></rss>", items.join("\n"));
    let found = read_text(text.as_bytes(), &Limits { article_bytes: 1_000, ..Limits::default() });
    assert_eq!(reasons(&found), ["ok", "too large", "malformed", "too large", "ok"]);
    assert!(matches!(found[1], Err(ReadError::TooLarge { line: 2, bytes: 300_013, limit: 1_000, .. })));
}

#[test]
fn several_documents_may_follow_each_other() {
    let rss = "<rss><channel><title>One</title><item><title>A</title></item></channel></rss>\n";
    let atom = "<feed xml:lang='de'><title>Two</title><entry><title>B</title></entry></feed>\n";
    let text = format!("{rss}{atom}{rss}<nitf><body><body.content><p>C</p></body.content></body></nitf>");
    let found = read_text(text.as_bytes(), &Limits::default());
    let outlets: Vec<Option<String>> = found.into_iter().map(|article| article.unwrap().outlet).collect();
    assert_eq!(outlets, [Some("One".to_owned()), Some("Two".to_owned()), Some("One".to_owned()), None]);
}

#[test]
fn harmful_mark_up_is_an_error_or_text() {
    let deep = format!("<rss><item>{}", "<a>".repeat(200_000));
    assert_eq!(reasons(&read_text(deep.as_bytes(), &Limits::default())), ["malformed", "damaged"]);
    let bomb = "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\"><!ENTITY c SYSTEM \"file:///dev/zero\">]>
        <rss><channel><item><title>&b; &c;</title></item></channel></rss>";
    assert_eq!(read_text(bomb.as_bytes(), &Limits::default())[0].as_ref().unwrap().text, "&b; &c;");
}

/// Gives its text piece by piece, so that tags are cut anywhere.
struct Pieces<'a>(&'a [u8], usize);

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.1.min(self.0.len()).min(buffer.len());
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

/// The folder of the collection Reuters-21578 in the folder `shared`, which is no part of the project.
fn reuters() -> Option<PathBuf> {
    let named = std::env::var_os("MORGUE_SHARED").map(PathBuf::from);
    let shared = named.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let folder = shared.join("data/news/reuters21578");
    let is_here = folder.join("reut2-000.sgm").is_file();
    if !is_here {
        // Written past the capture of test output: a skipped test must be seen.
        let _ = writeln!(
            io::stderr(),
            "SKIPPED: Reuters-21578 is not here; set MORGUE_SHARED to the shared folder"
        );
    }
    is_here.then_some(folder)
}

#[test]
fn all_of_reuters_21578_are_articles_or_named_errors() {
    let Some(folder) = reuters() else { return };
    let (mut ids, mut errors) = (Vec::new(), Vec::new());
    for number in 0..22 {
        for result in read_file(&folder.join(format!("reut2-{number:03}.sgm")), &Limits::default()) {
            match result {
                Err(error) => errors.push(error.to_string()),
                Ok(article) => {
                    assert!(article.date.is_some_and(|date| date.year() == 1987), "{article:?}");
                    assert!(!article.text.contains("Blah blah"), "{article:?}");
                    ids.push(article.id.parse::<u32>().expect("a number"));
                }
            }
        }
    }
    // One, with the number 12793, has no text at all.
    assert_eq!(ids, (1..=21_578).filter(|id| *id != 12_793).collect::<Vec<u32>>());
    assert_eq!(errors.len(), 1);
    assert!(errors[0].contains("reut2-012.sgm:25983: no text"), "{errors:?}");
}

/// What there is to tell of a reading.
fn told(found: &[Result<Article, ReadError>]) -> Vec<String> {
    found
        .iter()
        .map(|result| result.as_ref().map_or_else(ToString::to_string, |article| format!("{article:?}")))
        .collect()
}

/// Pieces of mark-up.
const SOUP: &str = r"<rss> <feed> <mediawiki> <nitf> <newsItem> <item> </item> <item/> <entry> </entry> <page> </page> </nitf>
    </newsItem> </REUTERS> <title> </title> <p> </p> <![CDATA[ ]]> <!-- --> ?> &amp; &#3; &lt;b&gt; & < > =' ' /> Ä text {{ }} [[ ]]
    {| |} | '' &lt;ref&gt; <ns>0</ns> <revision><text> </text></revision> <TEXT> </TEXT> <BODY> </BODY> <body.content>
    </body.content> </content> <br/> <media-caption> </media-caption>";

/// Pieces of mark-up that meet each other in every way.
fn soup() -> impl Strategy<Value = String> {
    let mut pieces: Vec<&str> = SOUP.split_whitespace().collect();
    pieces.extend(["<REUTERS NEWID=\"1\">", "<content type=\"xhtml\">", "<?x ", "\n", "\n==", " "]);
    let piece = prop::sample::select(pieces);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_mark_up_is_read_without_harm(text in soup(), limit in 20_u64..400) {
        for root in ["", "<rss>", "<mediawiki>", "<newsMessage>", "<feed>"] {
            read_text(format!("{root}{text}").as_bytes(), &Limits { article_bytes: limit, ..Limits::default() });
            read_text(format!("{root}{text}").as_bytes(), &Limits::default());
        }
    }

    #[test]
    fn any_bytes_are_split_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for root in [&b"<?xml version='1.0'?>"[..], b"<rss>", b"<mediawiki><page>", b"<REUTERS>"] {
            read_text(&[root, &bytes].concat(), &Limits::default());
        }
    }

    #[test]
    fn every_item_comes_back_wherever_the_stream_is_cut(
        titles in prop::collection::vec("[a-z]{1,12}", 1..12),
        between in soup().prop_filter("no comment", |text| !text.contains('<')),
        size in 1_usize..9,
    ) {
        // The first stretch of a stream is read at once, to tell its format.
        let mut text = format!("<rss><channel><!--{}-->", " ".repeat(128 * 1024));
        for title in &titles {
            text.extend([format!("<item a='>'><title>{title}</title><description><![CDATA[<item>]]]></description></item>{between}<!-- </item> -->")]);
        }
        text.push_str("</channel></rss>");
        let found = read_text(text.as_bytes(), &Limits::default());
        let mut in_pieces = Vec::new();
        let _ = split_reader(Path::new("-"), Pieces(text.as_bytes(), size), &Limits::default(), &mut |record| {
            in_pieces.push(record.and_then(|record| parse(&record)));
            ControlFlow::Continue(())
        });
        prop_assert_eq!(told(&found), told(&in_pieces));
        let headlines: Vec<String> = found.into_iter().map(|article| article.unwrap().headline.unwrap()).collect();
        prop_assert_eq!(headlines, titles);
    }
}

#[test]
fn addresses_in_feeds_are_completed() {
    let check = |feed: &str, url: &str| {
        let article = read_named("a.xml", feed.as_bytes()).remove(0).expect(feed);
        assert_eq!(article.url.as_deref(), Some(url), "{feed}");
    };
    let atom = |root: &str, entry: &str| {
        format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'{root}<title>A</title><entry{entry}<title>B</title></entry></feed>"
        )
    };
    let link = "><link href='one.html'/>";
    check(&atom(" xml:base='https://atom.example/base/'>", link), "https://atom.example/base/one.html");
    check(
        &atom(
            " xml:base='https://atom.example/base/'>",
            " xml:base='2022/'><link xml:base='05/' href='one.html'/>",
        ),
        "https://atom.example/base/2022/05/one.html",
    );
    check(
        &atom("><link rel='self' href='https://atom.example/feed.xml'/>", link),
        "https://atom.example/one.html",
    );
    check(
        &atom(" xml:base='https://atom.example/'>", "><link href='https://b.example/c'/>"),
        "https://b.example/c",
    );
    check(&atom(">", link), "one.html");
    for other in
        ["rel='hub' href='https://hub.example/'", "href='https://rights.example/by/4.0/' rel='license'"]
    {
        check(&atom(&format!("><link {other}/>"), link), "one.html");
        check(
            &atom(&format!("><link {other}/><link href='https://atom.example/'/>"), link),
            "https://atom.example/one.html",
        );
    }
    let rss = |item: &str| {
        format!(
            "<rss><channel><title>A</title><link>https://feed.example/</link><item><title>B</title>{item}</item></channel></rss>"
        )
    };
    check(&rss("<link>/2022/two</link>"), "https://feed.example/2022/two");
    check(&rss("<link>https://b.example/c</link>"), "https://b.example/c");
    check(&rss("<guid>https://b.example/c</guid>"), "https://b.example/c");
    check(&rss("<link>mailto:a@b.example</link>"), "mailto:a@b.example");
}
