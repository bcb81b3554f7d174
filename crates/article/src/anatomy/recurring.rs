//! What the pages of a source have in common: a line that stands in many articles of a folder is no part of any.

use std::collections::{HashMap, HashSet};

use super::date_line::date_line;
use super::{byline, layout, shape};
use crate::article::{Article, Kind, Line};

/// A line recurs that is in one of so many articles, or more.
const PART: u32 = 4;
/// In fewer articles than this it may be chance.
const LEAST_ARTICLES: u32 = 4;
/// A longer line was written for a reader.
const LONGEST: usize = 600;
/// Without what recurs an article has so many words left, and this part of all, or nothing of it is taken away: forms that are
/// filled in differ in few words only, and these are not all that one looks for in them.
const LEAST_WORDS: usize = 20;
const KEPT: [usize; 2] = [4, 5];

/// The lines that recur in the articles of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recurring(HashSet<u64>);

impl Recurring {
    /// Those that have these [`hashes`](Self::hashes).
    pub fn of_hashes(hashes: impl IntoIterator<Item = u64>) -> Recurring {
        Recurring(hashes.into_iter().collect())
    }

    /// A number for each, in order; the same on every machine.
    pub fn hashes(&self) -> Vec<u64> {
        let mut hashes: Vec<u64> = self.0.iter().copied().collect();
        hashes.sort_unstable();
        hashes
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn has(&self, line: &str) -> bool {
        hash(line).is_some_and(|hash| self.0.contains(&hash))
    }
}

/// Counts in how many articles of a source lines are.
#[derive(Clone, Debug, Default)]
pub struct Recurrences {
    articles: u32,
    counts: HashMap<u64, u32>,
}

impl Recurrences {
    /// Takes an article.
    pub fn count(&mut self, article: &Article) {
        self.articles += 1;
        let lines = layout::lines(&article.text);
        let hashes: HashSet<u64> =
            lines.iter().filter_map(|line| hash(&article.text[line.range.clone()])).collect();
        for hash in hashes {
            *self.counts.entry(hash).or_default() += 1;
        }
    }

