//! What the pages of a source have in common: a line that stands above or below many articles of a folder is no part of any.

use std::collections::{HashMap, HashSet};

use super::date_line::date_line;
use super::{byline, frame, layout, shape};
use crate::article::{Article, Kind, Line};

/// A line recurs that is in one of so many articles, or more.
const PART: u32 = 4;
/// In fewer articles than this it may be chance.
const LEAST_ARTICLES: u32 = 4;
/// A sentence is in one of so many: what a site says to its readers it says on every page.
const PART_OF_SENTENCES: u32 = 2;
/// Of the articles that have the line, one of so many may have it in its own text.
const ELSEWHERE: u32 = 8;
/// A longer line was written for a reader.
const LONGEST: usize = 600;
/// Without what recurs an article has so many words left, and this part of all, or nothing of it is taken away: forms that are
/// filled in differ in few words only, and these are not all that one looks for in them.
const LEAST_WORDS: usize = 20;
const KEPT: [usize; 2] = [4, 5];
/// An article that has a smaller part of its words for its own is a form or a copy, and tells nothing of frames.
const OWN: [usize; 2] = [1, 2];

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

/// In how many articles a line is.
type Counts = HashMap<u64, u32>;

/// Counts each line of an article once.
fn count_each(counts: &mut Counts, hashes: impl Iterator<Item = u64>) {
    for hash in hashes.collect::<HashSet<u64>>() {
        *counts.entry(hash).or_default() += 1;
    }
}

/// Counts in how many articles of a source lines are, and where.
#[derive(Clone, Debug, Default)]
pub struct Recurrences {
    /// The texts of the articles.
    texts: Vec<String>,
    counts: Counts,
}

impl Recurrences {
    /// Takes an article.
    pub fn count(&mut self, article: &Article) {
        let lines = layout::lines(&article.text);
        count_each(&mut self.counts, lines.iter().filter_map(|line| hash(&article.text[line.range.clone()])));
        self.texts.push(article.text.clone());
    }

    /// What recurs in the frames of the articles taken. Forms and copies of an article tell nothing.
    pub fn recurring(&self) -> Recurring {
        let (labels, sentences) = (self.frequent(PART), self.frequent(PART_OF_SENTENCES));
        let recurs = |line: &str| labels.has(line) && (sentences.has(line) || !frame::reads_like_prose(line));
        let (mut all, mut framed) = (Counts::default(), Counts::default());
        for text in &self.texts {
            let lines = layout::lines(text);
            if is_too_little_left(text, &lines, OWN, |_, line| labels.has(line)) {
                continue;
            }
            let numbers = frame::framed(text, &lines, recurs).into_iter();
            count_each(&mut framed, numbers.filter_map(|number| hash(&text[lines[number].range.clone()])));
            count_each(&mut all, lines.iter().filter_map(|line| hash(&text[line.range.clone()])));
        }
        let elsewhere = |hash, framed| all.get(hash).map_or(0, |all| all - framed) * ELSEWHERE;
        let of_frames = framed
            .iter()
            .filter(|(hash, count)| **count >= LEAST_ARTICLES && elsewhere(*hash, **count) <= **count);
        Recurring::of_hashes(of_frames.map(|(hash, _)| *hash))
    }

