//! The words by which pages betray their furniture, in the languages we meet. All are in lower case; to teach another
//! language, add its words to the rows.

use super::phrase_list::PhraseList;
use super::shape;

/// Opens a link to another article. What follows is its title.
static RELATED: PhraseList<44> = PhraseList::new([
    "also read",
    "read also",
    "read more",
    "read next",
    "read on",
    "see also",
    "see more",
    "further reading",
    "more on this",
    "more on this story",
    "related",
    "related story",
    "related article",
    "related news",
    "related coverage",
    "watch also",
    "also watch",
    "don't miss",
    "don’t miss",
    "must read",
    "recommended",
    "lesen sie auch",
    "mehr zum thema",
    "auch interessant",
    "lire aussi",
    "à lire aussi",
    "voir aussi",
    "lea también",
    "lea tambien",
    "le puede interesar",
    "ver también",
    "leggi anche",
    "vedi anche",
    "leia também",
    "leia mais",
    "veja também",
    "citește și",
    "citeşte şi",
    "citiți și",
    "vezi și",
    "lees ook",
    "читайте также",
    "смотрите также",
    "przeczytaj także",
]);

/// Related-link openers that encyclopaedias and reports use for their own ends.
static CROSS_REFERENCES: PhraseList<9> = PhraseList::new([
    "see also",
    "related",
    "further reading",
    "recommended",
    "see more",
    "voir aussi",
    "vedi anche",
    "ver también",
    "vezi și",
]);

/// The whole line is one of these: it stands below articles.
static FOOTER_LINES: PhraseList<42> = PhraseList::new([
    "back to top",
    "back to top button",
    "top of page",
    "share this article",
    "share this story",
    "share this post",
    "share on facebook",
    "share on twitter",
    "tweet this",
    "leave a comment",
    "leave a reply",
    "post a comment",
    "no comments",
    "add a comment",
    "previous article",
    "next article",
    "previous post",
    "next post",
    "most read",
    "most popular",
    "most viewed",
    "more from this author",
    "more stories",
    "more news",
    "advertisement",
    "advertise with us",
    "privacy policy",
    "terms of use",
    "terms and conditions",
    "cookie policy",
    "load more",
    "load more comments",
    "nach oben",
    "zurück nach oben",
    "seite drucken",
    "retour en haut",
    "haut de page",
    "volver arriba",
    "torna su",
    "voltar ao topo",
    "înapoi sus",
    "naar boven",
]);

/// The line begins with one of these and is short: it heads the titles of further articles.
static FURTHER_TITLES: PhraseList<30> = PhraseList::new([
    "related articles",
    "related posts",
    "related stories",
    "related news",
    "related topics",
    "related content",
    "you may also like",
    "you might also like",
    "you may also be interested in",
    "you might also be interested in",
    "recommended for you",
    "more from the author",
    "das könnte sie auch interessieren",
    "das könnte dich auch",
    "ähnliche artikel",
    "weitere artikel",
    "vous aimerez aussi",
    "articles similaires",
    "sur le même sujet",
    "también te puede interesar",
    "te puede interesar",
    "artículos relacionados",
    "potrebbe interessarti",
    "articoli correlati",
    "você também pode gostar",
    "artigos relacionados",
    "te-ar mai putea interesa",
    "te-ar putea interesa",
    "articole similare",
    "gerelateerde artikelen",
]);

/// The line begins with one of these and is short: subscriptions, cookies, rights.
static FOOTER_OPENERS: PhraseList<36> = PhraseList::new([
    "subscribe to our",
    "subscribe now",
    "subscribe for",
    "sign up for our",
    "sign up to our",
    "sign up for the",
    "join our newsletter",
    "get our newsletter",
    "follow us on",
    "like us on",
    "find us on",
    "download our app",
    "download the app",
    "we use cookies",
    "this site uses cookies",
    "this website uses cookies",
    "by using this site",
    "by continuing to use this",
    "all rights reserved",
    "copyright ©",
    "© copyright",
    "copyright 19",
    "copyright 20",
    "alle rechte vorbehalten",
    "tous droits réservés",
    "todos los derechos reservados",
    "tutti i diritti riservati",
    "todos os direitos reservados",
    "toate drepturile rezervate",
    "alle rechten voorbehouden",
    "все права защищены",
    "abonnieren sie unseren",
    "inscrivez-vous à notre",
    "suscríbete a nuestr",
    "iscriviti alla",
    "wir verwenden cookies",
]);

/// Labels of buttons that share an article.
const SHARE_LABELS: [&str; 24] = [
    "facebook",
    "twitter",
    "x",
    "whatsapp",
    "linkedin",
    "email",
    "e-mail",
    "mail",
    "print",
    "telegram",
    "reddit",
    "pinterest",
    "messenger",
    "tumblr",
    "share",
    "tweet",
    "copy",
    "link",
    "pin",
    "instagram",
    "youtube",
    "flipboard",
    "viber",
    "pocket",
];

