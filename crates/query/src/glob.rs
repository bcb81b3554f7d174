//! Words with wildcards: `*` stands for any run of characters, `?` for one.

use memchr::memmem::Finder;

/// A pattern over whole words.
#[derive(Clone, Debug)]
pub(crate) struct Glob {
    text: String,
}

impl Glob {
    pub(crate) fn new(text: String) -> Glob {
        Glob { text }
    }

    /// What every word of the pattern begins with.
    pub(crate) fn prefix(&self) -> &str {
        &self.text[..self.text.find(['*', '?']).unwrap_or(self.text.len())]
    }

    /// Does the whole of a word match? Goes back to the last `*` only, so it takes as many steps as the lengths multiplied.
    pub(crate) fn matches(&self, word: &str) -> bool {
        let (glob, word_bytes) = (self.text.as_bytes(), word.as_bytes());
        let (mut g, mut w) = (0, 0);
        let mut star = None;
        while w < word.len() {
            match glob.get(g) {
                Some(b'*') => {
                    star = Some((g + 1, w));
                    g += 1;
                }
                Some(b'?') => (g, w) = (g + 1, w + length_at(word, w)),
                Some(&byte) if byte == word_bytes[w] => (g, w) = (g + 1, w + 1),
                _ => {
                    let Some((star_glob, star_word)) = star else { return false };
                    let next = star_word + length_at(word, star_word);
                    star = Some((star_glob, next));
                    (g, w) = (star_glob, next);
                }
            }
        }
        glob[g..].iter().all(|&byte| byte == b'*')
    }

    /// Calls `found` with the lines that match. The longest run of letters is looked for in all of them at once.
    pub(crate) fn find_lines(&self, lines: &str, mut found: impl FnMut(&str)) {
        let letters = self.text.split(['*', '?']).max_by_key(|part| part.len()).unwrap_or_default();
        let finder = Finder::new(letters);
        let mut start = 0;
        while let Some(place) = finder.find(&lines.as_bytes()[start..]) {
            let begin = lines[..start + place].rfind('\n').map_or(0, |end| end + 1);
            let Some(length) = lines[begin..].find('\n') else { return };
            let line = &lines[begin..begin + length];
            if self.matches(line) {
                found(line);
            }
            start = begin + length + 1;
        }
    }
}

/// Bytes of the character that begins at a place, which is inside the word and no place within a character.
fn length_at(word: &str, place: usize) -> usize {
    word[place..].chars().next().map_or(1, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glob(text: &str) -> Glob {
        Glob::new(text.to_owned())
    }

    #[test]
    fn globs_match_whole_words() {
        for (pattern, yes, no) in [
            ("inva*", "invasion", "reinvade"),
            ("*ship", "friendship", "shipping"),
            ("ukr*ne", "ukraine", "ukrainer"),
            ("te?t", "test", "tet"),
            ("*a*b*", "xaxxbx", "ba"),
            ("m?ller", "müller", "mueller"),
            ("*?ü", "éü", "ü"),
        ] {
            assert!(glob(pattern).matches(yes), "{pattern} {yes}");
            assert!(!glob(pattern).matches(no), "{pattern} {no}");
        }
    }

    #[test]
    fn lines_are_found_as_they_match_one_by_one() {
        let words = ["archaeology", "ecology", "école", "log", "logologie", "ology", "über", "z"];
        let lines: String = words.iter().flat_map(|word| [word, "\n"]).collect();
        for pattern in ["*ology", "*", "?", "*log*", "?cole", "*é*", "z", "*logie", "nothing*"] {
            let mut found = Vec::new();
            glob(pattern).find_lines(&lines, |line| found.push(line.to_owned()));
            let expected: Vec<&str> = words.into_iter().filter(|word| glob(pattern).matches(word)).collect();
            assert_eq!(found, expected, "{pattern}");
        }
    }
}