    /// What is in one of `part` articles taken, or more.
    fn frequent(&self, part: u32) -> Recurring {
        let articles = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        let least = articles.div_ceil(part).max(LEAST_ARTICLES);
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

/// The lines of a text that recur and stand in its [frame], by their numbers, and what that makes them: above the article they
/// are the head of the page, below it its foot.
pub(super) fn recurring_lines(text: &str, lines: &[Line], recurring: &Recurring) -> Vec<(usize, Kind)> {
    if recurring.is_empty() {
        return Vec::new();
    }
    let framed: HashSet<usize> = frame::framed(text, lines, |line| recurring.has(line)).into_iter().collect();
    if framed.is_empty() || is_too_little_left(text, lines, KEPT, |number, _| framed.contains(&number)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut is_above = true;
    for (number, line) in lines.iter().enumerate().filter(|(_, line)| line.kind != Kind::Blank) {
        if framed.contains(&number) {
            found.push((number, if is_above { Kind::Nav } else { Kind::Footer }));
        } else {
            is_above &= shape::words(&text[line.range.clone()]).all == 0;
        }
    }
    found
}

/// Would less than a part of the words of an article be left, or hardly any, without the lines that `is_taken` knows by number and
/// text?
fn is_too_little_left(
    text: &str,
    lines: &[Line],
    part: [usize; 2],
    is_taken: impl Fn(usize, &str) -> bool,
) -> bool {
    let (mut all, mut left) = (0, 0);
    for (number, line) in lines.iter().enumerate().filter(|(_, line)| line.kind != Kind::Blank) {
        let line = &text[line.range.clone()];
        let words = shape::words(line).all;
        let is_taken = is_taken(number, line);
        // What a day or an author has in common is given back by its rule.
        if !(is_taken && (date_line(line).is_some() || byline::read_byline(line).is_some())) {
            all += words;
        }
        if !is_taken {
            left += words;
        }
    }
    left < LEAST_WORDS || left * part[1] < all * part[0]
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
        for recurring in [recurrences.recurring(), Recurring::of_hashes(form.lines().filter_map(hash))] {
            assert_eq!(kinds(&forms[0], &recurring), kinds(&forms[0], &Recurring::default()));
        }
    }

    #[test]
    fn copies_of_an_article_keep_its_headline() {
        let copy = |number| page(0).replace(HEAD, "").replace(FOOT, &format!("Version {number}"));
        let mut recurrences = Recurrences::default();
        (0..12).for_each(|number| recurrences.count(&article(&copy(number))));
        assert!(recurrences.recurring().is_empty());
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

    /// What the lines of the 77th story become in a folder of 16 whose stories are laid out so: `$` is the number of the story,
    /// `~` a paragraph of its own, and `≈` six.
    fn in_layout(layout: impl Fn(usize) -> String) -> Vec<(Kind, String)> {
        let text = |number: usize| {
            let six = ["~"; 6].join("\n\n");
            let layout = layout(number).replace('$', &number.to_string()).replace('≈', &six);
            let story = |part: usize| {
                format!(
                    "In part {part} of story {number} the river rose by {number}{part} inches, and everybody left."
                )
            };
            let pieces = layout.split_inclusive('~').enumerate();
            pieces.map(|(part, piece)| piece.replace('~', &story(part))).collect::<String>()
        };
        let mut recurrences = Recurrences::default();
        (0..16).for_each(|number| recurrences.count(&article(&text(number))));
        kinds(&text(77), &recurrences.recurring())
    }

    #[track_caller]
    fn assert_kept(found: &[(Kind, String)], line: &str) {
        let kept = found.iter().any(|(kind, text)| text == line && !kind.is_noise());
        assert!(kept, "{line}: {found:?}");
    }

    const REFUSAL: &str = "“We will not comment on it,” the spokesman of the court said.";

    #[test]
    fn a_sentence_that_reports_share_stays_between_their_paragraphs() {
        for line in
            [REFUSAL, "The ministry declined to comment on the matter.", "What do you think of the flood?"]
        {
            let found =
                in_layout(|_| format!("{HEAD}\n\nStory $ of the flood\n\n~\n\n{line}\n\n≈\n\n≈\n\n{FOOT}\n"));
            assert_kept(&found, line);
            assert_eq!(found[0].0, Kind::Nav);
            assert_eq!(found.iter().filter(|line| line.0 == Kind::Footer).count(), 2, "{found:?}");
        }
    }

    #[test]
    fn short_articles_tell_what_their_site_says_as_well() {
        let notice = "We and our partners use cookies to show this page to you, to count its readers and to sell the space beside it.";
        let found = in_layout(|number| {
            let text = if number == 77 { "≈\n\n≈\n" } else { "~\n\n~\n\n~\n" };
            format!("{notice}\n\nStory $ of the flood\n\n{text}")
        });
        assert_eq!(found[0], (Kind::Nav, notice.into()));
    }

    #[test]
    fn what_a_site_says_above_long_headlines_is_its_head() {
        let tagline = "All the news that the island needs, every morning since 1921.";
        for headline in [
            "Council of the island votes to build bridge number $ after a long debate",
            "Will bridge number $ of the island ever be built?",
        ] {
            let found = in_layout(|_| {
                format!("The Island Post\n\n{tagline}\n\n{headline}\n\nBy Ana Lind\n\n≈\n\n≈\n")
            });
            let kinds: Vec<Kind> = found.iter().take(5).map(|(kind, _)| *kind).collect();
            assert_eq!(kinds, [Kind::Nav, Kind::Nav, Kind::Headline, Kind::Byline, Kind::Lead], "{found:?}");
        }
    }

    #[test]
    fn a_heading_that_reports_share_stays_between_their_paragraphs() {
        assert_kept(
            &in_layout(|_| "Story $ of the flood\n\n~\n\n~\n\nBackground\n\n~\n\n~\n".into()),
            "Background",
        );
    }

    #[test]
    fn the_opening_of_statements_is_a_part_of_them() {
        let opening = "The Ministry of Floods of the Republic stated the following.";
        for head in ["Statement $ on the flood\n\n3 March 20$\n\n", "", "The Ministry of Floods\n\n"] {
            let found = in_layout(|_| format!("{head}{opening}\n\n~\n\n~\n\n~\n"));
            assert_kept(&found, opening);
        }
    }

    #[test]
    fn a_sentence_that_some_reports_end_with_is_theirs() {
        let some = |line: &'static str| {
            in_layout(move |number| {
                let end = if number % 3 == 0 || number == 77 { line } else { "" };
                format!("Story $ of the flood\n\n~\n\n~\n\n~\n\n{end}\n")
            })
        };
        for line in [REFUSAL, "The ministry declined to comment on the matter."] {
            assert_kept(&some(line), line);
        }
    }

    #[test]
    fn a_sentence_that_stands_at_the_end_of_some_reports_and_within_others_is_theirs() {
        let line = "The ministry declined to comment on the matter.";
        let found = in_layout(|number| {
            let more = if number % 3 == 0 { "\n\n~" } else { "" };
            format!("Story $ of the flood\n\n~\n\n~\n\n{line}{more}\n")
        });
        assert_kept(&found, line);
    }

    #[test]
    fn labels_of_the_site_below_the_headline_and_about_titles_are_its_frame() {
        let found = in_layout(|_| {
            format!(
                "{HEAD}\nStory $ of the flood\nListen to this\n\n≈\n\n≈\n\nYou pay for our work.\nRead next\nTitle $ of another\n{FOOT}\n"
            )
        });
        let kind = |line: &str| found.iter().find(|(_, text)| text == line).map(|(kind, _)| *kind);
        for line in ["Listen to this", "You pay for our work.", "Read next"] {
            assert_eq!(kind(line), Some(Kind::Footer), "{line}");
        }
        assert_eq!(kind("Story 77 of the flood"), Some(Kind::Headline));
    }
}