/// Names of sections, in the singular and plural that sites use.
const SECTIONS: [&str; 96] = [
    "news",
    "world",
    "business",
    "politics",
    "sport",
    "sports",
    "opinion",
    "opinions",
    "culture",
    "tech",
    "technology",
    "science",
    "health",
    "travel",
    "travels",
    "lifestyle",
    "entertainment",
    "education",
    "finance",
    "money",
    "markets",
    "economy",
    "video",
    "videos",
    "photos",
    "photography",
    "podcasts",
    "weather",
    "arts",
    "books",
    "music",
    "food",
    "style",
    "fashion",
    "environment",
    "climate",
    "energy",
    "careers",
    "jobs",
    "international",
    "national",
    "local",
    "region",
    "europe",
    "asia",
    "africa",
    "americas",
    "startups",
    "leadership",
    "luxury",
    "retail",
    "automotives",
    "automotive",
    "cars",
    "design",
    "rankings",
    "wealth",
    "property",
    "magazine",
    "newsletter",
    "newsletters",
    "blogs",
    "obituaries",
    "editorial",
    "letters",
    "crime",
    "elections",
    "gaming",
    "games",
    "shop",
    "subscribe",
    "login",
    "contact",
    "about",
    "nachrichten",
    "politik",
    "wirtschaft",
    "kultur",
    "wissen",
    "reise",
    "monde",
    "politique",
    "économie",
    "santé",
    "mundo",
    "política",
    "economía",
    "deportes",
    "cultura",
    "esporte",
    "economia",
    "externe",
    "sănătate",
    "buitenland",
    "binnenland",
    "wetenschap",
];

/// The first stop of a breadcrumb.
const HOME: [&str; 9] =
    ["home", "homepage", "start", "startseite", "accueil", "inicio", "início", "acasă", "главная"];

/// `text` without the marks that pages put around labels.
fn label(text: &str) -> &str {
    let is_mark = |c: char| !c.is_alphanumeric() && !matches!(c, '©' | '[' | '{' | '%');
    text.trim_start_matches(is_mark).trim_end_matches(|c: char| is_mark(c) && !matches!(c, ']' | '}'))
}

/// "Also read: TITLE", and the like in other languages: an opener, a colon, bar or arrow, and one title.
pub(super) fn is_related_link(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    text.len() <= 220
        && RELATED.strip(text).map(str::trim_start).any(|rest| {
            let title = rest.trim_start_matches([':', '|', '»', '>', '→', '–', '—']);
            title.len() < rest.len() && !title.trim().is_empty() && !shape::has_inner_end(title)
        })
}

/// The opener of a related link is one that running texts use too.
pub(super) fn is_cross_reference(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    CROSS_REFERENCES.strip(text).next().is_some()
}

/// What sites put below articles, alone on its line.
pub(super) fn is_footer(text: &str) -> bool {
    let label = label(text);
    label.len() <= 300
        && (!text.ends_with('.') && FOOTER_LINES.strip(label).any(str::is_empty)
            || opens_further_titles(text)
            || is_legal_or_subscription(label)
            || is_template(text))
}

/// "Related articles", "You may also like": what heads the titles of further articles.
pub(super) fn opens_further_titles(text: &str) -> bool {
    let label = label(text);
    label.len() <= 60 && FURTHER_TITLES.begins(label) && !shape::ends_sentence(text)
}

/// Cue: an opener of subscriptions, cookies or rights, "all rights reserved" anywhere, or a sign of copyright with a year.
fn is_legal_or_subscription(label: &str) -> bool {
    if label.len() > 160 {
        return false;
    }
    let rest = label.trim_start_matches(['©', ' ', '(', 'c', 'C', ')']);
    let sign_and_year = label.starts_with('©') && rest.starts_with(|c: char| c.is_ascii_digit());
    sign_and_year || FOOTER_OPENERS.begins(label)
}

/// Cue: a short line with a place that the site forgot to fill: `[author_name]`, `{{title}}`, `%%date%%`.
fn is_template(text: &str) -> bool {
    let unfilled = |open: &str, close: &str, needs_underscore: bool| {
        let Some((_, rest)) = text.split_once(open) else { return false };
        let Some((name, _)) = rest.split_once(close) else { return false };
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | ' ' | '.'))
            && (!needs_underscore || name.contains('_'))
    };
    text.len() <= 80
        && (unfilled("[", "]", true) || unfilled("{{", "}}", false) || unfilled("%%", "%%", false))
}

/// Cue: two or more labels of share buttons and nothing else.
pub(super) fn is_share_bar(text: &str) -> bool {
    let is_label = |word: &str| SHARE_LABELS.iter().any(|label| label.eq_ignore_ascii_case(word));
    let mut labels = text.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty());
    text.len() <= 160
        && labels.clone().count() >= 2
        && labels.all(|word| is_label(word) || matches!(word, "on" | "this" | "via"))
}

/// The name of a section.
pub(super) fn is_section(word: &str) -> bool {
    let lower = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    SECTIONS.contains(&lower.as_str())
}

/// The first stop of a breadcrumb.
pub(super) fn is_home(text: &str) -> bool {
    HOME.contains(&label(text).to_lowercase().as_str())
}
