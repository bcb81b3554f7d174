//! News as agencies exchange it: NITF, NewsML-G2 (a `newsItem`, or a `newsMessage` of several), and the `newsitem`
//! of the collection RCV1. Each item is an article.
//!
//! Of a text in NITF the headline, byline, dateline, paragraphs, headings, captions and credits are told apart. Of an
//! item in NewsML-G2 that has its text elsewhere (`remoteContent`) the headline and description are the article; packages
//! and other items of a message, which only list or name, are passed over.

use jiff::civil::Date;

use super::prose::Prose;
use super::record::Fields;
use super::tree::{Element, one_line};
use super::{Format, Reader, xml};
use crate::article::Kind;
use crate::{date, language, names};

pub(super) const READER: Reader = Reader {
    format: Format::NewsXml,
    name: "news-xml",
    extensions: &["nitf", "newsml"],
    split: xml::split,
    parse: xml::parse,
};

/// What an item says.
pub(super) fn fields(item: &Element) -> Fields {
    let mut fields = Fields { is_clean: true, ..Fields::default() };
    let mut prose = Prose::default();
    match item.local_name() {
        "nitf" => read_nitf(item, &mut fields, &mut prose),
        "newsItem" => read_news_item(item, &mut fields, &mut prose),
        _ => read_rcv1(item, &mut fields, &mut prose),
    }
    let said = item.attribute("xml:lang").and_then(language::code_of_name);
    fields.language = said.or(fields.language.take());
    let (body, kinds) = prose.into_parts();
    fields.body = Some(body).filter(|body| !body.is_empty());
    fields.body_kinds = kinds;
    fields
}

/// Reads an item of NITF. What is set already stays.
fn read_nitf(nitf: &Element, fields: &mut Fields, prose: &mut Prose) {
    let head = nitf.at(&["head"]);
    let docdata = head.and_then(|head| head.at(&["docdata"]));
    let pubdata = head.and_then(|head| head.at(&["pubdata"]));
    let body = nitf.at(&["body"]);
    let body_head = body.and_then(|body| body.at(&["body.head"]));
    set(
        &mut fields.id,
        docdata.and_then(|data| data.at(&["doc-id"])?.attribute("id-string")).map(str::to_owned),
    );
    let headline = body_head.and_then(headline_of_nitf);
    set(&mut fields.title, headline.or_else(|| head?.at(&["title"])?.line()));
    fields.date = fields.date.or_else(|| date_of_nitf(docdata, pubdata, body_head));
    let outlet = pubdata.and_then(|data| data.attribute("name")).map(str::to_owned);
    let distributor = || body_head?.at(&["distributor"])?.line();
    let holder = || docdata?.at(&["doc.copyright"])?.attribute("holder").map(str::to_owned);
    set(&mut fields.outlet, outlet.or_else(distributor).or_else(holder));
    set(&mut fields.url, pubdata.and_then(|data| data.attribute("ex-ref")).map(str::to_owned));
    if let Some(head) = body_head {
        read_body_head(head, fields, prose);
    }
    for part in ["body.content", "body.end"] {
        for element in body.into_iter().flat_map(|body| body.all(part)) {
            add_content(element, prose);
        }
    }
}

/// `hl1`, or the whole `hedline` where there is none.
fn headline_of_nitf(head: &Element) -> Option<String> {
    let hedline = head.at(&["hedline"])?;
    hedline.at(&["hl1"]).and_then(Element::line).or_else(|| hedline.line())
}

fn date_of_nitf(
    docdata: Option<&Element>,
    pubdata: Option<&Element>,
    head: Option<&Element>,
) -> Option<Date> {
    let of_document = |name| docdata?.at(&[name])?.attribute("norm");
    let candidates = [
        of_document("date.issue"),
        pubdata.and_then(|data| data.attribute("date.publication")),
        of_document("date.release"),
        head.and_then(|head| head.at(&["dateline", "story.date"])?.attribute("norm")),
    ];
    candidates.into_iter().flatten().find_map(date::parse)
}

/// Second headlines, byline and dateline, each on a line of its own.
fn read_body_head(head: &Element, fields: &mut Fields, prose: &mut Prose) {
    for second in head.all("hedline").flat_map(|hedline| hedline.all("hl2")) {
        let line = second.line().filter(|line| fields.title.as_deref() != Some(line));
        if let Some(line) = line {
            prose.add_line(&line, Kind::Heading);
        }
    }
    // A second byline names the same people in another form.
    if let Some(byline) = head.at(&["byline"]) {
        if fields.authors.is_empty() {
            fields.authors = authors_of_byline(byline);
        }
        if let Some(line) = line_of_byline(byline) {
            prose.add_line(&line, Kind::Byline);
        }
    }
    if let Some(line) = head.at(&["dateline"]).and_then(Element::line) {
        prose.add_line(&line, Kind::Date);
    }
    if let Some(summary) = head.at(&["abstract"]) {
        prose.add(summary);
    }
}

/// The `person`s of a byline, else the names in it without the trade of their bearer (`byttl`).
fn authors_of_byline(byline: &Element) -> Vec<String> {
    let people: Vec<String> = byline.all("person").filter_map(Element::line).collect();
    if !people.is_empty() {
        return people;
    }
    let (text, _) = Prose::of(byline).into_parts();
    names::split(text.lines().next().unwrap_or_default().trim_end_matches([',', ' ']))
}

