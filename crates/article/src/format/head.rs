//! Heads as HTTP and archives of the web write them: a first line, lines such as `Content-Type: text/html`, a blank line.

/// A head and what it says.
pub(super) struct Head {
    first: String,
    /// Names in lower case, and values.
    fields: Vec<(String, String)>,
}

impl Head {
    /// The head at the beginning of `bytes`, and the bytes it takes with the blank line. `None` when that is not there.
    pub(super) fn read(bytes: &[u8]) -> Option<(Head, usize)> {
        let mut head = Head { first: String::new(), fields: Vec::new() };
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', bytes) {
            let line = &bytes[start..end];
            if line.trim_ascii().is_empty() {
                return (start > 0).then_some((head, end + 1));
            }
            head.take(&String::from_utf8_lossy(line), start == 0);
            start = end + 1;
        }
        None
    }

    fn take(&mut self, line: &str, is_first: bool) {
        if is_first {
            line.trim().clone_into(&mut self.first);
        } else if line.starts_with([' ', '\t']) {
            // A long value goes on in the next line.
            if let Some((_, value)) = self.fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            self.fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }

    /// The value of the first field of this name, which is in lower case; empty when there is none.
    pub(super) fn value(&self, name: &str) -> &str {
        let field = self.fields.iter().find(|(known, _)| known == name);
        field.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// The number in `HTTP/1.1 200 OK`.
    pub(super) fn status(&self) -> Option<u16> {
        self.first.split_whitespace().nth(1)?.parse().ok()
    }

    pub(super) fn media_type(&self) -> MediaType<'_> {
        MediaType(self.value("content-type"))
    }
}

/// What a `Content-Type` says.
#[derive(Clone, Copy)]
pub(super) struct MediaType<'a>(&'a str);

impl<'a> MediaType<'a> {
    /// `text/html`, in lower case.
    pub(super) fn essence(self) -> String {
        // Some write a space where a semicolon should be.
        let essence = self.0.trim_start().split([';', ',', ' ', '\t']).next();
        essence.unwrap_or_default().to_ascii_lowercase()
    }

    /// The encoding of its text.
    pub(super) fn charset(self) -> Option<&'a str> {
        let parameter = |part: &'a str| {
            let (name, value) = part.split_once('=')?;
            name.trim().eq_ignore_ascii_case("charset").then_some(value)
        };
        let named = self.0.split(';').skip(1).find_map(parameter);
        let named = named.or_else(|| self.0.split([';', ' ', '\t']).skip(1).find_map(parameter));
        named.map(|value| value.trim().trim_matches(['"', '\''])).filter(|value| !value.is_empty())
    }
}