    /// What recurs in the articles taken.
    pub fn recurring(&self) -> Recurring {
        let least = self.articles.div_ceil(PART).max(LEAST_ARTICLES);
        Recurring::of_hashes(self.counts.iter().filter(|(_, count)| **count >= least).map(|(hash, _)| *hash))
    }
}

/// The first 8 bytes of the BLAKE3 hash of the words in lower case, a space behind each; `None` for what is no line to know again.
fn hash(line: &str) -> Option<u64> {
    if line.len() > LONGEST || !line.contains(char::is_alphanumeric) {
        return None;
    }
    let mut hasher = blake3::Hasher::new();
    for word in line.split_whitespace() {
        hasher.update(word.to_lowercase().as_bytes()).update(b" ");
    }
    let mut bytes = [0; 8];
    hasher.finalize_xof().fill(&mut bytes);
    Some(u64::from_le_bytes(bytes))
}

/// The lines of a text that recur, by their numbers, and what that makes them: above the article they are the head of the page,
/// below and within it its foot.
pub(super) fn recurring_lines(text: &str, lines: &[Line], recurring: &Recurring) -> Vec<(usize, Kind)> {
    if recurring.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let (mut all, mut left) = (0, 0);
    for (number, line) in lines.iter().enumerate().filter(|(_, line)| line.kind != Kind::Blank) {
        let line = &text[line.range.clone()];
        let words = shape::words(line).all;
        let recurs = recurring.has(line);
        // What a day or an author has in common is given back by its rule.
        if !(recurs && (date_line(line).is_some() || byline::read_byline(line).is_some())) {
            all += words;
        }
        if recurs {
            found.push((number, if left == 0 { Kind::Nav } else { Kind::Footer }));
        } else {
            left += words;
        }
    }
    let stays = left < LEAST_WORDS || left * KEPT[1] < all * KEPT[0];
    if stays { Vec::new() } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anatomy::{Hints, dissect};
    use crate::article::Source;

    const HEAD: &str = "The Valley Herald — since 1921";
    const FOOT: &str = "Nothing on these pages may be used without our leave.\nWrite to us at the old mill.";

    /// The page of a story, of which no two are alike.
    fn page(number: usize) -> String {
        let story: Vec<String> = (0..6)
            .map(|line| {
                format!("In part {line} of story {number} the river rose by {number}{line} inches, and people left.")
            })
            .collect();
        format!("{HEAD}\n\nStory {number} is told\n\n{}\n\n{FOOT}\n", story.join("\n\n"))
    }

    fn article(text: &str) -> Article {
        let anatomy = dissect(text, &Hints::default());
        Article {
            id: String::new(),
            source: Source { path: "a".into(), line: 1, lines_are_file_lines: true },
            also: Vec::new(),
            headline: anatomy.headline,
            date: None,
            authors: Vec::new(),
            outlet: None,
            language: None,
            url: None,
            lines: anatomy.lines,
            text: text.to_owned(),
        }
    }

    fn learnt(pages: usize) -> Recurring {
        let mut recurrences = Recurrences::default();
        (0..pages).for_each(|number| recurrences.count(&article(&page(number))));
        recurrences.recurring()
    }

    fn kinds(text: &str, recurring: &Recurring) -> Vec<(Kind, String)> {
        let anatomy = dissect(text, &Hints { recurring: Some(recurring), ..Hints::default() });
        let lines = anatomy.lines.iter().filter(|line| line.kind != Kind::Blank);
        lines.map(|line| (line.kind, text[line.range.clone()].to_owned())).collect()
    }

    #[test]
    fn what_many_articles_of_a_source_have_is_no_part_of_any() {
        let (page, recurring) = (page(77), learnt(12));
        let found = kinds(&page, &recurring);
        assert_eq!(found[0], (Kind::Nav, HEAD.to_owned()));
        assert_eq!(found[1], (Kind::Headline, "Story 77 is told".to_owned()));
        assert_eq!(found[2].0, Kind::Lead);
        let feet: Vec<_> = found.iter().filter(|line| line.0 == Kind::Footer).map(|line| &line.1).collect();
        assert_eq!(feet, FOOT.lines().collect::<Vec<_>>().iter().collect::<Vec<_>>());
        assert_eq!(Recurring::of_hashes(recurring.hashes()), recurring);
    }

    #[test]
    fn the_last_line_of_a_wrapped_paragraph_is_a_line_too() {
        let wrapped = |number: usize| {
            page(number).replace("\n\nNothing", "\n REUTER\n\nNothing").replace("Story", "REUTER")
        };
        let mut recurrences = Recurrences::default();
        (0..12).for_each(|number| recurrences.count(&article(&wrapped(number))));
        let found = kinds(&wrapped(77), &recurrences.recurring());
        assert!(found.contains(&(Kind::Footer, " REUTER".to_owned())), "{found:?}");
    }

    #[test]
    fn a_few_articles_tell_nothing() {
        assert!(learnt(3).is_empty());
        assert!(!learnt(4).is_empty());
    }

    #[test]
    fn a_form_that_was_filled_in_keeps_its_words() {
        let form = "Report of the harbour office\n\nNo ship came in today, and none is expected before the weekend.\n\n";
        let forms: Vec<String> = (0..20).map(|number| format!("{form}Number {number}")).collect();
        let mut recurrences = Recurrences::default();
        forms.iter().for_each(|text| recurrences.count(&article(text)));
        let recurring = recurrences.recurring();
        assert!(!recurring.is_empty());
        assert_eq!(kinds(&forms[0], &recurring), kinds(&forms[0], &Recurring::default()));
    }

    /// The anatomy of a page of a folder whose pages have these lines between headline and story.
    fn in_folder(head: &[&str], headline: &str) -> crate::anatomy::Anatomy {
        let page = |number: usize| {
            page(number).replace(HEAD, &head.join("\n\n")).replace(
                &format!("Story {number} is told"),
                &headline
                    .replace('$', &number.to_string())
                    .replace('%', if number == 77 { "Anna" } else { "Ole" }),
            )
        };
        let mut recurrences = Recurrences::default();
        (0..12).for_each(|number| recurrences.count(&article(&page(number))));
        let recurring = recurrences.recurring();
        dissect(&page(77), &Hints { recurring: Some(&recurring), ..Hints::default() })
    }

    fn told(anatomy: &crate::anatomy::Anatomy) -> (&str, String, Vec<&str>) {
        let date = anatomy.date.map_or(String::new(), |date| date.to_string());
        let authors = anatomy.authors.iter().map(String::as_str).collect();
        (anatomy.headline.as_deref().unwrap_or_default(), date, authors)
    }

    #[test]
    fn articles_of_a_day_and_an_author_keep_both() {
        let below = "Story $ of the harbour\n\nBy Ana Lind\n\n3 March 2021";
        let anatomy = in_folder(&[HEAD], below);
        assert_eq!(told(&anatomy), ("Story 77 of the harbour", "2021-03-03".into(), vec!["Ana Lind"]));
        assert_eq!(anatomy.lines[0].kind, Kind::Nav);
        let anatomy = in_folder(&[HEAD], "Story $ of the harbour\n\nAna Lind, Chief Correspondent");
        assert_eq!(told(&anatomy).2, ["Ana Lind"]);
    }

    #[test]
    fn what_an_article_says_itself_goes_before_what_recurs() {
        let own = "Story $ of the harbour\n\nBy % Roe\n\n4 March 20$";
        let anatomy = in_folder(&["Thursday, 8 April 2021", "By Island Media"], own);
        assert_eq!(told(&anatomy), ("Story 77 of the harbour", "2077-03-04".into(), vec!["Anna Roe"]));
    }

    #[test]
    fn a_column_whose_headline_recurs_has_a_headline() {
        let head = ["News | Sport | Opinion | Jobs", "Weekly column", "By Ana Lind"];
        let anatomy = in_folder(&head, "3 March 2021");
        assert_eq!(told(&anatomy), ("Weekly column", "2021-03-03".into(), vec!["Ana Lind"]));
    }
}
