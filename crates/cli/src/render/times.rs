//! Where the time of a command went, for `--stats`.

use std::time::Duration;

use engine::{Phases, Stopwatch};

/// The time of each part. What is zero was not done.
pub(crate) struct Times {
    is_asked_for: bool,
    whole: Stopwatch,
    /// For the parts.
    pub(crate) watch: Stopwatch,
    /// Reading queries, and the actors they name.
    pub(crate) parse: Duration,
    /// Opening the index.
    pub(crate) open: Duration,
    phases: Phases,
    /// Writing hits.
    pub(crate) output: Duration,
}

impl Times {
    /// Starts now. Where nobody asks for times, none are taken.
    pub(crate) fn start(is_asked_for: bool) -> Times {
        Times {
            is_asked_for,
            whole: Stopwatch::start(is_asked_for),
            watch: Stopwatch::start(is_asked_for),
            parse: Duration::ZERO,
            open: Duration::ZERO,
            phases: Phases::default(),
            output: Duration::ZERO,
        }
    }

    /// Adds the time of a query.
    pub(crate) fn add(&mut self, phases: &Phases) {
        self.phases.plan += phases.plan;
        self.phases.search += phases.search;
        self.phases.count += phases.count;
        self.phases.text += phases.text;
    }

    /// Prints a table to standard error. What threads do at the same time is added up, so that parts may be more than all.
    pub(crate) fn print(mut self, queries: usize, threads: usize) {
        if !self.is_asked_for {
            return;
        }
        let Phases { plan, search, count, text } = self.phases;
        let of =
            if queries > 1 { format!(" of {queries} queries, {threads} at once") } else { String::new() };
        say!("time in ms{of}");
        for (part, time) in [
            ("parse", self.parse),
            ("open", self.open),
            ("plan", plan),
            ("search", search),
            ("count", count),
            ("text", text),
            ("output", self.output),
            ("all", self.whole.lap()),
        ] {
            if !time.is_zero() {
                say!("  {part:<6}{:>11.3}", time.as_secs_f64() * 1e3);
            }
        }
    }
}
