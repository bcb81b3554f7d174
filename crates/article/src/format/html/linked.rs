//! What the JSON-LD of a page says about its article: the object that is an article of some kind, in a list, a graph or by
//! itself, and that fits the page; lists of other articles are passed over. Names of people and publishers may stand elsewhere in the graph, under an `@id`.

use serde_json::{Map, Value};

use crate::format::record::Fields;
use crate::{date, language, names};

/// How deep objects inside objects are looked for.
const MAX_DEPTH: usize = 12;

type Object = Map<String, Value>;

/// What a page says of itself elsewhere.
#[derive(Debug, Default)]
pub(super) struct Page<'a> {
    pub(super) window_title: Option<&'a str>,
    /// The title of the window, those of the meta data, the first heading.
    pub(super) titles: Vec<&'a str>,
    pub(super) address: Option<&'a str>,
}

/// Fills `fields` with what the scripts say where nothing is known yet. Where headline and name differ, the title of the
/// window tells which is the title.
pub(super) fn read(scripts: &[&str], page: &Page<'_>, fields: &mut Fields) {
    let values: Vec<Value> = scripts.iter().filter_map(|script| parse(script)).collect();
    let mut objects = Vec::new();
    let mut others = Vec::new();
    for value in &values {
        collect(value, false, &mut objects, &mut others, 0);
    }
    let articles = || objects.iter().copied().filter(|object| is_article(object));
    let best = articles()
        .find(|article| page.is_at(article))
        .or_else(|| articles().find(|article| page.has_title_of(article)))
        .or_else(|| articles().find(|article| !page.is_elsewhere(article)));
    if let Some(article) = best {
        others.extend(&objects);
        Graph { objects: &others, window_title: page.window_title }.fill(article, fields);
    }
}

impl Page<'_> {
    /// An address of the article is that of the page.
    fn is_at(&self, article: &Object) -> bool {
        let Some(own) = self.address.map(bare) else { return false };
        addresses(article).iter().any(|address| bare(address) == own)
    }

    /// Half of the words of a title of the article, or more, stand in one of the page's.
    fn has_title_of(&self, article: &Object) -> bool {
        let titles = ["headline", "name", "alternativeHeadline"];
        let titles = titles.iter().filter_map(|key| article.get(*key)?.as_str()).map(one_line);
        titles.filter(|title| !title.is_empty()).any(|title| {
            let words = words(&title);
            self.titles.iter().any(|own| {
                let own = self::words(own);
                words.iter().filter(|word| own.contains(word)).count() * 2 >= words.len().max(1)
            })
        })
    }

    /// It has an address that is not the page's, and a title that is not either.
    fn is_elsewhere(&self, article: &Object) -> bool {
        !self.titles.is_empty() && !addresses(article).is_empty() && !self.has_title_of(article)
    }
}

/// The addresses of an article that are complete.
fn addresses(article: &Object) -> Vec<&str> {
    let values = ["url", "mainEntityOfPage", "@id"].iter().filter_map(|key| article.get(*key));
    values.filter_map(address_of).filter(|address| address.starts_with("http")).collect()
}

/// An address, or that of an object that stands for a page.
fn address_of(value: &Value) -> Option<&str> {
    match value {
        Value::Object(page) => page.get("@id").or_else(|| page.get("url"))?.as_str(),
        other => other.as_str(),
    }
}

/// An address without what may differ between two of one page.
fn bare(address: &str) -> &str {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    address.strip_prefix("www.").unwrap_or(address).trim_end_matches('/')
}

fn words(title: &str) -> Vec<String> {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// Line ends in strings, which JSON forbids and pages have, become spaces; marks of comments around it go.
fn parse(script: &str) -> Option<Value> {
    let script = script.trim();
    let script = script
        .split_once("<![CDATA[")
        .filter(|(before, _)| before.len() < 20)
        .map_or(script, |(_, behind)| behind);
    let script = script.rsplit_once("]]>").map_or(script, |(before, _)| before);
    let start = script.find(['{', '['])?;
    let end = script.rfind(['}', ']'])?;
    let script = script.get(start..=end)?.replace(['\n', '\t'], " ");
    serde_json::from_str(&script).ok()
}

/// Members of an article or a page that tell of other articles.
const OTHERS: [&str; 13] = [
    "itemListElement",
    "relatedLink",
    "related",
    "relatedArticle",
    "relatedArticles",
    "isRelatedTo",
    "mentions",
    "citation",
    "isBasedOn",
    "comment",
    "hasPart",
    "blogPost",
    "blogPosts",
];

/// Collects the objects of the page, and those that tell of others.
fn collect<'a>(
    value: &'a Value,
    is_other: bool,
    objects: &mut Vec<&'a Object>,
    others: &mut Vec<&'a Object>,
    depth: usize,
) {
    if depth > MAX_DEPTH {
        return;
    }
    match value {
        Value::Array(items) => {
            items.iter().for_each(|item| collect(item, is_other, objects, others, depth + 1));
        }
        Value::Object(object) => {
            if is_other {
                others.push(object);
            } else {
                objects.push(object);
            }
            for (name, member) in object {
                let is_other = is_other || OTHERS.contains(&name.as_str());
                collect(member, is_other, objects, others, depth + 1);
            }
        }
        _ => {}
    }
}

