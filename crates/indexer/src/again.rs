//! What a rebuild has read again. Of the articles that were stored before, those of other files are carried over, and of files that
//! could not be read to their end those that were not met.

use std::collections::HashSet;
use std::io;
use std::sync::atomic::Ordering;

use article::Place;
use schema::{Content, source_key};

use crate::copies::Copies;
use crate::pipeline::{Latest, Task, key_of_standard_input};

/// What was read again.
pub(crate) struct ReadAgain {
    /// Files that were read to their end.
    whole: HashSet<String>,
    /// Files that were not.
    in_part: HashSet<String>,
    /// What was met in these, and where.
    met: HashSet<(Place, Content)>,
    /// Keys of the articles that came from standard input.
    brought: HashSet<u64>,
}

impl ReadAgain {
    /// What came of these tasks, which have been read.
    pub(crate) fn of(tasks: &[Task], copies: &Copies<'_>, latest: &Latest) -> io::Result<ReadAgain> {
        let files = || tasks.iter().filter(|task| !task.is_standard_input());
        let is_cut_short = |task: &&Task| task.cut_short.load(Ordering::Relaxed);
        let name = |task: &Task| source_key::to_text(&task.input.path);
        Ok(ReadAgain {
            whole: files().filter(|task| !is_cut_short(task)).map(name).collect(),
            in_part: files().filter(is_cut_short).map(name).collect(),
            met: copies.met_in(tasks, |task| !task.is_standard_input() && is_cut_short(&task))?,
            brought: latest.keys().copied().collect(),
        })
    }

    /// Was the source read to its end?
    pub(crate) fn is_whole(&self, source: &str) -> bool {
        self.whole.contains(source)
    }

    /// Was the source read, but not to its end?
    pub(crate) fn is_in_part(&self, source: &str) -> bool {
        self.in_part.contains(source)
    }

    /// Was an article met in such a source as it was stored? A record that changed is not known again, so its old form is kept, as an
    /// update keeps it, until the file can be read.
    pub(crate) fn has_met(&self, place: &Place, content: Content) -> bool {
        self.met.contains(&(place.clone(), content))
    }

    /// Did an article of this id come from standard input?
    pub(crate) fn was_brought(&self, id: &str) -> bool {
        self.brought.contains(&key_of_standard_input(id))
    }
}
