//! What the pages of a folder have in common: learnt from some of its files before they are read for the index, and kept in the
//! ledger, so that later runs read pages in the same way.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use article::{Format, Input, Recurrences, Recurring, SplitOptions};
use schema::{source_key, source_number};
use serde::{Deserialize, Serialize};

use crate::cut::cut;

/// A folder with fewer files tells nothing.
const LEAST_FILES: u64 = 20;
/// So many of its files are looked at.
const SAMPLE_FILES: usize = 16;
/// Longer files are not.
const SAMPLE_BYTES: u64 = 256 * 1024;
/// A folder that has become so many times larger is looked at again.
const GROWTH: u64 = 4;

/// By folder, as [`source_key`] writes it.
pub(crate) type Pages = BTreeMap<String, Learnt>;

/// What recurs in the articles of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Learnt {
    /// How many files it had then.
    files: u64,
    /// See [`Recurring::hashes`].
    recurring: Vec<u64>,
}

impl Learnt {
    pub(crate) fn recurring(&self) -> Recurring {
        Recurring::of_hashes(self.recurring.iter().copied())
    }
}

/// The files of text that a walk meets, some of each folder.
#[derive(Default)]
pub(crate) struct Samples(BTreeMap<PathBuf, Sample>);

#[derive(Default)]
struct Sample {
    files: u64,
    /// There is a file that will be read.
    is_due: bool,
    /// Chosen by their numbers, the least: the same in each run, and not those that come first, which are often alike.
    chosen: BTreeMap<u64, Input>,
}

impl Samples {
    /// Takes a file that was met; `is_due` if it will be read.
    pub(crate) fn meet(&mut self, input: &Input, is_due: bool) {
        let Some(folder) = input.path.parent().filter(|_| input.format == Some(Format::Text)) else { return };
        let sample = match self.0.get_mut(folder) {
            Some(sample) => sample,
            None => self.0.entry(folder.to_owned()).or_default(),
        };
        sample.files += 1;
        sample.is_due |= is_due;
        // A command is run once for a file, when it is read for the index.
        if input.size > SAMPLE_BYTES || input.preprocessor.is_some() {
            return;
        }
        let number = source_number(&source_key::to_text(&input.path));
        if sample.chosen.len() < SAMPLE_FILES {
            sample.chosen.insert(number, input.clone());
        } else if sample.chosen.last_key_value().is_some_and(|(last, _)| number < *last) {
            sample.chosen.insert(number, input.clone());
            sample.chosen.pop_last();
        }
    }

    /// Enters into `pages` what there is to learn about folders whose files will be read, unless it is known. What cannot be read
    /// is passed over: it will be named when it is read for the index.
    pub(crate) fn learn(self, pages: &mut Pages, options: SplitOptions<'_>) {
        for (folder, sample) in self.0 {
            let key = source_key::to_text(&folder);
            let known = pages.get(&key).map_or(0, |learnt| learnt.files);
            if sample.is_due && sample.files >= LEAST_FILES.max(known * GROWTH) {
                let recurring = recurring(sample.chosen.values(), options);
                pages.insert(key, Learnt { files: sample.files, recurring: recurring.hashes() });
            }
        }
    }
}

fn recurring<'a>(inputs: impl Iterator<Item = &'a Input>, options: SplitOptions<'_>) -> Recurring {
    let mut recurrences = Recurrences::default();
    for input in inputs {
        // A panic is a mistake of ours, which is told when the file is read for the index.
        let _ = cut(input, options, &mut |record| {
            let parse = || record.and_then(|record| article::parse(&record));
            if let Ok(Ok(article)) = catch_unwind(AssertUnwindSafe(parse)) {
                recurrences.count(&article);
            }
            ControlFlow::Continue(())
        });
    }
    recurrences.recurring()
}
