//! Files are cut into records here, and nowhere else: a mistake of ours costs the file that it is made with, and not the run.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use article::{Input, ReadError, Record, SplitOptions};

/// Cutting a file ended in a panic.
#[derive(Debug)]
pub(crate) struct Panicked;

/// Hands the records of a file to `take`, and what is none, until that breaks.
///
/// # Errors
/// When there was a panic on the way, perhaps after some records.
pub(crate) fn cut(
    input: &Input,
    options: SplitOptions<'_>,
    take: &mut dyn FnMut(Result<Record, ReadError>) -> ControlFlow<()>,
) -> Result<(), Panicked> {
    let split = || {
        #[cfg(test)]
        tests::panic_where_asked(input);
        article::split(input, options, take)
    };
    catch_unwind(AssertUnwindSafe(split)).map(drop).map_err(|_| Panicked)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::config::Config;
    use crate::report::Event;
    use crate::update::update;

    /// A file beside which there is one with the ending `bug` is one that we make a mistake with.
    pub(super) fn panic_where_asked(input: &Input) {
        assert!(!input.path.with_extension("bug").exists(), "a mistake, as the test asks for");
    }

    #[test]
    fn a_mistake_of_ours_costs_no_more_than_what_is_new_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let articles = folder.path().join("articles");
        fs::create_dir(&articles).unwrap();
        let write = |name: &str, text: &str| fs::write(articles.join(name), text).unwrap();
        for number in 0..24 {
            write(&format!("{number}.txt"), &format!("Xi met Putin in town {number} for a long talk."));
        }
        write("all.jsonl", "{\"body\": \"NATO met in Madrid.\"}\n");
        let run = || {
            let config = Config::new(folder.path().join("index"), vec![articles.clone()]);
            let report = update(&config, &|_: &Event<'_>| {}).unwrap();
            (report.indexed, report.removed, report.articles, report.skipped.get("internal error").copied())
        };
        assert_eq!(run(), (25, 0, 25, None));
        write("all.jsonl", "{\"body\": \"NATO met in Vilnius.\"}\n");
        write("1.txt", "Xi met Modi in Kazan for a short talk.");
        for name in ["all.bug", "7.bug"] {
            write(name, "");
        }
        assert_eq!(run(), (1, 0, 25, Some(2)));
        for name in ["all.bug", "7.bug"] {
            fs::remove_file(articles.join(name)).unwrap();
        }
        assert_eq!(run(), (1, 0, 25, None));
    }
}
