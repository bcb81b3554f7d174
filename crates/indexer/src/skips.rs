//! What gave no article in a file, kept so that the file need not be read again to say so.

use std::borrow::Cow;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use article::{Input, Mapping};
use schema::source_key;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::report::Skip;

/// A file of which more is passed over is read again in each run, so that the ledger stays small.
const MOST: usize = 100;

/// What was passed over of a file so far; from any thread.
#[derive(Default)]
pub(crate) struct Skips(Mutex<Vec<Skip>>);

impl Skips {
    pub(crate) fn add(&self, skip: Skip) {
        let mut skips = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if skips.len() <= MOST {
            skips.push(skip);
        }
    }

    /// What is to be said of the file `path` as long as it stays as it is and is read in the same way; `None` where that has
    /// to be found out anew.
    pub(crate) fn finish(self, path: &Path, reading: Option<u64>) -> Option<PassedOver> {
        let skips = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        if skips.is_empty() {
            return Some(PassedOver::default());
        }
        let lasts = skips.len() <= MOST && skips.iter().all(|skip| skip.is_lasting);
        let reading = reading.filter(|_| lasts)?;
        Some(PassedOver { reading, skips: skips.into_iter().map(|skip| Row::of(skip, path)).collect() })
    }
}

/// What of a file is no article.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PassedOver {
    /// How it was read.
    reading: u64,
    skips: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    reason: Cow<'static, str>,
    message: String,
    /// The member of an archive; `None` where it is about the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member: Option<String>,
}

impl Row {
    fn of(skip: Skip, path: &Path) -> Row {
        let member = (skip.path != path).then(|| source_key::to_text(&skip.path));
        Row { reason: skip.reason, message: skip.message, member }
    }
}

impl PassedOver {
    pub(crate) fn is_empty(&self) -> bool {
        self.skips.is_empty()
    }

    /// Is it the same where the file is read in this way?
    pub(crate) fn holds(&self, reading: impl FnOnce() -> Option<u64>) -> bool {
        self.is_empty() || reading() == Some(self.reading)
    }

    /// What is passed over in the file `path`.
    pub(crate) fn skips<'a>(&'a self, path: &'a Path) -> impl Iterator<Item = Skip> + 'a {
        self.skips.iter().map(|row| Skip {
            path: row.member.as_deref().map_or_else(|| path.to_owned(), source_key::from_text),
            reason: row.reason.clone(),
            message: row.message.clone(),
            is_lasting: true,
        })
    }
}

/// Names the way in which a file is read: what another way passes over may be other. `None` where a command has a say in it.
pub(crate) fn reading(input: &Input, mapping: &Mapping, config: &Config) -> Option<u64> {
    if input.preprocessor.is_some() {
        return None;
    }
    let way = (env!("CARGO_PKG_VERSION"), input.format, input.hidden, config.limits, mapping);
    let hash = blake3::hash(format!("{way:?}").as_bytes());
    hash.as_bytes().first_chunk().copied().map(u64::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn skip(path: &str, is_lasting: bool) -> Skip {
        Skip { path: path.into(), reason: "empty".into(), message: format!("{path}: empty"), is_lasting }
    }

    fn passed_over(skips: impl IntoIterator<Item = Skip>, reading: Option<u64>) -> Option<PassedOver> {
        let all = Skips::default();
        skips.into_iter().for_each(|skip| all.add(skip));
        all.finish(Path::new("/a.zip"), reading)
    }

    #[test]
    fn what_lasts_is_said_again() {
        let skips = [skip("/a.zip/b\n.txt", true), skip("/a.zip", true)];
        let written = serde_json::to_string(&passed_over(skips.clone(), Some(7)).unwrap()).unwrap();
        let read: PassedOver = serde_json::from_str(&written).unwrap();
        assert!(read.skips(Path::new("/a.zip")).eq(skips));
        assert!(read.holds(|| Some(7)) && !read.holds(|| Some(8)) && !read.holds(|| None));
    }

    #[test]
    fn what_may_be_otherwise_next_time_is_found_out_anew() {
        let many = |count| (0..count).map(|_| skip("/a.zip", true));
        assert!(passed_over([], None).is_some_and(|nothing| nothing.holds(|| None)));
        assert!(passed_over(many(MOST), Some(7)).is_some());
        assert_eq!(passed_over(many(MOST + 1), Some(7)), None);
        assert_eq!(passed_over(many(1), None), None);
        assert_eq!(passed_over([skip("/a.zip", true), skip("/a.zip", false)], Some(7)), None);
    }

    #[test]
    fn each_option_of_reading_is_another_way() {
        let input = |format, hidden| Input {
            path: PathBuf::from("/a.zip"),
            format,
            size: 1,
            modified: None,
            changed: None,
            hidden,
            may_be_link: false,
            preprocessor: None,
        };
        let config = Config::new("index".into(), Vec::new());
        let mut limited = config.clone();
        limited.limits.members = 3;
        let mut mapped = config.clone();
        mapped.mapping = Mapping::parse(["title=headline"]).unwrap();
        let plain = input(None, false);
        let reading = |input: &Input, config: &Config| super::reading(input, &config.mapping, config);
        let ways = [
            reading(&plain, &config),
            reading(&input(Some(article::Format::Json), false), &config),
            reading(&input(None, true), &config),
            reading(&plain, &limited),
            reading(&plain, &mapped),
        ];
        let different: std::collections::HashSet<_> = ways.iter().flatten().collect();
        assert_eq!(different.len(), ways.len());
        assert_eq!(ways[0], reading(&plain, &config.clone()));
    }
}