/// Cue: a type such as `NewsArticle`, `BlogPosting` or `Report`.
fn is_article(object: &Object) -> bool {
    let types = match object.get("@type") {
        Some(Value::Array(types)) => types.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    types.iter().filter_map(Value::as_str).any(|name| {
        let name = name.rsplit(['/', ':']).next().unwrap_or_default();
        name.ends_with("Article")
            || name.ends_with("BlogPosting")
            || matches!(name, "Report" | "SocialMediaPosting")
    })
}

struct Graph<'a> {
    objects: &'a [&'a Object],
    window_title: Option<&'a str>,
}

impl Graph<'_> {
    fn fill(&self, article: &Object, fields: &mut Fields) {
        let text = |key: &str| article.get(key).and_then(|value| self.name_of(value));
        let first = |keys: &[&str]| keys.iter().find_map(|key| text(key));
        let take = |slot: &mut Option<String>, found: Option<String>| {
            if slot.is_none() {
                *slot = found;
            }
        };
        let is_in_window =
            |title: &String| self.window_title.is_some_and(|window| window.contains(title.as_str()));
        let named = text("name")
            .filter(is_in_window)
            .filter(|_| !text("headline").as_ref().is_some_and(is_in_window));
        take(&mut fields.title, named.or_else(|| first(&["headline", "name"])));
        take(&mut fields.outlet, first(&["publisher", "sourceOrganization"]));
        take(&mut fields.body, article.get("articleBody").and_then(Value::as_str).map(str::to_owned));
        take(&mut fields.language, text("inLanguage").and_then(|name| language::code_of_name(&name)));
        if fields.date.is_none() {
            let dates = ["datePublished", "dateCreated", "uploadDate"];
            fields.date = dates.iter().find_map(|key| date::parse(article.get(*key)?.as_str()?));
        }
        if fields.authors.is_empty() {
            let authors = article.get("author").or_else(|| article.get("creator"));
            fields.authors = authors.map(|authors| self.names_of(authors)).unwrap_or_default();
        }
        let address = ["url", "mainEntityOfPage"].iter().find_map(|key| address_of(article.get(*key)?));
        take(&mut fields.url, address.filter(|url| url.starts_with("http")).map(str::to_owned));
    }

    fn names_of(&self, value: &Value) -> Vec<String> {
        match value {
            Value::Array(items) => items.iter().flat_map(|item| self.names_of(item)).collect(),
            Value::String(list) => names::split(&one_line(list)),
            other => self.name_of(other).map(|name| names::split(&name)).unwrap_or_default(),
        }
    }

    /// A text, or the name of an object, which may be given by its `@id`.
    fn name_of(&self, value: &Value) -> Option<String> {
        let name = match value {
            Value::String(text) => Some(text.as_str()),
            Value::Array(items) => return items.iter().find_map(|item| self.name_of(item)),
            Value::Object(object) => named(object).or_else(|| {
                let id = object.get("@id")?;
                self.objects
                    .iter()
                    .filter(|other| other.get("@id") == Some(id))
                    .find_map(|other| named(other))
            }),
            _ => None,
        };
        name.map(one_line).filter(|name| !name.is_empty() && !name.starts_with("http"))
    }
}

fn named(object: &Object) -> Option<&str> {
    match object.get("name").or_else(|| object.get("@value"))? {
        Value::String(name) => Some(name),
        Value::Array(names) => names.first()?.as_str(),
        _ => None,
    }
}

/// Pages put entities into JSON, where they do not belong.
fn one_line(text: &str) -> String {
    super::one_line(&super::scan::decoded(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(script: &str) -> Fields {
        let mut fields = Fields::default();
        read(&[script], &Page::default(), &mut fields);
        fields
    }

    #[test]
    fn an_article_in_a_list_names_its_people() {
        let fields = fields(
            r#"[{"@type": "WebSite", "name": "No"}, {"@type": ["NewsArticle"], "headline": "Ferry &amp; sea
                returns", "author": [{"name": "Ana Lind"}, {"name": ["Jonas Berg"]}],
                "publisher": {"name": "The Island Post"}, "datePublished": "2022-05-04T10:00:00Z",
                "mainEntityOfPage": {"@id": "https://post.example/ferry"}, "inLanguage": "en-GB"}]"#,
        );
        assert_eq!(fields.title.as_deref(), Some("Ferry & sea returns"));
        assert_eq!(fields.authors, ["Ana Lind", "Jonas Berg"]);
        assert_eq!(fields.outlet.as_deref(), Some("The Island Post"));
        assert_eq!(fields.date.unwrap().to_string(), "2022-05-04");
        assert_eq!(fields.url.as_deref(), Some("https://post.example/ferry"));
        assert_eq!(fields.language.as_deref(), Some("en"));
    }

    #[test]
    fn a_graph_names_people_by_their_id() {
        let fields = fields(
            r##"//<![CDATA[
                {"@graph": [{"@type": "Article", "headline": "A", "author": {"@id": "#p"}, "publisher": {"@id": "#o"}},
                {"@id": "#p", "name": "Ana Lind"}, {"@id": "#o", "@type": "Organization", "name": "Post"}]}
                //]]>"##,
        );
        assert_eq!(fields.authors, ["Ana Lind"]);
        assert_eq!(fields.outlet.as_deref(), Some("Post"));
    }

    #[test]
    fn what_is_no_json_says_nothing() {
        assert_eq!(fields("window.x = 1").title, None);
        assert_eq!(fields("{\"@type\": \"Article\"").title, None);
        assert_eq!(fields(&"[".repeat(100_000)).title, None);
    }
}
