//! Lines that speak to the reader or about the page: what sites put between a headline and its text, or above both.

/// No notice is longer, in bytes.
const NOTICE_BYTES: usize = 300;

/// What such lines begin with, in lower case.
const BEGINNINGS: [&str; 12] = [
    "breaking:",
    "breaking news:",
    "advertisement:",
    "read later",
    "read more",
    "listen to this",
    "follow us",
    "sign in ",
    "log in ",
    "sign up ",
    "share this",
    "updated:",
];

/// What such lines say, in lower case: not words that an article may be about, but what is said to readers.
const CUES: [&str; 38] = [
    "newsletter",
    "subscribe to our",
    "subscribe now",
    "enable javascript",
    "javascript is",
    "javascript to ",
    "use cookies",
    "uses cookies",
    "such as cookies",
    "accept cookies",
    "cookies to ",
    "your privacy",
    "your browser",
    "your inbox",
    "your account",
    "your subscription",
    "free article",
    "articles left",
    "this article is more than",
    "this story is more than",
    "this article may contain",
    "this post may contain",
    "this website",
    "when you buy",
    "affiliate link",
    "earn a commission",
    "sign up for our",
    "sign up to our",
    "sign up here",
    "sign in to ",
    "log in to ",
    "save for later",
    "click here",
    "our app",
    "we and our partners",
    "what do you think?",
    "leave a comment",
    "is our correspondent",
];

/// Cue: a line that is not long and begins with such words or has them, or the number of comments.
pub(super) fn is_notice(line: &str) -> bool {
    if line.len() > NOTICE_BYTES {
        return false;
    }
    let text = line.to_lowercase();
    BEGINNINGS.iter().any(|start| text.starts_with(start))
        || CUES.iter().any(|cue| text.contains(cue))
        || counts_comments(&text)
}

/// `There are 25 comments`.
fn counts_comments(text: &str) -> bool {
    let before = text.split_once(" comments").map(|(before, _)| before);
    before.is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()))
}

/// The words of a text; where letters stand without spaces between the words, two letters count as one.
pub(super) fn words_in(text: &str) -> usize {
    let is_unspaced = |c: &char| matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{2E80}'..='\u{9FFF}');
    text.split_whitespace().count().max(text.chars().filter(is_unspaced).count() / 2)
}