/// A byline with its parts on one line.
fn line_of_byline(byline: &Element) -> Option<String> {
    let (text, _) = Prose::of(byline).into_parts();
    one_line(&text.replace("\n\n", ", "))
}

/// The blocks of a body. A block that only repeats the lead of the full text, as archives have it, is passed over.
fn add_content(content: &Element, prose: &mut Prose) {
    let is = |block: &Element, class| block.attribute("class") == Some(class);
    let full = content.all("block").find(|block| is(block, "full_text")).and_then(Element::line);
    let has_blocks_only = content.elements().all(|element| element.local_name() == "block");
    if let (Some(full), true) = (full, has_blocks_only) {
        for block in content.all("block") {
            let repeats =
                is(block, "lead_paragraph") && block.line().is_some_and(|lead| full.contains(&lead));
            if !repeats {
                prose.add(block);
            }
        }
    } else {
        prose.add(content);
    }
}

/// Reads an item of NewsML-G2.
fn read_news_item(item: &Element, fields: &mut Fields, prose: &mut Prose) {
    let meta = |name| item.at(&["contentMeta", name]);
    set(&mut fields.id, item.attribute("guid").map(str::to_owned));
    set(&mut fields.title, meta("headline").and_then(Element::line));
    let dates = [
        meta("contentCreated"),
        item.at(&["itemMeta", "firstCreated"]),
        item.at(&["itemMeta", "versionCreated"]),
        meta("contentModified"),
    ];
    fields.date = dates.into_iter().flatten().find_map(|element| date::parse(&element.text()));
    let provider = item.at(&["itemMeta", "provider"]).and_then(name_of);
    set(
        &mut fields.outlet,
        provider.or_else(|| item.at(&["rightsInfo", "copyrightHolder"]).and_then(name_of)),
    );
    fields.language =
        meta("language").and_then(|language| language::code_of_name(language.attribute("tag")?));
    let content_meta = item.at(&["contentMeta"]);
    let creators = content_meta.into_iter().flat_map(|meta| meta.all("creator")).filter_map(|creator| {
        let name = creator.at(&["name"])?.line()?;
        Some(name).filter(|name| fields.outlet.as_deref() != Some(name))
    });
    fields.authors = creators.collect();
    let nitf = item.at(&["contentSet"]).and_then(|set| set.anywhere("nitf"));
    // The text in NITF repeats these two.
    if nitf.is_none_or(|nitf| nitf.anywhere("byline").is_none())
        && let Some(by) = meta("by").and_then(Element::line)
    {
        if fields.authors.is_empty() {
            fields.authors = names::split(&by);
        }
        prose.add_line(&by, Kind::Byline);
    }
    if nitf.is_none_or(|nitf| nitf.anywhere("dateline").is_none())
        && let Some(line) = meta("dateline").and_then(Element::line)
    {
        prose.add_line(&line, Kind::Date);
    }
    read_content_set(item, nitf, fields, prose);
}

/// The text itself, in NITF, XHTML or plain; the description where there is none.
fn read_content_set(item: &Element, nitf: Option<&Element>, fields: &mut Fields, prose: &mut Prose) {
    if let Some(nitf) = nitf {
        return read_nitf(nitf, fields, prose);
    }
    let mut has_text = false;
    for content in item.all("contentSet").flat_map(Element::elements) {
        if !matches!(content.local_name(), "inlineXML" | "inlineData") || content.line().is_none() {
            continue;
        }
        has_text = true;
        match content.local_name() {
            "inlineXML" => prose.add(content.anywhere("body").unwrap_or(content)),
            _ => add_plain(&content.text(), prose),
        }
    }
    if !has_text {
        for description in item.all("contentMeta").flat_map(|meta| meta.all("description")) {
            prose.add(description);
        }
    }
}

/// Plain text, a paragraph between blank lines.
fn add_plain(text: &str, prose: &mut Prose) {
    for paragraph in text.split("\n\n") {
        prose.add_paragraph(paragraph);
    }
}

/// The name of a provider or holder: its `name`, or the code behind its scheme.
fn name_of(party: &Element) -> Option<String> {
    let code = || party.attribute("qcode").or_else(|| party.attribute("literal"));
    let of_code = || code().and_then(|code| one_line(code.rsplit(':').next().unwrap_or(code)));
    party.at(&["name"]).and_then(Element::line).or_else(of_code)
}

/// Reads an item of RCV1.
fn read_rcv1(item: &Element, fields: &mut Fields, prose: &mut Prose) {
    let line = |name| item.at(&[name]).and_then(Element::line);
    fields.id = item.attribute("itemid").map(str::to_owned);
    fields.title = line("headline").or_else(|| line("title"));
    fields.date = item.attribute("date").and_then(date::parse);
    let said = |name: &str| {
        let metadata = item.at(&["metadata"])?;
        let of_name = metadata.all("dc").find(|dc| dc.attribute("element") == Some(name))?;
        of_name.attribute("value").map(str::to_owned)
    };
    fields.outlet = said("dc.source").or_else(|| said("dc.publisher"));
    if let Some(byline) = line("byline") {
        fields.authors = names::split(&byline);
        prose.add_line(&byline, Kind::Byline);
    }
    if let Some(dateline) = line("dateline") {
        prose.add_line(&dateline, Kind::Date);
    }
    for part in ["text", "copyright"] {
        for element in item.all(part) {
            prose.add(element);
        }
    }
}

/// Sets what is not set.
fn set(field: &mut Option<String>, value: Option<String>) {
    if field.is_none() {
        *field = value.filter(|value| !value.is_empty());
    }
}
